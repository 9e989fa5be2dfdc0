"""机关的变更: founding, changing, renaming, moving, merging, splitting, closing organs.

Each is one change: checked, written and recorded in one transaction. History is kept in periods;
the columns of today on Organ (name, parent, path) follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs import codes, events, queries, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    Organ,
    OrganName,
    Particulars,
    Placement,
    Reconsideration,
    Succession,
)
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal


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


class Stale(Refusal):
    """已被他人修改: what was shown is not what is stored any more."""

    def __init__(self) -> None:
        super().__init__(
            _("您填写期间他人已作修改；您填写的内容仍在下面，请对照最新内容后再保存。")
        )


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
    by.may_administer(parent)
    _check_codes(credit_code, division_code)
    if Organ.objects.filter(code=code).exists():
        raise Taken(_("单位编号 %(code)s 已被使用。") % {"code": code}, field="code")
    _check_credit_code(credit_code, None)
    if parent is not None and not queries.is_valid(parent, valid_from):
        raise WrongDay(_("设立之日上级机关尚未设立或已撤销。"), field="valid_from")
    try:
        path = tree.next_path(parent)
    except tree.Full:
        raise NotEmpty(_("上级机关的下级已满，请放在另一机关之下。"), field="parent") from None
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
    _event("organ.founded", organ, by, new={"name": name, "code": code})
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
    _check_credit_code(credit_code, organ)
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
    _save(organ)
    _event("organ.changed", organ, by, old=old, new={k: wanted[k] for k in old})
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
    _save(organ)
    _event("organ.renamed", organ, by, old=old, new={"name": name, "on": on.isoformat()})
    return organ


@transaction.atomic
def move_organ(*, by: Doer, organ: Organ, version: int, parent: Organ, on: date) -> Organ:
    """改变隶属: under another parent from a day on, with all below it.

    Raises NotAllowed (both places must be administered), Stale, WrongDay, NotEmpty (a loop, full).
    """
    organ = _locked(organ, version)
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
    _carry(organ, parent)
    _save(organ)
    _event("organ.moved", organ, by, old=old, new={"parent": parent.name, "on": on.isoformat()})
    return organ


def _carry(organ: Organ, parent: Organ) -> None:
    """Gives the organ and all below it their new paths."""
    try:
        path = tree.next_path(parent)
    except tree.Full:
        raise NotEmpty(_("新的上级机关的下级已满。"), field="parent") from None
    before = organ.path
    below = queries.subtree(organ).exclude(pk=organ.pk)
    below.update(
        path=Concat(Value(path), Substr("path", len(before) + 1)), version=F("version") + 1
    )
    organ.path, organ.parent = path, parent
    organ.position = int(path[-tree.STEP :])


# -- ending: merge, split, close


@transaction.atomic
def merge_organs(
    *, by: Doer, predecessors: Sequence[Organ], successor: Organ, on: date, basis: str
) -> list[Succession]:
    """合并: organs end on a day and another takes over duties, open work and the year's report.

    Their subordinates and appointments move with them. Raises NotAllowed, WrongDay, NotEmpty.
    """
    by.may_administer(successor)
    if not queries.is_valid(successor, on):
        raise WrongDay(_("接受机关在生效日尚未设立或已撤销。"), field="on")
    made = []
    for one in predecessors:
        organ = _ending(by, one, on)
        if tree.within(successor.path, organ.path):
            raise NotEmpty(_("不能并入自己或自己的下级。"), field="successor")
        made.append(
            Succession.objects.create(
                kind=Succession.Kind.MERGE,
                predecessor=organ,
                successor=successor,
                effective_on=on,
                basis=basis,
            )
        )
        moved = _hand_over(by, organ, successor, on)
        _close(organ, on)
        _event(
            "organ.merged",
            organ,
            by,
            new={"successor": successor.name, "on": on.isoformat(), "basis": basis, **moved},
        )
        _event(
            "organ.received",
            successor,
            by,
            new={"predecessor": organ.name, "on": on.isoformat(), **moved},
        )
    return made


@transaction.atomic
def split_organ(
    *, by: Doer, organ: Organ, successors: Sequence[Organ], heir: Organ, on: date, basis: str
) -> list[Succession]:
    """分设: an organ ends on a day and others take its duties; ``heir`` its open work and report.

    Raises NotAllowed, WrongDay, NotEmpty (heir is none of the successors, fewer than two).
    """
    if len({s.pk for s in successors}) < 2:
        raise NotEmpty(_("分设至少要有两个接受机关。"), field="successors")
    if heir.pk not in {s.pk for s in successors}:
        raise NotEmpty(_("接办在办事项的机关应是接受机关之一。"), field="heir")
    organ = _ending(by, organ, on)
    made = []
    for one in successors:
        by.may_administer(one)
        if one.pk == organ.pk or tree.within(one.path, organ.path):
            raise NotEmpty(_("接受机关不能是自己或自己的下级。"), field="successors")
        if not queries.is_valid(one, on):
            raise WrongDay(_("接受机关在生效日尚未设立或已撤销。"), field="on")
        takes = one.pk == heir.pk
        made.append(
            Succession.objects.create(
                kind=Succession.Kind.SPLIT,
                predecessor=organ,
                successor=one,
                effective_on=on,
                basis=basis,
                takes_open_work=takes,
                reports=takes,
            )
        )
    moved = _hand_over(by, organ, heir, on)
    _close(organ, on)
    names = "、".join(s.name for s in successors)
    _event(
        "organ.split",
        organ,
        by,
        new={"successors": names, "on": on.isoformat(), "basis": basis, "heir": heir.name, **moved},
    )
    for one in successors:
        _event("organ.received", one, by, new={"predecessor": organ.name, "on": on.isoformat()})
    return made


@transaction.atomic
def close_organ(*, by: Doer, organ: Organ, on: date, basis: str) -> Organ:
    """撤销: without a successor. Raises NotAllowed, WrongDay, NotEmpty (subordinates live on)."""
    organ = _ending(by, organ, on)
    if organ.children.filter(queries.valid_on(on)).exists():
        raise NotEmpty(_("尚有下级机关，请先将其撤销或改变隶属。"))
    moved = _end_appointments(organ, on)
    _close(organ, on)
    _event("organ.closed", organ, by, new={"on": on.isoformat(), "basis": basis, **moved})
    return organ


@transaction.atomic
def reopen_organ(*, by: Doer, organ: Organ) -> Organ:
    """撤回撤销: undoes a closing without successor. Roles ended with it are given again by hand."""
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    by.may_administer(organ)
    if organ.valid_to is None or organ.successions.exists():
        raise NotEmpty(_("只能撤回没有接受机关的撤销。"))
    _check_credit_code(organ.credit_code, organ)
    closed_on = organ.valid_to
    organ.valid_to = None
    for periods in (organ.names, organ.placements, organ.reconsiderations, organ.seals):
        periods.filter(valid_to=closed_on).update(valid_to=None)
    _save(organ)
    _event("organ.reopened", organ, by, old={"on": closed_on.isoformat()})
    return organ


def _ending(by: Doer, organ: Organ, on: date) -> Organ:
    """The organ, locked, that may end on this day."""
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    by.may_administer(organ)
    _check_not_ahead(by, on)
    if organ.valid_to is not None:
        raise WrongDay(_("%(name)s 已经撤销。") % {"name": organ.name})
    if on <= organ.valid_from:
        raise WrongDay(_("生效日应晚于设立之日。"), field="on")
    latest = max(
        organ.names.aggregate(day=Max("valid_from"))["day"],
        organ.placements.aggregate(day=Max("valid_from"))["day"],
    )
    if on <= latest:
        raise WrongDay(_("生效日应晚于最近一次更名或改变隶属。"), field="on")
    return organ


def _close(organ: Organ, on: date) -> None:
    organ.valid_to = on
    organ.names.filter(valid_to__isnull=True).update(valid_to=on)
    organ.placements.filter(valid_to__isnull=True).update(valid_to=on)
    for periods in (organ.reconsiderations, organ.seals):
        periods.filter(valid_to__isnull=True, valid_from__lt=on).update(valid_to=on)
    _save(organ)


def _hand_over(by: Doer, organ: Organ, heir: Organ, on: date) -> dict[str, Any]:
    """Subordinates, appointments and open drafts follow the open work; says how many of each."""
    children = list(organ.children.filter(queries.valid_on(on)))
    for child in children:
        present = child.placements.get(valid_to__isnull=True)
        if present.valid_from >= on:
            raise WrongDay(
                _("%(name)s 在生效日之后才改变隶属。") % {"name": child.name}, field="on"
            )
        Placement.objects.filter(pk=present.pk).update(valid_to=on)
        Placement.objects.create(organ=child, parent=heir, valid_from=on)
        _carry(child, heir)
        _save(child)
        _event("organ.moved", child, by, new={"parent": heir.name, "on": on.isoformat()})
    moved = 0
    for held in organ.appointments.filter(valid_to__isnull=True):
        if not heir.appointments.filter(
            account=held.account, role=held.role, valid_to__isnull=True
        ).exists():
            Appointment.objects.create(
                account=held.account,
                organ=heir,
                role=held.role,
                valid_from=max(on, held.valid_from),
            )
            moved += 1
    ended = _end_appointments(organ, on)
    return {"subordinates": len(children), "appointments_moved": moved, **ended}


def _end_appointments(organ: Organ, on: date) -> dict[str, Any]:
    """Roles and delegations end; a draft of particulars nobody can finish is withdrawn."""
    held = organ.appointments.filter(valid_to__isnull=True)
    Delegation.objects.filter(appointment__in=held, valid_from__lt=on, valid_to__gt=on).update(
        valid_to=on
    )
    # One that would only have begun later never begins.
    held.filter(valid_from__gte=on).delete()
    ended = held.update(valid_to=on)
    drafts = Particulars.objects.filter(
        organ=organ, state__in=["draft", "submitted", "reviewed", "returned"]
    ).update(state=Particulars.State.WITHDRAWN, version=F("version") + 1)
    return {"appointments_ended": ended, "drafts_withdrawn": drafts}


# -- reconsideration


@transaction.atomic
def set_reconsideration(
    *, by: Doer, organ: Organ, body: Organ | None, body_name: str, on: date
) -> Reconsideration:
    """指定复议机关: from a day on; earlier acts keep the one of their day (行政复议法 24-28).

    Raises NotAllowed, WrongDay.
    """
    by.may_administer(organ)
    name = body.name if body else body_name.strip()
    if not name:
        raise WrongCode(_("请选择或填写复议机关。"), field="body_name")
    present = organ.reconsiderations.filter(valid_to__isnull=True).first()
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
    _event("organ.reconsideration", organ, by, old=old, new={"body": name, "on": on.isoformat()})
    return made


# -- shared


def _locked(organ: Organ, version: int) -> Organ:
    found = Organ.objects.select_for_update().get(pk=organ.pk)
    if found.version != version:
        raise Stale
    return found


def _save(organ: Organ) -> None:
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


def _check_credit_code(credit_code: str, organ: Organ | None) -> None:
    if not credit_code:
        return
    others = Organ.objects.filter(credit_code=credit_code, valid_to__isnull=True)
    other = others.first()
    if other is not None and other != organ:
        raise Taken(
            _("该统一社会信用代码已属于 %(name)s。") % {"name": other.name}, field="credit_code"
        )


def _check_not_ahead(by: Doer, on: date) -> None:
    """The tree shows today: what takes effect later is entered when it does."""
    if on > timezone.localdate(by.at):
        raise WrongDay(_("生效日不能晚于今天；请在生效当日或之后办理。"), field="on")


def _check_follows(by: Doer, began: date, on: date, organ: Organ) -> None:
    _check_not_ahead(by, on)
    if on <= began:
        raise WrongDay(_("应晚于上一次的起始日 %(day)s。") % {"day": began}, field="on")
    if organ.valid_to is not None and on >= organ.valid_to:
        raise WrongDay(_("机关已在 %(day)s 撤销。") % {"day": organ.valid_to}, field="on")


def _event(
    kind: str,
    organ: Organ,
    by: Doer,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    events.record(
        kind,
        organ=organ,
        by=by.by,
        at=by.at,
        acting_as=by.acting_as,
        subject=address(organ),
        old=old,
        new=new,
    )
