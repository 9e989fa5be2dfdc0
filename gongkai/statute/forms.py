"""年度报告格式: the official form by edition: sections, tables, rows, columns, units, identities.

Editions are the files ``data/form_*.json``; a later edition is a new file. Which one is due for
a fiscal year is read from them, never decided in code: 国办公开办函〔2019〕60号 for 2019 and 2020,
国办公开办函〔2021〕30号 from 2021.
"""

from __future__ import annotations

import fnmatch
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

CellType = Literal["integer", "signed_integer", "decimal"]
RowKind = Literal["input", "heading", "derived"]


@dataclass(frozen=True, slots=True)
class Section:
    """部分: one of the six sections, with its official title (number included)."""

    no: int
    title: str
    table: str | None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """列: a column of figures. ``group`` are the header labels above it, outermost first."""

    id: str
    label: str
    unit: str
    type: CellType
    group: tuple[str, ...] = ()
    is_total: bool = False
    max_decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """行: a printed row. A heading row holds no figures; ``no`` is the printed number (3.3.1)."""

    id: str
    label: str
    kind: RowKind = "input"
    parent: str | None = None
    no: str | None = None
    basis: str | None = None
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """表块: rows that share one set of columns, under an optional heading."""

    id: str
    heading: str | None
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    @property
    def figure_rows(self) -> tuple[Row, ...]:
        """The rows that hold figures, in printed order."""
        return tuple(r for r in self.rows if r.kind != "heading")

    def above(self, row: Row) -> tuple[Row, ...]:
        """The headings a row stands under, from the outermost."""
        rows = {one.id: one for one in self.rows}
        chain: list[Row] = []
        while row.parent is not None:
            row = rows[row.parent]
            chain.insert(0, row)
        return tuple(chain)


@dataclass(frozen=True, slots=True)
class Table:
    """表: one of the three tables, as stacked blocks; ``corner`` is what its corner cell says."""

    id: str
    section: int
    title: str
    blocks: tuple[Block, ...]
    corner: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """单元格定义: what an address means: its table, block, row, column."""

    address: str
    table: str
    block: Block
    row: Row
    column: Column

    @property
    def label(self) -> str:
        """Row and column as printed: 一、本年新收政府信息公开申请数量 / 自然人."""
        return f"{self.row.label} / {self.column.label}"


@dataclass(frozen=True, slots=True)
class Form:
    """格式: one edition of the official form."""

    edition: str
    name: str
    document: str
    number: str
    first_year: int
    last_year: int | None
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
    specs: Mapping[str, Spec]
    concluded_parts: tuple[str, ...]
    comparability: Mapping[str, Any]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every cell address of this edition, in printed order."""
        return tuple(self.specs)


class NoForm(LookupError):
    """没有格式: no edition of that name, or none due for that year."""


def editions() -> tuple[str, ...]:
    """All editions known, oldest first."""
    return tuple(_forms())


def form(edition: str) -> Form:
    """The form of one edition ("2019", "2021"); raises NoForm for a name that is none."""
    try:
        return _forms()[edition]
    except KeyError:
        raise NoForm(f"no form of edition {edition!r}") from None


def due(year: int) -> Form:
    """The form to be used for a fiscal year; raises NoForm before the first edition's years."""
    for candidate in _forms().values():
        if candidate.first_year <= year and (
            candidate.last_year is None or year <= candidate.last_year
        ):
            return candidate
    raise NoForm(f"no form is known for the fiscal year {year}")


def due_edition(year: int | None) -> str | None:
    """The edition due for a year, None where the year or its form is unknown."""
    if year is None:
        return None
    try:
        return due(year).edition
    except NoForm:
        return None


@functools.cache
def _forms() -> dict[str, Form]:
    folder = resources.files("gongkai.statute") / "data"
    found = [
        _load(json.loads(f.read_text(encoding="utf-8")))
        for f in folder.iterdir()
        if f.name.startswith("form_") and f.name.endswith(".json")
    ]
    return {f.edition: f for f in sorted(found, key=lambda f: f.first_year)}


