"""拟定答复、审核、批准、签发、发出: from the decision to the answer on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.statute.case_events import Act, Decided, Sent
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import ACTS
from gongkai.statute.grounds import REASONS
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.transitions import Illegal
from gongkai.web.applications import (
    case_acts,
    case_forms,
    case_page,
    decide_forms,
    letter_acts,
    letter_content,
    letter_forms,
    letter_page,
    life,
    recording,
    redaction_queries,
)
from gongkai.web.applications.case_views import opened, to_case
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake_views import OFFICERS
from gongkai.web.applications.letter_content import Given, looked_up
from gongkai.web.applications.letter_views import (
    followed,
    foreseen,
    page,
    stored_version,
)
from gongkai.web.applications.models import Letter, Matter
from gongkai.web.organs.doing import doer
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import kept, once
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Act as Button
from gongkai.web.shell.look import Fact

# -- deciding


@acting(Role.HANDLER)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """拟定答复: questions, outcome, letter, on one page."""
    matter = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    case = life.case_of(matter, as_of=today)
    offer = case_acts.offer_of(case, Act.DECIDE, today)
    why = case_acts.why_not(matter, offer, by)
    title = str(said(ACTS[Act.DECIDE]))
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", page(matter, title, why=why))
    parties = list(matter.parties.select_related("name"))
    named = {one.key: case_page.called(parties, one.key) for one in parties}
    arguments = {"matter": matter, "case": case, "today": today, "parties": named}
    made: list[decide_forms.Decide] = []

    def form(*args: Any, **kwargs: Any) -> decide_forms.Decide:
        one = decide_forms.Decide(*args, **kwargs)
        _prefill(one, matter, case)
        made[:] = [one]
        return one

    context = {
        **page(matter, title),
        "objections": _opinions(case, named),
        "sheet": _Later(lambda: _sheet(made[-1], matter, case)),
    }
    if "_step" in request.POST:
        return _again(request, form, arguments, context)

    def act(data: dict[str, Any]) -> Matter:
        one = made[-1]
        if one.conclusion is None or one.kind is None:
            raise recording.NotPossible(_("请先回答全部问题，得出办理结果。"))
        return letter_acts.decide(
            by=by,
            matter=matter,
            version=data["version"],
            event=one.event(),
            values=one.values(_known(one, matter, case)),
        )

    return shell_forms.page(
        request,
        form,
        act,
        to=to_case,
        said=_("已拟定答复，等待审核。"),
        template="applications/decide.html",
        initial=_before(matter),
        arguments=arguments,
        stored=lambda: stored_version(matter),
        autosave=True,
        context=context,
    )


class _Later:
    """What the page shows of its form, once it has one."""

    def __init__(self, make: Any) -> None:
        self.make = make

    def __getattr__(self, name: str) -> Any:
        made = self.make()
        if made is None:
            raise AttributeError(name)
        self.__dict__.update({one: getattr(made, one) for one in made.__slots__})
        return getattr(made, name)

    def __bool__(self) -> bool:
        return self.make() is not None


def _known(form: decide_forms.Decide, matter: Matter, case: Case) -> dict[str, Any]:
    assert form.kind is not None
    return looked_up(Given(matter, form.kind, case, form.today, {}))


def _prefill(form: decide_forms.Decide, matter: Matter, case: Case) -> None:
    """What is known stands in fields that nobody has typed into yet."""
    if form.is_bound or form.kind is None:
        return
    released = [one.name for one in redaction_queries.released(matter)]
    known = {**_known(form, matter, case), **letter_content.remembered(matter.organ)}
    if released and form.kind.id in ("granted", "partly_granted"):
        known["attachments"] = released
    for name, value in letter_forms.initial(known).items():
        if form.initial.get(name) in (None, ""):
            form.initial[name] = value


def _before(matter: Matter) -> dict[str, Any]:
    """The answers and texts of the draft that came back."""
    found = letter_acts.answer_of(matter)
    if found is None or found.state != Letter.State.DRAFT:
        return {}
    answers = found.values.get("_answers", {})
    return {**answers, **letter_forms.initial(letter_content.read(found.values))}


def _opinions(case: Case, named: Mapping[str, str]) -> list[dict[str, str]]:
    found = []
    for one in case.consultations():
        stand = {True: _("同意公开"), False: _("不同意公开"), None: _("没有表示意见")}
        found.append({"name": named.get(one.party, one.party), "stand": stand[one.consents]})
    return found


def _again(
    request: HttpRequest, form: Any, arguments: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """The page with one question more, what was typed kept; nothing is decided."""
    blank = decide_forms.Decide(**arguments)
    typed = {
        name: field.widget.value_from_datadict(request.POST, {}, name)
        for name, field in blank.fields.items()
        if name in request.POST
    }
    one = form(initial=typed, **arguments)
    shown = {
        **context,
        "form": one,
        "once": request.POST.get("_once") or once.token(),
        "author": kept.author_token(request),
        "autosave": True,
    }
    return render(request, "applications/decide.html", shown)


def _sheet(form: decide_forms.Decide, matter: Matter, case: Case) -> letter_page.Sheet | None:
    """The letter of what was typed so far; None before the outcome is known."""
    if form.kind is None or form.conclusion is None:
        return None
    tried = form if form.is_bound else _bound(form, matter, case)
    tried.full_clean()
    data = getattr(tried, "cleaned_data", {})
    if data.get("on") is None:
        return None
    known = _known(form, matter, case)
    values = letter_content.write(letter_forms.typed(data, form.kind, known))
    after, refused = _decided(tried, case) if not tried.errors else (case, "")
    if refused:
        return letter_page.Sheet(refused=refused)
    if after is case:
        rows = [REASONS[one].row for one in form.conclusion.withheld]
        values = {**values, **({"grounds": rows} if rows else {})}
    given = Given(matter, form.kind, after, data["on"], values)
    return letter_page.sheet(given, numbered=False)


def _bound(form: decide_forms.Decide, matter: Matter, case: Case) -> decide_forms.Decide:
    """The same form, filled in, to see what it makes."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        data[name] = field.prepare_value(value)
    parties = {key: key for key in case.objecting}
    return decide_forms.Decide(data, matter=matter, case=case, today=form.today, parties=parties)


