"""管理范围: whose powers lie where, and so who may give somebody a post or shut somebody out.

A post somewhere else takes an account out of the hands of its administrator (see
`people_actions`). So nobody gives one to another government's person: who manages the person does,
or a common superior of both.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs import queries, tree
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Appointment, Delegation, Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal


class ManagedElsewhere(Refusal):
    """由另一机关管理: the person's posts all lie outside what the administrator governs."""

    def __init__(self, field: str) -> None:
        super().__init__(
            _(
                "此人由另一机关的系统管理员管理；请由共同的上级机关办理，"
                "或请其系统管理员先免去其现有任职。"
            ),
            field=field,
        )


class Operator(Refusal):
    """运维账号: it runs the installation and holds no post of an organ."""

    def __init__(self, field: str) -> None:
        super().__init__(_("运维账号不担任机关的角色；请另建个人账号。"), field=field)


def top_of(by: Doer) -> Organ | None:
    """The organ whose subtree the doer administers, None for the operator: everything."""
    return by.capacity.organ if by.capacity and by.capacity.role is Role.ADMINISTRATOR else None


def may_take_on(by: Doer, account: Account, *, field: str) -> None:
    """Raises where the doer, an administrator, may give the account no post and no delegation.

    Allowed are people with a post in the doer's own subtree, of today or ended, and people all of
    whose powers of today and later lie in it: a fresh account has none. The operator may always.
    """
    if account.is_superuser:
        raise Operator(field)
    top = top_of(by)
    if top is None or held_here([account.pk], by):
        return
    if powers_outside([account.pk], by):
        raise ManagedElsewhere(field)


def held_here(accounts: Collection[int], by: Doer) -> set[int]:
    """The accounts with a post in the doer's subtree that has begun, also one that ended."""
    return set(_here(accounts, by).values_list("account_id", flat=True))


def serving_here(accounts: Collection[int], by: Doer) -> set[int]:
    """The accounts with a post in the doer's subtree today."""
    today = queries.valid_on(timezone.localdate(by.at))
    return set(_here(accounts, by).filter(today).values_list("account_id", flat=True))


def powers_outside(accounts: Collection[int], by: Doer) -> set[int]:
    """The accounts that hold, today or later, an office outside the doer's subtree, own or lent."""
    top = top_of(by)
    if top is None:
        return set()
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=timezone.localdate(by.at))
    low, high = top.path, tree.end(top.path)
    own = Appointment.objects.filter(lasting, account__in=accounts)
    lent = Delegation.objects.filter(lasting, delegate__in=accounts, revoked_at__isnull=True)
    own = own.exclude(organ__path__gte=low, organ__path__lt=high)
    lent = lent.exclude(appointment__organ__path__gte=low, appointment__organ__path__lt=high)
    return set(own.values_list("account_id", flat=True)) | set(
        lent.values_list("delegate_id", flat=True)
    )


def _here(accounts: Collection[int], by: Doer) -> QuerySet[Appointment]:
    top = top_of(by)
    rows = Appointment.objects.filter(
        account__in=accounts, valid_from__lte=timezone.localdate(by.at)
    )
    if top is None:
        return rows
    return rows.filter(organ__path__gte=top.path, organ__path__lt=tree.end(top.path))
