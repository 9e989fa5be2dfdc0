"""重复和相似: earlier matters of the same applicant, and those that ask for much the same.

Suggestions only: found by the vault's marks and by the wording, decided by nobody but a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from gongkai.statute import wording
from gongkai.web.applications import words
from gongkai.web.applications.models import Applicant, Matter, Request
from gongkai.web.ledger import keys, vault

LOOKED_AT = 300  # newest matters whose wording is compared
SHOWN = 5
ALIKE = 0.55  # of the pairs of characters
_FREQUENT = 10  # a month: from the eleventh on by item a fee may be charged (facts 3)


@dataclass(frozen=True, slots=True)
class Earlier:
    """较早的事项: and how much of its wording is the same, 0 to 100."""

    matter: Matter
    share: int

    @property
    def alike(self) -> bool:
        return self.share >= ALIKE * 100

    @property
    def standing(self) -> str:
        """Its outcome, else its state."""
        return words.outcome(self.matter) or words.state(self.matter)


@dataclass(frozen=True, slots=True)
class Known:
    """同一申请人: what is on record of them; counts include all their matters."""

    earlier: tuple[Earlier, ...]
    this_month: int
    this_year: int

    @property
    def frequent(self) -> bool:
        return self.this_month >= _FREQUENT


NOTHING = Known((), 0, 0)


def same_applicants(
    *,
    names: Iterable[str] = (),
    identities: Iterable[str] = (),
    phones: Iterable[str] = (),
    organisations: Iterable[str] = (),
    codes: Iterable[str] = (),
) -> QuerySet[Applicant] | None:
    """Who has the same identity number, phone, name or organisation; None where nothing is given.

    Raises nothing: without the vault's keys people are not found.
    """
    wanted = Q()
    try:
        for field, label, values in (
            ("identity", "identity_number", identities),
            ("phone", "phone", phones),
            ("name", "name", names),
        ):
            marks = [vault.mark(value, label) for value in values if value.strip()]
            if marks:
                wanted |= Q(**{f"{field}__mark__in": marks, f"{field}__label": label})
    except keys.Unreadable:
        wanted = Q()
    for field, values in (("organisation", organisations), ("credit_code", codes)):
        given = [value.strip() for value in values if value.strip()]
        if given:
            wanted |= Q(**{f"{field}__in": given})
    return Applicant.objects.filter(wanted, is_agent=False) if wanted else None


def known(
    rows: QuerySet[Matter],
    applicants: QuerySet[Applicant] | None,
    texts: Iterable[str],
    today: date,
    *,
    but: int = 0,
) -> Known:
    """What ``rows``, the matters somebody may see, hold of these applicants; ``but`` of a request
    left out."""
    if applicants is None:
        return NOTHING
    mine = rows.filter(request__in=applicants.values("request")).exclude(request_id=but)
    found = list(mine.select_related("request").order_by("-at", "-pk")[:LOOKED_AT])
    wanted = [pairs(text) for text in texts if text.strip()]
    scored = [Earlier(one, _share(one, wanted)) for one in found]
    scored.sort(key=lambda one: -one.share if one.alike else 0)
    since = today - timedelta(days=365)
    return Known(
        tuple(scored[:SHOWN]),
        sum(_month(one) == (today.year, today.month) for one in found),
        sum(one.request.arrived_on > since for one in found),
    )


def alike(rows: QuerySet[Matter], matter: Matter) -> list[Earlier]:
    """Matters of other applicants that ask for much the same (Art 44), most alike first."""
    wanted = [pairs(matter.text)]
    others = rows.filter(organ=matter.organ_id).exclude(request=matter.request_id)
    found = others.select_related("request").order_by("-at", "-pk")[:LOOKED_AT]
    scored = [one for one in (Earlier(one, _share(one, wanted)) for one in found) if one.alike]
    own = _same(matter.request, scored)
    theirs = [one for one in scored if one.matter.request_id not in own]
    return sorted(theirs, key=lambda one: -one.share)[:SHOWN]


def _same(request: Request, found: list[Earlier]) -> set[int]:
    """The requests among them that have an applicant of this one."""
    applicants = like(request) if found else None
    if applicants is None:
        return set()
    keys = {one.matter.request_id for one in found}
    return set(applicants.filter(request__in=keys).values_list("request", flat=True))


def _month(one: Matter) -> tuple[int, int]:
    return one.request.arrived_on.year, one.request.arrived_on.month


def pairs(text: str) -> frozenset[str]:
    """The pairs of characters of a wording."""
    key = wording.key(text)
    return frozenset(key[at : at + 2] for at in range(len(key) - 1))


def _share(one: Matter, wanted: list[frozenset[str]]) -> int:
    held = pairs(one.text)
    best = 0.0
    for other in wanted:
        if held and other:
            best = max(best, 2 * len(held & other) / (len(held) + len(other)))
    return round(100 * best)


def like(request: Request) -> QuerySet[Applicant] | None:
    """Applicants of the same marks or names as a request's; nothing is opened for it."""
    wanted = Q()
    for one in request.applicants.select_related("name", "identity", "phone"):
        if one.is_agent:
            continue
        for field in ("identity", "phone", *(() if one.organisation else ("name",))):
            secret = getattr(one, field)
            if secret is not None and secret.mark:
                wanted |= Q(**{f"{field}__mark": secret.mark})
        if one.organisation:
            wanted |= Q(organisation=one.organisation)
        if one.credit_code:
            wanted |= Q(credit_code=one.credit_code)
    return Applicant.objects.filter(wanted, is_agent=False) if wanted else None
