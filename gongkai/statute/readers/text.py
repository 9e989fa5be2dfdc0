"""文本 (.txt .md): lines to paragraphs and grids. Columns are guessed, so only order counts.

Four ways of setting a table in text are told apart: a cell to a line behind a tab, as word
processors export tables (rows apart by empty lines); tabs between cells; bars between cells
(Markdown); several spaces between cells. Cells set one to a line without any sign stay
paragraphs here; the recogniser finds them by their labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.statute import notes
from gongkai.statute.readers import encodings, figures, headings, labels
from gongkai.statute.readers.blocks import Block, Document, Grid, GridCell, Paragraph
from gongkai.statute.report import Note, Place

_LARGEST = 8 << 20  # bytes; the longest report met so far has 0.1 MB of text
_LEAD_TAB = re.compile(r"^[ \xa0\u3000]*\t[^\t]*\t?$")
_GAP = re.compile(r"\s{2,}|\u3000+|\t")
_RULE = re.compile(r"^[\s|:+\-=—─━┌┐└┘├┤┬┴┼│]+$")
_SECTION = re.compile(r"^[一二三四五六](?:、|\.|．)\S")
_BAR = re.compile("[|│┃｜]")
_BOX_BARS = str.maketrans("│┃｜", "|||")


def blocks(data: bytes) -> Document:
    """The paragraphs and grids of a text file, in whatever encoding it is.

    Raises CannotRead: ``error.too_large``.
    """
    if len(data) > _LARGEST:
        raise notes.error("error.too_large", what=f"> {_LARGEST >> 20} MB")
    text, encoding = encodings.decode(data)
    said: list[Note] = []
    if not encoding.startswith(("utf-8", "ascii")):
        said.append(notes.note("read.encoding", encoding=encoding))
    return Document(tuple(from_lines(text.splitlines())), "text", tuple(said))


def from_lines(lines: Sequence[str]) -> Iterator[Block]:
    """Blocks of a sequence of text lines; line numbers count from 1."""
    table = 0
    i = 0
    while i < len(lines):
        for take in (_dumped, _closed, _barred, _tabbed, _spaced):
            rows, after = take(lines, i)
            if rows:
                table += 1
                yield _grid(rows, table)
                i = after
                break
        else:
            if lines[i].strip():
                yield Paragraph(_plain(lines[i]), Place(line=i + 1))
            i += 1


Rows = list[list[tuple[str, int]]]  # rows of (text, line number from 0)


def _dumped(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    """A cell to a line behind a tab; rows end at an empty line; a cell may run over lines."""
    if not (_LEAD_TAB.match(lines[start]) and _more_lead_tabs(lines, start)):
        return [], start
    rows: Rows = []
    row: list[tuple[str, int]] = []
    i, gap = start, False
    while i < len(lines):
        line = lines[i]
        if _LEAD_TAB.match(line):
            if gap and row:
                rows.append(row)
                row = []
            row.append((line.strip("\t"), i))
            gap = False
        elif not line.strip():
            gap = True
        elif row and _continues(row, line, gap):
            text, at = row[-1]
            row[-1] = (f"{text}\n{line}", at) if text.strip() else (line, i)
            gap = False
        else:
            break
        i += 1
    if row:
        rows.append(row)
    return rows, i


def _more_lead_tabs(lines: Sequence[str], start: int) -> bool:
    """Whether this is a table set so: another such line among the next few."""
    ahead = [ln for ln in lines[start + 1 : start + 12] if ln.strip() or "\t" in ln]
    return any(_LEAD_TAB.match(ln) for ln in ahead[:3])


def _continues(row: list[tuple[str, int]], line: str, gap: bool) -> bool:
    """Whether an unmarked line goes on in the last cell (which may begin with empty lines)."""
    if "\t" in line or (_SECTION.match(labels.squeeze(line)) and (gap or row[-1][0].strip())):
        return False
    if not gap:
        return len(line.strip()) <= 60
    return not row[-1][0].strip() and len(line.strip()) <= 60


def _barred(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    """Bars between cells; also a cell to a line, each closed by a bar."""
    if "|" not in lines[start].translate(_BOX_BARS) and not _RULE.match(lines[start]):
        return [], start
    rows: Rows = []
    i = start
    while i < len(lines):
        line = lines[i].translate(_BOX_BARS).strip()
        if "|" not in line:
            if not (rows and _RULE.match(line)):
                break
        elif not (_RULE.match(line) and re.search(r"[-=─━]", line)):
            if not (line.startswith("|") or line.endswith("|") or line.count("|") > 1):
                break
            rows.append([(_plain(part), i) for part in _cells_of(line)])
        i += 1
    if not any(text.strip() for row in rows for text, _ in row):
        return [], start
    alone = sum(1 for row in rows if len(row) == 1)
    return (_rows_of_cells(rows) if alone * 2 > len(rows) and len(rows) > 5 else rows), i


def _closed(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    """A cell over its own lines, closed by a bar on the next; further bars are empty cells."""
    if not any(_BAR.search(line) for line in lines[start : start + 6]):
        return [], start
    cells: list[tuple[str, int]] = []
    pending: list[str] = []
    i, last = start, start
    while i < len(lines):
        line = lines[i].translate(_BOX_BARS).strip()
        if line and not line.strip("|"):
            cells.append(("\n".join(pending), max(start, i - max(1, len(pending)))))
            cells.extend(("", i) for _ in line[1:])
            pending = []
            last = i + 1
        elif line:
            if "|" in line or len(pending) >= 3 or len(line) > 60 or _opens_section(line):
                break
            pending.append(line)
        i += 1
    if len([text for text, _ in cells if text]) < 4:
        return [], start
    return _rows_of_cells([[cell] for cell in cells]), last


def _opens_section(line: str) -> bool:
    return headings.section_of(line) is not None


def _cells_of(line: str) -> list[str]:
    inner = line[1:] if line.startswith("|") and line.strip("|").strip() else line
    inner = inner[:-1] if inner.endswith("|") else inner
    return inner.split("|")


def _rows_of_cells(rows: Rows) -> Rows:
    """Cells closed by a bar, one to a line: a row runs from its labels to the next label."""
    made: Rows = []
    figures_seen = True
    for row in rows:
        for text, line in row:
            squeezed = labels.squeeze(text)
            is_label = bool(squeezed) and not figures.is_value(squeezed)
            if is_label and figures_seen:
                made.append([])
            figures_seen = not is_label
            if not made:
                made.append([])
            made[-1].append((text, line))
    return made


def _tabbed(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    rows: Rows = []
    i = start
    while i < len(lines) and "\t" in lines[i] and lines[i].strip():
        rows.append([(part, i) for part in lines[i].split("\t")])
        i += 1
    return (rows, i) if rows else ([], start)


def _spaced(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    rows: Rows = []
    i = start
    if not _GAP.search(lines[start].strip()):
        return rows, start
    while i < len(lines):
        if not lines[i].strip() or labels.PAGE_NUMBER.match(lines[i]):
            break
        parts = _finer(_GAP.split(lines[i].strip()), lines[i].split())
        if len(parts) < 2 or len(parts) == 2 and not _short_pair(parts):
            break
        told = any(labels.core(p) in labels.signs() for p in parts)
        if not told and sum(_figure_like(p) for p in parts) < 2:
            break
        rows.append([(part, i) for part in parts])
        i += 1
    return (rows, i) if rows else ([], start)


def _finer(parts: list[str], words: list[str]) -> list[str]:
    """Where single spaces part figures as well, every space parts cells."""
    apart = sum(figures.is_value(labels.squeeze(w)) for w in words)
    ends_so = figures.is_value(labels.squeeze(words[-1]))
    finer = apart > max(1, sum(figures.is_value(labels.squeeze(p)) for p in parts))
    return words if finer and ends_so else parts


def _short_pair(parts: list[str]) -> bool:
    """Two pieces are a row only as label and figure, or as two header labels."""
    return len(parts[0]) <= 45 and len(parts[1]) <= 20


def _figure_like(part: str) -> bool:
    return len(part) <= 14 and bool(
        re.match(r"^[增减+\-－]?[\d０-９][\d０-９,，.]*\D{0,3}$|^[—\-/／]$", part)
    )


def _grid(rows: Rows, table: int) -> Grid:
    cells = tuple(
        GridCell(r, c, text, place=Place(table=table, row=r + 1, column=c + 1, line=line + 1))
        for r, row in enumerate(rows)
        for c, (text, line) in enumerate(row)
    )
    width = max(len(row) for row in rows)
    return Grid(
        cells, len(rows), width, drawn=False, place=Place(table=table, line=rows[0][0][1] + 1)
    )


def _plain(line: str) -> str:
    """Without Markdown's marks for headings and emphasis."""
    line = re.sub(r"^\s{0,3}#{1,6}\s+", "", line)
    return re.sub(r"\*\*(.+?)\*\*", r"\1", line)
