"""样本改动: what happens to a report on its way into a file, and what it does to the expectation.

Each change acts on a `Draft`; each names in its docstring what must still be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from gongkai.statute.tests.specimens import figures, tables
from gongkai.statute.tests.specimens.draft import TABLES, Draft, Image, Para, Piece
from gongkai.statute.tests.specimens.tables import Drawn, Figure, Label, Row

Change = Callable[[Draft], None]


def official(draft: Draft) -> None:
    """Nothing happens to it: everything is read."""


# --- rows -----------------------------------------------------------------------------------


def _leaves(draft: Draft, parent: str) -> list[int]:
    """The places in T3 of the rows under one heading."""
    return [
        i
        for i, row in enumerate(draft.applications.rows)
        if len(row.labels) == 3 and row.labels[1].id == parent
    ]


def _parents(draft: Draft) -> list[str]:
    seen = [r.labels[1].id for r in draft.applications.rows if len(r.labels) == 3]
    return list(dict.fromkeys(seen))


def _addresses(row: Row) -> list[str]:
    return [f.address for f in row.figures if f.address]


def _fresh(draft: Draft, n: int) -> list[str]:
    """Figures no address of this report has."""
    used = {c.text for c in draft.specimen.cells.values()}
    free = [str(i) for i in range(4_100_000, 4_100_500) if str(i) not in used]
    return draft.rng.sample(free, n)


def rows_lost(draft: Draft) -> None:
    """Some rows are gone: their cells are absent, all others are placed by their labels."""
    rows = draft.applications.rows
    for row in draft.rng.sample(rows, 3):
        rows.remove(row)
        draft.expected.forget(_addresses(row))
    block = draft.proactive.blocks[0]
    gone = block.rows.pop(draft.rng.randrange(2))
    draft.expected.forget(_addresses(gone))


def rows_swapped(draft: Draft) -> None:
    """Two rows of a block stand in the wrong order, labels and all: placed by their labels."""
    rows = draft.applications.rows
    places = _leaves(draft, draft.rng.choice(_parents(draft)))
    a, b = draft.rng.sample(places, 2)
    rows[a], rows[b] = rows[b], rows[a]
    draft.expected.notes.add("read.label_row")


def block_labels_lost(draft: Draft) -> None:
    """All rows of a block lack their labels, none is missing: placed by order."""
    for i in _leaves(draft, draft.rng.choice(_parents(draft))):
        draft.applications.rows[i] = draft.applications.rows[i].relabelled("")
    block = draft.proactive.blocks[draft.rng.choice((0, 2))]
    block.rows = [row.relabelled("") for row in block.rows]
    draft.expected.notes.add("read.rows_by_order")


def block_short(draft: Draft) -> None:
    """All rows of a block lack their labels and one is gone: none of the block can be placed."""
    rows = draft.applications.rows
    places = _leaves(draft, draft.rng.choice(_parents(draft)))
    for i in places:
        rows[i] = rows[i].relabelled("")
    gone = rows.pop(draft.rng.choice(places))
    draft.expected.forget(_addresses(gone))
    for i in places[:-1]:
        draft.expected.lose(_addresses(rows[i]))
    draft.expected.notes.add("read.rows_unplaced")


def one_label_lost(draft: Draft) -> None:
    """A single row between labelled ones lacks its label: its neighbours say which it is."""
    places = _leaves(draft, "refused_heading")
    i = draft.rng.choice(places[1:-1])
    draft.applications.rows[i] = draft.applications.rows[i].relabelled("")


def two_for_three(draft: Draft) -> None:
    """Between two labelled rows stand two without label where the form has three: not placed."""
    rows = draft.applications.rows
    start = draft.rng.choice(_leaves(draft, "refused_heading")[1:-3])
    for i in (start, start + 1, start + 2):
        rows[i] = rows[i].relabelled("")
    gone = rows.pop(start + draft.rng.randrange(3))
    draft.expected.forget(_addresses(gone))
    for i in (start, start + 1):
        draft.expected.lose(_addresses(rows[i]))
    draft.expected.notes.add("read.rows_unplaced")


def all_labels_lost(draft: Draft) -> None:
    """T3 has no row label at all, but exactly the form's rows: placed by order and count."""
    draft.applications.rows = [
        replace(row, labels=tuple(replace(label, text="") for label in row.labels))
        for row in draft.applications.rows
    ]


