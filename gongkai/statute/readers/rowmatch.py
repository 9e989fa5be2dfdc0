"""行的归位: which printed row is which row of the form: by label, order and count together.

A label alone places a row. Rows without a label are placed by order only where their number is
the form's between two rows that are known. What cannot be told is left over, never guessed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.statute import forms, notes
from gongkai.statute.readers import labels
from gongkai.statute.readers.tables import Row
from gongkai.statute.report import Note


@dataclass(slots=True)
class Matched:
    """匹配结果: rows by leaf id, the rows that could not be placed, and what there is to say."""

    rows: dict[str, Row] = field(default_factory=dict)
    spare: list[tuple[Row, tuple[str, ...]]] = field(default_factory=list)  # row, candidate ids
    repeated: list[tuple[str, Row]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)  # placed by likeness only
    evidence: int = 0  # rows that only this edition has, told by their labels


@dataclass(slots=True)
class _Seen:
    row: Row
    headings: list[str] = field(default_factory=list)
    leaf: str | None = None
    known_as: str = ""  # core by which the leaf was told
    rest: str = ""  # core of label text that was not recognised
    own: str = ""  # core of the last label, recognised or not
    placed: bool = False


def match(rows: Sequence[Row], block: forms.Block, words: labels.Vocabulary, table: str) -> Matched:
    """Match printed rows to the rows of one block of the form."""
    out = Matched()
    seen = [_look(row, words, table) for row in rows if not row.header]
    seen = [s for s in seen if s.leaf or s.headings or s.rest or s.row.values]
    _join_split(seen, words, table, out)
    seen = _label_above(seen, words.rows[table])
    seen = [s for s in seen if s.leaf or s.headings or s.row.values or s.rest]
    _headings_with_leaf_names(seen, block)
    out.evidence = _evidence(seen, block)
    for s in seen:
        if s.leaf and s.row.values and differs(s.known_as, _official(s.leaf, block)):
            out.notes.append(_variant(s, block, s.leaf))
    if len(seen) <= 200:  # a table has some 25 rows; what has many more is no table of ours
        _fuzzy(seen, block, words, table, out)
    _fill_gaps(seen, block, out)
    anchors = _in_order(seen, {r.id: k for k, r in enumerate(block.rows)})
    for _, s in sorted(enumerate(seen), key=lambda pair: pair[0] not in anchors):
        if s.leaf and not s.placed:
            _put(s, out)
    return out


def _look(row: Row, words: labels.Vocabulary, table: str) -> _Seen:
    """What the label tokens of a row say: headings, a leaf, or text that is neither."""
    seen = _Seen(row)
    leaves, known, rest = words.rows[table], words.headings, []
    for token in row.labels:
        if token.blank:
            continue
        core = labels.core_of(token.squeezed)
        seen.own = core if not token.inherited else seen.own
        if token.inherited or (not row.values and core in words.columns[table]):
            continue
        if core in known and not (core in leaves and seen.headings):
            seen.headings.append(known[core])
        elif core in leaves:
            seen.leaf, seen.known_as = leaves[core], core
        elif tail := _tail(core, leaves, known):
            seen.leaf = leaves[tail]
            head = core[: -len(tail)]
            head = head.rstrip("0123456789")
            seen.headings.extend(id for h, id in known.items() if head.endswith(h))
        elif core:
            opened, own = _opened(core, known)
            seen.headings.extend(known[heading] for heading in opened)
            seen.own = own
            if own in leaves:
                seen.leaf = leaves[own]
            else:
                rest.append(own)
    if seen.leaf is None:
        joined = "".join(rest)
        if joined in leaves:
            seen.leaf, rest = leaves[joined], []
    seen.rest = rest[-1] if rest else ""
    return seen


def _opened(core: str, known: Mapping[str, str]) -> tuple[list[str], str]:
    """The headings a text begins with, and what is left behind them (their numbers too)."""
    opened: list[str] = []
    while True:
        ahead = (core, core[1:]) if core[:1] in _NUMERALS else (core,)
        found = next(
            ((h, t) for t in ahead for h in known if t.startswith(h) and t != h),
            None,
        )
        if found is None:
            return opened, core
        opened.append(found[0])
        core = found[1][len(found[0]) :].lstrip("0123456789")


_NUMERALS = tuple("一二三四五六七")


def _tail(core: str, leaves: Mapping[str, str], known: Mapping[str, str]) -> str | None:
    """A label with its heading in front of it, in one cell: （三）不予公开 1.属于国家秘密."""
    ends = [
        leaf
        for leaf in leaves
        if len(core) > len(leaf)
        and core.endswith(leaf)
        and _ends_heading(core[: -len(leaf)], known)
    ]
    return max(ends, key=len, default=None)


def _ends_heading(head: str, known: Mapping[str, str]) -> bool:
    head = head.rstrip("0123456789")
    return any(head.endswith(h) for h in known)


def _join_split(seen: list[_Seen], words: labels.Vocabulary, table: str, out: Matched) -> None:
    """Labels broken over rows: fragments that together are a label, with one row of figures."""
    leaves = words.rows[table]
    i = 0
    while i < len(seen):
        first = seen[i]
        _longer_label(first, seen[i + 1] if i + 1 < len(seen) else None, leaves)
        if first.leaf or not first.rest:
            i += 1
            continue
        joined, carrier, end = first.rest, first if first.row.filled else None, i
        for j in range(i + 1, min(i + 7, len(seen))):
            other = seen[j]
            goes_on = not other.leaf or not other.row.filled
            if not goes_on or other.headings or (other.row.filled and carrier):
                break
            if other.row.filled:
                carrier = other
            joined += other.own if other.leaf else other.rest
            if joined in leaves:
                end = j
        whole = "".join(s.own if s.leaf else s.rest for s in seen[i : end + 1])
        if end > i and whole in leaves:
            keep = next((s for s in seen[i : end + 1] if s.row.filled), None)
            keep = keep or next((s for s in seen[i : end + 1] if s.row.values), first)
            keep.leaf, keep.rest = leaves[whole], ""
            keep.headings = [h for s in seen[i : end + 1] for h in s.headings]
            out.notes.append(
                notes.note("read.label_split", first.row.place, label=_printed(seen[i : end + 1]))
            )
            seen[i : end + 1] = [keep]
        i += 1


def _longer_label(first: _Seen, below: _Seen | None, leaves: Mapping[str, str]) -> None:
    """2.其他 over a blank row 法律行政法规禁止公开: one label, though each is one by itself; and
    （二）部分公开 over the blank row that ends it."""
    if below is None or below.row.filled or below.headings or not below.row.line.is_row:
        return
    longer = leaves.get(first.own + below.own) if below.own else None
    if first.leaf and longer is not None:
        first.rest, first.leaf = first.own, None


def _label_above(seen: Sequence[_Seen], leaves: Mapping[str, str]) -> list[_Seen]:
    """A label alone on its line names the row of figures right below it; else it names none."""
    kept: list[_Seen] = []
    for i, s in enumerate(seen):
        below = seen[i + 1] if i + 1 < len(seen) else None
        after = seen[i + 2] if i + 2 < len(seen) else None
        if s.leaf and not s.row.values:
            before = seen[i - 1] if i else None
            loose = [x for x in (before, after) if x is not None and x.row.filled]
            bare = below is not None and below.row.filled and not (below.leaf or below.rest)
            broken_off = after is not None and after.rest and not after.row.values
            if after is not None and broken_off and leaves.get(s.own + after.rest) == s.leaf:
                broken_off, after.rest = "", ""
            unsure = any(not (x.leaf or x.rest) for x in loose)
            if below is not None and bare and not (below.headings or broken_off or unsure):
                below.leaf = s.leaf
                below.headings = list(s.headings)
                s.headings = []
            s.leaf = None
        kept.append(s)
    return kept


def _printed(parts: Sequence[_Seen]) -> str:
    """The fragments as printed, one behind the other."""
    texts = []
    for s in parts:
        own = [t for t in s.row.labels if not t.inherited and not t.blank]
        texts += ["".join(t.cell.text.split()) for t in own[-1:]]
    return "".join(texts)


def _headings_with_leaf_names(seen: Sequence[_Seen], block: forms.Block) -> None:
    """A word that is heading and leaf in different editions was taken as this edition has it."""
    ids = {r.id for r in block.figure_rows}
    for s in seen:
        if s.leaf and s.leaf not in ids:
            s.rest, s.leaf = s.leaf, None


def _evidence(seen: Sequence[_Seen], block: forms.Block) -> int:
    """Rows only one edition has: （六）'s own rows where it is a heading; where it is a row with
    figures, that （七） follows it at once."""
    count = 0
    heading = {r.id for r in block.rows if r.kind == "heading"}
    for s, after in itertools.zip_longest(seen, seen[1:]):
        if s.leaf and s.leaf.startswith("other_"):
            count += 1
        if s.leaf == "other" and s.row.filled and "other_heading" not in heading:
            count += after is not None and after.leaf in ("concluded", "carried_out")
    return count


def _fuzzy(
    seen: Sequence[_Seen], block: forms.Block, words: labels.Vocabulary, table: str, out: Matched
) -> None:
    """Labels worded differently: the likest leaf that is free and fits the order."""
    order = {r.id: k for k, r in enumerate(block.rows)}
    taken = {s.leaf for s in seen if s.leaf}
    names = {core: id for core, id in words.rows[table].items() if id not in taken}
    for i, s in enumerate(seen):
        if s.leaf or not s.rest or not s.row.values or s.rest in labels.not_rows():
            continue
        low = max(
            (order[x] for b in seen[:i] for x in (*b.headings, b.leaf) if x in order), default=-1
        )
        high = min(
            (order[x] for b in seen[i + 1 :] for x in (*b.headings, b.leaf) if x in order),
            default=len(order),
        )
        scored = sorted(
            ((labels.likeness(s.rest, core), id) for core, id in names.items()), reverse=True
        )
        if not scored:
            continue
        best, id = scored[0]
        second = next((score for score, other in scored if other != id), 0.0)
        fits = low <= order[id] <= high
        if best >= (0.6 if fits else 0.86) and best - second >= 0.08 and id not in taken:
            s.leaf = id
            taken.add(id)
            names = {c: n for c, n in names.items() if n != id}
            if best < 0.86:
                out.unsure.add(id)
            out.notes.append(_variant(s, block, id))


def _official(row_id: str, block: forms.Block) -> str:
    return next((r.label for r in block.rows if r.id == row_id), "")


def differs(known_as: str, official: str) -> bool:
    """Whether a label is worded differently; leaving out what stands in brackets is no matter."""
    core = labels.core(official)
    return bool(known_as and official) and not core.startswith(known_as) and known_as != core


def _variant(s: _Seen, block: forms.Block, id: str) -> Note:
    official = _official(id, block)
    printed = next(
        (t.cell.text.strip() for t in reversed(s.row.labels) if not t.blank and not t.inherited), ""
    )
    return notes.note("read.label_variant", s.row.place, printed=printed, official=official)


def _fill_gaps(seen: Sequence[_Seen], block: forms.Block, out: Matched) -> None:
    """Rows without a label, between two that are known."""
    rank = {r.id: k for k, r in enumerate(block.rows)}
    anchors = _in_order(seen, rank)
    leaves = list(block.figure_rows)
    free = {r.id for r in leaves} - {s.leaf for s in seen if s.leaf}
    low = -1
    run: list[_Seen] = []
    group = ""
    for i, s in enumerate(seen):
        for heading in s.headings:
            if heading in rank and rank[heading] >= low:
                _settle(run, low, rank[heading], block, free, group, out)
                run, low = [], rank[heading]
                group = block.rows[rank[heading]].label
        if s.leaf is None:
            if s.row.filled or (s.row.values and s.row.line.drawn):
                run.append(s)
        elif i in anchors:
            _settle(run, low, rank[s.leaf], block, free, group, out)
            run, low = [], rank[s.leaf]
            group = block.rows[low].label
        else:
            label = next(r.label for r in leaves if r.id == s.leaf)
            out.notes.append(notes.note("read.label_row", s.row.place, label=label))
    _settle(run, low, len(block.rows), block, free, group, out)


def _in_order(seen: Sequence[_Seen], rank: dict[str, int]) -> set[int]:
    """Indexes of the labelled rows that keep the form's order (the longest such run)."""
    runs: list[tuple[int, list[int]]] = []
    for i, s in enumerate(seen):
        if s.leaf is None or s.leaf not in rank:
            continue
        r = rank[s.leaf]
        before: list[int] = max((p for k, p in runs if k < r), key=len, default=[])
        runs.append((r, [*before, i]))
    longest: list[int] = max((p for _, p in runs), key=len, default=[])
    return set(longest)


