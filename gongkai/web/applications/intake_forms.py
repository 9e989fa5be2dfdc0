"""登记表单: an application typed from paper, by the keyboard alone: channel, days, who, what.

Applicants and matters stand in numbered blocks; those beyond what is used are there, hidden, so
that one more is a button, with scripts or without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import applicant_kinds
from gongkai.statute.applicant_kinds import KINDS, ApplicantKind
from gongkai.statute.side_matters import NEEDS, Help, Need
from gongkai.web.applications import channels, helps
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.helps import Helped
from gongkai.web.applications.intake import SCANS, Asked, Asker, Paper
from gongkai.web.applications.models import Request
from gongkai.web.organs.models import Organ
from gongkai.web.shell.forms import DateInput

ASKERS, MATTERS = 6, 10
_TYPED = (
    "organisation",
    "credit_code",
    "name",
    "identity",
    "phone",
    "email",
    "address",
    "postcode",
)
_LONGEST = {
    "organisation": 120,
    "credit_code": 18,
    "name": 60,
    "identity": 40,
    "phone": 40,
    "email": 120,
    "address": 200,
    "postcode": 6,
}
_LABELS = {
    "organisation": _("单位名称"),
    "credit_code": _("统一社会信用代码"),
    "name": _("姓名"),
    "identity": _("证件号码"),
    "phone": _("电话"),
    "email": _("电子邮箱"),
    "address": _("通信地址"),
    "postcode": _("邮政编码"),
}
PRINCIPAL, AGENT = "principal", "agent"


def _nth(number: int) -> Any:
    """What the block of an applicant is headed."""
    if number == 1:
        return _("申请人")
    return format_lazy("{} {}", _("申请人、代理人"), number)


class FilesInput(forms.FileInput):
    """文件框: several at once."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """多个文件: gives a list; what each is is found out when it is attached."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) and data else [data or None]
        return [found for one in chosen if (found := super(Files, self).clean(one, initial))]


@dataclass(frozen=True, slots=True)
class Block:
    """一块: an applicant or a matter; ``shown`` False: there, but not asked for yet."""

    number: int
    fields: list[BoundField]
    more: list[BoundField]
    shown: bool


