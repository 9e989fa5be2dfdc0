"""打包: a report and its findings as they are kept; pure, as the processes that read use it too.

A version is the report's JSON (gongkai.report/1) in one line. A second line keeps what that JSON
does not: where the lines of a section's text stand in the file, and the English of the reader's
sentences. Both are packed together; the digest is that of the JSON.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from gongkai.statute.findings import Finding
from gongkai.statute.readers import json as json_reader
from gongkai.statute.readers import json_lines
from gongkai.statute.report import (
    NOWHERE,
    AnnualReport,
    Cell,
    Doubt,
    Note,
    Passage,
    Place,
    State,
)
from gongkai.statute.texts import Text
from gongkai.statute.writers import json as json_writer

T = TypeVar("T")


def pack(report: AnnualReport, name: str = "") -> tuple[bytes, str]:
    """The report, where given under another file's name, as it is kept; the digest of its JSON."""
    if name:
        report = replace(report, file=name)
    line = json_writer.write(report, lang="zh").data
    beside = json.dumps(_beside(report), ensure_ascii=False, separators=(",", ":"))
    whole = line + beside.encode("utf-8", "backslashreplace")
    return zlib.compress(whole, 6), hashlib.sha256(line).hexdigest()


def unpacked(value: bytes) -> AnnualReport:
    """The report that `pack` packed, equal to it."""
    line, _end, beside = zlib.decompress(value).partition(b"\n")
    quick = json_lines.reports([line.decode()])
    told = quick[0] if quick else json_reader.reports(line)[0]
    if not isinstance(told, AnnualReport):
        raise ValueError("what is kept is no report")
    return _with(told, json.loads(beside)) if beside else told


def dumped(value: bytes) -> bytes:
    """The report's JSON, one line of gongkai.report/1."""
    line, _end, _beside = zlib.decompress(value).partition(b"\n")
    return line + b"\n"


def cell_json(cell: Cell, address: str) -> dict[str, Any]:
    """A cell as the report's JSON has it, in Chinese."""
    value: int | str | None = None
    if cell.value is not None:
        money = json_reader.is_money(address) or isinstance(cell.value, Decimal)
        value = format(Decimal(cell.value), "f") if money else int(cell.value)
    told: dict[str, Any] = {
        "state": cell.state.value,
        "value": value,
        "raw": cell.raw,
        "unit": cell.unit,
        "place": json_writer.place(cell.place),
        "confidence": cell.confidence,
        "doubt": {"id": cell.doubt.id, "text": cell.doubt.text.zh} if cell.doubt else None,
    }
    return fit(told)


def is_doubtful(cell: Cell) -> bool:
    """Whether a person must look: the reader doubts, or something stands there that is no number
    for certain."""
    return cell.doubt is not None or cell.state is State.UNREADABLE


def cell_of(value: Mapping[str, Any], address: str) -> Cell:
    """The cell that `cell_json` told of."""
    return json_reader.cell(dict(value), address, address, [])


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding in both languages, as it is kept."""
    told: dict[str, Any] = {
        "rule": finding.id,
        "level": finding.level.value,
        "outcome": finding.outcome.value,
        "cells": list(finding.cells),
        "printed": _plain(finding.printed),
        "expected": _plain(finding.expected),
        "message": {"zh": finding.message.zh, "en": finding.message.en},
        "hint": {"zh": finding.hint.zh, "en": finding.hint.en},
        "source": finding.source,
        "place": json_writer.place(finding.place),
    }
    return fit(told)


def fit(value: T) -> T:
    """The same without the two things a database takes for no text."""
    made: Any = value
    if isinstance(value, str):
        made = value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    elif isinstance(value, dict):
        made = {key: fit(one) for key, one in value.items()}
    elif isinstance(value, list):
        made = [fit(one) for one in value]
    return made  # type: ignore[no-any-return]


def _plain(value: object) -> int | str | None:
    if value is None or isinstance(value, int | str):
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


# -- what stands beside the JSON


def _beside(report: AnnualReport) -> dict[str, Any]:
    places = {
        no: [[_short(place) for place in passage.places] for passage in passages]
        for no, passages in report.sections.items()
        if any(passage.places for passage in passages)
    }
    said = [cell.doubt.text for cell in report.cells.values() if cell.doubt]
    said += [cell.doubt.text for cell in report.other_edition_cells.values() if cell.doubt]
    said += [note.text for note in report.notes]
    return {"places": places, "en": {text.zh: text.en for text in said if text.zh != text.en}}


def _short(place: Place) -> list[Any]:
    """A place as a list without its unknown end."""
    told: list[Any] = [place.page, place.line, place.table, place.row, place.column]
    told.append(list(place.bbox) if place.bbox else None)
    while told and told[-1] is None:
        told.pop()
    return told


def _place(told: list[Any]) -> Place:
    if not told:
        return NOWHERE
    whole: list[Any] = [*told, *[None] * (6 - len(told))]
    page, line, table, row, column, box = whole
    return Place(page, (box[0], box[1], box[2], box[3]) if box else None, table, row, column, line)


def _with(report: AnnualReport, beside: Mapping[str, Any]) -> AnnualReport:
    english: Mapping[str, str] = beside.get("en", {})
    places: Mapping[str, Any] = beside.get("places", {})
    if not english and not places:
        return report
    return replace(
        report,
        sections={
            no: _passages(passages, places.get(no)) for no, passages in report.sections.items()
        },
        cells={a: _doubt(cell, english) for a, cell in report.cells.items()},
        other_edition_cells={
            a: _doubt(cell, english) for a, cell in report.other_edition_cells.items()
        },
        notes=tuple(_note(note, english) for note in report.notes),
    )


def _passages(
    passages: tuple[Passage, ...], places: list[list[list[Any]]] | None
) -> tuple[Passage, ...]:
    if not places:
        return passages
    return tuple(
        replace(passage, places=tuple(_place(one) for one in told))
        for passage, told in zip(passages, places, strict=True)
    )


def _doubt(cell: Cell, english: Mapping[str, str]) -> Cell:
    doubt = cell.doubt
    if doubt is None or doubt.text.zh not in english:
        return cell
    return replace(cell, doubt=Doubt(doubt.id, Text(doubt.text.zh, english[doubt.text.zh])))


def _note(note: Note, english: Mapping[str, str]) -> Note:
    if note.text.zh not in english:
        return note
    return replace(note, text=Text(note.text.zh, english[note.text.zh]))
