"""登记: what was read in a paper becomes versions of reports: once, whatever happens on the way.

Whoever comes with an answer locks the paper; only while it is being read is the answer taken. A
paper that was read before and is read again gives a version only where the reading differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

import gongkai
from gongkai.web.desk import checking, intake_words, queries
from gongkai.web.desk.known import FIRST, Known, Match, Told
from gongkai.web.desk.models import Batch, Mark, Paper, Report, Version
from gongkai.web.desk.packing import cell_json, unpacked
from gongkai.web.desk.reading_job import Found, Unread
from gongkai.web.ledger import events
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell.access import Role

State = Paper.State


def capacity_of(batch: Batch) -> Capacity:
    """In which capacity a batch was handed in: what its files may be matched to."""
    return Capacity(batch.by, batch.organ, Role(batch.acting_as), "", acting_for=batch.acting_for)


@transaction.atomic
def keep(
    paper: int,
    *,
    found: Sequence[Found] = (),
    unread: Sequence[Unread] = (),
    known: Callable[[Batch], Known],
    at: datetime,
) -> list[Report]:
    """登记一件: the reports its versions went to; none where somebody else was faster."""
    rows = Paper.objects.select_for_update(of=("self",)).select_related(
        "batch__organ", "batch__by", "attachment"
    )
    held = rows.filter(pk=paper, state=State.READING).first()
    if held is None:
        return []
    again = list(held.versions.select_related("report__organ").order_by("number"))
    earlier = None if again else queries.same_file(held)
    if earlier is not None and earlier.state == State.READ:
        _end(held, State.FAILED, [intake_words.same_file(earlier)], at)
        return []
    reports = [
        report
        for one in found
        if (report := _version(held, one, again, known(held.batch), at)) is not None
    ]
    read = bool(found) or bool(again)
    _end(held, State.READ if read else State.FAILED, [one.told for one in unread], at)
    return reports


def _end(paper: Paper, state: str, errors: list[dict[str, Any]], at: datetime) -> None:
    paper.state, paper.errors, paper.ended_at, paper.taken_at = state, errors, at, None
    paper.save(update_fields=["state", "errors", "ended_at", "taken_at"])


def _version(
    paper: Paper, found: Found, again: Sequence[Version], known: Known, at: datetime
) -> Report | None:
    """The reading as the newest version of its report; None where it tells nothing new."""
    mine = [v for v in again if (v.member, v.part) == (found.member, found.part)]
    if any(v.sha256 == found.sha256 for v in mine):
        return None
    if mine:  # read before: it stays where people may have put it
        report = _locked(mine[-1])
        if queries.in_hand(report).pk not in {v.pk for v in mine}:
            return None  # a later file has taken its place, and keeps it
        match = Match(report.organ_id, report.year, report.matched_by)
    else:
        told = Told(
            found.member or paper.name, found.organ, found.organ_names, found.title, found.year
        )
        match = known.match(told)
        if match.year is not None and not FIRST <= match.year <= timezone.localdate(at).year:
            match = Match(match.organ, None, match.by)  # misprinted or misread: a person says
        report = _report(paper.batch, match, found, at)
    is_new = report.version == 0
    before = None if is_new else report.versions.order_by("-number").first()
    made = Version.objects.create(
        report=report,
        number=before.number + 1 if before else 1,
        paper=paper,
        part=found.part,
        member=found.member,
        value=found.packed,
        sha256=found.sha256,
        reader=gongkai.__version__,
        by_id=paper.batch.by_id,
        at=at,
    )
    carried, dropped = _carry(before, made) if before else (0, 0)
    _describe(report, found, at)
    report.version += 1
    if carried or checking.has_others(report):
        checking.renew(report, version=made)
    else:
        checking.keep(report, found.findings, is_new=is_new)
        report.doubtful, report.absent = found.doubtful, found.absent
    report.save()
    _tell(paper, report, made, match, {"carried": carried, "dropped": dropped}, at)
    return report


def _locked(version: Version) -> Report:
    """The report a version is of, locked; another one where it was merged meanwhile."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("organ")
    while True:
        key = Version.objects.values_list("report", flat=True).get(pk=version.pk)
        found = rows.filter(pk=key).first()
        if found is not None and found.versions.filter(pk=version.pk).exists():
            return found


def _report(batch: Batch, match: Match, found: Found, at: datetime) -> Report:
    """The report of that organ and year, locked; a new one, of version 0, where there is none, or
    where nobody knows whose it is."""
    fresh = Report(
        holder_id=match.organ or batch.organ_id,
        organ_id=match.organ,
        year=match.year,
        matched_by=match.by,
        version=0,
    )
    _describe(fresh, found, at)
    if match.organ is None or match.year is None:
        fresh.save()
        return fresh
    wanted = Report.objects.filter(organ=match.organ, year=match.year)
    rows = queries.on_the_desk(wanted).select_for_update(of=("self",)).select_related("organ")
    report = rows.first()
    if report is not None:
        return report
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:  # somebody else began it just now
        return rows.get()
    return fresh


def _describe(report: Report, found: Found, at: datetime) -> None:
    """What the newest reading says of itself."""
    report.said, report.title = found.organ[:200], found.title[:300]
    report.edition = found.edition
    report.changed_at = at


def _carry(before: Version, made: Version) -> tuple[int, int]:
    """What people confirmed or corrected holds on where the new reading reads the same there: how
    many marks do, and how many do not."""
    marks = queries.marks_of(before)
    if not marks:
        return 0, 0
    cells = unpacked(bytes(made.value)).cells
    kept = []
    for mark in marks:
        cell = cells.get(mark.address)
        if cell is None:
            continue
        read = cell_json(cell, mark.address)
        if all(read[key] == mark.read.get(key) for key in ("state", "value", "raw")):
            kept.append(
                Mark(
                    of=made,
                    address=mark.address,
                    kind=mark.kind,
                    read=read,
                    given=mark.given,
                    reason=mark.reason,
                    by_id=mark.by_id,
                    at=mark.at,
                )
            )
    Mark.objects.bulk_create(kept)
    return len(kept), len(marks) - len(kept)


def _tell(
    paper: Paper, report: Report, made: Version, match: Match, marks: dict[str, int], at: datetime
) -> None:
    batch = paper.batch
    new: dict[str, Any] = {
        "file": made.member or paper.name,
        "number": made.number,
        "of": paper.pk,
        "by": match.by,
        "lock": report.version,
    }
    new |= {key: count for key, count in marks.items() if count}
    act = events.Act(batch.by, at, batch.acting_as, batch.acting_for)
    what = events.What("desk.read", report.holder_id, queries.address(report), {}, new)
    events.record_many(act, [what])
