"""读取: papers taken from the desk, read in processes with limits, and what was read kept.

Any number of workers may take papers: each is taken by one of them, for as long as that one gives a
sign of life. What a worker that died had in hand is taken anew; what is kept is kept once
(`recording`). There are two lanes, so that a long recognition holds up no Word file: what is
read in a moment, and what another program or an archive is needed for.

The worker that serves the queue has threads, so its reading processes are started anew and not
forked: they cost half a second once a run, know no Django, and go on until nothing waits.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError, OperationalError, connection, transaction

from gongkai.convert import office
from gongkai.convert.worker import Killed, Workers
from gongkai.statute import notes
from gongkai.statute.report import CannotRead
from gongkai.web.desk import checking, queries, reading_job, recording
from gongkai.web.desk.known import Known
from gongkai.web.desk.models import Batch, Paper, Report
from gongkai.web.desk.reading_job import Source, Told
from gongkai.web.ledger import attachments

log = logging.getLogger("gongkai.desk")
Now = Callable[[], datetime]
State = Paper.State

LEASE = timedelta(seconds=45)  # without a sign of life, after which a paper is taken anew
SIGN = 10.0  # seconds between two signs
AT_ONCE = 16  # papers taken at a time
KEPT_AT_ONCE = 8  # papers kept in one transaction, so that pages need not wait for many
TRIES = 3  # to keep one paper, where workers wait crosswise
SOON = 0.3  # seconds that something read may wait for others to be kept with
LONGEST = 20.0  # seconds of a run, after which others of the queue have their turn
SLOW = frozenset({*office.TARGETS, "png", "jpg", "tif", "image", "zip", "tar"})
"""What is read in the second lane: by LibreOffice, by recognition, many files in one."""


class Lane:
    """一路: one run at a time in this process; who comes meanwhile has it look once more."""

    def __init__(self, *, slow: bool) -> None:
        self.slow = slow
        self._one = threading.Lock()
        self._wanted = threading.Event()

    def run(self, *, now: Now, alive: Callable[[], object] = lambda: None) -> bool:
        """Reads what waits; returns whether there is more, where the time of a run is over."""
        self._wanted.set()
        more = False
        while self._wanted.is_set() and self._one.acquire(blocking=False):
            try:
                self._wanted.clear()
                more = _Run(self.slow, now, alive).work()
            finally:
                self._one.release()
        return more


QUICK_LANE, SLOW_LANE = Lane(slow=False), Lane(slow=True)


def waits(*, slow: bool) -> bool:
    """Whether a paper waits in a lane."""
    return bool(_lane(slow).filter(state=State.WAITING).exists())


def give_back(*, at: datetime) -> int:
    """What a worker that died had in hand waits again; batches it left ready have ended."""
    late = Paper.objects.filter(state=State.READING, taken_at__lt=at - LEASE)
    count = late.update(state=State.WAITING, taken_at=None)
    if count:
        log.warning("%d papers taken anew", count)
    close(Batch.objects.filter(ended_at__isnull=True).values_list("pk", flat=True), at=at)
    return count


def close(batches: Any, *, at: datetime) -> None:
    """Batches of which no paper waits any more have ended."""
    for batch in Batch.objects.filter(pk__in=list(batches), ended_at__isnull=True):
        if batch.papers.exists() and queries.is_ready(batch):
            Batch.objects.filter(pk=batch.pk, ended_at__isnull=True).update(ended_at=at)


def _lane(slow: bool) -> Any:
    rows = Paper.objects.filter(attachment__isnull=False)
    if slow:
        return rows.filter(attachment__file__kind__in=SLOW)
    return rows.exclude(attachment__file__kind__in=SLOW)


def _processes(slow: bool) -> int:
    """One for the second lane, as its programs have threads of their own."""
    if slow:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, 8))


class _Run:
    """One run of a lane."""

    def __init__(self, slow: bool, now: Now, alive: Callable[[], object]) -> None:
        self.slow = slow
        self.now = now
        self.alive = alive
        self.until = time.monotonic() + LONGEST
        self.singly: deque[Source] = deque()  # of a group that cost its process
        self.told: list[Told] = []  # read and not yet kept
        self.kept_at = time.monotonic()
        self.known: dict[tuple[int, str], Known] = {}
        self.moved: dict[int, None] = {}  # reports whose figures others are held against
        self.batches: set[int] = set()

    def work(self) -> bool:
        """Until nothing waits or the time is over; whether something waits still."""
        if not waits(slow=self.slow):
            return False
        with (
            _Hand(self.now, self.alive) as hand,
            Workers(reading_job.read, _processes(self.slow)) as pool,
        ):
            self.hand = hand
            try:
                while self._pass(pool):
                    pass
            finally:
                self._after()
        return waits(slow=self.slow)

    def _pass(self, pool: Workers[Sequence[Source], list[Told]]) -> bool:
        """Once over what waits; whether there was anything."""
        worked = False
        for answer in pool.map(self._items()):
            worked = True
            if isinstance(answer, Killed):
                self._killed(answer)
            else:
                self.told += answer
            if len(self.told) >= KEPT_AT_ONCE or time.monotonic() - self.kept_at > SOON:
                self._keep()
            self.alive()
        self._keep()
        return worked

    def _items(self) -> Iterator[Sequence[Source]]:
        while self.singly:
            yield [self.singly.popleft()]
        while time.monotonic() < self.until:
            taken = self._take()
            if not taken:
                return
            yield from self._grouped(taken)

    def _take(self) -> list[Paper]:
        """The next papers, this worker's from now on."""
        at = self.now()
        with transaction.atomic():
            rows = _lane(self.slow).filter(state=State.WAITING).order_by("pk")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True, of=("self",))
            most = office.BATCH if self.slow else AT_ONCE
            keys = list(rows.values_list("pk", flat=True)[:most])
            mine = [
                key
                for key in keys
                if Paper.objects.filter(pk=key, state=State.WAITING).update(
                    state=State.READING, taken_at=at
                )
            ]
        self.hand.take(mine)
        rows = Paper.objects.filter(pk__in=mine).select_related("attachment__file", "batch")
        return list(rows.order_by("pk"))

    def _grouped(self, taken: Sequence[Paper]) -> Iterator[Sequence[Source]]:
        """Each for itself; what LibreOffice must convert together, as its start takes a second."""
        together: list[Source] = []
        for paper in taken:
            self.batches.add(paper.batch_id)
            try:
                source = _source(paper)
            except (attachments.Damaged, OSError):
                log.exception("paper %s cannot be opened", paper.pk)
                self._lost(paper.pk)
                continue
            assert paper.attachment is not None
            if office.needed(paper.attachment.file.kind):
                together.append(source)
            else:
                yield [source]
        if together:
            yield together

    def _lost(self, paper: int) -> None:
        self._failed(paper, notes.error("error.missing"))

    def _killed(self, answer: Killed[Sequence[Source]]) -> None:
        """A paper that cost its process failed; of several each is tried for itself."""
        if len(answer.item) > 1:
            self.singly.extend(answer.item)
        else:
            self._failed(answer.item[0].paper, answer.cause)

    def _failed(self, paper: int, cause: CannotRead) -> None:
        self.told.append(Told(paper, unread=(reading_job.unread(cause),)))

    def _keep(self) -> None:
        """What was read so far, in one transaction."""
        told, self.told = self.told, []
        if told:
            try:
                with transaction.atomic():
                    reports = [report for one in told for report in self._kept(one)]
            except DatabaseError:  # two workers waited crosswise, or one paper cannot be kept
                log.exception("papers read are kept one by one")
                reports = [report for one in told for report in self._alone(one)]
            for one in told:
                self.hand.drop(one.paper)
            self.moved.update(dict.fromkeys(report.pk for report in reports))
        self.kept_at = time.monotonic()

    def _alone(self, told: Told) -> list[Report]:
        """One paper in a transaction of its own: what the database will not hold costs no other."""
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    return self._kept(told)
            except OperationalError:  # waited crosswise again, or the database is not there
                if not left:
                    raise
            except DatabaseError as bug:
                return self._unkept(told, bug)
        return []

    def _kept(self, told: Told) -> list[Report]:
        try:
            return self._recorded(told)
        except DatabaseError:
            raise
        except Exception as bug:  # a fault of ours: it must not cost the others, nor come back
            return self._unkept(told, bug)

    def _unkept(self, told: Told, bug: Exception) -> list[Report]:
        log.error("paper %s was read and could not be kept", told.paper, exc_info=bug)
        cause = notes.error("error.unexpected", reason=type(bug).__name__)
        return self._recorded(Told(told.paper, unread=(reading_job.unread(cause),)))

    def _recorded(self, told: Told) -> list[Report]:
        return recording.keep(
            told.paper, found=told.found, unread=told.unread, known=self._known, at=self.now()
        )

    def _known(self, batch: Batch) -> Known:
        key = (batch.organ_id, batch.acting_as)
        if key not in self.known:
            self.known[key] = Known.of(recording.capacity_of(batch))
        return self.known[key]

    def _after(self) -> None:
        """Batches have ended; what is held against what was read is checked anew, each once."""
        close(self.batches, at=self.now())
        moved = Report.objects.filter(pk__in=self.moved).select_related("organ")
        others = dict.fromkeys(key for one in moved for key in checking.dependents(one))
        for key in others:
            checking.again(key, at=self.now())
            self.alive()