def label_broken(draft: Draft) -> None:
    """A label breaks off and goes on in a row of its own, whose other cells are empty."""
    rows = [r for r in draft.applications.rows if len(r.labels[-1].text) > 6]
    row = draft.rng.choice(rows)
    text = row.labels[-1].text
    breaks = [at for at in range(4, len(text)) if any(ch.isalnum() for ch in text[at:])]
    draft.applications.broken[row.id] = draft.rng.choice(breaks)
    draft.expected.notes.add("read.label_split")


def row_extra(draft: Draft) -> None:
    """A row the form does not have: its figures are leftovers, the others are placed."""
    model = draft.applications
    at = next(i for i, row in enumerate(model.rows) if row.id == "concluded")
    texts = _fresh(draft, len(model.heads))
    outer = model.rows[at].labels[0]
    label = draft.rng.choice(("（八）网上平台转办", "（八）移交档案馆查阅"))
    extra = Row("extra", (outer, Label("extra", label, 2)), tuple(Figure(t) for t in texts))
    model.rows.insert(at + 1, extra)
    draft.expected.stray += texts


def heading_figures(draft: Draft) -> None:
    """A heading has a line of figures of its own: they are leftovers, the rows are placed."""
    model = draft.applications
    first = model.rows[_leaves(draft, draft.rng.choice(_parents(draft)))[0]]
    texts = _fresh(draft, len(model.heads))
    outer, heading, _ = first.labels
    line = Row(
        "subtotal",
        (outer, replace(heading, width=2)),
        tuple(Figure(t) for t in texts),
    )
    model.rows.insert(model.rows.index(first), line)
    draft.expected.stray += texts
    draft.expected.notes.add("read.heading_figures")


# --- columns --------------------------------------------------------------------------------


def columns_moved(draft: Draft) -> None:
    """The columns under 法人或其他组织 and those of T2（一） are in another order, headers too."""
    model = draft.applications
    order = [0, *draft.rng.sample(range(1, 6), 5), 6]
    model.heads = [model.heads[i] for i in order]
    model.rows = [replace(r, figures=tuple(r.figures[i] for i in order)) for r in model.rows]
    block = draft.proactive.blocks[0]
    order = draft.rng.sample(range(3), 3)
    block.heads = tuple(block.heads[i] for i in order)
    block.rows = [replace(r, figures=tuple(r.figures[i] for i in order)) for r in block.rows]


def _without(draft: Draft, column: str) -> None:
    model = draft.applications
    i = next(i for i, head in enumerate(model.heads) if head.id == column)
    del model.heads[i]
    for row in model.rows:
        draft.expected.forget([a for a in [row.figures[i].address] if a])
    model.rows = [replace(r, figures=(*r.figures[:i], *r.figures[i + 1 :])) for r in model.rows]
    draft.expected.notes.add("read.column_missing")


def no_total(draft: Draft) -> None:
    """T3 lacks its 总计 column: those cells are absent, the others are placed by the header."""
    _without(draft, "total")


def no_research(draft: Draft) -> None:
    """T3 lacks one column in the middle: the header says which."""
    _without(draft, draft.rng.choice(("business", "research", "public_benefit", "legal_service")))


def extra_remark(draft: Draft) -> None:
    """T3 has a column 备注 behind the figures, with words and figures: all leftovers."""
    rows = draft.rng.sample(draft.applications.rows, 4)
    remarks = [f"含网上申请{n}件" for n in _fresh(draft, 3)] + ["含转办件"]
    texts = {row.id: remark for row, remark in zip(rows, remarks, strict=True)}
    draft.applications.extra = tables.Extra("备注", texts)
    draft.expected.stray += remarks
    draft.expected.notes.add("read.column_extra")


def extra_serial(draft: Draft) -> None:
    """T3 has a column 序号 before the labels: it disturbs nothing."""
    texts = {row.id: str(i) for i, row in enumerate(draft.applications.rows, 1)}
    draft.applications.extra = tables.Extra("序号", texts, first=True)


