"""退回单位的检查发现: the findings of a selection of reports as a workbook: one sheet of all, and
one for each unit, to be cut out and sent.

Rows are written as they are read, however many; text stays text. Each row says the unit, the cell
as the form calls it, what is printed and expected, why, and what to do.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from gongkai.statute.findings import Level, Outcome
from gongkai.statute.report import Place
from gongkai.statute.texts import Lang
from gongkai.statute.writers import paper
from gongkai.statute.writers.sums_xlsx import MADE
from gongkai.statute.writers.xlsx_findings import LEVELS, OUTCOMES, label_of, where
from gongkai.web.desk.models import Finding, Report

SHEETS = 200  # units with a sheet of their own; of more, all stand on the one sheet alone
_MOST_ROWS = 1_048_000
_CHUNK = 64 << 10
_UNFIT = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Column:
    """一列: its heading and width, and what stands in it of a finding."""

    heading: str
    width: int
    of: Callable[[Finding, Report, Lang], str]


def columns() -> list[Column]:
    """The columns, their headings in the language of the request."""
    return [
        Column(_("机关"), 26, lambda f, r, lang: r.organ.name if r.organ else r.said),
        Column(_("年度"), 8, lambda f, r, lang: str(r.year or "")),
        Column(_("级别"), 8, lambda f, r, lang: LEVELS[Level(f.level)].say(lang)),
        Column(_("结论"), 10, lambda f, r, lang: OUTCOMES[Outcome(f.outcome)].say(lang)),
        Column(_("单元格或位置"), 34, _cells),
        Column(_("印的是"), 14, lambda f, r, lang: _shown(f.said.get("printed"))),
        Column(_("应为"), 12, lambda f, r, lang: _shown(f.said.get("expected"))),
        Column(_("说明"), 48, lambda f, r, lang: f.said["message"][lang]),
        Column(_("怎么办"), 44, lambda f, r, lang: f.said["hint"][lang]),
        Column(_("依据"), 30, lambda f, r, lang: f.said.get("source", "")),
        Column(_("规则"), 18, lambda f, r, lang: f.rule),
    ]


def rows(reports: QuerySet[Report]) -> Iterator[tuple[Report, list[Finding]]]:
    """Each report with its findings, in the order of the tree, then the years."""
    ordered = (
        reports.select_related("organ")
        .prefetch_related("findings")
        .order_by(F("organ__path").asc(nulls_last=True), "year", "pk")
    )
    for report in ordered.iterator(chunk_size=200):
        yield report, sorted(report.findings.all(), key=lambda one: one.position)


def workbook(reports: QuerySet[Report], lang: Lang = "zh") -> Iterator[bytes]:
    """检查发现.xlsx, in pieces. Nothing is held in memory but one report's findings."""
    with tempfile.TemporaryFile() as out:
        write(out, reports, lang)
        out.seek(0)
        while piece := out.read(_CHUNK):
            yield piece


def write(out: IO[bytes], reports: QuerySet[Report], lang: Lang = "zh") -> int:
    """The workbook into a file; returns how many findings stand in it."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": _("检查发现"), "created": MADE})
    told = columns()
    whole = _Sheet(book, _("全部"), told)
    units: dict[object, _Sheet] = {}
    apart = reports.order_by().values("organ", "said").distinct()[: SHEETS + 1].count() <= SHEETS
    for report, findings in rows(reports):
        unit = None
        if apart and findings:
            key = report.organ_id or report.said
            unit = units.get(key)
            if unit is None:
                name = report.organ.name if report.organ else report.said or _("未认定")
                unit = units[key] = _Sheet(book, _sheet_name(name, len(units)), told)
        for finding in findings:
            line = [paper.clean(one.of(finding, report, lang)) for one in told]
            whole.put(line)
            if unit is not None:
                unit.put(line)
    whole.end()
    for unit in units.values():
        unit.end()
    book.close()
    return whole.row


class _Sheet:
    def __init__(self, book: Any, name: str, told: Sequence[Column]) -> None:
        self.raw = book.add_worksheet(name)
        self.row = 0
        self.width = len(told)
        head = book.add_format(
            {"bold": True, "bg_color": "#EDEDE8", "border": 1, "text_wrap": True}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self.raw.set_landscape()
        self.raw.set_paper(9)
        self.raw.fit_to_pages(1, 0)
        self.raw.repeat_rows(0)
        self.raw.freeze_panes(1, 0)
        for at, one in enumerate(told):
            self.raw.set_column(at, at, one.width)
            self.raw.write_string(0, at, one.heading, head)

    def put(self, line: Sequence[str]) -> None:
        if self.row >= _MOST_ROWS:
            return
        self.row += 1
        for at, text in enumerate(line):
            self.raw.write_string(self.row, at, text[:32000], self.text)

    def end(self) -> None:
        if self.row:
            self.raw.autofilter(0, 0, self.row, self.width - 1)
        else:
            self.raw.write_string(1, 0, _("没有发现。"))


def _sheet_name(name: str, at: int) -> str:
    """At most 31 characters, unlike any other."""
    return f"{at + 1} {_UNFIT.sub('', name)}"[:31]


def _cells(finding: Finding, report: Report, lang: Lang) -> str:
    addresses = finding.said.get("cells") or []
    if addresses:
        return "\n".join(label_of(one) for one in addresses[:6]) + ("…" if addresses[6:] else "")
    place = dict(finding.said.get("place") or {})
    place.pop("bbox", None)
    return where(Place(**place), lang)


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:1000]
