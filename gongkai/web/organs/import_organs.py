"""导入机关、曾用名和复议机关: each row against the tree, the names, the periods that are known."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from gongkai.web.organs import tree
from gongkai.web.organs.import_known import Known, KnownOrgan, Span
from gongkai.web.organs.import_plan import (
    CHANGED,
    ENDED,
    NEW,
    SAME,
    Named,
    OrganTarget,
    Plan,
    ReconsiderationTarget,
    Stretch,
    differing,
    is_ordered,
    overlaps,
    word,
)
from gongkai.web.organs.import_rows import NameRow, OrganRow, ReconsiderationRow, Row, Table

_PLAIN = ("name", "short_name", "kind", "level", "credit_code", "division_code")
_NEEDED = ("name", "kind", "level", "parent", "valid_from")


def plan(plan: Plan) -> None:
    """Organs first: names and reconsideration bodies belong to them."""
    _organs(plan)
    _names(plan)
    for target in plan.organs.values():
        _check_end(plan, target)
    _check_children(plan)
    _check_tree(plan)
    _check_credit_codes(plan)
    _warn_of_names(plan)
    for target in plan.organs.values():
        _count(plan, target)
    _reconsiderations(plan)


def _note(
    plan: Plan, id: str, target: OrganTarget, column: str, value: object, **about: object
) -> None:
    plan.problems.append(plan.tables.organs.problem(id, target.row, column, value, **about))


# -- organs


def _organs(plan: Plan) -> None:
    table, known = plan.tables.organs, plan.known
    rows: dict[str, int] = {}
    for row in table.rows:
        if not row.code:
            continue
        if row.code in rows:
            plan.problems.append(
                table.problem(
                    "row.twice", row, "code", row.code, first=rows[row.code], key=row.code
                )
            )
            continue
        rows[row.code] = row.row
        if row.code in known.outside and row.code not in known.organs:
            plan.problems.append(
                table.problem("organ.outside", row, "code", row.code, top=known.top.name)
            )
            continue
        plan.organs[row.code] = _target(plan, table, row, known.organs.get(row.code))
    for target in plan.organs.values():
        _check_organ(plan, target)


def _target(plan: Plan, table: Table, row: OrganRow, known: KnownOrgan | None) -> OrganTarget:
    """What the row makes of its organ: columns the file lacks, and bad cells, as they are known."""
    values = {
        c: getattr(row, c)
        if known is None or (table.has(c) and c not in row.bad)
        else getattr(known, c)
        for c in (*_PLAIN, "parent", "valid_from", "valid_to")
    }
    placed = row.placed_from
    if placed is None:
        same = known is not None and known.parent == values["parent"]
        placed = known.placed_from if known and same else None
        if known is None or (placed == known.valid_from and same):
            placed = values["valid_from"]
    if known is None:
        for column in _NEEDED:
            if not table.has(column):
                label = table.spec.column(column).label
                plan.problems.append(
                    table.problem("column.missing", row, "code", row.code, label=label)
                )
    return OrganTarget(row=row, known=known, code=row.code, placed_from=placed, **values)


def _check_organ(plan: Plan, target: OrganTarget) -> None:
    known, row = target.known, target.row
    is_ordered(plan, plan.tables.organs, target.row)
    if known is None:
        _check_parent(plan, target)
        if row.placed_from and target.valid_from and row.placed_from < target.valid_from:
            day = target.valid_from
            _note(plan, "placed.before", target, "placed_from", row.placed_from, day=day)
        return
    if target.valid_from != known.valid_from and known.first_placed != known.placed_from:
        founded = known.valid_from
        _note(plan, "organ.founded", target, "valid_from", target.valid_from, day=founded)
    if known.valid_to is not None and target.valid_to != known.valid_to:
        id = "organ.ended_on" if target.valid_to else "organ.reopen"
        _note(plan, id, target, "valid_to", target.valid_to, day=known.valid_to)
    if target.is_moved:
        _check_move(plan, target, known)
    elif row.placed_from is not None:
        fixed = {known.placed_from}
        if known.placed_from == known.valid_from:
            fixed.add(target.valid_from)
        if row.placed_from not in fixed:
            since = known.placed_from
            _note(plan, "placed.fixed", target, "placed_from", row.placed_from, day=since)


def _check_move(plan: Plan, target: OrganTarget, known: KnownOrgan) -> None:
    if target.code == plan.known.top.code:
        code = known.parent or "（空）"
        _note(plan, "parent.top", target, "parent", target.parent, code=code)
        target.parent = known.parent
        return
    day, since = target.row.placed_from, known.placed_from
    late = day is not None and day > plan.known.today
    if day is None or late or (since is not None and day <= since):
        _note(
            plan,
            "parent.day",
            target,
            "placed_from",
            day,
            old=known.parent,
            new=target.parent,
            day=since,
        )
    _check_parent(plan, target)


def _check_parent(plan: Plan, target: OrganTarget) -> None:
    if "parent" in target.row.bad or not plan.tables.organs.has("parent"):
        return
    above = plan.life(target.parent)
    if not target.parent:
        _note(plan, "parent.none", target, "parent", "")
    elif above is None:
        id = "parent.outside" if target.parent in plan.known.outside else "parent.missing"
        _note(plan, id, target, "parent", target.parent, top=plan.known.top.name)
    elif target.placed_from is not None and above.valid_from is not None:
        day, until = target.placed_from, above.valid_to
        if day < above.valid_from or (until is not None and day >= until):
            _note(plan, "parent.not_valid", target, "parent", target.parent, day=day)
        elif until is not None and (target.valid_to is None or target.valid_to > until):
            _note(plan, "parent.outlived", target, "parent", target.parent, day=until)


def _check_end(plan: Plan, target: OrganTarget) -> None:
    """An organ that ends ends after everything that began, and not ahead of its day."""
    if target.valid_to is None or (target.known is not None and not target.ends):
        return
    if target.code == plan.known.top.code:
        _note(plan, "organ.top_ends", target, "valid_to", target.valid_to)
        return
    if target.valid_to > plan.known.today:
        day = plan.known.today
        _note(plan, "period.ahead", target, "valid_to", target.valid_to, today=day)
    began = [d for d in (target.valid_from, target.placed_from) if d is not None]
    names = plan.names.get(target.code)
    if names:
        began.append(names[-1].valid_from)
    elif target.known is not None:
        began += [s.valid_from for s in plan.known.names[target.code][-1:]]
    latest = max(began, default=None)
    if latest is not None and target.valid_to <= latest and target.valid_from != latest:
        _note(plan, "organ.ends_early", target, "valid_to", target.valid_to, day=latest)
    posts = plan.known.posts_of_organ.get(target.code, 0)
    if posts:
        _note(plan, "warn.ends_posts", target, "valid_to", target.valid_to, count=posts)


def _check_children(plan: Plan) -> None:
    """What ends leaves no living subordinate behind."""
    ending = {c: t for c, t in plan.organs.items() if t.ends}
    if not ending:
        return
    living: dict[str, list[str]] = defaultdict(list)
    for code in {**plan.known.organs, **plan.organs}:
        one = plan.life(code)
        if one is None or one.parent not in ending:
            continue
        until = ending[one.parent].valid_to
        # A row of the file that is new or moved is told its parent's end at its own place.
        told = isinstance(one, OrganTarget) and (one.is_new or one.is_moved)
        if not told and (one.valid_to is None or (until is not None and one.valid_to > until)):
            living[one.parent].append(one.name)
    for code, names in living.items():
        said = "、".join(names[:5]) + ("……" if len(names) > 5 else "")
        _note(plan, "organ.living", ending[code], "valid_to", ending[code].valid_to, names=said)


# -- the tree


def _check_tree(plan: Plan) -> None:
    """Loops, depth and full parents; where all is well, the paths of what is new or moved."""
    steps = _steps(plan)
    depths: dict[str, int] = {plan.known.top.code: tree.depth(plan.known.top.path)}
    looped: set[str] = set()
    for target in plan.organs.values():
        if target.is_new or target.is_moved:
            _walk(plan, target, depths, looped)
    sound = not looped
    for target in plan.organs.values():
        if depths.get(target.code, 0) > tree.DEEPEST:
            _note(plan, "parent.deep", target, "parent", target.parent)
            sound = False
        if steps.get(target.code, 0) > tree.MOST:
            _note(plan, "parent.full", target, "parent", target.parent)
            sound = False
    if sound:
        _assign(plan, steps)


def _walk(plan: Plan, start: OrganTarget, depths: dict[str, int], looped: set[str]) -> None:
    """Finds the depth of an organ by going up; notes a loop at each row that is part of it."""
    way: list[str] = []
    seen: set[str] = set()
    code = start.code
    while code not in depths and code not in looped:
        if code in seen:
            loop = way[way.index(code) :]
            looped.update(loop)
            told = " → ".join([*loop[:6], "…" if len(loop) > 6 else code])
            for one in loop:
                found = plan.organs.get(one)
                if found is not None:
                    _note(plan, "parent.loop", found, "parent", found.parent, loop=told)
            return
        way.append(code)
        seen.add(code)
        above = plan.life(code)
        if above is None or not above.parent:
            return  # told already: no such parent
        code = above.parent
    if code in depths:
        for distance, one in enumerate(reversed(way), 1):
            depths[one] = depths[code] + distance


def _steps(plan: Plan) -> dict[str, int]:
    """The place among its siblings of everything new or moved, behind those that are there."""
    last: dict[str, int] = defaultdict(int)
    for known in plan.known.organs.values():
        step = int(known.path[-tree.STEP :])
        if known.parent and step > last[known.parent]:
            last[known.parent] = step
    found = {}
    for target in plan.organs.values():
        if target.is_new or target.is_moved:
            last[target.parent] += 1
            found[target.code] = last[target.parent]
    return found


def _assign(plan: Plan, steps: dict[str, int]) -> None:
    """Paths of everything new or moved, and of all below what moved."""
    moved = any(t.is_moved for t in plan.organs.values())
    top = plan.known.top.code
    paths: dict[str, str] = {top: plan.known.top.path}
    codes = {**plan.known.organs, **plan.organs} if moved else plan.organs
    for code in codes:
        way = []
        while code not in paths:
            one = plan.life(code)
            if one is None:
                return  # told already
            if code not in steps and not moved:
                paths[code] = plan.known.organs[code].path
                break
            way.append(code)
            code = one.parent
        for below in reversed(way):
            path = plan.known.organs[below].path if below not in steps else ""
            step = path[-tree.STEP :] or f"{steps[below]:0{tree.STEP}d}"
            parent = plan.life(below)
            paths[below] = paths[parent.parent if parent else top] + step
    plan.paths = {
        c: p
        for c, p in paths.items()
        if c not in plan.known.organs or plan.known.organs[c].path != p
    }


# -- codes and names that should be one organ's alone


def _check_credit_codes(plan: Plan) -> None:
    owners: dict[str, tuple[str, int]] = {
        o.credit_code: (o.code, 0)
        for o in plan.known.organs.values()
        if o.credit_code and o.valid_to is None and o.code not in plan.organs
    }
    for target in plan.organs.values():
        said = target.credit_code
        if not said or target.valid_to is not None:
            continue
        if said in plan.known.credits_outside:
            _note(plan, "credit.taken_outside", target, "credit_code", said)
        code, row = owners.setdefault(said, (target.code, target.row.row))
        if code != target.code:
            id = "credit.twice" if row else "credit.taken"
            _note(plan, id, target, "credit_code", said, code=code, first=row)


def _warn_of_names(plan: Plan) -> None:
    owners: dict[str, tuple[str, int]] = {
        o.name: (o.code, 0)
        for o in plan.known.organs.values()
        if o.valid_to is None and o.code not in plan.organs
    }
    for target in plan.organs.values():
        if not target.name or target.valid_to is not None:
            continue
        code, row = owners.setdefault(target.name, (target.code, target.row.row))
        if code != target.code and (target.is_new or target.is_renamed):
            id = "warn.same_name" if row else "warn.same_name_known"
            _note(plan, id, target, "name", target.name, code=code, first=row)


def _count(plan: Plan, target: OrganTarget) -> None:
    table, known = plan.tables.organs, target.known
    if known is None:
        plan.count("organs", target.row, target.code, target.name, NEW)
        return
    columns = (*_PLAIN, "parent", "valid_from", "valid_to")
    target.fields = differing(table, target.row, known, target, columns)
    if target.is_moved:
        before, after = (
            word(table, "placed_from", d) for d in (known.placed_from, target.placed_from)
        )
        target.fields.append(("placed_from", before, after))
    action = ENDED if target.ends else CHANGED if target.fields else SAME
    plan.count("organs", target.row, target.code, target.name, action, target.fields)


# -- names


def _names(plan: Plan) -> None:
    """Sets the former names of the file beside those known; they must follow without a gap."""
    table = plan.tables.names
    rows: dict[str, list[NameRow]] = defaultdict(list)
    for row in table.rows:
        if not plan.missing(table, row, row.code) and row.code and not row.bad:
            rows[row.code].append(row)
    for code in {**rows, **plan.organs}:
        told = rows.get(code, [])
        target = plan.organs.get(code)
        if not told and target is not None and target.known is None:
            if target.valid_from is not None:
                plan.names[code] = [_present(target, target.valid_from)]
        elif told or (target is not None and _renames(target)):
            _history(plan, table, code, told)


def _renames(target: OrganTarget) -> bool:
    known = target.known
    return known is not None and (
        known.name != target.name
        or known.short_name != target.short_name
        or known.valid_from != target.valid_from
        or target.ends
    )


def _present(life: OrganTarget | KnownOrgan, since: date) -> Named:
    return Named(since, life.valid_to, life.name, life.short_name)


def _history(plan: Plan, table: Table, code: str, rows: list[NameRow]) -> None:
    life = plan.life(code)
    if life is None or life.valid_from is None:
        return
    known = plan.known.names.get(code, [])
    formers: dict[date, tuple[Named, NameRow | None]] = {}
    for span in known[:-1]:
        formers[span.valid_from] = Named(span.valid_from, span.valid_to, *span.values), None
    seen: dict[date, int] = {}
    for row in rows:
        if row.valid_from is None or not is_ordered(plan, table, row):
            return
        if row.valid_from in seen:
            about = {"first": seen[row.valid_from], "key": f"{code} {row.valid_from}"}
            plan.problems.append(
                table.problem("row.twice", row, "valid_from", row.valid_from, **about)
            )
            continue
        seen[row.valid_from] = row.row
        span_of = next((s for s in known if s.valid_from == row.valid_from), None)
        short = row.short_name
        if not table.has("short_name") and span_of is not None:
            short = span_of.values[1]
        made = Named(row.valid_from, row.valid_to, row.name, short)
        formers[row.valid_from] = made, row
        _count_name(plan, table, code, made, row, span_of if span_of in known[:-1] else None)
    _follow(plan, table, code, life, known, formers)


def _count_name(
    plan: Plan, table: Table, code: str, made: Named, row: NameRow, span: Span | None
) -> None:
    if span is None:
        plan.count("names", row, code, made.name, NEW)
        return
    before = Named(span.valid_from, span.valid_to, *span.values)
    fields = differing(table, row, before, made, ("name", "short_name", "valid_to"))
    plan.count("names", row, code, made.name, CHANGED if fields else SAME, fields)


def _follow(
    plan: Plan,
    table: Table,
    code: str,
    life: OrganTarget | KnownOrgan,
    known: list[Span],
    formers: dict[date, tuple[Named, NameRow | None]],
) -> None:
    """The whole row of names, one after another from founding to today."""
    expected = life.valid_from
    target = plan.organs.get(code)
    for since in sorted(formers):
        named, row = formers[since]
        if since != expected:
            id = "name.first" if expected == life.valid_from else "name.gap"
            if row is not None:
                plan.problems.append(table.problem(id, row, "valid_from", since, day=expected))
            elif target is not None:
                _note(plan, id, target, "valid_from", target.valid_from, day=since)
            return
        expected = named.valid_to
    present_since = known[-1].valid_from if known else None
    if expected is None:
        return
    last_row = formers[max(formers)][1] if formers else None
    if expected != present_since and expected > plan.known.today and last_row is not None:
        plan.problems.append(
            table.problem("period.ahead", last_row, "valid_to", expected, today=plan.known.today)
        )
    if life.valid_to is not None and expected >= life.valid_to and last_row is not None:
        plan.problems.append(
            table.problem("name.past", last_row, "valid_to", expected, day=life.valid_to)
        )
    if target is not None and target.known is not None and target.is_renamed and known:
        began = known[-1].valid_from
        if not any(n.valid_to is not None and n.valid_to > began for n, _ in formers.values()):
            about = {"old": target.known.name, "new": target.name, "day": began}
            _note(plan, "name.renamed", target, "name", target.name, **about)
    plan.names[code] = [
        *(formers[since][0] for since in sorted(formers)),
        _present(life, expected),
    ]


# -- reconsideration


def _reconsiderations(plan: Plan) -> None:
    table, known = plan.tables.reconsiderations, plan.known
    by_organ: dict[str, list[tuple[ReconsiderationRow, Span | None]]] = defaultdict(list)
    seen: dict[tuple[str, date], int] = {}
    for row in table.rows:
        if plan.missing(table, row, row.code) or not row.code or row.valid_from is None:
            continue
        key = row.code, row.valid_from
        if key in seen:
            about = {"first": seen[key], "key": f"{row.code} {row.valid_from}"}
            plan.problems.append(table.problem("row.twice", row, "code", row.code, **about))
            continue
        seen[key] = row.row
        spans = known.reconsiderations.get(row.code, ())
        span = next((s for s in spans if s.valid_from == row.valid_from), None)
        by_organ[row.code].append((row, span))
        _reconsideration(plan, table, row, span)
    for code, pairs in by_organ.items():
        replaced = {s.pk for _, s in pairs if s is not None}
        stretches = [
            Stretch(s.valid_from, s.valid_to, None)
            for s in known.reconsiderations.get(code, ())
            if s.pk not in replaced
        ]
        stretches += [Stretch(r.valid_from, r.valid_to, r) for r, _ in pairs if r.valid_from]
        overlaps(plan, table, stretches)


def _reconsideration(plan: Plan, table: Table, row: ReconsiderationRow, span: Span | None) -> None:
    is_ordered(plan, table, row)
    body = plan.life(row.body) if row.body else None
    if row.body and body is None and row.body not in plan.known.outside:
        plan.problems.append(table.problem("body.missing", row, "body", row.body))
    if not row.body and not row.body_name and not {"body", "body_name"} & row.bad:
        plan.problems.append(table.problem("body.none", row, "body_name", ""))
    name = row.body_name
    if not name and row.body:
        name = body.name if body is not None else plan.known.outside.get(row.body, (0, ""))[1]
    target = ReconsiderationTarget(row, span, row.body, name, row.valid_to)
    if span is None:
        check_life(plan, table, row, row.code, row.valid_from, row.valid_to)
        plan.reconsiderations.append(target)
        plan.count("reconsiderations", row, row.code, name, NEW)
        return
    if not table.has("valid_to"):
        target.valid_to = span.valid_to
    before_body = _code_of(plan.known, span.values[0])
    if not table.has("body"):
        target.body = before_body
    if not row.body_name and target.body == before_body:
        target.body_name = span.values[1]
    if span.valid_to is not None and target.valid_to is None:
        day = span.valid_to
        plan.problems.append(table.problem("period.reopen", row, "valid_to", "", day=day))
        return
    pairs = (
        ("body", before_body, target.body),
        ("body_name", span.values[1], target.body_name),
        ("valid_to", span.valid_to, target.valid_to),
    )
    fields = [(c, word(table, c, old), word(table, c, new)) for c, old, new in pairs if old != new]
    ends = span.valid_to is None and target.valid_to is not None
    action = ENDED if ends else CHANGED if fields else SAME
    plan.count("reconsiderations", row, row.code, target.body_name, action, fields)
    organ = plan.organs.get(row.code)
    if fields or (organ is not None and organ.ends):
        check_life(plan, table, row, row.code, row.valid_from, target.valid_to)
    if fields:
        plan.reconsiderations.append(target)


def _code_of(known: Known, pk: int | None) -> str:
    if pk is None:
        return ""
    if not known.codes_by_pk:
        known.codes_by_pk = {o.pk: c for c, o in known.organs.items()}
        known.codes_by_pk |= {key: c for c, (key, _) in known.outside.items()}
    return known.codes_by_pk.get(pk, "")


def check_life(
    plan: Plan, table: Table, row: Row, code: str, since: date | None, until: date | None
) -> None:
    """A period of an organ lies within the organ's life."""
    life = plan.life(code)
    if life is None or life.valid_from is None or since is None:
        return
    if since < life.valid_from:
        day = life.valid_from
        plan.problems.append(table.problem("organ.before", row, "valid_from", since, day=day))
    late = life.valid_to is not None and (until is None or until > life.valid_to)
    if late and "valid_to" not in row.bad:
        ended = life.valid_to
        plan.problems.append(table.problem("organ.ended", row, "valid_to", until, day=ended))
