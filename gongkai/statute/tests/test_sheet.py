"""电子表格: real workbooks made here (.xlsx by XlsxWriter, .xls and .ods record by record)."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable, Sequence

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute.readers import ole, sheet, sheet_cells, sheet_xls, sheet_xlsx
from gongkai.statute.readers.blocks import Document, Grid, Paragraph
from gongkai.statute.report import CannotRead, Place

TITLE = "云水市青石区2023年政府信息公开工作年度报告"
PROSE = "本年度认真落实有关要求，主动公开各类政府信息一百余条，依法办理公开申请，没有收取费用。"


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [b for b in document.blocks if isinstance(b, Grid)]


def shape(grid: Grid) -> list[tuple[int, int, str, int, int]]:
    return [(c.row, c.column, c.text, c.row_span, c.column_span) for c in grid.cells]


def ids(document: Document) -> list[str]:
    return [note.id for note in document.notes]


def xlsx(*fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for step in fill:
        step(book)
    book.close()
    return out.getvalue()


Rows = Sequence[Sequence[object]]


def sheet_of(rows: Rows, name: str = "Sheet1") -> Callable[[xlsxwriter.Workbook], None]:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    page.write(r, c, value)

    return fill


DATA: Rows = [["信息内容", "本年制发件数"], ["规章", 0], ["行政规范性文件", 6]]


# 数值
def test_numbers_are_native_and_plain() -> None:
    numbers = [5, 4.339, -3, 0, 1e20, 0.1 + 0.2, 13480.0, 1234567.5]
    found = sheet.blocks(xlsx(sheet_of([["规章", *numbers], ["许可", *("5" for _ in numbers)]])))
    cells = grids(found)[0].cells
    plain = ["5", "4.339", "-3", "0", "100000000000000000000", "0.3", "13480", "1234567.5"]
    assert [c.text for c in cells[1:9]] == plain
    assert [c.native for c in cells] == [False, *[True] * 8, *[False] * 9]
    assert found.carrier == "xlsx"


def test_texts_that_look_like_numbers_stay_texts() -> None:
    cells = grids(sheet.blocks(xlsx(sheet_of([["规章", "007"], ["许可", " 1,024 "]]))))[0].cells
    assert [(c.text, c.native) for c in cells[1::2]] == [("007", False), ("1,024", False)]


def test_dates_truths_and_errors() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        look = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["项目", "内容"])
        page.write(1, 0, "日期")
        page.write_datetime(1, 1, datetime.date(2024, 1, 20), look)
        page.write(2, 0, "是否")
        page.write_boolean(2, 1, True)
        page.write(3, 0, "错误")
        page.write_formula(3, 1, "=1/0", None, "#DIV/0!")

    cells = grids(sheet.blocks(xlsx(fill)))[0].cells
    assert [c.text for c in cells[3::2]] == ["2024-01-20", "TRUE", "#DIV/0!"]
    assert not any(c.native for c in cells)


def test_a_formula_keeps_its_stored_result() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA)(book)
        book.worksheets()[0].write_formula(2, 1, "=1+5", None, 6)

    found = sheet.blocks(xlsx(fill))
    assert (grids(found)[0].cells[-1].text, ids(found)) == ("6", [])


def without_value(data: bytes) -> bytes:
    """The same workbook with its formulas' results taken out, as programs write it that do not
    calculate."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</f><v>0</v>", b"</f><v></v>"))
    return out.getvalue()


def test_a_formula_without_a_result_stands_as_such_and_is_said() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA, "年报")(book)
        book.worksheets()[0].write_formula(2, 1, "=1+5")

    # XlsxWriter puts a 0 there and asks programs to calculate on opening: that 0 is no result.
    for data in (xlsx(fill), without_value(xlsx(fill))):
        found = sheet.blocks(data)
        cell = grids(found)[0].cells[-1]
        assert (cell.text, cell.native) == ("=1+5", False)
        assert ids(found) == ["read.formula_without_value"]
        assert "B3" in found.notes[0].text.zh and "年报" in found.notes[0].text.zh


