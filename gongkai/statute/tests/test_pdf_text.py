"""读取 PDF 正文: lines into paragraphs, page furniture out, and the small print of glyphs."""

from __future__ import annotations

import pytest

from gongkai.statute.readers import pdf, pdf_chars, pdf_grid, pdf_text
from gongkai.statute.readers.pdf_page import Rule, Run
from gongkai.statute.tests.pdf_sources import (
    grids,
    line,
    needs_chinese,
    texts,
    typeset,
    written,
)

PROSE = "本机关对照目录逐项自查，能公开的及时公开，不能公开的说明理由，全年没有遗漏。"
INDENT = "#set par(first-line-indent: (amount: 2em, all: true), justify: true)\n"


def run(text: str, x: float, y: float, em: float = 10.0, **more: object) -> Run:
    """A run whose glyphs are squares, Latin ones half as wide."""
    spans = []
    right = x
    for char in text:
        left, right = right, right + em * (1 if pdf_chars.is_wide(char) else 0.5)
        spans.append((left, right))
    made = Run(list(text), spans, x, y - em, right, y, 0, y, y - 0.36 * em, em)
    for name, value in more.items():
        setattr(made, name, value)
    return made


# -- paragraphs -----------------------------------------------------------------------------


@needs_chinese
def test_headings_stand_alone_and_paragraphs_are_whole() -> None:
    wanted = ["一、总体情况", PROSE * 5, "（一）主动公开。" + PROSE * 3, "二、其他", PROSE * 4]
    assert texts(pdf.blocks(typeset(INDENT + "\n\n".join(wanted)))) == wanted


@needs_chinese
def test_paragraphs_without_indent_are_told_by_their_last_lines() -> None:
    wanted = ["一、总体情况", PROSE * 5 + "再说一句。", PROSE * 3 + "完。", "二、其他"]
    assert texts(pdf.blocks(typeset("\n\n".join(wanted)))) == wanted


@needs_chinese
@pytest.mark.parametrize(
    "numbers", ['"1"', '"- 1 -"', '"— 1 —"', '"第 1 页"', '"1/1"', '"第 1 页 共 1 页"']
)
def test_a_paragraph_goes_on_over_the_page_without_the_page_number(numbers: str) -> None:
    page = f"width: 420pt, height: 300pt, margin: 70pt, numbering: {numbers}"
    document = pdf.blocks(typeset(INDENT + PROSE * 12, page=page))
    assert texts(document) == [PROSE * 12]
    assert document.notes == ()


@needs_chinese
def test_running_heads_are_left_out_and_named() -> None:
    page = (
        "width: 420pt, height: 400pt, margin: 70pt, header: [云水市青石区数据局],"
        ' footer: context [内部资料 第 #counter(page).display("1") 页]'
    )
    document = pdf.blocks(typeset(INDENT + PROSE * 25, page=page))
    assert texts(document) == [PROSE * 25]
    assert {n.id for n in document.notes} == {"read.running_head"}
    assert "云水市青石区数据局" in document.notes[0].text.zh


@needs_chinese
def test_a_number_that_may_be_text_is_not_taken_for_a_page_number() -> None:
    """On a page cut out of its context a bare number near the text is kept."""
    page = "width: 420pt, height: 300pt, margin: (x: 70pt, y: 20pt)"
    document = pdf.blocks(typeset("#v(220pt)\n收到申请件数：\n\n12", page=page))
    assert texts(document) == ["收到申请件数：", "12"]


@needs_chinese
def test_a_lone_number_far_from_the_text_is_left_out_and_named() -> None:
    page = "width: 420pt, height: 300pt, margin: 60pt, numbering: (..n) => [7]"
    document = pdf.blocks(typeset(PROSE, page=page))
    assert texts(document) == [PROSE]
    (note,) = document.notes
    assert note.id == "read.running_head" and "7" in note.text.zh


@needs_chinese
def test_section_headings_at_the_top_of_pages_are_no_running_heads() -> None:
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    source = "#pagebreak()\n".join([f"{heading}\n\n{PROSE}\n\n"] * 4)
    assert texts(pdf.blocks(typeset(source))).count(heading) == 4


def test_a_number_broken_at_the_end_of_a_line_is_one_number() -> None:
    long = "telephone 0517" + "-0000" * 6
    content = line(long, 50, 250, 10) + line("0000 end", 50, 236, 10)
    assert texts(pdf.blocks(written(content))) == [long + "0000 end"]


def test_words_broken_over_lines_keep_their_space() -> None:
    content = line("these are the words of the first line", 50, 250) + line("and second", 50, 234)
    (text,) = texts(pdf.blocks(written(content)))
    assert text == "these are the words of the first line and second"


@needs_chinese
def test_lines_are_numbered_through_the_file() -> None:
    document = pdf.blocks(typeset(f"一、总体情况\n\n{PROSE * 2}\n\n二、其他"))
    places = [b.place.line for b in document.blocks]
    assert places[:2] == [1, 2]
    assert places[2] is not None and places[2] > 3


# -- words and cells ------------------------------------------------------------------------


def test_a_space_stands_between_digits_only_where_one_is_seen() -> None:
    near = [run("20", 0, 10), run("24", 10.5, 10)]
    apart = [run("1", 0, 10), run("1", 9, 10)]
    assert [w.text for w in pdf_text.words(near)] == ["2024"]
    assert [w.text for w in pdf_text.words(apart)] == ["1", "1"]


