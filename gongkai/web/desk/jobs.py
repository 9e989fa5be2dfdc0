"""报告台的后台任务: papers read, findings made anew. Each may run twice and do no harm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import HUEY, db_periodic_task, db_task

from gongkai.web.shell import health

log = logging.getLogger("gongkai.desk")


def wake() -> None:
    """There is something to read, once what was just written is there to be seen."""
    transaction.on_commit(lambda: _enqueue())


def renew(reports: Sequence[int]) -> None:
    """The findings of these are to be made anew, once what was just written is there."""
    if reports:
        transaction.on_commit(lambda: _told(lambda: check_again(list(reports))))


def _enqueue() -> None:
    _told(lambda: read_papers(slow=False))
    _told(lambda: read_papers(slow=True))


def _told(enqueue: Callable[[], object]) -> None:
    """What was written stands, also where the queue is not there to be told of it: papers are
    taken up by its next minute."""
    try:
        enqueue()
    except Exception:
        log.exception("the queue could not be told")


@db_task()  # type: ignore[untyped-decorator]
def read_papers(slow: bool = False) -> None:
    """读取: what waits in a lane, for a while; the rest behind whatever else waits in the queue."""
    from gongkai.web.desk import reading

    lane = reading.SLOW_LANE if slow else reading.QUICK_LANE
    if lane.run(now=timezone.now, alive=health.heartbeat().touch):
        read_papers(slow=slow)


@db_task()  # type: ignore[untyped-decorator]
def check_again(reports: list[int]) -> None:
    """重新检查: reports that are held against one that has changed."""
    from gongkai.web.desk import checking

    for key in reports:
        checking.again(key, at=timezone.now())


@db_periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def take_up() -> None:
    """接续: what a restart left half done, or nobody was told of."""
    from gongkai.web.desk import reading

    reading.give_back(at=timezone.now())
    for slow in (False, True):
        if reading.waits(slow=slow):
            read_papers(slow=slow)


@HUEY.on_startup("desk")  # type: ignore[untyped-decorator]
def _begin() -> None:
    """The worker does not wait for the next full minute."""
    _resume()


@db_task()  # type: ignore[untyped-decorator]
def _resume() -> None:
    take_up.call_local()
