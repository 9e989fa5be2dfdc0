"""待发消息的表单: for what an address is looked at, and why something is not sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import vault


class Reveal(forms.Form):
    """查看收件地址。"""

    purpose = forms.CharField(
        label=_("事由"),
        max_length=100,
        min_length=vault.SHORTEST,
        help_text=_("如：核对退信的邮箱。查看一次记录一次，审计员可以看到。"),
    )


class Drop(forms.Form):
    """不再发送。"""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        min_length=vault.SHORTEST,
        help_text=_("如：已电话告知。消息留在列表里，需要时还可以再发。"),
    )
