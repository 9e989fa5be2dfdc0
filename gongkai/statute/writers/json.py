"""报告 JSON: a report as ``gongkai.report/1``, what was found in it as ``gongkai.check/1``, an
unreadable file as ``gongkai.error/1``.

Every key is always there; what is unknown is null. Counts are JSON integers, money is a decimal
string in 万元, so that no float ever stands between the report and its reader. Sentences
(notes, doubts, errors, findings) are written in one language, the caller's.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gongkai.statute import forms, report
from gongkai.statute.findings import Finding
from gongkai.statute.texts import Lang
from gongkai.statute.writers import Written

REPORT = "gongkai.report/1"
ERROR = "gongkai.error/1"
CHECK = "gongkai.check/1"
COMPARE = "gongkai.compare/1"


def write(
    value: report.AnnualReport, *, lang: Lang = "zh", findings: Sequence[Finding] = ()
) -> Written:
    """写出报告 JSON: one line of ``gongkai.report/1``; ``findings`` have a schema of their own.

    Half of a surrogate pair, which UTF-8 cannot hold, is written as its JSON escape.
    """
    return Written(dump_line(value, lang).encode("utf-8", "backslashreplace"))


def to_dict(value: report.AnnualReport, lang: Lang) -> dict[str, Any]:
    """The report as ``gongkai.report/1``: plain dicts, lists, strings, integers and None."""
    money = _money_addresses()
    return {
        "schema": REPORT,
        "file": value.file,
        "part": value.part,
        "organ": value.organ,
        "organ_names": list(value.organ_names),
        "kind": value.kind.value,
        "year": value.year,
        "edition": value.edition,
        "edition_due": value.edition_due,
        "title": value.title,
        "period": [day.isoformat() for day in value.period] if value.period else None,
        "signed_on": value.signed_on.isoformat() if value.signed_on else None,
        "contact": value.contact,
        "preamble": value.preamble,
        "sections": {
            no: [{"title": p.title, "text": p.text, "place": place(p.place)} for p in passages]
            for no, passages in value.sections.items()
        },
        "topics": dict(value.topics),
        "cells": {a: _cell(c, a in money, lang) for a, c in value.cells.items()},
        "other_edition_cells": {
            a: _cell(c, a in money, lang) for a, c in value.other_edition_cells.items()
        },
        "claims": [_claim(c) for c in value.claims],
        "verdict": _verdict(value.verdict()),
        "leftovers": [_leftover(left) for left in value.leftovers],
        "notes": [
            {"id": n.id, "place": place(n.place), "text": n.text.say(lang)} for n in value.notes
        ],
    }


def dump_line(value: report.AnnualReport, lang: Lang) -> str:
    """One line of JSON, its newline included: what ``gongkai read --json`` prints for a report."""
    return line(to_dict(value, lang))


def error_dict(file: str, cause: report.CannotRead, lang: Lang) -> dict[str, Any]:
    """A file that is no report, as ``gongkai.error/1``."""
    return {
        "schema": ERROR,
        "file": file,
        "error": {"id": cause.id, "text": cause.text.say(lang)},
    }


def checked_dict(
    value: report.AnnualReport, findings: Iterable[Finding], held: int, lang: Lang
) -> dict[str, Any]:
    """What the checks say of a report, as ``gongkai.check/1``; ``doubts`` are the reader's, apart
    from the report's own faults."""
    return {
        "schema": CHECK,
        "file": value.file,
        "organ": value.organ,
        "year": value.year,
        "doubts": [
            {
                "cell": address,
                "id": cell.doubt.id,
                "text": cell.doubt.text.say(lang),
                "place": place(cell.place),
            }
            for address, cell in value.cells.items()
            if cell.doubt is not None
        ],
        "findings": [finding_dict(f, lang) for f in findings],
        "held": held,
    }


def finding_dict(finding: Finding, lang: Lang) -> dict[str, Any]:
    """One finding; ``printed`` and ``expected`` keep the types of cells (money as a string)."""
    return {
        "id": finding.id,
        "level": finding.level.value,
        "outcome": finding.outcome.value,
        "cells": list(finding.cells),
        "printed": _plain(finding.printed),
        "expected": _plain(finding.expected),
        "message": finding.message.say(lang),
        "hint": finding.hint.say(lang),
        "source": finding.source,
        "place": place(finding.place),
    }


def line(value: Mapping[str, Any]) -> str:
    """A dict as one line of JSON with its newline."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"


def place(where: report.Place) -> dict[str, Any]:
    """A place with all its keys; what is not known is null."""
    return {
        "page": where.page,
        "bbox": list(where.bbox) if where.bbox else None,
        "table": where.table,
        "row": where.row,
        "column": where.column,
        "line": where.line,
    }


def _cell(cell: report.Cell, is_money: bool, lang: Lang) -> dict[str, Any]:
    return {
        "state": cell.state.value,
        "value": _decimal(Decimal(cell.value))
        if is_money and cell.value is not None
        else _plain(cell.value),
        "raw": cell.raw,
        "unit": cell.unit,
        "place": place(cell.place),
        "confidence": cell.confidence,
        "doubt": {"id": cell.doubt.id, "text": cell.doubt.text.say(lang)} if cell.doubt else None,
    }


def _claim(claim: report.Claim) -> dict[str, Any]:
    return {
        "subject": claim.subject,
        "channel": claim.channel,
        "cells": list(claim.cells),
        "value": _plain(claim.value),
        "unit": claim.unit,
        "exact": claim.exact,
        "cumulative": claim.cumulative,
        "raw": claim.raw,
        "place": place(claim.place),
    }


def _verdict(verdict: report.Verdict) -> dict[str, Any]:
    return {
        "cells": verdict.cells,
        **{state.value: count for state, count in verdict.counts.items()},
        "doubtful": list(verdict.doubtful),
    }


def _leftover(left: report.Leftover) -> dict[str, Any]:
    return {
        "place": place(left.place),
        "raw": left.raw,
        "values": list(left.values),
        "candidates": list(left.candidates),
    }


def _plain(value: report.Value | str | None) -> int | str | None:
    return _decimal(value) if isinstance(value, Decimal) else value


def _decimal(value: Decimal) -> str:
    return format(value, "f")  # never 1E+3


@functools.cache
def _money_addresses() -> frozenset[str]:
    """The money cells of every edition: a report may hold cells of another edition too."""
    return frozenset(
        address
        for edition in forms.editions()
        for address, spec in forms.form(edition).specs.items()
        if spec.column.type == "decimal"
    )
