"""成果的页面: what is downloaded, compared, rolled up, in the words of pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongkai.statute.comparisons import Comparison
from gongkai.statute.report import Kind, Note
from gongkai.statute.rollups import RollUp
from gongkai.statute.texts import Text
from gongkai.statute.writers import base_names, compare_html, rollup_html
from gongkai.web.desk import outcome, queries
from gongkai.web.desk.models import Report
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell.languages import lang

OTHERS = 200  # reports offered to be compared with
CARRIERS = {
    "docx": Text("文档（.docx）", "Document (.docx)"),
    "pdf": Text("PDF", "PDF"),
    "html": Text("网页（.html）", "Web page (.html)"),
    "xlsx": Text("Excel 工作簿，附检查结果", "Excel workbook with the findings"),
    "csv": Text("CSV 长表", "CSV, one cell a line"),
    "json": Text("供程序读取（.json）", "For programs (.json)"),
}
KINDS: dict[str, tuple[Kind, ...]] = {
    "": (),
    "organ": (Kind.ORGAN,),
    "region": (Kind.REGION,),
    "both": (Kind.ORGAN, Kind.REGION),
}
# What the command's sentences call its options, and what the form calls the same.
_OPTIONS = (
    ("请加 --", "请选 --"),
    (" say --", " choose --"),
    (" Say --", " Choose --"),
    ("--kind organ", Text("“只加本机关口径的”", "“own figures only”")),
    ("--kind region", Text("“只加地区汇总的”", "“whole regions only”")),
    ("--kind both", Text("“两种都加”", "“both”")),
    ("--mixed --edition", Text("“两版格式一起加”", "“both forms together”")),
    ("--partial", Text("“只加有数的”", "“add what there is”")),
    ("--units", Text("“应报单位”", "“units expected”")),
    ("--year", Text("“年度”", "“year”")),
)


def said(note: Note) -> str:
    """A sentence of the statute, its options called as on the form."""
    return _renamed(note.text.say(lang()))


def _renamed(text: str) -> str:
    for option, word in _OPTIONS:
        text = text.replace(option, word if isinstance(word, str) else word.say(lang()))
    return text


def downloads(report: Report) -> list[dict[str, str]]:
    """Every carrier, with what people corrected and as it was read."""
    address = reverse("desk:file", args=[report.pk])
    shown_in = lang()
    return [
        {
            "name": name.say(shown_in),
            "suffix": carrier,
            "corrected": f"{address}?as={carrier}",
            "read": f"{address}?as={carrier}&read=1",
        }
        for carrier, name in CARRIERS.items()
        if carrier in outcome.CARRIERS
    ]


# -- comparing


def others(
    report: Report, capacity: Capacity, words: str
) -> list[tuple[str, list[tuple[int, str]]]]:
    """What a report may be compared with, in groups: the organ's other years, other organs."""
    rows = queries.on_the_desk(queries.visible_reports(capacity)).exclude(pk=report.pk)
    rows = rows.filter(year__isnull=False, organ__isnull=False).select_related("organ")
    groups = []
    if report.organ_id is not None:
        own = rows.filter(organ=report.organ_id).order_by("-year")
        groups.append((_("同一机关的其他年度"), _options(own)))
    rest = rows.exclude(organ=report.organ_id) if report.organ_id else rows
    if report.year is not None and not words:
        rest = rest.filter(year=report.year)
    for word in words.split():
        rest = rest.filter(holder__known_as__icontains=word)
    label = _("找到的其他机关") if words else _("同一年度的其他机关")
    groups.append((label, _options(rest.order_by("holder__path", "-year")[:OTHERS])))
    return [group for group in groups if group[1]]


def _options(rows: QuerySet[Report]) -> list[tuple[int, str]]:
    return [(r.pk, f"{r.organ.name if r.organ else ''} {r.year}") for r in rows]


def in_order(one: Report, other: Report) -> tuple[Report, Report]:
    """The earlier year first; of one year, the other organ's first."""
    if (other.year or 0) <= (one.year or 0):
        return other, one
    return one, other


def compared(found: Comparison) -> SafeString:
    """The comparison as a part of a page; every text of the reports is escaped by the writer."""
    return mark_safe("".join(compare_html.body(base_names.compared(found), lang())))


# -- adding up


def rolled(found: RollUp) -> SafeString:
    """The roll-up as a part of a page."""
    return mark_safe(_renamed("".join(rollup_html.body(base_names.rolled(found), lang()))))


UNITS = 12  # named for one contradiction


def wrong(found: RollUp) -> list[tuple[str, str]]:
    """What does not hold in a roll-up, and from which units it comes."""
    return [(one.message.say(lang()), _from(names)) for one, names in outcome.wrong(found)]


def _from(names: Sequence[str]) -> str:
    if not names:
        return _("没有一个单位单独不成立：可能是有的单位缺数，或两版格式一起加。")
    told = _("、").join(names[:UNITS])
    if len(names) > UNITS:
        told = _("%(names)s 等 %(count)d 个单位") % {"names": told, "count": len(names)}
    return _("来自：%(units)s") % {"units": told}


def years(reports: Iterable[Report]) -> list[int]:
    """The years of the reports chosen, the newest first."""
    return sorted({one.year for one in reports if one.year}, reverse=True)


def carriers(address: str) -> Iterator[tuple[str, str]]:
    """Downloads of a roll-up: with its coverage, or its totals as a report."""
    shown_in = lang()
    yield _("Excel 工作簿"), f"{address}&as=xlsx"
    yield CARRIERS["html"].say(shown_in), f"{address}&as=html"
    yield CARRIERS["json"].say(shown_in), f"{address}&as=json"
    for carrier in ("docx", "pdf"):
        words = {"name": CARRIERS[carrier].say(shown_in)}
        yield _("合计填入报告：%(name)s") % words, f"{address}&as={carrier}"


def notes(found: Sequence[Note]) -> list[str]:
    """Several sentences."""
    return [said(one) for one in found]


def context_of(options: dict[str, Any], reports: Sequence[Report]) -> dict[str, Any]:
    """The form above a roll-up."""
    return {
        "options": options,
        "years": years(reports),
        "kinds": [
            ("", _("按报告写明的")),
            ("organ", _("只加本机关口径的")),
            ("region", _("只加地区汇总的")),
            ("both", _("两种都加")),
        ],
    }