def header_swapped(draft: Draft) -> None:
    """The lines of T3's header are out of order."""
    draft.applications.header = "swapped"


def header_corner(draft: Draft) -> None:
    """T3's corner text stands beside the last line of the header, as in dumped tables."""
    draft.applications.header = "corner"


def header_flat(draft: Draft) -> None:
    """T3 has a single line of headers."""
    draft.applications.header = "flat"


def header_none(draft: Draft) -> None:
    """T3 has no header: seven columns are placed by number and order."""
    draft.applications.header = "none"
    draft.expected.notes.add("read.columns_by_order")


def remedies_extra(draft: Draft) -> None:
    """T4 has sixteen values under fifteen headers: fifteen placed, the last is a leftover."""
    draft.remedies.extra = _fresh(draft, 1)
    draft.expected.stray += draft.remedies.extra


def remedies_short(draft: Draft) -> None:
    """T4 has fourteen values where no box says which is missing: none can be placed."""
    gone = draft.remedies.figures.pop(draft.rng.randrange(15))
    draft.expected.forget([gone.address or ""])
    draft.expected.lose([f.address or "" for f in draft.remedies.figures])


def row_short(draft: Draft) -> None:
    """A row of T3 has six values where no box says which is missing: not placed."""
    rows = draft.applications.rows
    i = draft.rng.randrange(len(rows))
    at = draft.rng.randrange(7)
    gone = rows[i].figures[at]
    rows[i] = replace(rows[i], figures=(*rows[i].figures[:at], *rows[i].figures[at + 1 :]))
    draft.expected.forget([gone.address or ""])
    draft.expected.lose(_addresses(rows[i]))
    draft.expected.notes.add("read.row_width")


# --- tables and pages -----------------------------------------------------------------------


def _between(rng: Random) -> list[Piece]:
    texts = rng.choice(((), ("",), ("- 4 -",), ("续表",)))
    return [Para(t) for t in texts]


def cut(draft: Draft) -> None:
    """T2 and T3 go on behind a page break, without a header: everything is read."""
    for table in ("proactive", "applications"):
        (whole,) = draft.draw(table)
        assert isinstance(whole, Drawn)
        data = [i for i, key in enumerate(whole.keys) if key not in ("head", "heading")]
        at = draft.rng.choice(data[1:])
        first, second = whole.cut(at, labels=draft.rng.random() < 0.5)
        draft.drawn[table] = [first, *_between(draft.rng), second]


def cut_header(draft: Draft) -> None:
    """T3 goes on behind a page break under a repeated header: everything is read."""
    (whole,) = draft.draw("applications")
    assert isinstance(whole, Drawn)
    at = draft.rng.randint(6, len(whole.lines) - 3)
    first, second = whole.cut(at, header=3)
    draft.drawn["applications"] = [first, *_between(draft.rng), second]


def cut_after_header(draft: Draft) -> None:
    """The page ends between the header and the figures of T3 and of T4."""
    for table in ("applications", "remedies"):
        (whole,) = draft.draw(table)
        assert isinstance(whole, Drawn)
        first, second = whole.cut(3)
        draft.drawn[table] = [first, *_between(draft.rng), second]


def one_table(draft: Draft) -> None:
    """Prose and tables stand in the rows of a single table."""
    draft.single = True


def twice(draft: Draft) -> None:
    """The whole report is printed twice, alike: the cells are read once."""
    draft.copies = 2
    draft.expected.notes.add("read.printed_twice")


def told_then_tables(draft: Draft) -> None:
    """First the report with its tables told in prose, then the whole report with tables."""
    draft.told = _told(draft)
    draft.copies = 2
    draft.expected.notes.add("read.printed_twice")


def prose_only(draft: Draft) -> None:
    """The tables are told in prose only: every cell is absent, the numbers are claims."""
    draft.told = _told(draft)
    draft.keep = ()
    received = draft.specimen.cells["applications.received.total"]
    draft.expected.forget(list(draft.specimen.cells))
    draft.expected.claims["applications.received.total"] = int(received.value or 0)
    draft.expected.notes.add("read.table_in_prose")


