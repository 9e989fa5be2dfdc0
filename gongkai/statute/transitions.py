"""办理环节: a life as a table: in which state which act may be done, by whom, where it leads.

A table is data and is checked when its module is loaded: every state is reached, every act leads
somewhere, nothing is left without a way to an end, every row rests on a provision or says it is our
convention, every state and act has its words. `gongkai.statute.cases` and
`gongkai.statute.remedies` obey their tables and never decide a transition elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from gongkai.statute import articles
from gongkai.statute.texts import Text

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
E = TypeVar("E")

OURS = Text("本系统约定", "convention of this system")


class Duty(StrEnum):
    """职责: whose act it is. What the applicant or a party does is recorded by the handler."""

    HANDLE = "handle"  # 经办
    REVIEW = "review"  # 审核
    APPROVE = "approve"  # 批准
    SIGN = "sign"  # 签发、编号、用印
    HEAD = "head"  # 工作机构负责人（第三十三条）


DUTIES: Mapping[Duty, Text] = {
    Duty.HANDLE: Text("经办", "handling"),
    Duty.REVIEW: Text("审核", "review"),
    Duty.APPROVE: Text("批准", "approval"),
    Duty.SIGN: Text("签发", "signing"),
    Duty.HEAD: Text("工作机构负责人", "head of the working body"),
}


class Turn(StrEnum):
    """去向: where an act leads that does not lead to one state."""

    STAY = "stay"  # 状态不变
    BACK = "back"  # 回到办结前的状态


class Illegal(ValueError):
    """不合办理环节: an event that cannot follow on what happened before it.

    ``event`` is the one that does not fit, ``at`` its place in the history, from 0.
    """

    def __init__(self, text: Text, event: object, at: int) -> None:
        super().__init__(text.en)
        self.text, self.event, self.at = text, event, at


class Refused(ValueError):
    """不能办理: why an act cannot be done now; within the replay, before the place is known."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Row(Generic[S, A]):
    """一行: in each of ``states`` (None = before there is anything) ``act`` may be done.

    ``needs``: fields of the event that must be filled. ``source``: a provision id, empty where it
    is our convention; ``also``: another it rests on, for some. ``late``: a fact about the past,
    which may be recorded after later ones.
    """

    act: A
    states: tuple[S | None, ...]
    to: S | Turn
    duty: Duty = Duty.HANDLE
    source: str = ""
    needs: tuple[str, ...] = ()
    late: bool = False
    also: str = ""

    @property
    def rests_on(self) -> Text:
        """The provisions in short, or that it is our convention."""
        briefs = [articles.provision(id).brief for id in (self.source, self.also) if id]
        if not briefs:
            return OURS
        return Text("、".join(one.zh for one in briefs), ", ".join(one.en for one in briefs))


@dataclass(frozen=True, slots=True)
class Table(Generic[S, A]):
    """环节表: the rows, the words of states and acts, the event class of each act.

    ``ends``: where nothing more has to be done. ``needs``: the words of the fields rows ask for.
    """

    name: Text
    rows: tuple[Row[S, A], ...]
    states: Mapping[S, Text]
    acts: Mapping[A, Text]
    events: Mapping[A, type[Any]]
    needs: Mapping[str, Text]
    ends: frozenset[S]

    def __post_init__(self) -> None:
        _check(self)

    def find(self, state: S | None, act: A) -> Row[S, A] | None:
        """The row of an act in a state; None where it cannot be done there."""
        return next((r for r in self.rows if r.act == act and state in r.states), None)

    def target(self, state: S | None, row: Row[S, A], came_from: S | None) -> S:
        """Where a row leads from a state; ``came_from`` = the state before the one it is in."""
        to = row.to
        if isinstance(to, Turn):
            found = state if to is Turn.STAY else came_from
            assert found is not None, "a table is checked for this"
            return found
        return to

    def edges(self) -> Iterator[tuple[S | None, Row[S, A], S]]:
        """Every way from a state to a state."""
        for row in self.rows:
            for state in row.states:
                for to in self._targets(state, row):
                    yield state, row, to

    def _targets(self, state: S | None, row: Row[S, A]) -> list[S]:
        to = row.to
        if not isinstance(to, Turn):
            return [to]
        if to is Turn.STAY:
            return [] if state is None else [state]
        sources = [s for r in self.rows if r.to == state for s in r.states]
        return list(dict.fromkeys(s for s in sources if s is not None))


