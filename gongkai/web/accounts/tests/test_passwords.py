"""Passwords: the rules told and kept, changing, due dates, memory, one-time passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.web.accounts import actions, passwords
from gongkai.web.accounts.models import Account, OldPassword
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

pytestmark = pytest.mark.django_db
CHANGE = "/account/password/"
NEW = "Neu-Wort-2026-甲"


def change(client: Client, new: str, old: str = PASSWORD, again: str | None = None) -> Any:
    sent = {"old_password": old, "new_password": new, "new_password_again": again or new}
    return client.post(CHANGE, sent)


def test_a_person_changes_the_password_and_other_sessions_end() -> None:
    account = make()
    other, client = signed_in(account), signed_in(account)
    answer = change(client, NEW)
    assert answer["Location"] == PROFILE
    assert "密码已更改，其他地方的登录都已结束。" in toasts(client.get(PROFILE))
    assert other.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert Client().post(SIGN_IN, typed()).status_code == 422
    assert Client().post(SIGN_IN, typed(password=NEW)).status_code == 302


def test_the_rules_are_told_before_anything_is_typed() -> None:
    page = text(signed_in(make()).get(CHANGE))
    assert "至少 10 个字符，含大写字母、小写字母、数字、其他符号中的 3 类。" in page
    assert "不能与最近 5 次用过的相同" in page


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("Kurz-1", "至少 10 个字符"),
        ("nursmallletters", "至少 10 个字符"),
        ("jia-account-2026X", "登录名"),
    ],
)
def test_a_weak_password_is_refused_at_its_field(new: str, said: str) -> None:
    account = make("jia-account-2026")
    client = signed_in(account)
    answer = change(client, new)
    assert answer.status_code == 422 and said in text(answer)
    assert new not in text(answer)


def test_a_common_password_is_refused(settings: Any) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = settings.AUTH_PASSWORD_VALIDATORS[1:]
    with pytest.raises(actions.WeakPassword):
        actions.make_account(
            username="b", name="乙", password="1234567890", by=None, at=timezone.now()
        )


def test_chinese_counts_as_other_characters() -> None:
    assert passwords.kinds("密码") == 1
    assert passwords.kinds("密码Aa1") == 4


def test_the_two_new_ones_must_be_alike_and_the_old_one_right() -> None:
    client = signed_in(make())
    answer = change(client, NEW, again=NEW + "x")
    assert answer.status_code == 422 and "两次输入的新密码不一样" in text(answer)
    answer = change(client, NEW, old="falsch")
    assert answer.status_code == 422 and "密码不对" in text(answer)
    assert Client().post(SIGN_IN, typed()).status_code == 302


def test_the_last_five_passwords_cannot_return_and_the_sixth_can() -> None:
    account = make()
    client = signed_in(account)
    used = [PASSWORD, *(f"Neu-Wort-{n}-2026" for n in range(1, 6))]
    for old, new in zip(used, used[1:], strict=False):
        assert change(client, new, old=old).status_code == 302
    now = used[-1]
    for earlier in used[1:]:
        answer = change(client, earlier, old=now)
        assert answer.status_code == 422 and "最近 5 次用过" in text(answer)
    assert OldPassword.objects.filter(account=account).count() == passwords.REMEMBERED
    assert change(client, PASSWORD, old=now).status_code == 302


def test_the_present_password_is_never_a_new_one() -> None:
    answer = change(signed_in(make()), PASSWORD)
    assert answer.status_code == 422


def test_a_new_account_changes_the_given_password_first() -> None:
    given = passwords.one_time()
    actions.make_account(username="xin", name="新来", password=given, by=None, at=timezone.now())
    client = Client()
    client.post(SIGN_IN + "?next=/account/sessions/", typed("xin", given))
    led = client.get("/account/sessions/")["Location"]
    assert led == f"{CHANGE}?next=%2Faccount%2Fsessions%2F"
    page = text(client.get(led))
    assert "请先设置自己的密码" in page and "退出登录" in page
    sent = {"old_password": given, "new_password": NEW, "new_password_again": NEW}
    assert client.post(led, sent)["Location"] == "/account/sessions/"
    assert client.get("/account/sessions/").status_code == 200


def test_a_password_too_old_is_changed_first(settings: Any) -> None:
    settings.PASSWORD_DAYS = 90
    account = make()
    client = signed_in(account)
    assert client.get(PROFILE).status_code == 200
    Account.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    assert client.get(PROFILE)["Location"] == f"{CHANGE}?next=%2Faccount%2F"
    assert "密码已到更换时间" in text(client.get(CHANGE))
    change(client, NEW)
    assert client.get(PROFILE).status_code == 200


def test_leaving_instead_of_changing_is_possible() -> None:
    account = make(must_change_password=True)
    client = signed_in(account)
    assert client.post("/account/sign-out/")["Location"] == SIGN_IN
    assert who(client) is None


def test_a_one_time_password_set_by_the_administrator_ends_sessions_and_lock_outs() -> None:
    account = make()
    client = signed_in(account)
    outside = Client()
    for _ in range(5):
        outside.post(SIGN_IN, typed(password="falsch"))
    given = passwords.one_time()
    actions.set_password(account=account, password=given, by=account, at=timezone.now())
    assert client.get(PROFILE)["Location"].startswith(SIGN_IN)
    assert outside.post(SIGN_IN, typed(password=given)).status_code == 302
    assert outside.get(PROFILE)["Location"].startswith(CHANGE)
    assert change(outside, given, old=given).status_code == 422, "it is used up"


def test_one_time_passwords_meet_the_rules_and_differ() -> None:
    made = {passwords.one_time() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.kinds(one) == 4 for one in made)
    assert not any(c in one for one in made for c in "iloIO01")


@pytest.mark.parametrize(
    ("username", "error"),
    [("jia", actions.NameTaken), ("有 空格", actions.WrongName), ("", actions.WrongName)],
)
def test_an_account_needs_a_name_of_its_own(username: str, error: type[Exception]) -> None:
    make()
    with pytest.raises(error):
        actions.make_account(
            username=username, name="丁代理", password=NEW, by=None, at=timezone.now()
        )
    assert Account.objects.count() == 1
