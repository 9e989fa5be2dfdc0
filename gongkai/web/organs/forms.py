"""机关的表单: the shape of what is typed; what the tree demands is asked by the actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs.models import Level, Organ, OrganKind
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.widgets import Picker

Organs = QuerySet[Organ]


def shown(organ: Organ) -> str:
    """How an organ is written into a field that picks one: its name and its code."""
    return f"{organ.name}（{organ.code}）"


def picked(typed: str, organs: Organs) -> Organ:
    """The one organ that was typed: by name and code, code, name or short name.

    Raises ValidationError where none is meant, or more than one.
    """
    words = typed.strip()
    if words.endswith("）") and "（" in words:
        found = organs.filter(code=words[words.rindex("（") + 1 : -1]).first()
        if found is not None:
            return found
    by_word = Q(code=words.upper()) | Q(name=words) | Q(short_name=words)
    matches = list(organs.filter(by_word)[:3]) or list(organs.filter(name__icontains=words)[:3])
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise ValidationError(
            _now("没有找到“%(words)s”；请填写单位编号或完整名称。") % {"words": words},
            code="no_organ",
        )
    names = _now("、").join(shown(m) for m in matches)
    raise ValidationError(
        _now("“%(words)s”可能是 %(names)s，请写明是哪一个。") % {"words": words, "names": names},
        code="several_organs",
    )


class OrganField(forms.CharField):
    """选择机关: typed with suggestions; cleans to an Organ out of those the form offers."""

    def __init__(self, *, organs: Callable[[], Organs] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker(reverse_lazy("organs:suggest")))
        super().__init__(**kwargs)
        self.organs = organs or Organ.objects.all

    def prepare_value(self, value: Any) -> Any:
        return shown(value) if isinstance(value, Organ) else value

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        return picked(words, self.organs()) if words else None


class OrgansField(forms.CharField):
    """选择多个机关: one a line; cleans to a list of Organs."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.organs: Callable[[], Organs] = Organ.objects.all

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list) and all(isinstance(v, Organ) for v in value):
            return "\n".join(shown(v) for v in value)
        return value

    def clean(self, value: Any) -> Any:
        lines = [line for line in (super().clean(value) or "").splitlines() if line.strip()]
        found, wrong = [], []
        for line in lines:
            try:
                found.append(picked(line, self.organs()))
            except ValidationError as error:
                wrong += error.messages
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(found))


class Scoped(forms.Form):
    """A form whose organs are chosen from what the person may administer."""

    def __init__(self, *args: Any, organs: Organs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, OrganField | OrgansField):
                field.organs = lambda: organs


_NAME = _("全称，如：白鹭市松风区档案局。")
_BASIS = _("批准文件的名称和文号，如：松编〔2026〕3号。")
_TODAY = _("不能晚于今天。")


class Kind(forms.Form):
    """What an organ is."""

    kind = forms.ChoiceField(label=_("性质"), choices=OrganKind.choices)
    level = forms.ChoiceField(label=_("层级"), choices=Level.choices)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=18,
        required=False,
        help_text=_("18 位；没有的可不填。"),
    )
    division_code = forms.CharField(
        label=_("行政区划代码"), max_length=12, required=False, help_text=_("6、9 或 12 位数字。")
    )

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).strip().upper()


class Found(Kind, Scoped):
    """设立机关。"""

    code = forms.RegexField(
        r"^[A-Z0-9-]{2,32}\Z",
        label=_("单位编号"),
        max_length=32,
        help_text=_("在本系统内唯一，设定后不变；大写字母、数字和短横，如 SF-0103。"),
        error_messages={"invalid": _("单位编号只用大写字母、数字和短横，2 到 32 个字符。")},
    )
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_NAME)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    parent = OrganField(label=_("上级机关"), max_length=200)
    valid_from = forms.DateField(
        label=_("设立之日"),
        widget=DateInput(),
        help_text=_("记不清的，填本系统开始记录的日期，如 2019-01-01。"),
    )
    field_order = ["parent", "name", "short_name", "code", "kind", "level"]
    sections = [
        (_("名称与隶属"), ["parent", "name", "short_name", "code"]),
        (_("性质与代码"), ["kind", "level", "credit_code", "division_code", "valid_from"]),
    ]


class Change(Kind):
    """修改机关信息。"""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Rename(forms.Form):
    """机关更名。"""

    name = forms.CharField(label=_("新名称"), max_length=120, help_text=_NAME)
    short_name = forms.CharField(
        label=_("简称"),
        max_length=60,
        required=False,
        help_text=_("没有变化的照旧；没有简称的留空。"),
    )
    on = forms.DateField(
        label=_("启用日期"),
        widget=DateInput(),
        help_text=_("从这一天起用新名称；此前的报告和文件仍显示原名称。不能晚于今天。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class Move(Scoped):
    """改变隶属。"""

    parent = OrganField(
        label=_("新的上级机关"), max_length=200, help_text=_("下级机关随同改变位置。")
    )
    on = forms.DateField(label=_("生效日"), widget=DateInput(), help_text=_TODAY)
    version = forms.IntegerField(widget=forms.HiddenInput)


class Merge(Scoped):
    """合并机关。"""

    predecessors = OrgansField(
        label=_("撤销的机关"),
        help_text=_("每行一个，填单位编号或全称。撤销后不再办理新的事项，历史全部保留。"),
    )
    successor = OrganField(
        label=_("接受职责的机关"),
        max_length=200,
        help_text=_("接办在办事项，并编写当年的年度报告。新组建的机关请先设立。"),
    )
    on = forms.DateField(label=_("生效日"), widget=DateInput(), help_text=_TODAY)
    basis = forms.CharField(label=_("依据文件"), max_length=200, help_text=_BASIS)


class Split(Scoped):
    """分设机关。"""

    successors = OrgansField(
        label=_("接受职责的机关"),
        help_text=_("每行一个，至少两个，填单位编号或全称。新组建的机关请先设立。"),
    )
    heir = OrganField(
        label=_("其中接办在办事项的机关"),
        max_length=200,
        help_text=_("在办的申请等由它继续办理，当年的年度报告由它编写。"),
    )
    on = forms.DateField(label=_("生效日"), widget=DateInput(), help_text=_TODAY)
    basis = forms.CharField(label=_("依据文件"), max_length=200, help_text=_BASIS)


class Close(forms.Form):
    """撤销机关。"""

    on = forms.DateField(
        label=_("生效日"), widget=DateInput(), help_text=_("从这一天起不再存在。不能晚于今天。")
    )
    basis = forms.CharField(label=_("依据文件"), max_length=200, help_text=_BASIS)


class SetReconsideration(Scoped):
    """指定行政复议机关。"""

    body = OrganField(
        label=_("复议机关"),
        max_length=200,
        required=False,
        help_text=_("本系统内的机关；不在本系统内的，在下面填写名称。"),
    )
    body_name = forms.CharField(label=_("复议机关名称"), max_length=120, required=False)
    on = forms.DateField(
        label=_("起始日"),
        widget=DateInput(),
        help_text=_(
            "从这一天起作出的决定向它申请复议。2024 年 1 月 1 日起，"
            "工作部门的复议机关一般为本级人民政府（行政复议法第二十四条）。"
        ),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("body") and not (data.get("body_name") or "").strip():
            self.add_error("body", _now("请选择复议机关，或填写其名称。"))
        return data