def _load(data: Mapping[str, Any]) -> Form:
    tables = {name: _table(name, t) for name, t in data["tables"].items()}
    specs = {
        address: Spec(address, t.id, block, row, column)
        for t in tables.values()
        for block in t.blocks
        for row in block.figure_rows
        for column in block.columns
        if (address := f"{t.id}.{row.id}.{column.id}")
    }
    rows = tables["applications"].blocks[0].figure_rows
    outside = {"received", "carried_in", "concluded", "carried_out"}
    return Form(
        edition=data["edition"],
        name=data["name"],
        document=data["document"]["title"],
        number=data["document"]["number"],
        first_year=data["fiscal_years"]["from"],
        last_year=data["fiscal_years"]["to"],
        sections=tuple(
            Section(s["no"], s["title"], s.get("table"), tuple(s.get("expected_topics", ())))
            for s in data["sections"]
        ),
        tables=tables,
        specs=specs,
        concluded_parts=tuple(r.id for r in rows if r.id not in outside),
        comparability=data.get("comparable_with", {}),
    )


def _table(name: str, data: Mapping[str, Any]) -> Table:
    if "blocks" in data:
        blocks = tuple(
            Block(
                b["id"],
                b["heading"],
                tuple(_row(r) for r in b["rows"]),
                tuple(_column(c) for c in b["columns"]),
            )
            for b in data["blocks"]
        )
    elif "columns" in data:
        blocks = (
            Block(
                name,
                None,
                tuple(_row(r) for r in data["rows"]),
                tuple(_column(c) for c in data["columns"]),
            ),
        )
    else:  # 表四: one printed row; each of our rows is a group of columns with its own header
        blocks = tuple(
            Block(
                r["id"],
                None,
                (Row(r["id"], "·".join(r["labels"])),),
                tuple(_column(c, tuple(r["labels"])) for c in r["columns"]),
            )
            for r in data["rows"]
        )
    return Table(name, data["section"], data["title"], blocks, data.get("corner_text"))


def _row(data: Mapping[str, Any]) -> Row:
    return Row(
        data["id"],
        data["label"],
        data.get("kind", "input"),
        data.get("parent"),
        data.get("official_no"),
        data.get("basis"),
        tuple(data.get("observed_variants", ())),
    )


def _column(data: Mapping[str, Any], group: tuple[str, ...] | None = None) -> Column:
    if group is None:
        group = tuple(g for g in (data.get("top_group"), data.get("group")) if g)
    return Column(
        data["id"],
        data["label"],
        data["unit"],
        data["type"],
        group,
        data.get("role") == "total",
        data.get("max_decimals"),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """可比性: whether a cell means the same in two editions, and which cells answer to it."""

    comparable: bool
    addresses: tuple[str, ...]
    why: str | None = None


def compare_cell(address: str, edition: str, other: str) -> Comparison:
    """What answers in edition ``other`` to an address of ``edition``; from the form data.

    One address where the cell is the same, several where it was split up (to be added),
    none where the other form has nothing comparable; ``why`` then says so.
    """
    if edition == other:
        return Comparison(address in form(edition).specs, (address,))
    newer = max(form(edition), form(other), key=lambda f: f.first_year)
    data = newer.comparability
    if data.get("edition") not in (edition, other):
        return Comparison(False, (), "no comparison of these editions is known")
    older_is_ours = newer.edition == other
    sums: Mapping[str, list[str]] = data.get("sum", {})
    row, _, column = address.rpartition(".")
    for one, parts in sums.items():  # 按行列出，各列相同
        if older_is_ours and row == one:
            return Comparison(True, tuple(f"{part}.{column}" for part in parts))
        if not older_is_ours and row in parts:
            return Comparison(False, (f"{one}.{column}",), data["why"])
    if any(fnmatch.fnmatchcase(address, p) for p in data.get("not_comparable", ())):
        return Comparison(False, (), data["why"])
    same = any(fnmatch.fnmatchcase(address, p) for p in data.get("same", ()))
    if same and address in form(other).specs:
        return Comparison(True, (address,))
    return Comparison(False, (), data["why"])


def same_cell(address: str, edition: str, other: str) -> bool:
    """Whether an address means one and the same cell in both editions."""
    told = compare_cell(address, edition, other)
    return told.comparable and told.addresses == (address,)
