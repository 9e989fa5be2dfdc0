"""遮盖的查询: which files can be prepared for release, what was made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from gongkai.web.applications import life
from gongkai.web.applications.models import Matter, Redaction
from gongkai.web.applications.redaction_actions import KINDS
from gongkai.web.ledger import keys, vault
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Attachment, Secret


@dataclass(frozen=True, slots=True)
class Prepared:
    """一个文件: the original, and what was made of it, the newest last."""

    original: Attachment
    made: list[Attachment] = field(default_factory=list)
    in_hand: Redaction | None = None


def originals(matter: Matter) -> list[Attachment]:
    """PDF files and pictures of a matter and its request that are no redactions themselves."""
    files = ledger.files_of(f"request/{matter.request_id}", life.address(matter))
    if not any(one.file.kind in KINDS for one in files):
        return []
    made = set(_of(matter).values_list("made_id", flat=True))
    return [one for one in files if one.file.kind in KINDS and one.pk not in made]


def prepared(matter: Matter) -> list[Prepared]:
    """Every file with what was made of it."""
    found = originals(matter)
    rows = list(_of(matter).select_related("made__file")) if found else []
    return [
        Prepared(
            one,
            [row.made for row in rows if row.original_id == one.pk and row.made is not None],
            next((row for row in rows if row.original_id == one.pk and row.made is None), None),
        )
        for one in found
    ]


def released(matter: Matter) -> list[Attachment]:
    """可以提供的文件: the redacted version of each, the newest; for letters and answers."""
    return [one.made[-1] for one in prepared(matter) if one.made]


def in_hand(matter: Matter, original: Attachment) -> Redaction | None:
    """What is being marked or made; else the last that was made."""
    rows = _of(matter).filter(original=original)
    return rows.exclude(state=Redaction.State.MADE).first() or rows.last()


def _of(matter: Matter) -> QuerySet[Redaction]:
    return Redaction.objects.filter(matter=matter).order_by("pk")


def names(matter: Matter) -> list[str]:
    """申请人、代理人和第三方: what they are called and how they are reached, to search for; it is
    opened for the search alone and never shown."""
    found: list[str] = []
    people = matter.request.applicants.select_related(
        "name", "identity", "phone", "email", "address"
    )
    for one in people:
        found += [one.organisation]
        found += _opened((one.name, one.identity, one.phone, one.email, one.address))
    for party in matter.parties.select_related("name", "contact"):
        found += [party.organisation, *_opened((party.name, party.contact))]
    return list(dict.fromkeys(said for said in found if sum(c.isalnum() for c in said) > 1))


def _opened(secrets: Sequence[Secret | None]) -> list[str]:
    found = []
    for secret in secrets:
        if secret is None:
            continue
        try:
            found.append(vault.open_(secret))
        except (vault.Erased, keys.Unreadable):
            continue
    return found
