"""公开申请的列表: matters by what is due, whose turn it is, and by everything they are found by."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, F, Prefetch, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.statute.applicant_kinds import KINDS
from gongkai.statute.case_table import CLOSED as ENDED
from gongkai.statute.case_table import STATES, State
from gongkai.statute.clock_events import CHANNELS
from gongkai.statute.grounds import REASONS
from gongkai.statute.side_matters import NEEDS
from gongkai.web.applications import intake_page, repeats, words
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import NEVER, Applicant, Matter, Request
from gongkai.web.ledger import calendars
from gongkai.web.organs import people_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import lists
from gongkai.web.shell.access import Role
from gongkai.web.shell.lists import Cell, Column, Filter, Rows
from gongkai.web.shell.look import when

OPEN, MINE, CLOSED, ALL = "open", "mine", "closed", "all"
CORRECTIONS = "corrections"
LETTERS = "letters"  # the list beside them
FIRST_YEAR = 2008  # 条例 in force since
NUMBER = re.compile(r"([12]\d{3})-(\d{1,9})(?:-(\d{1,3}))?")
_WEEK = timedelta(days=6)
SEARCHED = 10_000  # newest matters whose titles and organisations are searched for words


def tabs(capacity: Capacity, here: str) -> list[tuple[str, str, bool, object]]:
    """在办, 待我办, 已办结, 全部."""
    found = [
        (OPEN, _now("在办")),
        (MINE, _now("待我办")),
        (CLOSED, _now("已办结")),
        (ALL, _now("全部")),
    ]
    officer = capacity.role is not Role.SUPERVISOR
    if not officer:
        found.pop(1)
    base = reverse("applications:list")
    shown: list[tuple[str, str, bool, object]] = [
        (label, base if tab == OPEN else f"{base}{tab}/", tab == here, "") for tab, label in found
    ]
    if officer:
        shown.append((_now("文书"), reverse("applications:letters"), here == LETTERS, ""))
    shown.append((_now("更正申请"), reverse("applications:corrections"), here == CORRECTIONS, ""))
    return shown


def in_tab(rows: Rows, tab: str, capacity: Capacity) -> Rows:
    """The rows of a tab."""
    if tab == ALL:
        return rows
    if tab == CLOSED:
        return rows.filter(is_open=False)
    rows = rows.filter(is_open=True)
    return rows.filter(mine(capacity)) if tab == MINE else rows


def mine(capacity: Capacity) -> Q:
    """待我办: whose turn it is, by the role; a handler's are those given to them."""
    waits = Matter.Waits
    if capacity.role is Role.HANDLER:
        turn = Q(waits_for=waits.HANDLER) | Q(waits_for=waits.PARTY) | Q(waits_for=waits.APPLICANT)
        return turn & Q(handler=capacity.account.pk)
    by_role = {Role.REVIEWER: waits.REVIEWER, Role.APPROVER: waits.APPROVER}
    return Q(waits_for=by_role[capacity.role]) if capacity.role in by_role else Q(pk__in=())


_SHOWN = (
    "request__year", "request__number", "organ__name", "handler__name", "deadline__due_on",
    "deadline__provisional", "deadline__closed_at", "part", "title", "state", "received_on",
    "due_on", "is_open", "ground", "closed_on", "is_key", "at", "waits_for",
)  # fmt: skip
_APPLICANT = ("request", "organisation", "name", "position", "is_agent")


def rows_of(rows: Rows) -> Rows:
    """With all that a row shows, in a fixed number of queries."""
    principals = Applicant.objects.filter(is_agent=False).select_related("name").only(*_APPLICANT)
    shown = rows.select_related("request", "deadline", "handler", "organ").only(*_SHOWN)
    return shown.prefetch_related(
        Prefetch("request__applicants", principals, to_attr="principals"),
        Prefetch("request__matters", Matter.objects.only("request"), to_attr="parts"),
    )


# -- cells


def _number(one: Any) -> Cell:
    return Cell(words.number(one), href=reverse("applications:case", args=[one.pk]))


