"""账号状态: which names are locked out, which accounts have a second factor; for lists."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Sum
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts.lockout import OF_NAME, cool_off
from gongkai.web.accounts.models import Account


def locked_names(at: datetime) -> set[str]:
    """The names that cannot be tried at present from some address, or slowly; few, as it passes."""
    failed = (
        AccessAttempt.objects.filter(attempt_time__gte=at - cool_off())
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    slowed = (
        AccessAttempt.objects.filter(attempt_time__gte=at - cool_off())
        .values("username")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT * OF_NAME)
    )
    return {row["username"] for row in (*failed, *slowed) if row["username"]}


def devices(through: str = "") -> Prefetch[str]:
    """Fetches each account's confirmed devices with a page of a list; see `has_second_factor`."""
    confirmed = TOTPDevice.objects.filter(confirmed=True)
    return Prefetch(f"{through}totpdevice_set", confirmed, to_attr="confirmed_devices")


def has_second_factor(account: Account) -> bool:
    """Of an account fetched with `devices`."""
    return bool(account.confirmed_devices)  # type: ignore[attr-defined]


def second_factor_of(field: str) -> Exists:
    """The condition that the account in a row's ``field`` has a second factor."""
    return Exists(TOTPDevice.objects.filter(user=OuterRef(field), confirmed=True))
