"""成果: downloads of a report, comparison with another, rolling up several, findings."""

from __future__ import annotations

import tempfile
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.statute.rollups import Refused, RollUp
from gongkai.web.desk import findings_book, outcome, queries, report_page
from gongkai.web.desk import outcome_page as page
from gongkai.web.desk.models import Mark, Report
from gongkai.web.desk.report_views import opened
from gongkai.web.desk.views import WORKERS, chosen
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import lists, uploads
from gongkai.web.shell.access import acting
from gongkai.web.shell.languages import lang

# -- one report


@require_GET
@acting(*WORKERS)
def downloads(request: HttpRequest, pk: int) -> HttpResponse:
    """下载: every carrier, with what people corrected or as it was read."""
    found = opened(request, pk)
    version = queries.in_hand(found)
    context = {
        "report": found,
        "carriers": page.downloads(found),
        "marks": sum(m.kind == "corrected" for m in queries.marks_of(version)),
        "original": reverse("desk:original", args=[pk, version.number]),
        "file": version.member or version.paper.name,
        "findings": f"{reverse('desk:findings')}?report={pk}",
        "title": _("下载"),
        "crumbs": report_page.crumbs(found, "downloads"),
    }
    return render(request, "desk/downloads.html", context)


@require_GET
@acting(*WORKERS)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """报告文件: the report in one carrier."""
    found = opened(request, pk)
    carrier = request.GET.get("as", "docx")
    if carrier not in outcome.CARRIERS:
        raise Http404
    corrected = "read" not in request.GET
    version = queries.in_hand(found)
    written = outcome.write(version, carrier, corrected=corrected, lang=lang())
    told = {"carrier": carrier.upper()}
    doer(request).tell("desk.written", found.holder, queries.address(found), new=told)
    name = outcome.file_name(found, carrier)
    stem, _dot, suffix = name.rpartition(".")
    if not corrected:
        name = f"{stem}（原样）.{suffix}"
    elif any(one.kind == Mark.Kind.CORRECTED for one in queries.marks_of(version)):
        name = f"{stem}（按核对结果）.{suffix}"
    return uploads.serve(BytesIO(written.data), name, carrier)


# -- comparing


@require_GET
@acting(*WORKERS)
def compare(request: HttpRequest, pk: int) -> HttpResponseBase:
    """对比: with another year or another organ."""
    found = opened(request, pk)
    capacity = capacity_of(request)
    words = request.GET.get("q", "").strip()[:60]
    key = lists.number(request.GET.get("with", ""))
    other = None
    if key is not None:
        rows = queries.visible_reports(capacity).select_related("organ", "holder")
        other = get_object_or_404(rows, pk=key)
    groups = page.others(found, capacity, words)
    context: dict[str, Any] = {
        "report": found,
        "tabs": report_page.tabs(found, "compare"),
        "title": f"{report_page.name_of(found)} · {_('对比')}",
        "heading": report_page.name_of(found),
        "crumbs": report_page.crumbs(found, "compare"),
        "groups": groups,
        "words": words,
        "other": other,
    }
    if other is not None and other.pk != found.pk:
        a, b = page.in_order(found, other)
        made = outcome.compare(queries.in_hand(a), queries.in_hand(b))
        carrier = request.GET.get("as", "")
        if carrier in outcome.SUMS:
            data = outcome.compared(made, carrier, lang())
            name = f"{report_page.name_of(a)}_{report_page.name_of(b)}_对比.{carrier}"
            return uploads.serve(BytesIO(data), name, carrier)
        context["shown"] = page.compared(made)
        context["sheet"] = f"?{urlencode({'with': other.pk, 'as': 'xlsx'})}"
    return render(request, "desk/compare.html", context)


# -- adding up