def _told(draft: Draft) -> dict[str, tuple[str, ...]]:
    cells = draft.specimen.cells

    def n(address: str) -> str:
        return cells[address].text

    return {
        "proactive": (
            f"1.行政许可：本年作出处理决定{n('proactive.licensing.decisions')}件。",
            f"2.行政处罚：本年作出处理决定{n('proactive.penalty.decisions')}件。",
        ),
        "applications": (
            f"1.本年收到政府信息公开申请{n('applications.received.total')}件。",
            f"2.上年结转政府信息公开申请{n('applications.carried_in.total')}件。",
            f"3.结转下年度继续办理{n('applications.carried_out.total')}件。",
        ),
        "remedies": (
            f"1.被申请行政复议{n('remedies.reconsideration.total')}件。",
            "2.行政诉讼：没有。",
        ),
    }


def old_form(draft: Draft) -> None:
    """The form of 2019 is used for a later year: read as printed, with a note."""
    draft.expected.notes.add("read.edition")


def mixed_forms(draft: Draft) -> None:
    """T2 comes from the other edition's form: its cells are kept apart from the others'."""
    other = "2019" if draft.specimen.edition == "2021" else "2021"
    donor = figures.make(draft.rng, edition=other, mode="unique")
    theirs = {a: c for a, c in donor.cells.items() if a.startswith("proactive.")}
    draft.expected.forget([a for a in draft.specimen.cells if a.startswith("proactive.")])
    draft.expected.placed.update(theirs)
    draft.expected.editions["proactive"] = other
    draft.proactive = tables.proactive(donor)


def _only(draft: Draft, table: str) -> None:
    draft.keep, draft.prose = (table,), False
    draft.expected.forget([a for a in draft.specimen.cells if not a.startswith(table + ".")])
    draft.expected.year_printed, draft.expected.organ = False, None
    draft.expected.sections, draft.expected.paragraphs = frozenset(), []


def only_proactive(draft: Draft) -> None:
    """A page with nothing but T2."""
    _only(draft, "proactive")


def only_applications(draft: Draft) -> None:
    """A page with nothing but T3."""
    _only(draft, "applications")


def only_remedies(draft: Draft) -> None:
    """A page with nothing but T4."""
    _only(draft, "remedies")


def second_half(draft: Draft) -> None:
    """A page with nothing but the later rows of T3, with their labels but without a header."""
    _only(draft, "applications")
    (whole,) = draft.draw("applications")
    assert isinstance(whole, Drawn)
    at = draft.rng.randint(9, len(whole.lines) - 6)
    first, second = whole.cut(at)
    draft.drawn["applications"] = [second]
    gone = {row.id: row for row in draft.applications.rows}
    for key in first.keys:
        if key in gone:
            draft.expected.forget(_addresses(gone[key]))


def untitled(draft: Draft) -> None:
    """The sections without title, preface and signature: organ and year are unknown.

    The plan in section five names the next year; that is not the year of the report.
    """
    draft.titled = draft.expected.year_printed = False
    draft.expected.organ = None


def pictures(draft: Draft) -> None:
    """Some or all tables are pictures: their cells are absent, and it is said."""
    gone = draft.rng.choice((TABLES, ("applications",), ("applications", "remedies")))
    for table in gone:
        draft.drawn[table] = [Image(table)]
        draft.expected.forget([a for a in draft.specimen.cells if a.startswith(table + ".")])
    draft.expected.notes.add("read.picture_tables")


CHANGES: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        official,
        rows_lost,
        rows_swapped,
        block_labels_lost,
        block_short,
        one_label_lost,
        two_for_three,
        all_labels_lost,
        label_broken,
        row_extra,
        heading_figures,
        columns_moved,
        no_total,
        no_research,
        extra_remark,
        extra_serial,
        header_swapped,
        header_corner,
        header_flat,
        header_none,
        remedies_extra,
        remedies_short,
        row_short,
        cut,
        cut_header,
        cut_after_header,
        one_table,
        twice,
        told_then_tables,
        prose_only,
        old_form,
        mixed_forms,
        only_proactive,
        only_applications,
        only_remedies,
        second_half,
        untitled,
        pictures,
    )
}
