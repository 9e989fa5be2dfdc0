"""拟定答复的表单: the questions on the way, then what the letter of that outcome asks for.

Which questions and fields there are follows from what was answered; nothing typed is lost when an
answer changes, as the page sends everything along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import forms as annual
from gongkai.statute import letter_kinds, outcomes
from gongkai.statute.applicant_kinds import KINDS, ApplicantKind
from gongkai.statute.case_events import Act, Decided
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import ACTS
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.letter_kinds import Kind
from gongkai.statute.outcomes import Answer, Conclusion, Question
from gongkai.web.applications import letter_forms
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.look import Fact

ANSWER = "q_"
_WITHOUT_LETTER: Mapping[Ground, Act] = {
    Ground.NOT_CLARIFIED: Act.LAPSE,
    Ground.UNPAID: Act.UNPAID,
    Ground.WITHDRAWN: Act.WITHDRAW,
    Ground.ENDED: Act.END,
}
_EVENT = {"where": "way", "search": "search", "other_organ": "other_organ"}
"""What the event says and the letter prints: field of the event, variable."""


@dataclass(frozen=True, slots=True)
class Told:
    """结论: facts and cautions of the outcome the answers lead to."""

    facts: tuple[Fact, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """另有办理: an outcome that is not told by an answer."""

    text: str
    href: str
    label: str


class Decide(forms.Form):
    """拟定答复."""

    def __init__(
        self,
        *args: Any,
        matter: Matter,
        case: Case,
        today: date,
        parties: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.matter, self.case, self.today = matter, case, today
        self.kind: Kind | None = None
        self.conclusion: Conclusion | None = None
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=matter.version
        )
        blank = not self.is_bound and kwargs.get("initial") is None
        if blank:  # every field there may be: whoever restores what was typed asks for them
            self._everything(parties)
            return
        self._questions()
        if self.conclusion is not None and self.conclusion.reason.letter:
            self.kind = letter_kinds.for_ground(self.conclusion.ground.value)
            self._letter(self.kind, parties, required=True)

    # -- questions

    def _given(self, question: Question) -> list[str]:
        name = ANSWER + question.id
        if self.is_bound:
            data: Any = self.data
            found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        else:
            found = self.initial.get(name, [])
        given = [found] if isinstance(found, str) else list(found or [])
        known = {one.id for one in question.answers}
        chosen = [one for one in given if one in known]
        return chosen if question.several else chosen[:1]

    def _questions(self) -> None:
        answers: dict[str, list[str]] = {}
        while True:
            at = outcomes.ask(answers)
            if isinstance(at, Conclusion):
                self.conclusion = at
                return
            self.fields[ANSWER + at.id] = _question(at)
            chosen = self._given(at)
            if not self.is_bound:
                self.initial[ANSWER + at.id] = chosen if at.several else "".join(chosen)
            if not chosen:
                return
            answers[at.id] = chosen

    @property
    def answers(self) -> dict[str, list[str]]:
        """What was answered, to be shown again when the answer comes back."""
        return {
            name: self._given(question)
            for question in outcomes.QUESTIONS
            if (name := ANSWER + question.id) in self.fields
        }

    @property
    def asked(self) -> list[BoundField]:
        """The questions on the way."""
        return [self[name] for name in self.fields if name.startswith(ANSWER)]

    # -- the letter

    def _everything(self, parties: Mapping[str, str]) -> None:
        for question in outcomes.QUESTIONS:
            self.fields[ANSWER + question.id] = _question(question)
        for one in letter_kinds.kinds().values():
            if one.group == "answers":
                self._letter(one, parties, required=False)

    def _letter(self, kind: Kind, parties: Mapping[str, str], *, required: bool) -> None:
        self.fields["on"] = forms.DateField(label=_("拟定之日"), widget=DateInput)
        self.fields["on"].widget.attrs["max"] = self.today.isoformat()
        self.initial.setdefault("on", self.today)
        objecting = self.case.objecting
        if objecting and self._may_override:
            self.fields["overrides"] = forms.MultipleChoiceField(
                label=_("不同意公开，仍予公开的第三方"),
                choices=[(key, parties.get(key, key)) for key in objecting],
                widget=forms.CheckboxSelectMultiple,
                required=self.conclusion is not None
                and self.conclusion.ground is Ground.PUBLIC_INTEREST,
                help_text=_(
                    "决定公开的，发出前应当将公开的内容和理由书面告知第三方（条例第三十二条）。"
                ),
            )
        if self.conclusion is not None and "basis" in self.conclusion.reason.needs:
            self.fields["basis"] = forms.CharField(label=_("所依据的规定"), max_length=300)
        for name, one in letter_forms.fields(kind, required=required):
            if name not in self.fields:
                self.fields[name] = one
        for name in self._needed():
            if name in self.fields:
                self.fields[name].required = True

    @property
    def _may_override(self) -> bool:
        if self.conclusion is None:
            return True
        return self.conclusion.ground in (Ground.PUBLIC_INTEREST, Ground.PARTLY)

    def _needed(self) -> Iterator[str]:
        if self.conclusion is None:
            return
        needs = self.conclusion.reason.needs
        yield from (variable for name, variable in _EVENT.items() if name in needs)

    @property
    def letter_fields(self) -> list[BoundField]:
        """The content of the letter."""
        frame = {*letter_forms.FRAME, *letter_forms.REMEDY, "version"}
        return [
            self[name]
            for name in self.fields
            if not name.startswith(ANSWER) and name not in frame and self.kind is not None
        ]

    @property
    def frame_fields(self) -> list[BoundField]:
        """Contact, annexes and remedy."""
        names = (*letter_forms.FRAME, *letter_forms.REMEDY)
        return [self[name] for name in names if name in self.fields]

    # -- what the answers lead to

    @property
    def told(self) -> Told | None:
        """The outcome in words: ground, article, row of the form due for the year, who asks."""
        if self.conclusion is None:
            return None
        reason, year = self.conclusion.reason, self.today.year
        edition = annual.due(year).edition
        row = self.conclusion.row_in(year)
        withheld = [str(said(REASONS[one].name)) for one in self.conclusion.withheld]
        basis = [reason, *(REASONS[one] for one in self.conclusion.withheld)]
        facts = [
            Fact(_("理由"), said(reason.name)),
            Fact(_("依据"), list(dict.fromkeys(str(said(one.cite)) for one in basis))),
            Fact(
                _("计入年度报告"),
                _row_name(edition, row),
                note=_now("表三，%(edition)s 年版格式") % {"edition": edition},
            ),
            Fact(_("申请人类别"), said(KINDS[ApplicantKind(self.matter.kind)])),
        ]
        if withheld:
            facts.insert(1, Fact(_("不公开部分的理由"), withheld))
        return Told(tuple(facts), tuple(str(said(one)) for one in self.conclusion.cautions))

    @property
    def elsewhere(self) -> Elsewhere | None:
        """Where an outcome without an answer letter is recorded."""
        if self.conclusion is None or self.conclusion.reason.letter:
            return None
        act = _WITHOUT_LETTER[self.conclusion.ground]
        address = reverse("applications:do", args=[self.matter.pk, act.value.replace("_", "-")])
        label = str(said(ACTS[act]))
        return Elsewhere(
            _now("这种情形不以答复书办结，请办理“%(act)s”。") % {"act": label}, address, label
        )

    # -- once valid

    def event(self) -> Decided:
        """The decision."""
        assert self.conclusion is not None
        data = self.cleaned_data
        named = {
            name: str(data.get(variable) or "")[:300]
            if name != "search"
            else data.get(variable) or ""
            for name, variable in _EVENT.items()
        }
        return Decided(
            data["on"],
            self.conclusion.ground,
            self.conclusion.withheld,
            tuple(data.get("overrides") or ()),
            basis=data.get("basis") or "",
            **named,
        )

    def values(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed for the letter, and the answers, for when it comes back."""
        assert self.kind is not None
        found = letter_forms.typed(self.cleaned_data, self.kind, known)
        if self.cleaned_data.get("basis"):
            found.setdefault("more_basis", self.cleaned_data["basis"])
        return {**found, "_answers": self.answers}


def _question(one: Question) -> forms.Field:
    choices = [(answer.id, _words(answer)) for answer in one.answers]
    label: Any = said(one.text)
    if one.several:
        return forms.MultipleChoiceField(
            label=label, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _words(answer: Answer) -> Any:
    return said(answer.label)


def _row_name(edition: str, row: str) -> str:
    return annual.form(edition).specs[f"applications.{row}.total"].row.label
