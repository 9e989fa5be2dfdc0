"""监督的页面: key cases, reminders, and the cases drawn for a file check."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.applications import intake_page, matter_actions, queries, samples, words
from gongkai.web.applications.case_page import crumbs
from gongkai.web.applications.case_views import opened, to_case
from gongkai.web.organs import reminder_queries
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.reminder_actions import Note
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import exports, lists
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.refusals import Refusal


class Remind(forms.Form):
    """提醒."""

    words = forms.CharField(
        label=_("提醒的内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=_("请于此日前办理"), widget=DateInput, required=False)


@acting(Role.SUPERVISOR)
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """提醒本机关办理这一事项。"""
    matter = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    return shell_forms.page(
        request,
        Remind,
        lambda data: matter_actions.remind(
            by=by, matter=matter, note=Note(data["words"], data["due_on"])
        ),
        to=lambda _made: to_case(matter),
        said=_now("已提醒。"),
        initial={"due_on": reminder_queries.due_by_default(matter.organ, today)},
        context={
            "title": _now("提醒办理"),
            "crumbs": crumbs(matter),
            "cancel": to_case(matter),
            "submit": _now("提醒"),
            "intro": f"{words.number(matter)} {matter.title}",
        },
    )


@require_POST
@acting(Role.SUPERVISOR)
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """列为重点件，或不再列为。"""
    matter = opened(request, pk)
    version = lists.number(request.POST.get("version", "")) or 0
    try:
        matter_actions.mark_key(
            by=doer(request),
            matter=matter,
            version=version,
            is_key=request.POST.get("key") == "yes",
        )
    except Refusal as refused:
        messages.error(request, str(refused.message))
    return redirect(to_case(matter))


class Draw(forms.Form):
    """抽取案卷."""

    first = forms.DateField(label=_("办结日期从"), widget=DateInput)
    last = forms.DateField(label=_("到"), widget=DateInput)
    count = forms.IntegerField(label=_("抽几件"), min_value=1, max_value=samples.MOST)
    seed = forms.IntegerField(
        label=_("抽取号"),
        min_value=1,
        max_value=999999,
        help_text=_("同一抽取号、同样的条件，抽出同样的案卷；可以公开抽取后填写。"),
    )


def usual(today: date) -> dict[str, Any]:
    """What is drawn where nothing is said: ten of this year."""
    return {"first": date(today.year, 1, 1), "last": today, "count": 10, "seed": today.day}


@require_GET
@acting(Role.SUPERVISOR)
def sample(request: HttpRequest) -> HttpResponseBase:
    """案卷评查: draws closed cases, shows them, hands out the score sheet."""
    today = timezone.localdate()
    form = Draw(request.GET) if "seed" in request.GET else Draw(initial=usual(today))
    drawn: list[Any] = []
    if form.is_bound and form.is_valid():
        rows = queries.visible_matters(capacity_of(request))
        given = form.cleaned_data
        drawn = samples.drawn(rows, given["first"], given["last"], given["count"], given["seed"])
        if request.GET.get("export") == "xlsx":
            exported(request, "applications", "xlsx", len(drawn))
            return _sheet(drawn, given["seed"])
    context = {
        "form": form,
        "drawn": [(one, words.number(one), words.outcome(one)) for one in drawn],
        "asked": form.is_bound and form.is_valid(),
        "items": samples.ITEMS,
        "total": sum(item.points for item in samples.ITEMS),
        "crumbs": intake_page.crumbs(),
        "keep": f"{reverse('applications:check_new')}?{request.GET.urlencode()}" if drawn else "",
        "export": f"?{request.GET.urlencode()}&export=xlsx" if drawn else "",
    }
    return render(request, "applications/sample.html", context)


def _sheet(drawn: list[Any], seed: int) -> HttpResponseBase:
    headings = [
        _now("编号"),
        _now("事由"),
        _now("机关"),
        _now("经办人"),
        _now("办结日期"),
        _now("评查项目"),
        _now("看什么"),
        _now("满分"),
        _now("得分"),
        _now("意见"),
    ]
    title = _now("案卷评查")
    return exports.sheet(f"{title}_{seed}.xlsx", headings, samples.sheet(drawn), title=title)
