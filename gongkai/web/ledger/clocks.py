"""期限的种类: how each kind of clock is reckoned, what it is called, and whom it calls on.

An app `register`s its own; `deadlines` runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.statute import dated, workdays
from gongkai.statute.workdays import Calendar
from gongkai.web.ledger.models import Deadline
from gongkai.web.shell.access import Role

OFFICERS = (Role.HANDLER, Role.REVIEWER, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Due:
    """到期日: None where it cannot be known; ``provisional`` where a notice may still move it."""

    on: date | None
    provisional: bool = False


Basis = Mapping[str, Any]
Reckoner = Callable[[Basis, Calendar], Due]


@dataclass(frozen=True, slots=True)
class Clock:
    """期限的种类: what it is called, how it is reckoned, who is called on before and after it.

    ``moved`` is told, in the same transaction, which of them are due on another day now.
    """

    label: Promise
    reckon: Reckoner
    roles: tuple[Role, ...] = OFFICERS
    late_roles: tuple[Role, ...] = OFFICERS
    moved: Callable[[Sequence[Deadline]], None] | None = None


def working_days(basis: Basis, calendar: Calendar) -> Due:
    """``{"from": "2026-03-02", "days": 20}``: the day of receipt is day 0, and so not counted,
    unless ``"day_zero": false``."""
    start = date.fromisoformat(basis["from"])
    if not basis.get("day_zero", True):
        start -= timedelta(days=1)
    try:
        counted = workdays.add_working_days(start, basis["days"], calendar)
    except dated.NotKnown:
        return Due(None, provisional=True)
    return Due(counted.end, counted.provisional or calendar.may_still_move(counted.end))


def fixed(basis: Basis, calendar: Calendar) -> Due:
    """``{"on": "2026-03-31"}``: a day that somebody, or the law, has named."""
    return Due(date.fromisoformat(basis["on"]))


KINDS: dict[str, Clock] = {
    "working_days": Clock(_("工作日期限"), working_days),
    "fixed": Clock(_("期限"), fixed),
}


def register(kinds: Mapping[str, Clock]) -> None:
    """Makes an app's kinds of clocks known, when the app is ready."""
    KINDS.update(kinds)


def moved(values: Mapping[str, Any]) -> dict[str, str]:
    """The words of a clock, and of its days where it is told from which to which it was moved."""
    told = {"clock": label(str(values["clock"]))}
    if "due_on_before" in values:
        for name in ("due_on_before", "due_on"):
            day = str(values.get(name) or "")
            told[name] = day if day not in ("", "—") else str(_("暂停计算"))
    return told


def label(kind: str) -> str:
    """What a kind of clock is called."""
    return str(KINDS[kind].label) if kind in KINDS else kind
