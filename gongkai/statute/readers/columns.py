"""列的归位: which figure of a row belongs to which column: by the header's place, else by order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.statute.readers import labels
from gongkai.statute.readers.lines import Token
from gongkai.statute.readers.tables import Row


@dataclass(slots=True)
class Header:
    """表头: columns by grid position (drawn grids) and by order (as printed)."""

    spans: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)  # grid -> spans
    order: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()  # header labels of columns that are not in the form
    ragged: bool = False  # full rows are followed by surplus blanks
    unled: bool = False  # no full row is led by surplus blanks
    aligned: bool = False  # the figures of all full rows begin in one and the same column
    broken: bool = False  # 法人或其他组织 does not span its columns: the grid is out of step
    trusted: bool = False  # the rows have as many figures as this header has columns


@dataclass(slots=True)
class Assigned:
    """一行归列: figures by column id, and what is left over."""

    by_column: dict[str, Token] = field(default_factory=dict)
    surplus: list[Token] = field(default_factory=list)


def header(rows: Sequence[Row], columns: Mapping[str, str], official: Sequence[str]) -> Header:
    """What the header rows say. ``columns``: core -> id; ``official``: ids in the form's order."""
    found = Header()
    line_orders: list[list[str]] = []
    for row in rows:
        if row.filled and not row.header and line_orders:
            break
        tokens = [t for t in row.labels if not t.inherited and not t.blank]
        named = [(t, columns.get(labels.core_of(t.squeezed))) for t in tokens]
        if row.filled or not any(id for _, id in named):
            continue
        if row.header or len(tokens) <= 4:
            line_orders.append([id or f"?{labels.core_of(t.squeezed)}" for t, id in named])
            for token, id in named:
                group = labels.groups().get(labels.core_of(token.squeezed))
                if group == "法人或其他组织" and row.line.drawn and len(tokens) > 2:
                    found.broken = found.broken or token.cell.column_span == 1
                if id and row.line.grid is not None and row.line.drawn:
                    cell = token.cell
                    found.spans.setdefault(row.line.grid, []).append(
                        (cell.column, cell.column + cell.column_span, id)
                    )
    found.order = _order(line_orders, official)
    found.extra = _extras(rows, columns)
    full = [r for r in rows if len(r.filled) == len(official)]
    found.ragged = any(r.values[-1].blank for r in full)
    found.unled = all(r.values[0].filled for r in full)
    found.aligned = len({r.filled[0].cell.column for r in full}) == 1
    widths = Counter(len(r.filled) for r in rows if r.filled)
    usual = widths.most_common(1)[0][0] if widths else 0
    found.trusted = bool(found.order) and usual == len(found.order) and len(official) not in widths
    return found


def _extras(rows: Sequence[Row], columns: Mapping[str, str]) -> tuple[str, ...]:
    """Short labels in the header that name neither a column nor a group of the form."""
    found: dict[str, None] = {}
    for row in rows:
        if row.filled and not row.header:
            break
        for token in row.labels:
            core = labels.core_of(token.squeezed)
            known = core in columns or core in labels.groups() or core in labels.signs()
            if core and not known and len(core) <= 4 and not token.inherited:
                found[token.cell.text.strip()] = None
    return tuple(found)


def _order(line_orders: Sequence[Sequence[str]], official: Sequence[str]) -> tuple[str, ...]:
    """The printed order of columns: that of the fullest header line, the rest as official."""
    best = max(line_orders, key=lambda ids: sum(not i.startswith("?") for i in ids), default=[])
    best = _ungrouped(best)
    known = [i for i in best if not i.startswith("?")]
    if len(known) < 3 or len(set(known)) != len(known):
        return ()
    named = {i for ids in line_orders for i in ids}
    first = next(k for k, i in enumerate(best) if not i.startswith("?"))
    tail = [i for i in best[first:] if not i.startswith("?") or _is_plain_extra(i)]
    missing = [i for i in official if i not in known]
    for id in missing:  # named on another header line: 自然人 first, 总计 last, as the form has it
        if id not in named:
            continue  # a column that is not in the header at all
        at = official.index(id)
        later = [tail.index(i) for i in official[at + 1 :] if i in tail]
        tail.insert(min(later) if later else len(tail), id)
    return tuple(tail)


