"""导入的办理: a workbook is checked, confirmed and applied, whole or not at all; or dropped.

Between the check and the confirmation others go on working. So the plan is made again when it is
carried out, and where it would do anything else than what was confirmed it is shown anew instead.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from django.core.files import File
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.statute.report import CannotRead
from gongkai.web.accounts import many
from gongkai.web.accounts.models import Account
from gongkai.web.ledger import events
from gongkai.web.organs import (
    actions,
    capacity,
    import_found,
    import_known,
    import_plan,
    import_rows,
    import_write,
    people_actions,
    people_queries,
    queries,
    tree,
    workbook_in,
    workbook_out,
)
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.import_plan import Plan
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.models import ImportRun, Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.uploads import Upload

log = logging.getLogger("gongkai.imports")
State = ImportRun.State
SMALL = 500  # rows that are checked while the person waits
_SMALL_BYTES = 200 << 10
DEAD_AFTER = timedelta(seconds=120)  # without a sign of life
ISSUED_AT_ONCE = 1000
WAITING = (State.CHECKING, State.APPLYING)
OPEN = (State.CHECKED, State.REFUSED, State.FAILED)


class Run(import_found.Kept, Protocol):
    """一次导入: what every import of a file has, whatever it brings."""

    pk: Any
    state: Any
    sha256: Any
    started_at: Any
    _default_manager: ClassVar[Any]

    def save(self) -> None: ...

    def refresh_from_db(self) -> None: ...


class NotNow(Refusal):
    """此时不能: the run is not in the state that this needs."""

    def __init__(self) -> None:
        super().__init__(_("这次导入的状态已经改变，请看最新的情况。"))


class _Changed(Exception):
    """The plan would do something else than what was confirmed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class _Gone(Exception):
    """Another process has done it already."""


# -- beginning, dropping


@transaction.atomic
def start(*, by: Doer, file: File[Any], upload: Upload) -> ImportRun:
    """上传: keeps the file; it is yet to be checked. Raises NotAllowed."""
    held = by.capacity
    if held is None or held.role is not Role.ADMINISTRATOR:
        raise NotAllowed
    run = ImportRun(
        organ=held.organ,
        file_name=upload.name,
        sha256=upload.sha256,
        state=State.CHECKING,
        by=by.by,
        started_at=by.at,
    )
    keep(run, file)
    return run


def keep(run: Run, file: File[Any]) -> None:
    """Keeps the file of a new run under a name that tells nothing, and the run."""
    run.file.save(f"{secrets.token_hex(12)}.xlsx", file, save=False)
    run.save()


def is_small(run: ImportRun) -> bool:
    """Whether the file has so few rows that the person may wait for it."""
    if run.file.size > _SMALL_BYTES:
        return False
    try:
        book = workbook_in.opened(_uploaded(run))
        count = 0
        for part in book.parts:
            for _line in book.lines(part):
                count += 1
                if count > SMALL:
                    return False
    except CannotRead:
        pass
    return True


@transaction.atomic
def drop(*, by: Doer, run: ImportRun) -> None:
    """放弃: the upload and what was found in it go; that there was one stays. Raises NotNow."""
    _own(by, run)
    states = (*OPEN, State.CHECKING)
    if not turn(run, states, State.DROPPED, ended_at=by.at):
        raise NotNow
    transaction.on_commit(lambda: import_found.drop(run))


@transaction.atomic
def check_again(*, by: Doer, run: ImportRun) -> None:
    """重新核对: after a failure, or when others have changed much. Raises NotNow."""
    _own(by, run)
    if not turn(run, OPEN, State.CHECKING, started_at=by.at, done=0):
        raise NotNow
    import_found.Alive(run).end()


@transaction.atomic
def confirm(*, by: Doer, run: ImportRun, digest: str) -> None:
    """确认导入: what was shown is to be applied. Raises NotNow where it is not this, or not now."""
    _own(by, run)
    found = ImportRun.objects.select_for_update().get(pk=run.pk)
    if found.state != State.CHECKED or found.summary.get("digest") != digest:
        raise NotNow
    if not found.summary.get("changes"):
        raise NotNow
    turn(run, (State.CHECKED,), State.APPLYING, done=0)
    import_found.Alive(run).end()


def is_stalled(run: Run, at: datetime, *, queued: timedelta = timedelta(0)) -> bool:
    """Whether the job of a run seems to have died: nothing was heard of it for two minutes;
    ``queued``: how much longer it may wait for its turn."""
    if run.state not in WAITING:
        return False
    life = import_found.life(run)
    if life is not None:
        return life.ago > DEAD_AFTER.total_seconds()
    return bool(at - run.started_at > DEAD_AFTER + queued)


