"""gongkai compare: two reports side by side, as a page for people, as JSON, or as a file."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len

from gongkai import cli_gather, cli_read, cli_run
from gongkai.cli_language import UsageError
from gongkai.cli_paper import Page, clip
from gongkai.statute import unit_names
from gongkai.statute.checks import copying
from gongkai.statute.comparisons import Change, Comparison, Reuse, Section, compare
from gongkai.statute.findings import Case, Outcome
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Lang, Text
from gongkai.statute.writers import compare_html
from gongkai.statute.writers.compare_html import SIDES, SIGNS, percent, reused, side, spec, tells
from gongkai.statute.writers.form_words import TABLES, column_name, path_name, signed

WRITES = (".html", ".xlsx", ".json")
_MOST = 8  # reused sentences on the page; -o and --json have all


def run(
    manner: cli_run.Manner, a: str, b: str, out: str | None = None, jobs: int | None = None
) -> int:
    """The whole command; returns the exit code: differences are no fault."""
    suffix = cli_gather.suffix(out, WRITES)
    cli_gather.refuse_overwriting(out, [a, b])
    got = cli_gather.gather_sides(manner, [[a], [b]], jobs)
    if any(not side.reports for side in got):
        return cli_run.UNREADABLE
    code = cli_run.UNREADABLE if any(side.unread for side in got) else 0
    found = compare(*pair((a, b), got[0].reports, got[1].reports))
    if manner.as_json:
        from gongkai.statute.writers import compare_json

        sys.stdout.write(compare_json.dump_line(found, manner.lang))
    else:
        sys.stdout.write(page(manner, found))
    sys.stdout.flush()
    if out is not None:
        code = max(code, cli_gather.write(manner, out, content(found, suffix, manner.lang)))
    return code


def content(found: Comparison, suffix: str, lang: Lang) -> bytes | str:
    """The comparison as a file of one of `WRITES`."""
    if suffix == ".json":
        from gongkai.statute.writers import compare_json

        return compare_json.dump_line(found, lang)
    if suffix == ".html":
        return compare_html.page(found, lang)
    from gongkai.statute.writers import compare_xlsx

    return compare_xlsx.workbook(found, lang)


def pair(
    names: tuple[str, str], ours: Sequence[AnnualReport], theirs: Sequence[AnnualReport]
) -> tuple[AnnualReport, AnnualReport]:
    """One report of each side: the only one, or the one of the other side's organ.

    Raises UsageError where that leaves more than one.
    """
    if len(ours) == 1 and len(theirs) > 1:
        theirs = _of_organ(theirs, ours[0])
    elif len(theirs) == 1 and len(ours) > 1:
        ours = _of_organ(ours, theirs[0])
    for name, reports in zip(names, (ours, theirs), strict=True):
        if len(reports) != 1:
            raise UsageError(
                Text(
                    "“{name}”中有几份报告，看不出要比较哪一份。请每边只给一份。",
                    "“{name}” holds several reports; which one is meant cannot be told. Give one "
                    "on each side.",
                ).within(name=name)
            )
    return ours[0], theirs[0]


def _of_organ(reports: Sequence[AnnualReport], other: AnnualReport) -> Sequence[AnnualReport]:
    organ = unit_names.key(other.organ or "")
    found = [r for r in reports if organ and unit_names.key(r.organ or "") == organ]
    return found or reports


# -- the page


def page(manner: cli_run.Manner, found: Comparison) -> str:
    """Who is compared, the figures that differ table by table, the wording section by section."""
    page = Page(manner.paper)
    _head(page, found)
    for table in ("proactive", "applications", "remedies"):
        _table(page, found, table)
    _not_compared(page, found)
    _wording(page, found)
    page.blank()
    return page.text()


def _head(page: Page, found: Comparison) -> None:
    page.rule()
    page.prose(Text("两份年度报告对比", "Two annual reports compared").say(page.lang), style="bold")
    page.blank()
    for which, report in zip(SIDES, (found.a, found.b), strict=True):
        page.prose(_who(report, page.lang), indent=6, label="  " + which.say(page.lang))
        page.prose(report.file, indent=6, style="dim")
    for note in found.notes:
        page.prose(note.text.say(page.lang), indent=4, label="  ·", style="yellow")


def _who(report: AnnualReport, lang: Lang) -> str:
    organ = report.organ or cli_read.UNKNOWN.say(lang)
    edition = report.edition or "?"
    said = Text("{organ}  {year} 年度  {edition} 年版格式", "{organ}  {year}  form of {edition}")
    return said.within(organ=organ, year=report.year or "?", edition=edition).say(lang)


def _table(page: Page, found: Comparison, table: str) -> None:
    page.blank()
    page.line((TABLES[table].say(page.lang), "bold"))
    changes = [c for c in found.changes if c.comparable and c.address.startswith(f"{table}.")]
    told = [c for c in changes if tells(c)]
    rows: list[list[str]] = []
    styles: list[str] = []
    for _, cells in groupby(told, key=lambda c: c.address.rsplit(".", 1)[0]):
        same_row = list(cells)
        meant = spec(same_row[0].address, found)
        row = path_name(meant.row, meant.block, page.lang)
        if len(same_row) > 1 or table == "remedies":
            rows.append([row, "", "", "", ""])
            styles.append("dim")
        for one in same_row:
            column = column_name(spec(one.address, found).column, page.lang)
            alone = len(same_row) == 1 and table != "remedies"
            name = f"{row} / {column}" if alone else "  " + column
            rows.append([name, *_figures(one, page.lang)])
            styles.append("" if one.change != 0 else "dim")
    if rows:
        header = ["", *(s.say(page.lang) for s in SIDES)]
        header += [Text("增减", "change").say(page.lang), "%"]
        page.columns(rows, header=header, styles=styles)
    quiet = len(changes) - len(told)
    if quiet:
        text = Text("其余 {n} 格两份都是 0", "the other {n} cells are 0 in both")
        page.prose(page.say(text.within(n=quiet)), indent=2, style="dim")


def _figures(one: Change, lang: Lang) -> list[str]:
    change = "" if one.change is None else signed(one.change)
    a, b = side(one.a, one.a_state, lang), side(one.b, one.b_state, lang)
    return [a, b, change, percent(one)]


def _not_compared(page: Page, found: Comparison) -> None:
    """Cells that mean different things in the two forms, by reason."""
    apart = [c for c in found.changes if not c.comparable]
    if not apart:
        return
    cli_read.title(page, Text("不能比较的单元格", "Cells that cannot be compared"), len(apart))
    reasons = Counter(c.why.say(page.lang) for c in apart if c.why is not None)
    for reason, count in reasons.items():
        text = Text("{n} 格：{reason}", "{n}: {reason}").within(n=count, reason=reason)
        page.prose(page.say(text), indent=4, label="  ·")
    told = sum(any(value not in (None, 0) for value in (c.a, c.b)) for c in apart)
    if told:
        text = Text(
            "其中 {n} 格有数，见 -o 写出的文件或 --json。",
            "Figures stand in {n} of them: see the file of -o, or --json.",
        )
        page.prose(page.say(text.within(n=told)), indent=2, style="dim")


# -- wording


def _wording(page: Page, found: Comparison) -> None:
    cli_read.title(page, Text("文字沿用", "Wording taken over"))
    if not found.length:
        none = Text("乙没有可以比对的文字。", "B has no prose that could be compared.")
        page.prose(page.say(none), indent=2, style="dim")
        return
    page.prose(page.say(reused(found)), indent=2)
    rows = [
        [clip(section.title or "?", page.width - 40), *_section(section, page.lang)]
        for section in found.sections
        if section.length
    ]
    header = {
        "zh": ("", "字数", "一字不差", "只差数字", "沿用"),
        "en": ("", "length", "verbatim", "figures", "reused"),
    }[page.lang]
    page.columns(rows, header=header)
    for said in _checked(found):
        page.prose(page.say(said), indent=4, label="  !", style="yellow")
    _sentences(page, found)


def _section(section: Section, lang: Lang) -> list[str]:
    return [str(section.length), str(section.verbatim), str(section.figures), f"{section.share}%"]


def _checked(found: Comparison) -> Iterator[Text]:
    """What the rules on copied wording say, by the thresholds of the checks."""
    a, b = found.a, found.b
    own = unit_names.key(a.organ or "") == unit_names.key(b.organ or "")
    case = Case(b, previous=a) if own else Case(b, siblings=(a,))
    for _, rule_of in copying.CHECKS:
        for finding in rule_of(case):
            if finding.outcome is Outcome.BROKEN:
                yield Text("{message}（{id}）", "{message} ({id})").within(
                    message=finding.message, id=finding.id
                )


def _sentences(page: Page, found: Comparison) -> None:
    taken = [
        (section.text[mark.start : mark.end], mark.reuse)
        for section in found.sections
        for mark in section.marks
        if mark.reuse is not Reuse.NEW
    ]
    if not taken:
        return
    page.blank()
    about = Text(
        "沿用的句子（同：一字不差；数：只差数字、年份或机关名称）",
        "Sentences taken over (same: word for word; figures: but for figures, years or names)",
    )
    page.line(("  " + page.say(about), "dim"))
    indent = 4 + max(cell_len(page.say(sign)) for sign in SIGNS.values())
    longest = sorted(taken, key=lambda one: -len(one[0]))[:_MOST]
    for text, reuse in [one for one in taken if one in longest][:_MOST]:
        said = clip(text, 2 * (page.width - indent))
        page.prose(said, indent=indent, label="  " + page.say(SIGNS[reuse]))
    if len(taken) > _MOST:
        more = Text(
            "另有 {n} 句，用 -o 写成网页可见全部，逐句标出。",
            "{n} more; -o writes a page with every sentence marked.",
        )
        page.prose(page.say(more.within(n=len(taken) - _MOST)), indent=2, style="dim")
