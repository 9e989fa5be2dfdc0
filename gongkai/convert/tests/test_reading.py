"""前门: one door for every kind of file; archives walked, each file in them on its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai.convert import ocr, office, reading
from gongkai.convert.tests.archives import UTF8, tarred, zipped
from gongkai.statute import readers
from gongkai.statute.readers import archive, bundle, sniff
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.json import Failed
from gongkai.statute.report import AnnualReport, CannotRead
from gongkai.statute.writers import json as json_writer

EXAMPLES = Path(__file__).parents[3] / "examples"
WATER = (EXAMPLES / "07_water_bureau_2023.docx").read_bytes()
LEVY = (EXAMPLES / "01_housing_levy_2020.txt").read_bytes()
ROADS = (EXAMPLES / "09_transport_2023.xlsx").read_bytes()


def names(found: list[AnnualReport | Failed]) -> list[str]:
    """What a file gave: names of reports, and of files that failed with the reason."""
    return [
        one.file if isinstance(one, AnnualReport) else f"{one.file}: {one.cause.id}"
        for one in found
    ]


def refused(data: bytes, name: str = "") -> str:
    """The id of the error a file is refused with."""
    with pytest.raises(CannotRead) as caught:
        reading.read(data, name=name)
    return caught.value.id


# -- plain files


@pytest.mark.parametrize(
    "name", sorted(p.name for p in EXAMPLES.iterdir() if p.is_file() and p.suffix != ".md")
)
def test_what_needs_nothing_is_read_as_by_the_statute(name: str) -> None:
    data = (EXAMPLES / name).read_bytes()
    assert reading.read(data, name=name) == readers.read(data, name=name)


def test_our_json_gives_back_its_errors_too() -> None:
    (report,) = readers.read(LEVY, name="a.txt")
    error = {"schema": "gongkai.error/1", "file": "b.pdf", "error": {"id": "error.x", "text": "?"}}
    data = json_writer.dump_line(report, "zh") + json.dumps(error)
    assert names(reading.read(data.encode(), name="c.json")) == ["a.txt", "b.pdf: error.x"]


def test_what_is_no_report_is_refused() -> None:
    assert refused(b"") == "error.empty"
    assert refused("今天天气很好。".encode(), "a.txt") == "error.not_a_report"
    if not ocr.available():
        assert refused(b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png") == "error.image"
    assert refused(b"Rar!\x1a\x07\x01\x00" + bytes(99)) == "error.archive"
    assert refused(b"7z\xbc\xaf\x27\x1c" + bytes(99)) == "error.archive"


def test_without_libreoffice_the_file_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(office.SETTING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_PLACES", ())
    assert not office.available()
    assert refused(b"{\\rtf1 x}", "a.rtf") == "error.needs_converter"
    found = reading.read(zipped({"a.rtf": b"{\\rtf1 x}", "b.txt": LEVY}), name="c.zip")
    assert names(found) == ["c.zip/a.rtf: error.needs_converter", "c.zip/b.txt"]


def test_several_files_keep_their_order_and_errors() -> None:
    answers = reading.read_many([("a.docx", WATER), ("b", b""), ("c.txt", LEVY)])
    assert isinstance(answers[1], CannotRead) and answers[1].id == "error.empty"
    assert [names(a) for a in answers if isinstance(a, list)] == [["a.docx"], ["c.txt"]]


# -- archives


def test_a_fault_of_ours_in_one_member_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a member is read directly, and where it comes back from LibreOffice."""
    rtf = b"{\\rtf1 x}"

    def recognised(document: Document, carrier: str, name: str) -> list[AnnualReport]:
        if name.endswith(("bad.txt", "bad.rtf")):
            raise IndexError("a fault")
        return real(document, carrier, name)

    real = readers.recognised
    monkeypatch.setattr(readers, "recognised", recognised)
    monkeypatch.setattr(office, "convert", lambda items: [WATER for _ in items])
    data = zipped({"bad.txt": LEVY, "bad.rtf": rtf, "c.rtf": rtf, "d.txt": LEVY})
    assert names(reading.read(data, name="a.zip")) == [
        "a.zip/bad.txt: error.unexpected",
        "a.zip/bad.rtf: error.unexpected",
        "a.zip/c.rtf",
        "a.zip/d.txt",
    ]
    for name, alone in (("bad.txt", LEVY), ("bad.rtf", rtf)):
        with pytest.raises(IndexError):
            reading.read(alone, name=name)


def test_an_archive_of_chinese_windows() -> None:
    data = zipped(
        {
            "青石区\\水利局2023年报.docx": WATER,
            "青石区\\征收中心\\2020.txt": LEVY,
            "青石区\\坏的.pdf": b"%PDF-1.4 x",
            "青石区\\README.txt": b"x",
            "照片.jpg": b"\xff\xd8\xff",
            "__MACOSX/._a.docx": b"x",
            "~$锁.docx": b"x",
            "汇总.xlsx": ROADS,
        }
    )
    assert sniff.carrier(data) == "zip"
    found = reading.read(data, name="全区.zip")
    assert names(found) == [
        "全区.zip/青石区/水利局2023年报.docx",
        "全区.zip/青石区/征收中心/2020.txt",
        "全区.zip/青石区/坏的.pdf: error.damaged",
        "全区.zip/汇总.xlsx",
    ]
    first = found[0]
    assert isinstance(first, AnnualReport)
    assert first.cells == readers.read(WATER)[0].cells
    (said,) = [n for n in first.notes if n.id == "read.archive_others"]
    assert "2 个" in said.text.zh and "全区.zip/照片.jpg" in said.text.zh


