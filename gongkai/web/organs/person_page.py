"""人员页的内容: facts, posts, delegations, acts and history of one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.web.accounts import queries as account_queries
from gongkai.web.accounts import second_factor, states
from gongkai.web.accounts.models import Account
from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import organ_page, people_actions, people_queries, queries, tree
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Appointment, Delegation
from gongkai.web.organs.people_lists import login_name
from gongkai.web.shell import masking
from gongkai.web.shell.access import Role
from gongkai.web.shell.look import Act, Entry, Fact, when
from gongkai.web.shell.refusals import Refusal

_HISTORY = 30


@dataclass(frozen=True, slots=True)
class Post:
    """任职一行: as the page prints it; ``end`` and ``lend`` are addresses, empty where not due."""

    organ: str
    organ_href: str
    role: str
    period: str
    state: str
    badge: str
    end: str
    lend: str


@dataclass(frozen=True, slots=True)
class Lent:
    """代理一行: as pages print it; ``revoke`` is an address, empty where there is nothing to do."""

    holder_id: int
    holder: str
    delegate: str
    post: str
    period: str
    state: str
    badge: str
    reason: str
    revoke: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """登录状况: whether locked out, the second factor where it is in use, sessions under way."""

    locked: bool
    factor: second_factor.State | None
    sessions: int


def link(account: Account) -> str:
    """The person's page."""
    return reverse("organs:person", args=[account.pk])


def context(by: Doer, account: Account, *, revealed: bool = False) -> dict[str, Any]:
    """Everything the page of a person shows; contacts whole only where they were revealed."""
    capacity, today = by.capacity, timezone.localdate(by.at)
    administers = capacity is not None and capacity.role is Role.ADMINISTRATOR
    way_in = _way_in(account, by.at)
    within = capacity.organ if capacity else None
    held = account.appointments.select_related("organ").order_by("organ__path", "-valid_from")
    seen, elsewhere = _parted(held, by)
    posts = list(_posts(seen, today, administers=administers))
    reason = people_actions.why_not(by, account) if administers else None
    return {
        "person": account,
        "crumbs": [(_("人员"), reverse("organs:people"))],
        "facts": list(_facts(by, account, way_in, revealed=revealed)),
        "contacts": []
        if revealed
        else [
            (_("电话"), masking.phone(account.phone)),
            (_("电子邮箱"), masking.email(account.email)),
        ],
        "reveal": reverse("organs:person_reveal", args=[account.pk])
        if administers and (reason is None or isinstance(reason, people_actions.OwnAccount))
        else "",
        "acts": list(_acts(by, account, way_in, reason)) if administers else [],
        "appoint": f"{reverse('organs:appoint')}?account={account.username}"
        if administers and account.is_active
        else "",
        "posts": [p for p in posts if p.badge != "quiet"],
        "past": [p for p in posts if p.badge == "quiet"],
        "elsewhere": sum(queries.is_valid(post, today) for post in elsewhere),
        "delegations": lent(
            people_queries.delegations_of(account, within=within),
            by,
        ),
        "history": entries(
            people_queries.history(people_actions.address(account), within=within)[:_HISTORY]
        ),
        "revealed": revealed,
    }


def _way_in(account: Account, at: datetime) -> WayIn:
    return WayIn(
        account.username in states.locked_names(at),
        second_factor.state(account) if second_factor.allowed() else None,
        len(account_queries.sessions_of(account, this=None, at=at)),
    )


def _parted(held: Iterable[Appointment], by: Doer) -> tuple[list[Appointment], list[Appointment]]:
    """The posts within the capacity's subtree, where these may be seen, and the others."""
    may_see = by.capacity is not None and by.capacity.role in queries.SEES_PEOPLE
    seen: list[Appointment] = []
    others: list[Appointment] = []
    for post in held:
        inside = (
            may_see
            and by.capacity is not None
            and tree.within(post.organ.path, by.capacity.organ.path)
        )
        (seen if inside else others).append(post)
    return seen, others


def _facts(by: Doer, account: Account, way_in: WayIn, *, revealed: bool) -> Iterator[Fact]:
    whole = by.capacity is not None and by.capacity.role is Role.ADMINISTRATOR
    yield Fact(_("登录名"), login_name(account, whole=whole))
    if not account.is_active:
        yield Fact(_("账号"), pgettext("state of an account", "停用"), badge="quiet")
    elif way_in.locked:
        yield Fact(_("账号"), _("锁定"), badge="bad", note=_("到时自动解除，也可立即解除。"))
    elif account.must_change_password:
        yield Fact(_("账号"), _("待改密"), badge="warn", note=_("下次登录须先改密码。"))
    else:
        yield Fact(_("账号"), pgettext("state of an account", "启用"), badge="ok")
    if revealed:
        yield Fact(_("电话"), account.phone)
        yield Fact(_("电子邮箱"), account.email)
    yield Fact(_("最近登录"), when(account.last_login) or _("从未登录"))
    online = _("%(n)d 处在线") % {"n": way_in.sessions} if way_in.sessions else _("不在线")
    yield Fact(_("登录会话"), online)
    if way_in.factor is not None:
        state = way_in.factor
        yield Fact(
            _("动态口令"),
            _("已启用") if state.on else _("未启用"),
            badge="ok" if state.on else "warn" if second_factor.required() else "quiet",
            note=_("剩余恢复码 %(n)d 个") % {"n": state.codes_left} if state.on else "",
        )
    yield Fact(_("建立时间"), when(account.created_at))


