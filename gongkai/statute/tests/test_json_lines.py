"""报告 JSON 的快读: whatever the quick way reads, the strict way reads the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.statute import rollups, texts
from gongkai.statute.readers import json as strict
from gongkai.statute.readers import json_lines
from gongkai.statute.report import AnnualReport, CannotRead, Cell, Doubt, Place, State
from gongkai.statute.tests import consistent
from gongkai.statute.writers import json as writer
from gongkai.statute.writers import rollup_json

ADDRESS = "applications.received.natural_person"
MONEY = "proactive.fees.amount"


def strictly(text: str) -> list[Any]:
    """What the strict reader makes of the same lines, the quick way left out."""
    values = list(strict._objects(text))
    return [
        strict.load(value, f"[{at}]" if len(values) > 1 else "")
        for at, value in enumerate(values, 1)
    ]


def written(*cells: tuple[str, Cell], edition: str = "2021") -> str:
    report = consistent.change(consistent.report(edition), dict(cells))
    return writer.dump_line(report, "zh")


RAW = st.text(max_size=12) | st.sampled_from(
    [
        '"',
        "\\",
        '", "applications.received.business": {"',
        "{}",
        '}, "other_edition_cells": {',
        "\u2028",
    ]
)
CELL = st.builds(
    lambda value, raw, unit, place, confidence, doubt: Cell(
        State.BLANK if value is None else State.NUMBER, value, raw, unit, place, confidence, doubt
    ),
    st.none() | st.integers(-(10**20), 10**20),
    RAW,
    st.none() | RAW,
    st.builds(
        Place,
        st.none() | st.integers(0, 99),
        st.none() | st.tuples(*[st.floats(-1e3, 1e3, allow_nan=False) | st.integers(0, 9)] * 4),
        st.none() | st.integers(0, 99),
    ),
    st.floats(0, 1) | st.sampled_from([0, 1]),
    st.none() | st.builds(Doubt, st.just("doubt.column"), RAW.map(texts.same)),
)


@given(CELL, CELL, st.sampled_from(["2019", "2021"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_cells_of_every_kind_are_read_alike(one: Cell, other: Cell, edition: str) -> None:
    line = written((ADDRESS, one), ("remedies.direct_suit.total", other), edition=edition)
    quick = json_lines.reports([line])
    assert quick is not None, "our own writing must take the quick way"
    assert quick == strictly(line)
    (report,) = quick
    assert isinstance(report, AnnualReport)
    assert writer.dump_line(report, "zh") == line


def test_several_lines_and_errors_among_them_keep_their_order() -> None:
    wrong = writer.line(
        writer.error_dict("残缺.pdf", CannotRead("error.damaged", texts.same("!")), "zh")
    )
    found = json_lines.reports([written(), wrong, " \n", written()])
    assert found is not None
    assert [isinstance(one, AnnualReport) for one in found] == [True, False, True]


def test_money_is_read_as_a_decimal_and_a_count_as_an_integer() -> None:
    line = written((MONEY, consistent.number(Decimal("25.10"))))
    (report,) = json_lines.reports([line]) or []
    assert isinstance(report, AnnualReport)
    assert str(report.cells[MONEY].value) == "25.10"
    assert isinstance(report.cells[ADDRESS].value, int)


def change(line: str, how: Callable[[dict[str, Any]], None]) -> str:
    value = json.loads(line)
    how(value)
    return writer.line(value)


@pytest.mark.parametrize(
    "line",
    [
        written().replace('"state": "number"', '"state": "nought"', 1),
        written().replace('"value": ', '"value": 1.5, "valeu": ', 1),
        written().replace('"doubt": null', '"doubt": null, "doubt": null', 1),
        written().replace('"organ": ', '"organ": null, "organ": ', 1),
        written().replace('"confidence": 1.0', '"confidence": 2.0', 1),
        written().replace('"confidence": 1.0', '"confidence": NaN', 1),
        written().replace('"page": null', '"page": true', 1),
        written().replace('"page": null', '"page": 01', 1),
        written().replace('"raw": "', '"raw": "\\ud800', 1),
        written().replace('"raw": "', '"raw": "\t', 1),
        written().replace('"edition": "2021"', '"edition": "2019"', 1),
        written().replace('"edition": "2021"', '"edition": null', 1),
        written((MONEY, consistent.number(Decimal(7)))).replace('"value": "7"', '"value": 7'),
        written().replace("applications.carried_in.total", "applications.carried_in.totals", 1),
        written().replace('"cells": {', '"cells": {}, "cells": {', 1),
        change(written(), lambda v: v.update(cells={**v["cells"], "a.b.c": {}})),
        change(written(), lambda v: v["cells"].pop(ADDRESS)),
        change(written(), lambda v: v.pop("contact")),
        change(written(), lambda v: v.update(schema="gongkai.report/2")),
        written() + "]",
        written()[:-3],
        "{}",
        '"',
        "1",
    ],
)
def test_what_is_wrong_is_left_to_the_strict_reader_and_refused_there(line: str) -> None:
    assert json_lines.reports([line]) is None
    with pytest.raises(CannotRead):
        strict.contents(line.encode())


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(json.loads(written()), indent=1),
        json.dumps(json.loads(written()), separators=(",", ":")),
        change(written(), lambda v: v.update(cells=dict(reversed(v["cells"].items())))),
        change(written(), lambda v: v["cells"][ADDRESS].update(shade=1)),
    ],
)
def test_another_layout_of_the_same_is_read_by_the_strict_reader(line: str) -> None:
    assert json_lines.reports(line.split("\n")) is None
    (report,) = strict.contents(line.encode())
    assert isinstance(report, AnnualReport)
    assert report.cells == strict.reports(written().encode())[0].cells


def test_cells_inside_a_key_of_nobody_are_not_taken_for_the_reports() -> None:
    line = change(written(), lambda v: v.update({"aside": {"cells": v["cells"]}}))
    moved = json.loads(line)
    first = {"schema": moved["schema"], "aside": moved["aside"]}
    (report,) = strict.contents(writer.line({**first, **moved}).encode())
    assert isinstance(report, AnnualReport)
    assert [n.id for n in report.notes] == ["read.json_keys"]


def test_a_roll_up_reads_as_its_totals_with_one_note() -> None:
    _, children = consistent.family()
    rolled = rollups.rollup(children, organ=consistent.REGION)
    (report,) = strict.reports(rollup_json.dump_line(rolled, "zh").encode())
    assert report.cells == rolled.as_report().cells
    assert [n.id for n in report.notes if n.id.startswith("read.")] == ["read.json_rollup"]
    assert replace(report, notes=()) == replace(rolled.as_report(), notes=())
