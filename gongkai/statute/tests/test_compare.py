"""对比: figures only where they mean the same, no percentage out of nothing, marks that fit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gongkai.statute
from gongkai.statute import forms, texts, wording
from gongkai.statute.checks import copying
from gongkai.statute.comparisons import Change, Comparison, Reuse, compare
from gongkai.statute.report import AnnualReport, Cell, Doubt, Kind, Passage, State, Value
from gongkai.statute.tests import consistent

RECEIVED = "applications.received.natural_person"
MONEY = "proactive.fees.amount"
SENTENCE = "会同街坊，由承办科室梳理旧档标题，让人一看就懂。"
OTHER = "结合走访，由联络员回访问答卡片，方便街坊查找。"


def of(found: Comparison, address: str) -> Change:
    (one,) = [c for c in found.changes if c.address == address]
    return one


def two(a: Value | Cell, b: Value | Cell, address: str = RECEIVED) -> Change:
    report = consistent.report()
    return of(
        compare(consistent.change(report, {address: a}), consistent.change(report, {address: b})),
        address,
    )


def prose(text: str, organ: str = consistent.ORGAN) -> AnnualReport:
    made = consistent.report(organ=organ)
    return replace(made, sections={"1": (Passage("一、总体情况", text),)})


def reuse(a: str, b: str) -> list[tuple[str, Reuse]]:
    (section,) = compare(prose(a), prose(b)).sections
    return [(section.text[m.start : m.end], m.reuse) for m in section.marks]


def test_the_package_gives_the_function() -> None:
    assert gongkai.statute.compare is compare


# -- figures


@pytest.mark.parametrize(
    ("a", "b", "change", "percent"),
    [
        (8, 10, 2, "25.0"),
        (10, 8, -2, "-20.0"),
        (3, 4, 1, "33.3"),
        (3, 5, 2, "66.7"),
        (8, 9, 1, "12.5"),
        (2000, 1999, -1, "-0.1"),
        (20_000, 19_999, -1, "0.0"),
        (7, 7, 0, "0.0"),
        (0, 5, 5, None),
        (0, 0, 0, None),
        (5, 0, -5, "-100.0"),
    ],
)
def test_change_and_percent(a: int, b: int, change: int, percent: str | None) -> None:
    one = two(a, b)
    assert (one.a, one.b, one.change, one.percent) == (a, b, change, percent)
    assert one.comparable and one.why is None


def test_a_percentage_of_a_negative_figure_does_not_exist() -> None:
    address = "proactive.licensing.change"
    last, this = consistent.pair("2019")
    found = compare(consistent.change(last, {address: -4}), consistent.change(this, {address: 2}))
    assert (of(found, address).change, of(found, address).percent) == (6, None)


def test_money_is_exact() -> None:
    one = two(Decimal("0.3"), Decimal("0.1"), MONEY)
    assert (one.change, one.percent) == (Decimal("-0.2"), "-66.7")


@pytest.mark.parametrize("state", [s for s in State if s is not State.NUMBER])
def test_what_is_no_number_has_no_difference_and_the_reason_is_said(state: State) -> None:
    for one, side in ((two(Cell(state), 5), "甲"), (two(5, Cell(state)), "乙")):
        assert (one.change, one.percent) == (None, None)
        assert one.comparable, "the form's cells mean the same"
        assert one.why is not None and one.why.zh.startswith(side)
    both = two(Cell(state), Cell(state))
    assert both.why is not None and "甲" in both.why.zh and "乙" in both.why.zh


def test_every_address_of_both_forms_stands_there_once() -> None:
    old, new = consistent.report("2019"), consistent.report("2021")
    for a, b in ((old, new), (new, old)):
        addresses = [c.address for c in compare(a, b).changes]
        assert len(addresses) == len(set(addresses))
        assert set(addresses) == set(forms.form("2019").specs) | set(forms.form("2021").specs)


def test_a_row_that_was_split_up_is_added_for_the_older_forms_row() -> None:
    old, new = consistent.report("2019"), consistent.report("2021")
    parts = [f"applications.other_{p}.total" for p in ("not_clarified", "unpaid", "misc")]
    found = compare(old, new)
    whole = of(found, "applications.other.total")
    assert whole.comparable
    assert whole.a == old.cells["applications.other.total"].value
    assert whole.b == sum(int(new.cells[p].value or 0) for p in parts)
    for part in parts:
        one = of(found, part)
        assert not one.comparable and (one.change, one.percent, one.a) == (None, None, None)
        assert one.why is not None and "其他处理" in one.why.zh
    missing = compare(old, consistent.change(new, {parts[1]: consistent.blank()}))
    assert of(missing, "applications.other.total").b is None


def test_cells_that_mean_other_things_are_shown_and_not_compared() -> None:
    found = compare(consistent.report("2019"), consistent.report("2021"))
    one = of(found, "proactive.regulations.made")
    assert one.a is not None and one.b is not None
    assert not one.comparable and one.change is None
    only = of(found, "proactive.procurement.items")
    assert not only.comparable and only.b_state is None and only.why is not None


def test_comparability_is_the_form_datas() -> None:
    form = forms.form("2021")
    same = {a for a in form.specs if forms.same_cell(a, "2021", "2019")}
    found = compare(consistent.report("2019"), consistent.report("2021"))
    comparable = {c.address for c in found.changes if c.comparable}
    assert comparable == same | {
        a for a in forms.form("2019").specs if ".other." in a and a[0] == "a"
    }


# -- wording


def test_the_same_sentence_is_marked_whole_with_its_end() -> None:
    assert reuse(SENTENCE, f"{OTHER}{SENTENCE}") == [
        (OTHER, Reuse.NEW),
        (SENTENCE, Reuse.VERBATIM),
    ]


@pytest.mark.parametrize(
    "other",
    [
        SENTENCE.replace("，", "， "),
        SENTENCE.replace("，", ","),
        f"　　（一）{SENTENCE}",
        f"3.{SENTENCE}",
    ],
)
def test_white_space_width_and_numbering_make_no_other_sentence(other: str) -> None:
    assert [r for _, r in reuse(SENTENCE, other)] == [Reuse.VERBATIM]
    assert [r for _, r in reuse(other, SENTENCE)] == [Reuse.VERBATIM]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("全年公开信息 98 条，比上年多 3 条。", "全年公开信息1120条，比上年多15条。"),
        ("2021年共答复申请三件。", "2022年共答复申请五件。"),
        ("全市共计公开目录条目九十条", "全市共计公开目录条目 90 条"),
        (f"{consistent.ORGAN}每逢季末梳理旧档标题。", "本局每逢季末梳理旧档标题。"),
    ],
)
def test_a_sentence_of_other_figures_only_is_told_apart_from_a_verbatim_one(a: str, b: str) -> None:
    (found,) = compare(prose(a), prose(b)).sections
    (mark,) = found.marks
    assert mark.reuse is Reuse.FIGURES
    assert mark.original == a.rstrip("。") and mark.section == "1"


def test_a_sentence_of_other_words_is_new() -> None:
    assert reuse(SENTENCE, SENTENCE.replace("梳理", "补录")) == [
        (SENTENCE.replace("梳理", "补录"), Reuse.NEW)
    ]


def test_a_date_alone_is_nobodys_wording() -> None:
    assert reuse("2022年1月19日", "2023年1月19日") == []


def test_the_share_is_of_the_characters_that_stand_in_the_other() -> None:
    b = f"{SENTENCE}\n{OTHER}"
    (found,) = compare(prose(SENTENCE), prose(b)).sections
    assert (found.length, found.verbatim, found.figures) == (
        len(SENTENCE) + len(OTHER),
        len(SENTENCE),
        0,
    )
    assert found.share == str(
        (Decimal(100 * len(SENTENCE)) / (len(SENTENCE) + len(OTHER))).quantize(Decimal("0.1"))
    )


def test_the_same_report_is_taken_over_wholly() -> None:
    report = consistent.report()
    found = compare(report, report)
    assert found.length > 300 and found.verbatim == found.length
    assert {c.change for c in found.changes} == {0}


def test_a_report_without_prose_has_no_share() -> None:
    found = compare(consistent.report(), replace(consistent.report(), sections={}))
    assert (found.sections, found.length) == ((), 0)
    (empty,) = compare(prose(SENTENCE), prose("")).sections
    assert empty.share is None


def test_a_sentence_may_have_moved_to_another_section() -> None:
    a = replace(consistent.report(), sections={"5": (Passage("五", SENTENCE),)})
    (found,) = compare(a, prose(SENTENCE)).sections
    assert found.marks[0].section == "5"


def test_every_printing_of_a_section_is_compared() -> None:
    twice = replace(prose(""), sections={"1": (Passage("一", SENTENCE), Passage("一", OTHER))})
    assert len(compare(prose(OTHER), twice).sections) == 2


def test_the_rules_on_copied_wording_cut_sentences_the_same_way() -> None:
    last, this = consistent.pair()
    marked = {
        one.key
        for passages in this.sections.values()
        for p in passages
        for one in wording.sentences(p.text, wording.names_of(this.organ, *this.organ_names))
    }
    counted = {s.key for s in copying.sentences(this)}
    assert counted and counted <= marked
    theirs = {s.key for s in copying.sentences(last)}
    taken = {s.text for s in copying.sentences(this) if s.key in theirs}
    found = compare(last, this)
    told = {
        section.text[m.start : m.end].strip("。！？；\n")
        for section in found.sections
        for m in section.marks
        if m.reuse is not Reuse.NEW
    }
    assert all(any(t in one for one in told) for t in taken)


TEXT = st.text("会同街坊梳理12３，。；！\n 　（一）1.", max_size=60)


@given(TEXT, TEXT)
@settings(max_examples=200, deadline=None)
def test_marks_fit_the_text_and_follow_on_each_other(a: str, b: str) -> None:
    (found,) = compare(prose(a), prose(b)).sections
    at = 0
    for mark in found.marks:
        assert at <= mark.start < mark.end <= len(b)
        at = mark.end
    assert 0 <= found.verbatim + found.figures <= found.length <= len("".join(b.split()))
    (same,) = compare(prose(b), prose(b)).sections
    assert same.verbatim == same.length


# -- what one should know


def test_what_limits_the_comparison_is_said() -> None:
    last, this = consistent.pair()
    assert compare(last, this).notes == ()
    assert [n.id for n in compare(this, last).notes] == ["compare.order"]
    apart = compare(replace(last, kind=Kind.ORGAN), replace(this, kind=Kind.REGION))
    assert [n.id for n in apart.notes] == ["compare.kinds"]
    old = compare(consistent.report("2019"), consistent.report("2021"))
    assert [n.id for n in old.notes] == ["compare.editions"]
    bare = compare(replace(last, edition=None, cells={}), this)
    assert [n.id for n in bare.notes] == ["compare.no_tables"]
    assert all(c.change is None for c in bare.changes)


def test_what_the_form_asks_everyone_to_write_is_no_reuse() -> None:
    def one(text: str) -> AnnualReport:
        made = consistent.report("2021", 1)
        return replace(made, sections={"1": (Passage("一、总体情况", text),)})

    a = one("（一）主动公开\n甲的话只有这一句。\n（五）监督保障情况\n2023年1月18日")
    b = one("（一）主动公开\n乙另外写了一句话。\n（五）监督保障情况\n2024年1月20日")
    (section,) = compare(a, b).sections
    assert (section.verbatim, section.figures, section.length) == (0, 0, 9)


def test_a_report_beside_itself_is_said_to_be_the_same() -> None:
    one = consistent.report()
    assert [n.id for n in compare(one, replace(one, file="副本.docx")).notes] == [
        "compare.identical"
    ]
    assert compare(one, consistent.add(one, {RECEIVED: 1})).notes == ()
    spaced = {
        no: tuple(replace(p, text=f" {p.text} ") for p in ps) for no, ps in one.sections.items()
    }
    assert compare(one, replace(one, sections=spaced)).notes != ()
    assert compare(one, replace(one, sections={})).notes == ()


def test_doubtful_figures_are_named() -> None:
    one = consistent.report()
    doubt = Doubt("doubt.low_confidence", texts.same("示例"))
    held = {**one.cells, RECEIVED: replace(one.cells[RECEIVED], doubt=doubt)}
    (note,) = compare(consistent.add(one, {RECEIVED: 1}), replace(one, cells=held)).notes
    assert note.id == "compare.doubtful"
    assert "乙有 1 格" in note.text.zh and "自然人" in note.text.zh
    assert note.text.en.startswith("B: 1 ")
