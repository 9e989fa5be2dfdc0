"""机关的期限: a reminder with a day runs a clock until it is answered or withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.web.ledger import alerts, calendars
from gongkai.web.ledger.models import Alert, Deadline
from gongkai.web.organs import (
    clock_kinds,
    jobs,
    preference_actions,
    preference_kinds,
    preferences,
    reminder_actions,
)
from gongkai.web.organs import particulars_queries as particulars
from gongkai.web.organs.models import Reminder
from gongkai.web.organs.reminder_actions import Note
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting


def reminded(cast: Cast, days: int | None = 5, code: str = "LX-JY") -> Reminder:
    organ = cast.organs[code]
    due = timezone.localdate() + timedelta(days=days) if days is not None else None
    return reminder_actions.remind(
        by=acting(cast, "supervisor", "LX"),
        organ=organ,
        subject=particulars.matter(organ),
        note=Note("请核对。", due),
    )


def test_a_reminder_with_a_day_opens_a_clock_and_an_answer_closes_it(cast: Cast) -> None:
    one = reminded(cast)
    clock = Deadline.objects.get()
    assert (clock.organ, clock.subject, clock.due_on) == (one.organ, one.subject, one.due_on)
    assert not clock.provisional
    reminder_actions.answer(subject=one.subject, at=timezone.now())
    clock.refresh_from_db()
    assert clock.closed_at is not None


def test_a_reminder_withdrawn_closes_its_clock_and_may_be_given_again(cast: Cast) -> None:
    one = reminded(cast)
    reminder_actions.withdraw(by=acting(cast, "supervisor", "LX"), reminder=one)
    assert not Deadline.objects.filter(closed_at__isnull=True).exists()
    reminded(cast)
    assert Deadline.objects.filter(closed_at__isnull=True).count() == 1


def test_a_reminder_without_a_day_runs_no_clock(cast: Cast) -> None:
    reminded(cast, None)
    assert not Deadline.objects.exists()


def test_the_supervisor_hears_of_it_once_it_is_late(cast: Cast) -> None:
    reminded(cast, 0)
    look = {"calendar": calendars.current(), "thresholds": clock_kinds.thresholds}
    alerts.raise_due(at=timezone.now(), **look)  # type: ignore[arg-type]
    assert Alert.objects.get().roles == "approver,handler,reviewer"
    alerts.raise_due(at=timezone.now() + timedelta(days=1), **look)  # type: ignore[arg-type]
    assert alerts.open_().get().roles == "approver,handler,reviewer,supervisor"


def test_the_jobs_run_and_do_no_harm_twice(cast: Cast) -> None:
    reminded(cast, 0)
    for _n in range(2):
        jobs.watch_clocks.call_local()
        jobs.reckon_clocks.call_local()
    assert Alert.objects.count() == 1


def test_organs_inherit_the_days_of_their_alerts(
    cast: Cast, django_assert_num_queries: object
) -> None:
    def put(code: str, value: str) -> None:
        preference_actions.set_value(
            by=acting(cast, "administrator", "LX"),
            organ=cast.organs[code],
            key="alert.days",
            value=value,
            was=None,
        )

    put("LX", " 0，10、3 ")
    put("LX-CG", "1")
    keys = {code: organ.pk for code, organ in cast.organs.items()}
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = clock_kinds.thresholds(list(keys.values()))
    assert found[keys["LX-JY"]] == (10, 3, 0)
    assert found[keys["LX-CG-01"]] == (1,)
    assert found[keys["WS-JY"]] == (5, 2, 0)


@pytest.mark.parametrize("typed", ["", "5,", "5;x", "21", "1,2,3,4,5,6", "-1", "²"])
def test_days_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(preference_kinds.Misread):
        preferences.KEYS["alert.days"].read(typed)