def test_the_white_a_typesetter_adds_around_digits_is_no_space() -> None:
    row = [run("共", 0, 10), run("12", 12.5, 10), run("件", 25, 10)]
    assert [w.text for w in pdf_text.words(row)] == ["共12件"]


def test_a_space_in_the_file_counts_where_it_shows() -> None:
    shown = [run("甲", 0, 10), run("乙", 13, 10, spaced=True)]
    unseen = [run("甲", 0, 10), run("乙", 10.2, 10, spaced=True)]
    assert len(pdf_text.words(shown)) == 2
    assert len(pdf_text.words(unseen)) == 1


def test_lines_of_different_fonts_are_one_line() -> None:
    """Loose boxes differ between fonts; the base line does not."""
    row = [run("年", 0, 10), run("12", 10, 10, y0=-6.0), run("月", 20, 10)]
    assert [len(r) for r in pdf_text.rows(row)] == [3]


def test_a_cell_in_several_columns_written_downwards() -> None:
    glyphs = [("三", 30, 10), ("本", 30, 20), ("年", 30, 30), ("办", 10, 10), ("理", 10, 20)]
    runs = [run(c, x, y, order=k) for k, (c, x, y) in enumerate(glyphs)]
    assert pdf_text.cell(runs) == ("三本年\n办理", ())


def test_digits_under_each_other_are_never_joined_silently() -> None:
    runs = [run(c, 10, 15.0 * k, order=k) for k, c in enumerate("100")]
    assert pdf_text.cell(runs) == ("1\n0\n0", ())


@pytest.mark.parametrize(
    ("code", "char"),
    [(0x2F00, "一"), (0x2F08, "人"), (0x2ED4, "门"), (0x2EA0, "民"), (0x31, "1"), (2, "-")],
)
def test_radicals_become_the_characters_they_look_like(code: int, char: str) -> None:
    assert pdf_chars.char(code) == char


@pytest.mark.parametrize("code", [0, 1, 31, 0xD800, 0xFFFD, 0xFFFE])
def test_what_the_font_does_not_say_is_unknown(code: int) -> None:
    assert pdf_chars.char(code) == pdf_chars.UNKNOWN


@needs_chinese
def test_rare_characters_outside_the_basic_plane() -> None:
    (text,) = texts(pdf.blocks(typeset("姓名：张𬭚示例")))
    assert text == "姓名：张𬭚示例"


# -- ruling lines ---------------------------------------------------------------------------


def lattice(level: list[Rule], upright: list[Rule]) -> pdf_grid.Lattice:
    (found,), _ = pdf_grid.lattices(level, upright)
    return found


def spans(found: pdf_grid.Lattice) -> list[tuple[int, int, int, int]]:
    return [(b.row, b.column, b.row_span, b.column_span) for b in found.boxes]


LEVEL = [Rule(y, 0, 100) for y in (0, 20, 40)]
UPRIGHT = [Rule(x, 0, 40) for x in (0, 50, 100)]


def test_fields_without_a_line_between_are_one_box() -> None:
    half = [Rule(0, 0, 100), Rule(20, 50, 100), Rule(40, 0, 100)]
    assert spans(lattice(half, UPRIGHT)) == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]


def test_double_lines_and_lines_in_pieces_are_one_line() -> None:
    double = [*LEVEL, Rule(22, 0, 100)]
    pieces = [Rule(r.at, k, k + 9) for r in UPRIGHT for k in range(0, 40, 10)]
    assert spans(lattice(double, pieces)) == spans(lattice(LEVEL, UPRIGHT))


def test_a_missing_piece_of_line_never_makes_boxes_overlap() -> None:
    ell = [Rule(0, 0, 100), Rule(20, 0, 50), Rule(40, 0, 100)]
    fields = [
        (row, column)
        for r, c, high, wide in spans(lattice(ell, [UPRIGHT[0], Rule(50, 20, 40), UPRIGHT[2]]))
        for row in range(r, r + high)
        for column in range(c, c + wide)
    ]
    assert sorted(fields) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_an_open_side_is_closed_where_the_lines_end() -> None:
    assert spans(lattice(LEVEL, [Rule(50, 0, 40)])) == [
        (0, 0, 1, 1),
        (0, 1, 1, 1),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]


def test_an_underlined_word_is_no_table() -> None:
    underline = Rule(30, 60, 90)
    found, free = pdf_grid.lattices([*LEVEL, underline], UPRIGHT)
    assert len(found) == 1 and free == [underline]


def test_two_tables_side_by_side_are_two() -> None:
    aside = [Rule(r.at, 200, 300) for r in LEVEL]
    posts = [Rule(x, 0, 40) for x in (200, 250, 300)]
    found, _ = pdf_grid.lattices([*LEVEL, *aside], [*UPRIGHT, *posts])
    assert len(found) == 2


def test_a_drawing_of_countless_lines_is_left_alone() -> None:
    lines = [Rule(2.0 * k, 0, 500) for k in range(pdf_grid.LINES + 1)]
    assert pdf_grid.lattices(lines, lines) == ([], [])


def test_a_page_of_countless_shapes_is_named() -> None:
    dashes = [(x, 1.3 * k) for x in range(0, 400, 14) for k in range(225)]
    hatching = "".join(f"{x} {y:.1f} m {x + 8} {y:.1f} l S\n" for x, y in dashes)
    document = pdf.blocks(written(hatching + line("text", 50, 250)))
    assert texts(document) == ["text"]
    assert grids(document) == []
    assert [n.id for n in document.notes] == ["read.page_crowded"]