# 版面
def test_title_headings_prose_and_tables() -> None:
    rows: Rows = [
        [TITLE],
        [],
        ["一、总体情况"],
        [PROSE],
        ["二、主动公开政府信息情况"],
        ["第二十条第（一）项"],
        *DATA,
        ["第二十条第（五）项"],
        ["行政许可", 3],
        ["五、存在的主要问题及改进情况"],
        ["无。"],
        [],
        ["青石区示例办公室"],
    ]
    found = sheet.blocks(xlsx(sheet_of(rows)))
    kinds = [type(b) for b in found.blocks]
    assert kinds == [Paragraph] * 4 + [Grid] + [Paragraph] * 3
    assert texts(found)[:2] == [TITLE, "一、总体情况"]
    assert [b.place.line for b in found.blocks if isinstance(b, Paragraph)] == list(range(1, 8))
    grid = grids(found)[0]
    assert (grid.rows, grid.columns, grid.drawn) == (6, 2, True)
    assert grid.cells[0].text == "第二十条第（一）项"
    assert grid.cells[-1].place == Place(table=1, row=11, column=2)


def test_labels_with_nothing_filled_in_stay_rows() -> None:
    rows: Rows = [["信息内容", "本年处理决定数量"], ["行政处罚", 1], ["行政强制"]]
    grid = grids(sheet.blocks(xlsx(sheet_of(rows))))[0]
    assert shape(grid)[-2:] == [(2, 0, "行政强制", 1, 1), (2, 1, "", 1, 1)]


def test_tables_of_different_width_keep_their_own() -> None:
    rows: Rows = [
        ["二、主动公开政府信息情况"],
        *DATA,
        ["三、收到和处理政府信息公开申请情况"],
        ["项目", *range(7)],
        ["一、本年新收", *range(7)],
    ]
    assert [g.columns for g in grids(sheet.blocks(xlsx(sheet_of(rows))))] == [2, 8]


def test_empty_rows_cut_tables() -> None:
    found = sheet.blocks(xlsx(sheet_of([*DATA, [], *DATA])))
    assert [g.place.table for g in grids(found)] == [1, 2]
    assert grids(found)[1].cells[0].place.row == 5


def test_merges() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.merge_range("B3:C4", "栏")
        page.merge_range("D3:E3", "申请人情况")
        page.write_row("D4", ["自然人", "总计"])
        page.merge_range("B5:B6", "三、本年度办理结果")
        page.write_row("C5", ["予以公开", 1, 1])
        page.write("C6", "部分公开")
        page.merge_range("D6:E6", "")

    grid = grids(sheet.blocks(xlsx(fill)))[0]
    assert shape(grid) == [
        (0, 0, "栏", 2, 2),
        (0, 2, "申请人情况", 1, 2),
        (1, 2, "自然人", 1, 1),
        (1, 3, "总计", 1, 1),
        (2, 0, "三、本年度办理结果", 2, 1),
        (2, 1, "予以公开", 1, 1),
        (2, 2, "1", 1, 1),
        (2, 3, "1", 1, 1),
        (3, 1, "部分公开", 1, 1),
        (3, 2, "", 1, 2),
    ]
    assert grid.cells[0].place == Place(table=1, row=3, column=2)


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    def rows(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA)(book)
        book.worksheets()[0].set_row(1, None, None, {"hidden": True})

    def columns(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA)(book)
        book.worksheets()[0].set_column(1, 1, None, None, {"hidden": True})

    def beyond(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA)(book)
        book.worksheets()[0].set_column(5, 16383, None, None, {"hidden": True})

    for fill, said in ((rows, ["read.hidden_rows"]), (columns, ["read.hidden_rows"]), (beyond, [])):
        found = sheet.blocks(xlsx(fill))
        assert (len(grids(found)[0].cells), ids(found)) == (6, said)


