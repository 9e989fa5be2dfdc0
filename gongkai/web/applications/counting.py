"""表三的统计: matters counted by SQL over their rows, as `year_counts.places` tells of each one.

A row says where a matter counts as things stood at the end of its year. As of an earlier day the
few that were answered more than once are replayed (国办公开办函〔2021〕30号).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from gongkai.statute import forms, year_counts
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_state import Case as CaseState
from gongkai.statute.grounds import REASONS, Ground
from gongkai.web.applications import life
from gongkai.web.applications.models import Matter

RECEIVED, CARRIED_IN = year_counts.RECEIVED, year_counts.CARRIED_IN
Tallies = tuple[year_counts.Tally, ...]
CONCLUDED, CARRIED_OUT = "concluded", year_counts.CARRIED_OUT


@dataclass(frozen=True, slots=True)
class Period:
    """统计期: a year, as of a day of it or its last one."""

    year: int
    as_of: date | None = None

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        last = date(self.year, 12, 31)
        return min(self.as_of or last, last)

    @property
    def early(self) -> bool:
        return self.end < date(self.year, 12, 31)


def within(rows: QuerySet[Matter], period: Period) -> QuerySet[Matter]:
    """Those that stand anywhere in table 3 of the period."""
    open_before = Q(counted_on__isnull=True) | Q(counted_on__gte=period.first)
    return rows.filter(open_before, merged_into=None, received_on__lte=period.end)


def counted(rows: QuerySet[Matter], period: Period) -> Mapping[tuple[str, str], int]:
    """How many matters stand in each leaf row and column; no key for none."""
    found: Counter[tuple[str, str]] = Counter()
    told = (
        within(rows, period)
        .order_by()
        .annotate(early=_flag(Q(received_on__lt=period.first)), done=_flag(_done(period)))
    )
    groups = told.values_list("early", "done", "counted_ground", "kind").annotate(n=Count("pk"))
    for early, done, ground, kind, n in groups:
        found[CARRIED_IN if early else RECEIVED, kind] += n
        found[_row(ground, period) if done else CARRIED_OUT, kind] += n
    for matter, ground in _answered_since(rows, period).items():
        found[_row(matter.counted_ground, period), matter.kind] -= 1
        found[_row(ground, period), matter.kind] += 1
    return +found


def in_cell(rows: QuerySet[Matter], row: str, kind: str, period: Period) -> QuerySet[Matter]:
    """The matters behind a cell; ``kind`` "total" for every kind of applicant."""
    found = within(rows, period)
    if kind != "total":
        found = found.filter(kind=kind)
    if row == RECEIVED:
        return found.filter(received_on__gte=period.first)
    if row == CARRIED_IN:
        return found.filter(received_on__lt=period.first)
    if row == CARRIED_OUT:
        return found.exclude(_done(period))
    found = found.filter(_done(period))
    if row == CONCLUDED:
        return found
    grounds = [ground.value for ground in Ground if _row(ground, period) == row]
    moved = _answered_since(rows, period)
    here = [one.pk for one, ground in moved.items() if _row(ground, period) == row]
    stays = Q(counted_ground__in=grounds) & ~Q(pk__in=[one.pk for one in moved])
    return found.filter(stays | Q(pk__in=here))


def places(matter: Matter, case: CaseState, today: date) -> list[tuple[int, Tallies]]:
    """计入哪里: each year whose table 3 holds the matter, and its rows there with the reason."""
    one = year_counts.countable(case, ApplicantKind(matter.kind))
    if one is None or matter.merged_into_id is not None:
        return []
    done = one.concluded(date.max)
    found = []
    for year in range(one.received.year, (done[0] if done else today).year + 1):
        try:
            told = year_counts.places(one, year, today)
        except forms.NoForm:
            continue
        if told:
            found.append((year, told))
    return found


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=False, output_field=BooleanField())


def _done(period: Period) -> Q:
    return Q(counted_on__isnull=False, counted_on__lte=period.end)


def _row(ground: str | Ground, period: Period) -> str:
    return REASONS[Ground(ground)].row_in(period.year)


def _answered_since(rows: QuerySet[Matter], period: Period) -> dict[Matter, Ground]:
    """Those answered again after the day that is asked for, and what they stood on then."""
    if not period.early:
        return {}
    again = within(rows, period).filter(_done(period), answers__gt=1).select_related("organ")
    found = {}
    for matter in again:
        case = life.case_of(matter)
        one = year_counts.countable(case, ApplicantKind(matter.kind))
        stood = one.concluded(period.end) if one else None
        if stood is not None and stood[1].value != matter.counted_ground:
            found[matter] = stood[1]
    return found
