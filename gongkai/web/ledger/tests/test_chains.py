"""事件链: the chain holds, the database refuses what would break it, and what broke it is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.web.ledger import chains, events
from gongkai.web.ledger.models import Chain, Event
from gongkai.web.shell import append_only
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


def told(cast: Cast, code: str | None, count: int = 1) -> list[Event]:
    """So many events of an organ, or of none."""
    organ = cast.organs[code] if code else None
    return [
        events.record(
            "organ.changed",
            organ=organ,
            by=cast.accounts["administrator"],
            at=AT,
            acting_as="administrator",
            subject=f"organ/{code}",
            old={"name": "甲局", "listed": [1, None, True]},
            new={"name": f"乙局{number}"},
        )
        for number in range(count)
    ]


def altered(statement: str, *values: Any) -> None:
    """Behind the service's back, as who holds the database could."""
    with append_only.lifted(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_chain_of_untouched_events_holds(cast: Cast) -> None:
    told(cast, "LX-JY", 3)
    told(cast, "WS-JY", 2)
    told(cast, None, 2)
    found = [(head.chain, head.length) for head in chains.heads()]
    assert found == [
        (0, 2),
        (cast.organs["LX-JY"].pk, 3),
        (cast.organs["WS-JY"].pk, 2),
    ]
    assert [chains.verify(key) for key in chains.every()] == [None, None, None]


def test_an_event_lies_behind_the_one_before_it(cast: Cast) -> None:
    first, second = told(cast, "LX-JY", 2)
    assert (first.position, second.position) == (1, 2)
    assert first.digest == chains.digest(first, chains.START)
    assert second.digest == chains.digest(second, first.digest)
    first.refresh_from_db()  # as the database gives it back
    assert first.digest == chains.digest(first, chains.START)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET subject = 'x' WHERE id = %s",
        "DELETE FROM ledger_event WHERE id = %s",
    ],
)
def test_the_database_refuses_to_alter_or_delete_an_event(cast: Cast, statement: str) -> None:
    (one,) = told(cast, "LX-JY")
    with (
        pytest.raises(DatabaseError, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [one.pk])
    one.refresh_from_db()
    assert one.subject == "organ/LX-JY"


@pytest.mark.parametrize("taken", ["id", "position"])
def test_no_event_is_replaced_by_another(cast: Cast, taken: str) -> None:
    """SQLite deletes what stands in the way of INSERT OR REPLACE, and calls no trigger for it."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    (one,) = told(cast, "LX-JY")
    columns = [field.column for field in Event._meta.concrete_fields]
    said = {name: "'x'" if name == "subject" else name for name in columns}
    if taken == "position":
        said["id"] = "id + 1000"
    with (
        pytest.raises(DatabaseError, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT OR REPLACE INTO ledger_event ({', '.join(said)}) "
            f"SELECT {', '.join(said.values())} FROM ledger_event"
        )
    assert list(Event.objects.values_list("pk", "subject")) == [(one.pk, "organ/LX-JY")]


def test_a_trigger_that_does_nothing_protects_nothing(cast: Cast) -> None:
    hollow = [
        "DROP TRIGGER ledger_event_no_update",
        "CREATE TRIGGER ledger_event_no_update BEFORE UPDATE ON ledger_event "
        "WHEN 0 BEGIN SELECT 1; END",
    ]
    if connection.vendor == "postgresql":
        hollow = [
            "CREATE OR REPLACE FUNCTION gongkai_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        ]
    assert append_only.unprotected() == []
    with connection.cursor() as cursor:
        for statement in hollow:
            cursor.execute(statement)
    assert "ledger_event" in append_only.unprotected()
    append_only.protect("ledger_event")
    assert append_only.unprotected() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", "organ/LX-CG"),
        ("kind", "organ.closed"),
        ("acting_as", "approver"),
        ("acting_for", "陈示例"),
        ("request_id", "ABCD2345"),
        ("old", "{}"),
        ("new", '{"name": "丙局"}'),
        ("by_id", None),
        ("digest", "0" * 64),
        ("at", datetime(2026, 3, 2, 1, 2, 3, 456788, tzinfo=UTC)),
    ],
)
def test_an_altered_row_is_named(cast: Cast, column: str, value: object) -> None:
    _first, second, _third = told(cast, "LX-JY", 3)
    altered(f"UPDATE ledger_event SET {column} = %s WHERE id = %s", value, second.pk)
    key = cast.organs["LX-JY"].pk
    assert chains.verify(key) == chains.Broken(key, 2, "altered", second.pk)


def test_a_removed_row_is_named(cast: Cast) -> None:
    _first, second, _third = told(cast, "LX-JY", 3)
    altered("DELETE FROM ledger_event WHERE id = %s", second.pk)
    key = cast.organs["LX-JY"].pk
    assert chains.verify(key) == chains.Broken(key, 2, "missing")


def test_a_chain_cut_at_its_end_is_named(cast: Cast) -> None:
    *_others, last = told(cast, "LX-JY", 3)
    altered("DELETE FROM ledger_event WHERE id = %s", last.pk)
    key = cast.organs["LX-JY"].pk
    assert chains.verify(key) == chains.Broken(key, 3, "cut")


def test_a_row_moved_to_another_organ_is_named(cast: Cast) -> None:
    (one,) = told(cast, "LX-JY")
    altered("UPDATE ledger_event SET organ_id = %s WHERE id = %s", cast.organs["LX-CG"].pk, one.pk)
    key = cast.organs["LX-JY"].pk
    assert chains.verify(key) == chains.Broken(key, 1, "misplaced", one.pk)


def test_a_chain_made_wholly_anew_is_shown_by_a_head_kept_elsewhere(cast: Cast) -> None:
    told(cast, "LX-JY", 3)
    key = cast.organs["LX-JY"].pk
    (kept,) = [head for head in chains.heads() if head.chain == key]
    with append_only.lifted():
        Event.objects.filter(chain=key).delete()
        Chain.objects.filter(key=key).delete()
    told(cast, "LX-JY", 1)
    told(cast, "LX-JY", 3)
    assert chains.verify(key) is None
    broken = chains.verify(key, kept)
    assert broken is not None
    assert (broken.position, broken.why) == (3, "unlike")


def test_an_event_that_a_database_might_give_back_otherwise_is_refused(cast: Cast) -> None:
    for value in (1.5, date(2026, 3, 2), {"name": {1: 2}}, "a\0b", {"a\0": 1}, "\ud800"):
        with pytest.raises(chains.NotPlain):
            events.record(
                "organ.changed",
                organ=cast.organs["LX-JY"],
                by=None,
                at=AT,
                subject="organ/LX-JY",
                new={"value": value},
            )
    assert not Event.objects.exists()


def test_what_was_rolled_back_leaves_no_gap(cast: Cast) -> None:
    told(cast, "LX-JY")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(cast, "LX-JY")
        raise ZeroDivisionError
    (last,) = told(cast, "LX-JY")
    assert last.position == 2
    assert chains.verify(cast.organs["LX-JY"].pk) is None
