"""随时间变化的规定: a value as of a date, with its source; outside its coverage it refuses.

A period or a rate is true from one day to another. Asked for a day nobody entered, it raises
`NotKnown` and says why: never 0, never the nearest value, never a guess.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Generic, TypeVar

from gongkai.statute.texts import Text

Value = TypeVar("Value")


class NotKnown(LookupError):
    """尚无依据: the law for that day is not in the data. ``text`` says so to a person."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Span(Generic[Value]):
    """时段: a value from ``start`` to ``end``, both included; ``end`` None = until changed.

    ``source`` is the id of a provision in `gongkai.statute.articles`.
    """

    value: Value
    start: date
    end: date | None
    source: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a span ends {self.end}, before it starts {self.start}")

    def covers(self, day: date) -> bool:
        """Whether the value holds on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Dated(Generic[Value]):
    """沿革: the values of one rule over time, in order, without overlap. Gaps are allowed."""

    name: Text
    spans: tuple[Span[Value], ...]

    def __post_init__(self) -> None:
        for before, after in zip(self.spans, self.spans[1:], strict=False):
            if before.end is None or before.end >= after.start:
                raise ValueError(f"{self.name.en}: spans overlap at {after.start}")

    def on(self, day: date) -> Span[Value]:
        """The value in force on ``day`` with its source. Raises NotKnown outside the coverage."""
        for span in self.spans:
            if span.covers(day):
                return span
        raise NotKnown(self._refusal(day))

    def _refusal(self, day: date) -> Text:
        first = self.spans[0].start if self.spans else None
        if first is not None and day < first:
            return Text(
                "{name}：已收录的规定自{first}起施行，{day}适用的规定没有收录，无法计算。请核对日期。",
                "The {name} is known from {first}; the rule for {day} is not on record, so nothing"
                " can be computed. Check the date.",
            ).within(name=self.name, first=first.isoformat(), day=day.isoformat())
        return Text(
            "{name}：{day}适用的规定没有收录，无法计算。请先补录该规定及其依据。",
            "The {name} in force on {day} is not on record, so nothing can be computed. Enter the"
            " current rule with its source first.",
        ).within(name=self.name, day=day.isoformat())


def period(id: str) -> Dated[int]:
    """法定期限: a statutory period in working days, by id (``answer``, ``extension``, …)."""
    return periods()[id]


@functools.cache
def periods() -> Mapping[str, Dated[int]]:
    """Every statutory period of ``data/periods.json``, by id; values are working days."""
    text = resources.files("gongkai.statute").joinpath("data/periods.json").read_text("utf-8")
    return {
        one["id"]: Dated(
            Text(one["zh"], one["en"]),
            tuple(span_of(span, int(span["value"])) for span in one["spans"]),
        )
        for one in json.loads(text)["periods"]
    }


def span_of(raw: Mapping[str, str | None], value: Value) -> Span[Value]:
    """A span of the data files: ``from``, ``to`` (null = until changed) and ``source``."""
    start, source = raw["from"], raw["source"]
    if start is None or source is None:
        raise ValueError(f"a span without start or source: {raw}")
    return Span(value, date.fromisoformat(start), day_or_none(raw["to"]), source)


def day_or_none(text: str | None) -> date | None:
    """A date of the data files: ISO text, or null for open."""
    return None if text is None else date.fromisoformat(text)
