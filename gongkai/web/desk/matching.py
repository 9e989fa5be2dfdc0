"""认领: candidates for reports that nobody knows the organ of, and a person's word for it, which is
taken back where nothing else has happened since.

Where that organ has a report of the year already, the versions become its newest ones: the old
reading stays beside the new.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.desk import actions, checking, jobs, queries, values
from gongkai.web.desk.actions import NotNow
from gongkai.web.desk.known import FEW, FIRST, Known, Told, year_of
from gongkai.web.desk.models import Report, Version
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal

_ACTS = ("desk.assigned", "desk.merged")


class WrongYear(Refusal):
    """年度有误: no year of which a report can be."""


def told_of(report: Report) -> Told:
    """What the version in hand of a report says of whose it is."""
    version = queries.in_hand(report)
    read = values.reading(version)
    file = version.member or version.paper.name
    return Told(file, read.organ or "", read.organ_names, read.title or "", read.year)


def candidates(
    report: Report, capacity: Capacity | None, known: Known | None = None
) -> list[tuple[Organ, str]]:
    """Whose a report may be, of the organs somebody sees, the likeliest first, each with why.

    ``known`` are those organs (`Known.of`), where many reports are asked for at once.
    """
    known, told = known or Known.of(capacity), told_of(report)
    year = report.year or told.year or year_of(told.file)
    found: dict[int, str] = {}
    for by, organs in known.evidence(told, year):
        for key in sorted(organs):
            found.setdefault(key, by)
    for key, why in known.alike(told):
        found.setdefault(key, why)
    if capacity is not None and capacity.role is not Role.SUPERVISOR:
        found.setdefault(capacity.organ.pk, "own")
    keys = list(found)[:FEW]
    rows = organ_queries.visible_organs(capacity).in_bulk(keys)
    words = _why()
    return [(rows[key], words[found[key]]) for key in keys if key in rows]


def _why() -> dict[str, str]:
    return {
        "code": _("文件名中有它的编号"),
        "name": _("报告中写的是它的名称"),
        "title": _("标题中有它的名称"),
        "file": _("文件名中有它的名称"),
        "alike": _("名称相近"),
        "abbreviation": _("可能是它的简称"),
        "own": _("您所在的机关"),
    }


# -- a person's word


@transaction.atomic
def assign(*, by: Doer, report: Report, organ: Organ, year: int, version: int) -> Report:
    """认定: also of one that was matched wrongly. Returns the report that now holds the versions.

    Raises NotAllowed, Stale, NotNow, WrongYear.
    """
    _hold(report, organ, year)
    found = actions.locked(by, report, version)
    if found.set_aside_at is not None:
        raise NotNow(_("这份报告已移出报告台，请先放回。"))
    if not organ_queries.visible_organs(by.capacity).filter(pk=organ.pk).exists():
        raise NotAllowed
    if not FIRST <= year <= timezone.localdate(by.at).year:
        raise WrongYear(_("年度应在 2008 年至今年之间。"), field="year")
    if (found.organ_id, found.year) == (organ.pk, year):
        raise NotNow(_("已经是这个机关这一年度的报告。"))
    others = checking.dependents(found)
    target = _other(organ, year, found)
    if target is None:
        try:
            with transaction.atomic():
                made = _assigned(by, found, organ, year)
        except IntegrityError:  # another of that organ and year has come in just now
            found = actions.locked(by, report, version)
            target = _other(organ, year, found)
            if target is None:
                raise
    if target is not None:
        made = _merged(by, found, target)
    jobs.renew([key for key in {*others, *checking.dependents(made)} if key != found.pk])
    return made


def _hold(report: Report, organ: Organ, year: int) -> None:
    """Locks a report and the one it may be merged into, by their keys: two who assign crosswise
    wait for each other in turn, never in a ring."""
    there = Q(organ=organ, year=year, set_aside_at__isnull=True)
    rows = Report.objects.filter(Q(pk=report.pk) | there).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


def _other(organ: Organ, year: int, but: Report) -> Report | None:
    rows = queries.on_the_desk(Report.objects.filter(organ=organ, year=year)).exclude(pk=but.pk)
    return rows.select_for_update(of=("self",)).select_related("organ", "holder").first()


def _before(report: Report) -> dict[str, Any]:
    return {
        "holder": report.holder_id,
        "organ": report.organ_id,
        "year": report.year,
        "matched_by": report.matched_by,
    }


def _assigned(by: Doer, report: Report, organ: Organ, year: int) -> Report:
    old = _before(report)
    report.organ, report.holder, report.year, report.matched_by = organ, organ, year, "person"
    checking.renew(report)
    actions.save(by, report)
    told = {"name": organ.name, "year": year, "before": old}
    actions.tell(by, report, "desk.assigned", new=told)
    return report


def _merged(by: Doer, report: Report, target: Report) -> Report:
    old = _before(report)
    moved = list(report.versions.defer("value").order_by("number"))
    _move(moved, target)
    said = (report.said, report.title, report.edition)
    target.said, target.title, target.edition = said
    checking.renew(target)
    actions.save(by, target)
    name = target.organ.name if target.organ else ""
    told = {
        "name": name,
        "year": target.year,
        "from": report.pk,
        "versions": [one.pk for one in moved],
        "before": old,
    }
    report.version += 1
    into = told | {"into": target.pk}
    actions.tell_of(by, "desk.merged", [(target, told), (report, into)])
    report.delete()
    return target


def _move(versions: list[Version], to: Report) -> None:
    """The versions become the newest of another report, in their order."""
    last = to.versions.aggregate(most=Max("number"))["most"] or 0
    for number, one in enumerate(versions, last + 1):
        Version.objects.filter(pk=one.pk).update(report=to, number=number)


def is_undoable(report: Report) -> bool:
    """Whether a person's word for whose it is was the last that happened to the report."""
    last = queries.history(report).first()
    return last is not None and last.kind in _ACTS and last.new.get("lock") == report.version


