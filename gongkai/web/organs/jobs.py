"""机关的后台任务: imports too long for a request, and the watch over clocks by organs' settings.

Each may be done twice and do no harm.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from gongkai.web.ledger import alerts, calendars, deadlines, events
from gongkai.web.organs import clock_kinds, import_actions
from gongkai.web.organs.models import ImportRun
from gongkai.web.shell import health


@db_task()  # type: ignore[untyped-decorator]
def check_import(pk: int) -> None:
    """核对: what an uploaded workbook would change, and what is wrong with it."""
    run = _run(pk)
    if run is not None:
        import_actions.check(run=run, at=timezone.now(), beat=health.heartbeat().touch)


@db_task()  # type: ignore[untyped-decorator]
def apply_import(pk: int) -> None:
    """导入: what was confirmed."""
    run = _run(pk)
    if run is not None:
        import_actions.apply(run=run, at=timezone.now(), beat=health.heartbeat().touch)


@db_periodic_task(crontab(minute="*/15"))  # type: ignore[untyped-decorator]
def watch_clocks() -> None:
    """到期预警: what is due, also what became due while no worker ran."""
    now = timezone.now()
    alerts.raise_due(at=now, calendar=calendars.current(), thresholds=clock_kinds.thresholds)


@db_periodic_task(crontab(minute="50"))  # type: ignore[untyped-decorator]
def reckon_clocks() -> None:
    """期限重算: by the calendar of now, which a new version of the program may have brought."""
    with transaction.atomic():
        calendars.hold()
        deadlines.recompute(act=events.Act(None, timezone.now()), calendar=calendars.current())


def _run(pk: int) -> ImportRun | None:
    return ImportRun.objects.select_related("organ", "by").filter(pk=pk).first()
