"""汇总: what is missing is never 0, what does not belong is never added, everything is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gongkai.statute
from gongkai.statute import checks, forms, read, texts, writers
from gongkai.statute.report import AnnualReport, Cell, Doubt, Kind, State
from gongkai.statute.rollups import Lack, Refused, RollUp, rollup
from gongkai.statute.tests import consistent

REGION = consistent.REGION
RECEIVED = "applications.received.natural_person"
OTHER = "applications.other.natural_person"
PARTS = tuple(f"applications.other_{p}.natural_person" for p in ("not_clarified", "unpaid", "misc"))
MONEY = "proactive.fees.amount"


def units(count: int = 3, edition: str = "2021") -> tuple[AnnualReport, ...]:
    return consistent.family(edition, units=count)[1]


def add_up(reports: Sequence[AnnualReport], **asked: object) -> RollUp:
    return rollup(reports, organ=REGION, **asked)  # type: ignore[arg-type]


def names(reports: Sequence[AnnualReport]) -> list[str]:
    return [r.organ or "" for r in reports]


def causes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [note.id for note in refused.value.notes]


def test_the_package_gives_the_function() -> None:
    assert gongkai.statute.rollup is rollup


@pytest.mark.parametrize("edition", forms.editions())
def test_every_total_is_the_sum_of_all_units(edition: str) -> None:
    region, children = consistent.family(edition)
    rolled = add_up(children)
    assert rolled.is_complete
    assert {a: s.value for a, s in rolled.sums.items()} == {
        a: c.value for a, c in region.cells.items()
    }
    one = rolled.sums[RECEIVED]
    assert (one.of, one.without) == (3, ())
    assert one.given == tuple((r.organ, r.cells[RECEIVED].value) for r in children)


def test_money_stays_an_exact_decimal() -> None:
    one, two = units(2)
    rolled = add_up(
        [
            consistent.change(one, {MONEY: Decimal("0.1")}),
            consistent.change(two, {MONEY: Decimal("0.2")}),
        ]
    )
    assert rolled.sums[MONEY].value == Decimal("0.3")
    assert rolled.as_report().cells[MONEY].raw == "0.3"


def test_money_of_no_digits_behind_the_point_is_money_all_the_same() -> None:
    (one,) = units(1)
    value = add_up([consistent.change(one, {MONEY: 3})]).sums[MONEY].value
    assert isinstance(value, Decimal)


# -- missing is never 0


@pytest.mark.parametrize("state", [s for s in State if s is not State.NUMBER])
def test_a_unit_without_a_number_leaves_the_total_empty_and_is_named(state: State) -> None:
    one, two, three = units()
    lacking = consistent.change(two, {RECEIVED: Cell(state, raw="?")})
    total = add_up([one, lacking, three]).sums[RECEIVED]
    assert total.value is None
    assert total.without == ((two.organ, Lack(state.value)),)
    assert [name for name, _ in total.given] == [one.organ, three.organ]


def test_an_expected_unit_without_a_report_empties_every_total() -> None:
    children = units()
    rolled = add_up(children[:2], units=names(children))
    assert rolled.missing == (children[2].organ,)
    assert not any(s.value is not None for s in rolled.sums.values())
    assert rolled.units[2].given == 0
    assert rolled.units[2].lacks == {Lack.MISSING_REPORT: 200}
    assert {c.state for c in rolled.as_report().cells.values()} == {State.BLANK}
    assert "rollup.empty" in [n.id for n in rolled.notes]


def test_a_part_sum_is_given_where_asked_for_and_says_so() -> None:
    children = units()
    rolled = add_up(children[:2], units=names(children), partial=True)
    expected = sum(int(r.cells[RECEIVED].value or 0) for r in children[:2])
    assert rolled.sums[RECEIVED].value == expected
    assert not rolled.is_complete and not rolled.sums[RECEIVED].is_complete
    assert "rollup.partial" in [n.id for n in rolled.notes]
    assert "rollup.partial" in [n.id for n in rolled.as_report().notes]


def test_a_part_sum_of_nothing_is_not_0() -> None:
    (one,) = units(1)
    lacking = consistent.change(one, {RECEIVED: consistent.blank()})
    assert add_up([lacking], partial=True).sums[RECEIVED].value is None


def test_without_a_list_the_page_cannot_claim_that_all_reported() -> None:
    rolled = add_up(units())
    assert not rolled.listed
    assert rolled.notes[0].id == "rollup.no_list"


def test_a_file_that_could_not_be_read_counts_as_a_unit_without_report() -> None:
    rolled = add_up(units(2), unread=["残缺.pdf"])
    assert rolled.missing == ("残缺.pdf",)
    assert rolled.sums[RECEIVED].value is None
    children = units(2)
    listed = add_up(children, units=names(children), unread=["残缺.pdf"])
    assert listed.is_complete and listed.unread == ("残缺.pdf",)


def test_a_doubtful_figure_is_added_and_its_unit_named() -> None:
    one, two = units(2)
    cell = one.cells[RECEIVED]
    doubt = Doubt("doubt.column", texts.same("?"))
    rolled = add_up([replace(one, cells={**one.cells, RECEIVED: replace(cell, doubt=doubt)}), two])
    assert rolled.sums[RECEIVED].doubtful == (one.organ,)
    told = rolled.as_report().cells[RECEIVED]
    assert told.value is not None and told.doubt is not None
    assert (one.organ or "?") in told.doubt.text.zh


# -- whose report is whose


def test_units_keep_the_order_of_the_list() -> None:
    children = units()
    rolled = add_up(children, units=[*reversed(names(children))])
    assert [u.name for u in rolled.units] == [*reversed(names(children))]
    assert [name for name, _ in rolled.sums[RECEIVED].given] == [u.name for u in rolled.units]


@pytest.mark.parametrize(
    "written",
    [
        "云水市青石区 甲示例局",
        "云水市　青石区甲示例局 ",
        "甲示例局",
        "青石区甲示例局",
        "雲水市青石區甲示例局",
    ],
)
def test_a_unit_is_known_by_any_way_to_write_its_name(written: str) -> None:
    children = units()
    rolled = add_up(children, units=[written, *names(children)[1:]])
    assert rolled.missing == ()
    assert rolled.units[0].report is children[0]


def test_full_width_letters_are_letters() -> None:
    one = replace(units(1)[0], organ="云水市Ａ示例局", organ_names=())
    assert add_up([one], units=["云水市A示例局"]).missing == ()


def test_a_unit_is_known_by_the_short_name_its_report_uses() -> None:
    one = replace(units(1)[0], organ="云水市青石区甲示例和乙事务局", organ_names=("甲示例局",))
    rolled = add_up([one], units=["甲示例局"])
    assert rolled.units[0].report is one


def test_a_report_that_names_two_of_the_units_is_neithers() -> None:
    one = replace(units(1)[0], organ="云水市青石区联合示例队", organ_names=("甲示例局", "乙示例局"))
    rolled = add_up([one], units=["甲示例局", "乙示例局"])
    assert rolled.missing == ("甲示例局", "乙示例局")
    assert [a.why.id for a in rolled.aside] == ["rollup.unexpected"]


def test_a_short_name_that_fits_two_reports_is_neithers() -> None:
    one, two = units(2)
    one = replace(one, organ="云水市青石区水务局", organ_names=())
    two = replace(two, organ="云水市白云区水务局", organ_names=())
    rolled = add_up([one, two], units=["水务局"])
    assert rolled.missing == ("水务局",)
    assert len(rolled.aside) == 2


@pytest.mark.parametrize(
    "listed",
    ["竹篱街道", "竹篱街道办", "竹篱街道办事处", "云水市青石区竹篱街道", "青石区竹篱街道办事处"],
)
def test_a_subdistrict_is_itself_with_and_without_its_office(listed: str) -> None:
    one = replace(units(1)[0], organ="云水市青石区竹篱街道办事处", organ_names=())
    rolled = add_up([one], units=[listed, "云水市青石区示例镇"])
    assert rolled.units[0].report is one
    assert rolled.missing == ("云水市青石区示例镇",)


def test_a_town_is_itself_with_and_without_its_government() -> None:
    one = replace(units(1)[0], organ="云水市青石区示例镇人民政府", organ_names=())
    assert add_up([one], units=["示例镇", "示例镇政府"]).missing == ()
    district = replace(one, organ="云水市青石区人民政府", file="区.docx")
    assert add_up([district], units=["云水市青石区"]).missing == ("云水市青石区",)


def test_without_a_list_two_ways_to_write_a_town_are_one_unit() -> None:
    one = replace(units(1)[0], organ="云水市青石区示例镇人民政府", organ_names=())
    other = replace(consistent.add(one, {RECEIVED: 1}), organ="云水市青石区示例镇")
    with pytest.raises(Refused) as refused:
        add_up([one, other])
    assert causes(refused) == ["rollup.twice"]


def test_the_end_of_a_name_is_no_short_name() -> None:
    one = replace(units(1)[0], organ="云水市青石区体育教育局", organ_names=())
    assert add_up([one], units=["教育局"]).missing == ("教育局",)


def test_a_report_nobody_expected_is_named_and_not_added() -> None:
    children = units()
    rolled = add_up(children, units=names(children)[:2])
    assert rolled.is_complete
    assert [(a.organ, a.why.id) for a in rolled.aside] == [(children[2].organ, "rollup.unexpected")]
    assert children[2].organ not in [name for name, _ in rolled.sums[RECEIVED].given]


def test_the_list_is_read_once_for_each_name() -> None:
    children = units(2)
    rolled = add_up(children, units=[*names(children), f" {children[0].organ}", ""])
    assert [u.name for u in rolled.units] == names(children)


def test_a_report_that_names_no_organ_goes_by_its_file() -> None:
    one, two = units(2)
    rolled = add_up([replace(one, organ=None, organ_names=(), file="甲.docx"), two])
    assert rolled.units[0].name == "甲.docx"


# -- what is refused


def test_different_years_are_refused_with_both_named() -> None:
    one, two = units(2)
    with pytest.raises(Refused) as refused:
        add_up([one, replace(two, year=2021)])
    assert causes(refused) == ["rollup.years"]
    assert "2021" in refused.value.notes[0].text.zh and "2022" in refused.value.notes[0].text.zh


def test_two_years_of_every_unit_are_refused_not_halved() -> None:
    children = units(2)
    with pytest.raises(Refused) as refused:
        add_up([*children, *(replace(r, year=2021) for r in children)])
    assert "rollup.years" in causes(refused)


def test_the_year_asked_for_leaves_the_others_aside_by_name() -> None:
    children = units(2)
    old = [replace(r, year=2021, file="old") for r in children]
    rolled = add_up([*old, *children], year=2022)
    assert rolled.is_complete and rolled.year == 2022
    assert [(a.file, a.why.id) for a in rolled.aside] == [("old", "rollup.other_year")] * 2


def test_a_report_without_a_year_is_not_taken_for_one_of_this_year() -> None:
    one, two = units(2)
    with pytest.raises(Refused) as refused:
        add_up([one, replace(two, year=None)])
    assert causes(refused) == ["rollup.years"]
    assert add_up([one, replace(two, year=None)], year=2022).aside[0].organ == two.organ


def test_one_unit_twice_with_other_figures_is_refused() -> None:
    one, two = units(2)
    again = replace(consistent.add(one, {RECEIVED: 1}), file="另一份.docx")
    with pytest.raises(Refused) as refused:
        add_up([one, two, again])
    assert causes(refused) == ["rollup.twice"]
    said = refused.value.notes[0].text.zh
    assert (one.organ or "?") in said and "另一份.docx" in said


def test_one_unit_twice_with_the_same_figures_is_told_and_added_once() -> None:
    one, two = units(2)
    rolled = add_up([one, two, replace(one, file="副本.docx")])
    assert [(a.file, a.why.id) for a in rolled.aside] == [("副本.docx", "rollup.copy")]
    assert rolled.sums[RECEIVED].of == 2


def test_the_short_and_the_full_name_of_one_unit_are_not_two_units() -> None:
    one, two = units(2)
    with pytest.raises(Refused) as refused:
        add_up([one, two, replace(consistent.add(one, {RECEIVED: 1}), organ="甲示例局")])
    assert causes(refused) == ["rollup.alike"]


def test_everything_that_stands_against_it_is_said_at_once() -> None:
    one, two, three = units()
    with pytest.raises(Refused) as refused:
        add_up([one, consistent.add(one, {RECEIVED: 1}), replace(two, year=2021), three])
    assert set(causes(refused)) == {"rollup.twice", "rollup.years"}


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        add_up([])
    assert causes(refused) == ["rollup.nothing"]


# -- organ and region


def as_kind(report: AnnualReport, kind: Kind, organ: str | None = None) -> AnnualReport:
    return replace(report, kind=kind, organ=organ or report.organ)


def county() -> tuple[AnnualReport, AnnualReport]:
    """A county's whole-region report and a department of another county."""
    one, two = units(2)
    return (
        as_kind(one, Kind.REGION, "云水市青石区人民政府"),
        as_kind(two, Kind.ORGAN, "云水市白云区示例局"),
    )


