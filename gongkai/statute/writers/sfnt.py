"""字体文件: what a TrueType or OpenType file says of itself: its families, its characters.

Read with `struct` only; a damaged file raises ValueError and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Data = bytes | memoryview
Found = TypeVar("Found")

SIGNATURES = (b"\x00\x01\x00\x00", b"OTTO", b"true")
FAMILY, TYPOGRAPHIC_FAMILY = 1, 16
RESTRICTED = 0x0002  # OS/2 fsType: may not be embedded without the maker's permission
FACES = 64  # in one collection; more is damage
TABLES = 256
CHARACTERS = 0x110000


@dataclass(frozen=True, slots=True)
class Face:
    """一款字体: the glyph of each character it has, and whether a document may embed it."""

    glyphs: dict[int, int]
    embeddable: bool


def families(data: Data) -> tuple[str, ...]:
    """The family names of every face of a file, in every language they are given in."""
    return _safely(
        lambda: tuple(
            dict.fromkeys(
                name for tables in _faces(data) for name in _names(data, tables.get(b"name", 0))
            )
        )
    )


def face(data: Data, index: int = 0) -> Face:
    """One face of a file (``index`` counts from 0 in a collection)."""

    def read() -> Face:
        tables = _faces(data)[index]
        kind = _u16(data, tables[b"OS/2"] + 8) if b"OS/2" in tables else 0
        return Face(_glyphs(data, tables[b"cmap"]), not kind & RESTRICTED)

    return _safely(read)


def _safely(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as damaged:
        raise ValueError(f"not a readable font: {damaged}") from damaged


def _faces(data: Data) -> list[dict[bytes, int]]:
    """Where the tables of every face begin."""
    if bytes(data[:4]) != b"ttcf":
        return [_tables(data, 0)]
    count = min(_u32(data, 8), FACES)
    return [_tables(data, _u32(data, 12 + 4 * at)) for at in range(count)]


def _tables(data: Data, start: int) -> dict[bytes, int]:
    if bytes(data[start : start + 4]) not in SIGNATURES:
        raise ValueError("not a TrueType or OpenType font")
    tables = {}
    for at in range(min(_u16(data, start + 4), TABLES)):
        entry = start + 12 + 16 * at
        tables[bytes(data[entry : entry + 4])] = _u32(data, entry + 8)
    return tables


def _u16(data: Data, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])


def _u32(data: Data, at: int) -> int:
    return int(struct.unpack_from(">I", data, at)[0])


# -- names


def _names(data: Data, start: int) -> list[str]:
    if not start:
        return []
    count, strings = _u16(data, start + 2), start + _u16(data, start + 4)
    found = []
    for at in range(min(count, 4096)):
        platform, encoding, _, kind, length, offset = struct.unpack_from(
            ">6H", data, start + 6 + 12 * at
        )
        if kind in (FAMILY, TYPOGRAPHIC_FAMILY):
            raw = bytes(data[strings + offset : strings + offset + length])
            found.append(raw.decode(_encoding(platform, encoding), errors="replace"))
    return [name for name in found if name]


def _encoding(platform: int, encoding: int) -> str:
    if platform == 1:  # Macintosh: 25 is simplified Chinese
        return "gbk" if encoding == 25 else "mac-roman"
    return "gbk" if (platform, encoding) == (3, 3) else "utf-16-be"


# -- characters


def _glyphs(data: Data, start: int) -> dict[int, int]:
    """The best character map: the one of all Unicode, else that of its first 65,536."""
    subtables = {}
    for at in range(min(_u16(data, start + 2), TABLES)):
        offset = start + _u32(data, start + 4 + 8 * at + 4)
        subtables[_u16(data, offset)] = offset
    if 12 in subtables:
        return _segmented(data, subtables[12])
    if 4 in subtables:
        return _bmp(data, subtables[4])
    return {}


def _segmented(data: Data, start: int) -> dict[int, int]:
    """Format 12: groups of characters with consecutive glyphs."""
    glyphs: dict[int, int] = {}
    groups = min(_u32(data, start + 12), CHARACTERS)
    end = start + 16 + 12 * groups
    for first, last, glyph in struct.iter_unpack(">III", data[start + 16 : end]):
        if first <= last < CHARACTERS:
            glyphs.update(zip(range(first, last + 1), range(glyph, CHARACTERS), strict=False))
    return glyphs


def _bmp(data: Data, start: int) -> dict[int, int]:
    """Format 4: segments by offset to glyph numbers; glyph 0 is no glyph."""
    count = _u16(data, start + 6) // 2
    lasts, firsts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, start + 14 + skip)
        for skip in (0, 2 * count + 2, 4 * count + 2, 6 * count + 2)
    )
    glyphs: dict[int, int] = {}
    for at in range(count):
        for point in range(firsts[at], min(lasts[at], 0xFFFE) + 1):
            glyph = point
            if offsets[at]:
                own = start + 16 + 6 * count + 2 * at
                glyph = _u16(data, own + offsets[at] + 2 * (point - firsts[at]))
                if not glyph:
                    continue
            glyph = (glyph + deltas[at]) & 0xFFFF
            if glyph:
                glyphs[point] = glyph
    return glyphs
