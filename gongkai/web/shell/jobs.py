"""后台任务: what the worker does by the clock. Each may run twice and do no harm.

`gongkai.web.worker` runs the one consumer, whose clock fires them; where several hosts share a
queue, the first to take a day's job does it.
"""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.module_loading import import_string
from huey import crontab
from huey.contrib.djhuey import HUEY, db_periodic_task, periodic_task

from gongkai.web.shell import drafts, health, held, kept
from gongkai.web.shell.models import Submission

log = logging.getLogger("gongkai.jobs")
SUBMISSIONS_STAY = timedelta(days=7)
UPLOADS_STAY = timedelta(hours=24)


@periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def beat() -> None:
    """心跳: the worker's sign of life, which /healthz reads."""
    health.heartbeat().touch()


@db_periodic_task(crontab(minute="7"))  # type: ignore[untyped-decorator]
def clean() -> None:
    """每日清理: once a day, in the first hour of it that the machine is on."""
    now = timezone.now()
    if first(f"clean:{timezone.localdate(now).isoformat()}"):
        log.info("cleaned: %s", cleaned(at=now))


def first(name: str) -> bool:
    """Whether this process is the first to take the job of this name."""
    return bool(HUEY.storage.put_if_empty(f"taken:{name}", b"1"))


def first_today(job: str, *, at: datetime) -> bool:
    """Whether this process is the first to take a day's job; the marks of earlier days go."""
    if not first(f"{job}:{timezone.localdate(at).isoformat()}"):
        return False
    _marks(job, at)
    return True


def cleaned(*, at: datetime) -> dict[str, int]:
    """Removes what has served its time; returns how many of each."""
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    store.clear_expired()
    submissions, _kinds = Submission.objects.filter(done_at__lt=at - SUBMISSIONS_STAY).delete()
    return {
        "submissions": submissions,
        "kept": kept.sweep(at=at),
        "drafts": drafts.sweep(at=at),
        "held": held.sweep(at=at),
        "uploads": _uploads(Path(settings.FILE_UPLOAD_TEMP_DIR), at - UPLOADS_STAY),
        "marks": _marks("clean", at),
    }


def _uploads(folder: Path, before: datetime) -> int:
    """Files of uploads that were broken off: a process that ends properly leaves none."""
    count = 0
    for file in folder.glob("*.upload*"):
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_mtime < before.timestamp():
                file.unlink()
                count += 1
    return count


def _marks(job: str, at: datetime) -> int:
    """Yesterday's marks of `first`, back to a week ago."""
    days = (timezone.localdate(at) - timedelta(days=n) for n in range(1, 8))
    return sum(bool(HUEY.storage.delete_data(f"taken:{job}:{day.isoformat()}")) for day in days)
