"""读取 PDF 表格: drawn, half drawn and not drawn at all; over page breaks; what a box holds."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from gongkai.statute.readers import pdf
from gongkai.statute.readers.blocks import Grid
from gongkai.statute.tests.pdf_sources import (
    cell,
    grids,
    line,
    needs_chinese,
    pictures,
    rows,
    texts,
    the_grid,
    typeset,
    written,
)

GROUPS = {
    "（三）不予公开": [
        "1.属于国家秘密",
        "2.其他法律行政法规禁止公开",
        "3.危及“三安全一稳定”",
        "4.保护第三方合法权益",
        "5.属于三类内部事务信息",
        "6.属于四类过程性信息",
        "7.属于行政执法案卷",
        "8.属于行政查询事项",
    ],
    "（四）无法提供": [
        "1.本机关不掌握相关政府信息",
        "2.没有现成信息需要另行制作",
        "3.补正后申请内容仍不明确",
    ],
    "（五）不予处理": [
        "1.信访举报投诉类申请",
        "2.重复申请",
        "3.要求提供公开出版物",
        "4.无正当理由大量反复申请",
        "5.要求行政机关确认或重新出具已获取信息",
    ],
    "（六）其他处理": [
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "3.其他",
    ],
}
OPEN = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"]
HANDLED = ["（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"]
LABELS = [
    *OPEN,
    *HANDLED,
    *(label for labels in GROUPS.values() for label in labels),
    "（七）总计",
    "四、结转下年度继续办理",
]
RULED = "stroke: 0.5pt,"
NO_LINES = "stroke: none,"


def applications(
    values: Sequence[Sequence[int]],
    *,
    look: str = RULED,
    align: str = "center + horizon",
    columns: str = "15pt, 42pt, 1fr",
    width: str = "30pt",
    header: str = "{}",
) -> str:
    """Table 3 of the 2021 form in typst, seven figures to a row."""
    rest = iter(values)

    def box(text: str, wide: int = 1, high: int = 1) -> str:
        return f"table.cell(colspan: {wide}, rowspan: {high})[{text}],"

    def figures() -> str:
        return "".join(f"[{v}]," for v in next(rest)) + "\n"

    head = box("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3)
    head += box("申请人情况", 7) + box("自然人", high=2) + box("法人或其他组织", 5)
    head += box("总计", high=2)
    for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"):
        head += box(name)
    body = "".join(box(label, 3) + figures() for label in OPEN)
    body += box("三、本年度办理结果", 1, 22)
    body += "".join(box(label, 2) + figures() for label in HANDLED)
    for group, labels in GROUPS.items():
        body += box(group, 1, len(labels))
        body += "".join(box(label) + figures() for label in labels)
    body += box(LABELS[-2], 2) + figures() + box(LABELS[-1], 3) + figures()
    return (
        "#set text(size: 8pt)\n#set table(inset: (x: 2pt, y: 4pt))\n"
        f"#table(columns: ({columns}, ..({width},) * 7), align: {align}, {look}"
        f"{header.format(head)}\n{body})\n"
    )


def unique(seed: int = 1) -> list[list[int]]:
    """25 rows of seven figures, all different, none 0."""
    drawn = random.Random(seed).sample(range(100, 999), 175)
    return [drawn[i : i + 7] for i in range(0, 175, 7)]


def labelled(grid: Grid) -> list[tuple[str, list[int]]]:
    """The rows of figures with the label right before them."""
    found = []
    for row in rows(grid):
        if len(row) > 7 and all(t.isdecimal() for t in row[-7:]):
            found.append((row[-8], list(map(int, row[-7:]))))
    return found


def page(height: int, numbers: str = '"- 1 -"') -> str:
    return f"width: 595pt, height: {height}pt, margin: 60pt, numbering: {numbers}"


# -- drawn tables over page breaks ----------------------------------------------------------


@needs_chinese
@pytest.mark.parametrize("align", ["center + horizon", "left + top", "right + bottom"])
@pytest.mark.parametrize("height", [300, 377, 411, 530, 842])
def test_a_table_cut_by_pages_is_one_grid(height: int, align: str) -> None:
    """Wherever the page ends: between rows, inside a row's label, inside a merged cell."""
    values = unique(height)
    source = "三、收到和处理政府信息公开申请情况\n\n" + applications(
        values, align=align, columns="15pt, 30pt, 62pt", width="45pt"
    )
    grid = the_grid(typeset(source + "\n表后的文字。", page=page(height)))
    assert grid.drawn
    assert labelled(grid) == list(zip(LABELS, values, strict=True))
    merged = {c.text.replace("\n", ""): c.row_span for c in grid.cells if c.row_span > 2}
    spans = {group: len(labels) for group, labels in GROUPS.items()}
    assert {k: merged.get(k) for k in spans} == spans
    assert merged["三、本年度办理结果"] == 22