def test_a_region_is_not_added_to_units_and_is_named() -> None:
    with pytest.raises(Refused) as refused:
        rollup(county(), organ="云水市人民政府")
    assert causes(refused) == ["rollup.kinds"]
    assert "云水市青石区人民政府" in refused.value.notes[0].text.zh


@pytest.mark.parametrize(("kind", "kept"), [(Kind.REGION, 0), (Kind.ORGAN, 1)])
def test_the_scope_asked_for_leaves_the_other_aside(kind: Kind, kept: int) -> None:
    reports = county()
    rolled = rollup(reports, organ="云水市人民政府", kinds=[kind])
    assert [u.report for u in rolled.units] == [reports[kept]]
    assert [a.why.id for a in rolled.aside] == ["rollup.other_kind"]


def test_both_scopes_are_added_where_none_contains_another() -> None:
    both = (Kind.ORGAN, Kind.REGION)
    assert len(rollup(county(), organ="云水市人民政府", kinds=both).units) == 2
    region, other = county()
    member = replace(other, organ="云水市青石区示例局")
    with pytest.raises(Refused) as refused:
        rollup([region, member], organ="云水市人民政府", kinds=both)
    assert causes(refused) == ["rollup.members"]


def test_regions_alone_are_added() -> None:
    region, other = county()
    rolled = rollup(
        [region, as_kind(other, Kind.REGION, "云水市白云区人民政府")], organ="云水市人民政府"
    )
    assert len(rolled.units) == 2


