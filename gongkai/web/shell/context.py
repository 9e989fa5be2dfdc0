"""页面公共内容: what the shell of every page shows."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import gongkai
from gongkai.web.shell import requests
from gongkai.web.shell.access import Role


@dataclass(frozen=True, slots=True)
class Place:
    """导航项: a page of the navigation, for whom, and the key that opens it after ``g``."""

    route: str
    label: str | Promise
    icon: str
    key: str
    roles: frozenset[Role] = frozenset()  # none: everyone who is signed in


PLACES = (
    Place("home", _("首页"), "home", "h"),
    Place(
        "applications:list",
        _("公开申请"),
        "application",
        "s",
        frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR}),
    ),
    Place(
        "remedies:list",
        _("复议诉讼"),
        "remedy",
        "f",
        frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR}),
    ),
    Place(
        "desk:list",
        _("报告台"),
        "desk",
        "r",
        frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR}),
    ),
    Place(
        "annual:list",
        _("年度报告"),
        "report",
        "n",
        frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR}),
    ),
    Place("inbox:list", _("收件箱"), "inbox", "x"),
    Place(
        "organs:list",
        _("机关"),
        "organ",
        "o",
        frozenset(
            {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.HANDLER, Role.REVIEWER, Role.APPROVER}
        ),
    ),
    Place(
        "organs:people", _("人员"), "people", "p", frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
    ),
    Place(
        "organs:particulars",
        _("指南要素"),
        "guide",
        "z",
        frozenset(
            {Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.ADMINISTRATOR}
        ),
    ),
    Place("organs:delegations", _("任职与代理"), "delegation", "d"),
    Place("calendar:list", _("放假安排"), "calendar", "c"),
    Place("organs:imports", _("导入导出"), "import", "i", frozenset({Role.ADMINISTRATOR})),
    Place("outbox:list", _("待发消息"), "mail", "m", frozenset({Role.ADMINISTRATOR})),
    Place("organs:events", _("事件"), "events", "e", frozenset({Role.AUDITOR, Role.ADMINISTRATOR})),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """导航里的一行: ``current`` is ``page``, or ``true`` on a page below it, or nothing."""

    href: str
    label: str | Promise
    icon: str
    key: str
    current: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """Language, the capacity in hand, the request's id."""
    return {
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "capacity": getattr(request, "capacity", None),
        "request_id": requests.current(),
        "version": gongkai.__version__,
        "idle_seconds": settings.SESSION_IDLE,
        "demo": settings.DEMO,
        "debug": settings.DEBUG,
    }


def navigation(role: Role | None, path: str) -> tuple[Entry, ...]:
    """What a role may open, and where it is when it looks at ``path``."""
    found = list(_reachable(role))
    # /organs/people/ is below /organs/ too: the longest address is where we are.
    within = (h for _p, h in found if path == h or (h != "/" and path.startswith(h)))
    here = max(within, key=len, default="")
    exact = "page" if path == here else "true"
    return tuple(Entry(h, p.label, p.icon, p.key, exact if h == here else "") for p, h in found)


def _reachable(role: Role | None) -> Iterator[tuple[Place, str]]:
    for place in PLACES:
        if place.roles and role not in place.roles:
            continue
        href = way(place.route)
        if href:
            yield place, href


@functools.cache
def way(route: str) -> str:
    """The address of a route without arguments; nothing where there is none such."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
