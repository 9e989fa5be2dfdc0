"""遮盖的变更: a file of a matter is marked, and a version without what is marked is made of it.

The original is never touched; both are kept. What does not pass the verification is not kept, and
what was left is said. Events tell how many marks there were and on what grounds, never of what.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, get_args

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.convert import redaction
from gongkai.convert.redaction import BadMark, Mark, NotClean, PageSize
from gongkai.statute.grounds import REASONS, REFUSALS, Ground
from gongkai.statute.report import CannotRead
from gongkai.statute.texts import Text
from gongkai.statute.transitions import Duty
from gongkai.web.applications import life, recording, words
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter, Redaction
from gongkai.web.ledger import attachments, events
from gongkai.web.ledger.models import Attachment
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

log = logging.getLogger("gongkai.redaction")
KINDS = ("pdf", "png", "jpg")
GROUNDS: tuple[Ground, ...] = REFUSALS
USUAL = Ground.THIRD_PARTY  # Art 15: what is mostly blackened
MOST = 5000  # marks of a file
AT_ONCE = 3  # pages: so few are made in the request
AT_ONCE_BYTES = 3 << 20
GIVEN_UP = timedelta(minutes=30)  # a making that was heard of no more is begun again


class NoMarks(Refusal):
    """没有框: nothing is marked."""


class TooMany(Refusal):
    """框太多."""


class WrongMark(Refusal):
    """框有误: it lies on no page, or is no box."""


class InTheMaking(Refusal):
    """正在制作: marks are not changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Box:
    """框: a mark with its ground."""

    mark: Mark
    ground: Ground = USUAL

    @property
    def data(self) -> dict[str, Any]:
        """As it is stored: without what was found there."""
        edges = (self.mark.left, self.mark.top, self.mark.right, self.mark.bottom)
        return {
            "page": self.mark.page,
            "box": [round(edge, 2) for edge in edges],
            "ground": self.ground.value,
        }


def box(told: Mapping[str, Any]) -> Box:
    """Of what is stored."""
    left, top, right, bottom = map(float, told["box"])
    return Box(Mark(told["page"], left, top, right, bottom), Ground(told["ground"]))


def boxes(one: Redaction | None, page: int | None = None) -> list[Box]:
    """The marks of a file, or of one of its pages."""
    told = one.marks if one is not None else []
    return [box(each) for each in told if page in (None, each["page"])]


def register() -> None:
    """Tells the ledger of the kind, when the app is ready."""
    kinds: dict[str, Promise] = {
        "redaction.made": _("制作遮盖件：遮盖 %(count)s 处（%(reasons_said)s）")
    }
    events.register(kinds, {"redaction": _("遮盖")}, told=_told)


def _told(values: Mapping[str, Any]) -> Mapping[str, Any]:
    reasons = values.get("reasons")
    if not isinstance(reasons, dict):
        return {}
    every = [f"{said(REASONS[Ground(key)].cite)} {count}" for key, count in reasons.items()]
    return {"reasons_said": _now("，").join(every)}


# -- marking


@transaction.atomic
def mark_page(
    *, by: Doer, matter: Matter, original: Attachment, version: int, page: int, marks: Sequence[Box]
) -> Redaction:
    """标记一页: these are its marks now. Raises NotAllowed, Stale, InTheMaking, TooMany."""
    one = _in_hand(by, matter, original, version)
    kept = [told for told in one.marks if told["page"] != page]
    return _marked(by, one, kept + [each.data for each in marks])


@transaction.atomic
def add(
    *, by: Doer, matter: Matter, original: Attachment, version: int, marks: Sequence[Box]
) -> Redaction:
    """加框: beside those there are; none twice. Raises as `mark_page`."""
    one = _in_hand(by, matter, original, version)
    held = [(told["page"], told["box"]) for told in one.marks]
    new = [each.data for each in marks if (each.data["page"], each.data["box"]) not in held]
    return _marked(by, one, one.marks + new)


def _in_hand(by: Doer, matter: Matter, original: Attachment, version: int) -> Redaction:
    """The row that is being marked, begun with the marks of the last version made."""
    if not recording.may_do(by, matter, Duty.HANDLE):
        raise NotAllowed
    Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    rows = Redaction.objects.filter(matter=matter, original=original)
    one = rows.exclude(state=Redaction.State.MADE).first()
    if one is None:
        last = rows.last()
        one = Redaction(
            matter=matter,
            original=original,
            marks=last.marks if last else [],
            by=by.by,
            at=by.at,
            version=0,
        )
    if one.version != version:
        raise Stale
    if one.state == Redaction.State.MAKING:
        raise InTheMaking(_("正在制作遮盖件，完成后才能改动标记。"))
    return one


