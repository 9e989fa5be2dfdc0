"""登记的页面: registering an application, what is told meanwhile, and its receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.web.applications import intake, intake_page, queries, receipts
from gongkai.web.applications.intake_forms import Register
from gongkai.web.applications.models import Request
from gongkai.web.organs.doing import doer
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import kept, once
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.refusals import Refusal

OFFICERS = (Role.HANDLER, Role.REVIEWER, Role.APPROVER)
READERS = (*OFFICERS, Role.SUPERVISOR)
_AGAIN = ("_more_asker", "_more_matter", "_check")


@acting(Role.HANDLER)
def new(request: HttpRequest) -> HttpResponse:
    """登记申请。"""
    by = doer(request)
    capacity = capacity_of(request)
    today = timezone.localdate(by.at)
    given = {"organ": capacity.organ, "today": today}
    context: dict[str, Any] = {
        "title": _("登记申请"),
        "crumbs": intake_page.crumbs(),
        "hints_url": reverse("applications:hints"),
    }
    pressed = next((name for name in _AGAIN if name in request.POST), "")
    if pressed:
        return _again(request, pressed.removeprefix("_more_"), given, context)
    held: list[Register] = []

    def made(*args: Any, **kwargs: Any) -> Register:
        held[:] = [Register(*args, **kwargs)]
        return held[0]

    def act(data: dict[str, Any]) -> Request:
        files = data["files"]
        return intake.register(by=by, organ=capacity.organ, paper=held[0].paper(), files=files)

    answer = shell_forms.page(
        request,
        made,
        act,
        to=lambda one: reverse("applications:request", args=[one.pk]),
        said=lambda one: _("已登记，登记号 %(number)s。") % {"number": intake.number_of(one)},
        template="applications/new.html",
        arguments=given,
        context=context | {"hints": _Later(held, request, today)},
        autosave=True,
    )
    if answer.status_code == 302 and held:
        for one in intake_page.typed(held[0], capacity, today).about:
            for doubt in one.doubts:
                messages.warning(request, doubt)
    return answer


class _Later:
    """Hints of the form that the page shows, made when the page asks for them."""

    def __init__(self, held: list[Register], request: HttpRequest, today: Any) -> None:
        self.held, self.request, self.today = held, request, today

    def made(self) -> Any:
        form = self.held[-1]
        return intake_page.typed(form, capacity_of(self.request), self.today)


def _again(
    request: HttpRequest, what: str, given: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """The form as typed, with one block more, or with what can be told of it."""
    typed = Register(request.POST, **given).with_one_more(what)
    form = Register(initial=typed, **given)
    shown = {
        **context,
        "form": form,
        "once": request.POST.get("_once") or once.token(),
        "author": kept.author_token(request),
        "autosave": True,
        "hints": _Later([form], request, given["today"]),
    }
    return render(request, "applications/new.html", shown)


@require_POST
@acting(Role.HANDLER)
def hints(request: HttpRequest) -> HttpResponse:
    """边填边看: a part of the page, asked for while one types."""
    today = timezone.localdate()
    capacity = capacity_of(request)
    form = Register(request.POST, organ=capacity.organ, today=today)
    return render(
        request, "applications/hints.html", {"told": intake_page.typed(form, capacity, today)}
    )


def opened(request: HttpRequest, pk: int) -> Request:
    """The request of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_requests(capacity_of(request)).select_related("organ", "by")
    return get_object_or_404(rows, pk=pk)


@acting(*READERS)
def registered(request: HttpRequest, pk: int) -> HttpResponse:
    """登记结果: number, tracking code, days and why, its matters."""
    one = opened(request, pk)
    context = intake_page.registered(one, capacity_of(request))
    return render(request, "applications/request.html", context)


@require_POST
@acting(Role.HANDLER)
def mail_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """登记回执发往申请人的电子邮箱。"""
    one = opened(request, pk)
    try:
        receipts.mailed(by=doer(request), request=one)
    except Refusal as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("登记回执将发往申请人的电子邮箱。"))
    return redirect("applications:request", pk=pk)


@require_POST
@acting(*OFFICERS)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """登记回执: to be printed; it names the applicant, and so that it was printed is an event."""
    one = opened(request, pk)
    by = doer(request)
    context = {"receipt": receipts.printed(by=by, request=one), "asked": one}
    answer = render(request, "applications/receipt.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
