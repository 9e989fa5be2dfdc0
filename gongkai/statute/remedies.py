"""复议与诉讼: replay a remedy to where it stands, its periods, what may be done, where it counts.

One answer may meet several remedies, one after the other or by several people; each is a history of
its own. `reopening` is what a corrected answer means for the case (`gongkai.statute.cases`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongkai.statute import case_events, dated, letter_remedies, outcomes, workdays
from gongkai.statute import remedy_events as e
from gongkai.statute import remedy_words as say
from gongkai.statute.clock_remarks import Remark
from gongkai.statute.grounds import Ground
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.remedy_clocks import Deadline, Unit, deadline, periods
from gongkai.statute.remedy_events import Act, Event
from gongkai.statute.remedy_results import Column, Kind, Result, finding
from gongkai.statute.remedy_table import State, table_of
from gongkai.statute.transitions import (
    Illegal,
    Offer,
    Refused,
    lacking,
    not_here,
    offer,
    too_early,
    unfilled,
)
from gongkai.statute.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Against:
    """针对什么: an answer, or a silence (``conclusion`` None).

    ``known``: the day the applicant got the answer, or the last day to answer that passed.
    ``decided``: the date of the answer. ``told``: whether it named the road, the organ, the limit.
    """

    known: date
    decided: date | None = None
    conclusion: Conclusion | None = None
    told: bool = True

    @property
    def silence(self) -> bool:
        """Whether there is no answer to attack."""
        return self.conclusion is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """一次处理结果: of the reconsideration, or of one instance."""

    result: Result
    on: date
    number: str
    ruling: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Proceeding:
    """一件复议或者诉讼: where it stands. ``verdicts``: the latest counts.

    ``events``: all that was recorded; ``standing``: those not taken back.
    """

    against: Against
    calendar: Calendar = field(repr=False)
    events: tuple[Event, ...] = ()
    standing: tuple[Event, ...] = ()
    state: State | None = None
    came_from: State | None = None
    latest: date = date.min
    kind: Kind | None = None
    body: str = ""
    number: str = ""
    filed: date | None = None
    correcting: date | None = None
    admitted: date | None = None
    simple: bool = False
    copy: date | None = None
    answered: date | None = None
    evidence: tuple[str, ...] = ()
    prolonged: int = 0
    stays: tuple[tuple[date, date | None], ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    appealed: date | None = None
    concluded_on: date | None = None
    performed: date | None = None
    opinion_letter: date | None = None
    reported: date | None = None

    @property
    def suit(self) -> bool:
        """Whether it is a suit."""
        return self.kind is not Kind.RECONSIDERATION

    @property
    def concluded(self) -> bool:
        """审结."""
        return self.state in (State.CONCLUDED, State.ARCHIVED)

    @property
    def column(self) -> Column:
        """Its column of table 4: by the latest result once it is concluded."""
        if not self.concluded or self.kind is None or not self.verdicts:
            return Column.PENDING
        found = finding(self.kind, self.verdicts[-1].result)
        assert found is not None, "a result is checked when it is recorded"
        return found.column


def replay(
    events: Iterable[Event], against: Against, calendar: Calendar | None = None
) -> Proceeding:
    """Where a remedy stands after ``events``. Raises Illegal, naming the event and why."""
    remedy = Proceeding(against, calendar or workdays.official())
    for event in events:
        remedy = follow(remedy, event)
    return remedy


def follow(remedy: Proceeding, event: Event) -> Proceeding:
    """The remedy after one more event. Raises Illegal."""
    try:
        return _step(remedy, event)
    except Refused as refused:
        raise Illegal(refused.text, event, len(remedy.events)) from None


def _step(remedy: Proceeding, event: Event) -> Proceeding:
    kind = event.kind if isinstance(event, e.Filed) and remedy.kind is None else remedy.kind
    table = table_of(kind or Kind.RECONSIDERATION)
    if event.act not in table.acts:
        raise Refused(say.no_such_act(table.name))
    row = table.find(remedy.state, event.act)
    if row is None:
        raise Refused(not_here(table, remedy.state, event.act))
    if event.on < remedy.latest and not row.late:
        raise Refused(too_early(table, event.act, event.on, remedy.latest))
    if empty := unfilled(row, event):
        raise Refused(lacking(table, event.act, empty))
    if isinstance(event, e.Retracted):
        return _retract(remedy, event)
    effect = _EFFECTS.get(event.act)
    after = remedy if effect is None else effect(remedy, event)
    return replace(
        after,
        events=(*remedy.events, event),
        standing=(*remedy.standing, event),
        state=table.target(remedy.state, row, remedy.came_from),
        came_from=remedy.state if event.act is Act.STAY else remedy.came_from,
        latest=max(remedy.latest, event.on),
    )


# -- what an event makes of a remedy


def _retract(remedy: Proceeding, event: e.Retracted) -> Proceeding:
    """Where it stood before its latest step: by replaying what stands without that."""
    last = remedy.standing[-1]
    if last.act is Act.FILE:
        raise Refused(say.filing_stays())
    if event.of is not last.act:
        words = table_of(remedy.kind or Kind.RECONSIDERATION).acts
        raise Refused(say.latest_first(words[last.act]))
    before = replay(remedy.standing[:-1], remedy.against, remedy.calendar)
    return replace(before, events=(*remedy.events, event))


def _file(remedy: Proceeding, event: e.Filed) -> Proceeding:
    if event.on < (remedy.against.decided or date.min):
        raise Refused(say.before_the_answer(event.on))
    return replace(remedy, kind=event.kind, body=event.body, number=event.number, filed=event.on)


def _ask_correction(remedy: Proceeding, event: e.CorrectionAsked) -> Proceeding:
    return replace(remedy, correcting=event.on)


def _correction(remedy: Proceeding, event: e.CorrectionCame) -> Proceeding:
    return replace(remedy, correcting=None, filed=event.on)


def _admit(remedy: Proceeding, event: e.Admitted) -> Proceeding:
    if event.deemed:
        limit = _known(remedy, "admission", remedy.filed)
        if remedy.suit or limit is None or event.on <= limit.on:
            raise Refused(say.not_deemed(limit.on if limit else None))
    return replace(remedy, admitted=event.on, simple=event.simple)


def _copy(remedy: Proceeding, event: e.CopyReceived) -> Proceeding:
    if remedy.copy is not None or event.on < (remedy.filed or event.on):
        raise Refused(say.copy_already())
    return replace(remedy, copy=event.on)


def _evidence(remedy: Proceeding, event: e.EvidenceFiled) -> Proceeding:
    return replace(remedy, evidence=(*remedy.evidence, *event.items))


def _answer(remedy: Proceeding, event: e.AnswerFiled) -> Proceeding:
    if remedy.copy is None:
        raise Refused(say.copy_first())
    return replace(remedy, answered=event.on)


def _to_ordinary(remedy: Proceeding, event: e.TurnedOrdinary) -> Proceeding:
    if not remedy.simple:
        raise Refused(say.ordinary_already())
    return replace(remedy, simple=False)


def _prolong(remedy: Proceeding, event: e.Prolonged) -> Proceeding:
    if remedy.simple or remedy.prolonged:
        raise Refused(say.not_prolonged())
    most = _length("prolonging", event.on)
    if not 1 <= event.days <= most:
        raise Refused(say.prolonging_length(event.days, most))
    return replace(remedy, prolonged=event.days)


def _stay(remedy: Proceeding, event: e.Stayed) -> Proceeding:
    return replace(remedy, stays=(*remedy.stays, (event.on, None)))


def _go_on(remedy: Proceeding, event: e.WentOn) -> Proceeding:
    first, _ = remedy.stays[-1]
    return replace(remedy, stays=(*remedy.stays[:-1], (first, event.on)))


def _conclude(remedy: Proceeding, event: e.Concluded) -> Proceeding:
    assert remedy.kind is not None
    found = finding(remedy.kind, event.result)
    before = remedy.admitted is None
    if found is None or (not found.before if before else not found.after):
        raise Refused(say.no_such_result())
    if remedy.suit and not found.before:
        raise Refused(say.that_is_a_judgment())
    return _ended(remedy, Verdict(event.result, event.on, event.number, until=event.until))


def _ended(remedy: Proceeding, verdict: Verdict) -> Proceeding:
    return replace(remedy, verdicts=(*remedy.verdicts, verdict), concluded_on=verdict.on)


def _judge(remedy: Proceeding, event: e.Judged) -> Proceeding:
    _check_judgment(remedy, event.result)
    verdict = Verdict(event.result, event.on, event.number, event.ruling, event.until)
    return replace(remedy, verdicts=(*remedy.verdicts, verdict))


def _check_judgment(remedy: Proceeding, result: Result) -> None:
    assert remedy.kind is not None
    found = finding(remedy.kind, result)
    if found is None or found.before:
        raise Refused(say.no_such_result())


def _appeal(remedy: Proceeding, event: e.Appealed) -> Proceeding:
    return replace(remedy, appealed=event.on)


def _remand(remedy: Proceeding, event: e.Remanded) -> Proceeding:
    return replace(remedy, appealed=None, admitted=event.on, stays=())


def _drop_appeal(remedy: Proceeding, event: e.AppealDropped) -> Proceeding:
    return replace(remedy, concluded_on=event.on)


def _final_judgment(remedy: Proceeding, event: e.FinalJudged) -> Proceeding:
    first = remedy.verdicts[-1]
    if event.result is not None:
        _check_judgment(remedy, event.result)
    until = event.until or (first.until if event.result is None else None)
    verdict = Verdict(event.result or first.result, event.on, event.number, until=until)
    return _ended(remedy, verdict)


def _become_final(remedy: Proceeding, event: e.BecameFinal) -> Proceeding:
    limit = _known(remedy, *_appeal_period(remedy))
    if limit is not None and event.on <= limit.on:
        raise Refused(say.still_appealable(limit.on))
    return replace(remedy, concluded_on=event.on)


def _perform(remedy: Proceeding, event: e.Performed) -> Proceeding:
    if remedy.performed is not None or remedy.column is not Column.CORRECTED:
        raise Refused(say.nothing_to_perform())
    return replace(remedy, performed=event.on)


def _opinion_letter(remedy: Proceeding, event: e.OpinionLetterCame) -> Proceeding:
    if remedy.opinion_letter is not None:
        raise Refused(say.one_opinion_letter())
    return replace(remedy, opinion_letter=event.on)


def _archive(remedy: Proceeding, event: e.RemedyArchived) -> Proceeding:
    if remedy.opinion_letter is not None and remedy.reported is None:
        raise Refused(say.report_first())
    return remedy


def _report_back(remedy: Proceeding, event: e.ReportedBack) -> Proceeding:
    if remedy.opinion_letter is None or remedy.reported is not None:
        raise Refused(say.nothing_to_report())
    return replace(remedy, reported=event.on)


_EFFECTS: Mapping[Act, Callable[[Proceeding, Any], Proceeding]] = {
    Act.FILE: _file,
    Act.ASK_CORRECTION: _ask_correction,
    Act.CORRECTION: _correction,
    Act.ADMIT: _admit,
    Act.COPY: _copy,
    Act.EVIDENCE: _evidence,
    Act.ANSWER: _answer,
    Act.TO_ORDINARY: _to_ordinary,
    Act.PROLONG: _prolong,
    Act.STAY: _stay,
    Act.GO_ON: _go_on,
    Act.CONCLUDE: _conclude,
    Act.JUDGE: _judge,
    Act.APPEAL: _appeal,
    Act.REMAND: _remand,
    Act.DROP_APPEAL: _drop_appeal,
    Act.FINAL_JUDGMENT: _final_judgment,
    Act.BECOME_FINAL: _become_final,
    Act.PERFORM: _perform,
    Act.OPINION_LETTER: _opinion_letter,
    Act.REPORT_BACK: _report_back,
    Act.ARCHIVE: _archive,
}


# -- periods


def windows(
    against: Against,
    calendar: Calendar | None = None,
    conventions: letter_remedies.Conventions = letter_remedies.DEFAULT,
) -> tuple[Deadline, ...]:
    """Until when reconsideration or a suit may be sought: by the road the answer had to name.

    Where that was not told, the longest there is. A suit after reconsideration has its own days,
    which start with its decision. Raises `dated.NotKnown` where the law of that day is not on
    record.
    """
    found = road(against, conventions)
    ids = ["reconsideration"]
    partly = against.conclusion is not None and against.conclusion.ground is Ground.PARTLY
    if found is letter_remedies.Road.EITHER or partly:  # the rest of it may be sued directly
        ids.append("suit_against_silence" if against.silence else "direct_suit")
    if not against.told:
        ids.append("longest")
    return tuple(deadline(id, against.known, calendar) for id in ids)


def road(
    against: Against, conventions: letter_remedies.Conventions = letter_remedies.DEFAULT
) -> letter_remedies.Road:
    """Whether reconsideration comes first."""
    if against.conclusion is None or against.decided is None:
        silence = letter_remedies.Subject.SILENCE
        return letter_remedies.remedy(silence, against.known, conventions=conventions).road
    found = outcomes.remedy(against.conclusion, against.decided, conventions=conventions)
    return found.road


def deadlines(remedy: Proceeding) -> tuple[Deadline, ...]:
    """The periods that run now: ours first. What the law of that time does not say is left out."""
    found = [one for one in _deadlines(remedy) if one is not None]
    return tuple(sorted(found, key=lambda one: (not one.ours, one.on)))


def _deadlines(remedy: Proceeding) -> Iterator[Deadline | None]:
    kind = "_simple" if remedy.simple else ""
    match remedy.state:
        case State.FILED if not remedy.suit:
            yield _known(remedy, "admission", remedy.filed)
        case State.CORRECTING:
            yield _known(remedy, "correction", remedy.correcting)
        case State.ADMITTED | State.ANSWERED:
            if remedy.copy is None and not remedy.suit:
                yield _known(remedy, f"copy{kind}", remedy.admitted)
            elif remedy.answered is None:
                yield _answer_deadline(remedy)
            yield _decision_deadline(remedy)
        case State.JUDGED:
            yield _known(remedy, *_appeal_period(remedy))
        case State.APPEALED:
            yield _known(remedy, "second_instance", remedy.appealed, stayed=_stayed(remedy))
        case State.CONCLUDED:
            yield from _afterwards(remedy)
        case _:
            pass
    if remedy.opinion_letter is not None and remedy.reported is None:
        yield _known(remedy, "report_back", remedy.opinion_letter)


def _answer_deadline(remedy: Proceeding) -> Deadline | None:
    """The organ's own days to answer, from its receipt of the copy."""
    if remedy.suit:
        return _known(remedy, "defence", remedy.copy)
    return _known(remedy, "answer_simple" if remedy.simple else "answer", remedy.copy)


