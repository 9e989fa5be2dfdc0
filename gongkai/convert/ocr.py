"""图像识别: pictures of pages and scanned PDF as blocks, by the extra ``[ocr]``.

A page becomes glyph runs and ruling lines (`ocr_page`); from there it is a page like those of
any PDF. The models lie inside the installed wheel: nothing is fetched, at no time.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from statistics import mean
from typing import TYPE_CHECKING, Any, Literal

from gongkai.convert import limits
from gongkai.statute import notes
from gongkai.statute.pdfium import LOCK
from gongkai.statute.readers import figures, pdf, pdf_layout
from gongkai.statute.readers.blocks import Document, Picture
from gongkai.statute.readers.pdf_page import Page
from gongkai.statute.report import BBox, CannotRead
from gongkai.statute.texts import Text

if TYPE_CHECKING:
    from gongkai.convert.ocr_page import Read

PACKAGES = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL")  # what the extra brings
BYTES = 256 << 20
PAGES = 300  # to be recognised in one file: some seconds each
PIXELS = 60_000_000  # of one picture: a sheet of A3 at 400 dots to the inch has 31 million
DOTS = 200  # dots to the inch at which a page of a PDF is drawn
SECONDS, MEMORY = 90.0, 4 << 30  # for each page, and in a worker process, at most
_SIDE = 3_600  # pixels: a longer page is drawn smaller
_A4 = 595.0  # points
_LONGEST = 14_400.0  # points, 5 metres: the largest page PDF knows; a screen rolled down is less
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF", "JPEG2000")


VARIABLE = "GONGKAI_OCR"
"""环境变量: 0 switches it off where it is installed."""


def available() -> bool:
    """Whether the extra ``[ocr]`` is installed and not switched off; nothing is loaded for it."""
    off = os.environ.get(VARIABLE) == "0"
    return not off and all(find_spec(name) is not None for name in PACKAGES)


def blocks(data: bytes, *, carrier: Literal["image", "pdf"]) -> Document:
    """A picture (each of its pages), or a PDF with pages that have no text of their own.

    Pages of a PDF that have text are read by it, as ever. Cells carry the confidence (0-1) of
    their least sure character: below `figures.DOUBTFUL` a figure is doubtful, below
    `figures.UNSURE` it is unreadable. ``read.ocr`` names the pages and their average.

    Raises CannotRead: ``error.image``, ``error.scanned`` (the extra is missing),
    ``error.ocr_broken``, ``error.damaged``, ``error.encrypted``, ``error.too_large``,
    ``error.empty`` (no text).
    """
    if not available():
        raise notes.error("error.scanned" if carrier == "pdf" else "error.image")
    if len(data) > BYTES:
        raise _too_large(f"{len(data) >> 20} MB", f"{BYTES >> 20} MB")
    return _pdf(data) if carrier == "pdf" else _image(data)


def _too_large(has: str, limit: str) -> Exception:
    what = Text(f"{has}，上限 {limit}", f"{has}, the limit is {limit}")
    return notes.error("error.too_large", what=what)


def may_help(given: Document | CannotRead) -> bool:
    """Whether recognition may find more than the PDF reader did: pages left unread, pictures."""
    if isinstance(given, CannotRead):
        return given.id in ("error.scanned", "error.no_mapping")
    unread = any(note.id in ("read.scanned_page", "read.no_mapping") for note in given.notes)
    return unread or any(isinstance(block, Picture) for block in given.blocks)


# -- pictures -------------------------------------------------------------------------------


def _image(data: bytes) -> Document:
    reads = [_read(picture, n, unit) for n, (picture, unit) in enumerate(pictures(data), 1)]
    pages = [read.page for read in reads]
    if not any(page.glyphs for page in pages):
        raise notes.error("error.empty")
    return _told(pdf.document(pages, [], "image"), reads)


def pictures(data: bytes) -> Iterator[tuple[Any, float]]:
    """The pages of a picture file, blue-green-red, upright by their own tag, and their pixels
    to the point."""
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd tags; the size is checked here
            opened = Image.open(io.BytesIO(data), formats=_FORMATS)
            count = getattr(opened, "n_frames", 1)
            if count > PAGES:
                raise _too_large(f"{count}", f"{PAGES}")
            for index in range(count):
                opened.seek(index)
                width, height = opened.size
                if width * height > PIXELS:
                    raise _too_large(f"{width} × {height}", f"{PIXELS:,}")
                upright = ImageOps.exif_transpose(opened)
                dots = _dots(upright)
                shown = _flat(upright)
                scale = min(1.0, DOTS / dots)
                if scale < 1:
                    shown = shown.resize(
                        (round(shown.width * scale), round(shown.height * scale)),
                        Image.Resampling.LANCZOS,
                    )
                yield np.ascontiguousarray(np.asarray(shown)[:, :, ::-1]), dots * scale / 72
    except Image.DecompressionBombError as bomb:
        raise _too_large("> 100,000,000", f"{PIXELS:,}") from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as broken:
        raise notes.error(
            "error.damaged", reason=Text("图像无法解码", "not a readable picture")
        ) from broken


def _flat(picture: Any) -> Any:
    """In colour on white paper: what is transparent shows the paper."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        full = picture.convert("RGBA")
        paper = Image.new("RGBA", full.size, "white")
        return Image.alpha_composite(paper, full).convert("RGB")
    if picture.mode.startswith("I") or picture.mode == "F":  # 16 or 32 bits of grey
        low, high = picture.getextrema()
        scale = 255 / max(1, high - low)
        return picture.point(lambda v: v * scale - low * scale).convert("L").convert("RGB")
    return picture.convert("RGB")