def test_strings_with_runs_readings_and_escapes() -> None:
    run = "<r><t>规</t></r><r><rPr><b/></rPr><t>章</t></r><rPh sb='0' eb='1'><t>guī</t></rPh>"
    cells = f"<c t='inlineStr'><is>{run}</is></c><c t='str'><f>A1</f><v>甲</v></c>"
    second = "<c t='inlineStr'><is><t>甲_x000A_乙</t></is></c><c><v>007</v></c>"
    data = with_sheet(f"<sheetData><row>{cells}</row><row>{second}</row></sheetData>")
    assert [c.text for c in grids(sheet.blocks(data))[0].cells] == ["规章", "甲", "甲\n乙", "7"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd", "2024-01-20"),
        ('yyyy"年"m"月"d"日"', "2024-01-20"),
        ("[$-804]aaaa;@", "45311"),
        ("yyyy/m/d h:mm", "2024-01-20"),
        ("0.00", "45311"),
        ('0"件"', "45311"),
        ("#,##0.00_);[Red](#,##0.00)", "45311"),
        ("General", "45311"),
        ('0.0"ymd"', "45311"),
        ("@", "45311"),
    ],
)
def test_formats_that_show_dates(code: str, shown: str) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA)(book)
        book.worksheets()[0].write_number(2, 1, 45311, book.add_format({"num_format": code}))

    assert grids(sheet.blocks(xlsx(fill)))[0].cells[-1].text == shown


def test_times_and_the_other_epoch() -> None:
    assert sheet_cells.number(0.5, is_date=True) == ("12:00:00", False)
    assert sheet_cells.number(45311.25, is_date=True) == ("2024-01-20T06:00:00", False)
    assert sheet_cells.number(43849, is_date=True, from_1904=True) == ("2024-01-20", False)
    assert sheet_cells.number(1, is_date=True) == ("1900-01-01", False)
    assert sheet_cells.number(61, is_date=True) == ("1900-03-01", False)
    assert sheet_cells.number(-1, is_date=True) == ("-1", True)


def test_the_same_cells_as_an_independent_reader() -> None:
    calamine = pytest.importorskip("python_calamine")
    rows: Rows = [["信息内容", "甲", 1, 2.5], [None, "乙 丙", -3, 1e12], ["许可", None, 0, 0.1]]
    for data in (xlsx(sheet_of(rows, "年报")), XLS):
        (name,) = [s.name for s in _sheets(data)]
        theirs = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        expected = theirs.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ours = [[text for text, _ in row] for row in _sheets(data)[0].rows]
        for line, wanted in zip(ours, expected, strict=True):
            for text, value in zip(line, wanted, strict=False):
                if value != "":  # what stands for an error is an empty text there
                    assert text == (f"{value:.15g}" if isinstance(value, float) else value)


def _sheets(data: bytes) -> list[sheet_cells.Sheet]:
    is_binary = data.startswith(ole.MAGIC)
    return sheet_xls.sheets(data) if is_binary else sheet_xlsx.sheets(data)


