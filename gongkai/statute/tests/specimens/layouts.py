"""样本版式: every layout a report is tried in: a carrier, a change, a way to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from gongkai.statute.tests.specimens import (
    changes,
    docx,
    figures,
    html,
    labels,
    pdf,
    text,
    traditional,
    xlsx,
)
from gongkai.statute.tests.specimens.draft import Draft, Expected, Piece, draft

Render = Callable[[Sequence[Piece], Random, str | None], bytes]


@dataclass(frozen=True, slots=True)
class Carrier:
    """载体: how bytes are made; whether boxes are drawn; which blank cells survive in it."""

    render: Render
    suffix: str
    drawn: bool
    blanks: figures.Blanks


def _carriers() -> Iterator[tuple[str, Carrier]]:
    blanks: Mapping[str, figures.Blanks] = {"tabs": "inside", "word": "yes", "pipes": "yes"}
    for name, (text_layout, suffix) in text.LAYOUTS.items():
        kept = blanks.get(name, "yes" if name == "csv" else "no")
        yield name, Carrier(_text(text_layout), suffix, name == "csv", kept)
    for name, page in html.LAYOUTS.items():
        yield name, Carrier(_html(page), "html", True, "yes")
    for name, file in {**docx.LAYOUTS, **xlsx.LAYOUTS, **pdf.LAYOUTS}.items():
        drawn = name not in ("pdf_spaced", "pdf_floating")
        suffix = name.partition("_")[0]
        yield name, Carrier(_file(file), suffix, drawn, "yes" if drawn else "no")


def _text(layout: text.Layout) -> Render:
    return lambda pieces, rng, encoding: text.encode(layout(pieces, rng), rng, encoding)


def _html(layout: html.Layout) -> Render:
    return lambda pieces, rng, encoding: html.encode(layout(pieces, rng), encoding)


def _file(layout: Callable[[Sequence[Piece], Random], bytes]) -> Render:
    return lambda pieces, rng, encoding: layout(pieces, rng)


CARRIERS: Mapping[str, Carrier] = dict(_carriers())
TEXTS = tuple(text.LAYOUTS)
PAGES = tuple(html.LAYOUTS)
OFFICE = (*docx.LAYOUTS, *xlsx.LAYOUTS)
PDFS = tuple(pdf.LAYOUTS)
ALL = (*TEXTS, *PAGES, *OFFICE, *PDFS)
BOXED = (*PAGES, *OFFICE, "pdf", "pdf_narrow")
# Without boxes or marks between cells a missing one cannot be seen.
UNMARKED = ("word", "tabs", "stream", "spaces", "wrapped", "copied")

# Where a change makes sense; every other change is tried in every carrier.
ONLY: Mapping[str, Sequence[str]] = {
    "label_broken": ("word", "tabs", "pipes", "csv", *BOXED),
    "extra_serial": ("word", "tabs", "pipes", "csv", *BOXED),
    "extra_remark": ("word", "tabs", "pipes", "csv", *BOXED),
    "remedies_extra": ("word", "tabs", "stream", "spaces"),
    "remedies_short": UNMARKED,
    "row_short": UNMARKED,
    "one_table": ("word", "tabs", "csv", "html", "html_word", "docx", "xlsx", "xlsx_unmerged"),
    "pictures": ("html", "html_layout", "html_nested", "docx", "docx_nested"),
}
STYLED: Mapping[str, Sequence[str]] = {
    "half_width": ("word", "tabs", "stream", "spaces", "html", "docx", "pdf"),
    "other_dots": ("word", "tabs", "stream", "pipes", "html", "docx", "xlsx"),
    "unnumbered": ("word", "tabs", "pipes", "html", "docx", "xlsx", "csv"),
    "wordings": ("word", "tabs", "stream", "wrapped", "html_word", "docx", "pdf"),
    "spaced": ("word", "tabs", "stream", "pipes", "html", "docx", "xlsx"),
    "broken": ("word", "stream", "html", "html_word", "docx", "xlsx", "pdf"),
}
ENCODED: Mapping[str, Sequence[str]] = {
    "gb18030": ("word", "tabs", "csv", "html"),
    "utf-16": ("word", "tabs", "stream", "csv"),
    "utf-8-sig": ("tabs", "csv", "html"),
}
TRADITIONAL: Mapping[str | None, Sequence[str]] = {
    "big5": ("word", "tabs", "stream", "html"),
    "utf-8": ("word", "spaces", "html", "pipes"),
    None: ("docx", "xlsx", "pdf"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """版式: one way a report can reach us."""

    carrier: str
    change: str = "official"
    style: str = "official"
    mode: figures.Mode = "unique"
    dress: figures.Dress = "plain"
    blanks: bool = False
    encoding: str | None = None
    traditional: bool = False

    @property
    def name(self) -> str:
        """What tells it from the official layout, and its carrier."""
        parts = [p for p in (self.change, self.style) if p != "official"]
        parts += [p for p in (self.mode, self.dress) if p not in ("unique", "plain")]
        parts += ["blanks"] * self.blanks + ["traditional"] * self.traditional
        return "+".join([*parts, *([self.encoding] if self.encoding else [])] or ["official"]) + (
            f"-{self.carrier}"
        )


def _layouts() -> Iterator[Layout]:
    for change in changes.CHANGES:
        for carrier in ONLY.get(change, ALL):
            yield Layout(carrier, change)
    for carrier in ALL:
        yield Layout(carrier, mode="consistent", dress="dressed")
        yield Layout(carrier, mode="zeros")
        yield Layout(carrier, dress="dressed", blanks=CARRIERS[carrier].blanks != "no")
    for style, carriers in STYLED.items():
        yield from (Layout(carrier, style=style) for carrier in carriers)
    for encoding, carriers in ENCODED.items():
        yield from (Layout(carrier, encoding=encoding) for carrier in carriers)
    for script, carriers in TRADITIONAL.items():
        yield from (Layout(carrier, encoding=script, traditional=True) for carrier in carriers)


LAYOUTS: tuple[Layout, ...] = tuple(_layouts())


@dataclass(frozen=True, slots=True)
class Rendering:
    """样本文件: the bytes, the name they come under, and what reading them must give."""

    data: bytes
    name: str
    expected: Expected
    draft: Draft


def render(layout: Layout, *, edition: str, seed: int) -> Rendering:
    """One report in one layout. Equal arguments give equal bytes."""
    rng = Random(f"{layout.name}/{edition}/{seed}")
    carrier = CARRIERS[layout.carrier]
    if layout.change == "old_form":
        edition = "2019"
    specimen = figures.make(
        rng,
        edition=edition,
        mode=layout.mode,
        dress=layout.dress,
        blanks=carrier.blanks if layout.blanks else "no",
        year=rng.randint(2021, 2024) if layout.change == "old_form" else None,
    )
    made = draft(specimen, rng, labels.STYLES[layout.style](rng))
    changes.CHANGES[layout.change](made)
    expected = made.expected
    if layout.traditional:
        made.script = traditional.TABLE
        expected.paragraphs = [traditional.traditional(p) for p in expected.paragraphs]
        expected.organ = traditional.traditional(specimen.organ)
        expected.notes.add("read.traditional")
    data = carrier.render(made.pieces(), rng, layout.encoding)
    return Rendering(data, f"{specimen.year}年度报告.{carrier.suffix}", expected, made)
