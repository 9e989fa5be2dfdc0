"""事件链: each organ's events, every one sealed with the digest of all before it.

An event that is altered, removed, added in between or put elsewhere breaks its chain, and `verify`
names the first link that does not hold. Who can write to the database could make a whole chain
anew: `heads`, kept elsewhere, show that too.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

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
    """SHA-256, in hexadecimal, of all that an event says and of the digest before it.

    Raises NotPlain.
    """
    return _digest(
        before,
        event.chain,
        event.position,
        event.at,
        event.by_id,
        event.acting_as,
        event.acting_for,
        event.kind,
        event.subject,
        _plain(event.old),
        _plain(event.new),
        event.request_id,
    )


def _digest(before: str, chain: int, position: int, at: datetime, *said: Any) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    try:
        return link(before, chain, position, moment, encoded(said)[1:-1])
    except UnicodeEncodeError:
        raise NotPlain("half a character in an event") from None


def link(before: str, chain: int, position: int, at: str, said: str) -> str:
    """The digest of one link: of a JSON array that begins with the digest before it, the place and
    the moment, and goes on with what the event says, which is given as JSON without its brackets.
    """
    told = f'["{before}",{chain},{position},"{at}",{said}]'
    return hashlib.sha256(told.encode()).hexdigest()


encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _plain(value: Any) -> Any:
    """The value, of the kinds that every database gives back alike; raises NotPlain."""
    if value is None or isinstance(value, bool | int | str):
        return _text(value) if isinstance(value, str) else value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {_text(key): _plain(one) for key, one in value.items()}
    raise NotPlain(f"{type(value).__name__} in an event")


def _text(value: str) -> str:
    if "\0" in value:
        raise NotPlain("a text with a NUL")
    return value


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


# As `_digest` takes them; values of JSON as text, which may have been made anything.
_SAID = ("at", "by_id", "acting_as", "acting_for", "kind", "subject", "old_", "new_", "request_id")
_OLD, _NEW = _SAID.index("old_"), _SAID.index("new_")


def verify(
    key: int, kept: Head | None = None, step: Callable[[int], None] = lambda count: None
) -> Broken | None:
    """The first link of a chain that does not hold, None where all do.

    ``kept`` is an earlier head of the same chain: the link of its position must be as it was.
    ``step`` is told how many more events have been looked at. Events may be added meanwhile.
    """
    first = Chain.objects.filter(pk=key).first()
    before, position = START, 0
    for event, organ, at_position, written, *said in _rows(key):
        position += 1
        if at_position != position:
            return Broken(key, position, "missing")
        if (organ or NO_ORGAN) != key:
            return Broken(key, position, "misplaced", event)
        if _anew(before, key, position, said) != written:
            return Broken(key, position, "altered", event)
        before = written
        if kept is not None and position == kept.length and kept.digest != before:
            return Broken(key, position, "unlike", event)
        if first is not None and position == first.length and first.digest != before:
            return Broken(key, position, "extra", event)
        if not position % _BATCH:
            step(_BATCH)
    step(position % _BATCH)
    return _end(key, kept, first, position, before)


def _end(
    key: int, kept: Head | None, first: Chain | None, position: int, before: str
) -> Broken | None:
    """What is wrong behind the last event: by the end of the chain as it was when we began, since
    it may have grown, and as it is now."""
    last = Chain.objects.filter(pk=key).first()
    least = max(first.length if first else 0, kept.length if kept else 0)
    if position < least:
        return Broken(key, position + 1, "cut")
    if last is None or position > last.length:
        return Broken(key, position, "extra")
    if position == last.length and before != last.digest:
        return Broken(key, position, "extra")
    return None


def _rows(key: int) -> Iterator[tuple[Any, ...]]:
    """The events of a chain in order. A value that is none of its column's breaks the link."""
    text: TextField[str, str] = TextField()
    rows = Event.objects.filter(chain=key).order_by("position")
    found = rows.annotate(old_=Cast("old", text), new_=Cast("new", text)).values_list(
        "pk", "organ_id", "position", "digest", *_SAID
    )
    walked = found.iterator(chunk_size=2000)
    position = 0
    while True:
        try:
            row = next(walked)
        except StopIteration:
            return
        except (ValueError, TypeError):  # not even readable: as good as altered
            yield (None, key or None, position + 1, "", *[None] * len(_SAID))
            return
        position = row[2]
        yield row


def _decoded(text: str) -> Any:
    value, end = _json(text)
    if end != len(text):
        raise ValueError("something stands behind the value")
    return value


_json = json.JSONDecoder().raw_decode


def _anew(before: str, key: int, position: int, said: list[Any]) -> str | None:
    """The digest that an event should have; None where it holds what no event can."""
    at, *more = said
    try:
        more[_OLD - 1], more[_NEW - 1] = _decoded(more[_OLD - 1]), _decoded(more[_NEW - 1])
        return _digest(before, key, position, at, *more)
    except (ValueError, TypeError, AttributeError):
        return None


def every() -> Iterator[int]:
    """Every chain that has an end or an event, in order."""
    told = Event.objects.order_by().values_list("chain", flat=True).distinct()
    yield from sorted({*Chain.objects.values_list("pk", flat=True), *told})
