"""文字雷同: sentences taken from last year's report or from a sibling's (ids ``copy.*``).

Sentences are compared without white space, punctuation, figures, years and the organ's own name;
headings and sentences every report has are left out. Identity only: no guessing at likeness.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.statute import wording
from gongkai.statute.checks import limits, showing, years
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Text

_SOURCE = (
    "国办公开办函〔2021〕30号（四）明确责任（内容雷同、敷衍塞责）；《政府信息公开条例》第四十七条"
)
_NUMBERS = "一二三四五六"

PREVIOUS = Rule(
    "copy.previous",
    Level.NOTE,
    Text("文字不是照搬上年的报告。", "The text was not taken over from last year's report."),
    _SOURCE,
    Text(
        "第一、五部分 20 句有 18 句与上年只差年份和数字。",
        "18 of 20 sentences differ only in year and figures.",
    ),
)
SIBLING = Rule(
    "copy.sibling",
    Level.NOTE,
    Text("文字不与同级单位的报告雷同。", "The text is not that of a sibling's report."),
    _SOURCE,
    Text(
        "与相邻街道的报告 15 句有 12 句相同。", "12 of 15 sentences stand in a neighbour's report."
    ),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """句子: as printed, the part it stands in, and what is compared."""

    text: str
    part: str
    key: str


def previous(case: Case) -> Iterator[Finding]:
    """Against last year's report."""
    last = case.previous
    if last is None or not years.same_organ(case.report, last):  # year.organ 已说明
        return
    yield from _compare(PREVIOUS, case.report, last, "copy.previous")


def sibling(case: Case) -> Iterator[Finding]:
    """Against each sibling given."""
    for other in case.siblings:
        if other is not case.report and not _same_report(case.report, other):
            yield from _compare(SIBLING, case.report, other, "copy.sibling")


def _same_report(report: AnnualReport, other: AnnualReport) -> bool:
    """The report itself, given among its siblings."""
    return report.organ is not None and (report.organ, report.year) == (other.organ, other.year)


def _compare(
    rule: Rule, report: AnnualReport, other: AnnualReport, limit: str
) -> Iterator[Finding]:
    ours = sentences(report)
    if len(ours) < limits.value("copy.sentences"):
        return
    theirs = {s.key for s in sentences(other)}
    taken = [s for s in ours if s.key in theirs]
    parts = _parts(ours, taken)
    share = len(taken) / len(ours)
    whole = [
        part
        for part, (n, of) in parts.items()
        if of >= limits.value("copy.section_sentences")
        and n >= float(limits.value("copy.section")) * of
    ]
    if share < float(limits.value(limit)) and not whole:
        yield rule.holds()
        return
    sure = share >= float(limits.value(f"{limit}_sure"))
    yield _finding(rule, report, other, ours, taken, Level.WARNING if sure else Level.NOTE)


def _finding(
    rule: Rule,
    report: AnnualReport,
    other: AnnualReport,
    ours: tuple[Sentence, ...],
    taken: list[Sentence],
    level: Level,
) -> Finding:
    parts = {part: n for part, n in _parts(ours, taken).items() if n[0]}
    zh = "、".join(f"{_part(p).zh} {n}/{of} 句" for p, (n, of) in parts.items())
    en = ", ".join(f"{_part(p).en} {n} of {of}" for p, (n, of) in parts.items())
    first = showing.listing([showing.quoted(s.text, 30) for s in taken], 3)
    source = other.organ or other.file or ""
    whom = (
        Text("上年报告", "last year's report")
        if rule is PREVIOUS
        else Text(f"“{source}”的报告", f"the report of “{source}”")
    )
    percent = round(100 * len(taken) / len(ours))
    return rule.broken(
        Text(
            f"{len(ours)} 句中有 {len(taken)} 句（{percent}%）与{whom.zh}相同（不计年份和数字）："
            f"{zh}。如{first.zh}。",
            f"{len(taken)} of {len(ours)} sentences ({percent}%) are those of {whom.en}, years and "
            f"figures apart: {en}. For instance {first.en}.",
        ),
        Text(
            "内容雷同、敷衍塞责造成不良后果的，要依条例第四十七条追究责任。"
            "请按本单位当年实际重写这些段落。",
            "A copied or perfunctory report may lead to liability under Article 47. Write these "
            "passages anew from what the unit did in the year.",
        ),
        printed=f"{len(taken)}/{len(ours)}",
        place=showing.said_at(report, taken[0].text) or showing.section_place(report, 1),
        level=level,
    )


def _parts(ours: tuple[Sentence, ...], taken: list[Sentence]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for s in ours:
        n, of = found.get(s.part, (0, 0))
        found[s.part] = (n, of + 1)
    for s in taken:
        n, of = found[s.part]
        found[s.part] = (n + 1, of)
    return found


def _part(no: str) -> Text:
    if no in "123456":
        return Text(f"第{_NUMBERS[int(no) - 1]}部分", f"section {no}")
    return Text("其他文字", "other text")


def sentences(report: AnnualReport) -> tuple[Sentence, ...]:
    """The sentences that can prove copying, each once, in order."""
    names = wording.names_of(report.organ, *report.organ_names)
    found: dict[str, Sentence] = {}
    for part, passages in report.sections.items():
        for passage in passages:
            for one in _sentences(passage.text, part, names):
                found.setdefault(one.key, one)
    return tuple(found.values())


@functools.lru_cache(maxsize=2048)  # 一批同级单位两两比对时，同一段文字只看一次
def _sentences(text: str, part: str, names: tuple[str, ...]) -> tuple[Sentence, ...]:
    least = int(limits.value("copy.length"))
    usual = limits.boilerplate()
    return tuple(
        Sentence(one.text, part, one.key)
        for one in wording.sentences(text, names)
        if len(one.text) >= least and len(one.key) >= least and not usual.search(one.text)
    )


CHECKS: tuple[tuple[Rule, Check], ...] = ((PREVIOUS, previous), (SIBLING, sibling))
