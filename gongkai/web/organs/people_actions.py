"""人员的变更: accounts of the people of an organ: made, changed, suspended, their passwords reset.

Whoever resets a password could use the account, so an administrator manages only accounts all of
whose powers lie within the administrator's own reach: every appointment of today or later and every
delegation received. A person with a post elsewhere is managed by a common superior, or the post
alone is ended. Shutting out gives no power: every administrator of an organ that the person serves
today suspends a stolen account, ends its sessions and its lock-outs. What accounts are made of is
`accounts.actions`; posts are `appointment_actions`; whose powers lie where is `reach`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts import actions as accounts
from gongkai.web.accounts import passwords
from gongkai.web.accounts.models import Account
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import appointment_actions, people_queries, reach, tree
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
from gongkai.web.shell import masking
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

# Of these the administrator of any organ that the person serves today is capable.
_SHUTTING_OUT = ("person.suspended", "person.sessions_ended", "person.unlocked")
UNDO_WITHIN = timedelta(minutes=10)


class BeyondReach(Refusal):
    """超出管理范围: the account has powers that the administrator does not govern."""


class OwnAccount(Refusal):
    """自己的账号: nobody shuts out or resets themselves here."""


class NothingToUndo(Refusal):
    """无可撤销: too late, or done by somebody else."""


@dataclass(frozen=True, slots=True)
class Issued:
    """一次性密码: an account with the password of its first sign-in, told once and kept nowhere."""

    account: Account
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sorted:
    """批量操作的对象: whom an act concerns, and who is left out, each with the reason."""

    done: list[Account]
    left_out: list[tuple[Account, Refusal]]


def address(account: Account) -> str:
    """The person's address in events."""
    return f"person/{account.pk}"


# -- making and changing


@transaction.atomic
def add_person(
    *,
    by: Doer,
    username: str,
    name: str,
    organ: Organ,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
    phone: str = "",
    email: str = "",
) -> Issued:
    """建立账号: with a first appointment and a one-time password.

    Raises NotAllowed, accounts.NameTaken, accounts.WrongName, and what `appoint` raises.
    """
    by.may_administer(organ)
    password = passwords.one_time()
    account = accounts.make_account(
        username=username,
        name=name,
        password=password,
        phone=phone,
        email=email,
        by=by.by,
        at=by.at,
    )
    new = {"name": name, "username": username, **_contacts(phone, email)}
    _event("person.added", account, organ, by, new=new)
    appointment_actions.appoint(
        by=by, account=account, organ=organ, role=role, valid_from=valid_from, valid_to=valid_to
    )
    return Issued(account, password)


@transaction.atomic
def change_person(
    *, by: Doer, account: Account, version: str, name: str, phone: str, email: str
) -> Account:
    """修改账号: name and contacts. The event tells that contacts changed, not what they are.

    Raises NotAllowed, BeyondReach, Stale.
    """
    account = _locked(account)
    organ = _manageable(by, account)
    if people_queries.version_of(account) != version:
        raise Stale
    wanted = {"name": name, "phone": phone, "email": email}
    changed = [key for key, value in wanted.items() if getattr(account, key) != value]
    if not changed:
        return account
    old = masking.values({key: getattr(account, key) for key in changed if key != "name"})
    if "name" in changed:
        old["name_before"] = account.name
    accounts.change_profile(
        account=account, name=name, phone=phone, email=email, by=by.by, at=by.at
    )
    new = masking.values({key: wanted[key] for key in changed}) | {"name": name}
    _event("person.changed", account, organ, by, old=old, new=new)
    return account


# -- the way in


@transaction.atomic
def reset_password(*, by: Doer, account: Account) -> Issued:
    """重置密码: a one-time password; sessions and lock-outs end.

    Raises NotAllowed, BeyondReach, OwnAccount.
    """
    account = _locked(account)
    organ = _manageable(by, account, but_own=True)
    password = passwords.one_time()
    accounts.set_password(account=account, password=password, by=by.by, at=by.at)
    _event("person.password_reset", account, organ, by)
    return Issued(account, password)


