"""申请人查询: what who applied sees of an application by its tracking code, without an account."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.applications import tracking_access, tracking_actions, tracking_page
from gongkai.web.applications.models import Request
from gongkai.web.applications.tracking_actions import NAMES, What
from gongkai.web.applications.tracking_forms import Enter, Send
from gongkai.web.ledger import attachments
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import requests
from gongkai.web.shell.access import public

View = Callable[..., HttpResponseBase]


def _unlisted(view: View) -> View:
    """Kept by no cache and found by no search engine."""

    @functools.wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return answer

    return shown


def _known(view: View) -> View:
    """For who has shown the code a while ago; everybody else is asked for it."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = tracking_access.remembered(request)
        if found is None:
            messages.info(request, _("请输入查询码；查询后三十分钟内有效，过后需要重新输入。"))
            return redirect("tracking:start")
        return view(request, found, *args, **kwargs)

    return asked


@public
@_unlisted
def start(request: HttpRequest) -> HttpResponse:
    """查询办理情况: the code is asked for."""
    form = Enter(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status, late = 422, 0
        if form.is_valid():
            now = timezone.now()
            try:
                found = tracking_access.enter(
                    **form.cleaned_data, address=requests.address(request), at=now
                )
            except tracking_access.NotFound as refused:
                form.add_error(None, str(refused.message))
            except tracking_access.Slowed as slowed:
                form.add_error(None, str(slowed.message))
                status, late = 429, math.ceil((slowed.until - now).total_seconds())
            else:
                entered = redirect("tracking:case")
                tracking_access.remember(entered, found)
                return entered
        answer = _start(request, form, status)
        if late:
            answer["Retry-After"] = str(late)
        return answer
    return _start(request, form, status)


def _start(request: HttpRequest, form: Enter, status: int) -> HttpResponse:
    shown = {"plain": True, "form": form}
    return render(request, "applications/tracking_start.html", shown, status=status)


@require_GET
@public
@_unlisted
@_known
def case(request: HttpRequest, found: Request) -> HttpResponse:
    """办理情况: of every matter of the application."""
    shown = {"plain": True, **tracking_page.context(found, timezone.localdate())}
    return render(request, "applications/tracking_case.html", shown)


@public
@_unlisted
@_known
def send(request: HttpRequest, found: Request, part: int, what: str) -> HttpResponse:
    """提交材料: a correction, proof of payment, reasons, the wish to withdraw."""
    matter = found.matters.filter(part=part).select_related("organ", "request").first()
    try:
        wish = What(what)
    except ValueError:
        raise Http404 from None
    if matter is None:
        raise Http404
    at = timezone.now()
    asked = tracking_page.asked(matter, wish, timezone.localdate())
    if asked is None and request.method == "GET":
        messages.info(request, _("这件申请现在不需要提交这样的材料。"))
        return redirect("tracking:case")
    return shell_forms.page(
        request,
        Send,
        lambda data: tracking_actions.receive(matter=matter, what=wish, kept=data["kept"], at=at),
        to=lambda _received: reverse("tracking:case"),
        said=lambda one: (
            _("已收到您提交的%(what)s，回执号 %(receipt)s，请记下。")
            % {"what": NAMES[one.what], "receipt": one.receipt}
        ),
        template="applications/tracking_send.html",
        arguments={"matter": matter, "what": wish, "at": at},
        context={
            "plain": True,
            "title": tracking_page.TITLES[wish],
            "matter": matter,
            "asked": asked,
            "submit": _("声明撤回") if wish is What.WITHDRAWAL else _("提交"),
            "danger": wish is What.WITHDRAWAL,
            "cancel": reverse("tracking:case"),
        },
    )


@require_GET
@public
@_unlisted
@_known
def letter(request: HttpRequest, found: Request, pk: int) -> HttpResponseBase:
    """下载文书: one that was sent to the applicant of this very application."""
    one = tracking_page.letters(found).filter(pk=pk).first()
    if one is None or not tracking_page.is_for_applicant(one):
        raise Http404
    assert one.pdf is not None
    try:
        return attachments.serve(one.pdf)
    except attachments.Damaged:
        messages.error(request, _("文件暂时打不开，请与受理机关联系。"))
        return redirect("tracking:case")


@require_POST
@public
@_unlisted
def leave(request: HttpRequest) -> HttpResponse:
    """离开: the page is closed for this browser."""
    answer = redirect("tracking:start")
    tracking_access.forget(answer)
    messages.success(request, _("已退出查询。"))
    return answer
