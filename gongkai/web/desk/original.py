"""原件: the file itself to look at, beside what was read: its pages as pictures, or its text and
tables in our own hand.

A PDF or a scan is drawn page by page; an OFD from its glyphs and lines; everything else is set from
the blocks its reader made. No mark-up of the file's own ever reaches a page. The work is done in a
process with limits, once: what it gave lies in GONGKAI_HOME/cache.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import pack
from typing import Any

from django.conf import settings

from gongkai.convert import limits, office, reading
from gongkai.convert.worker import Killed, Workers
from gongkai.statute import notes, readers
from gongkai.statute.pdfium import LOCK
from gongkai.statute.readers import sniff
from gongkai.statute.readers.blocks import Document, Grid, Paragraph, Picture
from gongkai.statute.report import CannotRead, Place
from gongkai.statute.texts import Text
from gongkai.web.shell import drawings

CACHE_MOST = 256 << 20  # bytes of all that was drawn; the least recently used goes first
VERSION = "2"  # of what is kept: another one is drawn anew
SCALE = 1.6  # pixels to the point: an A4 page in half a screen, sharp enough to tell 1 from 7
PIXELS = 6_000_000  # of one picture; a larger page is drawn smaller
PAGES = 200  # shown of one file
_SECONDS = 20.0
AGAIN = 600.0  # seconds before a file that could not be drawn is tried again
_FAILED = 512  # of them remembered


@dataclass(frozen=True, slots=True)
class File:
    """一份原件: the file as it was handed in, and which file of an archive it is."""

    sha256: str
    name: str
    data: Callable[[], bytes]
    member: str = ""

    @property
    def key(self) -> str:
        """What its drawings are kept under."""
        suffix = self.name.rpartition(".")[2].lower()  # tells text, CSV and HTML apart
        said = f"{VERSION}\n{self.sha256}\n{suffix}\n{self.member}"
        return hashlib.sha256(said.encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Square:
    """原件表格的一格: counted from 1 over the whole table, as a Place is."""

    row: int
    column: int
    down: int
    across: int
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """原件的一段。"""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """原件的一张表, or the part of one that stands together."""

    number: int
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """原件的一页: its size in points; glyphs and lines where it is drawn from these (OFD)."""

    number: int
    width: float
    height: float
    runs: tuple[tuple[float, float, float, float, str], ...] = ()  # left, base, width, size, text
    rules: tuple[tuple[float, float, float, float], ...] = ()
    is_picture: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """原件的样子: pages, or blocks, or neither and why."""

    pages: tuple[Sheet, ...] = ()
    blocks: tuple[Line | Table, ...] = ()
    more: int = 0  # pages not shown
    why: Text | None = None
    squares: dict[tuple[int, int, int], Square] = field(default_factory=dict, compare=False)

    def square(self, place: Place) -> Square | None:
        """The square at a place."""
        if place.table is None or place.row is None or place.column is None:
            return None
        return self.squares.get((place.table, place.row, place.column))


def layout(file: File) -> Layout:
    """What the file looks like; of one that cannot be shown, why."""
    kept = _kept(file.key, "json")
    if kept is None:
        try:
            made = _work("layout", file)
        except CannotRead as cause:
            return Layout(why=cause.text)
        kept = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
        _keep(file.key, "json", kept)
    return _layout(json.loads(kept))


def picture(file: File, page: int) -> bytes:
    """One page as PNG or JPEG. Raises CannotRead (``error.*``), LookupError for no such page."""
    kept = _kept(file.key, f"{page}.png")
    if kept is None:
        kept = _work(f"page {page}", file)
        _keep(file.key, f"{page}.png", kept)
    return kept


def _layout(told: dict[str, Any]) -> Layout:
    pages = tuple(
        Sheet(n, w, h, tuple(map(tuple, runs)), tuple(map(tuple, rules)), bool(drawn))
        for n, w, h, runs, rules, drawn in told["pages"]
    )
    blocks = tuple(
        Line(one[0], one[1])
        if isinstance(one[1], str)
        else Table(one[0], tuple(Square(*square) for square in one[1]))
        for one in told["blocks"]
    )
    squares = {
        (block.number, one.row, one.column): one
        for block in blocks
        if isinstance(block, Table)
        for one in block.squares
    }
    return Layout(pages, blocks, told["more"], None, squares)


# -- in a process of its own

Asked = tuple[str, str, bytes, str]
_lock = threading.Lock()
_workers: dict[int, Workers[Asked, Any]] = {}  # by the process that started them
_failed: dict[tuple[str, str], tuple[float, str, Text]] = {}  # what to draw of which file


def _work(what: str, file: File) -> Any:
    """What the file gives, made under limits. A file that could not be drawn is not tried again
    for a while: each try may cost its whole time. Raises CannotRead, LookupError."""
    told = _failed.get((file.key, what))
    if told is not None and time.monotonic() < told[0]:
        raise CannotRead(*told[1:])
    try:
        return _made((what, file.name, file.data(), file.member))
    except CannotRead as cause:
        while len(_failed) >= _FAILED:
            _failed.pop(next(iter(_failed)), None)
        _failed[file.key, what] = (time.monotonic() + AGAIN, cause.id, cause.text)
        raise


def _made(asked: Asked) -> Any:
    with _lock:
        mine = _workers.get(os.getpid())
        if mine is None:
            _workers.clear()  # a fork has its parent's: not ours to use
            mine = _workers[os.getpid()] = Workers(job, 1, seconds=_SECONDS)
        (answer,) = mine.map([asked])
    if isinstance(answer, Killed):
        raise answer.cause
    return answer


def job(asked: Asked) -> Any:
    """The layout as plain values, or one page's picture."""
    what, name, data, member = asked
    data, name = inside(data, name, member.removeprefix(f"{name}/"))
    carrier = sniff.carrier(data, name)
    if what == "layout":
        return _told(data, carrier, name)
    number = int(what.removeprefix("page "))
    if carrier not in ("image", "pdf"):
        raise LookupError(number)
    return _scan(data, number) if carrier == "image" else _drawn(data, number)


