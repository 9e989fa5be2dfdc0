"""指南要素的查询: what is in force, what is open, who may decide on it, what waits for whom.

Every list, page and download of particulars starts from `visible`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Event
from gongkai.web.organs import preferences, queries, reminder_queries, separation, tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    Organ,
    OrganSetting,
    Particulars,
    Signature,
)
from gongkai.web.organs.particulars_life import OPEN, State
from gongkai.web.organs.separation import OwnWork, Step
from gongkai.web.shell.access import Role

APP = "particulars"  # the first part of the addresses of what this is about
FIELDS = (
    "office",
    "address",
    "postcode",
    "hours",
    "phone",
    "fax",
    "email",
    "website",
    "remarks",
)
ROLE_OF = {Step.REVIEW: Role.REVIEWER, Step.APPROVE: Role.APPROVER}
STEP_OF: dict[str, Step] = {State.SUBMITTED: Step.REVIEW, State.REVIEWED: Step.APPROVE}


def visible(capacity: Capacity | None) -> QuerySet[Particulars]:
    """The versions somebody may see: those of the organs they may open."""
    return Particulars.objects.filter(organ__in=queries.visible_organs(capacity))


def visible_signatures(capacity: Capacity | None) -> QuerySet[Signature]:
    """The signatures, scans included, somebody may see."""
    return Signature.objects.filter(particulars__organ__in=queries.visible_organs(capacity))


def in_force(organ: Organ, on: date) -> Particulars | None:
    """生效的版本: the newest one approved on that day or before; None where there was none."""
    return approved(organ).filter(approved_at__lt=day_after(on)).first()


def approved(organ: Organ) -> QuerySet[Particulars]:
    """Every version that was ever in force, newest first."""
    return organ.particulars.filter(state=State.APPROVED).order_by("-number")


def open_version(organ: Organ) -> Particulars | None:
    """The one version that is being worked on."""
    return organ.particulars.filter(state__in=OPEN).select_related("drafted_by").first()


def day_after(on: date) -> datetime:
    """The first moment that is no longer ``on``, in the service's time zone."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))


def address(particulars: Particulars) -> str:
    """The version's address in events."""
    return f"particulars/{particulars.organ.code}/{particulars.number}"


def matter(organ: Organ) -> str:
    """The address of an organ's particulars, whichever version, in reminders and events."""
    return f"{APP}/{organ.code}"


def history(organ: Organ) -> QuerySet[Event]:
    """What happened to all versions of an organ, reminders of them too, latest first."""
    return (
        ledger.events()
        .filter(Q(kind__startswith="particulars.") | Q(subject=matter(organ)), organ=organ)
        .select_related("by")
        .order_by("-at", "-id")
    )


# -- who decides


@dataclass(frozen=True, slots=True)
class Authors:
    """起草与签署: who wrote a version, who signed it since its last return, and for whom."""

    drafters: frozenset[int]
    signed: dict[str, frozenset[int]]  # by step; who recorded a paper is among them
    recorded: frozenset[int] = frozenset()  # who recorded a paper of it

    def refuse(self, step: Step, decider: int, on_behalf_of: int | None = None) -> None:
        """Raises OwnWork where this account may not take the step."""
        others = (ids for taken, ids in self.signed.items() if taken != step.value)
        separation.may_decide(
            step,
            decider=decider,
            drafter=self.drafters,
            earlier=frozenset[int]().union(*others),
            on_behalf_of=on_behalf_of,
        )

    def refuse_record(self, *accounts: int | None) -> None:
        """Raises OwnWork where one of them wrote the version or recorded its other paper.

        Who signed a step on screen may record the other: in a small unit nobody else is there.
        """
        if self.drafters.intersection(accounts):
            raise OwnWork(
                _("本件由您起草，纸质签批应由起草人以外的人登记；请交由同机关其他人员办理。")
            )
        if self.recorded.intersection(accounts):
            raise OwnWork(
                _("另一环节的纸质签批由您登记，同一人不能登记两次；请交由同机关其他人员办理。")
            )

    def may_record(self, *accounts: int | None) -> bool:
        """Whether these may record a paper of it."""
        try:
            self.refuse_record(*accounts)
        except OwnWork:
            return False
        return True

    def admits(self, step: Step, decider: int, on_behalf_of: int | None = None) -> bool:
        """Whether this account may take the step."""
        try:
            self.refuse(step, decider, on_behalf_of)
        except OwnWork:
            return False
        return True


