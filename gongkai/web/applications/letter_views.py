"""文书的页面: one letter, drafting it beside the acts, and the acts that carry one."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.statute import cases, letter_kinds, side_matters
from gongkai.statute.case_events import Act, Event
from gongkai.statute.case_table import ACTS
from gongkai.statute.transitions import Illegal
from gongkai.web.applications import (
    case_acts,
    case_page,
    correction_views,
    letter_actions,
    letter_acts,
    letter_content,
    letter_forms,
    letter_page,
    letter_rendering,
    life,
    queries,
)
from gongkai.web.applications.case_forms import Versioned
from gongkai.web.applications.case_views import opened, to_case
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake_views import OFFICERS, READERS
from gongkai.web.applications.letter_content import Given, looked_up
from gongkai.web.applications.models import Correction, Holder, Letter, Matter
from gongkai.web.ledger import attachments, calendars, events
from gongkai.web.organs import preferences
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import kept, once, uploads
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Fact
from gongkai.web.shell.refusals import Refusal

WRITERS = (Role.HANDLER, Role.APPROVER)


def opened_letter(request: HttpRequest, pk: int) -> Letter:
    """The letter of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_letters(capacity_of(request))
    related = (*letter_actions.RELATED, "docx__file", "pdf__file", "template", "by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def to_letter(letter: Letter) -> str:
    """Back to its page."""
    return reverse("applications:letter", args=[letter.pk])


def to_holder(of: Holder) -> str:
    """Back to the page of what it is of."""
    if isinstance(of, Correction):
        return correction_views.to_correction(of)
    return to_case(of)


def crumbs(of: Holder) -> list[tuple[str, str]]:
    """From the list down to the page of what it is of."""
    return correction_views.crumbs(of) if isinstance(of, Correction) else case_page.crumbs(of)


def page(of: Holder, title: str, **more: Any) -> dict[str, Any]:
    """What every page of a letter shows; ``put``: what was asked, its heading and its text."""
    if isinstance(of, Correction):
        called, put = correction_views.called(of), (_("要求更正的记录"), of.record)
    else:
        called, put = of.title, (_("所需政府信息"), of.text)
    return {
        "title": title,
        "crumbs": crumbs(of),
        "cancel": to_holder(of),
        "about": to_holder(of),
        "called": called,
        "put": put,
        "matter" if isinstance(of, Matter) else "correction": of,
        **more,
    }


def of_letter(letter: Letter, title: str, **more: Any) -> dict[str, Any]:
    """What every page about a letter shows."""
    name = str(said(letter_kinds.kind(letter.kind).name))
    return {
        **page(letter.of, title),
        "crumbs": [*crumbs(letter.of), (name, to_letter(letter))],
        "cancel": to_letter(letter),
        "letter": letter,
        **more,
    }


def foreseen(by: Doer) -> Any:
    """What is to happen, for the page that asks first."""
    return lambda _result: events.foreseen(by.by, by.at)


# -- one letter


@require_GET
@acting(*READERS)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """文书: as it will be printed, what it lacks, what can be done."""
    one = opened_letter(request, pk)
    by = doer(request)
    kind = letter_kinds.kind(one.kind)
    officer = capacity_of(request).role is not Role.SUPERVISOR
    facts = [
        Fact(_("状态"), one.get_state_display(), badge=letter_page.TONES[one.state]),
        Fact(_("文号"), one.number),
        Fact(_("成文日期"), one.dated),
        Fact(_("起草"), one.by.name),
    ]
    if one.party and one.matter:
        parties = list(one.matter.parties.select_related("name"))
        facts.append(Fact(_("收件人"), case_page.called(parties, one.party.key)))
    sheet = letter_page.of_letter(one, timezone.localdate(by.at))
    context = page(
        one.of,
        str(said(kind.name)),
        letter=one,
        facts=facts,
        acts=letter_page.acts(one, by) if officer else [],
        caution=said(kind.caution) if kind.caution else "",
        unmade=one.unmade,
        sheet=sheet if officer else letter_page.masked(sheet),
    )
    return render(request, "applications/letter.html", context)


@require_GET
@acting(*WRITERS)
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """起草文书: which kind."""
    return _chosen(request, opened(request, pk), "letter_new")


@require_GET
@acting(*WRITERS)
def correction_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """起草更正申请的文书: which kind."""
    return _chosen(request, correction_views.opened(request, pk), "correction_letter_new")


def _chosen(request: HttpRequest, of: Holder, route: str) -> HttpResponse:
    groups = [
        (
            group,
            [(reverse(f"applications:{route}", args=[of.pk, id]), name) for id, name in kinds],
        )
        for group, kinds in letter_page.kinds_for(of)
    ]
    context = page(of, _("起草文书"), groups=groups, early=_early(of))
    return render(request, "applications/letter_choose.html", context)


def _early(of: Holder) -> bool:
    """Whether it can only be drafted: how a correction is settled is not yet said."""
    return isinstance(of, Correction) and not of.settlement


@acting(*WRITERS)
def new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """起草一件文书."""
    return _drafted(request, opened(request, pk), kind)


@acting(*WRITERS)
def correction_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """起草一件更正申请的文书."""
    return _drafted(request, correction_views.opened(request, pk), kind)


def _drafted(request: HttpRequest, of: Holder, kind: str) -> HttpResponse:
    if kind not in {id for _group, kinds in letter_page.kinds_for(of) for id, _name in kinds}:
        raise Http404
    by = doer(request)
    return _written(
        request,
        of,
        letter_kinds.kind(kind),
        {**letter_content.remembered(of.organ)},
        lambda version, values: letter_actions.draft(by=by, of=of, kind=kind, values=values),
        said_=_("已起草。"),
        context=page(of, str(said(letter_kinds.kind(kind).name)), submit=_("保存草稿")),
    )


@acting(*WRITERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """修改草稿: of a letter that goes its own way; an answer is drafted by deciding."""
    one = opened_letter(request, pk)
    if letter_actions.is_answer(one.kind) or one.state != Letter.State.DRAFT:
        return redirect(to_letter(one))
    by = doer(request)
    return _written(
        request,
        one.of,
        letter_kinds.kind(one.kind),
        letter_content.read(one.values),
        lambda version, values: letter_actions.change(
            by=by, letter=one, version=version, values=values
        ),
        said_=_("已保存。"),
        context=of_letter(one, _("修改文书")),
        version=one.version,
        letter=one,
    )


def _written(
    request: HttpRequest,
    of: Holder,
    kind: letter_kinds.Kind,
    values: Mapping[str, Any],
    act: Any,
    *,
    said_: str,
    context: dict[str, Any],
    version: int = 0,
    letter: Letter | None = None,
) -> HttpResponse:
    """The form of a letter's content."""
    today = timezone.localdate()
    case = life.case_of(of, as_of=today) if isinstance(of, Matter) else None
    party = letter.party if letter else None
    known = looked_up(Given(of, kind, case, today, {}, party))
    made: list[letter_forms.LetterForm] = []

    def form(*args: Any, **kwargs: Any) -> letter_forms.LetterForm:
        made[:] = [letter_forms.LetterForm(*args, **kwargs)]
        return made[0]

    return shell_forms.page(
        request,
        form,
        lambda data: act(data["version"], made[0].values(known)),
        to=to_letter,
        said=said_,
        template="applications/letter_form.html",
        initial={
            **letter_forms.initial({**known, **values}),
            "version": version,
        },
        arguments={"kind": kind, "to_organ": kind.to == "organ" and party is None},
        stored=lambda: stored_version(letter),
        autosave=True,
        context=context,
    )


def stored_version(one: Letter | Matter | None) -> Mapping[str, Any]:
    if one is None:
        return {}
    one.refresh_from_db(fields=["version"])
    return {"version": one.version}


@acting(*WRITERS)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """编号印制."""
    one = opened_letter(request, pk)
    by = doer(request)
    return shell_forms.page(
        request,
        letter_forms.Issue,
        lambda data: letter_actions.issue(
            by=by, letter=one, version=data["version"], on=data["on"], number=data["number"]
        ),
        to=to_letter,
        said=lambda made: _("已编号：%(number)s。") % {"number": made.number},
        initial={"version": one.version},
        arguments={"today": timezone.localdate(by.at)},
        stored=lambda: stored_version(one),
        sure=foreseen(by),
        template="applications/letter_form.html",
        context=of_letter(
            one,
            _("编号印制"),
            submit=_("编号印制"),
            sheet=letter_page.of_letter(one, timezone.localdate(by.at)),
        ),
    )


@acting(*WRITERS)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """作废."""
    one = opened_letter(request, pk)
    by = doer(request)
    return shell_forms.page(
        request,
        letter_forms.Void,
        lambda data: letter_actions.void(
            by=by, letter=one, version=data["version"], reason=data["reason"]
        ),
        to=lambda made: to_holder(made.of),
        said=_("文书已作废。"),
        initial={"version": one.version},
        stored=lambda: stored_version(one),
        context=of_letter(one, _("作废文书"), submit=_("作废"), danger=True),
    )


@require_POST
@acting(*WRITERS)
def mark_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """登记发出."""
    one = opened_letter(request, pk)
    return shell_forms.page(
        request,
        Versioned,
        lambda data: letter_actions.mark_sent(
            by=doer(request), letter=one, version=data["version"]
        ),
        to=to_letter,
        said=lambda made: _("已登记发出，并登记告知申请人。") if _told(made) else _("已登记发出。"),
        stored=lambda: stored_version(one),
        context=of_letter(one, _("登记发出")),
    )


def _told(letter: Letter) -> bool:
    """Whether sending it told how a correction was settled."""
    return letter.correction is not None and letter.correction.state == side_matters.State.TOLD


# -- its files


@require_POST
@acting(*OFFICERS)
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """预览: the PDF of a draft, without number and seal; that it was taken is told."""
    one = opened_letter(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    organ = letter_content.issuer(one.of, today)
    try:
        made = letter_actions.composed(one, on=today)
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect(to_letter(one))
    letter_actions.tell(by, "letter.printed", one)
    data = letter_rendering.preview(made, organ)
    return _download(data, _("%(title)s（草稿）.pdf") % {"title": made.title}, "pdf")


@require_POST
@acting(*WRITERS)
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """重新制作: the files of a numbered letter that could not be made."""
    one = opened_letter(request, pk)
    by = doer(request)
    if letter_rendering.attempt(pk=one.pk, by=by.by, at=by.at):
        messages.success(request, _("文书已制作，可以下载。"))
    else:
        messages.error(
            request,
            _("文书还是没有制作出来；文号和内容都还在。请稍后再试，仍不行的请联系系统管理员。"),
        )
    return redirect(to_letter(one))


@require_POST
@acting(*OFFICERS)
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """下载: a printed letter as it was kept; that it was taken is told."""
    one = opened_letter(request, pk)
    found = {"pdf": one.pdf, "docx": one.docx}.get(kind)
    if found is None:
        raise Http404
    letter_actions.tell(doer(request), "letter.printed", one)
    try:
        return attachments.serve(found)
    except attachments.Damaged:
        messages.error(request, _("原件在存储中找不到或已损坏，请联系系统管理员。"))
        return redirect(to_letter(one))


def _download(data: bytes, name: str, kind: str) -> HttpResponseBase:
    return uploads.serve(BytesIO(data), name, kind)


# -- acts that carry a letter


@acting(*OFFICERS)
def notice(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """办理并发文: the form of the act and of its letter; what it will look like is shown."""
    matter = opened(request, pk)
    one = Act(act)
    by = doer(request)
    today = timezone.localdate(by.at)
    held = life.case_of(matter, as_of=today)
    offer = case_acts.offer_of(held, one, today)
    why = case_acts.why_not(matter, offer, by)
    title = str(said(ACTS[one]))
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", page(matter, title, why=why))
    kind = letter_kinds.kind(letter_acts.CARRIED[one])
    ready = matter.letters.filter(
        kind=kind.id, state__in=[Letter.State.NUMBERED, Letter.State.SENT]
    )
    parties = list(matter.parties.select_related("name"))
    given = Given(matter, kind, held, today, {})
    known = looked_up(given)
    arguments = {
        "offer": offer,
        "case": held,
        "version": matter.version,
        "today": today,
        "parties": {party.key: case_page.called(parties, party.key) for party in parties},
        "kind": kind,
        "ready": letter_forms.ready_choices(ready),
        "calendar": calendars.current(),
        "clarify_days": preferences.number_of(matter.organ, "clock.clarification_days"),
    }
    made: list[letter_forms.NoticeForm] = []

    def form(*args: Any, **kwargs: Any) -> letter_forms.NoticeForm:
        made[:] = [letter_forms.NoticeForm(*args, **kwargs)]
        return made[0]

    context = page(
        matter,
        title,
        submit=title,
        rests_on=said(offer.rests_on) if offer.rests_on else "",
        kind=said(kind.name),
        previews=True,
    )
    remembered = letter_content.remembered(matter.organ)
    initial = letter_forms.initial({**known, **remembered})
    if "_preview" in request.POST:
        form(request.POST, **arguments)
        return previewed(request, made[0], context, lambda: _sheet(matter, held, made[0], known))
    return shell_forms.page(
        request,
        form,
        lambda data: letter_acts.carry(
            by=by,
            matter=matter,
            version=data["version"],
            event=made[0].event(),
            text=made[0].text(known),
            letter=made[0].chosen(ready),
        ),
        to=to_case,
        said=_("已办理并制作文书：%(act)s。") % {"act": title},
        template="applications/letter_form.html",
        initial=initial,
        arguments=arguments,
        sure=foreseen(by),
        stored=lambda: stored_version(matter),
        autosave=True,
        context=context,
    )


def previewed(request: HttpRequest, form: Any, context: dict[str, Any], sheet: Any) -> HttpResponse:
    """The form as typed, with the letter as it would be; nothing is done."""
    shown = {
        **context,
        "form": form,
        "once": request.POST.get("_once") or once.token(),
        "author": kept.author_token(request),
        "autosave": True,
        "sheet": sheet() if form.is_valid() else None,
    }
    return render(
        request, "applications/letter_form.html", shown, status=422 if form.errors else 200
    )


def _sheet(
    matter: Matter, case: Any, form: letter_forms.NoticeForm, known: Mapping[str, Any]
) -> letter_page.Sheet:
    event = form.event()
    try:
        after = followed(case, event)
    except Illegal as wrong:
        return letter_page.Sheet(refused=str(said(wrong.text)))
    key = getattr(event, "party", "")
    party = matter.parties.filter(key=key).select_related("name").first() if key else None
    text = form.text(known)
    given = Given(
        matter,
        form.kind,
        after,
        event.on,
        letter_content.write(text.values),
        party,
        text.number,
    )
    return letter_page.sheet(given, numbered=False)


def followed(case: Any, event: Event) -> Any:
    """The case after the event, where the statute takes it. Raises Illegal."""
    return cases.follow(case, event, as_of=event.on)


@acting(Role.HANDLER)
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """征求意见: of several parties in one go, a letter to each."""
    matter = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    case = life.case_of(matter, as_of=today)
    offer = case_acts.offer_of(case, Act.CONSULT, today)
    why = case_acts.why_not(matter, offer, by)
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", page(matter, _("征求意见"), why=why))
    known = looked_up(Given(matter, letter_kinds.kind("consultation"), case, today, {}))
    made: list[letter_forms.ConsultForm] = []

    def form(*args: Any, **kwargs: Any) -> letter_forms.ConsultForm:
        made[:] = [letter_forms.ConsultForm(*args, **kwargs)]
        return made[0]

    return shell_forms.page(
        request,
        form,
        lambda data: letter_acts.consult(
            by=by,
            matter=matter,
            version=data["version"],
            on=data["on"],
            parties=made[0].parties(),
            text=made[0].text(known),
        ),
        to=to_case,
        said=_("已登记征求意见，征求意见书已编号印制；收到意见前不计入办理期限。"),
        template="applications/letter_form.html",
        initial={**letter_forms.initial(known), "version": matter.version},
        arguments={"today": today},
        stored=lambda: stored_version(matter),
        sure=foreseen(by),
        autosave=True,
        context=page(matter, _("征求意见"), submit=_("征求意见")),
    )
