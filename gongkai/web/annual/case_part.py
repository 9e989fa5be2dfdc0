"""案件页上的年度报告: in which years' tables the case counts, where, and why."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from gongkai.statute import forms
from gongkai.statute.case_state import Case
from gongkai.statute.grounds import TABLE
from gongkai.web.annual import page
from gongkai.web.applications import counting
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.doing import doer


def part(request: HttpRequest, matter: Matter, case: Case) -> SafeString:
    """计入年度报告: nothing where it counts nowhere."""
    found = []
    today = timezone.localdate(doer(request).at)
    for year, tallies in counting.places(matter, case, today):
        form = forms.form(forms.due(year).edition)
        rows = [
            (form.specs[f"{TABLE}.{one.row}.{matter.kind}"].row.label, str(said(one.why)))
            for one in tallies
        ]
        reporter = organ_queries.reporter_of(matter.organ, year)
        found.append((year, page.link(reporter, year), reporter, rows))
    if not found:
        return mark_safe("")
    return mark_safe(render_to_string("annual/case_part.html", {"years": found[::-1]}, request))
