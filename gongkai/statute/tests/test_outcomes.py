"""办理结果: every row of table 3 is reached from the questions; kinds of applicants; the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from gongkai.statute import case_table, forms, remedy_table, side_matters
from gongkai.statute import letter_remedies as notice
from gongkai.statute.applicant_kinds import ApplicantKind, applicant_kind, is_credit_code
from gongkai.statute.case_events import EVENTS, Decided, FeeNotified, Received
from gongkai.statute.clock_events import Channel
from gongkai.statute.event_data import as_data, from_data
from gongkai.statute.grounds import REASONS, REFUSALS, Ground
from gongkai.statute.outcomes import QUESTIONS, BadAnswer, Conclusion, Question, ask, remedy
from gongkai.statute.side_matters import (
    CorrectionArchived,
    CorrectionRequested,
    EvidenceAdded,
    Help,
    Need,
    Settled,
    Settlement,
    Told,
)
from gongkai.statute.texts import Text
from gongkai.statute.transitions import Illegal, Row, Table, Turn

DAY = date(2026, 3, 2)


def every_way(answers: dict[str, str] | None = None) -> Iterator[tuple[dict[str, str], Conclusion]]:
    """Every path through the questions."""
    given = answers or {}
    found = ask(given)
    if isinstance(found, Conclusion):
        yield given, found
        return
    for answer in found.answers:
        yield from every_way({**given, found.id: answer.id})


@pytest.mark.parametrize("edition", forms.editions())
def test_every_row_of_table_3_is_reached_from_the_questions(edition: str) -> None:
    form = forms.form(edition)
    reached = {found.row_in(form.first_year) for _, found in every_way()}
    assert reached == set(form.concluded_parts)


def test_every_ground_is_reached_and_no_way_is_long() -> None:
    ways = list(every_way())
    assert {found.ground for _, found in ways} == set(Ground)
    assert max(len(answers) for answers, _ in ways) <= 10
    assert all(len(question.answers) >= 2 for question in QUESTIONS)


def test_in_part_several_grounds_may_be_given() -> None:
    so_far = {
        "waiting": "yes", "wanted": "information", "clear": "yes", "before": "no", "held": "yes",
        "register": "no", "published": "no", "extent": "part",
    }  # fmt: skip
    question = ask(so_far)
    assert isinstance(question, Question) and question.several
    found = ask({**so_far, "withheld": ["process", "third_party"]})
    assert found == Conclusion(Ground.PARTLY, (Ground.THIRD_PARTY, Ground.PROCESS))
    assert isinstance(found, Conclusion) and found.refused == found.withheld
    assert len(found.cautions) == 2
    for wrong in ({"waiting": "maybe"}, {**so_far, "withheld": ["process", "nothing"]}):
        with pytest.raises(BadAnswer):
            ask(wrong)
    with pytest.raises(BadAnswer):
        ask({"waiting": ["yes", "withdrawn"]})


def test_an_answer_off_the_way_is_left_aside() -> None:
    found = ask({"waiting": "withdrawn", "extent": "whole"})
    assert found == Conclusion(Ground.WITHDRAWN)


@pytest.mark.parametrize(
    ("conclusion", "day", "road"),
    [
        (Conclusion(Ground.PROCESS), "2024-01-01", "first"),
        (Conclusion(Ground.PROCESS), "2023-12-31", "either"),
        (Conclusion(Ground.INQUIRY), "2026-03-02", "either"),
        (Conclusion(Ground.NOT_FOUND), "2026-03-02", "either"),
        (Conclusion(Ground.PARTLY, (Ground.STATE_SECRET,)), "2026-03-02", "first"),
        (Conclusion(Ground.PARTLY, (Ground.STATE_SECRET,)), "2023-03-02", "either"),
    ],
)
def test_reconsideration_first_by_ground_and_date(
    conclusion: Conclusion, day: str, road: str
) -> None:
    assert remedy(conclusion, date.fromisoformat(day)).road == road


def test_whether_a_part_goes_to_reconsideration_first_is_a_convention() -> None:
    part = Conclusion(Ground.PARTLY, (Ground.PROCESS,))
    either = notice.Conventions(partial_needs_reconsideration=False)
    assert remedy(part, DAY, conventions=either).road is notice.Road.EITHER


def test_the_refusals_are_those_of_the_remedy_notice() -> None:
    assert tuple(REASONS[ground].row for ground in REFUSALS) == notice.REFUSALS


def test_reasons_cite_as_laws_are_cited() -> None:
    assert REASONS[Ground.NOT_FOUND].cite.zh == "《条例》第三十六条第（四）项"
    assert REASONS[Ground.PROCESS].cite.zh == "《条例》第十六条第二款"
    assert REASONS[Ground.CONFIRMATION].cite.zh == "本系统约定"
    for reason in REASONS.values():
        assert reason.name.zh and reason.name.en


# -- kinds of applicants


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("91110000802100433B", "", ApplicantKind.BUSINESS),
        ("31110000E00017525U", "", ApplicantKind.LEGAL_SERVICE),
        ("32", "某公证处", ApplicantKind.LEGAL_SERVICE),
        ("35", "某仲裁委员会", ApplicantKind.OTHER_ORG),
        ("52", "某研究院", ApplicantKind.PUBLIC_BENEFIT),
        ("12", "某市农业科学研究所", ApplicantKind.RESEARCH),
        ("12", "某市第一医院", ApplicantKind.OTHER_ORG),
        ("N2", "某村股份经济合作社", ApplicantKind.OTHER_ORG),
        ("", "示例律师事务所", ApplicantKind.LEGAL_SERVICE),
        ("", "示例环保基金会", ApplicantKind.PUBLIC_BENEFIT),
        ("", "示例科技有限公司", ApplicantKind.BUSINESS),
        ("", "陈示例", ApplicantKind.NATURAL_PERSON),
        ("", "", ApplicantKind.NATURAL_PERSON),
    ],
)
def test_a_kind_is_suggested_with_its_reason(code: str, name: str, kind: ApplicantKind) -> None:
    found = applicant_kind(code, name)
    assert found.kind is kind
    assert found.why.zh and found.why.en
    assert (found.doubt is None) == (code == "" or is_credit_code(code))


def test_the_check_character_of_a_credit_code() -> None:
    assert is_credit_code("91110000802100433B")
    assert not is_credit_code("91110000802100433A")
    assert not is_credit_code("91110000802100434B")
    assert not is_credit_code("9111000080210043IB")
    assert applicant_kind(" 91110000802100433b ").doubt is None


# -- tables


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Press(StrEnum):
    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Pressed:
    on: date
    hard: str = ""


def lamp(**changes: Any) -> Table[Light, Press]:
    words = Text("灯", "lamp")
    fields: dict[str, Any] = {
        "name": words,
        "rows": (
            Row(Press.ON, (None,), Light.GREEN, source="ogi.33"),
            Row(Press.OFF, (Light.GREEN,), Light.RED, needs=("hard",)),
        ),
        "states": dict.fromkeys(Light, words),
        "acts": dict.fromkeys(Press, words),
        "events": dict.fromkeys(Press, Pressed),
        "needs": {"hard": words},
        "ends": frozenset({Light.RED}),
    }
    return Table(**{**fields, **changes})


def test_a_table_is_checked_when_it_is_made() -> None:
    good = lamp()
    on, off = good.rows
    with pytest.raises(ValueError, match="two meanings"):
        lamp(rows=(on, off, off))
    with pytest.raises(ValueError, match="without a row"):
        lamp(rows=(on,))
    with pytest.raises(ValueError, match="no way to an end"):
        lamp(rows=(on, replace(off, states=(None,))))
    with pytest.raises(ValueError, match="nothing leads"):
        lamp(rows=(replace(on, states=(Light.RED,)), off))
    with pytest.raises(ValueError, match="leads nowhere"):
        lamp(rows=(on, off, Row(Press.ON, (Light.GREEN,), Turn.BACK)))
    with pytest.raises(ValueError, match="no field"):
        lamp(rows=(on, replace(off, needs=("soft",))))
    with pytest.raises(ValueError, match="no words"):
        lamp(needs={})
    with pytest.raises(ValueError, match="one language"):
        lamp(acts=dict.fromkeys(Press, Text("按", "")))
    with pytest.raises(KeyError):
        lamp(rows=(replace(on, source="ogi.999"), off))
    assert good.rows[1].rests_on.zh == "本系统约定"


@pytest.mark.parametrize(
    "table",
    [case_table.TABLE, side_matters.TABLE, remedy_table.RECONSIDERATION, remedy_table.SUIT],
)
def test_no_state_but_an_end_is_without_an_act_that_moves_on(table: Table[Any, Any]) -> None:
    for state in table.states:
        moving = [row for row in table.rows if state in row.states and row.to is not Turn.STAY]
        assert moving or state in table.ends, state


# -- events as data


def test_events_are_stored_as_plain_values() -> None:
    event = Decided(DAY, Ground.PARTLY, (Ground.PROCESS,), ("甲公司示例",))
    data = as_data(event)
    assert data == {
        "act": "decide",
        "on": "2026-03-02",
        "ground": "partly",
        "withheld": ["process"],
        "overrides": ["甲公司示例"],
    }
    assert from_data(data, EVENTS) == event
    assert as_data(FeeNotified(DAY, Decimal("380.50")))["amount"] == "380.50"
    for one in (FeeNotified(DAY, Decimal(1)), Received(DAY, Channel.FAX, DAY, True)):
        assert from_data(as_data(one), EVENTS) == one


@pytest.mark.parametrize(
    "data",
    [
        {"act": "fly", "on": "2026-03-02"},
        {"act": "accept", "on": "2026-02-30"},
        {"act": "accept"},
        {"act": "accept", "on": "2026-03-02", "more": 1},
        {"act": "charge", "on": "2026-03-02", "amount": "a lot"},
        {"act": "decide", "on": "2026-03-02", "ground": "whim"},
        {"act": "sign", "on": "2026-03-02", "number": 1},
    ],
)
def test_what_is_no_event_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        from_data(data, EVENTS)


# -- Art 41 and 43


def test_a_correction_of_a_record_is_settled_and_told() -> None:
    asked = CorrectionRequested(DAY, "婚姻登记信息")
    with pytest.raises(Illegal) as error:
        side_matters.replay([asked, Settled(DAY, Settlement.CORRECTED)])
    assert "证据" in error.value.text.zh
    for settlement in (Settlement.PASSED_ON, Settlement.NAMED, Settlement.REFUSED):
        with pytest.raises(Illegal):
            side_matters.replay([asked, Settled(DAY, settlement)])
    proved = [asked, EvidenceAdded(DAY, "法院判决书")]
    done = [*proved, Settled(DAY, Settlement.CORRECTED), Told(DAY), CorrectionArchived(DAY)]
    assert side_matters.replay(done).state is side_matters.State.ARCHIVED
    passed = Settled(DAY, Settlement.PASSED_ON, organ="青石区档案馆")
    now = side_matters.replay([asked, passed])
    assert now.settled == passed
    may = [offer.act for offer in side_matters.acts(now, DAY) if offer.may]
    assert may == [side_matters.Act.TELL]
    with pytest.raises(Illegal):
        side_matters.replay([*proved, Told(DAY)])
    with pytest.raises(Illegal):
        side_matters.replay([asked, EvidenceAdded(date(2026, 3, 1), "证明")])


def test_help_is_recorded_and_what_was_written_down_is_read_back() -> None:
    helped = Help(DAY, Need.WRITING, "代填申请表", filled_in=True)
    assert helped.source == "ogi.29" and helped.lacks is not None
    assert replace(helped, read_back=True).lacks is None
    assert Help(DAY, Need.HEARING, "笔谈").source == "ogi.43"
