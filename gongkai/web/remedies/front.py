"""首页上的复议诉讼: what the organ must do in its days; what a supervisor looks at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.statute.remedy_clocks import Deadline
from gongkai.statute.remedy_table import State
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.front import COUNTED, SHOWN, Looked, Waiting
from gongkai.web.ledger import calendars
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.people_queries import OFFICERS
from gongkai.web.remedies import life, queries, words
from gongkai.web.shell.access import Role


def waiting_for(capacity: Capacity | None) -> int:
    """How many of an officer's remedies have a day to keep."""
    return queries.to_do(capacity).count() if _officer(capacity) else 0


def tasks(capacity: Capacity | None, today: date) -> list[Waiting]:
    """待办: of an officer, soonest due first."""
    if not _officer(capacity):
        return []
    calendar = calendars.current()
    rows = queries.to_do(capacity).select_related("matter__request", "organ")
    found = []
    for one in rows.order_by("due_on", "pk")[:SHOWN]:
        due, tone = words.due(one, today, calendar)
        found.append(
            Waiting(
                f"{words.title(one)} {one.matter.title}",
                reverse("remedies:remedy", args=[one.pk]),
                one.organ.name,
                words.state(one),
                tone or words.tone(one),
                _soonest(life.ours(life.proceeding_of(one, calendar=calendar))),
                _("到期日 %(due)s") % {"due": due},
            )
        )
    return found


def _officer(capacity: Capacity | None) -> bool:
    return capacity is not None and capacity.role in OFFICERS


def _soonest(running: dict[str, Deadline]) -> str:
    one = min(running.values(), key=lambda one: one.on, default=None)
    return str(said(one.name)) if one else ""


def watched(capacity: Capacity | None, today: date) -> Iterator[Looked]:
    """需要留意: of a supervisor: answers, defences and reports that are late."""
    if capacity is None or capacity.role is not Role.SUPERVISOR:
        return
    # Nobody has to appeal: a judgment whose period is over is not late.
    rows = queries.to_do(capacity).filter(due_on__lt=today).exclude(state=State.JUDGED)
    late = rows.order_by("due_on", "pk")
    some = [
        (f"{words.kind(one)} {one.matter.title}", reverse("remedies:remedy", args=[one.pk]))
        for one in late.select_related("matter")[:SHOWN]
    ]
    count = len(some) if len(some) < SHOWN else late.order_by()[: COUNTED + 1].count()
    if count:
        yield Looked(_("逾期的复议答复、诉讼答辩"), count, some, reverse("remedies:list"), "bad")
