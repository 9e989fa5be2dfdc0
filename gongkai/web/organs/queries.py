"""机关的查询: what a person may see of organs and people, and what was in force on a day.

Every list, page, count, search and export of this app starts from a ``visible_…`` function here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from gongkai.web.organs import tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import (
    Appointment,
    Organ,
    OrganKind,
    OrganName,
    Period,
    Placement,
    Reconsideration,
    Succession,
)
from gongkai.web.shell import requests
from gongkai.web.shell.access import Role

WHOLE_SUBTREE = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR})
OWN_ORGAN = frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER})


def visible_organs(capacity: Capacity | None) -> QuerySet[Organ]:
    """The organs somebody may open: administrators and supervisors their subtree, officers their
    own organ and those whose open work it took over, nobody else any."""
    if capacity is None or capacity.role is Role.AUDITOR:
        return Organ.objects.none()
    if capacity.role in WHOLE_SUBTREE:
        return subtree(capacity.organ)
    return Organ.objects.filter(pk__in=own_and_predecessors(capacity.organ))


def subtree(top: Organ) -> QuerySet[Organ]:
    """An organ and all below it."""
    return Organ.objects.filter(path__gte=top.path, path__lt=tree.end(top.path))


def own_and_predecessors(organ: Organ) -> set[int]:
    """An organ and every one whose open work came to it, directly or over others (pk)."""
    key = ("own_and_predecessors", organ.pk)
    return set(requests.asked_once(key, lambda: _own_and_predecessors(organ)))


def _own_and_predecessors(organ: Organ) -> set[int]:
    found = {organ.pk}
    fresh = {organ.pk}
    while fresh:
        fresh = (
            set(
                Succession.objects.filter(successor_id__in=fresh, takes_open_work=True).values_list(
                    "predecessor_id", flat=True
                )
            )
            - found
        )
        found |= fresh
    return found


def is_valid(period: Period, on: date) -> bool:
    """Whether a period holds on a day."""
    return period.valid_from <= on and (period.valid_to is None or on < period.valid_to)


def valid_on(on: date) -> Q:
    """The condition that a row's period holds on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def name_on(organ: Organ, on: date) -> OrganName | None:
    """What an organ was called on a day; None before it was founded."""
    return organ.names.filter(valid_on(on)).first()


def parent_on(organ: Organ, on: date) -> Organ | None:
    """Whose subordinate an organ was on a day."""
    placed = organ.placements.filter(valid_on(on)).select_related("parent").first()
    return placed.parent if placed else None


def children_on(parent: Organ, on: date) -> list[Organ]:
    """The direct subordinates of a day, in the order of the tree."""
    placed = Placement.objects.filter(valid_on(on), parent=parent).values("organ_id")
    return list(Organ.objects.filter(valid_on(on), pk__in=placed).order_by("path"))


def handler_of(organ: Organ, on: date) -> Organ:
    """承办机关: who does an organ's open work on a day: itself, or the last that took it over."""
    current, seen = organ, {organ.pk}
    while True:
        passed = (
            current.successions.filter(effective_on__lte=on, takes_open_work=True)
            .select_related("successor")
            .first()
        )
        if passed is None or passed.successor_id in seen:
            return current
        current = passed.successor
        seen.add(current.pk)


def reporter_of(organ: Organ, year: int) -> Organ:
    """编报机关: who writes an organ's annual report of a year.

    A unit that ended before its report was due does not write its own: the successor marked
    ``reports`` does, and so on.
    """
    current, seen = organ, {organ.pk}
    while True:
        passed = (
            current.successions.filter(effective_on__lte=report_due(current, year), reports=True)
            .select_related("successor")
            .first()
        )
        if passed is None or passed.successor_id in seen:
            return current
        current = passed.successor
        seen.add(current.pk)


def report_due(organ: Organ, year: int) -> date:
    """The last day for an organ's report of a year (条例 Art 49): governments 31 March, else 31
    January."""
    government = organ.kind == OrganKind.GOVERNMENT
    return date(year + 1, 3, 31) if government else date(year + 1, 1, 31)


def reported_by(organ: Organ, year: int) -> list[Organ]:
    """Every organ whose figures of a year belong into this organ's report, itself first."""
    ended = Succession.objects.filter(
        effective_on__gte=date(year, 1, 1), effective_on__lte=date(year + 1, 3, 31), reports=True
    ).select_related("predecessor")
    others = [s.predecessor for s in ended if reporter_of(s.predecessor, year).pk == organ.pk]
    return [organ, *sorted(others, key=lambda o: o.path)]


def reconsideration_on(organ: Organ, on: date) -> Reconsideration | None:
    """Who hears reconsideration of an organ's acts of a day; None where nothing was entered."""
    return organ.reconsiderations.filter(valid_on(on)).select_related("body").first()


def chain(organ: Organ) -> list[Organ]:
    """From the root down to the organ."""
    return list(Organ.objects.filter(path__in=tree.ancestors(organ.path)).order_by("path"))


def found_by(rows: QuerySet[Organ], words: str) -> QuerySet[Organ]:
    """Rows whose names (former ones too) or codes hold every word."""
    for word in words.split():
        rows = rows.filter(known_as__icontains=word)
    return rows


def key_of(code: str) -> int | None:
    """The key of an organ, by its code; for commands, which see everything."""
    return Organ.objects.filter(code=code).values_list("pk", flat=True).first()


def named(key: int) -> tuple[str, str]:
    """The code and the name of an organ, by its key; nothing for none; for commands."""
    return Organ.objects.filter(pk=key).values_list("code", "name").first() or ("", "")


SEES_PEOPLE = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})


def visible_people(capacity: Capacity | None) -> QuerySet[Appointment]:
    """The appointments somebody may see: administrators and supervisors those of their subtree."""
    if capacity is None or capacity.role not in SEES_PEOPLE:
        return Appointment.objects.none()
    top = capacity.organ.path
    return Appointment.objects.filter(organ__path__gte=top, organ__path__lt=tree.end(top))


def known_as(organ: Organ, names: Iterable[OrganName]) -> str:
    """Every name and code an organ is found by."""
    said = [organ.code, organ.name, organ.short_name, organ.credit_code, organ.division_code]
    for one in names:
        said += [one.name, one.short_name]
    return "\n".join(dict.fromkeys(s for s in said if s))