def test_a_government_of_unstated_scope_beside_its_departments_is_refused() -> None:
    government, member = units(2)
    government = replace(government, organ="云水市青石区人民政府")
    with pytest.raises(Refused) as refused:
        rollup([government, member], organ="云水市人民政府")
    assert causes(refused) == ["rollup.members"]
    told = rollup([government, member], organ="云水市人民政府", kinds=[Kind.ORGAN])
    assert len(told.units) == 2


def test_what_was_assumed_of_the_scope_is_said() -> None:
    (said,) = [n for n in add_up(units()).notes if n.id == "rollup.kind_assumed"]
    assert "3" in said.text.zh and "本机关" in said.text.zh
    stated = add_up([as_kind(r, Kind.ORGAN) for r in units()])
    assert "rollup.kind_assumed" not in [n.id for n in stated.notes]


@pytest.mark.parametrize("kind", [Kind.REGION, Kind.UNKNOWN])
def test_the_regions_own_report_is_not_added_to_itself(kind: Kind) -> None:
    region, children = consistent.family()
    rolled = add_up([*children, replace(region, kind=kind)])
    assert [a.why.id for a in rolled.aside] == ["rollup.itself"]
    assert rolled.sums[RECEIVED].value == region.cells[RECEIVED].value


def test_the_regions_own_figures_are_added_where_they_are_stated_to_be_own() -> None:
    children = units()
    own = as_kind(children[0], Kind.ORGAN, REGION)
    rolled = add_up([own, *children[1:]])
    assert len(rolled.units) == 3
    found = checks.check(rolled.as_report(), children=[own, *children[1:]]).findings
    assert [f for f in found if f.id.startswith("unit.")] == []


