"""印章图样的检查: whether a PNG can be printed as a seal: size, a transparent ground, red ink.

Told by its content: the picture is decoded whole and looked at small. Nothing here knows of organs.
"""

from __future__ import annotations

import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import typst
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute.pdfium import LOCK

MOST = 2 << 20  # bytes
LEAST_SIDE, MOST_SIDE = 300, 3000  # pixels
_SLIMMEST = 0.6  # the shorter side by the longer
_LOOKED_AT = 96  # pixels a side
_CLEAR, _INKED = 16, 128  # alpha below which nothing is printed, above which something is
_LEAST_CLEAR, _LEAST_INK, _LEAST_RED = 0.15, 0.02, 0.6
_PAGE = """#set page(width: {side}pt, height: {side}pt, margin: 0pt, fill: none)
#image("seal.png", width: {side}pt, height: {side}pt, fit: "stretch")
"""


class Unfit(Exception):
    """不合用: why the picture cannot be printed as a seal, and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Picture:
    """图样: its size in pixels."""

    width: int
    height: int


def look_at(data: bytes) -> Picture:
    """The picture of a PNG; raises Unfit."""
    picture = _size(data)
    longer, shorter = max(picture.width, picture.height), min(picture.width, picture.height)
    if shorter < LEAST_SIDE or longer > MOST_SIDE:
        raise Unfit(
            _now(
                "图样为 %(width)d×%(height)d 像素；每边应在 %(least)d 到 %(most)d 像素之间，"
                "请重新扫描或缩放。"
            )
            % {
                "width": picture.width,
                "height": picture.height,
                "least": LEAST_SIDE,
                "most": MOST_SIDE,
            }
        )
    if shorter < longer * _SLIMMEST:
        raise Unfit(_("图样过于狭长，不像印章；请裁去四周空白后重新上传。"))
    _judge(_pixels(data))
    return picture


def _size(data: bytes) -> Picture:
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise Unfit(_BROKEN)
    return Picture(*struct.unpack(">II", data[16:24]))


_BROKEN = _("图片已损坏，不能打开；请从原图重新导出 PNG 后上传。")


def _pixels(data: bytes) -> list[tuple[int, int, int, int]]:
    """Blue, green, red, alpha of the picture made small."""
    try:
        page = _as_page(data)
    except (RuntimeError, ValueError, OSError):  # typst.TypstError is a RuntimeError
        raise Unfit(_BROKEN) from None
    with LOCK:
        document = pypdfium2.PdfDocument(page)
        try:
            bitmap = document[0].render(scale=1, fill_color=(0, 0, 0, 0), force_bitmap_format=4)
            raw, stride = bytes(bitmap.buffer), bitmap.stride
            rows = [raw[y * stride : y * stride + bitmap.width * 4] for y in range(bitmap.height)]
        finally:
            document.close()
    flat = b"".join(rows)
    return list(zip(flat[0::4], flat[1::4], flat[2::4], flat[3::4], strict=True))


def _as_page(data: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gongkai-seal-") as made:
        folder = Path(made)
        (folder / "seal.png").write_bytes(data)
        sheet = folder / "sheet.typ"
        sheet.write_text(_PAGE.format(side=_LOOKED_AT), encoding="utf-8")
        page: bytes = typst.compile(
            str(sheet), root=str(folder), ignore_system_fonts=True, format="pdf"
        )
        return page


def _judge(pixels: list[tuple[int, int, int, int]]) -> None:
    clear = sum(alpha < _CLEAR for *_colour, alpha in pixels)
    inked = [(b, g, r) for b, g, r, alpha in pixels if alpha > _INKED]
    if clear < len(pixels) * _LEAST_CLEAR:
        raise Unfit(
            _("图样没有透明底，盖在文字上会遮住文字；请把白底去掉，另存为带透明底的 PNG 后上传。")
        )
    if len(inked) < len(pixels) * _LEAST_INK:
        raise Unfit(_("图样几乎是空白的；请换一张清楚的印章图样。"))
    red = sum(r > g + 50 and r > b + 50 for b, g, r in inked)
    if red < len(inked) * _LEAST_RED:
        raise Unfit(_("图样不是红色的；请用红色印文的图样。"))
