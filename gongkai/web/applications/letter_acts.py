"""办理并发文: acts that carry a letter: the act and its letter in one transaction, or neither.

Each goes through `recording.act`; the letter is composed of the case as it stands after the act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.statute import letter_kinds
from gongkai.statute.case_events import Act, Decided, Event, Sent, Signed, Way
from gongkai.statute.clock_events import Whom
from gongkai.web.applications import (
    letter_actions,
    letter_content,
    letter_rendering,
    life,
    matter_actions,
    recording,
    tracking_address,
)
from gongkai.web.applications.letter_actions import Over
from gongkai.web.applications.matter_actions import Asks
from gongkai.web.applications.models import Letter, Matter, Party
from gongkai.web.ledger import keys, outbox, vault
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.refusals import Refusal

CARRIED: dict[Act, str] = {
    Act.CLARIFY: "clarification",
    Act.ASK_REASONS: "reasons_request",
    Act.DEFER: "delayed_answer",
    Act.TELL_EXTENSION: "extension",
    Act.CHARGE: "fee",
    Act.TELL_PARTY: "third_party_decision",
}
"""Which letter an act carries."""
CONSULTS: dict[Whom, str] = {
    Whom.THIRD_PARTY: "consultation",
    Whom.JOINT_MAKER: "consultation_joint",
}


class NoAnswer(Refusal):
    """没有答复书: nothing was drafted that could be signed or sent."""


class NoChannel(Refusal):
    """没有复议互联网渠道: an answer sent by internet names one (行政复议法第二十二条)."""


@dataclass(frozen=True, slots=True)
class Text:
    """要发的文书: what was typed for it; ``number`` typed where the organ numbers elsewhere."""

    values: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""


# -- on the way


@transaction.atomic
def carry(
    *,
    by: Doer,
    matter: Matter,
    version: int,
    event: Event,
    text: Text | None = None,
    letter: Letter | None = None,
    told: dict[str, Any] | None = None,
) -> Matter:
    """办理并发文: with a new letter of what was typed, or with one that is numbered already.

    Raises what `recording.act`, `letter_actions.draft` and `numbered` raise.
    """
    after = recording.act(by=by, matter=matter, event=event, version=version, told=told)
    if letter is not None:
        _fits(letter, after, event.act)
        one = letter_actions.held(letter, letter.version, Letter.State.NUMBERED, Letter.State.SENT)
        letter_rendering.there(one)
        if one.state == Letter.State.NUMBERED:
            letter_actions.sent(by=by, letter=one)
        return after
    kind = CARRIED[event.act]
    party = after.parties.filter(key=getattr(event, "party", "")).first()
    _issued(by, after, kind, event.on, text or Text(), party)
    return after


def _fits(letter: Letter, matter: Matter, act: Act) -> None:
    if letter.matter_id != matter.pk or letter.kind != CARRIED[act]:
        raise Over(_("所选的文书不属于这一步，请重新选择。"), field="letter")


def _issued(
    by: Doer, matter: Matter, kind: str, on: date, text: Text, party: Party | None = None
) -> Letter:
    """Drafted, numbered and printed of the case as it now stands; gone out with the act."""
    case = life.case_of(matter, as_of=on)
    made = letter_actions.draft(
        by=by, of=matter, kind=kind, values=text.values, party=party, case=case
    )
    number = letter_actions.next_number(by, made, on, text.number)
    letter_actions.numbered(by=by, letter=made, on=on, number=number, case=case)
    return letter_actions.sent(by=by, letter=made)


@transaction.atomic
def consult(
    *,
    by: Doer,
    matter: Matter,
    version: int,
    on: date,
    parties: Sequence[Asks],
    text: Text,
) -> Matter:
    """征求意见: one letter to each party; numbers are drawn one after the other.

    Raises what `matter_actions.consult` and `carry` raise.
    """
    before = set(matter.parties.values_list("pk", flat=True))
    after = matter_actions.consult(by=by, matter=matter, version=version, on=on, parties=parties)
    made = list(after.parties.exclude(pk__in=before).select_related("name").order_by("pk"))
    if text.number and len(made) > 1:
        raise letter_actions.NumberTaken(
            _("一次征求几方意见的，文号由系统逐件编排，不能填写。"), field="number"
        )
    for party in made:
        whom = Whom.JOINT_MAKER if party.joint_maker else Whom.THIRD_PARTY
        _issued(by, after, CONSULTS[whom], on, text, party)
    return after


# -- the answer


def answer_of(matter: Matter) -> Letter | None:
    """答复书: the one in hand: the last that was not made void."""
    kinds = [one.id for one in letter_kinds.kinds().values() if one.group == "answers"]
    rows = Letter.objects.filter(matter=matter, kind__in=kinds).exclude(state=Letter.State.VOID)
    return rows.select_related(*letter_actions.RELATED).order_by("pk").last()


@transaction.atomic
def decide(
    *, by: Doer, matter: Matter, version: int, event: Decided, values: Mapping[str, Any]
) -> Matter:
    """拟定答复: the decision with the letter that tells it, whole but for its number.

    A draft that was returned is written over. Raises Lacking and what `recording.act` raises.
    """
    after = recording.act(by=by, matter=matter, event=event, version=version)
    case = life.case_of(after, as_of=event.on)
    kind = letter_kinds.for_ground(event.ground.value).id
    found = answer_of(after)
    if found is not None and found.state == Letter.State.DRAFT:
        one = letter_actions.held(found, found.version)
        one.kind, one.values = kind, letter_content.write(values)
        one.by = by.by
        letter_actions.save(one, "kind", "values", "by")
        letter_actions.tell(by, "letter.changed", one)
    else:
        one = letter_actions.draft(by=by, of=after, kind=kind, values=values, case=case)
    one.matter = after
    made = letter_actions.composed(one, on=event.on, case=case)
    letter_actions.complete(made, number=False)
    return after


def _answer(matter: Matter, *states: Letter.State) -> Letter:
    found = answer_of(matter)
    if found is None or found.state not in states:
        raise NoAnswer(_("没有可以签发、发出的答复书，请退回重新拟定答复。"))
    return letter_actions.held(found, found.version, *states)


@transaction.atomic
def sign(*, by: Doer, matter: Matter, version: int, on: date, number: str = "") -> Matter:
    """签发: the number is drawn or as typed, the letter printed, the act told.

    Raises NoAnswer, Lacking, NoPrefix, NumberTaken and what `recording.act` raises.
    """
    recording.check(by, matter, Act.SIGN)
    one = _answer(matter, Letter.State.DRAFT)
    drawn = letter_actions.next_number(by, one, on, number)
    after = recording.act(by=by, matter=matter, event=Signed(on, drawn), version=version)
    one.matter = after
    letter_actions.numbered(by=by, letter=one, on=on, number=drawn)
    return after


@dataclass(frozen=True, slots=True)
class Went:
    """发出的结果: ``mailed`` None: nothing was to be mailed; False: nobody left an address."""

    matter: Matter
    mailed: bool | None = None


@transaction.atomic
def send(*, by: Doer, matter: Matter, version: int, on: date, way: Way) -> Went:
    """发出: the answer; electronically also a mail that tells where it can be read.

    Raises NoAnswer, NoChannel and what `recording.act` does.
    """
    recording.check(by, matter, Act.SEND)
    one = _answer(matter, Letter.State.NUMBERED, Letter.State.SENT)
    letter_rendering.there(one)
    if way is Way.ELECTRONIC:
        _online(one)
    after = recording.act(by=by, matter=matter, event=Sent(on, way), version=version)
    if one.state == Letter.State.NUMBERED:
        letter_actions.sent(by=by, letter=one)
    mailed = _mailed(by, after, one) if way is Way.ELECTRONIC else None
    return Went(after, mailed)


def _online(letter: Letter) -> None:
    assert letter.dated is not None
    made = letter_actions.composed(letter, on=letter.dated)
    elements = {one.id: one for one in made.kind.elements}
    asked = elements.get("remedy_online")
    if asked is None or asked.source(made.on) is None:
        return
    if "reconsideration_online" not in made.given:
        raise NoChannel(
            _(
                "通过互联网送达的，应当写明提交复议申请的互联网渠道（行政复议法第二十二条）；"
                "本件没有写明，请改用其他送达方式。"
            ),
            field="way",
        )


def _mailed(by: Doer, matter: Matter, letter: Letter) -> bool:
    """A mail to everyone who left an address; False where nobody did."""
    sent = False
    for one in matter.request.applicants.exclude(email=None).select_related("email"):
        assert one.email is not None
        try:
            to = vault.open_(one.email)
            outbox.put(
                key=f"letter/{letter.pk}/{letter.version}/{one.pk}",
                organ=matter.organ,
                subject=life.address(matter),
                channel="mail",
                to=to,
                title=letter_kinds.kind(letter.kind).title,
                body=_body(matter, letter),
                at=by.at,
            )
            sent = True
        except (vault.Erased, keys.Unreadable, outbox.BadAddress):
            continue
    return sent


def _body(matter: Matter, letter: Letter) -> str:
    """Without names: a mail may go astray."""
    organ = letter_content.issuer(matter, letter.dated or matter.request.arrived_on)
    told = [
        f"{organ.name}已对您提出的政府信息公开申请作出答复（{letter.number}）。",
        f"查询码：{matter.request.code}。",
    ]
    address = tracking_address.of(organ)
    if address:
        told.append(f"请到{address}查看。")
    return "\n".join(told)
