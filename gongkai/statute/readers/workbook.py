"""本工具写出的工作簿读回: what ``writers.xlsx`` wrote, edited or not, saved by whatever program.

Known by the row 格式标识 of the sheet 报告, in .xlsx, .ods and .xls alike. The text is taken from
that sheet row by row, the tables from theirs by their labels, so that rows may have been put in or
moved; 检查结果, 说明 and the check below table 3 are passed over. What stands anywhere else is a
leftover.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from gongkai.statute import forms
from gongkai.statute.readers import archive, layout, recognise, sheet
from gongkai.statute.readers.blocks import Block, Document, Grid, GridCell, Paragraph
from gongkai.statute.readers.sheet_cells import Sheet
from gongkai.statute.report import NOWHERE, AnnualReport, Kind, Leftover, Note, Passage, Place
from gongkai.statute.writers import xlsx_names

_SECTION = re.compile(
    r"第([一二三四五六七八九]|[1-9]\d?)部分(标题|正文)(?:（第([2-9])遍）)?", re.ASCII
)
_NUMERALS = "一二三四五六七八九"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", re.ASCII)
_TEXTS = re.compile(r"xl/(?:sharedStrings|worksheets/).*\.xml$")  # parts that hold text
_PASSED_OVER = (xlsx_names.FINDINGS, xlsx_names.ABOUT)


def reports(data: bytes, *, name: str = "") -> list[AnnualReport] | None:
    """The report of a workbook of ours; None for any other spreadsheet.

    Raises CannotRead as the readers of spreadsheets and the recogniser do.
    """
    if not _may_be_ours(data):
        return None
    carrier, sheets, said = sheet.contents(data)
    text = next((one for one in sheets if _is_text(one)), None)
    return None if text is None else [_Book(carrier, sheets, text, said).report(name)]


def _may_be_ours(data: bytes) -> bool:
    """Told without reading the sheets: by their names, or by the mark itself."""
    mark = xlsx_names.SCHEMA.partition("/")[0].encode()
    if not data.startswith(b"PK"):
        return mark in data
    with archive.open_zip(data) as opened:
        names = opened.namelist()
        if "content.xml" in names:
            return mark in archive.read(opened, "content.xml")
        book = "xl/workbook.xml"
        if book not in names or xlsx_names.TEXT.encode() not in archive.read(opened, book):
            return False
        # Many a workbook has a sheet of that name; the mark is a shared string or in its sheet.
        return any(mark in archive.read(opened, name) for name in names if _TEXTS.match(name))


def _is_text(one: Sheet) -> bool:
    return one.name == xlsx_names.TEXT and any(
        _field(row, 0) == xlsx_names.LABELS["schema"]
        and _field(row, 1).startswith("gongkai.workbook/")
        for row in one.rows
    )


def _field(row: Sequence[tuple[str, bool]], column: int) -> str:
    return row[column][0] if column < len(row) else ""


@dataclass(slots=True)
class _Text:
    """报告的文字: the rows of the sheet 报告, by their items."""

    single: dict[str, str] = field(default_factory=dict)
    preamble: list[str] = field(default_factory=list)
    titles: dict[tuple[str, int], tuple[str, Place]] = field(default_factory=dict)
    lines: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    leftovers: list[Leftover] = field(default_factory=list)


class _Book:
    """一份工作簿 being read."""

    def __init__(
        self, carrier: str, sheets: Sequence[Sheet], text: Sheet, said: Sequence[Note]
    ) -> None:
        self._carrier = carrier
        self._said = list(said)
        self._text = _text_of(text)
        self._strays: list[Leftover] = []
        self._grids = [
            grid
            for one in sheets
            if one is not text and not one.hidden and one.name not in _PASSED_OVER
            for grid in self._tables(one)
        ]

    def report(self, name: str) -> AnnualReport:
        """The report, its figures recognised as in any file, its text as it stands in 报告."""
        found = self._recognised(name)
        text = self._text
        single = {key: text.single.get(label, "") for key, label in xlsx_names.LABELS.items()}
        organ = single["organ"] or found.organ
        year = _year(single["year"]) or found.year
        names = found.organ_names if organ in found.organ_names else (organ, *found.organ_names)
        return replace(
            found,
            title=single["title"] or None,
            organ=organ,
            organ_names=tuple(one for one in names if one),
            kind=_kind(single["kind"], found.kind),
            year=year,
            edition_due=forms.due_edition(year),
            period=_period(single["period"]) or found.period,
            signed_on=_day(single["signed_on"]) or found.signed_on,
            preamble="\n".join(text.preamble),
            sections=_sections(text),
            leftovers=(*found.leftovers, *text.leftovers, *self._strays),
        )

    def _recognised(self, name: str) -> AnnualReport:
        """What the recogniser makes of it; without its prose where that holds a second title."""
        for prose in (True, False):
            blocks = tuple(self._blocks(prose=prose))
            found = recognise.recognise(
                Document(blocks, self._carrier, tuple(self._said)), file=name
            )
            if len(found) == 1:
                break
        return found[0]

    def _blocks(self, *, prose: bool) -> Iterator[Block]:
        """The report in reading order: what the recogniser would find in any other file."""
        text = self._text
        if title := text.single.get(xlsx_names.LABELS["title"]):
            yield Paragraph(title)
        if prose:
            yield from (Paragraph(line) for line in text.preamble if line)
        grids = dict(self._grids)
        keys = {*text.titles, *((no, 1) for no in grids)}
        for no, printing in sorted(keys, key=lambda key: (key[1], int(key[0]))):
            title, place = text.titles.get((no, printing), ("", NOWHERE))
            if title:
                yield Paragraph(title, place)
            if prose:
                lines = text.lines.get((no, printing), ())
                yield from (Paragraph(line) for line in lines if line)
            if printing == 1 and no in grids:
                yield from grids[no]

    def _tables(self, one: Sheet) -> Iterator[tuple[str, list[Block]]]:
        """The table of a sheet, by the section it belongs to; other things in it are strays."""
        page = layout.Page()
        sheet.lay_out(one, page, self._said)
        ours = next((t for t, name in xlsx_names.TABLES.items() if name == one.name), None)
        grids: list[Block] = []
        for at, block in enumerate(page.blocks):
            if isinstance(block, Grid):
                grids.append(_with_figures(block) if ours == "remedies" else block)
            elif ours and at == 0:
                pass  # the table's title
            elif isinstance(block, Paragraph) and block.text not in xlsx_names.UNITS.values():
                self._strays.append(Leftover(f"{one.name}：{block.text}", place=block.place))
        if ours and grids:
            yield str(_SECTIONS[ours]), grids
        else:
            self._strays += [
                Leftover(f"{one.name}：{cell.text}", place=cell.place)
                for grid in grids
                if isinstance(grid, Grid)
                for cell in grid.cells
                if cell.text
            ]


_SECTIONS = {
    table.id: table.section for e in forms.editions() for table in forms.form(e).tables.values()
}


def _with_figures(grid: Grid) -> Grid:
    """表四 with its row of figures also where they are all empty: a sheet has no empty last row."""
    if grid.rows != 3:
        return grid
    empty = (GridCell(3, column, "", place=grid.place) for column in range(grid.columns))
    return replace(grid, cells=(*grid.cells, *empty), rows=4)


# -- the text


def _text_of(one: Sheet) -> _Text:
    """The rows of 报告: a row without an item goes on with the item above it."""
    found = _Text()
    known = {label: key for key, label in xlsx_names.LABELS.items()}
    item = ""
    for number, row in enumerate(one.rows, 1):
        label, text = _field(row, 0), _field(row, 1)
        rest = " ".join(value for value, _ in row[2:] if value)
        if rest:
            found.leftovers.append(Leftover(rest, place=Place(row=number)))
        if label == xlsx_names.CONTINUED:
            _go_on(found, item, text)
            continue
        if not label and not text or number == 1 and label not in known:
            continue
        if label == xlsx_names.LABELS["schema"] and label not in found.single:
            found.single[label] = text
            continue  # rows put in behind it go on with what stands above it
        item = label or item
        section = _SECTION.fullmatch(item)
        if item == xlsx_names.LABELS["preamble"]:
            found.preamble.append(text)
        elif item in known:
            if item in found.single:
                found.leftovers.append(Leftover(text, place=Place(row=number)))
            found.single.setdefault(item, text)
        elif section is None:
            found.leftovers.append(Leftover(f"{item} {text}", place=Place(row=number)))
        elif section[2] == "标题" and label:
            found.titles[_key(section)] = text, Place(row=number)
        else:
            found.lines.setdefault(_key(section), []).append(text)
    return found


def _go_on(found: _Text, item: str, text: str) -> None:
    """A piece of a text too long for one cell, put behind the piece before it."""
    section = _SECTION.fullmatch(item)
    if section is not None and section[2] == "标题":
        title, place = found.titles[_key(section)]
        found.titles[_key(section)] = title + text, place
    elif item in found.single:
        found.single[item] += text
    else:
        lines = found.preamble if section is None else found.lines.setdefault(_key(section), [])
        lines[-1:] = [(lines[-1] if lines else "") + text]


def _key(section: re.Match[str]) -> tuple[str, int]:
    no = section[1]
    return str(_NUMERALS.index(no) + 1) if no in _NUMERALS else no, int(section[3] or 1)


def _sections(text: _Text) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, list[Passage]] = {}
    for no, printing in sorted({*text.titles, *text.lines}, key=lambda key: (int(key[0]), key[1])):
        title, place = text.titles.get((no, printing), ("", NOWHERE))
        prose = "\n".join(text.lines.get((no, printing), ()))
        found.setdefault(no, []).append(Passage(title, prose, place))
    return {no: tuple(passages) for no, passages in found.items()}


def _year(text: str) -> int | None:
    found = re.search(r"(?:19|20)\d\d", text, re.ASCII)
    return int(found[0]) if found else None


def _kind(text: str, otherwise: Kind) -> Kind:
    return next(
        (kind for kind, word in xlsx_names.KINDS.items() if word == text.strip()), otherwise
    )


def _period(text: str) -> tuple[date, date] | None:
    days = [_as_day(parts) for parts in _DAY.findall(text)]
    if len(days) != 2 or days[0] is None or days[1] is None:
        return None
    return days[0], days[1]


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    return _as_day(found.groups()) if found else None


def _as_day(parts: Sequence[str]) -> date | None:
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
