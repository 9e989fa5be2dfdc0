"""Signing in and out, lock-out, the way back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as service
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher
from django.db.models import F
from django.test import Client
from django.utils import timezone

from gongkai.web.accounts import actions, many
from gongkai.web.accounts.models import Account, AccountEvent, Session
from gongkai.web.accounts.tests.people import (
    PASSWORD,
    PROFILE,
    SIGN_IN,
    make,
    signed_in,
    text,
    toasts,
    typed,
    who,
)
from gongkai.web.shell import append_only

pytestmark = pytest.mark.django_db
WRONG = "错的密码-Wrong-1"


def fail(client: Client, times: int, username: str = "jia") -> Any:
    for _ in range(times):
        answer = client.post(SIGN_IN, typed(username, WRONG))
    return answer


def minutes_pass(minutes: int) -> None:
    """As if every failure had been that much earlier."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def words(answer: Any) -> str:
    """The page without what differs from request to request."""
    said = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(answer))
    return re.sub(r"<code>[2-9A-Z]{4}-[2-9A-Z]{4}</code>", "", said)


def test_the_right_password_leads_to_the_page_one_wanted(client: Client) -> None:
    account = make()
    answer = client.get(PROFILE)
    assert answer["Location"] == f"{SIGN_IN}?next=/account/"
    answer = client.post(answer["Location"], typed())
    assert (answer.status_code, answer["Location"]) == (302, PROFILE)
    assert who(client) == str(account.pk)


def test_without_a_wanted_page_it_leads_home(client: Client) -> None:
    make()
    assert client.post(SIGN_IN, typed())["Location"] == "/"


def test_the_last_sign_in_is_told_with_time_and_address() -> None:
    account = make()
    first = Client(REMOTE_ADDR="10.1.2.3").post(SIGN_IN + "?next=/account/", typed(), follow=True)
    assert toasts(first) == ["已登录。这是该账号首次登录。"]
    account.refresh_from_db()
    assert account.last_login is not None
    at = timezone.localtime(account.last_login).strftime("%Y-%m-%d %H:%M")
    again = Client(REMOTE_ADDR="10.9.9.9").post(SIGN_IN + "?next=/account/", typed(), follow=True)
    assert toasts(again) == [f"已登录。上次登录：{at}，来自 10.1.2.3。"]


@pytest.mark.parametrize(
    "bad",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/%5Cevil.example\t//x",
        "evil.example/path",
        "http://testserver/account/",
    ],
)
def test_it_never_leads_to_another_host(bad: str) -> None:
    make()
    for client, address, more in (
        (Client(), SIGN_IN, {"next": bad}),
        (Client(), SIGN_IN + "?" + _query(bad), {}),
    ):
        led = client.post(address, typed(**more))["Location"]
        assert led == "/" or (led.startswith("/%5C") and "\\" not in led)


def _query(bad: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"next": bad})


def test_a_wrong_password_an_unknown_name_and_a_suspended_account_look_the_same() -> None:
    make()
    suspended = make("yi", "乙审核")
    actions.suspend(account=suspended, by=suspended, at=timezone.now())
    wrong = Client().post(SIGN_IN, typed("jia", WRONG))
    unknown = Client().post(SIGN_IN, typed("nobody", WRONG))
    stopped = Client().post(SIGN_IN, typed("yi", PASSWORD))
    assert wrong.status_code == unknown.status_code == stopped.status_code == 422
    pages = {words(one).replace(name, "NAME") for one, name in
             ((wrong, "jia"), (unknown, "nobody"), (stopped, "yi"))}  # fmt: skip
    assert len(pages) == 1
    assert "登录名或密码不对" in pages.pop()


def test_the_page_never_shows_what_was_typed_as_password(client: Client) -> None:
    make()
    answer = client.post(SIGN_IN, typed("jia", WRONG))
    assert WRONG not in text(answer)
    assert 'value="jia"' in text(answer)
    left_out = client.post(SIGN_IN, {"username": "", "password": WRONG})
    assert left_out.status_code == 422 and WRONG not in text(left_out)
    assert not AccessAttempt.objects.filter(post_data__contains=WRONG).exists()


def test_the_page_is_not_kept_by_the_browser(client: Client) -> None:
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]


def test_before_the_last_try_the_page_warns(client: Client) -> None:
    make()
    assert "暂停登录" not in text(fail(client, service.AXES_FAILURE_LIMIT - 3))
    assert "再错 2 次将暂停登录" in text(fail(client, 1))
    assert "再错 1 次将暂停登录" in text(fail(client, 1))


def test_too_many_failures_lock_out_and_the_page_says_when_to_return(client: Client) -> None:
    make()
    answer = fail(client, service.AXES_FAILURE_LIMIT)
    assert answer.status_code == 429
    wait = int(answer["Retry-After"])
    assert 0 < wait <= service.LOCKOUT_MINUTES * 60
    back = timezone.localtime(timezone.now() + timedelta(seconds=wait))
    told = re.search(r"请在 (?:[\d-]+ )?(\d\d:\d\d) 之后再试", text(answer))
    assert told is not None
    shown = back.replace(hour=int(told[1][:2]), minute=int(told[1][3:]), second=0, microsecond=0)
    assert timedelta(seconds=-2) <= shown - back <= timedelta(seconds=62)
    assert "管理员" in text(answer)
    # the right password does not help, and trying does not make it longer
    minutes_pass(10)
    answer = client.post(SIGN_IN, typed())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= (service.LOCKOUT_MINUTES - 10) * 60
    assert who(client) is None


