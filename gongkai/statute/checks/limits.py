"""界限与词表: the thresholds and word lists of the checks, from ``data/checks.json``.

A threshold is a judgement with a reason, not law; the reason stands beside it in the data.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from typing import Any

from gongkai.statute.texts import Text


@dataclass(frozen=True, slots=True)
class Limit:
    """界限: one threshold, what it measures and why it stands where it stands."""

    id: str
    value: Decimal
    name: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Residue:
    """残留: a kind of text that never belongs in a report; ``signs`` are cheap to look for."""

    id: str
    name: Text
    signs: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Jump:
    """增减比较: a cell compared with last year; values below ``floor`` are too small to compare."""

    address: str
    floor: int


def value(id: str) -> Decimal:
    """The value of one threshold; KeyError for an id nobody entered."""
    return all_limits()[id].value


@functools.cache
def all_limits() -> dict[str, Limit]:
    """Every threshold by id, in the order of the data."""
    return {
        one["id"]: Limit(
            one["id"], Decimal(one["value"]), Text(one["zh"], one["en"]), Text(**one["why"])
        )
        for one in data()["limits"]
    }


@functools.cache
def residues() -> tuple[Residue, ...]:
    """The kinds of residue looked for."""
    return tuple(
        Residue(one["id"], Text(one["zh"], one["en"]), tuple(one["if"]), re.compile(one["pattern"]))
        for one in data()["residue"]
    )


@functools.cache
def jumps() -> tuple[Jump, ...]:
    """The cells compared with last year."""
    return tuple(Jump(one["address"], one["floor"]) for one in data()["jumps"])


@functools.cache
def boilerplate() -> re.Pattern[str]:
    """Sentences every report has; they prove no copying."""
    return re.compile("|".join(data()["boilerplate"]))


@functools.cache
def data() -> dict[str, Any]:
    """``data/checks.json`` as it stands."""
    text = resources.files("gongkai.statute").joinpath("data/checks.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