def _marked(by: Doer, one: Redaction, marks: list[dict[str, Any]]) -> Redaction:
    if len(marks) > MOST:
        raise TooMany(_now("一个文件最多标记 %(most)d 处，请分成几个文件。") % {"most": MOST})
    one.marks = sorted(marks, key=lambda told: (told["page"], told["box"][1], told["box"][0]))
    one.state, one.said, one.by, one.at = Redaction.State.DRAFT, [], by.by, by.at
    one.version += 1
    one.save()
    return one


# -- making


@transaction.atomic
def begin(*, by: Doer, matter: Matter, original: Attachment, version: int) -> Redaction:
    """开始制作: from here on the marks stand. Raises NotAllowed, Stale, InTheMaking, NoMarks."""
    one = _in_hand(by, matter, original, version)
    if not one.marks:
        raise NoMarks(_("还没有标记要遮盖的地方。"))
    one.state, one.said, one.by, one.at = Redaction.State.MAKING, [], by.by, by.at
    one.version += 1
    one.save()
    return one


def is_small(original: Attachment, sizes: Sequence[PageSize]) -> bool:
    """Whether it is made while one waits."""
    return len(sizes) <= AT_ONCE and original.file.size <= AT_ONCE_BYTES


def make(*, pk: int, at: datetime) -> Redaction | None:
    """制作: burnt in, verified, kept beside the original; or why not. May run twice.

    The work is done in a process with limits and outside of any transaction.
    """
    one = (
        Redaction.objects.select_related("matter__organ", "matter__request", "original__file", "by")
        .filter(pk=pk, state=Redaction.State.MAKING)
        .first()
    )
    if one is None:
        return None
    # Begun now: what takes long, or ends its worker, is not begun again every few minutes.
    Redaction.objects.filter(pk=pk, version=one.version).update(at=at)
    try:
        marks = [each.mark for each in boxes(one)]
        data = attachments.verified(one.original)
        work = partial(redaction.redact, marks=marks, kind=_kind(one.original))
        done = redaction.apart(work, data)
        name = f"{words.number(one.matter)}-遮盖件{_earlier(one) + 1}.{done.kind}"
        file = SimpleUploadedFile(name, done.data)
        kept = attachments.keep(file, kinds=(done.kind,), most=None)
    except NotClean as left:
        return _failed(one, [each.text for each in left.left], at)
    except (BadMark, CannotRead) as cause:
        return _failed(one, [cause.text], at)
    except Exception:  # nothing is handed out on any doubt, and nobody waits for ever
        log.exception("redaction %d", one.pk)
        why = Text("制作时出错，已记入日志，请告知系统管理员", "it went wrong; see the log")
        return _failed(one, [why], at)
    return _made(one, kept, done.pages, at)


def _kind(original: Attachment) -> redaction.Kind:
    for kind in get_args(redaction.Kind):
        if kind == original.file.kind:
            return kind  # type: ignore[no-any-return]
    raise CannotRead("error.unknown_type", Text("不是 PDF 或者图片", "no PDF and no picture"))


def _earlier(one: Redaction) -> int:
    return Redaction.objects.filter(matter=one.matter, state=Redaction.State.MADE).count()


@transaction.atomic
def _failed(one: Redaction, why: Sequence[Text], at: datetime) -> Redaction | None:
    held = _still(one)
    if held is None:
        return None
    held.state = Redaction.State.FAILED
    held.said = [[each.zh, each.en] for each in why]
    held.at, held.version = at, held.version + 1
    held.save()
    return held


@transaction.atomic
def _made(one: Redaction, kept: attachments.Kept, pages: int, at: datetime) -> Redaction | None:
    held = _still(one)
    if held is None:
        return None
    organ, subject = one.matter.organ, life.address(one.matter)
    held.made = attachments.attach_kept(kept, organ=organ, subject=subject, by=one.by, at=at)
    held.state, held.at, held.version = Redaction.State.MADE, at, held.version + 1
    held.save()
    counted = Counter(each.ground.value for each in boxes(one))
    new = {
        "count": len(one.marks),
        "pages": pages,
        "reasons": dict(sorted(counted.items())),
        "original": one.original_id,
        "made": held.made.pk,
    }
    events.record("redaction.made", organ=organ, by=one.by, at=at, subject=subject, new=new)
    return held


def _still(one: Redaction) -> Redaction | None:
    """The row, locked, where nobody else was first."""
    rows = Redaction.objects.select_for_update().filter(pk=one.pk, version=one.version)
    return rows.filter(state=Redaction.State.MAKING).first()


def left_over(*, at: datetime) -> list[int]:
    """What was to be made and was heard of no more."""
    rows = Redaction.objects.filter(state=Redaction.State.MAKING, at__lt=at - GIVEN_UP)
    return list(rows.values_list("pk", flat=True))


def plain(marks: Sequence[Mark], ground: Ground) -> list[Box]:
    """Marks that were found, as boxes without what stood there."""
    return [Box(replace(mark, reason="hand", text="", sure=True), ground) for mark in marks]
