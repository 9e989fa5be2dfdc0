"""导入时已知的: what the database holds of a subtree, in dictionaries, by few queries.

Beyond the subtree only what the file names is looked up, and of that only what a page of anybody
would tell: that a code is used, that a login name is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from gongkai.web.accounts.models import Account
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import queries, tree
from gongkai.web.organs.import_rows import Tables
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    Organ,
    OrganName,
    Placement,
    Reconsideration,
)
from gongkai.web.organs.separation import Post
from gongkai.web.shell.access import Role

CHUNK = 800  # values of one IN (...): below what every database takes
# Of these nothing depends that an import looks at.
_HARMLESS = ("capacity.switched", "export.made", "person.unmasked")


@dataclass(slots=True)
class KnownOrgan:
    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    level: str
    credit_code: str
    division_code: str
    parent: str
    path: str
    valid_from: date
    valid_to: date | None
    placed_from: date | None = None
    placement: int = 0
    first_placed: date | None = None


@dataclass(slots=True)
class Span:
    """一段: a stored period with what it says."""

    pk: int
    valid_from: date
    valid_to: date | None
    values: tuple[Any, ...] = ()


@dataclass(slots=True)
class KnownPerson:
    pk: int
    username: str
    name: str
    phone: str
    email: str
    active: bool
    within: bool = False  # has or had a post in the subtree
    beyond: bool = False  # has powers outside it, or is the operator
    held: bool = False  # has a post in the subtree that has begun, or ended
    operator: bool = False

    @property
    def may_be_taken_on(self) -> bool:
        """As `reach.may_take_on` tells of one."""
        return not self.operator and (self.held or not self.beyond)


@dataclass(slots=True)
class Known:
    """已知: the subtree of ``top``, and what else the file speaks of."""

    top: Organ
    today: date
    by: int
    organs: dict[str, KnownOrgan] = field(default_factory=dict)
    outside: dict[str, tuple[int, str]] = field(default_factory=dict)  # code -> pk, name
    names: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    reconsiderations: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    codes_by_pk: dict[int, str] = field(default_factory=dict)  # made when first asked for
    credits_outside: set[str] = field(default_factory=set)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    posts: dict[tuple[str, str, str], list[Span]] = field(default_factory=lambda: defaultdict(list))
    posts_of_organ: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    # Posts outside the subtree and delegations received, for the separation of duties.
    held_elsewhere: dict[str, list[tuple[Post, date, date | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def mark() -> int:
    """A number that another change of organs or people alters: the last event's that matters."""
    last = ledger.events().exclude(kind__in=_HARMLESS).order_by("-pk").values_list("pk", flat=True)
    return last.first() or 0


def people_moved_on(people: Iterable[KnownPerson]) -> bool:
    """Locks the accounts, and tells whether any is not what was known of it."""
    known = {one.pk: one for one in people}
    keys = sorted(known)
    for at in range(0, len(keys), CHUNK):
        rows = Account.objects.filter(pk__in=keys[at : at + CHUNK]).order_by("pk")
        for row in rows.select_for_update(no_key=True):
            one = known[row.pk]
            if (row.name, row.phone, row.email, row.is_active) != (
                *(one.name, one.phone, one.email),
                one.active,
            ):
                return True
    return False


def load(top: Organ, tables: Tables, *, today: date, by: int) -> Known:
    """What is known of everything the file may speak of."""
    known = Known(top, today, by)
    inside = {"organ__path__gte": top.path, "organ__path__lt": tree.end(top.path)}
    codes = _organs(known)
    if tables.organs.title or tables.names.title:
        _spans(known.names, OrganName.objects.filter(**inside), codes, "name", "short_name")
    if tables.organs.title or tables.reconsiderations.title:
        _spans(
            known.reconsiderations,
            Reconsideration.objects.filter(**inside),
            codes,
            "body_id",
            "body_name",
        )
    _outside(known, tables)
    _people(known, tables, codes, inside)
    return known


def _organs(known: Known) -> dict[int, str]:
    """The subtree's organs; returns their codes by primary key."""
    rows = (
        queries.subtree(known.top)
        .order_by("path")
        .values_list(
            "pk",
            "code",
            "name",
            "short_name",
            "kind",
            "level",
            "credit_code",
            "division_code",
            "parent_id",
            "path",
            "valid_from",
            "valid_to",
        )
    )
    codes: dict[int, str] = {}
    above = known.top.parent
    if above is not None:
        codes[above.pk] = above.code
    for row in rows.iterator(chunk_size=5000):
        values: list[Any] = list(row)
        codes[row[0]] = row[1]
        values[8] = codes.get(row[8], "")
        known.organs[row[1]] = KnownOrgan(*values)
    inside = {"organ__path__gte": known.top.path, "organ__path__lt": tree.end(known.top.path)}
    placed = Placement.objects.filter(**inside).order_by("valid_from")
    for organ_id, pk, since in placed.values_list("organ_id", "pk", "valid_from").iterator(
        chunk_size=5000
    ):
        one = known.organs[codes[organ_id]]
        one.placed_from, one.placement = since, pk
        one.first_placed = one.first_placed or since
    if above is not None:
        del codes[above.pk]
    return codes


