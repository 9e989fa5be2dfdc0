"""识别: blocks of any carrier to one annual report and whatever could not be placed.

The one recogniser shared by all carriers. Each table is read under every edition of the form;
the edition that explains its rows and columns best is the one found.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from gongkai.statute import claims, forms, notes, script
from gongkai.statute.readers import (
    headings,
    labels,
    lines,
    outline,
    place,
    place_remedies,
    tables,
)
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.lines import Line
from gongkai.statute.readers.place import Placed
from gongkai.statute.report import ABSENT, AnnualReport, Cell, Kind, Note, Place
from gongkai.statute.texts import Text

_PLACERS: Mapping[str, Callable[[Sequence[Line], forms.Form], Placed]] = {
    "proactive": place.proactive,
    "applications": place.applications,
    "remedies": place_remedies.remedies,
}


def recognise(document: Document, *, file: str = "") -> list[AnnualReport]:
    """The reports in a document: one, or several set one behind the other, each under a title
    of its own (``part`` then counts from 1). Raises CannotRead where nothing of a report is found.
    """
    rows = lines.of(document)
    heads = headings.find(rows)
    starts = outline.starts(rows, heads)
    if len(starts) < 2:
        return [_one(rows, heads, document.notes, file, None)]
    pieces = [rows[a:b] for a, b in zip([0, *starts[1:]], [*starts[1:], len(rows)], strict=True)]
    return [
        _one(piece, headings.find(piece), document.notes if part == 1 else (), file, part)
        for part, piece in enumerate(pieces, 1)
    ]


def _one(
    rows: list[Line],
    heads: list[headings.Heading],
    said_before: Sequence[Note],
    file: str,
    part: int | None,
) -> AnnualReport:
    segments = tables.split(rows, heads)
    placed = {name: _under_editions(name, s.lines) for name, s in segments.items()}
    placed = {name: by for name, by in placed.items() if any(p.anything for p in by.values())}
    used = {i for name, s in segments.items() if name in placed for i in s.used}
    used |= {h.index for h in heads}
    out = outline.of(rows, heads, used)
    if not placed and not _looks_like_report(out):
        raise notes.error("error.not_a_report")
    found = _edition(placed, out.year)
    edition, assumed = found if found else (None, False)
    said = [*said_before, *_notes(out, placed, rows, heads, edition, assumed)]
    cells: dict[str, Cell] = {}
    others: dict[str, Cell] = {}
    leftovers = []
    for name, by in placed.items():
        assert edition is not None
        its = _best(by, edition)
        its_placed = by[its]
        its_cells = its_placed.cells
        leftovers.extend(its_placed.leftovers)
        said.extend(its_placed.notes)
        if its == edition:
            cells.update(its_cells)
        else:
            said.append(_other_form(name, its, its_placed))
            for address, cell in its_cells.items():
                target = cells if forms.same_cell(address, its, edition) else others
                target[address] = cell
    due = forms.due_edition(out.year)
    if edition and due and edition != due and not assumed:
        said.append(notes.note("read.edition", year=out.year, due=due, found=edition))
    return AnnualReport(
        file=file,
        part=part,
        organ=out.organ,
        organ_names=out.organ_names,
        kind=_kind(out),
        year=out.year,
        edition=edition,
        edition_due=due,
        title=out.title,
        period=out.period,
        signed_on=out.signed_on,
        contact=out.contact,
        preamble=out.preamble,
        sections=out.sections,
        topics=out.topics,
        cells=_all_cells(edition, cells),
        other_edition_cells=others,
        claims=claims.find(out.paragraphs, year=out.year, edition=edition),
        leftovers=tuple(leftovers),
        notes=tuple(said),
    )


def _under_editions(table: str, rows: Sequence[Line]) -> dict[str, Placed]:
    """A table read under each edition; one that explains all of it by words of its own will do."""
    told = labels.telling(table)
    cores = {labels.core_of(t.squeezed) for line in rows for t in line.tokens}
    own = {e: len(cores & told[e]) for e in forms.editions()}
    found: dict[str, Placed] = {}
    for edition in sorted(forms.editions(), key=lambda e: (-own[e], forms.form(e).first_year)):
        alike = next((e for e in found if _same_table(table, e, edition)), None)
        if alike:
            found[edition] = found[alike]
            continue
        placed = found[edition] = _PLACERS[table](rows, forms.form(edition))
        cells = sum(1 for a in forms.form(edition).addresses if a.startswith(f"{table}."))
        alone = all(not n for e, n in own.items() if e != edition)
        sure = placed.evidence or own[edition]
        if alone and sure and not placed.leftovers and placed.size == cells:
            break
    return found


@functools.cache
def _same_table(table: str, edition: str, other: str) -> bool:
    return forms.form(edition).tables[table] == forms.form(other).tables[table]


def _all_cells(edition: str | None, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    if edition is None:
        return {}
    return {address: cells.get(address, ABSENT) for address in forms.form(edition).addresses}


def _looks_like_report(out: outline.Outline) -> bool:
    return bool(out.title and out.sections) or len(out.sections) >= 3


def _best(by: Mapping[str, Placed], edition: str) -> str:
    """The edition a table was made in: the report's own, unless rows only another edition has,
    or its column labels, say otherwise."""
    ours = by.get(edition)
    if ours is None:
        return next(iter(by))
    for other, placed in by.items():
        if placed.evidence > ours.evidence:
            return other
        if not placed.evidence and not ours.evidence and placed.score - ours.score >= 6:
            return other
    return edition


def _edition(
    placed: Mapping[str, Mapping[str, Placed]], year: int | None
) -> tuple[str, bool] | None:
    """(edition, whether it was only assumed): table 3 decides, then table 2, then the year."""

    def leading(name: str, key: Callable[[Placed], float], margin: float) -> str | None:
        ranked = sorted(((key(p), e) for e, p in placed.get(name, {}).items()), reverse=True)
        if len(ranked) == 1 < len(forms.editions()):
            return ranked[0][1]  # the only one that was needed
        if len(ranked) > 1 and ranked[0][0] > 0 and ranked[0][0] - ranked[-1][0] >= margin:
            return ranked[0][1]
        return None

    told = (
        leading("applications", lambda p: p.evidence, 1)
        or leading("proactive", lambda p: p.score, 3)
        or leading("applications", lambda p: p.score, 0.05)
        or leading("proactive", lambda p: p.score, 0.05)
    )
    if told:
        return told, False
    due = forms.due_edition(year)
    if due is None:
        return (forms.editions()[-1], True) if placed else None
    return due, True


def _other_form(name: str, found: str, placed: Placed) -> Note:
    at = next(iter(placed.cells.values())).place if placed.cells else Place()
    return notes.note("read.other_form", at, table=notes.TABLES[name], found=found)


def _notes(
    out: outline.Outline,
    placed: Mapping[str, object],
    rows: Sequence[Line],
    heads: Sequence[headings.Heading],
    edition: str | None,
    assumed: bool,
) -> list[Note]:
    said: list[Note] = []
    if script.is_traditional("".join(ln.plain() for ln in rows[:60])):
        said.append(notes.note("read.traditional"))
    twice = [no for no, ps in out.sections.items() if len(ps) > 1]
    if len(twice) >= 3:
        said.append(notes.note("read.printed_twice", out.sections[twice[0]][1].place))
    for no, name in tables.SECTION_TABLE.items():
        if name in placed:
            continue
        at = outline.passages_at(out.sections, no)
        if _pictured(rows, heads, no):
            said.append(notes.note("read.picture_tables", at, section=_section_name(no)))
        elif any(p.text.strip() for p in out.sections.get(str(no), ())):
            said.append(notes.note("read.table_in_prose", at, table=notes.TABLES[name]))
        else:
            said.append(notes.note("read.table_missing", at, table=notes.TABLES[name]))
    if assumed and edition:
        said.append(notes.note("read.edition_assumed", edition=edition))
    return said


def _section_name(no: int) -> Text:
    return Text(f"第{'一二三四五六'[no - 1]}部分", f"section {no}")


def _pictured(rows: Sequence[Line], heads: Sequence[headings.Heading], no: int) -> bool:
    for k, head in enumerate(heads):
        if head.no == no:
            end = heads[k + 1].index if k + 1 < len(heads) else len(rows)
            if any(ln.picture for ln in rows[head.index : end]):
                return True
    return False


def _kind(out: outline.Outline) -> Kind:
    """Whose figures: a department's are its own; a government's may be the whole region's."""
    organ = out.organ or ""
    if not organ:
        return Kind.UNKNOWN
    if organ.endswith(("人民政府", "政府")) and not organ.endswith(("镇人民政府", "乡人民政府")):
        text = "".join(p.text for ps in out.sections.values() for p in ps)
        if any(w in text for w in ("全市共", "全区共", "全县共", "全省共", "全市受理", "全市新收")):
            return Kind.REGION
        return Kind.UNKNOWN
    if organ.endswith(("人民政府办公室", "政府办公室", "人民政府办公厅")):
        return Kind.UNKNOWN
    return Kind.ORGAN
