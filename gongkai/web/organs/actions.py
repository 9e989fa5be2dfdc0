"""机关的变更: founding, changing, renaming, moving organs; the rest is in `succession_actions`.

Each is one change: checked, written and recorded in one transaction. History is kept in periods;
the columns of today on Organ (name, parent, path) follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import codes, queries, separation, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import (
    Appointment,
    Organ,
    OrganName,
    Placement,
    Reconsideration,
)
from gongkai.web.organs.separation import Post
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale


class NotAllowed(Refusal):
    """无权办理: the person may not do this for this organ."""

    def __init__(self) -> None:
        super().__init__(_("您当前的身份不能办理这一事项；请切换身份或联系系统管理员。"))


class Taken(Refusal):
    """重复: another organ has this code."""


class WrongCode(Refusal):
    """代码有误: a code whose check digit or shape is wrong."""


class WrongDay(Refusal):
    """日期有误: a day before the period it ends, or outside the organ's life."""


class NotEmpty(Refusal):
    """仍有下级或任职: an organ that cannot end yet."""


@dataclass(frozen=True, slots=True)
class Doer:
    """办理人: who does it, when, in which capacity."""

    by: Account
    at: datetime
    capacity: Capacity | None = None

    @property
    def acting_as(self) -> str:
        return self.capacity.role.value if self.capacity else ""

    @property
    def acting_for(self) -> str:
        return self.capacity.acting_for if self.capacity else ""

    @property
    def act(self) -> events.Act:
        """What every event of this act says alike."""
        return events.Act(self.by, self.at, self.acting_as, self.acting_for)

    def tell(
        self,
        kind: str,
        organ: Organ | None,
        subject: str,
        *,
        old: Mapping[str, Any] | None = None,
        new: Mapping[str, Any] | None = None,
    ) -> Event:
        """Records one event of what the person does."""
        what = events.What(kind, organ.pk if organ else None, subject, old or {}, new or {})
        return events.record_many(self.act, [what])[0]

    def may_administer(self, organ: Organ | None) -> None:
        """Raises NotAllowed unless the person administers the organ's subtree now."""
        if self.by.is_superuser and self.capacity is None:
            return
        held = self.capacity
        if held is None or held.role is not Role.ADMINISTRATOR or organ is None:
            raise NotAllowed
        if not tree.within(organ.path, held.organ.path):
            raise NotAllowed


def address(organ: Organ) -> str:
    """The organ's address in events."""
    return f"organ/{organ.code}"


# -- founding and changing


@transaction.atomic
def found_organ(
    *,
    by: Doer,
    code: str,
    name: str,
    kind: str,
    level: str,
    parent: Organ | None,
    valid_from: date,
    short_name: str = "",
    credit_code: str = "",
    division_code: str = "",
) -> Organ:
    """设立: a new organ as the last child of ``parent``.

    Raises NotAllowed, Taken, WrongCode, WrongDay.
    """
    if parent is not None:
        (parent,) = hold(parent)
    by.may_administer(parent)
    _check_codes(credit_code, division_code)
    if Organ.objects.filter(code=code).exists():
        raise Taken(_("单位编号 %(code)s 已被使用。") % {"code": code}, field="code")
    check_credit_code(credit_code, None)
    if parent is not None and not queries.is_valid(parent, valid_from):
        raise WrongDay(_("设立之日上级机关尚未设立或已撤销。"), field="valid_from")
    try:
        path = tree.next_path(parent)
    except tree.Full:
        raise NotEmpty(_FULL, field="parent") from None
    organ = Organ(
        code=code,
        name=name,
        short_name=short_name,
        kind=kind,
        level=level,
        credit_code=credit_code,
        division_code=division_code,
        parent=parent,
        path=path,
        position=int(path[-tree.STEP :]),
        valid_from=valid_from,
    )
    organ.known_as = queries.known_as(organ, [])
    organ.save()
    OrganName.objects.create(organ=organ, name=name, short_name=short_name, valid_from=valid_from)
    Placement.objects.create(organ=organ, parent=parent, valid_from=valid_from)
    tell("organ.founded", organ, by, new={"name": name, "code": code})
    return organ


@transaction.atomic
def change_organ(
    *,
    by: Doer,
    organ: Organ,
    version: int,
    kind: str,
    level: str,
    credit_code: str,
    division_code: str,
) -> Organ:
    """修改: what an organ is; its name and parent have acts of their own.

    Raises NotAllowed, Stale, Taken, WrongCode.
    """
    organ = _locked(organ, version)
    by.may_administer(organ)
    _check_codes(credit_code, division_code)
    check_credit_code(credit_code, organ)
    wanted = {
        "kind": kind,
        "level": level,
        "credit_code": credit_code,
        "division_code": division_code,
    }
    old = {k: getattr(organ, k) for k in wanted if getattr(organ, k) != wanted[k]}
    if not old:
        return organ
    for field, value in wanted.items():
        setattr(organ, field, value)
    save(organ)
    tell("organ.changed", organ, by, old=old, new={k: wanted[k] for k in old})
    return organ


@transaction.atomic
def rename_organ(
    *, by: Doer, organ: Organ, version: int, name: str, short_name: str, on: date
) -> Organ:
    """更名: from a day on; the old name stays for everything before it.

    Raises NotAllowed, Stale, WrongDay (not after the present name began).
    """
    organ = _locked(organ, version)
    by.may_administer(organ)
    present = organ.names.get(valid_to__isnull=True)
    _check_follows(by, present.valid_from, on, organ)
    OrganName.objects.filter(pk=present.pk).update(valid_to=on)
    OrganName.objects.create(organ=organ, name=name, short_name=short_name, valid_from=on)
    old = {"name_before": organ.name}
    organ.name, organ.short_name = name, short_name
    save(organ)
    tell("organ.renamed", organ, by, old=old, new={"name": name, "on": on.isoformat()})
    return organ


@transaction.atomic
def move_organ(*, by: Doer, organ: Organ, version: int, parent: Organ, on: date) -> Organ:
    """改变隶属: under another parent from a day on, with all below it.

    Raises NotAllowed (both places must be administered), Stale, WrongDay, NotEmpty (a loop, full).
    """
    organ, parent = hold(organ, parent)
    _check_version(organ, version)
    by.may_administer(organ)
    by.may_administer(parent)
    if tree.within(parent.path, organ.path):
        raise NotEmpty(_("不能隶属于自己或自己的下级。"), field="parent")
    present = organ.placements.get(valid_to__isnull=True)
    _check_follows(by, present.valid_from, on, organ)
    if not queries.is_valid(parent, on):
        raise WrongDay(_("这一天新的上级尚未设立或已撤销。"), field="on")
    old = {"parent_before": organ.parent.name if organ.parent else ""}
    Placement.objects.filter(pk=present.pk).update(valid_to=on)
    Placement.objects.create(organ=organ, parent=parent, valid_from=on)
    carry(organ, parent)
    save(organ)
    check_separation(organ, on)
    tell("organ.moved", organ, by, old=old, new={"parent": parent.name, "on": on.isoformat()})
    return organ


_FULL = _("上级机关的下级已满，或者层级已到 16 级，请放在另一机关之下。")


def carry(organ: Organ, parent: Organ) -> None:
    """Gives the organ and all below it their new paths; raises NotEmpty where there is no place."""
    before = organ.path
    below = queries.subtree(organ).exclude(pk=organ.pk)
    deepest = below.aggregate(most=Max(Length("path")))["most"] or len(before)
    try:
        path = tree.next_path(parent, below=(deepest - len(before)) // tree.STEP)
    except tree.Full:
        raise NotEmpty(_FULL, field="parent") from None
    below.update(
        path=Concat(Value(path), Substr("path", len(before) + 1)), version=F("version") + 1
    )
    organ.path, organ.parent = path, parent
    organ.position = int(path[-tree.STEP :])


# -- reconsideration


@transaction.atomic
def set_reconsideration(
    *, by: Doer, organ: Organ, body: Organ | None, body_name: str, on: date
) -> Reconsideration:
    """指定复议机关: from a day on; earlier acts keep the one of their day (行政复议法 24-28).

    Raises NotAllowed, WrongDay.
    """
    organ = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    by.may_administer(organ)
    name = body.name if body else body_name.strip()
    if not name:
        raise WrongCode(_("请选择或填写复议机关。"), field="body_name")
    if not queries.is_valid(organ, on):
        raise WrongDay(_("%(name)s 在这一天尚未设立或已撤销。") % {"name": organ.name}, field="on")
    present = organ.reconsiderations.filter(valid_to__isnull=True).first()
    if present is None and organ.reconsiderations.filter(valid_to__gt=on).exists():
        raise WrongDay(_("%(name)s 在这一天已有复议机关。") % {"name": organ.name}, field="on")
    if present is not None:
        if on <= present.valid_from:
            raise WrongDay(
                _("%(name)s：应晚于现任复议机关的起始日 %(day)s。")
                % {"name": organ.name, "day": present.valid_from},
                field="on",
            )
        Reconsideration.objects.filter(pk=present.pk).update(valid_to=on)
    made = Reconsideration.objects.create(organ=organ, body=body, body_name=name, valid_from=on)
    old = {"body_before": present.body_name} if present else {}
    tell("organ.reconsideration", organ, by, old=old, new={"body": name, "on": on.isoformat()})
    return made


# -- shared


def hold(*organs: Organ) -> list[Organ]:
    """Locks the trees that organs stand in, and reads the organs anew.

    Whoever changes the shape of a tree waits here for whoever does already. Raises Stale where an
    organ has gone to another tree since it was read.
    """
    roots = sorted({tree.ancestors(one.path)[0] for one in organs})
    list(Organ.objects.select_for_update(no_key=True).filter(path__in=roots).order_by("path"))
    found = Organ.objects.select_related("parent").in_bulk([one.pk for one in organs])
    fresh = [found[one.pk] for one in organs]
    if any(tree.ancestors(one.path)[0] not in roots for one in fresh):
        raise Stale
    return fresh


def check_separation(organ: Organ, on: date) -> None:
    """Refuses where somebody with a post in the subtree holds roles that exclude each other.

    Raises separation.Incompatible, naming the person.
    """
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    inside = Appointment.objects.filter(lasting, organ__in=queries.subtree(organ))
    held = (
        Appointment.objects.filter(lasting, account__in=inside.values("account"))
        .select_related("account", "organ")
        .order_by("account", "pk")
    )
    for account, rows in groupby(held, key=lambda a: a.account):
        posts = [Post(Role(a.role), a.organ.path) for a in rows]
        for at, post in enumerate(posts):
            try:
                separation.may_hold(post, posts[:at])
            except separation.Incompatible as refused:
                raise separation.Incompatible(
                    _("%(name)s：%(reason)s") % {"name": account.name, "reason": refused.message}
                ) from None


def _locked(organ: Organ, version: int) -> Organ:
    found = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    _check_version(found, version)
    return found


def _check_version(organ: Organ, version: int) -> None:
    if organ.version != version:
        raise Stale


def save(organ: Organ) -> None:
    organ.version += 1
    organ.known_as = queries.known_as(organ, organ.names.all())
    organ.save()


def _check_codes(credit_code: str, division_code: str) -> None:
    if credit_code and not codes.is_credit_code(credit_code):
        raise WrongCode(
            _("不是有效的统一社会信用代码（18 位，末位为校验码），请核对。"), field="credit_code"
        )
    if division_code and not codes.is_division_code(division_code):
        raise WrongCode(_("行政区划代码应为 6、9 或 12 位数字。"), field="division_code")


def check_credit_code(credit_code: str, organ: Organ | None) -> None:
    if not credit_code:
        return
    others = Organ.objects.filter(credit_code=credit_code, valid_to__isnull=True)
    other = others.first()
    if other is not None and other != organ:
        raise Taken(
            _("该统一社会信用代码已属于 %(name)s。") % {"name": other.name}, field="credit_code"
        )


def check_not_ahead(by: Doer, on: date) -> None:
    """The tree shows today: what takes effect later is entered when it does."""
    if on > timezone.localdate(by.at):
        raise WrongDay(_("生效日不能晚于今天；请在生效当日或之后办理。"), field="on")


def _check_follows(by: Doer, began: date, on: date, organ: Organ) -> None:
    check_not_ahead(by, on)
    if on <= began:
        raise WrongDay(_("应晚于上一次的起始日 %(day)s。") % {"day": began}, field="on")
    if organ.valid_to is not None and on >= organ.valid_to:
        raise WrongDay(_("机关已在 %(day)s 撤销。") % {"day": organ.valid_to}, field="on")


def tell(
    kind: str,
    organ: Organ,
    by: Doer,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    by.tell(
        kind,
        organ,
        address(organ),
        old=old,
        new=new,
    )