def _decision_deadline(remedy: Proceeding) -> Deadline | None:
    id = "first_instance" if remedy.suit else "decision"
    if remedy.simple:
        id += "_simple"
    return _known(remedy, id, remedy.admitted, more=remedy.prolonged, stayed=_stayed(remedy))


def _appeal_period(remedy: Proceeding) -> tuple[str, date]:
    last = remedy.verdicts[-1]
    return ("appeal_ruling" if last.ruling else "appeal"), last.on


def _afterwards(remedy: Proceeding) -> Iterator[Deadline | None]:
    last = remedy.verdicts[-1] if remedy.verdicts else None
    if last is None:
        return
    if last.until is not None and remedy.performed is None and _overtaken(remedy) is None:
        days = (last.until - last.on).days
        source = "" if remedy.suit else "review.66"
        yield Deadline(
            "perform", say.PERFORM, last.on, days, Unit.DAYS, last.until, source, ours=True
        )
    if not remedy.suit:
        yield _known(remedy, "suit_after_reconsideration", last.on)


def _overtaken(remedy: Proceeding) -> date | None:
    """已过的责令期限: the day ordered, where it was over before what orders it took effect.

    A judgment binds once it is final, a decision once it is served: such a day is none to be late
    on. No provision says by when then, so none is invented (`say.ordered_day_over`).
    """
    last = remedy.verdicts[-1] if remedy.concluded and remedy.verdicts else None
    if last is None or last.until is None:
        return None
    return last.until if last.until < (remedy.concluded_on or last.on) else None


