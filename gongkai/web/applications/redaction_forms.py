"""遮盖的表单: the marks of a page by numbers, what to search for, which hits to take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.convert.redaction_marks import BadMark, Mark, PageSize, refuse_bad
from gongkai.statute.grounds import REASONS, Ground
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.redaction_actions import GROUNDS, USUAL, Box

EDGES = ("left", "top", "right", "bottom")
PATTERNS: dict[str, Promise] = {
    "id_number": _("身份证号码"),
    "mobile": _("手机号码"),
    "landline": _("固定电话"),
    "bank_card": _("银行卡号"),
    "email": _("电子邮箱"),
}
FOUND_BY: dict[str, Promise] = {**PATTERNS, "term": _("所查的词")}
HITS = 2000  # shown of one search


def grounds() -> list[tuple[str, str]]:
    """What a mark rests on: Art 14 to 16, with the article."""
    return [(one.value, f"{said(REASONS[one].cite)} {said(REASONS[one].name)}") for one in GROUNDS]


class MarkForm(forms.Form):
    """一个框: its edges from the upper left corner of the page."""

    left = forms.FloatField(label=_("左"), widget=forms.NumberInput(attrs={"step": "any"}))
    top = forms.FloatField(label=_("上"), widget=forms.NumberInput(attrs={"step": "any"}))
    right = forms.FloatField(label=_("右"), widget=forms.NumberInput(attrs={"step": "any"}))
    bottom = forms.FloatField(label=_("下"), widget=forms.NumberInput(attrs={"step": "any"}))
    ground = forms.ChoiceField(label=_("依据"))

    def __init__(self, *args: Any, size: PageSize, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.size = size
        self.fields["ground"].choices = grounds()  # type: ignore[attr-defined]
        self.fields["ground"].initial = USUAL.value
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """On the page, with an area."""
        found: dict[str, Any] = super().clean() or {}
        if any(found.get(edge) is None for edge in EDGES):
            return found
        left, top, right, bottom = (found[edge] for edge in EDGES)
        if left >= right or top >= bottom:
            self.add_error("right", _("左应小于右，上应小于下。"))
        elif right <= 0 or bottom <= 0 or left >= self.size.width or top >= self.size.height:
            self.add_error("left", _("框不在这一页之内。"))
        return found

    def box(self, page: int) -> Box:
        """The mark it says."""
        edges = (self.cleaned_data[edge] for edge in EDGES)
        left, top, right, bottom = edges
        return Box(Mark(page, left, top, right, bottom), Ground(self.cleaned_data["ground"]))


Marks = forms.formset_factory(MarkForm, extra=1, can_delete=True, max_num=1000)


class Find(forms.Form):
    """查找."""

    terms = forms.CharField(
        label=_("要查找的词"),
        required=False,
        max_length=2000,
        help_text=_("每行一个；字间的空格、换行不影响查找。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    patterns = forms.MultipleChoiceField(
        label=_("按样式查找"),
        required=False,
        choices=list(PATTERNS.items()),
        initial=list(PATTERNS),
        widget=forms.CheckboxSelectMultiple,
    )
    names = forms.BooleanField(
        label=_("申请人、代理人和第三方的姓名、名称、证件号码和联系方式"),
        required=False,
        initial=True,
    )

    def clean_terms(self) -> list[str]:
        """One a line, each with a letter or a digit."""
        lines = [line.strip() for line in str(self.cleaned_data["terms"]).splitlines()]
        found = [line for line in lines if line]
        if not all(any(sign.isalnum() for sign in line) for line in found):
            raise forms.ValidationError(_("要查找的词至少有一个字、字母或者数字。"))
        return found


class Hits(forms.Form):
    """采用查找结果: the hits that were ticked, on one ground."""

    hits = forms.MultipleChoiceField(required=False)
    ground = forms.ChoiceField(label=_("依据"))

    def __init__(self, *args: Any, sizes: list[PageSize], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sizes = sizes
        self.fields["ground"].choices = grounds()  # type: ignore[attr-defined]
        self.fields["hits"] = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def clean_hits(self) -> list[Mark]:
        """As `written` gave them; what was not ours is refused."""
        try:
            marks = [read(one) for one in self.cleaned_data["hits"] or []]
            refuse_bad(marks, self.sizes)
        except (ValueError, BadMark):
            raise forms.ValidationError(_("查找结果有误，请重新查找。")) from None
        return marks


def written(mark: Mark) -> str:
    """A hit as the value of its box."""
    return f"{mark.page}:" + ",".join(f"{edge:.2f}" for edge in mark.box)


def read(value: str) -> Mark:
    """And back. Raises ValueError."""
    page, _colon, told = value.partition(":")
    left, top, right, bottom = map(float, told.split(","))
    return Mark(int(page), left, top, right, bottom)