@require_GET
@acting(*WORKERS)
def roll_up(request: HttpRequest) -> HttpResponseBase:
    """汇总: the reports ticked as one, with the coverage of every figure."""
    reports = _reports(request)
    if not reports:
        messages.error(request, _("勾选的名单已失效，请重新勾选。"))
        return redirect("desk:list")
    organ = capacity_of(request).organ
    options = _options(request, reports, organ.name)
    context = {
        "title": _("汇总"),
        "crumbs": report_page.crumbs(),
        "list": request.GET.get("list", ""),
        "count": len(reports),
        "unclaimed": sum(r.organ_id is None or r.year is None for r in reports),
        "lacking": sum(r.doubtful + r.absent > 0 for r in reports),
        **page.context_of(options, reports),
    }
    try:
        made = _rolled(reports, options, organ)
    except Refused as refused:
        context["problems"] = page.notes(refused.notes)
        return render(request, "desk/roll_up.html", context, status=422)
    carrier = request.GET.get("as", "")
    if carrier in (*outcome.SUMS, *outcome.CARRIERS):
        _told(doer(request), made, len(reports))
        name = f"{options['organ']}{made.year or ''}_汇总.{carrier}"
        return uploads.serve(BytesIO(outcome.rolled(made, carrier, lang())), name, carrier)
    query = request.GET.copy()
    query.pop("as", None)
    context["shown"] = page.rolled(made)
    context["wrong"] = page.wrong(made)
    context["carriers"] = list(page.carriers(f"?{query.urlencode()}"))
    return render(request, "desk/roll_up.html", context)


def _reports(request: HttpRequest) -> list[Report]:
    """The reports ticked that somebody still sees."""
    rows = queries.on_the_desk(queries.visible_reports(capacity_of(request)))
    found = rows.filter(pk__in=chosen(request)).select_related("organ", "holder")
    return list(found.order_by("holder__path", "year"))


def _options(request: HttpRequest, reports: list[Report], organ: str) -> dict[str, Any]:
    asked = request.GET
    known = page.years(reports)
    year = lists.number(asked.get("year", ""))
    return {
        "organ": asked.get("organ", "").strip()[:60] or organ,
        "year": year if year in known else None,
        "kind": asked.get("kind", "") if asked.get("kind", "") in page.KINDS else "",
        "partial": bool(asked.get("partial")),
        "mixed": bool(asked.get("mixed")),
        "expected": bool(asked.get("expected")),
    }


def _rolled(reports: list[Report], options: dict[str, Any], organ: Organ) -> RollUp:
    year = options["year"] or next(iter(page.years(reports)), None)
    units = None
    if options["expected"] and year:
        units = [o.name for o in organ_queries.children_on(organ, date(year, 12, 31))]
    return outcome.roll_up(
        reports,
        organ=options["organ"],
        units=units or None,
        year=options["year"],
        partial=options["partial"],
        mixed=options["mixed"],
        kinds=page.KINDS[options["kind"]],
    )


def _told(by: Doer, made: RollUp, count: int) -> None:
    """Keeps that somebody took a roll-up along."""
    if by.capacity is not None:
        by.tell(
            "desk.rolled_up",
            by.capacity.organ,
            f"rollup/{by.capacity.organ.code}",
            new={"count": count, "year": made.year, "organ": made.organ},
        )


# -- findings


@require_GET
@acting(*WORKERS)
def findings(request: HttpRequest) -> HttpResponseBase:
    """导出检查发现: a workbook to send back to the units."""
    one = lists.number(request.GET.get("report", ""))
    reports = [opened(request, one)] if one is not None else _reports(request)
    if not reports:
        messages.error(request, _("勾选的名单已失效，请重新勾选。"))
        return redirect("desk:list")
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    keys = [r.pk for r in reports]
    rows = queries.visible_reports(capacity_of(request)).filter(pk__in=keys)
    findings_book.write(out, rows, lang=lang())
    out.seek(0)
    by = doer(request)
    if by.capacity is not None:
        by.tell(
            "desk.findings_exported",
            by.capacity.organ,
            f"findings/{by.capacity.organ.code}",
            new={"count": len(reports)},
        )
    name = f"检查发现_{timezone.localdate():%Y%m%d}.xlsx"
    return uploads.serve(out, name, "xlsx")
