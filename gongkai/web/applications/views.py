"""公开申请的页面: the lists. Registering is `intake_views`, one matter `case_views`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.applications import helps, lists, queries
from gongkai.web.applications.intake_views import READERS
from gongkai.web.applications.models import Request
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.doing import exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import list_pages
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Act


@acting(*READERS)
def matters(request: HttpRequest, tab: str = lists.OPEN) -> HttpResponseBase:
    """公开申请: 在办、待我办、已办结、全部。"""
    capacity = capacity_of(request)
    rows = lists.in_tab(lists.rows_of(queries.visible_matters(capacity)), tab, capacity)
    acts = {
        Role.HANDLER: [
            Act(_("导入旧台账"), href=reverse("applications:old_ledger_new")),
            Act(_("登记申请"), href=reverse("applications:new"), tone="primary"),
        ],
        Role.SUPERVISOR: [Act(_("案卷评查"), href=reverse("applications:checks"))],
    }
    return list_pages.show(
        request,
        lists.spec(capacity, tab, timezone.localdate()),
        rows,
        template="applications/list.html",
        context={
            "acts": acts.get(capacity.role, []),
            "tabs": lists.tabs(capacity, tab),
            "intro": _helped(capacity) if tab == lists.ALL else "",
        },
        exported=lambda kind, count: exported(request, "applications", kind, count),
    )


def _helped(capacity: Capacity) -> str:
    """How many were put with help this year, by need: no row of the form counts them."""
    rows = queries.visible_requests(capacity).filter(kind=Request.Kind.ACCESS)
    return helps.counted(rows, timezone.localdate().year)
