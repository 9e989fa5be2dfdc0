"""工作簿 (.xls, .et): the sheets of a binary workbook, BIFF8 and BIFF5 ([MS-XLS] 2.4).

Read record by record; lengths and counts in the file are checked against what is there.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.statute import notes
from gongkai.statute.readers import ole
from gongkai.statute.readers.sheet_cells import (
    Field,
    Merge,
    Sheet,
    in_rows,
    is_date_format,
    number,
)

_EOF, _BOF, _CONTINUE, _FILEPASS = 0x000A, 0x0809, 0x003C, 0x002F
_CODEPAGE, _DATE1904, _BOUNDSHEET, _SST = 0x0042, 0x0022, 0x0085, 0x00FC
_FORMAT, _XF = 0x041E, 0x00E0
_NUMBER, _RK, _MULRK, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0205
_LABEL, _RSTRING, _LABELSST = 0x0204, 0x00D6, 0x00FD
_FORMULA, _STRING, _MERGED = 0x0006, 0x0207, 0x00E5
_ROW, _COLINFO = 0x0208, 0x007D

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_WORKSHEET = 0
_BIFF8 = 0x0600


def sheets(data: bytes) -> list[Sheet]:
    """The worksheets in order, hidden ones by name only.

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``.
    """
    container = ole.Container(data)
    name = "Workbook" if "Workbook" in container.streams else "Book"
    if name not in container.streams:
        raise notes.error("error.damaged", reason="no workbook stream")
    stream = container.read(name)
    try:
        book = _Book(stream)
        found: list[Sheet] = []
        for start, hidden, kind, title in book.bound:
            if kind == _WORKSHEET:
                found.append(Sheet(title, hidden=True) if hidden else book.sheet(start, title))
        return found
    except (struct.error, IndexError, UnicodeDecodeError) as fault:
        raise notes.error("error.damaged", reason=f"BIFF: {fault}") from None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream (and of the charts in it) up to its end."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return


class _Book:
    """The workbook's globals: sheets, shared strings, formats."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._version = _BIFF8
        self._codec = "gb18030"
        self._from_1904 = False
        self._dates: list[bool] = []
        self.bound: list[tuple[int, bool, int, str]] = []
        self._strings: list[str] = []
        formats: list[int] = []
        codes: dict[int, str] = {}
        shared: list[bytes] = []
        last = 0
        for kind, content in _records(stream, 0):
            if kind == _BOF and len(content) >= 2:
                self._version = struct.unpack_from("<H", content)[0]
            elif kind == _FILEPASS:
                raise notes.error("error.encrypted")
            elif kind == _CODEPAGE:
                self._codec = _codec(struct.unpack_from("<H", content)[0])
            elif kind == _DATE1904:
                self._from_1904 = content[:1] == b"\x01"
            elif kind == _BOUNDSHEET:
                start, state, sort = struct.unpack_from("<IBB", content)
                self.bound.append((start, bool(state & 3), sort, self._short_string(content[6:])))
            elif kind == _FORMAT:
                codes[struct.unpack_from("<H", content)[0]] = self._string(content[2:])
            elif kind == _XF:
                formats.append(struct.unpack_from("<H", content, 2)[0])
            elif kind == _SST or kind == _CONTINUE and last == _SST:
                shared.append(content)
            last = last if kind == _CONTINUE else kind
        self._dates = [is_date_format(id, codes.get(id)) for id in formats]
        if shared:
            self._strings = list(_shared_strings(shared))

    def sheet(self, start: int, title: str) -> Sheet:
        """One worksheet, from where its substream begins."""
        reading = _Reading()
        for kind, content in _records(self._stream, start):
            if kind in (_NUMBER, _RK, _LABEL, _RSTRING, _LABELSST, _BOOLERR, _FORMULA):
                row, column, style = struct.unpack_from("<HHH", content)
                reading.add(row, column, self._value(kind, content, style))
                if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 3:
                    reading.unknown.append((row, column))  # as written by what cannot calculate
            elif kind == _MULRK:
                row, column = struct.unpack_from("<HH", content)
                for n, at in enumerate(range(4, len(content) - 7, 6)):
                    style, packed = struct.unpack_from("<HI", content, at)
                    reading.add(row, column + n, self._number(_unpacked(packed), style))
            elif kind == _STRING:
                reading.result(self._string(content))
            elif kind == _MERGED:
                for n in range(struct.unpack_from("<H", content)[0]):
                    top, bottom, left, right = struct.unpack_from("<HHHH", content, 2 + 8 * n)
                    reading.merges.append((top, left, bottom, right))
            elif kind == _ROW and len(content) >= 14:
                reading.tucked |= bool(content[12] & 0x20)
            elif kind == _COLINFO and len(content) >= 10 and content[8] & 1:
                reading.hidden_from = min(reading.hidden_from, content[0] | content[1] << 8)
        return reading.sheet(title)

    def _value(self, kind: int, content: bytes, style: int) -> Field | None:
        """What a cell shows; None for a formula whose text is in the record behind."""
        if kind == _NUMBER:
            return self._number(struct.unpack_from("<d", content, 6)[0], style)
        if kind == _RK:
            return self._number(_unpacked(struct.unpack_from("<I", content, 6)[0]), style)
        if kind == _LABELSST:
            return self._strings[struct.unpack_from("<I", content, 6)[0]].strip(), False
        if kind in (_LABEL, _RSTRING):
            return self._string(content[6:]).strip(), False
        if kind == _BOOLERR:
            return _logical(content[6], is_error=bool(content[7]))
        if content[12:14] != b"\xff\xff":
            return self._number(struct.unpack_from("<d", content, 6)[0], style)
        if content[6] in (1, 2):
            return _logical(content[8], is_error=content[6] == 2)
        return None

    def _number(self, value: float, style: int) -> Field:
        is_date = style < len(self._dates) and self._dates[style]
        return number(value, is_date=is_date, from_1904=self._from_1904)

    def _string(self, content: bytes) -> str:
        """A string with a length of two bytes."""
        length = struct.unpack_from("<H", content)[0]
        return self._characters(content[2:], length)

    def _short_string(self, content: bytes) -> str:
        """A string with a length of one byte."""
        return self._characters(content[1:], content[0])

    def _characters(self, content: bytes, length: int) -> str:
        if self._version < _BIFF8:
            return content[:length].decode(self._codec, "replace")
        if content[:1] and content[0] & 1:
            return content[1 : 1 + 2 * length].decode("utf-16-le", "replace")
        return content[1 : 1 + length].decode("latin-1")


