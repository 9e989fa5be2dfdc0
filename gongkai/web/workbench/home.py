"""首页的内容: what waits for a person in the capacity in hand, what they drafted, what they watch.

Composes the queries of the apps below; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.accounts.models import Account
from gongkai.web.applications import front as applications
from gongkai.web.desk import queries as desk
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import (
    import_queries,
    particulars_page,
    people_queries,
    queries,
    reminder_page,
    reminder_queries,
)
from gongkai.web.organs import particulars_queries as particulars
from gongkai.web.organs.capacity import Capacity
from gongkai.web.remedies import front as remedies
from gongkai.web.shell.access import Role
from gongkai.web.shell.look import Act

_SHOWN = 8
_COUNTED = 1000
_LOOKED_AT = 20_000  # organs; among more, those without particulars are looked for in the list only


@dataclass(frozen=True, slots=True)
class Task:
    """一件事: where it is, in which state, what is to be done."""

    title: str
    href: str
    organ: str
    state: str
    tone: str
    to_do: str = ""
    note: str = ""  # who asks for it, and by when


@dataclass(frozen=True, slots=True)
class Watched:
    """一项需要留意的: how many organs, the first of them, the list of all."""

    title: str
    count: str
    some: list[tuple[str, str]]  # name, address
    href: str
    tone: str
    more: str = ""  # "等 15 个" where only the first are named


def context(
    account: Account, capacity: Capacity | None, held: Iterable[Capacity], now: datetime
) -> dict[str, Any]:
    """Everything the front page shows."""
    return {
        "tasks": [
            *(_reminded(r, capacity, now) for r in reminder_queries.waiting_for(capacity)),
            *(_task(p, capacity) for p in particulars.waiting_for(capacity)),
            *_applications(capacity, now),
            *_remedies(capacity, now),
            *(_import(r) for r in import_queries.waiting_runs(capacity)[:_SHOWN]),
        ],
        "elsewhere": list(_elsewhere(capacity, held, now)),
        "drafted": [_task(p, None) for p in _drafted(account, capacity)],
        "watched": [
            *_unsent(capacity),
            *_looked(capacity, now),
            *_watched(capacity, now),
        ],
        "watches": capacity is not None and capacity.role in _WATCHING,
        "delegations": _delegations(account, now),
        "quick": list(_quick(capacity)),
        "empty": _empty(capacity),
    }


_WATCHING = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def _drafted(account: Account, capacity: Capacity | None) -> list[Any]:
    """Of officers only: others draft nothing in the capacity in hand."""
    if capacity is None or capacity.role not in queries.OWN_ORGAN:
        return []
    return list(particulars.drafted_by(account.pk, capacity, most=6))


def _task(one: Any, capacity: Capacity | None) -> Task:
    return Task(
        _("指南要素%(version)s") % {"version": particulars_page.version_name(one.number)},
        particulars_page.link(one.organ),
        one.organ.name,
        one.get_state_display(),
        particulars_page.TONES[one.state],
        _to_do(one.state) if capacity else "",
    )


def _reminded(one: Any, capacity: Capacity | None, now: datetime) -> Task:
    shown = reminder_page.shown(one, capacity, timezone.localdate(now))
    return Task(
        reminder_page.matter(one),
        shown.href,
        one.organ.name,
        shown.state,
        shown.tone,
        shown.words,
        shown.title,
    )


def _applications(capacity: Capacity | None, now: datetime) -> Iterator[Task]:
    for one in applications.waiting_for(capacity, timezone.localdate(now)):
        yield Task(one.title, one.href, one.organ, one.state, one.tone, one.to_do, one.due)


def _remedies(capacity: Capacity | None, now: datetime) -> Iterator[Task]:
    for one in remedies.tasks(capacity, timezone.localdate(now)):
        yield Task(one.title, one.href, one.organ, one.state, one.tone, one.to_do, one.due)


def _looked(capacity: Capacity | None, now: datetime) -> Iterator[Watched]:
    """Applications that are late, due or key, for a supervisor."""
    today = timezone.localdate(now)
    for one in (*applications.watched(capacity, today), *remedies.watched(capacity, today)):
        count = _pieces(one.count)
        more = _("等 %(count)s") % {"count": count} if one.count > len(one.some) else ""
        yield Watched(one.title, count, one.some, one.href, one.tone, more)


def _pieces(found: int) -> str:
    if found > _COUNTED:
        return _("超过 %(most)d 件") % {"most": _COUNTED}
    return _("%(count)d 件") % {"count": found}


def _import(run: Any) -> Task:
    return Task(
        _("导入 %(file)s") % {"file": run.file_name},
        reverse("organs:import_run", args=[run.pk]),
        run.organ.name,
        run.get_state_display(),
        "warn",
        _("看核对结果，确认导入"),
    )


def _to_do(state: str) -> str:
    return {
        "draft": _("核对后提交审核"),
        "returned": _("按退回理由修改"),
        "submitted": _("审核"),
        "reviewed": _("批准"),
    }[state]


def _waiting(capacity: Capacity, now: datetime) -> int:
    today = timezone.localdate(now)
    return (
        len(particulars.waiting_for(capacity))
        + len(reminder_queries.waiting_for(capacity))
        + len(applications.waiting_for(capacity, today))
        + remedies.waiting_for(capacity)
    )


def _elsewhere(
    capacity: Capacity | None, held: Iterable[Capacity], now: datetime
) -> Iterator[tuple[str, Act]]:
    """What waits in the capacities not in hand, with the button that takes one up."""
    for other in held:
        if capacity is not None and other.key == capacity.key:
            continue
        waiting = _waiting(other, now)
        if not waiting:
            continue
        role = other.role_label
        if other.acting_for:
            role = _("%(role)s（代 %(name)s）") % {"role": role, "name": other.acting_for}
        said = _("%(organ)s · %(role)s：%(count)d 件") % {
            "organ": other.organ.name,
            "role": role,
            "count": waiting,
        }
        yield (
            said,
            Act(
                _("切换到这一身份"),
                post=reverse("organs:switch"),
                fields={"capacity": other.key, "next": reverse("home")},
            ),
        )


def _unsent(capacity: Capacity | None) -> Iterator[Watched]:
    """Messages that could not be sent, for who can do something about it."""
    if capacity is None or capacity.role is not Role.ADMINISTRATOR:
        return
    rows = ledger.given_up(queries.visible_organs(capacity))
    found = list(rows[:_SHOWN])
    if found:
        count = len(found) if len(found) < _SHOWN else rows.order_by()[: _COUNTED + 1].count()
        yield Watched(
            _("未能发出的消息"),
            _messages(count),
            [(m.title or m.get_channel_display(), _message(m.pk)) for m in found],
            f"{reverse('outbox:list')}?state=given_up",
            "bad",
            _("等 %(count)s") % {"count": _messages(count)} if count > len(found) else "",
        )


def _message(pk: int) -> str:
    return reverse("outbox:message", args=[pk])


def _messages(found: int) -> str:
    if found > _COUNTED:
        return _("超过 %(most)d 条") % {"most": _COUNTED}
    return _("%(count)d 条") % {"count": found}


def _watched(capacity: Capacity | None, now: datetime) -> Iterator[Watched]:
    """Organs whose particulars are missing or old, for those who watch over them."""
    if capacity is None or capacity.role not in _WATCHING:
        return
    living = queries.visible_organs(capacity).filter(queries.valid_on(timezone.localdate(now)))
    few = living.order_by()[: _LOOKED_AT + 1].count() <= _LOOKED_AT
    listed = reverse("organs:particulars")
    today = timezone.localdate(now)
    for title, rows, condition, tone in (
        (_("没有生效的指南要素"), particulars.missing(living), "condition=missing", "bad"),
        (
            _("指南要素久未更新"),
            particulars.stale(particulars.overview(living, now), now),
            "condition=stale",
            "warn",
        ),
        (
            _("指南要素提醒中"),
            reminder_queries.reminded(living, particulars.APP),
            "reminder=open",
            "warn",
        ),
        (
            _("指南要素提醒后逾期未办"),
            reminder_queries.overdue(living, particulars.APP, today),
            "reminder=overdue",
            "bad",
        ),
    ):
        if not few and condition == "condition=missing":
            yield Watched(title, _("见列表"), [], f"{listed}?{condition}", "quiet")
            continue
        found = list(rows.order_by("path")[:_SHOWN])
        if not found and condition.startswith("reminder="):
            continue  # nobody was reminded: nothing to say
        count = len(found) if len(found) < _SHOWN else rows.order_by()[: _COUNTED + 1].count()
        yield Watched(
            title,
            _count(count),
            [(o.short_name or o.name, particulars_page.link(o)) for o in found],
            f"{listed}?{condition}",
            tone if found else "ok",
            _("等 %(count)s") % {"count": _count(count)} if count > len(found) else "",
        )


def _count(found: int) -> str:
    if found > _COUNTED:
        return _("超过 %(most)d 个") % {"most": _COUNTED}
    return _("%(count)d 个") % {"count": found}


def _delegations(account: Account, now: datetime) -> list[tuple[str, str]]:
    """Who acts for whom today, as far as this person is one of them: sentence and last day."""
    today = timezone.localdate(now)
    found = people_queries.delegations_of(account).filter(
        queries.valid_on(today), revoked_at__isnull=True
    )
    return [(_delegation(d, account), _until(d.valid_to)) for d in found]


def _delegation(one: Any, account: Account) -> str:
    post = one.appointment
    role = post.get_role_display()
    if one.delegate_id == account.pk:
        said = _("您代 %(name)s 行使%(organ)s%(role)s职责")
        return said % {"name": post.account.name, "organ": post.organ.name, "role": role}
    said = _("%(name)s 代您行使%(organ)s%(role)s职责")
    return said % {"name": one.delegate.name, "organ": post.organ.name, "role": role}


def _until(end: Any) -> str:
    if end is None:
        return ""
    last = type(end).fromordinal(end.toordinal() - 1)
    return _("至 %(day)s") % {"day": last.isoformat()}


def _quick(capacity: Capacity | None) -> Iterator[tuple[str, str]]:
    """快捷入口: where this role begins most often."""
    if capacity is None:
        return
    own = [capacity.organ.code]
    if capacity.role is Role.HANDLER:
        yield _("登记申请"), reverse("applications:new")
    if capacity.role in desk.WORKS:
        yield _("公开申请"), reverse("applications:list")
        yield _("报告台"), reverse("desk:list")
        yield _("交来报告"), reverse("desk:hand_in")
        yield _("案卷评查"), reverse("applications:checks")
    if capacity.role in queries.OWN_ORGAN:
        yield _("本机关的指南要素"), reverse("organs:particulars_of", args=own)
        yield _("本机关概况"), reverse("organs:organ", args=own)
    if capacity.role is Role.SUPERVISOR:
        yield _("辖区内的指南要素"), reverse("organs:particulars")
        yield _("机关树"), reverse("organs:tree")
    if capacity.role is Role.ADMINISTRATOR:
        yield _("新建人员"), reverse("organs:person_new")
        yield _("设立机关"), reverse("organs:found")
        yield _("导入导出"), reverse("organs:imports")
        yield _("机关设置"), reverse("organs:preferences", args=own)
        yield _("印章图样"), reverse("organs:seals", args=own)
    if capacity.role in (Role.AUDITOR, Role.ADMINISTRATOR):
        yield _("事件"), reverse("organs:events")
    yield _("任职与代理"), reverse("organs:delegations")


def _empty(capacity: Capacity | None) -> str:
    """What an empty list of tasks means to this role."""
    if capacity is None:
        return ""
    return {
        Role.HANDLER: _("草稿和被退回的事项会列在这里。"),
        Role.REVIEWER: _("经办人提交审核的事项会列在这里。"),
        Role.APPROVER: _("审核通过、等您批准的事项会列在这里。"),
        Role.SUPERVISOR: _("监督员不办理事项；下面是辖区内需要留意的机关，可以提醒、退回。"),
        Role.AUDITOR: _("审计员查看全部事件，不办理事项。"),
        Role.ADMINISTRATOR: _("没有等待确认的导入；下面是辖区内需要留意的机关。"),
    }[capacity.role]
