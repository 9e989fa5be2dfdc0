"""复议诉讼的列表: by what the organ must do next, what it is against, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.statute.remedy_results import KINDS, Column
from gongkai.statute.remedy_table import STATES
from gongkai.web.applications import words as application_words
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.lists import FIRST_YEAR, NUMBER
from gongkai.web.ledger import calendars
from gongkai.web.organs.capacity import Capacity
from gongkai.web.remedies import queries, words
from gongkai.web.remedies.models import NEVER
from gongkai.web.shell import lists
from gongkai.web.shell.access import Role
from gongkai.web.shell.lists import Cell, Filter, Rows

OPEN, CLOSED, ALL, TABLE = "open", "closed", "all", "table"
PENDING = "pending"


def tabs(here: str) -> list[tuple[str, str, bool, object]]:
    """在审, 已审结, 全部, and table 4."""
    found = [
        (OPEN, _now("在审"), reverse("remedies:list")),
        (CLOSED, _now("已审结"), reverse("remedies:closed")),
        (ALL, _now("全部"), reverse("remedies:all")),
        (TABLE, _now("表四"), reverse("remedies:table")),
    ]
    return [(label, href, tab == here, "") for tab, label, href in found]


def in_tab(rows: Rows, tab: str) -> Rows:
    """The rows of a tab."""
    return rows if tab == ALL else rows.filter(is_open=tab == OPEN)


def _found(rows: Rows, wanted: str) -> Rows:
    """By the matter's number, else by case number, body or the matter's title."""
    number = NUMBER.fullmatch(wanted.strip())
    if number:
        asked = {
            "matter__request__year": int(number[1]),
            "matter__request__number": int(number[2]),
        }
        return rows.filter(**asked)
    return rows.filter(
        Q(case_number__icontains=wanted)
        | Q(body__icontains=wanted)
        | Q(matter__title__icontains=wanted)
    )


def _due(today: date) -> Any:
    calendar = calendars.current()

    def cell(one: Any) -> Cell:
        told, tone = words.due(one, today, calendar)
        return Cell(told, badge=tone)

    return cell


def _choice(id: str, label: Any, field: str, choices: Any) -> Filter:
    return Filter(
        id, label, lambda rows, value: rows.filter(**{field: value}), choices=lambda: choices
    )


def _counted(capacity: Capacity, years: Iterable[int]) -> Filter:
    """计入表四: by the years whose table counts it, and how."""
    choices: list[tuple[str, Any]] = []
    for year in years:
        choices.append((str(year), _now("%(year)d 年审结") % {"year": year}))
        choices.append((f"{year}-{PENDING}", _now("%(year)d 年末尚未审结") % {"year": year}))

    def narrowed(rows: Rows, value: str) -> Rows:
        year, _dash, pending = value.partition("-")
        return queries.in_cell(rows, int(year), pending=bool(pending), capacity=capacity)

    return Filter("counted", _("计入表四"), narrowed, choices=lambda: choices)


def spec(capacity: Capacity, tab: str, today: date) -> lists.Spec:
    """复议诉讼: open ones by the day the organ must keep, the others newest first."""
    by_due = tab == OPEN
    organ = lists.Column("organ", pgettext_lazy("of one row", "机关"), lambda r: r.organ.name)
    supervisor = capacity.role is Role.SUPERVISOR
    years = [(str(year), str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]
    return lists.Spec(
        id=f"remedies-{tab}",
        title=_("复议诉讼"),
        columns=(
            lists.Column(
                "number",
                _("编号"),
                lambda r: Cell(
                    application_words.number(r.matter), href=reverse("remedies:remedy", args=[r.pk])
                ),
                value=lambda r: application_words.number(r.matter),
                narrow=True,
            ),
            lists.Column("kind", _("种类"), words.kind, narrow=True),
            lists.Column("title", _("事由"), lambda r: r.matter.title),
            *((organ,) if supervisor else ()),
            lists.Column("body", _("复议机关、法院"), lambda r: r.body),
            lists.Column("case_number", _("案号"), lambda r: r.case_number),
            lists.Column(
                "state",
                _("状态"),
                lambda r: Cell(words.state(r), badge=words.tone(r)),
                value=words.state,
                narrow=True,
            ),
            lists.Column(
                "due",
                _("本机关的期限"),
                _due(today),
                sort=("due_on",) if by_due else (),
                value=lambda r: None if r.due_on == NEVER else r.due_on,
            ),
            *(() if by_due else (lists.Column("result", _("结果"), words.result),)),
            lists.Column(
                "filed",
                _("提起日期"),
                lambda r: r.filed_on.isoformat(),
                sort=("at",),
                value=lambda r: r.filed_on,
                narrow=True,
            ),
        ),
        order="due" if by_due else "-filed",
        filters=(
            _choice("kind", _("种类"), "kind", [(k.value, said(t)) for k, t in KINDS.items()]),
            _choice("state", _("状态"), "state", [(s.value, said(t)) for s, t in STATES.items()]),
            _choice("column", _("表四"), "column", [(c.value, words.column(c)) for c in Column]),
            _choice("year", _("提起年度"), "filed_on__year", years),
            _choice("ended", _("审结年度"), "concluded_on__year", years),
            _counted(capacity, range(today.year, FIRST_YEAR - 1, -1)),
        ),
        search=_found,
        search_hint=_("编号、案号、事由、复议机关、法院"),
        empty_title=_("没有复议、诉讼"),
        empty_text=_("申请人对答复提起复议、诉讼的，从该申请的页面登记。"),
    )
