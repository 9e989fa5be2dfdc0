"""文书模板: what a text may hold, where it is wrong, and what comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.statute import letter_kinds, letter_templates
from gongkai.statute.letter_templates import TemplateError, parse

NAMES = {"申请人": "applicant", "applicant": "applicant", "理由": "reasons", "依据": "basis"}


def faults(source: str) -> list[tuple[int, int]]:
    with pytest.raises(TemplateError) as caught:
        parse(source, NAMES)
    for fault in caught.value.faults:
        assert fault.text.zh and fault.text.en
        assert str(fault.column) in fault.say().zh
    return [(fault.line, fault.column) for fault in caught.value.faults]


def test_variables_go_by_either_name() -> None:
    template = parse("{申请人}：\n{applicant}、{ 理由 }。", NAMES)
    assert template.variables == ("applicant", "reasons")
    filled = template.fill({"applicant": "陈示例", "reasons": "无"})
    assert filled.paragraphs == ("陈示例：", "陈示例、无。")
    assert filled.printed == {"applicant", "reasons"}


def test_a_condition_keeps_one_of_two_texts() -> None:
    template = parse("甲{若 理由}因{理由}{否则}没有理由{完}乙", NAMES)
    assert template.fill({"reasons": "忙"}).paragraphs == ("甲因忙乙",)
    assert template.fill({}).paragraphs == ("甲没有理由乙",)
    assert parse("{if 理由}{理由}{end}。", NAMES).fill({}).paragraphs == ("。",)


def test_conditions_stand_in_one_another_and_over_lines() -> None:
    template = parse("{若 申请人}甲{若 理由}乙{否则}丙{完}\n{完}丁", NAMES)
    assert template.fill({"applicant": "1", "reasons": "1"}).paragraphs == ("甲乙", "丁")
    assert template.fill({"applicant": "1"}).paragraphs == ("甲丙", "丁")
    assert template.fill({"reasons": "1"}).paragraphs == ("丁",)


def test_empty_paragraphs_are_dropped_and_values_may_have_several() -> None:
    template = parse("甲\n\n{若 理由}{理由}{完}\n乙", NAMES)
    assert template.fill({}).paragraphs == ("甲", "乙")
    assert template.fill({"reasons": "一\n二"}).paragraphs == ("甲", "一", "二", "乙")


@pytest.mark.parametrize(
    ("value", "text"),
    [("忙", "因忙。"), ("忙。", "因忙。"), ("忙；", "因忙。"), ("“忙。”", "因“忙。”。")],
)
def test_a_full_stop_is_not_printed_twice(value: str, text: str) -> None:
    assert parse("因{理由}。", NAMES).fill({"reasons": value}).paragraphs == (text,)


def test_a_value_is_text_and_never_a_template() -> None:
    filled = parse("{理由}", NAMES).fill({"reasons": "{申请人}{若 理由}#set text(red)"})
    assert filled.paragraphs == ("{申请人}{若 理由}#set text(red)",)


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("", [(1, 1)]),
        (" \n ", [(1, 1)]),
        ("甲{不知道}", [(1, 2)]),
        ("甲\n乙{申请}丙", [(2, 2)]),
        ("甲{申请人", [(1, 2)]),
        ("甲}乙", [(1, 2)]),
        ("{申请人\n}", [(1, 1), (2, 1)]),
        ("｛申请人｝", [(1, 1), (1, 5)]),
        ("{}", [(1, 1)]),
        ("{若}甲{完}", [(1, 1), (1, 5)]),
        ("{若 理由 依据}甲", [(1, 1)]),
        ("{若 理由}甲", [(1, 1)]),
        ("甲{完}", [(1, 2)]),
        ("甲{否则}乙", [(1, 2)]),
        ("{若 理由}甲{否则}乙{否则}丙{完}", [(1, 13)]),
        ("{若 不知道}甲{完}", [(1, 1)]),
        ("甲\u200b乙", [(1, 2)]),
        ("甲\x00乙", [(1, 2)]),
        ("{若 理由}" * 6 + "甲" + "{完}" * 6, [(1, 31)]),
        ("{不知道}\n{若 理由}\n｝", [(1, 1), (2, 1), (3, 1)]),
        ("甲" * (letter_templates.LONGEST + 1), [(1, 1)]),
    ],
)
def test_every_fault_is_told_with_its_place(source: str, places: list[tuple[int, int]]) -> None:
    assert faults(source) == places


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(TemplateError) as caught:
        parse("{申清人}", NAMES)
    assert "是不是“申请人”" in caught.value.faults[0].text.zh


def test_what_is_always_printed() -> None:
    def always(source: str, *given: str) -> frozenset[str]:
        return parse(source, NAMES).always(given)

    assert always("{理由}") == {"reasons"}
    assert always("{若 依据}{理由}{完}") == frozenset()
    assert always("{若 依据}{理由}{完}", "basis") == {"reasons"}
    assert always("{若 理由}因{理由}{完}") == {"reasons"}
    assert always("{若 依据}{理由}{否则}{理由}{完}") == {"reasons"}


@given(st.text(alphabet="甲{}｛若否则完 理由申请人\n/", max_size=40))
def test_any_text_is_parsed_or_refused(source: str) -> None:
    try:
        template = parse(source, NAMES)
    except TemplateError as fault:
        assert fault.faults
        lines = source.split("\n")
        for one in fault.faults:
            assert 1 <= one.line <= len(lines)
            assert 1 <= one.column <= max(1, len(lines[one.line - 1]))
    else:
        assert set(template.variables) <= set(NAMES.values())
        assert template.always() <= set(template.variables)


def test_our_own_texts_hold_what_they_must() -> None:
    for kind in letter_kinds.kinds().values():
        assert kind.lacking(kind.template) == (), kind.id
        assert kind.parse(kind.template.source) == kind.template


def test_a_text_without_a_compulsory_element_is_told_so_by_name_and_article() -> None:
    kind = letter_kinds.kind("refused_third_party")
    edited = kind.template.source.replace("{理由}", "依法不公开").replace("{依据}", "有关规定")
    lacking = kind.lacking(kind.parse(edited))
    assert [one.id for one in lacking] == ["basis", "reasons"]
    assert [one.sources for one in lacking] == [(), ("ogi.36",)]


def test_an_element_under_a_condition_of_another_is_not_held() -> None:
    kind = letter_kinds.kind("refused_process")
    source = kind.template.source.replace("理由：{理由}", "{若 受理编号}理由：{理由}{完}")
    assert [one.id for one in kind.lacking(kind.parse(source))] == ["reasons"]


def test_a_variable_of_another_kind_is_refused() -> None:
    kind = letter_kinds.kind("granted")
    with pytest.raises(TemplateError):
        kind.parse("{补正事项}")
    assert kind.parse("{答复期限}").variables == ("due_on",)
