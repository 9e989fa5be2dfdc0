"""PDF 写出: archivable, accessible, legible, and read back as it was written."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongkai.statute import forms, read
from gongkai.statute.report import AnnualReport, CannotRead, Cell, Passage, State
from gongkai.statute.tests import consistent, pdf_made, random_reports
from gongkai.statute.tests.fonts_made import renamed
from gongkai.statute.writers import paper, pdf, pdf_fonts, pdf_proof, pdf_table, sfnt, write

EDITIONS = forms.editions()
DRAWN = settings(max_examples=10, deadline=None, derandomize=True, database=None)


def saying(*lines: str, title: str | None = None) -> AnnualReport:
    """A report with these lines in its first section, and perhaps another title."""
    made = consistent.report("2021", 1)
    made = consistent.write(made, 1, "\n".join(lines))
    return made if title is None else replace(made, title=title)


def flat(value: Any) -> Any:
    """What a report holds, white space apart: where lines break is the page's own."""
    if isinstance(value, str):
        return re.sub(r"\s", "", value)
    if isinstance(value, dict):
        return {key: flat(one) for key, one in value.items()}
    return [flat(one) for one in value] if isinstance(value, list | tuple) else value


def read_back(made: AnnualReport) -> AnnualReport:
    """The one report in the PDF of a report."""
    (back,) = read(pdf.write(made).data, name="report.pdf")
    return back


# -- round trip


@pytest.mark.parametrize("edition", EDITIONS)
@DRAWN
@given(data=st.data())
def test_a_report_reads_back_as_it_was_written(edition: str, data: st.DataObject) -> None:
    made = data.draw(random_reports.reports(edition))
    assert flat(random_reports.held(read_back(made))) == flat(random_reports.held(made))


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("seed", range(3))
def test_paragraphs_stay_apart(edition: str, seed: int) -> None:
    made = consistent.report(edition, seed)
    back = read_back(made)
    for no, passages in made.sections.items():
        lines = passages[0].text.split("\n")
        assert back.sections[no][0].text.split("\n")[: len(lines)] == lines


def test_a_table_over_several_pages_reads_back_and_repeats_its_header() -> None:
    """Every figure of table 3 in words that fill three lines: more than a page."""
    made = consistent.report("2021", 5)
    cells = {
        a: Cell(State.UNREADABLE, raw="约十来件左右") if a.startswith("applications.") else c
        for a, c in made.cells.items()
    }
    made = replace(made, cells=cells)
    written = pdf.write(made)
    assert "".join(pdf_made.pages(written.data)).count("申请人情况") >= 2
    (back,) = read(written.data, name="report.pdf")
    assert flat(random_reports.held(back)["cells"]) == flat(random_reports.held(made)["cells"])


@pytest.mark.parametrize("edition", EDITIONS)
def test_table_3_stands_whole_on_one_page_below_its_heading(edition: str) -> None:
    """Its corner is printed once, on the page of its heading and of its last row."""
    found = pdf_made.pages(pdf.write(consistent.report(edition, 4)).data)
    (page,) = [text for text in found if "勾稽关系" in text]
    assert "三、收到和处理政府信息公开申请情况" in page
    assert "四、结转下年度继续办理" in page


def test_a_figure_never_leaves_its_square() -> None:
    """The longest numbers everywhere: each is read back from its own cell, none runs on."""
    made = consistent.report("2021", 2)
    cells = {a: consistent.number(random_reports.HUGE) for a in made.cells}
    back = read_back(replace(made, cells=cells))
    assert {a: c.value for a, c in back.cells.items()} == dict.fromkeys(cells, random_reports.HUGE)


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("12", 10.5, 1),
        ("10000", 8.5, 1),
        ("123456", 7.1, 1),
        ("9876543", 6.5, 2),
        ("不适用", 8.1, 1),
    ],
)
def test_a_figure_is_set_smaller_before_it_is_broken(text: str, size: float, lines: int) -> None:
    set_in, put = pdf_table.fit(text, 24.5, 10.5, paper.Role.FIGURE)
    assert (set_in, put.count("\n") + 1) == (size, lines)


# -- what is printed


HOSTILE = (
    "#emph[甲] $x^2$ @label <label> *星号* _下划线_ `code` // 注释 /* 注释 */",
    '"引号" \\反斜杠 \\n \\u{4e00} #sys.inputs #read("report.typ") #let x = 1',
    "= 标题\u3000- 项 + 项 / 术语: ~ -- --- ... 'a' #(1+1) #panic()",
    "{{ }} ${} %s %% &amp; <w:t> ]]> 〔2026〕1号",
)


def test_text_is_never_markup() -> None:
    printed = pdf_made.text(pdf.write(saying(*HOSTILE, title="#标题 *甲* $1$ _乙_")).data)
    for line in (*HOSTILE, "#标题 *甲* $1$ _乙_"):
        assert flat(line) in printed


