"""检查: what the checks say of the version in hand with its marks, and the counts on the report,
made anew whenever either changes.

A report is held against the same organ's of the year before, a government's also against those of
its direct subordinates. So a change of one may move the findings of two others (`dependents`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.statute import checks
from gongkai.statute.report import AnnualReport, State
from gongkai.web.desk import packing, queries, values
from gongkai.web.desk.models import Finding, Mark, Report, Version
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.models import Organ

_BROKEN, _CANNOT_TELL = "broken", "cannot_tell"
_GOVERNMENT = "government"


def renew(report: Report, *, version: Version | None = None) -> AnnualReport:
    """Findings and counts made anew, in the caller's transaction; the report is saved by the
    caller (`save_counts`). Returns what holds."""
    version = version or queries.in_hand(report)
    marks = queries.marks_of(version)
    read = values.reading(version)
    holds = values.laid_over(read, marks)
    found = checks.check(holds, previous=previous_of(report), children=children_of(report))
    keep(report, [packing.finding_json(one) for one in found.findings])
    count(report, holds, marks)
    return holds


def keep(report: Report, findings: Sequence[Mapping[str, Any]], *, is_new: bool = False) -> None:
    """Puts the findings in place of those there were, and counts them."""
    if not is_new:
        report.findings.all().delete()
    Finding.objects.bulk_create(
        Finding(
            report=report,
            position=position,
            rule=one["rule"],
            level=one["level"],
            outcome=one["outcome"],
            said={k: v for k, v in one.items() if k not in ("rule", "level", "outcome")},
        )
        for position, one in enumerate(findings)
    )
    broken = [one["level"] for one in findings if one["outcome"] == _BROKEN]
    report.errors = broken.count("error")
    report.warnings = broken.count("warning")
    report.cannot_tell = sum(one["outcome"] == _CANNOT_TELL for one in findings)


def count(report: Report, holds: AnnualReport, marks: Iterable[Mark]) -> None:
    """How many cells wait for a person: doubtful and not confirmed, absent and not given."""
    seen = {mark.address for mark in marks}
    report.doubtful = sum(
        packing.is_doubtful(cell) and address not in seen for address, cell in holds.cells.items()
    )
    report.absent = sum(
        cell.state is State.ABSENT and address not in seen for address, cell in holds.cells.items()
    )


COUNTS = ("errors", "warnings", "cannot_tell", "doubtful", "absent")


# -- what a report is held against


def previous_of(report: Report) -> AnnualReport | None:
    """The same organ's report of the year before, as it holds."""
    before = queries.year_before(report)
    if before is None:
        return None
    version = queries.in_hand(before)
    return values.effective(version, queries.marks_of(version))


def children_of(report: Report) -> list[AnnualReport]:
    """The reports of a government's direct subordinates of the year, as far as on the desk."""
    organs = _units(report)
    if not organs:
        return []
    rows = Report.objects.filter(organ__in=organs, year=report.year)
    found = list(queries.on_the_desk(rows).order_by("organ__path"))
    versions = queries.in_hand_of(found)
    marks = queries.marks_of_all(versions.values())
    return [
        values.effective(version, marks.get(version.pk, ()))
        for one in found
        if (version := versions.get(one.pk)) is not None
    ]


def has_others(report: Report) -> bool:
    """Whether there is anything on the desk it is held against."""
    if queries.year_before(report) is not None:
        return True
    organs = _units(report)
    rows = Report.objects.filter(organ__in=organs, year=report.year)
    return bool(organs) and queries.on_the_desk(rows).exists()


def _units(report: Report) -> list[Organ]:
    """The direct subordinates of a government at the end of the report's year."""
    if report.organ is None or report.year is None or report.organ.kind != _GOVERNMENT:
        return []
    return organ_queries.children_on(report.organ, date(report.year, 12, 31))


def dependents(report: Report) -> list[int]:
    """The reports whose findings may move with this one's figures (keys)."""
    if report.organ is None or report.year is None:
        return []
    found = list(
        queries.on_the_desk(
            Report.objects.filter(organ=report.organ_id, year=report.year + 1)
        ).values_list("pk", flat=True)
    )
    above = organ_queries.parent_on(report.organ, date(report.year, 12, 31))
    if above is not None and above.kind == _GOVERNMENT:
        rows = Report.objects.filter(organ=above.pk, year=report.year)
        found += queries.on_the_desk(rows).values_list("pk", flat=True)
    return found


@transaction.atomic
def again(key: int, *, at: datetime) -> bool:
    """重新检查: of one report, because another changed: no act of anybody, so no event, no lock."""
    report = Report.objects.select_for_update(of=("self",)).select_related("organ").filter(pk=key)
    found = report.first()
    if found is None or found.set_aside_at is not None:
        return False
    before = [getattr(found, name) for name in COUNTS]
    renew(found)
    if before != [getattr(found, name) for name in COUNTS]:
        found.changed_at = at
    found.save(update_fields=[*COUNTS, "changed_at"])
    return True


def describe(report: Report) -> None:
    """What the version in hand says of itself, on the report; the caller saves it."""
    read = values.reading(queries.in_hand(report))
    report.said, report.title = (read.organ or "")[:200], (read.title or "")[:300]
    report.edition = read.edition or ""
