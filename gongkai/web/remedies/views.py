"""复议诉讼的页面: the lists, table 4 as it stands, one remedy, its acts and papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.statute import remedies as law
from gongkai.statute.remedies import Against
from gongkai.statute.remedy_events import Act
from gongkai.statute.remedy_results import Kind
from gongkai.web.applications import case_views, letter_content
from gongkai.web.applications import life as matters
from gongkai.web.applications import words as application_words
from gongkai.web.applications.case_forms import Paper
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake_views import OFFICERS, READERS
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import attachments, events
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.remedies import forms, life, lists, queries, recording, remedy_page, table
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages
from gongkai.web.shell.access import Role, acting


@acting(*READERS)
def remedies(request: HttpRequest, tab: str = lists.OPEN) -> HttpResponseBase:
    """复议诉讼: 在审、已审结、全部。"""
    capacity = capacity_of(request)
    rows = lists.in_tab(queries.visible_remedies(capacity), tab)
    related = ("matter__request", "organ", "after")
    return list_pages.show(
        request,
        lists.spec(capacity, tab, timezone.localdate()),
        rows.select_related(*related).prefetch_related("matter__request__matters"),
        template="remedies/list.html",
        context={"tabs": lists.tabs(tab)},
        exported=lambda kind, count: exported(request, "remedies", kind, count),
    )


@require_GET
@acting(*READERS)
def table_four(request: HttpRequest) -> HttpResponse:
    """表四: of a year, as it stands; each figure leads to what it counts."""
    today = timezone.localdate()
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else today.year
    context = table.context(capacity_of(request), year, today)
    return render(request, "remedies/table.html", {**context, "tabs": lists.tabs(lists.TABLE)})


def opened(request: HttpRequest, pk: int) -> Remedy:
    """The remedy of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_remedies(capacity_of(request))
    related = ("matter__request", "matter__organ", "organ", "after__matter__request")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def to_remedy(remedy: Remedy) -> str:
    """Back to the page."""
    return reverse("remedies:remedy", args=[remedy.pk])


@require_GET
@acting(*READERS)
def remedy(request: HttpRequest, pk: int) -> HttpResponse:
    """一件复议、诉讼。"""
    one = opened(request, pk)
    context = remedy_page.context(one, doer(request), timezone.localdate())
    return render(request, "remedies/remedy.html", context)


def page_of(one: Remedy, title: str, **more: Any) -> dict[str, Any]:
    """What a page of a remedy's form shows around it."""
    return {
        "title": title,
        "crumbs": remedy_page.crumbs(one),
        "cancel": to_remedy(one),
        "submit": title,
        **more,
    }


# -- how one begins


@acting(Role.HANDLER)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """登记复议、诉讼: against the answer of a matter, or its silence."""
    matter = case_views.opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    case = matters.case_of(matter, as_of=today)
    against = recording.attackable(case, today)
    title = _("登记复议、诉讼")
    page = {
        "title": title,
        "crumbs": [
            *remedy_page.crumbs(Remedy(), here=True),
            (f"{application_words.number(matter)} {matter.title}", case_views.to_case(matter)),
        ],
        "cancel": case_views.to_case(matter),
        "submit": title,
        "matter": matter,
    }
    if against is None:
        why = recording.nothing_to_attack(case)
        return render(request, "remedies/cannot.html", {**page, "why": why}, status=200)
    before = recording.before_suit(matter, today)
    made: list[forms.Begin] = []

    def form(*args: Any, **kwargs: Any) -> forms.Begin:
        made[:] = [forms.Begin(*args, **kwargs)]
        return made[0]

    def act(data: dict[str, Any]) -> Remedy:
        given = recording.Given(
            made[0].event(),
            Against(data["known"], against.decided, against.conclusion, data["told"] == "yes"),
            third_party=data["third_party"] == "yes",
            after=data.get("after"),
        )
        return recording.begin(by=by, matter=matter, given=given, files=data.get("files") or ())

    def foreseen(one: Remedy) -> list[str]:
        return [*events.foreseen(by.by, by.at), *_warnings(one)]

    return shell_forms.page(
        request,
        form,
        act,
        to=to_remedy,
        said=_("已登记。"),
        template="applications/act.html",
        initial={
            "known": against.known,
            "on": today,
            "kind": Kind.SUIT_AFTER if before else Kind.RECONSIDERATION,
            "body": "" if before else _usual_body(matter, by),
            "after": before[-1] if before else None,
        },
        arguments={"today": today, "before": before},
        sure=foreseen,
        context=page,
    )