def _title(one: Any) -> Cell:
    told = _now("【重点】%(title)s") % {"title": one.title} if one.is_key else one.title
    return Cell(told, href=reverse("applications:case", args=[one.pk]))


def _applicant(one: Any) -> str:
    people = one.request.principals
    first = intake_page.called(people[0] if people else None)
    if len(people) > 1:
        return _now("%(name)s 等 %(count)d 人") % {"name": first, "count": len(people)}
    return first


def _due(today: date, calendar: Any) -> Any:
    def cell(one: Any) -> Cell:
        told, tone = words.due(one, today, calendar)
        return Cell(told, badge=tone)

    return cell


# -- filters and search


def _in_week(today: date) -> Any:
    monday = today - timedelta(days=today.weekday())
    narrowings = {
        "week": lambda rows: rows.filter(
            is_open=True, due_on__gte=monday, due_on__lte=monday + _WEEK
        ),
        "today": lambda rows: rows.filter(is_open=True, due_on=today),
        "overdue": lambda rows: rows.filter(is_open=True, due_on__lt=today),
        "paused": lambda rows: rows.filter(is_open=True, due_on=NEVER),
    }
    return lambda rows, value: narrowings[value](rows)


def _handlers(capacity: Capacity, today: date) -> list[tuple[str, str]]:
    if capacity.role is Role.SUPERVISOR:
        return []
    people = people_queries.holders(capacity.organ, Role.HANDLER, today)
    return [(str(one.pk), one.name) for one in people]


class Search:
    """搜索: by number; else by the applicant's name, phone or document, as a whole, and by what
    stands in titles and names of organisations, in the newest `SEARCHED` that the filters leave."""

    def __init__(self) -> None:
        self.cut = False  # older ones were left out

    def __call__(self, rows: Rows, wanted: str) -> Rows:
        """The rows that are found."""
        number = NUMBER.fullmatch(wanted.strip())
        if number:
            part = {"part": int(number[3])} if number[3] else {}
            year, drawn = int(number[1]), int(number[2])
            return rows.filter(request__year=year, request__number=drawn, **part)
        once = [wanted]
        ways = repeats.same_applicants(
            names=once, identities=once, phones=once, organisations=once, codes=once
        )
        asked = repeats.requests_of(ways)
        plain = rows.select_related(None).prefetch_related(None).order_by()
        found = set(plain.filter(request__in=asked).values_list("pk", flat=True))
        found.update(self._by_words(plain, wanted).values_list("pk", flat=True))
        return rows.filter(pk__in=found)

    def _by_words(self, rows: Rows, wanted: str) -> Rows:
        newest = rows.order_by("-at", "-pk").values_list("at", flat=True)
        last = newest[SEARCHED : SEARCHED + 1].first()
        self.cut = last is not None
        if last is not None:
            rows = rows.filter(at__gt=last)
        return rows.filter(sought__contains=wanted.lower())

    def note(self) -> str:
        """What was left out, and how to find it."""
        if not self.cut:
            return ""
        return _now(
            "事由和单位名称里的字词，只在最近登记的 %(count)d 件里查找。更早的请选登记年度，"
            "或者按编号、申请人的全名查找。"
        ) % {"count": SEARCHED}


def _by_channel(rows: Rows, channel: str) -> Rows:
    """Said so that no planner begins with every request of the channel: the order leads."""
    said_by = Concat(F("request__channel"), Value(""), output_field=CharField())
    found: Rows = rows.alias(said_by=said_by).filter(said_by=channel)
    return found


def _in_year(rows: Rows, year: str) -> Rows:
    """Registered in a year: by the moment, as the list is in its order."""
    first, next_ = (timezone.make_aware(datetime(int(year) + n, 1, 1)) for n in (0, 1))  # noqa: DTZ001
    return rows.filter(at__gte=first, at__lt=next_)


def _choice(id: str, label: Any, field: str, choices: Any) -> Filter:
    return Filter(
        id, label, lambda rows, value: rows.filter(**{field: value}), choices=lambda: choices
    )


