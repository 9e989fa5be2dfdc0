"""数量的写法: how Chinese prose writes a number, and what it binds itself to.

3119件, ３，１１９件, 十二件, 1.2万余条, 近80家, 3940元. Counts come out as int, money as Decimal in
万元. 余, 多, 近, 约 and the like make a number inexact; `bounds` says what it still excludes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from gongkai.statute.report import Value

_ABOVE = "超过|超|逾|突破|至少|多达"
_BELOW = "将近|接近|近|不足|不到"
_ABOUT = "大约|约为|约"
_PRE = f"(?:{_ABOVE}|{_BELOW}|{_ABOUT}|达到|达)"
# Longer rows of figures are no counts, but codes and accounts.
_DIGITS = r"(?:[1-9]\d{0,2}(?:，\d{3}){1,4}(?!\d)|\d{1,12}(?!\d))(?:\.\d{1,8}(?!\d))?"
_WORDS = "[零〇一二两三四五六七八九十百千万亿]{1,16}"
# A measure word counts only where it does not begin another word (3起草, 12个月, 5次年).
_MEASURE = (
    "人次|件次|条次|份次|场次|千元|元(?!旦)|件(?!套)|条(?!例|款|目|线|文)|份(?!额)|宗(?!旨)"
    "|起(?!草|诉|来|止|步|到|至)|次(?!日|年|月|性|要|数)|期(?!限|间|内|末|货)|篇(?!章)"
    "|个(?!工作日|月|季度|小时|百分点|方面|部分|自然日|日|年|性|人|体|别|以上|以内)"
    "|项(?!目|第)|场(?!所|景|地)|部(?!分|门|委|署|长|队|级)|例(?!如|行|会)|则|封|批(?!准|复)"
    "|人(?!员|民|事|大|才|工|口|均)|名(?!称|单|义|录)|家(?!庭|长)|户|轮|本(?!级|市|县|区|单位|机关|年)"
    "|幅|通(?!知|报|过)|笔|类(?!别|型)"
)
_POST = "余|多|左右|上下|以上"
_TAIL = rf"[余多几]?(?:{_MEASURE})(?:{_POST})?"
_NUMBER = (
    rf"(?:{_DIGITS}[余多几]?[十百千]?[万亿]?|"
    rf"(?<![第每同哪任某这那初唯首])(?<![零〇一二两三四五六七八九十百千万亿]){_WORDS}){_TAIL}"
)
PATTERNS = (
    rf"(?<![\d.A-Za-z第〔/－—-])(?<!\d ){_NUMBER}",
    rf"{_PRE}{_NUMBER}",
    # a number without a measure word, where a label stands before it: 收到申请数量：26
    r"(?<=[：为数量计是])\d{1,12}(?=[，。；、）]|$)",
)
"""Regular expressions of a number with its measure word, over plain text, without groups."""
_PARTS = re.compile(
    rf"(?P<pre>{_PRE})?(?:(?P<digits>{_DIGITS})(?P<more>[余多几])?(?P<scale>[十百千]?[万亿]?)|(?P<words>{_WORDS}))"
    rf"(?P<post>[余多几])?(?P<measure>{_MEASURE})?(?P<tail>{_POST})?$"
)
_PLAIN = frozenset("件条份宗次期篇个项起")  # the common case: 3119件
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_FIGURES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Number:
    """数量: ``value`` as an int, or as Decimal in 万元 where ``money``; ``unit`` as printed.

    ``step`` is the weight of the last written figure (5500余: 100; 2.96万: 100), in the unit of
    ``value``; ``lean`` says on which side the truth lies: above (余), below (近), about (约).
    """

    value: Value
    unit: str | None
    money: bool
    step: Decimal
    lean: str | None
    rounded: bool

    @property
    def exact(self) -> bool:
        """False for 余, 多, 近, 约 and the like."""
        return self.lean is None


def parse(text: str) -> Number | None:
    """The number a text of `PATTERNS` writes; None where it is none (2.5件, 一十一百件)."""
    if text[:-1].isascii() and text[:-1].isdigit() and text[-1] in _PLAIN:
        value = Decimal(text[:-1])
        return Number(int(value), text[-1], False, _round_step(value), None, False)
    if not (found := _PARTS.match(text)):
        return None
    scale = Decimal(1)
    if (digits := found["digits"]) is not None:
        value = Decimal(digits.replace("，", ""))
        for mark in found["scale"]:
            scale *= _SCALE[mark]
    else:
        words = _chinese(found["words"])
        if words is None:
            return None
        value = Decimal(words)
    unit = found["measure"]
    money = unit in ("元", "千元")
    rounded = scale > 1 or value != value.to_integral_value()
    step = scale * (Decimal(1).scaleb(value.as_tuple().exponent) if rounded else _round_step(value))  # type: ignore[arg-type]
    value *= scale
    if money:
        per = Decimal(10000) if unit == "元" else Decimal(10)
        mark = found["scale"] or ("万" if (found["words"] or "").endswith("万") else "")
        return Number(
            _plain(value / per), mark[-1:] + (unit or ""), True, step / per, _lean(found), rounded
        )
    if value != value.to_integral_value():
        return None
    return Number(int(value), unit, False, step, _lean(found), rounded)


def bounds(number: Number) -> tuple[Decimal, Decimal]:
    """The least and the greatest value that agree with what is written.

    5500余: 5500 to 5599; 近80: 70 to 80; 约300: 200 to 400; 2.96万: 29550 to 29650.
    """
    value, step = Decimal(number.value), number.step
    if number.lean == "above":
        return value, value + step - (0 if number.money else 1)
    if number.lean == "below":
        return value - step, value
    if number.lean == "about":
        return value - step, value + step
    if number.rounded:
        return value - step / 2, value + step / 2
    return value, value


def last(raw: str) -> Number | None:
    """The last number of a text without white space, as of a claim's ``raw``."""
    found = None
    for match in _ANY.finditer(raw):
        found = match
    return parse(found[0]) if found else None


_ANY = re.compile("|".join(PATTERNS))


def _round_step(value: Decimal) -> Decimal:
    """The weight of the last figure that is not 0: 5500 → 100, 80 → 10, 7 → 1."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(max(int(exponent), 0)) if value else Decimal(1)


def _plain(value: Decimal) -> Decimal:
    """Without an exponent and without idle zeros: 0.3940 → 0.394, 1E+1 → 10."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _lean(found: re.Match[str]) -> str | None:
    pre, tail = found["pre"] or "", found["tail"] or ""
    if pre in _BELOW.split("|"):
        return "below"
    if pre in _ABOUT.split("|") or tail in ("左右", "上下"):
        return "about"
    if pre in _ABOVE.split("|") or found["more"] or found["post"] or tail:
        return "above"
    return None


def _chinese(text: str) -> int | None:
    """一百二十 → 120, 两千零三 → 2003, 二〇 → 20; None for what is no number."""
    if all(c in _FIGURES for c in text):
        if len(text) > 1 and "两" in text:
            return None
        return int("".join(str(_FIGURES[c]) for c in text))
    total = section = figure = 0
    below = 10**9
    for c in text:
        if c in _FIGURES:
            if figure and _FIGURES[c]:
                return None
            figure = _FIGURES[c]
        elif c in "万亿":
            total, section, figure, below = (total + section + figure) * _SCALE[c], 0, 0, 10**9
        else:
            if _SCALE[c] >= below:
                return None
            below = _SCALE[c]
            section, figure = section + (figure or 1) * below, 0
    return total + section + figure
