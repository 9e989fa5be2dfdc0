"""动态口令: the second factor: a code from the telephone (TOTP) or a recovery code, each used once.

An account has one device. It counts only once a first code from it was right; recovery codes come
with it. django-otp keeps the devices and slows guessing: after each wrong code the next is not
looked at for 1, 2, 4, 8 ... seconds. What it counts must stay counted, so `use` and `try_first`
raise only after their own transaction, and are called outside any other.
"""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.web.accounts.models import Account
from gongkai.web.shell.refusals import Refusal

CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no i l o 0 1: codes are copied by hand
_HALF = 5


class Kind(Enum):
    """口令种类: from the telephone, or a recovery code."""

    TELEPHONE = "telephone"
    RECOVERY = "recovery"


class WrongCode(Refusal):
    """口令有误: wrong, stale or used."""


class TooSoon(Refusal):
    """稍后再试: after wrong codes the next is not looked at before ``until``."""

    def __init__(self, until: datetime) -> None:
        clock = date_format(timezone.localtime(until), "H:i:s")
        super().__init__(
            _("连续输错，请在 %(clock)s 之后再试。") % {"clock": clock}, field="otp_code"
        )
        self.until = until


class NotBegun(Refusal):
    """尚未开始设置: there is no device to confirm."""


@dataclass(frozen=True, slots=True)
class State:
    """动态口令的状态: since when it counts, when it was used last, how many codes are left."""

    on: bool = False
    since: datetime | None = None
    used_at: datetime | None = None
    codes_left: int = 0


def allowed() -> bool:
    """Whether the installation uses a second factor at all (GONGKAI_SECOND_FACTOR)."""
    return bool(settings.SECOND_FACTOR != "off")


def required() -> bool:
    return bool(settings.SECOND_FACTOR == "required")


def is_on(account: Account) -> bool:
    """Whether signing in takes a code."""
    return allowed() and _confirmed(account).exists()


def state(account: Account) -> State:
    device = _confirmed(account).first()
    if device is None:
        return State()
    left = StaticToken.objects.filter(device__user=account).count()
    return State(True, device.created_at, device.last_used_at, left)


# -- setting up


@transaction.atomic
def begin(*, account: Account) -> None:
    """开始设置: a new key, which counts for nothing yet; an earlier unfinished one is dropped."""
    TOTPDevice.objects.filter(user=account, confirmed=False).delete()
    TOTPDevice.objects.create(user=account, name="telephone", confirmed=False)


def waiting(account: Account) -> Any:
    """The device that is not confirmed yet, None where there is none."""
    return TOTPDevice.objects.filter(user=account, confirmed=False).first()


def typed_key(device: Any) -> str:
    """The key in groups of four, for typing where a picture cannot be scanned."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


def picture(device: Any) -> str:
    """The key as a QR code: an <svg> without style, so that it stands in any page."""
    made = segno.make(device.config_url, error="m", micro=False)
    return made.svg_inline(scale=4, dark="#000000", light="#ffffff", svgclass="qr", lineclass=None)


def try_first(*, account: Account, code: str) -> None:
    """Whether the telephone was set up rightly. Raises NotBegun, WrongCode, TooSoon."""
    with transaction.atomic():
        device = (
            TOTPDevice.objects.select_for_update().filter(user=account, confirmed=False).first()
        )
        verdict = _verdict(device, normal(code)) if device is not None else None
    if verdict is None:
        raise NotBegun(_("请重新开始设置。"))
    _raise(verdict)


@transaction.atomic
def confirm(*, account: Account) -> list[str]:
    """启用: the waiting device counts from now on, alone. Returns the recovery codes."""
    device = waiting(account)
    if device is None:
        raise NotBegun(_("请重新开始设置。"))
    TOTPDevice.objects.filter(user=account).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return new_codes(account=account)


@transaction.atomic
def new_codes(*, account: Account) -> list[str]:
    """重新生成恢复码: the former ones end. Only marks of them are stored (see `_mark`)."""
    StaticDevice.objects.filter(user=account).delete()
    device = StaticDevice.objects.create(user=account, name="recovery")
    made = [_random_code() for _i in range(CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_mark(account, normal(code))) for code in made
    )
    return made


@transaction.atomic
def clear(account: Account) -> None:
    """Every device and code of an account ends."""
    TOTPDevice.objects.filter(user=account).delete()
    StaticDevice.objects.filter(user=account).delete()


def unlock(account: Account) -> None:
    """The next code is looked at at once."""
    for devices in (TOTPDevice.objects, StaticDevice.objects):
        devices.filter(user=account).update(
            throttling_failure_count=0, throttling_failure_timestamp=None
        )


# -- using


def use(*, account: Account, code: str) -> Kind:
    """核对口令: of either kind; what was right is used up. Raises WrongCode, TooSoon."""
    typed = normal(code)
    kind = Kind.TELEPHONE if typed.isdigit() and len(typed) == 6 else Kind.RECOVERY
    with transaction.atomic():
        if kind is Kind.TELEPHONE:
            device = _confirmed(account).select_for_update().first()
        else:
            device = StaticDevice.objects.select_for_update().filter(user=account).first()
            typed = _mark(account, typed)
        verdict = _verdict(device, typed)
    _raise(verdict)
    return kind


def normal(code: str) -> str:
    """As it is compared: full-width digits, spaces, hyphens and capitals make no difference."""
    plain = unicodedata.normalize("NFKC", code).lower()
    return "".join(c for c in plain if c.isalnum() and c.isascii())


def _verdict(device: Any, code: str) -> bool | datetime:
    """Right, wrong, or not looked at before a moment."""
    if device is None:
        return False
    may, why = device.verify_is_allowed()
    if not may:
        until: datetime = why["locked_until"]
        return until
    return bool(device.verify_token(code))


def _raise(verdict: bool | datetime) -> None:
    if isinstance(verdict, datetime):
        raise TooSoon(verdict)
    if not verdict:
        raise WrongCode(
            _("口令不对、已过期或已用过。请核对手机时间，用下一个口令再试。"), field="otp_code"
        )


def _confirmed(account: Account) -> Any:
    return TOTPDevice.objects.filter(user=account, confirmed=True)


def _random_code() -> str:
    half = ["".join(secrets.choice(_ALPHABET) for _i in range(_HALF)) for _half in range(2)]
    return "-".join(half)


def _mark(account: Account, code: str) -> str:
    """What is stored of a recovery code: who reads the database cannot use it."""
    return salted_hmac("gongkai.recovery", f"{account.pk}:{code}").hexdigest()[:16]
