"""工作日历与期限: a year that is entered moves the clocks that rested on it, and says so."""

from __future__ import annotations

import contextlib
import re
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from gongkai.statute import notices, workdays
from gongkai.web.ledger import alerts, calendar_actions, calendars, clocks, deadlines, events
from gongkai.web.ledger.models import Alert, Deadline, Event, HolidayNotice
from gongkai.web.ledger.tests.clocked import NOTICE, TODAY, act, clock, moment, reading
from gongkai.web.tests.cast import Cast, build

FAR = re.sub("[^。]*上班。", "", NOTICE.replace("2027", "2099"))


def entered(cast: Cast, text: str = NOTICE, day: date = TODAY) -> calendar_actions.Entered:
    return calendar_actions.enter(
        act=act(cast, day), organ=cast.organs["LX"], reading=reading(text), today=day
    )


def test_without_an_entry_the_calendar_is_the_one_of_the_program(cast: Cast) -> None:
    assert calendars.current() == workdays.official()
    assert [y.entered for y in calendars.on_record()] == [None] * len(workdays.official().years)


def test_a_year_entered_counts_and_withdrawn_does_not(cast: Cast) -> None:
    made = entered(cast)
    assert calendars.current().knows(2027)
    assert not calendars.current().is_working_day(date(2027, 2, 8))
    assert calendars.current().is_working_day(date(2027, 1, 31))  # a Sunday, worked
    calendar_actions.withdraw(act=act(cast), organ=cast.organs["LX"], notice=made.notice)
    assert calendars.current() == workdays.official()
    assert HolidayNotice.objects.get().withdrawn_at is not None
    with pytest.raises(calendar_actions.Over):
        calendar_actions.withdraw(act=act(cast), organ=cast.organs["LX"], notice=made.notice)


def test_the_newest_notice_of_a_year_counts(cast: Cast) -> None:
    entered(cast)
    changed = NOTICE.replace("端午节：6月9日放假1天。", "端午节：6月9日至11日放假。")
    second = entered(cast, changed, TODAY + timedelta(days=1))
    assert not calendars.current().is_working_day(date(2027, 6, 10))
    calendar_actions.withdraw(act=act(cast), organ=cast.organs["LX"], notice=second.notice)
    assert calendars.current().is_working_day(date(2027, 6, 10))
    assert calendars.current().knows(2027)


def test_what_another_process_entered_is_seen(cast: Cast) -> None:
    calendars.current()
    HolidayNotice.objects.create(
        year=2027,
        title="通知",
        breaks=notices.as_data(reading().breaks),
        by=cast.accounts["supervisor"],
        at=moment(TODAY),
    )
    assert calendars.current().knows(2027)


def test_what_was_taken_back_is_not_kept(cast: Cast) -> None:
    with transaction.atomic():
        entered(cast)
        assert calendars.current().knows(2027)
        transaction.set_rollback(True)
    assert not calendars.current().knows(2027)


def test_the_calendar_kept_costs_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    entered(cast)
    calendars.current()
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendars.current()


def test_a_clock_over_new_year_is_provisional_until_the_year_is_entered(cast: Cast) -> None:
    one = clock(cast, date(2026, 12, 14))  # New Year only: 20 days, 1 January off
    over = clock(cast, date(2027, 1, 25), n=2)
    assert (one.due_on, one.provisional) == (date(2027, 1, 12), True)
    assert (over.due_on, over.provisional) == (date(2027, 2, 22), True)

    done = entered(cast).recomputed

    one.refresh_from_db()
    over.refresh_from_db()
    assert (one.due_on, one.provisional) == (date(2027, 1, 12), False)
    # 25 January to 4 February has 9 working days with the Sunday worked; then five days off.
    assert (over.due_on, over.provisional) == (date(2027, 2, 25), False)
    assert [(m.deadline.pk, m.was) for m in done.moved] == [(over.pk, date(2027, 2, 22))]
    assert [d.pk for d in done.settled] == [one.pk]


def test_a_clock_that_moves_is_told_of_in_its_matter_and_the_inbox(cast: Cast) -> None:
    over = clock(cast, date(2027, 1, 25))
    entered(cast)
    event = Event.objects.get(kind="deadline.moved")
    assert event.subject == over.subject
    assert event.organ == cast.organs["LX-JY"]
    assert event.by == cast.accounts["supervisor"]
    assert events.sentence(event) == "工作日期限由 2027-02-22 改为 2027-02-25"
    told = Alert.objects.get()
    assert told.deadline == over
    assert told.roles == "approver,handler,reviewer"
    assert alerts.sentence(told) == "工作日期限由 2027-02-22 改为 2027-02-25"
    whole = Event.objects.get(kind="calendar.entered")
    assert whole.organ == cast.organs["LX"]
    assert events.sentence(whole) == "录入 2027 年放假安排"


def test_withdrawing_moves_the_clocks_back_and_settles_what_was_told(cast: Cast) -> None:
    over = clock(cast, date(2027, 1, 25))
    made = entered(cast)
    later = act(cast, TODAY + timedelta(days=1))
    done = calendar_actions.withdraw(act=later, organ=cast.organs["LX"], notice=made.notice)
    over.refresh_from_db()
    assert over.due_on == date(2027, 2, 22)
    assert over.provisional
    assert len(done.recomputed.moved) == 1
    first, second = Alert.objects.order_by("pk")
    assert first.settled_at is not None
    assert second.settled_at is None


