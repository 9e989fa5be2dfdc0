"""更正申请的页面 (Art 41): the list, one of them, its acts, its papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gongkai.statute import side_matters
from gongkai.statute.side_matters import EVENTS, SETTLEMENTS, TABLE, Act, Event, Settlement, State
from gongkai.statute.transitions import DUTIES, Duty, Offer
from gongkai.web.applications import (
    correction_actions,
    helps,
    intake_page,
    letter_actions,
    letter_page,
    lists,
    queries,
    recording,
)
from gongkai.web.applications.case_acts import Off
from gongkai.web.applications.case_forms import Paper
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.intake_views import OFFICERS, READERS
from gongkai.web.applications.models import Correction, Request
from gongkai.web.ledger import attachments, events
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, masking
from gongkai.web.shell import lists as shell_lists
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.look import Entry, Fact, when

NEXT = {State.ASKED: Act.SETTLE, State.DECIDED: Act.TELL, State.TOLD: Act.ARCHIVE}


# -- the list


def _spec(supervisor: bool, today: date) -> shell_lists.Spec:
    def number(one: Any) -> shell_lists.Cell:
        return shell_lists.Cell(
            number_of(one.request), href=reverse("applications:correction", args=[one.pk])
        )

    organ = shell_lists.Column("organ", pgettext_lazy("of one row", "机关"), lambda c: c.organ.name)
    years = [(str(y), str(y)) for y in range(today.year, lists.FIRST_YEAR - 1, -1)]
    return shell_lists.Spec(
        id="corrections",
        title=_("更正申请"),
        columns=(
            shell_lists.Column(
                "number", _("编号"), number, value=lambda c: number_of(c.request), narrow=True
            ),
            shell_lists.Column(
                "record",
                _("要求更正的记录"),
                lambda c: masking.text(c.record) if supervisor else c.record,
            ),
            *((organ,) if supervisor else ()),
            shell_lists.Column(
                "state",
                _("状态"),
                lambda c: shell_lists.Cell(state(c), badge="warn" if c.is_open else "ok"),
                value=state,
                narrow=True,
            ),
            shell_lists.Column("settlement", _("处理"), settlement),
            shell_lists.Column(
                "registered",
                _("登记时间"),
                lambda c: when(c.at),
                sort=("at",),
                value=lambda c: c.at,
            ),
        ),
        order="-registered",
        filters=(
            shell_lists.Filter(
                "state",
                _("状态"),
                lambda rows, value: rows.filter(state=value),
                choices=lambda: [(one.value, said(t)) for one, t in TABLE.states.items()],
            ),
            shell_lists.Filter(
                "settlement",
                _("处理"),
                lambda rows, value: rows.filter(settlement=value),
                choices=lambda: [(one.value, said(t)) for one, t in SETTLEMENTS.items()],
            ),
            shell_lists.Filter(
                "year",
                _("登记年度"),
                lambda rows, value: rows.filter(request__year=value),
                choices=lambda: years,
            ),
            lists.helped("request"),
        ),
        # What a supervisor reads masked is not to be guessed by searching either.
        search=_by_number if supervisor else _found,
        search_hint=_("编号") if supervisor else _("编号、要求更正的记录"),
        empty_title=_("没有更正申请"),
        empty_text=_("登记申请时事项选“申请更正本人信息”的，列在这里。"),
    )


def _by_number(rows: shell_lists.Rows, wanted: str) -> shell_lists.Rows:
    number = lists.NUMBER.fullmatch(wanted.strip())
    if number is None:
        return rows.none()
    return rows.filter(request__year=int(number[1]), request__number=int(number[2]))


def _found(rows: shell_lists.Rows, wanted: str) -> shell_lists.Rows:
    if lists.NUMBER.fullmatch(wanted.strip()):
        return _by_number(rows, wanted)
    return rows.filter(record__icontains=wanted)


def state(one: Correction) -> str:
    """What its state is called."""
    return str(said(TABLE.states[State(one.state)]))


def settlement(one: Correction) -> str:
    """How it was settled; nothing while it is open."""
    return str(said(SETTLEMENTS[Settlement(one.settlement)])) if one.settlement else ""


@acting(*READERS)
def corrections(request: HttpRequest) -> HttpResponseBase:
    """更正申请的列表, with how many were settled how this year: no table counts them."""
    capacity = capacity_of(request)
    today = timezone.localdate()
    rows = queries.visible_corrections(capacity)
    of_year = rows.filter(request__year=today.year)
    told = of_year.exclude(settlement="").values_list("settlement").annotate(n=Count("pk"))
    counts = _now("、").join(
        _now("%(settlement)s %(count)d 件")
        % {"settlement": said(SETTLEMENTS[Settlement(one)]), "count": n}
        for one, n in told.order_by("settlement")
    )
    asked = queries.visible_requests(capacity).filter(kind=Request.Kind.CORRECTION)
    helped = helps.counted(asked, today.year)
    counts = _now("%(counts)s。") % {"counts": counts} if counts else ""
    intro = _now("%(year)d 年登记 %(count)d 件。") % {"year": today.year, "count": of_year.count()}
    return list_pages.show(
        request,
        _spec(capacity.role is Role.SUPERVISOR, today),
        rows.select_related("request", "organ"),
        template="applications/list.html",
        context={
            "tabs": lists.tabs(capacity, lists.CORRECTIONS),
            "intro": " ".join(one for one in (f"{intro}{counts}", helped) if one),
        },
        exported=lambda kind, count: exported(request, "corrections", kind, count),
    )


# -- one of them


def opened(request: HttpRequest, pk: int) -> Correction:
    """The correction of an address, for whoever may see it."""
    rows = queries.visible_corrections(capacity_of(request))
    return get_object_or_404(rows.select_related("request", "organ", "handler"), pk=pk)


def called(one: Correction) -> str:
    """更正申请 2026-12."""
    return _now("更正申请 %(number)s") % {"number": number_of(one.request)}


def to_correction(one: Correction) -> str:
    """Its page."""
    return reverse("applications:correction", args=[one.pk])


def crumbs(one: Correction | None = None) -> list[tuple[str, str]]:
    """From the list of applications down to the page above this one."""
    found = [*intake_page.crumbs(), (_now("更正申请"), reverse("applications:corrections"))]
    if one is not None:
        found.append((number_of(one.request), to_correction(one)))
    return found


@require_GET
@acting(*READERS)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """一件更正申请。"""
    one = opened(request, pk)
    by = doer(request)
    supervisor = capacity_of(request).role is Role.SUPERVISOR
    can, cannot = _acts(one, by, timezone.localdate(by.at))
    people = one.request.applicants.select_related("name", "identity", "phone", "email", "address")
    context = {
        "one": one,
        "title": called(one),
        "crumbs": crumbs(),
        "state": state(one),
        "tone": "warn" if one.is_open else "ok",
        "record": masking.text(one.record) if supervisor else one.record,
        "settlement": settlement(one),
        "evidence": [] if supervisor else correction_actions.standing(one).evidence,
        "can": can,
        "cannot": cannot,
        "applicants": [intake_page.applicant_facts(person) for person in people],
        "letters": letter_page.rows(one),
        "writes": letter_actions.writes(by, one),
        "drafts": reverse("applications:correction_letter_choose", args=[one.pk]),
        "files": _files(one),
        "adds": recording.does(by, one.organ, Duty.HANDLE),
        "helped": list(_helped(one, supervisor)),
        "history": [
            Entry(row.at, events.sentence(row), events.who(row), _note(row.new, supervisor))
            for row in ledger.events_of(correction_actions.address(one))[:200]
        ],
    }
    return render(request, "applications/correction.html", context)


def _note(new: dict[str, Any], supervisor: bool) -> str:
    event = new.get("event")
    if not event:
        return ""
    told = [str(event["on"])]
    if event.get("settlement"):
        told.append(str(said(SETTLEMENTS[Settlement(event["settlement"])])))
    told += [str(event[name]) for name in ("organ", "reason", "evidence") if event.get(name)]
    note = " · ".join(told)
    return masking.text(note) if supervisor else note


def _helped(one: Correction, supervisor: bool) -> Iterator[Fact]:
    helped = helps.of_request(one.request)
    if helped is not None:
        yield intake_page.help_fact(one.request, helped, not supervisor)


def _files(one: Correction) -> list[tuple[str, str, Any, str]]:
    return [
        (
            found.name,
            reverse("applications:correction_file", args=[one.pk, found.pk]),
            found.at,
            found.by.name if found.by else "",
        )
        for subject in _subjects(one)
        for found in ledger.attachments_of(subject)
    ]


def _subjects(one: Correction) -> tuple[str, str]:
    return f"request/{one.request_id}", correction_actions.address(one)


def _acts(one: Correction, by: Doer, today: date) -> tuple[list[Any], list[Off]]:
    """What this person can do now, and what not, with why."""
    now = correction_actions.standing(one)
    can: list[Any] = []
    cannot: list[Off] = []
    for offer in side_matters.acts(now, max(today, now.latest)):
        label = str(said(offer.label))
        why = _why_not(one, offer, by)
        if offer.act is Act.ASK or (why and not offer.here):
            continue
        if why:
            cannot.append(Off(label, why))
            continue
        slug = offer.act.value.replace("_", "-")
        href = reverse("applications:correction_do", args=[one.pk, slug])
        can.append((label, href, now.state is not None and NEXT.get(now.state) is offer.act))
    return can, cannot


def _why_not(one: Correction, offer: Offer[Act], by: Doer) -> str:
    if not offer.may:
        return str(said(offer.why_not)) if offer.why_not else _now("现在不能办理。")
    duty = offer.duty or Duty.HANDLE
    if not recording.does(by, one.organ, duty):
        return _now("由本机关履行“%(duty)s”职责的人办理。") % {"duty": said(DUTIES[duty])}
    return ""


# -- its acts


class ActForm(forms.Form):
    """一步: the fields of its event."""

    on = forms.DateField(label=_("日期"), widget=DateInput)

    def __init__(self, *args: Any, act: Act, version: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("on", today)
        area = forms.Textarea(attrs={"rows": 3})
        if act is Act.PROVE:
            self.fields["evidence"] = forms.CharField(label=_("证据"), max_length=2000, widget=area)
        if act is Act.SETTLE:
            choices = [(one.value, said(text)) for one, text in SETTLEMENTS.items()]
            self.fields["settlement"] = forms.ChoiceField(
                label=_("处理"), choices=[("", _("请选择")), *choices]
            )
            self.fields["organ"] = forms.CharField(
                label=_("有权更正的机关"),
                max_length=120,
                required=False,
                help_text=_("转送、告知的，写明是哪个机关。"),
            )
            self.fields["reason"] = forms.CharField(
                label=_("理由"),
                max_length=2000,
                required=False,
                widget=area,
                help_text=_("不予更正的，写明理由。"),
            )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)

    def event(self) -> Event:
        """The event typed."""
        data = self.cleaned_data
        if self.act is Act.SETTLE:
            return side_matters.Settled(
                data["on"], Settlement(data["settlement"]), data["organ"], data["reason"]
            )
        if self.act is Act.PROVE:
            return side_matters.EvidenceAdded(data["on"], data["evidence"])
        made: Event = EVENTS[self.act](data["on"])
        return made


@acting(*OFFICERS)
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """登记一步。"""
    one = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    try:
        chosen = Act(act.replace("-", "_"))
    except ValueError:
        raise Http404 from None
    if chosen is Act.ASK:
        raise Http404
    now = correction_actions.standing(one)
    offers = side_matters.acts(now, max(today, now.latest))
    offer = next(found for found in offers if found.act is chosen)
    label = str(said(offer.label))
    page = {"title": label, "crumbs": crumbs(one), "cancel": to_correction(one), "submit": label}
    why = _why_not(one, offer, by)
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", {**page, "why": why})
    made: list[ActForm] = []

    def form(*args: Any, **kwargs: Any) -> ActForm:
        made[:] = [ActForm(*args, **kwargs)]
        return made[0]

    return shell_forms.page(
        request,
        form,
        lambda data: correction_actions.act(
            by=by, correction=one, event=made[0].event(), version=data["version"]
        ),
        to=to_correction,
        said=_now("已登记：%(act)s。") % {"act": label},
        arguments={"act": chosen, "version": one.version, "today": today},
        sure=(lambda _one: events.foreseen(by.by, by.at)) if chosen is Act.SETTLE else None,
        stored=lambda: _stored(one),
        context=page,
    )


def _stored(one: Correction) -> Mapping[str, Any]:
    one.refresh_from_db(fields=["version"])
    return {"version": one.version}


# -- its papers


@acting(Role.HANDLER)
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """附卷。"""
    one = opened(request, pk)
    by = doer(request)

    def act(data: dict[str, Any]) -> Correction:
        correction_actions.add_files(by=by, correction=one, files=data["files"])
        return one

    page = {"title": _now("附卷"), "crumbs": crumbs(one), "cancel": to_correction(one)}
    return shell_forms.page(
        request,
        Paper,
        act,
        to=to_correction,
        said=_now("已附卷。"),
        context={**page, "submit": _now("附卷")},
    )


@require_GET
@acting(*READERS)
def file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """卷内文件。"""
    one = opened(request, pk)
    for subject in _subjects(one):
        found = ledger.attachments_of(subject).filter(pk=file).first()
        if found is not None:
            try:
                return attachments.serve(found)
            except attachments.Damaged:
                messages.error(request, _now("原件在存储中找不到或已损坏，请联系系统管理员。"))
                return redirect(to_correction(one))
    raise Http404
