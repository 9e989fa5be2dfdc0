"""一件申请: what replay makes of its events: a frozen value, no database row.

A case has one round, and one more each time a remedy reopens it; each round has its own clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from gongkai.statute import clock_events, forms
from gongkai.statute.case_events import (
    AnswerDay,
    Arrival,
    CaseConventions,
    Event,
    ExtensionApproved,
    Opinion,
    Way,
)
from gongkai.statute.case_table import CLOSED, State
from gongkai.statute.clock_events import Channel, Clarify, Consult, Extend, Fee, Receipt, Whom
from gongkai.statute.clocks import Clock
from gongkai.statute.fees import Basis
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Consultation:
    """一方的征求意见: ``silent`` the day its silence was put on record."""

    party: str
    whom: Whom
    sent: date
    served: date | None = None
    answered: date | None = None
    opinion: Opinion | None = None
    silent: date | None = None
    called_off: date | None = None

    @property
    def open(self) -> bool:
        """Whether the organ still waits for this party."""
        return self.answered is None and self.silent is None and self.called_off is None

    @property
    def consents(self) -> bool | None:
        """Whether it agrees: a joint maker also by silence; None where it has not said so."""
        if self.opinion is not None:
            return self.opinion is Opinion.CONSENT
        return True if self.silent is not None and self.whom is Whom.JOINT_MAKER else None

    @property
    def clock_event(self) -> Consult:
        """What the clock is told of it."""
        replied = self.answered or self.called_off
        return Consult(self.sent, replied, self.served, self.whom, self.party)


@dataclass(frozen=True, slots=True)
class Charged:
    """收费: what was asked for, and what became of it; sums in yuan."""

    notified: date
    amount: Decimal
    basis: Basis
    paid: date | None = None
    waived: date | None = None
    refunded: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reasons:
    """说明理由 (Art 35): asked for, by when, given, found good or not."""

    asked: date
    until: date
    given: date | None = None
    reasonable: bool | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """答复: what was decided; number and signature once it has them.

    ``told``: parties told that their objection is overridden. ``by_letter`` False: closed without.
    """

    conclusion: Conclusion
    on: date
    overrides: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    number: str = ""
    signed: date | None = None
    sent: date | None = None
    way: Way | None = None
    delivered: date | None = None
    by_letter: bool = True

    def answered(self, day: AnswerDay) -> date | None:
        """The day the answer counts on: posting for mail unless the organ says else; delivery."""
        if self.way is Way.MAIL and day is AnswerDay.POSTED:
            return self.sent
        return self.delivered


@dataclass(frozen=True, slots=True)
class Round:
    """一轮办理: from ``start``; ``remedy`` empty for the first. ``until``: the day ordered.

    ``pending``: an extension consented to of which the applicant has not been told.
    ``set_aside``: the draft there was when the case was closed without a letter.
    ``taken_over``: closed elsewhere, known from an old ledger.
    """

    start: date
    remedy: str = ""
    until: date | None = None
    clarifications: tuple[Clarify, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[Extend, ...] = ()
    pending: ExtensionApproved | None = None
    fee: Fee | None = None
    reasons: Reasons | None = None
    deferred: date | None = None
    draft: Draft | None = None
    set_aside: Draft | None = None
    taken_over: bool = False

    @property
    def clock_events(self) -> tuple[clock_events.Event, ...]:
        """What the clock of this round is computed from."""
        found: list[clock_events.Event] = [*self.clarifications]
        found += [one.clock_event for one in self.consultations]
        found += self.extensions
        return tuple(found) if self.fee is None else (*found, self.fee)

    @property
    def restarted(self) -> date:
        """The day its period last started: receipt, correction or payment."""
        days = [self.start, *(one.corrected for one in self.clarifications)]
        days.append(self.fee.paid if self.fee else None)
        return max(day for day in days if day is not None)


@dataclass(frozen=True, slots=True)
class Case:
    """案件: where an application stands.

    ``receipt`` None: receipt not confirmed yet. ``latest``: the last day on record. ``clock``: of
    the current round, as of the day asked about or, once concluded, of that day; None before
    receipt. ``came_from``: the state before it was closed.
    """

    conventions: CaseConventions = field(repr=False)
    calendar: Calendar = field(repr=False)
    events: tuple[Event, ...] = ()
    state: State | None = None
    came_from: State | None = None
    latest: date = date.min
    channel: Channel | None = None
    arrival: Arrival | None = None
    receipt: Receipt | None = None
    rounds: tuple[Round, ...] = ()
    charged: Charged | None = None
    clock: Clock | None = None

    @property
    def round(self) -> Round:
        """The current round."""
        return self.rounds[-1]

    def with_round(self, **changes: object) -> Case:
        """The same case with its current round changed."""
        return replace(self, rounds=(*self.rounds[:-1], replace(self.round, **changes)))  # type: ignore[arg-type]

    @property
    def closed(self) -> bool:
        """Whether it is 办结."""
        return self.state in CLOSED

    @property
    def conclusion(self) -> Conclusion | None:
        """The outcome, once the case is closed with it."""
        if not self.closed or not self.rounds or self.round.draft is None:
            return None
        return self.round.draft.conclusion

    @property
    def concluded_on(self) -> date | None:
        """The day it counts as answered or closed."""
        draft = self.round.draft if self.rounds else None
        if draft is None:
            return None
        if not draft.by_letter:
            return draft.on
        return draft.answered(self.conventions.mail_answer_day)

    @property
    def row(self) -> str | None:
        """The row of table 3 it counts in, by the form of the year it was concluded in; None
        where there was no form as yet."""
        found, on = self.conclusion, self.concluded_on
        if found is None or on is None:
            return None
        try:
            return found.row_in(on.year)
        except forms.NoForm:
            return None

    @property
    def due(self) -> date | None:
        """The last day to answer: as ordered, as deferred under Art 35, else by the clock."""
        if not self.rounds:
            return None
        return self.round.until or self.round.deferred or (self.clock.due if self.clock else None)

    @property
    def late(self) -> bool:
        """Whether the answer came after the last day; False while there is none, and where an old
        ledger does not tell it: it says nothing of days that were not counted."""
        if not self.rounds or (self.round.taken_over and self.round.until is None):
            return False
        draft = self.round.draft
        on, due = self.concluded_on, self.due
        answered = draft is not None and draft.by_letter and on is not None
        return answered and due is not None and on is not None and on > due

    @property
    def objecting(self) -> tuple[str, ...]:
        """Third parties that do not agree, of whatever round."""
        return tuple(
            one.party
            for one in self.consultations()
            if one.whom is Whom.THIRD_PARTY and one.consents is False
        )

    def consultations(self) -> Iterator[Consultation]:
        """Every party asked, of whatever round."""
        for one in self.rounds:
            yield from one.consultations

    def consultation(self, party: str) -> Consultation | None:
        """The party of that name in the current round."""
        return next((c for c in self.round.consultations if c.party == party), None)
