"""办理: one act on one matter: asked of the statute, told, its clock run, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.statute import cases, dated, event_data
from gongkai.statute.case_events import Act, Event
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import TABLE, State
from gongkai.statute.transitions import Duty, Illegal
from gongkai.web.applications import life, tracking_actions
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import calendars
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import particulars_queries, reminder_actions, separation
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

DUTIES: dict[Duty, frozenset[Role]] = {
    Duty.HANDLE: frozenset({Role.HANDLER}),
    Duty.REVIEW: frozenset({Role.REVIEWER}),
    Duty.APPROVE: frozenset({Role.APPROVER}),
    Duty.SIGN: frozenset({Role.HANDLER, Role.APPROVER}),
    Duty.HEAD: frozenset({Role.APPROVER}),
}
"""职责和角色: who does what the statute's table gives to a duty."""
_STEPS = {Act.REVIEW: separation.Step.REVIEW, Act.APPROVE: separation.Step.APPROVE}


class NotPossible(Refusal):
    """不能办理: the statute refuses it, and says why."""


class WrongDay(Refusal):
    """日期有误: nothing happens in the days to come."""


@transaction.atomic
def act(
    *,
    by: Doer,
    matter: Matter,
    event: Event,
    version: int,
    told: dict[str, Any] | None = None,
) -> Matter:
    """办理: what the event says happened to the matter.

    ``told``: more for the event's row, without personal data. Raises NotAllowed, Stale, WrongDay,
    NotPossible, OwnWork.
    """
    held = (
        Matter.objects.select_for_update(of=("self",))
        .select_related("organ", "request", "deadline")
        .get(pk=matter.pk)
    )
    if held.version != version:
        raise Stale
    check(by, held, event.act)
    if event.on > timezone.localdate(by.at):
        raise WrongDay(_("日期不能晚于今天。"), field="on")
    record(by, held, event, told)
    return held


def record(by: Doer, matter: Matter, event: Event, told: dict[str, Any] | None = None) -> Case:
    """Takes the event into the matter's history, whoever may; the matter is held by the caller."""
    before = life.events(matter)
    try:
        case = cases.replay(
            [*before, event],
            life.conventions(matter.organ),
            calendars.current(),
            as_of=timezone.localdate(by.at),
        )
    except Illegal as wrong:
        raise NotPossible(said(wrong.text)) from None
    except dated.NotKnown as unknown:
        raise NotPossible(said(unknown.text)) from None
    new: dict[str, Any] = {**(told or {}), "event": event_data.as_data(event)}
    principal = particulars_queries.principal_of(by.capacity)
    if principal is not None:
        new["for_id"] = principal
    by.tell(f"{life.KIND}{event.act.value}", matter.organ, life.address(matter), new=new)
    if not case.closed:
        matter.merged_into = None  # resumed: on its own again
    life.project(matter, case)
    life.run_clock(matter, case, act=by.act)
    tracking_actions.settle(matter, event.act, closed=case.closed, at=by.at)
    if case.closed:
        reminder_actions.answer(subject=life.address(matter), at=by.at)
    elif matter.handler is None and may_do(by, matter, Duty.HANDLE):
        matter.handler = by.by  # of an old ledger, reopened: it must be somebody's turn
    matter.version += 1
    matter.save()
    return case


def may_do(by: Doer, matter: Matter, duty: Duty) -> bool:
    """Whether the person's role does this duty, for the matter's organ."""
    return does(by, matter.organ, duty)


def does(by: Doer, organ: Organ, duty: Duty) -> bool:
    """Whether the person's role does this duty, for this organ."""
    held = by.capacity
    if held is None or held.role not in DUTIES[duty]:
        return False
    return organ.pk in organ_queries.own_and_predecessors(held.organ)


def check(by: Doer, matter: Matter, act: Act) -> None:
    """Raises NotAllowed where it is not this person's duty, OwnWork where it is their own work."""
    row = TABLE.find(State(matter.state), act)
    duty = row.duty if row else Duty.HANDLE
    if not may_do(by, matter, duty):
        raise NotAllowed
    step = _STEPS.get(act)
    if step is None:
        return
    drafters, earlier = authors(matter)
    separation.may_decide(
        step,
        decider=by.by.pk,
        drafter=drafters,
        earlier=earlier,
        on_behalf_of=particulars_queries.principal_of(by.capacity),
    )


def authors(matter: Matter) -> tuple[set[int], set[int]]:
    """Who drafted the answer in hand, and who signed it since: accounts, principals among them."""
    drafters: set[int] = set()
    signers: set[int] = set()
    rows = ledger.events().filter(subject=life.address(matter), kind__startswith=life.KIND)
    for kind, by, new in rows.order_by("position").values_list("kind", "by_id", "new"):
        people = {key for key in (by, new.get("for_id")) if key is not None}
        done = kind.removeprefix(life.KIND)
        if done == Act.DECIDE.value:
            drafters, signers = drafters | people, set()
        elif done in (Act.REVIEW.value, Act.APPROVE.value):
            signers |= people
        elif done in (Act.RETURN.value, Act.RECALL.value):
            signers = set()
        elif done == Act.REOPEN.value:
            drafters, signers = set(), set()
    return drafters, signers
