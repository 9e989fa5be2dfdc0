"""只增不改: tables of which the database itself refuses to alter or delete a row.

Triggers, made by the migration of the table. What must empty a whole database (a test, a
demonstration begun anew) lifts them for that time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# What no two rows share: where SQLite is told to replace on conflict, it deletes without a trigger.
_ALONE = {"ledger_event": ("id", "chain, position"), "accounts_accountevent": ("id",)}
TABLES = tuple(_ALONE)
MESSAGE = "events are only ever added"
_BODY = f" BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END "
# As pg_trigger.tgtype has them: for each row 1, before 2, delete 8, update 16, truncate 32.
_ACTS = {"update": 1 | 2 | 16, "delete": 1 | 2 | 8, "truncate": 2 | 32}


def protect(table: str, *, using: BaseDatabaseWrapper | None = None) -> None:
    """Refuses UPDATE, DELETE and, where there is such a thing, TRUNCATE and REPLACE of a table."""
    database = using or connection
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        if database.vendor == "sqlite":
            for name, statement in _of_sqlite(table).items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION gongkai_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$${_BODY}$$"
        )
        for act in _ACTS:
            each = "STATEMENT" if act == "truncate" else "ROW"
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}")
            cursor.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION gongkai_append_only()"
            )


def release(table: str, *, using: BaseDatabaseWrapper | None = None) -> None:
    """Takes the refusal away again."""
    database = using or connection
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            for name in _of_sqlite(table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for act in _ACTS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}")


def unprotected() -> list[str]:
    """The tables that lack one of their triggers, or have one that is switched off or does not do
    what ours does."""
    holds = _holds_sqlite if connection.vendor == "sqlite" else _holds_postgresql
    return [table for table in TABLES if not holds(table)]


def _holds_sqlite(table: str) -> bool:
    wanted = _of_sqlite(table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        return wanted.items() <= dict(cursor.fetchall()).items()


def _holds_postgresql(table: str) -> bool:
    wanted = {(f"{table}_no_{act}", kind) for act, kind in _ACTS.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgtype FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A') AND tgqual IS NULL "
            "AND tgattr::text = '' AND prosrc = %s",
            [table, _BODY],
        )
        return wanted <= {(name, kind) for name, kind in cursor.fetchall()}


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


def _of_sqlite(table: str) -> dict[str, str]:
    """The triggers by their names, as SQLite keeps them."""
    refused = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    made = {
        f"{table}_no_{act}": f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"{refused}"
        for act in ("update", "delete")
    }
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE ({columns}) = ({_new(columns)}))"
        for columns in _ALONE[table]
    )
    name = f"{table}_no_replace"
    made[name] = f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {taken} {refused}"
    return made


def _new(columns: str) -> str:
    return ", ".join(f"NEW.{column}" for column in columns.split(", "))