def _dots(picture: Any) -> float:
    """Dots to the inch: as the file says where that makes a sheet of paper, else as if the
    shorter side were that of A4. Screens and cameras write any number."""
    short, long = sorted(picture.size)
    said = picture.info.get("dpi", (0, 0))
    dots = float(min(said)) if isinstance(said, tuple) and said else 0.0
    if dots > 0 and 400 < short * 72 / dots < 1000 and long * 72 / dots < 1500:
        return dots
    return max(float(short) * 72 / _A4, float(long) * 72 / _LONGEST)


# -- PDF ------------------------------------------------------------------------------------


def _pdf(data: bytes) -> Document:
    pages, said = pdf.pages_of(data)
    wanted = [page for page in pages if needs_recognition(page) or pdf_layout.pictures(page)]
    if len(wanted) > PAGES:
        raise _too_large(f"{len(wanted)}", f"{PAGES}")
    reads: dict[int, Read] = {}
    for page, picture, unit in _drawn(data, wanted):
        read = (
            _read(picture, page.number, unit)
            if needs_recognition(page)
            else _tables(page, picture, unit)
        )
        if read:
            reads[page.number] = read
    whole = [reads[p.number].page if p.number in reads else p for p in pages]
    if not any(page.glyphs for page in whole):
        raise notes.error("error.empty")
    return _told(pdf.document(whole, said, "pdf"), list(reads.values()))


def _tables(page: Page, picture: Any, unit: float) -> Read | None:
    """A page of text whose pictures hold tables, these read into it; None where none does."""
    from gongkai.convert.ocr_page import Read, moved

    height, width = picture.shape[:2]
    if abs(width / unit - page.width) > 2 or abs(height / unit - page.height) > 2:
        return None  # the page is held otherwise than it is drawn
    sure: list[float] = []
    for found in pdf_layout.pictures(page):
        left, top, right, bottom = found
        part = picture[
            round(top * unit) : round(bottom * unit), round(left * unit) : round(right * unit)
        ]
        read = _read(part, page.number, unit) if part.size else None
        if read and read.tables and read.sure:
            moved(read.page, page, left, top)
            page.pictures = [p for p in page.pictures if not _inside(p, found)]
            sure.append(read.sure)
    return Read(page, mean(sure), len(sure)) if sure else None


def _inside(inner: BBox, outer: BBox) -> bool:
    middle = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= middle[0] <= outer[2] and outer[1] <= middle[1] <= outer[3]


def needs_recognition(page: Page) -> bool:
    """Whether a page of a PDF shows text but holds none: a scan, text turned into curves, or a
    font that keeps the meaning of its glyphs to itself."""
    return page.scanned or page.outlined or 2 * page.unmapped > page.glyphs > 0


def _drawn(data: bytes, pages: Sequence[Page]) -> Iterator[tuple[Page, Any, float]]:
    """Each page as a picture, blue-green-red, with its pixels to the point."""
    import numpy as np
    import pypdfium2

    with LOCK:
        opened = pypdfium2.PdfDocument(data)
    try:
        for page in pages:
            with LOCK:
                handle = opened[page.number - 1]
                longest = max(handle.get_size())
                if longest > _LONGEST:
                    raise _too_large(f"{longest:,.0f} pt", f"{_LONGEST:,.0f} pt")
                scale = min(DOTS / 72, _SIDE / max(1.0, longest))
                drawn = np.array(handle.render(scale=scale).to_numpy()[:, :, :3])
                handle.close()
            yield page, drawn, scale
    finally:
        with LOCK:
            opened.close()


# -- both -----------------------------------------------------------------------------------


def _read(picture: Any, number: int, unit: float) -> Read:
    from gongkai.convert import ocr_engine, ocr_page

    limits.more(seconds=SECONDS, memory=MEMORY)
    return ocr_page.read(picture, number, unit, ocr_engine.engine())


def _told(document: Document, reads: Sequence[Read]) -> Document:
    """The document with a note of which pages were recognised, and how surely."""
    sure = [read.sure for read in reads if read.sure is not None]
    if not reads:
        return document
    said = notes.note(
        "read.ocr",
        pages=_ranges([read.page.number for read in reads]),
        confidence=f"{mean(sure) if sure else 0:.2f}",
        doubtful=f"{figures.DOUBTFUL:.2f}",
    )
    return replace(document, notes=(said, *document.notes))


def _ranges(numbers: Sequence[int]) -> Text:
    """1–3、5 for 1, 2, 3, 5."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    parts = [f"{a}" if a == b else f"{a}–{b}" for a, b in spans]
    return Text("、".join(parts), ", ".join(parts))
