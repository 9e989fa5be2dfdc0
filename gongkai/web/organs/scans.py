"""扫描件的检查: whether a scan opens and is large enough to be read.

Told by its content. That a file is whole and of the kind it claims is `shell.uploads`'s to say.
"""

from __future__ import annotations

import struct
import zlib

import pypdfium2
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute.pdfium import LOCK

LEAST_SIDE = 300  # pixels
# Samples of a pixel by PNG's colour type: grey, colour, palette, and the first two with alpha.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_CHUNK = 1 << 16
# Every start of a JPG frame, which holds the size; 0xC4, 0xC8 and 0xCC are other things.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN_BEGINS = 0xDA


class Unreadable(Exception):
    """扫描件打不开: why nobody could read it, and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


_BROKEN = _("图片打不开，可能已损坏；请重新扫描或拍照后上传。")
_BROKEN_PDF = _("PDF 打不开，可能已损坏或设有密码；请重新扫描后上传。")


def look_at(data: bytes, kind: str) -> None:
    """Opens a ``pdf``, ``png`` or ``jpg``; raises Unreadable."""
    if kind == "pdf":
        _open_pdf(data)
        return
    width, height = _png(data) if kind == "png" else _jpg(data)
    if min(width, height) < LEAST_SIDE:
        raise Unreadable(
            _now(
                "图片只有 %(width)d×%(height)d 像素，看不清签批；每边至少 %(least)d 像素，"
                "请重新扫描或拍照。"
            )
            % {"width": width, "height": height, "least": LEAST_SIDE}
        )


def _open_pdf(data: bytes) -> None:
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise Unreadable(_BROKEN_PDF) from None
        try:
            document[0].close()
        except (pypdfium2.PdfiumError, IndexError):  # no first page
            raise Unreadable(_BROKEN_PDF) from None
        finally:
            document.close()


def _png(data: bytes) -> tuple[int, int]:
    """Width and height; its rows are unpacked, piece by piece, to see that they are all there."""
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise Unreadable(_BROKEN)
    width, height, depth, colour, _pack, _filter, interlaced = struct.unpack(
        ">IIBBBBB", data[16:29]
    )
    if not width or not height or colour not in _CHANNELS:
        raise Unreadable(_BROKEN)
    row = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    # Interlaced rows are counted differently; a row of something is the least there can be.
    if _unpacked(_pixels_of(data), most=row * height) < (row if interlaced else row * height):
        raise Unreadable(_BROKEN)
    return width, height


def _pixels_of(data: bytes) -> bytes:
    """The contents of every IDAT, one after another."""
    parts, at = [], 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            parts.append(data[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(parts)


def _unpacked(packed: bytes, *, most: int) -> int:
    """How many bytes come out, counted up to ``most``; none of them are kept."""
    unpacker = zlib.decompressobj()
    count = 0
    try:
        while count < most and packed:
            out = unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail
            if not out:
                break
            count += len(out)
    except zlib.error:
        return 0
    return count


def _jpg(data: bytes) -> tuple[int, int]:
    """Width and height out of the frame's head, with the picture itself behind it."""
    size: tuple[int, int] | None = None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == _SCAN_BEGINS and size is not None:
            return size
        if marker in _FRAMES and at + 9 <= len(data):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            size = width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise Unreadable(_BROKEN)
