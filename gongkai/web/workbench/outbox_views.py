"""待发消息页面: what was sent, what waits, what did not go; for administrators of the subtree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.web.ledger import outbox, vault
from gongkai.web.ledger.models import Message
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, lists, masking
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Act, Fact, when
from gongkai.web.shell.refusals import Refusal
from gongkai.web.workbench import outbox_forms
from gongkai.web.workbench.outbox_lists import TONES, spec, title, visible

MOST = 500  # sent again at once
State = Message.State


@acting(Role.ADMINISTRATOR)
def listed(request: HttpRequest) -> HttpResponseBase:
    """待发消息: newest first; several are sent again at once."""
    held = capacity_of(request)
    listing, rows = spec(held), visible(held)
    if request.method == "POST" and request.POST.get("act") == "retry":
        return _retried(request, lists.selected(request, listing, rows))
    return list_pages.show(
        request,
        listing,
        rows.select_related("to", "organ"),
        exported=lambda kind, count: exported(request, "outbox", kind, count),
    )


def _retried(request: HttpRequest, chosen: lists.Rows) -> HttpResponse:
    found = list(chosen.order_by().select_related("to")[: MOST + 1])
    if not found:
        messages.error(request, _("请先勾选消息。"))
    elif len(found) > MOST:
        messages.error(request, _("一次最多 %(most)d 条；请先用筛选缩小范围。") % {"most": MOST})
    else:
        done = sum(_tried(request, one) for one in found)
        said = _("%(count)d 条消息马上再发。") % {"count": done}
        if done < len(found):
            said += _("其余 %(count)d 条已发出或正在发送，没有改动。") % {
                "count": len(found) - done
            }
        messages.success(request, said)
    return redirect(request.get_full_path())


def _tried(request: HttpRequest, one: Message) -> bool:
    try:
        outbox.retry(one, act=doer(request).act)
    except outbox.NotWaiting:
        return False
    return True


@acting(Role.ADMINISTRATOR)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """消息页: to whom, what, how often tried and why it did not go."""
    return _page(request, _opened(request, pk))


@acting(Role.ADMINISTRATOR)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """立即再发: by one button."""
    one = _opened(request, pk)
    if request.method == "POST":
        try:
            outbox.retry(one, act=doer(request).act)
            messages.success(request, _("马上再发，稍后刷新看结果。"))
        except Refusal as refused:
            messages.error(request, str(refused.message))
    return redirect(_link(one))


@acting(Role.ADMINISTRATOR)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """不再发送: for a reason."""
    one = _opened(request, pk)
    return shell_forms.page(
        request,
        outbox_forms.Drop,
        lambda data: outbox.drop(one, act=doer(request).act, **data),
        to=_link,
        said=_("不再发送这条消息。"),
        context=_context(one, _("不再发送这条消息？"), submit=_("不再发送"), danger=True),
    )


@acting(Role.ADMINISTRATOR)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """查看收件地址: for a purpose, recorded; shown in the answer only."""
    one = _opened(request, pk)
    told: list[str] = []

    def act(data: dict[str, Any]) -> Message:
        told.append(vault.unmask(one.to, act=doer(request).act, organ=one.organ, **data))
        return one

    answer = shell_forms.page(
        request,
        outbox_forms.Reveal,
        act,
        to=_link,
        context=_context(one, _("查看收件地址"), submit=_("查看")),
    )
    if not told or answer.status_code != 302:
        return answer
    return _page(request, one, address=told[0])


# -- the page


def _opened(request: HttpRequest, pk: int) -> Message:
    rows = visible(capacity_of(request)).select_related("to", "organ")
    found: Message = get_object_or_404(rows, pk=pk)
    return found


def _link(one: Message) -> str:
    return reverse("outbox:message", args=[one.pk])


def _page(request: HttpRequest, one: Message, address: str = "") -> HttpResponse:
    shown = {
        **_context(one, title(one)),
        "message": one,
        "body": masking.text(one.body),
        "facts": list(_facts(one, address)),
        "acts": list(_acts(one)),
        "address": address or vault.shown(one.to),
        "reveal": "" if address or one.to.erased_at else reverse("outbox:reveal", args=[one.pk]),
    }
    answer = render(request, "workbench/message.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _context(one: Message, said: str, **more: Any) -> dict[str, Any]:
    crumbs = [(_("待发消息"), reverse("outbox:list"))]
    if said != title(one):
        crumbs.append((title(one), _link(one)))
    return {"title": said, "crumbs": crumbs, "cancel": _link(one), **more}


def _facts(one: Message, address: str) -> Iterator[Fact]:
    yield Fact(_("状态"), one.get_state_display(), badge=TONES[one.state])
    yield Fact(_("渠道"), one.get_channel_display())
    yield Fact(pgettext("of one row", "机关"), one.organ.name if one.organ else "")
    yield Fact(_("写入时间"), when(one.made_at))
    yield Fact(_("已试次数"), _("%(count)d / %(most)d") % _tries(one))
    if one.state == State.SENT:
        yield Fact(_("发出时间"), when(one.sent_at))
    if one.state == State.WAITING:
        yield Fact(_("下次发送"), when(one.next_at))
    if one.error:
        yield Fact(_("未发出的原因"), outbox.why(one), wide=True)


def _tries(one: Message) -> dict[str, int]:
    return {"count": one.attempts, "most": outbox.TRIES}


def _acts(one: Message) -> Iterator[Act]:
    if one.state in (State.WAITING, State.GIVEN_UP, State.DROPPED):
        retried = reverse("outbox:retry", args=[one.pk])
        yield Act(_("立即再发"), post=retried, tone="primary")
    if one.state in (State.WAITING, State.GIVEN_UP):
        yield Act(_("不再发送"), href=reverse("outbox:drop", args=[one.pk]))
