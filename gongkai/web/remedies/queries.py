"""复议诉讼的查询: what a person may see of remedies: as of the matters they are against."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from gongkai.statute import remedy_counts
from gongkai.statute.remedy_results import Column, Kind
from gongkai.web.organs import people_queries, preferences
from gongkai.web.organs.capacity import Capacity
from gongkai.web.remedies.models import NEVER, Remedy
from gongkai.web.shell.access import Role


def visible_remedies(capacity: Capacity | None) -> QuerySet[Remedy]:
    """The remedies somebody may open. Every list, page, count and file starts here."""
    return people_queries.of_matters(Remedy.objects.all(), "organ", capacity)


def to_do(capacity: Capacity | None) -> QuerySet[Remedy]:
    """Those in which the organ itself has a day to keep."""
    return visible_remedies(capacity).exclude(due_on=NEVER)


def others(remedy: Remedy) -> QuerySet[Remedy]:
    """Those against the same answer."""
    return Remedy.objects.filter(matter=remedy.matter_id).exclude(pk=remedy.pk)


def counted(
    rows: QuerySet[Remedy],
    year: int,
    conventions: remedy_counts.CountConventions = remedy_counts.DEFAULT,
) -> dict[tuple[Kind, Column], int]:
    """表四: how many of the remedies stand in each cell of a year's report, as
    `remedy_counts.column_in` tells of one."""
    began, ended = date(year, 1, 1), date(year, 12, 31)
    found: dict[tuple[Kind, Column], int] = {}
    told = rows.filter(counts=True, filed_on__lte=ended).order_by()
    for kind, column, concluded in told.values_list("kind", "column", "concluded_on"):
        if concluded is not None and concluded < began:
            continue
        if concluded is None or concluded > ended:
            if not conventions.both_years:
                continue
            column = Column.PENDING
        cell = Kind(kind), Column(column)
        found[cell] = found.get(cell, 0) + 1
    return found


def in_column(
    rows: QuerySet[Remedy],
    kind: str,
    column: str,
    year: int,
    conventions: remedy_counts.CountConventions = remedy_counts.DEFAULT,
) -> QuerySet[Remedy]:
    """Those that `counted` tells of in a cell; "total" for every column."""
    told = rows.filter(counts=True, kind=kind)
    open_ = _open_after(year) if conventions.both_years else Q(pk__in=())
    closed = _concluded_in(year)
    if column == Column.PENDING:
        return told.filter(open_ | (closed & Q(column=column)))
    return told.filter(open_ | closed) if column == "total" else told.filter(closed, column=column)


def counted_by_own(rows: QuerySet[Remedy], year: int) -> dict[tuple[Kind, Column], int]:
    """表四: each organ's remedies by its own conventions, added up."""
    latter = counting_once(rows)
    sums = counted(rows.exclude(organ__in=latter), year, _EACH_YEAR)
    if latter:
        own_way = counted(rows.filter(organ__in=latter), year, _ONCE)
        sums = {cell: sums.get(cell, 0) + own_way.get(cell, 0) for cell in {*sums, *own_way}}
    return sums


_EACH_YEAR = remedy_counts.CountConventions(both_years=True)
_ONCE = remedy_counts.CountConventions(both_years=False)


def counting_once(rows: QuerySet[Remedy]) -> list[int]:
    """Of the rows' organs, those that count a remedy only in the year it is concluded."""
    organs = dict(rows.order_by().values_list("organ__path", "organ").distinct())
    chosen = preferences.of_many(organs, "count.remedy_year")
    return [organs[path] for path, value in chosen.items() if value != "both"]


def in_cell(
    rows: QuerySet[Remedy], year: int, *, pending: bool, capacity: Capacity
) -> QuerySet[Remedy]:
    """Those that table 4 of a year counts: concluded in it, or ``pending`` at its end."""
    counting = own(rows, capacity).filter(counts=True)
    if pending:
        open_then = counting.filter(_open_after(year))
        return open_then.exclude(organ__in=counting_once(open_then))
    return counting.filter(_concluded_in(year))


def _concluded_in(year: int) -> Q:
    return Q(concluded_on__range=(date(year, 1, 1), date(year, 12, 31)))


def _open_after(year: int) -> Q:
    """Filed by the end of the year, and open then."""
    ended = date(year, 12, 31)
    return Q(filed_on__lte=ended) & (Q(concluded_on__isnull=True) | Q(concluded_on__gt=ended))


def own(rows: QuerySet[Remedy], capacity: Capacity) -> QuerySet[Remedy]:
    """Whose table 4 it is: an officer's organ alone, a supervisor's whole subtree."""
    return rows if capacity.role is Role.SUPERVISOR else rows.filter(organ=capacity.organ)