def _settle(
    run: list[_Seen],
    low: int,
    high: int,
    block: forms.Block,
    free: set[str],
    group: str,
    out: Matched,
) -> None:
    """Place a run of rows without labels where its length is the number of free leaves."""
    if not run:
        return
    leaves = [r for r in block.rows[low + 1 : high] if r.id in free]
    foreign = [s for s in run if s.rest and not _could_be(s, leaves, len(run))]
    for s in foreign:
        if s.row.filled:
            out.spare.append((s.row, tuple(r.id for r in leaves)))
            label = next((t.cell.text.strip() for t in s.row.labels if t.squeezed), s.rest)
            out.notes.append(notes.note("read.row_extra", s.row.place, label=label))
    run = [s for s in run if s not in foreign]
    filled = [s for s in run if s.row.filled]
    for rows in (run, filled):
        if rows and len(rows) == len(leaves):
            for s, leaf in zip(rows, leaves, strict=True):
                s.leaf = leaf.id
                free.discard(leaf.id)
                if s.rest:
                    out.notes.append(_variant(s, block, leaf.id))
                    out.unsure.add(leaf.id)
            bare = [s for s in rows if not s.rest]
            if bare:
                out.notes.append(
                    notes.note(
                        "read.rows_by_order",
                        bare[0].row.place,
                        group=group or block.rows[0].label,
                        count=len(bare),
                    )
                )
            return
    _spare(run, leaves, group or block.rows[0].label, out)


