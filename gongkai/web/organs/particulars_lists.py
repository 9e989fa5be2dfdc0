"""指南要素列表: organs by what is in force, how old it is, and what is in hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.web.organs import particulars_queries as reads
from gongkai.web.organs import queries, reminder_queries
from gongkai.web.organs.models import Particulars
from gongkai.web.organs.particulars_life import OPEN
from gongkai.web.organs.particulars_page import TONES, link, version_name
from gongkai.web.shell import lists

_STATES = dict(Particulars.State.choices)
_OPEN = [(s.value, s.label) for s in Particulars.State if s in OPEN]


def condition(organ: Any) -> lists.Cell:
    """Whether what is in force is there and recent enough; of a row of `overview`."""
    if organ.force_since is None:
        return lists.Cell(_("没有生效版本"), badge="bad")
    if organ.force_since < organ.limit:
        return lists.Cell(_("久未更新"), badge="warn")
    return lists.Cell(_("正常"), badge="ok")


def since(organ: Any) -> str:
    """The day the version in force began."""
    if organ.force_since is None:
        return ""
    return timezone.localdate(organ.force_since).isoformat()


def in_hand(organ: Any) -> lists.Cell:
    """The open version's state."""
    if organ.open_state is None:
        return lists.Cell("")
    said = f"{version_name(organ.open_number)} · {_STATES[organ.open_state]}"
    return lists.Cell(said, badge=TONES[organ.open_state])


def reminded(organ: Any) -> lists.Cell:
    """Since when a supervisor waits; of a row of `overview`."""
    if organ.reminded_since is None:
        return lists.Cell("")
    day = timezone.localdate(organ.reminded_since).isoformat()
    return lists.Cell(_("%(day)s 起提醒中") % {"day": day}, badge="warn")


def _with_reminder(rows: lists.Rows, value: str, today: date) -> lists.Rows:
    if value == "open":
        return reminder_queries.reminded(rows, reads.APP)
    if value == "overdue":
        return reminder_queries.overdue(rows, reads.APP, today)
    return reminder_queries.not_reminded(rows, reads.APP)


def _in_condition(rows: lists.Rows, value: str, now: datetime) -> lists.Rows:
    if value == "missing":
        return reads.missing(rows)
    return reads.stale(rows, now) if value == "stale" else reads.fresh(rows)


def spec(now: datetime, *, reminds: bool = False) -> lists.Spec:
    """The list over organs as of a moment; ``reminds`` for supervisors, who tick and remind."""
    return lists.Spec(
        id="particulars",
        title=_("指南要素"),
        columns=(
            lists.Column(
                "organ", pgettext_lazy("of one row", "机关"), lambda o: o.name, sort=("path",)
            ),
            lists.Column(
                "force",
                _("生效版本"),
                lambda o: version_name(o.force_number) if o.force_number else "",
                narrow=True,
            ),
            lists.Column("since", _("生效自"), since, narrow=True),
            lists.Column("condition", _("状况"), condition, narrow=True),
            lists.Column("open", _("在办版本"), in_hand),
            lists.Column("reminder", _("提醒"), reminded, narrow=True),
        ),
        order="organ",
        filters=(
            lists.Filter(
                "condition",
                _("状况"),
                lambda rows, value: _in_condition(rows, value, now),
                choices=lambda: [
                    ("missing", _("没有生效版本")),
                    ("stale", _("久未更新")),
                    ("fresh", _("正常")),
                ],
            ),
            lists.Filter(
                "open",
                _("在办版本"),
                reads.in_hand,
                choices=lambda: _OPEN,
            ),
            lists.Filter(
                "reminder",
                _("提醒"),
                lambda rows, value: _with_reminder(rows, value, timezone.localdate(now)),
                choices=lambda: [
                    ("open", _("提醒中")),
                    ("overdue", _("逾期未办")),
                    ("none", _("没有提醒")),
                ],
            ),
        ),
        acts=(lists.BulkAct("remind", pgettext_lazy("act", "提醒")),) if reminds else (),
        search=queries.found_by,
        search_hint=_("机关名称、曾用名、编号"),
        empty_title=_("没有机关"),
        empty_text=_("您管辖的范围内没有存续的机关。"),
        href=lambda organ: link(organ),
    )
