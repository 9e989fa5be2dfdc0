"""账号的数据: accounts, sessions, past passwords, events. Devices for codes are django-otp's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Accounts(BaseUserManager["Account"]):
    """Makes accounts; the names are Django's, for its own commands."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(
        self, username: str, password: str | None = None, **fields: Any
    ) -> Account:
        fields["is_superuser"] = True
        return self.create_user(username, password, **{"name": username, **fields})


class Account(AbstractBaseUser, PermissionsMixin):
    """账号: one person's way in. What the person may do is told by appointments (see organs)."""

    username = models.CharField(
        _("登录名"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[\w.@-]+\Z", _("登录名只能用文字、数字和 . @ - _。"))],
    )
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    wants_digest = models.BooleanField(_("每日提要"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码更改时间"), default=timezone.now)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    # Of the last sign-in, told at the next one; its time is Django's last_login.
    last_address = models.GenericIPAddressField(_("上次登录地址"), null=True, blank=True)

    objects = Accounts()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账号")
        indexes = [
            models.Index(fields=["name", "id"], name="account_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class OldPassword(models.Model):
    """用过的密码: hashes of the last few passwords, the present one among them; none may return."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="old_passwords")
    encoded = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-set_at", "-id"]


class Session(AbstractBaseSession):
    """登录会话: where and since when an account is signed in; the account sees and ends them."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from gongkai.web.accounts.sessions import SessionStore

        return SessionStore


class AccountEvent(models.Model):
    """账号事件: what somebody did with an own account, and who failed to sign in. Only ever added.

    What administrators do with accounts are events of an organ (see `ledger.events`).
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("登录")
        WRONG_PASSWORD = "wrong_password", _("密码不对")
        WRONG_CODE = "wrong_code", _("动态口令不对")
        LOCKED_OUT = "locked_out", _("多次不对，暂停登录")
        SESSIONS_ENDED = "sessions_ended", _("结束其他全部会话")
        CONTACTS_CHANGED = "contacts_changed", _("修改本人联系方式")
        PASSWORD_CHANGED = "password_changed", _("修改本人密码")
        SECOND_FACTOR_ON = "second_factor_on", _("启用动态口令")
        SECOND_FACTOR_OFF = "second_factor_off", _("停用动态口令")
        RECOVERY_CODES = "recovery_codes", _("重新生成恢复码")

    account = models.ForeignKey(Account, models.PROTECT, related_name="own_events")
    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("种类"), max_length=20, choices=Kind.choices)
    address = models.GenericIPAddressField(_("网络地址"), null=True)
    request_id = models.CharField(_("请求编号"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("账号事件")
        indexes = [
            models.Index(fields=["-at", "-id"], name="account_event_newest"),
            models.Index(fields=["account", "-at", "-id"], name="account_event_of_account"),
        ]
