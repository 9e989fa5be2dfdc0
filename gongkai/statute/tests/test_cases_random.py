"""随机历史: a thousand lives of an application, drawn from what is offered, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from gongkai.statute import cases
from gongkai.statute.case_events import DEFAULT, EVENTS, Act, AnswerDay, CaseConventions
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import CLOSED, State
from gongkai.statute.clocks import answer_clock
from gongkai.statute.event_data import as_data, from_data
from gongkai.statute.tests.case_histories import event_of, first_event, forced
from gongkai.statute.transitions import Illegal

LENIENT = CaseConventions(
    clarifications=2,
    extension_must_reach_applicant=False,
    receipt_is_day_zero=False,
    mail_answer_day=AnswerDay.RECEIVED,
    late_clarification=True,
    waived_fee_restarts=True,
    reopened_may_extend=True,
)
# What leads to an end, or back, is chosen more seldom: so histories grow long.
SELDOM = {
    Act.WITHDRAW, Act.END, Act.RETURN, Act.RECALL, Act.MISS, Act.REOPEN, Act.ARCHIVE,
    Act.RECLASSIFY,
}  # fmt: skip
# What can be done on few days of few histories is done wherever it may be.
RARE = {Act.LAPSE, Act.UNPAID, Act.SILENCE, Act.DEFER, Act.TELL_PARTY}
# Where somebody objected it goes on to the answer, so that some are told of it.
ONWARD = {Act.DECIDE, Act.REVIEW, Act.APPROVE, Act.SIGN}
SEEN: Counter[Act] = Counter()
STATES: Counter[State] = Counter()


class Life(RuleBasedStateMachine):
    """一件申请: one application whose officer does only what is offered."""

    case: Case

    @initialize(data=st.data(), conventions=st.sampled_from((DEFAULT, LENIENT)))
    def comes(self, data: Any, conventions: CaseConventions) -> None:
        first = first_event(data.draw)
        self.case = cases.replay([first], conventions)
        SEEN[first.act] += 1
        self.seen()

    @rule(data=st.data(), later=st.sampled_from((0, 0, 0, 1, 1, 2, 5, 12, 30)))
    def act(self, data: Any, later: int) -> None:
        on = self.case.latest + timedelta(days=later)
        may = {offer.act: offer for offer in cases.acts(self.case, on) if offer.may}
        if not may:
            return
        first = RARE | ONWARD if self.case.objecting else RARE
        likely = [act for act in may if act in first] or [act for act in may if act not in SELDOM]
        likely = likely or list(may)
        chosen = data.draw(st.sampled_from(likely if data.draw(st.integers(0, 4)) else list(may)))
        offer = may[chosen]
        self.case = cases.follow(self.case, event_of(data.draw, self.case, offer, on))
        SEEN[offer.act] += 1
        self.seen()

    def seen(self) -> None:
        """What is true of every case, whatever its history."""
        case = self.case
        assert case.state is not None
        STATES[case.state] += 1
        assert case.closed == (case.state in CLOSED) == (case.conclusion is not None)
        waits = cases.awaited(case)
        assert all(one.text.zh and one.text.en for one in waits)
        if case.closed:
            assert case.row is not None and waits == ()

    def teardown(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.case
        stored = [from_data(as_data(event), EVENTS) for event in case.events]
        assert tuple(stored) == case.events
        assert cases.replay(stored, case.conventions) == case
        if case.clock is not None:
            assert case.clock == answer_clock(
                case.round.start,
                case.round.clock_events,
                as_of=case.concluded_on if case.closed else None,
                calendar=case.calendar,
                conventions=case.conventions,
            )
        self.nothing_else_may_be_done(later=len(case.events) % 3 * 14)

    def nothing_else_may_be_done(self, later: int) -> None:
        on = self.case.latest + timedelta(days=later)
        for offer in cases.acts(self.case, on):
            if offer.may:
                continue
            assert offer.why_not is not None and offer.why_not.zh and offer.why_not.en
            assert "{" not in offer.why_not.zh + offer.why_not.en
            for event in forced(offer.act, on, self.case):
                with pytest.raises(Illegal) as error:
                    cases.follow(self.case, event)
                assert error.value.event == event and error.value.at == len(self.case.events)
                assert "{" not in error.value.text.zh + error.value.text.en


THOUSAND = settings(
    max_examples=1000,
    stateful_step_count=12,
    phases=(Phase.generate,),  # a history that fails is printed as it is: short enough to read
    deadline=None,
    derandomize=True,  # the histories are many enough; what fails today fails tomorrow
    suppress_health_check=list(HealthCheck),
)


def test_a_thousand_lives_of_what_is_offered_are_legal_and_nothing_else_is() -> None:
    run_state_machine_as_test(Life, settings=THOUSAND)
    # What is drawn depends on the modules that are loaded: what is rare may want some more.
    more = settings(THOUSAND, derandomize=False, database=None, max_examples=300)
    for _ in range(6):
        if set(Act) - set(SEEN):
            run_state_machine_as_test(Life, settings=more)
    assert set(Act) - set(SEEN) == set()
    assert set(State) - set(STATES) == set()
