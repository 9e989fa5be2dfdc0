"""长表 (.csv): one line per fact, each with its address, for spreadsheets and for programs.

Everything the report holds is there, so that it reads back as it was (``readers.csv_long``): the
cells with state, value and text, the prose one line to a row, claims, leftovers, notes. UTF-8
with a byte order mark, lines end in CR LF, as Excel and WPS want it. A text that a spreadsheet
would take for a formula has an apostrophe before it, which reading takes off again.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.statute import forms, notes
from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport, Cell, Place, State, Value
from gongkai.statute.texts import Lang
from gongkai.statute.writers import Written, paper, unsaid
from gongkai.statute.writers.json import REPORT

COLUMNS = (
    "报告", "项目", "地址", "表", "行", "列", "状态", "值", "单位", "原文", "原文单位", "把握",
    "编号", "说明", "位置", "其他",
)  # fmt: skip
"""列: report number, item, address, table, row, column, state, value, unit, text and unit as
printed, confidence, id and sentence of a doubt or note, place, whatever else (JSON)."""

ITEMS = {
    "schema": "格式标识",
    "file": "文件",
    "part": "文件中的第几份",
    "title": "标题",
    "organ": "机关",
    "organ_names": "机关名称",
    "kind": "口径",
    "year": "年度",
    "edition": "格式版本",
    "edition_due": "应用格式版本",
    "period": "统计期限",
    "signed_on": "成文日期",
    "contact": "联系方式",
    "preamble": "前言",
    "sections": "文字部分",
    "topics": "分项文字",
    "cells": "单元格",
    "other_edition_cells": "另一版单元格",
    "claims": "文字表述的数量",
    "leftovers": "未能归位",
    "notes": "读取说明",
}
"""项目: what a row is of, by the first word of its address (of a cell: ``cells``)."""

_RISKY = re.compile(r"['=+\-@\t\r\n＝＋－＠]")
_HARMLESS = re.compile(r"[+\-＋－]+|[+\-]?\d+(?:\.\d+)?", re.ASCII)


def write(report: AnnualReport, *, lang: Lang = "zh", findings: Sequence[Finding] = ()) -> Written:
    """One report as a file; ``findings`` have no room in it."""
    return Written(data([report], lang), unsaid.control(report))


def data(reports: Sequence[AnnualReport], lang: Lang = "zh") -> bytes:
    """Any number of reports as one file, told apart by the number in the first column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, report in enumerate(reports, 1):
        for row in _rows(report, lang):
            row["报告"] = str(number)
            writer.writerow([guarded(row.get(name, "")) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """The text as a spreadsheet will not compute it; ``readers.csv_long.bare`` undoes it."""
    text = paper.clean(text)
    return f"'{text}" if _RISKY.match(text) and not _HARMLESS.fullmatch(text) else text


Row = dict[str, str]


def _rows(report: AnnualReport, lang: Lang) -> Iterator[Row]:
    yield _item("schema", REPORT)
    yield _item("file", report.file)
    yield _item("part", report.part)
    yield _item("title", report.title)
    yield _item("organ", report.organ)
    yield from (_item("organ_names", name) for name in report.organ_names)
    yield _item("kind", report.kind.value)
    yield _item("year", report.year)
    yield _item("edition", report.edition)
    yield _item("edition_due", report.edition_due)
    first, last = report.period or (None, None)
    yield _item("period", f"{first}/{last}" if first else None)
    yield _item("signed_on", report.signed_on)
    yield _item("contact", report.contact)
    yield from _prose("preamble", report.preamble)
    for no, passages in report.sections.items():
        for printing, passage in enumerate(passages, 1):
            at = f"sections.{no}.{printing}"
            yield _item(f"{at}.title", passage.title) | {"位置": place(passage.place)}
            yield from _prose(f"{at}.text", passage.text)
    for name, text in report.topics.items():
        yield from _prose(f"topics.{name}", text)
    for address, cell in report.cells.items():
        yield _cell("cells", address, address, cell, report.edition, lang)
    for address, cell in report.other_edition_cells.items():
        yield _cell(
            "other_edition_cells", f"other_edition_cells.{address}", address, cell, None, lang
        )
    yield from _apart(report, lang)


def _apart(report: AnnualReport, lang: Lang) -> Iterator[Row]:
    """What belongs to no single cell: claims, leftovers, notes."""
    for claim in report.claims:
        rest: dict[str, Any] = {
            "subject": claim.subject,
            "channel": claim.channel,
            "cells": list(claim.cells),
            "exact": claim.exact,
            "cumulative": claim.cumulative,
        }
        if not isinstance(claim.value, int):
            rest["decimal"] = True
        yield _item("claims", _number(claim.value)) | {
            "单位": claim.unit or "",
            "原文": claim.raw,
            "位置": place(claim.place),
            "其他": _json(rest),
        }
    for left in report.leftovers:
        held = {"values": list(left.values), "candidates": list(left.candidates)}
        yield _item("leftovers", "") | {
            "原文": left.raw,
            "位置": place(left.place),
            "其他": _json(held),
        }
    for note in report.notes:
        yield _item("notes", "") | {
            "编号": note.id,
            "说明": note.text.say(lang),
            "位置": place(note.place),
        }


def _item(address: str, value: object) -> Row:
    """A row that is no cell; what is not known is ``absent``, a text that is empty ``blank``."""
    row = {"项目": ITEMS[address.split(".", 1)[0]], "地址": address}
    if value is None:
        return row | {"状态": State.ABSENT.value}
    if value == "":
        return row | {"状态": State.BLANK.value}
    return row | {"值": str(value)}


def _prose(address: str, text: str) -> Iterator[Row]:
    """A text one line to a row: a spreadsheet's cell holds 32,767 characters at most."""
    for line in text.split("\n"):
        yield _item(address, line)


def _cell(item: str, key: str, address: str, cell: Cell, edition: str | None, lang: Lang) -> Row:
    row = {"项目": ITEMS[item], "地址": key, **_labels(address, edition)}
    row["状态"] = cell.state.value
    row["值"] = "" if cell.value is None else _number(cell.value)
    row["原文"] = cell.raw
    row["原文单位"] = cell.unit or ""
    row["把握"] = repr(cell.confidence)
    if cell.doubt is not None:
        row["编号"], row["说明"] = cell.doubt.id, cell.doubt.text.say(lang)
    row["位置"] = place(cell.place)
    return row


@functools.cache
def _labels(address: str, edition: str | None) -> Mapping[str, str]:
    """What an address is called in the form: table, row with its headings, column, unit."""
    known = [edition] if edition else reversed(forms.editions())
    spec = next((s for e in known if (s := forms.form(e).specs.get(address))), None)
    if spec is None:
        return {}
    by_id = {row.id: row for row in spec.block.rows}
    path = [spec.row.label]
    parent = spec.row.parent
    while parent is not None:
        path.insert(0, by_id[parent].label)
        parent = by_id[parent].parent
    return {
        "表": notes.TABLES[spec.table].zh,
        "行": " / ".join(path),
        "列": " / ".join((*spec.column.group, spec.column.label))
        if spec.table == "applications"
        else spec.column.label,
        "单位": spec.column.unit,
    }


def _number(value: Value) -> str:
    return str(value) if isinstance(value, int) else format(value, "f")


def place(where: Place) -> str:
    """A place as ``page=1;table=2;row=3``: what is known of it."""
    parts = [(name, getattr(where, name)) for name in ("page", "table", "row", "column", "line")]
    shown = [f"{name}={value}" for name, value in parts if value is not None]
    if where.bbox is not None:
        shown.append("bbox=" + ",".join(repr(n) for n in where.bbox))
    return ";".join(shown)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
