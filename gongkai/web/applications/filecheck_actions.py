"""案卷评查: drawn, scored file by file, ended. What was not looked at has no points, not 0.

Once it is ended the units whose cases were drawn see what was found of their own, and are told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.web.applications import queries, samples, words
from gongkai.web.applications.models import Checked, FileCheck, Matter
from gongkai.web.applications.recording import WrongDay
from gongkai.web.ledger import alerts
from gongkai.web.organs import tree
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

LONGEST = timedelta(days=366)  # ahead, that a unit may be given to answer


class NothingDrawn(Refusal):
    """没有抽到案卷: no case was closed in the period."""


class WrongPoints(Refusal):
    """分数有误: more points than an item is worth."""


class Ended(Refusal):
    """评查已结束."""


class NotComplete(Refusal):
    """还没有评完: some file has items left open."""


class NothingApplies(Refusal):
    """没有适用的项目: a file of which nothing applies has no score."""


class OutOfSight(Refusal):
    """已不在监督范围: its organ has moved; what was found stays, nothing is added."""


class NoNotice(Refusal):
    """没有写意见: a day to answer by, and nothing to answer."""


@dataclass(frozen=True, slots=True)
class Draw:
    """抽取: of which period, how many, by which number."""

    title: str
    first: date
    last: date
    count: int
    seed: int


def address(check: FileCheck) -> str:
    """Its address in events."""
    return f"filecheck/{check.pk}"


@transaction.atomic
def draw(*, by: Doer, given: Draw) -> FileCheck:
    """抽取案卷: the same ones for the same period and seed. Raises NotAllowed, NothingDrawn."""
    held = _supervises(by)
    rows = queries.visible_matters(by.capacity)
    found = samples.drawn(rows, given.first, given.last, given.count, given.seed)
    if not found:
        raise NothingDrawn(_("这一时期没有办结的申请，换一个时期再抽。"), field="first")
    check = FileCheck.objects.create(
        organ=held,
        title=given.title.strip(),
        first=given.first,
        last=given.last,
        seed=given.seed,
        by=by.by,
        at=by.at,
    )
    Checked.objects.bulk_create(as_drawn(check, found))
    by.tell("filecheck.drawn", held, address(check), new={"count": len(found)})
    return check


def as_drawn(check: FileCheck, matters: Iterable[Matter]) -> list[Checked]:
    """抽取时的案卷: what the record of the check says of each, whatever becomes of it."""
    return [
        Checked(
            of=check,
            matter=one,
            position=at,
            number=words.number(one),
            title=one.title,
            organ_name=one.organ.name,
            ground=one.ground,
            closed_on=one.closed_on,
            handler_name=one.handler.name if one.handler else "",
        )
        for at, one in enumerate(matters, 1)
    ]


@transaction.atomic
def score(
    *,
    by: Doer,
    file: Checked,
    points: Mapping[str, int | None],
    said: str,
    version: int,
    not_applicable: Collection[str] = (),
) -> Checked:
    """评分: of one file; an item left open stays open, one that does not apply does not count.

    Raises NotAllowed, Ended, Stale, OutOfSight, WrongPoints, NothingApplies.
    """
    # The check first, as `end` holds it: nobody scores while it is being ended.
    checks = FileCheck.objects.select_for_update(of=("self",)).select_related("organ")
    check = checks.get(pk=file.of_id)
    _supervises(by, check)
    held = (
        Checked.objects.select_for_update(of=("self",)).select_related("of__organ").get(pk=file.pk)
    )
    if check.ended_at is not None:
        raise Ended(_("评查已结束，不能再改分。"))
    if held.version != version:
        raise Stale
    if held.matter_id not in in_sight(by, [held]):
        raise OutOfSight(_("这一机关已不在监督范围，案卷不能再评；已有的评分留在记录中。"))
    skipped = [item.id for item in samples.ITEMS if item.id in not_applicable]
    given = {id: value for id, value in points.items() if value is not None and id not in skipped}
    for item in samples.ITEMS:
        if not 0 <= given.get(item.id, 0) <= item.points:
            raise WrongPoints(
                _("最多 %(points)d 分。") % {"points": item.points}, field=f"item_{item.id}"
            )
    if len(skipped) == len(samples.ITEMS):
        raise NothingApplies(_("至少有一项适用才能评分；请核对“不适用”的项目。"))
    held.points, held.not_applicable, held.words = given, skipped, said.strip()
    held.by, held.at = by.by, by.at
    held.version += 1
    held.save()
    total = samples.score(held.points, held.not_applicable)
    by.tell(
        "filecheck.scored",
        held.of.organ,
        address(held.of),
        new={
            "number": held.number,
            "points": sum(given.values()),
            "not_applicable": len(skipped),
            "complete": total is not None,
        },
    )
    return held


def in_sight(by: Doer, files: Iterable[Checked]) -> set[int]:
    """The matters among them (pk) that the supervisor may still open."""
    keys = [one.matter_id for one in files]
    rows = queries.visible_matters(by.capacity).filter(pk__in=keys)
    return set(rows.values_list("pk", flat=True))


@transaction.atomic
def end(
    *, by: Doer, check: FileCheck, version: int, notice: str = "", answer_by: date | None = None
) -> FileCheck:
    """结束评查: no score changes after it; each unit is told, with the supervisor's notice.

    A file out of sight by now holds nothing up. Raises NotAllowed, Ended, Stale, NotComplete,
    NoNotice, WrongDay.
    """
    held = (
        FileCheck.objects.select_for_update(of=("self",)).select_related("organ").get(pk=check.pk)
    )
    _supervises(by, held)
    if held.ended_at is not None:
        raise Ended(_("评查已经结束。"))
    if held.version != version:
        raise Stale
    files = list(held.files.select_related("matter__organ"))
    seen = in_sight(by, files)
    open_ = sum(
        samples.score(one.points, one.not_applicable) is None
        for one in files
        if one.matter_id in seen
    )
    if open_:
        raise NotComplete(_("还有 %(count)d 件没有评完。") % {"count": open_})
    _answerable(by, notice, answer_by)
    held.ended_at = by.at
    held.notice, held.answer_by = notice.strip(), answer_by
    held.version += 1
    held.save(update_fields=["ended_at", "notice", "answer_by", "version"])
    by.tell("filecheck.ended", held.organ, address(held))
    _told(by, held, files)
    return held


def _answerable(by: Doer, notice: str, answer_by: date | None) -> None:
    if answer_by is None:
        return
    if not notice.strip():
        raise NoNotice(_("请写明要被查机关回复什么；不用回复的，不填日期。"), field="notice")
    today = timezone.localdate(by.at)
    if not today <= answer_by <= today + LONGEST:
        raise WrongDay(_("回复日期应在今天之后的一年内。"), field="answer_by")


def _told(by: Doer, check: FileCheck, files: Iterable[Checked]) -> None:
    """One message to the officers of each unit; what was found stands on the page alone."""
    units: dict[int, list[Checked]] = {}
    for one in files:
        units.setdefault(one.matter.organ_id, []).append(one)
    for organ, own in units.items():
        values: dict[str, object] = {"count": len(own)}
        if check.answer_by is not None:
            values["answer_by"] = check.answer_by.isoformat()
        alerts.raise_(
            key=f"{address(check)}/ended/{organ}",
            organ=own[0].matter.organ,
            subject=address(check),
            kind="filecheck.answer" if check.answer_by else "filecheck.ended",
            at=by.at,
            values=values,
            roles=queries.OFFICERS,
        )


def _supervises(by: Doer, check: FileCheck | None = None) -> Organ:
    """The supervisor's organ; of the check's subtree, where there is one. Raises NotAllowed."""
    held = by.capacity
    if held is None or held.role is not Role.SUPERVISOR:
        raise NotAllowed
    if check is not None and not tree.within(check.organ.path, held.organ.path):
        raise NotAllowed
    return held.organ
