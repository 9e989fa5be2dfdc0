"""样例 PDF 的来源: small PDFs for the tests of the PDF reader, set by typst or written by hand."""

from __future__ import annotations

import functools
import pathlib
import tempfile
from collections.abc import Mapping, Sequence

import pytest
import typst

from gongkai.statute.readers import pdf
from gongkai.statute.readers.blocks import Document, Grid, GridCell, Paragraph, Picture

FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "SimSun", "FandolSong")
A4 = "width: 595pt, height: 842pt, margin: 60pt"


@functools.cache
def family() -> str | None:
    """A family on this machine that holds the Chinese characters, or None."""
    known = set(typst.Fonts().families())
    return next((name for name in FAMILIES if name in known), None)


needs_chinese = pytest.mark.skipif(
    family() is None, reason="no Chinese font on this machine: apt-get install fonts-noto-cjk"
)


def typeset(source: str, *, page: str = A4, files: Mapping[str, bytes] | None = None) -> bytes:
    """A typst source as a PDF; ``files`` are the pictures it names."""
    head = f'#set page({page})\n#set text(font: "{family()}", lang: "zh")\n'
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, data in (files or {}).items():
            (root / name).write_bytes(data)
        (root / "main.typ").write_text(head + source, encoding="utf-8")
        made = typst.compile(str(root / "main.typ"), format="pdf")
    assert isinstance(made, bytes)
    return made


def written(
    content: str,
    *,
    resources: str = "/Font<</F1 5 0 R>>",
    page: str = "",
    objects: Sequence[str] = (),
    trailer: str = "",
) -> bytes:
    """A PDF of one page, 400 by 300 points, from its content stream. Object 5 is Helvetica,
    ``objects`` follow from 6 on."""
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R"
        f"/Resources<<{resources}>>{page}>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *objects,
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = f"trailer<</Size {len(bodies) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF"
    return out + end.encode()


def line(text: str, x: float, y: float, size: float = 12) -> str:
    """One piece of Latin text for a content stream."""
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


def grids(document: Document) -> list[Grid]:
    """The grids of a document."""
    return [b for b in document.blocks if isinstance(b, Grid)]


def texts(document: Document) -> list[str]:
    """The paragraphs of a document."""
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def pictures(document: Document) -> list[Picture]:
    """The pictures of a document."""
    return [b for b in document.blocks if isinstance(b, Picture)]


def the_grid(data: bytes) -> Grid:
    """The one grid of a file."""
    (grid,) = grids(pdf.blocks(data))
    return grid


def rows(grid: Grid) -> list[list[str]]:
    """The texts of a grid row by row, cells by where they begin, inner line breaks dropped."""
    found: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        found[cell.row].append(cell.text.replace("\n", ""))
    return found


def cell(grid: Grid, row: int, column: int) -> GridCell:
    """The cell that begins at a position."""
    return next(c for c in grid.cells if (c.row, c.column) == (row, column))
