"""登录与账号页面: who signed in, failed to, and changed what of the own account, in a subtree."""

from __future__ import annotations

import contextlib
import ipaddress
from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.organs import event_views, people_queries
from gongkai.web.organs.doing import exported
from gongkai.web.organs.people_lists import login_name
from gongkai.web.organs.views import administers, capacity_of
from gongkai.web.shell import list_pages, lists
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.lists import Cell, Column, Filter, Rows
from gongkai.web.shell.look import when


@acting(Role.AUDITOR, Role.ADMINISTRATOR)
def account_events(request: HttpRequest) -> HttpResponseBase:
    """登录与账号: newest first."""
    return list_pages.show(
        request,
        spec(logins=administers(request)),
        people_queries.visible_account_events(capacity_of(request)),
        template="organs/events.html",
        context={"tabs": event_views.tabs(request)},
        exported=lambda kind, count: exported(request, "account_events", kind, count),
    )


def spec(*, logins: bool) -> lists.Spec:
    """The list; login names whole and people's pages for who administers their accounts."""

    def person(one: AccountEvent) -> Cell:
        href = reverse("organs:person", args=[one.account_id]) if logins else ""
        return Cell(one.account.name, href=href)

    return lists.Spec(
        id="account_events",
        title=_("登录与账号"),
        columns=(
            Column(
                "at",
                _("时间"),
                lambda e: when(e.at),
                sort=("at",),
                value=lambda e: e.at,
                narrow=True,
            ),
            Column("what", _("事项"), lambda e: e.get_kind_display()),
            Column("person", _("姓名"), person),
            Column("username", _("登录名"), lambda e: login_name(e.account, whole=logins)),
            Column("address", _("网络地址"), lambda e: e.address or "", narrow=True),
            Column("request", _("请求编号"), event_views.request_id, narrow=True),
        ),
        order="-at",
        filters=(
            Filter(
                "kind",
                _("事项"),
                lambda rows, value: rows.filter(kind=value),
                choices=lambda: AccountEvent.Kind.choices,
            ),
            *event_views.PERIOD,
        ),
        search=partial(_found, logins=logins),
        search_hint=_("姓名、网络地址、请求编号"),
        empty_title=_("还没有登录"),
        empty_text=_("登录、登录失败和本人对账号的变更都会记在这里，不能修改、不能删除。"),
    )


def _found(rows: Rows, words: str, *, logins: bool) -> Rows:
    """Events of people called so, from an address, or of a request by its id."""
    people = people_queries.found_accounts(Account.objects.all(), words, logins=logins)
    meant = Q(account__in=people.values("pk")) | Q(request_id=words.upper().replace("-", ""))
    with contextlib.suppress(ValueError):
        meant |= Q(address=str(ipaddress.ip_address(words.strip())))
    return rows.filter(meant)
