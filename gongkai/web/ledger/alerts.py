"""预警: what lands in an inbox: one row for each matter, clock and threshold, never two.

`raise_due` raises what is due and may run twice, or in two workers at once, and do no harm. What
was missed while no worker ran is told once, as it stands now, not once for every day. An alert is
settled when its clock is closed or tells something newer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.statute import dated, workdays
from gongkai.statute.workdays import Calendar
from gongkai.web.accounts.models import Account
from gongkai.web.ledger import clocks
from gongkai.web.ledger.models import Alert, Deadline, Seen
from gongkai.web.shell.access import Role

LATEST = 20  # working days before it is due, that a threshold may say
WEEKS = 4  # how often somebody is told of what is overdue: the day after, then each week
_BATCH = 1000
_CLOCKS = ("deadline.near", "deadline.late", "deadline.moved")

KINDS: dict[str, Promise] = {
    "deadline.near": _("%(clock)s将于 %(due_on)s 到期"),
    "deadline.late": _("%(clock)s已于 %(due_on)s 到期，尚未办结"),
    "deadline.moved": _("%(clock)s由 %(due_on_before)s 改为 %(due_on)s"),
}

# The thresholds of organs: working days before a clock is due, by the organ's key.
Thresholds = Callable[[Collection[int]], Mapping[int, Sequence[int]]]


def register(kinds: Mapping[str, Promise]) -> None:
    """Makes the sentences of an app's alerts known, when the app is ready."""
    KINDS.update(kinds)


def sentence(one: Alert) -> str:
    """What an alert says, in the language of the request."""
    said = KINDS.get(one.kind)
    values: dict[str, Any] = dict(one.values)
    if "clock" in values:
        values |= clocks.moved(values)
    try:
        return str(said) % values if said is not None else one.kind
    except KeyError:  # raised by an earlier version, without a value the sentence now names
        return one.kind


# -- raising


@transaction.atomic
def raise_(
    *,
    key: str,
    organ: Model,
    subject: str,
    kind: str,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    roles: Iterable[Role] = (),
    account: Account | None = None,
    deadline: Deadline | None = None,
) -> bool:
    """提示: tells the roles of an organ, or one account; False where the key was told before.

    ``values`` hold no personal data: the daily digest sends them by mail.
    Raises KeyError for a kind without a sentence.
    """
    KINDS[kind]
    made = Alert(
        key=key,
        organ_id=organ.pk,
        roles="" if account else _joined(roles),  # for one or the other, never both
        account=account,
        subject=subject,
        kind=kind,
        values=dict(values or {}),
        deadline=deadline,
        raised_at=at,
    )
    if Alert.objects.filter(key=key).exists():
        return False
    Alert.objects.bulk_create([made], ignore_conflicts=True)
    return True


def settle(
    *,
    at: datetime,
    deadlines: Collection[int] = (),
    keys: Collection[str] = (),
    subject: str = "",
    kind: str = "",
) -> int:
    """了结: of clocks, by keys, or of a matter's alerts of a kind; what was asked has been done."""
    rows = Alert.objects.filter(settled_at__isnull=True)
    which = Q(deadline__in=deadlines) if deadlines else Q(key__in=keys)
    if subject:
        which = Q(subject=subject, kind=kind)
    return rows.filter(which).update(settled_at=at)


def moved(rows: Sequence[tuple[Deadline, date | None]], *, at: datetime) -> None:
    """期限改变: what was told of the old day is settled; the new one is told."""
    for at_row in range(0, len(rows), _BATCH):
        part = rows[at_row : at_row + _BATCH]
        told = Alert.objects.filter(deadline__in=[one.pk for one, _was in part])
        told.filter(settled_at__isnull=True, kind__in=_CLOCKS).update(settled_at=at)
        Alert.objects.bulk_create(
            [_of_moved(one, was, at) for one, was in part], ignore_conflicts=True
        )


def _of_moved(one: Deadline, was: date | None, at: datetime) -> Alert:
    values = _values(one) | {"due_on_before": was.isoformat() if was else "—"}
    key = f"deadline/{one.pk}/moved/{at:%Y%m%d%H%M%S%f}"
    return _alert(one, key, "deadline.moved", values, at, late=False)


# -- what is due


@dataclass(frozen=True, slots=True)
class Raised:
    """一次巡查: how many clocks were looked at, how many alerts are new."""

    looked_at: int
    raised: int


def raise_due(*, at: datetime, calendar: Calendar, thresholds: Thresholds) -> Raised:
    """到期预警: for every open clock the latest threshold it has passed, if not yet told."""
    today = timezone.localdate(at)
    left = _Left(today, calendar)
    looked_at = raised = 0
    for rows in _near(left.horizon):
        looked_at += len(rows)
        by_organ = thresholds({one.organ_id for one in rows})
        wanted = {one.pk: s for one in rows if (s := _stage(one, left, by_organ))}
        if wanted:
            raised += _raise_stages(wanted, at)
    return Raised(looked_at, raised)


def _near(horizon: date) -> Iterator[list[Deadline]]:
    """Open clocks due by a day, the soonest first, a batch at a time."""
    rows = Deadline.objects.filter(closed_at__isnull=True, due_on__lte=horizon)
    after: tuple[date, int] | None = None
    while True:
        part = rows
        if after is not None:
            due, key = after
            part = rows.filter(Q(due_on__gt=due) | Q(due_on=due, pk__gt=key), due_on__gte=due)
        found = list(part.order_by("due_on", "pk")[:_BATCH])
        if not found:
            return
        yield found
        last = found[-1]
        assert last.due_on is not None
        after = (last.due_on, last.pk)


