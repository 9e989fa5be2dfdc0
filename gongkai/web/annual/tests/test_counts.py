"""表三的数: what SQL counts is what replaying each case counts, of 500 random ledgers; and what is
behind each cell is as many as it says."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongkai.statute import cases, event_data, year_counts
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import DEFAULT, Act, Event
from gongkai.statute.case_state import Case
from gongkai.statute.grounds import REASONS
from gongkai.statute.tests.case_histories import event_of, first_event
from gongkai.web.applications import counting, life
from gongkai.web.applications.counting import Period
from gongkai.web.applications.models import Matter, Request
from gongkai.web.ledger import events
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
POOL, LEDGERS = 120, 500
KINDS = tuple(ApplicantKind)
_ONWARD = {
    Act.CONFIRM, Act.ACCEPT, Act.DECIDE, Act.REVIEW, Act.APPROVE, Act.SIGN, Act.SEND, Act.DELIVER,
    Act.TELL_PARTY, Act.REOPEN,
}  # fmt: skip


@dataclass(frozen=True)
class Life:
    """一件申请的经过: its events and where they lead."""

    events: tuple[Event, ...]
    case: Case


@functools.cache
def pool() -> list[Life]:
    """Histories that go on to an answer, and often to another after a remedy."""
    made: list[Life] = []

    @settings(
        max_examples=POOL, phases=(Phase.generate,), derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        case = cases.replay([first_event(data.draw)], DEFAULT)
        for _ in range(data.draw(st.integers(0, 20))):
            on = case.latest + timedelta(days=data.draw(st.sampled_from((0, 1, 3, 20, 60))))
            may = [one for one in cases.acts(case, on) if one.may]
            if not may:
                break
            onward = [one for one in may if one.act in _ONWARD] or may
            offer = data.draw(st.sampled_from(onward if data.draw(st.integers(0, 3)) else may))
            case = cases.follow(case, event_of(data.draw, case, offer, on))
        made.append(Life(case.events, case))

    draw()
    return made


def stored(cast: Cast, lives: list[Life], chance: random.Random) -> list[Matter]:
    """The lives as matters of one organ, with their events where they were answered twice."""
    organ, now = cast.organs["LX-JY"], timezone.now()
    number = itertools.count(Request.objects.count() + 1)
    requests = Request.objects.bulk_create(
        Request(
            organ=organ, year=1900, number=next(number), channel="fax", arrived_on=date(2020, 1, 1),
            code=f"{chance.getrandbits(60):x}", at=now,
        )
        for _ in lives
    )  # fmt: skip
    matters = []
    for request, one in zip(requests, lives, strict=True):
        kind = chance.choice(KINDS).value
        matters.append(Matter(request=request, organ=organ, title="示例", kind=kind, at=now))
        life.project(matters[-1], one.case)
    Matter.objects.bulk_create(matters)
    told = [
        events.What(
            f"application.{event.act.value}", organ.pk, life.address(matter), {},
            {"event": event_data.as_data(event)},
        )
        for matter, one in zip(matters, lives, strict=True)
        if matter.answers > 1
        for event in one.events
    ]  # fmt: skip
    events.record_many(events.Act(None, now), told)
    return matters


def replayed(lives: list[Life], matters: list[Matter], period: Period) -> dict[str, int]:
    """Every cell by replaying, in pure Python."""
    found = [
        year_counts.countable(one.case, ApplicantKind(matter.kind))
        for one, matter in zip(lives, matters, strict=True)
    ]
    known = [one for one in found if one is not None]
    return dict(year_counts.table_three(known, period.year, period.as_of))


def test_five_hundred_ledgers_count_as_replaying_them_does(cast: Cast) -> None:
    chance = random.Random(20211)
    seen: set[str] = set()
    again = 0
    for turn in range(LEDGERS):
        lives = chance.sample(pool(), chance.randint(0, 9))
        year = chance.randint(2021, 2026)
        as_of = date(year, chance.randint(1, 12), chance.randint(1, 28))
        period = Period(year, chance.choice((None, as_of)))
        with transaction.atomic():
            matters = stored(cast, lives, chance)
            rows = Matter.objects.all()
            counted = counting.counted(rows, period)
            cells = year_counts.filled(counted, year)
            assert cells == replayed(lives, matters, period), (turn, period)
            if turn % 25 == 0:
                for address, value in cells.items():
                    _table, row, kind = address.split(".")
                    assert counting.in_cell(rows, row, kind, period).count() == value, address
            seen |= {row for row, _kind in counted}
            again += sum(one.answers > 1 for one in matters)
            transaction.set_rollback(True)
    assert {"received", "carried_in", "carried_out", "granted", "other_misc"} <= seen, seen
    assert again > 50, "some are answered twice"


def test_as_of_an_earlier_day_a_case_stands_on_its_answer_of_then(cast: Cast) -> None:
    for one in twice():
        counts = year_counts.countable(one.case, KINDS[0])
        assert counts is not None
        (first, was), (second, _now) = counts.answers[:2]
        if first.year != second.year or first == second:
            continue
        with transaction.atomic():
            (matter,) = stored(cast, [one], random.Random(1))
            period = Period(first.year, second - timedelta(days=1))
            row = REASONS[was].row_in(first.year)
            assert counting.counted(Matter.objects.all(), period)[row, matter.kind] == 1
            transaction.set_rollback(True)
        return
    raise AssertionError("no history was answered twice in a year")


def twice() -> Iterator[Life]:
    for one in pool():
        counts = year_counts.countable(one.case, KINDS[0])
        if counts is not None and len(counts.answers) > 1:
            yield one