def _spare(run: Sequence[_Seen], leaves: Sequence[forms.Row], group: str, out: Matched) -> None:
    filled = [s for s in run if s.row.filled]
    if not filled:
        return
    for s in filled:
        out.spare.append((s.row, tuple(r.id for r in leaves)))
    if leaves:
        told = notes.note(
            "read.rows_unplaced",
            filled[0].row.place,
            group=group,
            found=len(filled),
            expected=len(leaves),
        )
    else:
        told = notes.note("read.heading_figures", filled[0].row.place, label=group)
    out.notes.append(told)


def _could_be(s: _Seen, leaves: Sequence[forms.Row], run: int) -> bool:
    """Whether a row with an unknown label may stand for one of these leaves at all."""
    if s.rest in labels.not_rows() or run != len(leaves):
        return False
    return any(labels.likeness(s.rest, labels.core(leaf.label)) >= 0.3 for leaf in leaves)


def _put(s: _Seen, out: Matched) -> None:
    s.placed = True
    assert s.leaf is not None
    if s.leaf in out.rows:
        out.repeated.append((s.leaf, s.row))
    else:
        out.rows[s.leaf] = s.row


def _is_corner(row: Row) -> bool:
    return any("勾稽关系" in t.squeezed for t in row.labels if not t.inherited)


def printings(rows: Sequence[Row], words: labels.Vocabulary, table: str) -> Iterator[list[Row]]:
    """A table printed more than once, printing by printing: a new one begins where the first
    labels return after most of the table has passed."""
    leaves = words.rows[table]
    first = set(list(dict.fromkeys(leaves.values()))[:2])
    piece: list[Row] = []
    passed: set[str] = set()
    for row in rows:
        ids = {
            leaves[c]
            for t in row.labels
            if row.filled and not t.inherited and (c := labels.core_of(t.squeezed)) in leaves
        }
        ended = passed & {"concluded", "carried_out"} and (row.header or _is_corner(row))
        if ended or ids & first & passed and len(passed) > len(set(leaves.values())) // 2:
            yield piece
            piece, passed = [], set()
        piece.append(row)
        passed |= ids
    if piece:
        yield piece