def inside(data: bytes, name: str, member: str) -> tuple[bytes, str]:
    """One file of an archive, or of an archive in it."""
    while member:
        listed = reading.listing(data, name=name)
        wanted = (*listed.wanted, *listed.others) if listed is not None else ()
        name = next((m for m in wanted if member == m or member.startswith(f"{m}/")), "")
        if not name:
            raise notes.error("error.missing")
        data, member = reading.unpacked(data, name), member[len(name) + 1 :]
    return data, name


def _told(data: bytes, carrier: str, name: str) -> dict[str, Any]:
    if office.needed(carrier):
        limits.more(seconds=office.longest(1))
        (made,) = office.convert([(name, data)])
        if isinstance(made, CannotRead):
            raise made
        limits.more(seconds=limits.SECONDS)
        data, carrier = made, sniff.carrier(made)
    if carrier == "pdf":
        return _pages(*_pdf_sizes(data))
    if carrier == "image":
        return _pages(*_image_sizes(data))
    if carrier == "ofd":
        return _ofd(data)
    if carrier == "json":
        raise notes.error("error.needs_converter", carrier="json")
    return {"pages": [], "blocks": list(_blocks(readers.blocks_of(data, carrier))), "more": 0}


def _pages(sizes: Sequence[tuple[float, float]], count: int) -> dict[str, Any]:
    pages = [[n, round(w, 2), round(h, 2), [], [], 1] for n, (w, h) in enumerate(sizes, 1)]
    return {"pages": pages, "blocks": [], "more": count - len(pages)}


def _blocks(document: Document) -> Iterator[list[Any]]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield [block.place.line or 0, block.text]
        elif isinstance(block, Picture):
            yield [0, f"［图片：{block.alt}］" if block.alt else "［图片］"]
        elif block.cells:
            yield [block.place.table or 0, _squares(block)]


def _squares(grid: Grid) -> list[list[Any]]:
    return [
        [
            cell.place.row or cell.row + 1,
            cell.place.column or cell.column + 1,
            cell.row_span,
            cell.column_span,
            cell.text,
            cell.place.line or 0,
        ]
        for cell in grid.cells
    ]


# -- PDF


