"""办理的表单: one small form made of an act's event: what the table needs is compulsory."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.statute.applicant_kinds import KINDS, ApplicantKind
from gongkai.statute.case_events import EVENTS, OPINIONS, WAYS, Act, Event, Opinion, Way
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import NEEDS
from gongkai.statute.clock_events import WHOM, Whom
from gongkai.statute.fees import NAMES, Basis
from gongkai.statute.grounds import REASONS, REFUSALS, Ground
from gongkai.statute.transitions import Offer
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import SCANS
from gongkai.web.applications.intake_forms import Files, FilesInput
from gongkai.web.applications.matter_actions import Asks
from gongkai.web.applications.models import Link, Matter
from gongkai.web.shell.forms import DateInput

PARTIES = 5  # asked in one go

_ON = {
    Act.CONFIRM: _("确认之日"),
    Act.CLARIFY: _("告知之日"),
    Act.CORRECT: _("收到补正之日"),
    Act.CONSULT: _("发出之日"),
    Act.SERVE: _("对方收到之日"),
    Act.OPINION: _("收到意见之日"),
    Act.GIVE_REASONS: _("收到理由之日"),
    Act.TELL_EXTENSION: _("申请人收到告知之日"),
    Act.CHARGE: _("申请人收到收费通知之日"),
    Act.PAY: _("缴费之日"),
    Act.WITHDRAW: _("撤回之日"),
    Act.SIGN: _("签发之日"),
    Act.SEND: _("发出之日"),
    Act.MISS: _("得知之日"),
    Act.DELIVER: _("送达之日"),
    Act.TELL_PARTY: _("告知之日"),
}
_OPTIONAL = {
    "days": _("延长几个工作日"),
    "late_reason": _("逾期的原因"),
    "reason": _("理由、说明"),
    "until": _("期限"),
    "overrides": _("不同意公开，仍予公开的第三方"),
    "other_organ": _("负责公开的机关及联系方式"),
    "basis": _("所依据的规定"),
    "withheld": _("不公开的部分及理由"),
    "where": _("获取的方式和途径"),
    "search": _("检索记录"),
}
_HELP = {
    "points": _("一次性写全需要补正的内容（条例第三十条）。"),
    "days": _("不填的按法律允许的最长：二十个工作日。"),
    "late_reason": _("在规定时间之后的，写明原因。"),
}
_UNTIL = {
    Act.CLARIFY: _("补正通知给出的最后一日；不填的按本机关设置计算。"),
    Act.ASK_REASONS: _("要求说明理由的通知给出的最后一日；不填的按本机关设置计算。"),
}
_LONG = ("points", "reason", "search", "where")
_WORDS: Mapping[type[StrEnum], Any] = {
    Opinion: OPINIONS,
    Way: WAYS,
    Whom: WHOM,
    Basis: NAMES,
    Ground: {ground: one.name for ground, one in REASONS.items()},
}
# Those that come as a paper; others are put on file from the case's page.
WITH_FILES = frozenset({Act.CORRECT, Act.OPINION, Act.GIVE_REASONS})


def files_field() -> Files:
    """Papers and pictures to be put on file."""
    accept = ",".join(f".{kind}" for kind in SCANS)
    widget = FilesInput(attrs={"accept": accept})
    return Files(label=_("附卷的文件"), required=False, widget=widget)


class ActForm(forms.Form):
    """一项办理: its fields are those of the act's event."""

    def __init__(
        self,
        *args: Any,
        offer: Offer[Act],
        case: Case,
        version: int,
        today: date,
        parties: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer, self.case, self.parties = offer, case, parties
        self.event_class = EVENTS[offer.act]
        hints = typing.get_type_hints(self.event_class)
        for one in fields(self.event_class):
            made = self._field(one.name, hints[one.name])
            if made is not None:
                self.fields[one.name] = made
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("on", today)
        if offer.act is Act.CORRECT:
            self.fields["wanted"] = forms.CharField(
                label=_("补正后的所需政府信息"),
                help_text=_("按补正后的申请改写；原来的内容保留在案件页。没有变化的不用改。"),
                max_length=20_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )
        if offer.act in WITH_FILES:
            self.fields["files"] = files_field()
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)

    def _label(self, name: str) -> Any:
        if name == "on":
            return _ON.get(self.offer.act, _("日期"))
        if name in self.offer.needs and name in NEEDS:
            return said(NEEDS[name])
        return _OPTIONAL.get(name, said(NEEDS[name]) if name in NEEDS else name)

    def _field(self, name: str, hint: Any) -> forms.Field | None:
        given: dict[str, Any] = {
            "label": self._label(name),
            "required": name == "on" or name in self.offer.needs,
            "help_text": _UNTIL.get(self.offer.act, "") if name == "until" else _HELP.get(name, ""),
        }
        if typing.get_origin(hint) is types.UnionType:
            hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
        if name == "party":
            return forms.ChoiceField(choices=self._parties(self.offer.parties), **given)
        if name == "overrides":
            return self._several(self._parties(self.case.objecting), given)
        if name == "withheld":
            choices = [(g.value, said(REASONS[g].name)) for g in REASONS if g in REFUSALS]
            return self._several(choices, given)
        if hint is date:
            return forms.DateField(widget=DateInput, **given)
        if hint is bool:
            yes_no = (("yes", _("是")), ("no", _("否")))
            return forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect, **given)
        if hint is int:
            return forms.IntegerField(min_value=1, max_value=20, **given)
        if hint is Decimal:
            return forms.DecimalField(min_value=Decimal("0.01"), decimal_places=2, **given)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            choices = [("", _("请选择")), *((k.value, said(t)) for k, t in _WORDS[hint].items())]
            return forms.ChoiceField(choices=choices, **given)
        return self._text(name, given)

    def _text(self, name: str, given: dict[str, Any]) -> forms.Field:
        if name == "late_reason" and name not in self.offer.needs:
            given["required"] = False
        if name in _LONG:
            widget = forms.Textarea(attrs={"rows": 3})
            return forms.CharField(max_length=5000, widget=widget, **given)
        return forms.CharField(max_length=300, **given)

    def _several(self, choices: list[tuple[str, Any]], given: dict[str, Any]) -> forms.Field | None:
        if not choices:
            return None
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, widget=widget, **given)

    def _parties(self, keys: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(key, self.parties.get(key, key)) for key in dict.fromkeys(keys)]

    def event(self) -> Event:
        """The event typed, once the form is valid."""
        hints = typing.get_type_hints(self.event_class)
        values: dict[str, Any] = {}
        for one in fields(self.event_class):
            typed = self.cleaned_data.get(one.name)
            if typed in (None, "", []) and one.default is not MISSING:
                continue
            values[one.name] = typed_value(typed, hints[one.name])
        made: Event = self.event_class(**values)
        return made


