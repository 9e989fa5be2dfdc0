"""样本文稿: a report on its way to a file: paragraphs and tables, and what a reading must find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from gongkai.statute.tests.specimens import tables
from gongkai.statute.tests.specimens.figures import Printed, Specimen
from gongkai.statute.tests.specimens.tables import Drawn, Figure

TABLES = ("proactive", "applications", "remedies")


@dataclass(frozen=True, slots=True)
class Para:
    """段落: one paragraph; ``role`` tells carriers that mark headings what it is."""

    text: str
    role: Literal["title", "heading", "body", "sign"] = "body"


@dataclass(frozen=True, slots=True)
class Image:
    """图片: a table that is there as a picture only."""

    id: str


Piece = Para | Drawn | Image


@dataclass(slots=True)
class Expected:
    """应读结果: what reading must give back.

    ``placed``: these addresses, with state and value. ``loose``: printed, but whose they are
    cannot be told from the file: absent, each figure a leftover. ``stray``: further figures or
    words that belong to no cell and must be leftovers. Every other address must be absent.
    ``editions``: which form each table was printed on. ``notes``: ids that must be given.
    ``year`` must be read, or, where ``year_printed`` is False, may be unknown but never another.
    """

    placed: dict[str, Printed]
    editions: dict[str, str]
    loose: dict[str, Printed] = field(default_factory=dict)
    stray: list[str] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    paragraphs: list[str] = field(default_factory=list)
    year: int | None = None
    year_printed: bool = True
    organ: str | None = None
    sections: frozenset[str] = frozenset()
    claims: dict[str, int] = field(default_factory=dict)

    def lose(self, addresses: Sequence[str]) -> None:
        """These are printed, but can no longer be placed."""
        for address in addresses:
            if printed := self.placed.pop(address, None):
                self.loose[address] = printed

    def forget(self, addresses: Sequence[str]) -> None:
        """These are no longer printed at all."""
        for address in addresses:
            self.placed.pop(address, None)


@dataclass(slots=True)
class Draft:
    """文稿: the models of the three tables, the prose around them, and the expectation."""

    specimen: Specimen
    rng: Random
    expected: Expected
    proactive: tables.Proactive
    applications: tables.Applications
    remedies: tables.Remedies
    drawn: dict[str, list[Piece]] = field(default_factory=dict)
    keep: tuple[str, ...] = TABLES
    prose: bool = True
    titled: bool = True
    copies: int = 1
    single: bool = False
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)
    script: dict[int, str] = field(default_factory=dict)

    def figures(self, table: str) -> list[Figure]:
        """The figures of one table as they stand now."""
        if table == "proactive":
            return [f for row in self.proactive.rows() for f in row.figures]
        if table == "applications":
            return [f for row in self.applications.rows for f in row.figures]
        return self.remedies.figures

    def draw(self, table: str) -> list[Piece]:
        """What stands in the place of one table: drawn pieces, paragraphs or a picture."""
        if table not in self.drawn:
            models: dict[str, tables.Proactive | tables.Applications | tables.Remedies] = {
                "proactive": self.proactive,
                "applications": self.applications,
                "remedies": self.remedies,
            }
            self.drawn[table] = [models[table].draw()]
        return self.drawn[table]

    def pieces(self) -> list[Piece]:
        """The report as a sequence of blocks."""
        if not self.prose:
            return [self._in_script(p) for t in self.keep for p in self.draw(t)]
        pieces: list[Piece] = []
        for copy in range(self.copies):
            pieces += self._report(told=bool(self.told) and copy == 0)
        if self.single:
            pieces = [tables.stacked([_boxed(p) for p in pieces])]
        return [self._in_script(p) for p in pieces]

    def _report(self, *, told: bool) -> list[Piece]:
        specimen = self.specimen
        pieces: list[Piece] = []
        if self.titled:
            pieces += [Para(specimen.title, "title"), Para(specimen.preface)]
        for section in specimen.form.sections:
            pieces.append(Para(section.title, "heading"))
            if section.table and told and section.table in self.told:
                pieces += [Para(t) for t in self.told[section.table]]
            elif section.table and section.table in self.keep:
                pieces += self.draw(section.table)
            pieces += [Para(t) for t in specimen.sections.get(section.no, ())]
        if self.titled:
            pieces += [Para(t, "sign") for t in specimen.signature]
        return pieces

    def _in_script(self, piece: Piece) -> Piece:
        if not self.script:
            return piece
        if isinstance(piece, Para):
            return Para(piece.text.translate(self.script), piece.role)
        if isinstance(piece, Image):
            return piece
        lines = tuple(
            tuple(
                tables.Box(b.text.translate(self.script), b.column, b.columns, b.rows, b.kind)
                for b in line
            )
            for line in piece.lines
        )
        return Drawn(piece.id, piece.width, lines, piece.keys)


def _boxed(piece: Piece) -> Drawn:
    """A block as a table of its own; a paragraph is a single box."""
    if isinstance(piece, Drawn):
        return piece
    text = piece.text if isinstance(piece, Para) else ""
    return Drawn("text", 1, ((tables.Box(text, 0, kind="label"),),), ("text",))


def draft(specimen: Specimen, rng: Random, style: tables.LabelStyle = str) -> Draft:
    """A specimen ready to be changed and rendered: the full report in its official layout."""
    expected = Expected(
        placed=dict(specimen.cells),
        editions=dict.fromkeys(TABLES, specimen.edition),
        paragraphs=[p for ps in specimen.sections.values() for p in ps],
        year=specimen.year,
        organ=specimen.organ,
        sections=frozenset("123456"),
    )
    return Draft(
        specimen,
        rng,
        expected,
        tables.proactive(specimen, style),
        tables.applications(specimen, style),
        tables.remedies(specimen, style),
    )
