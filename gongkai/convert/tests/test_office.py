"""LibreOffice: files made by it from our examples, read back by way of it."""

from __future__ import annotations

import functools
import http.server
import os
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from gongkai.convert import office, reading
from gongkai.convert.tests.archives import zipped
from gongkai.statute import readers
from gongkai.statute.readers import sheet, sniff
from gongkai.statute.report import AnnualReport, CannotRead
from gongkai.statute.writers import write

EXAMPLES = Path(__file__).parents[3] / "examples"
WATER, STREET = "07_water_bureau_2023.docx", "10_subdistrict_2021.docx"
ROADS = "09_transport_2023.xlsx"
HERE = office.program()

needs_office = pytest.mark.skipif(HERE is None, reason="LibreOffice is not on this machine")
posix = pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for the program")


@functools.cache
def saved(names: tuple[str, ...], to: str) -> dict[str, bytes]:
    """Examples saved by LibreOffice in another format, in one start."""
    return dict(zip(names, _saved([EXAMPLES / name for name in names], to), strict=True))


def _saved(files: list[Path], to: str) -> list[bytes]:
    assert HERE is not None
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        profile = f"-env:UserInstallation={(root / 'profile').as_uri()}"
        subprocess.run(
            [HERE, profile, "--headless", "--convert-to", to, "--outdir", folder, *map(str, files)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return [(root / file.name).with_suffix(f".{to}").read_bytes() for file in files]


def made(name: str, to: str) -> bytes:
    """One example saved by LibreOffice in another format."""
    return saved((ROADS,) if name == ROADS else (WATER, STREET), to)[name]


def only(data: bytes, name: str) -> AnnualReport:
    """The one report of a file."""
    (report,) = reading.read(data, name=name)
    assert isinstance(report, AnnualReport)
    return report


def example(name: str) -> AnnualReport:
    """An example read directly."""
    return readers.read((EXAMPLES / name).read_bytes(), name=name)[0]


def same(found: AnnualReport, expected: AnnualReport) -> None:
    """Equal in all that a reader of the report sees."""
    assert {a: (c.state, c.value) for a, c in found.cells.items()} == {
        a: (c.state, c.value) for a, c in expected.cells.items()
    }
    words = [
        {no: "".join("".join(p.text for p in ps).split()) for no, ps in r.sections.items()}
        for r in (found, expected)
    ]
    assert words[0] == words[1]
    assert (found.title, found.organ, found.year, found.signed_on) == (
        expected.title,
        expected.organ,
        expected.year,
        expected.signed_on,
    )


# -- carriers


@needs_office
@pytest.mark.parametrize(
    ("source", "to", "name", "carrier"),
    [
        (WATER, "doc", "年报.doc", "doc"),
        (WATER, "doc", "年报.wps", "wps"),  # Kingsoft's own files are Word files
        (WATER, "rtf", "年报.rtf", "rtf"),
        (WATER, "odt", "年报.odt", "odt"),
        (WATER, "fodt", "年报.fodt", "odt"),
        (ROADS, "fods", "年报.fods", "fods"),
    ],
)
def test_a_document_read_by_way_of_it(source: str, to: str, name: str, carrier: str) -> None:
    data = made(source, to)
    assert sniff.carrier(data, name) == carrier
    report = only(data, name)
    same(report, example(source))
    assert report.file == name
    assert "read.converted" in {n.id for n in report.notes}
    assert "read.wrong_name" not in {n.id for n in report.notes}


@needs_office
@pytest.mark.parametrize(
    ("source", "to"),
    [
        *[(WATER, to) for to in ("docx", "html", "pdf")],
        *[(STREET, to) for to in ("docx", "html", "pdf")],
        *[(ROADS, to) for to in ("xls", "ods", "xlsx", "html")],
    ],
)
def test_what_it_writes_our_own_readers_read(source: str, to: str) -> None:
    report = only(made(source, to), f"年报.{to}")
    same(report, example(source))
    assert "read.converted" not in {n.id for n in report.notes}


@needs_office
def test_a_spreadsheet_of_kingsoft_is_read_directly() -> None:
    report = only(made(ROADS, "xls"), "年报.et")
    same(report, example(ROADS))
    assert "read.wrong_name" not in {n.id for n in report.notes}


@needs_office
def test_our_own_workbook_saved_as_another_kind_is_still_ours(tmp_path: Path) -> None:
    """Its sheets of text and findings are no leftovers, its prose comes back."""
    report = example(ROADS)
    book = tmp_path / "年报.xlsx"
    book.write_bytes(write(report, to="xlsx").data)
    (data,) = _saved([book], "fods")
    same(only(data, "年报.fods"), report)


def spreadsheet_2003(data: bytes) -> bytes:
    """A workbook as the XML of Excel 2003, which many systems still write and name .xls."""
    _, sheets, _ = sheet.contents(data)
    pages = []
    for one in sheets:
        spans = {(top, left): (down - top, right - left) for top, left, down, right in one.merges}
        rows = []
        for row, line in enumerate(one.rows):
            cells = []
            for column, (text, native) in enumerate(line):
                down, across = spans.get((row, column), (0, 0))
                if text:
                    cells.append(
                        f'<Cell ss:Index="{column + 1}" ss:MergeAcross="{across}" '
                        f'ss:MergeDown="{down}"><Data ss:Type="{"Number" if native else "String"}">'
                        f"{escape(text)}</Data></Cell>"
                    )
            rows.append(f'<Row ss:Index="{row + 1}">{"".join(cells)}</Row>')
        pages.append(f'<Worksheet ss:Name="{one.name}"><Table>{"".join(rows)}</Table></Worksheet>')
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}">{"".join(pages)}</Workbook>'
    ).encode()


