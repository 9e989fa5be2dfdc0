"""申请页上的复议诉讼: what stands against its answer, until when one may come."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from gongkai.statute import articles, dated, remedies
from gongkai.statute.case_state import Case
from gongkai.statute.remedies import Against
from gongkai.statute.transitions import Duty
from gongkai.web.applications import letter_content
from gongkai.web.applications import recording as application_recording
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import calendars
from gongkai.web.organs.doing import doer
from gongkai.web.remedies import recording, words
from gongkai.web.remedies.models import Remedy

_WINDOWS = {
    "reconsideration": _("可以申请行政复议，最迟"),
    "direct_suit": _("可以直接起诉，最迟"),
    "suit_against_silence": _("可以就逾期不答复起诉，最迟"),
    "longest": _("答复没有写明救济途径的，最长至"),
}


def part(request: HttpRequest, matter: Matter, case: Case) -> SafeString:
    """复议诉讼: nothing while there is neither a remedy nor anything to attack."""
    by = doer(request)
    today = timezone.localdate(by.at)
    against = recording.attackable(case, today)
    rows = list(
        Remedy.objects.filter(matter=matter).select_related("matter__request", "organ", "after")
    )
    if against is None and not rows:
        return mark_safe("")
    calendar = calendars.current()
    adds = against is not None and application_recording.may_do(by, matter, Duty.HANDLE)
    context = {
        "remedies": [
            (
                words.title(one),
                reverse("remedies:remedy", args=[one.pk]),
                one.body,
                words.result(one) or words.state(one),
                words.tone(one),
                words.due(one, today, calendar),
            )
            for one in rows
        ],
        "windows": windows(matter, against, today) if against else [],
        "add": reverse("remedies:new", args=[matter.pk]) if adds else "",
    }
    return mark_safe(render_to_string("remedies/case_part.html", context, request))


def windows(matter: Matter, against: Against, today: date) -> list[tuple[str, str, bool, str]]:
    """Until when reconsideration and suits may be sought: name, day, whether it is over, source."""
    try:
        found: Any = remedies.windows(
            against, calendars.current(), letter_content.conventions(matter.organ)
        )
    except dated.NotKnown:
        return []
    return [
        (
            str(_WINDOWS[one.id]),
            one.on.isoformat(),
            one.on < today,
            str(said(articles.provision(one.source).brief)) if one.source else "",
        )
        for one in found
    ]