def _decided(form: decide_forms.Decide, case: Case) -> tuple[Case, str]:
    event = form.event()
    try:
        return followed(case, event), ""
    except Illegal as wrong:
        return case, str(said(wrong.text))


# -- review, return, approve, sign, send


def _facts(case: Case) -> tuple[list[Fact], list[str]]:
    """What was decided, and what to look at."""
    draft = case.round.draft
    if draft is None:
        return [], []
    found: Conclusion = draft.conclusion
    basis = [found.reason, *(REASONS[one] for one in found.withheld)]
    facts = [
        Fact(_("拟定之日"), draft.on),
        Fact(_("理由"), said(found.reason.name)),
        Fact(_("依据"), list(dict.fromkeys(str(said(one.cite)) for one in basis))),
    ]
    if found.withheld:
        names = [str(said(REASONS[one].name)) for one in found.withheld]
        facts.append(Fact(_("不公开部分的理由"), names))
    decided = [one for one in case.events if isinstance(one, Decided)]
    if decided and decided[-1].search:
        facts.append(Fact(_("检索记录"), decided[-1].search, wide=True))
    if draft.overrides:
        facts.append(Fact(_("不同意公开，仍予公开的第三方"), list(draft.overrides)))
    return facts, [str(said(one)) for one in found.cautions]


@acting(*OFFICERS)
def answer(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """审核、退回、批准、签发、发出: with the letter as it will be printed."""
    matter = opened(request, pk)
    one = Act(act)
    by = doer(request)
    today = timezone.localdate(by.at)
    case = life.case_of(matter, as_of=today)
    offer = case_acts.offer_of(case, one, today)
    why = case_acts.why_not(matter, offer, by)
    title = str(said(ACTS[one]))
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", page(matter, title, why=why))
    letter = letter_acts.answer_of(matter)
    facts, cautions = _facts(case) if case.rounds else ([], [])
    context = page(
        matter,
        title,
        submit=title,
        danger=one is Act.RETURN,
        rests_on=said(offer.rests_on) if offer.rests_on else "",
        facts=facts,
        cautions=cautions,
        letter=letter,
        sheet=letter_page.of_letter(letter, today, case) if letter else None,
        acts=[_button(matter, offer_act, by, case, today) for offer_act in _BESIDE[one]],
    )
    context["acts"] = [act_ for act_ in context["acts"] if act_ is not None]
    if one is Act.SIGN:
        return _signed(request, matter, by, today, context)
    if one is Act.SEND:
        return _sent(request, matter, by, context, offer, case, today)
    return _done(request, matter, by, context, offer, case, today)


_BESIDE: Mapping[Act, tuple[Act, ...]] = {
    Act.REVIEW: (Act.RETURN,),
    Act.APPROVE: (Act.RETURN,),
    Act.SIGN: (Act.RETURN,),
    Act.RETURN: (),
    Act.SEND: (),
}


def _button(matter: Matter, act: Act, by: Any, case: Case, today: Any) -> Any:
    """A link to another act that this person can do now; None where they cannot."""
    if case_acts.why_not(matter, case_acts.offer_of(case, act, today), by):
        return None
    return Button(str(said(ACTS[act])), href=case_acts.href(matter, act))


def _act_form(
    matter: Matter, case: Case, offer: Any, today: Any
) -> tuple[Any, list[case_forms.ActForm]]:
    made: list[case_forms.ActForm] = []

    def form(*args: Any, **kwargs: Any) -> case_forms.ActForm:
        one = case_forms.ActForm(
            *args,
            offer=offer,
            case=case,
            version=matter.version,
            today=today,
            parties={},
            **kwargs,
        )
        one.fields.pop("files", None)
        made[:] = [one]
        return one

    return form, made


def _done(
    request: HttpRequest,
    matter: Matter,
    by: Any,
    context: dict[str, Any],
    offer: Any,
    case: Case,
    today: Any,
) -> HttpResponse:
    form, made = _act_form(matter, case, offer, today)
    return shell_forms.page(
        request,
        form,
        lambda data: recording.act(
            by=by, matter=matter, event=made[0].event(), version=data["version"]
        ),
        to=to_case,
        said=_("已登记：%(act)s。") % {"act": context["title"]},
        template="applications/answer.html",
        stored=lambda: stored_version(matter),
        context=context,
    )


def _signed(
    request: HttpRequest, matter: Matter, by: Any, today: Any, context: dict[str, Any]
) -> HttpResponse:
    return shell_forms.page(
        request,
        letter_forms.Sign,
        lambda data: letter_acts.sign(
            by=by,
            matter=matter,
            version=data["version"],
            on=data["on"],
            number=data["number"],
        ),
        to=to_case,
        said=_("已签发，答复书已编号印制。"),
        template="applications/answer.html",
        initial={"version": matter.version},
        arguments={"today": today},
        sure=foreseen(by),
        stored=lambda: stored_version(matter),
        context=context,
    )


def _sent(
    request: HttpRequest,
    matter: Matter,
    by: Any,
    context: dict[str, Any],
    offer: Any,
    case: Case,
    today: Any,
) -> HttpResponse:
    form, made = _act_form(matter, case, offer, today)
    went: list[letter_acts.Went] = []

    def act(data: dict[str, Any]) -> Matter:
        event = made[0].event()
        assert isinstance(event, Sent)
        went[:] = [
            letter_acts.send(
                by=by, matter=matter, version=data["version"], on=event.on, way=event.way
            )
        ]
        return went[0].matter

    answer = shell_forms.page(
        request,
        form,
        act,
        to=to_case,
        said=_("已登记发出。"),
        template="applications/answer.html",
        sure=foreseen(by),
        stored=lambda: stored_version(matter),
        context=context,
    )
    if answer.status_code == 302 and went and went[0].mailed is not None:
        if went[0].mailed:
            messages.info(request, _("已写入待发邮件：告知申请人凭查询码查看答复。"))
        else:
            messages.warning(request, _("申请人没有留下能用的电子邮箱，没有写入邮件。"))
    return answer
