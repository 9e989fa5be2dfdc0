"""链头留存: a file a day, held against later; what has served its time goes. And what is sent."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from gongkai.web.ledger import chains, events, jobs, kept_heads, outbox
from gongkai.web.ledger.models import Message
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME, settings.VAULT_KEYS = tmp_path, tmp_path / "vault.keys"
    return tmp_path


def told(cast: Cast) -> None:
    events.record("organ.changed", organ=cast.organs["LX-JY"], by=None, at=AT, subject="organ/LX")


def test_the_heads_of_a_day_are_kept_and_held_against_later(cast: Cast, home: Path) -> None:
    told(cast)
    file = kept_heads.keep(at=AT)
    assert file == home / "audit" / "heads-2026-03-02.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = cast.organs["LX-JY"].pk
    kept = kept_heads.parsed(file.read_text())
    assert kept == {key: next(chains.heads())}
    told(cast)
    assert chains.verify(key, kept[key]) is None
    wrong = chains.Head(key, 1, "0" * 64)
    found = chains.verify(key, wrong)
    assert found is not None and (found.position, found.why) == (1, "unlike")


def test_files_go_after_four_hundred_days_and_nothing_else_does(cast: Cast, home: Path) -> None:
    kept_heads.keep(at=AT)
    kept_heads.keep(at=AT + timedelta(days=1))
    (home / "audit" / "heads-mine.json").touch()
    kept_heads.keep(at=AT + timedelta(days=401))
    assert sorted(f.name for f in (home / "audit").iterdir()) == [
        "heads-2026-03-03.json",
        "heads-2027-04-07.json",
        "heads-mine.json",
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "x", "heads": []}'])
def test_another_file_is_none_of_heads(text: str) -> None:
    with pytest.raises(kept_heads.Unfit):
        kept_heads.parsed(text)


def test_no_chains_make_a_file_that_reads_back(home: Path) -> None:
    assert json.loads(kept_heads.written([], AT))["heads"] == []


def test_the_worker_keeps_the_heads_once_a_day(cast: Cast, home: Path) -> None:
    told(cast)
    jobs.keep_heads.call_local()
    file = kept_heads.file(timezone.now())
    before = file.stat().st_mtime_ns
    jobs.keep_heads.call_local()
    assert file.stat().st_mtime_ns == before


def test_the_worker_sends_every_minute_what_a_queue_forgot(cast: Cast, home: Path) -> None:
    one = outbox.put(
        key="reply/1",
        organ=cast.organs["LX-JY"],
        subject="a/1",
        channel="mail",
        to="chen@example.com",
        title="答复",
        body="见附件。",
        at=AT,
    )
    jobs.send_what_waits.call_local()
    one.refresh_from_db()
    assert one.state == Message.State.SENT
    assert len(list((home / "outbox" / "mail").glob("*.eml"))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_is_handed_to_the_queue_once_its_change_stands(
    cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(jobs, "send_messages", lambda: asked.append(Message.objects.count()))
    test_the_worker_sends_every_minute_what_a_queue_forgot(cast, home)
    assert asked == [1]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_gone_takes_no_change_with_it(
    cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise ConnectionError("the queue is gone")

    monkeypatch.setattr(jobs, "send_messages", gone)
    test_the_worker_sends_every_minute_what_a_queue_forgot(cast, home)
