"""示例单位: the reports of one district's units in examples/qingshi_2023, written by our writers.

A source is a report's prose; the figures are in figures.toml, which also names the carrier. The
list of units names one more than has reported: a roll-up must say so. Run from anywhere:
``python -m tools.make_units``.
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from gongkai.statute import forms, writers
from gongkai.statute.report import AnnualReport, Cell, Kind, Passage, State
from tools import make_examples

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "examples" / "qingshi_2023"
SOURCES = ROOT / "tools" / "example_sources" / "qingshi_2023"
YEAR = 2023
HEADING = re.compile(r"([一二三四五六])、")
SIGNED = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def reports() -> dict[str, AnnualReport]:
    """Every unit's report, by the name of its file."""
    figures = tomllib.loads((SOURCES / "figures.toml").read_text(encoding="utf-8"))
    return {f"{name}.{of['carrier']}": report(name, of) for name, of in figures.items()}


def report(name: str, figures: dict[str, Any]) -> AnnualReport:
    """One unit's report as a value."""
    title, *lines = (SOURCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    organ = title.split(f"{YEAR}年")[0]
    preamble, sections = _sections(lines, forms.form(figures["edition"]))
    signed = SIGNED.fullmatch(lines[-1])
    assert signed is not None
    printed = make_examples.specimen(f"{name}_{YEAR}", figures).cells
    money = {a for a, s in forms.form(figures["edition"]).specs.items() if s.column.unit == "万元"}
    cells = {}
    for address, cell in printed.items():
        assert cell.value is not None
        value = cell.value if address in money else int(cell.value)
        cells[address] = Cell(State.NUMBER, value, str(value))
    for address in figures.get("blank", ()):
        cells[address] = Cell(State.BLANK)
    return AnnualReport(
        organ=organ,
        organ_names=(organ,),
        kind=Kind.ORGAN,
        year=YEAR,
        edition=figures["edition"],
        edition_due=forms.due_edition(YEAR),
        title=title,
        period=(date(YEAR, 1, 1), date(YEAR, 12, 31)),
        signed_on=date(*map(int, signed.groups())),
        preamble=preamble,
        sections=sections,
        cells=cells,
    )


def _sections(lines: list[str], form: forms.Form) -> tuple[str, dict[str, tuple[Passage, ...]]]:
    """The preamble and the prose under each heading; sections of tables have a heading only."""
    texts: dict[str, tuple[str, list[str]]] = {
        str(s.no): (s.title, []) for s in form.sections if s.table
    }
    preamble: list[str] = []
    current = preamble
    for line in lines:
        if found := HEADING.match(line):
            current = []
            texts[str("一二三四五六".index(found[1]) + 1)] = (line, current)
        else:
            current.append(line)
    sections: dict[str, tuple[Passage, ...]] = {
        no: (Passage(title, "\n".join(lines)),) for no, (title, lines) in sorted(texts.items())
    }
    return "\n".join(preamble), sections


def make() -> dict[str, bytes]:
    """Every file of the folder."""
    made = {
        name: writers.write(one, to=Path(name).suffix[1:]).data for name, one in reports().items()
    }
    return {**made, "units.list": (SOURCES / "units.list").read_bytes()}


def main() -> int:
    """The folder anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name, data in make().items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
