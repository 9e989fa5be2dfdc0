"""表三、表四的统计: where an application and a remedy count in the report of a year.

国办公开办函〔2021〕30号: the period is 1 January to 31 December, and 一 + 二 = 三（七） + 四 in
every column. An application counts once as concluded: in the year of its first answer, by the
latest answer of that year. One that is answered anew in a later year, after a remedy, is not
counted again there: it was neither received nor carried over. That is our convention; no ruling
was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.statute import forms, remedy_counts
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_state import Case
from gongkai.statute.grounds import REASONS, TABLE, Ground
from gongkai.statute.remedies import Proceeding
from gongkai.statute.remedy_results import Column, Kind
from gongkai.statute.texts import Text

RECEIVED, CARRIED_IN, CARRIED_OUT = "received", "carried_in", "carried_out"


@dataclass(frozen=True, slots=True)
class Countable:
    """一件申请的统计要素: when it came, who asked, its answers in the order they were given.

    ``answers``: the day and the ground of each round that was concluded.
    """

    received: date
    kind: ApplicantKind
    answers: tuple[tuple[date, Ground], ...] = ()

    def concluded(self, as_of: date) -> tuple[date, Ground] | None:
        """The day it was first answered, and the ground it counts by; None while it is open."""
        known = [one for one in self.answers if one[0] <= as_of]
        if not known:
            return None
        first = known[0][0]
        return first, [ground for on, ground in known if on.year == first.year][-1]


@dataclass(frozen=True, slots=True)
class Tally:
    """计入的一行: a row of table 3, and why."""

    row: str
    why: Text


def countable(case: Case, kind: ApplicantKind) -> Countable | None:
    """What the tables need of a case; None while its receipt is not confirmed."""
    if case.receipt is None:
        return None
    answers = []
    for number, one in enumerate(case.rounds, 1):
        current = number == len(case.rounds)
        if one.draft is None or (current and not case.closed):
            continue
        day = case.conventions.mail_answer_day
        on = one.draft.answered(day) if one.draft.by_letter else one.draft.on
        if on is not None:
            answers.append((on, one.draft.conclusion.ground))
    return Countable(case.receipt.day, kind, tuple(answers))


def places(one: Countable, year: int, as_of: date | None = None) -> tuple[Tally, ...]:
    """计入哪里: the rows of table 3 of the year that hold it, as things stood at the end of
    ``as_of`` (the last day of the year, unless an earlier one is given). Raises `forms.NoForm`."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    end = min(as_of or last, last)
    done = one.concluded(end)
    if one.received > end or (done is not None and done[0] < first):
        return ()
    found = [_beginning(one, first)]
    if done is None:
        return (*found, _still_open(end))
    on, ground = done
    why = Text(
        f"{on.isoformat()} 答复或者办结：{REASONS[ground].name.zh}",
        f"answered or closed on {on.isoformat()}: {REASONS[ground].name.en}",
    )
    return (*found, Tally(REASONS[ground].row_in(year), why))


def _beginning(one: Countable, first: date) -> Tally:
    on = one.received.isoformat()
    if one.received < first:
        why = Text(
            f"{on} 收到，上年末尚未办结", f"received on {on}, open at the end of the year before"
        )
        return Tally(CARRIED_IN, why)
    return Tally(RECEIVED, Text(f"{on} 收到", f"received on {on}"))


def _still_open(end: date) -> Tally:
    on = end.isoformat()
    return Tally(CARRIED_OUT, Text(f"截至 {on} 尚未办结", f"still open on {on}"))


def table_three(
    cases: Iterable[Countable], year: int, as_of: date | None = None
) -> Mapping[str, int]:
    """表三: every cell of the form due for the year by its address, sums included."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in cases:
        for place in places(one, year, as_of):
            counts[place.row, one.kind.value] += 1
    return filled(counts, year)


def filled(counts: Mapping[tuple[str, str], int], year: int) -> Mapping[str, int]:
    """表三 of the counts of its leaf rows and of the kinds of applicant: with the sum of outcomes
    and the sum of each row. Raises ValueError for a row or a kind the form does not have."""
    (block,) = forms.form(forms.due(year).edition).tables[TABLE].blocks
    kinds = [column.id for column in block.columns if not column.is_total]
    rows = [row.id for row in block.rows if f"{TABLE}.{row.id}.total" in _cells(year)]
    if wrong := [cell for cell in counts if cell[0] not in rows or cell[1] not in kinds]:
        raise ValueError(f"no cell of table 3: {wrong}")
    outcomes = [row for row in rows if row not in (RECEIVED, CARRIED_IN, "concluded", CARRIED_OUT)]
    found: dict[str, int] = {}
    for row in rows:
        of = outcomes if row == "concluded" else [row]
        values = {kind: sum(counts.get((one, kind), 0) for one in of) for kind in kinds}
        found |= {f"{TABLE}.{row}.{kind}": value for kind, value in values.items()}
        found[f"{TABLE}.{row}.total"] = sum(values.values())
    return found


def _cells(year: int) -> Mapping[str, object]:
    return forms.form(forms.due(year).edition).specs


def table_four(
    remedies: Iterable[Proceeding],
    year: int,
    conventions: remedy_counts.CountConventions = remedy_counts.DEFAULT,
) -> Mapping[str, int]:
    """表四: every cell by its address, sums included; of the remedies that count here."""
    counts: Counter[tuple[Kind, Column]] = Counter()
    for one in remedies:
        column = remedy_counts.column_in(one, year, conventions)
        if column is not None and one.kind is not None:
            counts[one.kind, column] += 1
    return filled_four(counts)


def filled_four(counts: Mapping[tuple[Kind, Column], int]) -> Mapping[str, int]:
    """表四 of the counts of kinds and columns: with the sum of each row."""
    found: dict[str, int] = {}
    for kind in Kind:
        values = {column: counts.get((kind, column), 0) for column in Column}
        found |= {f"remedies.{kind}.{column}": value for column, value in values.items()}
        found[f"remedies.{kind}.total"] = sum(values.values())
    return found
