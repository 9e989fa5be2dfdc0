"""导入的打算: every row set against what is known: what it would change, and every problem with it.

A plan writes nothing. `import_write` carries it out as it stands; its digest tells whether a plan
made later would do the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.web.organs import workbook
from gongkai.web.organs.import_known import Known, KnownOrgan, KnownPerson, Span
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.import_rows import (
    OrganRow,
    PersonRow,
    PostRow,
    ReconsiderationRow,
    Row,
    Table,
    Tables,
    shown,
)
from gongkai.web.shell import masking

NEW, CHANGED, ENDED, SAME = "new", "changed", "ended", "same"
ACTIONS = (NEW, CHANGED, ENDED, SAME)
Field = tuple[str, str, str]  # a column's id, what is known, what the file says


@dataclass(slots=True)
class Change:
    """一处变化: which row would do what; ``fields`` are empty for what is new."""

    sheet: str
    row: int
    key: str
    title: str
    action: str
    fields: list[Field] = field(default_factory=list)

    def as_json(self) -> list[Any]:
        """For keeping: telephone numbers and addresses masked, as on every page."""
        told = [
            (c, masking.value(c, old), masking.value(c, new)) if c in ("phone", "email") else f
            for f in self.fields
            for c, old, new in [f]
        ]
        return [self.sheet, self.row, self.key, self.title, self.action, told]


@dataclass(slots=True)
class OrganTarget:
    """机关应成为的样子: what a row makes of an organ."""

    row: OrganRow
    known: KnownOrgan | None
    code: str
    name: str
    short_name: str
    kind: str
    level: str
    credit_code: str
    division_code: str
    parent: str
    placed_from: date | None
    valid_from: date | None
    valid_to: date | None
    fields: list[Field] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.known is None

    @property
    def is_moved(self) -> bool:
        return self.known is not None and self.known.parent != self.parent

    @property
    def is_renamed(self) -> bool:
        return self.known is not None and self.known.name != self.name

    @property
    def ends(self) -> bool:
        return self.known is not None and self.known.valid_to is None and self.valid_to is not None


@dataclass(slots=True)
class Named:
    """一段名称。"""

    valid_from: date
    valid_to: date | None
    name: str
    short_name: str


@dataclass(slots=True)
class ReconsiderationTarget:
    row: ReconsiderationRow
    span: Span | None
    body: str  # a code, or nothing
    body_name: str
    valid_to: date | None


@dataclass(slots=True)
class PersonTarget:
    row: PersonRow
    known: KnownPerson | None
    name: str
    phone: str
    email: str
    active: bool
    fields: list[Field] = field(default_factory=list)


@dataclass(slots=True)
class PostTarget:
    row: PostRow
    span: Span | None


@dataclass(slots=True)
class Plan:
    """打算: changes in numbers and one by one, problems, and what to write."""

    known: Known
    tables: Tables
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    organs: dict[str, OrganTarget] = field(default_factory=dict)
    names: dict[str, list[Named]] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    reconsiderations: list[ReconsiderationTarget] = field(default_factory=list)
    people: dict[str, PersonTarget] = field(default_factory=dict)
    posts: list[PostTarget] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(not p.warning for p in self.problems)

    def life(self, code: str) -> OrganTarget | KnownOrgan | None:
        """An organ as it would be after the import."""
        return self.organs.get(code) or self.known.organs.get(code)

    def path(self, code: str) -> str | None:
        """Its place in the tree after the import."""
        found = self.paths.get(code)
        if found is None and code in self.known.organs:
            return self.known.organs[code].path
        return found

    def missing(self, table: Table, row: Row, code: str, column: str = "code") -> bool:
        """Notes that a row names an organ that is not there, or not within reach."""
        if not code or self.life(code) is not None:
            return False
        if code in self.known.outside:
            top = self.known.top.name
            self.problems.append(table.problem("organ.outside", row, column, code, top=top))
        else:
            self.problems.append(table.problem("organ.unknown", row, column, code))
        return True

    def count(
        self,
        sheet: str,
        row: Row,
        key: str,
        title: str,
        action: str,
        fields: Iterable[Field] = (),
    ) -> None:
        """Counts a row, and keeps what it changes."""
        self.counts.setdefault(sheet, Counter())[action] += 1
        if action != SAME:
            self.changes.append(Change(sheet, row.row, key, title, action, list(fields)))

    def digest(self) -> str:
        """Equal for two plans that would do the same to the same."""
        told = hashlib.sha256()
        for change in self.changes:
            said = (change.sheet, change.row, change.key, change.action, change.fields)
            told.update(repr(said).encode())
        return told.hexdigest()

    def summary(self) -> dict[str, dict[str, int]]:
        """How many rows of each sheet do what."""
        return {
            t.spec.id: {a: self.counts.get(t.spec.id, Counter())[a] for a in ACTIONS}
            for t in self.tables
            if t.title
        }


def make(known: Known, tables: Tables) -> Plan:
    """The plan of a file; with problems where there are any, and then not to be carried out."""
    from gongkai.web.organs import import_organs, import_people

    plan = Plan(known, tables, list(tables.problems))
    import_organs.plan(plan)
    import_people.plan(plan)
    places = {t.spec.id: n for n, t in enumerate(tables)}
    plan.changes.sort(key=lambda c: (places[c.sheet], c.row))
    order = {t.title: n for n, t in enumerate(tables)}
    plan.problems.sort(key=lambda p: (p.warning, order.get(p.sheet, -1), p.row, p.place))
    return plan


# -- shared by the tables


def differing(
    table: Table, row: Row, old: object, new: object, columns: Iterable[str]
) -> list[Field]:
    """The columns that the file has and that say something else."""
    found = []
    for column in columns:
        before, after = getattr(old, column), getattr(new, column)
        if before != after:
            found.append((column, word(table, column, before), word(table, column, after)))
    return found


def word(table: Table, column: str, value: object) -> str:
    """A value as the file writes it."""
    said = shown(value)
    return workbook.words(table.spec.id, column).get(said, said)


def is_ordered(plan: Plan, table: Table, row: Any) -> bool:
    """Whether a row's period ends after it begins; notes where it does not."""
    if row.valid_from is None or row.valid_to is None or row.valid_to > row.valid_from:
        return True
    columns = table.spec
    plan.problems.append(
        table.problem(
            "period.order",
            row,
            "valid_to",
            row.valid_to,
            to=columns.column("valid_to").label,
            since=columns.column("valid_from").label,
            day=row.valid_from,
        )
    )
    return False


@dataclass(slots=True)
class Stretch:
    """一段时间: of a row of the file, or of what is known (``row`` None)."""

    valid_from: date
    valid_to: date | None
    row: Row | None


def overlaps(plan: Plan, table: Table, stretches: list[Stretch]) -> None:
    """Notes every two stretches that share a day, at the row that is in the file."""
    stretches.sort(key=lambda s: s.valid_from)
    for before, after in zip(stretches, stretches[1:], strict=False):
        if before.valid_to is not None and before.valid_to <= after.valid_from:
            continue
        blamed, other = (after, before) if after.row is not None else (before, after)
        if blamed.row is None:
            continue
        about = {"since": other.valid_from, "to": other.valid_to}
        id = "period.overlap" if other.valid_to else "period.overlap_open"
        plan.problems.append(
            table.problem(id, blamed.row, "valid_from", blamed.valid_from, **about)
        )