def _own(by: Doer, run: ImportRun) -> None:
    """Only who uploaded a file goes on with it, and only while administering its organ."""
    by.may_administer(run.organ)
    if run.by_id != by.by.pk:
        raise NotAllowed


def turn(run: Run, states: tuple[str, ...], to: str, **fields: Any) -> bool:
    """From one of these states to another; whether it was in one of them."""
    rows = type(run)._default_manager.filter(pk=run.pk, state__in=states)
    if not rows.update(state=to, **fields):
        return False
    run.refresh_from_db()
    return True


# -- the check


def check(*, run: ImportRun, at: datetime, beat: Callable[[], object] = lambda: None) -> None:
    """核对: nothing of organs or people is changed. May be done twice and does no harm."""
    if run.state != State.CHECKING:
        return
    alive = import_found.Alive(run, beat)
    alive("reading", 0)
    try:
        _check(run, at, alive)
    except CannotRead as cause:
        _unreadable(run, cause)
    except Exception:
        log.exception("import %s could not be checked", run.pk)
        turn(run, (State.CHECKING,), State.FAILED, ended_at=at)
    finally:
        alive.end()


def _check(run: ImportRun, at: datetime, alive: import_found.Alive) -> None:
    book = opened(run)

    def progress(done: int) -> None:
        alive("reading", done)

    mark = import_known.mark()
    tables = import_rows.read(book, progress)
    ImportRun.objects.filter(pk=run.pk).update(rows=tables.rows)
    alive("comparing", tables.rows)
    plan = _plan(run, tables, at)
    alive("keeping", tables.rows)
    _keep(run, plan, book, mark=mark, states=(State.CHECKING,))


def opened(run: Run) -> workbook_in.Book:
    """The workbook as it was uploaded. Raises CannotRead, ValueError."""
    data = _uploaded(run)
    if hashlib.sha256(data).hexdigest() != run.sha256:
        raise ValueError("the kept file is not the one that was uploaded")
    return workbook_in.opened(data)


def _uploaded(run: Run) -> bytes:
    with run.file.storage.open(run.file.name, "rb") as file:
        return bytes(file.read())


def _plan(run: ImportRun, tables: import_rows.Tables, at: datetime) -> Plan:
    organ = Organ.objects.select_related("parent").get(pk=run.organ_id)
    today = timezone.localdate(at)
    known = import_known.load(organ, tables, today=today, by=run.by_id)
    return import_plan.make(known, tables)


def _keep(
    run: ImportRun,
    plan: Plan,
    book: workbook_in.Book,
    *,
    mark: int,
    states: tuple[str, ...],
    since_confirmed: bool = False,
) -> None:
    """Keeps what a plan found; the run waits for confirmation, or is refused."""
    import_found.save(run, plan, book)
    by_kind: dict[str, int] = {}
    for problem in plan.problems:
        by_kind[problem.id] = by_kind.get(problem.id, 0) + 1
    summary = {
        "sheets": plan.summary(),
        "errors": plan.errors,
        "warnings": len(plan.problems) - plan.errors,
        "changes": len(plan.changes),
        "digest": plan.digest(),
        "mark": mark,
        "since_confirmed": since_confirmed,
    }
    kept = turn(
        run,
        states,
        State.REFUSED if plan.errors else State.CHECKED,
        summary=summary,
        problems=[{"id": id, "count": count} for id, count in by_kind.items()],
        rows=plan.tables.rows,
        done=plan.tables.rows,
    )
    if not kept and ImportRun.objects.filter(pk=run.pk, state=State.DROPPED).exists():
        import_found.drop(run)  # dropped while it was being checked


def _unreadable(run: ImportRun, cause: CannotRead) -> None:
    problem = Problem("book.unreadable", "", about={"why": cause.text.zh, "why_en": cause.text.en})
    import_found.save_unreadable(run, problem)
    turn(
        run,
        (State.CHECKING,),
        State.REFUSED,
        summary={"sheets": {}, "errors": 1, "warnings": 0, "changes": 0, "digest": ""},
        problems=[{"id": problem.id, "count": 1}],
    )


# -- applying


def apply(
    *,
    run: ImportRun,
    at: datetime,
    beat: Callable[[], object] = lambda: None,
    before_commit: Callable[[], None] = lambda: None,
) -> None:
    """导入: in one transaction, what was confirmed and nothing else.

    Where others have changed organs or people so that it would do something else, nothing is
    written and the run waits for a new confirmation. ``before_commit`` is called last of all.
    """
    if run.state != State.APPLYING:
        return
    alive = import_found.Alive(run, beat)
    alive("reading", 0)
    try:
        book = opened(run)
        try:
            _apply(run, book, at, alive, before_commit)
        except _Changed as changed:
            _keep(run, changed.plan, book, mark=0, states=(State.APPLYING,), since_confirmed=True)
        except IntegrityError:
            _after_clash(run, book, at)
    except _Gone:
        pass
    except Exception:
        log.exception("import %s could not be applied", run.pk)
        fail(run, at)
    finally:
        alive.end()