@needs_chinese
def test_header_rows_repeated_on_the_next_page_are_kept() -> None:
    values = unique()
    source = applications(values, header="table.header({}),")
    grid = the_grid(typeset(source, page=page(400)))
    assert [v for _, v in labelled(grid)] == values
    heads = [c.row for c in grid.cells if c.text == "申请人情况"]
    assert len(heads) > 1 and heads[0] == 0


@needs_chinese
def test_a_cell_keeps_the_place_where_it_begins() -> None:
    grid = the_grid(typeset(applications(unique()), page=page(300)))
    last = cell(grid, grid.rows - 1, 9)
    stub = next(c for c in grid.cells if c.text == "三、本年度办理结果")
    assert grid.place.page == stub.place.page == 1
    assert last.place.page == 3
    assert (last.place.table, last.place.row, last.place.column) == (1, grid.rows, 10)


@needs_chinese
def test_rows_with_figures_on_both_sides_of_a_break_stay_two() -> None:
    source = (
        "#v(150pt)\n#table(columns: (1fr, 1fr), "
        "[行政许可], [123], [行政处罚], [], [行政强制], [45])"
    )
    grid = the_grid(typeset(source, page="width: 400pt, height: 250pt, margin: 30pt"))
    assert {c.place.page for c in grid.cells} == {1, 2}
    assert rows(grid) == [["行政许可", "123"], ["行政处罚", ""], ["行政强制", "45"]]


@needs_chinese
def test_a_figure_broken_by_a_narrow_box_and_a_page_break_stays_one_cell() -> None:
    """The box is too narrow for 1234567 and the page ends between its lines."""
    broken = "12345#linebreak()67"
    source = (
        "#set text(size: 10pt)\n#set table(inset: 5pt)\n#v(118pt)\n"
        f"#table(columns: (52pt, 40pt, 40pt), [1.很长的标签], [{broken}], [{broken}], "
        "[2.重复], [12], [3], [3.其他], [123], [7])"
    )
    grid = the_grid(typeset(source, page="width: 250pt, height: 200pt, margin: 30pt"))
    assert rows(grid)[0] == ["1.很长的标签", "1234567", "1234567"]
    assert grid.rows == 3


@needs_chinese
def test_text_between_two_pages_parts_the_tables() -> None:
    table = "#table(columns: (1fr, 1fr), [甲], [乙], [1], [2])"
    document = pdf.blocks(typeset(f"{table}\n#pagebreak()\n三、另一节\n{table}"))
    assert len(grids(document)) == 2


# -- boxes ----------------------------------------------------------------------------------


@needs_chinese
@pytest.mark.parametrize(
    "look",
    [
        "stroke: 2.5pt,",
        'stroke: (thickness: .6pt, dash: "dotted"),',
        'stroke: (thickness: .6pt, dash: "dashed"),',
        "gutter: 2pt, stroke: .5pt,",
        "stroke: (x, y) => (left: if x > 0 { .5pt }, top: .5pt, bottom: .5pt),",
        "fill: (x, y) => if y < 3 { silver },",
    ],
)
def test_every_way_to_draw_a_line(look: str) -> None:
    values = unique()
    grid = the_grid(typeset(applications(values, look=look)))
    assert grid.drawn
    assert labelled(grid) == list(zip(LABELS, values, strict=True))


