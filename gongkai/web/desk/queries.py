"""报告台的查询: what a person may see of reports, batches and papers.

Every list, page, count, search, export and file of this app starts from a ``visible_…`` function.
Officers see their own organ's and those whose open work it took over, supervisors their subtree;
administrators and auditors see none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery

from gongkai.web.desk.models import Batch, Finding, Mark, Paper, Report, Version
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Event
from gongkai.web.organs import people_queries
from gongkai.web.organs.capacity import Capacity

M = TypeVar("M", bound=Model)
WORKS = people_queries.WORKS_ON_MATTERS
"""Who may open the report desk and work on it."""

OPEN = (Paper.State.WAITING, Paper.State.READING)


def address(report: Report) -> str:
    """The report's address in events and attachments."""
    return f"report/{report.pk}"


def batch_address(batch: Batch) -> str:
    """The batch's address in events and attachments."""
    return f"batch/{batch.pk}"


# -- what somebody may see


def visible_reports(capacity: Capacity | None) -> QuerySet[Report]:
    """The reports on the desks somebody sees, those set aside among them (`on_the_desk`); those of
    no organ yet lie on the desk they were handed in at."""
    return people_queries.of_matters(Report.objects.all(), "holder", capacity)


def on_the_desk(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Without those set aside."""
    return rows.filter(set_aside_at__isnull=True)


def unmatched(rows: QuerySet[Report]) -> QuerySet[Report]:
    """待认领: those that wait for a person to say whose they are, or of which year."""
    return on_the_desk(rows).filter(Q(organ__isnull=True) | Q(year__isnull=True))


def matched(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Those on the desk of which organ and year are known."""
    return on_the_desk(rows).filter(organ__isnull=False, year__isnull=False)


def visible_batches(capacity: Capacity | None) -> QuerySet[Batch]:
    """The batches handed in for the organs somebody sees."""
    return people_queries.of_matters(Batch.objects.all(), "organ", capacity)


def visible_papers(capacity: Capacity | None) -> QuerySet[Paper]:
    """The papers of visible batches. The file behind a visible report is not always one of them:
    a supervisor may have handed in an archive, of which the organ sees its own file alone
    (`original`)."""
    return people_queries.of_matters(Paper.objects.all(), "batch__organ", capacity)


# -- a report


def in_hand(report: Report) -> Version:
    """The version that counts: the newest."""
    return report.versions.select_related("paper__attachment__file", "by").order_by("-number")[0]


def in_hand_of(reports: Iterable[Report]) -> dict[int, Version]:
    """The versions in hand of several reports, by the report's key."""
    keys = [one.pk for one in reports]
    newest = Version.objects.filter(report=OuterRef("report")).order_by("-number")
    rows = Version.objects.filter(report__in=keys, pk=Subquery(newest.values("pk")[:1]))
    return {version.report_id: version for version in rows}


def versions_of(report: Report) -> QuerySet[Version]:
    """Every version, the newest first, without what was read in it."""
    rows = report.versions.select_related("paper__attachment__file", "paper__batch", "by")
    return rows.defer("value").order_by("-number")


def marks_of(version: Version) -> list[Mark]:
    """What people confirmed or corrected in a version and did not undo, in the order they did."""
    rows = version.marks.filter(undone_at__isnull=True)
    return list(rows.select_related("by").order_by("at", "pk"))


def marks_of_all(versions: Iterable[Version]) -> dict[int, list[Mark]]:
    """The same of several versions in one query, by the version's key."""
    found: dict[int, list[Mark]] = {}
    rows = Mark.objects.filter(of__in=list(versions), undone_at__isnull=True)
    for mark in rows.select_related("by").order_by("at", "pk"):
        found.setdefault(mark.of_id, []).append(mark)
    return found


def all_marks_of(version: Version) -> list[Mark]:
    """The same with those undone."""
    return list(version.marks.select_related("by").order_by("at", "pk"))


def findings_of(report: Report) -> list[Finding]:
    """What the checks say of the version in hand with its marks, in the order of the form."""
    return list(report.findings.order_by("position"))


def history(report: Report) -> QuerySet[Event]:
    """经过: the report's events, newest first."""
    return ledger.events_of(address(report))


def year_before(report: Report) -> Report | None:
    """The same organ's report of the year before, where it is on the desk."""
    if report.organ_id is None or report.year is None:
        return None
    rows = on_the_desk(Report.objects.filter(organ=report.organ_id, year=report.year - 1))
    return rows.select_related("organ").first()


# -- progress


def progress(batch: Batch) -> dict[str, int]:
    """How many papers of a batch stand in each state."""
    rows = batch.papers.values_list("state").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(Paper.State.values, 0) | dict(rows)


def progress_of(batches: Iterable[Batch]) -> dict[int, dict[str, int]]:
    """The same of several batches, in one query."""
    found = {batch.pk: dict.fromkeys(Paper.State.values, 0) for batch in batches}
    rows = Paper.objects.filter(batch__in=found).values_list("batch_id", "state")
    for key, state, count in rows.annotate(n=Count("pk")).order_by():
        found[key][state] = count
    return found


def is_ready(batch: Batch) -> bool:
    """Whether every paper of it has been read or could not be."""
    return not batch.papers.filter(state__in=OPEN).exists()


def same_file(paper: Paper) -> Paper | None:
    """An earlier paper of the same content, for the same organ, that was read or is about to be."""
    if paper.attachment is None:
        return None
    rows = Paper.objects.filter(
        attachment__file=paper.attachment.file_id, batch__organ=paper.batch.organ_id
    ).exclude(state=Paper.State.FAILED)
    if paper.pk is not None:
        rows = rows.filter(pk__lt=paper.pk)
    return rows.select_related("batch__by").order_by("pk").first()
