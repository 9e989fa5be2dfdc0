"""检查: one function per rule, each with an id for ever, its source and an example.

A rule holds, is broken, or cannot tell. Checks are plain functions from a `Case` to findings: they
never raise for what a report says, never print, never repair. docs/checks.md is generated from
``CHECKS`` by tools/checks_page.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gongkai.statute.checks import (
    applications,
    citing,
    copying,
    dates,
    form,
    law,
    proactive,
    remedies,
    text,
    units,
    years,
)
from gongkai.statute.findings import Case, Check, Finding, Outcome, Rule
from gongkai.statute.report import AnnualReport, Doubt, Kind

CHECKS: tuple[tuple[Rule, Check], ...] = (
    *form.CHECKS,
    *proactive.CHECKS,
    *applications.CHECKS,
    *remedies.CHECKS,
    *text.CHECKS,
    *years.CHECKS,
    *units.CHECKS,
    *copying.CHECKS,
    *dates.CHECKS,
    *law.CHECKS,
)
"""Every rule with its function, in the order of the form; findings come in this order."""

RETIRED: tuple[Rule, ...] = ()
"""Rules no longer applied. Their ids stay in docs/checks.md and are never used again."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """检查结论: what is broken or cannot be told, how many applications of rules hold, and the
    reader's doubts (address, doubt), which are not the report's faults."""

    findings: tuple[Finding, ...]
    held: int
    doubts: tuple[tuple[str, Doubt], ...]


def check(
    report: AnnualReport,
    *,
    previous: AnnualReport | None = None,
    children: Sequence[AnnualReport] = (),
    siblings: Sequence[AnnualReport] = (),
    published: date | None = None,
    kind: Kind = Kind.UNKNOWN,
) -> Outcomes:
    """检查一份年度报告: apply every rule to a report and what it may be compared with.

    ``previous`` is last year's report of the organ, ``children`` those of its units, ``siblings``
    those of organs beside it; ``published`` the day it became public; ``kind`` whose figures the
    tables hold. Rules that need what is not given say nothing.
    """
    case = Case(report, previous, tuple(children), tuple(siblings), published, kind)
    findings: list[Finding] = []
    held = 0
    for _, rule_of in CHECKS:
        for finding in rule_of(case):
            if finding.outcome is Outcome.HOLDS:
                held += 1
            else:
                cited = citing.in_force(finding.source, report)
                findings.append(replace(finding, source=cited))
    doubts = tuple((a, c.doubt) for a, c in report.cells.items() if c.doubt is not None)
    return Outcomes(tuple(findings), held, doubts)
