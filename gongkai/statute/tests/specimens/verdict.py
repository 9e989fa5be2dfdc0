"""样本判读: what a reading got wrong, in words; an empty list means nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from gongkai.statute import forms
from gongkai.statute.report import ABSENT, AnnualReport, Cell, State
from gongkai.statute.tests.specimens.draft import Expected
from gongkai.statute.tests.specimens.figures import Printed

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def faults(report: AnnualReport, expected: Expected) -> list[str]:
    """Everything that differs: cells misread, invented or dropped, notes and prose missing."""
    return [
        *_cells(report, expected),
        *_invented(report, expected),
        *_dropped(report, expected),
        *_around(report, expected),
    ]


def found(report: AnnualReport, address: str, edition: str) -> Cell:
    """The cell at an address of one edition's form, wherever the report keeps it."""
    if report.edition in (edition, None):
        return report.cell(address)
    other = report.other_edition_cells.get(address, ABSENT)
    if other.state is not State.ABSENT or address in _same_name_other_meaning():
        return other
    return report.cell(address)


def _same_name_other_meaning() -> frozenset[str]:
    return frozenset(forms.form("2021").comparability["not_comparable"])


def _cells(report: AnnualReport, expected: Expected) -> Iterator[str]:
    for address, printed in expected.placed.items():
        cell = found(report, address, expected.editions[address.partition(".")[0]])
        if (cell.state, cell.value) != (printed.state, printed.value):
            yield f"misread {address}: printed {printed.text!r}, read {cell.state} {cell.value}"
        elif isinstance(cell.value, Decimal) != isinstance(printed.value, Decimal):
            yield f"type of {address}: {cell.value!r} for {printed.value!r}"


def _invented(report: AnnualReport, expected: Expected) -> Iterator[str]:
    for address, cell in [*report.cells.items(), *report.other_edition_cells.items()]:
        if address not in expected.placed and cell.state is not State.ABSENT:
            why = "cannot be placed" if address in expected.loose else "is not printed"
            yield f"invented {address}: it {why}, read {cell.state} {cell.value}"


def _dropped(report: AnnualReport, expected: Expected) -> Iterator[str]:
    texts = [squeezed(t) for left in report.leftovers for t in (left.raw, *left.values)]
    numbers = {n for t in texts for n in NUMBER.findall(t)}
    for address, printed in expected.loose.items():
        if printed.state is State.NUMBER and not _digits(printed) <= numbers:
            yield f"dropped {address}: {printed.text!r} is in no leftover"
    for stray in expected.stray:
        if not any(squeezed(stray) in t for t in texts):
            yield f"dropped {stray!r}: in no leftover"


def _digits(printed: Printed) -> set[str]:
    return set(NUMBER.findall(squeezed(printed.text)))


def squeezed(text: str) -> str:
    """Text without white space and thousands separators, in half width."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def _around(report: AnnualReport, expected: Expected) -> Iterator[str]:
    ids = {note.id for note in report.notes}
    yield from (f"note {id} missing among {sorted(ids)}" for id in sorted(expected.notes - ids))
    unknown = report.year is None and not expected.year_printed
    if expected.year is not None and report.year != expected.year and not unknown:
        yield f"year {report.year}, printed {expected.year}"
    if expected.organ is not None and report.organ != expected.organ:
        yield f"organ {report.organ!r}, printed {expected.organ!r}"
    if missing := expected.sections - set(report.sections):
        yield f"sections missing: {sorted(missing)}"
    prose = squeezed(
        report.text() + "".join(p.title for ps in report.sections.values() for p in ps)
    )
    yield from (f"prose lost: {p}" for p in expected.paragraphs if squeezed(p) not in prose)
    for address, value in expected.claims.items():
        if not any(address in c.cells and c.value == value for c in report.claims):
            yield f"no claim of {value} for {address}"
