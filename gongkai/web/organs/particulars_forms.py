"""指南要素的表单: the particulars themselves, a decision, a signature on paper, a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs.particulars_queries import FIELDS, Decider
from gongkai.web.shell.forms import DateInput

_PHONE = r"^[0-9０-９+() （）、,，;；/转\-－—~\s]{5,60}\Z"
_PHONE_WRONG = _("电话写数字和区号，如 0512-00000000；多个用顿号隔开。")


class Edit(forms.Form):
    """指南要素: with an example at every field."""

    office = forms.CharField(
        label=_("政府信息公开工作机构"),
        max_length=120,
        help_text=_("负责政府信息公开工作的内设机构全称，如：临溪区教育局办公室。"),
    )
    address = forms.CharField(
        label=_("办公地址"),
        max_length=200,
        help_text=_("写到楼层和房间，如：临溪区文昌路 18 号行政中心 3 号楼 205 室。"),
    )
    postcode = forms.RegexField(
        r"^\d{6}\Z",
        label=_("邮政编码"),
        max_length=6,
        error_messages={"invalid": _("邮政编码是 6 位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("6 位数字；邮寄申请用。"),
    )
    hours = forms.CharField(
        label=_("办公时间"),
        max_length=200,
        help_text=_("如：工作日 9:00–11:30，13:30–17:00（夏令时 14:00–17:30）。"),
    )
    phone = forms.RegexField(
        _PHONE,
        label=_("联系电话"),
        max_length=60,
        error_messages={"invalid": _PHONE_WRONG},
        help_text=_("办公电话，带区号，如 0512-00000000；不写个人手机号。"),
    )
    fax = forms.RegexField(
        _PHONE,
        label=_("传真"),
        max_length=60,
        required=False,
        error_messages={"invalid": _PHONE_WRONG},
        help_text=_("可以收申请的传真；没有的不填。"),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=254,
        help_text=_("单位邮箱，如 xxgk@example.gov.cn；没有的不填。"),
    )
    website = forms.URLField(
        label=_("网上申请地址"),
        required=False,
        assume_scheme="https",
        help_text=_("申请人填写网上申请的页面，如 https://www.example.gov.cn/apply。"),
    )
    remarks = forms.CharField(
        label=_("受理说明"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("当面、邮寄、网上申请各怎么提交，有无无障碍帮助；没有特别说明的不填。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sections: ClassVar[list[Any]] = [
        (_("机构与地址"), ["office", "address", "postcode", "hours"]),
        (_("联系方式"), ["phone", "fax", "email", "website"]),
        (_("说明"), ["remarks"]),
    ]

    def values(self) -> dict[str, str]:
        """What was typed, by field, whether or not it is valid."""
        if self.is_bound:
            return {n: _plain(str(self.data.get(n, ""))) for n in FIELDS}
        return {n: str(self.initial.get(n, "")) for n in FIELDS}


def typed(data: dict[str, Any]) -> dict[str, str]:
    """The particulars out of cleaned data."""
    return {name: _plain(data.get(name) or "") for name in FIELDS}


def _plain(text: str) -> str:
    """With one kind of line end, whatever browser sent it."""
    return text.replace("\r\n", "\n").strip()


class Decide(forms.Form):
    """审核或批准: with an opinion, if wished."""

    comment = forms.CharField(
        label=_("意见"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可以不填。与签署一并保存，本机关人员都能看到。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class SendBack(Decide):
    """退回: with a reason."""

    comment = forms.CharField(
        label=_("退回理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明哪一项、怎么改，如：联系电话应写办公电话，请补区号。"),
        error_messages={"required": _("请写明退回的理由，起草人据此修改。")},
    )


class Versioned(forms.Form):
    """确认: of the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Paper(forms.Form):
    """登记纸质签批。"""

    account = forms.ModelChoiceField(
        queryset=Account.objects.none(),
        label=_("签批人"),
        required=False,
        empty_label=_("没有账号，在下面填写姓名"),
        help_text=_("在纸上签字的人。"),
    )
    name = forms.CharField(
        label=_("签批人姓名、职务"),
        max_length=60,
        required=False,
        help_text=_("签批人没有账号时填写，如：戴示例 局长。"),
    )
    signed_on = forms.DateField(
        label=_("签批日期"),
        widget=DateInput(),
        help_text=_("纸上写的日期；不早于起草之日，不晚于今天。"),
    )
    scan = forms.FileField(
        label=_("扫描件"),
        error_messages={"required": _("请上传纸质签批的扫描件或照片；没有扫描件不能登记。")},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg"}),
        help_text=_("签批页全页，字迹和签名清楚。存入档案，本机关人员可以下载核对。"),
    )
    comment = forms.CharField(
        label=_("批示内容"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("照录纸上的批示；只有签名的不填。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, signers: Sequence[Decider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Account.objects.filter(
            pk__in=[d.account_id for d in signers if d.for_id is None]
        ).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("account") and not (data.get("name") or "").strip():
            self.add_error("account", _now("请选择签批人；没有账号的，填写姓名和职务。"))
        if data.get("account") and (data.get("name") or "").strip():
            self.add_error("name", _now("已选择签批人，这里不填。"))
        return data

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day.year < 2000:
            raise ValidationError(_now("请核对年份。"))
        return day
