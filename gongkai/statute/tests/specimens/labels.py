"""样本标签: how organs write the form's labels: brackets, dots, numbers, breaks, old wordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

Style = Callable[[str], str]

HALF_WIDTH = str.maketrans("（）：，“”", '():,""')
NUMBER = re.compile(r"^(?:[一二三四]、|（[一二三四五六七]）|\d\.)")

# Wordings seen in published reports for the official ones; each stands for one label only.
WORDINGS: Mapping[str, str] = {
    "2.其他法律行政法规禁止公开": "2.其他法律法规禁止公开",
    "3.危及“三安全一稳定”": "3.危及三安全一稳定",
    "采购总金额": "采购总金额（单位：万元，保留4位小数）",
    "法人或其他组织": "法人和其他组织",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": (
        "1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请"
    ),
}


def official(rng: Random) -> Style:
    """As the form prints them."""
    del rng
    return str


def half_width(rng: Random) -> Style:
    """ASCII brackets and straight quotes, with or without a space behind the bracket."""
    space = rng.choice(("", " "))
    return lambda text: re.sub(r"\)(?=.)", ")" + space, text.translate(HALF_WIDTH))


def other_dots(rng: Random) -> Style:
    """1、 or 1． or 1 or (1) instead of 1."""
    mark = rng.choice(("{}、", "{}．", "{} ", "（{}）", "({})", "{}. "))
    return lambda text: re.sub(r"^(\d)\.", lambda m: mark.format(m[1]), text)


def unnumbered(rng: Random) -> Style:
    """Without the leading numbers of the rows under 三."""
    del rng
    return lambda text: re.sub(r"^(?:（[一二三四五六七]）|\d\.)", "", text)


def wordings(rng: Random) -> Style:
    """Other wordings of some labels."""
    del rng
    return lambda text: WORDINGS.get(text, text)


def spaced(rng: Random) -> Style:
    """Spaces between the characters of short labels, as justified cells leave them."""
    space = rng.choice((" ", "\u3000", "\xa0"))

    def style(text: str) -> str:
        return space.join(text) if 2 <= len(text) <= 4 else text

    return style


def broken(rng: Random) -> Style:
    """Line breaks inside labels, anywhere."""

    def style(text: str) -> str:
        if len(text) < 3 or rng.random() < 0.4:
            return text
        at = rng.randint(1, len(text) - 1)
        return text[:at] + "\n" + text[at:]

    return style


STYLES: Mapping[str, Callable[[Random], Style]] = {
    "official": official,
    "half_width": half_width,
    "other_dots": other_dots,
    "unnumbered": unnumbered,
    "wordings": wordings,
    "spaced": spaced,
    "broken": broken,
}
