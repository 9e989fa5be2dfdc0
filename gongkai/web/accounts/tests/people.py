"""测试用的人: an account, its password, and the codes its telephone would show."""

from __future__ import annotations

import time
from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts import second_factor
from gongkai.web.accounts.models import Account

PASSWORD = "Xi-Kou-2026-示例"
SIGN_IN = "/account/sign-in/"
PROFILE = "/account/"


def make(username: str = "jia", name: str = "甲经办", **fields: Any) -> Account:
    return Account.objects.create_user(username, PASSWORD, name=name, **fields)


def typed(username: str = "jia", password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"username": username, "password": password, **more}


def signed_in(account: Account, **headers: Any) -> Client:
    """A browser that went through the sign-in page."""
    client = Client(**headers)
    answer = client.post(SIGN_IN, typed(account.username))
    assert answer.status_code == 302, answer.content.decode()
    return client


def who(client: Client) -> str | None:
    """The number of the account a browser is signed in as, None where it is not."""
    found: str | None = client.session.get("_auth_user_id")
    return found


def with_second_factor(account: Account) -> list[str]:
    """The second factor is on; returns the recovery codes."""
    second_factor.begin(account=account)
    return second_factor.confirm(account=account)


def code(account: Account, *, wrong: bool = False, later: int = 0) -> str:
    """What the telephone shows now, or some steps of thirty seconds later; or something else."""
    device = TOTPDevice.objects.get(user=account)
    shown = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    shown.time = time.time() + later * device.step
    number = (shown.token() + wrong) % 10**6
    return f"{number:06d}"


def after_a_while(account: Account) -> None:
    """As if the last code and the last wrong codes were long ago."""
    TOTPDevice.objects.filter(user=account).update(last_t=-1)
    second_factor.unlock(account)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def toasts(answer: Any) -> list[str]:
    """What the toasts of the page that was reached at last say."""
    return [str(message) for message in answer.context["messages"]]


def step_address() -> str:
    return reverse("accounts:second_step")