def undecided(remedy: Proceeding, on: date) -> bool:
    """逾期不作复议决定: whether its last day was over on the day ``on`` (行政诉讼法第四十五条)."""
    return not remedy.suit and any(
        one.id in ("decision", "decision_simple") and one.on < on for one in deadlines(remedy)
    )


def _stayed(remedy: Proceeding) -> int:
    """Calendar days of stays that are over."""
    return sum((last - first).days for first, last in remedy.stays if last is not None)


def _known(
    remedy: Proceeding, id: str, start: date | None, *, more: int = 0, stayed: int = 0
) -> Deadline | None:
    if start is None:
        return None
    try:
        return deadline(id, start, remedy.calendar, more=more, stayed=stayed)
    except dated.NotKnown:
        return None


def _length(id: str, on: date) -> int:
    try:
        return periods()[id].length.on(on).value
    except dated.NotKnown as refused:
        raise Refused(refused.text) from None


# -- what may be done


def acts(remedy: Proceeding, on: date) -> tuple[Offer[Act], ...]:
    """Every act of the table: whether it may be done on the day ``on``, and why not."""
    table = table_of(remedy.kind or Kind.RECONSIDERATION)
    return tuple(
        offer(table, remedy.state, act, _samples(remedy, act, on), lambda x: _step(remedy, x))[0]
        for act in table.acts
    )


