"""文书的内容: values of every type as a letter prints them, checked; what is computed from them.

The citation of the law, the way to address the reader, statutory days and the reasoning of a fee
are computed here, so that nobody types them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.statute import articles, dated, fees, letter_kinds
from gongkai.statute.letter_kinds import Kind, Variable
from gongkai.statute.letter_numbers import official_day, yuan_in_words
from gongkai.statute.texts import Text, same

LONGEST = 20_000  # characters of one value


class LetterError(ValueError):
    """内容有误: everything wrong about the values of a letter; each says what to do."""

    def __init__(self, texts: Sequence[Text]) -> None:
        super().__init__("; ".join(text.en for text in texts))
        self.texts = tuple(texts)


def texts(kind: Kind, values: Mapping[str, Any], on: date) -> Mapping[str, str]:
    """Every value as text by its variable, computed ones included; what is empty is left out.

    Raises LetterError with everything that is wrong.
    """
    wrong: list[Text] = []
    found: dict[str, str] = {}
    known = letter_kinds.variables()
    for id, value in values.items():
        if id not in known or known[id].made:
            wrong.append(_NO_VARIABLE.within(id=same(id)))
        elif value is not None and value != "":
            try:
                text = _TYPES[known[id].type](value, known[id])
            except _Wrong as fault:
                wrong.append(fault.text)
            else:
                if text:
                    found[id] = text
    if not wrong:
        wrong += _computed(kind, values, on, found)
    if wrong:
        raise LetterError(wrong)
    return found


class _Wrong(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """A text as a letter can print it: no control characters, no white space at its ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    kept = (_HIDDEN.sub("", line).strip() for line in lines)
    return "\n".join(line for line in kept if line)


def _text(value: object, variable: Variable) -> str:
    if not isinstance(value, str):
        raise _Wrong(_NOT_A.within(name=variable.name, what=Text("文字", "a text")))
    if len(value) > LONGEST:
        raise _Wrong(_TOO_LONG.within(name=variable.name, most=LONGEST))
    return clean(value)


def _texts(value: object, variable: Variable) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise _Wrong(_NOT_A.within(name=variable.name, what=Text("若干项文字", "a list of texts")))
    return "、".join(text for text in (_text(one, variable) for one in value) if text)


def _rows(value: object, variable: Variable) -> str:
    _texts(value, variable)
    assert isinstance(value, Iterable)
    for row in value:
        try:
            letter_kinds.telling(row)
        except letter_kinds.UnknownKind:
            raise _Wrong(_NO_ROW.within(row=same(str(row)))) from None
    return "、".join(value)


def _day(value: object, variable: Variable) -> str:
    if type(value) is not date:
        raise _Wrong(_NOT_A.within(name=variable.name, what=Text("日期", "a date")))
    return official_day(value)


def _whole(value: object, variable: Variable) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _Wrong(
            _NOT_A.within(name=variable.name, what=Text("正整数", "a whole number above 0"))
        )
    return str(value)


def _yuan(value: object, variable: Variable) -> str:
    whole = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not whole or value != int(value) or value < 0:  # type: ignore[call-overload, operator]
        raise _Wrong(
            _NOT_A.within(name=variable.name, what=Text("整元金额", "a sum in whole yuan"))
        )
    return f"{int(value)}元" if value else ""  # type: ignore[call-overload]


def _flag(value: object, variable: Variable) -> str:
    if not isinstance(value, bool):
        raise _Wrong(_NOT_A.within(name=variable.name, what=Text("是或者否", "yes or no")))
    return "是" if value else ""


def _charge(value: object, variable: Variable) -> str:
    if not isinstance(value, fees.Charge):
        raise _Wrong(_NOT_A.within(name=variable.name, what=Text("收费计算", "a charge")))
    return f"{value.total}元"


_TYPES: Mapping[str, Callable[[object, Variable], str]] = {
    "text": _text,
    "texts": _texts,
    "rows": _rows,
    "day": _day,
    "whole": _whole,
    "yuan": _yuan,
    "flag": _flag,
    "charge": _charge,
}


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON can hold them; `restored` gives them back."""
    return {id: _plain(value) for id, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, fees.Charge):
        return {
            "basis": value.basis.value,
            "units": value.units,
            "before": value.before,
            "on": value.on.isoformat(),
        }
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return list(value) if isinstance(value, tuple) else value


def restored(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values from what was stored: days, sums and charges by the type of their variable.

    A charge is computed anew by the tariff of its day. Raises KeyError for no variable,
    ValueError for what is none of its values.
    """
    known = letter_kinds.variables()
    return {
        id: value if value in (None, "") else _back(value, known[id].type)
        for id, value in raw.items()
    }


def _back(value: Any, type: str) -> Any:
    if type == "day":
        return date.fromisoformat(value)
    if type == "yuan":
        return Decimal(value)
    if type != "charge":
        return value
    on = date.fromisoformat(value["on"])
    if fees.Basis(value["basis"]) is fees.Basis.PAGES:
        return fees.by_pages(value["units"], on)
    return fees.by_items(value["units"], on, before=value["before"])


_NO_VARIABLE = Text("文书没有“{id}”这一项内容。", "A letter has nothing called “{id}” to fill in.")
_NOT_A = Text("“{name}”应当填写{what}。", "“{name}” must be {what}.")
_TOO_LONG = Text("“{name}”超过{most}字，请精简。", "“{name}” is longer than {most} characters.")
_NO_ROW = Text("“{row}”不是办理结果或者理由。", "“{row}” is no outcome and no ground.")


# -- computed


def _computed(
    kind: Kind, values: Mapping[str, Any], on: date, found: dict[str, str]
) -> Iterable[Text]:
    found["you"] = "贵机关" if kind.to == "organ" else "你单位" if "organisation" in found else "你"
    if cited := _basis(kind, values, found.get("more_basis", "")):
        found["basis"] = cited
    if kind.decision:
        found["decision"] = kind.decision
    if kind.period:
        found["opinion_days"] = str(dated.period(kind.period).on(on).value)
    charge = values.get("charge")
    if isinstance(charge, fees.Charge):
        found["payment_days"] = str(dated.period("payment").on(on).value)
        found["fee_basis"] = fees.NAMES[charge.basis].zh
        found["fee_steps"] = fee_reasoning(charge)
        owed = int(charge.total) - int(values.get("waived") or 0)
        if owed <= 0:
            return [_NOTHING_OWED]
        found["fee_total"] = f"{owed}元（{yuan_in_words(owed)}）"
    return []


_NOTHING_OWED = Text(
    "应缴金额不大于0元，不需要发收费通知。请核对收费计算和减免金额。",
    "Nothing is owed, so no fee notice is sent: check the charge and what is waived.",
)

FULL_NAMES = ("ogi", "review", "litigation")
"""全称冠国名的法律、行政法规: laws whose title begins with the name of the country."""


def _basis(kind: Kind, values: Mapping[str, Any], more: str) -> str:
    cited = list(kind.basis) if kind.cites else []
    for row in values.get("grounds") or ():
        cited += letter_kinds.telling(row).basis
    charge = values.get("charge")
    if isinstance(charge, fees.Charge):
        cited.append((charge.source, ""))
    return "、".join(part for part in (citation(cited), more) if part)


def citation(provisions: Iterable[tuple[str, str]]) -> str:
    """引用: 《…条例》第十四条、第三十六条第三项: provisions with their items, in order."""
    by_instrument: dict[str, dict[int, set[str]]] = {}
    for id, item in provisions:
        one = articles.provision(id)
        parts = by_instrument.setdefault(one.instrument.id, {})
        if one.article is not None:
            parts.setdefault(one.article, set()).add(item)
    found = []
    for id, parts in by_instrument.items():
        instrument = next(
            p.instrument for p in articles.provisions().values() if p.instrument.id == id
        )
        nation = "中华人民共和国" if id in FULL_NAMES else ""
        number = "" if nation else f"（{instrument.number}）"
        listed = (
            f"第{articles.chinese_numeral(at)}条{'、'.join(sorted(items, key=_place))}"
            for at, items in sorted(parts.items())
        )
        found.append(f"《{nation}{instrument.name.zh}》{number}{'、'.join(listed)}")
    return "、".join(found)


def _place(item: str) -> int:
    """第三项 before 第五项."""
    return "一二三四五六七八九十".find(item[1:2])


def fee_reasoning(charge: fees.Charge) -> str:
    """计算过程: every tier with its units, rate and sum, a line each, then the total."""
    unit = fees.UNITS[charge.basis].zh
    lines = []
    if charge.basis is fees.Basis.ITEMS:
        before = f"此前已有{charge.before}件，" if charge.before else ""
        lines.append(f"当月{before}本次计收{charge.units}件。")
    else:
        lines.append(f"本次提供{charge.units}页。")
    for tier in charge.tiers:
        span = f"第{tier.first}{unit}"
        if tier.last > tier.first:
            span += f"至第{tier.last}{unit}"
        if tier.rate:
            lines.append(
                f"{span}，共{tier.count}{unit}，每{unit}{tier.rate}元，计{tier.amount}元。"
            )
        else:
            lines.append(f"{span}，不收费。")
    return "\n".join([*lines, f"合计{charge.total}元。"])
