"""轮换密钥: a new key seals from now on, and what older ones sealed is sealed anew, in batches.

May be killed at any moment and run again: a key stays in the file until no row needs it. Writers go
on meanwhile. Events and their chains are not touched: they name secrets, and hold none.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import keys, vault
from gongkai.web.ledger.keys import Keys
from gongkai.web.ledger.models import Secret
from gongkai.web.shell.refusals import Refusal

BATCH = 500


class Underway(Refusal):
    """正在轮换: another process is at it."""


@dataclass(slots=True)
class Rotation:
    """轮换的结果: how many rows were sealed anew; which keys went; which rows do not open."""

    resumed: bool
    sealed: int = 0
    dropped: list[str] = field(default_factory=list)
    shut: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Status:
    """密钥状况: rows by key and algorithm; which key seals; which are missing or not needed."""

    current: str
    rows: dict[tuple[str, str], int]
    erased: int
    missing: list[str]
    spare: list[str]


def status() -> Status:
    """How many rows each key holds. Raises `keys.Unreadable` where the file cannot be read."""
    counted = Secret.objects.exclude(key_id="").order_by("key_id", "algorithm")
    by_key = counted.values_list("key_id", "algorithm").annotate(Count("pk"))
    rows = {(key, algorithm): count for key, algorithm, count in by_key}
    needed = {key for key, _algorithm in rows}
    erased = Secret.objects.filter(erased_at__isnull=False).count()
    if not needed and not keys.there():
        return Status("", rows, erased, [], [])
    held = keys.read()
    spare = set(held.by_id) - needed - {held.current}
    return Status(held.current, rows, erased, sorted(needed - set(held.by_id)), sorted(spare))


def due(algorithm: str) -> int:
    """How many rows a rotation would seal anew: all of them, or what a killed one left."""
    if not keys.there():
        return 0
    held = keys.read()
    rows = Secret.objects.exclude(key_id="")
    return (rows.filter(_old(held, algorithm)) if len(held.by_id) > 1 else rows).count()


def rotate(
    *, algorithm: str | None = None, step: Callable[[int], None] = lambda count: None
) -> Rotation:
    """Seals everything anew. Outside of any transaction. Raises Underway, `keys.Unreadable`."""
    algorithm = algorithm or settings.VAULT_ALGORITHM
    with _alone():
        vault.ready()
        held = keys.read()
        keys.complete(vault.needed())
        done = Rotation(resumed=len(held.by_id) > 1)
        if not done.resumed:
            held = held.with_new()
            keys.write(held)
        while True:
            _round(held, algorithm, done, step)
            if _dropped(held, algorithm, done):
                return done


def _old(held: Keys, algorithm: str) -> Q:
    return ~Q(key_id=held.current) | ~Q(algorithm=algorithm)


def _round(held: Keys, algorithm: str, done: Rotation, step: Callable[[int], None]) -> None:
    """Once over all rows that are due, in the order of their keys."""
    last = None
    while True:
        rows = Secret.objects.exclude(key_id="").filter(_old(held, algorithm))
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic():
            found = list(rows.select_for_update(of=("self",)).order_by("pk")[:BATCH])
            for one in found:
                _anew(one, held, algorithm, done)
        if not found:
            return
        last = found[-1].pk
        step(len(found))


def _anew(one: Secret, held: Keys, algorithm: str, done: Rotation) -> None:
    try:
        value = vault.opened(one, held)
    except keys.Unreadable:
        done.shut.add(str(one.pk))  # it stays as it is, and so does its key
        return
    one.algorithm = algorithm  # part of the seal
    vault.seal(one, value, held, algorithm)
    one.save(update_fields=["algorithm", "key_id", "nonce", "sealed"])
    done.sealed += 1


def _dropped(held: Keys, algorithm: str, done: Rotation) -> bool:
    """Drops the keys that no row needs, while nobody seals; False where one has just been used."""
    with transaction.atomic():
        _hold_off()
        left = Secret.objects.exclude(key_id="").filter(_old(held, algorithm))
        if left.exclude(pk__in=done.shut).exists():
            return False
        done.dropped = sorted(set(held.by_id) - set(vault.needed()) - {held.current})
        if done.dropped:
            keys.write(held.without(set(done.dropped)))
        return True


def _hold_off() -> None:
    """Waits for whoever is sealing with an older key, and lets nobody begin."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [vault.LOCK])


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    path = keys.file().with_name(f"{keys.file().name}.lock")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as cause:
        raise keys.Unreadable(cause.strerror or str(cause)) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Underway(_("密钥正在轮换中，请等它结束。")) from None
        yield