def authors(particulars: Particulars) -> Authors:
    """Everybody whose own work the version is."""
    drafters = {particulars.drafted_by_id}
    written = ledger.events().filter(
        subject=address(particulars), kind__in=["particulars.drafted", "particulars.changed"]
    )
    for by, new in written.values_list("by_id", "new"):
        drafters |= {i for i in (by, new.get("for_id")) if i is not None}
    signed: dict[str, frozenset[int]] = {}
    counted = round_of(signatures(particulars))
    for one in counted:
        signed[one.step] = signed.get(one.step, frozenset()) | set(_signers(one))
    recorded = frozenset(one.recorded_by_id for one in counted if one.scan)
    return Authors(frozenset(drafters), signed, recorded)


def signatures(particulars: Particulars) -> list[Signature]:
    """All of a version, in the order they were given."""
    return list(
        particulars.signatures.select_related(
            "by", "recorded_by", "delegation__appointment__account"
        )
    )


def round_of(given: Iterable[Signature]) -> list[Signature]:
    """Those that still count: given since the version was last returned."""
    left: list[Signature] = []
    for one in given:
        left = [*left, one] if one.agreed else []
    return left


def _signers(signature: Signature) -> Iterator[int]:
    """Whose hand was in it; on paper also who recorded it."""
    if signature.scan:
        yield signature.recorded_by_id
    if signature.by_id is not None:
        yield signature.by_id
    if signature.delegation is not None:
        yield signature.delegation.appointment.account_id


@dataclass(frozen=True, slots=True)
class Decider:
    """可以签署的人: in an appointment of their own, or for another by delegation."""

    account_id: int
    name: str
    for_name: str = ""
    for_id: int | None = None


def deciders(organ: Organ, step: Step, on: date) -> list[Decider]:
    """Who holds the role of a step for the organ on a day, delegates after them."""
    role = ROLE_OF[step].value
    own = Appointment.objects.filter(
        queries.valid_on(on), organ=organ, role=role, account__is_active=True
    ).select_related("account")
    found = [Decider(a.account_id, a.account.name) for a in own.order_by("account__name")]
    lent = Delegation.objects.filter(
        queries.valid_on(on),
        appointment__in=own,
        revoked_at__isnull=True,
        delegate__is_active=True,
    ).select_related("delegate", "appointment__account")
    found += [
        Decider(
            d.delegate_id, d.delegate.name, d.appointment.account.name, d.appointment.account_id
        )
        for d in lent
    ]
    return found


def can_decide(particulars: Particulars, step: Step, on: date) -> list[Decider]:
    """Those of `deciders` whose own work the version is not."""
    known = authors(particulars)
    return [
        d
        for d in deciders(particulars.organ, step, on)
        if known.admits(step, d.account_id, d.for_id)
    ]


def principal_of(capacity: Capacity | None) -> int | None:
    """Whose appointment a delegate acts in; None in an appointment of one's own."""
    if capacity is None or capacity.delegation_id is None:
        return None
    given = Delegation.objects.select_related("appointment").get(pk=capacity.delegation_id)
    return given.appointment.account_id


# -- what waits