@transaction.atomic
def reset_second_factor(*, by: Doer, account: Account) -> Account:
    """清除动态口令: for whoever lost the telephone. Raises NotAllowed, BeyondReach, OwnAccount."""
    account = _locked(account)
    organ = _manageable(by, account, but_own=True)
    accounts.reset_second_factor(account=account, by=by.by, at=by.at)
    _event("person.second_factor_reset", account, organ, by)
    return account


@transaction.atomic
def unlock(*, by: Doer, account: Account) -> Account:
    """解除锁定: after too many wrong passwords. Raises NotAllowed, BeyondReach, OwnAccount."""
    account = _locked(account)
    organ = _manageable(by, account, "person.unlocked", but_own=True)
    accounts.unlock(account=account, by=by.by, at=by.at)
    _event("person.unlocked", account, organ, by)
    return account


@transaction.atomic
def end_sessions(*, by: Doer, account: Account) -> Account:
    """结束会话: every one of the account; the password and the second factor stay.

    Raises NotAllowed, BeyondReach, OwnAccount.
    """
    account = _locked(account)
    organ = _manageable(by, account, "person.sessions_ended", but_own=True)
    accounts.end_other_sessions(account=account, keep=None, by=by.by, at=by.at)
    _event("person.sessions_ended", account, organ, by)
    return account


@transaction.atomic
def unmask(*, by: Doer, account: Account, purpose: str) -> Account:
    """查看联系方式: for a purpose that the event keeps. Raises NotAllowed, BeyondReach."""
    organ = _manageable(by, account)
    _event("person.unmasked", account, organ, by, new={"purpose": purpose.strip()})
    return account


# -- one or many


@transaction.atomic
def suspend(*, by: Doer, people: Iterable[Account]) -> Sorted:
    """停用: nobody signs in with these accounts any more; all their sessions end at once."""
    return _each(by, people, "person.suspended", accounts.suspend, lambda one: one.is_active)


@transaction.atomic
def restore(*, by: Doer, people: Iterable[Account]) -> Sorted:
    """启用: these accounts sign in again, with the passwords they had.

    By who manages them, and by who could suspend them where that organ did it last.
    """
    return _each(by, people, "person.restored", accounts.restore, lambda one: not one.is_active)


@transaction.atomic
def require_new_password(*, by: Doer, people: Iterable[Account]) -> Sorted:
    """要求改密: these accounts change their passwords before anything else."""
    return _each(
        by, people, "person.password_due", _due(True), lambda one: not one.must_change_password
    )


@transaction.atomic
def undo(*, by: Doer, request_id: str) -> Sorted:
    """撤销: turns back what the person did to accounts in one request, a few minutes ago.

    Raises NothingToUndo.
    """
    opposite = {
        "person.suspended": restore,
        "person.restored": suspend,
        "person.password_due": _no_longer_due,
    }
    found = (
        ledger.events()
        .filter(
            by=by.by,
            at__gte=by.at - UNDO_WITHIN,
            request_id=request_id,
            kind__in=list(opposite),
        )
        .order_by("pk")
    )
    subjects = {event.subject: event.kind for event in found} if request_id else {}
    if not subjects:
        raise NothingToUndo(_("已超过 10 分钟，或没有可以撤销的操作；请在人员页面逐个办理。"))
    people = Account.objects.filter(pk__in=[int(s.rpartition("/")[2]) for s in subjects])
    done: list[Account] = []
    left_out: list[tuple[Account, Refusal]] = []
    for kind, act in opposite.items():
        meant = [one for one in people if subjects[address(one)] == kind]
        if meant:
            result = act(by=by, people=meant)
            done += result.done
            left_out += result.left_out
    return Sorted(done, left_out)


def _no_longer_due(*, by: Doer, people: Iterable[Account]) -> Sorted:
    return _each(
        by,
        people,
        "person.password_not_due",
        _due(False),
        lambda one: one.must_change_password,
    )


def _due(is_due: bool) -> Callable[..., None]:
    def act(*, account: Account, by: Account, at: object) -> None:
        account.must_change_password = is_due
        account.save(update_fields=["must_change_password"])

    return act


