"""复议诉讼的表单: how a remedy begins; one small form of each later act, made of its event."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.statute import remedies
from gongkai.statute.remedies import Proceeding
from gongkai.statute.remedy_events import EVENTS, Act, Event, Filed
from gongkai.statute.remedy_results import FINDINGS, KINDS, Kind, Result
from gongkai.statute.remedy_table import NEEDS, table_of
from gongkai.statute.transitions import Offer
from gongkai.web.applications.case_forms import Versioned, files_field, typed_value
from gongkai.web.applications.event_kinds import said
from gongkai.web.remedies import words
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell.forms import DateInput

YES_NO = (("yes", _("是")), ("no", _("否")))
_ON = {
    Act.ADMIT: _("受理、立案之日"),
    Act.COPY: _("收到副本之日"),
    Act.ANSWER: _("提交之日"),
    Act.EVIDENCE: _("提交之日"),
    Act.CONCLUDE: _("收到决定之日"),
    Act.JUDGE: _("收到裁判文书之日"),
    Act.FINAL_JUDGMENT: _("收到裁判文书之日"),
    Act.APPEAL: _("上诉之日"),
    Act.PERFORM: _("履行之日"),
    Act.OPINION_LETTER: _("收到意见书之日"),
    Act.REPORT_BACK: _("报送之日"),
    Act.RETRACT: _("撤回登记之日"),
}
_OPTIONAL = {
    "simple": _("适用简易程序"),
    "deemed": _("逾期未作决定，视为受理"),
    "days": _("延长几日"),
    "until": _("责令履行的最后一日"),
    "ruling": _("是裁定（上诉期十日）"),
    "ours": _("由本机关上诉"),
    "result": _("改判的结果"),
}
_HELP = {
    "items": _("每行一份，按提交的顺序。"),
    "until": _("决定、裁判写明期限的才填；重新办理的期限以它为准。"),
    "deemed": _("复议机关五个工作日内没有作出是否受理的决定的。"),
    "result": _("维持原判的不选。"),
}


class Begin(forms.Form):
    """登记复议、诉讼."""

    kind = forms.ChoiceField(
        label=_("救济种类"), choices=[(kind.value, said(text)) for kind, text in KINDS.items()]
    )
    body = forms.CharField(label=_("复议机关或者法院"), max_length=80)
    number = forms.CharField(
        label=_("案号"), max_length=60, required=False, help_text=_("还没有的可以以后补。")
    )
    on = forms.DateField(label=_("提起之日"), widget=DateInput)
    after = forms.ModelChoiceField(
        label=_("在前的复议"),
        queryset=Remedy.objects.none(),
        required=False,
        help_text=_("复议后起诉的，选择已审结、或者逾期未作决定的复议。"),
    )
    third_party = forms.ChoiceField(
        label=_("由谁提起"),
        choices=(("no", _("申请人")), ("yes", _("第三方"))),
        widget=forms.RadioSelect,
        initial="no",
    )
    known = forms.DateField(
        label=_("知道答复之日"),
        widget=DateInput,
        help_text=_("对方收到答复的日期；没有答复的，是答复期限的最后一日。"),
    )
    told = forms.ChoiceField(
        label=_("答复写明了救济途径和期限"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        initial="yes",
    )

    def __init__(self, *args: Any, today: date, before: Sequence[Remedy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = files_field()
        for name in ("on", "known"):
            self.fields[name].widget.attrs["max"] = today.isoformat()
        chosen = typing.cast(Any, self.fields["after"])
        chosen.queryset = Remedy.objects.filter(pk__in=[one.pk for one in before])
        chosen.label_from_instance = lambda one: (
            f"{words.title(one)} {words.result(one) or words.state(one)}"
        )
        if not before:
            del self.fields["after"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != Kind.SUIT_AFTER:
            data["after"] = None  # proposed, and of no meaning for the others
        return data

    def event(self) -> Filed:
        """The event typed, once the form is valid."""
        data = self.cleaned_data
        return Filed(data["on"], Kind(data["kind"]), data["body"].strip(), data["number"].strip())


class ActForm(forms.Form):
    """救济的一步: its fields are those of the act's event."""

    def __init__(
        self, *args: Any, offer: Offer[Act], found: Proceeding, version: int, today: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.offer, self.found = offer, found
        self.event_class = EVENTS[offer.act]
        hints = typing.get_type_hints(self.event_class)
        for one in fields(self.event_class):
            self.fields[one.name] = self._field(one.name, hints[one.name])
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("on", today)
        if offer.act not in (Act.ARCHIVE, Act.RETRACT):  # notices, decisions, proof of delivery
            self.fields["files"] = files_field()
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)

    def _field(self, name: str, hint: Any) -> forms.Field:
        needed = name == "on" or name in self.offer.needs
        given: dict[str, Any] = {
            "label": self._label(name, needed),
            "required": needed,
            "help_text": _HELP.get(name, "") if not (name == "result" and needed) else "",
        }
        if typing.get_origin(hint) is types.UnionType:
            hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
        if hint is Act:  # what can be taken back: the latest step that stands
            last = self.found.standing[-1].act
            table = table_of(self.found.kind or Kind.RECONSIDERATION)
            return forms.ChoiceField(choices=[(last.value, said(table.acts[last]))], **given)
        if hint is Result:
            return forms.ChoiceField(choices=self._results(), **given)
        if hint is date:
            return forms.DateField(widget=DateInput, **given)
        if hint is bool:
            return forms.ChoiceField(
                choices=YES_NO, widget=forms.RadioSelect, initial="no", **given
            )
        if hint is int:
            return forms.IntegerField(min_value=1, max_value=30, initial=30, **given)
        if typing.get_origin(hint) is tuple:
            widget = forms.Textarea(attrs={"rows": 6})
            return forms.CharField(max_length=5000, widget=widget, **given)
        return forms.CharField(max_length=300, **given)

    def _label(self, name: str, needed: bool) -> Any:
        if name == "on":
            return _ON.get(self.offer.act, _("日期"))
        if needed or name not in _OPTIONAL:
            return said(NEEDS[name])
        return _OPTIONAL[name]

    def _results(self) -> list[tuple[str, Any]]:
        """Those there can be now, each with the column of table 4 it counts in."""
        before = self.found.admitted is None
        known = FINDINGS[self.found.suit].values()
        if self.offer.act is Act.CONCLUDE:
            fits = [one for one in known if (one.before if before else one.after)]
            fits = [one for one in fits if one.before or not self.found.suit]
        else:
            fits = [one for one in known if not one.before]
        shown = [
            (one.result.value, f"{said(one.name)} · {words.column(one.column)}") for one in fits
        ]
        return [("", _("请选择")), *shown]

    def event(self) -> Event:
        """The event typed, once the form is valid."""
        hints = typing.get_type_hints(self.event_class)
        values: dict[str, Any] = {}
        for one in fields(self.event_class):
            typed = self.cleaned_data.get(one.name)
            if typed in (None, "", []) and one.default is not MISSING:
                continue
            if one.name == "items":
                typed = [line.strip() for line in str(typed).splitlines() if line.strip()]
            hint = hints[one.name]
            if typing.get_origin(hint) is types.UnionType:
                hint = next(x for x in typing.get_args(hint) if x is not types.NoneType)
            values[one.name] = typed_value(typed, hint)
        made: Event = self.event_class(**values)
        return made


class Number(Versioned):
    """案号."""

    number = forms.CharField(label=_("案号"), max_length=60)


def offer_of(found: Proceeding, act: Act, today: date) -> Offer[Act] | None:
    """What the statute says of one act; None where a remedy of this kind has none such."""
    offers = remedies.acts(found, max(today, found.latest))
    return next((one for one in offers if one.act is act), None)
