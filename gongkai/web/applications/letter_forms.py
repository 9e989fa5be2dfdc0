"""文书的表单: what a person types into a letter: a field for each variable the kind prints.

What the case and the organ already say stands in the field, and is kept only where it was changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import letter_kinds, letter_samples
from gongkai.statute.case_events import Act, ClarificationAsked, Event
from gongkai.statute.letter_kinds import Kind, Variable
from gongkai.statute.letter_remedies import Subject
from gongkai.statute.workdays import Calendar, add_working_days
from gongkai.web.applications import letter_acts
from gongkai.web.applications.case_forms import ActForm, Consult, Versioned
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Letter
from gongkai.web.shell.forms import DateInput

LOOKED_UP = frozenset(
    {
        *("organ", "letterhead", "number", "addressee", "tracking_code", "tracking_url"),
        *("organisation", "grounds", "charge", "applicant", "case_number", "received_on"),
        *("channel", "due_on", "corrected_on", "consulted", "extended_to", "paid_on"),
        *("replaced_number", "notified_on", "withdrawn_on", "consulted_on", "extension_days"),
        *("reasons_until", "delayed_to", "renewed_by"),
    }
)
"""What the case, the organ or the vault says, and nobody types."""
FRAME = ("attachments", "more_basis", "contact")
REMEDY = ("reconsideration_organs", "courts", "delivered_online", "reconsideration_online")
SHORT = frozenset(
    {
        *("contact", "form", "other_organ", "other_contact", "earlier_number", "endangered"),
        *("category", "reconsideration_online", "more_basis", "classification", "renewed_by"),
        *("consulted_party",),
    }
)
LINES = 4


def editable(kind: Kind) -> tuple[str, ...]:
    """The variables a person fills in, in the order the text prints them."""
    known = letter_kinds.variables()
    held = [id for one in kind.elements for choice in one.by for id in choice]
    named = [*kind.template.variables, *(id for id in held if not known[id].frame)]
    own = [id for id in named if not known[id].made and id not in LOOKED_UP]
    more = list(FRAME)
    if kind.subject is not Subject.PROCEDURAL:
        more += REMEDY
    return tuple(dict.fromkeys(id for id in (*own, *more) if id not in LOOKED_UP))


def compulsory(kind: Kind) -> frozenset[str]:
    """The variables without which the letter cannot be sent."""
    return frozenset(
        id
        for one in kind.elements
        if one.compulsory and one.when is None and len(one.by) == 1
        for id in one.by[0]
    )


def fields(kind: Kind, *, required: bool) -> Iterator[tuple[str, forms.Field]]:
    """A field for each; ``required``: what the letter cannot do without must be given."""
    must = compulsory(kind) if required else frozenset()
    for id in editable(kind):
        yield id, field(letter_kinds.variables()[id], kind, must=id in must)


def field(one: Variable, kind: Kind, *, must: bool) -> forms.Field:
    """The field of one variable."""
    given: dict[str, Any] = {"label": said(one.name), "required": must}
    example = letter_samples.OWN.get(kind.id, {}).get(one.id) or letter_samples.VALUES.get(one.id)
    if isinstance(example, str) and one.id != "request":
        given["help_text"] = _example(example)
    if one.type == "day":
        return forms.DateField(widget=DateInput, **given)
    if one.type == "whole":
        return forms.IntegerField(min_value=1, max_value=9999, **given)
    if one.type == "yuan":
        return forms.IntegerField(min_value=0, max_value=10_000_000, **given)
    if one.type == "flag":
        return forms.BooleanField(label=given["label"], required=False)
    if one.type == "texts":
        given["help_text"] = _("每行一项。")
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), **given)
    if one.id in SHORT:
        return forms.CharField(max_length=200, **given)
    return forms.CharField(max_length=10_000, widget=forms.Textarea(attrs={"rows": LINES}), **given)


def initial(known: Mapping[str, Any]) -> dict[str, Any]:
    """Values as fields show them."""
    return {
        id: "\n".join(value) if isinstance(value, list | tuple) else value
        for id, value in known.items()
    }


def typed(data: Mapping[str, Any], kind: Kind, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the person typed: values of the letter that differ from what was looked up."""
    variables = letter_kinds.variables()
    found: dict[str, Any] = {}
    for id in editable(kind):
        value = data.get(id)
        if variables[id].type == "texts":
            value = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        elif isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
        if value != known.get(id) and value not in (None, "", [], False):
            found[id] = value
    return found