def test_a_word_longer_than_the_line_is_broken_inside_the_page() -> None:
    word = "example.invalid/" + "a1b2c3d4e5" * 20
    data = pdf.write(saying(f"见 {word}。")).data
    assert word in pdf_made.text(data)
    assert max(pdf_made.right_edges(data)) <= (210 - 26) / 25.4 * 72 + 8.5  # a comma's white


def test_what_no_font_has_is_printed_as_a_box_and_named() -> None:
    written = pdf.write(saying("甲\U0001f600乙\ue123丙\u05d0丁\u0627戊"))
    assert "甲〓乙〓丙〓丁〓戊" in pdf_made.text(written.data)
    (said,) = [note for note in written.notes if note.id == "write.missing_glyph"]
    for shown in ("\U0001f600 (U+1F600)", "U+E123", "U+05D0", "U+0627", "一、总体情况"):
        assert shown in said.text.zh and shown in said.text.en


def test_marks_that_print_nothing_are_left_out_and_named() -> None:
    written = pdf.write(saying("甲\u202e乙\u200b丙\ufeff丁\u00ad戊\ufe0f己\U000e0100庚\u2067辛"))
    assert "甲乙丙丁戊己庚辛" in pdf_made.text(written.data)
    (said,) = [note for note in written.notes if note.id == "write.left_out"]
    for shown in ("202E", "200B", "FEFF", "00AD", "FE0F", "E0100", "2067"):
        assert f"U+{shown}" in said.text.zh


def test_other_spaces_are_printed_as_spaces() -> None:
    written = pdf.write(saying("甲\u00a0乙\u2003丙\t丁\u2028戊"))
    assert "甲 乙 丙 丁 戊" in "".join(pdf_made.pages(written.data))
    assert not [note for note in written.notes if note.id.startswith("write.")]


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(text=st.text(min_size=1, max_size=120))
@example(text="0" * 25)
def test_any_text_at_all_can_be_printed(text: str) -> None:
    made = saying(f"甲{text}", title=f"{text}报告")
    raw = Cell(State.UNREADABLE, raw=text)
    made = replace(made, cells={**made.cells, "applications.received.total": raw})
    assert pdf.write(replace(made, organ=text, signed_on=date(2023, 1, 20))).data


def test_a_report_with_nothing_in_it_is_a_page() -> None:
    assert len(pdf_made.pages(pdf.write(AnnualReport()).data)) == 1


def test_rare_characters_of_names_and_places_are_there() -> None:
    rare = "昇喆珺祎玥䶮㛃𬭚𬭎堃犇淼赟翀璟〇①⑳〔〕℃㎡№‰→※★Ⅻ"
    written = pdf.write(saying(rare, f"（一）{rare}", title=rare))
    assert pdf_made.text(written.data).count(rare) == 3
    assert written.notes == ()


# -- the page


def test_a_page_has_22_lines_of_28_characters() -> None:
    made = saying("甲乙丙丁戊己庚辛壬癸" * 200)
    found = pdf_made.lines(pdf.write(made).data, page=1)[:-1]  # without its number
    body = [text for _, text in found]
    assert len(body) == 22
    assert [len(text) for text in body] == [28] * 22
    (first, _), (last, _) = found[0], found[-1]
    assert first > 37 / 25.4 * 72
    assert last < (297 - 35) / 25.4 * 72
    assert (last - first) / 21 == pytest.approx(225 / 25.4 * 72 / 22, abs=0.1)


def test_page_numbers_stand_on_the_outer_side() -> None:
    data = pdf.write(consistent.report("2021", 1)).data
    found = [re.sub(r"\s", "", page)[-10:] for page in pdf_made.pages(data)]
    assert all(text.endswith(f"—{number}—") for number, text in enumerate(found, 1))
    first, second = (pdf_made.left_edge(data, page, "—") for page in (0, 1))
    assert first > 210 / 25.4 * 36 > second


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("示例局政府信息公开年度报告", ["示例局政府信息公开年度报告"]),
        (
            "云水市青石区示例局2022年政府信息公开工作年度报告",
            ["云水市青石区示例局2022年", "政府信息公开工作年度报告"],
        ),
        (
            "云水市青石区示例办公室2023年度政府信息公开工作年度报告",
            ["云水市青石区示例办公室2023年度", "政府信息公开工作年度报告"],
        ),
        ("甲" * 50, ["甲" * 50]),
        ("2022年政府信息公开" * 99, ["2022年政府信息公开" * 99]),
    ],
)
def test_a_long_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert pdf.title_lines(title) == lines


