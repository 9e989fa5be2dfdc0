"""机关的后台任务: imports too long for a request. Each may be done twice and do no harm."""

from __future__ import annotations

from django.utils import timezone
from huey.contrib.djhuey import db_task

from gongkai.web.organs import import_actions
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


def _run(pk: int) -> ImportRun | None:
    return ImportRun.objects.select_related("organ", "by").filter(pk=pk).first()
