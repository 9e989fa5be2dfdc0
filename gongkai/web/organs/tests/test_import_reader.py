"""读取工作簿: what spreadsheets write, and what nobody should be able to make us read."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from gongkai.statute.report import CannotRead
from gongkai.web.organs import workbook, workbook_in, workbook_out
from gongkai.web.organs.tests.workbooks import book, filled, organ

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose only sheet is this."""
    members = parts(book({"人员": [["登录名"]]}))
    members["xl/worksheets/sheet1.xml"] = xml
    return packed(members)


def read(data: bytes) -> list[list[str]]:
    opened = workbook_in.opened(data)
    return [line.cells for part in opened.parts for line in opened.lines(part)]


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)


def test_rich_text_inline_text_and_escapes() -> None:
    data = with_sheet(
        SHEET
        % (
            b'<row r="3"><c r="B3" t="inlineStr"><is><r><t>linxi</t></r><r><t>qu</t></r>'
            b"<rPh><t>no</t></rPh></is></c>"
            b'<c t="str"><v>a_x000A_b</v></c></row><row><c><v>7</v></c></row>'
        )
    )
    opened = workbook_in.opened(data)
    lines = list(opened.lines(opened.parts[0]))
    assert [(line.number, line.cells) for line in lines] == [
        (3, ["", "linxiqu", "a\nb"]),
        (4, ["7"]),
    ]
    assert lines[1].marks == {0: "number"}


def test_the_same_words_with_a_prefix_of_their_own() -> None:
    """Some programs write every element as x:row, x:c."""
    xml = SHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")
    assert read(with_sheet(xml)) == [["x"]]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    huge = SHEET % (b'<row r="1"><c r="A1"><v>1</v></c></row>' * 6_000_000)
    data = with_sheet(huge)
    assert len(data) < 2 << 20
    with pytest.raises(CannotRead) as refused:
        read(data)
    assert refused.value.id == "error.too_large"


@pytest.mark.parametrize(
    "content",
    [
        b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>',
        b'<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
    ],
)
def test_rows_and_columns_beyond_any_table_are_refused(content: bytes) -> None:
    with pytest.raises(CannotRead) as refused:
        read(with_sheet(SHEET % content))
    assert refused.value.id == "error.too_large"


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        + SHEET % b'<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>',
        SHEET % b'<row r="1"><c r="1"><v>1</v></c></row>',
        SHEET % b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        SHEET % b'<row r="1"><c r="A1"><v>1</v>',
        b"",
    ],
    ids=["entities", "reference", "shared-string", "cut", "empty"],
)
def test_what_is_no_sound_sheet_is_told(xml: bytes) -> None:
    with pytest.raises(CannotRead) as refused:
        read(with_sheet(xml))
    assert refused.value.id == "error.damaged"


def test_memory_does_not_grow_with_the_rows() -> None:
    import tracemalloc

    data = filled(organs=[organ(f"LX-{n}") for n in range(20_000)])
    opened = workbook_in.opened(data)
    tracemalloc.start()
    count = sum(1 for part in opened.parts for _ in opened.lines(part))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_001
    assert most < 12 << 20  # the shared strings, and a portion of rows


def test_letters_of_columns() -> None:
    assert [workbook.letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# -- the empty workbook


def test_the_template_explains_every_column() -> None:
    out = io.BytesIO()
    workbook_out.template(out)
    opened = workbook_in.opened(out.getvalue())
    assert [p.title for p in opened.parts] == [
        "填写说明",
        "机关",
        "曾用名",
        "复议机关",
        "人员",
        "任职",
    ]
    guide = [line.cells for line in opened.lines(opened.parts[0])]
    told = {cells[0] for cells in guide}
    for spec, part in zip(workbook.SHEETS, opened.parts[1:], strict=True):
        headings = next(iter(opened.lines(part))).cells
        assert headings == [c.label for c in spec.columns]
        assert set(headings) <= told
    assert all(
        len(c.help) <= 255 and len(c.label) <= 32 for s in workbook.SHEETS for c in s.columns
    )


def test_allowed_values_are_lists_in_the_cells() -> None:
    out = io.BytesIO()
    workbook_out.template(out)
    xml = parts(out.getvalue())["xl/worksheets/sheet2.xml"].decode()
    assert 'type="list"' in xml and "工作部门,派出机构" in xml


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")
def test_an_office_program_opens_and_saves_it_as_we_read_it(tmp_path: Path) -> None:
    source = tmp_path / "in" / "表.xlsx"
    source.parent.mkdir()
    data = filled(organs=[organ("LX-01", division_code="000123", valid_from="2024-01-01")])
    source.write_bytes(data)
    subprocess.run(
        [
            str(OFFICE),
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(tmp_path / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    assert read((tmp_path / "out" / "表.xlsx").read_bytes()) == read(data)