def waiting_for(capacity: Capacity | None) -> list[Particulars]:
    """待办: the versions that this person, in this capacity, is to take the next step with."""
    if capacity is None:
        return []
    states = {
        Role.HANDLER: [State.DRAFT, State.RETURNED],
        Role.REVIEWER: [State.SUBMITTED],
        Role.APPROVER: [State.REVIEWED],
    }.get(capacity.role)
    if states is None:
        return []
    found = Particulars.objects.filter(
        organ=capacity.organ, organ__valid_to__isnull=True, state__in=states
    ).select_related("organ", "drafted_by")
    if capacity.role is Role.HANDLER:
        return list(found)
    behalf = principal_of(capacity)
    return [p for p in found if authors(p).admits(STEP_OF[p.state], capacity.account.pk, behalf)]


def drafted_by(account_id: int, capacity: Capacity | None, *, most: int = 10) -> list[Particulars]:
    """What a person drafted and may still see, latest first."""
    return list(
        visible(capacity)
        .filter(drafted_by_id=account_id)
        .select_related("organ")
        .order_by("-drafted_at")[:most]
    )


# -- many organs


def overview(organs: QuerySet[Organ], now: datetime) -> QuerySet[Any]:
    """Organs with ``force_number``, ``force_since``, ``open_state``, ``open_number``,
    ``reminded_since`` and ``limit``, the moment before which a version in force is out of date."""
    last = Particulars.objects.filter(organ=OuterRef("pk"), state=State.APPROVED).order_by(
        "-number"
    )
    being = Particulars.objects.filter(organ=OuterRef("pk"), state__in=OPEN)
    return organs.annotate(
        force_number=Subquery(last.values("number")[:1]),
        force_since=Subquery(last.values("approved_at")[:1]),
        open_state=Subquery(being.values("state")[:1]),
        open_number=Subquery(being.values("number")[:1]),
        reminded_since=reminder_queries.reminded_since(APP),
        limit=_stale_before(now),
    )


def missing(organs: QuerySet[Any]) -> QuerySet[Any]:
    """Organs without any version in force."""
    return organs.filter(~Exists(_approved_of(OuterRef("pk"))))


def stale(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Organs of an `overview` whose version in force is older than their setting allows.

    Looked for from the old versions, which are few, not from the organs, which may be many.
    """
    newer = _approved_of(OuterRef("organ")).filter(number__gt=OuterRef("number"))
    old = Particulars.objects.filter(
        ~Exists(newer), state=State.APPROVED, approved_at__lt=max(m for _path, m in _limits(now))
    )
    return rows.filter(pk__in=old.values("organ"), force_since__lt=F("limit"))


def fresh(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Organs of an `overview` whose version in force is recent enough."""
    return rows.filter(force_since__gte=F("limit"))


def in_hand(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Organs with an open version in a state."""
    return rows.filter(pk__in=Particulars.objects.filter(state=state).values("organ"))


def is_stale(particulars: Particulars, now: datetime) -> bool:
    """Whether a version in force is older than the organ's setting allows."""
    days = preferences.number_of(particulars.organ, "particulars.stale_days")
    return particulars.approved_at is not None and particulars.approved_at < now - timedelta(
        days=days
    )


def _approved_of(organ: OuterRef) -> QuerySet[Particulars]:
    return Particulars.objects.filter(organ=organ, state=State.APPROVED).order_by()


def _stale_before(now: datetime) -> Case:
    """The limit of each organ: its own path's, else of the nearest above it, else the default."""
    *own, (_top, default) = _limits(now)
    steps = [
        When(Q(path__gte=path) & Q(path__lt=tree.end(path)), then=Value(moment))
        for path, moment in own
    ]
    return Case(*steps, default=Value(default), output_field=DateTimeField())


def _limits(now: datetime) -> list[tuple[str, datetime]]:
    """Path and moment of every organ with a setting of its own, the deepest first; last, without a
    path, the default."""
    key = preferences.KEYS["particulars.stale_days"]
    own = OrganSetting.objects.filter(key=key.id).values_list("organ__path", "value")
    days = [(path, key.valid(value)) for path, value in own]
    days.sort(key=lambda one: len(one[0]), reverse=True)
    days.append(("", key.default))
    return [(path, now - timedelta(days=d)) for path, d in days if isinstance(d, int)]
