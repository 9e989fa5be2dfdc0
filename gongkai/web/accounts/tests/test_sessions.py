"""Sessions: listed, ended, expired by age and by idleness."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.web.accounts import actions, sessions
from gongkai.web.accounts.models import Session
from gongkai.web.accounts.tests.people import (
    PROFILE,
    SIGN_IN,
    make,
    signed_in,
    text,
    toasts,
    typed,
    who,
)

pytestmark = pytest.mark.django_db
LIST = "/account/sessions/"
UOS = "Mozilla/5.0 (X11; UOS Professional) AppleWebKit/537.36 Chrome/87.0.4280.88 Safari/537.36"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 Chrome/86.0.4240.198 Safari/537.36"
)


def ago(minutes: int, *fields: str) -> None:
    """As if the sessions had begun, or been used last, so long ago."""
    Session.objects.update(**{field: F(field) - timedelta(minutes=minutes) for field in fields})


def listed(client: Client) -> str:
    """The list alone: the toast above it names the last address too."""
    return text(client.get(LIST)).partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_person_sees_where_the_account_is_signed_in() -> None:
    account = make()
    signed_in(account, REMOTE_ADDR="10.0.0.7", HTTP_USER_AGENT=UOS)
    client = signed_in(account, REMOTE_ADDR="10.0.0.8", HTTP_USER_AGENT=WINDOWS)
    signed_in(make("yi", "乙审核"), REMOTE_ADDR="10.0.0.9")
    page = listed(client)
    assert "统信 UOS" in page and "10.0.0.7" in page
    assert "Chrome 86" in page and "Windows 7" in page and "10.0.0.8" in page
    assert "10.0.0.9" not in page
    assert page.index("10.0.0.8") < page.index("10.0.0.7"), "this one comes first"
    assert page.count("这一个") == 1
    assert not any(key in page for key in Session.objects.values_list("session_key", flat=True))


def test_one_session_is_ended_and_the_others_stay() -> None:
    account = make()
    other, third, client = signed_in(account), signed_in(account), signed_in(account)
    named = sessions.reference(Session.objects.get(session_key=other.session.session_key))
    answer = client.post(f"{LIST}{named}/end/", follow=True)
    assert "已结束该会话。" in toasts(answer)
    assert other.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert third.get(PROFILE).status_code == client.get(PROFILE).status_code == 200
    assert "这个会话已经结束。" in toasts(client.post(f"{LIST}{named}/end/", follow=True))


def test_ending_this_session_is_signing_out() -> None:
    client = signed_in(make())
    named = sessions.reference(Session.objects.get(session_key=client.session.session_key))
    assert client.post(f"{LIST}{named}/end/")["Location"] == SIGN_IN
    assert who(client) is None


def test_nobody_ends_the_session_of_another() -> None:
    theirs = signed_in(make())
    named = sessions.reference(Session.objects.get(session_key=theirs.session.session_key))
    signed_in(make("yi", "乙审核")).post(f"{LIST}{named}/end/")
    assert theirs.get(PROFILE).status_code == 200


def test_all_others_are_ended_at_once() -> None:
    account = make()
    others = [signed_in(account), signed_in(account)]
    stranger = signed_in(make("yi", "乙审核"))
    client = signed_in(account)
    answer = client.post(f"{LIST}end-others/", follow=True)
    assert "已结束其他 2 个会话。" in toasts(answer)
    assert all(other.get(PROFILE).status_code == 302 for other in others)
    assert client.get(PROFILE).status_code == stranger.get(PROFILE).status_code == 200


def test_a_session_ends_after_the_hours_set_however_busy_it_is(settings: Any) -> None:
    client = signed_in(make())
    ago(settings.SESSION_COOKIE_AGE // 60 - 5, "expire_date", "created_at")
    session = client.session
    session["busy"] = "yes"
    session.save()
    assert client.get(PROFILE).status_code == 200
    ago(6, "expire_date", "created_at")
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)


def test_the_cookie_ends_with_the_session(settings: Any) -> None:
    client = signed_in(make())
    ago(60, "expire_date", "created_at")
    client.get("/account/second-factor/?next=/account/")  # a page that changes the session
    left = client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert settings.SESSION_COOKIE_AGE - 3700 < left <= settings.SESSION_COOKIE_AGE - 3600


def test_a_session_nobody_uses_ends(settings: Any) -> None:
    client = signed_in(make())
    ago(settings.SESSION_IDLE // 60 - 1, "seen_at")
    assert client.get(PROFILE).status_code == 200
    ago(settings.SESSION_IDLE // 60 + 2, "seen_at")
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert who(client) is None


def test_use_keeps_a_session_and_is_written_once_a_minute() -> None:
    client = signed_in(make())
    ago(10, "seen_at")
    client.get(PROFILE)
    seen = Session.objects.get().seen_at
    assert timezone.now() - seen < timedelta(seconds=5)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(PROFILE)
    assert Session.objects.get().seen_at == seen
    assert not [q for q in asked if q["sql"].startswith("UPDATE")]


def test_a_request_reads_its_session_once() -> None:
    client = signed_in(make())
    client.get("/account/password/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/account/password/")
    reads = [q for q in asked if 'FROM "accounts_session"' in q["sql"]]
    assert len(reads) == 1


def test_with_few_idle_minutes_a_busy_person_stays(settings: Any) -> None:
    settings.SESSION_IDLE = 60
    client = signed_in(make())
    Session.objects.update(seen_at=timezone.now() - timedelta(seconds=70))
    assert client.get(PROFILE).status_code == 200
    Session.objects.update(seen_at=timezone.now() - timedelta(seconds=80))
    assert client.get(PROFILE).status_code == 302


def test_a_suspended_account_is_out_at_once_and_back_only_by_signing_in() -> None:
    account = make()
    client = signed_in(account)
    actions.suspend(account=account, by=account, at=timezone.now())
    assert not Session.objects.filter(account=account).exists()
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    actions.restore(account=account, by=account, at=timezone.now())
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert who(signed_in(account)) == str(account.pk)


def test_ended_sessions_are_not_listed_and_are_cleared_away(settings: Any) -> None:
    account = make()
    signed_in(account, REMOTE_ADDR="10.0.0.1")
    ago(settings.SESSION_IDLE // 60 + 5, "seen_at")
    signed_in(account, REMOTE_ADDR="10.0.0.2")
    ago(settings.SESSION_COOKIE_AGE // 60 + 5, "expire_date")
    client = signed_in(account, REMOTE_ADDR="10.0.0.3")
    page = listed(client)
    assert "10.0.0.1" not in page and "10.0.0.2" not in page and "10.0.0.3" in page
    sessions.SessionStore.clear_expired()
    assert [s.address for s in Session.objects.all()] == ["10.0.0.3"]


def test_without_a_proper_address_one_still_signs_in() -> None:
    account = make()
    client = Client(REMOTE_ADDR="")
    client.post(SIGN_IN, typed())
    assert who(client) == str(account.pk)
    assert Session.objects.get(account=account).address is None
