"""一件申请的页面: the case, its acts, its people and files."""

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

from gongkai.statute.case_events import Act
from gongkai.statute.case_table import ACTS
from gongkai.web.applications import (
    case_acts,
    case_forms,
    case_page,
    life,
    matter_actions,
    people,
    queries,
    recording,
    words,
)
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import Asked
from gongkai.web.applications.intake_views import OFFICERS, READERS
from gongkai.web.applications.lists import NUMBER
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import attachments, events
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import people_queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting


def opened(request: HttpRequest, pk: int) -> Matter:
    """The matter of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_matters(capacity_of(request))
    related = ("request", "organ", "handler", "deadline", "merged_into")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def to_case(matter: Matter) -> str:
    """Back to the page."""
    return reverse("applications:case", args=[matter.pk])


@require_GET
@acting(*READERS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """案件页。"""
    matter = opened(request, pk)
    context = case_page.context(request, matter, doer(request), timezone.localdate())
    return render(request, "applications/case.html", context)


def _page(matter: Matter, title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "crumbs": case_page.crumbs(matter),
        "cancel": to_case(matter),
        "matter": matter,
        **more,
    }


# -- acts


@acting(*OFFICERS)
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """办理: the form of one act, made of its event."""
    matter = opened(request, pk)
    one = _act_of(act)
    if one in case_acts.ELSEWHERE:
        return redirect(case_acts.href(matter, one))
    by = doer(request)
    today = timezone.localdate(by.at)
    held = life.case_of(matter, as_of=today)
    offer = case_acts.offer_of(held, one, today)
    why = case_acts.why_not(matter, offer, by)
    if why and request.method == "GET":
        return render(
            request, "applications/cannot.html", _page(matter, str(said(ACTS[one])), why=why)
        )
    parties = list(matter.parties.select_related("name"))
    arguments = {
        "offer": offer,
        "case": held,
        "version": matter.version,
        "today": today,
        "parties": {party.key: case_page.called(parties, party.key) for party in parties},
    }
    made: list[case_forms.ActForm] = []

    def form(*args: Any, **kwargs: Any) -> case_forms.ActForm:
        made[:] = [case_forms.ActForm(*args, **kwargs)]
        return made[0]

    def done(data: dict[str, Any]) -> Matter:
        after = recording.act(by=by, matter=matter, event=made[0].event(), version=data["version"])
        files = data.get("files")
        if files:
            matter_actions.add_files(by=by, matter=after, files=files)
        if data.get("wanted"):
            matter_actions.reword(by=by, matter=after, text=data["wanted"])
        return after

    wanted = {"wanted": matter.text} if one is Act.CORRECT else {}
    return shell_forms.page(
        request,
        form,
        done,
        to=to_case,
        said=_("已登记：%(act)s。") % {"act": said(ACTS[one])},
        template="applications/act.html",
        initial=wanted | _prefilled(request),
        arguments=arguments,
        sure=_foreseen(by) if one in case_acts.SURE else None,
        stored=lambda: _stored(matter),
        context=_page(
            matter,
            str(said(ACTS[one])),
            submit=str(said(ACTS[one])),
            rests_on=said(offer.rests_on) if offer.rests_on else "",
        ),
    )


def _act_of(slug: str) -> Act:
    try:
        found = Act(slug.replace("-", "_"))
    except ValueError:
        raise Http404 from None
    if found in case_acts.NEVER_HERE and found not in case_acts.ELSEWHERE:
        raise Http404
    return found


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """Of a button that undoes: its reason and its party."""
    return {name: request.GET[name][:100] for name in ("reason", "party") if name in request.GET}


def _foreseen(by: Doer) -> Any:
    return lambda _result: events.foreseen(by.by, by.at)


def _stored(matter: Matter) -> Mapping[str, Any]:
    matter.refresh_from_db(fields=["version"])
    return {"version": matter.version}


# -- people


@acting(*OFFICERS)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """查看申请人信息: for a purpose, recorded; shown in the answer only."""
    matter = opened(request, pk)
    by = doer(request)
    told: list[list[tuple[str, list[Any]]]] = []

    def act(data: dict[str, Any]) -> Matter:
        told.append(people.unmask(by=by, matter=matter, purpose=data["purpose"]))
        return matter

    answer = shell_forms.page(
        request,
        case_forms.Purpose,
        act,
        to=to_case,
        context=_page(matter, _("查看申请人信息"), submit=_("查看")),
    )
    if not told or answer.status_code != 302:
        return answer
    context = _page(matter, _("申请人信息"), people=told[-1])
    shown = render(request, "applications/people.html", context)
    shown["Cache-Control"] = "no-store"
    return shown


# -- files


@acting(Role.HANDLER)
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """附卷。"""
    matter = opened(request, pk)
    by = doer(request)

    def act(data: dict[str, Any]) -> Matter:
        matter_actions.add_files(by=by, matter=matter, files=data["files"])
        return matter

    return shell_forms.page(
        request,
        case_forms.Paper,
        act,
        to=to_case,
        said=_("已附卷。"),
        context=_page(matter, _("附卷"), submit=_("附卷")),
    )


@require_GET
@acting(*READERS)
def file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """卷内文件: of the matter or of its request."""
    matter = opened(request, pk)
    for subject in (life.address(matter), f"request/{matter.request_id}"):
        found = ledger.attachments_of(subject).filter(pk=file).first()
        if found is not None:
            return _served(request, matter, found)
    raise Http404


def _served(request: HttpRequest, matter: Matter, found: Any) -> HttpResponseBase:
    try:
        return attachments.serve(found)
    except attachments.Damaged:
        messages.error(request, _("原件在存储中找不到或已损坏，请联系系统管理员。"))
        return redirect(to_case(matter))


# -- beside the acts


@acting(*OFFICERS)
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """交给其他经办人。"""
    matter = opened(request, pk)
    by = doer(request)
    capacity = capacity_of(request)
    handlers = people_queries.holders(capacity.organ, Role.HANDLER, timezone.localdate(by.at))
    return shell_forms.page(
        request,
        case_forms.Give,
        lambda data: matter_actions.give(
            by=by, matter=matter, version=data["version"], to=data["to"]
        ),
        to=to_case,
        said=lambda one: _("已交给 %(name)s。") % {"name": one.handler.name},
        initial={"version": matter.version, "to": matter.handler_id},
        arguments={"people": handlers},
        stored=lambda: _stored(matter),
        context=_page(matter, _("交给其他经办人"), submit=_("交办")),
    )


@acting(Role.HANDLER)
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """拆分: the part that is a matter of its own."""
    matter = opened(request, pk)
    by = doer(request)
    return shell_forms.page(
        request,
        case_forms.Split,
        lambda data: matter_actions.split(
            by=by,
            matter=matter,
            version=data["version"],
            text=data["text"],
            asked=Asked(data["title"], data["asked"]),
        ),
        to=to_case,
        said=lambda one: _("已拆出事项 %(number)s。") % {"number": words.number(one)},
        initial={"version": matter.version, "text": matter.text},
        stored=lambda: _stored(matter),
        sure=_foreseen(by),
        context=_page(
            matter,
            _("拆分"),
            submit=_("拆分"),
            intro=_(
                "拆出的事项沿用本事项到目前为止的经过和期限，此后各自办理、分别答复、分别计数。"
            ),
        ),
    )


@acting(Role.APPROVER)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """并入: another matter of the same request."""
    matter = opened(request, pk)
    by = doer(request)
    others = matter.request.matters.filter(is_open=True).exclude(pk=matter.pk)
    return shell_forms.page(
        request,
        case_forms.Merge,
        lambda data: matter_actions.merge(
            by=by, matter=matter, version=data["version"], into=data["into"]
        ),
        to=to_case,
        said=_("已并入。"),
        initial={"version": matter.version},
        arguments={"others": others.order_by("part")},
        stored=lambda: _stored(matter),
        sure=_foreseen(by),
        context=_page(
            matter,
            _("并入其他事项"),
            submit=_("并入"),
            intro=_("只能并入同一份申请的事项；本事项随之终止，不单独答复，不计入统计。"),
        ),
    )


@acting(Role.HANDLER)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """标记为相同申请。"""
    matter = opened(request, pk)
    by = doer(request)

    def act(data: dict[str, Any]) -> Matter:
        matter_actions.link(
            by=by, matter=matter, other=_named(request, data["number"]), kind=data["kind"]
        )
        return matter

    return shell_forms.page(
        request,
        case_forms.Linked,
        act,
        to=to_case,
        said=_("已标记。"),
        initial={"number": request.GET.get("number", "")[:20]},
        context=_page(matter, _("标记为相同申请"), submit=_("标记")),
    )


def _named(request: HttpRequest, number: str) -> Matter:
    """The matter of a number, among those that may be seen; raises SameMatter."""
    found = NUMBER.fullmatch(number.strip())
    one = None
    if found:
        rows = queries.visible_matters(capacity_of(request)).select_related("request")
        part = int(found[3]) if found[3] else 1
        one = rows.filter(
            request__year=int(found[1]), request__number=int(found[2]), part=part
        ).first()
    if one is None:
        raise matter_actions.SameMatter(
            _("没有这个编号的事项，请核对；编号如 2026-12 或者 2026-12-3。"), field="number"
        )
    return one


@acting(Role.HANDLER)
def applicant_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """改变申请人类别: with its reason."""
    matter = opened(request, pk)
    by = doer(request)
    return shell_forms.page(
        request,
        case_forms.Kind,
        lambda data: matter_actions.change_kind(
            by=by,
            matter=matter,
            version=data["version"],
            kind=data["kind"],
            reason=data["reason"],
        ),
        to=to_case,
        said=_("已改变申请人类别。"),
        initial={"version": matter.version, "kind": matter.kind},
        stored=lambda: _stored(matter),
        context=_page(matter, _("改变申请人类别")),
    )
