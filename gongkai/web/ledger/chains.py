"""事件链: each organ's events, every one sealed with the digest of all before it.

An event that is altered, removed, added in between or put elsewhere breaks its chain, and `verify`
names the first link that does not hold. Who can write to the database could make a whole chain
anew: `heads`, kept elsewhere, show that too.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import transaction

from gongkai.web.ledger.models import Chain, Event

NO_ORGAN = 0
START = ""  # the digest before the first
_BATCH = 1000


class NotPlain(TypeError):
    """A value that not every database gives back as it was written."""


def append(found: Sequence[Event]) -> None:
    """Adds events to the ends of their chains, in the order given.

    Inside the caller's transaction: the end of a chain is held until that is over, so that no two
    events take one place. Several chains are taken in the order of their keys.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event belongs into the transaction of what it tells of")
    chains: dict[int, list[Event]] = defaultdict(list)
    for event in found:
        chains[event.organ_id or NO_ORGAN].append(event)
    ends = _held(chains)
    for key, events in chains.items():
        end = ends[key]
        for event in events:
            event.chain, event.position = key, end.length + 1
            event.digest = digest(event, end.digest)
            end.length, end.digest = event.position, event.digest
    if len(found) == 1:
        found[0].save(force_insert=True)
        next(iter(ends.values())).save(update_fields=["length", "digest"])
        return
    Event.objects.bulk_create(found, batch_size=_BATCH)
    Chain.objects.bulk_update(ends.values(), ["length", "digest"], batch_size=_BATCH)


def _held(keys: Iterable[int]) -> dict[int, Chain]:
    """The ends of chains, locked; begun where they are new."""
    wanted = sorted(keys)
    found: dict[int, Chain] = {}
    for at in range(0, len(wanted), _BATCH):
        part = wanted[at : at + _BATCH]
        held = _locked(part)
        missing = [Chain(key=key) for key in part if key not in held]
        if missing:
            Chain.objects.bulk_create(missing, ignore_conflicts=True)
            held |= _locked([one.key for one in missing])
        found |= held
    return found


def _locked(keys: Sequence[int]) -> dict[int, Chain]:
    rows = Chain.objects.filter(key__in=keys).order_by("key").select_for_update()
    return {one.key: one for one in rows}


def digest(event: Event, before: str) -> str:
    """SHA-256, in hexadecimal, of all that an event says and of the digest before it."""
    said = json.dumps(
        [
            before,
            event.chain,
            event.position,
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.by_id,
            event.acting_as,
            event.acting_for,
            event.kind,
            event.subject,
            _plain(event.old),
            _plain(event.new),
            event.request_id,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value, of the kinds that every database gives back alike; raises NotPlain."""
    if value is None or isinstance(value, bool | int | str):
        if isinstance(value, str) and "\0" in value:
            raise NotPlain("a text with a NUL")
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(one) for key, one in value.items()}
    raise NotPlain(f"{type(value).__name__} in an event")


# -- proving them


@dataclass(frozen=True, slots=True)
class Broken:
    """断链: the first link of a chain that does not hold, and why (``altered``, ``missing``,
    ``misplaced``, ``cut``, ``extra``, ``unlike``)."""

    chain: int
    position: int
    why: str
    event: int | None = None  # its key, where there is a row


@dataclass(frozen=True, slots=True)
class Head:
    """链头: how long a chain was at a moment and the digest of its end, to be kept elsewhere."""

    chain: int
    length: int
    digest: str


def heads() -> Iterator[Head]:
    """The end of every chain."""
    for one in Chain.objects.order_by("key").iterator():
        yield Head(one.key, one.length, one.digest)


def verify(key: int, kept: Head | None = None) -> Broken | None:
    """The first link of a chain that does not hold, None where all do.

    ``kept`` is an earlier head of the same chain: the link of its position must be as it was.
    """
    before, position = START, 0
    for event in Event.objects.filter(chain=key).order_by("position").iterator(chunk_size=2000):
        position += 1
        if event.position != position:
            return Broken(key, position, "missing")
        if (event.organ_id or NO_ORGAN) != key:
            return Broken(key, position, "misplaced", event.pk)
        if digest(event, before) != event.digest:
            return Broken(key, position, "altered", event.pk)
        before = event.digest
        if kept is not None and position == kept.length and kept.digest != before:
            return Broken(key, position, "unlike", event.pk)
    end = Chain.objects.filter(pk=key).first()
    if end is None or (end.length, end.digest) != (position, before):
        more = end is not None and end.length > position
        return Broken(key, position + 1 if more else position, "cut" if more else "extra")
    if kept is not None and kept.length > position:
        return Broken(key, position + 1, "cut")
    return None


def every() -> Iterator[int]:
    """Every chain that has an end or an event, in order."""
    told = Event.objects.order_by().values_list("chain", flat=True).distinct()
    yield from sorted({*Chain.objects.values_list("pk", flat=True), *told})
