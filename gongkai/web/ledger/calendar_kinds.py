"""期限与放假安排的事件: what they say; `apps` makes them known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import clocks, events

KINDS: dict[str, Promise] = {
    "calendar.entered": _("录入 %(year)s 年放假安排"),
    "calendar.withdrawn": _("撤下 %(year)s 年放假安排"),
    "deadline.moved": _("%(clock)s由 %(due_on_before)s 改为 %(due_on)s"),
}
GROUPS: dict[str, Promise] = {"calendar": _("放假安排"), "deadline": _("期限")}


def register() -> None:
    """Tells `events` of them."""
    events.register(KINDS, GROUPS, told=_told)


def _told(values: Mapping[str, Any]) -> dict[str, str]:
    return clocks.moved(values) if "clock" in values else {}
