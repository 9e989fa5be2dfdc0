"""放假安排的表单: the notice as pasted, or a workbook with its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import notices
from gongkai.statute.report import CannotRead
from gongkai.web.organs import workbook_in
from gongkai.web.shell import uploads
from gongkai.web.shell.languages import lang

_MOST_ROWS = 60
_LARGEST = 2 << 20


class Enter(forms.Form):
    """录入放假安排"""

    year = forms.IntegerField(
        label=_("年份"),
        required=False,
        min_value=2000,
        max_value=2199,
        help_text=_("通知标题里有年份的可以不填。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}),
    )
    text = forms.CharField(
        label=_("通知全文"),
        required=False,
        strip=False,
        max_length=notices.LONGEST,
        help_text=_(
            "从网页或公文里复制后整段粘贴；从表格里复制的四列（假期、起、止、上班日）也可以。"
        ),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    file = forms.FileField(
        label=_("或上传表格"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("用下载的空白表填写。上传后先核对，不会改动任何期限。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file"):
            data["text"] = self._rows(data["file"])
        if not str(data.get("text") or "").strip() and "file" not in self.errors:
            self.add_error("text", _now("请粘贴通知全文，或上传表格。"))
        return data

    def _rows(self, file: Any) -> str:
        """The rows of the first sheet, as they would be pasted."""
        try:
            uploads.accept(file, kinds=("xlsx",), most=_LARGEST)
            file.seek(0)
            book = workbook_in.opened(file.read())
        except (uploads.Refused, CannotRead) as refused:
            self.add_error("file", ValidationError(str(refused.text.say(_lang()))))
            return ""
        lines = []
        for line in book.lines(book.parts[0]) if book.parts else ():
            lines.append("\t".join([*(c.replace("\t", " ") for c in line.cells[:4])]) + "\t")
            if len(lines) > _MOST_ROWS:
                self.add_error("file", _now("行数太多，不是一年的放假安排。"))
                return ""
        return "\n".join(lines)


def _lang() -> Any:
    return lang()
