"""提醒的表单: what an organ is to do, and by when."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.web.shell.forms import DateInput


class Remind(forms.Form):
    """提醒。"""

    words = forms.CharField(
        label=_("提醒内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("对方机关的经办人、审核人、批准人在首页的待办里看到。"),
        error_messages={"required": _("请写明提醒的内容。")},
    )
    due_on = forms.DateField(
        label=_("办理期限"),
        required=False,
        widget=DateInput(),
        help_text=_(
            "请对方在这一天以前（含当天）办理；不限日期的清空。默认天数在机关设置的“提醒”里改。"
        ),
    )


class SendBack(Remind):
    """退回更正: with a reason."""

    words = forms.CharField(
        label=_("退回理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明哪一项有误、怎么改；对方机关的人员在首页的待办里看到。"),
        error_messages={"required": _("请写明退回的理由，本机关据此更正。")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)  # the number of the version that was shown
