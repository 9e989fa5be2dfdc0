"""对比 JSON: ``gongkai.compare/1``: every cell of two reports side by side, and reused wording."""

from __future__ import annotations

from typing import Any

from gongkai.statute.comparisons import Change, Comparison, Section, share
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Lang
from gongkai.statute.writers import json as json_writer
from gongkai.statute.writers.rollup_json import plain


def to_dict(found: Comparison, lang: Lang) -> dict[str, Any]:
    """The comparison as one object; ``cells`` follow the order of b's form."""
    return {
        "schema": json_writer.COMPARE,
        "a": _head(found.a),
        "b": _head(found.b),
        "cells": [_change(c, lang) for c in found.changes],
        "wording": {
            "length": found.length,
            "verbatim": found.verbatim,
            "figures": found.figures,
            "share": share(found.verbatim + found.figures, found.length),
        },
        "sections": [_section(s) for s in found.sections],
        "notes": [{"id": n.id, "text": n.text.say(lang)} for n in found.notes],
    }


def dump_line(found: Comparison, lang: Lang) -> str:
    """One line of JSON, its newline included: what ``gongkai compare --json`` prints."""
    return json_writer.line(to_dict(found, lang))


def _head(report: AnnualReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "part": report.part,
        "organ": report.organ,
        "year": report.year,
        "edition": report.edition,
        "kind": report.kind.value,
    }


def _change(one: Change, lang: Lang) -> dict[str, Any]:
    return {
        "address": one.address,
        "a": plain(one.a),
        "b": plain(one.b),
        "change": plain(one.change),
        "percent": one.percent,
        "comparable": one.comparable,
        "why": one.why.say(lang) if one.why else None,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "section": section.no,
        "title": section.title,
        "length": section.length,
        "verbatim": section.verbatim,
        "figures": section.figures,
        "share": section.share,
        "sentences": [
            {
                "start": mark.start,
                "end": mark.end,
                "text": section.text[mark.start : mark.end],
                "reuse": mark.reuse.value,
                "section": mark.section,
                "original": mark.original,
            }
            for mark in section.marks
        ],
    }