@transaction.atomic
def unassign(*, by: Doer, report: Report, version: int) -> Report:
    """撤回认定: as it was before; only while nothing else has happened to the report. Returns the
    report that waits again. Raises NotAllowed, Stale, NotNow."""
    found = actions.locked(by, report, version)
    last = actions.since(found, found.version - 1)
    event = last[0] if last else None
    if event is None or event.kind not in _ACTS:
        raise NotNow(_("认定之后这份报告又有变动，不能撤回；可以重新认定。"))
    others = checking.dependents(found)
    before = event.new["before"]
    if event.kind == "desk.merged":
        made = _parted(by, found, event.new["versions"], before)
        others.append(found.pk)
    else:
        _restore(found, before)
        checking.renew(found)
        actions.save(by, found)
        actions.tell(by, found, "desk.unassigned", new={"by": "person"})
        made = found
    jobs.renew([key for key in {*others, *checking.dependents(made)} if key != made.pk])
    return made


def _restore(report: Report, before: dict[str, Any]) -> None:
    report.holder_id, report.organ_id = before["holder"], before["organ"]
    report.year, report.matched_by = before["year"], before["matched_by"]
    taken = queries.on_the_desk(
        Report.objects.filter(organ=report.organ_id, year=report.year)
    ).exclude(pk=report.pk)
    if report.organ_id is not None and report.year is not None and taken.exists():
        raise NotNow(_("该机关这一年度又有了另一份报告，不能撤回。"))


def _parted(by: Doer, target: Report, versions: list[int], before: dict[str, Any]) -> Report:
    """The versions that were merged are a report of their own again."""
    made = Report(said=target.said, title=target.title, edition=target.edition, changed_at=by.at)
    _restore(made, before)
    made.save()
    _move(list(Version.objects.filter(pk__in=versions).defer("value").order_by("number")), made)
    checking.renew(made)
    made.save()
    checking.describe(target)
    checking.renew(target)
    actions.save(by, target)
    both = [(made, {"from": target.pk}), (target, {"to": made.pk})]
    actions.tell_of(by, "desk.unassigned", both)
    return made
