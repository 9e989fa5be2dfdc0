"""事项: what the address of a matter is called, and the page it has."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

_KINDS = {
    "particulars": _later("指南要素"),
    "report": _later("报告"),
    "matter": _later("公开申请"),
    "remedy": _later("复议诉讼"),
    "filecheck": _later("案卷评查"),
    "correction": _later("更正申请"),
    "organ": _later("机关"),
    "calendar": _later("放假安排"),
}
_PAGES = {
    "particulars": "organs:particulars_of",
    "report": "desk:report",
    "matter": "applications:case",
    "remedy": "remedies:remedy",
    "filecheck": "applications:check",
    "correction": "applications:correction",
    "organ": "organs:organ",
    "calendar": "calendar:year",
}


def title(subject: str, organ: str) -> str:
    """Whose matter of what kind."""
    kind, _slash, _key = subject.partition("/")
    said = _KINDS.get(kind)
    return _("%(organ)s · %(matter)s") % {"organ": organ, "matter": said or subject}


def href(subject: str) -> str:
    """Where it is; nothing where it has no page."""
    kind, _slash, key = subject.partition("/")
    try:
        return reverse(_PAGES[kind], args=[key.partition("/")[0]]) if kind in _PAGES else ""
    except NoReverseMatch:
        return ""
