"""核对: a person confirms or corrects cells of the version in hand, and takes that back; reports
are set aside and brought back, files read again.

Each act names the report's version as it was shown. Another's work on other cells meanwhile stands
in nobody's way; where it concerns the same cell, or the whole report, the act is refused and the
refusal says what was done (`Stale`). What the reader read stays, whatever people make of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.statute.report import AnnualReport
from gongkai.web.desk import checking, jobs, packing, queries, values
from gongkai.web.desk.models import Mark, Paper, Report, Version
from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell import seen
from gongkai.web.shell.refusals import Refusal

REASON_MOST = 200
_CELLS = frozenset({"desk.confirmed", "desk.corrected", "desk.undone"})
_RECENT = 60  # events looked at; who has seen nothing of so many is told to look again
_TOLD = 3  # events named to who comes too late


class Stale(seen.Stale):
    """已被他人修改: the same cell, or the whole report; ``events`` say what, newest first."""

    def __init__(self, done: Sequence[Event]) -> None:
        self.events = tuple(done)
        said = "；".join(f"{events.who(one)}：{events.sentence(one)}" for one in done[:_TOLD])
        Refusal.__init__(
            self,
            _("您核对期间他人已有改动（%(said)s）。您填写的内容没有丢失，请对照最新内容再办理。")
            % {"said": said or _("见经过")},
        )


class NotNow(Refusal):
    """此时不能: the report or the cell is not in the state that this needs."""


class Gone(NotNow):
    """已并入: somebody merged the report into another one just now."""

    def __init__(self) -> None:
        super().__init__(_("这份报告刚才已并入同一机关同一年度的另一份，请从报告台打开那一份。"))


def may_work(by: Doer, report: Report) -> None:
    """Raises NotAllowed unless the person works on this report in the capacity in hand."""
    if not queries.visible_reports(by.capacity).filter(pk=report.pk).exists():
        raise NotAllowed


# -- cells


@transaction.atomic
def confirm(*, by: Doer, report: Report, address: str, version: int) -> Report:
    """确认: what was read in a cell is what stands there.

    Raises NotAllowed, Stale, NotNow, NoCell.
    """
    held = _held(by, report, version, address)
    cell = held.cell(address)
    if address in held.marks:
        raise NotNow(_("这一格已经核对过；如需改动，请先撤销。"))
    read = values.cell_json(cell, address)
    _mark(by, held, address, Mark.Kind.CONFIRMED, read, read)
    told = {"cell": address, "label": values.label(address), "value": values.shown(cell)}
    return _done(by, held, "desk.confirmed", new=told)


@transaction.atomic
def confirm_all(*, by: Doer, report: Report, version: int) -> Report:
    """全部确认: every doubtful cell that nobody has marked. Raises NotAllowed, Stale, NotNow."""
    held = _held(by, report, version, None)
    doubtful = [
        (address, cell)
        for address, cell in held.read.cells.items()
        if packing.is_doubtful(cell) and address not in held.marks
    ]
    if not doubtful:
        raise NotNow(_("没有尚未核对的存疑单元格。"))
    for address, cell in doubtful:
        read = values.cell_json(cell, address)
        _mark(by, held, address, Mark.Kind.CONFIRMED, read, read)
    told = {"count": len(doubtful), "cells": [address for address, _cell in doubtful]}
    return _done(by, held, "desk.all_confirmed", new=told)


@transaction.atomic
def correct(
    *, by: Doer, report: Report, address: str, typed: str, reason: str = "", version: int
) -> Report:
    """更正: what stands in the cell is something else than was read. What was typed again over an
    earlier mark takes its place. Raises NotAllowed, Stale, NotNow, NoCell, Uncertain."""
    held = _held(by, report, version, address)
    cell = held.cell(address)
    given = values.parse_cell(address, typed, edition=held.read.edition or "")
    before = held.marks.get(address)
    old = values.cell_of(before.given, address) if before else cell
    if (old.state, old.value) == (given.state, given.value):
        raise NotNow(_("与现在的内容相同，没有改动；如无误请点“确认”。"))
    if before is not None:
        _undo(by, before)
    read = values.cell_json(cell, address)
    kind = Mark.Kind.CORRECTED
    _mark(by, held, address, kind, read, values.cell_json(given, address), reason)
    told = {
        "cell": address,
        "label": values.label(address),
        "given": values.shown(given),
        "reason": reason.strip()[:REASON_MOST],
    }
    return _done(by, held, "desk.corrected", old={"read": values.shown(old)}, new=told)


@transaction.atomic
def undo(*, by: Doer, report: Report, address: str, version: int) -> Report:
    """撤销核对: the cell is again as it was read; that it was marked stays on record. Raises
    NotAllowed, Stale, NotNow."""
    held = _held(by, report, version, address)
    mark = held.marks.get(address)
    if mark is None:
        raise NotNow(_("这一格没有可撤销的核对。"))
    _undo(by, mark)
    told = {"cell": address, "label": values.label(address)}
    gone = {"kind": mark.kind, "given": values.shown(mark.given)}
    return _done(by, held, "desk.undone", old=gone, new=told)


class _Held:
    """A report locked for an act, with its version in hand and what people marked in it."""

    def __init__(self, report: Report, before: Report) -> None:
        self.report = report
        self.version: Version = queries.in_hand(report)
        self.read: AnnualReport = values.reading(self.version)
        self.marks = {mark.address: mark for mark in queries.marks_of(self.version)}
        self.asked = before

    def cell(self, address: str) -> Any:
        """The cell as it was read; raises NoCell."""
        found = self.read.cells.get(address)
        if found is None:
            raise values.NoCell
        return found


def _held(by: Doer, report: Report, version: int, address: str | None) -> _Held:
    may_work(by, report)
    locked = _row(report)
    if locked.version != version:
        _look(locked, version, address)
    if locked.set_aside_at is not None:
        raise NotNow(_("这份报告已移出报告台，请先放回。"))
    return _Held(locked, report)


def _row(report: Report) -> Report:
    """The report as it now is, locked; raises Gone."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("organ", "holder")
    found = rows.filter(pk=report.pk).first()
    if found is None:
        raise Gone
    return found


