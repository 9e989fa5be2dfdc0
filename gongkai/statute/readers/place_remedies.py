"""表四归位: 行政复议、行政诉讼情况: one row of fifteen figures under a three-level header."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.statute import forms, notes
from gongkai.statute.readers import labels, tables
from gongkai.statute.readers.lines import Line, Token
from gongkai.statute.readers.place import Placed, merge, put
from gongkai.statute.readers.tables import Row

Address = tuple[forms.Block, forms.Column]


def remedies(lines: Sequence[Line], form: forms.Form) -> Placed:
    """表四 placed; figures are told by the header above them, else by their number and order."""
    table = form.tables["remedies"]
    official = [(b, c) for b in table.blocks for c in b.columns]
    words = labels.vocabulary(form.edition)
    names = dict(words.columns["remedies"])
    groups = _groups(table)
    headings = frozenset((*groups, "行政诉讼"))
    parted = tables.rows(lines, tables.Words(frozenset(), headings, names, len(official)))
    out = Placed()
    for number, piece in enumerate(_printings(parted, len(official))):
        again = Placed()
        _one(piece, official, names, groups, again)
        if number == 0:
            out = again
        else:
            merge(out, again, notes.TABLES["remedies"])
    return out


def _groups(table: forms.Table) -> dict[str, str]:
    """Core of a group's header to the id of its block (行政诉讼 alone names none)."""
    official = {b.columns[0].group[-1]: b.id for b in table.blocks}
    return {core: official[name] for core, name in labels.groups().items() if name in official}


def _printings(rows: Sequence[Row], width: int) -> list[list[Row]]:
    """A second printing begins with a header row after figures enough for one table."""
    pieces: list[list[Row]] = [[]]
    count = 0
    for row in rows:
        if count >= width and not row.filled and any(not t.blank for t in row.labels):
            pieces.append([])
            count = 0
        count += len(row.filled)
        pieces[-1].append(row)
    return [p for p in pieces if any(r.values for r in p)]


def _one(
    rows: Sequence[Row],
    official: Sequence[Address],
    names: dict[str, str],
    groups: dict[str, str],
    out: Placed,
) -> None:
    data = [r for r in rows if r.values]
    addresses = [_address(a) for a in official]
    printed = _printed_order(rows, official, names, groups)
    if printed is None:
        for row in data:
            if by_header := _by_header(row, rows, official, names, groups):
                _place(row, by_header, official, out)
                return
        if not any(_names_group(r, groups) for r in data):
            out.say("read.columns_unknown", data[0].place, table=notes.TABLES["remedies"])
            _rest(data, addresses, out)
            return
        printed = list(official)
    for row in sorted(data, key=lambda r: not r.filled):  # an empty row is one only where it is all
        if len(row.values) >= len(official) and not _too_short(row, rows, len(official)):
            by_header = _by_header(row, rows, official, names, groups)
            _place(row, by_header or _in_order(row.values, printed), official, out)
            _rest([r for r in data if r is not row], addresses, out)
            return
    if _by_row_label(data, official, groups, out):
        return
    tokens = [t for r in data for t in r.values]
    bare = [t for r in data for t in r.filled]
    for choice in (tokens, bare):
        if len(choice) == len(official) and _in_step(rows, names):
            told = dict(zip([_address(a) for a in printed], choice, strict=True))
            _place(data[0], told, official, out)
            if len(data) > 1:
                out.say(
                    "read.table_joined",
                    data[0].place,
                    table=notes.TABLES["remedies"],
                    count=len(data),
                )
            return
    _rest(data, addresses, out)


def _names_group(row: Row, groups: dict[str, str]) -> bool:
    return any(labels.core_of(t.squeezed) in groups for t in row.labels)


def _printed_order(
    rows: Sequence[Row],
    official: Sequence[Address],
    names: dict[str, str],
    groups: dict[str, str],
) -> list[Address] | None:
    """The order of the columns as the header names them: the form's where it names too little,
    None where it names them in a way that gives no order."""
    named = [
        labels.core_of(t.squeezed)
        for r in rows
        if not r.filled
        for t in r.labels
        if not t.inherited and t.filled
    ]
    blocks = list(dict.fromkeys(groups[c] for c in named if c in groups))
    outcomes = [names[c] for c in named if c in names]
    form_blocks = list(dict.fromkeys(b.id for b, _ in official))
    form_outcomes = [c.id for b, c in official if b.id == form_blocks[0]]
    if len(blocks) < len(form_blocks):
        blocks = form_blocks
    elif "行政诉讼" in named and "行政复议" in named:
        first = named.index("行政诉讼") < named.index("行政复议")  # its two suits stand under it
        own = groups["行政复议"]
        blocks = [b for b in blocks if b != own]
        blocks = [*blocks, own] if first else [own, *blocks]
    size = len(form_outcomes)
    if len(outcomes) != len(official):
        return list(official) if blocks == form_blocks else None
    of_block = {b: outcomes[k * size : (k + 1) * size] for k, b in enumerate(blocks)}
    if any(sorted(ids) != sorted(form_outcomes) for ids in of_block.values()):
        return None
    known = {(b.id, c.id): (b, c) for b, c in official}
    return [known[b, outcome] for b in blocks for outcome in of_block[b]]