def _may(by: Doer, account: Account, kind: str, reason: Refusal | None) -> bool:
    """Whether an act is open to the doer; ``reason`` is why not what gives power over the account,
    and some acts reach further than those."""
    if isinstance(reason, people_actions.BeyondReach):
        reason = people_actions.why_not(by, account, kind)
    return reason is None


def _acts(by: Doer, account: Account, way_in: WayIn, reason: Refusal | None) -> Iterator[Act]:
    def to(name: str) -> str:
        return reverse(f"organs:{name}", args=[account.pk])

    own = isinstance(reason, people_actions.OwnAccount)
    if reason is None or own:
        yield Act(_("修改"), href=to("person_edit"))
    if reason is not None:
        yield Act(_("账号操作"), why_not=reason.message)
    if not account.is_active:
        if _may(by, account, "person.restored", reason):
            said = pgettext("act on an account", "启用")
            yield Act(said, post=to("person_restore"), tone="primary")
        return
    if reason is None:
        yield Act(_("重置密码"), href=to("person_password"))
        if way_in.factor is not None and way_in.factor.on:
            yield Act(
                _("清除动态口令"),
                post=to("person_second_factor"),
                confirm=_("其手机上的口令和恢复码立即作废，所有会话结束；下次登录后须重新设置。"),
            )
    if _may(by, account, "person.suspended", reason):
        yield from _shutting_out(account, way_in)


def _shutting_out(account: Account, way_in: WayIn) -> Iterator[Act]:
    def to(name: str) -> str:
        return reverse(f"organs:{name}", args=[account.pk])

    if way_in.locked:
        yield Act(_("解除锁定"), post=to("person_unlock"))
    if way_in.sessions:
        yield Act(
            _("结束会话"),
            post=to("person_sessions"),
            confirm=_("立即退出其所有会话；可以用原来的密码重新登录。"),
        )
    yield Act(
        pgettext("act on an account", "停用"),
        post=to("person_suspend"),
        tone="danger",
        confirm=_("立即退出其所有会话，不能再登录；任职和历史保留，可随时启用。"),
    )


def _posts(posts: Iterable[Appointment], today: date, *, administers: bool) -> Iterator[Post]:
    for one in posts:
        over = one.valid_to is not None and one.valid_to <= today
        coming = one.valid_from > today
        state = _("已结束") if over else _("未到任") if coming else _("在任")
        may_end = administers and not over
        lendable = may_end and one.role not in (Role.ADMINISTRATOR, Role.AUDITOR)
        yield Post(
            one.organ.name,
            organ_page.link(one.organ),
            one.get_role_display(),
            organ_page.period(one.valid_from, one.valid_to),
            state,
            "quiet" if over else "warn" if coming else "ok",
            reverse("organs:appointment_end", args=[one.pk]) if may_end else "",
            f"{reverse('organs:delegate')}?appointment={one.pk}" if lendable else "",
        )


def lent(delegations: Iterable[Delegation], by: Doer) -> list[Lent]:
    """Delegations as pages print them."""
    today = timezone.localdate(by.at)
    return [_lent(one, by, today) for one in delegations]


def _lent(one: Delegation, by: Doer, today: date) -> Lent:
    state, badge = delegation_state(one, today)
    post = one.appointment
    return Lent(
        post.account_id,
        post.account.name,
        one.delegate.name,
        f"{post.organ.name} · {post.get_role_display()}",
        organ_page.period(one.valid_from, one.valid_to),
        state,
        badge,
        one.reason,
        reverse("organs:delegation_revoke", args=[one.pk])
        if badge != "quiet" and people_queries.may_revoke(by.capacity, by.by, one)
        else "",
    )


def delegation_state(one: Delegation, today: date) -> tuple[str, str]:
    """What a delegation is on a day, in words and as a badge; quiet means over."""
    post = one.appointment
    if one.revoked_at is not None:
        return _("已收回"), "quiet"
    if one.valid_to is not None and one.valid_to <= today:
        return _("已到期"), "quiet"
    if post.valid_to is not None and post.valid_to <= today:
        return _("任职已结束"), "quiet"
    if not post.account.is_active or not one.delegate.is_active:
        return _("账号停用，暂不生效"), "warn"
    if one.valid_from > today:
        return _("未开始"), "warn"
    return _("代理中"), "ok"


def entries(found: Iterable[Event]) -> list[Entry]:
    """Events as a timeline prints them, personal data masked."""
    return [
        Entry(
            event.at,
            masking.text(events.sentence(event)),
            who=events.who(event),
            note=event.organ.name if event.organ else "",
        )
        for event in found
    ]