# -- two editions


def mixed_pair() -> tuple[AnnualReport, AnnualReport]:
    one, two = units(2)
    old = replace(
        consistent.report("2019", 1, organ=two.organ or "", year=one.year), edition_due="2021"
    )
    return one, old


def test_two_editions_are_refused_unless_mixing_was_asked_for() -> None:
    with pytest.raises(Refused) as refused:
        add_up(mixed_pair())
    assert causes(refused) == ["rollup.editions"]
    assert "2019" in refused.value.notes[0].text.zh


def test_towards_the_newer_form_a_row_that_was_split_stays_empty_with_the_reason() -> None:
    one, old = mixed_pair()
    rolled = add_up([one, old], mixed=True, edition="2021")
    same = rolled.sums[RECEIVED]
    assert same.value == int(one.cells[RECEIVED].value or 0) + int(old.cells[RECEIVED].value or 0)
    for part in PARTS:
        assert rolled.sums[part].value is None
        assert rolled.sums[part].without == ((old.organ, Lack.NOT_COMPARABLE),)
        assert "其他处理" in rolled.not_comparable[part].zh
    assert "rollup.mixed" in [n.id for n in rolled.notes]


def test_towards_the_older_form_the_split_rows_are_added() -> None:
    one, old = mixed_pair()
    rolled = add_up([one, old], mixed=True, edition="2019")
    parts = sum(int(one.cells[p].value or 0) for p in PARTS)
    assert rolled.sums[OTHER].value == parts + int(old.cells[OTHER].value or 0)
    gap = add_up(
        [consistent.change(one, {PARTS[1]: consistent.blank()}), old], mixed=True, edition="2019"
    )
    assert gap.sums[OTHER].value is None
    assert gap.sums[OTHER].without == ((one.organ, Lack.BLANK),)


def test_mixed_without_an_edition_takes_the_one_due_for_the_year() -> None:
    assert add_up(mixed_pair(), mixed=True).edition == "2021"