def _look(report: Report, version: int, address: str | None) -> None:
    """What was done since the version shown; raises Stale where it concerns the cell, the whole
    report, or cannot be told."""
    done = since(report, version)
    if len(done) != report.version - version or any(not _is_apart(e, address) for e in done):
        raise Stale(done)


def since(report: Report, version: int) -> list[Event]:
    """The events that made the versions after this one, the newest first."""
    recent = queries.history(report)[:_RECENT]
    done = [one for one in recent if int(one.new.get("lock", 0)) > version]
    return sorted(done, key=lambda one: -int(one.new["lock"]))


def _is_apart(event: Event, address: str | None) -> bool:
    """Whether an event concerns another cell alone."""
    if address is None:
        return event.kind in _CELLS
    if event.kind == "desk.all_confirmed":
        return address not in event.new.get("cells", ())
    return event.kind in _CELLS and event.new.get("cell") != address


def _mark(
    by: Doer,
    held: _Held,
    address: str,
    kind: Mark.Kind,
    read: dict[str, Any],
    given: dict[str, Any],
    reason: str = "",
) -> None:
    Mark.objects.create(
        of=held.version,
        address=address,
        kind=kind,
        read=read,
        given=given,
        reason=reason.strip()[:REASON_MOST],
        by=by.by,
        at=by.at,
    )


def _undo(by: Doer, mark: Mark) -> None:
    Mark.objects.filter(pk=mark.pk).update(undone_at=by.at)


def _done(
    by: Doer,
    held: _Held,
    kind: str,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any],
) -> Report:
    """Findings and counts anew, the version up, the event; others are checked in the background."""
    report = held.report
    checking.renew(report, version=held.version)
    save(by, report)
    tell(by, report, kind, old=old, new=new)
    jobs.renew(checking.dependents(report))
    return report


