"""账号的变更: accounts made, changed, suspended and restored; passwords; the end of sessions.

These are the acts on accounts alone: who may do them for whom, and the event that tells of it,
belong to `organs`, whose actions call these. What a person does with the own account is told here
(see `AccountEvent`), with the address it was done from.
"""

from __future__ import annotations

import logging
from datetime import datetime

from axes.utils import reset as reset_attempts
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts import events, passwords, second_factor
from gongkai.web.accounts.models import Account, AccountEvent, Session
from gongkai.web.accounts.sessions import reference
from gongkai.web.shell.refusals import Refusal

log = logging.getLogger("gongkai.accounts")


class NameTaken(Refusal):
    """登录名重复: another account has this name."""


class WrongName(Refusal):
    """登录名有误: characters that a name cannot have."""


class WeakPassword(Refusal):
    """密码不合规则: says which rule."""


class UsedBefore(Refusal):
    """密码用过: one of the last few."""


class NoSuchSession(Refusal):
    """会话不存在: it has ended already."""


# -- accounts


@transaction.atomic
def make_account(
    *,
    username: str,
    name: str,
    password: str,
    by: Account | None,
    at: datetime,
    phone: str = "",
    email: str = "",
) -> Account:
    """建立账号: its password is for the first sign-in only.

    Raises NameTaken, WrongName, WeakPassword.
    """
    account = Account(
        username=username,
        name=name,
        phone=phone,
        email=email,
        must_change_password=True,
        password_changed_at=at,
        created_at=at,
    )
    if Account.objects.filter(username=username).exists():
        raise NameTaken(_("登录名 %(name)s 已被使用。") % {"name": username}, field="username")
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as wrong:
        field = next(iter(wrong.error_dict))
        raise WrongName(" ".join(wrong.message_dict[field]), field=field) from None
    _check(password, account, field="password")
    account.set_password(password)
    account.save(force_insert=True)
    passwords.remember(account, at)
    log.info("account %s made by %s", account.pk, _who(by))
    return account


@transaction.atomic
def change_profile(
    *, account: Account, name: str, phone: str, email: str, by: Account, at: datetime
) -> Account:
    """修改个人信息: name, telephone, e-mail, by who administers the account."""
    account.name, account.phone, account.email = name, phone, email
    account.save(update_fields=["name", "phone", "email"])
    log.info("account %s changed by %s", account.pk, by.pk)
    return account


@transaction.atomic
def change_contacts(
    *,
    account: Account,
    phone: str,
    email: str,
    at: datetime,
    address: str | None,
    wants_digest: bool | None = None,
) -> Account:
    """修改本人联系方式: one's own, and whether a daily digest is sent there, where that is said.

    One's name is not one's own to change: signatures and events go by it.
    """
    found = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if wants_digest is not None and found.wants_digest != wants_digest:
        found.wants_digest = wants_digest
        found.save(update_fields=["wants_digest"])
    if (found.phone, found.email) == (phone, email):
        return found
    found.phone, found.email = phone, email
    found.save(update_fields=["phone", "email"])
    events.record(AccountEvent.Kind.CONTACTS_CHANGED, account=found, at=at, address=address)
    return found


