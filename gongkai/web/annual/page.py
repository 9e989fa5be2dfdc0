"""年度报告的页面: tables 3 and 4 as the form lays them out, each figure a way to its cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.statute import forms
from gongkai.statute.articles import provision
from gongkai.statute.grounds import REASONS, TABLE
from gongkai.statute.writers import paper
from gongkai.statute.writers.form_words import TABLES, cell_name
from gongkai.statute.writers.paper import Square
from gongkai.web.annual import counts
from gongkai.web.annual.counts import FOUR, Year
from gongkai.web.applications.counting import CARRIED_IN, CARRIED_OUT, CONCLUDED, RECEIVED
from gongkai.web.applications.event_kinds import said
from gongkai.web.desk import cells_page
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.languages import lang

FIRST = 2019  # the first form


def link(organ: Organ, year: int, as_of: str = "") -> str:
    """The tables of an organ's year."""
    asked = f"?as_of={as_of}" if as_of else ""
    return reverse("annual:tables", args=[organ.code, year]) + asked


def crumbs(year: Year) -> list[tuple[str, str]]:
    """Above the pages of one organ."""
    found = []
    if year.capacity.role is Role.SUPERVISOR:
        found.append((_("年度报告"), reverse("annual:list")))
    return found


def context(year: Year, today: date, as_of: str) -> dict[str, Any]:
    """Everything the page prints."""
    counted = year.cells()

    def figure(square: Square, spans: str) -> str:
        return _figure(square, spans, counted, year, as_of)

    organ, period = year.organ, year.period
    reporter = organ_queries.reporter_of(organ, period.year)
    elsewhere = reporter.pk != organ.pk
    seen = elsewhere and counts.may_open(year.capacity, reporter)
    return {
        "reporter": reporter if elsewhere else None,
        "reporter_href": link(reporter, period.year) if seen else "",
        "organ": organ,
        "year": period.year,
        "crumbs": crumbs(year),
        "years": [(one, link(organ, one)) for one in range(today.year, FIRST - 1, -1)],
        "as_of": period.end,
        "asked": as_of,
        "earliest": period.first,
        "latest": min(today, date(period.year, 12, 31)),
        "over": period.year < today.year,
        "form": year.form,
        "others": sorted(one.name for one in Organ.objects.filter(pk__in=year.organs - {organ.pk})),
        "tables": [
            (TABLES[table.id].say(lang()), cells_page.drawn(table, figure))
            for table in paper.empty_tables(year.form.edition)
            if table.id in (TABLE, FOUR)
        ],
    }


def _figure(square: Square, spans: str, counted: Mapping[str, int], year: Year, as_of: str) -> str:
    assert square.address is not None
    value = counted[square.address]
    text = f'<a href="{cell_link(year, square.address, as_of)}">{value}</a>' if value else "0"
    return f'<td class="fig"{spans} data-cell="{square.address}">{text}</td>'


# -- one cell


def cell_link(year: Year, address: str, as_of: str = "") -> str:
    """The cases behind a figure."""
    asked = f"?as_of={as_of}" if as_of else ""
    return reverse("annual:cell", args=[year.organ.code, year.period.year, address]) + asked


def cell_context(year: Year, address: str, as_of: str) -> dict[str, Any]:
    """What a cell is called, what counts in it, and the way back."""
    spec = year.form.specs[address]
    return {
        "title": _("%(year)d 年 %(cell)s")
        % {
            "year": year.period.year,
            "cell": cell_name(spec, lang()),
        },
        "organ": year.organ,
        "crumbs": [
            *crumbs(year),
            (
                _("%(name)s %(year)d 年")
                % {"name": year.organ.short_name or year.organ.name, "year": year.period.year},
                link(year.organ, year.period.year, as_of),
            ),
        ],
        "as_of": year.period.end,
        "helps": helps(year, spec),
    }


def helps(year: Year, spec: forms.Spec) -> list[str]:
    """What counts in a cell and what does not."""
    row = spec.row.id
    if spec.table == FOUR:
        return [
            _("计入针对本机关答复或者逾期不答复的复议、诉讼；共同被告只计入作出答复的机关。"),
            _("尚未审结的，指截至年底没有结果的；跨年的是否两年都计，依设置。"),
        ]
    usual: dict[str, list[str]] = {
        RECEIVED: [
            _("按收到之日计（条例第三十一条）；一份申请分几件答复的，按件计。"),
            _("待确认收到的、更正本人信息的、并入他件的不计。"),
        ],
        CARRIED_IN: [_("上年收到、上年年底尚未办结的，等于上年的“结转下年度继续办理”。")],
        CONCLUDED: [_("本年办结的各种结果之和；在第一次答复的年度计一次。")],
        CARRIED_OUT: [_("截至统计日尚未办结的，含暂停计算期限的。")],
    }
    if row in usual:
        return usual[row]
    found = []
    for ground, reason in REASONS.items():
        if reason.row_in(year.period.year) == row:
            source = provision(reason.source).brief if reason.source else None
            basis = f"（{said(source)}）" if source else ""
            found.append(f"{said(REASONS[ground].name)}{basis}")
    return found
