"""文书的变更: a letter is drafted, changed, numbered, marked as sent, or made void.

A letter that lacks a compulsory element is neither numbered nor sent. Its number is unique within
the organ; its files are made once that is committed. Events name the kind and the number, nobody's
name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import articles, letter_json, letter_kinds, letters, side_matters
from gongkai.statute.case_state import Case
from gongkai.statute.letter_kinds import Element
from gongkai.statute.transitions import Duty
from gongkai.web.applications import (
    correction_actions,
    letter_content,
    letter_rendering,
    life,
    recording,
)
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.letter_content import Given
from gongkai.web.applications.models import Correction, Holder, Letter, Party
from gongkai.web.ledger import numbers, vault
from gongkai.web.organs import preferences
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

NUMBER_MOST = 60
RELATED = (
    *("organ", "party", "composed", "matter__organ", "matter__request"),
    *("correction__organ", "correction__request"),
)
"""What a letter is handled with."""


class Lacking(Refusal):
    """要素不全: what the letter does not hold, and which provision asks for it."""


class NumberTaken(Refusal):
    """文号重复: another letter of the organ has this number."""


class NoPrefix(Refusal):
    """没有机关代字: no number can be drawn; one may be typed."""


class Over(Refusal):
    """文书已定: what was numbered, sent or made void is not changed any more."""


class NotSettled(Refusal):
    """与处理不一致: a letter tells a settlement that was not made, or not yet."""


class NoReason(Refusal):
    """未写理由: a letter is made void for a reason."""


# -- drafting


@transaction.atomic
def draft(
    *,
    by: Doer,
    of: Holder,
    kind: str,
    values: Mapping[str, Any],
    party: Party | None = None,
    case: Case | None = None,
) -> Letter:
    """起草: a letter; it may lack what is still to be looked up.

    Raises NotAllowed, letter_content.NotFit, NoName.
    """
    may_write(by, of)
    if isinstance(of, Correction):
        _tells_what_was_settled(of, kind)
    made = Letter(
        **{"correction" if isinstance(of, Correction) else "matter": of},
        organ=of.organ,
        kind=letter_kinds.kind(kind).id,
        state=Letter.State.DRAFT,
        values=letter_content.write(values),
        party=party,
        by=by.by,
        at=by.at,
    )
    composed(made, on=timezone.localdate(by.at), case=case)
    made.save()
    tell(by, "letter.drafted", made)
    return made


@transaction.atomic
def change(*, by: Doer, letter: Letter, version: int, values: Mapping[str, Any]) -> Letter:
    """修改: of a draft. Raises NotAllowed, Stale, Over, letter_content.NotFit, NoName."""
    one = held(letter, version, Letter.State.DRAFT)
    may_write(by, one.of)
    one.values = letter_content.write(values)
    composed(one, on=timezone.localdate(by.at))
    save(one, "values")
    tell(by, "letter.changed", one)
    return one


@transaction.atomic
def void(*, by: Doer, letter: Letter, version: int, reason: str) -> Letter:
    """作废: what was not sent; its number is not used again. Raises NotAllowed, Stale, Over."""
    one = held(letter, version, Letter.State.DRAFT, Letter.State.NUMBERED)
    may_write(by, one.of)
    if len(reason.strip()) < 2:
        raise NoReason(_("请写明作废的理由。"), field="reason")
    if is_answer(one.kind) and one.state == Letter.State.NUMBERED:
        raise Over(_("已签发的答复书不能作废；答复有误的，发出后依法更正或者重新办理。"))
    kept, one.composed = one.composed, None
    one.state = Letter.State.VOID
    save(one, "state", "composed")
    if kept is not None:
        vault.drop(kept)
    tell(by, "letter.voided", one, reason=reason.strip()[:200])
    return one


# -- numbering


@transaction.atomic
def issue(*, by: Doer, letter: Letter, version: int, on: date, number: str = "") -> Letter:
    """编号印制: of a letter that goes its own way, without an act of the case.

    Raises NotAllowed, Stale, Over, Lacking, NoPrefix, NumberTaken, letter_content.NotFit.
    """
    one = held(letter, version, Letter.State.DRAFT)
    may_write(by, one.of)
    if is_answer(one.kind):
        raise Over(_("答复书在签发时编号。"))
    not_to_come(by, on)
    if one.correction is not None:
        _settled(one.correction, one.kind, on)
    return numbered(by=by, letter=one, on=on, number=next_number(by, one, on, number))


def next_number(by: Doer, letter: Letter, on: date, typed: str = "") -> str:
    """The number the letter gets: as typed, else drawn for the organ's prefix and the year; nothing
    for a kind that bears none. Within a transaction. Raises NoPrefix, NumberTaken."""
    if not letter_kinds.kind(letter.kind).numbered:
        return ""
    organ = letter_content.issuer(letter.of, on)
    if typed.strip():
        return " ".join(typed.split())[:NUMBER_MOST]
    prefix = str(preferences.value_of(organ, "paper.number_prefix"))
    if not prefix:
        raise NoPrefix(
            _(
                "本机关没有设置机关代字，不能自动编号。请填写文号，或者请系统管理员在机关设置中补上。"
            ),
            field="number",
        )
    while True:
        at = numbers.draw(organ, f"letter:{prefix}"[:30], on.year)
        number = f"{prefix}〔{on.year}〕{at}号"
        if not _taken(organ, number):
            return number


def numbered(
    *, by: Doer, letter: Letter, on: date, number: str, case: Case | None = None
) -> Letter:
    """Numbers a letter and keeps what it says; within a transaction that has locked it. Its files
    are made after that (`letter_rendering`).

    That it is told locks the organ's chain of events: whoever is second with a typed number waits
    there and then finds it taken. Raises Lacking, NumberTaken, letter_content.NotFit.
    """
    organ = letter_content.issuer(letter.of, on)
    letter.number, letter.dated = number, on
    letter.template = letter_content.template_of(organ, letter.kind)
    found = given(letter, on=on, case=case)
    made = letter_content.composed(found)
    complete(made)
    tell(by, "letter.numbered", letter, number=number)
    if number and _taken(organ, number, but=letter.pk):
        raise NumberTaken(
            _now("文号 %(number)s 已经用过，请另填。") % {"number": number}, field="number"
        )
    letter_rendering.keep(by=by, letter=letter, made=made, organ=organ)
    letter.shown = letter_json.plain(letter_content.composed(found, masked=True))
    letter.state = Letter.State.NUMBERED
    save(letter, "number", "dated", "template", "state", "composed", "shown")
    letter_rendering.after_commit(by=by, letter=letter)
    return letter


def _taken(organ: Organ, number: str, but: int = 0) -> bool:
    rows = Letter.objects.filter(organ=organ, number=number)
    return rows.exclude(pk=but).exists()


def complete(made: letters.Letter, *, number: bool = True) -> None:
    """Raises Lacking where a compulsory element is missing; ``number`` False: but for that."""
    lacking = [one for one in letters.missing(made) if number or one.id != "number"]
    if lacking:
        told = _now("；").join(asked(one, made.on) for one in lacking)
        raise Lacking(_now("文书缺少必备的要素，不能编号、发出：%(told)s。") % {"told": told})


def asked(element: Element, on: date) -> str:
    """An element and the provision that asks for it."""
    name = str(said(element.name))
    source = element.source(on)
    if source is None:
        return name
    return _now("%(name)s（%(source)s）") % {"name": name, "source": named(source)}


def named(provision: str) -> str:
    """A provision as it is cited in the language of the request."""
    return str(said(articles.provision(provision).brief)).replace("%%", "%")


# -- printing


def given(letter: Letter, *, on: date, case: Case | None = None) -> Given:
    """What a letter is composed of on a day."""
    if case is None and letter.matter is not None:
        case = life.case_of(letter.matter, as_of=on)
    return Given(
        letter.of,
        letter_kinds.kind(letter.kind),
        case,
        on,
        letter.values,
        letter.party,
        letter.number,
        letter.template,
    )


def composed(
    letter: Letter, *, on: date, case: Case | None = None, masked: bool = False
) -> letters.Letter:
    """What it prints as things stand."""
    day = letter.dated or on
    return letter_content.composed(given(letter, on=day, case=case), masked=masked)


def issued(letter: Letter) -> letters.Letter | None:
    """What a numbered one says whatever has moved since, names masked; None for a draft."""
    return letter_json.letter_of(letter.shown) if letter.shown else None


# -- sending


@transaction.atomic
def mark_sent(*, by: Doer, letter: Letter, version: int) -> Letter:
    """发出: of a letter that goes its own way; one that tells the applicant how a correction was
    settled is that telling, where a handler sends it. Raises NotAllowed, Stale, Over,
    NotMade."""
    one = held(letter, version, Letter.State.NUMBERED)
    may_write(by, one.of)
    if is_answer(one.kind):
        raise Over(_("答复书在登记发出时一并记录。"))
    letter_rendering.there(one)
    telling = tells(by, one)
    sent(by=by, letter=one)
    if telling and one.correction is not None:
        event = side_matters.Told(timezone.localdate(by.at))
        one.correction = correction_actions.act(
            by=by, correction=one.correction, event=event, version=one.correction.version
        )
    return one


def tells(by: Doer, letter: Letter) -> bool:
    """Whether that this person sends it tells the applicant how their correction was settled."""
    one = letter.correction
    return (
        one is not None
        and one.state == side_matters.State.DECIDED
        and letter_kinds.kind(letter.kind).to == "applicant"
        and recording.does(by, one.organ, Duty.HANDLE)
    )


def sent(*, by: Doer, letter: Letter) -> Letter:
    """Marked as sent; within a transaction that has locked it."""
    letter.state = Letter.State.SENT
    save(letter, "state")
    tell(by, "letter.sent", letter, number=letter.number)
    return letter


# -- of a request for correction


def _tells_what_was_settled(correction: Correction, kind: str) -> None:
    if kind not in correction_actions.letter_kinds(correction):
        raise NotSettled(_("文书与所作的处理不一致，请按处理另行起草。"))


def _settled(correction: Correction, kind: str, on: date) -> None:
    """Raises NotSettled, WrongDay."""
    settled = correction_actions.standing(correction).settled
    if settled is None:
        raise NotSettled(_("这件更正申请还没有作出处理，请先作出处理，再编号印制。"))
    _tells_what_was_settled(correction, kind)
    if on < settled.on:
        told = _now("成文日期不能早于作出处理之日（%(day)s）。") % {"day": settled.on}
        raise recording.WrongDay(told, field="on")


# -- common


def is_answer(kind: str) -> bool:
    """Whether it answers the application: decided, reviewed, approved and signed."""
    return letter_kinds.kind(kind).group == "answers"


def writes(by: Doer, of: Holder) -> bool:
    """Whether this person writes letters of it: handlers do, and approvers: notices of what the
    head decided."""
    return any(recording.does(by, of.organ, duty) for duty in (Duty.HANDLE, Duty.APPROVE))


def may_write(by: Doer, of: Holder) -> None:
    """Raises NotAllowed."""
    if not writes(by, of):
        raise NotAllowed


def not_to_come(by: Doer, on: date) -> None:
    """Raises WrongDay for a letter dated in the days to come."""
    if on > timezone.localdate(by.at):
        raise recording.WrongDay(_("日期不能晚于今天。"), field="on")


def held(letter: Letter, version: int, *states: Letter.State) -> Letter:
    """The letter, locked behind what it is of. Raises Stale, Over."""
    type(letter.of)._default_manager.select_for_update(of=("self",)).get(pk=letter.of.pk)
    rows = Letter.objects.select_for_update(of=("self",))
    found = rows.select_related(*RELATED).get(pk=letter.pk)
    if found.version != version:
        raise Stale
    if states and found.state not in states:
        raise Over(
            _now("文书现为“%(state)s”，不能再这样处理。") % {"state": found.get_state_display()}
        )
    return found


def save(letter: Letter, *fields: str) -> None:
    """With its version moved on."""
    letter.version += 1
    letter.save(update_fields=[*fields, "version"])


def tell(by: Doer, event: str, letter: Letter, **more: str) -> None:
    """An event of what it is of about one of its letters: its kind, never its content."""
    new = {"letter": letter.kind, **more}
    by.tell(event, letter.organ, subject_of(letter.of), new=new)


def subject_of(of: Holder) -> str:
    """The address under which it is told of."""
    return correction_actions.address(of) if isinstance(of, Correction) else life.address(of)
