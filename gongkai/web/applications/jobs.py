"""公开申请的后台任务: redacted versions of long files, letters left unmade, old ledgers.

Each may run twice and do no harm.
"""

from __future__ import annotations

import logging

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from gongkai.web.shell import health

log = logging.getLogger("gongkai.redaction")


def redact(pk: int) -> None:
    """There is a version to be made. Where the queue is away, it is taken up later."""
    try:
        make(pk)
    except Exception:
        log.exception("the queue could not be told")


@db_task()  # type: ignore[untyped-decorator]
def make(pk: int) -> None:
    """制作遮盖件."""
    from gongkai.web.applications import redaction_actions

    redaction_actions.make(pk=pk, at=timezone.now())


@db_periodic_task(crontab(minute="*/5"))  # type: ignore[untyped-decorator]
def make_letters() -> None:
    """制作文书: those numbered of late whose files are not there."""
    from gongkai.web.applications import letter_rendering

    at = timezone.now()
    for pk in letter_rendering.left_over(at=at):
        letter_rendering.attempt(pk=pk, by=None, at=at)


@db_periodic_task(crontab(minute="*/5"))  # type: ignore[untyped-decorator]
def take_up() -> None:
    """接续: what a restart left half done, or nobody was told of."""
    from gongkai.web.applications import redaction_actions

    for pk in redaction_actions.left_over(at=timezone.now()):
        redaction_actions.make(pk=pk, at=timezone.now())


@db_task()  # type: ignore[untyped-decorator]
def take_old_ledger(pk: int) -> None:
    """核对或者导入旧台账: what its state asks for."""
    _old_ledger(pk)


@db_periodic_task(crontab(minute="*/5"))  # type: ignore[untyped-decorator]
def take_up_old_ledgers() -> None:
    """接续: those whose job died."""
    from gongkai.web.applications import old_ledger_actions
    from gongkai.web.applications.models import OldLedger
    from gongkai.web.organs import import_actions

    for run in OldLedger.objects.filter(state__in=import_actions.WAITING):
        if import_actions.is_stalled(run, timezone.now(), queued=old_ledger_actions.QUEUED):
            _old_ledger(run.pk)


@db_periodic_task(crontab(minute="40", hour="3"))  # type: ignore[untyped-decorator]
def sweep_old_ledgers() -> None:
    """清理: uploads with which nothing more is done, and those that nobody confirmed."""
    from gongkai.web.applications import old_ledger_actions

    old_ledger_actions.sweep(at=timezone.now())


def _old_ledger(pk: int) -> None:
    from gongkai.web.applications import old_ledger_actions
    from gongkai.web.applications.models import OldLedger

    run = OldLedger.objects.select_related("organ", "by").filter(pk=pk).first()
    if run is None:
        return
    act = old_ledger_actions.check if run.state == "checking" else old_ledger_actions.apply
    act(run=run, at=timezone.now(), beat=health.heartbeat().touch)