@needs_office
def test_the_xml_of_excel_2003() -> None:
    data = spreadsheet_2003((EXAMPLES / ROADS).read_bytes())
    assert sniff.carrier(data, "年报.xls") == "excelml"
    report = only(data, "年报.xls")
    same(report, example(ROADS))
    assert {"read.converted", "read.experimental"} <= {n.id for n in report.notes}


@needs_office
def test_an_archive_is_converted_in_one_start(monkeypatch: pytest.MonkeyPatch) -> None:
    starts: list[int] = []
    start = office._start

    def counted(
        files: list[tuple[str, bytes]], target: str, seconds: float
    ) -> tuple[dict[int, bytes], object]:
        starts.append(len(files))
        return start(files, target, seconds)

    monkeypatch.setattr(office, "_start", counted)
    inner = zipped({"街道.doc": made(STREET, "doc")})
    data = zipped({"水利.doc": made(WATER, "doc"), "里.zip": inner, "坏.rtf": b"{\\rtf1 \\x}"})
    found = reading.read(data, name="全区.zip")
    assert starts == [3]
    assert [one.file for one in found] == [
        "全区.zip/水利.doc",
        "全区.zip/里.zip/街道.doc",
        "全区.zip/坏.rtf",
    ]
    assert isinstance(found[0], AnnualReport) and isinstance(found[1], AnnualReport)
    same(found[0], example(WATER))
    same(found[1], example(STREET))


# -- what it cannot open


@needs_office
def test_one_bad_file_costs_only_itself() -> None:
    sound = made(WATER, "doc")
    items = [
        ("a.doc", sound),
        ("b.rtf", b"{\\rtf1 " + b"{" * 5_000),
        ("c.txt", b"hello"),
        ("d.doc", sound[:20_000]),
        ("e.doc", made(STREET, "doc")),
    ]
    answers = office.convert(items)
    assert isinstance(answers[0], bytes) and isinstance(answers[4], bytes)
    assert [a.id for a in answers if isinstance(a, CannotRead)][1:] == [
        "error.needs_converter",
        "error.damaged",
    ]