@dataclass(frozen=True, slots=True)
class _Stage:
    """The latest threshold that a clock has passed."""

    key: str
    kind: str
    due_on: date


def _stage(one: Deadline, left: _Left, by_organ: Mapping[int, Sequence[int]]) -> _Stage | None:
    due = one.due_on
    if due is None:
        return None
    late = (left.today - due).days
    if late > 0:
        week = min((late - 1) // 7, WEEKS - 1)
        return _Stage(f"deadline/{one.pk}/{due:%Y%m%d}/late{week}", "deadline.late", due)
    passed = [n for n in by_organ.get(one.organ_id, ()) if left(due) <= n]
    if not passed:
        return None
    return _Stage(f"deadline/{one.pk}/{due:%Y%m%d}/{min(passed)}", "deadline.near", due)


@transaction.atomic
def _raise_stages(wanted: Mapping[int, _Stage], at: datetime) -> int:
    """Raises those not told yet; what the same clock told before is settled by it.

    One that was settled because its clock moved, and moved back, calls on people once more.
    """
    told = set(
        open_().filter(key__in=[s.key for s in wanted.values()]).values_list("key", flat=True)
    )
    fresh = {pk: stage for pk, stage in wanted.items() if stage.key not in told}
    if not fresh:
        return 0
    # Read once more under a lock: one that was closed or moved meanwhile calls on nobody.
    rows = Deadline.objects.select_for_update().filter(pk__in=fresh, closed_at__isnull=True)
    still = [one for one in rows.order_by("pk") if one.due_on == fresh[one.pk].due_on]
    before = Alert.objects.filter(deadline__in=[one.pk for one in still], kind__in=_CLOCKS)
    before.filter(settled_at__isnull=True).exclude(key__in=[s.key for s in fresh.values()]).update(
        settled_at=at
    )
    again = Alert.objects.filter(key__in=[fresh[one.pk].key for one in still])
    again = again.filter(settled_at__isnull=False)
    Seen.objects.filter(alert__in=again).delete()
    again.update(settled_at=None, raised_at=at)
    made = [_of_stage(one, fresh[one.pk], at) for one in still]
    Alert.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _of_stage(one: Deadline, stage: _Stage, at: datetime) -> Alert:
    late = stage.kind == "deadline.late"
    return _alert(one, stage.key, stage.kind, _values(one), at, late=late)


def _alert(
    one: Deadline, key: str, kind: str, values: dict[str, Any], at: datetime, *, late: bool
) -> Alert:
    clock = clocks.KINDS.get(one.kind)
    roles: tuple[Role, ...] = ()
    if clock is not None:
        roles = clock.late_roles if late else clock.roles
    return Alert(
        key=key,
        organ_id=one.organ_id,
        roles=_joined(roles),
        subject=one.subject,
        kind=kind,
        values=values,
        deadline=one,
        raised_at=at,
    )


def _values(one: Deadline) -> dict[str, Any]:
    return {"clock": one.kind, "due_on": one.due_on.isoformat() if one.due_on else "—"}


def _joined(roles: Iterable[Role]) -> str:
    return ",".join(sorted(role.value for role in roles))


class _Left:
    """还有几个工作日: after today up to a day, each day counted once."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today, self.calendar = today, calendar
        self.horizon = workdays.add_working_days(today, LATEST, calendar).end
        self._known: dict[date, int] = {}

    def __call__(self, due: date) -> int:
        if due not in self._known:
            self._known[due] = workdays.count(self.today, due, self.calendar).working
        return self._known[due]


def left(due: date | None, today: date, calendar: Calendar) -> int | None:
    """Working days after today up to the day it is due; negative: calendar days since then."""
    if due is None:
        return None
    if due < today:
        return -(today - due).days
    try:
        return workdays.count(today, due, calendar).working
    except dated.NotKnown:
        return None


# -- reading


def rows() -> QuerySet[Alert]:
    """Every alert. Whoever shows some cuts them to what a person may see."""
    return Alert.objects.all()


def open_() -> QuerySet[Alert]:
    """What is not settled."""
    return Alert.objects.filter(settled_at__isnull=True)


def of(scope: Q, role: Role | None, account: Account) -> Q:
    """Alerts for a role in the organs of ``scope``, and those for the person."""
    either = Q()
    for part in parts(scope, role, account):
        either |= part
    return either


def parts(scope: Q, role: Role | None, account: Account) -> list[Q]:
    """The same, apart: each is counted by an index of its own. No alert is in two of them."""
    own = [Q(account=account)]
    return own + ([Q(roles__contains=role.value) & scope] if role else [])


def read_by(account: Account) -> Exists:
    """Whether the account has read a row of alerts."""
    return Exists(Seen.objects.filter(alert=OuterRef("pk"), account=account))


def mark(found: QuerySet[Alert], *, account: Account, at: datetime) -> int:
    """已读: those of them that the account had not read."""
    fresh = list(found.exclude(read_by(account)).values_list("pk", flat=True)[:10_000])
    Seen.objects.bulk_create(
        [Seen(alert_id=pk, account=account, at=at) for pk in fresh], ignore_conflicts=True
    )
    return len(fresh)


def unmark(*, account: Account, at: datetime) -> int:
    """撤销已读: what the account marked at a moment."""
    gone, _kinds = Seen.objects.filter(account=account, at=at).delete()
    return gone
