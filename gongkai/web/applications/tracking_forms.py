"""申请人查询的表单: the code with the end of a contact; what is sent in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.web.applications.intake_forms import Files, FilesInput
from gongkai.web.applications.models import Matter
from gongkai.web.applications.tracking_access import TAIL
from gongkai.web.applications.tracking_actions import FILES, KINDS, MOST, TEXT, What, written
from gongkai.web.ledger import attachments
from gongkai.web.shell import uploads
from gongkai.web.shell.languages import lang

_ACCEPT = ",".join(f".{kind}" for kind in (*KINDS, "jpeg"))


class Enter(forms.Form):
    """查询办理情况."""

    code = forms.CharField(
        label=_("查询码"),
        max_length=30,
        help_text=_("在登记回执上，共 10 位字母和数字。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    tail = forms.CharField(
        label=_("联系方式的后四位"),
        max_length=20,
        help_text=_(
            "申请时留下的电话号码、邮政编码的最后四位，或者电子邮箱 @ 前面的最后四位，任选一种。"
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_tail(self) -> str:
        """Who types the whole contact means its end."""
        said: str = self.cleaned_data["tail"].strip().partition("@")[0]
        return said[-TAIL:]


class Send(forms.Form):
    """提交材料: words, files, or both."""

    text = forms.CharField(
        label=_("内容"),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    papers = Files(
        label=_("文件"),
        required=False,
        widget=FilesInput(attrs={"accept": _ACCEPT, "multiple": True, "data-most": str(MOST)}),
    )

    def __init__(self, *args: Any, matter: Matter, what: What, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter, self.what, self.at = matter, what, at
        self.fields["papers"].help_text = _now("最多 %(count)d 个。") % {"count": FILES}
        if what is What.WITHDRAWAL:
            self.fields["text"].label = _("撤回的原因")
            self.fields["text"].help_text = _("可以不写。")
            del self.fields["papers"]
        elif what is What.PAYMENT:
            self.fields["text"].label = _("说明")
            self.fields["text"].help_text = _("如缴费日期、金额和方式。")

    def clean_papers(self) -> list[attachments.Kept]:
        """Each file checked and put into the store before anything is written."""
        found = self.cleaned_data["papers"]
        if len(found) > FILES:
            raise forms.ValidationError(_now("一次最多 %(count)d 个文件。") % {"count": FILES})
        return _checked(lambda: [attachments.keep(one, kinds=KINDS, most=MOST) for one in found])

    def clean(self) -> dict[str, Any]:
        """All that is kept: what was typed, as a file, and the files."""
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        text = _checked(lambda: written(self.matter, self.what, found.get("text", ""), self.at))
        found["kept"] = [*text, *(found.get("papers") or [])]
        return found


def _checked(keep: Callable[[], list[attachments.Kept]]) -> list[attachments.Kept]:
    try:
        return keep()
    except uploads.Refused as refused:
        raise forms.ValidationError(refused.text.say(lang())) from None
