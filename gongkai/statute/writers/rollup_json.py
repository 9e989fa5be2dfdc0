"""汇总 JSON: a roll-up as the ordinary report JSON of its totals, with where each figure is from.

Each cell adds ``of`` (units expected), ``from`` (who gave what) and ``without`` (who gave no
number, and why); the key ``rollup`` holds the coverage. Every command that takes a report takes
this file too: it reads the totals.
"""

from __future__ import annotations

from typing import Any

from gongkai.statute.report import Value
from gongkai.statute.rollups import RollUp, Unit
from gongkai.statute.texts import Lang
from gongkai.statute.writers import json as json_writer


def to_dict(rolled: RollUp, lang: Lang) -> dict[str, Any]:
    """The roll-up as one object: plain dicts, lists, strings, integers and None."""
    whole = json_writer.to_dict(rolled.as_report(), lang)
    for address, one in rolled.sums.items():
        whole["cells"][address] |= {
            "of": one.of,
            "from": [{"organ": name, "value": plain(value)} for name, value in one.given],
            "without": [{"organ": name, "state": lack.value} for name, lack in one.without],
        }
    whole["rollup"] = {
        "complete": rolled.is_complete,
        "partial": rolled.partial,
        "listed": rolled.listed,
        "units": [_unit(unit) for unit in rolled.units],
        "missing": list(rolled.missing),
        "unread": list(rolled.unread),
        "aside": [
            {"organ": a.organ, "file": a.file, "id": a.why.id, "text": a.why.text.say(lang)}
            for a in rolled.aside
        ],
        "not_comparable": {a: why.say(lang) for a, why in rolled.not_comparable.items()},
    }
    return whole


def dump_line(rolled: RollUp, lang: Lang) -> str:
    """One line of JSON, its newline included: what ``gongkai rollup --json`` prints."""
    return json_writer.line(to_dict(rolled, lang))


def plain(value: Value | None) -> int | str | None:
    """A figure as the JSON of cells has it: counts as integers, money as decimal strings."""
    return value if value is None or isinstance(value, int) else format(value, "f")


def _unit(unit: Unit) -> dict[str, Any]:
    report = unit.report
    return {
        "name": unit.name,
        "organ": report.organ if report else None,
        "file": report.file if report else None,
        "part": report.part if report else None,
        "year": report.year if report else None,
        "edition": report.edition if report else None,
        "kind": report.kind.value if report else None,
        "numbers": unit.given,
        "cells": unit.cells,
        "without": {lack.value: count for lack, count in unit.lacks.items()},
    }