def test_a_closed_clock_stays(cast: Cast) -> None:
    over = clock(cast, date(2027, 1, 25))
    assert deadlines.close(subject=over.subject, kind=over.kind, at=moment(TODAY))
    assert entered(cast).recomputed.moved == ()
    assert not deadlines.close(subject=over.subject, kind=over.kind, at=moment(TODAY))


def test_foresight_writes_nothing_and_says_what_will_be(cast: Cast) -> None:
    clock(cast, date(2027, 1, 25))
    calendar = calendars.with_reading(reading(), TODAY)
    seen = deadlines.foreseen(calendar)
    before = list(Deadline.objects.values())
    assert [m.deadline.due_on for m in seen.moved] == [date(2027, 2, 25)]
    assert list(Deadline.objects.values()) == before
    assert not Event.objects.filter(kind="deadline.moved").exists()
    done = entered(cast).recomputed
    assert [m.deadline.due_on for m in done.moved] == [date(2027, 2, 25)]


def test_due_dates_are_a_projection(cast: Cast) -> None:
    """Reckoned anew from nothing but basis and calendar, every row is the same."""
    for n in range(40):
        clock(cast, date(2026, 10, 1) + timedelta(days=3 * n), n=n, days=1 + n % 25)
    entered(cast)
    kept = list(Deadline.objects.order_by("pk").values("pk", "due_on", "provisional"))
    Deadline.objects.update(due_on=None, provisional=True)
    deadlines.recompute(act=act(cast), calendar=calendars.current())
    assert list(Deadline.objects.order_by("pk").values("pk", "due_on", "provisional")) == kept


def test_one_clock_of_a_kind_runs_in_a_matter(cast: Cast) -> None:
    clock(cast, TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        clock(cast, TODAY)
    deadlines.close(subject="matter/1", kind="working_days", at=moment(TODAY))
    clock(cast, TODAY)


def test_the_day_of_receipt_counts_where_an_organ_says_so(cast: Cast) -> None:
    basis = {"from": "2026-12-01", "days": 1}
    calendar = calendars.current()
    assert clocks.working_days(basis, calendar).on == date(2026, 12, 2)
    assert clocks.working_days({**basis, "day_zero": False}, calendar).on == date(2026, 12, 1)
    assert clocks.working_days({"from": "1990-01-01", "days": 3}, calendar).on is None
    assert clocks.fixed({"on": "2027-03-31"}, calendar) == clocks.Due(date(2027, 3, 31))


def test_another_basis_moves_the_clock(cast: Cast) -> None:
    clock(cast, date(2026, 12, 1), 5)
    moved = deadlines.change(
        subject="matter/1",
        kind="working_days",
        basis={"from": "2026-12-01", "days": 10},
        act=act(cast),
    )
    assert moved is not None
    assert (moved.was, moved.deadline.due_on) == (date(2026, 12, 8), date(2026, 12, 15))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (NOTICE.replace("端午节：6月9日放假1天。", ""), calendars.Incomplete),
        (FAR, calendars.WrongYear),
        (NOTICE.replace("元旦：1月1日", "元旦：2026年12月20日"), calendars.Incomplete),
    ],
)
def test_what_is_not_whole_is_not_entered(cast: Cast, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        entered(cast, text)
    assert not HolidayNotice.objects.exists()


def test_the_same_year_is_not_entered_twice(cast: Cast) -> None:
    entered(cast)
    with pytest.raises(calendars.Unchanged):
        entered(cast)


def test_a_year_that_contradicts_its_neighbour_is_refused(cast: Cast) -> None:
    entered(cast)
    # 2027 says nothing of 2 January being worked; a 2026 that works it contradicts its day off.
    year = next(y for y in workdays.official().years if y.year == 2026)
    rows = [
        (n, [b.name.zh, b.first.isoformat(), b.last.isoformat(), "、".join(map(str, b.worked))])
        for n, b in enumerate(year.breaks, 2)
    ]
    first = notices.read_rows(rows, year=2026)
    assert first.usable
    text = NOTICE.replace(
        "元旦：1月1日至3日放假，共3天。", "元旦：2026年12月26日至2027年1月3日放假。"
    )
    late = notices.read_text(text)
    assert late.usable
    worked = [(n, [*c[:3], "2026-12-26"]) if n == 8 else (n, c) for n, c in rows]
    calendar_actions.enter(
        act=act(cast),
        organ=cast.organs["LX"],
        reading=notices.read_rows(worked, year=2026),
        today=TODAY,
    )
    with pytest.raises(calendars.Contradicts):
        calendars.with_reading(late, TODAY)


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_two_years_at_once_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build()
    later = re.sub("[^。]*上班。", "", NOTICE.replace("2027", "2028"))
    for n, start in enumerate((date(2027, 9, 20), date(2028, 9, 20))):
        clock(cast, start, n=n)
    waited = threading.Barrier(2)
    recompute = deadlines.recompute

    def slow(**given: Any) -> deadlines.Recomputed:
        with contextlib.suppress(threading.BrokenBarrierError):  # the other cannot come: it waits
            waited.wait(timeout=1)
        return recompute(**given)

    def work(text: str) -> None:
        try:
            entered(cast, text)
        finally:
            connections.close_all()

    monkeypatch.setattr(deadlines, "recompute", slow)
    threads = [threading.Thread(target=work, args=[text]) for text in (NOTICE, later)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert HolidayNotice.objects.count() == 2
    assert deadlines.foreseen(calendars.current()) == deadlines.Recomputed((), ())