class Register(forms.Form):
    """登记申请."""

    channel = forms.ChoiceField(label=_("渠道"))
    arrived_on = forms.DateField(
        label=_("到达日期"),
        widget=DateInput,
        help_text=_("当面提交、签收或者到达本机关之日。"),
    )
    confirmed_on = forms.DateField(
        label=_("与申请人确认之日"),
        widget=DateInput,
        required=False,
        help_text=_("传真、互联网和平常信函以双方确认之日为收到之日；尚未确认的不填，先行登记。"),
    )
    automatic = forms.BooleanField(label=_("本机关系统已即时出具回执"), required=False)
    misdirected = forms.BooleanField(label=_("寄给了其他机构或者个人，由其转来"), required=False)
    kind = forms.ChoiceField(
        label=_("事项"), choices=Request.Kind.choices, initial=Request.Kind.ACCESS
    )
    wanted_form = forms.CharField(
        label=_("获取方式"), required=False, max_length=100, help_text=_("如：纸质，邮寄。")
    )
    filled_in = forms.BooleanField(label=_("由工作人员代为填写"), required=False)
    need = forms.ChoiceField(
        label=_("需要协助的情形"),
        required=False,
        choices=(("", _("不需要协助")), *((one.value, said(t)) for one, t in NEEDS.items())),
    )
    helped_asker = forms.ChoiceField(
        label=_("协助的是"),
        required=False,
        choices=tuple((n, _nth(n)) for n in range(1, ASKERS + 1)),
    )
    helped = forms.CharField(
        label=_("怎样协助"),
        required=False,
        max_length=200,
        help_text=_("例如：本人口述，工作人员逐项填写。不写姓名等个人信息。"),
    )
    read_back = forms.BooleanField(
        label=_("已向申请人宣读（听力障碍的给其看过），申请人确认无误"), required=False
    )
    askers = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=ASKERS
    )
    matters = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=MATTERS
    )

    def __init__(self, *args: Any, organ: Organ, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels.choices(organ)  # type: ignore[attr-defined]
        self.fields["channel"].widget.attrs["autofocus"] = True
        self.fields["arrived_on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("arrived_on", today)
        accept = ",".join(f".{kind}" for kind in SCANS)
        self.fields["files"] = Files(
            label=_("扫描件、照片"), required=False, widget=FilesInput(attrs={"accept": accept})
        )
        for at in range(ASKERS):
            self._asker(at)
        for at in range(MATTERS):
            self.fields[f"m{at}_title"] = forms.CharField(
                label=_("事由"),
                required=False,
                max_length=200,
                help_text=_("一句话的简称；不填的取内容的开头。"),
            )
            self.fields[f"m{at}_text"] = forms.CharField(
                label=_("所需政府信息"),
                required=False,
                max_length=20000,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("照申请书原文录入。") if at == 0 else "",
            )

    def _asker(self, at: int) -> None:
        self.fields[f"a{at}_role"] = forms.ChoiceField(
            label=_("身份"),
            required=False,
            choices=((PRINCIPAL, _("申请人")), (AGENT, _("代理人"))),
        )
        for name in _TYPED:
            self.fields[f"a{at}_{name}"] = forms.CharField(
                label=_LABELS[name],
                required=False,
                max_length=_LONGEST[name],
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                help_text=_("申请人是个人的不填。") if name == "organisation" else "",
            )
        self.fields[f"a{at}_kind"] = forms.ChoiceField(
            label=_("申请人类别"),
            required=False,
            choices=(
                ("", _("按建议")),
                *((kind.value, said(words)) for kind, words in KINDS.items()),
            ),
        )
        self.fields[f"a{at}_kind_reason"] = forms.CharField(
            label=_("改变类别的理由"), required=False, max_length=200
        )

    # -- blocks

    def _used(self, name: str, most: int, holds: Any) -> int:
        told = self[name].value()
        counted = int(told) if str(told or "").isdigit() else 1
        filled = [at + 1 for at in range(most) if holds(at)]
        return min(most, max([1, counted, *filled]))

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "").strip()

    @property
    def shown_askers(self) -> int:
        return self._used(
            "askers", ASKERS, lambda at: any(self._typed(f"a{at}_{n}") for n in _TYPED)
        )

    @property
    def shown_matters(self) -> int:
        return self._used("matters", MATTERS, lambda at: self._typed(f"m{at}_text"))

    def asker_blocks(self) -> Iterator[Block]:
        shown = self.shown_askers
        for at in range(ASKERS):
            first = ["role"] if at else []
            names = [*first, "organisation", "credit_code", "name", "identity", "phone"]
            yield Block(
                at + 1,
                [self[f"a{at}_{n}"] for n in (*names, "address", "postcode", "email")],
                [self[f"a{at}_{n}"] for n in ("kind", "kind_reason")],
                at < shown,
            )

    @property
    def helps(self) -> bool:
        """Whether anything is typed of help."""
        return any(self[name].value() for name in ("need", "filled_in", "helped", "read_back"))

    def matter_blocks(self) -> Iterator[Block]:
        shown = self.shown_matters
        for at in range(MATTERS):
            yield Block(at + 1, [self[f"m{at}_text"], self[f"m{at}_title"]], [], at < shown)

    def with_one_more(self, what: str) -> dict[str, Any]:
        """Everything typed, and one block more of ``what`` asked for."""
        typed = {name: self[name].value() for name in self.fields if name != "files"}
        typed["askers"] = min(ASKERS, self.shown_askers + (what == "asker"))
        typed["matters"] = min(MATTERS, self.shown_matters + (what == "matter"))
        return typed

    # -- what was typed

    def typed_askers(self) -> list[Asker]:
        """As far as they are typed, unchecked, for hints."""
        return [one for at in range(ASKERS) if (one := self._asker_of(at)).called or at == 0]

    def typed_texts(self) -> list[str]:
        return [self._typed(f"m{at}_text") for at in range(MATTERS)]

    def _asker_of(self, at: int) -> Asker:
        values = {name: self._typed(f"a{at}_{name}") for name in _TYPED}
        suggested = applicant_kinds.applicant_kind(values["credit_code"], values["organisation"])
        chosen = self._typed(f"a{at}_kind")
        known = chosen in set(ApplicantKind)
        kind: ApplicantKind | None = ApplicantKind(chosen) if known else suggested.kind
        if at and self._typed(f"a{at}_role") == AGENT:
            kind = None
        return Asker(kind, kind_reason=self._typed(f"a{at}_kind_reason"), **values)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for at in range(ASKERS):
            self._check_asker(at)
        if not self._typed("m0_text"):
            self.add_error("m0_text", _now("请填写所需的政府信息（条例第二十九条）。"))
        for at in range(1, MATTERS):
            if self._typed(f"m{at}_title") and not self._typed(f"m{at}_text"):
                self.add_error(f"m{at}_text", _now("请填写这一事项的内容，或者清空事由。"))
        self._check_help(data)
        arrived, confirmed = data.get("arrived_on"), data.get("confirmed_on")
        if arrived and confirmed and confirmed < arrived:
            self.add_error("confirmed_on", _now("确认日期不能早于到达日期。"))
        return data

    def _check_help(self, data: dict[str, Any]) -> None:
        if "need" in self.errors or "arrived_on" in self.errors:
            return
        helped = self._helped(data)
        if helped is None:
            if self.helps:
                self.add_error(
                    "need", _now("请选择需要协助的情形；不需要协助的，清空“协助”的其他各项。")
                )
            return
        try:
            helps.check(helped, sum(self._asker_of(at).called != "" for at in range(ASKERS)))
        except helps.NotConfirmed as refused:
            self.add_error(refused.field, str(refused.message))

    def _helped(self, data: dict[str, Any]) -> Helped | None:
        """Who was helped how: by the place among those who are named."""
        if not data.get("need"):
            return None
        block = int(data.get("helped_asker") or 1)
        named = [bool(self._asker_of(at).called) for at in range(ASKERS)]
        place = sum(named[:block]) if named[block - 1] else 0
        given = Help(
            data["arrived_on"],
            Need(data["need"]),
            data.get("helped", ""),
            data["filled_in"],
            data["read_back"],
        )
        return Helped(given, place)

    def _check_asker(self, at: int) -> None:
        one = self._asker_of(at)
        named = "name" if not one.organisation else "organisation"
        anything = any(self._typed(f"a{at}_{name}") for name in _TYPED)
        if (at == 0 or anything) and not one.called:
            self.add_error(f"a{at}_{named}", _now("请填写申请人的姓名或者名称（条例第二十九条）。"))
        if one.kind is None or not one.called:
            return
        suggested = applicant_kinds.applicant_kind(one.credit_code, one.organisation)
        if one.kind is not suggested.kind and not one.kind_reason:
            self.add_error(
                f"a{at}_kind_reason",
                _now("与建议的类别“%(kind)s”不同，请写明理由。")
                % {"kind": said(KINDS[suggested.kind])},
            )

    def paper(self) -> Paper:
        """The application, once it is valid."""
        data = self.cleaned_data
        channel, via = channels.read(data["channel"])
        asks = range(MATTERS)
        confirmed = data["confirmed_on"] if needs(channel, data) else None
        return Paper(
            channel,
            data["arrived_on"],
            tuple(one for one in self.typed_askers() if one.called),
            tuple(
                Asked(self._typed(f"m{at}_title"), self._typed(f"m{at}_text"))
                for at in asks
                if self._typed(f"m{at}_text")
            ),
            via=via,
            confirmed_on=confirmed,
            automatic=data["automatic"],
            misdirected=data["misdirected"],
            wanted_form=data["wanted_form"],
            helped=self._helped(data),
            kind=data["kind"],
        )


def needs(channel: Any, data: dict[str, Any]) -> bool:
    """Whether a day of confirmation means anything here."""
    return channels.needs_confirmation(channel) or bool(data.get("misdirected"))
