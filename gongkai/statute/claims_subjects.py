"""文字表述的对象和渠道: what a claim of the prose may count, and the cells it may speak of.

The table is ``data/claims.json``. A reading is a sum of addresses: 行政诉讼 is 未经复议直接起诉 and
复议后起诉 together. An edition that lacks an address has no such reading.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from gongkai.statute import forms
from gongkai.statute.texts import Text

Reading = tuple[str, ...]
Weight = Literal["error", "warning", "note"]
_UNKNOWN_EDITION = "2021"


@dataclass(frozen=True, slots=True)
class Subject:
    """对象: what is counted. ``measures`` are the measure words that may count it.

    ``meant`` are the readings the words say first, ``accepted`` those that also agree with them
    (26 收到 may include 1 上年结转); ``weight`` is how much a contradiction weighs; ``stock`` is
    True for what exists at a date (现行有效), which no year adds to.
    """

    id: str
    term: Text
    meant: tuple[Reading, ...]
    accepted: tuple[Reading, ...]
    weight: Weight
    measures: str
    stock: bool = False


@functools.cache
def data() -> Mapping[str, Any]:
    """The whole table as stored."""
    file = resources.files("gongkai.statute") / "data" / "claims.json"
    found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _subject(id: str, row: Mapping[str, Any]) -> Subject:
    return Subject(
        id,
        Text(row["zh"], row["en"]),
        tuple(tuple(r) for r in row.get("cells", ())),
        tuple(tuple(r) for r in row.get("also", ())),
        row["level"],
        row["measures"],
        row.get("stock", False),
    )


SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {id: _subject(id, row) for id, row in data()["subjects"].items()}
)
"""Every subject id, with its Chinese term as ``SUBJECTS[id].term.zh``."""

CHANNELS: Mapping[str, Text] = MappingProxyType(
    {id: Text(row["zh"], row["en"]) for id, row in data()["channels"].items()}
)
"""Every channel id with its term: of applications (当面 …) and of publication (政府网站 …)."""


@functools.cache
def meant(subject: str, edition: str | None) -> tuple[Reading, ...]:
    """The readings of a subject in one edition (2021 where the edition is unknown)."""
    known = forms.form(edition or _UNKNOWN_EDITION).specs
    return tuple(r for r in SUBJECTS[subject].meant if all(a in known for a in r))


@functools.cache
def accepted(subject: str, edition: str | None) -> tuple[Reading, ...]:
    """The readings that agree with a subject too, without being meant first."""
    known = forms.form(edition or _UNKNOWN_EDITION).specs
    return tuple(r for r in SUBJECTS[subject].accepted if all(a in known for a in r))


@functools.cache
def cells(subject: str, edition: str | None) -> tuple[str, ...]:
    """All candidate addresses of a subject in one edition, in the order of its readings.

    Where the edition has no cell for what is meant (公开规章 in the 2021 form), those of the
    readings that may agree with it.
    """
    readings = meant(subject, edition) or accepted(subject, edition)
    return tuple(dict.fromkeys(a for reading in readings for a in reading))
