"""One cell at a time: (printed, column type, drawn) -> (state, value, note or doubt)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.statute import forms
from gongkai.statute.readers import figures
from gongkai.statute.readers.blocks import GridCell
from gongkai.statute.report import State, Value

COUNT = forms.form("2019").specs["proactive.regulations.made"].column
CHANGE = forms.form("2019").specs["proactive.licensing.change"].column
MONEY = forms.form("2019").specs["proactive.procurement.amount"].column
NUMBER, BLANK, DASH = State.NUMBER, State.BLANK, State.DASH
NONE, UNREADABLE = State.NOT_APPLICABLE, State.UNREADABLE

CASES = [
    ("0", COUNT, NUMBER, 0, None),
    (" 0 ", COUNT, NUMBER, 0, None),
    ("\xa05\xa0", COUNT, NUMBER, 5, None),
    ("１２", COUNT, NUMBER, 12, None),
    ("447,228", COUNT, NUMBER, 447228, None),
    ("1，234", COUNT, NUMBER, 1234, None),
    ("6件", COUNT, NUMBER, 6, None),
    ("007", COUNT, NUMBER, 7, None),
    ("22（其中修订16件）", COUNT, NUMBER, 22, "read.cell_remark"),
    ("5²", COUNT, NUMBER, 5, "read.cell_remark"),
    ("326①", COUNT, NUMBER, 326, "read.cell_remark"),
    ("²", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("①", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("５ ¹", COUNT, NUMBER, 5, "read.cell_remark"),
    ("0⁰", COUNT, NUMBER, 0, "read.cell_remark"),
    ("12¹⁰", COUNT, NUMBER, 12, "read.cell_remark"),
    ("6①②", COUNT, NUMBER, 6, "read.cell_remark"),
    ("6²件", COUNT, NUMBER, 6, "read.cell_remark"),
    ("6件⑳", COUNT, NUMBER, 6, "read.cell_remark"),
    ("三①", COUNT, NUMBER, 3, "read.cell_remark"),
    ("22（其中①修订16件）", COUNT, NUMBER, 22, "read.cell_remark"),
    ("4.339¹", MONEY, NUMBER, Decimal("4.339"), "read.cell_remark"),
    ("—①", COUNT, DASH, None, None),
    ("无²", COUNT, NONE, None, None),
    ("5²3", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("5²,300", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("5² 3", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("①5", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("若干①", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("1 1²", COUNT, UNREADABLE, None, "doubt.split_digits"),
    ("三", COUNT, NUMBER, 3, "read.numeral"),
    ("一百二十", COUNT, NUMBER, 120, "read.numeral"),
    ("-1", COUNT, NUMBER, -1, None),
    ("", COUNT, BLANK, None, None),
    (" \u3000\xa0", COUNT, BLANK, None, None),
    ("—", COUNT, DASH, None, None),
    ("-", COUNT, DASH, None, None),
    ("/", COUNT, DASH, None, None),
    ("／", COUNT, DASH, None, None),
    ("——", COUNT, DASH, None, None),
    ("无", COUNT, NONE, None, None),
    ("不适用", COUNT, NONE, None, None),
    ("不 涉 及", COUNT, NONE, None, None),
    ("若干", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("约5", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("O", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("1.5", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("5元", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("3、4", COUNT, UNREADABLE, None, "doubt.not_a_number"),
    ("1 1", COUNT, UNREADABLE, None, "doubt.split_digits"),
    ("减4", CHANGE, NUMBER, -4, "read.signed"),
    ("增2", CHANGE, NUMBER, 2, "read.signed"),
    ("+2", CHANGE, NUMBER, 2, None),
    ("－4", CHANGE, NUMBER, -4, None),
    ("4.339万元", MONEY, NUMBER, Decimal("4.339"), None),
    ("4.339", MONEY, NUMBER, Decimal("4.339"), None),
    ("251000元", MONEY, NUMBER, Decimal("25.1"), "read.money_unit"),
    ("100000元", MONEY, NUMBER, Decimal("10"), "read.money_unit"),
    ("1.2亿元", MONEY, NUMBER, Decimal("12000"), "read.money_unit"),
    ("13480", MONEY, NUMBER, Decimal("13480"), None),
    ("96,171.60", MONEY, NUMBER, Decimal("96171.60"), None),
]


@pytest.mark.parametrize(("printed", "column", "state", "value", "said"), CASES)
def test_what_a_cell_says(
    printed: str, column: forms.Column, state: State, value: Value | None, said: str | None
) -> None:
    cell, note = figures.read(GridCell(0, 0, printed), column, drawn=False)
    assert (cell.state, cell.value) == (state, value)
    heard = note.id if note else cell.doubt.id if cell.doubt else None
    assert heard == said
    assert cell.raw == printed.strip(" \t\r\n\u3000\xa0")


def test_digits_apart_in_one_drawn_cell_are_one_number() -> None:
    cell, note = figures.read(GridCell(0, 0, "1 1"), COUNT, drawn=True)
    assert note and cell.value == 11 and note.id == "read.digits_joined" and cell.raw == "1 1"


def test_a_header_in_yuan_converts_bare_figures() -> None:
    cell, note = figures.read(GridCell(0, 0, "13480"), MONEY, drawn=True, column_unit="元")
    assert (
        note
        and cell.value == Decimal("1.348")
        and note.id == "read.money_unit"
        and cell.unit is None
    )


def test_low_confidence_is_a_doubt_and_no_state() -> None:
    cell, _ = figures.read(GridCell(0, 0, "8件", confidence=0.6), COUNT, drawn=True)
    assert (
        cell.state is NUMBER
        and cell.value == 8
        and cell.doubt
        and cell.doubt.id == "doubt.low_confidence"
    )


def test_a_sentence_that_begins_with_a_sign_is_no_formula() -> None:
    assert figures.is_value("=SUM(B2:B4)")
    assert not figures.is_value('=HYPERLINK("#甲")一类文字按原样登载。')
