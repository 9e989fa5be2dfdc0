"""账号的表单: signing in, codes, passwords, one's own particulars.

A password or code is checked in ``clean``, outside the transaction of the act: a wrong one must
stay counted although nothing else is done. Fields of codes are named ``otp_...``, and with those
of passwords are never kept or shown again.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts import passwords, second_factor, signing_in
from gongkai.web.accounts.models import Account
from gongkai.web.shell.refusals import Refusal


class UsernameField(forms.CharField):
    """登录名: letters of any width are one letter."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", str(super().to_python(value) or ""))


def password_field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password: not trimmed, never shown again."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=passwords.LONGEST,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def code_field(label: Any, help_text: Any = "", *, inputmode: str = "text") -> forms.CharField:
    """A code; telephones show the keys of its kind."""
    attrs = {
        "autocomplete": "one-time-code",
        "autocapitalize": "off",
        "spellcheck": "false",
        "inputmode": inputmode,
    }
    return forms.CharField(
        label=label, max_length=40, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


class SignIn(forms.Form):
    """登录"""

    username = UsernameField(
        label=_("登录名"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    password = password_field(_("密码"), "current-password")


class SecondStep(forms.Form):
    """登录第二步: the code."""

    otp_code = code_field(_("动态口令"), _("手机上的 6 位数字；手机不在身边时，可用一个恢复码。"))


class OwnPassword(forms.Form):
    """Asks for the password of who is signed in; wrong ones count towards a lock-out."""

    def __init__(self, *args: Any, request: HttpRequest, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.account = account

    def check_password(self, field: str) -> None:
        typed = self.cleaned_data.get(field)
        if not typed:
            return
        try:
            found = signing_in.try_password(
                self.request, self.account.username, typed, timezone.now()
            )
        except Refusal as refused:
            self.add_error(field, str(refused.message))
            return
        if found is None or found.pk != self.account.pk:
            self.add_error(field, ValidationError(_("密码不对。"), code="wrong"))


class ChangePassword(OwnPassword):
    """修改密码: the old one, the new one twice."""

    old_password = password_field(_("现在的密码"), "current-password")
    new_password = password_field(_("新密码"), "new-password")
    new_password_again = password_field(_("再输一次新密码"), "new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = passwords.sentence()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        new, again = said.get("new_password"), said.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", _("两次输入的新密码不一样。"))
        self.check_password("old_password")
        return said


class Begin(OwnPassword):
    """开始设置动态口令: with the password, unless one has just signed in."""

    password = password_field(
        _("密码"), "current-password", _("登录已有一会儿，请再确认是您本人。")
    )

    def __init__(self, *args: Any, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fresh:
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        self.check_password("password")
        return self.cleaned_data


class SetUp(forms.Form):
    """启用动态口令: a first code shows that the telephone was set up rightly."""

    otp_code = code_field(_("口令"), _("手机上现在显示的 6 位数字。"), inputmode="numeric")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        if "otp_code" in self.cleaned_data:
            try:
                second_factor.try_first(account=self.account, code=self.cleaned_data["otp_code"])
            except Refusal as refused:
                self.add_error("otp_code", str(refused.message))
        return self.cleaned_data


class WithPassword(OwnPassword):
    """确认是本人: the password alone."""

    password = password_field(_("密码"), "current-password")

    def clean(self) -> dict[str, Any]:
        self.check_password("password")
        return self.cleaned_data


class WithPasswordAndCode(WithPassword):
    """确认是本人: the password, then a code; a code is looked at only with the right password."""

    otp_code = code_field(_("动态口令"), _("手机上的 6 位数字，或一个恢复码。"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        try:
            second_factor.use(account=self.account, code=self.cleaned_data["otp_code"])
        except Refusal as refused:
            self.add_error("otp_code", str(refused.message))
        return self.cleaned_data


class Profile(forms.Form):
    """个人信息: one's contacts. The name is the administrator's to change: signatures go by it."""

    phone = forms.CharField(
        label=_("电话"),
        max_length=40,
        required=False,
        help_text=_("办公电话或手机，可带分机号。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    wants_digest = forms.BooleanField(
        label=_("每日提要"),
        required=False,
        help_text=_("每个工作日把未读和将到期的事项发到上面的邮箱；没有这样的事项时不发。"),
    )