@pytest.mark.parametrize(
    ("codec", "flags", "name"),
    [
        ("gbk", 0, "年报.txt"),
        ("utf-8", 0, "年报.txt"),  # as macOS writes it
        ("utf-8", UTF8, "年报.txt"),
        ("gb18030", 0, "张\U00030edd年报.txt"),
    ],
)
def test_names_as_they_were_meant(codec: str, flags: int, name: str) -> None:
    data = zipped({name: LEVY, "b.txt": LEVY}, codec, flags, pack=True)
    assert names(reading.read(data, name="a.zip")) == [f"a.zip/{name}", "a.zip/b.txt"]


def test_names_that_are_no_path() -> None:
    odd = ["../../a.txt", "/etc/b.txt", "C:\\c.txt", "d\n\u202e.txt", "a.txt", "./a.txt"]
    held = bundle.Bundle(zipped(dict.fromkeys(odd, b""), "utf-8", UTF8))
    assert held.names == (
        "a.txt",
        "etc/b.txt",
        "C:/c.txt",
        "d\ufffd\ufffd.txt",
        "a.txt (2)",
        "a.txt (3)",
    )


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_tar_gives_its_files_and_no_links(gzip: bool, encoding: str) -> None:
    data = tarred({"甲/年报.txt": LEVY, "b.docx": WATER}, gzip=gzip, encoding=encoding)
    found = reading.read(data, name="a.tar.gz")
    assert names(found) == ["a.tar.gz/甲/年报.txt", "a.tar.gz/b.docx"]


def test_archives_inside_archives() -> None:
    third = zipped({"深.txt": LEVY})
    second = zipped({"里.txt": LEVY, "三.zip": third})
    first = zipped(
        {"二.zip": second, "外.txt": LEVY, "坏.zip": b"PK\3\4", "x.rar": b"Rar!\x1a\x07"}
    )
    assert names(reading.read(first, name="一.zip")) == [
        "一.zip/二.zip/里.txt",
        "一.zip/二.zip/三.zip: error.nested_archive",
        "一.zip/外.txt",
        "一.zip/坏.zip: error.damaged",
        "一.zip/x.rar: error.archive",
    ]


def test_an_archive_without_reports() -> None:
    assert refused(zipped({"a.jpg": b"\xff\xd8\xff"}), "a.zip") == "error.empty_archive"
    assert refused(zipped({})) == "error.empty_archive"
    only = reading.read(zipped({"a.txt": b"x"}), name="a.zip")
    assert names(only) == ["a.zip/a.txt: error.not_a_report"]


def test_a_member_beyond_the_limits_costs_only_itself() -> None:
    bomb = bytes(40 << 20)
    data = zipped({"a.txt": bomb, "b.txt": LEVY}, pack=True)
    assert names(reading.read(data, name="c.zip")) == [
        "c.zip/a.txt: error.too_large",
        "c.zip/b.txt",
    ]
    assert refused(zipped(dict.fromkeys(map(str, range(2_001)), b""))) == "error.too_large"


def test_all_members_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = bundle.Budget(len(LEVY) + 10)
    held = bundle.Bundle(zipped({"a.txt": LEVY, "b.txt": LEVY, "c.txt": b"x"}))
    found = list(held.members(frozenset(held.names), budget))
    assert [m.wrong.id if m.wrong else len(m.data) for m in found] == [
        len(LEVY),
        "error.too_large",
        1,
    ]
    tar = tarred({"a.txt": bytes(3 << 20)}, gzip=True)
    monkeypatch.setattr(archive, "MAX_TOTAL", 1 << 20)
    with pytest.raises(CannotRead) as caught:
        bundle.Bundle(tar)
    assert caught.value.id == "error.too_large"


def test_an_encrypted_member_costs_only_itself() -> None:
    data = bytearray(zipped({"a.txt": LEVY, "b.txt": LEVY}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert names(reading.read(bytes(data), name="c.zip")) == [
        "c.zip/a.txt: error.encrypted",
        "c.zip/b.txt",
    ]


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("年报.docx", True),
        ("年报.WPS", True),
        ("甲/年报.ofd", True),
        ("a.tar.gz", True),
        ("README.txt", False),
        ("甲/readme.tar.gz", False),
        ("照片.jpg", False),
        ("docx", False),
    ],
)
def test_what_is_worth_reading(name: str, worth: bool) -> None:
    assert reading.may_be_report(name) is worth


def test_every_suffix_that_is_announced_is_worth_reading() -> None:
    assert set(sniff.KNOWN.split()) <= reading.WORTH
