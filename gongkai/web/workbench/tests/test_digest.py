"""每日提要: one mail a working day, to who wants it and has something to see to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.ledger import alerts, calendars, vault
from gongkai.web.ledger.models import Alert, Message
from gongkai.web.ledger.tests.clocked import clock, days_of, moment
from gongkai.web.organs import preference_actions
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting
from gongkai.web.workbench import digest, jobs

BASE = "https://xxgk.example.gov.cn"


@pytest.fixture
def day() -> date:
    """The next working day, from today on."""
    found = timezone.localdate()
    while not calendars.current().is_working_day(found):
        found += timedelta(days=1)
    return found


@pytest.fixture
def due(cast: Cast, db: None, day: date) -> Cast:
    clock(cast, day, 1, code="LX-JY")
    alerts.raise_due(at=moment(day, 7), calendar=calendars.current(), thresholds=days_of(5, 2, 0))
    return cast


def send(at: datetime) -> int:
    return digest.send(at=at, calendar=calendars.current(), base=BASE)


def receivers() -> list[str]:
    return sorted(vault.open_(m.to) for m in Message.objects.select_related("to"))


def test_who_has_something_gets_one_mail(due: Cast, day: date) -> None:
    assert send(moment(day, 7)) == 0  # not yet eight
    assert send(moment(day, 9)) == 5
    assert send(moment(day, 15)) == 0
    assert receivers() == [
        "approver@example.invalid",
        "delegate@example.invalid",
        "handler@example.invalid",
        "reviewer@example.invalid",
        "two.posts@example.invalid",
    ]
    mail = Message.objects.get(key=f"digest:{due.accounts['handler'].pk}:{day}")
    assert mail.organ == due.organs["LX-JY"]
    assert "未读 1 项，未了结 1 项" in mail.title
    assert "临溪区教育局 · 经办人：未读 1 项，未了结 1 项" in mail.body
    assert f"{BASE}/inbox/" in mail.body
    assert "工作日期限将于" in mail.body


def test_what_was_read_but_is_still_due_is_counted(due: Cast, day: date) -> None:
    alerts.mark(Alert.objects.all(), account=due.accounts["handler"], at=moment(day, 7))
    send(moment(day, 9))
    mail = Message.objects.get(key__startswith=f"digest:{due.accounts['handler'].pk}:")
    assert "未读 0 项，未了结 1 项" in mail.title


def test_nothing_is_sent_on_a_day_off(due: Cast, day: date) -> None:
    off = day
    while calendars.current().is_working_day(off):
        off += timedelta(days=1)
    assert send(moment(off, 10)) == 0


def test_the_hour_is_the_organs(due: Cast, day: date) -> None:
    preference_actions.set_value(
        by=acting(due, "administrator", "LX"),
        organ=due.organs["LX-JY"],
        key="digest.hour",
        value="14",
        was=None,
    )
    assert send(moment(day, 13)) == 0
    assert send(moment(day, 14)) == 5


def test_who_declined_or_has_no_address_gets_none(
    due: Cast, day: date, client_as: Callable[..., Client]
) -> None:
    page = client_as("handler").get(reverse("accounts:profile")).content.decode()
    assert 'name="wants_digest"' in page
    client_as("handler").post(
        reverse("accounts:profile"), {"phone": "", "email": "handler@example.invalid"}
    )
    due.accounts["reviewer"].email = ""
    due.accounts["reviewer"].save()
    send(moment(day, 9))
    assert receivers() == [
        "approver@example.invalid",
        "delegate@example.invalid",
        "two.posts@example.invalid",
    ]


def test_the_job_runs(due: Cast, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "xxgk.example.gov.cn"]  # type: ignore[attr-defined]
    settings.SESSION_COOKIE_SECURE = True  # type: ignore[attr-defined]
    assert jobs.base() == BASE
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]  # type: ignore[attr-defined]
    assert jobs.base() == ""
    jobs.send_digests.call_local()


def test_an_address_that_is_none_keeps_nobody_from_theirs(due: Cast, day: date) -> None:
    send(moment(day, 9))
    usual = receivers()
    Message.objects.all().delete()
    first = min(due.accounts.values(), key=lambda one: one.pk if one.email in usual else 10**9)
    usual.remove(first.email)
    first.email = "值班室"  # as somebody once entered it
    first.save()
    assert send(moment(day, 9)) == len(usual) > 0
    assert receivers() == usual
