"""单元格归位: the rows of the three tables to the cells of one edition of the form."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.statute import forms, notes
from gongkai.statute.readers import columns, figures, labels, rowmatch, tables
from gongkai.statute.readers.lines import Line, Token
from gongkai.statute.readers.tables import Row
from gongkai.statute.report import Cell, Leftover, Note, Place
from gongkai.statute.texts import Text


@dataclass(slots=True)
class Placed:
    """归位结果: cells by address, what was left over, what there is to say, and how well it
    fits this edition (``score``, ``evidence``; only to be compared with another edition's)."""

    pending: dict[str, tuple[Token, forms.Column, bool, str | None]] = field(default_factory=dict)
    read: dict[str, Cell] = field(default_factory=dict)
    leftovers: list[Leftover] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    score: float = 0.0
    evidence: int = 0  # rows that only this edition has

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells; what stands in them is read when first asked for."""
        for address, (token, column, drawn, unit) in self.pending.items():
            self.read[address], said = figures.read(
                token.cell, column, drawn=drawn, column_unit=unit
            )
            if said:
                self.notes.append(said)
        self.pending = {}
        return self.read

    @property
    def size(self) -> int:
        """How many cells were placed."""
        return len(self.pending) + len(self.read)

    @property
    def anything(self) -> bool:
        """Whether a figure was placed or left over at all."""
        return bool(self.pending or self.read or self.leftovers)

    def has(self, address: str) -> bool:
        """Whether an address was placed."""
        return address in self.pending or address in self.read

    def say(self, id: str, place: Place, **values: object) -> None:
        """Note something once."""
        said = notes.note(id, place, **values)
        if said not in self.notes:
            self.notes.append(said)

    def left(self, tokens: Sequence[Token], row: Row | None, candidates: Sequence[str]) -> None:
        """Keep what could not be placed."""
        if not tokens:
            return
        self.leftovers.append(
            Leftover(
                raw=row.raw() if row else "\t".join(t.cell.text for t in tokens),
                values=tuple(t.cell.text.strip() for t in tokens),
                candidates=tuple(candidates),
                place=tokens[0].cell.place,
            )
        )


def applications(lines: Sequence[Line], form: forms.Form) -> Placed:
    """表三: 收到和处理政府信息公开申请情况."""
    out = Placed()
    table = form.tables["applications"]
    block = table.blocks[0]
    words = labels.vocabulary(form.edition)
    official = [c.id for c in block.columns]
    parted = tables.rows(
        lines,
        tables.Words(
            frozenset(words.rows["applications"]),
            frozenset(words.headings),
            dict(words.columns["applications"]),
            len(official),
        ),
    )
    for number, piece in enumerate(rowmatch.printings(parted, words, "applications")):
        again = Placed()
        _one_printing(_even_out(piece, len(official)), block, words, official, again)
        if number == 0:
            out = again
        else:
            merge(out, again, notes.TABLES["applications"])
    return out


def _one_printing(
    rows: list[Row],
    block: forms.Block,
    words: labels.Vocabulary,
    official: Sequence[str],
    out: Placed,
) -> None:
    head = columns.header(rows, words.columns["applications"], official)
    _say_header(head, official, block, rows, out)
    matched = rowmatch.match(rows, block, words, "applications")
    out.notes.extend(matched.notes)
    usual = columns.usual_start(rows, len(official))
    for row_id, row in matched.rows.items():
        told = columns.assign(row, head, official, usual)
        _cells(out, "applications", row_id, block, row, told, head.extra)
    serial = sum(1 for r in rows if _leading(r)) >= 5  # 序号: a column that numbers the rows
    for row in rows:
        among = [t for t in row.labels if t.value and not t.inherited]
        out.left(among[1:] if serial and _leading(row) else among, row, ())
    for row, candidates in matched.spare:
        out.left(row.filled, row, [f"applications.{r}.{c}" for r in candidates for c in official])
        out.score -= 2
    for row_id, row in matched.repeated:
        out.left(row.filled, row, [f"applications.{row_id}.{c}" for c in official])
    out.score += len(matched.rows) - 2 * len(matched.unsure)
    out.evidence = matched.evidence


def _leading(row: Row) -> bool:
    """A figure stands before the row's label."""
    own = [t for t in row.labels if t.filled and not t.inherited]
    return bool(own) and own[0].value


def _say_header(
    head: columns.Header,
    official: Sequence[str],
    block: forms.Block,
    rows: Sequence[Row],
    out: Placed,
) -> None:
    table = notes.TABLES["applications"]
    place = rows[0].place if rows else Place()
    label = {c.id: c.label for c in block.columns}
    if not head.order and not head.spans:
        out.say("read.columns_by_order", place, table=table)
        return
    printed = [i for i in head.order if not i.startswith("?")]
    if head.order and printed != [i for i in official if i in printed]:
        out.say("read.columns_moved", place, table=table)
    named = {id for spans in head.spans.values() for _, _, id in spans} or set(printed)
    if head.trusted or (head.spans and len(named) >= 4):
        for id in official:
            if id not in named:
                out.say("read.column_missing", place, table=table, column=label[id])


def _even_out(rows: list[Row], width: int) -> list[Row]:
    """Where rows were guessed: figures that run on in the next row are joined to the full
    width, and a run of several full widths is cut into rows (all but the first unlabelled)."""
    even: list[Row] = []
    for row in rows:
        if row.line.drawn or row.header:
            even.append(row)
            continue
        last = even[-1] if even else None
        own = [t for t in row.labels if not t.inherited and not t.blank]
        if last is not None and not own and _runs_on(last, row, width):
            last.values.extend(row.values)
            continue
        count, rest = divmod(len(row.values), width)
        if count > 1 and rest == 0 and len(row.filled) == len(row.values):
            for k in range(count):
                piece = row.values[k * width : (k + 1) * width]
                even.append(Row(row.labels if k == 0 else [], piece, row.line))
            continue
        even.append(row)
    return even


def _runs_on(last: Row, row: Row, width: int) -> bool:
    return bool(
        last.values
        and not last.header
        and not last.line.drawn
        and any(not t.blank for t in last.labels)
        and len(last.values) < width
        and len(last.values) + len(row.values) == width
    )


def _cells(
    out: Placed,
    table: str,
    row_id: str,
    block: forms.Block,
    row: Row,
    told: columns.Assigned,
    extra: Sequence[str] = (),
) -> None:
    by_id = {c.id: c for c in block.columns}
    label = next(r.label for r in block.rows if r.id == row_id)
    for column_id, token in told.by_column.items():
        put(out, f"{table}.{row_id}.{column_id}", token, by_id[column_id], row.line.drawn)
    if told.surplus and told.by_column and extra:
        out.say(
            "read.column_extra",
            row.place,
            table=notes.TABLES["applications"],
            column="、".join(extra),
        )
        out.left(told.surplus, row, ())
    elif told.surplus:
        found, expected = len(row.filled), len(block.columns)
        what = notes.SOME_LEFT if told.by_column else notes.ALL_LEFT
        out.say("read.row_width", row.place, label=label, found=found, expected=expected, what=what)
        free = [c for c in by_id if c not in told.by_column] or list(by_id)
        out.left(told.surplus, row, [f"{table}.{row_id}.{c}" for c in free])
        out.score -= 0.2


def put(
    out: Placed,
    address: str,
    token: Token,
    column: forms.Column,
    drawn: bool,
    unit: str | None = None,
) -> None:
    out.pending[address] = (token, column, drawn, unit)


def merge(first: Placed, again: Placed, table: Text) -> None:
    """A later printing of the same table: differing figures are kept as leftovers and doubts."""
    place, ours = Place(), first.cells
    differing = []
    for address, cell in again.cells.items():
        place = cell.place if place == Place() else place
        before = ours.get(address)
        if before is None:
            ours[address] = cell
        elif (before.state, before.value) != (cell.state, cell.value):
            differing.append(
                Leftover(cell.raw, (cell.raw,), (address,), cell.place),
            )
            doubt = notes.doubt("doubt.two_values", first=before.raw, second=cell.raw)
            ours[address] = Cell(
                before.state,
                before.value,
                before.raw,
                before.unit,
                before.place,
                before.confidence,
                doubt,
            )
    first.leftovers.extend([*differing, *again.leftovers])
    first.say("read.table_repeated", place, table=table)


def proactive(lines: Sequence[Line], form: forms.Form) -> Placed:
    """表二: 主动公开政府信息情况: stacked blocks, each with its own columns."""
    out = Placed()
    table = form.tables["proactive"]
    words = labels.vocabulary(form.edition)
    block_of_row = {r.id: b for b in table.blocks for r in b.rows}
    names = dict(words.columns["proactive"])
    leaves, headings = frozenset(words.rows["proactive"]), frozenset(words.blocks)
    parted = tables.rows(lines, tables.Words(leaves, headings, names, 1))
    current: forms.Block | None = None
    header: list[Token] = []
    bare: list[Row] = []
    for row in parted:
        own = [t for t in row.labels if not t.inherited and not t.blank]
        opened = next(
            (words.blocks[c] for t in own if (c := labels.core_of(t.squeezed)) in words.blocks),
            None,
        )
        if opened or row.header or _names_column(own, names):
            _settle_bare(bare, current, header, out)
            bare = []
        if opened:
            current = next(b for b in table.blocks if b.id == opened)
            header = []
        other = labels.foreign("proactive", form.edition)
        named = _names_column(own, names) or _names_column(own, other)
        if row.header or (named and not row.filled):
            header = own
            out.score += _header_score(own, words)
            continue
        among = [t for t in own if t.value]
        out.left(among if len(own) > len(among) else [], row, ())
        row_id = _row_id(own, words.rows["proactive"]) or _likely(own, words.rows["proactive"])
        if row_id is not None:
            _settle_bare(bare, current, header, out)
            bare = []
            current = block_of_row[row_id]
            _proactive_row(row, row_id, current, header, names, words, out)
        elif row.filled and own:
            out.say("read.row_extra", row.place, label=own[-1].cell.text.strip())
            out.left(row.filled, row, ())
        elif row.filled:
            bare.append(row)
    _settle_bare(bare, current, header, out)
    return out


def _names_column(own: Sequence[Token], names: Container[str]) -> bool:
    return any(labels.core_of(t.squeezed) in names for t in own)


def _header_score(own: Sequence[Token], words: labels.Vocabulary) -> float:
    """Header labels exactly as this edition prints them speak for the edition."""
    exact = words.official["proactive"]
    return 3.0 * sum(1 for t in own if labels.core_of(t.squeezed) in exact)


def _row_id(own: Sequence[Token], leaves: dict[str, str] | object) -> str | None:
    assert isinstance(leaves, dict)
    for token in reversed(own):
        core = labels.core_of(token.squeezed)
        if core in leaves:
            return str(leaves[core])
    return None


def _likely(own: Sequence[Token], leaves: Mapping[str, str]) -> str | None:
    """The row a label is most like: 行政处罚（件） for 行政处罚; None where none is near enough."""
    core = labels.core_of(own[-1].squeezed) if own else ""
    near = {id for leaf, id in leaves.items() if labels.likeness(core, leaf) >= 0.75}
    return near.pop() if len(near) == 1 else None


def _proactive_row(
    row: Row,
    row_id: str,
    block: forms.Block,
    header: Sequence[Token],
    names: dict[str, str],
    words: labels.Vocabulary,
    out: Placed,
) -> None:
    """One row of table 2: its columns by the header's order, else the form's."""
    official = [c.id for c in block.columns]
    foreign = labels.foreign("proactive", words.edition)
    if any(labels.core_of(t.squeezed) in foreign for t in header) and row.filled:
        out.say("read.other_columns", row.place, label=block.heading or "")
        out.left(row.filled, row, ())
        out.score -= 3
        return
    printed = [names.get(labels.core_of(t.squeezed)) for t in header]
    order = [i for i in printed if i in official]
    if set(order) != set(official) or len(order) != len(official):
        order = official
    elif order != official:
        out.say("read.columns_moved", row.place, table=notes.TABLES["proactive"])
    addresses = [f"proactive.{row_id}.{i}" for i in order]
    if out.has(addresses[0]):
        _repeated(row, addresses, block, order, header, out)
        return
    values = _trim(row.values, len(order))
    if len(values) != len(order):
        out.left([t for t in values if not t.blank], row, addresses)
        if any(not t.blank for t in values):
            label = next(r.label for r in block.rows if r.id == row_id)
            out.say(
                "read.row_width",
                row.place,
                label=label,
                found=len(values),
                expected=len(order),
                what=notes.ALL_LEFT,
            )
        out.score -= 2
        return
    by_id = {c.id: c for c in block.columns}
    for address, id, token in zip(addresses, order, values, strict=True):
        put(out, address, token, by_id[id], row.line.drawn, _header_unit(header, names, id))
    form_row = next(r for r in block.rows if r.id == row_id)
    named = next((t for t in reversed(row.labels) if t.filled and not t.inherited), None)
    if named and rowmatch.differs(labels.core_of(named.squeezed), form_row.label):
        out.say(
            "read.label_variant",
            row.place,
            printed=named.cell.text.strip(),
            official=form_row.label,
        )
    out.score += 1 + 0.1 * len(values)
    if header:
        own = [t for t in row.labels if not t.inherited and not t.blank]
        out.score += 0.5 * (labels.core_of(own[-1].squeezed) in words.official["proactive"])


def _repeated(
    row: Row,
    addresses: Sequence[str],
    block: forms.Block,
    order: Sequence[str],
    header: Sequence[Token],
    out: Placed,
) -> None:
    """The row is printed again: a later printing, or a leftover."""
    values = _trim(row.values, len(order))
    by_id = {c.id: c for c in block.columns}
    if len(values) != len(order):
        out.left([t for t in values if not t.blank], row, addresses)
        return
    again = Placed()
    for address, id, token in zip(addresses, order, values, strict=True):
        put(again, address, token, by_id[id], row.line.drawn)
    merge(out, again, notes.TABLES["proactive"])


def _header_unit(header: Sequence[Token], names: dict[str, str], id: str) -> str | None:
    """元 where the printed header says so; None where it says 万元 or nothing."""
    for token in header:
        if names.get(labels.core_of(token.squeezed)) == id or "金额" in token.squeezed:
            for unit in ("亿元", "万元", "千元", "百元"):
                if unit in token.squeezed:
                    return None if unit == "万元" else unit
            if "元" in token.squeezed:
                return "元"
    return None


def _trim(values: Sequence[Token], width: int) -> list[Token]:
    """Without surplus blank positions: first those behind, then those before."""
    kept = list(values)
    while len(kept) > width and kept[-1].blank:
        kept.pop()
    while len(kept) > width and kept[0].blank:
        kept.pop(0)
    if len(kept) > width:
        filled = [t for t in kept if not t.blank]
        if len(filled) == width:
            return filled
    return kept


def _cut_evenly(bare: Sequence[Row], width: int, count: int) -> Sequence[Row]:
    """Figures of several unlabelled rows that came as one run: apart, if they come out even."""
    values = [t for r in bare for t in r.values]
    if len(bare) == count or bare[0].line.drawn or len(values) != width * count:
        return bare
    return [Row([], values[k * width : (k + 1) * width], bare[0].line) for k in range(count)]


def _settle_bare(
    bare: Sequence[Row], block: forms.Block | None, header: Sequence[Token], out: Placed
) -> None:
    """Rows of a block without labels: placed by order only if their number is the block's."""
    if not bare:
        return
    width = len(block.columns) if block else 0
    if block:
        bare = _cut_evenly(bare, width, len(block.rows))
    fits = block is not None and len(bare) == len(block.rows)
    if block and fits and all(len(_trim(r.values, width)) == width for r in bare):
        if any(out.has(f"proactive.{r.id}.{block.columns[0].id}") for r in block.rows):
            fits = False
    else:
        fits = False
    if not fits or block is None:
        for row in bare:
            ids = (
                [f"proactive.{r.id}.{c.id}" for r in block.rows for c in block.columns]
                if block
                else []
            )
            out.left(row.filled, row, ids)
            out.score -= 1
        return
    for row, form_row in zip(bare, block.rows, strict=True):
        for token, column in zip(_trim(row.values, width), block.columns, strict=True):
            put(out, f"proactive.{form_row.id}.{column.id}", token, column, row.line.drawn)
    out.say(
        "read.rows_by_order",
        bare[0].place,
        group=block.heading or block.rows[0].label,
        count=len(bare),
    )
    out.score += len(bare)
