"""导入旧台账: a workbook of past applications is checked, confirmed and taken in whole, or dropped.

Between the check and the confirmation others go on registering: the file is read again when it is
taken in, and where anything is wrong by then nothing is written. Applications that are closed come
with one event each and are not made up further; open ones begin as if registered by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from gongkai.statute.report import CannotRead
from gongkai.statute.texts import Text
from gongkai.web.applications import life, old_ledger_rows, old_ledger_write
from gongkai.web.applications.models import OldLedger
from gongkai.web.applications.old_ledger_rows import Found, Problem
from gongkai.web.organs import capacity, import_actions, import_found
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.import_actions import OPEN, NotNow, fail, turn
from gongkai.web.organs.models import ImportRun
from gongkai.web.shell.access import Role
from gongkai.web.shell.uploads import Upload

log = logging.getLogger("gongkai.imports")
State = ImportRun.State
SMALL_BYTES = 100 << 10  # of a file that is read while the person waits
QUEUED = timedelta(seconds=60)  # that a job may wait for its turn besides
SMALL = 300  # rows that are taken in while the person waits
ENDED = (State.APPLIED, State.REFUSED, State.DROPPED)  # nothing more is done with the file
KEPT = timedelta(days=30)  # a file that nobody confirms: it holds personal data


class _Changed(Exception):
    """The file cannot be taken in as it was confirmed."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found = found


# -- beginning, dropping


@transaction.atomic
def start(*, by: Doer, file: File[Any], upload: Upload) -> OldLedger:
    """上传: keeps the file; it is yet to be checked. Raises NotAllowed."""
    held = by.capacity
    if held is None or held.role is not Role.HANDLER:
        raise NotAllowed
    run = OldLedger(
        organ=held.organ,
        file_name=upload.name,
        sha256=upload.sha256,
        state=State.CHECKING,
        by=by.by,
        started_at=by.at,
    )
    import_actions.keep(run, file)
    return run


@transaction.atomic
def drop(*, by: Doer, run: OldLedger) -> None:
    """放弃: the upload goes; that there was one stays. Raises NotAllowed, NotNow."""
    _own(by, run)
    if not turn(run, (*OPEN, State.CHECKING), State.DROPPED, problems=[], ended_at=by.at):
        raise NotNow
    transaction.on_commit(lambda: _forget(run))


def sweep(*, at: datetime) -> int:
    """清理: files of ended runs that a stop left behind go; what nobody confirms is dropped.

    Returns how many runs nobody confirmed.
    """
    left = OldLedger.objects.filter(state__in=OPEN, started_at__lt=at - KEPT)
    dropped = left.exclude(state=State.REFUSED).update(state=State.DROPPED, ended_at=at)
    for run in OldLedger.objects.filter(state__in=ENDED, started_at__gte=at - 2 * KEPT):
        import_found.drop(run)
    return dropped


def _forget(run: OldLedger) -> None:
    """The upload goes where nothing more is done with it."""
    if OldLedger.objects.filter(pk=run.pk, state__in=ENDED).exists():
        import_found.drop(run)


@transaction.atomic
def confirm(*, by: Doer, run: OldLedger) -> None:
    """确认导入. Raises NotAllowed, NotNow."""
    _own(by, run)
    if not run.summary.get("rows") or not turn(
        run, (State.CHECKED, State.FAILED), State.APPLYING
    ):  # what failed while it was checked was seen by nobody
        raise NotNow
    import_found.Alive(run).end()


def _own(by: Doer, run: OldLedger) -> None:
    """Only who uploaded a file goes on with it, and only while handling for its organ."""
    held = by.capacity
    if held is None or held.role is not Role.HANDLER or run.by_id != by.by.pk:
        raise NotAllowed
    if run.organ_id not in organ_queries.own_and_predecessors(held.organ):
        raise NotAllowed


# -- the check


def check(*, run: OldLedger, at: datetime, beat: Callable[[], object] = lambda: None) -> None:
    """核对: nothing is written but what was found. May be done twice and does no harm."""
    if run.state != State.CHECKING:
        return
    alive = import_found.Alive(run, beat)
    alive("reading", 0)
    try:
        found = _read(run, timezone.localdate(at), lambda done: alive("reading", done))
        old_ledger_write.compare(run.organ, found)
        _keep(run, found, (State.CHECKING,))
    except CannotRead as cause:
        _unreadable(run, cause, State.CHECKING)
    except Exception:
        log.exception("old ledger %s could not be checked", run.pk)
        turn(run, (State.CHECKING,), State.FAILED, ended_at=at)
    finally:
        alive.end()
        _forget(run)


def _read(run: OldLedger, today: date, progress: Callable[[int], None]) -> Found:
    book = import_actions.opened(run)
    return old_ledger_rows.read(book, life.conventions(run.organ), today, progress)


def _keep(run: OldLedger, found: Found, states: tuple[str, ...]) -> None:
    to = State.REFUSED if found.errors else State.CHECKED
    told = [one.data for one in found.problems]
    turn(run, states, to, summary=found.summary(), problems=told)


def _unreadable(run: OldLedger, cause: CannotRead, state: str) -> None:
    found = Found()
    more = Text(
        "请用办公软件打开后另存为 .xlsx 再上传。", "Open it, save it as .xlsx, upload it again."
    )
    why = Text(f"{cause.text.zh}{more.zh}", f"{cause.text.en} {more.en}")
    found.add(Problem("", 0, "", why))
    _keep(run, found, (state,))


# -- taking in


def apply(*, run: OldLedger, at: datetime, beat: Callable[[], object] = lambda: None) -> None:
    """导入: in one transaction, all or nothing. May be done twice and does no harm."""
    if run.state != State.APPLYING:
        return
    alive = import_found.Alive(run, beat)
    alive("reading", 0)
    try:
        _apply(run, at, alive)
    except _Changed as changed:
        _keep(run, changed.found, (State.APPLYING,))
    except CannotRead as cause:
        _unreadable(run, cause, State.APPLYING)
    except Exception:
        log.exception("old ledger %s could not be taken in", run.pk)
        fail(run, at)
    finally:
        alive.end()
        _forget(run)


def _apply(run: OldLedger, at: datetime, alive: import_found.Alive) -> None:
    by = doer_of(run, at)
    # Outside of the transaction, which on SQLite keeps everybody else from writing.
    found = _read(run, timezone.localdate(at), lambda done: alive("reading", done))
    with transaction.atomic():
        held = OldLedger.objects.select_for_update().get(pk=run.pk)
        if held.state != State.APPLYING:
            return
        old_ledger_write.hold(run.organ)
        old_ledger_write.compare(run.organ, found)
        if found.errors:
            raise _Changed(found)
        alive("writing", 0)
        old_ledger_write.write(run, found, by=by, progress=lambda done: alive("writing", done))
        turn(run, (State.APPLYING,), State.APPLIED, ended_at=at, summary=found.summary())


def doer_of(run: OldLedger, at: datetime) -> Doer:
    """Who confirmed, in the capacity of then; raises NotAllowed where it is held no more."""
    for one in capacity.of_account(run.by, timezone.localdate(at)):
        handles = one.role is Role.HANDLER and run.by.is_active
        if handles and run.organ_id in organ_queries.own_and_predecessors(one.organ):
            return Doer(run.by, at, one)
    raise NotAllowed
