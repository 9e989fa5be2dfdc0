"""事项的用语: state, outcome and days of a matter in words, for lists and pages."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongkai.statute import dated, workdays
from gongkai.statute.case_table import CLOSED, STATES, State
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.workdays import Calendar
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import NEVER, Matter

SOON = 5  # working days


def state(matter: Matter) -> str:
    """What it is called."""
    return str(said(STATES[State(matter.state)]))


def tone(matter: Matter) -> str:
    """Of its badge."""
    if State(matter.state) in CLOSED:
        return "ok" if matter.state in (State.DELIVERED, State.ARCHIVED) else "quiet"
    return "warn"


def outcome(matter: Matter) -> str:
    """The ground it ended on; nothing while it is open."""
    if not matter.ground:
        return ""
    return str(said(REASONS[Ground(matter.ground)].name))


def number(matter: Matter) -> str:
    """2026-12, or 2026-12-3 where its request has several (``parts``, where they are at hand)."""
    parts = getattr(matter.request, "parts", None)
    count = matter.request.matters.count() if parts is None else len(parts)
    return number_of(matter.request, matter, count)


def left(due: date, today: date, calendar: Calendar) -> int | None:
    """Working days from today up to the day, below 0 once it is over; None where unknown."""
    try:
        if due >= today:
            return workdays.count(today, due, calendar).working
        return -workdays.count(due, today, calendar).working
    except dated.NotKnown:
        return None


def due(matter: Matter, today: date, calendar: Calendar) -> tuple[str, str]:
    """The day it is due with the days left, and the tone of that."""
    if not matter.is_open:
        return "", ""
    if matter.due_on == NEVER:
        return (_("暂停计算"), "quiet") if matter.deadline_id else (_("待确认收到"), "warn")
    day = matter.due_on.isoformat()
    if matter.deadline is not None and matter.deadline.provisional:
        day = _("%(day)s（暂定）") % {"day": day}
    days = left(matter.due_on, today, calendar)
    if days is None:
        return day, ""
    if matter.due_on < today:
        return _("%(day)s，逾期 %(days)d 个工作日") % {"day": day, "days": -days}, "bad"
    if matter.due_on == today:
        return _("%(day)s，今天到期") % {"day": day}, "bad"
    told = _("%(day)s，余 %(days)d 个工作日") % {"day": day, "days": days}
    return told, "warn" if days <= SOON else ""
