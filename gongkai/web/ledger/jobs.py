"""台账的后台任务: what the ledger does by the clock. Each may run twice and do no harm."""

from __future__ import annotations

import logging
import threading

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from gongkai.web.ledger import kept_heads, outbox, senders, stored
from gongkai.web.shell import health, jobs

log = logging.getLogger("gongkai.jobs")
_NAMED = 20  # so many hashes are named in the log


@db_periodic_task(crontab(minute="37"))  # type: ignore[untyped-decorator]
def hold_the_store() -> None:
    """存储核对: once a day: what was stored in vain goes, what is missing is told in the log."""
    now = timezone.now()
    if not jobs.first_today("store", at=now):
        return
    held = stored.sweep(at=now, beat=health.heartbeat().touch)
    log.info("the store of attachments: %d swept, %d missing", held.swept, len(held.missing))
    if held.missing:
        named = ", ".join(held.missing[:_NAMED])
        log.error("%d attachments lack their content: %s", len(held.missing), named)


_SENDING = threading.Lock()  # one thread of a worker sends, the other stays free for other work


@db_task()  # type: ignore[untyped-decorator]
def send_messages() -> None:
    """发送: what has just been written; where a round is on, that one or the next takes it."""
    _send()


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def send_what_waits() -> None:
    """每分钟发送: what is to be tried again, and what was left by a queue or worker that died."""
    _send()


def _send() -> None:
    if not _SENDING.acquire(blocking=False):
        return
    try:
        went = outbox.send_due(now=timezone.now, beat=health.heartbeat().touch)
    finally:
        _SENDING.release()
    if went:
        log.info("messages sent: %d", went)


@db_periodic_task(crontab(minute="23"))  # type: ignore[untyped-decorator]
def keep_heads() -> None:
    """链头留存: once a day, the ends of all chains in a file."""
    now = timezone.now()
    if not kept_heads.file(now).exists():
        log.info("heads of chains kept in %s", kept_heads.keep(at=now).name)


@db_periodic_task(crontab(minute="41"))  # type: ignore[untyped-decorator]
def drop_old_letters() -> None:
    """清理: once a day, files of mail and text messages that have served their time."""
    now = timezone.now()
    if not jobs.first_today("letters", at=now):
        return
    gone = senders.sweep(now)
    if gone:
        log.info("files of messages deleted: %d", gone)
