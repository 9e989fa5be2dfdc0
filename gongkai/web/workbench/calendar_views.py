"""放假安排页面: every role looks; supervisors of a root organ enter a year or take one back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.statute import notices
from gongkai.statute.workdays import HOLIDAYS
from gongkai.web.ledger import calendar_actions, calendars, deadlines
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.doing import doer
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import exports, failures, kept, once
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting, signed_in
from gongkai.web.shell.look import Act
from gongkai.web.shell.refusals import Refusal
from gongkai.web.workbench import calendar_forms, calendar_page


@require_GET
@signed_in
def years(request: HttpRequest) -> HttpResponse:
    """各年度: which years are on record, and by whom."""
    may = calendar_page.is_root_supervisor(_held(request))
    acts = [Act(_("录入"), href=reverse("calendar:enter"), tone="primary")] if may else []
    shown = {"years": calendar_page.years(timezone.localdate()), "acts": acts}
    return render(request, "workbench/calendar.html", shown)


@require_GET
@signed_in
def year(request: HttpRequest, year: int) -> HttpResponse:
    """一年的安排: twelve months, every break, what was entered."""
    if year not in calendar_page.bounds(timezone.localdate()):
        raise Http404
    one = next((y for y in calendars.on_record() if y.year == year), None)
    shown = calendar_page.shown(year, calendars.current())
    shown |= {
        "source": calendar_page.source(one) if one else "",
        "acts": calendar_page.acts(_held(request), year, one),
        "entries": calendars.entered_for(year),
        "crumbs": _crumbs(),
    }
    return render(request, "workbench/calendar_year.html", shown)


@require_GET
@acting(Role.SUPERVISOR)
def template(request: HttpRequest) -> HttpResponseBase:
    """空白表: a row for each holiday."""
    names = (text.zh for key, text in HOLIDAYS.items() if key != "national_mid_autumn")
    rows = ([name, "", "", ""] for name in names)
    return exports.sheet("放假安排.xlsx", list(notices.HEADINGS), rows, title="放假安排")


@acting(Role.SUPERVISOR)
def enter(request: HttpRequest) -> HttpResponse:
    """录入: what was understood is shown beside what was pasted; only then it is entered."""
    if not calendar_page.is_root_supervisor(_held(request)):
        return failures.forbidden(request, needed=())
    if request.method == "POST" and not {"_sure", "_back"} & set(request.POST):
        return _checked(request)

    def act(data: dict[str, Any]) -> calendar_actions.Entered:
        by = doer(request)
        reading = notices.read(data["text"], year=data["year"])
        return calendar_actions.enter(
            act=by.act,
            organ=capacity_of(request).organ,
            reading=reading,
            today=timezone.localdate(),
        )

    return shell_forms.page(
        request,
        calendar_forms.Enter,
        act,
        to=lambda done: calendar_page.link(done.notice.year),
        said=lambda done: _said(_("已录入 %(year)d 年放假安排。"), done, request),
        template="workbench/calendar_enter.html",
        initial={"year": request.GET.get("year", "")[:4]},
        context=_entering(),
    )


def _entering() -> dict[str, Any]:
    return {
        "title": _("录入放假安排"),
        "submit": _("核对"),
        "cancel": reverse("calendar:list"),
        "crumbs": _crumbs(),
        "acts": [Act(_("下载空白表"), href=reverse("calendar:template"))],
    }


def _checked(request: HttpRequest) -> HttpResponse:
    """What was understood, as days and as consequences; nothing is written."""
    form = calendar_forms.Enter(request.POST, request.FILES)
    context = _entering() | {"once": once.token(), "author": kept.author_token(request)}
    if not form.is_valid():
        return render(
            request, "workbench/calendar_enter.html", {**context, "form": form}, status=422
        )
    text, typed_year = form.cleaned_data["text"], form.cleaned_data["year"]
    reading = notices.read(text, year=typed_year)
    context |= {
        "form": calendar_forms.Enter(initial={"text": text, "year": typed_year}),
        "text": text,
        "typed_year": typed_year or "",
        "reading": reading,
        "problems": calendar_page.told(reading, rows="\t" in text),
    }
    try:
        calendar = calendars.with_reading(reading, timezone.localdate())
    except Refusal as refused:
        context["refused"] = str(refused.message)
    else:
        done = deadlines.foreseen(calendar)
        context["consequences"] = calendar_page.consequences(done, _held(request))
        context |= calendar_page.shown(reading.year or 0, calendar)
    return render(request, "workbench/calendar_check.html", context)


@acting(Role.SUPERVISOR)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤下: the arrangement before it counts again."""
    if not calendar_page.is_root_supervisor(_held(request)):
        return failures.forbidden(request, needed=())
    one = get_object_or_404(calendars.entries(), pk=pk)
    try:
        done = deadlines.foreseen(calendars.without(one))
        consequences = calendar_page.consequences(done, _held(request))
    except Refusal as refused:
        consequences = [str(refused.message)]

    def act() -> calendar_actions.Entered:
        organ = capacity_of(request).organ
        return calendar_actions.withdraw(act=doer(request).act, organ=organ, notice=one)

    return shell_forms.confirmed(
        request,
        act,
        to=lambda done: calendar_page.link(one.year),
        said=lambda done: _said(_("已撤下 %(year)d 年的这一安排。"), done, request),
        context={
            "title": _("撤下 %(year)d 年的放假安排？") % {"year": one.year},
            "text": _("撤下后，这一年改用之前的安排；没有之前的安排的，按暂定计算。"),
            "consequences": consequences,
            "submit": _("撤下"),
            "danger": True,
            "cancel": calendar_page.link(one.year),
            "crumbs": [*_crumbs(), (str(one.year), calendar_page.link(one.year))],
        },
    )


def _said(words: str, done: calendar_actions.Entered, request: HttpRequest) -> str:
    told = calendar_page.brief(done.recomputed, _held(request))
    return words % {"year": done.notice.year} + told


def _held(request: HttpRequest) -> Capacity | None:
    return request.capacity or None  # type: ignore[attr-defined]


def _crumbs() -> list[tuple[str, str]]:
    return [(_("放假安排"), reverse("calendar:list"))]
