"""What a person does with the own account, and who failed to sign in, is told for ever."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as service
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gongkai.web.accounts import actions, events
from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.accounts.tests.people import (
    PASSWORD,
    PROFILE,
    SIGN_IN,
    after_a_while,
    code,
    make,
    signed_in,
    step_address,
    typed,
    with_second_factor,
)

pytestmark = pytest.mark.django_db
HERE = "10.1.2.3"
NEW = "Quiet-River-77-示例"


def told(account: Account) -> list[tuple[str, str | None]]:
    rows = AccountEvent.objects.filter(account=account).order_by("pk")
    return list(rows.values_list("kind", "address"))


def kinds(account: Account) -> list[str]:
    return [kind for kind, _address in told(account)]


def test_a_sign_in_and_a_failed_one_are_told_with_address_and_request() -> None:
    account = make()
    client = Client(REMOTE_ADDR=HERE)
    answer = client.post(SIGN_IN, typed(password="falsch"))
    client.post(SIGN_IN, typed())
    assert told(account) == [("wrong_password", HERE), ("signed_in", HERE)]
    first = AccountEvent.objects.earliest("pk")
    assert first.request_id == answer["X-Request-ID"].replace("-", "")


def test_an_unknown_name_and_each_page_are_not() -> None:
    account = make()
    Client().post(SIGN_IN, typed("nobody", "falsch"))
    client = signed_in(account)
    for _ in range(3):
        client.get(PROFILE)
    assert kinds(account) == ["signed_in"]


def test_a_lock_out_is_told_once_and_tries_during_it_are_not() -> None:
    account, client = make(), Client()
    limit = service.AXES_FAILURE_LIMIT
    for _ in range(limit + 3):
        client.post(SIGN_IN, typed(password="falsch"))
    assert kinds(account) == ["wrong_password"] * limit + ["locked_out"]


def test_a_wrong_code_is_told() -> None:
    account = make()
    with_second_factor(account)
    client = Client(REMOTE_ADDR=HERE)
    client.post(SIGN_IN, typed())
    client.post(step_address(), {"otp_code": code(account, wrong=True)})
    assert told(account) == [("wrong_code", HERE)]


def test_own_contacts_and_password_are_told_and_no_change_is_not() -> None:
    account = make()
    client, sent = signed_in(account), {"phone": "000-00001234", "email": ""}
    client.post(PROFILE, sent)
    client.post(PROFILE, sent)
    said = {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    assert client.post(PROFILE + "password/", said).status_code == 302
    assert kinds(account) == ["signed_in", "contacts_changed", "password_changed"]


def test_a_wrong_own_password_is_told_and_stays_told() -> None:
    account = make()
    client = signed_in(account)
    said = {"old_password": "falsch", "new_password": NEW, "new_password_again": NEW}
    assert client.post(PROFILE + "password/", said).status_code == 422
    assert kinds(account) == ["signed_in", "wrong_password"]


def test_ending_the_other_sessions_is_told_where_there_were_any() -> None:
    account = make()
    client = signed_in(account)
    address = reverse("accounts:end_other_sessions")
    client.post(address)
    signed_in(account)
    client.post(address)
    assert kinds(account) == ["signed_in", "signed_in", "sessions_ended"]


def test_the_second_factor_on_off_and_new_codes_are_told(settings: Any) -> None:
    settings.SECOND_FACTOR = "optional"
    account = make()
    client = signed_in(account)
    client.post(PROFILE + "second-factor/")
    set_up = reverse("accounts:second_factor_set_up")
    client.post(set_up, {"otp_code": code(account)})
    client.post(reverse("accounts:new_recovery_codes"), {"password": PASSWORD})
    codes = client.session["recovery_codes"]["codes"]
    after_a_while(account)
    remove = reverse("accounts:remove_second_factor")
    client.post(remove, {"password": PASSWORD, "otp_code": codes[0]})
    assert kinds(account)[1:] == ["second_factor_on", "recovery_codes", "second_factor_off"]


def test_the_event_and_the_change_stand_or_fall_together(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make()

    def fails(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(events, "record", fails)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.change_contacts(
            account=account, phone="000-1", email="", at=account.created_at, address=None
        )
    account.refresh_from_db()
    assert account.phone == ""
