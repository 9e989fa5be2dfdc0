"""首页上的申请: what waits for an officer, soonest due first; what a supervisor looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.statute import side_matters
from gongkai.statute.case_table import ACTS, State
from gongkai.web.applications import case_acts, lists, queries, words
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import calendars
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell.access import Role

SHOWN = 8
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """一件待办的申请: where it is, what is to be done, by when."""

    title: str
    href: str
    organ: str
    state: str
    tone: str
    to_do: str
    due: str


@dataclass(frozen=True, slots=True)
class Looked:
    """一项需要留意的: how many (at most COUNTED + 1), the first of them, the list of all."""

    title: str
    count: int
    some: list[tuple[str, str]]
    href: str
    tone: str


def waiting_for(capacity: Capacity | None, today: date) -> list[Waiting]:
    """待办: of an officer."""
    if capacity is None or capacity.role not in queries.OFFICERS:
        return []
    rows = lists.in_tab(queries.visible_matters(capacity), lists.MINE, capacity)
    turn = rows.exclude(waits_for__in=(Matter.Waits.APPLICANT, Matter.Waits.PARTY))
    found = turn.select_related("request", "organ", "deadline").order_by("due_on", "pk")[:SHOWN]
    calendar = calendars.current()
    waiting = [_waiting(one, *words.due(one, today, calendar)) for one in found]
    return [*waiting, *_corrections(capacity)]


_BY_ROLE = {
    Role.HANDLER: (side_matters.State.DECIDED, side_matters.State.TOLD),
    Role.APPROVER: (side_matters.State.ASKED,),
}
_NEXT = {
    side_matters.State.ASKED: side_matters.Act.SETTLE,
    side_matters.State.DECIDED: side_matters.Act.TELL,
    side_matters.State.TOLD: side_matters.Act.ARCHIVE,
}


def _corrections(capacity: Capacity) -> Iterator[Waiting]:
    """Requests for correction whose next act is this role's; no period runs."""
    rows = queries.visible_corrections(capacity).filter(state__in=_BY_ROLE.get(capacity.role, ()))
    for one in rows.select_related("request", "organ").order_by("pk")[:SHOWN]:
        state = side_matters.State(one.state)
        yield Waiting(
            _("更正申请 %(number)s") % {"number": number_of(one.request)},
            reverse("applications:correction", args=[one.pk]),
            one.organ.name,
            str(said(side_matters.TABLE.states[state])),
            "warn",
            str(said(side_matters.TABLE.acts[_NEXT[state]])),
            "",
        )


def _waiting(one: Matter, due: str, tone: str) -> Waiting:
    act = case_acts.NEXT.get(State(one.state))
    return Waiting(
        f"{words.number(one)} {one.title}",
        reverse("applications:case", args=[one.pk]),
        one.organ.name,
        words.state(one),
        tone or words.tone(one),
        str(said(ACTS[act])) if act else "",
        _("到期日 %(due)s") % {"due": due} if due else "",
    )


def watched(capacity: Capacity | None, today: date) -> Iterator[Looked]:
    """需要留意: of a supervisor: late, due soon, key."""
    if capacity is None or capacity.role is not Role.SUPERVISOR:
        return
    listed = reverse("applications:list")
    rows = queries.visible_matters(capacity).filter(is_open=True)
    for title, narrow, query, tone in (
        (_("逾期未答复的申请"), Q(due_on__lt=today), "due=overdue", "bad"),
        (_("今天到期的申请"), Q(due_on=today), "due=today", "warn"),
        (_("在办的重点件"), Q(is_key=True), "key=yes", "warn"),
    ):
        found = rows.filter(narrow).order_by("due_on", "pk")
        some = [(one.title, reverse("applications:case", args=[one.pk])) for one in found[:SHOWN]]
        count = len(some) if len(some) < SHOWN else found.order_by()[: COUNTED + 1].count()
        if count:
            yield Looked(title, count, some, f"{listed}?{query}", tone)