@transaction.atomic
def suspend(*, account: Account, by: Account, at: datetime) -> None:
    """停用: nobody signs in with it, and every session ends at once."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    Session.objects.filter(account=account).delete()
    log.info("account %s suspended by %s", account.pk, by.pk)


@transaction.atomic
def restore(*, account: Account, by: Account, at: datetime) -> None:
    """启用: a suspended account may sign in again, with the password it had."""
    account.is_active = True
    account.save(update_fields=["is_active"])
    reset_attempts(username=account.username)
    log.info("account %s restored by %s", account.pk, by.pk)


# -- passwords


@transaction.atomic
def set_password(*, account: Account, password: str, by: Account, at: datetime) -> None:
    """重置密码: a one-time password (`passwords.one_time`), to be changed at the next sign-in.

    Ends all sessions and every lock-out of the name. Raises WeakPassword.
    """
    _check(password, account, field="password")
    _set(account, password, at, must_change=True)
    Session.objects.filter(account=account).delete()
    reset_attempts(username=account.username)
    log.info("password of account %s set by %s", account.pk, by.pk)


@transaction.atomic
def change_password(*, account: Account, password: str, at: datetime, address: str | None) -> None:
    """修改密码: one's own; the view has made sure of the old one and keeps its own session.

    Raises WeakPassword, UsedBefore.
    """
    _check(password, account, field="new_password")
    if passwords.used_lately(account, password):
        raise UsedBefore(
            _("最近 %(n)d 次用过这个密码，请换一个。") % {"n": passwords.REMEMBERED},
            field="new_password",
        )
    _set(account, password, at, must_change=False)
    events.record(AccountEvent.Kind.PASSWORD_CHANGED, account=account, at=at, address=address)
    log.info("password of account %s changed by itself", account.pk)


def unlock(*, account: Account, by: Account, at: datetime) -> None:
    """解除锁定: lets a name locked out after wrong passwords or codes try again at once."""
    reset_attempts(username=account.username)
    second_factor.unlock(account)
    log.info("lock-out of account %s ended by %s", account.pk, by.pk)


def _check(password: str, account: Account, *, field: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as wrong:
        raise WeakPassword(" ".join(wrong.messages), field=field) from None


def _set(account: Account, password: str, at: datetime, *, must_change: bool) -> None:
    account.set_password(password)
    account.must_change_password = must_change
    account.password_changed_at = at
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    passwords.remember(account, at)


# -- the second factor


@transaction.atomic
def turn_on_second_factor(*, account: Account, at: datetime, address: str | None) -> list[str]:
    """启用动态口令: the device that was set up counts. Returns the recovery codes."""
    codes = second_factor.confirm(account=account)
    events.record(AccountEvent.Kind.SECOND_FACTOR_ON, account=account, at=at, address=address)
    return codes


@transaction.atomic
def turn_off_second_factor(*, account: Account, at: datetime, address: str | None) -> None:
    """停用动态口令: one's own, where it is not required."""
    second_factor.clear(account)
    events.record(AccountEvent.Kind.SECOND_FACTOR_OFF, account=account, at=at, address=address)


@transaction.atomic
def renew_recovery_codes(*, account: Account, at: datetime, address: str | None) -> list[str]:
    """重新生成恢复码: the former ones end."""
    codes = second_factor.new_codes(account=account)
    events.record(AccountEvent.Kind.RECOVERY_CODES, account=account, at=at, address=address)
    return codes


@transaction.atomic
def reset_second_factor(*, account: Account, by: Account, at: datetime) -> None:
    """清除动态口令: for whoever lost the telephone and the recovery codes. Ends all sessions."""
    second_factor.clear(account)
    Session.objects.filter(account=account).delete()
    log.info("second factor of account %s reset by %s", account.pk, by.pk)


# -- sessions


@transaction.atomic
def signed_in(*, account: Account, at: datetime, address: str | None) -> None:
    """登录: where from, told at the next sign-in; the time is Django's."""
    account.last_address = address
    account.save(update_fields=["last_address"])
    events.record(AccountEvent.Kind.SIGNED_IN, account=account, at=at, address=address)


@transaction.atomic
def failed(
    kind: AccountEvent.Kind, *, account: Account, at: datetime, address: str | None, locked: bool
) -> None:
    """登录失败: of a known account; ``locked`` where that was one too many."""
    events.record(kind, account=account, at=at, address=address)
    if locked:
        events.record(AccountEvent.Kind.LOCKED_OUT, account=account, at=at, address=address)


def end_session(*, account: Account, named: str, by: Account, at: datetime) -> None:
    """结束会话: one of the account's own, by its `reference`. Raises NoSuchSession."""
    for session in Session.objects.filter(account=account):
        if reference(session) == named:
            session.delete()
            return
    raise NoSuchSession(_("这个会话已经结束。"))


@transaction.atomic
def end_other_sessions(
    *,
    account: Account,
    keep: str | None,
    by: Account,
    at: datetime,
    address: str | None = None,
) -> int:
    """结束其他会话: all but the one with the key ``keep``; says how many."""
    ended, _of = Session.objects.filter(account=account).exclude(session_key=keep).delete()
    if ended and by.pk == account.pk:
        events.record(AccountEvent.Kind.SESSIONS_ENDED, account=account, at=at, address=address)
    return ended


def _who(by: Account | None) -> str:
    return str(by.pk) if by is not None else "-"
