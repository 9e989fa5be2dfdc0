"""核对: a person's word for a cell stands beside what was read, moves findings, can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.statute.report import AnnualReport, State
from gongkai.web.desk import actions, outcome, queries, values
from gongkai.web.desk.models import Mark, Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.tests.doers import doer
from gongkai.web.tests.cast import Cast

RECEIVED = "applications.received.natural_person"


def _faulty() -> AnnualReport:
    """One figure is wrong, so that table three does not balance."""
    good = deskwork.report()
    value = good.cells[RECEIVED].value
    assert isinstance(value, int)
    return deskwork.report(applications__received__natural_person=value + 7)


def _handed_in(by: Doer, made: AnnualReport | None = None) -> Report:
    data = deskwork.docx(made or _faulty())
    return deskwork.report_of(deskwork.hand_in(by, a__docx=data).papers.get())


def test_a_correction_moves_the_findings_and_both_values_stay(cast: Cast) -> None:
    report = _handed_in(doer(cast, "handler"))
    by = doer(cast, "handler")
    right = int(deskwork.report().cells[RECEIVED].value or 0)
    errors = report.errors
    assert errors > 0
    done = actions.correct(
        by=by,
        report=report,
        address=RECEIVED,
        typed=f" {right} 件",
        reason="对照原件",
        version=report.version,
    )
    assert done.errors == 0 and not [f for f in queries.findings_of(done) if f.level == "error"]
    version = queries.in_hand(done)
    (mark,) = queries.marks_of(version)
    assert mark.read["value"] == right + 7 and mark.given["value"] == right
    assert values.reading(version).cells[RECEIVED].value == right + 7
    held = values.effective(version, [mark]).cells[RECEIVED]
    assert held.value == right and held.place == values.reading(version).cells[RECEIVED].place
    event = queries.history(done)[0]
    assert event.kind == "desk.corrected"
    assert (event.old["read"], event.new["given"]) == (str(right + 7), str(right))
    assert "自然人" in event.new["label"]
    undone = actions.undo(by=by, report=done, address=RECEIVED, version=done.version)
    assert undone.errors == errors
    assert queries.marks_of(version) == [] and Mark.objects.get().undone_at is not None


def test_a_doubtful_cell_is_confirmed_or_all_of_them(cast: Cast) -> None:
    by = doer(cast, "handler")
    report = _handed_in(by, deskwork.unsure(deskwork.report(), 3))
    assert report.doubtful == 3
    first, *_others = [
        a for a, c in values.reading(queries.in_hand(report)).cells.items() if c.doubt
    ]
    done = actions.confirm(by=by, report=report, address=first, version=report.version)
    assert done.doubtful == 2
    with pytest.raises(actions.NotNow):
        actions.confirm(by=by, report=done, address=first, version=done.version)
    done = actions.confirm_all(by=by, report=done, version=done.version)
    assert done.doubtful == 0
    with pytest.raises(actions.NotNow):
        actions.confirm_all(by=by, report=done, version=done.version)


def test_two_people_at_one_cell_the_second_is_told_what_the_first_did(cast: Cast) -> None:
    report = _handed_in(doer(cast, "handler"))
    shown = report.version
    actions.correct(
        by=doer(cast, "handler"), report=report, address=RECEIVED, typed="1", version=shown
    )
    with pytest.raises(actions.Stale) as refused:
        actions.correct(
            by=doer(cast, "reviewer"), report=report, address=RECEIVED, typed="2", version=shown
        )
    assert "甲经办" in str(refused.value.message) and "更正" in str(refused.value.message)
    (mark,) = queries.marks_of(queries.in_hand(report))
    assert mark.given["value"] == 1


def test_two_people_at_two_cells_are_not_in_each_others_way(cast: Cast) -> None:
    report = _handed_in(doer(cast, "handler"))
    shown = report.version
    other = "applications.received.business"
    for who, address in (("handler", RECEIVED), ("reviewer", other)):
        actions.correct(
            by=doer(cast, who), report=report, address=address, typed="5", version=shown
        )
    assert {m.address for m in queries.marks_of(queries.in_hand(report))} == {RECEIVED, other}
    report.refresh_from_db()
    assert report.version == shown + 2


@pytest.mark.parametrize(
    ("typed", "state"),
    [("", State.BLANK), ("-", State.DASH), ("/", State.DASH), ("无", State.NOT_APPLICABLE)],
)
def test_what_is_no_number_is_kept_as_what_it_is(typed: str, state: State) -> None:
    assert values.parse_cell(RECEIVED, typed).state is state


def test_numbers_are_typed_as_they_are_printed() -> None:
    money = next(a for a in deskwork.report().cells if values.unit(a) == "万元")
    assert values.parse_cell(RECEIVED, "1,234").value == 1234
    assert values.parse_cell(RECEIVED, " 12 件 ").value == 12
    assert str(values.parse_cell(money, "1.5亿元").value) == "15000"
    assert str(values.parse_cell(money, "25000元").value) == "2.5"


@pytest.mark.parametrize("typed", ["约5", "1 1", "1.5", "=1+1", "abc", "9" * 30, "1" * 200])
def test_what_is_no_certain_number_is_refused_with_words(typed: str) -> None:
    with pytest.raises(values.Uncertain) as refused:
        values.parse_cell(RECEIVED, typed)
    assert str(refused.value.message)


def test_no_such_cell() -> None:
    with pytest.raises(values.NoCell):
        values.parse_cell("applications.nothing.here", "1")


@pytest.mark.parametrize("who", ["drafter", "outside_handler", "auditor", "administrator"])
def test_others_do_not_touch_it(cast: Cast, who: str) -> None:
    report = _handed_in(doer(cast, "handler"))
    by = doer(cast, who)
    with pytest.raises(NotAllowed):
        actions.confirm(by=by, report=report, address=RECEIVED, version=report.version)
    with pytest.raises(NotAllowed):
        actions.set_aside(by=by, report=report, version=report.version)
    with pytest.raises(NotAllowed):
        actions.read_again(by=by, paper=queries.in_hand(report).paper)


def test_marks_hold_on_in_the_next_version_where_it_reads_the_same(cast: Cast) -> None:
    by = doer(cast, "handler")
    report = _handed_in(by)
    other = "applications.received.business"
    for address in (RECEIVED, other):
        report = actions.correct(
            by=by, report=report, address=address, typed="3", version=report.version
        )
    changed = replace(_faulty())
    cells = {**changed.cells, other: replace(changed.cells[other], value=44, raw="44")}
    deskwork.hand_in(by, b__docx=deskwork.docx(replace(changed, cells=cells)))
    version = queries.in_hand(report)
    assert version.number == 2
    assert [mark.address for mark in queries.marks_of(version)] == [RECEIVED]


def test_reading_again_makes_no_version_where_nothing_is_read_otherwise(cast: Cast) -> None:
    by = doer(cast, "handler")
    report = _handed_in(by)
    paper = queries.in_hand(report).paper
    actions.read_again(by=by, paper=paper)
    with pytest.raises(actions.NotNow):
        actions.read_again(by=by, paper=paper)
    deskwork.work()
    paper.refresh_from_db()
    assert paper.state == "read" and report.versions.count() == 1
    report.versions.update(sha256="0" * 64)  # as if an earlier program had read it otherwise
    actions.read_again(by=by, paper=paper)
    deskwork.work()
    assert [v.number for v in queries.versions_of(report)] == [2, 1]


def test_set_aside_and_brought_back(cast: Cast) -> None:
    by = doer(cast, "handler")
    report = _handed_in(by)
    aside = actions.set_aside(by=by, report=report, version=report.version)
    seen = queries.visible_reports(by.capacity)
    assert not queries.on_the_desk(seen).exists() and seen.exists()
    with pytest.raises(actions.NotNow):
        actions.confirm(by=by, report=aside, address=RECEIVED, version=aside.version)
    deskwork.hand_in(by, b__docx=deskwork.docx(deskwork.report()))  # another of that year
    assert Report.objects.count() == 2
    with pytest.raises(actions.NotNow):
        actions.bring_back(by=by, report=aside, version=aside.version)
    new = queries.on_the_desk(seen).get()
    actions.set_aside(by=by, report=new, version=new.version)
    back = actions.bring_back(by=by, report=aside, version=aside.version)
    assert queries.on_the_desk(seen).get() == back


@pytest.mark.parametrize("carrier", outcome.CARRIERS)
def test_what_is_written_is_what_people_corrected_or_what_was_read(
    cast: Cast, carrier: str
) -> None:
    by = doer(cast, "handler")
    report = _handed_in(by)
    read = values.reading(queries.in_hand(report)).cells[RECEIVED].value
    report = actions.correct(
        by=by, report=report, address=RECEIVED, typed="31", version=report.version
    )
    version = queries.in_hand(report)
    for corrected, wanted in ((True, 31), (False, read)):
        written = outcome.write(version, carrier, corrected=corrected)
        again = deskwork.read(written.data, f"a.{carrier}")
        assert again.cells[RECEIVED].value == wanted
