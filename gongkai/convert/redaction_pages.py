"""页面: a file to be redacted, page by page: its picture, and where each of its characters stands.

What is searched and what is drawn come from the same page: comments and what was filled into forms
are made part of it first, as a reader sees them. A picture file becomes a page of its own pixels;
its metadata is left behind by that alone.
"""

from __future__ import annotations

import ctypes
import math
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.convert.redaction_marks import Kind, PageSize
from gongkai.statute import notes
from gongkai.statute.pdfium import LOCK
from gongkai.statute.readers import pdf_chars
from gongkai.statute.readers.pdf_page import View
from gongkai.statute.report import BBox
from gongkai.statute.texts import Text, same

BYTES = 256 << 20
PAGES = 1_000
PIXELS = 50_000_000  # of a picture: telephones make some of 48 million
_DRAWN = 16_000_000  # of a page of PDF: a sheet of A2 at 200 dots to the inch
_CHARS = 120_000  # on one page, as the reader of PDF has it
_LONGEST = 14_400.0  # points: the largest page PDF knows
_LOOSE = 0.15  # of the height the font gives its line, above and below: mostly air
_SPECK = 0.01  # of the page: a picture smaller than this is a logo or a stamp without words


@dataclass(frozen=True, slots=True)
class Drawn:
    """一页的图: rows of red-green-blue bytes without gaps."""

    width: int
    height: int
    pixels: bytes | bytearray


@dataclass(frozen=True, slots=True)
class Glyph:
    """一个字: a character as the file tells it, its ink, and the box that surely holds it.

    ``box`` is None for what stands nowhere: spaces and line ends that pdfium puts in.
    """

    char: str
    ink: BBox | None
    box: BBox | None


@dataclass(frozen=True, slots=True)
class Words:
    """一页的文字, in the order of the file; ``blind`` says that the page shows more than that."""

    glyphs: tuple[Glyph, ...]
    blind: bool


def kind_of(data: bytes) -> Kind:
    """What the bytes are, by their beginning. Raises CannotRead (``error.unknown``)."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:3] == b"\xff\xd8\xff":
        return "jpg"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    raise _damaged("不是 PDF、PNG 或 JPG 文件", "neither a PDF nor a PNG nor a JPG file")


def _damaged(zh: str, en: str) -> Exception:
    return notes.error("error.damaged", reason=Text(zh, en))


def _too_large(has: Text, limit: str) -> Exception:
    what = Text("{has}，上限 {limit}", "{has}, the limit is {limit}").within(has=has, limit=limit)
    return notes.error("error.too_large", what=what)


class Opened:
    """一份文件 in pdfium's hands. Each page is loaded, used and closed under the common lock."""

    def __init__(self, kind: Kind, data: bytes, handle: Any) -> None:
        self.kind = kind
        self._data = data  # pdfium reads from it as long as the file is open
        self._handle = handle
        self.sizes = self._sizes()

    def _sizes(self) -> tuple[PageSize, ...]:
        with LOCK:
            count = pdfium.FPDF_GetPageCount(self._handle)
        if count < 1:
            raise _damaged("文件没有页", "the file has no page")
        if count > PAGES:
            raise _too_large(Text(f"{count} 页", f"{count} pages"), f"{PAGES}")
        return tuple(self._size(number) for number in range(1, count + 1))

    def _size(self, number: int) -> PageSize:
        with self._page(number) as page:
            width = pdfium.FPDF_GetPageWidthF(page)
            height = pdfium.FPDF_GetPageHeightF(page)
            most = _LONGEST if self.kind == "pdf" else PIXELS
            if not (0 < width <= most and 0 < height <= most):
                raise _damaged(f"第 {number} 页的大小不成立", f"page {number} has no proper size")
            if self.kind == "pdf":
                return PageSize(number, width, height)
            return PageSize(number, round(width), round(height), "px")

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        """The page with its comments and filled fields made part of it; nothing that cannot be
        opened is passed over."""
        with LOCK:
            page = pdfium.FPDF_LoadPage(self._handle, number - 1)
            if page and self.kind == "pdf":
                flat = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
                if flat == pdfium.FLATTEN_SUCCESS:
                    pdfium.FPDF_ClosePage(page)
                    page = pdfium.FPDF_LoadPage(self._handle, number - 1)
            if not page:
                raise _damaged(f"第 {number} 页打不开", f"page {number} does not open")
            try:
                yield page
            finally:
                pdfium.FPDF_ClosePage(page)

    def pixels(self, number: int, dots: int) -> tuple[int, int]:
        """How large a page is drawn: a picture as it is, a page of PDF with so many dots to the
        inch, fewer where it is as large as a wall."""
        size = self.sizes[number - 1]
        if size.unit == "px":
            return int(size.width), int(size.height)
        scale = min(dots / 72, math.sqrt(_DRAWN / (size.width * size.height)))
        return max(1, round(size.width * scale)), max(1, round(size.height * scale))

    def draw(self, number: int, width: int, height: int) -> Drawn:
        """The picture of a page on white paper."""
        with self._page(number) as page:
            picture = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, None, 0)
            if not picture:
                raise MemoryError
            try:
                pdfium.FPDFBitmap_FillRect(picture, 0, 0, width, height, 0xFFFFFFFF)
                pdfium.FPDF_RenderPageBitmap(
                    picture, page, 0, 0, width, height, 0, pdfium.FPDF_REVERSE_BYTE_ORDER
                )
                stride = pdfium.FPDFBitmap_GetStride(picture)
                buffer = pdfium.FPDFBitmap_GetBuffer(picture)
                held = ctypes.string_at(buffer, stride * height)
            finally:
                pdfium.FPDFBitmap_Destroy(picture)
        row = 3 * width
        if stride != row:
            held = b"".join(held[at : at + row] for at in range(0, stride * height, stride))
        return Drawn(width, height, held)

    def picture(self, number: int) -> Drawn | None:
        """The one picture a page of ours consists of, as the file holds it; None for another."""
        with self._page(number) as page:
            if pdfium.FPDFPage_CountObjects(page) != 1:
                return None
            picture = pdfium.FPDFImageObj_GetBitmap(pdfium.FPDFPage_GetObject(page, 0))
            if not picture:
                return None
            try:
                return _plain(picture)
            finally:
                pdfium.FPDFBitmap_Destroy(picture)

    def words(self, number: int) -> Words:
        """The characters of a page and their places."""
        if self.kind != "pdf":
            return Words((), True)
        with self._page(number) as page:
            text = pdfium.FPDFText_LoadPage(page)
            if not text:
                return Words((), True)
            try:
                return _words(page, text)
            finally:
                pdfium.FPDFText_ClosePage(text)


