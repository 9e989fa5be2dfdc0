"""救济的用语: kind, state, result and days of a remedy in words, for lists and pages."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongkai.statute.remedy_results import KINDS, Column, Kind, Result, finding
from gongkai.statute.remedy_table import State, table_of
from gongkai.statute.workdays import Calendar
from gongkai.web.applications import words
from gongkai.web.applications.event_kinds import said
from gongkai.web.remedies.models import NEVER, Remedy

SOON = 5  # working days


def kind(remedy: Remedy) -> str:
    """The row of table 4."""
    return str(said(KINDS[Kind(remedy.kind)]))


def state(remedy: Remedy) -> str:
    """What its state is called in a remedy of its kind."""
    return str(said(table_of(Kind(remedy.kind)).states[State(remedy.state)]))


def tone(remedy: Remedy) -> str:
    """Of its badge."""
    return "warn" if remedy.is_open else "ok"


def result(remedy: Remedy) -> str:
    """What it ended in; nothing while it is open."""
    if not remedy.result:
        return ""
    found = finding(Kind(remedy.kind), Result(remedy.result))
    return str(said(found.name)) if found else ""


def column(found: Column) -> str:
    """A column of table 4."""
    return {
        Column.UPHELD: _("结果维持"),
        Column.CORRECTED: _("结果纠正"),
        Column.OTHER: _("其他结果"),
        Column.PENDING: _("尚未审结"),
    }[found]


def title(remedy: Remedy) -> str:
    """2026-12 行政复议; with its number among several of the kind."""
    return _("%(number)s %(kind)s %(part)d") % {
        "number": words.number(remedy.matter),
        "kind": kind(remedy),
        "part": remedy.part,
    }


def due(remedy: Remedy, today: date, calendar: Calendar) -> tuple[str, str]:
    """The soonest day the organ itself must keep, with the days left, and the tone of that."""
    if remedy.due_on == NEVER:
        return "", ""
    if remedy.due_on < today and State(remedy.state) is State.JUDGED:
        return remedy.due_on.isoformat(), ""  # nobody has to appeal: it is over, not late
    return left(remedy.due_on, today, calendar)


def left(day: date, today: date, calendar: Calendar) -> tuple[str, str]:
    """A day with the working days left."""
    on = day.isoformat()
    days = words.left(day, today, calendar)
    if days is None:
        return on, ""
    if day < today:
        return _("%(day)s，逾期 %(days)d 个工作日") % {"day": on, "days": -days}, "bad"
    if day == today:
        return _("%(day)s，今天到期") % {"day": on}, "bad"
    told = _("%(day)s，余 %(days)d 个工作日") % {"day": on, "days": days}
    return told, "warn" if days <= SOON else ""