def test_signature_and_date_stand_to_the_right() -> None:
    data = pdf.write(consistent.report("2021", 1)).data
    last = len(pdf_made.pages(data)) - 1
    organ, day = (pdf_made.left_edge(data, last, text) for text in ("云水市青石区示例局", "2023年"))
    assert organ > 210 / 25.4 * 36
    assert day - organ == pytest.approx(2 * 156 / 25.4 * 72 / 28, abs=2)


# -- the file


def test_it_is_archivable_and_accessible() -> None:
    made = consistent.report("2021", 1)
    data = pdf.write(made).data
    packet = pdf_made.xmp(data)
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert str(made.title) in packet and str(made.organ) in packet and "zh-CN" in packet
    tags = pdf_made.tags(data)
    assert tags["Table"] >= 3 and tags["TR"] >= 30
    assert tags["TH"] >= 30 and tags["TD"] >= len(made.cells)
    assert pdf_made.families(data) == {
        f"Gongkai{name}-Regular" for name in ("Serif", "Title", "Sans", "Kai")
    }


def test_headings_are_its_outline() -> None:
    made = saying("（一）主动公开", "情况如下。")
    found = pdf_made.outline(pdf.write(made).data)
    assert [title for level, title in found if level == 0] == [
        passages[0].title for passages in made.sections.values()
    ]
    assert (1, "（一）主动公开") in found


def test_equal_reports_give_equal_bytes() -> None:
    made = consistent.report("2019", 1)
    first = pdf.write(made).data
    pdf.write(consistent.report("2021", 2))
    assert pdf.write(made).data == first


@pytest.mark.parametrize(
    ("created", "stamp"),
    [
        (date(2024, 1, 31), "2024-01-31T00:00:00Z"),
        (datetime(2024, 1, 31, 9, 30, 15, tzinfo=UTC), "2024-01-31T09:30:15Z"),
        (datetime(2024, 1, 31, 9, 30, tzinfo=timezone(timedelta(hours=8))), "2024-01-31T01:30:00Z"),
    ],
)
def test_the_files_date_is_the_one_given(created: date, stamp: str) -> None:
    assert stamp in pdf_made.xmp(pdf.write(consistent.report("2021", 1), created=created).data)


def test_without_a_date_it_is_the_signatures_else_none_is_invented() -> None:
    made = replace(consistent.report("2021", 1), signed_on=date(2023, 1, 20))
    assert "2023-01-20T00:00:00Z" in pdf_made.xmp(pdf.write(made).data)
    unsigned = replace(made, signed_on=None)
    assert "1970-01-01T00:00:00Z" in pdf_made.xmp(pdf.write(unsigned).data)


def test_the_front_door_writes_it() -> None:
    assert write(consistent.report("2021", 1), to="pdf").data.startswith(b"%PDF-")


# -- the proof


def test_one_wrong_character_is_found() -> None:
    """费 for 项 is what typst printed when its source file changed under a warm compiler."""
    one, other = (pdf.write(saying(f"收{word}好")).data for word in "费项")
    printed = pdf_made.text(one)
    assert pdf_proof.amiss(one, _unnumbered(one), [], {}) == ""
    assert pdf_proof.amiss(other, _unnumbered(one), [], {}) == "missing 费×1, surplus 项×1"
    assert "收费好" in printed and "收项好" in pdf_made.text(other)


def _unnumbered(data: bytes) -> str:
    """The printed text without its page numbers."""
    count = len(pdf_made.pages(data))
    text = pdf_made.text(data)
    for number in range(1, count + 1):
        text = text.replace(f"—{number}—", "", 1)
    return text


def test_a_header_may_stand_there_again_and_nothing_else() -> None:
    data = pdf.write(saying("甲乙丙")).data
    text = _unnumbered(data)
    less = text.replace("甲乙丙", "", 1)
    assert pdf_proof.amiss(data, less, ["丙乙甲", "丁"], {}) == ""
    assert pdf_proof.amiss(data, less, ["甲乙"], {}) != ""
    assert pdf_proof.amiss(data, text, ["甲乙丙"], {}) == ""
    assert pdf_proof.amiss(b"%PDF-1.7", text, [], {}) != ""


def test_what_was_set_wrong_is_never_handed_out() -> None:
    press = pdf._press(())
    sheet = pdf._Sheet(press.fonts)
    content = {"name": "甲", "author": [], "made": [2020, 1, 1, 0, 0, 0], "pieces": []}
    sheet.printed.append("从未排入的文字")
    with pytest.raises(CannotRead) as refused:
        press.set(content, sheet)
    assert refused.value.id == "error.typeset"
    del content["made"]
    with pytest.raises(CannotRead) as failed:
        press.set(content, pdf._Sheet(press.fonts))
    assert failed.value.id == "error.typeset"
    assert pdf.write(consistent.report("2021", 1)).data  # and the next one is set as ever


