"""预警: each threshold once, also after days without a worker and with two of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import alerts, calendar_actions, calendars, deadlines
from gongkai.web.ledger.models import Alert, Seen
from gongkai.web.ledger.tests.clocked import TODAY, act, clock, days_of, moment, reading
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast, build

USUAL = days_of(5, 2, 0)


def look(day: date, thresholds: Any = USUAL) -> int:
    found = alerts.raise_due(at=moment(day), calendar=calendars.current(), thresholds=thresholds)
    return found.raised


def told() -> list[str]:
    return [one.key.rsplit("/", 1)[1] for one in Alert.objects.order_by("pk")]


def days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(count))


def test_each_threshold_is_told_once(cast: Cast) -> None:
    one = clock(cast, TODAY, 10)  # due Tuesday 2026-12-15
    assert one.due_on == date(2026, 12, 15)
    when = [day for day in days(TODAY, 60) if look(day) or look(day)]
    assert told() == ["5", "2", "0", "late0", "late1", "late2", "late3"]
    assert when == [
        date(2026, 12, 8),
        date(2026, 12, 11),
        date(2026, 12, 15),
        date(2026, 12, 16),
        date(2026, 12, 23),
        date(2026, 12, 30),
        date(2027, 1, 6),
    ]
    # An inbox holds the latest only.
    assert [a.key[-5:] for a in alerts.open_()] == ["late3"]


def test_after_ten_days_without_a_worker_one_alert_stands_for_those_missed(cast: Cast) -> None:
    clock(cast, TODAY, 10)
    look(date(2026, 12, 8))
    assert look(date(2026, 12, 18)) == 1
    assert told() == ["5", "late0"]
    assert look(date(2026, 12, 18)) == 0
    first, second = Alert.objects.order_by("pk")
    assert first.settled_at is not None
    assert alerts.sentence(second) == "工作日期限已于 2026-12-15 到期，尚未办结"


def test_a_make_up_saturday_is_a_day_less(cast: Cast) -> None:
    organ = cast.organs["LX"]
    calendar_actions.enter(act=act(cast), organ=organ, reading=reading(), today=TODAY)
    one = clock(cast, date(2027, 5, 6), 3)  # Saturday 8 May is worked
    assert one.due_on == date(2027, 5, 10)
    assert look(date(2027, 5, 6), days_of(2)) == 0
    assert look(date(2027, 5, 7), days_of(2)) == 1
    assert alerts.left(one.due_on, date(2027, 5, 7), calendars.current()) == 2


def test_a_clock_that_is_closed_calls_on_nobody(cast: Cast) -> None:
    one = clock(cast, TODAY, 1)
    look(TODAY)
    assert alerts.open_().count() == 1
    deadlines.close(subject=one.subject, kind=one.kind, at=moment(TODAY, 10))
    assert alerts.open_().count() == 0
    assert look(date(2026, 12, 20)) == 0


def test_a_clock_that_moved_is_told_of_anew(cast: Cast) -> None:
    one = clock(cast, date(2027, 1, 25))  # provisionally due 22 February
    assert look(date(2027, 2, 15)) == 1
    day = date(2027, 2, 15)
    calendar_actions.enter(
        act=act(cast, day), organ=cast.organs["LX"], reading=reading(), today=day
    )
    assert [a.kind for a in alerts.open_()] == ["deadline.moved"]
    one.refresh_from_db()
    assert one.due_on == date(2027, 2, 25)
    assert look(date(2027, 2, 20)) == 1
    assert [a.kind for a in alerts.open_()] == ["deadline.near"]


def test_organs_choose_their_days(cast: Cast) -> None:
    clock(cast, TODAY, 10, n=1, code="LX-JY")
    clock(cast, TODAY, 10, n=2, code="WS-JY")
    jy = cast.organs["LX-JY"].pk
    assert look(TODAY, lambda organs: {o: (10,) if o == jy else (1,) for o in organs}) == 1
    assert Alert.objects.get().organ_id == jy


def test_many_clocks_are_looked_at_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "_BATCH", 7)
    for n in range(30):
        clock(cast, TODAY, 1 + n % 4, n=n)
    assert look(TODAY) == 30
    assert look(TODAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once() -> None:
    cast = build()
    for n in range(60):
        clock(cast, TODAY, 1 + n % 4, n=n)
    begin = threading.Barrier(2)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            begin.wait(timeout=10)
            for day in days(TODAY, 9):
                look(day)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert failures == []
    keys = list(Alert.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert alerts.open_().count() == 60
    connection.close()


def test_an_alert_of_another_organ_is_nobodys(cast: Cast) -> None:
    clock(cast, TODAY, 1, code="LX-JY")
    look(TODAY)
    here, there = (Q(organ=cast.organs[c]) for c in ("LX-JY", "WS-JY"))
    someone = cast.accounts["handler"]
    assert alerts.open_().filter(alerts.of(here, Role.HANDLER, someone)).count() == 1
    assert alerts.open_().filter(alerts.of(there, Role.HANDLER, someone)).count() == 0
    assert alerts.open_().filter(alerts.of(here, Role.AUDITOR, someone)).count() == 0
    assert alerts.open_().filter(alerts.of(here, None, someone)).count() == 0


def test_one_person_is_told_something(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(alerts.KINDS, "test.done", _("%(file)s 已读完"))
    given: dict[str, Any] = {
        "organ": cast.organs["LX-JY"],
        "subject": "report/1",
        "kind": "test.done",
        "values": {"file": "年报.docx"},
        "account": cast.accounts["handler"],
    }
    assert alerts.raise_(key="k", at=moment(TODAY), **given)
    assert not alerts.raise_(key="k", at=moment(TODAY), **given)
    one = Alert.objects.get()
    assert alerts.sentence(one) == "年报.docx 已读完"
    anywhere = Q()
    for who, count in (("handler", 1), ("reviewer", 0)):
        found = alerts.open_().filter(alerts.of(anywhere, Role.HANDLER, cast.accounts[who]))
        assert found.count() == count
    assert alerts.settle(keys=["k"], at=moment(TODAY)) == 1
    with pytest.raises(KeyError):
        alerts.raise_(key="j", at=moment(TODAY), **{**given, "kind": "no.sentence"})


def test_reading_is_each_persons_own_and_can_be_taken_back(cast: Cast) -> None:
    clock(cast, TODAY, 1)
    clock(cast, TODAY, 1, n=2)
    look(TODAY)
    a, b = cast.accounts["handler"], cast.accounts["reviewer"]
    at = moment(TODAY, 10)
    assert alerts.mark(alerts.open_(), account=a, at=at) == 2
    assert alerts.mark(alerts.open_(), account=a, at=moment(TODAY, 11)) == 0
    assert alerts.open_().exclude(alerts.read_by(a)).count() == 0
    assert alerts.open_().exclude(alerts.read_by(b)).count() == 2
    assert alerts.unmark(account=b, at=at) == 0
    assert alerts.unmark(account=a, at=at) == 2
    assert not Seen.objects.exists()


def test_a_clock_that_moved_and_moved_back_calls_on_people_again(cast: Cast) -> None:
    one = clock(cast, date(2026, 11, 2), 10)  # late since Tuesday 2026-11-17
    assert look(TODAY) == 1
    late = Alert.objects.get()
    alerts.mark(alerts.open_(), account=cast.accounts["handler"], at=moment(TODAY))
    for working in (40, 10):
        basis = {"from": "2026-11-02", "days": working}
        deadlines.change(subject=one.subject, kind=one.kind, basis=basis, act=act(cast))
        late.refresh_from_db()
        assert late.settled_at is not None
    look(TODAY + timedelta(days=1))
    assert [a.pk for a in alerts.open_()] == [late.pk]
    assert not Seen.objects.filter(alert=late).exists()
    assert look(TODAY + timedelta(days=1)) == 0
