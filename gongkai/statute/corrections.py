"""更正: a copy of a report in which what the checks can mend by themselves is mended.

A check never repairs; whoever asks for a corrected copy gets one, with every change listed: what
stood there, what stands there now, by which rule. Changed are figures whose one right value
follows from the others (a total, a unit of money), the title and the section titles. A change of
figures that would break another rule is not made: which of the figures is wrong is then for the
officer to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.statute import checks, forms, notes
from gongkai.statute.checks import Outcomes
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.report import AnnualReport, Cell, Note, Passage, State, Value
from gongkai.statute.texts import Text

Check = Callable[[AnnualReport], Outcomes]


@dataclass(frozen=True, slots=True)
class Correction:
    """更正的一处: what was changed: an address, ``title`` or ``sections.5``."""

    what: str
    printed: str
    corrected: str
    rule: str

    def note(self) -> Note:
        """As a note of the corrected report (``correct.changed``)."""
        return notes.note(
            "correct.changed",
            what=_name(self.what),
            printed=self.printed or Text("（空）", "(empty)"),
            corrected=self.corrected,
            rule=self.rule,
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """更正结果: the corrected report, what was changed, and the errors and warnings that stay."""

    report: AnnualReport
    made: tuple[Correction, ...]
    left: tuple[Finding, ...]


def correct(report: AnnualReport, *, check: Check = checks.check) -> Corrected:
    """更正一份年度报告. ``check`` is how it is checked (with its last year's report, its units …).

    The corrected report carries a note ``correct.changed`` for each change, so that it can never
    pass for the original.
    """
    outcomes = check(report)
    worded, made = _words(report, outcomes.findings)
    figures = dict(_figures(worded, outcomes.findings))
    accepted = _accepted(worded, figures, check)
    mended = _with(worded, accepted)
    made += [c for _, c in accepted.values()]
    mended = replace(mended, notes=(*mended.notes, *(c.note() for c in made)))
    left = tuple(f for f in check(mended).findings if _counts(f))
    return Corrected(mended, tuple(made), left)


Figure = tuple[Value, Correction]


def _figures(report: AnnualReport, findings: Sequence[Finding]) -> Iterator[tuple[str, Figure]]:
    """The cells for which the broken rules agree on one value; where they do not, none."""
    wanted: dict[str, set[Value]] = {}
    rules: dict[str, str] = {}
    for finding in findings:
        value = _value(report, finding)
        if value is not None:
            wanted.setdefault(finding.cells[0], set()).add(value)
            rules.setdefault(finding.cells[0], finding.id)
    for address, values in wanted.items():
        if len(values) == 1:
            (value,) = values
            raw = report.cell(address).raw
            yield address, (value, Correction(address, raw, _written(value), rules[address]))


def _value(report: AnnualReport, finding: Finding) -> Value | None:
    """The figure that would mend the first cell of a finding, of the type of its column."""
    if finding.outcome is not Outcome.BROKEN or not finding.cells:
        return None
    spec = forms.form(report.edition).specs.get(finding.cells[0]) if report.edition else None
    expected = finding.expected
    if spec is None or expected is None or isinstance(expected, str):
        return None
    if isinstance(expected, int) or spec.column.type == "decimal":
        return expected
    return None


def _accepted(report: AnnualReport, figures: dict[str, Figure], check: Check) -> dict[str, Figure]:
    """All changes of figures together if they break nothing else, else those that can be made
    one after the other without breaking anything."""
    before = _errors(check(report))
    if not figures or _errors(check(_with(report, figures))) < before:
        return figures
    accepted: dict[str, Figure] = {}
    for address, figure in figures.items():
        tried = {**accepted, address: figure}
        after = _errors(check(_with(report, tried)))
        if after < before:
            accepted, before = tried, after
    return accepted


def _errors(outcomes: Outcomes) -> set[tuple[str, tuple[str, ...]]]:
    """What is broken: (rule, cells). A proper subset afterwards is an improvement."""
    return {
        (f.id, f.cells)
        for f in outcomes.findings
        if f.outcome is Outcome.BROKEN and f.level is not Level.NOTE
    }


def _counts(finding: Finding) -> bool:
    return finding.level is not Level.NOTE


def _with(report: AnnualReport, figures: dict[str, Figure]) -> AnnualReport:
    cells = dict(report.cells)
    for address, (value, correction) in figures.items():
        cells[address] = Cell(
            State.NUMBER, value, correction.corrected, place=report.cell(address).place
        )
    return replace(report, cells=cells)


def _words(
    report: AnnualReport, findings: Sequence[Finding]
) -> tuple[AnnualReport, list[Correction]]:
    """The title and the section titles as the form has them."""
    made: list[Correction] = []
    for finding in findings:
        printed, expected = finding.printed, finding.expected
        if not isinstance(printed, str) or not isinstance(expected, str):
            continue
        if finding.id == "form.title" and _squeezed(report.title) == printed:
            if "_" in expected:  # the year is not known
                continue
            report = replace(report, title=expected)
            made.append(Correction("title", printed, expected, finding.id))
        elif finding.id == "form.section_title":
            sections = {
                no: tuple(_retitled(p, printed, expected) for p in passages)
                for no, passages in report.sections.items()
            }
            changed = [no for no in sections if sections[no] != report.sections[no]]
            report = replace(report, sections=sections)
            made += [Correction(f"sections.{n}", printed, expected, finding.id) for n in changed]
    return report, made


def _retitled(passage: Passage, printed: str, expected: str) -> Passage:
    same = " ".join(passage.title.split()) == printed
    return replace(passage, title=expected) if same else passage


def _squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def _written(value: Value) -> str:
    return str(value) if isinstance(value, int) else format(value, "f")


def _name(what: str) -> Text:
    """What was changed, as people call it."""
    if what == "title":
        return Text("标题", "the title")
    if what.startswith("sections."):
        no = int(what.removeprefix("sections."))
        return Text(f"第{'一二三四五六'[no - 1]}部分标题", f"the title of section {no}")
    specs = (forms.form(e).specs.get(what) for e in reversed(forms.editions()))
    label = next(spec.label for spec in specs if spec is not None)
    table = notes.TABLES[what.split(".", 1)[0]]
    return Text("{table} {label}", "{table}, {label}").within(table=table, label=label)