def typed_value(typed: Any, hint: Any) -> Any:
    if typing.get_origin(hint) is tuple:
        kind = typing.get_args(hint)[0]
        return tuple(kind(one) for one in typed or ())
    if hint is bool:
        return typed == "yes"
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(typed)
    return typed


# -- forms that are not made of one event


class Consult(forms.Form):
    """征求意见: of several parties at once."""

    on = forms.DateField(label=_("发出之日"), widget=DateInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        for at in range(PARTIES):
            self.fields[f"p{at}_whom"] = forms.ChoiceField(
                label=_("征求谁的意见"),
                choices=[(kind.value, said(text)) for kind, text in WHOM.items()],
                required=False,
            )
            for name, label, most in (
                ("organisation", _("单位名称"), 120),
                ("name", _("姓名"), 60),
                ("contact", _("地址、联系方式"), 200),
            ):
                self.fields[f"p{at}_{name}"] = forms.CharField(
                    label=label, max_length=most, required=False
                )

    @property
    def sections(self) -> list[tuple[Any, list[str]]]:
        names = ("whom", "organisation", "name", "contact")
        found: list[tuple[Any, list[str]]] = [("", ["on"])]
        for at in range(PARTIES):
            legend = _("第 %(number)d 方") % {"number": at + 1}
            found.append((legend, [f"p{at}_{name}" for name in names]))
        return found

    def parties(self) -> list[Asks]:
        data = self.cleaned_data
        return [
            Asks(
                Whom(data[f"p{at}_whom"] or Whom.THIRD_PARTY),
                data[f"p{at}_organisation"],
                data[f"p{at}_name"],
                data[f"p{at}_contact"],
            )
            for at in range(PARTIES)
        ]


class Versioned(forms.Form):
    """带版本的表单."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    """一项: a person by name, a matter by part and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.part}. {obj.title}" if isinstance(obj, Matter) else str(obj.name)


class Give(Versioned):
    """交办."""

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = _Named(label=_("经办人"), queryset=people)


class Split(Versioned):
    """拆分."""

    text = forms.CharField(
        label=_("留在本事项的内容"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20000
    )
    asked = forms.CharField(
        label=_("拆出的内容"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20000
    )
    title = forms.CharField(label=_("拆出事项的事由"), max_length=200, required=False)


class Merge(Versioned):
    """并入."""

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = _Named(label=_("并入"), queryset=others)


class Linked(forms.Form):
    """关联."""

    number = forms.CharField(
        label=_("另一事项的编号"), max_length=20, help_text=_("如 2026-12-1。")
    )
    kind = forms.ChoiceField(label=_("怎样相同"), choices=Link.Kind.choices)


class Kind(Versioned):
    """申请人类别."""

    kind = forms.ChoiceField(
        label=_("申请人类别"), choices=[(kind.value, said(text)) for kind, text in KINDS.items()]
    )
    reason = forms.CharField(label=_("改变类别的理由"), max_length=200)

    def clean_kind(self) -> ApplicantKind:
        return ApplicantKind(self.cleaned_data["kind"])


class Paper(forms.Form):
    """附卷."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = files_field()
        self.fields["files"].required = True


class Purpose(forms.Form):
    """查看事由."""

    purpose = forms.CharField(label=_("查看事由"), max_length=100)
