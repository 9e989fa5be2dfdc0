"""事件的种类: what the events of remedies say; their words are those of the statute's tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.statute.remedy_results import Kind
from gongkai.statute.remedy_table import RECONSIDERATION, SUIT
from gongkai.web.applications.event_kinds import said
from gongkai.web.ledger import events
from gongkai.web.organs import event_kinds as organs
from gongkai.web.organs import reminder_page

PREFIX = {
    Kind.RECONSIDERATION: "reconsideration.",
    Kind.DIRECT_SUIT: "suit.",
    Kind.SUIT_AFTER: "suit.",
}
KINDS: dict[str, Promise] = {
    **{f"reconsideration.{act.value}": said(text) for act, text in RECONSIDERATION.acts.items()},
    **{f"suit.{act.value}": said(text) for act, text in SUIT.acts.items()},
    "remedy.file": _("附卷：%(file)s"),
    "remedy.taken": _("下载 %(file)s"),
    "remedy.number": _("案号改为 %(number)s"),
}
GROUPS: dict[str, Promise] = {
    "reconsideration": _("行政复议"),
    "suit": _("行政诉讼"),
    "remedy": _("复议诉讼案卷"),
}


def register() -> None:
    """Tells the ledger of them, and supervisors' reminders of remedies, when the app is ready."""
    organs.MATTERS["remedy"] = _("复议诉讼")
    organs.LISTINGS["remedies"] = _("复议诉讼")
    events.register(KINDS, GROUPS, words={"matter": organs.MATTERS, "listing": organs.LISTINGS})
    reminder_page.LINKS["remedy"] = lambda one: reverse(
        "remedies:remedy", args=[int(one.subject.partition("/")[2])]
    )
