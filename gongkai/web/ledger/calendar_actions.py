"""放假安排的变更: a year's arrangement is entered or taken back, and every open clock follows.

In one transaction: the year, the clocks that it moves, what is told of them. Who may do so is asked
by the page above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from gongkai.statute import notices
from gongkai.statute.workdays import Calendar
from gongkai.web.ledger import calendars, deadlines, events
from gongkai.web.ledger.models import HolidayNotice
from gongkai.web.shell.refusals import Refusal


class Over(Refusal):
    """已撤下: withdrawn before."""


@dataclass(frozen=True, slots=True)
class Entered:
    """录入结果: the year's notice, and the clocks that it moved."""

    notice: HolidayNotice
    recomputed: deadlines.Recomputed


@transaction.atomic
def enter(*, act: events.Act, organ: Model, reading: notices.Reading, today: date) -> Entered:
    """录入: a year's arrangement counts from now on; every open clock is reckoned anew.

    Raises Incomplete, WrongYear, Contradicts, Unchanged.
    """
    calendars.hold()
    calendar = calendars.with_reading(reading, today)
    if reading.year is None or act.by is None:
        raise calendars.Incomplete
    made = HolidayNotice.objects.create(
        year=reading.year,
        title=reading.title[:120],
        number=reading.number[:60],
        dated=reading.dated,
        breaks=notices.as_data(reading.breaks),
        by=act.by,
        at=act.at,
    )
    return _changed("calendar.entered", act, organ, made, calendar)


@transaction.atomic
def withdraw(*, act: events.Act, organ: Model, notice: HolidayNotice) -> Entered:
    """撤下: the year's arrangement before it counts again, if there is one. Raises Over,
    Contradicts."""
    calendars.hold()
    found = HolidayNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if found.withdrawn_at is not None:
        raise Over(_("这一安排已经撤下。"))
    calendar = calendars.without(found)
    found.withdrawn_at = act.at
    found.save(update_fields=["withdrawn_at"])
    return _changed("calendar.withdrawn", act, organ, found, calendar)


def _changed(
    kind: str, act: events.Act, organ: Model, notice: HolidayNotice, calendar: Calendar
) -> Entered:
    told = {"year": notice.year, "title": notice.title}
    what = events.What(kind, organ.pk, calendars.address(notice.year), {}, told)
    events.record_many(act, [what])  # first: of a root, whose chain others take first as well
    return Entered(notice, deadlines.recompute(act=act, calendar=calendar))
