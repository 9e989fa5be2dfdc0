"""收费计件: how many applications of the same applicant the month already holds, and which.

国办函〔2020〕109号第四条: all kinds of decision count, per applicant and calendar month. Found by
the vault's marks; a proposal that the handler may correct.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongkai.statute import fees
from gongkai.statute.case_state import Case
from gongkai.web.applications import repeats
from gongkai.web.applications.models import Matter
from gongkai.web.organs import preferences

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """当月件数: the month, and what came before this one; ``by_receipt``: which day puts it there.

    ``known`` False: the applicant cannot be recognised, so nothing was counted.
    """

    month: date
    earlier: tuple[Matter, ...]
    before: int
    by_receipt: bool
    known: bool = True

    @property
    def position(self) -> int:
        """The how-manieth of the month this one is."""
        return self.before + 1


def counted(matter: Matter, case: Case, on: date) -> Counted:
    """The month's count for the applicant of a matter, notice being given on ``on``."""
    organ = matter.organ
    by_receipt = preferences.value_of(organ, "count.fee_month") == "receipt"
    day = case.receipt.day if by_receipt and case.receipt else on
    month = day.replace(day=1)
    ways = repeats.like(matter.request)
    if not ways:
        return Counted(month, (), 0, by_receipt, known=False)
    alike = repeats.requests_of(ways)
    alike -= repeats.told_apart(matter.request, alike)
    rows = Matter.objects.filter(organ=organ, request__in=alike, merged_into=None)
    rows = rows.exclude(pk=matter.pk)
    if by_receipt:
        rows = rows.filter(received_on__gte=month, received_on__lt=_next(month))
        rows = rows.filter(Q(received_on__lt=day) | Q(received_on=day, pk__lt=matter.pk))
    else:
        rows = rows.filter(closed_on__gte=month, closed_on__lt=_next(month))
    rows = rows.select_related("request").order_by("received_on", "pk")
    return Counted(month, tuple(rows[:SHOWN]), _count(matter, rows), by_receipt)


def _count(matter: Matter, rows: object) -> int:
    """In matters or in papers, by the organ's setting; this paper's own parts stay matters."""
    found = list(rows.values_list("request_id", flat=True))  # type: ignore[attr-defined]
    if preferences.value_of(matter.organ, "count.application_unit") == "paper":
        return len(set(found) - {matter.request_id})
    return len(found)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def proposal(counted: Counted, on: date) -> fees.Charge:
    """按件计收的建议: what this one costs. Raises dated.NotKnown before there was a tariff."""
    return fees.by_items(1, on, before=counted.before)