def save(by: Doer, report: Report) -> None:
    """The next version of a report that was locked."""
    report.version += 1
    report.changed_at = by.at
    report.save()


def tell(
    by: Doer,
    report: Report,
    kind: str,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    """One event of a report; it names the version it made."""
    said = {**(new or {}), "lock": report.version}
    by.tell(kind, report.holder, queries.address(report), old=old, new=said)


def tell_of(by: Doer, kind: str, told: Sequence[tuple[Report, dict[str, Any]]]) -> None:
    """One event of each of several reports, at once: the chains of their organs are then locked in
    one order, whoever acts (`ledger.chains`)."""
    events.record_many(
        by.act,
        [
            events.What(kind, one.holder_id, queries.address(one), {}, {**new, "lock": one.version})
            for one, new in told
        ],
    )


# -- the whole report


def locked(by: Doer, report: Report, version: int) -> Report:
    """The report, for an act on the whole of it. Raises NotAllowed, Stale."""
    may_work(by, report)
    found = _row(report)
    if found.version != version:
        raise Stale(since(found, version))
    return found


@transaction.atomic
def set_aside(*, by: Doer, report: Report, version: int) -> Report:
    """移出: no more on the desk, nothing of it is lost. Raises NotAllowed, Stale, NotNow."""
    found = locked(by, report, version)
    if found.set_aside_at is not None:
        raise NotNow(_("这份报告已经移出报告台。"))
    others = checking.dependents(found)
    found.set_aside_at = by.at
    save(by, found)
    tell(by, found, "desk.set_aside")
    jobs.renew(others)
    return found


@transaction.atomic
def bring_back(*, by: Doer, report: Report, version: int) -> Report:
    """放回. Raises NotAllowed, Stale, NotNow (another of that organ and year has come in)."""
    found = locked(by, report, version)
    if found.set_aside_at is None:
        raise NotNow(_("这份报告就在报告台上。"))
    if found.organ_id is not None and found.year is not None:
        rows = Report.objects.filter(organ=found.organ_id, year=found.year)
        if queries.on_the_desk(rows).exists():
            raise NotNow(
                _("该机关这一年度的另一份报告已在报告台上；请先移出那一份，或者重新交来文件。")
            )
    found.set_aside_at = None
    checking.renew(found)
    try:
        with transaction.atomic():
            save(by, found)
    except IntegrityError:
        raise NotNow(_("该机关这一年度的另一份报告刚才已放上报告台。")) from None
    tell(by, found, "desk.brought_back")
    jobs.renew(checking.dependents(found))
    return found


@transaction.atomic
def read_again(*, by: Doer, paper: Paper, report: Report | None = None, file: str = "") -> Paper:
    """重新读取: the file once more, with this version of the program; it stands in the history of
    the report it was asked for from, where ``file`` is what it is called there.

    What it reads differently is a new version; where it reads the same, nothing changes. Raises
    NotAllowed, NotNow.
    """
    seen_by = queries.visible_reports(by.capacity)
    may = queries.visible_papers(by.capacity).filter(pk=paper.pk).exists()
    if not may and not seen_by.filter(versions__paper=paper).exists():
        raise NotAllowed
    rows = Paper.objects.filter(pk=paper.pk, attachment__isnull=False)
    done = rows.filter(state__in=(Paper.State.READ, Paper.State.FAILED))
    if not done.update(state=Paper.State.WAITING, taken_at=None, ended_at=None, errors=[]):
        raise NotNow(_("这个文件正在等待读取，或者没有保存。"))
    paper.refresh_from_db()
    by.tell(
        "desk.read_again",
        report.holder if report else paper.batch.organ,
        queries.address(report) if report else queries.batch_address(paper.batch),
        new={"file": file or paper.name, "of": paper.pk},
    )
    jobs.wake()
    return paper
