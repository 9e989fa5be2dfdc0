"""办理环节: every role tries every act in every state, through the pages; the table decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from gongkai.web.ledger.models import Event
from gongkai.web.organs import particulars_life as life
from gongkai.web.organs import particulars_queries as reads
from gongkai.web.organs.particulars_life import Act, State
from gongkai.web.organs.particulars_page import _ROUTES
from gongkai.web.shell.access import Role, rule_of
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast

ROUTES = _ROUTES | {Act.DRAFT: "particulars_draft"}
STATES: tuple[State | None, ...] = (None, *State)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def typed(act: Act, version: int) -> dict[str, Any]:
    """What a person fills in for an act."""
    given: dict[str, Any] = {"version": version}
    if act in (Act.DRAFT, Act.EDIT):
        given |= samples.VALUES | {"phone": "0512-00000009"}
    if act in (Act.RETURN, Act.OVERSEE):
        given |= {"comment": "请补区号。"}
    if act is Act.RECORD:
        given |= {
            "name": "戴示例 局长",
            "signed_on": timezone.localdate().isoformat(),
            "scan": samples.file(samples.PDF, "签批.pdf"),
        }
    return given


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", STATES, ids=str)
def test_every_act_in_every_state_by_every_role(
    state: State | None, role: Role, cast: Cast, client_as: Callable[..., Client]
) -> None:
    # Drafted by a colleague: whose own work it is, is another test.
    by = samples.colleague(cast)
    if state is not None:
        samples.STATES[state](cast, by=by)
    organ = cast.organs["LX-JY"]
    standing = None if state in life.CLOSED else state
    # A second reviewer: 乙审核 has signed what is reviewed.
    client = (
        client_as("two_posts", acting_at="LX-JY")
        if role is Role.REVIEWER
        else client_as(role.value)
    )
    wrong = {}
    for act in Act:
        address = reverse(f"organs:{ROUTES[act]}", args=["LX-JY"])
        step = life.find(standing, act)
        allowed = step is not None and role in step.roles
        being = reads.open_version(organ)
        with undone():
            before = Event.objects.count()
            answer = client.post(address, typed(act, being.version if being else 0))
            now = organ.particulars.order_by("-number").first()
            events = list(Event.objects.order_by("pk")[before:])
        rule = rule_of(resolve(address).func)
        assert rule is not None
        if not rule.admits(role, signed_in=True):
            expected: tuple[Any, ...] = (403, state, [])
        elif allowed and step is not None:
            expected = (302, step.to, [step.event])
        else:
            expected = (answer.status_code, state, [])
            assert answer.status_code in (302, 404, 422)
        found = (answer.status_code, now.state if now else None, [e.kind for e in events])
        if found != expected:
            wrong[act] = (found, expected)
    assert wrong == {}


def test_a_table_without_a_way_out_or_with_two_meanings_is_refused() -> None:
    life._check(life.TABLE)
    submit = life.find(State.DRAFT, Act.SUBMIT)
    assert submit is not None
    edit = life.find(State.RETURNED, Act.EDIT)
    assert edit is not None
    broken = {
        "two meanings": (*life.TABLE, replace(submit, to=State.REVIEWED)),
        "without a sentence": (*life.TABLE[:-1], replace(life.TABLE[-1], event="no.such")),
        "never changed": (*life.TABLE, replace(submit, state=State.APPROVED)),
        "nothing leads to": tuple(t for t in life.TABLE if t.to != State.RETURNED),
        "no way out": (*(t for t in life.TABLE if t.state != State.RETURNED), edit),
    }
    for words, table in broken.items():
        with pytest.raises(ValueError, match=words):
            life._check(table)