def spec(capacity: Capacity, tab: str, today: date) -> lists.Spec:
    """事项: of one tab; open ones by the day they are due, the others by when they came."""
    by_due = tab in (OPEN, MINE)
    search = Search()
    calendar = calendars.current()
    supervisor = capacity.role is Role.SUPERVISOR
    organ = Column("organ", pgettext_lazy("of one row", "机关"), lambda m: m.organ.name)
    return lists.Spec(
        id=f"applications-{tab}",
        title=_("公开申请"),
        columns=(
            Column("number", _("编号"), _number, narrow=True),
            Column("title", _("事由"), _title, value=lambda m: m.title),
            *((organ,) if supervisor else ()),
            Column("applicant", _("申请人"), _applicant, narrow=True),
            Column(
                "state",
                _("状态"),
                lambda m: Cell(words.state(m), badge=words.tone(m)),
                value=words.state,
                narrow=True,
            ),
            Column(
                "due",
                _("到期日"),
                _due(today, calendar),
                sort=("due_on",) if by_due else (),
                value=lambda m: m.due_on if m.is_open and m.due_on != NEVER else None,
            ),
            Column(
                "received",
                _("收到日期"),
                lambda m: m.received_on.isoformat() if m.received_on else "",
                value=lambda m: m.received_on,
                narrow=True,
            ),
            Column("handler", _("经办人"), lambda m: m.handler.name if m.handler else ""),
            *(() if by_due else (Column("outcome", _("办理结果"), words.outcome),)),
            Column(
                "registered",
                _("登记时间"),
                lambda m: when(m.at),
                sort=("at",),
                value=lambda m: m.at,
                narrow=True,
            ),
        ),
        order="due" if by_due else "-registered",
        filters=tuple(_filters(capacity, tab, today)),
        search=search,
        search_note=search.note,
        search_hint=_("编号、事由、申请人姓名、电话、证件号码"),
        empty_title=_("没有申请"),
        empty_text=_("登记后，申请列在这里；在办的按到期日排列。"),
    )


def _filters(capacity: Capacity, tab: str, today: date) -> Any:
    if tab != CLOSED:
        due = [
            ("week", _("本周到期")),
            ("today", _("今天到期")),
            ("overdue", _("已逾期")),
            ("paused", _("暂停计算、待确认")),
        ]
        yield Filter("due", _("期限"), _in_week(today), choices=lambda: due)
        yield _choice(
            "waits",
            _("等待"),
            "waits_for",
            [c for c in Matter.Waits.choices if c[0] != Matter.Waits.NOBODY],
        )
    states = [(one.value, said(text)) for one, text in STATES.items() if _fits(one, tab)]
    yield _choice("state", _("状态"), "state", states)
    channels = [(kind.value, said(text)) for kind, text in CHANNELS.items()]
    yield Filter("channel", _("渠道"), _by_channel, choices=lambda: channels)
    yield _choice(
        "kind", _("申请人类别"), "kind", [(kind.value, said(text)) for kind, text in KINDS.items()]
    )
    if tab in (CLOSED, ALL):
        yield _choice(
            "outcome",
            _("办理结果"),
            "ground",
            [(ground.value, said(one.name)) for ground, one in REASONS.items()],
        )
    years = [(str(year), str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]
    yield Filter("year", _("登记年度"), _in_year, choices=lambda: years)
    if tab == ALL:
        yield helped("request")
    people = _handlers(capacity, today)
    if people:
        yield _choice("handler", _("经办人"), "handler", people)
    yield Filter(
        "key",
        _("重点件"),
        lambda rows, value: rows.filter(is_key=value == "yes"),
        choices=lambda: [("yes", _("是")), ("no", _("否"))],
    )


def helped(field: str) -> Filter:
    """协助: of the requests that were put with help, those of a need (Art 43)."""
    return Filter(
        "need",
        _("协助申请人"),
        lambda rows, value: rows.filter(**{f"{field}__in": Request.objects.filter(need=value)}),
        choices=lambda: [(need.value, said(text)) for need, text in NEEDS.items()],
    )


def _fits(state: State, tab: str) -> bool:
    if tab == ALL:
        return True
    return (state in ENDED) == (tab == CLOSED)