def _spans(
    into: dict[str, list[Span]], rows: QuerySet[Any], codes: dict[int, str], *fields: str
) -> None:
    found = rows.order_by("valid_from").values_list(
        "organ_id", "pk", "valid_from", "valid_to", *fields
    )
    for organ_id, pk, since, until, *values in found.iterator(chunk_size=5000):
        into[codes[organ_id]].append(Span(pk, since, until, tuple(values)))


def _outside(known: Known, tables: Tables) -> None:
    """Organs that the file names and the subtree does not have."""
    named = {r.code for t in tables for r in t.rows if hasattr(r, "code")}
    named |= {r.parent for r in tables.organs.rows}
    named |= {r.body for r in tables.reconsiderations.rows}
    for chunk in chunks(sorted(named - known.organs.keys() - {""})):
        for code, pk, name in Organ.objects.filter(code__in=chunk).values_list(
            "code", "pk", "name"
        ):
            known.outside[code] = pk, name
    # Bodies stored by key may lie outside too.
    keys = {s.values[0] for spans in known.reconsiderations.values() for s in spans}
    inside = {o.pk for o in known.organs.values()}
    for keyed in chunks(sorted(keys - inside - {None})):
        for code, pk, name in Organ.objects.filter(pk__in=keyed).values_list("code", "pk", "name"):
            known.outside[code] = pk, name
    ours = {o.credit_code for o in known.organs.values()}
    wanted = {r.credit_code for r in tables.organs.rows} - ours - {""}
    for chunk in chunks(sorted(wanted)):
        rows = Organ.objects.filter(credit_code__in=chunk, valid_to__isnull=True)
        known.credits_outside.update(rows.values_list("credit_code", flat=True))


def _people(known: Known, tables: Tables, codes: dict[int, str], inside: dict[str, str]) -> None:
    named = {r.username for t in (tables.people, tables.appointments) for r in t.rows} - {""}
    by_pk: dict[int, KnownPerson] = {}
    for chunk in chunks(sorted(named)):
        rows = Account.objects.filter(username__in=chunk).values_list(
            "pk", "username", "name", "phone", "email", "is_active", "is_superuser"
        )
        for pk, username, name, phone, email, active, operator in rows:
            one = KnownPerson(
                pk, username, name, phone, email, active, beyond=operator, operator=operator
            )
            known.people[one.username] = by_pk[one.pk] = one
    _posts(known, by_pk, codes, inside)
    _powers_beyond(known, by_pk, inside)


def _posts(
    known: Known, by_pk: dict[int, KnownPerson], codes: dict[int, str], inside: dict[str, str]
) -> None:
    rows = Appointment.objects.filter(**inside).order_by("valid_from")
    for pk, account_id, organ_id, role, since, until in rows.values_list(
        "pk", "account_id", "organ_id", "role", "valid_from", "valid_to"
    ).iterator(chunk_size=5000):
        code = codes[organ_id]
        if until is None:
            known.posts_of_organ[code] += 1
        person = by_pk.get(account_id)
        if person is not None:
            person.within = True
            person.held = person.held or since <= known.today
            known.posts[person.username, code, role].append(Span(pk, since, until))


def _powers_beyond(known: Known, by_pk: dict[int, KnownPerson], inside: dict[str, str]) -> None:
    """Posts outside the subtree and delegations: who has them is managed by a common superior."""
    for chunk in chunks(sorted(by_pk)):
        own = (
            Appointment.objects.filter(account__in=chunk)
            .exclude(**inside)
            .values_list("account_id", "role", "organ__path", "valid_from", "valid_to")
        )
        lent = Delegation.objects.filter(delegate__in=chunk, revoked_at__isnull=True).values_list(
            "delegate_id",
            "appointment__role",
            "appointment__organ__path",
            "valid_from",
            "valid_to",
        )
        for key, role, path, since, until in [*own, *lent]:
            person = by_pk[key]
            known.held_elsewhere[person.username].append((Post(Role(role), path), since, until))
            lasting = until is None or until > known.today
            if lasting and not tree.within(path, known.top.path):
                person.beyond = True


def chunks(values: Sequence[Any] | Iterable[Any]) -> Iterator[list[Any]]:
    """Values in portions of a query."""
    held: list[Any] = []
    for value in values:
        held.append(value)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held