def _pdf_sizes(data: bytes) -> tuple[list[tuple[float, float]], int]:
    from gongkai.statute.readers.pdf_page import View

    with LOCK:
        document = _opened(data)
        try:
            count = len(document)
            sizes = []
            for index in range(min(count, PAGES)):
                page = document[index]
                view = _view(page, View)
                sizes.append((view.width, view.height))
                page.close()
        finally:
            document.close()
    return sizes, count


def _opened(data: bytes) -> Any:
    """The file in PDFium's hands; raises CannotRead."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as broken:
        reason = Text("PDF 结构无法解析", "not a readable PDF")
        raise notes.error("error.damaged", reason=reason) from broken


def _view(page: Any, kind: Any) -> Any:
    """How the reader holds the page: the picture must be turned the same way."""
    text = page.get_textpage()
    try:
        return kind.of(page.raw, text.raw, text.count_chars())
    finally:
        text.close()


def _drawn(data: bytes, number: int) -> bytes:
    from gongkai.statute.readers.pdf_page import View

    with LOCK:
        document = _opened(data)
        try:
            if not 1 <= number <= len(document):
                raise LookupError(number)
            document.init_forms()  # what was typed into fields is shown
            page = document[number - 1]
            turns = _view(page, View).turns - page.get_rotation() // 90
            width, height = page.get_size()
            scale = min(SCALE, math.sqrt(PIXELS / max(1.0, width * height)))
            bitmap = page.render(scale=scale, rotation=turns % 4 * 90, rev_byteorder=True)
            return png(
                bitmap.width, bitmap.height, bitmap.n_channels, bitmap.stride, bytes(bitmap.buffer)
            )
        finally:
            document.close()


def png(width: int, height: int, channels: int, stride: int, pixels: bytes) -> bytes:
    """A picture of grey, red-green-blue or red-green-blue-unused bytes as PNG."""
    kind = {1: 0, 3: 2, 4: 2}[channels]
    rows = []
    for y in range(height):
        row = pixels[y * stride : y * stride + width * channels]
        if channels == 4:
            plain = bytearray(width * 3)
            plain[0::3], plain[1::3], plain[2::3] = row[0::4], row[1::4], row[2::4]
            row = bytes(plain)
        rows.append(b"\0" + row)
    header = pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 6)
    parts = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))


# -- scans and OFD


def _image_sizes(data: bytes) -> tuple[list[tuple[float, float]], int]:
    """In points, as the recognition of pictures counts them."""
    from gongkai.convert import ocr

    sizes = [(drawn.shape[1] / unit, drawn.shape[0] / unit) for drawn, unit in ocr.pictures(data)]
    return sizes[:PAGES], len(sizes)


def _scan(data: bytes, number: int) -> bytes:
    from PIL import Image

    from gongkai.convert import ocr

    for at, (drawn, _unit) in enumerate(ocr.pictures(data), 1):
        if at == number:
            shown = Image.fromarray(drawn[:, :, ::-1])
            most = math.sqrt(PIXELS / (shown.width * shown.height))
            if most < 1:
                shown = shown.resize((int(shown.width * most), int(shown.height * most)))
            out = io.BytesIO()
            shown.save(out, "JPEG", quality=85)
            return out.getvalue()
    raise LookupError(number)


def _ofd(data: bytes) -> dict[str, Any]:
    from gongkai.statute.readers import ofd

    pages = []
    found, _said = ofd.pages_of(data)
    for page in found[:PAGES]:
        runs = [
            [round(r.x0, 1), round(r.base or r.y1, 1), round(r.x1 - r.x0, 1), r.em, r.text]
            for r in page.runs
        ]
        rules = [[r.start, r.at, r.end, r.at] for r in page.level]
        rules += [[r.at, r.start, r.at, r.end] for r in page.upright]
        pages.append([page.number, page.width, page.height, runs, rules, 0])
    return {"pages": pages, "blocks": [], "more": len(found) - len(pages)}


# -- what was drawn is kept


def cache() -> Path:
    """The folder of drawings; it may be emptied at any time."""
    return Path(settings.HOME) / "cache" / "originals"


def _kept(key: str, name: str) -> bytes | None:
    return drawings.kept(cache(), f"{key}.{name}")


def _keep(key: str, name: str, content: bytes) -> None:
    drawings.keep(cache(), f"{key}.{name}", content, most=CACHE_MOST)