def _source(paper: Paper) -> Source:
    """Where its bytes lie; the bytes themselves where the store is elsewhere."""
    assert paper.attachment is not None
    try:
        path = default_storage.path(attachments.address(paper.attachment.file.sha256))
    except NotImplementedError:
        return Source(paper.pk, paper.name, data=attachments.verified(paper.attachment))
    if not os.path.isfile(path):
        raise attachments.Damaged(f"attachment {paper.attachment_id}: not in the store")
    return Source(paper.pk, paper.name, path=path)


class _Hand:
    """在手: the papers a run has taken; a thread of it tells that it lives."""

    def __init__(self, now: Now, alive: Callable[[], object]) -> None:
        self._now = now
        self._alive = alive
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, name="desk", daemon=True)

    def __enter__(self) -> _Hand:
        self._thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        """What is left in hand, because something failed, waits again."""
        self._over.set()
        self._thread.join()
        if self._held:
            left = Paper.objects.filter(pk__in=self._held, state=State.READING)
            left.update(state=State.WAITING, taken_at=None)

    def take(self, papers: Sequence[int]) -> None:
        with self._lock:
            self._held |= set(papers)

    def drop(self, paper: int) -> None:
        with self._lock:
            self._held.discard(paper)

    def _live(self) -> None:
        while not self._over.wait(SIGN):
            with self._lock:
                held = list(self._held)
            try:
                rows = Paper.objects.filter(pk__in=held, state=State.READING)
                rows.update(taken_at=self._now())
                self._alive()
            except Exception:
                log.exception("a reading worker could not give a sign of life")
            finally:
                connection.close()
