"""One's own account."""

from __future__ import annotations

import pytest
from django.test import Client

from gongkai.web.accounts.models import Account
from gongkai.web.accounts.tests.people import PROFILE, make, signed_in, text, toasts

pytestmark = pytest.mark.django_db


def test_a_person_changes_name_telephone_and_mail() -> None:
    account = make()
    client = signed_in(account)
    sent = {"name": "甲经办", "phone": "000-00001234转5", "email": "jia@example.invalid"}
    answer = client.post(PROFILE, sent, follow=True)
    assert "已保存。" in toasts(answer)
    account.refresh_from_db()
    assert (account.phone, account.email) == (sent["phone"], sent["email"])
    assert sent["phone"] in text(client.get(PROFILE))


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost() -> None:
    client = signed_in(make())
    answer = client.post(PROFILE, {"name": "", "phone": "000-1", "email": "no mail"})
    assert answer.status_code == 422
    assert "000-1" in text(answer) and "no mail" in text(answer)
    assert Account.objects.get().name == "甲经办"


def test_nothing_but_these_is_taken() -> None:
    client = signed_in(make())
    client.post(
        PROFILE, {"name": "甲", "phone": "", "email": "", "is_superuser": "1", "username": "root"}
    )
    account = Account.objects.get()
    assert (account.username, account.is_superuser) == ("jia", False)


def test_pages_need_a_person() -> None:
    for address in ("", "password/", "sessions/", "second-factor/"):
        assert Client().get(PROFILE + address)["Location"].startswith("/account/sign-in/")
