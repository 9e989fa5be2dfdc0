"""文书模板的变更: an organ's own text of a kind of letter, in versions; and back to the program's.

A text that cannot be read, or would not print a compulsory element, is not taken: each fault is
told with its line and column. Letters made before keep the version they were made with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import letter_kinds, letter_samples, letters
from gongkai.statute.letter_kinds import Kind
from gongkai.statute.letter_templates import Fault, TemplateError
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import LetterTemplate
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Organ
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale


class Faulty(Refusal):
    """模板不能使用: every fault, with its place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = [str(said(fault.say())).replace("%%", "%") for fault in faults]
        super().__init__(" ".join(told), field="text")
        self.faults = tuple(faults)
        self.told = tuple(told)


class NotWhole(Refusal):
    """要素不全: a compulsory element that the text would not print."""


class Unchanged(Refusal):
    """没有改动: the text is the one in force."""


def newest(organ: Organ, kind: str) -> LetterTemplate | None:
    """The organ's own last version, which may be the empty one that goes back."""
    return LetterTemplate.objects.filter(organ=organ, kind=kind).order_by("-number").first()


def checked(kind: Kind, text: str) -> None:
    """Raises Faulty, NotWhole."""
    try:
        template = kind.parse(text)
    except TemplateError as wrong:
        raise Faulty(wrong.faults) from None
    lacking = kind.lacking(template)
    if lacking:
        names = _now("、").join(str(said(one.name)) for one in lacking)
        raise NotWhole(
            _now("正文没有印出必备的要素：%(names)s。请加上相应的变量。") % {"names": names},
            field="text",
        )


def tried(kind: Kind, text: str) -> letters.Letter:
    """The text filled with invented values, to be looked at. Raises Faulty, NotWhole."""
    checked(kind, text)
    on: date = letter_samples.dated(kind)
    return letters.compose(kind, letter_samples.values(kind), on, template=kind.parse(text))


@transaction.atomic
def change(*, by: Doer, organ: Organ, kind: str, number: int, text: str) -> LetterTemplate:
    """修改模板: a new version, in force at once. ``number``: of the version the author saw, 0 for
    none. Raises NotAllowed, Stale, Faulty, NotWhole, Unchanged."""
    one = letter_kinds.kind(kind)
    clean = text.replace("\r\n", "\n").strip()
    checked(one, clean)
    return _made(by, organ, one, number, clean)


@transaction.atomic
def back(*, by: Doer, organ: Organ, kind: str, number: int) -> LetterTemplate:
    """恢复系统模板: the program's own text is in force. Raises NotAllowed, Stale, Unchanged."""
    return _made(by, organ, letter_kinds.kind(kind), number, "")


def _made(by: Doer, organ: Organ, kind: Kind, number: int, text: str) -> LetterTemplate:
    by.may_administer(organ)
    by.tell("letter.template", organ, f"organ/{organ.code}", new={"letter": kind.id})
    last = newest(organ, kind.id)  # behind the organ's chain of events: nobody else is at it
    if (last.number if last else 0) != number:
        raise Stale
    if text == (last.text if last else ""):
        raise Unchanged(_("与现行的模板相同，没有保存。"), field="text")
    return LetterTemplate.objects.create(
        organ=organ, kind=kind.id, number=number + 1, text=text, by=by.by, at=by.at
    )


def of_organ(organ: Organ) -> dict[str, LetterTemplate]:
    """The newest own version of each kind."""
    rows = LetterTemplate.objects.filter(organ=organ).select_related("by").order_by("number")
    return {one.kind: one for one in rows}