def _ungrouped(ids: Sequence[str]) -> list[str]:
    """自然人, 法人或其他组织, 总计, 商业企业, … read level by level: the members of the group
    stand where its own label stands."""
    names = labels.groups()
    group = next((k for k, i in enumerate(ids) if names.get(i[1:]) == "法人或其他组织"), None)
    if group is None:
        return list(ids)
    before, behind = list(ids[:group]), list(ids[group + 1 :])
    members = [i for i in behind if i not in _SIBLINGS and not i.startswith("?")]
    return [*before, *members, *(i for i in behind if i not in members)]


_SIBLINGS = frozenset(("natural_person", "total"))


def _is_plain_extra(id: str) -> bool:
    return id[1:] in ("备注", "说明", "合计", "小计", "占比", "比例")


def assign(row: Row, head: Header, official: Sequence[str], usual: int | None) -> Assigned:
    """The figures of one row by column. ``usual``: where figures begin in the rows around it."""
    if row.line.drawn and not head.broken and (spans := head.spans.get(row.line.grid or 0)):
        told = _by_position(row, spans, official)
        if told is not None:
            return told
    for ids in _orders(head, official):
        window = _window(row, len(ids), usual, head)
        if window is not None:
            pairs = list(zip(ids, window, strict=True))
            by_column = {name: t for name, t in pairs if not name.startswith("?")}
            taken = {id(t) for t in by_column.values()}
            return Assigned(by_column, [t for t in row.filled if id(t) not in taken])
    if len(row.filled) == len(official) and tuple(official) in _orders(head, official):
        return Assigned(dict(zip(official, row.filled, strict=True)))
    return Assigned(surplus=row.filled)


def _orders(head: Header, official: Sequence[str]) -> list[tuple[str, ...]]:
    """The orders to try: the form's, unless the header shows another one for its columns."""
    if not head.order or head.order == tuple(official):
        return [tuple(official)]
    if set(head.order) == set(official) or head.trusted:
        return [head.order]
    known = [i for i in head.order if not i.startswith("?")]
    if known != [i for i in official if i in known]:
        return []  # in another order, and not all of it is known
    return [tuple(official), head.order]


def _by_position(
    row: Row, spans: Sequence[tuple[int, int, str]], official: Sequence[str]
) -> Assigned | None:
    """By the header above each figure; None where that does not give every column once."""
    if any(a < d and c < b and x != y for a, b, x in spans for c, d, y in spans):
        return None  # two labels over one column: a span was lost
    told = Assigned()
    for token in row.values:
        at = token.cell.column
        id = next((id for left, right, id in spans if left <= at < right), None)
        if id is None or id in told.by_column:
            if not token.blank:
                told.surplus.append(token)
        else:
            told.by_column[id] = token
    if told.surplus and len(row.filled) == len(official) < len(row.values):
        return None  # empty cells between the figures: the grid is out of step
    named = {id for _, _, id in spans}
    if set(told.by_column) == named & set(official) and len(named) >= 2:
        if len(named & set(official)) < len(official) and len(row.values) >= len(official):
            return told if _out_of_place(told, row, official) else None
        return told
    return None


def _out_of_place(told: Assigned, row: Row, official: Sequence[str]) -> bool:
    """Whether the columns that are known do not stand where the form has them."""
    place = {id(token): k for k, token in enumerate(row.values)}
    return any(place[id(token)] != official.index(name) for name, token in told.by_column.items())


def _window(row: Row, width: int, usual: int | None, head: Header) -> list[Token] | None:
    """The run of ``width`` figures; outside it only blanks may stand, and a remark behind."""
    values = row.values
    fits = [
        start
        for start in range(len(values) - width + 1)
        if all(t.blank for t in values[:start])
        and all(t.blank or not t.value for t in values[start + width :])
    ]
    if not fits:
        return None
    if not row.line.drawn:
        led = any(values[s].cell.column == usual for s in fits)
        if len(fits) > 1 and not (head.aligned and led) and not head.unled:
            return None  # blanks at either end: which of them are cells cannot be told
        if head.ragged and values[0].filled and values[fits[0] + width - 1].blank:
            return None  # too short by one, or its last figure blank: that cannot be told either
    start = next((s for s in fits if values[s].cell.column == usual), fits[0])
    return list(values[start : start + width])


def usual_start(rows: Sequence[Row], width: int) -> int | None:
    """The grid column where the figures of full rows most often begin."""
    starts = Counter(r.filled[0].cell.column for r in rows if len(r.filled) == width)
    return starts.most_common(1)[0][0] if starts else None
