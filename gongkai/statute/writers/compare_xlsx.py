"""对比工作簿 (.xlsx): every cell of two reports with change and percentage; sentences by reuse."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from gongkai.statute.comparisons import Change, Comparison, Reuse
from gongkai.statute.report import Value
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import base_names, compare_html
from gongkai.statute.writers.compare_html import REUSE, SIDES, reused, spec, who
from gongkai.statute.writers.form_words import TABLES, column_name, path_name, signed
from gongkai.statute.writers.json import COMPARE
from gongkai.statute.writers.sums_xlsx import Book, Sheet, lines
from gongkai.statute.writers.xlsx_tables import exact

_A, _B = 3, 4  # columns of the two figures
_ADDRESS = 8  # behind what is printed


def workbook(found: Comparison, lang: Lang) -> bytes:
    """The whole file."""
    found = base_names.compared(found)
    book = Book(compare_html.TITLE.say(lang), COMPARE)
    _overview(book, found, lang)
    _figures(book, found, lang)
    _sentences(book, found, lang)
    return book.content()


def _overview(book: Book, found: Comparison, lang: Lang) -> None:
    sheet = book.sheet(Text("概况", "Overview").say(lang), (44, 12, 14, 14, 12))
    sheet.put([(compare_html.TITLE.say(lang), "title")], 26)
    for name, report in zip(SIDES, (found.a, found.b), strict=True):
        _line(sheet, f"{name.say(lang)}　{who(report).say(lang)}")
        _line(sheet, report.file)
    for note in found.notes:
        _line(sheet, note.text.say(lang))
    sheet.skip()
    _line(sheet, reused(found).say(lang))
    head = {
        "zh": ("乙的部分", "字数", "一字不差", "只差数字等", "沿用 %"),
        "en": ("Section of B", "Characters", "Word for word", "But for figures", "Reused %"),
    }[lang]
    sheet.put([(head[0], "head"), *((name, "head_figure") for name in head[1:])], 34)
    for section in found.sections:
        if section.length:
            share = None if section.share is None else float(section.share)
            sheet.put(
                [
                    (section.title or section.no, "words"),
                    (section.length, "figure"),
                    (section.verbatim, "figure"),
                    (section.figures, "figure"),
                ],
                17 * lines(section.title, 42),
            )
            if share is not None:
                sheet.raw.write_number(sheet.row - 1, 4, share, sheet.style("percent"))


def _line(sheet: Sheet, text: str) -> None:
    sheet.raw.merge_range(sheet.row, 0, sheet.row, 4, "", sheet.style("note"))
    sheet.raw.write_string(sheet.row, 0, text, sheet.style("note"))
    sheet.raw.set_row(sheet.row, 17 * lines(text, 92))
    sheet.row += 1


def _figures(book: Book, found: Comparison, lang: Lang) -> None:
    widths = (8, 46, 22, 13, 13, 12, 10, 46, 12)
    sheet = book.sheet(Text("数字", "Figures").say(lang), widths)
    head = {
        "zh": ("表", "行", "列", "甲", "乙", "增减", "增减 %", "说明", "地址"),
        "en": ("Table", "Row", "Column", "A", "B", "Change", "Change %", "Remark", "Address"),
    }[lang]
    figures = range(_A, _B + 3)
    sheet.put([(n, "head_figure" if at in figures else "head") for at, n in enumerate(head)], 34)
    for one in found.changes:
        _change(sheet, one, found, lang)
    sheet.raw.freeze_panes(1, 3)
    sheet.raw.repeat_rows(0)
    sheet.raw.print_area(0, 0, len(found.changes), _ADDRESS - 1)
    sheet.raw.autofilter(0, 0, max(1, len(found.changes)), len(head) - 1)


def _change(sheet: Sheet, one: Change, found: Comparison, lang: Lang) -> None:
    meant = spec(one.address, found)
    name = path_name(meant.row, meant.block, lang)
    why = one.why.say(lang) if one.why else ""
    money = meant.column.type == "decimal"
    row = sheet.put(
        [
            (TABLES[meant.table].say(lang).split("  ")[0], "line"),
            (name, "words"),
            (column_name(meant.column, lang), "line"),
            (_side(one.a, one, lang, "a"), "money" if money else "figure"),
            (_side(one.b, one, lang, "b"), "money" if money else "figure"),
            (None, "figure"),
            (None, "percent"),
            (why, "words"),
            (one.address, "address"),
        ],
        17 * max(lines(name, 44), lines(why, 44)),
    )
    if one.change is None:
        return
    if any(exact(value) is None for value in (one.a, one.b, one.change)):
        sheet.cell(row, _B + 1, signed(one.change), "line")  # text: no formula adds such figures
        sheet.cell(row, _B + 2, one.percent, "line")
        return
    a, b = xl_rowcol_to_cell(row, _A), xl_rowcol_to_cell(row, _B)
    style = "signed_money" if money else "signed"
    sheet.formula(row, _B + 1, f"={b}-{a}", one.change, style)
    if one.percent is not None:
        now = float(one.percent)
        sheet.raw.write_formula(row, _B + 2, f"=({b}-{a})/{a}*100", sheet.style("percent"), now)


def _side(value: Value | None, one: Change, lang: Lang, which: str) -> str | Value | None:
    state = one.a_state if which == "a" else one.b_state
    return value if value is not None else compare_html.side(value, state, lang)


def _sentences(book: Book, found: Comparison, lang: Lang) -> None:
    sheet = book.sheet(Text("文字", "Wording").say(lang), (18, 74, 22, 10, 74))
    head = {
        "zh": ("乙的部分", "乙的句子", "沿用程度", "甲的部分", "甲的句子（不同时）"),
        "en": ("Section of B", "Sentence of B", "Reuse", "In A", "Sentence of A, if different"),
    }[lang]
    sheet.put([(name, "head") for name in head], 34)
    count = 0
    for section in found.sections:
        for mark in section.marks:
            text = section.text[mark.start : mark.end]
            other = mark.original or "" if mark.reuse is Reuse.FIGURES else ""
            style = "words" if mark.reuse is Reuse.NEW else mark.reuse.value
            sheet.put(
                [
                    (section.title or section.no, "words"),
                    (text, style),
                    (REUSE[mark.reuse].say(lang), "words"),
                    (mark.section or "", "words"),
                    (other, "words"),
                ],
                17 * max(lines(text, 72), lines(other, 72), lines(section.title, 16)),
            )
            count += 1
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.repeat_rows(0)
    sheet.raw.autofilter(0, 0, max(1, count), len(head) - 1)
