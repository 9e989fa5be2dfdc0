"""轮换密钥: everything is sealed anew while others write; killed, it goes on; nothing is lost."""

from __future__ import annotations

import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from gongkai.web.ledger import events, keys, vault, vault_rotation
from gongkai.web.ledger.models import Event, Secret
from gongkai.web.ledger.tests import children
from gongkai.web.tests.cast import Cast

AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.VAULT_KEYS = tmp_path / "vault.keys"
    return tmp_path / "vault.keys"


def sealed(cast: Cast, count: int, start: int = 0) -> dict[Any, str]:
    """So many values, by their rows."""
    found = {}
    for number in range(start, start + count):
        value = f"138{number:08d}"
        made = vault.put(
            organ=cast.organs["LX-JY"], subject="a/1", label="phone", value=value, at=AT
        )
        found[made.pk] = value
    return found


def opened() -> dict[Any, str]:
    return {one.pk: vault.open_(one) for one in Secret.objects.filter(erased_at__isnull=True)}


@COMMITTED
def test_everything_is_sealed_anew_and_the_old_key_is_gone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_rotation, "BATCH", 10)
    put = sealed(cast, 25)
    erased = Secret.objects.get(pk=next(iter(put)))
    vault.erase([erased], act=events.Act(None, AT), reason="申请人要求删除")
    del put[erased.pk]
    before, told = keys.read(), Event.objects.count()
    steps: list[int] = []
    done = vault_rotation.rotate(step=steps.append)
    after = keys.read()
    assert (done.sealed, done.dropped, done.shut) == (24, [before.current], set())
    assert steps == [10, 10, 4]
    assert list(after.by_id) == [after.current] != [before.current]
    assert after.mark == before.mark and vault.like("13800000007", "phone").count() == 1
    assert opened() == put
    assert Event.objects.count() == told


@COMMITTED
def test_the_algorithm_changes_with_the_keys(cast: Cast) -> None:
    put = sealed(cast, 5)
    vault_rotation.rotate(algorithm="sm4-gcm")
    assert set(Secret.objects.values_list("algorithm", flat=True)) == {"sm4-gcm"}
    assert opened() == put


@COMMITTED
def test_a_row_that_does_not_open_keeps_its_key(cast: Cast) -> None:
    sealed(cast, 3)
    before = keys.read().current
    one = Secret.objects.order_by("pk")[0]
    Secret.objects.filter(pk=one.pk).update(subject="b/2")
    done = vault_rotation.rotate()
    assert done.shut == {str(one.pk)} and done.sealed == 2 and done.dropped == []
    assert before in keys.read().by_id
    Secret.objects.filter(pk=one.pk).update(subject="a/1")  # as it was
    again = vault_rotation.rotate()
    assert again.resumed and again.sealed == 1 and again.dropped == [before]


@COMMITTED
def test_keys_that_are_missing_are_not_rotated_away(cast: Cast, key_file: Path) -> None:
    sealed(cast, 1)
    key_file.unlink()
    with pytest.raises(keys.Unreadable):
        vault_rotation.rotate()
    assert not key_file.exists()


@COMMITTED
def test_killed_midway_it_goes_on_where_it_was(cast: Cast, key_file: Path, tmp_path: Path) -> None:
    put = sealed(cast, 60)
    first = keys.read().current
    marker = tmp_path / "begun"
    child = children.started(
        f"""
import pathlib, time
from gongkai.web.ledger import vault_rotation
vault_rotation.BATCH = 7
def step(count):
    pathlib.Path({str(marker)!r}).touch()
    time.sleep(0.1)
vault_rotation.rotate(step=step)
""",
        tmp_path,
        GONGKAI_VAULT_KEYS=str(key_file),
    )
    while not marker.exists() and child.poll() is None:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    half = keys.read()
    assert len(half.by_id) == 2 and half.current != first
    assert set(Secret.objects.values_list("key_id", flat=True)) == {first, half.current}
    assert opened() == put  # meanwhile
    left = vault_rotation.due("aes-256-gcm")
    assert 0 < left < 60
    done = vault_rotation.rotate()
    assert done.resumed and done.sealed == left and done.dropped == [first]
    assert list(keys.read().by_id) == [half.current]
    assert opened() == put


@COMMITTED
def test_one_rotation_at_a_time(cast: Cast) -> None:
    sealed(cast, 1)
    found: list[Exception] = []

    def second(count: int) -> None:
        try:
            vault_rotation.rotate()
        except vault_rotation.Underway as cause:
            found.append(cause)

    vault_rotation.rotate(step=second)
    assert len(found) == 1


@COMMITTED
def test_who_writes_meanwhile_loses_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_rotation, "BATCH", 5)
    put, over = sealed(cast, 40), threading.Event()
    written: dict[Any, str] = {}
    failed: list[Exception] = []

    def write() -> None:
        number = 1000
        try:
            while not over.is_set():
                number += 1
                written.update(sealed(cast, 1, number))
        except Exception as cause:
            failed.append(cause)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            vault_rotation.rotate()
    finally:
        over.set()
        writer.join()
    assert failed == [] and len(written) > 3
    assert opened() == put | written
    vault_rotation.rotate()
    assert opened() == put | written


@COMMITTED
def test_a_key_in_use_by_an_open_transaction_is_not_dropped(cast: Cast) -> None:
    """The writer took the old key and commits only after the last row was sealed anew."""
    if connection.vendor == "sqlite":
        pytest.skip("PostgreSQL lets writers go on side by side")
    put = sealed(cast, 3)
    sealed_it, commit = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            put.update(sealed(cast, 1, 50))
            sealed_it.set()
            commit.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert sealed_it.wait(10)
    threading.Timer(0.5, commit.set).start()
    done = vault_rotation.rotate()
    writer.join()
    assert done.sealed == 4 and len(done.dropped) == 1
    assert opened() == put