def _plain(picture: Any) -> Drawn | None:
    """The pixels of a picture of pdfium, which keeps blue first."""
    width, height = pdfium.FPDFBitmap_GetWidth(picture), pdfium.FPDFBitmap_GetHeight(picture)
    stride, form = pdfium.FPDFBitmap_GetStride(picture), pdfium.FPDFBitmap_GetFormat(picture)
    size = {pdfium.FPDFBitmap_Gray: 1, pdfium.FPDFBitmap_BGR: 3, pdfium.FPDFBitmap_BGRx: 4}
    if form not in size:
        return None
    each = size[form]
    held = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(picture), stride * height)
    row = each * width
    if stride != row:
        held = b"".join(held[at : at + row] for at in range(0, stride * height, stride))
    pixels = bytearray(3 * width * height)
    for colour in range(3):
        pixels[colour::3] = held[0 if each == 1 else 2 - colour :: each]
    return Drawn(width, height, pixels)


@contextmanager
def opened(data: bytes, *, kind: Kind | None = None) -> Iterator[Opened]:
    """A file opened for redaction; ``kind`` is what it must be, None for whatever it is.

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``.
    """
    if len(data) > BYTES:
        raise _too_large(same(f"{len(data) >> 20} MB"), f"{BYTES >> 20} MB")
    is_ = kind_of(data)
    if kind is not None and is_ != kind:
        raise _damaged(f"内容是 {is_}，不是 {kind}", f"the content is {is_}, not {kind}")
    if is_ != "pdf":
        data = _as_page(data, is_)
    with LOCK:
        handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        reason = 0 if handle else pdfium.FPDF_GetLastError()
    if not handle:
        if reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise notes.error("error.encrypted")
        raise _damaged("PDF 结构无法解析", "not a readable PDF")
    try:
        yield Opened(is_, data, handle)
    finally:
        with LOCK:
            pdfium.FPDF_CloseDocument(handle)


# -- pictures -------------------------------------------------------------------------------


