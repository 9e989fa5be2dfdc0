"""大批示例报告: reports of any number on the desks of a synthetic tree, with their events, for
benchmarks; equal at every run.

Written straight into the tables, many rows at a time. The readings are those of the files given,
the same again and again: a report's page costs what a real one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from gongkai.convert import reading
from gongkai.statute import checks
from gongkai.statute.report import AnnualReport, State
from gongkai.web.accounts.models import Account
from gongkai.web.desk import packing
from gongkai.web.desk.models import Batch, Finding, Paper, Report, Version
from gongkai.web.ledger import attachments, events
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.models import Organ
from gongkai.web.shell import uploads

BATCH = 2000
LAST_YEAR = 2025
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
_ACTS = ("desk.confirmed", "desk.read", "desk.confirmed", "desk.read")


@dataclass(frozen=True, slots=True)
class Sample:
    """样本: a real reading, packed, with what the checks say of it."""

    name: str
    data: bytes
    value: bytes
    sha256: str
    title: str
    edition: str
    findings: list[dict[str, Any]]
    doubtful: int
    absent: int


@dataclass(frozen=True, slots=True)
class Filled:
    """填好的数据: a report in the middle, and the whole number of events."""

    report: Report
    events: int


def samples(files: Sequence[tuple[str, bytes]]) -> list[Sample]:
    """The first report of each file."""
    found = []
    for name, data in files:
        report = next(r for r in reading.read(data, name=name) if isinstance(r, AnnualReport))
        value, digest = packing.pack(report, name)
        told = [packing.finding_json(one) for one in checks.check(report).findings]
        found.append(
            Sample(
                name,
                data,
                value,
                digest,
                report.title or "",
                report.edition or "",
                told,
                sum(cell.doubt is not None for cell in report.cells.values()),
                sum(cell.state is State.ABSENT for cell in report.cells.values()),
            )
        )
    return found


@transaction.atomic
def fill(
    *, top: Organ, by: Account, reports: int, told: int, files: Sequence[tuple[str, bytes]]
) -> Filled:
    """So many reports, several years of each organ below ``top``, with ``told`` events in all."""
    known = samples(files)
    papers = _papers(top, by, known)
    organs = list(organ_queries.subtree(top).order_by("path"))
    rows = [
        _report(at, organs[at % len(organs)], LAST_YEAR - at // len(organs), known[at % len(known)])
        for at in range(reports)
    ]
    for part in _portions(rows):
        made = Report.objects.bulk_create(part)
        _versions(made, known, papers, by)
    count = _events(rows, by, told)
    return Filled(rows[len(rows) // 2], count)


def _papers(top: Organ, by: Account, known: Sequence[Sample]) -> list[Paper]:
    batch = Batch.objects.create(
        organ=top, year=BEGAN.year, number=1, by=by, at=BEGAN, ended_at=BEGAN
    )
    found = []
    for one in known:
        attachment = attachments.attach(
            organ=top,
            subject=f"batch/{batch.pk}",
            file=SimpleUploadedFile(one.name, one.data),
            kinds=uploads.KINDS,
            by=by,
            at=BEGAN,
        )
        found.append(
            Paper.objects.create(
                batch=batch,
                attachment=attachment,
                name=one.name,
                state=Paper.State.READ,
                ended_at=BEGAN,
            )
        )
    return found


def _report(at: int, organ: Organ, year: int, sample: Sample) -> Report:
    broken = [f for f in sample.findings if f["outcome"] == "broken"]
    return Report(
        holder=organ,
        organ=organ,
        year=year,
        said=organ.name,
        title=sample.title,
        edition=sample.edition,
        matched_by="name",
        errors=sum(f["level"] == "error" for f in broken),
        warnings=sum(f["level"] == "warning" for f in broken),
        cannot_tell=len(sample.findings) - len(broken),
        doubtful=sample.doubtful,
        absent=sample.absent,
        changed_at=BEGAN + timedelta(seconds=at),
    )


def _versions(
    made: Sequence[Report], known: Sequence[Sample], papers: Sequence[Paper], by: Account
) -> None:
    versions, findings = [], []
    for report in made:
        at = int((report.changed_at - BEGAN).total_seconds()) % len(known)
        sample = known[at]
        versions.append(
            Version(
                report=report,
                number=1,
                paper=papers[at],
                value=sample.value,
                sha256=sample.sha256,
                reader="0",
                by=by,
                at=report.changed_at,
            )
        )
        findings += [
            Finding(
                report=report,
                position=position,
                rule=one["rule"],
                level=one["level"],
                outcome=one["outcome"],
                said={k: v for k, v in one.items() if k not in ("rule", "level", "outcome")},
            )
            for position, one in enumerate(sample.findings)
        ]
    Version.objects.bulk_create(versions)
    Finding.objects.bulk_create(findings, batch_size=BATCH)


def _events(rows: Sequence[Report], by: Account, told: int) -> int:
    """The same number for every report, in the order they happened."""
    each = max(1, told // len(rows))
    count = 0
    for step in range(each):
        for part in _portions(rows):
            act = events.Act(by, BEGAN + timedelta(hours=step, seconds=count // 100), "handler")
            events.record_many(
                act,
                [
                    events.What(
                        _ACTS[step % len(_ACTS)],
                        one.organ_id,
                        f"report/{one.pk}",
                        {},
                        {"title": one.title, "year": one.year, "label": "收到件数", "count": 1},
                    )
                    for one in part
                ],
            )
            count += len(part)
    return count


def _portions(rows: Sequence[Report]) -> Iterator[Sequence[Report]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]
