"""报告 JSON: what is written reads back; what is not ours is refused with its path."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.statute import forms, notes, report, texts
from gongkai.statute.readers import json as reader
from gongkai.statute.writers import json as writer

# -- any report at all; sentences in one language, as a carrier of one language holds them

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
COUNT = st.integers(min_value=0, max_value=10**6)
MONEY = st.decimals(min_value=0, max_value=10**7, places=4)
POSITION = st.none() | st.integers(min_value=1, max_value=99)
POINTS = st.floats(min_value=0, max_value=2000, allow_nan=False)
DAY = st.dates(date(2000, 1, 1), date(2040, 1, 1))

PLACE = st.builds(
    report.Place,
    page=POSITION,
    bbox=st.none() | st.tuples(POINTS, POINTS, POINTS, POINTS),
    table=POSITION,
    row=POSITION,
    column=POSITION,
    line=POSITION,
)
DOUBT = st.builds(report.Doubt, st.sampled_from(sorted(notes.DOUBTS)), TEXT.map(texts.same))
NOTE = st.builds(report.Note, st.sampled_from(sorted(notes.NOTES)), TEXT.map(texts.same), PLACE)
PASSAGE = st.builds(report.Passage, TEXT, TEXT, PLACE)
LEFTOVER = st.builds(
    report.Leftover, TEXT, st.lists(TEXT).map(tuple), st.lists(TEXT).map(tuple), PLACE
)
CLAIM = st.builds(
    report.Claim,
    subject=TEXT,
    value=COUNT | MONEY,
    raw=TEXT,
    channel=st.none() | TEXT,
    cells=st.lists(TEXT, max_size=3).map(tuple),
    unit=st.none() | TEXT,
    exact=st.booleans(),
    cumulative=st.booleans(),
    place=PLACE,
)


def cell_of(spec: forms.Spec) -> st.SearchStrategy[report.Cell]:
    """Any cell for one address: money is a Decimal, a count an int or, wrongly, a fraction."""
    is_money = spec.column.type == "decimal"
    value = MONEY if is_money else COUNT | st.integers(-99, -1) | MONEY
    without = [s for s in report.State if s is not report.State.NUMBER]
    return st.builds(
        lambda filled, raw, unit, place, confidence, doubt: report.Cell(
            filled[0],
            filled[1],
            raw=raw,
            unit=unit,
            place=place,
            confidence=confidence,
            doubt=doubt,
        ),
        value.map(lambda v: (report.State.NUMBER, v))
        | st.sampled_from(without).map(lambda s: (s, None)),
        raw=TEXT,
        unit=st.none() | TEXT,
        place=PLACE,
        confidence=st.floats(0, 1),
        doubt=st.none() | DOUBT,
    )


@st.composite
def reports(draw: st.DrawFn) -> report.AnnualReport:
    edition = draw(st.none() | st.sampled_from(forms.editions()))
    cells = {}
    if edition is not None:
        # A few cells drawn at random, the rest repeat them: enough to meet every branch.
        specs = forms.form(edition).specs
        chosen = draw(st.lists(st.sampled_from(sorted(specs)), min_size=1, max_size=6))
        cells = {address: report.Cell(report.State.BLANK) for address in specs}
        cells |= {address: draw(cell_of(specs[address])) for address in chosen}
    other = forms.form("2021" if edition == "2019" else "2019").specs
    strange = draw(st.lists(st.sampled_from(sorted(other)), max_size=2, unique=True))
    return report.AnnualReport(
        file=draw(TEXT),
        part=draw(POSITION),
        organ=draw(st.none() | TEXT),
        organ_names=draw(st.lists(TEXT, max_size=2).map(tuple)),
        kind=draw(st.sampled_from(report.Kind)),
        year=draw(st.none() | st.integers(2000, 2040)),
        edition=edition,
        edition_due=draw(st.none() | st.sampled_from(forms.editions())),
        title=draw(st.none() | TEXT),
        period=draw(st.none() | st.tuples(DAY, DAY)),
        signed_on=draw(st.none() | DAY),
        contact=draw(st.none() | TEXT),
        preamble=draw(TEXT),
        sections=draw(
            st.dictionaries(st.sampled_from("123456"), st.lists(PASSAGE, max_size=2).map(tuple))
        ),
        topics=draw(st.dictionaries(TEXT, TEXT, max_size=2)),
        cells=cells,
        other_edition_cells={address: draw(cell_of(other[address])) for address in strange},
        claims=draw(st.lists(CLAIM, max_size=2).map(tuple)),
        leftovers=draw(st.lists(LEFTOVER, max_size=2).map(tuple)),
        notes=draw(st.lists(NOTE, max_size=2).map(tuple)),
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(reports(), min_size=1, max_size=2))
def test_what_is_written_reads_back(written: list[report.AnnualReport]) -> None:
    data = "".join(writer.dump_line(r, "zh") for r in written).encode()
    assert reader.reports(data) == written


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_reading_and_writing_again_changes_no_byte(written: report.AnnualReport) -> None:
    line = writer.dump_line(written, "zh")
    assert [writer.dump_line(r, "en") for r in reader.reports(line.encode())] == [line]


# -- one small report for the cases below


def blank_report(**changed: Any) -> report.AnnualReport:
    cells = {a: report.Cell(report.State.BLANK) for a in forms.form("2021").addresses}
    fields: dict[str, Any] = {
        "file": "青石区.docx",
        "organ": "云水市青石区林业局",
        "year": 2021,
        "edition": "2021",
        "edition_due": "2021",
        "cells": cells,
    }
    return report.AnnualReport(**fields | changed)


def written(**changed: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(writer.dump_line(blank_report(**changed), "zh"))
    return value


def test_every_key_of_the_schema_is_there_and_unknown_is_null() -> None:
    value = writer.to_dict(report.AnnualReport(), "zh")
    assert " ".join(value) == (
        "schema file part organ organ_names kind year edition edition_due title period signed_on "
        "contact preamble sections topics cells other_edition_cells claims verdict leftovers notes"
    )
    assert value["schema"] == "gongkai.report/1"
    assert value["year"] is None and value["period"] is None and value["kind"] == "unknown"
    assert value["verdict"] == {
        "cells": 0,
        "number": 0,
        "blank": 0,
        "dash": 0,
        "not_applicable": 0,
        "unreadable": 0,
        "absent": 0,
        "doubtful": [],
    }


def test_money_is_a_string_and_a_count_an_integer() -> None:
    cells = dict(blank_report().cells)
    cells["proactive.fees.amount"] = report.Cell(
        report.State.NUMBER, Decimal("1.34E+4"), raw="13400", unit="万元"
    )
    cells["applications.received.total"] = report.Cell(report.State.NUMBER, 0, raw="0")
    cells["applications.granted.total"] = report.Cell(
        report.State.NUMBER, 3, doubt=notes.doubt("doubt.split_digits", raw="3 ")
    )
    value = written(cells=cells)
    assert value["cells"]["proactive.fees.amount"]["value"] == "13400"
    assert value["cells"]["applications.received.total"]["value"] == 0
    assert value["verdict"]["number"] == 3
    assert value["verdict"]["blank"] == 197
    assert value["verdict"]["doubtful"] == ["applications.granted.total"]
    assert value["cells"]["applications.granted.total"]["doubt"]["id"] == "doubt.split_digits"


def test_sentences_are_in_the_language_asked_for() -> None:
    noted = blank_report(notes=(notes.note("read.encoding", encoding="GB18030"),))
    assert "编码" in writer.to_dict(noted, "zh")["notes"][0]["text"]
    assert "UTF-8" in writer.to_dict(noted, "en")["notes"][0]["text"]
    assert "编码" not in writer.to_dict(noted, "en")["notes"][0]["text"]


@pytest.mark.parametrize(
    "encode",
    [
        lambda one, two: (one + two).encode(),
        lambda one, two: f"[{one},{two}]".encode(),
        lambda one, two: f"\n\n{one}\r\n{two}\n".encode(),
        lambda one, two: (one + two).encode("utf-8-sig"),
        lambda one, two: (one + two).encode("utf-16"),
        lambda one, two: json.dumps([json.loads(one), json.loads(two)], indent=1).encode(),
    ],
)
def test_several_reports_in_one_file(encode: Callable[[str, str], bytes]) -> None:
    first, second = blank_report(), blank_report(organ="云水市赤岭县水务局", part=2)
    data = encode(writer.dump_line(first, "zh"), writer.dump_line(second, "zh"))
    assert reader.reports(data) == [first, second]


def test_files_that_could_not_be_read_are_named_in_a_note() -> None:
    missing = writer.error_dict("残缺.pdf", notes.error("error.empty"), "zh")
    assert missing == {
        "schema": "gongkai.error/1",
        "file": "残缺.pdf",
        "error": {"id": "error.empty", "text": "文件是空的，或者没有任何文字。"},
    }
    data = writer.line(missing) + writer.dump_line(blank_report(), "zh")
    (read,) = reader.reports(data.encode())
    assert [n.id for n in read.notes] == ["read.json_errors"]
    assert "残缺.pdf" in read.notes[0].text.zh
    with pytest.raises(report.CannotRead):
        reader.reports(writer.line(missing).encode())


def test_a_key_of_nobody_is_left_out_and_named() -> None:
    value = written()
    value["shade"] = 1
    value["cells"]["applications.received.total"]["from"] = []
    (note,) = reader.load(value).notes
    assert note.id == "read.json_keys"
    assert "shade" in note.text.en and "cells.applications.received.total.from" in note.text.en


def test_the_verdict_is_computed_not_believed() -> None:
    value = written()
    value["verdict"] = {"cells": 1}
    assert reader.load(value).verdict().counts[report.State.BLANK] == 200


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for step in path[:-1]:
            whole = whole[step]
        whole[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for step in path[:-1]:
            whole = whole[step]
        del whole[path[-1]]

    return change


ANY = ("cells", "applications.received.total")
MONEY_CELL = ("cells", "proactive.fees.amount")
NUMBER = {
    "state": "number",
    "value": 5,
    "raw": "5",
    "unit": None,
    "place": dict.fromkeys(("page", "bbox", "table", "row", "column", "line")),
    "confidence": 1,
    "doubt": None,
}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("schema", value="gongkai.report/2"), "schema"),
        (drop("schema"), "schema"),
        (drop("contact"), "contact"),
        (put("file", value=None), "file"),
        (put("part", value="1"), "part"),
        (put("year", value=2021.0), "year"),
        (put("year", value=True), "year"),
        (put("kind", value="county"), "kind"),
        (put("edition", value="2007"), "edition"),
        (put("edition", value=None), "cells.proactive.regulations.made"),
        (put("edition", value="2019"), "cells.proactive.regulations.repealed"),
        (put("organ_names", value="局"), "organ_names"),
        (put("organ_names", value=[1]), "organ_names[0]"),
        (put("period", value=["2021-01-01"]), "period"),
        (put("period", value=["2021-01-01", "2021-02-30"]), "period"),
        (put("signed_on", value="2022年1月"), "signed_on"),
        (put("sections", value=[]), "sections"),
        (put("sections", "1", value=[{"title": "", "text": ""}]), "sections.1[0].place"),
        (put("topics", "主动公开", value=1), "topics.主动公开"),
        (drop("cells", "remedies.direct_suit.pending"), "cells.remedies.direct_suit.pending"),
        (put("cells", "applications.received.dogs", value=NUMBER), "applications.received.dogs"),
        (put(*ANY, value=None), "cells.applications.received.total"),
        (drop(*ANY, "raw"), "cells.applications.received.total.raw"),
        (put(*ANY, "state", value="zero"), "cells.applications.received.total.state"),
        (put(*ANY, "value", value=0), "cells.applications.received.total.value"),
        (put(*ANY, value=NUMBER | {"value": None}), "cells.applications.received.total.value"),
        (put(*ANY, value=NUMBER | {"value": 5.0}), "cells.applications.received.total.value"),
        (put(*ANY, value=NUMBER | {"value": "5 件"}), "cells.applications.received.total.value"),
        (put(*ANY, value=NUMBER | {"value": "NaN"}), "cells.applications.received.total.value"),
        (put(*MONEY_CELL, value=NUMBER), "cells.proactive.fees.amount.value"),
        (put(*ANY, "confidence", value=1.5), "cells.applications.received.total.confidence"),
        (put(*ANY, "doubt", value="?"), "cells.applications.received.total.doubt"),
        (put(*ANY, "place", "page", value="1"), "cells.applications.received.total.place.page"),
        (put(*ANY, "place", "bbox", value=[1, 2]), "cells.applications.received.total.place.bbox"),
        (put("other_edition_cells", "a.b.c", value=NUMBER), "other_edition_cells.a.b.c"),
        (put("claims", value=[{"subject": "received"}]), "claims[0].channel"),
        (put("leftovers", value=["x"]), "leftovers[0]"),
        (put("notes", value=[{"id": "read.encoding"}]), "notes[0].place"),
    ],
)
def test_what_is_wrong_is_named(change: Callable[[dict[str, Any]], None], path: str) -> None:
    value = written()
    change(value)
    with pytest.raises(report.CannotRead) as caught:
        reader.load(value)
    assert caught.value.id == "error.json"
    assert path in caught.value.text.zh and path in caught.value.text.en


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"7",
        b"null",
        b'{"a": 1, "a": 2}',
        b'{"schema": NaN}',
        b"\xff\xfe\x00",
        "公开".encode("gb18030"),
        b"[" * 100_000,
        b'{"schema": ' + b"9" * 5000 + b"}",
        b'["\\ud800"]',
    ],
)
def test_what_is_no_report_json_is_refused(data: bytes) -> None:
    with pytest.raises(report.CannotRead) as caught:
        reader.reports(data)
    assert caught.value.id == "error.json"


def test_a_broken_line_is_named_by_its_number() -> None:
    data = writer.dump_line(blank_report(), "zh") + '{"schema": "gongkai.report/1",\n'
    with pytest.raises(report.CannotRead) as caught:
        reader.reports(data.encode())
    assert "line 3" in caught.value.text.en


def test_a_file_written_before_there_was_a_preamble_still_reads() -> None:
    value = written(preamble="统计期限自2021年1月1日起。")
    assert reader.reports(json.dumps(value).encode())[0].preamble == "统计期限自2021年1月1日起。"
    del value["preamble"]
    assert reader.reports(json.dumps(value).encode())[0].preamble == ""


def test_a_wrong_report_among_several_is_named_by_its_place() -> None:
    value = written()
    del value["contact"]
    data = writer.dump_line(blank_report(), "zh") + json.dumps(value)
    with pytest.raises(report.CannotRead) as caught:
        reader.reports(data.encode())
    assert "[2].contact" in caught.value.text.en
