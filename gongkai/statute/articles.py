"""法律依据: the provisions relied on: instrument, article, in force from and to, what it says.

Data: ``data/articles.json``, in our own words. A provision is named by an id that never changes
its meaning (``ogi.33`` = 政府信息公开条例第三十三条); an id nobody entered raises.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any

from gongkai.statute.texts import Text


class Mark(StrEnum):
    """可靠程度: how the provision is known. Build no hard rule on MEMORY alone."""

    TEXT = "T"  # the whole text was read
    EXCERPT = "E"  # an official text was read, its opening part only
    SAMPLE = "S"  # read in published reports
    SECONDARY = "2"  # a secondary source
    MEMORY = "M"  # from memory, not confirmed


@dataclass(frozen=True, slots=True)
class Instrument:
    """文件: a law, regulation or notice. ``start`` None = entry into force not known."""

    id: str
    name: Text
    short: Text
    number: str
    dated: date | None
    start: date | None
    end: date | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Provision:
    """条款: one provision; ``article`` None where the number is not known or there is none."""

    id: str
    instrument: Instrument
    article: int | None
    start: date | None
    end: date | None
    statement: Text
    mark: Mark

    @property
    def cite(self) -> Text:
        """In full: 《政府信息公开条例》第三十三条."""
        name, number = self.instrument.name, self.instrument.number
        if self.article is None:
            return Text(f"《{name.zh}》（{number}）", f"{name.en} ({number})")
        return Text(
            f"《{name.zh}》第{chinese_numeral(self.article)}条", f"{name.en}, Art {self.article}"
        )

    @property
    def brief(self) -> Text:
        """In short, for a narrow column: 《条例》第三十三条."""
        short = self.instrument.short
        if self.article is None:
            return Text(f"《{short.zh}》", short.en)
        return Text(
            f"《{short.zh}》第{chinese_numeral(self.article)}条", f"{short.en} Art {self.article}"
        )

    def in_force(self, day: date) -> bool | None:
        """Whether it applies on ``day``; None where its entry into force is not known."""
        if self.end is not None and day > self.end:
            return False
        return None if self.start is None else day >= self.start


class UnknownProvision(KeyError):
    """No provision has this id: a mistake in our own code or data, not in what a user wrote."""


def provision(id: str) -> Provision:
    """The provision with this id. Raises UnknownProvision."""
    try:
        return provisions()[id]
    except KeyError:
        raise UnknownProvision(id) from None


@functools.cache
def provisions() -> Mapping[str, Provision]:
    """Every provision by id, in the order of the data."""
    text = resources.files("gongkai.statute").joinpath("data/articles.json").read_text("utf-8")
    data = json.loads(text)
    instruments = {one["id"]: _instrument(one) for one in data["instruments"]}
    found: dict[str, Provision] = {}
    for one in data["provisions"]:
        if one["id"] in found:
            raise ValueError(f"articles.json: {one['id']} twice")
        found[one["id"]] = _provision(one, instruments[one["id"].split(".")[0]])
    return found


def _instrument(one: dict[str, Any]) -> Instrument:
    name = Text(one["zh"], one["en"])
    return Instrument(
        id=one["id"],
        name=name,
        short=Text(**one["short"]) if "short" in one else name,
        number=one["number"],
        dated=_day(one["dated"]),
        start=_day(one["from"]),
        end=_day(one["to"]),
        mark=Mark(one["mark"]),
    )


def _provision(one: dict[str, Any], instrument: Instrument) -> Provision:
    return Provision(
        id=one["id"],
        instrument=instrument,
        article=one["article"],
        start=_day(one["from"]) if "from" in one else instrument.start,
        end=_day(one["to"]) if "to" in one else instrument.end,
        statement=Text(one["zh"], one["en"]),
        mark=Mark(one["mark"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def chinese_numeral(number: int) -> str:
    """条文序号: 1 to 9999 as laws print it: 15 十五, 33 三十三, 105 一百零五, 201 二百零一."""
    if not 0 < number < 10_000:
        raise ValueError(f"no article has the number {number}")
    digits = "零一二三四五六七八九"
    places = ["", "十", "百", "千"]
    figures = str(number)
    text = "".join(
        digits[int(figure)] + (places[len(figures) - 1 - at] if figure != "0" else "")
        for at, figure in enumerate(figures)
    )
    while "零零" in text:
        text = text.replace("零零", "零")
    text = text.rstrip("零")
    return text[1:] if text.startswith("一十") else text