def _samples(remedy: Proceeding, act: Act, on: date) -> list[Event]:
    """Events of this act that are filled in as well as can be."""
    given = "…"
    match act:
        case Act.FILE:
            return [e.Filed(on, kind, given) for kind in Kind]
        case Act.EVIDENCE:
            return [e.EvidenceFiled(on, (given,))]
        case Act.PROLONG:
            return [e.Prolonged(on, 1)]
        case Act.STAY:
            return [e.Stayed(on, given)]
        case Act.CONCLUDE:
            return [e.Concluded(on, Result.WITHDRAWN, given)]
        case Act.JUDGE:
            return [e.Judged(on, Result.REJECTED, given)]
        case Act.REMAND | Act.FINAL_JUDGMENT:
            return [e.EVENTS[act](on, given)]
        case Act.RETRACT:
            return [e.Retracted(on, one.act, given) for one in remedy.standing[-1:]]
        case _:
            return [e.EVENTS[act](on)]


# -- what a person should know


def remarks(
    remedy: Proceeding,
    others: Sequence[Proceeding] = (),
    conventions: letter_remedies.Conventions = letter_remedies.DEFAULT,
) -> tuple[Remark, ...]:
    """Warnings and notes; ``others``: remedies against the same answer."""
    return tuple(_remarks(remedy, others, conventions))