def test_hidden_sheets_are_left_out_and_said() -> None:
    def hide(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("旧数据")
        page.write(0, 0, "规章")
        page.hide()

    found = sheet.blocks(xlsx(sheet_of(DATA), hide))
    assert len(found.blocks) == 1
    assert ids(found) == ["read.hidden_text"] and "旧数据" in found.notes[0].text.zh


def test_names_of_sheets() -> None:
    several = xlsx(sheet_of(DATA, "主动公开情况"), sheet_of(DATA, "Sheet2"), sheet_of([], "空表"))
    assert texts(sheet.blocks(several)) == ["主动公开情况"]
    assert texts(sheet.blocks(xlsx(sheet_of(DATA, "年报")))) == []
    alone = xlsx(sheet_of(DATA, "二、主动公开政府信息情况"))
    assert texts(sheet.blocks(alone)) == ["二、主动公开政府信息情况"]


def test_a_chart_sheet_is_passed_over() -> None:
    def chart(book: xlsxwriter.Workbook) -> None:
        sheet_of(DATA)(book)
        page = book.add_chartsheet("图表一")
        drawn = book.add_chart({"type": "bar"})
        drawn.add_series({"values": "=Sheet1!$B$2:$B$3"})
        page.set_chart(drawn)

    found = sheet.blocks(xlsx(chart))
    assert (len(found.blocks), ids(found)) == (1, [])


# .xls
def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE2 file that holds one stream."""
    stream = stream.ljust(-(-max(len(stream), 4096) // 512) * 512, b"\0")
    sectors = len(stream) // 512
    chain = [*range(3, sectors + 2), 0xFFFFFFFE]
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *chain]
    assert len(fat) <= 128
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    directory = b""
    for kind, title, first, size, child in (
        (5, "Root Entry", 0xFFFFFFFE, 0, 1),
        (2, name, 2, len(stream), 0xFFFFFFFF),
    ):
        raw = title.encode("utf-16-le") + b"\0\0"
        directory += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        directory += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        directory += bytes(36) + struct.pack("<IIxxxx", first, size)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return header + table + directory.ljust(512, b"\0") + stream


def xls(sheets: Sequence[tuple[str, int, bytes]], strings: Sequence[str] = ()) -> bytes:
    """A BIFF8 workbook: (name, 0 visible or 1 hidden, cell records) of each sheet."""

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 6))

    shared = b"".join(struct.pack("<HB", len(s), 1) + s.encode("utf-16-le") for s in strings)
    sst = record(0x00FC, struct.pack("<II", len(strings), len(strings)) + shared)
    names = [n.encode("utf-16-le") for n, _, _ in sheets]
    at = len(begin(5)) + sum(12 + len(n) for n in names) + len(sst) + 4
    bound = b""
    for (name, hidden, cells), raw in zip(sheets, names, strict=True):
        bound += record(0x0085, struct.pack("<IBBBB", at, hidden, 0, len(name), 1) + raw)
        at += len(begin(16)) + len(cells) + 4
    stream = begin(5) + bound + sst + record(0x000A, b"")
    for _, _, cells in sheets:
        stream += begin(16) + cells + record(0x000A, b"")
    return container(stream)


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def string(row: int, column: int, index: int) -> bytes:
    return record(0x00FD, struct.pack("<HHHI", row, column, 0, index))


def merge(*ranges: tuple[int, int, int, int]) -> bytes:
    packed = b"".join(struct.pack("<HHHH", *r) for r in ranges)
    return record(0x00E5, struct.pack("<H", len(ranges)) + packed)


STRINGS = ["三、本年度办理结果", "予以公开", "部分公开", "结转"]
CELLS = (
    string(0, 0, 0) + string(0, 1, 1) + number(0, 2, 5) + number(0, 3, 4.339)
    + string(1, 1, 2) + number(1, 2, -1) + record(0x0205, struct.pack("<HHHBB", 1, 3, 0, 0x2A, 1))
    + string(2, 0, 3) + merge((0, 1, 0, 0), (2, 2, 0, 1)) + number(2, 2, 7)
    + record(0x0006, struct.pack("<HHH", 2, 3, 0) + b"\x02\0\x07\0\0\0\xff\xff"
             + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\0")
)  # fmt: skip


def test_xls() -> None:
    found = sheet.blocks(xls([("年报", 0, CELLS), ("藏", 1, number(0, 0, 1))], STRINGS))
    assert found.carrier == "xls"
    assert shape(grids(found)[0]) == [
        (0, 0, "三、本年度办理结果", 2, 1),
        (0, 1, "予以公开", 1, 1),
        (0, 2, "5", 1, 1),
        (0, 3, "4.339", 1, 1),
        (1, 1, "部分公开", 1, 1),
        (1, 2, "-1", 1, 1),
        (1, 3, "#N/A", 1, 1),
        (2, 0, "结转", 1, 2),
        (2, 2, "7", 1, 1),
        (2, 3, "#DIV/0!", 1, 1),
    ]
    assert [c.native for c in grids(found)[0].cells if c.column == 2] == [True] * 3
    assert ids(found) == ["read.hidden_text"]


def test_encrypted_xls() -> None:
    stream = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)) + record(
        0x002F, bytes(6)
    )
    assert refused(container(stream)) == "error.encrypted"


def test_a_far_off_cell_of_an_xls() -> None:
    far = xls([("年报", 0, number(0, 0, 1) + number(65535, 65535, 1))])
    assert refused(far) == "error.too_large"


def test_shared_strings_of_an_xls_run_over_records() -> None:
    """A string cut by a record's end goes on with a width of its own."""
    first = struct.pack("<IIHB", 3, 3, 4, 1) + "本年".encode("utf-16-le")
    second = b"\x01" + "新收".encode("utf-16-le") + struct.pack("<HBH", 2, 8, 1) + b"ok" + bytes(4)
    third = struct.pack("<HBI", 1, 5, 6) + "甲".encode("utf-16-le") + bytes(6)
    assert list(sheet_xls._shared_strings([first, second, third])) == ["本年新收", "ok", "甲"]
    with pytest.raises(IndexError):
        list(sheet_xls._shared_strings([first]))


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (22 << 2 | 2, 22),
        (1024 << 2 | 3, 10.24),
        ((-3 << 2 | 2) & 0xFFFFFFFF, -3),
        (0x3FF80000, 1.5),
    ],
)
def test_packed_numbers_of_an_xls(packed: int, value: float) -> None:
    one = record(0x027E, struct.pack("<HHHI", 0, 1, 0, packed))
    two = record(0x00BD, struct.pack("<HHHIHIH", 1, 1, 0, packed, 0, packed, 2))
    cells = grids(sheet.blocks(xls([("年报", 0, string(0, 0, 1) + one + two)], STRINGS)))[0].cells
    assert [c.text for c in cells if c.native] == [f"{value:g}"] * 3


