"""期限: the running clocks of matters, each reckoned from its basis and the calendar.

How each kind is reckoned stands in `clocks`.
``due_on`` is a projection: `recompute` makes it again for every open clock, and says what moved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from gongkai.statute.workdays import Calendar
from gongkai.web.ledger import alerts, calendars, clocks, events
from gongkai.web.ledger.models import Deadline

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Moved:
    """期限改变: of which matter, from when to when."""

    deadline: Deadline
    was: date | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """重算结果: the clocks that moved, and those that only are no longer, or now are, 暂定."""

    moved: tuple[Moved, ...]
    settled: tuple[Deadline, ...]


# -- opening, closing, reckoning anew


@transaction.atomic
def open_(
    *,
    organ: Model,
    subject: str,
    kind: str,
    basis: Mapping[str, Any],
    at: datetime,
    calendar: Calendar | None = None,
) -> Deadline:
    """起算: a clock of a matter. One of a kind at a time: a second raises IntegrityError, an
    unknown kind KeyError."""
    due = clocks.KINDS[kind].reckon(basis, calendar or calendars.current())
    return Deadline.objects.create(
        organ_id=organ.pk,
        subject=subject,
        kind=kind,
        basis=dict(basis),
        due_on=due.on,
        provisional=due.provisional,
        opened_at=at,
    )


@transaction.atomic
def close(*, subject: str, kind: str, at: datetime) -> bool:
    """办结: the clock stands still and calls on nobody any more; False where none was running."""
    found = Deadline.objects.filter(subject=subject, kind=kind, closed_at__isnull=True)
    keys = list(found.select_for_update().values_list("pk", flat=True))
    if not keys:
        return False
    Deadline.objects.filter(pk__in=keys).update(closed_at=at)
    alerts.settle(deadlines=keys, at=at)
    return True


@transaction.atomic
def change(*, subject: str, kind: str, basis: Mapping[str, Any], act: events.Act) -> Moved | None:
    """改变依据: what an open clock is reckoned from; None where it is due on the same day."""
    one = Deadline.objects.select_for_update().get(
        subject=subject, kind=kind, closed_at__isnull=True
    )
    one.basis = dict(basis)
    one.save(update_fields=["basis"])
    done = recompute(
        act=act, calendar=calendars.current(), among=Deadline.objects.filter(pk=one.pk)
    )
    return done.moved[0] if done.moved else None


def running(subject: str) -> QuerySet[Deadline]:
    """The open clocks of a matter, the soonest due first."""
    return Deadline.objects.filter(subject=subject, closed_at__isnull=True).order_by("due_on", "pk")


def foreseen(calendar: Calendar) -> Recomputed:
    """What a calendar would move; nothing is written."""
    moved, settled = [], []
    reckon = _Reckoning(calendar)
    for one in _open().iterator(chunk_size=_BATCH):
        due = reckon(one)
        if due.on != one.due_on:
            moved.append(_moved(one, due))
        elif due.provisional != one.provisional:
            settled.append(one)
    return Recomputed(tuple(moved), tuple(settled))


@transaction.atomic
def recompute(
    *, act: events.Act, calendar: Calendar, among: QuerySet[Deadline] | None = None
) -> Recomputed:
    """重算: every open clock by a calendar. Each that moved has an event of its matter and calls
    on those who see to it."""
    moved: list[Moved] = []
    settled: list[Deadline] = []
    reckon = _Reckoning(calendar)
    rows = _open(among).select_for_update(of=("self",))
    for one in rows.iterator(chunk_size=_BATCH):
        due = reckon(one)
        if due.on != one.due_on:
            moved.append(_moved(one, due))
        elif due.provisional != one.provisional:
            one.provisional = due.provisional
            settled.append(one)
    changed = [m.deadline for m in moved]
    _write([*changed, *settled])
    if moved:
        for kind in {one.kind for one in changed}:
            follow = clocks.KINDS[kind].moved
            if follow is not None:
                follow([one for one in changed if one.kind == kind])
        events.record_many(act, [_event(one) for one in moved])
        alerts.moved([(m.deadline, m.was) for m in moved], at=act.at)
    return Recomputed(tuple(moved), tuple(settled))


def _write(rows: list[Deadline]) -> None:
    """Those that are due on one day together: there are few days, and may be many clocks."""
    alike: dict[tuple[date | None, bool], list[int]] = {}
    for one in rows:
        alike.setdefault((one.due_on, one.provisional), []).append(one.pk)
    for (due_on, provisional), keys in alike.items():
        for at in range(0, len(keys), _BATCH):
            part = Deadline.objects.filter(pk__in=keys[at : at + _BATCH])
            part.update(due_on=due_on, provisional=provisional)


class _Reckoning:
    """Reckons each basis once, however many matters share it."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.known: dict[str, clocks.Due] = {}

    def __call__(self, one: Deadline) -> clocks.Due:
        key = f"{one.kind} {json.dumps(one.basis, sort_keys=True)}"
        if key not in self.known:
            self.known[key] = clocks.KINDS[one.kind].reckon(one.basis, self.calendar)
        return self.known[key]


def _open(among: QuerySet[Deadline] | None = None) -> QuerySet[Deadline]:
    rows = Deadline.objects.all() if among is None else among
    return (
        rows.filter(closed_at__isnull=True, kind__in=list(clocks.KINDS))
        .select_related("organ")
        .order_by("pk")
    )


def _moved(one: Deadline, due: clocks.Due) -> Moved:
    was, one.due_on, one.provisional = one.due_on, due.on, due.provisional
    return Moved(one, was)


def _event(one: Moved) -> events.What:
    row = one.deadline
    old = {"due_on_before": one.was.isoformat() if one.was else ""}
    new = {"clock": row.kind, "due_on": row.due_on.isoformat() if row.due_on else ""}
    return events.What("deadline.moved", row.organ_id, row.subject, old, new)
