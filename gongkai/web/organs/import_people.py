"""导入人员和任职: each row against the accounts and posts that are known.

The same rules as for one person by hand (`people_actions`, `appointment_actions`, `separation`):
who has powers elsewhere is managed by a common superior, who watches does not act.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from gongkai.web.organs import separation
from gongkai.web.organs.import_known import KnownPerson, Span
from gongkai.web.organs.import_organs import check_life
from gongkai.web.organs.import_plan import (
    CHANGED,
    ENDED,
    NEW,
    SAME,
    PersonTarget,
    Plan,
    PostTarget,
    Stretch,
    differing,
    is_ordered,
    overlaps,
    word,
)
from gongkai.web.organs.import_rows import PersonRow, PostRow, Table
from gongkai.web.organs.separation import Post
from gongkai.web.organs.workbook import SUSPENDED
from gongkai.web.shell.access import Role

Key = tuple[str, str, str]  # login name, organ, role


def plan(plan: Plan) -> None:
    """People first: posts belong to them."""
    _people(plan)
    _posts(plan)


# -- people


def _people(plan: Plan) -> None:
    table = plan.tables.people
    appointed = {r.username for r in plan.tables.appointments.rows}
    rows: dict[str, int] = {}
    for row in table.rows:
        name = row.username
        if not name:
            continue
        if name in rows:
            plan.problems.append(
                table.problem("row.twice", row, "username", name, first=rows[name], key=name)
            )
            continue
        rows[name] = row.row
        known = plan.known.people.get(name)
        if known is None:
            _add(plan, table, row, has_post=name in appointed)
        elif not known.within:
            plan.problems.append(table.problem("person.outside", row, "username", name))
        else:
            _change(plan, table, row, known)


def _add(plan: Plan, table: Table, row: PersonRow, *, has_post: bool) -> None:
    if not table.has("name"):
        label = table.spec.column("name").label
        plan.problems.append(
            table.problem("column.missing", row, "username", row.username, label=label)
        )
    if not has_post:
        plan.problems.append(table.problem("person.no_post", row, "username", row.username))
    active = row.state != "suspended"
    target = PersonTarget(row, None, row.name, row.phone, row.email, active)
    plan.people[row.username] = target
    plan.count("people", row, row.username, row.name, NEW)


def _change(plan: Plan, table: Table, row: PersonRow, known: KnownPerson) -> None:
    kept = {
        c: getattr(row, c) if table.has(c) and c not in row.bad else getattr(known, c)
        for c in ("name", "phone", "email")
    }
    active = known.active if not table.has("state") or not row.state else row.state == "active"
    target = PersonTarget(row, known, **kept, active=active)
    fields = differing(table, row, known, target, kept)
    if active != known.active:
        states = {True: "active", False: "suspended"}
        fields.append(
            (
                "state",
                word(table, "state", states[known.active]),
                word(table, "state", states[active]),
            )
        )
    if fields and known.beyond:
        plan.problems.append(table.problem("person.shared", row, fields[0][0], fields[0][2]))
    elif known.active and not active:
        id = "person.self" if known.pk == plan.known.by else "warn.suspended"
        plan.problems.append(table.problem(id, row, "state", SUSPENDED))
    target.fields = fields
    if fields:
        plan.people[row.username] = target
    action = ENDED if known.active and not active else CHANGED if fields else SAME
    plan.count("people", row, row.username, target.name, action, fields)


# -- posts


def _posts(plan: Plan) -> None:
    table = plan.tables.appointments
    declared = {r.username for r in plan.tables.people.rows}
    by_key: dict[Key, list[PostRow]] = defaultdict(list)
    fresh: dict[str, list[PostRow]] = defaultdict(list)
    for row in table.rows:
        known = row.username in declared or row.username in plan.known.people
        if row.username and not known:
            plan.problems.append(table.problem("person.unknown", row, "username", row.username))
            continue
        if plan.missing(table, row, row.code) or row.bad & {"username", "code", "role"}:
            continue
        if row.valid_from is None or not is_ordered(plan, table, row):
            continue
        by_key[row.username, row.code, row.role].append(row)
    for key, rows in by_key.items():
        for row in _posts_of(plan, table, key, rows):
            fresh[key[0]].append(row)
    _separate(plan, table, fresh)


def _posts_of(plan: Plan, table: Table, key: Key, rows: list[PostRow]) -> list[PostRow]:
    """The rows of one person, organ and role; returns those that are new or last longer now."""
    spans = {s.valid_from: s for s in plan.known.posts.get(key, ())}
    seen: dict[date, int] = {}
    stretches = []
    fresh = []
    for row in rows:
        since = row.valid_from
        if since is None:
            continue
        if since in seen:
            about = {"first": seen[since], "key": " ".join(key[:2])}
            plan.problems.append(table.problem("row.twice", row, "username", key[0], **about))
            continue
        seen[since] = row.row
        if not table.has("valid_to") and since in spans:
            row.valid_to = spans[since].valid_to
        stretches.append(Stretch(since, row.valid_to, row))
        if _post(plan, table, row, spans.get(since)):
            fresh.append(row)
    if len(stretches) + len(spans.keys() - seen.keys()) > 1:
        stretches += [
            Stretch(s.valid_from, s.valid_to, None) for d, s in spans.items() if d not in seen
        ]
        overlaps(plan, table, stretches)
    return fresh


def _post(plan: Plan, table: Table, row: PostRow, span: Span | None) -> bool:
    """Counts one post; says whether it is new or lasts longer than is known."""
    organ = plan.organs.get(row.code)
    title = _title(plan, table, row)
    if span is None:
        check_life(plan, table, row, row.code, row.valid_from, row.valid_to)
        person = plan.people.get(row.username)
        known = plan.known.people.get(row.username)
        active = person.active if person is not None else known is None or known.active
        if known is not None and not active:
            plan.problems.append(table.problem("role.suspended", row, "username", row.username))
        if known is not None and not known.may_be_taken_on:
            id = "person.operator" if known.operator else "person.elsewhere"
            plan.problems.append(table.problem(id, row, "username", row.username))
        plan.posts.append(PostTarget(row, None))
        plan.count("appointments", row, row.username, title, NEW)
        return True
    if span.valid_to == row.valid_to:
        if organ is not None and organ.ends:
            check_life(plan, table, row, row.code, row.valid_from, row.valid_to)
        plan.count("appointments", row, row.username, title, SAME)
        return False
    if row.valid_to is None:
        if "valid_to" not in row.bad:
            day = span.valid_to
            plan.problems.append(table.problem("period.reopen", row, "valid_to", "", day=day))
        return False
    check_life(plan, table, row, row.code, row.valid_from, row.valid_to)
    known = plan.known.people.get(row.username)
    if row.role == Role.ADMINISTRATOR and known is not None and known.pk == plan.known.by:
        plan.problems.append(table.problem("role.last", row, "valid_to", row.valid_to))
    before, after = (word(table, "valid_to", d) for d in (span.valid_to, row.valid_to))
    plan.posts.append(PostTarget(row, span))
    action = ENDED if span.valid_to is None else CHANGED
    plan.count("appointments", row, row.username, title, action, [("valid_to", before, after)])
    return span.valid_to is not None and row.valid_to > span.valid_to


def _title(plan: Plan, table: Table, row: PostRow) -> str:
    organ = plan.life(row.code)
    return f"{organ.name if organ else row.code} {word(table, 'role', row.role)}"


# -- duties kept apart


def _separate(plan: Plan, table: Table, fresh: dict[str, list[PostRow]]) -> None:
    """Notes every new post that may not be held beside another at the same time."""
    known_keys: dict[str, list[Key]] = defaultdict(list)
    for key in plan.known.posts:
        if key[0] in fresh:
            known_keys[key[0]].append(key)
    ends = {
        (t.row.username, t.row.code, t.row.role, t.row.valid_from): t.row.valid_to
        for t in plan.posts
        if t.span is not None
    }
    for username, rows in fresh.items():
        others = list(plan.known.held_elsewhere.get(username, ()))
        replaced = {(r.code, r.role, r.valid_from) for r in rows}
        for key in known_keys.get(username, ()):
            path = plan.path(key[1])
            for span in plan.known.posts[key]:
                if path is None or (key[1], key[2], span.valid_from) in replaced:
                    continue
                until = ends.get((*key, span.valid_from), span.valid_to)
                others.append((Post(Role(key[2]), path), span.valid_from, until))
        if len(rows) + len(others) > 1:
            _separate_one(plan, table, rows, others)


def _separate_one(
    plan: Plan,
    table: Table,
    rows: list[PostRow],
    others: list[tuple[Post, date, date | None]],
) -> None:
    held = list(others)
    for row in rows:
        path = plan.path(row.code)
        if path is None or row.valid_from is None:
            continue
        post = Post(Role(row.role), path)
        for other, since, until in held:
            if until is not None and until <= row.valid_from:
                continue
            if row.valid_to is not None and row.valid_to <= since:
                continue
            try:
                separation.may_hold(post, [other])
            except separation.Incompatible:
                watched = Role.AUDITOR in (post.role, other.role)
                id = "role.auditor" if watched else "role.administrator"
                said = word(table, "role", row.role)
                plan.problems.append(table.problem(id, row, "role", said))
                break
        held.append((post, row.valid_from, row.valid_to))
