"""示例报告: writes the reports in examples/ anew from tools/example_sources.

A source is the report's text with {{表二}}, {{表三}}, {{表四}} where its tables stand; the figures
are in figures.toml; how each report is laid out, and which of its faults are faults of layout,
is said here. Run from anywhere: ``python tools/make_examples.py``; the PDF needs a Chinese font.
Equal sources give equal bytes.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from gongkai.statute import forms
from gongkai.statute.report import State
from gongkai.statute.tests.specimens import docx, html, pdf, tables, text, xlsx
from gongkai.statute.tests.specimens.draft import Para, Piece
from gongkai.statute.tests.specimens.figures import Printed, Specimen
from gongkai.statute.tests.specimens.tables import Drawn

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "examples"
SOURCES = ROOT / "tools" / "example_sources"
MARKS = {"{{表二}}": "proactive", "{{表三}}": "applications", "{{表四}}": "remedies"}
HEADING = re.compile(r"[一二三四五六]、")

Drawings = dict[str, Drawn]


# --- figures --------------------------------------------------------------------------------


def specimen(name: str, figures_of: Mapping[str, Any]) -> Specimen:
    """The figures of one example, computed and then overprinted."""
    form = forms.form(figures_of["edition"])
    cells: dict[str, Printed] = {}
    values = _values(form, figures_of)
    for address in form.addresses:
        value = values.get(address, 0)
        printed = figures_of.get("printed", {}).get(address, f"{value}")
        cells[address] = Printed(address, State.NUMBER, value, printed)
    return Specimen(form.edition, int(name[-4:]), "", "", "", {}, (), cells)


def _values(form: forms.Form, given: Mapping[str, Any]) -> dict[str, int | Decimal]:
    values: dict[str, int | Decimal] = {}
    for row, columns in given.get("proactive", {}).items():
        for column, value in columns.items():
            values[f"proactive.{row}.{column}"] = Decimal(str(value))
    columns = [c.id for c in form.tables["applications"].blocks[0].columns]
    rows = {
        row: [*counts, *[0] * (6 - len(counts))]
        for row, counts in given.get("applications", {}).items()
    }
    none = [0] * 6
    parts = [rows.get(row, none) for row in form.concluded_parts]
    concluded = [sum(column) for column in zip(*parts, strict=True)]
    rows["concluded"] = concluded
    rows["received"] = [
        done + out - before
        for done, out, before in zip(
            concluded, rows.get("carried_out", none), rows.get("carried_in", none), strict=True
        )
    ]
    for row, counts in rows.items():
        for column, value in zip(columns, [*counts, sum(counts)], strict=True):
            values[f"applications.{row}.{column}"] = value
    for row, counts in given.get("remedies", {}).items():
        outcomes = [*counts, *[0] * (4 - len(counts))]
        names = ("upheld", "corrected", "other", "pending", "total")
        for column, value in zip(names, [*outcomes, sum(outcomes)], strict=True):
            values[f"remedies.{row}.{column}"] = value
    return values


# --- the tables of each example ---------------------------------------------------------------


def official(specimen: Specimen) -> Drawings:
    """The three tables as the form prints them."""
    return {
        "proactive": tables.proactive(specimen).draw(),
        "applications": tables.applications(specimen).draw(),
        "remedies": tables.remedies(specimen).draw(),
    }


def padded(specimen: Specimen) -> Drawings:
    """Figures of T3 and T4 stand between no-break spaces, as pasted from another program."""
    rng = Random(1)

    def pad(cell: Printed) -> Printed:
        before, after = rng.choice((("", ""), ("\xa0", ""), ("\xa0", ""), ("", "\xa0")))
        text = cell.text if cell.address.startswith("proactive") else before + cell.text + after
        return replace(cell, text=text if cell.text.strip() else "\xa0")

    cells = {address: pad(cell) for address, cell in specimen.cells.items()}
    drawn = official(replace(specimen, cells=cells))
    drawn["proactive"] = _relabelled(drawn["proactive"], {"本年新制作数量": "本年新\n制作数量"})
    return drawn


def broken(specimen: Specimen) -> Drawings:
    """The label of 3.5.3 breaks off and goes on in a row of its own."""
    applications = tables.applications(specimen)
    applications.broken["unprocessed_publication"] = len("3.要求提供公开出版")
    drawn = {**official(specimen), "applications": applications.draw()}
    drawn["applications"] = _relabelled(drawn["applications"], {"自然人": "自然\n人"})
    return drawn


def labels_lost(specimen: Specimen) -> Drawings:
    """Eleven rows of T3 lost their labels and one was lost itself; T4 has a value too many."""

    def style(label: str) -> str:
        halves = label.translate(str.maketrans("（），：", "(),:"))
        spread = " ".join(halves) if len(halves) == 4 and "结" in halves else halves
        return re.sub(r"^(\([一二三四五六七]\)|\d\.)", r"\1 ", spread)

    applications = tables.applications(specimen, style)
    rows = applications.rows
    for i, row in enumerate(rows):
        if row.id.startswith(("refused_", "unavailable_")) or row.id == "unprocessed_petition":
            rows[i] = row.relabelled("")
    del rows[next(i for i, row in enumerate(rows) if row.id == "refused_inquiry")]
    applications.header = "corner"
    remedies = tables.remedies(specimen, style)
    remedies.extra = ["0"]
    drawn = official(specimen)
    return {**drawn, "applications": applications.draw(), "remedies": remedies.draw()}


def worded(specimen: Specimen) -> Drawings:
    """Label 3.3.2 says 法律法规 for 法律行政法规; the unit of money is printed in its label."""

    def style(label: str) -> str:
        label = label.replace("其他法律行政法规禁止公开", "其他法律法规禁止公开")
        label = label.replace("采购总金额", "采购总金额（单位：万元，保留4位小数）")
        return re.sub(r"^（([一二三四五六七])）", r"(\1) ", label)

    return {
        "proactive": tables.proactive(specimen, style).draw(),
        "applications": tables.applications(specimen, style).draw(),
        "remedies": tables.remedies(specimen).draw(),
    }


def narrow(specimen: Specimen) -> Drawings:
    """Short labels break in narrow cells."""
    names = ("商业企业", "科研机构", "结果维持", "结果纠正", "其他结果", "尚未审结")
    breaks = {name: f"{name[:2]}\n{name[2:]}" for name in names}
    return {name: _relabelled(table, breaks) for name, table in official(specimen).items()}


def _relabelled(table: Drawn, texts: Mapping[str, str]) -> Drawn:
    lines = tuple(
        tuple(replace(box, text=texts.get(box.text, box.text)) for box in line)
        for line in table.lines
    )
    return replace(table, lines=lines)


# --- carriers -------------------------------------------------------------------------------


def pieces(name: str, drawings: Drawings) -> list[Piece]:
    """A source as blocks: its first line is the title, its last two are the signature."""
    source = (SOURCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    first, *lines = [line for line in source if line.strip()]
    signed = [Para(line, "sign") for line in lines[-2:]]
    return [Para(first, "title"), *(_piece(line, drawings) for line in lines[:-2]), *signed]


def _piece(line: str, drawings: Drawings) -> Piece:
    if line in MARKS:
        return drawings[MARKS[line]]
    return Para(line, "heading" if HEADING.match(line) else "body")


def plain_text(layout: text.Layout, seed: int) -> Callable[[str, Drawings], bytes]:
    """The source as it stands, its tables in one of the layouts of plain text."""

    def write(name: str, drawings: Drawings) -> bytes:
        source = (SOURCES / f"{name}.txt").read_text(encoding="utf-8")
        for mark, table in MARKS.items():
            source = source.replace(mark + "\n", layout([drawings[table]], Random(seed)))
        return source.encode()

    return write


def page(name: str, drawings: Drawings) -> bytes:
    """A page of a website."""
    return html.encode(html.plain(pieces(name, drawings), Random(0)))


def word_file(layout: docx.Layout) -> Callable[[str, Drawings], bytes]:
    """A Word document in one of its layouts."""
    return lambda name, drawings: layout(pieces(name, drawings), Random(0))


def workbook(name: str, drawings: Drawings) -> bytes:
    """A workbook of one sheet."""
    return xlsx.merged(pieces(name, drawings), Random(0))


def printed_pages(name: str, drawings: Drawings) -> bytes:
    """Pages with ruled tables that go on over the page breaks."""
    if pdf.family() is None:
        sys.exit("no Chinese font was found; install one, such as fonts-noto-cjk")
    dateless = "#set document(date: none)\n"
    return pdf.compile(dateless + pdf.source(pieces(name, drawings), size=12, inset=5))


EXAMPLES: Mapping[str, tuple[str, Callable[[Specimen], Drawings], Callable[[str, Drawings], bytes]]]
EXAMPLES = {
    "01_housing_levy_2020": ("txt", padded, plain_text(text.word, 1)),
    "02_district_office_2020": ("txt", broken, plain_text(text.word, 6)),
    "03_relocation_centre_2020": ("txt", labels_lost, plain_text(text.tabs, 3)),
    "04_renewal_office_2020": ("txt", worded, plain_text(text.tabs, 4)),
    "05_housing_fund_2022": ("txt", narrow, plain_text(text.word, 5)),
    "06_city_2024": ("pdf", official, printed_pages),
    "07_water_bureau_2023": ("docx", official, word_file(docx.plain)),
    "08_archives_2019": ("html", official, page),
    "09_transport_2023": ("xlsx", official, workbook),
    "10_subdistrict_2021": ("docx", official, word_file(docx.nested)),
}


def make() -> dict[str, bytes]:
    """Every example by its file name."""
    figures_of = tomllib.loads((SOURCES / "figures.toml").read_text(encoding="utf-8"))
    files = {}
    for name, (suffix, draw, write) in EXAMPLES.items():
        files[f"{name}.{suffix}"] = write(name, draw(specimen(name, figures_of[name])))
    return files


if __name__ == "__main__":
    for file, data in make().items():
        (FOLDER / file).write_bytes(data)
        print(f"{len(data):7,} bytes  examples/{file}")
