"""文件名不带文件夹: what a page or workbook that is handed on says of files: their names, not where
they lay on the machine it was made on.

A unit without a name of its own goes by its file; two of these under one base name keep their path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongkai.statute.comparisons import Comparison
from gongkai.statute.report import AnnualReport, Note
from gongkai.statute.rollups import Aside, RollUp, Sum, Unit
from gongkai.statute.texts import Text


def base(file: str) -> str:
    """年报/林业局.docx is 林业局.docx."""
    return file.replace("\\", "/").rstrip("/").rpartition("/")[2] or file


def compared(found: Comparison) -> Comparison:
    """The comparison with its files by their base names."""
    return replace(found, a=_report(found.a), b=_report(found.b))


def rolled(found: RollUp) -> RollUp:
    """The roll-up with its files, and units that go by a file, by their base names."""
    names = _names(found)
    files = [unit.report.file for unit in found.units if unit.report]
    return replace(
        found,
        units=tuple(_unit(unit, names) for unit in found.units),
        sums={a: _sum(one, names) for a, one in found.sums.items()} if names else found.sums,
        aside=tuple(_aside(one, files) for one in found.aside),
        unread=tuple(base(file) for file in found.unread),
        notes=tuple(_note(note, files) for note in found.notes),
    )


def _report(report: AnnualReport) -> AnnualReport:
    return replace(report, file=base(report.file)) if report.file else report


def _names(found: RollUp) -> Mapping[str, str]:
    """Units that go by a file: as they are named, and as they are shown."""
    files = {unit.report.file for unit in found.units if unit.report} | set(found.unread)
    short = {u.name: base(u.name) for u in found.units if u.name in files and base(u.name)}
    times = Counter([*short.values(), *(u.name for u in found.units if u.name not in short)])
    return {name: one for name, one in short.items() if one != name and times[one] == 1}


def _unit(unit: Unit, names: Mapping[str, str]) -> Unit:
    report = None if unit.report is None else _report(unit.report)
    return replace(unit, name=names.get(unit.name, unit.name), report=report)


def _sum(one: Sum, names: Mapping[str, str]) -> Sum:
    return replace(
        one,
        given=tuple((names.get(name, name), value) for name, value in one.given),
        without=tuple((names.get(name, name), lack) for name, lack in one.without),
        doubtful=tuple(names.get(name, name) for name in one.doubtful),
    )


def _aside(one: Aside, files: Sequence[str]) -> Aside:
    why = _note(one.why, files) if one.why.id == "rollup.copy" else one.why
    return replace(one, file=base(one.file), why=why)


def _note(note: Note, files: Sequence[str]) -> Note:
    zh, en = note.text.zh, note.text.en
    for file in files:
        if base(file) != file and file in zh:
            zh, en = zh.replace(file, base(file)), en.replace(file, base(file))
    return replace(note, text=Text(zh, en))