def stub(folder: Path, body: str) -> str:
    """A program of a few lines in the place of LibreOffice: it fails as that may."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@posix
def test_the_program_may_be_named_by_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "program").mkdir()
    path = stub(tmp_path / "program", "")
    for named in (path, tmp_path / "program", tmp_path):
        monkeypatch.setenv(office.SETTING, str(named))
        assert office.program() == path


@posix
@pytest.mark.parametrize("content", [None, "#!/bin/sh\n"])
def test_a_setting_that_names_no_program_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    named = tmp_path / "soffice"
    if content is not None:
        named.write_text(content)  # there, but not to be executed
    monkeypatch.setenv(office.SETTING, str(named))
    (answer,) = office.convert([("a.rtf", b"{\\rtf1 x}")])
    assert isinstance(answer, CannotRead) and answer.id == "error.converter_setting"
    for said in (answer.text.zh, answer.text.en):
        assert office.SETTING in said and str(named) in said


@posix
def test_a_program_that_hangs_is_ended_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mark = tmp_path / "children"
    hangs = f'sleep 600 & echo $! >> "{mark}"; wait'
    monkeypatch.setenv(office.SETTING, stub(tmp_path, hangs))
    (answer,) = office.convert([("a.rtf", b"{\\rtf1 x}")], seconds=3)
    assert isinstance(answer, CannotRead) and answer.id == "error.not_converted"
    assert "秒" in answer.text.zh and "seconds" in answer.text.en
    children = [int(line) for line in mark.read_text().split()]
    assert children
    for child in children:
        status = Path(f"/proc/{child}/stat")
        assert not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


@posix
def test_a_program_that_dies_is_started_again_for_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Converts (copies a file made before) until it meets the one it dies of.
    sound = tmp_path / "sound.docx"
    sound.write_bytes((EXAMPLES / WATER).read_bytes())
    body = f"""
    while [ "$1" != --outdir ]; do shift; done; out="$2"; shift 2; mkdir -p "$out"
    for file in "$@"; do
      grep -q deadly "$file" && kill -9 $$
      name=$(basename "$file"); cp "{sound}" "$out/${{name%.*}}.docx"
    done"""
    monkeypatch.setenv(office.SETTING, stub(tmp_path, body))
    files = [("a.rtf", b"{\\rtf1 a}"), ("b.rtf", b"{\\rtf1 deadly}"), ("c.rtf", b"{\\rtf1 c}")]
    answers = office.convert(files)
    assert isinstance(answers[0], bytes) and isinstance(answers[2], bytes)
    assert isinstance(answers[1], CannotRead) and answers[1].id == "error.not_converted"
    many = office.convert([("d.rtf", b"{\\rtf1 deadly}")] * 8)
    assert [a.id for a in many if isinstance(a, CannotRead)] == ["error.not_converted"] * 8


@posix
def test_a_result_that_is_not_whole_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    half = tmp_path / "half.docx"
    half.write_bytes((EXAMPLES / WATER).read_bytes()[:3_000])
    body = f'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp "{half}" "$2/0.docx"'
    monkeypatch.setenv(office.SETTING, stub(tmp_path, body))
    (answer,) = office.convert([("a.rtf", b"{\\rtf1 x}")])
    assert isinstance(answer, CannotRead)


# -- what it must not do


class _Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        """Anything asked for is kept."""
        self.asked.append(self.path)
        self.send_response(404)
        self.end_headers()

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def listener() -> Iterator[str]:
    """The address of a server on this machine that keeps what it is asked for."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Listener)
    _Listener.asked.clear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@needs_office
def test_links_are_not_followed(listener: str) -> None:
    rtf = (
        r"{\rtf1\ansi report {\field{\*\fldinst INCLUDEPICTURE "
        f'"{listener}/picture.png"' + r" \\d}{\fldrslt }}{\field{\*\fldinst INCLUDETEXT "
        f'"{listener}/text.rtf"' + r"}{\fldrslt }}}"
    )
    page = (
        '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:'
        'office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:'
        'oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'office:mimetype="application/vnd.oasis.opendocument.text" office:version="1.2">'
        "<office:body><office:text>"
        f'<text:section text:name="s"><text:section-source xlink:href="{listener}/section.odt"/>'
        '</text:section><text:p>report<draw:frame draw:name="f"><draw:image '
        f'xlink:href="{listener}/drawing.png"/></draw:frame></text:p>'
        "</office:text></office:body></office:document>"
    )
    answers = office.convert([("a.rtf", rtf.encode()), ("b.odt", page.encode())])
    assert [isinstance(a, bytes) for a in answers] == [True, True]
    assert _Listener.asked == []


# It does run where the program opens the file for a person and macros are allowed: tried by hand.
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:ooo="http://openoffice.org/2004/office"
 xmlns:dom="http://www.w3.org/2001/xml-events"
 office:mimetype="application/vnd.oasis.opendocument.text" office:version="1.2">
<office:scripts><office:script script:language="ooo:Basic">
<ooo:libraries><ooo:library-embedded ooo:name="Standard"><ooo:module ooo:name="M">
<ooo:source-code>Sub Main
n = FreeFile
Open "{mark}" For Output As #n
Print #n, "ran"
Close #n
End Sub</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>
<office:event-listeners><script:event-listener script:language="ooo:script"
 script:event-name="dom:load" xlink:type="simple"
 xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document"/>
</office:event-listeners></office:scripts>
<office:body><office:text><text:p>report</text:p></office:text></office:body></office:document>"""


@needs_office
def test_macros_do_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (answer,) = office.convert([("a.odt", MACRO.replace("{mark}", str(mark)).encode())])
    assert isinstance(answer, bytes)
    assert not mark.exists()


@needs_office
def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (answer,) = office.convert([("a.doc", made(WATER, "doc"))])
    assert isinstance(answer, bytes)
    assert list(home.iterdir()) == []
    assert [p.name for p in tmp_path.iterdir()] == ["home"]
    monkeypatch.setattr(tempfile, "tempdir", None)
