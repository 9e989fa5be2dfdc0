"""年度报告的页面: whose report, its tables as they stand, the cases behind a figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from gongkai.web.annual import counts, page
from gongkai.web.annual.counts import FOUR, Year
from gongkai.web.applications import lists as application_lists
from gongkai.web.applications.counting import Period
from gongkai.web.applications.intake_views import READERS
from gongkai.web.organs import lists as organ_lists
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.doing import exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.remedies import lists as remedy_lists
from gongkai.web.shell import list_pages
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.lists import Cell, Column, Spec


@require_GET
@acting(*READERS)
def organs(request: HttpRequest) -> HttpResponseBase:
    """年度报告: an officer's own organ; a supervisor chooses one."""
    capacity = capacity_of(request)
    today = timezone.localdate()
    if capacity.role is not Role.SUPERVISOR:
        return redirect(page.link(capacity.organ, report_year(today)))
    rows = organ_queries.subtree(capacity.organ).select_related("parent")
    return list_pages.show(request, _spec(today), rows)


def report_year(today: date) -> int:
    """The year whose report is in hand: until the end of March the one before."""
    return today.year - 1 if today.month <= 3 else today.year


def _spec(today: date) -> Spec:
    usual = organ_lists.spec(today)
    year = report_year(today)
    shown = Column(
        "name",
        _("名称"),
        lambda o: Cell(o.name, href=page.link(o, year)),
        sort=("name",),
    )
    columns = (shown, *(one for one in usual.columns if one.id not in ("name", "credit_code")))
    return Spec(
        id="annual",
        title=_("年度报告"),
        columns=columns,
        order=usual.order,
        filters=usual.filters,
        search=usual.search,
        search_hint=usual.search_hint,
        empty_title=_("没有机关"),
        exports=False,
    )


def opened(request: HttpRequest, code: str, year: int) -> tuple[Year, str]:
    """The year of an address, and the day that was asked for; raises Http404."""
    capacity = capacity_of(request)
    today = timezone.localdate()
    organ = get_object_or_404(counts.open_to(capacity), code=code)
    if not page.FIRST <= year <= today.year:
        raise Http404
    found = counts.current(organ, year, today, capacity)
    given = _day(request.GET.get("as_of", ""))
    if given is None or not found.period.first <= given < found.period.end:
        return found, ""
    return replace(found, period=Period(year, given)), given.isoformat()


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
@acting(*READERS)
def tables(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """表三、表四: of a year, counted from the ledger."""
    one, as_of = opened(request, code, year)
    return render(request, "annual/tables.html", page.context(one, timezone.localdate(), as_of))


@acting(*READERS)
def cell(request: HttpRequest, code: str, year: int, address: str) -> HttpResponseBase:
    """一格: the cases that a figure counts."""
    one, as_of = opened(request, code, year)
    if not counts.is_counted(one, address):
        raise Http404
    today = timezone.localdate()
    context = page.cell_context(one, address, as_of)
    template = "annual/cell.html"
    if one.form.specs[address].table == FOUR:
        spec = remedy_lists.spec(one.capacity, remedy_lists.ALL, today)
        related = ("matter__request", "organ", "after")
        rows = counts.remedies_in(one, address).select_related(*related)
        rows = rows.prefetch_related("matter__request__matters")
        return list_pages.show(
            request, spec, rows, template=template, context=context,
            exported=lambda kind, count: exported(request, "remedies", kind, count),
        )  # fmt: skip
    found = application_lists.rows_of(counts.matters_in(one, address))
    return list_pages.show(
        request,
        application_lists.spec(one.capacity, application_lists.ALL, today),
        found,
        template=template,
        context=context,
        exported=lambda kind, count: exported(request, "applications", kind, count),
    )
