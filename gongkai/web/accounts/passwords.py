"""密码规则: length and kinds of characters by setting (GONGKAI_PASSWORD_*), and none used lately.

One sentence tells the whole rule before anything is typed.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.web.accounts.models import Account, OldPassword

REMEMBERED = 5  # none of the last five may be used again
LONGEST = 200  # what a form takes; hashing costs time by length
_PLAIN = "abcdefghjkmnpqrstuvwxyz"  # no i l o: a one-time password is read out and typed
_CAPITAL = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGIT = "23456789"


class Rules:
    """长度与字符种类: one validator for both, so that one sentence tells them."""

    def __init__(self, length: int, kinds: int) -> None:
        self.length = length
        self.kinds = kinds

    def validate(self, password: str, user: Account | None = None) -> None:
        if len(password) < self.length or kinds(password) < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        if self.kinds == 1:
            return _("至少 %(length)d 个字符。") % {"length": self.length}
        if self.kinds == 4:
            return _("至少 %(length)d 个字符，大写字母、小写字母、数字、其他符号都要有。") % {
                "length": self.length
            }
        return _(
            "至少 %(length)d 个字符，含大写字母、小写字母、数字、其他符号中的 %(kinds)d 类。"
        ) % {
            "length": self.length,
            "kinds": self.kinds,
        }


def kinds(password: str) -> int:
    """How many of the four kinds of characters are used."""
    capital = any(c.isupper() for c in password)
    small = any(c.islower() for c in password)
    digit = any(c.isdigit() for c in password)
    other = any(not (c.isupper() or c.islower() or c.isdigit()) for c in password)
    return capital + small + digit + other


def sentence() -> str:
    """The whole rule, shown above the field."""
    told = next(v for v in get_default_password_validators() if isinstance(v, Rules))
    return told.get_help_text() + _(
        "不能与登录名、姓名相近，不能是常见密码，不能与最近 %(n)d 次用过的相同。"
    ) % {"n": REMEMBERED}


def is_due(account: Account, at: datetime) -> bool:
    """Whether the password must be changed before anything else."""
    if account.must_change_password:
        return True
    days = settings.PASSWORD_DAYS
    return days > 0 and at - account.password_changed_at > timedelta(days=days)


def used_lately(account: Account, password: str) -> bool:
    """Whether it is the present password or one of the last few."""
    hashes = {account.password}
    hashes.update(account.old_passwords.values_list("encoded", flat=True)[:REMEMBERED])
    return any(check_password(password, encoded) for encoded in hashes)


def remember(account: Account, at: datetime) -> None:
    """Keeps the hash of the password just set, and no more than the last few."""
    OldPassword.objects.create(account=account, encoded=account.password, set_at=at)
    newest = account.old_passwords.values_list("pk", flat=True)[:REMEMBERED]
    account.old_passwords.exclude(pk__in=list(newest)).delete()


def one_time() -> str:
    """A password for handing over, as ``Kd7m-xq2P-9tvR-hw4N``: it meets the rules."""
    while True:
        letters = "".join(secrets.choice(_PLAIN + _CAPITAL + _DIGIT) for _ in range(16))
        made = "-".join(letters[i : i + 4] for i in range(0, 16, 4))
        length = next(v for v in get_default_password_validators() if isinstance(v, Rules)).length
        while len(made) < length:
            made += "-" + "".join(secrets.choice(_PLAIN + _CAPITAL + _DIGIT) for _ in range(4))
        if kinds(made) == 4:
            return made