def test_a_table_of_filled_strips() -> None:
    """Word and many printers fill thin rectangles instead of drawing lines."""
    strips = "".join(f"50 {y} 200 .5 re f\n" for y in (150, 180, 210))
    strips += "".join(f"{x} 150 .5 60.5 re f\n" for x in (50, 150, 250))
    content = strips + line("a", 60, 190) + line("1", 160, 190) + line("b", 60, 160)
    assert rows(the_grid(written(content))) == [["a", "1"], ["b", ""]]


def test_a_table_in_one_path_and_a_table_of_boxes() -> None:
    one = "50 150 m 250 150 l 50 180 m 250 180 l 50 210 m 250 210 l 50 150 m 50 210 l "
    one += "150 150 m 150 210 l 250 150 m 250 210 l S\n"
    boxes = "".join(f"{x} {y} 100 30 re S\n" for x in (50, 150) for y in (150, 180))
    words = line("a", 60, 190) + line("1", 160, 190) + line("b", 60, 160) + line("22", 160, 160)
    for drawing in (one, boxes):
        assert rows(the_grid(written(drawing + words))) == [["a", "1"], ["b", "22"]]


def test_shading_alone_draws_no_box() -> None:
    content = "0.8 g 40 190 300 30 re f 0 g\n" + line("shaded words", 50, 200)
    document = pdf.blocks(written(content))
    assert grids(document) == []
    assert texts(document) == ["shaded words"]


def test_two_runs_in_one_box_are_known_as_such() -> None:
    content = "50 150 100 30 re S 150 150 100 30 re S\n"
    content += line("1", 60, 160) + line("1", 75, 160) + line("96171.6", 160, 160)
    grid = the_grid(written(content))
    assert [(c.text, c.pieces) for c in grid.cells] == [("1 1", ("1", "1")), ("96171.6", ())]


def test_a_figure_wider_than_its_box_is_not_cut_at_the_line() -> None:
    content = "50 150 30 30 re S 80 150 60 30 re S\n"
    content += line("987654", 52, 160) + line("0", 100, 160)
    assert rows(the_grid(written(content))) == [["987654", "0"]]


def test_figures_on_both_sides_of_a_line_are_parted_though_they_touch() -> None:
    content = "50 150 40 30 re S 90 150 60 30 re S\n"
    content += line("12345", 56, 160) + line("678", 90.2, 160)
    assert rows(the_grid(written(content))) == [["12345", "678"]]


def test_rows_only_the_figures_show() -> None:
    """One drawn row with three numbered labels and three figures in each column."""
    content = "50 100 100 80 re S\n" + "".join(
        f"{x} 100 50 80 re S\n" for x in (150, 200, 250, 300)
    )
    for k, y in enumerate((165, 140, 115), 1):
        content += line(f"{k}. row", 55, y)
        content += "".join(line(f"{k}{c}", x + 5, y) for c, x in enumerate((150, 200, 250, 300)))
    grid = the_grid(written(content))
    assert rows(grid) == [[f"{k}. row", *(f"{k}{c}" for c in range(4))] for k in (1, 2, 3)]


def test_a_long_figure_broken_in_its_box_makes_no_rows() -> None:
    content = "50 100 100 80 re S\n" + "".join(f"{x} 100 50 80 re S\n" for x in (150, 200, 250))
    content += line("1. row", 55, 140)
    for x in (150, 200, 250):
        content += line("12345", x + 5, 150) + line("6", x + 5, 135)
    assert the_grid(written(content)).rows == 1


@needs_chinese
def test_a_watermark_across_the_page_stays_out_of_the_cells() -> None:
    mark = "#place(rotate(-45deg, text(size: 60pt, fill: silver)[样稿仅供参考]))\n"
    values = unique()
    document = pdf.blocks(typeset(mark + applications(values)))
    (grid,) = grids(document)
    assert [v for _, v in labelled(grid)] == values
    (note,) = document.notes
    assert note.id == "read.watermark"
    assert "样稿仅供参考" in note.text.zh


