"""提醒的查询: what supervisors wait for, and what an organ was reminded of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from gongkai.statute import dated, workdays
from gongkai.web.ledger import calendars
from gongkai.web.organs import preferences, queries, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ, Reminder
from gongkai.web.shell.access import Role

OPEN = Q(answered_at__isnull=True, withdrawn_at__isnull=True)


def visible(capacity: Capacity | None) -> QuerySet[Reminder]:
    """The reminders somebody may see: those of the organs they may open."""
    return Reminder.objects.filter(organ__in=queries.visible_organs(capacity)).select_related(
        "organ", "by", "given_for"
    )


def open_of(subject: str) -> Reminder | None:
    """The one reminder of a matter that is neither answered nor withdrawn."""
    return (
        Reminder.objects.filter(OPEN, subject=subject)
        .select_related("organ", "by", "given_for")
        .first()
    )


def waiting_for(capacity: Capacity | None) -> list[Reminder]:
    """待办: what the organ of an officer was reminded of, the soonest due first."""
    if capacity is None or capacity.role not in queries.OWN_ORGAN:
        return []
    found = visible(capacity).filter(OPEN, organ=capacity.organ, organ__valid_to__isnull=True)
    return sorted(found, key=lambda r: (r.due_on is None, r.due_on or date.max, r.pk))


def may_withdraw(capacity: Capacity | None, reminder: Reminder) -> bool:
    """Whether this supervisor acts for the organ that reminded, or for one above it."""
    return (
        capacity is not None
        and capacity.role is Role.SUPERVISOR
        and tree.within(reminder.given_for.path, capacity.organ.path)
    )


def due_by_default(organ: Organ, today: date) -> date | None:
    """The day by which an organ is asked to act where nobody says another."""
    days = preferences.number_of(organ, "remind.days")
    try:
        return workdays.add_working_days(today, days, calendars.current()).end
    except dated.NotKnown:
        return None


# -- many organs; ``app`` is the first part of the subjects, "particulars"


def reminded_since(app: str) -> Subquery:
    """Of a row of organs: when its open reminder was given."""
    return Subquery(_of(app).order_by("-at").values("at")[:1])


def reminded(organs: QuerySet[Any], app: str) -> QuerySet[Any]:
    """Organs with an open reminder."""
    return organs.filter(pk__in=_open(app).values("organ"))


def overdue(organs: QuerySet[Any], app: str, today: date) -> QuerySet[Any]:
    """Organs whose open reminder was to be answered before today."""
    return organs.filter(pk__in=_open(app).filter(due_on__lt=today).values("organ"))


def not_reminded(organs: QuerySet[Any], app: str) -> QuerySet[Any]:
    """Organs without an open reminder."""
    return organs.filter(~Exists(_of(app)))


def subjects_open(subjects: Iterable[str]) -> set[str]:
    """Which of these matters have an open reminder."""
    return set(
        Reminder.objects.filter(OPEN, subject__in=list(subjects)).values_list("subject", flat=True)
    )


def _open(app: str) -> QuerySet[Reminder]:
    return Reminder.objects.filter(OPEN, subject__startswith=f"{app}/").order_by()


def _of(app: str) -> QuerySet[Reminder]:
    return _open(app).filter(organ=OuterRef("pk"))
