"""期限的解释: the clock of a matter for its page: every day counted or skipped, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.statute import articles, dated
from gongkai.statute.case_state import Case
from gongkai.statute.clocks import Clock, Effect, Step
from gongkai.statute.texts import Text
from gongkai.statute.workdays import Calendar
from gongkai.web.applications import words
from gongkai.web.applications.event_kinds import said
from gongkai.web.shell.languages import lang

EFFECTS = {
    Effect.RECEIVED: gettext_lazy("起算日，不计"),
    Effect.RESTART: gettext_lazy("重新起算，不计"),
    Effect.COUNTED: gettext_lazy("计入"),
    Effect.DAY_OFF: gettext_lazy("休息日，不计"),
    Effect.SUSPENDED: gettext_lazy("征求意见，不计"),
    Effect.WAITING: gettext_lazy("等待申请人，不计"),
}
_PROVISIONAL = "clock.provisional"
_LOOKS = {
    Effect.COUNTED: "",
    Effect.DAY_OFF: "off",
    Effect.SUSPENDED: "stop",
    Effect.WAITING: "stop",
    Effect.RECEIVED: "off",
    Effect.RESTART: "off",
}


def _say(text: Text) -> str:
    return text.say(lang())


@dataclass(frozen=True, slots=True)
class Told:
    """一日: as a row of the table."""

    day: date
    weekday: str
    effect: str
    number: str
    reason: str
    article: str
    marks: tuple[str, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """一段暂停: its days, and why."""

    first: date
    last: date
    reason: str


def context(case: Case, today: date, calendar: Calendar) -> dict[str, Any]:
    """What the page shows of the clock; nothing counted where receipt is not confirmed."""
    clock, due = case.clock, case.due
    shown: dict[str, Any] = {
        "due": due,
        "provisional": bool(clock and clock.provisional and not case.closed),
        "tone": "",
        "left": "",
        "receipt": case.receipt,
        "receipt_why": _say(case.receipt.reason) if case.receipt else "",
        "receipt_article": _article(case.receipt.source) if case.receipt else "",
        "irregular": _say(case.receipt.irregular)
        if case.receipt and case.receipt.irregular
        else "",
    }
    if case.closed:
        shown |= {"closed": case.concluded_on, "late": case.late, "tone": "quiet"}
    elif due is not None:
        shown["left"], shown["tone"] = _left(due, today, calendar)
    elif clock is not None:
        shown |= {"left": _waits(case), "not_before": clock.not_before}
    now = case.rounds[-1] if case.rounds else None
    if now is not None and now.until is not None:  # it stands in the place of the usual period
        ordered, told = _("复议决定、判决要求的答复日期"), _("旧台账写明的答复期限")
        shown["limits"] = [(told if now.taken_over else ordered, now.until, False)]
    elif clock is not None:
        shown |= _counted(clock, closed=case.closed)
    return shown


def _left(due: date, today: date, calendar: Calendar) -> tuple[str, str]:
    days = words.left(due, today, calendar)
    if days is None:
        return "", ""
    if due < today:
        return _("逾期 %(days)d 个工作日") % {"days": -days}, "bad"
    if due == today:
        return _("今天到期"), "bad"
    tone = "warn" if days <= words.SOON else "ok"
    return _("余 %(days)d 个工作日") % {"days": days}, tone


def _waits(case: Case) -> str:
    return _("暂停计算") if not case.closed else ""


def _counted(clock: Clock, *, closed: bool) -> dict[str, Any]:
    return {
        "steps": [_told(step) for step in clock.steps],
        "stretches": list(_stretches(clock.steps)),
        "extended_by": clock.extended_by,
        "missing": [_say(text) for text in clock.missing],
        "remarks": [
            (_say(one.text), "warn" if one.level == "warning" else "info")
            for one in clock.remarks
            if not (closed and one.id == _PROVISIONAL)  # nothing is counted any more
        ],
        "limits": [(_say(one.name), one.on, one.provisional) for one in clock.limits],
    }


def _told(step: Step) -> Told:
    return Told(
        step.date,
        _say(step.day.weekday),
        str(EFFECTS[step.effect]),
        str(step.number) if step.effect is Effect.COUNTED and step.number else "",
        _say(step.reason),
        _article(step.source),
        tuple(_say(mark) for mark in step.marks),
        _LOOKS[step.effect],
    )


def _article(source: str) -> str:
    if not source:
        return ""
    try:
        return str(said(articles.provision(source).brief))
    except (KeyError, dated.NotKnown):
        return source


def _stretches(steps: tuple[Step, ...]) -> Iterator[Stretch]:
    """Each from its first to its last day; days off between two days of a stretch belong to it."""
    stopped = (Effect.SUSPENDED, Effect.WAITING)
    working = [step for step in steps if step.effect is not Effect.DAY_OFF]
    for is_stopped, run in groupby(working, key=lambda step: step.effect in stopped):
        days = list(run)
        if is_stopped:
            yield Stretch(days[0].date, days[-1].date, _say(days[0].reason))
