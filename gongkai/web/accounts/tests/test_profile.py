"""One's own account."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gongkai.web.accounts.models import Account, Session
from gongkai.web.accounts.tests.people import PROFILE, make, signed_in, text, toasts, typed

pytestmark = pytest.mark.django_db


def test_a_person_changes_telephone_and_mail() -> None:
    account = make()
    client = signed_in(account)
    sent = {"phone": "000-00001234转5", "email": "jia@example.invalid"}
    answer = client.post(PROFILE, sent, follow=True)
    assert "已保存。" in toasts(answer)
    account.refresh_from_db()
    assert (account.phone, account.email) == (sent["phone"], sent["email"])
    assert sent["phone"] in text(client.get(PROFILE))


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost() -> None:
    client = signed_in(make())
    answer = client.post(PROFILE, {"phone": "000-1", "email": "no mail"})
    assert answer.status_code == 422
    assert "000-1" in text(answer) and "no mail" in text(answer)
    assert Account.objects.get().name == "甲经办"


def test_nobody_renames_themselves() -> None:
    """Signatures, events and the check of paper approvals go by the name."""
    client = signed_in(make())
    client.post(PROFILE, {"name": "丙批准", "phone": "000-00001234", "email": ""})
    account = Account.objects.get()
    assert (account.name, account.phone) == ("甲经办", "000-00001234")
    page = text(client.get(PROFILE))
    assert "甲经办" in page and 'name="name"' not in page
    assert "请系统管理员修改" in page


def test_nothing_but_these_is_taken() -> None:
    client = signed_in(make())
    client.post(PROFILE, {"phone": "", "email": "", "is_superuser": "1", "username": "root"})
    account = Account.objects.get()
    assert (account.username, account.is_superuser) == ("jia", False)


def test_a_session_that_ends_while_one_types_loses_nothing() -> None:
    account = make()
    client = signed_in(account)
    page = text(client.get(PROFILE))
    hidden = dict(re.findall(r'name="(_\w+)" value="([^"]+)"', page))
    Session.objects.all().delete()
    sent = {"phone": "000-00005678", "email": "", **hidden}
    led = client.post(PROFILE, sent)["Location"]
    assert "您填写的内容已保留" in text(client.get(led))
    back = client.post(led, typed())["Location"]
    page = text(client.get(back))
    assert "登录已过期；您填写的内容已保留，请核对后重新提交。" in page
    assert "000-00005678" in page
    account.refresh_from_db()
    assert account.phone == "", "nothing is sent without the person"
    hidden = dict(re.findall(r'name="(_\w+)" value="([^"]+)"', page))
    assert client.post(back, {**sent, **hidden})["Location"] == PROFILE
    account.refresh_from_db()
    assert account.phone == "000-00005678"
    assert "登录已过期" not in text(client.get(back))


def test_pages_need_a_person() -> None:
    for address in ("", "password/", "sessions/", "second-factor/"):
        assert Client().get(PROFILE + address)["Location"].startswith("/account/sign-in/")