# A point for each pixel, so that it is drawn as it is; the engine turns it as its tag says, which
# changes width and height about.
_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#let (wide, high, file) = (%dpt, %dpt, "%s")
#context {
  let held = measure(image(file))
  let turned = (held.width > held.height) != (wide > high)
  image(file, width: if turned { high } else { wide }, height: if turned { wide } else { high })
}
"""


def _as_page(data: bytes, kind: Kind) -> bytes:
    """A picture as the only thing on a page, upright by its own tag. The typesetting engine
    decodes it, or hands a JPG on to pdfium."""
    import typst

    width, height = _told_size(data, kind)
    if width * height > PIXELS:
        raise _too_large(same(f"{width} × {height}"), f"{PIXELS:,}")
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        page = Path(folder, "page.typ")
        Path(folder, f"picture.{kind}").write_bytes(data)
        page.write_text(_PAGE % (width, height, f"picture.{kind}"), encoding="utf-8")
        try:
            made: bytes = typst.compile(str(page), ignore_system_fonts=True, pdf_tags=False)
        except (typst.TypstError, RuntimeError) as failed:
            raise _damaged("图像无法解码", "not a readable picture") from failed
    return made


def _told_size(data: bytes, kind: Kind) -> tuple[int, int]:
    """Width and height as the file's head says, before anything is decoded."""
    try:
        if kind == "png":
            width, height = struct.unpack(">II", data[16:24])
            return width, height
        at = 2
        while True:
            mark, length = struct.unpack(">HH", data[at : at + 4])
            if 0xFFC0 <= mark <= 0xFFCF and mark not in (0xFFC4, 0xFFC8, 0xFFCC):
                height, width = struct.unpack(">HH", data[at + 5 : at + 9])
                return width, height
            at += 1 if mark == 0xFFFF else 2 + length
    except struct.error as broken:
        raise _damaged("图像无法解码", "not a readable picture") from broken


# -- text -----------------------------------------------------------------------------------


def _words(page: Any, text: Any) -> Words:
    count = max(0, pdfium.FPDFText_CountChars(text))
    if count > _CHARS:
        raise _too_large(Text(f"{count:,} 个字符", f"{count:,} characters"), f"{_CHARS:,}")
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    turns = pdfium.FPDFPage_GetRotation(page) % 4
    view = View(box.left, box.bottom, box.right, box.top, turns)
    codes = pdf_chars.paired([pdfium.FPDFText_GetUnicode(text, at) for at in range(count)])
    glyphs: list[Glyph] = []
    lost = False
    for at, code in enumerate(codes):
        if code < 0:
            continue
        if code in pdf_chars.SPACES:
            glyphs.append(Glyph("\n" if code in (10, 13) else " ", None, None))
            continue
        char = pdf_chars.char(code)
        lost = lost or pdf_chars.is_lost(char) or bool(pdfium.FPDFText_HasUnicodeMapError(text, at))
        glyphs.append(Glyph(char, *_boxes(text, at, view)))
    return Words(tuple(glyphs), lost or not glyphs or _has_more(page, view))


def _boxes(text: Any, at: int, view: View) -> tuple[BBox | None, BBox | None]:
    """The ink of a glyph as its font draws it; and that, with the place the font keeps for it:
    the outline a font tells may be too small."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    ink: BBox | None = None
    if pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top):
        ink = view.box(left.value, bottom.value, right.value, top.value)
    place = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, at, place):
        return ink, ink
    loose = view.box(place.left, place.bottom, place.right, place.top)
    if ink is None or not (ink[2] > ink[0] and ink[3] > ink[1]):
        return loose, loose
    # Upright or turned by a quarter, the longer way of a loose box may be either: both are cut.
    cut = _LOOSE * min(loose[2] - loose[0], loose[3] - loose[1])
    return ink, (
        min(ink[0], loose[0] + cut),
        min(ink[1], loose[1] + cut),
        max(ink[2], loose[2] - cut),
        max(ink[3], loose[3] - cut),
    )


def _has_more(page: Any, view: View) -> bool:
    """Whether a page shows pictures or a great many curves, in which words may stand."""
    curves = 0
    least = _SPECK * view.width * view.height
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for at in range(pdfium.FPDFPage_CountObjects(page)):
        one = pdfium.FPDFPage_GetObject(page, at)
        kind = pdfium.FPDFPageObj_GetType(one)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            curves += pdfium.FPDFPath_CountSegments(one) > 8
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT and (
            pdfium.FPDFPageObj_GetBounds(one, left, bottom, right, top)
            and (right.value - left.value) * (top.value - bottom.value) > least
            and (kind != pdfium.FPDF_PAGEOBJ_FORM or _holds_picture(one))
        ):
            return True
    return curves > 50


def _holds_picture(form: Any, depth: int = 0) -> bool:
    """Whether a form object holds anything but text and lines."""
    for at in range(pdfium.FPDFFormObj_CountObjects(form)):
        one = pdfium.FPDFFormObj_GetObject(form, at)
        kind = pdfium.FPDFPageObj_GetType(one)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING) or (
            kind == pdfium.FPDF_PAGEOBJ_FORM and (depth > 8 or _holds_picture(one, depth + 1))
        ):
            return True
    return False
