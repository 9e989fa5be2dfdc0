"""报告 JSON 的快读: the cells of a line as our own writer lays it out, cut out as text.

Nine tenths of a report's JSON are its 200 cells, and units of one region print the same cell
(a 0 in the third column of the fifth row) over and over. Cut out as text, each is understood once.
Whatever is laid out otherwise is left to the strict reader: `cut` then answers None.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from gongkai.statute import forms
from gongkai.statute.readers import json as strict
from gongkai.statute.report import AnnualReport, CannotRead, Cell, Place, State, Value
from gongkai.statute.writers.json import ERROR

_COUNT = "(null|0|[1-9][0-9]*)"
_REAL = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_STRING = r'"([^"\\\x00-\x1f]*)"'
_CELL = re.compile(
    r'\{"state": "(\w+)", "value": (null|-?(?:0|[1-9][0-9]*)|"-?[0-9]+(?:\.[0-9]+)?"), '
    rf'"raw": {_STRING}, "unit": (?:null|{_STRING}), "place": \{{"page": {_COUNT}, '
    rf'"bbox": (?:null|\[({_REAL}), ({_REAL}), ({_REAL}), ({_REAL})\]), "table": {_COUNT}, '
    rf'"row": {_COUNT}, "column": {_COUNT}, "line": {_COUNT}\}}, '
    r'"confidence": (0\.[0-9]+|1\.0|0|1), "doubt": null\}'
)
_STATES = {state.value: state for state in State}

_NO_CELLS = {"": 0}  # in the cells' place in the rest of the line; nothing a report can hold
_CELLS = '{"": 0}'
_REMEMBERED = 100_000  # cells kept while a file is read, so that the same text is read once
_START = '"cells": {"'
_TAIL = ', "other_edition_cells": '


Held = AnnualReport | strict.Failed


class Otherwise(ValueError):
    """另有写法: a line is not as our own writer writes it; the strict reader knows what it is."""


def reports(lines: Iterable[str]) -> list[Held] | None:
    """Every report and error of such lines, exactly as the strict reader would read them; None
    where a line is of another make, or anything in it is wrong."""
    try:
        return list(each(lines)) or None
    except Otherwise:
        return None


def each(lines: Iterable[str]) -> Iterator[Held]:
    """The same one by one, for a file too large to hold; raises Otherwise at the first line that
    is of another make or wrong. Blank lines are passed over."""
    filled = (line for line in lines if not line.isspace() and line)
    decoder = strict.decoder()
    seen: dict[tuple[str, bool], Cell] = {}
    first = next(filled, None)
    if first is None:
        return
    second = next(filled, None)
    yield _line(first, "" if second is None else "[1]", decoder, seen)
    if second is not None:
        for number, line in enumerate(itertools.chain([second], filled), 2):
            yield _line(line, f"[{number}]", decoder, seen)


def _line(
    line: str, path: str, decoder: json.JSONDecoder, seen: dict[tuple[str, bool], Cell]
) -> Held:
    try:
        found = _report(line, path, decoder, seen)
    except (ValueError, RecursionError, CannotRead) as cause:
        raise Otherwise(path) from cause
    if found is None:
        raise Otherwise(path)
    return found


def _report(
    line: str, path: str, decoder: json.JSONDecoder, seen: dict[tuple[str, bool], Cell]
) -> Held | None:
    if strict.LONE_SURROGATE.search(line):
        return None
    parts = cut(line)
    if parts is None:
        value = decoder.decode(line)
        is_error = isinstance(value, dict) and value.get("schema") == ERROR
        return strict.failed(value, path) if is_error else None
    rest, edition, pieces = parts
    value = decoder.decode(rest)
    if value.get("cells") != _NO_CELLS or value.get("edition") != edition:
        return None
    cells: dict[str, Cell] = {}
    for address, piece in zip(forms.form(edition).specs, pieces, strict=True):
        key = (piece, strict.is_money(address))
        found = seen.get(key)
        if found is None:
            unknown: list[str] = []
            found = cell(*key) or strict.cell(decoder.decode(piece), address, "", unknown)
            if unknown:
                return None
            if len(seen) < _REMEMBERED:
                seen[key] = found
        cells[address] = found
    return strict.load(value, path, cells)


def cut(line: str) -> tuple[str, str, list[str]] | None:
    """A report's line without its cells, its edition, and the text of each cell in form order.

    A quotation mark inside a JSON string is always written with a backslash, so the separators
    looked for cannot begin inside one; a piece that is no whole value is for the caller to refuse.
    """
    start = line.find(_START)
    if start < 0:
        return None
    first = start + len(_START)
    edition = _beginning(line[first : line.find('"', first)], line)
    if edition is None:
        return None
    names = _names(edition)
    at = first - 1
    if not line.startswith(names[0], at):
        return None
    pieces: list[str] = []
    find = line.find
    at += len(names[0])
    for name in names[1:]:
        end = find(name, at)
        if end < 0:
            return None
        pieces.append(line[at:end])
        at = end + len(name)
    end = find("}" + _TAIL, at)
    if end < 0:
        return None
    pieces.append(line[at:end])
    return f"{line[: start + 9]}{_CELLS}{line[end + 1 :]}", edition, pieces


def _beginning(address: str, line: str) -> str | None:
    """The edition whose form begins with this address and which the line names."""
    for edition in forms.editions():
        if forms.form(edition).addresses[0] == address and f'"edition": "{edition}"' in line:
            return edition
    return None


@functools.cache
def _names(edition: str) -> tuple[str, ...]:
    """What stands before each cell: its address as a key, and the comma of the one before."""
    first, *others = forms.form(edition).addresses
    return (f'"{first}": ', *(f', "{address}": ' for address in others))


def cell(piece: str, is_money: bool) -> Cell | None:
    """A cell without doubts as our own writer writes it; None for everything else.

    Raises ValueError where state and value do not fit.
    """
    match = _CELL.fullmatch(piece)
    if match is None:
        return None
    name, shown, raw, unit, page, left, top, right, bottom, *rest, confidence = match.groups()
    state = _STATES.get(name)
    if state is None:
        return None
    value: Value | None = None
    if shown[0] == '"':
        value = Decimal(shown[1:-1])
    elif shown != "null":
        if is_money:
            return None
        value = int(shown)
    bbox = None if left is None else (_real(left), _real(top), _real(right), _real(bottom))
    table, row, column, line = (None if n == "null" else int(n) for n in rest)
    where = Place(None if page == "null" else int(page), bbox, table, row, column, line)
    return Cell(state, value, raw, unit, where, _real(confidence))


def _real(text: str) -> float:
    """A number of JSON: a whole one stays whole, as it does for the strict reader."""
    return float(text) if "." in text else int(text)
