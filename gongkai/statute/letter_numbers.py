"""发文字号: 临政公开〔2026〕5号, made and read; the day of a document in its official form.

GB/T 9704-2012: 机关代字, the year in 六角括号, the number without 第 and without leading zeros;
成文日期 in Arabic figures without leading zeros.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from gongkai.statute.texts import Text

YEARS = range(1949, 2100)


class NumberError(ValueError):
    """发文字号有误. ``text`` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """发文字号: ``prefix`` 机关代字, ``year``, ``number`` 顺序号. As text: as it is printed."""

    prefix: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.number}号"


def document_number(prefix: str, year: int, number: int) -> str:
    """The number as printed. Raises NumberError for what can be no number of a document."""
    prefix = prefix.strip()
    if not _PREFIX.fullmatch(prefix):
        raise NumberError(
            Text(
                "机关代字“{prefix}”有误：应为20字以内的文字，不含空格、括号和数字。",
                "“{prefix}” cannot begin a document number: up to 20 characters without spaces,"
                " brackets or digits.",
            ).within(prefix=prefix)
        )
    if year not in YEARS or number < 1:
        raise NumberError(
            Text(
                "发文字号的年份{year}或者顺序号{number}有误，请核对。",
                "No document has the year {year} and the number {number}: check them.",
            ).within(year=year, number=number)
        )
    return str(DocumentNumber(prefix, year, number))


_PREFIX = re.compile(r"[^\W\d_]{1,20}")
_NUMBER = re.compile(r"([^\W\d_]{1,20})[〔\[【(〈［](\d{4})[〕\]】)〉］]第?0*([1-9]\d{0,5})号")


def read_number(text: str) -> DocumentNumber | None:
    """A document number as people write it, with other brackets, 第 or wide figures; else None."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    found = _NUMBER.fullmatch(plain)
    if found is None or int(found[2]) not in YEARS:
        return None
    return DocumentNumber(found[1], int(found[2]), int(found[3]))


def official_day(day: date) -> str:
    """成文日期: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def yuan_in_words(yuan: int) -> str:
    """大写金额: 380 as 人民币叁佰捌拾元整; whole yuan below a million million."""
    if not 0 <= yuan < 10**12:
        raise ValueError(f"no sum of a fee: {yuan}")
    if yuan == 0:
        return "人民币零元整"
    words = ""
    for group in range(2, -1, -1):
        four = yuan // 10_000**group % 10_000
        if four:
            gap = "零" if words and four < 1000 else ""
            words += gap + _four(four) + _GROUPS[group]
        elif words and not words.endswith("零") and yuan % 10_000**group:
            words += "零"
    return f"人民币{words.replace('零零', '零')}元整"


def _four(number: int) -> str:
    words = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _PLACES[place]
        elif words and not words.endswith("零") and number % 10**place:
            words += "零"
    return words
