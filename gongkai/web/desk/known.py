"""已知的机关: whose report a file is, and of which year: by code, name and title, within what the
person who handed it in may see. What fits two organs or none waits for a person.

A code in the file's name counts first, then the names in the report, its title, the file's name.
Names of the report's year come before the others an organ ever had.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from gongkai.statute import unit_names
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.capacity import Capacity

FEW = 8  # candidates
FIRST = 2008  # the first year of which reports were due (条例 2008 年 5 月 1 日起施行)
_ALIKE = 0.3  # of the pairs of characters of two names, from which on they are worth showing
_CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_END = re.compile(
    r"(?:20\d\d|二[〇○零]|关于|政府信息公开|信息公开|年度|年报|工作报告|[-_（(【\s]\d)"
)
_EDGE = re.compile(r"^[\s\d._、（()）【】-]+|[\s\d._、（()）【】-]+$")


@dataclass(frozen=True, slots=True)
class Told:
    """报告自述: what a report and its file say of whose it is."""

    file: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    title: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """认领结果: the organ and the year, as far as they are certain; ``by`` is what told it."""

    organ: int | None = None
    year: int | None = None
    by: str = ""  # code, name, title, file


@dataclass(slots=True)
class _Name:
    organ: int
    valid_from: date
    valid_to: date | None

    def is_of(self, year: int | None) -> bool:
        """Whether it was in use in the year, or when its report was due."""
        if year is None:
            return True
        ended = self.valid_to is not None and self.valid_to <= date(year, 1, 1)
        return self.valid_from <= date(year + 1, 3, 31) and not ended


@dataclass(slots=True)
class Known:
    """已知的机关: the organs somebody sees, by every name and code they have or had."""

    codes: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    lives: dict[int, _Name] = field(default_factory=dict)
    whole: dict[str, list[_Name]] = field(default_factory=lambda: defaultdict(list))
    short: dict[str, list[_Name]] = field(default_factory=lambda: defaultdict(list))
    part: dict[str, list[_Name]] = field(default_factory=lambda: defaultdict(list))
    called: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, capacity: Capacity | None) -> Known:
        """One query, whatever the size of the subtree."""
        known = cls()
        rows = organ_queries.visible_organs(capacity).values_list(
            "pk",
            "code",
            "credit_code",
            "valid_from",
            "valid_to",
            "names__name",
            "names__short_name",
            "names__valid_from",
            "names__valid_to",
        )
        for key, code, credit, began, ended, name, short, since, until in rows:
            known.lives[key] = _Name(key, began, ended)
            for one in filter(None, (code, credit)):
                known.codes[one.upper()].add(key)
            if name:
                known._add(_Name(key, since, until), name, short or "")
        return known

    def _add(self, period: _Name, name: str, short: str) -> None:
        self.called[period.organ] |= {unit_names.plain(name)}
        self.whole[unit_names.key(name)].append(period)
        if short:
            self.called[period.organ] |= {unit_names.plain(short)}
            self.short[unit_names.key(short)].append(period)
        for one in unit_names.shortened(name):
            self.part[one].append(period)
        if unit_names.is_government(name):
            for one in unit_names.area(name):
                self.part[one].append(period)

    def match(self, told: Told) -> Match:
        """Whose it is, where exactly one organ fits what tells most."""
        year = told.year or year_of(told.file)
        found = Match(None, year)
        for by, organs in self.evidence(told, year):
            if len(organs) > 1 or (found.organ is not None and organs != {found.organ}):
                return Match(None, year)
            if found.organ is None:
                found = Match(next(iter(organs)), year, by)
        return found

    def evidence(self, told: Told, year: int | None) -> Iterator[tuple[str, set[int]]]:
        """What speaks for which organs, the strongest first; nothing where it speaks for none.

        Only the code and the report's own name are held against each other: the others count
        where those say nothing.
        """
        by_code = self._living(self._by_code(told.file), year)
        by_name = self.named(told.name, year)
        if by_code:
            yield "code", by_code
        if by_name:
            yield "name", by_name
        if by_code or by_name:
            return
        also: set[int] = set()
        for name in told.names:
            also |= self.named(name, year)
        for by, organs in (
            ("name", also),
            ("title", self.named(_before(told.title), year)),
            ("file", self.named(_before(_stem(told.file)), year)),
        ):
            if organs:
                yield by, organs
                return

    def named(self, name: str, year: int | None) -> set[int]:
        """The organs of that name in the year, else at any time; by short name, or without the
        beginning, only where none goes by the whole one."""
        if len(unit_names.plain(name)) < 2:
            return set()
        for names, said in (
            (self.whole, unit_names.key(name)),
            (self.whole, unit_names.bare(name)),
            (self.short, unit_names.key(name)),
            (self.part, unit_names.bare(name)),
        ):
            held = names.get(said, ())
            for fits in ([n for n in held if n.is_of(year)], held):
                organs = self._living({one.organ for one in fits}, year)
                if organs:
                    return organs
        return self._longer(name, year)

    def _longer(self, name: str, year: int | None) -> set[int]:
        """Organs of whose names the report's is one with more before it: 白鹭市松风区教育局 of
        松风区教育局."""
        for one in unit_names.shortened(unit_names.bare(name)):
            held = self.whole.get(one, ())
            organs = self._living({n.organ for n in held if n.is_of(year)}, year)
            if organs:
                return organs
        return set()

    def _by_code(self, file: str) -> set[int]:
        for token in _CODE.findall(_stem(file).upper().replace("_", " ")):
            parts = token.split("-")
            for end in range(len(parts), 0, -1):
                organs = self.codes.get("-".join(parts[:end]))
                if organs:
                    return organs
        return set()

    def _living(self, organs: Iterable[int], year: int | None) -> set[int]:
        return {key for key in organs if self.lives[key].is_of(year)}

    def alike(self, told: Told) -> list[tuple[int, str]]:
        """Organs with names like those in the report, the likest first: questions, no answers."""
        said = [told.name, *told.names, _before(told.title), _before(_stem(told.file))]
        wanted = [unit_names.bare(one) for one in said if len(unit_names.plain(one)) > 1]
        scored: list[tuple[float, int, str]] = []
        for key, names in self.called.items():
            near = max((_likeness(a, b) for a in wanted for b in names), default=0.0)
            if near >= _ALIKE:
                scored.append((near, key, "alike"))
            elif any(unit_names.perhaps([a], [b]) for a in wanted for b in names):
                scored.append((_ALIKE, key, "abbreviation"))
        scored.sort(key=lambda one: (-one[0], one[1]))
        return [(key, why) for _near, key, why in scored[:FEW]]


# -- words


def year_of(file: str) -> int | None:
    years = {int(year) for year in _YEAR.findall(_stem(file))}
    return years.pop() if len(years) == 1 else None


def _stem(file: str) -> str:
    base = file.replace("\\", "/").rsplit("/", 1)[-1]
    return base.rpartition(".")[0] or base


def _before(text: str) -> str:
    """What stands in a title before the year and what kind of report it is: the organ's name."""
    trimmed = _EDGE.sub("", text)
    trimmed = re.sub(r"^20\d\d年?度?", "", trimmed)
    end = _END.search(trimmed)
    return _EDGE.sub("", trimmed[: end.start()] if end else trimmed)


def _likeness(a: str, b: str) -> float:
    """How much two names have in common, with their areas and without."""
    return max(_shared(a, b), _shared(_local(a), _local(b)))


def _local(name: str) -> str:
    parts = [one for one in unit_names.shortened(name) if len(one) > 2]
    return parts[-1] if parts else name


def _shared(a: str, b: str) -> float:
    """The share of pairs of characters two names have in common (Dice)."""
    ours, theirs = _pairs(a), _pairs(b)
    if not ours or not theirs:
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
