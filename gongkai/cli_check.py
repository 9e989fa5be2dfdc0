"""gongkai check: what the rules say of one report, as a page for people or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gongkai import cli_read, cli_run
from gongkai.cli_paper import Page, where
from gongkai.statute import checks
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.report import AnnualReport, Kind, State, Value
from gongkai.statute.texts import Lang, Text

LEVELS = {
    Level.ERROR: Text("错误", "Errors"),
    Level.WARNING: Text("警告", "Warnings"),
    Level.NOTE: Text("提示", "Notes"),
}
MARKS = {Level.ERROR: "✗", Level.WARNING: "!", Level.NOTE: "·"}
STYLES = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "dim"}
CANNOT_TELL = Text("无法判断", "Cannot tell")


@dataclass(frozen=True, slots=True)
class Against:
    """对照材料: what every report of this run is checked against; nothing is None or ()."""

    previous: tuple[AnnualReport, ...] = ()
    children: tuple[AnnualReport, ...] = ()
    siblings: tuple[AnnualReport, ...] = ()
    published: date | None = None
    kind: Kind = Kind.UNKNOWN
    missing: tuple[str, ...] = ()  # files of children that could not be read

    def check(self, report: AnnualReport) -> checks.Outcomes:
        """What the rules say of one report; a report is never compared with itself."""
        return checks.check(
            report,
            previous=year_before(report, self.previous),
            children=self.children,
            siblings=[s for s in self.siblings if s != report],
            published=self.published,
            kind=self.kind,
        )


def year_before(report: AnnualReport, candidates: Sequence[AnnualReport]) -> AnnualReport | None:
    """The same organ's report of the year before; the only one given is taken at its word."""
    if len(candidates) == 1:
        return candidates[0]
    names = {report.organ, *report.organ_names} - {None}
    for candidate in candidates:
        years_fit = report.year is not None and candidate.year == report.year - 1
        if years_fit and names & {candidate.organ, *candidate.organ_names}:
            return candidate
    return None


def is_broken(found: Sequence[Finding], *, strict: bool) -> bool:
    """Whether the run has found something: an error, and when strict all but a note."""
    for finding in found:
        if finding.outcome is Outcome.BROKEN and finding.level is Level.ERROR:
            return True
        if strict and (finding.outcome is Outcome.CANNOT_TELL or finding.level is Level.WARNING):
            return True
    return False


def row(
    report: AnnualReport, found: Sequence[Finding], *, broken: bool, file: str = ""
) -> cli_run.Row:
    """The report in the table at the end of a run."""
    verdict = report.verdict()
    grave = [f.level for f in found if f.outcome is Outcome.BROKEN]
    figures = (
        verdict.cells,
        verdict.counts[State.NUMBER],
        len(verdict.doubtful),
        len(report.leftovers),
        grave.count(Level.ERROR),
        grave.count(Level.WARNING),
    )
    shown = (str(report.year or "?"), *(str(number) for number in figures))
    return cli_run.Row(file or report.file, shown, broken)


def page(
    page: Page,
    report: AnnualReport,
    found: Sequence[Finding],
    held: int,
    against: Against | None = None,
) -> None:
    """What is wrong by weight, then what cannot be told, then the reader's doubts."""
    against = against or Against()
    cli_read.head(page, report)
    cli_read.facts(page, report, against.kind)
    cli_read.verdict(page, report)
    _missing(page, against)
    label = "  " + Text("检查", "checked").say(page.lang)
    page.prose(sums(found, held).say(page.lang), indent=10, label=label)
    for level, title in LEVELS.items():
        those = [f for f in found if f.outcome is Outcome.BROKEN and f.level is level]
        _group(page, report, title, those)
    _group(page, report, CANNOT_TELL, [f for f in found if f.outcome is Outcome.CANNOT_TELL])
    cli_read.doubts(page, report)
    page.blank()


def _missing(page: Page, against: Against) -> None:
    """Which of the units' reports the sums do without."""
    if not against.missing:
        return
    text = Text(
        "{all} 份中读到 {n} 份，合计只含这 {n} 份；未读到：{names}",
        "{n} of {all} were read and the sums cover those only; not read: {names}",
    ).within(
        n=len(against.children),
        all=len(against.children) + len(against.missing),
        names=("、" if page.lang == "zh" else ", ").join(against.missing),
    )
    label = "  " + page.say(Text("下级", "units"))
    page.prose(page.say(text), indent=10, label=label, style="yellow")


def sums(found: Sequence[Finding], held: int) -> Text:
    """错误 2、警告 1、提示 0、无法判断 0；通过 54 项. A rule applied to a column is one 项."""
    broken = [f.level for f in found if f.outcome is Outcome.BROKEN]
    untold = sum(f.outcome is Outcome.CANNOT_TELL for f in found)
    zh = [f"{title.zh} {broken.count(level)}" for level, title in LEVELS.items()]
    en = [f"{title.en.lower()} {broken.count(level)}" for level, title in LEVELS.items()]
    return Text(
        "、".join(zh) + f"、{CANNOT_TELL.zh} {untold}；通过 {held} 项",
        ", ".join(en) + f", {CANNOT_TELL.en.lower()} {untold}; {held} passed",
    )


def _group(page: Page, report: AnnualReport, title: Text, found: Sequence[Finding]) -> None:
    if not found:
        return
    cli_read.title(page, title, len(found))
    for finding in found:
        one(page, report, finding)


def one(page: Page, report: AnnualReport, finding: Finding) -> None:
    """One finding: its sentence, what is printed and expected, where, what to do, its source."""
    mark(page, finding, indent=2, style="bold")
    facts = _facts(finding, page.lang)
    if facts:
        page.prose("；".join(facts) if page.lang == "zh" else "; ".join(facts), indent=4)
    hint = finding.hint.say(page.lang)
    if hint:
        page.prose(hint, indent=4)
    source = Text("依据：{source}（{id}）", "Source: {source} ({id})")
    said = source.within(source=finding.source, id=finding.id).say(page.lang)
    page.prose(said if finding.source else finding.id, indent=4, style="dim")
    page.blank()


def mark(page: Page, finding: Finding, *, indent: int, style: str = "") -> None:
    """A finding's sentence behind the mark of its level."""
    told = finding.outcome is Outcome.CANNOT_TELL
    sign, color = ("?", "dim") if told else (MARKS[finding.level], STYLES[finding.level])
    page.prose(
        finding.message.say(page.lang),
        indent=indent + 2,
        label=" " * indent + sign,
        label_style=color,
        style=style,
    )


def _facts(finding: Finding, lang: Lang) -> list[str]:
    """What is printed, what was expected, where: as far as the sentence does not quote it all."""
    names = (
        (finding.printed, Text("写的是 {value}", "printed {value}")),
        (finding.expected, Text("应为 {value}", "expected {value}")),
    )
    facts = [
        name.within(value=_shown(value)).say(lang)
        for value, name in names
        # without a cell there is no place where it stands: the sentence says it all
        if finding.cells and value is not None and len(str(value)) <= 20
    ]
    at = where(finding.place, lang)
    if at:
        facts.append(Text("位置：{at}", "place: {at}").within(at=at).say(lang))
    return facts


def _shown(value: Value | str) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
