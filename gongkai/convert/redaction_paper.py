"""成品: what is released: marks burnt into the pictures of pages, and these as a new PDF or PNG.

Nothing of the original file is carried over but what its pages look like. The PDF is the plainest
there is: a page, its one picture, nothing else; `redaction_proof` accepts no other.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence

from gongkai.convert.redaction_marks import Mark, PageSize
from gongkai.convert.redaction_pages import Drawn
from gongkai.statute.report import BBox

MARGIN = {"pt": 1.0, "px": 2.0}
"""边: by so much a mark is larger than the box it covers: ink is blurred over its edge."""

LEVEL = 17
"""色阶: a page of PDF keeps 16 steps of each colour: nobody sees it, and it halves the file."""

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
STEPS = bytes(range(0, 256, LEVEL))
_LEVELS = bytes(round(value / LEVEL) * LEVEL for value in range(256))
_HIGH = bytes(value // LEVEL << 4 for value in range(256))
_LOW = bytes(value // LEVEL for value in range(256))
_BAND = 1 << 20  # bytes of a picture packed at a time


def area(box: BBox, size: PageSize, drawn: Drawn, margin: float) -> tuple[int, int, int, int]:
    """A box of a page as whole pixels of its picture: left, top, right, bottom."""
    across, down = drawn.width / size.width, drawn.height / size.height
    return (
        max(0, math.floor((box[0] - margin) * across)),
        max(0, math.floor((box[1] - margin) * down)),
        min(drawn.width, math.ceil((box[2] + margin) * across)),
        min(drawn.height, math.ceil((box[3] + margin) * down)),
    )


def burnt(drawn: Drawn, size: PageSize, marks: Sequence[Mark]) -> Drawn:
    """The picture with its marks black."""
    pixels = bytearray(drawn.pixels)
    for mark in marks:
        left, top, right, bottom = area(mark.box, size, drawn, MARGIN[size.unit])
        black = bytes(3 * max(0, right - left))
        for y in range(top, bottom):
            at = 3 * (y * drawn.width + left)
            pixels[at : at + len(black)] = black
    return Drawn(drawn.width, drawn.height, pixels)


def levelled(drawn: Drawn) -> Drawn:
    """The picture in the steps of colour that a PDF of ours keeps."""
    return Drawn(drawn.width, drawn.height, drawn.pixels.translate(_LEVELS))


def is_grey(drawn: Drawn) -> bool:
    """Whether a picture has no colour."""
    red = drawn.pixels[0::3]
    return red == drawn.pixels[1::3] and red == drawn.pixels[2::3]


# -- PDF ------------------------------------------------------------------------------------


def pdf(pages: Sequence[tuple[PageSize, bytes]]) -> bytes:
    """A PDF of pages and their pictures, `packed`; equal pages give equal bytes."""
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", _tree(len(pages))]
    for size, picture in pages:
        page = len(bodies) + 1
        wide, high = _points(size.width), _points(size.height)
        bodies += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]/Resources<</XObject<</P %d 0 R>>>>"
            b"/Contents %d 0 R>>" % (wide, high, page + 2, page + 1),
            _stream(b"", b"q %s 0 0 %s 0 0 cm /P Do Q" % (wide, high)),
            picture,
        ]
    parts = [HEAD]
    table = [b"0000000000 65535 f \n"]
    length = len(HEAD)
    for number, body in enumerate(bodies, 1):
        table.append(b"%010d 00000 n \n" % length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        length += len(parts[-1])
    parts.append(
        b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(table), b"".join(table), len(table), length)
    )
    return b"".join(parts)


def _tree(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + 3 * at) for at in range(count))
    return b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)


def _points(length: float) -> bytes:
    return f"{length:.3f}".rstrip("0").rstrip(".").encode()


def _stream(about: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(content), content)


def packed(drawn: Drawn) -> bytes:
    """A `levelled` picture as it stands in a PDF: grey where it has no colour."""
    if is_grey(drawn):
        space, bits, rows = b"Gray", 4, _nibbles(drawn)
    else:
        space, bits, rows = b"RGB", 8, bytes(drawn.pixels)
    about = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/Device%s/BitsPerComponent %d"
        b"/Filter/FlateDecode" % (drawn.width, drawn.height, space, bits)
    )
    return _stream(about, zlib.compress(rows, 6))


def _nibbles(drawn: Drawn) -> bytes:
    """Rows of two grey pixels to the byte."""
    grey, width = drawn.pixels[0::3], drawn.width
    if width % 2:
        grey = b"".join(grey[at : at + width] + b"\0" for at in range(0, len(grey), width))
    high, low = grey[0::2].translate(_HIGH), grey[1::2].translate(_LOW)
    both = int.from_bytes(high, "big") | int.from_bytes(low, "big")
    return both.to_bytes(len(high), "big")


# -- PNG ------------------------------------------------------------------------------------


def png(drawn: Drawn) -> bytes:
    """A picture as PNG, every pixel as it is, with no word about it."""
    grey = is_grey(drawn)
    pixels = drawn.pixels[0::3] if grey else drawn.pixels
    row = len(pixels) // drawn.height
    bands = range(0, len(pixels), max(1, _BAND // row) * row)
    begin = bands[len(bands) // 2]
    middle = pixels[begin : begin + bands.step]
    photograph = len(zlib.compress(_less_above(middle, row), 1)) < len(zlib.compress(middle, 1))
    packer = zlib.compressobj(6)
    body = bytearray()
    for at in bands:
        tag, rows = b"\0", bytes(pixels[at : at + bands.step])
        if photograph:  # each row as what differs from the one above
            above = bytes(pixels[at - row : at]) if at else bytes(row)
            tag, rows = b"\2", _less_above(above + rows, row)[row:]
        lines = (tag + rows[k : k + row] for k in range(0, len(rows), row))
        body += packer.compress(b"".join(lines))
    body += packer.flush()
    head = struct.pack(">IIBBBBB", drawn.width, drawn.height, 8, 0 if grey else 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", bytes(body)), (b"IEND", b"")
    return PNG_HEAD + b"".join(_chunk(name, content) for name, content in parts)


def _less_above(pixels: bytes | bytearray, row: int) -> bytes:
    """Each byte less the one above it: all at once, as one long number of bytes that do not
    borrow from each other."""
    count = len(pixels)
    tops = int.from_bytes(b"\x80" * count, "big")
    rest = int.from_bytes(b"\x7f" * count, "big")
    here = int.from_bytes(pixels, "big")
    above = here >> (8 * row)
    less = ((here | tops) - (above & rest)) ^ ((here ^ above ^ tops) & tops)
    return less.to_bytes(count, "big")


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )
