"""The second factor: set up, given at sign-in, recovered from, removed, required."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as service
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts import actions, second_factor, signing_in
from gongkai.web.accounts.models import Account, Session
from gongkai.web.accounts.shown_codes import forgotten
from gongkai.web.accounts.tests.people import (
    PASSWORD,
    PROFILE,
    SIGN_IN,
    after_a_while,
    code,
    make,
    signed_in,
    step_address,
    text,
    toasts,
    typed,
    who,
    with_second_factor,
)

pytestmark = pytest.mark.django_db
STATE = "/account/second-factor/"
SET_UP = "/account/second-factor/set-up/"
CODES = "/account/second-factor/recovery-codes/"
FILE = "/account/second-factor/recovery-codes.txt"
NEW = "/account/second-factor/recovery-codes/new/"
REMOVE = "/account/second-factor/remove/"


def password_given(account: Account, next: str = PROFILE) -> Client:
    """A browser that gave the password and owes the code."""
    client = Client()
    answer = client.post(f"{SIGN_IN}?next={next}", typed(account.username))
    assert answer["Location"] == step_address()
    return client


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code></li>", page)


# -- setting up


def test_a_person_sets_it_up_and_puts_the_recovery_codes_away() -> None:
    account = make()
    client = signed_in(account)
    assert "未启用" in text(client.get(PROFILE))
    assert client.post(STATE)["Location"] == SET_UP
    page = text(client.get(SET_UP))
    assert "<svg" in page and "style=" not in page
    device = TOTPDevice.objects.get(user=account)
    assert second_factor.typed_key(device) in page
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", second_factor.typed_key(device))
    assert not second_factor.is_on(account)

    answer = client.post(SET_UP, {"otp_code": code(account, wrong=True)})
    assert answer.status_code == 422 and not second_factor.is_on(account)
    after_a_while(account)
    answer = client.post(SET_UP, {"otp_code": code(account)})
    assert answer["Location"] == CODES and second_factor.is_on(account)

    codes = shown_codes(text(client.get(CODES)))
    assert len(set(codes)) == 10
    file = client.get(FILE)
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in file["Content-Disposition"]
    assert all(one in text(file) for one in codes) and "jia" in text(file)
    assert "no-store" in file["Cache-Control"]

    assert client.post(CODES)["Location"] == STATE
    assert client.get(CODES)["Location"] == STATE
    assert client.get(FILE)["Location"] == STATE
    page = text(client.get(STATE))
    assert "已启用" in page and "还剩 10 个" in page
    assert not any(one in page for one in codes)


def test_nothing_is_stored_that_could_be_typed_as_a_recovery_code() -> None:
    account = make()
    codes = with_second_factor(account)
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert stored.isdisjoint(codes) and stored.isdisjoint(c.replace("-", "") for c in codes)
    for token in list(stored)[:1]:
        with pytest.raises(second_factor.WrongCode):
            second_factor.use(account=account, code=token)


def test_setting_up_ends_the_other_sessions() -> None:
    account = make()
    other, client = signed_in(account), signed_in(account)
    client.post(STATE)
    client.post(SET_UP, {"otp_code": code(account)})
    assert other.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert client.get(PROFILE).status_code == 200


def test_who_signed_in_a_while_ago_is_asked_for_the_password_first() -> None:
    account = make()
    client = signed_in(account)
    Session.objects.update(created_at=F("created_at") - timedelta(minutes=30))
    assert 'name="password"' in text(client.get(STATE))
    assert client.post(STATE).status_code == 422
    assert client.post(STATE, {"password": "falsch"}).status_code == 422
    assert not TOTPDevice.objects.exists()
    assert client.post(STATE, {"password": PASSWORD})["Location"] == SET_UP


def test_beginning_anew_makes_a_new_key() -> None:
    account = make()
    client = signed_in(account)
    client.post(STATE)
    old = code(account)
    client.post(STATE)
    assert TOTPDevice.objects.filter(user=account).count() == 1
    assert client.post(SET_UP, {"otp_code": old}).status_code == 422


# -- at sign-in


def test_after_the_password_nobody_is_signed_in_until_the_code_is_right() -> None:
    account = make()
    with_second_factor(account)
    client = password_given(account)
    assert who(client) is None
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    answer = client.post(step_address(), {"otp_code": code(account)})
    assert answer["Location"] == PROFILE
    assert who(client) == str(account.pk)


def test_a_wrong_password_is_told_before_any_code_is_asked_for() -> None:
    with_second_factor(make())
    assert Client().post(SIGN_IN, typed(password="Wrong-1-Wrong")).status_code == 422


def test_without_the_password_there_is_no_second_step() -> None:
    account = make()
    with_second_factor(account)
    client = Client()
    assert client.get(step_address())["Location"] == SIGN_IN
    assert client.post(step_address(), {"otp_code": code(account)})["Location"] == SIGN_IN
    assert who(client) is None


def test_a_code_is_good_once() -> None:
    account = make()
    with_second_factor(account)
    shown = code(account)
    client = password_given(account)
    client.post(step_address(), {"otp_code": shown})
    second = password_given(account)
    answer = second.post(step_address(), {"otp_code": shown})
    assert answer.status_code == 422 and who(second) is None


def test_a_code_may_be_typed_with_spaces_and_full_width_digits() -> None:
    account = make()
    with_second_factor(account)
    shown = code(account)
    wide = shown.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    client = password_given(account)
    client.post(step_address(), {"otp_code": f" {wide[:3]} {wide[3:]} "})
    assert who(client) == str(account.pk)


def test_the_code_of_a_clock_half_a_minute_off_is_right_and_of_one_ten_minutes_off_is_not() -> None:
    account = make()
    with_second_factor(account)
    client = password_given(account)
    assert client.post(step_address(), {"otp_code": code(account, later=20)}).status_code == 422
    after_a_while(account)
    client.post(step_address(), {"otp_code": code(account, later=1)})
    assert who(client) == str(account.pk)


def test_after_a_wrong_code_the_next_is_not_looked_at_at_once() -> None:
    account = make()
    with_second_factor(account)
    client = password_given(account)
    assert client.post(step_address(), {"otp_code": code(account, wrong=True)}).status_code == 422
    answer = client.post(step_address(), {"otp_code": code(account)})
    assert answer.status_code == 429 and "之后再试" in text(answer)
    assert who(client) is None


def test_waiting_longer_after_every_wrong_code() -> None:
    account = make()
    with_second_factor(account)
    TOTPDevice.objects.update(
        throttling_failure_count=6, throttling_failure_timestamp=timezone.now()
    )
    with pytest.raises(second_factor.TooSoon) as refused:
        second_factor.use(account=account, code=code(account))
    assert refused.value.until > timezone.now() + timedelta(seconds=25)


def test_after_five_wrong_codes_the_password_is_asked_again() -> None:
    account = make()
    with_second_factor(account)
    client = password_given(account)
    for _ in range(signing_in.TRIES - 1):
        wrong = {"otp_code": code(account, wrong=True)}
        assert client.post(step_address(), wrong).status_code == 422
        after_a_while(account)
    answer = client.post(step_address(), {"otp_code": code(account, wrong=True)})
    assert answer["Location"] == f"{SIGN_IN}?next=%2Faccount%2F"
    after_a_while(account)
    client.post(step_address(), {"otp_code": code(account)})
    assert who(client) is None


def test_the_code_must_follow_the_password_in_ten_minutes() -> None:
    account = make()
    with_second_factor(account)
    client = password_given(account)
    session = client.session
    noted = dict(session[signing_in._WAITING])
    noted["at"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session[signing_in._WAITING] = noted
    session.save()
    assert client.post(step_address(), {"otp_code": code(account)})["Location"] == SIGN_IN
    assert who(client) is None


@pytest.mark.parametrize("change", ["password", "suspended"])
def test_what_changes_between_password_and_code_counts(change: str) -> None:
    account = make()
    with_second_factor(account)
    client = password_given(account)
    if change == "password":
        account.set_password("Neu-2026-Neu-Neu")
        account.save()
    else:
        actions.suspend(account=account, by=account, at=timezone.now())
    assert client.post(step_address(), {"otp_code": code(account)})["Location"] == SIGN_IN
    assert who(client) is None


def test_where_it_is_off_no_code_is_asked_for_and_its_pages_are_not_there(settings: Any) -> None:
    account = make()
    with_second_factor(account)
    settings.SECOND_FACTOR = "off"
    client = signed_in(account)
    assert who(client) == str(account.pk)
    for address in (STATE, SET_UP, CODES, FILE, NEW, REMOVE):
        assert client.get(address).status_code == 404
    assert "动态口令" not in text(client.get(PROFILE))


# -- recovery codes


def test_a_recovery_code_signs_in_once() -> None:
    account = make()
    codes = with_second_factor(account)
    client = password_given(account)
    answer = client.post(step_address(), {"otp_code": codes[3].upper()}, follow=True)
    assert who(client) == str(account.pk)
    assert "用掉了一个恢复码，还剩 9 个。" in toasts(answer)
    again = password_given(account)
    assert again.post(step_address(), {"otp_code": codes[3]}).status_code == 422
    assert who(again) is None
    after_a_while(account)
    again.post(step_address(), {"otp_code": codes[4].replace("-", " ")})
    assert who(again) == str(account.pk)


def test_recovery_codes_belong_to_one_account() -> None:
    codes = with_second_factor(make())
    other = make("yi", "乙审核")
    with_second_factor(other)
    client = password_given(other)
    assert client.post(step_address(), {"otp_code": codes[0]}).status_code == 422


def test_new_recovery_codes_end_the_old_ones() -> None:
    account = make()
    old = with_second_factor(account)
    client = _in(account)
    assert "立即作废" in text(client.get(NEW))
    assert client.post(NEW, {"password": "falsch"}).status_code == 422
    assert client.post(NEW, {"password": PASSWORD})["Location"] == CODES
    new = shown_codes(text(client.get(CODES)))
    assert len(new) == 10 and set(new).isdisjoint(old)
    with pytest.raises(second_factor.WrongCode):
        second_factor.use(account=account, code=old[0])
    after_a_while(account)
    assert second_factor.use(account=account, code=new[0]) is second_factor.Kind.RECOVERY


def _in(account: Account) -> Client:
    client = password_given(account)
    client.post(step_address(), {"otp_code": code(account)})
    assert who(client) == str(account.pk)
    after_a_while(account)
    return client


def test_with_few_codes_left_the_page_says_so() -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    assert "快用完" not in text(client.get(STATE))
    for token in StaticToken.objects.all()[:7]:
        token.delete()
    assert "快用完" in text(client.get(STATE))


# -- its end


def test_removing_takes_the_password_and_a_code() -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    right = {"password": PASSWORD, "otp_code": code(account)}
    assert client.post(REMOVE, {**right, "otp_code": ""}).status_code == 422
    assert client.post(REMOVE, {**right, "password": "falsch"}).status_code == 422
    assert client.post(REMOVE, {**right, "otp_code": code(account, wrong=True)}).status_code == 422
    assert second_factor.is_on(account)
    after_a_while(account)
    assert client.post(REMOVE, right)["Location"] == STATE
    assert not TOTPDevice.objects.exists() and not StaticToken.objects.exists()
    assert client.get(PROFILE).status_code == 200


def test_wrong_passwords_inside_lock_out_like_those_at_sign_in() -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    for _ in range(service.AXES_FAILURE_LIMIT):
        answer = client.post(NEW, {"password": "falsch"})
    assert answer.status_code == 429
    assert client.post(NEW, {"password": PASSWORD}).status_code == 429


def test_an_administrator_resets_it_and_every_session_ends() -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    actions.reset_second_factor(account=account, by=account, at=timezone.now())
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert who(signed_in(account)) == str(account.pk)


# -- where it is required


def test_where_required_it_is_set_up_before_anything_else(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    account = make()
    client = signed_in(account)
    assert client.get(PROFILE)["Location"] == f"{STATE}?next=%2Faccount%2F"
    assert client.get("/account/password/").status_code == 200
    page = text(client.get(f"{STATE}?next=/account/"))
    assert "请先设置动态口令" in page and "退出登录" in page
    client.post(STATE)
    assert client.get(PROFILE)["Location"].startswith(STATE)
    client.post(SET_UP, {"otp_code": code(account)})
    assert client.post(CODES)["Location"] == PROFILE
    assert client.get(PROFILE).status_code == 200


def test_where_required_it_cannot_be_removed(settings: Any) -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    settings.SECOND_FACTOR = "required"
    assert REMOVE not in text(client.get(STATE))
    right = {"password": PASSWORD, "otp_code": code(account)}
    assert client.post(REMOVE, right)["Location"] == STATE
    assert second_factor.is_on(account)


def test_a_session_from_before_it_was_required_signs_in_again_with_the_code(settings: Any) -> None:
    account = make()
    with_second_factor(account)
    settings.SECOND_FACTOR = "off"
    client = signed_in(account)
    settings.SECOND_FACTOR = "required"
    assert client.get(PROFILE)["Location"] == f"{SIGN_IN}?next=/account/"
    assert who(client) is None


def codes_made(account: Account, client: Client) -> list[str]:
    """New recovery codes, as the page shows them."""
    assert client.post(NEW, {"password": PASSWORD})["Location"] == CODES
    return shown_codes(text(client.get(CODES)))


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    now = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: now)


def in_session(client: Client) -> bool:
    return "recovery_codes" in client.session


def test_recovery_codes_are_shown_for_ten_minutes_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    codes = codes_made(account, client)
    later(monkeypatch, 9)
    assert shown_codes(text(client.get(CODES))) == codes
    later(monkeypatch, 2)
    answer = client.get(CODES)
    assert answer["Location"] == STATE and not in_session(client)
    assert client.get(FILE)["Location"] == STATE


def test_any_page_opened_later_drops_them_from_the_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    codes_made(account, client)
    later(monkeypatch, 11)
    client.get(PROFILE)
    assert not in_session(client)


def test_they_are_dropped_where_nobody_comes_back() -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    codes_made(account, client)
    now = timezone.now()
    assert forgotten(now + timedelta(minutes=9)) == 0
    assert in_session(client)
    assert forgotten(now + timedelta(minutes=11)) == 1
    assert not in_session(client)
    assert client.get(PROFILE).status_code == 200, "the session itself stays"


def test_put_away_late_still_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make()
    with_second_factor(account)
    client = _in(account)
    codes_made(account, client)
    later(monkeypatch, 11)
    assert client.post(CODES)["Location"] == STATE