@dataclass(slots=True)
class _Reading:
    """A sheet while its records are read."""

    cells: dict[tuple[int, int], Field] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)
    tucked: bool = False
    hidden_from: int = 1 << 16
    _formula: tuple[int, int] | None = None

    def add(self, row: int, column: int, value: Field | None) -> None:
        self._formula = (row, column) if value is None else None
        if value is not None:
            self.cells[row, column] = value

    def result(self, text: str) -> None:
        """The text a formula came to, which follows it in a record of its own."""
        if self._formula is not None:
            self.cells[self._formula] = text.strip(), False
            self._formula = None

    def sheet(self, title: str) -> Sheet:
        widest = max((column for _, column in self.cells), default=0)
        tucked = self.tucked or self.hidden_from <= widest
        return Sheet(
            title,
            rows=in_rows(self.cells),
            merges=self.merges,
            unknown=self.unknown,
            tucked=tucked,
        )


def _logical(value: int, *, is_error: bool) -> Field:
    if is_error:
        return _ERRORS.get(value, "#N/A"), False
    return ("TRUE" if value else "FALSE"), False


def _unpacked(packed: int) -> float:
    """An RK number: an integer of 30 bits or the upper half of a double, perhaps in hundredths."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & 1 << 29 else whole)
    else:
        value = struct.unpack("<d", bytes(4) + struct.pack("<I", packed & 0xFFFFFFFC))[0]
    return value / 100 if packed & 1 else value


def _codec(page: int) -> str:
    """The codec of a code page; GB18030 for what is not known (and for 936, inside it)."""
    if page == 936:
        return "gb18030"
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "gb18030"


def _shared_strings(segments: list[bytes]) -> Iterator[str]:
    """The strings of the table, which runs on over continuation records ([MS-XLS] 2.5.293)."""
    table = _Table(segments)
    count = struct.unpack("<I", table.take(8)[4:])[0]
    for _ in range(count):
        if table.ended:
            raise IndexError("shared strings cut off")
        length, flags = struct.unpack("<HB", table.take(3))
        runs = struct.unpack("<H", table.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", table.take(4))[0] if flags & 4 else 0
        yield table.characters(length, wide=bool(flags & 1))
        table.skip(4 * runs + extra)


class _Table:
    """The bytes of a table kept in several records."""

    def __init__(self, segments: list[bytes]) -> None:
        self._segments = segments
        self._number = 0
        self._at = 0

    @property
    def ended(self) -> bool:
        last = len(self._segments) - 1
        return self._number > last or self._number == last and self._at >= len(self._segments[last])

    def take(self, count: int) -> bytes:
        """That many bytes; fewer only at the very end."""
        parts: list[bytes] = []
        while count > 0 and self._number < len(self._segments):
            part = self._segments[self._number][self._at : self._at + count]
            parts.append(part)
            self._at += len(part)
            count -= len(part)
            if count > 0:
                self._next()
        return b"".join(parts)

    def skip(self, count: int) -> None:
        self.take(count)

    def characters(self, length: int, *, wide: bool) -> str:
        """Characters; where they run over a record's end, the next one begins with their width."""
        text = ""
        while length > 0:
            if self.ended:
                raise IndexError("string cut off")
            segment = self._segments[self._number]
            size = 2 if wide else 1
            fit = min(length, (len(segment) - self._at) // size)
            raw = segment[self._at : self._at + fit * size]
            text += raw.decode("utf-16-le", "replace") if wide else raw.decode("latin-1")
            self._at += fit * size
            length -= fit
            if length > 0:
                self._next()
                wide = bool(self.take(1)[0] & 1)
        return text

    def _next(self) -> None:
        self._number += 1
        self._at = 0
