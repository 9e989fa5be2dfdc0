"""检查结果的写法: how cells, figures and lists are named in a finding: by the form's own labels."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from gongkai.statute import forms
from gongkai.statute.findings import Finding, Level
from gongkai.statute.report import NOWHERE, AnnualReport, Place, State, Value
from gongkai.statute.texts import Text

TABLES = {
    "proactive": Text("表二", "table 2"),
    "applications": Text("表三", "table 3"),
    "remedies": Text("表四", "table 4"),
}
STATES = {
    State.BLANK: Text("空白", "blank"),
    State.DASH: Text("短横", "dash"),
    State.NOT_APPLICABLE: Text("不适用", "not applicable"),
    State.UNREADABLE: Text("无法识读", "unreadable"),
    State.ABSENT: Text("缺失", "absent"),
}


def form_of(report: AnnualReport) -> forms.Form:
    """The form a report's cells follow; the newest where neither form nor year is known."""
    return forms.form(report.edition or report.edition_due or forms.editions()[-1])


@functools.cache
def addresses(edition: str, table: str) -> tuple[str, ...]:
    """The addresses of one table, in printed order."""
    return tuple(a for a, spec in forms.form(edition).specs.items() if spec.table == table)


def column(form: forms.Form, address: str) -> str:
    """A column's label, with its group where the label alone says too little."""
    found = form.specs[address].column
    if found.label == "其他" and found.group:
        return f"{found.group[-1]}·{found.label}"
    return found.label


def row(form: forms.Form, address: str) -> str:
    """A row's label as printed, its quotation marks made inner ones, for it is quoted here."""
    return form.specs[address].row.label.replace("“", "‘").replace("”", "’")


def cell(form: forms.Form, address: str) -> str:
    """A cell's label in quotation marks: “一、本年新收政府信息公开申请数量 / 自然人”."""
    return f"“{row(form, address)} / {column(form, address)}”"


def cells(form: forms.Form, found: Sequence[str], limit: int = 4) -> Text:
    """The first few cells by label, and how many more there are."""
    return listing([cell(form, a) for a in found], limit)


def listing(names: Sequence[str], limit: int = 4, unit: str = "处") -> Text:
    """Names one after the other; beyond ``limit`` only their number (``unit`` its measure word)."""
    shown = names[:limit]
    zh = ("；" if any("、" in n for n in shown) else "、").join(shown)
    en = ("; " if any("、" in n or "," in n for n in shown) else ", ").join(shown)
    if len(names) > limit:
        return Text(f"{zh}等 {len(names)} {unit}", f"{en} and {len(names) - limit} more")
    return Text(zh, en)


def states(report: AnnualReport, found: Iterable[str]) -> Text:
    """The states of cells without a number, each once: 空白, 缺失."""
    kinds = [STATES[s] for s in dict.fromkeys(report.cell(a).state for a in found)]
    return Text("、".join(k.zh for k in kinds), " or ".join(k.en for k in kinds))


def joined(texts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Several texts as one."""
    found = list(texts)
    return Text(zh.join(t.zh for t in found), en.join(t.en for t in found))


def figure(value: Value) -> str:
    """A figure as one writes it: no exponent, no needless zeros."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def apart(a: Value, b: Value) -> str:
    """How far two figures are apart."""
    return figure(a - b if a > b else b - a)


def signed(value: Value) -> str:
    """A difference with its sign."""
    return ("+" if value > 0 else "−" if value < 0 else "") + apart(value, 0)


def counted(number: int, noun: str) -> str:
    """An English count: 1 cell, 3 cells."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def day(on: date) -> Text:
    """A date as one writes it: 2023年1月31日, 2023-01-31."""
    return Text(f"{on.year}年{on.month}月{on.day}日", on.isoformat())


def place(report: AnnualReport, address: str) -> Place:
    """Where a cell stands in its file."""
    return report.cell(address).place


def said_at(report: AnnualReport, *words: str) -> Place | None:
    """Where the text first says one of these words; None where it says none of them."""
    for passages in report.sections.values():
        for passage in passages:
            at = min((p for w in words if (p := passage.text.find(w)) >= 0), default=-1)
            if at >= 0:
                return passage.place_at(at)
    return None


def section_place(report: AnnualReport, no: int) -> Place:
    """Where a section begins in its file."""
    passages = report.sections.get(str(no), ())
    return passages[0].place if passages else NOWHERE


def at_level(finding: Finding, level: Level) -> Finding:
    """The same finding at another level."""
    return replace(finding, level=level)


def quoted(text: str, length: int = 40) -> str:
    """A quotation on one line, cut where it is long."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= length else flat[:length] + '…'}”"