def _apply(
    run: ImportRun,
    book: workbook_in.Book,
    at: datetime,
    alive: import_found.Alive,
    before_commit: Callable[[], None],
) -> None:
    by = doer_of(run, at)
    confirmed = run.summary.get("digest")
    mark = import_known.mark()
    tables = import_rows.read(book, lambda done: alive("reading", done))
    alive("comparing", tables.rows)
    plan = _plan(run, tables, at)
    if plan.errors or plan.digest() != confirmed:
        raise _Changed(plan)
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if held.state != State.APPLYING:
            raise _Gone
        # Whoever changes an organ or a person locks it first, so these wait or we do.
        actions.hold(run.organ)
        list(queries.subtree(run.organ).select_for_update(no_key=True).values_list("pk", flat=True))
        known = [t.known for t in plan.people.values() if t.known is not None]
        if import_known.people_moved_on(known) or import_known.mark() != mark:
            plan = _plan(run, import_rows.read(book), at)
            if plan.errors or plan.digest() != confirmed:
                raise _Changed(plan)
        import_write.write(plan, by=by, file=run.file_name, progress=alive)
        turn(run, (State.APPLYING,), State.APPLIED, ended_at=at, done=plan.tables.rows)
        before_commit()


def doer_of(run: ImportRun, at: datetime) -> Doer:
    """Who confirmed, in the capacity of then; raises NotAllowed where it is held no more."""
    path = run.organ.path
    held = [
        one
        for one in capacity.of_account(run.by, timezone.localdate(at))
        if one.role is Role.ADMINISTRATOR and tree.within(path, one.organ.path)
    ]
    if not held or not run.by.is_active:
        raise NotAllowed
    return Doer(run.by, at, max(held, key=lambda one: len(one.organ.path)))


def _after_clash(run: ImportRun, book: workbook_in.Book, at: datetime) -> None:
    """Another was first with a code or a login name: shows what the file would do now."""
    plan = _plan(run, import_rows.read(book), at)
    if not plan.errors and plan.digest() == run.summary.get("digest"):
        log.error("import %s clashes with the database, and no check tells why", run.pk)
        fail(run, at)
        return
    _keep(run, plan, book, mark=0, states=(State.APPLYING,), since_confirmed=True)


def fail(run: Run, at: datetime) -> None:
    """Nothing was written; that it failed is kept where it can be."""
    try:
        turn(run, (State.APPLYING,), State.FAILED, ended_at=at)
    except DatabaseError:
        log.exception("and its state could not be kept")


# -- first passwords


def newcomers(run: ImportRun) -> QuerySet[Account]:
    """Whom the run added and who has not signed in as yet."""
    if run.state != State.APPLIED:
        return Account.objects.none()
    at = run.ended_at or run.started_at
    return Account.objects.filter(created_at=at, last_login__isnull=True, is_active=True)


def without_password(run: ImportRun) -> QuerySet[Account]:
    """Those of them to whom no password was issued as yet."""
    return newcomers(run).filter(password__startswith="!")


@transaction.atomic
def issue_passwords(*, by: Doer, run: ImportRun, again: bool = False) -> list[many.Issued]:
    """发放初始密码: told in the answer to this one request and kept nowhere.

    ``again`` issues new ones to everybody who has not signed in; the earlier ones become invalid.
    At most ISSUED_AT_ONCE at a time. Raises NotAllowed, NotNow.
    """
    _own(by, run)
    rows = newcomers(run) if again else without_password(run)
    people = list(rows.select_for_update(no_key=True).order_by("pk")[:ISSUED_AT_ONCE])
    people = people_actions.sort_out(by, people).done
    if not people:
        raise NotNow
    issued = many.issue(people, by=by.by, at=by.at)
    organs = people_queries.organs_of(people, run.organ, timezone.localdate(by.at))
    whose = {key: organ.pk for key, organ in organs.items()}
    events.record_many(
        by.act,
        [
            events.What(
                "person.password_reset",
                whose.get(one.pk),
                people_actions.address(one),
                {},
                {"name": one.name},
            )
            for one in people
        ],
    )
    return issued


# -- export


def export(*, by: Doer, out: Any) -> dict[str, int]:
    """导出: the workbook of the subtree, contacts included; that it was made is an event."""
    held = by.capacity
    if held is None or held.role is not Role.ADMINISTRATOR:
        raise NotAllowed
    counts = workbook_out.export(out, held.organ)
    by.tell(
        "export.made",
        held.organ,
        "list/workbook",
        new={"listing": "workbook", "rows": sum(counts.values()), "file": "xlsx"},
    )
    return counts
