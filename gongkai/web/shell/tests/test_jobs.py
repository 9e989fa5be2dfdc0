"""健康检查与后台任务: what is told of the service, and what the worker does by the clock."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as live
from django.db import connection
from django.test import Client
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from gongkai.web.accounts.models import Account, Session
from gongkai.web.shell import health, jobs
from gongkai.web.shell.models import Draft, KeptInput, Submission

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    health.heartbeat().unlink(missing_ok=True)
    HUEY.storage.flush_all()


@pytest.mark.django_db
def test_all_is_well_after_a_heartbeat(client: Client) -> None:
    jobs.beat.call_local()
    response = client.get("/healthz")
    found = response.json()
    assert response.status_code == 200
    assert found["status"] == "ok"
    assert (found["database"], found["migrations"]) == ("ok", "ok")
    assert 0 <= found["worker"] <= 2
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("beat", [None, 200])
def test_a_worker_that_stopped_degrades_but_takes_no_pages_away(
    client: Client, beat: int | None
) -> None:
    if beat is not None:
        jobs.beat.call_local()
        then = time.time() - beat
        os.utime(health.heartbeat(), (then, then))
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["worker"] == beat


@pytest.mark.django_db
def test_a_migration_that_is_missing_fails(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'shell'")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "pending"


def test_a_database_that_is_gone_fails_and_tells_no_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError
    from django.db.migrations.recorder import MigrationRecorder

    def gone(self: Any) -> None:
        raise OperationalError("password geheim-1 refused")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", gone)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "gone"
    assert b"geheim-1" not in response.content


@pytest.mark.django_db
def test_a_disk_that_is_full_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage(live.HOME)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real._replace(free=10 << 20))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["disk_free_mb"] == 10


@pytest.mark.django_db
def test_asking_is_cheap(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/healthz")
    with django_assert_num_queries(3):  # is the table there, its rows, and the vault's keys
        client.get("/healthz")


@pytest.mark.django_db
def test_what_has_served_its_time_is_removed_and_nothing_else(
    settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    now = timezone.now()
    account = Account.objects.create_user("chen", name="陈示例")
    for key, hours in (("old", -1), ("new", 1)):
        ends = now + timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=ends, account=account)
    for key, days in (("old", 8), ("new", 6)):
        Submission.objects.create(token=key, done_at=now - timedelta(days=days))
    for key, hours in (("old", 25), ("new", 23)):
        kept_at = now - timedelta(hours=hours)
        KeptInput.objects.create(key=key, account=account, path="/", data={}, kept_at=kept_at)
    for path, days in (("/old/", 31), ("/new/", 29)):
        saved_at = now - timedelta(days=days)
        Draft.objects.create(account=account, path=path, data={}, saved_at=saved_at)
    for name, hours in (("old.upload.pdf", 25), ("new.upload.pdf", 23), ("other.pdf", 99)):
        (tmp_path / name).write_text("x")
        then = now.timestamp() - 3600 * hours
        os.utime(tmp_path / name, (then, then))
    assert jobs.cleaned(at=now) == {
        "submissions": 1,
        "kept": 1,
        "drafts": 1,
        "held": 0,
        "uploads": 1,
        "marks": 0,
    }
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert list(Submission.objects.values_list("token", flat=True)) == ["new"]
    assert list(KeptInput.objects.values_list("key", flat=True)) == ["new"]
    assert {f.name for f in tmp_path.iterdir()} == {"new.upload.pdf", "other.pdf"}
    assert list(Draft.objects.values_list("path", flat=True)) == ["/new/"]
    assert set(jobs.cleaned(at=now).values()) == {0}


def test_a_days_job_is_taken_by_the_first_and_its_mark_goes_the_day_after() -> None:
    assert jobs.first("clean:2026-03-02")
    assert not jobs.first("clean:2026-03-02")
    assert jobs.first("clean:2026-03-03")
    assert jobs._marks("clean", datetime(2026, 3, 3, 9, tzinfo=SHANGHAI)) == 1
    assert jobs.first("clean:2026-03-02")
    assert not jobs.first("clean:2026-03-03")
    second, third = (datetime(2026, 3, day, 9, tzinfo=SHANGHAI) for day in (2, 3))
    taken = [jobs.first_today("store", at=day) for day in (second, second, third)]
    assert taken == [True, False, True]
    assert jobs.first("store:2026-03-02"), "its mark is gone"


@pytest.mark.django_db
def test_two_workers_clean_once_a_day(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gongkai.jobs")
    jobs.clean.call_local()
    jobs.clean.call_local()
    assert len([r for r in caplog.records if r.message.startswith("cleaned")]) == 1


def test_each_job_is_due_at_its_minute_once_and_waits_for_one_worker() -> None:
    """The clock is the consumer's; the web has none and starts none."""
    names = [task.name for task in HUEY._registry.periodic_tasks]
    assert sorted(n for n in names if n in ("beat", "clean")) == ["beat", "clean"]
    at = datetime(2026, 3, 2, 1, 7)  # noqa: DTZ001  huey's clock has no zone
    due = {task.name for task in HUEY.read_periodic(at)}
    assert {"beat", "clean"} <= due
    later = {task.name for task in HUEY.read_periodic(at + timedelta(minutes=1))}
    assert "beat" in later and "clean" not in later
