"""收费的页面: the month's count, the reckoning by item or by page, the notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.statute import dated, fees, letter_kinds
from gongkai.statute.case_events import Act, FeeNotified
from gongkai.statute.case_table import ACTS
from gongkai.statute.fees import Basis
from gongkai.statute.letter_values import fee_reasoning
from gongkai.statute.transitions import Illegal
from gongkai.web.applications import (
    case_acts,
    fee_actions,
    fee_counts,
    letter_content,
    letter_forms,
    letter_page,
    life,
    words,
)
from gongkai.web.applications.case_forms import Versioned
from gongkai.web.applications.case_views import opened, to_case
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.letter_content import Given, looked_up
from gongkai.web.applications.letter_views import (
    followed,
    foreseen,
    opened_letter,
    page,
    previewed,
    stored_version,
    to_letter,
)
from gongkai.web.applications.models import Letter, Matter
from gongkai.web.organs.doing import doer
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.refusals import Refusal


class Charge(Versioned):
    """收费通知."""

    on = forms.DateField(
        label=gettext_lazy("申请人收到收费通知之日"),
        widget=DateInput,
        help_text=gettext_lazy("先制作、后送达的，填写成文日期，并在下面选择“先制作”。"),
    )
    later = forms.BooleanField(
        label=gettext_lazy("先制作通知书，申请人收到后再登记"), required=False
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("计收方式"),
        choices=[(kind.value, said(text)) for kind, text in fees.NAMES.items()],
        help_text=gettext_lazy("同一件申请只能按件或者按量计收，不能同时按照两种标准。"),
    )
    units = forms.IntegerField(
        label=gettext_lazy("件数或者页数"),
        min_value=1,
        max_value=fees.MOST,
        help_text=gettext_lazy("按件的，本次计收几件；按量的，提供几页（单面 A4 为一页）。"),
    )
    before = forms.IntegerField(
        label=gettext_lazy("当月此前件数"),
        min_value=0,
        max_value=fees.MOST,
        required=False,
        help_text=gettext_lazy("按件计收时用；系统按申请人统计，请核对。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = letter_kinds.kind(fee_actions.KIND)
        for name, one in letter_forms.fields(self.kind, required=True):
            self.fields[name] = one
        self.fields["waived"].required = self.fields["waiver_reasons"].required = False
        self.fields["number"] = letter_forms.number_field()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("waived") and not data.get("waiver_reasons"):
            self.add_error("waiver_reasons", _("减免的，请写明理由。"))
        return data

    def fee(self) -> fee_actions.Fee:
        """The sum as typed."""
        data = self.cleaned_data
        basis = Basis(data["basis"])
        before = data.get("before") or 0 if basis is Basis.ITEMS else 0
        return fee_actions.Fee(basis, data["units"], before, data.get("waived") or 0)

    def values(self, known: dict[str, Any]) -> dict[str, Any]:
        """What the notice prints besides the sum."""
        return letter_forms.typed(self.cleaned_data, self.kind, known)


@acting(Role.HANDLER)
def charge(request: HttpRequest, pk: int) -> HttpResponse:
    """收费通知: proposed by the count of the month."""
    matter = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    case = life.case_of(matter, as_of=today)
    title = str(said(ACTS[Act.CHARGE]))
    offer = case_acts.offer_of(case, Act.CHARGE, today)
    why = case_acts.why_not(matter, offer, by)
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", page(matter, title, why=why))
    counted = fee_counts.counted(matter, case, today)
    kind = letter_kinds.kind(fee_actions.KIND)
    known = looked_up(Given(matter, kind, case, today, {}))
    made: list[Charge] = []

    def form(*args: Any, **kwargs: Any) -> Charge:
        made[:] = [Charge(*args, **kwargs)]
        return made[0]

    def act(data: dict[str, Any]) -> Matter | Letter:
        one = made[0]
        typed: dict[str, Any] = {
            "by": by,
            "matter": matter,
            "on": data["on"],
            "fee": one.fee(),
            "values": one.values(known),
            "number": data["number"],
        }
        if data["later"]:
            return fee_actions.prepare(**typed)
        return fee_actions.notify(version=data["version"], **typed)

    context = page(
        matter,
        title,
        submit=title,
        rests_on=said(offer.rests_on) if offer.rests_on else "",
        previews=True,
        counted=_told(counted, today),
        waiting=[
            (one.number, reverse("applications:fee_received", args=[one.pk]))
            for one in _prepared(matter)
        ],
    )
    if "_preview" in request.POST:
        form(request.POST)
        return previewed(request, made[0], context, lambda: _sheet(matter, case, made[0], known))
    return shell_forms.page(
        request,
        form,
        act,
        to=lambda one: to_letter(one) if isinstance(one, Letter) else to_case(one),
        said=_("收费通知书已编号印制。"),
        template="applications/letter_form.html",
        initial={
            **letter_forms.initial({**known, **letter_content.remembered(matter.organ)}),
            "version": matter.version,
            "on": today,
            "basis": Basis.ITEMS.value,
            "units": 1,
            "before": counted.before,
        },
        sure=foreseen(by),
        stored=lambda: stored_version(matter),
        autosave=True,
        context=context,
    )


def _prepared(matter: Matter) -> Any:
    return matter.letters.filter(kind=fee_actions.KIND, state=Letter.State.NUMBERED)


def _told(counted: fee_counts.Counted, today: Any) -> dict[str, Any]:
    """The count and what it comes to."""
    try:
        reasoning = fee_reasoning(fee_counts.proposal(counted, today))
    except (dated.NotKnown, fees.FeeError):
        reasoning = ""
    return {
        "known": counted.known,
        "month": counted.month,
        "before": counted.before,
        "by_receipt": counted.by_receipt,
        "reasoning": reasoning,
        "earlier": [
            (
                one.title,
                words.number(one),
                reverse("applications:case", args=[one.pk]),
            )
            for one in counted.earlier
        ],
    }


def _sheet(matter: Matter, case: Any, form: Charge, known: dict[str, Any]) -> letter_page.Sheet:
    data = form.cleaned_data
    try:
        fee = form.fee()
        sum_ = fee_actions.reckoned(fee, data["on"])
        event = FeeNotified(data["on"], fee_actions.owed(sum_, fee), fee.basis)
        after = followed(case, event)
    except Refusal as refused:
        return letter_page.Sheet(refused=str(refused.message))
    except Illegal as wrong:
        return letter_page.Sheet(refused=str(said(wrong.text)))
    values = {**form.values(known), "charge": sum_, "waived": fee.waived or None}
    given = Given(matter, form.kind, after, data["on"], letter_content.write(values))
    return letter_page.sheet(given, numbered=False)


class Received(Versioned):
    """申请人收到收费通知."""

    on = forms.DateField(label=gettext_lazy("申请人收到收费通知之日"), widget=DateInput)


@acting(Role.HANDLER)
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """登记申请人收到先制作的收费通知书."""
    letter = opened_letter(request, pk)
    matter = letter.matter
    by = doer(request)
    title = str(said(ACTS[Act.CHARGE]))
    ready = letter.kind == fee_actions.KIND and letter.state == Letter.State.NUMBERED
    if matter is None or not ready:
        why = _("这件文书不是等待送达的收费通知书。")
        return render(request, "applications/cannot.html", page(letter.of, title, why=why))
    return shell_forms.page(
        request,
        Received,
        lambda data: fee_actions.received(
            by=by, matter=matter, version=data["version"], on=data["on"], letter=letter
        ),
        to=to_case,
        said=_("已登记收费通知。"),
        template="applications/letter_form.html",
        initial={"version": matter.version, "on": timezone.localdate(by.at)},
        sure=foreseen(by),
        stored=lambda: stored_version(matter),
        context=page(matter, title, submit=title),
    )