def test_a_negative_figure_at_the_foot_of_a_page_is_no_page_number() -> None:
    content = "50 10 100 30 re S 150 10 100 30 re S\n" + line("a", 60, 20) + line("-588", 160, 20)
    assert rows(the_grid(written(content))) == [["a", "-588"]]


def test_a_page_number_that_a_table_runs_over_is_left_out() -> None:
    content = "50 5 100 60 re S 150 5 100 60 re S\n" + line("a", 60, 40) + line("7", 160, 40)
    content += line("- 2 -", 170, 12)
    assert rows(the_grid(written(content))) == [["a", "7"]]


@needs_chinese
def test_text_written_downwards_and_turned_is_one_label() -> None:
    source = (
        "#table(columns: (24pt, 30pt, 30pt, 60pt), [三、本年度办理结果], "
        "[#rotate(-90deg, reflow: true)[向上AB12]], [#rotate(90deg, reflow: true)[向下AB12]], [7])"
    )
    grid = the_grid(typeset(source))
    assert rows(grid) == [["三、本年度办理结果", "向上AB12", "向下AB12", "7"]]
    assert "\n" not in cell(grid, 0, 0).text


@needs_chinese
def test_a_frame_round_everything_is_no_table() -> None:
    table = "#table(columns: (1fr, 1fr), [甲], [1], [乙], [2])"
    prose = "本机关对照目录逐项自查，能公开的及时公开。"
    framed = f"#rect(width: 100%, inset: 20pt)[一、总体情况\n\n{prose}\n\n{table}\n\n{prose}]"
    layout = f"#table(columns: 1fr, [一、总体情况], [{prose}], [{table}], [{prose}])"
    for source in (framed, layout):
        document = pdf.blocks(typeset(source))
        assert texts(document) == ["一、总体情况", prose, prose]
        assert rows(grids(document)[0]) == [["甲", "1"], ["乙", "2"]]
        assert [type(b).__name__ for b in document.blocks].index("Grid") == 2


@needs_chinese
def test_prose_in_a_table_round_the_whole_text_comes_out_as_prose() -> None:
    prose = "本机关对照目录逐项自查，能公开的及时公开，不能公开的说明理由。" * 4
    wide = "table.cell(colspan: 3, align: left)[{}],"
    source = (
        "#table(columns: (1fr,) * 3, align: center,"
        + wide.format("一、总体情况")
        + wide.format(prose)
        + wide.format("二、主动公开政府信息情况")
        + "[甲], [乙], [丙], [11], [22], [33],"
        + wide.format("五、存在的主要问题及改进情况")
        + wide.format(prose)
        + ")"
    )
    document = pdf.blocks(typeset(source))
    assert texts(document) == [
        "一、总体情况",
        prose,
        "二、主动公开政府信息情况",
        "五、存在的主要问题及改进情况",
        prose,
    ]
    (grid,) = grids(document)
    assert rows(grid) == [["甲", "乙", "丙"], ["11", "22", "33"]]
    assert (cell(grid, 0, 0).place.table, cell(grid, 0, 0).place.row) == (1, 4)


def test_boxes_without_any_text_are_a_picture() -> None:
    """A table whose text was turned into curves, or a chart: nothing is read, its place is kept."""
    boxes = "".join(f"{x} {y} 50 20 re S\n" for x in (50, 100, 150) for y in (100, 120, 140))
    document = pdf.blocks(written(boxes + line("words", 50, 250)))
    assert grids(document) == []
    (picture,) = pictures(document)
    assert picture.place.bbox == pytest.approx((50, 140, 200, 200), abs=1)


# -- without boxes --------------------------------------------------------------------------

