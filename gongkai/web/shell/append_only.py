"""只增不改: tables of which the database itself refuses to alter or delete a row.

Triggers, made by the migration of the table. What must empty a whole database (a test, a
demonstration begun anew) lifts them for that time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, migrations
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_event", "accounts_accountevent")
MESSAGE = "events are only ever added"


def protect(table: str, *, using: BaseDatabaseWrapper | None = None) -> None:
    """Refuses UPDATE, DELETE and, where there is such a thing, TRUNCATE of a table."""
    with (using or connection).cursor() as cursor:
        for statement in _statements(table, (using or connection).vendor):
            cursor.execute(statement)


def release(table: str, *, using: BaseDatabaseWrapper | None = None) -> None:
    """Takes the refusal away again."""
    database = using or connection
    on = "" if database.vendor == "sqlite" else f" ON {table}"
    with database.cursor() as cursor:
        for act in ("update", "delete", "truncate"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}")


def unprotected() -> list[str]:
    """The tables that lack one of their triggers, or have one that is switched off."""
    acts = ["update", "delete"]
    question = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        acts.append("truncate")
        question = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(question)
        found = {name for (name,) in cursor.fetchall()}
    return [t for t in TABLES if not {f"{t}_no_{act}" for act in acts} <= found]


@contextlib.contextmanager
def lifted() -> Iterator[None]:
    """Within it everything may be emptied."""
    for table in TABLES:
        release(table)
    try:
        yield
    finally:
        for table in TABLES:
            protect(table)


def operation(table: str) -> migrations.RunPython:
    """The step of a migration."""
    return migrations.RunPython(
        lambda apps, editor: protect(table, using=editor.connection),
        lambda apps, editor: release(table, using=editor.connection),
    )


def _statements(table: str, vendor: str) -> Iterator[str]:
    if vendor == "sqlite":
        for act in ("update", "delete"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    yield (
        "CREATE OR REPLACE FUNCTION gongkai_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    )
    for act in ("update", "delete", "truncate"):
        each = "STATEMENT" if act == "truncate" else "ROW"
        yield f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}"
        yield (
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION gongkai_append_only()"
        )
