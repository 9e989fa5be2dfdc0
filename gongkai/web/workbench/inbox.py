"""收件箱的内容: what calls on a person in the capacity in hand, and what each line says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from gongkai.statute.workdays import Calendar
from gongkai.web.accounts.models import Account
from gongkai.web.ledger import alerts
from gongkai.web.ledger.models import Alert
from gongkai.web.organs import queries, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import lists
from gongkai.web.shell.look import when
from gongkai.web.workbench import matters

MOST = 99  # counted beside the name of the page
STATES = (
    ("unread", _later("未读")),
    ("open", _later("全部未了结")),
    ("settled", _later("已了结")),
)
_TONES = {"deadline.late": "bad", "deadline.near": "warn", "deadline.moved": "warn"}


def visible(account: Account, capacity: Capacity | None) -> QuerySet[Alert]:
    """收件: alerts for the role and organs of the capacity, and for the person."""
    role = capacity.role if capacity else None
    return alerts.rows().filter(alerts.of(_scope(capacity), role, account))


def _scope(capacity: Capacity | None) -> Q:
    if capacity is None:
        return Q(pk__in=())
    if capacity.role in queries.WHOLE_SUBTREE:
        top = capacity.organ.path
        return Q(organ__path__gte=top, organ__path__lt=tree.end(top))
    return Q(organ__in=queries.own_and_predecessors(capacity.organ))


def unread(account: Account, capacity: Capacity | None) -> QuerySet[Alert]:
    """未读: not settled, and not read by the person."""
    return in_state(visible(account, capacity), "unread", account)


def in_state(rows: QuerySet[Alert], state: str, account: Account) -> QuerySet[Alert]:
    """One of STATES."""
    if state == "settled":
        return rows.filter(settled_at__isnull=False)
    rows = rows.filter(settled_at__isnull=True)
    return rows if state == "open" else rows.exclude(alerts.read_by(account))


def count(account: Account, capacity: Capacity | None) -> int:
    """How many are unread, counted up to one more than `MOST`."""
    role = capacity.role if capacity else None
    found = 0
    for part in alerts.parts(_scope(capacity), role, account):
        rows = in_state(alerts.rows().filter(part), "unread", account)
        found += rows.order_by()[: MOST + 1 - found].count() if found <= MOST else 0
    return found


def counted(found: int) -> str:
    """A count as it stands beside a name; nothing for none."""
    return f"{MOST}+" if found > MOST else str(found or "")


def spec(today: date, calendar: Calendar) -> lists.Spec:
    """The list of an inbox."""
    return lists.Spec(
        id="inbox",
        title=_("收件箱"),
        columns=(
            lists.Column("what", _("事项"), _what),
            lists.Column("matter", _("所属"), lambda a: matters.title(a.subject, a.organ.name)),
            lists.Column("due", _("到期"), _due(today, calendar)),
            lists.Column("at", _("时间"), lambda a: _when(a.raised_at), sort=("raised_at",)),
        ),
        order="-at",
        filters=(
            lists.Filter(
                "kind",
                _("种类"),
                lambda rows, value: rows.filter(kind=value),
                choices=_kinds,
            ),
        ),
        acts=(lists.BulkAct("read", _("标为已读")),),
        empty_title=_("没有未读的事项"),
        empty_text=_("期限将到、逾期或改变时列在这里；已读的可在“全部未了结”里找到。"),
        exports=False,
    )


def _kinds() -> list[tuple[str, str]]:
    return [
        ("deadline.near", _("将到期")),
        ("deadline.late", _("已逾期")),
        ("deadline.moved", _("期限改变")),
    ]


def _what(one: Alert) -> lists.Cell:
    return lists.Cell(alerts.sentence(one), href=matters.href(one.subject))


def _due(today: date, calendar: Calendar) -> Callable[[Alert], lists.Cell]:
    def cell(one: Alert) -> lists.Cell:
        clock = one.deadline
        if clock is None or clock.due_on is None:
            return lists.Cell("")
        said = left_in_words(alerts.left(clock.due_on, today, calendar))
        if clock.closed_at is not None:
            return lists.Cell(_("%(day)s，已办结") % {"day": clock.due_on.isoformat()}, badge="ok")
        words = _("%(day)s，%(left)s") % {"day": clock.due_on.isoformat(), "left": said}
        if clock.provisional:
            words = _("%(due)s（暂定）") % {"due": words}
        late = clock.due_on < today
        return lists.Cell(words, badge="bad" if late else _TONES.get(one.kind, ""))

    return cell


def left_in_words(left: int | None) -> str:
    """还剩几天: of `alerts.left`."""
    if left is None:
        return _("日子未知")
    if left < 0:
        return ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", -left) % {"n": -left}
    if left == 0:
        return _("今天到期")
    return ngettext("还有 %(n)d 个工作日", "还有 %(n)d 个工作日", left) % {"n": left}


def _when(at: datetime) -> str:
    return when(at)