def _each(
    by: Doer,
    people: Iterable[Account],
    kind: str,
    act: Callable[..., Any],
    concerns: Callable[[Account], bool],
) -> Sorted:
    """Acts on those it concerns and who may be managed; the others are named with the reason."""
    keys = [one.pk for one in people]
    found = list(Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    sorted_out = sort_out(by, found, kind)
    done = [one for one in sorted_out.done if concerns(one)]
    organs = people_queries.organs_of(done, reach.top_of(by), timezone.localdate(by.at))
    for one in done:
        act(account=one, by=by.by, at=by.at)
        _event(kind, one, organs.get(one.pk), by)
    return Sorted(done, sorted_out.left_out)


# -- who may manage whom


def sort_out(by: Doer, people: Collection[Account], kind: str = "") -> Sorted:
    """Who may be managed and who not, oneself not; few queries however many there are.

    For a ``kind`` of event that gives no power, who serves here today may be reached too.
    """
    by.may_administer(reach.top_of(by))
    top, today = reach.top_of(by), timezone.localdate(by.at)
    known = set(people_queries.organs_of(people, top, today))
    keys = [one.pk for one in people]
    beyond = reach.powers_outside(keys, by)
    if kind in _SHUTTING_OUT:
        beyond -= reach.serving_here(keys, by)
    elif kind == "person.restored":
        beyond -= reach.serving_here(keys, by) & _suspended_here(keys, by)
    done: list[Account] = []
    left_out: list[tuple[Account, Refusal]] = []
    for one in people:
        reason = _why_not(by, one, known, beyond)
        if reason is None:
            done.append(one)
        else:
            left_out.append((one, reason))
    return Sorted(done, left_out)


def _suspended_here(accounts: Collection[int], by: Doer) -> set[int]:
    """The accounts whose last suspension was done in the doer's subtree."""
    subjects = {f"person/{key}": key for key in accounts}
    found = ledger.events().filter(kind="person.suspended", subject__in=subjects)
    last = {one.subject: one for one in found.select_related("organ").order_by("pk")}
    top = reach.top_of(by)
    return {
        subjects[subject]
        for subject, one in last.items()
        if top is None or (one.organ is not None and tree.within(one.organ.path, top.path))
    }


def why_not(by: Doer, account: Account, kind: str = "") -> Refusal | None:
    """Why the account cannot be managed by the doer, as `sort_out` tells; None where it can."""
    left_out = sort_out(by, [account], kind).left_out
    return left_out[0][1] if left_out else None


def _why_not(by: Doer, one: Account, known: set[int], beyond: set[int]) -> Refusal | None:
    if one.pk == by.by.pk:
        return OwnAccount(_("这是您自己的账号；密码和动态口令在“我的账号”里办理。"))
    if by.by.is_superuser and by.capacity is None:
        return None
    if one.is_superuser:
        return BeyondReach(_("这是运维账号，不由机关的系统管理员管理。"))
    if one.pk not in known:
        return NotAllowed()
    if one.pk in beyond:
        return BeyondReach(
            _(
                "此人在您管理范围以外还有任职或代理，账号由共同的上级机关管理；您可以免去本机关的任职，其现在本机关任职的，可以停用账号、结束会话、解除锁定。"
            )
        )
    return None


def _manageable(
    by: Doer, account: Account, kind: str = "", *, but_own: bool = False
) -> Organ | None:
    """The organ the event belongs to; raises the reason where the doer may not manage the account.

    One's own name and contacts one may change; one's own password only among one's own pages.
    """
    reason = why_not(by, account, kind)
    if reason is not None and (but_own or not isinstance(reason, OwnAccount)):
        raise reason
    return _organ_of(by, account)


def _organ_of(by: Doer, account: Account) -> Organ | None:
    by.may_administer(reach.top_of(by))
    found = people_queries.organs_of([account], reach.top_of(by), timezone.localdate(by.at))
    return found.get(account.pk)


def _locked(account: Account) -> Account:
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def _contacts(phone: str, email: str) -> dict[str, Any]:
    return masking.values({k: v for k, v in {"phone": phone, "email": email}.items() if v})


def _event(
    kind: str,
    account: Account,
    organ: Organ | None,
    by: Doer,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    by.tell(
        kind,
        organ,
        address(account),
        old=old,
        new={"name": account.name, **(new or {})},
    )