def test_after_the_time_told_one_may_return(client: Client) -> None:
    account = make()
    wait = int(fail(client, service.AXES_FAILURE_LIMIT)["Retry-After"])
    minutes_pass(wait // 60 + 1)
    client.post(SIGN_IN, typed())
    assert who(client) == str(account.pk)


def test_an_unknown_name_is_locked_out_alike(client: Client) -> None:
    assert fail(client, service.AXES_FAILURE_LIMIT, "nobody").status_code == 429


def test_a_lock_out_is_of_one_name_from_one_address() -> None:
    make()
    make("yi", "乙审核")
    here = Client(REMOTE_ADDR="10.0.0.1")
    assert fail(here, service.AXES_FAILURE_LIMIT).status_code == 429
    assert here.post(SIGN_IN, typed("yi")).status_code == 302
    assert Client(REMOTE_ADDR="10.0.0.2").post(SIGN_IN, typed()).status_code == 302


def test_another_browser_at_the_same_address_is_locked_out_too() -> None:
    make()
    fail(Client(HTTP_USER_AGENT="one"), 3)
    assert fail(Client(HTTP_USER_AGENT="two"), service.AXES_FAILURE_LIMIT - 3).status_code == 429


def test_the_time_told_is_when_enough_failures_are_old(client: Client) -> None:
    make()
    fail(Client(HTTP_USER_AGENT="one"), 3)
    minutes_pass(8)
    answer = fail(client, service.AXES_FAILURE_LIMIT - 3)
    wait = (service.LOCKOUT_MINUTES - 8) * 60
    assert wait - 5 <= int(answer["Retry-After"]) <= wait


def test_an_administrator_lets_a_locked_out_person_in_at_once(client: Client) -> None:
    account = make()
    fail(client, service.AXES_FAILURE_LIMIT)
    actions.unlock(account=account, by=account, at=timezone.now())
    assert client.post(SIGN_IN, typed()).status_code == 302


def test_who_is_signed_in_is_led_on(client: Client) -> None:
    client = signed_in(make())
    assert client.get(SIGN_IN + "?next=/account/")["Location"] == PROFILE


def test_signing_out_takes_a_post_and_ends_the_session() -> None:
    client = signed_in(make())
    key = client.session.session_key
    assert client.get("/account/sign-out/").status_code == 405
    assert who(client) is not None
    answer = client.post("/account/sign-out/", follow=True)
    assert toasts(answer) == ["已退出登录。"]
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get(PROFILE).status_code == 302


def test_signing_in_gives_the_session_a_new_key(client: Client) -> None:
    make()
    session = client.session
    session["before"] = "x"
    session.save()
    key = session.session_key
    client.cookies[service.SESSION_COOKIE_NAME] = key or ""
    client.post(SIGN_IN, typed())
    assert client.session.session_key != key
    assert not Session.objects.filter(session_key=key).exists()


def test_passwords_are_stored_with_argon2(argon2: None) -> None:
    assert identify_hasher(make().password).algorithm == "argon2"


def test_a_wrong_password_takes_as_long_whoever_is_named(argon2: None, monkeypatch: Any) -> None:
    make()
    issued = make("yi", "乙审核")
    many.issue([issued], by=issued, at=timezone.now())
    slow = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def encoded(self: Any, password: str, salt: str) -> Any:
        slow.append(password)
        return encode(self, password, salt)

    def verified(self: Any, password: str, stored: str) -> Any:
        slow.append(password)
        return verify(self, password, stored)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encoded)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verified)
    for name in ("jia", "yi", "nobody"):
        slow.clear()
        Client().post(SIGN_IN, typed(name, WRONG))
        assert slow == [WRONG], name


def test_full_width_letters_are_the_same_name(client: Client) -> None:
    account = make()
    client.post(SIGN_IN, typed("ｊｉａ"))
    assert who(client) == str(account.pk)


def test_a_forgotten_password_is_a_matter_for_the_administrator(client: Client) -> None:
    assert "一次性密码" in text(client.get("/account/forgotten/"))


def test_demo_accounts_are_listed_in_demo_mode_only(client: Client, settings: Any) -> None:
    listed = [{"username": "jia", "password": PASSWORD, "zh": "甲经办（经办人）", "en": "Handler"}]
    file = settings.HOME / "demo_accounts.json"
    file.write_text(json.dumps(listed), encoding="utf-8")
    try:
        assert PASSWORD not in text(client.get(SIGN_IN))
        settings.DEMO = True
        page = text(client.get(SIGN_IN))
        assert PASSWORD in page and "甲经办（经办人）" in page
        client.cookies[service.LANGUAGE_COOKIE_NAME] = "en"
        assert "Handler" in text(client.get(SIGN_IN))
        file.write_text("{", encoding="utf-8")
        assert client.get(SIGN_IN).status_code == 200
    finally:
        file.unlink()


def test_an_account_removed_while_signed_in_is_signed_out() -> None:
    account = make()
    client = signed_in(account)
    with append_only.lifted():
        AccountEvent.objects.all().delete()
    Account.objects.filter(pk=account.pk).delete()
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