def _too_short(row: Row, rows: Sequence[Row], width: int) -> bool:
    """A guessed row, not full, of which it cannot be told where its figures begin or end."""
    if row.line.drawn or len(row.filled) >= width:
        return False
    surplus = len(row.values) - width
    fits = [
        start
        for start in range(surplus + 1)
        if all(t.blank for t in (*row.values[:start], *row.values[start + width :]))
    ]
    if len(fits) != 1:
        return True  # blanks at either end: which of them are cells cannot be told
    if surplus and row.values[fits[0] + width - 1].blank:
        return True
    if row.values[0].filled and row.values[-1].filled:
        return False
    above = [len(r.line.tokens) for r in rows if r.line.grid == row.line.grid and r is not row]
    return bool(above) and len(row.line.tokens) < max(above)


def _in_step(rows: Sequence[Row], names: dict[str, str]) -> bool:
    """Figures in several pieces may be counted off by order only where each piece follows just
    as many outcome labels, or all of them follow all labels."""
    pieces: list[tuple[int, int]] = []  # (outcome labels since the last piece, figures)
    since = 0
    for row in rows:
        since += sum(1 for t in row.labels if labels.core_of(t.squeezed) in names)
        if row.values:
            pieces.append((since, len(row.values)))
            since = 0
    total = sum(n for _, n in pieces)
    bare = all(named == 0 for named, _ in pieces[1:])
    return (bare and pieces[0][0] in (0, total)) or all(named == n for named, n in pieces)


def _address(target: Address) -> str:
    block, column = target
    return f"remedies.{block.id}.{column.id}"


def _in_order(values: Sequence[Token], official: Sequence[Address]) -> dict[str, Token]:
    """The figures by order; surplus blank positions are passed over at either end."""
    kept = list(values)
    while len(kept) > len(official) and kept[-1].blank:
        kept.pop()
    while len(kept) > len(official) and kept[0].blank:
        kept.pop(0)
    return dict(zip([_address(a) for a in official], kept, strict=False))


def _by_header(
    row: Row,
    rows: Sequence[Row],
    official: Sequence[Address],
    names: dict[str, str],
    groups: dict[str, str],
) -> dict[str, Token] | None:
    """By the group and the outcome printed above each figure of a drawn grid."""
    if not row.line.drawn:
        return None
    above = [
        t
        for r in rows[: rows.index(row)]
        if r.line.grid == row.line.grid
        for t in r.line.tokens
        if not t.inherited and not t.blank
    ]
    known = {_address(a) for a in official}
    told: dict[str, Token] = {}
    for token in row.values:
        at = token.cell.column
        over = [
            labels.core_of(t.squeezed)
            for t in above
            if t.cell.column <= at < t.cell.column + t.cell.column_span
        ]
        group = next((groups[c] for c in reversed(over) if c in groups), None)
        outcome = next((names[c] for c in reversed(over) if c in names), None)
        address = f"remedies.{group}.{outcome}"
        if address not in known or address in told:
            if token.blank:
                continue
            return None
        told[address] = token
    return told if len(told) == len(known) else None


def _place(row: Row, told: dict[str, Token], official: Sequence[Address], out: Placed) -> None:
    columns = {_address(a): a[1] for a in official}
    for address, token in told.items():
        put(out, address, token, columns[address], row.line.drawn)
    if list(told) != list(columns):
        out.say("read.columns_moved", row.place, table=notes.TABLES["remedies"])
    used = {id(t) for t in told.values()}
    surplus = [t for t in row.filled if id(t) not in used]
    if surplus:
        out.say(
            "read.row_width",
            row.place,
            label="行政复议、行政诉讼",
            found=len(row.filled),
            expected=len(columns),
            what=notes.SOME_LEFT,
        )
        out.left(surplus, row, ())
    out.score += len(told) / len(columns)


def _by_row_label(
    data: Sequence[Row], official: Sequence[Address], groups: dict[str, str], out: Placed
) -> bool:
    """A row to each group: 行政复议 5 figures, 未经复议直接起诉 5, 复议后起诉 5."""
    told: dict[str, Row] = {}
    for row in data:
        for token in row.labels if row.filled else ():
            block_id = groups.get(labels.core_of(token.squeezed))
            if block_id and block_id not in told and not token.blank:
                told[block_id] = row
    if not told or len({id(r) for r in told.values()}) != len(told):
        return False
    unused = list(data)
    for block_id, row in told.items():
        its = [(b, c) for b, c in official if b.id == block_id]
        values = _in_order(row.values, its)
        if len(row.filled) > len(its) or len(values) < len(its):
            continue
        for (address, token), (_, column) in zip(values.items(), its, strict=True):
            put(out, address, token, column, row.line.drawn)
        unused.remove(row)
    if len(unused) == len(data):
        return False
    _rest(unused, [_address(a) for a in official], out)
    out.score += 1
    return True


def _rest(rows: Sequence[Row], candidates: Sequence[str], out: Placed) -> None:
    for row in rows:
        if row.filled:
            out.left(row.filled, row, candidates)