def _check(table: Table[Any, Any]) -> None:
    """Raises ValueError for a table that contradicts itself or has no way out."""
    pairs = [(state, row.act) for row in table.rows for state in row.states]
    if len(set(pairs)) != len(pairs):
        raise ValueError("an act has two meanings in one state")
    if {row.act for row in table.rows} != set(table.acts) or set(table.events) != set(table.acts):
        raise ValueError("an act without a row, without words or without an event")
    for row in table.rows:
        _check_row(table, row)
    edges = list(table.edges())
    if {(row.act, state) for state, row, _ in edges} != {(act, state) for state, act in pairs}:
        raise ValueError("an act that leads nowhere")
    used = {to for _, _, to in edges} | {state for state, _, _ in edges if state is not None}
    if used != set(table.states):
        raise ValueError(f"states without words or without a row: {used ^ set(table.states)}")
    if missing := set(table.states) - _reached(edges, {None}):
        raise ValueError(f"a state that nothing leads to: {missing}")
    backwards = [(to, row, state) for state, row, to in edges if state is not None]
    if stuck := set(table.states) - _reached(backwards, set(table.ends)):
        raise ValueError(f"no way to an end: {stuck}")
    for words in (*table.states.values(), *table.acts.values(), *table.needs.values()):
        if not (words.zh and words.en):
            raise ValueError("words missing in one language")


def _check_row(table: Table[Any, Any], row: Row[Any, Any]) -> None:
    for id in (row.source, row.also):
        if id:
            articles.provision(id)
    known = {field.name for field in fields(table.events[row.act])}
    if lacking := set(row.needs) - known:
        raise ValueError(f"{row.act} has no field {lacking}")
    if lacking := set(row.needs) - set(table.needs):
        raise ValueError(f"{row.act} needs what has no words: {lacking}")


def _reached(edges: list[tuple[Any, Any, Any]], start: set[Any]) -> set[Any]:
    seen = set(start)
    while fresh := {to for state, _, to in edges if state in seen} - seen:
        seen |= fresh
    return seen


# What may be done, by trying it.


@dataclass(frozen=True, slots=True)
class Offer(Generic[A]):
    """一项可办事项: ``here``: the state knows the act. ``may``: it can be done on that day.

    ``why_not`` in plain words where it cannot. ``needs``: what must be given, by field name.
    ``parties``: for an act about one party, whose it can be.
    """

    act: A
    label: Text
    duty: Duty | None
    here: bool
    may: bool
    why_not: Text | None
    source: str
    rests_on: Text | None
    needs: tuple[str, ...]
    parties: tuple[str, ...] = ()


def offer(
    table: Table[S, A],
    state: S | None,
    act: A,
    samples: Iterable[E],
    step: Callable[[E], object],
    *,
    first_only: bool = False,
) -> tuple[Offer[A], list[E]]:
    """Whether an act may be done, told by trying events of it; and those that were taken.

    Where none of the ``samples`` is taken the act cannot be done: they are filled in as well as
    can be. ``first_only``: the first that is taken is enough.
    """
    label, row = table.acts[act], table.find(state, act)
    if row is None:
        why = not_here(table, state, act)
        return Offer(act, label, None, False, False, why, "", None, ()), []
    why_not: Text | None = None
    taken: list[E] = []
    for sample in samples:
        try:
            step(sample)
        except Refused as refused:
            why_not = refused.text
        else:
            taken.append(sample)
            if first_only:
                break
    found = Offer(
        act=act,
        label=label,
        duty=row.duty,
        here=True,
        may=bool(taken),
        why_not=None if taken else why_not,
        source=row.source,
        rests_on=row.rests_on,
        needs=row.needs,
    )
    return found, taken


# What every life refuses in the same words.


def not_here(table: Table[Any, Any], state: StrEnum | None, act: StrEnum) -> Text:
    """In this state the act has no place."""
    if state is None:
        return Text("还没有登记，不能“{act}”。", "Nothing is on record yet: no “{act}”.").within(
            act=table.acts[act]
        )
    return Text(
        "当前状态为“{state}”，不能“{act}”。",
        "The state is “{state}”: “{act}” has no place here.",
    ).within(state=table.states[state], act=table.acts[act])


def too_early(table: Table[Any, Any], act: StrEnum, on: date, latest: date) -> Text:
    """An event before one that must come first."""
    return Text(
        "“{act}”的日期{on}早于已登记的{latest}，请核对先后顺序。",
        "“{act}” is dated {on}, before what is already on record ({latest}): check the order.",
    ).within(act=table.acts[act], on=on, latest=latest)


def lacking(table: Table[Any, Any], act: StrEnum, needs: list[str]) -> Text:
    """Fields that must be filled."""
    return Text("“{act}”还须填写：{zh}。", "“{act}” still needs: {en}.").within(
        act=table.acts[act],
        zh="、".join(table.needs[need].zh for need in needs),
        en=", ".join(table.needs[need].en for need in needs),
    )


def unfilled(row: Row[Any, Any], event: object) -> list[str]:
    """The fields a row needs that the event leaves empty."""
    return [need for need in row.needs if getattr(event, need) in (None, "", ())]
