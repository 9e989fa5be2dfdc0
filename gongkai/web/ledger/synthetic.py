"""大批示例数据的写入: rows by the hundred thousand, and events sealed in their chains, for
benchmarks.

Straight into the tables, past the models, with COPY where the database has it. Tables, indexes and
triggers stay as every user has them; values are given as the columns hold them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from gongkai.web.ledger import chains
from gongkai.web.ledger.models import Chain, Event

_SECONDS = 8 * 3600  # of a working day
FLUSHED = 50_000  # rows written at once
_CACHE = 2_000_000  # KB of SQLite's, while it is filled
_EVENT = (
    "organ", "at", "by", "acting_as", "acting_for", "kind", "subject", "old", "new", "request_id",
    "chain", "position", "digest",
)  # fmt: skip


class Table:
    """一张表: takes rows as tuples of its columns' values, and writes them many at a time.

    Days, moments and JSON are texts: ``2026-03-02``, ``2026-03-02 01:00:00`` in UTC; keys of UUIDs
    32 digits.
    """

    def __init__(self, model: type[models.Model], *fields: str) -> None:
        self.model = model
        quoted = connection.ops.quote_name
        column = {one.name: one.column for one in model._meta.concrete_fields}
        columns = [str(column[name]) for name in fields]
        self._into = f"{quoted(model._meta.db_table)} ({', '.join(quoted(c) for c in columns)})"
        self._marks = ", ".join("?" for _ in columns)
        self._rows: list[tuple[Any, ...]] = []
        self.add = self._rows.append

    def flush(self, least: int = 1) -> None:
        """Writes what was added, where it is at least so many rows."""
        rows = self._rows
        if len(rows) < least:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.cursor.copy(f"COPY {self._into} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                statement = f"INSERT INTO {self._into} VALUES ({self._marks})"
                cursor.cursor.connection.executemany(statement, rows)
        rows.clear()


class Events:
    """事件: each added to the end of its organ's chain; `flush` writes them and the ends."""

    def __init__(self) -> None:
        self._table = Table(Event, *_EVENT)
        self._ends = {one.key: (one.length, one.digest) for one in Chain.objects.iterator()}
        self._begun = set(self._ends)
        self.count = 0

    def kind(self, kind: str, by: int | None, acting_as: str, new: str) -> Callable[..., None]:
        """What records one event of a kind: given the organ, the matter's address, the moment
        (``2026-03-02 01:00:00``), and what ``@`` in ``new``, which is JSON, stands for."""
        who = "null" if by is None else by
        first, last = f'{who},"{acting_as}","","{kind}",', f',{{}},{new},""'
        ends, add, link = self._ends, self._table.add, chains.link

        def tell(organ: int, subject: str, at: str, put: str = "") -> None:
            length, before = ends.get(organ, (0, chains.START))
            length += 1
            told = new.replace("@", put) if put else new
            end = last.replace("@", put) if put else last
            moment = f"{at[:10]}T{at[11:]}.000000+00:00"
            digest = link(before, organ, length, moment, f'{first}"{subject}"{end}')
            ends[organ] = (length, digest)
            add(
                (organ, at, by, acting_as, "", kind, subject, "{}", told, "", organ, length, digest)
            )

        return tell

    def flush(self, least: int = 1) -> None:
        """Writes the events; their chains' ends at last, without ``least``."""
        self._table.flush(least)
        if least > 1:
            return
        rows = [Chain(key=key, length=n, digest=d) for key, (n, d) in self._ends.items()]
        Chain.objects.bulk_create([one for one in rows if one.key not in self._begun])
        Chain.objects.bulk_update(
            [one for one in rows if one.key in self._begun], ["length", "digest"], batch_size=500
        )
        self._begun = set(self._ends)


def moments(day: date, count: int) -> Iterator[str]:
    """So many moments of a working day, in order, as texts in UTC."""
    first = day.isoformat()
    for at in range(count):
        second = at * _SECONDS // count
        minute = second // 60
        yield f"{first} {1 + minute // 60:02d}:{minute % 60:02d}:{second % 60:02d}"


@contextlib.contextmanager
def filling(*filled: type[models.Model]) -> Iterator[None]:
    """While it lasts, rows are not asked whether what they point to is there: who fills knows.

    Afterwards the keys of ``filled``, which were given, go on from the last one.
    """
    unasked = _postgresql if connection.vendor == "postgresql" else _sqlite
    with unasked():
        yield
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            cursor.execute(statement)


@contextlib.contextmanager
def _postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        (may,) = cursor.fetchone() or (False,)
        if may:
            cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            if may:
                cursor.execute("SET session_replication_role = origin")


@contextlib.contextmanager
def _sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        settings = {"cache_size": -_CACHE}
        if not connection.in_atomic_block:
            settings |= {"foreign_keys": 0, "synchronous": 0}
        before = {}
        for name, value in settings.items():
            cursor.execute(f"PRAGMA {name}")
            (before[name],) = cursor.fetchone() or (0,)
            cursor.execute(f"PRAGMA {name} = {value}")
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")