def test_several_threads_may_write_at_once() -> None:
    reports = [consistent.report("2021", seed) for seed in range(4)]
    alone = [pdf.write(made).data for made in reports]
    found: dict[int, bytes] = {}

    def work(at: int) -> None:
        found[at] = pdf.write(reports[at]).data

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[at] for at in range(4)] == alone


# -- fonts


def shipped() -> Iterator[dict[str, Any]]:
    yield from json.loads((pdf_fonts.FOLDER / "fonts.json").read_text(encoding="utf-8"))["fonts"]


def test_the_fonts_shipped_are_those_on_record_and_small() -> None:
    total = 0
    for record in shipped():
        data = (pdf_fonts.FOLDER / record["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record["sha256"]
        assert sfnt.families(data) == (record["family"],)
        assert len(sfnt.face(data).glyphs) == record["characters"]
        assert sfnt.face(data).embeddable
        total += len(data)
    assert total <= 25_000_000
    assert {record["family"] for record in shipped()} == set(pdf_fonts.OWN.values())


def test_their_licence_and_copyright_lie_beside_them() -> None:
    licence = (pdf_fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence and "PERMISSION & CONDITIONS" in licence
    for record in shipped():
        assert all(line in licence for line in (record["family"], *record["copyright"]))
        assert not any(name in record["family"] for name in ("Source", "Noto", "LXGW", "Klee"))


def _rows(encoding: str, rows: range, cells: range) -> str:
    return "".join(bytes([row, cell]).decode(encoding, "ignore") for row in rows for cell in cells)


def test_the_body_has_every_character_of_the_national_standard() -> None:
    """GB18030-2022 level 2: the unified characters and extension A; five are in no open font."""
    body = pdf_fonts.load(()).characters["body"]
    unified = {*range(0x4E00, 0x9FF0), *range(0x3400, 0x4DB6)}
    assert sorted(unified - {ord(c) for c in body}) == [*range(0x9FEB, 0x9FF0)]
    signs = _rows("gb2312", range(0xA1, 0xAA), range(0xA1, 0xFF))
    assert not set(signs) - body
    for role in pdf_fonts.OWN:
        own = sfnt.face((pdf_fonts.FOLDER / _file(pdf_fonts.OWN[role])).read_bytes()).glyphs
        common = _rows("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
        assert len(common) == 6763 and not {ord(c) for c in common} - set(own)


def _file(family: str) -> str:
    return str(next(record["file"] for record in shipped() if record["family"] == family))


def test_an_official_family_is_used_where_a_folder_has_it(tmp_path: Path) -> None:
    kai = (pdf_fonts.FOLDER / "kai.ttf").read_bytes()
    (tmp_path / "simfang.ttf").write_bytes(renamed(kai, "Gongkai Kai", "仿宋_GB2312"))
    (tmp_path / "other.ttf").write_bytes(renamed(kai, "Gongkai Kai", "别的字体"))
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00" + b"\xff" * 40)
    fonts = pdf_fonts.load((str(tmp_path),))
    assert fonts.families["body"] == ("仿宋_GB2312", "Gongkai Serif")
    assert fonts.families["title"] == ("Gongkai Title", "Gongkai Serif")
    written = pdf.write(saying("丙㐂丁"), fonts=[tmp_path])  # 㐂 is in the serif alone
    assert "丙㐂丁" in pdf_made.text(written.data)
    assert written.notes == ()
    assert written.data != pdf.write(saying("丙㐂丁")).data


def test_a_font_closed_to_embedding_is_not_used(tmp_path: Path) -> None:
    kai = (pdf_fonts.FOLDER / "kai.ttf").read_bytes()
    (tmp_path / "a.ttf").write_bytes(renamed(kai, "Gongkai Kai", "SimHei", embedding=2))
    written = pdf.write(saying("甲"), fonts=[tmp_path, tmp_path / "none"])
    assert [note.id for note in written.notes] == ["write.font_refused"]
    assert "SimHei" in written.notes[0].text.zh
    assert "GongkaiSans-Regular" in pdf_made.families(written.data)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(at=st.integers(0, 4000), to=st.binary(min_size=1, max_size=8), cut=st.integers(0, 200_000))
def test_a_damaged_font_is_a_value_error_and_nothing_else(at: int, to: bytes, cut: int) -> None:
    whole = (pdf_fonts.FOLDER / "sans.otf").read_bytes()[:200_000]
    damaged = (whole[:at] + to + whole[at + len(to) :])[:cut]
    for reading in (sfnt.families, sfnt.face):
        try:
            reading(damaged)
        except ValueError:
            continue


def test_passages_of_a_second_printing_are_printed_too() -> None:
    made = consistent.report("2021", 1)
    twice = {**made.sections, "1": (*made.sections["1"], Passage("一、总体情况", "再说一遍。"))}
    printed = pdf_made.text(pdf.write(replace(made, sections=twice)).data)
    assert printed.count("一、总体情况") == 2 and "再说一遍。" in printed
