"""锁: who changes an organ or a person, and who tells of them, never wait for each other."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from gongkai.web import accounts, organs
from gongkai.web.ledger import chains, events
from gongkai.web.organs import actions
from gongkai.web.tests.cast import build
from gongkai.web.tests.particulars import acting

_LOCK = re.compile(r"(?:Organ|Account)\.objects[^=]*?\.select_for_update\(\)")


def test_locks_of_what_events_name_leave_events_alone() -> None:
    """An event names its organ and who acted: a lock against references would hold it off."""
    for app in (organs, accounts):
        for file in Path(str(app.__file__)).parent.glob("*.py"):
            assert not _LOCK.search(file.read_text(encoding="utf-8")), file.name


@pytest.mark.django_db(transaction=True)
def test_an_organ_is_changed_while_an_event_of_it_is_told() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    cast = build()
    organ = cast.organs["LX-JY"]
    told = threading.Event()
    failures: list[BaseException] = []

    def tell() -> None:
        with transaction.atomic():
            events.record(
                "organ.changed", organ=organ, by=None, at=timezone.now(), subject="organ/LX-JY"
            )
            told.set()
            time.sleep(0.5)  # meanwhile the other has the organ and waits for the chain

    def change() -> None:
        told.wait(timeout=5)
        actions.set_reconsideration(
            by=acting(cast, "administrator", "LX"),
            organ=organ,
            body=None,
            body_name="示例机关",
            on=timezone.localdate(),
        )

    def tried(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tried, args=[work]) for work in (tell, change)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert failures == []
    assert chains.verify(organ.pk) is None
