"""成果: what is made of reports on the desk: a report in any carrier, several rolled up, two
compared; findings to send back to the units are in `findings_book`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from gongkai.statute import checks, comparisons, corrections, rollups
from gongkai.statute.comparisons import Comparison
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.report import AnnualReport, Kind, Note
from gongkai.statute.rollups import RollUp
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import CARRIERS, Written, base_names
from gongkai.statute.writers import write as write_report
from gongkai.web.desk import queries, values
from gongkai.web.desk.models import Mark, Report, Version
from gongkai.web.organs import queries as organ_queries
from gongkai.web.shell.uploads import clean_name

_CORRECTED = Text(
    "{cell}：原件中读到“{read}”，由{who}更正为“{given}”。",
    "{cell}: the original was read as “{read}”; {who} corrected it to “{given}”.",
)
SUMS = ("xlsx", "html", "json")
"""载体: what a roll-up or a comparison can be written as."""

__all__ = ["CARRIERS", "SUMS", "compare", "roll_up", "write"]


# -- one report


def holding(version: Version) -> AnnualReport:
    """What holds of a version: with its marks."""
    return values.effective(version, queries.marks_of(version))


def write(
    version: Version,
    carrier: str,
    *,
    corrected: bool = True,
    mended: bool = False,
    lang: Lang = "zh",
) -> Written:
    """写出: with what people corrected, or as it was read; ``mended`` besides with what the rules
    settle (`statute.corrections`). What was corrected stands among the notes, where the carrier
    has room for them. Raises ValueError for an unknown carrier."""
    report = values.reading(version)
    if corrected:
        marks = queries.marks_of(version)
        report = values.laid_over(report, marks)
        told = tuple(_told(one) for one in marks if one.kind == Mark.Kind.CORRECTED)
        report = replace(report, notes=(*report.notes, *told))
    if mended:
        report = corrections.correct(report).report
    findings = checks.check(report).findings if carrier == "xlsx" else ()
    return write_report(report, to=carrier, lang=lang, findings=findings)


def _told(mark: Mark) -> Note:
    said = _CORRECTED.within(
        cell=values.label(mark.address),
        read=values.shown(mark.read),
        given=values.shown(mark.given),
        who=mark.by.name,
    )
    return Note("desk.corrected", said)


def file_name(report: Report, carrier: str) -> str:
    """What the file is called: 松风区教育局 2023 年度报告.docx."""
    name = report.organ.name if report.organ else report.said or _("未认定")
    return clean_name(f"{name}{report.year or ''}年度政府信息公开工作年度报告.{carrier}")


# -- several


def named(report: Report, held: AnnualReport) -> AnnualReport:
    """What holds, under the name the organ had in the report's year, so that units are found."""
    if report.organ is None or report.year is None:
        return held
    name = organ_queries.name_on(report.organ, date(report.year, 12, 31))
    others = (*held.organ_names, *([held.organ] if held.organ else []))
    return replace(
        held,
        organ=name.name if name else report.organ.name,
        organ_names=tuple(dict.fromkeys(others)),
        year=report.year,
    )


def held_of(reports: Sequence[Report]) -> list[AnnualReport]:
    """The same of several, in their order."""
    versions = queries.in_hand_of(reports)
    marks = queries.marks_of_all(versions.values())
    return [
        named(one, values.effective(version, marks.get(version.pk, ())))
        for one in reports
        if (version := versions.get(one.pk)) is not None
    ]


def roll_up(
    reports: Sequence[Report],
    *,
    organ: str,
    units: Sequence[str] | None = None,
    year: int | None = None,
    partial: bool = False,
    mixed: bool = False,
    kinds: Sequence[Kind] = (),
) -> RollUp:
    """汇总 under the name of ``organ``; ``units`` names those expected (`statute.rollups`).

    Raises rollup_choice.Refused where adding up would be wrong.
    """
    return rollups.rollup(
        held_of(reports),
        organ=organ,
        units=units,
        year=year,
        partial=partial,
        mixed=mixed,
        kinds=kinds,
    )


def wrong(found: RollUp) -> list[tuple[Finding, list[str]]]:
    """不成立之处: what the figures of a roll-up contradict among themselves, each with the units
    whose own figures contradict each other there too."""
    told = [
        one
        for one in checks.check(found.as_report()).findings
        if one.cells and one.outcome is Outcome.BROKEN and one.level is not Level.NOTE
    ]
    if not told:
        return []
    own: dict[tuple[str, frozenset[str]], list[str]] = {}
    for unit in found.units:
        if unit.report is not None:
            broken = checks.check(unit.report).findings
            keys = {_what(one) for one in broken if one.outcome is Outcome.BROKEN}
            for key in keys:
                own.setdefault(key, []).append(unit.name)
    return [(one, own.get(_what(one), [])) for one in told]


def _what(one: Finding) -> tuple[str, frozenset[str]]:
    return one.id, frozenset(one.cells)


def rolled(found: RollUp, carrier: str, lang: Lang = "zh") -> bytes:
    """A roll-up as a file of one of `SUMS`, or its totals as a report in any other carrier."""
    found = base_names.rolled(found)
    if carrier == "html":
        from gongkai.statute.writers import rollup_html

        return rollup_html.page(found, lang).encode()
    if carrier == "json":
        from gongkai.statute.writers import rollup_json

        return rollup_json.dump_line(found, lang).encode()
    if carrier == "xlsx":
        from gongkai.statute.writers import rollup_xlsx

        return rollup_xlsx.workbook(found, lang)
    return write_report(found.as_report(), to=carrier, lang=lang).data


def compare(a: Version, b: Version) -> Comparison:
    """对比: figures and wording of two versions, each as it holds."""
    return comparisons.compare(holding(a), holding(b))


def compared(found: Comparison, carrier: str, lang: Lang = "zh") -> bytes:
    """A comparison as a file of one of `SUMS`; raises ValueError for another carrier."""
    found = base_names.compared(found)
    if carrier == "html":
        from gongkai.statute.writers import compare_html

        return compare_html.page(found, lang).encode()
    if carrier == "json":
        from gongkai.statute.writers import compare_json

        return compare_json.dump_line(found, lang).encode()
    if carrier == "xlsx":
        from gongkai.statute.writers import compare_xlsx

        return compare_xlsx.workbook(found, lang)
    raise ValueError(f"no such carrier: {carrier!r}; known are {', '.join(SUMS)}")