LEVEL = "stroke: (x: none, y: .5pt),"
UPRIGHT = "stroke: (x: .5pt, y: none),"
THREE_LINES = (
    "stroke: none, table.hline(y: 0), table.hline(y: 3, stroke: .5pt), table.hline(y: 28),"
)


@needs_chinese
@pytest.mark.parametrize(
    ("look", "align", "height"),
    [
        *((look, "center + horizon", 842) for look in (NO_LINES, LEVEL, THREE_LINES, UPRIGHT)),
        *((look, "left + top", 500) for look in (NO_LINES, LEVEL, UPRIGHT)),
    ],
)
def test_a_table_without_boxes_gives_its_rows(look: str, align: str, height: int) -> None:
    values = unique(7)
    source = "三、收到和处理政府信息公开申请情况\n\n" + applications(values, look=look, align=align)
    document = pdf.blocks(typeset(source + "\n表后的文字，另起一段，说明情况。", page=page(height)))
    (grid,) = grids(document)
    assert not grid.drawn
    assert [v for _, v in labelled(grid)] == values
    names = [label for label, _ in labelled(grid)]
    assert [n for n, full in zip(names, LABELS, strict=True) if not full.endswith(n[-6:])] == []
    assert texts(document)[0] == "三、收到和处理政府信息公开申请情况"
    assert texts(document)[-1] == "表后的文字，另起一段，说明情况。"


@needs_chinese
def test_a_frame_with_level_lines_only_has_columns() -> None:
    """No upright line but the outer two: not one column of labels with figures in them."""
    look = "stroke: (left: 0pt, right: .5pt, top: .5pt, bottom: .5pt),"
    values = unique()
    grid = the_grid(typeset(applications(values, look=look)))
    assert not grid.drawn
    assert labelled(grid) == list(zip(LABELS, values, strict=True))


@needs_chinese
def test_level_lines_that_stop_at_a_group_show_its_label_as_merged() -> None:
    grid = the_grid(typeset(applications(unique(), look=LEVEL)))
    spans = {c.text.replace("\n", ""): c.row_span for c in grid.cells if c.row_span > 2}
    assert {k: spans.get(k) for k in GROUPS} == {k: len(v) for k, v in GROUPS.items()}


@needs_chinese
def test_a_table_without_boxes_goes_on_on_the_next_page() -> None:
    """Even when a single row is left for it."""
    head = "#v(118pt)\n#table(columns: (60pt, ..(40pt,) * 5), stroke: none, "
    body = "".join(f"[第{k}行], [{k}1], [{k}2], [{k}3], [{k}4], [{k}5], " for k in range(1, 4))
    data = typeset(head + body + ")", page="width: 400pt, height: 240pt, margin: 40pt")
    grid = the_grid(data)
    assert [c.place.page for c in grid.cells if c.column == 0] == [1, 1, 2]
    assert rows(grid)[2] == ["第3行", "31", "32", "33", "34", "35"]


@needs_chinese
def test_two_tables_with_lines_of_the_same_length_stay_two() -> None:
    table = "#table(columns: (1fr,) * 3, stroke: (x: none, y: .5pt), {})"
    one = table.format("[项目], [数量], [金额], [甲类], [1], [2], [乙类], [3], [4]")
    two = table.format("[名称], [上年], [本年], [丙类], [5], [6], [丁类], [7], [8]")
    between = "三、收到和处理政府信息公开申请情况"
    document = pdf.blocks(typeset(f"{one}\n\n{between}\n\n{two}"))
    assert [rows(g)[1] for g in grids(document)] == [["甲类", "1", "2"], ["丙类", "5", "6"]]
    assert texts(document) == [between]


@needs_chinese
def test_prose_and_signatures_make_no_table() -> None:
    source = (
        "全年收到申请12件，其中自然人10件，法人2件，均在法定期限内答复。\n\n"
        "联系人：张三示例#h(60pt)电话：010-00000000\n\n"
        "#align(right)[云水市青石区数据局#h(40pt)2024年1月15日]"
    )
    assert grids(pdf.blocks(typeset(source))) == []