def _usual_body(matter: Matter, by: Doer) -> str:
    """Who hears reconsideration of the organ's acts, by the day of the answer."""
    on = matter.closed_on or timezone.localdate(by.at)
    found = organ_queries.reconsideration_on(matter.organ, on)
    return found.body_name if found else ""


def _warnings(one: Remedy) -> list[str]:
    found = life.proceeding_of(one)
    others = [life.proceeding_of(other) for other in queries.others(one)]
    remarks = law.remarks(found, others, letter_content.conventions(one.organ))
    return [str(said(remark.text)) for remark in remarks]


# -- what happens in it


@acting(*OFFICERS)
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """登记一步: the form of one act, made of its event."""
    one = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    found = life.proceeding_of(one)
    try:
        chosen = Act(act.replace("-", "_"))
    except ValueError:
        raise Http404 from None
    offer = forms.offer_of(found, chosen, today)
    if offer is None or chosen is Act.FILE:
        raise Http404
    label = str(said(offer.label))
    why = remedy_page.why_not(one, offer, by)
    if why and request.method == "GET":
        return render(request, "remedies/cannot.html", page_of(one, label, why=why))
    made: list[forms.ActForm] = []

    def form(*args: Any, **kwargs: Any) -> forms.ActForm:
        made[:] = [forms.ActForm(*args, **kwargs)]
        return made[0]

    def done(data: dict[str, Any]) -> Remedy:
        return recording.act(
            by=by,
            remedy=one,
            event=made[0].event(),
            version=data["version"],
            files=data.get("files") or (),
        )

    return shell_forms.page(
        request,
        form,
        done,
        to=to_remedy,
        said=_("已登记：%(act)s。") % {"act": label},
        template="remedies/act.html",
        arguments={"offer": offer, "found": found, "version": one.version, "today": today},
        sure=_foreseen(by, chosen, found) if chosen in remedy_page.SURE else None,
        stored=lambda: _stored(one),
        context=page_of(
            one, label, remedy=one, rests_on=said(offer.rests_on) if offer.rests_on else ""
        ),
    )


def _foreseen(by: Doer, act: Act, found: law.Proceeding) -> Any:
    stays = remedy_page.not_undone(found) if act is Act.RETRACT else ""
    more = [stays] if stays else []
    return lambda _after: [*events.foreseen(by.by, by.at), *more]


def _stored(one: Remedy) -> Mapping[str, Any]:
    one.refresh_from_db(fields=["version"])
    return {"version": one.version}


@acting(Role.HANDLER)
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """案号。"""
    one = opened(request, pk)
    by = doer(request)
    return shell_forms.page(
        request,
        forms.Number,
        lambda data: recording.number(
            by=by, remedy=one, number=data["number"], version=data["version"]
        ),
        to=to_remedy,
        said=_("案号已改。"),
        initial={"number": one.case_number, "version": one.version},
        stored=lambda: _stored(one),
        context=page_of(one, _("改案号")),
    )


# -- its file


@acting(Role.HANDLER)
def file_add(request: HttpRequest, pk: int) -> HttpResponse:
    """附卷。"""
    one = opened(request, pk)
    by = doer(request)

    def act(data: dict[str, Any]) -> Remedy:
        recording.add_files(by=by, remedy=one, files=data["files"])
        return one

    return shell_forms.page(
        request, Paper, act, to=to_remedy, said=_("已附卷。"), context=page_of(one, _("附卷"))
    )


@require_GET
@acting(*READERS)
def file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """卷内文件。"""
    one = opened(request, pk)
    found = get_object_or_404(ledger.attachments_of(life.address(one)), pk=file)
    try:
        return attachments.serve(found)
    except attachments.Damaged:
        messages.error(request, _("原件在存储中找不到或已损坏，请联系系统管理员。"))
        return redirect(to_remedy(one))
