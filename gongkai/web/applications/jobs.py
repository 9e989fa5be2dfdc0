"""公开申请的后台任务: redacted versions of long files, letters left unmade.

Each may run twice and do no harm.
"""

from __future__ import annotations

import logging

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

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
