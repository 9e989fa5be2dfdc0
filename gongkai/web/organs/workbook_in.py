"""读取工作簿: the rows of an XLSX file one after another, in memory that does not grow with it.

`statute.readers` reads reports, small and whole; an import may have a hundred thousand rows. The
limits of the archive are the same ones; nothing outside the file is fetched, no entity expanded.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from gongkai.statute import notes
from gongkai.statute.readers import archive, sheet_cells

MOST_ROWS = 1_048_576  # what a spreadsheet can hold
MOST_COLUMNS = 200  # what stands further right is no table of ours
MOST_STRINGS = 4_000_000
MOST_TEXT = 100 << 20  # characters of all shared strings together
LONGEST = 32_767  # characters that a spreadsheet keeps in a cell
_CHUNK = 1 << 18
_REF = re.compile(r"\$?([A-Z]{1,3})\$?[1-9]\d{0,6}")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ON = ("1", "true")


@dataclass(slots=True)
class Line:
    """一行: its number and its texts from column A on.

    ``marks`` says of a cell that is no text what it is: number, date, bool, formula or error.
    """

    number: int
    cells: list[str] = field(default_factory=list)
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """一张表: its name and where its rows are."""

    title: str
    hidden: bool
    name: str


class Book:
    """工作簿: opened within limits; `lines` reads one sheet, as often as asked.

    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = archive.open_zip(data)
        self._names = {n.replace("\\", "/").lstrip("/"): n for n in self._zip.namelist()}
        main = self._main()
        related = self._relations(main)
        book = archive.parse(archive.read(self._zip, self._named(main)), main)
        self._from_1904 = any(n.get("date1904") in _ON for n in book.iter("{*}workbookPr"))
        by_kind = dict(related.values())
        self._dates = self._styles(by_kind.get("styles"))
        self._strings_in = by_kind.get("sharedStrings")
        self._strings: list[str] | None = None
        self.parts = [
            Part(n.get("name") or "", n.get("state", "visible") != "visible", part)
            for n in book.iter("{*}sheet")
            for kind, part in [related.get(n.get(_R + "id") or "", ("", ""))]
            if kind == "worksheet"
        ]

    def lines(self, part: Part) -> Iterator[Line]:
        """The rows of a sheet that hold anything."""
        if self._strings is None:
            self._strings = self._shared()
        reader = _Sheet(self._strings, self._dates, self._from_1904)
        yield from self._parsed(part.name, reader, reader.take)

    def _shared(self) -> list[str]:
        if self._strings_in is None or self._strings_in not in self._names:
            return []
        reader = _Strings()
        for _ in self._parsed(self._strings_in, reader, lambda: []):
            pass
        return reader.found

    def _parsed(self, name: str, reader: _Reader, take: Callable[[], list[Line]]) -> Iterator[Line]:
        """Feeds a part to a reader; what the reader has finished is handed on at once."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            with self._zip.open(self._named(name)) as stream:
                while chunk := stream.read(_CHUNK):
                    parser.Parse(chunk, False)
                    yield from take()
                parser.Parse(b"", True)
                yield from take()
        except (expat.ExpatError, *archive.FAULTS) as fault:
            raise notes.error("error.damaged", reason=f"{name}: {fault}") from None

    def _named(self, name: str) -> str:
        return self._names.get(name, name)

    def _main(self) -> str:
        found = [part for kind, part in self._relations("").values() if kind == "officeDocument"]
        return found[0] if found and found[0] in self._names else "xl/workbook.xml"

    def _relations(self, name: str) -> dict[str, tuple[str, str]]:
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", base + ".rels")
        if rels not in self._names:
            return {}
        found = {}
        for node in archive.parse(archive.read(self._zip, self._named(rels)), rels):
            target = posixpath.join(folder, (node.get("Target") or "").replace("\\", "/"))
            kind = (node.get("Type") or "").rpartition("/")[2]
            found[node.get("Id") or ""] = kind, posixpath.normpath(target).lstrip("/")
        return found

    def _styles(self, name: str | None) -> list[bool]:
        """Of each cell format: whether it shows dates."""
        if name is None or name not in self._names:
            return []
        root = archive.parse(archive.read(self._zip, self._named(name)), name)
        codes = {n.get("numFmtId"): n.get("formatCode") or "" for n in root.iter("{*}numFmt")}
        found = []
        for formats in root.iter("{*}cellXfs"):
            for node in formats:
                id = node.get("numFmtId") or "0"
                known = int(id) if id.isdecimal() else 0
                found.append(sheet_cells.is_date_format(known, codes.get(id)))
        return found


def opened(data: bytes) -> Book:
    """The workbook of a file. Raises CannotRead."""
    try:
        return Book(data)
    except (KeyError, zipfile.BadZipFile) as fault:
        raise notes.error("error.damaged", reason=str(fault)) from None


def _no_doctype(*_args: object) -> None:
    raise notes.error("error.damaged", reason="DOCTYPE")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Reader:
    """What the parser calls."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        raise NotImplementedError


