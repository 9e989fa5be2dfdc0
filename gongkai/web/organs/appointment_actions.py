"""任职与授权代理的变更: who holds which role for which organ, and who acts in another's place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs import queries, reach, separation, tree
from gongkai.web.organs.actions import Doer, Taken, WrongDay
from gongkai.web.organs.models import Appointment, Delegation, Organ, Period
from gongkai.web.organs.separation import Post
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal

LONGEST = 180  # days that a delegation may last


class LastAdministrator(Refusal):
    """最后一名系统管理员: nobody leaves an organ without anybody who administers it."""


class Suspended(Refusal):
    """账号已停用: it can be given nothing."""


class NotDelegable(Refusal):
    """不能授权: this role, this person, or at this time."""


# -- appointments


@transaction.atomic
def appoint(
    *,
    by: Doer,
    account: Account,
    organ: Organ,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Appointment:
    """任命: a role for an organ from a day on, until another where that is known.

    Raises NotAllowed, reach.ManagedElsewhere, reach.Operator, Suspended, WrongDay, Taken (held
    then), separation.Incompatible.
    """
    by.may_administer(organ)
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    reach.may_take_on(by, account, field="account")
    if not account.is_active:
        raise Suspended(_("账号已停用，请先启用。"), field="account")
    if valid_to is not None and valid_to <= valid_from:
        raise WrongDay(_("截止日应不早于起始日。"), field="valid_to")
    if not queries.is_valid(organ, valid_from):
        raise WrongDay(
            _("%(name)s 在 %(day)s 尚未设立或已经撤销。")
            % {"name": organ.name, "day": valid_from.isoformat()},
            field="valid_from",
        )
    held = account.appointments.filter(organ=organ, role=role)
    if held.filter(_overlapping(valid_from, valid_to)).exists():
        raise Taken(_("这段时间已经担任这一角色。"), field="role")
    post = Post(Role(role), organ.path)
    separation.may_hold(post, posts_of(account, valid_from, valid_to))
    made = Appointment.objects.create(
        account=account, organ=organ, role=role, valid_from=valid_from, valid_to=valid_to
    )
    _event("role.given", made, by, new=_period(made))
    return made


@transaction.atomic
def end_appointment(*, by: Doer, appointment: Appointment, on: date) -> None:
    """免职: from a day on. One that ends on the day it begins never was, and goes.

    Delegations of it end with it. Raises NotAllowed, WrongDay, LastAdministrator.
    """
    rows = Appointment.objects.select_for_update(of=("self",))
    found = rows.select_related("organ", "account").get(pk=appointment.pk)
    by.may_administer(found.organ)
    _check_not_last(by, found)
    if on < found.valid_from:
        raise WrongDay(
            _("不能早于任职起始日 %(day)s。") % {"day": found.valid_from.isoformat()}, field="on"
        )
    if found.valid_to is not None and found.valid_to <= timezone.localdate(by.at):
        raise WrongDay(_("这一任职已经结束。"))
    ends = min(on, found.valid_to) if found.valid_to else on
    old = _period(found)
    if ends == found.valid_from:
        _never_began(found)
    else:
        _cut_delegations(found, ends)
        found.valid_to = ends
        found.save(update_fields=["valid_to"])
    _event("role.ended", found, by, old=old, new={"on": ends.isoformat()})


def _never_began(found: Appointment) -> None:
    try:
        key = found.pk
        found.delete()
        found.pk = key
    except ProtectedError:
        raise WrongDay(_("当天已有代理人据此签批，请自次日起免职。"), field="on") from None


def _cut_delegations(found: Appointment, on: date) -> None:
    """None lasts longer than the appointment; one that had not begun never does."""
    found.delegations.filter(valid_from__lt=on, valid_to__gt=on).update(valid_to=on)
    found.delegations.filter(valid_from__gte=on).delete()


def _check_not_last(by: Doer, found: Appointment) -> None:
    """Refuses that an administrator leaves the organ to nobody; two at once wait for each other."""
    if found.role != Role.ADMINISTRATOR or found.account_id != by.by.pk:
        return
    chain = tree.ancestors(found.organ.path)
    list(Organ.objects.select_for_update(no_key=True).filter(path__in=chain).order_by("path"))
    others = Appointment.objects.filter(
        queries.valid_on(timezone.localdate(by.at)),
        organ__path__in=chain,
        role=Role.ADMINISTRATOR.value,
        account__is_active=True,
    ).exclude(account=found.account_id)
    if not others.exists():
        raise LastAdministrator(
            _("您是 %(name)s 及其上级唯一的系统管理员；请先任命另一名系统管理员。")
            % {"name": found.organ.name}
        )


# -- delegations


@transaction.atomic
def delegate(
    *,
    by: Doer,
    appointment: Appointment,
    delegate: Account,
    valid_from: date,
    valid_to: date,
    reason: str,
) -> Delegation:
    """授权代理: the delegate acts in the appointment on valid_from <= day < valid_to.

    By its holder, or by an administrator of the organ. Raises NotAllowed, NotDelegable, WrongDay,
    Suspended, reach.ManagedElsewhere, reach.Operator, separation.Incompatible.
    """
    found = Appointment.objects.select_related("organ", "account").get(pk=appointment.pk)
    # In the order of their keys, so that two who delegate to each other do not wait for ever.
    keys = sorted({found.account_id, delegate.pk})
    rows = Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    locked = {one.pk: one for one in rows}
    delegate = locked[delegate.pk]
    may_dispose(by, found)
    _check_delegable(by, found, delegate)
    _check_days(by, found, valid_from, valid_to)
    open_ones = found.delegations.filter(revoked_at__isnull=True)
    if open_ones.filter(_overlapping(valid_from, valid_to)).exists():
        raise NotDelegable(_("这段时间已授权他人代理；请先收回，或另选日期。"), field="valid_from")
    post = Post(Role(found.role), found.organ.path)
    try:
        separation.may_hold(post, posts_of(delegate, valid_from, valid_to))
    except separation.Incompatible as refused:
        raise separation.Incompatible(refused.message, field="delegate") from None
    made = Delegation.objects.create(
        appointment=found,
        delegate=delegate,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        given_by=by.by,
        given_at=by.at,
    )
    new = {"delegate": delegate.name, "reason": reason, **_period(made)}
    _event("delegation.given", found, by, new=new)
    return made


@transaction.atomic
def revoke_delegation(*, by: Doer, delegation: Delegation) -> Delegation:
    """收回代理: at once; by the holder or an administrator. What was done under it stands.

    Raises NotAllowed, NotDelegable (over already).
    """
    rows = Delegation.objects.select_for_update(of=("self",))
    found = rows.select_related("appointment__organ", "appointment__account", "delegate").get(
        pk=delegation.pk
    )
    may_dispose(by, found.appointment)
    today = timezone.localdate(by.at)
    if found.revoked_at is not None or (found.valid_to is not None and found.valid_to <= today):
        raise NotDelegable(_("这项代理已经结束。"))
    found.revoked_at = by.at
    found.save(update_fields=["revoked_at"])
    _event("delegation.revoked", found.appointment, by, new={"delegate": found.delegate.name})
    return found


def may_dispose(by: Doer, appointment: Appointment) -> None:
    """Raises NotAllowed unless the doer holds the appointment or administers its organ."""
    if appointment.account_id != by.by.pk:
        by.may_administer(appointment.organ)


def _check_delegable(by: Doer, found: Appointment, delegate: Account) -> None:
    if found.role in separation.UNDELEGABLE:
        raise NotDelegable(_("系统管理员和审计员的职责不能由他人代理。"))
    if delegate.pk == found.account_id:
        raise NotDelegable(_("不能授权给任职者本人。"), field="delegate")
    if not delegate.is_active:
        raise Suspended(_("代理人的账号已停用。"), field="delegate")
    if found.account_id != by.by.pk or delegate.is_superuser:
        reach.may_take_on(by, delegate, field="delegate")
    elif not _serves_same_government(delegate, found.organ, by):
        raise NotDelegable(
            _("本人只能授权给同一政府系统内现有任职的人；其他情形请系统管理员办理。"),
            field="delegate",
        )


def _serves_same_government(account: Account, organ: Organ, by: Doer) -> bool:
    root = organ.path[: tree.STEP]
    today = queries.valid_on(timezone.localdate(by.at))
    return account.appointments.filter(today, organ__path__startswith=root).exists()


def _check_days(by: Doer, found: Appointment, valid_from: date, valid_to: date) -> None:
    if valid_to <= valid_from:
        raise WrongDay(_("最后一天不能早于起始日。"), field="valid_to")
    if valid_from < timezone.localdate(by.at):
        raise WrongDay(_("代理不能从过去的日期开始。"), field="valid_from")
    if (valid_to - valid_from).days > LONGEST:
        raise WrongDay(
            _("代理最长 %(days)d 天；更长的请另行任命。") % {"days": LONGEST}, field="valid_to"
        )
    if valid_from < found.valid_from:
        raise WrongDay(_("这一天任职尚未开始。"), field="valid_from")
    if found.valid_to is not None and valid_to > found.valid_to:
        last = found.valid_to - timedelta(days=1)
        raise WrongDay(
            _("任职到 %(day)s 为止，代理不能更晚。") % {"day": last.isoformat()}, field="valid_to"
        )


# -- shared


def posts_of(account: Account, valid_from: date, valid_to: date | None) -> list[Post]:
    """Every post an account holds, own or by delegation, at some time of a period."""
    then = _overlapping(valid_from, valid_to)
    own = account.appointments.filter(then).values_list("role", "organ__path")
    lent = account.delegations.filter(then, revoked_at__isnull=True).values_list(
        "appointment__role", "appointment__organ__path"
    )
    return [Post(Role(role), path) for role, path in [*own, *lent]]


def _overlapping(valid_from: date, valid_to: date | None) -> Q:
    """The condition that a row's period shares a day with another."""
    shares = Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
    return shares if valid_to is None else shares & Q(valid_from__lt=valid_to)


def _period(row: Period) -> dict[str, Any]:
    said = {"from": row.valid_from.isoformat()}
    if row.valid_to is not None:
        said["to"] = (row.valid_to - timedelta(days=1)).isoformat()  # the last day, as pages say it
    return said


def _event(
    kind: str,
    appointment: Appointment,
    by: Doer,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    account = appointment.account
    by.tell(
        kind,
        appointment.organ,
        f"person/{account.pk}",
        old=old,
        new={"name": account.name, "role": appointment.role, **(new or {})},
    )