def test_a_report_without_tables_is_of_no_other_edition() -> None:
    one, two = units(2)
    rolled = add_up([one, replace(two, edition=None, cells={})])
    assert rolled.edition == "2021"
    assert rolled.sums[RECEIVED].without == ((two.organ, Lack.ABSENT),)


def test_figures_in_rows_of_another_form_are_named_as_not_added() -> None:
    one, two = units(2)
    stray = replace(one, other_edition_cells={OTHER: consistent.number(3)})
    (said,) = [n for n in add_up([stray, two]).notes if n.id == "rollup.other_cells"]
    assert (one.organ or "?") in said.text.zh


# -- the total as a report


def test_the_total_is_a_region_report_of_every_address_without_invented_prose() -> None:
    report = add_up(units()).as_report()
    assert (report.kind, report.organ, report.year) == (Kind.REGION, REGION, 2022)
    assert list(report.cells) == list(forms.form("2021").addresses)
    assert report.text().strip() == ""
    assert [p.title for ps in report.sections.values() for p in ps] == [
        s.title for s in forms.form("2021").sections
    ]


@given(
    st.sampled_from(forms.editions()),
    st.integers(0, 10_000),
    st.integers(1, 4),
)
@settings(max_examples=30, deadline=None)
def test_what_was_rolled_up_agrees_with_its_units_by_the_rules(
    edition: str, seed: int, count: int
) -> None:
    _, children = consistent.family(edition, seed, units=count)
    total = add_up(children).as_report()
    found = checks.check(total, children=children).findings
    assert [f for f in found if f.id.startswith("unit.")] == []


@given(st.integers(0, 10_000), st.sampled_from(forms.form("2021").addresses))
@settings(max_examples=30, deadline=None)
def test_a_total_changed_afterwards_is_found_by_the_rules(seed: int, address: str) -> None:
    _, children = consistent.family("2021", seed)
    total = consistent.add(add_up(children).as_report(), {address: 1})
    found = checks.check(total, children=children).findings
    assert [f.cells for f in found if f.id == "unit.sum"] == [(address,)]


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_n_of_m_always_adds_up(data: st.DataObject) -> None:
    children = list(units(4))
    drop: Callable[[AnnualReport, list[str]], AnnualReport] = lambda report, cells: (  # noqa: E731
        consistent.change(report, dict.fromkeys(cells, consistent.blank()))
    )
    some = st.lists(st.sampled_from(forms.form("2021").addresses), max_size=20)
    children = [drop(r, data.draw(some)) for r in children]
    reported = data.draw(st.lists(st.sampled_from(children), unique_by=id, min_size=1))
    rolled = add_up(reported, units=names(children), partial=data.draw(st.booleans()))
    for address, one in rolled.sums.items():
        assert len(one.given) + len(one.without) == one.of == 4
        assert {n for n, _ in one.given}.isdisjoint(n for n, _ in one.without)
        if one.value is not None:
            assert one.value == sum(v for _, v in one.given), address
            assert rolled.partial or not one.without
    for unit in rolled.units:
        assert unit.given + sum(unit.lacks.values()) == unit.cells == 200


@pytest.mark.parametrize("to", ["docx", "html", "xlsx", "csv", "json"])
def test_a_part_sum_says_so_in_every_carrier(to: str) -> None:
    children = units()
    rolled = add_up(children[:2], units=names(children), partial=True)
    written = writers.write(rolled.as_report(), to=to)
    (back,) = read(written.data)
    assert "部分合计" in back.preamble and "3 个单位中 2 个有报告" in back.preamble
    doubt = rolled.as_report().cells[RECEIVED].doubt
    assert doubt is not None and "3 个单位中只有 2 个有数" in doubt.text.zh
    if to in ("docx", "html"):
        assert "write.doubt" in [note.id for note in written.notes]


def test_a_part_sum_of_doubtful_figures_tells_both() -> None:
    one, two = units(2)
    held = replace(one.cells[RECEIVED], doubt=Doubt("doubt.low_confidence", texts.same("示例")))
    one = replace(one, cells={**one.cells, RECEIVED: held})
    made = add_up([one], units=[one.organ or "", two.organ or ""], partial=True).as_report()
    doubt = made.cells[RECEIVED].doubt
    assert doubt is not None and doubt.id == "doubt.part_sum"
    assert (one.organ or "?") in doubt.text.zh and "A part sum" in doubt.text.en


def test_a_whole_total_has_no_such_preamble() -> None:
    made = add_up(units(), partial=True).as_report()
    assert made.preamble == "" and all(c.doubt is None for c in made.cells.values())
