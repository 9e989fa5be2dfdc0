"""写出: one module per carrier: a report goes in, the carrier's content comes out.

``write(report, to="docx")`` draws what `writers.paper` laid out (docx, pdf, html) or lists what
the report holds (xlsx, csv, json). What a carrier cannot hold, and whatever the form has no room
for, is said in the notes of what was written: nothing is left out in silence.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport, Note
from gongkai.statute.texts import Lang

CARRIERS = ("docx", "pdf", "html", "xlsx", "csv", "json")
"""载体: what a report can be written as; also the suffix of the file."""


@dataclass(frozen=True, slots=True)
class Written:
    """写出结果: the bytes of one file, and what its user should know of it (``write.*`` notes)."""

    data: bytes
    notes: tuple[Note, ...] = ()


def write(
    report: AnnualReport,
    *,
    to: str,
    lang: Lang = "zh",
    findings: Sequence[Finding] = (),
    **options: Any,
) -> Written:
    """写出年度报告: one report as one file of a carrier (``CARRIERS``).

    ``findings`` of the checks are listed where the carrier has room for them (xlsx); ``lang`` is
    the language of our own words (findings, notes), never of the report's. Further options are
    the carrier's: ``template`` (docx: bytes of a form to fill in place), ``fonts`` (pdf: folders
    to look for fonts in first). Raises ValueError for an unknown carrier, CannotRead
    (``error.template``) for a template that is no form.
    """
    if to not in CARRIERS:
        raise ValueError(f"no such carrier: {to!r}; known are {', '.join(CARRIERS)}")
    module = importlib.import_module(f"gongkai.statute.writers.{to}")
    written: Written = module.write(report, lang=lang, findings=findings, **options)
    return written
