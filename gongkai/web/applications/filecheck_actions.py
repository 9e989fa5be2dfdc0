"""案卷评查: drawn, scored file by file, ended. What was not looked at has no points, not 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.web.applications import queries, samples, words
from gongkai.web.applications.models import Checked, FileCheck
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale


class NothingDrawn(Refusal):
    """没有抽到案卷: no case was closed in the period."""


class WrongPoints(Refusal):
    """分数有误: more points than an item is worth."""


class Ended(Refusal):
    """评查已结束."""


class NotComplete(Refusal):
    """还没有评完: some file has items left open."""


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
    Checked.objects.bulk_create(
        Checked(of=check, matter=one, position=at) for at, one in enumerate(found, 1)
    )
    by.tell("filecheck.drawn", held, address(check), new={"count": len(found)})
    return check


@transaction.atomic
def score(
    *, by: Doer, file: Checked, points: Mapping[str, int | None], said: str, version: int
) -> Checked:
    """评分: of one file; an item left open stays open.

    Raises NotAllowed, Ended, Stale, WrongPoints.
    """
    _supervises(by)
    # The check first, as `end` holds it: nobody scores while it is being ended.
    check = FileCheck.objects.select_for_update(of=("self",)).get(pk=file.of_id)
    held = (
        Checked.objects.select_for_update(of=("self",))
        .select_related("of__organ", "matter__request")
        .get(pk=file.pk)
    )
    if check.ended_at is not None:
        raise Ended(_("评查已结束，不能再改分。"))
    if held.version != version:
        raise Stale
    given = {id: value for id, value in points.items() if value is not None}
    for item in samples.ITEMS:
        if not 0 <= given.get(item.id, 0) <= item.points:
            raise WrongPoints(
                _("最多 %(points)d 分。") % {"points": item.points}, field=f"item_{item.id}"
            )
    held.points, held.words = given, said.strip()
    held.by, held.at = by.by, by.at
    held.version += 1
    held.save()
    total = samples.total(held.points)
    by.tell(
        "filecheck.scored",
        held.of.organ,
        address(held.of),
        new={
            "number": words.number(held.matter),
            "points": sum(given.values()) if total is None else total,
            "complete": total is not None,
        },
    )
    return held


@transaction.atomic
def end(*, by: Doer, check: FileCheck, version: int) -> FileCheck:
    """结束评查: no score changes after it. Raises NotAllowed, Ended, Stale, NotComplete."""
    _supervises(by)
    held = (
        FileCheck.objects.select_for_update(of=("self",)).select_related("organ").get(pk=check.pk)
    )
    if held.ended_at is not None:
        raise Ended(_("评查已经结束。"))
    if held.version != version:
        raise Stale
    open_ = sum(samples.total(one.points) is None for one in held.files.all())
    if open_:
        raise NotComplete(_("还有 %(count)d 件没有评完。") % {"count": open_})
    held.ended_at = by.at
    held.version += 1
    held.save(update_fields=["ended_at", "version"])
    by.tell("filecheck.ended", held.organ, address(held))
    return held


def _supervises(by: Doer) -> Organ:
    held = by.capacity
    if held is None or held.role is not Role.SUPERVISOR:
        raise NotAllowed
    return held.organ
