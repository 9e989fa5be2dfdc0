"""人员列表: columns, filters and bulk acts; one row for each appointment (see people_queries)."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.web.accounts import second_factor, states
from gongkai.web.accounts.models import Account
from gongkai.web.organs import people_queries, queries
from gongkai.web.organs.models import ROLES, Appointment, OrganKind
from gongkai.web.shell import lists, masking
from gongkai.web.shell.lists import BulkAct, Cell, Column, Filter, Rows
from gongkai.web.shell.look import when

_ROLES = dict(ROLES)

SUSPEND = BulkAct("suspend", pgettext_lazy("act on an account", "停用"), danger=True)
RESTORE = BulkAct("restore", pgettext_lazy("act on an account", "启用"))
PASSWORD = BulkAct("password", _("要求改密"))
ACTS = (PASSWORD, RESTORE, SUSPEND)


def login_name(account: Account, *, whole: bool) -> str:
    """The login name; masked by its shape for who does not administer the account, since many are
    telephone numbers."""
    return account.username if whole else masking.text(account.username)


def rows_of(rows: Rows) -> Rows:
    """With all that a row shows, in a fixed number of queries."""
    return rows.select_related("account", "organ").prefetch_related(states.devices("account__"))


def spec(at: datetime, today: date, *, acts: bool) -> lists.Spec:
    """The list as of a moment. Contacts are masked for everybody, on the page and in its exports:
    an administrator who needs one opens the person and says what for."""
    locked = states.locked_names(at)
    return lists.Spec(
        id="people",
        title=_("人员"),
        columns=(
            Column(
                "name", _("姓名"), lambda p: p.account.name, sort=("account__name", "account_id")
            ),
            Column(
                "username",
                _("登录名"),
                lambda p: login_name(p.account, whole=acts),
                sort=("account__username",),
            ),
            Column(
                "organ",
                pgettext_lazy("of one row", "机关"),
                lambda p: p.organ.name,
                sort=("organ__path",),
            ),
            Column("role", _("角色"), lambda p: _ROLES[p.role], narrow=True),
            Column("state", _("状态"), lambda p: state_of(p, today, locked), narrow=True),
            Column("phone", _("电话"), lambda p: masking.phone(p.account.phone), narrow=True),
            Column(
                "last_login",
                _("最近登录"),
                lambda p: when(p.account.last_login),
                value=lambda p: p.account.last_login,
                narrow=True,
            ),
        ),
        order="organ",
        filters=tuple(_filters(today, locked)),
        search=partial(people_queries.found_people, logins=acts),
        search_hint=_("姓名、登录名、机关"),
        acts=ACTS if acts else (),
        empty_title=_("还没有人员"),
        empty_text=_("可以逐个新建，也可以在“导入导出”里一次导入。"),
        href=lambda p: reverse("organs:person", args=[p.account_id]),
    )


def state_of(post: Appointment, today: date, locked: set[str]) -> Cell:
    """The one thing about an account or a post that matters most."""
    account = post.account
    if not account.is_active:
        return Cell(pgettext_lazy("state of an account", "停用"), badge="quiet")
    if post.valid_to is not None and post.valid_to <= today:
        return Cell(_("已免职"), badge="quiet")
    if post.valid_from > today:
        return Cell(_("%(day)s 起任职") % {"day": post.valid_from.isoformat()}, badge="quiet")
    if account.username in locked:
        return Cell(_("锁定"), badge="bad")
    if account.must_change_password:
        return Cell(_("待改密"), badge="warn")
    if second_factor.required() and not states.has_second_factor(account):
        return Cell(_("未启用动态口令"), badge="warn")
    return Cell(pgettext_lazy("state of an account", "启用"), badge="ok")


def _filters(today: date, locked: set[str]) -> list[Filter]:
    states_known = [
        ("active", pgettext_lazy("state of an account", "启用")),
        ("suspended", pgettext_lazy("state of an account", "停用")),
        ("locked", _("锁定")),
        ("password_due", _("待改密")),
    ]
    if second_factor.allowed():
        states_known.append(("no_second_factor", _("未启用动态口令")))
    return [
        Filter(
            "role", _("角色"), lambda rows, value: rows.filter(role=value), choices=lambda: ROLES
        ),
        Filter(
            "kind",
            _("机关性质"),
            lambda rows, value: rows.filter(organ__kind=value),
            choices=lambda: OrganKind.choices,
        ),
        Filter(
            "state",
            _("状态"),
            lambda rows, value: rows.filter(_in_state(value, locked)),
            choices=lambda: states_known,
        ),
        Filter(
            "period",
            _("任职"),
            lambda rows, value: rows.filter(_in_period(value, today)),
            choices=lambda: [
                ("valid", _("今日在任")),
                ("ended", _("已免职")),
                ("coming", _("尚未到任")),
            ],
        ),
    ]


def _in_state(value: str, locked: set[str]) -> Q:
    if value == "suspended":
        return Q(account__is_active=False)
    if value == "locked":
        return Q(account__username__in=locked)
    if value == "password_due":
        return Q(account__must_change_password=True, account__is_active=True)
    if value == "no_second_factor":
        return Q(account__is_active=True) & ~Q(states.second_factor_of("account_id"))
    return Q(account__is_active=True)


def _in_period(value: str, today: date) -> Q:
    if value == "ended":
        return Q(valid_to__lte=today)
    if value == "coming":
        return Q(valid_from__gt=today)
    return queries.valid_on(today)
