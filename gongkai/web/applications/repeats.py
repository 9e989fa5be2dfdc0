"""重复和相似: earlier matters of the same applicant, and those that ask for much the same.

Suggestions only: found by the vault's marks and by the wording, decided by nobody but a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import add

from django.db.models import F, Q, QuerySet

from gongkai.statute import wording
from gongkai.web.applications import queries, words
from gongkai.web.applications.models import Applicant, Matter, Request
from gongkai.web.ledger import keys, vault

LOOKED_AT = 300  # newest matters whose wording is compared
MOST = 2000  # requests of one name, phone or organisation that are looked at
SHOWN = 5
ALIKE = 0.55  # of the pairs of characters
_CODE = re.compile(r"[0-9A-Za-z]{15,18}")
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
Ways = Sequence[Q]
"""By what applicants are found, each by an index of its own."""


def same_applicants(
    *,
    names: Iterable[str] = (),
    identities: Iterable[str] = (),
    phones: Iterable[str] = (),
    organisations: Iterable[str] = (),
    codes: Iterable[str] = (),
) -> Ways:
    """By whom has the same identity number, phone, name or organisation; empty where nothing is
    given. Without the vault's keys people are not found."""
    found = []
    try:
        for field, label, values in (
            ("identity", "identity_number", identities),
            ("phone", "phone", phones),
            ("name", "name", names),
        ):
            marks = [vault.mark(value, label) for value in values if value.strip()]
            if marks and vault.held_of(marks, label):
                found.append(Q(**{f"{field}__mark__in": marks, f"{field}__label": label}))
    except keys.Unreadable:
        found = []
    called = [value.strip() for value in organisations if value.strip()]
    if called:
        found.append(Q(organisation__in=called))
    coded = [value.strip() for value in codes if _CODE.fullmatch(value.strip())]
    if coded:
        found.append(Q(credit_code__in=coded))
    return found


def like(request: Request) -> Ways:
    """By the marks and names of a request's own applicants; nothing is opened for it."""
    found = []
    for one in queries.applicants(request):
        if one.is_agent:
            continue
        for field in ("identity", "phone", *(() if one.organisation else ("name",))):
            secret = getattr(one, field)
            if secret is not None and secret.mark:
                found.append(Q(**{f"{field}__mark": secret.mark}))
        if one.organisation:
            found.append(Q(organisation=one.organisation))
        if one.credit_code:
            found.append(Q(credit_code=one.credit_code))
    return found


def requests_of(ways: Ways) -> set[int]:
    """The requests of such applicants, of each way the newest `MOST`.

    Each way is asked for by itself: together no index answers them.
    """
    found: set[int] = set()
    for way in ways:
        rows = Applicant.objects.filter(way, is_agent=False)
        # Ordered by what is in no index, so that the way in is the mark, however rare it is.
        found.update(
            rows.order_by((F("request_id") * -1).asc()).values_list("request_id", flat=True)[:MOST]
        )
    return found


def told_apart(request: Request, others: set[int]) -> set[int]:
    """Of requests found alike those of somebody else for certain: a name or a phone is shared, but
    every one who asks is a person and has given another identity number."""
    principals = [one for one in queries.applicants(request) if not one.is_agent]
    own = {one.identity.mark if one.identity and not one.organisation else "" for one in principals}
    if "" in own:
        return set()
    marks: dict[int, set[str]] = {}
    rows = Applicant.objects.filter(request__in=others, is_agent=False)
    for pk, mark, firm in rows.values_list("request_id", "identity__mark", "organisation"):
        marks.setdefault(pk, set()).add("" if firm else mark or "")
    return {pk for pk, held in marks.items() if "" not in held and not held & own}


def known(
    rows: QuerySet[Matter], ways: Ways, texts: Iterable[str], today: date, *, but: int = 0
) -> Known:
    """What ``rows``, the matters somebody may see, hold of these applicants; ``but`` of a request
    left out."""
    others = requests_of(ways) - {but}
    if not others:
        return NOTHING
    mine = rows.filter(request__in=others)
    found = list(mine.select_related("request").order_by("-at", "-pk")[:LOOKED_AT])
    wanted = [pairs(text) for text in texts if text.strip()]
    scored = [Earlier(one, _share(one.text, wanted)) for one in found]
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
    found = others.order_by("-at", "-pk").values_list("pk", "request_id", "text")[:LOOKED_AT]
    scored = [(_share(text, wanted), pk, request) for pk, request, text in found]
    scored = [one for one in scored if one[0] >= ALIKE * 100]
    if not scored:
        return []
    own = requests_of(like(matter.request))
    best = sorted((one for one in scored if one[2] not in own), key=lambda one: -one[0])[:SHOWN]
    shown = Matter.objects.select_related("request").in_bulk([pk for _, pk, _ in best])
    return [Earlier(shown[pk], share) for share, pk, _ in best]


def _month(one: Matter) -> tuple[int, int]:
    return one.request.arrived_on.year, one.request.arrived_on.month


def pairs(text: str) -> frozenset[str]:
    """The pairs of characters of a wording."""
    key = wording.key(text)
    return frozenset(map(add, key, key[1:]))


def _share(text: str, wanted: list[frozenset[str]]) -> int:
    held = pairs(text)
    best = 0.0
    for other in wanted:
        if held and other:
            best = max(best, 2 * len(held & other) / (len(held) + len(other)))
    return round(100 * best)