def test_text_results_and_labels_of_an_xls() -> None:
    formula = struct.pack("<HHH", 0, 1, 0) + bytes(6) + b"\xff\xff" + struct.pack("<HIH", 0, 0, 0)
    said = struct.pack("<HB", 2, 1) + "合计".encode("utf-16-le")
    label = struct.pack("<HHHHB", 1, 0, 0, 2, 1) + "规章".encode("utf-16-le")
    cells = string(0, 0, 0) + record(0x0006, formula) + record(0x0207, said)
    cells += record(0x0204, label) + number(1, 1, 0)
    found = grids(sheet.blocks(xls([("年报", 0, cells)], STRINGS)))[0]
    assert [c.text for c in found.cells] == [STRINGS[0], "合计", "规章", "0"]


def test_a_formula_of_an_xls_without_a_result() -> None:
    none = struct.pack("<HHH", 1, 1, 0) + b"\x03" + bytes(5) + b"\xff\xff" + bytes(8)
    cells = string(0, 0, 0) + number(0, 1, 5) + string(1, 0, 1) + record(0x0006, none)
    found = sheet.blocks(xls([("年报", 0, cells)], STRINGS))
    assert [c.text for c in grids(found)[0].cells] == [STRINGS[0], "5", STRINGS[1], ""]
    assert ids(found) == ["read.formula"]


def test_an_older_xls_in_its_code_page() -> None:
    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHH", 0x0500, kind, 0, 0))

    page = record(0x0042, struct.pack("<H", 936))
    name = "年报".encode("gbk")
    at = len(begin(5) + page) + 4 + 7 + len(name) + 4
    bound = record(0x0085, struct.pack("<IBBB", at, 0, 0, len(name)) + name)
    text = "规章".encode("gbk")
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)
    end = record(0x000A, b"")
    stream = begin(5) + page + bound + end + begin(16) + label + number(0, 1, 6) + end
    found = grids(sheet.blocks(container(stream, "Book")))[0]
    assert [c.text for c in found.cells] == ["规章", "6"]


