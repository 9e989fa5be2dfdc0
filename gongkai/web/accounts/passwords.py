"""密码规则: length and kinds of characters, by setting (GONGKAI_PASSWORD_*)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.web.accounts.models import Account

_KINDS = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())


class Rules:
    """One validator for length and kinds, so that one sentence tells the whole rule."""

    def __init__(self, length: int, kinds: int) -> None:
        self.length = length
        self.kinds = kinds

    def validate(self, password: str, user: Account | None = None) -> None:
        used = sum(any(kind(c) for c in password) for kind in _KINDS)
        if len(password) < self.length or used < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _(
            "至少 %(length)d 个字符，含大写字母、小写字母、数字、其他符号中的 %(kinds)d 类。"
        ) % {
            "length": self.length,
            "kinds": self.kinds,
        }
