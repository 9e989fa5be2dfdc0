"""年度报告的数: every cell of tables 3 and 4 of an organ's year, counted; and what is behind it.

A cell is a question put to the ledger: the page that shows 5 shows the five cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from gongkai.statute import forms, year_counts
from gongkai.statute.grounds import TABLE
from gongkai.web.applications import counting
from gongkai.web.applications import queries as applications
from gongkai.web.applications.counting import Period
from gongkai.web.applications.models import Matter
from gongkai.web.organs import preferences
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ
from gongkai.web.remedies import queries as remedies
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell.access import Role

FOUR = "remedies"


@dataclass(frozen=True, slots=True)
class Year:
    """一个机关的一年: whose cases count in its report, as far as a person may see them."""

    organ: Organ
    period: Period
    capacity: Capacity
    organs: frozenset[int]  # itself, and those it took over whose report of the year it writes

    @property
    def form(self) -> forms.Form:
        """The form due for the year. Raises `forms.NoForm`."""
        return forms.form(forms.due(self.period.year).edition)

    def matters(self) -> QuerySet[Matter]:
        """What may count in table 3."""
        return applications.visible_matters(self.capacity).filter(organ__in=self.organs)

    def remedies(self) -> QuerySet[Remedy]:
        """What may count in table 4."""
        return remedies.visible_remedies(self.capacity).filter(organ__in=self.organs)

    def cells(self) -> Mapping[str, int]:
        """Tables 3 and 4 by address, sums included."""
        year = self.period.year
        three = year_counts.filled(counting.counted(self.matters(), self.period), year)
        conventions = preferences.count_conventions(self.organ)
        four = remedies.counted(self.remedies(), year, conventions)
        return {**three, **year_counts.filled_four(four)}


def matters_in(year: Year, address: str) -> QuerySet[Matter]:
    """The applications behind a cell of table 3."""
    _table, row, kind = address.split(".")
    return counting.in_cell(year.matters(), row, kind, year.period)


def remedies_in(year: Year, address: str) -> QuerySet[Remedy]:
    """The remedies behind a cell of table 4."""
    _table, kind, column = address.split(".")
    conventions = preferences.count_conventions(year.organ)
    return remedies.in_column(year.remedies(), kind, column, year.period.year, conventions)


def open_to(capacity: Capacity) -> QuerySet[Organ]:
    """Whose years a person may open: an officer's own and those it took over, a supervisor's
    subtree."""
    if capacity.role is Role.SUPERVISOR:
        return organ_queries.subtree(capacity.organ)
    return Organ.objects.filter(pk__in=organ_queries.own_and_predecessors(capacity.organ))


def may_open(capacity: Capacity, organ: Organ) -> bool:
    """Whether a person may open an organ's years."""
    return open_to(capacity).filter(pk=organ.pk).exists()


def is_counted(year: Year, address: str) -> bool:
    """Whether the ledger answers for a cell of the year's form."""
    spec = year.form.specs.get(address)
    return spec is not None and spec.table in (TABLE, FOUR)


def current(organ: Organ, year: int, today: date, capacity: Capacity) -> Year:
    """The year up to a day: all of it where it is over."""
    period = Period(year, min(today, date(year, 12, 31)))
    return Year(organ, period, capacity, frozenset(_whose(organ, year)))


def _whose(organ: Organ, year: int) -> set[int]:
    found = {one.pk for one in organ_queries.reported_by(organ, year)}
    for one in Organ.objects.filter(pk__in=organ_queries.own_and_predecessors(organ) - found):
        if organ_queries.reporter_of(one, year).pk == organ.pk:
            found.add(one.pk)
    return found