# .ods
def ods(rows: str, styles: str = "", table: str = "年报", style: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="{table}" {style}>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        opened.writestr("content.xml", content)
    return out.getvalue()


def text_cell(text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def float_cell(value: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}" {more}>'
        f"<text:p>{value}件</text:p></table:table-cell>"
    )


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_ods() -> None:
    rows = (
        row(text_cell(TITLE))
        + row(more='table:number-rows-repeated="2"')
        + "<table:table-header-rows>"
        + row(
            text_cell("项目", 'table:number-rows-spanned="2"'),
            text_cell(
                "总<text:line-break/>计<office:annotation><text:p>批注</text:p></office:annotation>"
            ),
            '<table:table-cell table:number-columns-repeated="1022"/>',
        )
        + "</table:table-header-rows>"
        + row("<table:covered-table-cell/>", float_cell("5"))
        + row(text_cell("许可"), float_cell("4.50", 'table:formula="of:=1"'))
        + row(
            text_cell("日期"),
            '<table:table-cell office:value-type="date" office:date-value="2024-01-20"/>',
        )
        + row(text_cell("行政强制"), '<table:table-cell table:formula="of:=SUM([.B2:.B4])"/>')
        + row("<table:table-cell/>", more='table:number-rows-repeated="1048570"')
    )
    found = sheet.blocks(ods(rows))
    assert (found.carrier, texts(found)) == ("ods", [TITLE])
    assert shape(grids(found)[0]) == [
        (0, 0, "项目", 2, 1),
        (0, 1, "总\n计", 1, 1),
        (1, 1, "5", 1, 1),
        (2, 0, "许可", 1, 1),
        (2, 1, "4.5", 1, 1),
        (3, 0, "日期", 1, 1),
        (3, 1, "2024-01-20", 1, 1),
        (4, 0, "行政强制", 1, 1),
        (4, 1, "=SUM(B2:B4)", 1, 1),
    ]
    assert ids(found) == ["read.formula_without_value"]


def test_hidden_ods_sheet() -> None:
    style = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    found = sheet.blocks(ods(row(text_cell("规章")), style, style='table:style-name="ta1"'))
    assert (found.blocks, ids(found)) == ((), ["read.hidden_text"])


# .csv
@pytest.mark.parametrize("sign", [",", "\t", ";"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv(sign: str, codec: str) -> None:
    lines = [
        [TITLE],
        ["信息内容", '"本年\n制发件数"', "备注"],
        ["规章", "0", ""],
        ["行政规范性文件", '"1,024"', '"含""修订"""'],
    ]
    data = "\r\n".join(sign.join(line) for line in lines).encode(codec)
    found = sheet.blocks(data)
    assert (found.carrier, texts(found)) == ("csv", [TITLE])
    assert [c.text for c in grids(found)[0].cells] == [
        "信息内容", "本年\n制发件数", "备注", "规章", "0", "",
        "行政规范性文件", "1,024", '含"修订"',
    ]  # fmt: skip
    assert not any(c.native for c in grids(found)[0].cells)
    assert ids(found) == ([] if codec.startswith("utf-8") else ["read.encoding"])


def test_short_lines_of_a_csv_have_no_cell() -> None:
    grid = grids(sheet.blocks("规章,0,1\n许可,3\n处罚,1,2\n".encode()))[0]
    assert shape(grid)[3:5] == [(1, 0, "许可", 1, 1), (1, 1, "3", 1, 1)]
    assert len(grid.cells) == 8


def test_padded_prose_in_a_csv() -> None:
    data = f"{TITLE},,\n一、总体情况,,\n{PROSE},,\n规章,0,0\n许可,1,2\n"
    found = sheet.blocks(data.encode())
    assert texts(found) == [TITLE, "一、总体情况", PROSE]
    assert grids(found)[0].columns == 3


XLSX, XLS = xlsx(sheet_of(DATA)), xls([("年报", 0, CELLS)], STRINGS)
ODS = ods(row(text_cell("规章"), float_cell("1")) + row(text_cell("许可"), float_cell("2")))


# 限度
def refused(data: bytes) -> str:
    with pytest.raises(CannotRead) as caught:
        sheet.blocks(data)
    assert caught.value.text.zh
    return caught.value.id


def test_a_far_off_cell_of_an_xlsx() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write(0, 0, 1)
        page.write(1_048_575, 16_383, 1)

    assert refused(xlsx(fill)) == "error.too_large"


def with_sheet(content: str) -> bytes:
    """A workbook whose one sheet holds this XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                data = f'<worksheet xmlns="{space}">{content}</worksheet>'.encode()
            new.writestr(name, data)
    return out.getvalue()


def test_a_table_far_down_a_sheet() -> None:
    found = grids(sheet.blocks(with_sheet(far_down(40_000))))[0]
    assert (found.rows, found.cells[0].place.row) == (2, 40_000)


def far_down(row: int) -> str:
    cells = "<c><v>1</v></c><c><v>2</v></c>"
    return f'<sheetData><row r="{row}">{cells}</row><row r="{row + 1}">{cells}</row></sheetData>'


def test_cells_without_references_are_counted() -> None:
    cells = "<c><v>1</v></c>"
    good = with_sheet(f"<sheetData><row>{cells * 2}</row><row>{cells * 2}</row></sheetData>")
    assert [c.text for c in grids(sheet.blocks(good))[0].cells] == ["1"] * 4
    bad = with_sheet(f"<sheetData>{'<row/>' * 1500}<row>{cells * 1500}</row></sheetData>")
    assert refused(bad) == "error.too_large"


@pytest.mark.parametrize("reference", ["D5199999999999", "ZZZZ1", "A0", "a1", "5", "A-1", ""])
def test_impossible_references_are_refused(reference: str) -> None:
    """The cell reader would reserve terabytes for some of these, and take the process with it."""
    data = with_sheet(f'<sheetData><row><c r="{reference}"><v>1</v></c></row></sheetData>')
    assert refused(data) == "error.damaged"


def test_damaged_workbooks() -> None:
    good = xlsx(sheet_of(DATA))
    assert refused(good[:-200]) == "error.damaged"
    assert refused(xls([("年报", 0, CELLS)], STRINGS)[:1500]) == "error.damaged"
    assert refused(ole.MAGIC + bytes(600)) == "error.damaged"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([XLSX, XLS, ODS]), st.integers(0, 20_000), st.integers(0, 255), st.booleans()
)
def test_altered_and_cut_workbooks(good: bytes, at: int, value: int, cut: bool) -> None:
    data = bytearray(good)
    at %= len(data)
    data[at] = value
    try:
        found = sheet.blocks(bytes(data[: max(at, 8)] if cut else data))
    except CannotRead as fault:
        assert fault.id in ("error.damaged", "error.encrypted", "error.too_large")
    else:
        assert isinstance(found, Document)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", ole.MAGIC]))
def test_any_bytes(data: bytes, start: bytes) -> None:
    try:
        assert isinstance(sheet.blocks(start + data), Document)
    except CannotRead as fault:
        assert fault.id.startswith("error.")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from([None, "规章", "一、总体情况", PROSE, "其他", 0, 1.5]), max_size=5
        ),
        max_size=9,
    )
)
def test_every_figure_of_any_sheet_comes_out_once(rows: list[list[object]]) -> None:
    found = sheet.blocks(xlsx(sheet_of(rows)))
    written = sorted(str(v) for line in rows for v in line if v is not None)
    cells = [c.text for g in grids(found) for c in g.cells if c.text]
    assert sorted(texts(found) + cells) == written
