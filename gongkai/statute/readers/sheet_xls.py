"""表格文件内部 (.xls): what the cell reader does not tell: sizes and error values.

The records are those of [MS-XLS] 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from gongkai.statute import notes
from gongkai.statute.readers import ole
from gongkai.statute.readers.sheet_xlsx import MAX_AREA, Facts

_EOF, _BOF, _BOUNDSHEET, _FILEPASS = 0x000A, 0x0809, 0x0085, 0x002F
_FORMULA, _BOOLERR, _MULRK, _MULBLANK = 0x0006, 0x0205, 0x00BD, 0x00BE
# Records of one cell; all begin with row and column.
_CELLS = frozenset((0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E, 0x0006, 0x0206, 0x0406, 0x0201))
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def inspect(data: bytes) -> list[Facts]:
    """The facts of each sheet, in the order of the workbook.

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``.
    """
    container = ole.Container(data)
    name = "Workbook" if "Workbook" in container.streams else "Book"
    if name not in container.streams:
        raise notes.error("error.damaged", reason="no workbook stream")
    stream = container.read(name)
    starts: list[int] = []
    for kind, content in _records(stream, 0):
        if kind == _FILEPASS:
            raise notes.error("error.encrypted")
        if kind == _BOUNDSHEET and len(content) >= 4:
            starts.append(struct.unpack_from("<I", content)[0])
    return [_facts(stream, start) for start in starts]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream (of the charts in it too) up to its end."""
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


def _facts(stream: bytes, start: int) -> Facts:
    facts = Facts()
    rows = columns = 0
    for kind, content in _records(stream, start):
        if len(content) < 6 or kind not in _CELLS and kind not in (_MULRK, _MULBLANK):
            continue
        row, column = struct.unpack_from("<HH", content)
        last = struct.unpack_from("<H", content, len(content) - 2)[0] if kind == _MULRK else column
        rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
        if kind == _BOOLERR and len(content) >= 8 and content[7]:
            facts.errors[row, column] = _ERRORS.get(content[6], "#N/A")
        # A formula's result is an error where its last two bytes are set and the first is 2.
        is_error = kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2
        if is_error:
            facts.errors[row, column] = _ERRORS.get(content[8], "#N/A")
    if rows * columns > MAX_AREA:
        raise notes.error("error.too_large", what=f"{rows} x {columns} cells")
    return facts