def _shown(text: str) -> SafeString:
    return format_html('{}<span lang="zh-hans">{}</span>', _now("例如："), text)


_example = lazy(_shown, SafeString)
"""What such a text reads like; letters are Chinese in every language."""


def number_field() -> forms.CharField:
    """For organs that number elsewhere."""
    return forms.CharField(
        label=_("文号"),
        max_length=60,
        required=False,
        help_text=_("不填的由系统编号；在别处编号的，照原样填写。"),
    )


class LetterForm(Versioned):
    """起草、修改一件文书."""

    def __init__(self, *args: Any, kind: Kind, to_organ: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if to_organ:
            self.fields["addressee"] = forms.CharField(label=_("收件机关"), max_length=120)
        for name, one in fields(kind, required=False):
            self.fields[name] = one

    def values(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed."""
        found = typed(self.cleaned_data, self.kind, known)
        if self.cleaned_data.get("addressee"):
            found["addressee"] = self.cleaned_data["addressee"].strip()
        return found


class Issue(Versioned):
    """编号印制."""

    on = forms.DateField(label=_("成文日期"), widget=DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["number"] = number_field()


class Void(Versioned):
    """作废."""

    reason = forms.CharField(label=_("作废的理由"), max_length=200)


# -- acts with their letter


class NoticeForm(ActForm):
    """一项办理和它的文书: fields of the event, then of the letter; or a letter numbered already."""

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        ready: Mapping[int, str],
        calendar: Calendar,
        clarify_days: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.calendar, self.clarify_days = kind, calendar, clarify_days
        self.fields.pop("files", None)
        if self.offer.act is Act.CLARIFY:
            self.fields.pop("until", None)
            self.initial.setdefault("clarify_days", clarify_days)
        if ready:
            self.fields["letter"] = forms.ChoiceField(
                label=_("文书"),
                required=False,
                choices=[("", _("随本次办理制作")), *((str(k), v) for k, v in ready.items())],
                help_text=_("已经编号印制的，可以在这里选用；选用的不再填写下面的内容。"),
            )
        ready_chosen = bool(self.is_bound and self.data.get(self.add_prefix("letter")))
        for name, one in fields(kind, required=not ready_chosen):
            if name not in self.fields:
                self.fields[name] = one
        self.fields["number"] = number_field()

    def event(self) -> Event:
        made = super().event()
        days = self.cleaned_data.get("clarify_days")
        if isinstance(made, ClarificationAsked) and days and days != self.clarify_days:
            until = add_working_days(made.on, days, self.calendar).end
            return ClarificationAsked(made.on, made.points, until, made.late_reason)
        return made

    def text(self, known: Mapping[str, Any]) -> letter_acts.Text:
        """What was typed for the letter."""
        values = typed(self.cleaned_data, self.kind, known)
        if "clarify_days" in self.cleaned_data and self.cleaned_data["clarify_days"]:
            values["clarify_days"] = self.cleaned_data["clarify_days"]
        return letter_acts.Text(values, self.cleaned_data.get("number", ""))

    def chosen(self, letters: Any) -> Letter | None:
        """The letter numbered already."""
        key = self.cleaned_data.get("letter")
        return letters.get(pk=int(key)) if key else None


class ConsultForm(Consult):
    """征求意见: several parties, a letter to each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = letter_kinds.kind("consultation")
        for name, one in fields(self.kind, required=True):
            self.fields[name] = one
        self.fields["number"] = number_field()

    @property
    def sections(self) -> list[tuple[Any, list[str]]]:
        letter = [*editable(self.kind), "number"]
        return [*super().sections, (_("征求意见书"), letter)]

    def text(self, known: Mapping[str, Any]) -> letter_acts.Text:
        """What was typed for the letters."""
        values = typed(self.cleaned_data, self.kind, known)
        return letter_acts.Text(values, self.cleaned_data.get("number", ""))


class Sign(Versioned):
    """签发编号."""

    on = forms.DateField(label=_("签发之日"), widget=DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["number"] = number_field()


def ready_choices(rows: Any) -> dict[int, str]:
    """Letters numbered already and not used by an act."""
    return {
        one.pk: _now("%(number)s（%(state)s）")
        % {"number": one.number or one.pk, "state": one.get_state_display()}
        for one in rows
    }
