"""收件箱页面: what calls on a person, unread first; read one by one or all, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gongkai.web.accounts.models import Account
from gongkai.web.ledger import alerts, calendars
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import list_pages, lists
from gongkai.web.shell.access import signed_in
from gongkai.web.shell.look import undoable
from gongkai.web.workbench import inbox as page

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@signed_in
def inbox(request: HttpRequest) -> HttpResponseBase:
    """收件箱: the unread."""
    return _listed(request, "unread")


@signed_in
def open_(request: HttpRequest) -> HttpResponseBase:
    """全部未了结: read or not."""
    return _listed(request, "open")


@signed_in
def settled(request: HttpRequest) -> HttpResponseBase:
    """已了结: what was asked has been done, or something newer was told."""
    return _listed(request, "settled")


def _listed(request: HttpRequest, state: str) -> HttpResponseBase:
    account, capacity = _who(request)
    listing = page.spec(timezone.localdate(), calendars.current())
    rows = page.in_state(page.visible(account, capacity), state, account)
    rows = rows.select_related("organ", "deadline")
    if request.method == "POST" and request.POST.get("act") == "read":
        return _read(request, account, lists.selected(request, listing, rows))
    tabs = _tabs(state, page.count(account, capacity))
    return list_pages.show(
        request, listing, rows, template="workbench/inbox.html", context={"tabs": tabs}
    )


def _tabs(here: str, unread: int) -> list[tuple[Any, str, bool, str]]:
    counts = {"unread": page.counted(unread)}
    routes = {"unread": "inbox:list", "open": "inbox:open", "settled": "inbox:settled"}
    return [
        (label, reverse(routes[key]), key == here, counts.get(key, ""))
        for key, label in page.STATES
    ]


def _read(request: HttpRequest, account: Account, chosen: lists.Rows) -> HttpResponse:
    at = timezone.now()
    done = alerts.mark(chosen, account=account, at=at)
    if done:
        said = ngettext("%(n)d 项已标为已读。", "%(n)d 项已标为已读。", done) % {"n": done}
        undoable(request, said, reverse("inbox:unread", args=[(at - _EPOCH) // _MICROSECOND]))
    else:
        messages.error(request, _("请先勾选未读的事项。"))
    return redirect(request.get_full_path())


@require_POST
@signed_in
def unread(request: HttpRequest, stamp: int) -> HttpResponse:
    """撤销已读: what the person marked at that moment."""
    account, _capacity = _who(request)
    try:
        at = _EPOCH + stamp * _MICROSECOND
    except OverflowError:
        raise Http404 from None
    done = alerts.unmark(account=account, at=at)
    if not done:
        raise Http404
    messages.success(request, _("已恢复为未读。"))
    return redirect("inbox:list")


def _who(request: HttpRequest) -> tuple[Account, Capacity | None]:
    assert isinstance(request.user, Account)
    return request.user, request.capacity or None  # type: ignore[attr-defined]
