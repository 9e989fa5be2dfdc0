"""单元格数字: what one printed cell says: number, blank, dash, not applicable or unreadable.

Nothing is guessed: ``1 1`` is 11 only where one drawn cell holds both runs; a text around a
figure is a note; what is no certain number is unreadable, with a doubt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from gongkai.statute import forms, notes
from gongkai.statute.readers import labels
from gongkai.statute.readers.blocks import GridCell
from gongkai.statute.report import Cell, Doubt, Note, Place, State, Value

DASHES = frozenset("-‐‑‒–—―－─━/／\\∕﹣")
NOT_APPLICABLE = frozenset(
    ("无", "不适用", "不涉及", "未涉及", "无此项", "无相关业务", "n/a", "na", "暂无", "没有")
)
_UNITS = "件|条|个|项|份|宗|起|次|部|类|元|万元|亿元|千元|百元"
_NUMBER = re.compile(
    rf"^(?P<sign>增加|减少|增长|新增|净增|净减|增|减|[+\-−－]|下降)?"
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    rf"(?P<unit>{_UNITS})?(?:\(人民币\))?$"
)
_REMARK = re.compile(
    rf"^(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>{_UNITS})?"
    r"[,，、]?\((?P<remark>.*)\)$"
)
_APART = re.compile(r"\d\s+\d")
_MARK = r"\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u2460-\u2473"  # ¹ ² ① …
_MARKS = re.compile(f"[{_MARK}]")
# Behind a figure: at the cell's end, or between a digit and a word (5²件).
_MARKS_BEHIND = re.compile(rf"\s*[{_MARK}]+$|(?<=[0-9０-９])[{_MARK}]+(?=[^\d\s.,．，{_MARK}])")
DOUBTFUL = 0.9  # recognised in a picture less surely than this: a doubt
UNSURE = 0.6  # less surely than this: no certain number at all
_REVERSED = "\u202e"  # shows what follows from right to left: 12 is seen as 21
_MOST_DIGITS = 18  # no count and no sum of money is longer; more is no figure
_CN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CN_NUMBER = re.compile(rf"^[零〇一二两三四五六七八九十百千万]+(?:{_UNITS})?$")
_MINUS = frozenset(("减少", "减", "-", "−", "－", "净减", "下降"))
_TO_WAN = {
    "元": Decimal("0.0001"),
    "百元": Decimal("0.01"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "亿元": Decimal(10000),
}
_VALUE_LIKE = re.compile(
    rf"^(?:增加?|减少?|[+\-−])?\d[\d,]*(?:\.\d+)?(?:{_UNITS})?(?:\(.*\))?$"
    r"|^[\-‐‑‒–—―─━/\\∕]+$"
)


def is_value(squeezed: str) -> bool:
    """Whether a squeezed text looks like what stands in a data cell (figure, dash, 无)."""
    if squeezed.isdigit():
        return True
    if squeezed.startswith("=") and "。" not in squeezed:  # a formula stands for a figure
        return True
    return bool(_VALUE_LIKE.match(squeezed)) or squeezed in NOT_APPLICABLE


def read(
    cell: GridCell, column: forms.Column, *, drawn: bool, column_unit: str | None = None
) -> tuple[Cell, Note | None]:
    """The cell as a value of its column, and a note where more than a bare figure stands there.

    ``drawn``: the cell is one drawn box, so runs inside it belong together. ``column_unit``: the
    money unit the printed header states (元), where it differs from the form's 万元. A cell
    recognised in a picture less surely than ``DOUBTFUL`` has a doubt, less than ``UNSURE`` is
    unreadable.
    """
    raw, place = cell.text.strip(" \t\r\n\u3000\xa0"), cell.place
    short = len(raw) <= _MOST_DIGITS
    if (
        short
        and column.type != "decimal"
        and cell.confidence >= DOUBTFUL
        and raw.isdigit()
        and raw.isascii()
    ):
        return Cell(State.NUMBER, int(raw), raw, None, place, cell.confidence), None
    shown, said = _said(cell, raw, column, drawn, column_unit)
    if cell.confidence >= DOUBTFUL or shown.state is State.BLANK:
        return shown, said
    doubt = notes.doubt("doubt.low_confidence", confidence=f"{cell.confidence:.2f}")
    if cell.confidence < UNSURE:
        return _unreadable(cell, raw, doubt), None
    return replace(shown, doubt=doubt), said


def _said(
    cell: GridCell, raw: str, column: forms.Column, drawn: bool, column_unit: str | None
) -> tuple[Cell, Note | None]:
    """What stands in the cell, however surely it was recognised."""
    place = cell.place
    printed = raw if raw.isascii() else _unmarked(raw)
    squeezed = labels.squeeze(printed)
    if not squeezed and printed != raw:  # a mark alone
        return _unreadable(cell, raw, notes.doubt("doubt.not_a_number", raw=raw)), None
    if printed.startswith("=") and len(printed) > 1:
        return _unreadable(cell, raw, notes.doubt("doubt.formula", raw=raw)), None
    if not squeezed:
        return Cell(State.BLANK, raw=cell.text if cell.text.strip() else "", place=place), None
    if all(ch in DASHES for ch in squeezed):
        return Cell(State.DASH, raw=raw, place=place, confidence=cell.confidence), None
    if squeezed.lower() in NOT_APPLICABLE:
        return Cell(State.NOT_APPLICABLE, raw=raw, place=place, confidence=cell.confidence), None
    if _REVERSED in raw and sum(ch.isdigit() for ch in raw) > 1:
        return _unreadable(cell, raw, notes.doubt("doubt.direction", raw=raw)), None
    if _split_digits(printed) and not drawn:
        return _unreadable(cell, raw, notes.doubt("doubt.split_digits", raw=raw)), None
    shown, said = _figure(cell, raw, squeezed, column, column_unit)
    if printed != raw and shown.value is not None:
        said = notes.note("read.cell_remark", place, raw=raw, value=shown.value)
    return shown, said


def _unmarked(raw: str) -> str:
    """The text without the footnote marks behind its figure (5², 5①): they are no digits of it.

    A mark elsewhere (5²3, ①5) is kept from becoming a digit, so that no figure is made of it.
    """
    if not _MARKS.search(raw):
        return raw
    return _MARKS.sub("\ufffd", _MARKS_BEHIND.sub("", raw))


def _figure(
    cell: GridCell, raw: str, squeezed: str, column: forms.Column, column_unit: str | None
) -> tuple[Cell, Note | None]:
    found = _NUMBER.match(squeezed) or _REMARK.match(squeezed)
    if found and len(found["digits"]) > _MOST_DIGITS:
        return _unreadable(cell, raw[:200], notes.doubt("doubt.not_a_number", raw=raw[:20])), None
    numeral = None if found else chinese_number(squeezed)
    if found is None and numeral is None:
        return _unreadable(cell, raw, notes.doubt("doubt.not_a_number", raw=raw)), None
    if found is None:
        amount, unit, sign, remark = Decimal(numeral or 0), None, "", None
    else:
        amount = Decimal(found["digits"].replace(",", ""))
        unit, parts = found["unit"], found.groupdict()
        sign, remark = parts.get("sign") or "", parts.get("remark")
        if remark in _TO_WAN and unit is None:
            unit, remark = remark, None  # 251000（元）
    if sign in _MINUS and sign:
        amount = -amount
    value = _as_value(amount, unit or column_unit, column)
    if value is None:
        return _unreadable(cell, raw, notes.doubt("doubt.not_a_number", raw=raw)), None
    shown = Cell(State.NUMBER, value, raw, unit, cell.place, cell.confidence)
    return shown, _note(raw, value, cell.place, column, remark, numeral, sign, unit or column_unit)


def _note(
    raw: str,
    value: Value,
    place: Place,
    column: forms.Column,
    remark: str | None,
    numeral: int | None,
    sign: str,
    unit: str | None,
) -> Note | None:
    if remark is not None:
        return notes.note("read.cell_remark", place, raw=raw, value=value)
    if numeral is not None:
        return notes.note("read.numeral", place, raw=raw, value=value)
    if len(sign) > 1 or sign in ("增", "减"):
        return notes.note("read.signed", place, raw=raw, value=value)
    if column.type == "decimal" and unit in ("元", "百元", "千元", "亿元"):
        return notes.note("read.money_unit", place, raw=raw, value=value)
    if _split_digits(raw):
        return notes.note("read.digits_joined", place, raw=raw, value=value)
    return None


def _as_value(amount: Decimal, unit: str | None, column: forms.Column) -> Value | None:
    """The amount as this column holds it: 万元 for money, a whole number for counts."""
    if column.type == "decimal":
        if unit in _TO_WAN and unit != "万元":
            return plain(amount * _TO_WAN[unit])
        return amount
    if unit in _TO_WAN or amount != amount.to_integral_value():
        return None
    return int(amount)


def plain(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros and without an exponent (10, not 1E+1)."""
    return Decimal(f"{amount.normalize():f}")


def _unreadable(cell: GridCell, raw: str, doubt: Doubt) -> Cell:
    return Cell(
        State.UNREADABLE, raw=raw, place=cell.place, confidence=cell.confidence, doubt=doubt
    )


def _split_digits(raw: str) -> bool:
    """Digits with white space between them, as in ``1 1``."""
    return bool(_APART.search(unicodedata.normalize("NFKC", raw)))


def chinese_number(squeezed: str) -> int | None:
    """十二, 一百二十, 三千零五 as a number; None for anything else."""
    if not _CN_NUMBER.match(squeezed):
        return None
    digits = re.sub(rf"(?:{_UNITS})$", "", squeezed)
    if not any(c in digits for c in "十百千万"):
        try:
            return int("".join(str(_CN_DIGITS[c]) for c in digits))
        except (KeyError, InvalidOperation, ValueError):
            return None
    total = section = digit = 0
    for ch in digits:
        if ch in _CN_DIGITS:
            digit = _CN_DIGITS[ch]
        elif ch == "万":
            total, section, digit = total + (section + digit) * 10000, 0, 0
        else:
            unit = {"十": 10, "百": 100, "千": 1000}[ch]
            section, digit = section + (digit or 1) * unit, 0
    return total + section + digit