class _Strings(_Reader):
    """共享字符串: texts that cells refer to by number; readings above them (rPh) left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._held = 0
        self._total = 0
        self._in_text = False
        self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "si":
            self._parts, self._held = [], 0
        elif name == "t":
            self._in_text = not self._reading
        elif name == "rPh":
            self._reading = True

    def end(self, name: str) -> None:
        name = _local(name)
        if name == "si":
            text = _unescaped("".join(self._parts))
            self.found.append(text.strip())
            self._total += len(text)
            if len(self.found) > MOST_STRINGS or self._total > MOST_TEXT:
                raise notes.error("error.too_large", what="sharedStrings")
        elif name == "t":
            self._in_text = False
        elif name == "rPh":
            self._reading = False

    def text(self, data: str) -> None:
        if self._in_text and self._held <= LONGEST:
            self._held += len(data)
            self._parts.append(data)


class _Sheet(_Reader):
    """工作表: rows as they end."""

    def __init__(self, strings: list[str], dates: list[bool], from_1904: bool) -> None:
        self._strings = strings
        self._dates = dates
        self._from_1904 = from_1904
        self._done: list[Line] = []
        self._line = Line(0)
        self._column = -1
        self._kind = ""
        self._style = ""
        self._formula = False
        self._formula_parts: list[str] = []
        self._in_formula = False
        self._parts: list[str] = []
        self._held = 0
        self._in_value = False
        self._reading = False

    def take(self) -> list[Line]:
        """The rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = _local(name)
        if name == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else _column(reference)
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = False
            self._parts, self._held = [], 0
            self._formula_parts = []
        elif name == "v" or name == "t":
            self._in_value = not self._reading
        elif name == "f":
            self._formula = self._in_formula = True
        elif name == "row":
            said = attributes.get("r", "")
            number = int(said) if said.isdecimal() and len(said) < 8 else self._line.number + 1
            if number > MOST_ROWS:
                raise notes.error("error.too_large", what=f"> {MOST_ROWS} rows")
            self._line = Line(number)
            self._column = -1
        elif name == "rPh":
            self._reading = True

    def end(self, name: str) -> None:
        if ":" in name:
            name = _local(name)
        if name == "c":
            if self._parts or self._formula:
                self._cell()
        elif name == "v" or name == "t":
            self._in_value = False
        elif name == "f":
            self._in_formula = False
        elif name == "row":
            if self._line.cells:
                self._done.append(self._line)
        elif name == "rPh":
            self._reading = False

    def text(self, data: str) -> None:
        if self._in_value and self._held <= LONGEST:
            self._held += len(data)
            self._parts.append(data)
        elif self._in_formula and self._held <= LONGEST:
            self._held += len(data)
            self._formula_parts.append(data)

    def _cell(self) -> None:
        text, mark = self._shown("".join(self._parts))
        if not text and not mark:
            return
        if self._column >= MOST_COLUMNS:
            raise notes.error("error.too_large", what=f"> {MOST_COLUMNS} columns")
        cells = self._line.cells
        while len(cells) <= self._column:
            cells.append("")
        cells[self._column] = text
        if mark:
            self._line.marks[self._column] = mark

    def _shown(self, raw: str) -> tuple[str, str]:
        kind = self._kind
        if self._formula:
            # Where it is shared only its first cell tells it: then what it came to.
            written = "".join(self._formula_parts).strip()
            came_to = raw.strip() if kind != "s" else ""
            return f"={written}" if written else came_to, "formula"
        if kind == "s":
            index = int(raw) if raw.isdecimal() and len(raw) < 9 else -1
            if not 0 <= index < len(self._strings):
                raise notes.error("error.damaged", reason=f"shared string {raw[:20]}")
            return self._strings[index], ""
        if kind == "n":
            return self._number(raw.strip())
        if kind == "b":
            return ("TRUE" if raw == "1" else "FALSE"), "bool"
        if kind == "e":
            return raw.strip(), "error"
        if kind == "d":
            return raw.removesuffix("T00:00:00"), "date"
        return _unescaped(raw).strip(), ""

    def _number(self, raw: str) -> tuple[str, str]:
        try:
            stored = float(raw)
        except ValueError:
            return raw, ""
        style = int(self._style) if self._style.isdecimal() and len(self._style) < 9 else -1
        is_date = 0 <= style < len(self._dates) and self._dates[style]
        text, native = sheet_cells.number(stored, is_date=is_date, from_1904=self._from_1904)
        return text, "number" if native else "date"


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _column(reference: str) -> int:
    """The number of a cell's column: A1 is 0."""
    found = _REF.fullmatch(reference)
    if found is None:
        raise notes.error("error.damaged", reason=f"cell reference {reference[:20]}")
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1
