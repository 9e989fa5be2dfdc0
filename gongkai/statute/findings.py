"""检查结果: what a rule says of a report. A rule holds, is broken, or cannot tell.

A check is a plain function from a `Case` to findings; it never raises, never prints, never
repairs. Whoever runs it decides whether a finding stops anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.statute.report import NOWHERE, AnnualReport, Kind, Place, Value
from gongkai.statute.texts import Text

NO_TEXT = Text("", "")


class Level(StrEnum):
    """级别: how much a broken rule weighs."""

    ERROR = "error"  # 错误: contradicts the form or the law
    WARNING = "warning"  # 警告: very probably wrong, a person decides
    NOTE = "note"  # 提示


class Outcome(StrEnum):
    """结论: a rule has three outcomes."""

    HOLDS = "holds"  # 成立
    BROKEN = "broken"  # 不成立
    CANNOT_TELL = "cannot_tell"  # 无法判断


@dataclass(frozen=True, slots=True)
class Case:
    """检查对象: a report and what it may be checked against; what is not given is None or ()."""

    report: AnnualReport
    previous: AnnualReport | None = None
    children: tuple[AnnualReport, ...] = ()
    siblings: tuple[AnnualReport, ...] = ()
    published: date | None = None
    kind: Kind = Kind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Finding:
    """发现: one application of one rule to one report.

    ``cells`` are the addresses concerned, the one most probably wrong first; ``printed`` is what
    stands in that one (or the text in question), ``expected`` what it would have to be for the
    rule to hold, None where no single value follows (never written back); ``message`` says what
    stands where and what was expected, ``hint`` why it matters and what to do.
    """

    id: str
    level: Level
    outcome: Outcome
    cells: tuple[str, ...] = ()
    printed: Value | str | None = None
    expected: Value | str | None = None
    message: Text = NO_TEXT
    hint: Text = NO_TEXT
    source: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: an id for ever, its sentence, its source, an example of a report that breaks it."""

    id: str
    level: Level
    sentence: Text
    source: str
    example: Text

    def holds(self, *cells: str) -> Finding:
        """The rule was applied and holds."""
        return Finding(self.id, self.level, Outcome.HOLDS, cells)

    def broken(
        self,
        message: Text,
        hint: Text,
        *,
        cells: tuple[str, ...] = (),
        printed: Value | str | None = None,
        expected: Value | str | None = None,
        place: Place = NOWHERE,
        level: Level | None = None,
    ) -> Finding:
        """The rule is broken; ``level`` may be lowered where the evidence is weaker."""
        return Finding(
            self.id,
            level or self.level,
            Outcome.BROKEN,
            cells,
            printed,
            expected,
            message,
            hint,
            self.source,
            place,
        )

    def cannot_tell(
        self, message: Text, hint: Text, *, cells: tuple[str, ...] = (), place: Place = NOWHERE
    ) -> Finding:
        """The rule could not be applied: something it needs is not a number or not there."""
        return Finding(
            self.id,
            self.level,
            Outcome.CANNOT_TELL,
            cells,
            None,
            None,
            message,
            hint,
            self.source,
            place,
        )


Check = Callable[[Case], Iterator[Finding]]
"""One check function; each module of `gongkai.statute.checks` lists its own in ``CHECKS``,
a tuple of (rule, function) in the order of the form; the package concatenates them."""
