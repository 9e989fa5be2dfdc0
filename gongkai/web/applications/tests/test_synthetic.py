"""大批示例申请: what is filled in is as if it had been done: replayed, proven, and gone on with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.statute.case_table import TABLE
from gongkai.web.applications import life, synthetic
from gongkai.web.applications.models import NEVER, Applicant, Matter, Request
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.ledger import calendars, chains, clocks, vault
from gongkai.web.ledger.models import Counter, Deadline, Event, Secret
from gongkai.web.shell import append_only
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
COUNT = 1000


def filled(cast: Cast) -> synthetic.Filled:
    organs = [cast.organs[code] for code in ("LX-JY", "LX")]
    people = {
        role: cast.accounts[role.value] for role in (Role.HANDLER, Role.REVIEWER, Role.APPROVER)
    }
    return synthetic.fill(organs=organs, people=people, matters=COUNT, today=TODAY)


def test_every_row_is_what_its_history_replays_to(cast: Cast) -> None:
    made = filled(cast)
    assert Matter.objects.count() == made.matters == COUNT
    assert Matter.objects.filter(is_open=True).count() == made.open == COUNT // synthetic.OPEN
    for matter in Matter.objects.select_related("organ", "deadline"):
        stored = {name: getattr(matter, name) for name in life.FIELDS}
        case = life.case_of(matter, as_of=TODAY - timedelta(days=1))
        life.project(matter, case)
        assert {name: getattr(matter, name) for name in life.FIELDS} == stored
        assert (matter.deadline is None) == case.closed
        if matter.deadline is not None:
            assert matter.due_on == (matter.deadline.due_on or NEVER)
            assert matter.deadline.subject == life.address(matter)
        assert matter.version == len(case.events) + 1
        assert max(event.on for event in case.events) < TODAY


def test_its_chains_hold(cast: Cast) -> None:
    before = Event.objects.count()
    made = filled(cast)
    assert Event.objects.count() == before + made.events
    assert {chains.verify(key) for key in chains.every()} == {None}
    with pytest.raises(DatabaseError, match=append_only.MESSAGE), transaction.atomic():
        Event.objects.filter(kind="application.sign").update(subject="matter/1")


def test_what_rows_point_to_is_there(cast: Cast) -> None:
    filled(cast)
    connection.check_constraints()
    assert Applicant.objects.count() == Request.objects.count() == COUNT
    secret = Secret.objects.filter(label="name").first()
    assert secret is not None and len(vault.open_(secret)) == 3


def test_clocks_are_due_when_they_are_reckoned(cast: Cast) -> None:
    filled(cast)
    running = Deadline.objects.filter(closed_at__isnull=True)
    assert running.exclude(due_on=None).count() > 5
    for one in running:
        due = clocks.KINDS[one.kind].reckon(one.basis, calendars.current())
        assert (due.on, due.provisional) == (one.due_on, one.provisional)


def test_work_goes_on_behind_it(cast: Cast) -> None:
    filled(cast)
    organ = cast.organs["LX-JY"]
    last = Counter.objects.get(organ=organ, kind="application", year=2026).last
    matter = registered(cast, paper(arrived=date(2026, 3, 2)))
    assert (matter.pk, matter.request.number) == (COUNT + 1, last + 1)
    assert chains.verify(organ.pk) is None


def test_every_way_of_an_open_one_is_legal_and_most_states_are_met(cast: Cast) -> None:
    filled(cast)
    states = set(Matter.objects.values_list("state", flat=True))
    assert {"received", "handling", "awaiting_clarification", "delivered", "lapsed"} <= states
    assert TABLE.ends <= states