def _remarks(
    remedy: Proceeding, others: Sequence[Proceeding], conventions: letter_remedies.Conventions
) -> Iterator[Remark]:
    if remedy.kind is None or remedy.filed is None:
        return
    try:
        first = road(remedy.against, conventions) is letter_remedies.Road.FIRST
        limits = windows(remedy.against, remedy.calendar, conventions)
    except dated.NotKnown as unknown:
        yield Remark("remedy.rule_unknown", "note", unknown.text)
        first, limits = False, ()
    if remedy.kind is Kind.DIRECT_SUIT and first:
        yield say.reconsideration_first()
    if remedy.against.silence:
        yield say.silence()
    own = [o for o in limits if o.id == "longest" or (o.id == "reconsideration") is not remedy.suit]
    if remedy.kind is not Kind.SUIT_AFTER and own and remedy.filed > max(o.on for o in own):
        yield say.filed_late(remedy.filed, max(o.on for o in own))
    pending = [
        o
        for o in others
        if o.kind is Kind.RECONSIDERATION and not o.concluded and not undecided(o, remedy.filed)
    ]
    if remedy.suit and any(o.admitted and o.admitted <= remedy.filed for o in pending):
        yield say.still_reconsidered()
    ours = _answer_deadline(remedy)
    if ours is not None and remedy.answered is not None and remedy.answered > ours.on:
        yield say.answered_late(remedy.answered, ours.on, remedy.suit)
    over = _overtaken(remedy)
    if over is not None and remedy.performed is None and remedy.column is Column.CORRECTED:
        assert remedy.concluded_on is not None
        yield say.ordered_day_over(over, remedy.concluded_on, remedy.suit)


# -- what follows


def reopening(remedy: Proceeding) -> case_events.Reopened | None:
    """重新办理: what the case is told where a concluded remedy asks for a new answer; else None."""
    if not remedy.concluded or remedy.kind is None or not remedy.verdicts:
        return None
    last = remedy.verdicts[-1]
    found = finding(remedy.kind, last.result)
    if found is None or not found.renews:
        return None
    until = last.until if _overtaken(remedy) is None else None
    return case_events.Reopened(remedy.concluded_on or last.on, last.number, until)
