"""申请之外: correction of records about oneself (Art 41), and help for those who need it (Art 43).

Neither is an application for information: no day count, no row of the form. Both are recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from gongkai.statute.texts import Text
from gongkai.statute.transitions import (
    Duty,
    Illegal,
    Offer,
    Refused,
    Row,
    Table,
    lacking,
    not_here,
    offer,
    too_early,
    unfilled,
)


class State(StrEnum):
    """更正申请的状态."""

    ASKED = "asked"  # 待处理
    DECIDED = "decided"  # 待告知
    TOLD = "told"  # 已告知
    ARCHIVED = "archived"  # 已归档


class Act(StrEnum):
    """更正申请的办理动作."""

    ASK = "ask"  # 收到更正申请
    PROVE = "prove"  # 补充证据
    SETTLE = "settle"  # 作出处理
    TELL = "tell"  # 告知申请人
    ARCHIVE = "archive"  # 归档


class Settlement(StrEnum):
    """更正申请的处理 (Art 41)."""

    CORRECTED = "corrected"  # 予以更正
    PASSED_ON = "passed_on"  # 转送有权更正的机关
    NAMED = "named"  # 告知向有权更正的机关提出
    REFUSED = "refused"  # 不予更正


SETTLEMENTS: Mapping[Settlement, Text] = {
    Settlement.CORRECTED: Text("予以更正并告知", "corrected"),
    Settlement.PASSED_ON: Text("转送有权更正的机关处理并告知", "passed on to the competent organ"),
    Settlement.NAMED: Text("告知向有权更正的机关提出", "the competent organ was named"),
    Settlement.REFUSED: Text("不予更正并说明理由", "refused with reasons"),
}


LETTERS: Mapping[Settlement, tuple[str, ...]] = {
    Settlement.CORRECTED: ("correction_done",),
    Settlement.PASSED_ON: ("correction_passed", "correction_transfer"),
    Settlement.NAMED: ("correction_elsewhere",),
    Settlement.REFUSED: ("correction_refused",),
}
"""The kinds of letter (`letter_kinds`) that tell each, the first of them the applicant."""


@dataclass(frozen=True, slots=True)
class Event:
    """事件: ``on`` = the day it happened."""

    on: date
    act: ClassVar[Act]


@dataclass(frozen=True, slots=True)
class CorrectionRequested(Event):
    """收到更正申请: which record, and the evidence that it is wrong."""

    act = Act.ASK
    record: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Event):
    """补充证据."""

    act = Act.PROVE
    evidence: str


@dataclass(frozen=True, slots=True)
class Settled(Event):
    """作出处理: ``organ`` = the competent one; ``reason`` for a refusal."""

    act = Act.SETTLE
    settlement: Settlement
    organ: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told(Event):
    """告知申请人."""

    act = Act.TELL


@dataclass(frozen=True, slots=True)
class CorrectionArchived(Event):
    """归档."""

    act = Act.ARCHIVE


EVENTS: Mapping[Act, type[Any]] = {kind.act: kind for kind in Event.__subclasses__() if kind.act}

TABLE: Table[State, Act] = Table(
    name=Text("更正申请", "request for correction"),
    states={
        State.ASKED: Text("待处理", "to be dealt with"),
        State.DECIDED: Text("待告知", "to be told"),
        State.TOLD: Text("已告知", "told"),
        State.ARCHIVED: Text("已归档", "archived"),
    },
    acts={
        Act.ASK: Text("收到更正申请", "record the request"),
        Act.PROVE: Text("补充证据", "add evidence"),
        Act.SETTLE: Text("作出处理", "settle"),
        Act.TELL: Text("告知申请人", "tell the applicant"),
        Act.ARCHIVE: Text("归档", "archive"),
    },
    events=EVENTS,
    needs={
        "record": Text("要求更正的记录", "the record"),
        "evidence": Text("证据", "the evidence"),
        "settlement": Text("处理", "the settlement"),
        "organ": Text("有权更正的机关", "the competent organ"),
        "reason": Text("理由", "the reasons"),
    },
    ends=frozenset({State.ARCHIVED}),
    rows=(
        Row(Act.ASK, (None,), State.ASKED, source="ogi.41", needs=("record",)),
        Row(Act.PROVE, (State.ASKED,), State.ASKED, source="ogi.41", needs=("evidence",)),
        Row(
            Act.SETTLE, (State.ASKED,), State.DECIDED, Duty.APPROVE, "ogi.41", ("settlement",)
        ),
        Row(Act.TELL, (State.DECIDED,), State.TOLD, source="ogi.41"),
        Row(Act.ARCHIVE, (State.TOLD,), State.ARCHIVED, source="ogi.45"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """更正申请: where it stands."""

    events: tuple[Event, ...] = ()
    state: State | None = None
    latest: date = date.min
    evidence: tuple[str, ...] = ()
    settled: Settled | None = None


def replay(events: Iterable[Event]) -> Correction:
    """Where a request for correction stands. Raises Illegal, naming the event and why."""
    found = Correction()
    for at, event in enumerate(events):
        try:
            found = _step(found, event)
        except Refused as refused:
            raise Illegal(refused.text, event, at) from None
    return found


def _step(now: Correction, event: Event) -> Correction:
    row = TABLE.find(now.state, event.act)
    if row is None:
        raise Refused(not_here(TABLE, now.state, event.act))
    if event.on < now.latest:
        raise Refused(too_early(TABLE, event.act, event.on, now.latest))
    empty = unfilled(row, event)
    if isinstance(event, Settled):
        need = _ALSO.get(event.settlement)
        empty += [need] if need and not getattr(event, need) else []
        if event.settlement is Settlement.CORRECTED and not now.evidence:
            empty.append("evidence")
    if empty:
        raise Refused(lacking(TABLE, event.act, empty))
    proof = getattr(event, "evidence", "")
    return replace(
        now,
        events=(*now.events, event),
        state=TABLE.target(now.state, row, None),
        latest=event.on,
        evidence=(*now.evidence, proof) if proof else now.evidence,
        settled=event if isinstance(event, Settled) else now.settled,
    )


_ALSO: Mapping[Settlement, str] = {
    Settlement.PASSED_ON: "organ",
    Settlement.NAMED: "organ",
    Settlement.REFUSED: "reason",
}


def acts(now: Correction, on: date) -> tuple[Offer[Act], ...]:
    """Every act: whether it may be done on the day ``on``, and why not."""
    samples: Mapping[Act, Event] = {
        Act.ASK: CorrectionRequested(on, "…"),
        Act.PROVE: EvidenceAdded(on, "…"),
        Act.SETTLE: Settled(on, Settlement.REFUSED, reason="…"),
        Act.TELL: Told(on),
        Act.ARCHIVE: CorrectionArchived(on),
    }
    return tuple(
        offer(TABLE, now.state, act, [samples[act]], lambda x: _step(now, x))[0] for act in Act
    )


# -- 第四十三条


class Need(StrEnum):
    """需要帮助的情形 (Art 29, Art 43)."""

    WRITING = "writing"  # 书写困难，口头申请
    READING = "reading"  # 阅读困难
    SIGHT = "sight"  # 视力障碍
    HEARING = "hearing"  # 听力障碍


NEEDS: Mapping[Need, Text] = {
    Need.WRITING: Text("书写确有困难，口头申请", "cannot write: applies by word of mouth"),
    Need.READING: Text("阅读困难", "difficulty in reading"),
    Need.SIGHT: Text("视力障碍", "difficulty in seeing"),
    Need.HEARING: Text("听力障碍", "difficulty in hearing"),
}


@dataclass(frozen=True, slots=True)
class Help:
    """提供帮助: on which day, for which need, what was done.

    ``filled_in``: the officer wrote the application down; it is then read back and confirmed.
    """

    on: date
    need: Need
    done: str
    filled_in: bool = False
    read_back: bool = False

    @property
    def source(self) -> str:
        """The provision: Art 29 for an application by word of mouth, else Art 43."""
        return "ogi.29" if self.need is Need.WRITING else "ogi.43"

    @property
    def lacks(self) -> Text | None:
        """What still has to be done."""
        if self.filled_in and not self.read_back:
            return Text(
                "代填的申请应当向申请人宣读并由其确认。",
                "What was written down for the applicant is read back and confirmed.",
            )
        return None
