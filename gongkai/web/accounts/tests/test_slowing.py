"""Guessing from many addresses, and many names from one, is slowed; nobody is locked out long."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as service
from django.db.models import F
from django.test import Client
from django.utils import timezone

from gongkai.web.accounts import actions, lockout, states
from gongkai.web.accounts.models import AccountEvent
from gongkai.web.accounts.tests.people import (
    PASSWORD,
    PROFILE,
    SIGN_IN,
    make,
    signed_in,
    text,
    typed,
    who,
)

pytestmark = pytest.mark.django_db
LIMIT = service.AXES_FAILURE_LIMIT


def failures(many: int, *, username: str = "jia", address: str = "10.9.{0}.{1}") -> None:
    """That many failures, four from each address or of each name: none is locked out by itself."""
    now = timezone.now()
    for at in range(0, many, 4):
        AccessAttempt.objects.create(
            username=username.format(at),
            ip_address=address.format(at // 250, at % 250),
            user_agent="",
            failures_since_start=min(4, many - at),
            attempt_time=now,
        )


def seconds_pass(seconds: float) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(seconds=seconds))


def wrong(address: str = "10.0.0.1", username: str = "jia") -> Any:
    return Client(REMOTE_ADDR=address).post(SIGN_IN, typed(username, "falsch"))


def test_guessing_one_name_from_many_addresses_is_slowed_more_and_more() -> None:
    make()
    answers = [wrong(f"10.0.0.{n}").status_code for n in range(LIMIT * lockout.OF_NAME)]
    assert set(answers) == {422}
    waits = []
    for n in range(4):
        answer = wrong(f"10.0.1.{n}")
        assert answer.status_code == 429
        waits.append(int(answer["Retry-After"]))
        seconds_pass(waits[-1])
        assert wrong(f"10.0.2.{n}").status_code == 422
    assert waits == sorted(waits) and waits[-1] >= 4 * waits[0] > 0


def test_a_password_that_was_not_looked_at_counts_for_nothing() -> None:
    make()
    failures(LIMIT * lockout.OF_NAME)
    before = AccessAttempt.objects.count()
    answer = Client(REMOTE_ADDR="10.0.0.1").post(SIGN_IN, typed())
    assert answer.status_code == 429 and "没有核对" in text(answer)
    assert AccessAttempt.objects.count() == before
    assert not AccountEvent.objects.exists()


def test_who_comes_back_at_the_time_told_gets_in() -> None:
    account, client = make(), Client(REMOTE_ADDR="10.0.0.1")
    failures(LIMIT * lockout.OF_NAME + 3)
    answer = client.post(SIGN_IN, typed())
    wait = int(answer["Retry-After"])
    told = re.search(r"请在 (?:[\d-]+ )?(\d\d:\d\d:\d\d) 之后再试", text(answer))
    assert told is not None
    back = timezone.localtime(timezone.now() + timedelta(seconds=wait))
    assert abs(int(told[1][-2:]) - back.second) in (0, 1, 59)
    seconds_pass(wait)
    client.post(SIGN_IN, typed())
    assert who(client) == str(account.pk)


def test_the_wait_is_never_long() -> None:
    make()
    failures(LIMIT * lockout.OF_NAME + 400)
    wait = int(wrong()["Retry-After"])
    assert 600 < wait <= 15 * 60 + 1


def test_other_names_are_not_slowed_by_it() -> None:
    make("yi", "乙审核")
    failures(LIMIT * lockout.OF_NAME + 5)
    assert Client(REMOTE_ADDR="10.0.0.1").post(SIGN_IN, typed("yi")).status_code == 302


def test_trying_many_names_from_one_address_is_slowed() -> None:
    make()
    failures(LIMIT * lockout.OF_ADDRESS - 1, username="name{0}", address="10.0.0.1")
    assert wrong("10.0.0.1", "another").status_code == 422
    assert wrong("10.0.0.1", "more").status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.2").post(SIGN_IN, typed()).status_code == 302


def test_of_a_lock_out_and_a_wait_the_later_end_is_told() -> None:
    make()
    for _ in range(LIMIT):
        answer = wrong("10.0.0.1")
    assert answer.status_code == 429
    failures(LIMIT * lockout.OF_NAME)
    answer = wrong("10.0.0.1")
    assert int(answer["Retry-After"]) > service.LOCKOUT_MINUTES * 60 - 10


def test_an_administrator_ends_the_wait_of_a_name() -> None:
    account = make()
    failures(LIMIT * lockout.OF_NAME + 5)
    assert "jia" in states.locked_names(timezone.now())
    actions.unlock(account=account, by=account, at=timezone.now())
    assert Client().post(SIGN_IN, typed()).status_code == 302


def test_the_own_password_is_not_guessed_behind_it_either() -> None:
    client = signed_in(make())
    failures(LIMIT * lockout.OF_NAME + 5)
    sent = {"old_password": PASSWORD, "new_password": "x", "new_password_again": "x"}
    answer = client.post(PROFILE + "password/", sent)
    assert answer.status_code == 422 and "近来输错太多" in text(answer)
