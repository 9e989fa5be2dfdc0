"""案件页的文书: what the case page shows of deciding, letters and fees.

The pages of those stand in their own modules; this is their place on the case page.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gongkai.statute.case_events import Act
from gongkai.statute.case_state import Case
from gongkai.web.applications import archive_actions, letter_actions, letter_page
from gongkai.web.applications.models import Matter
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.access import Role


def part(matter: Matter, case: Case, by: Doer) -> dict[str, Any]:
    """For templates/applications/case_letters.html."""
    return {
        "letters": letter_page.rows(matter),
        "archive": (
            reverse("applications:archive_file", args=[matter.pk])
            if by.capacity is not None
            and by.capacity.role is not Role.SUPERVISOR
            and any(event.act is Act.ARCHIVE for event in case.events)
            and archive_actions.file_of(matter) is not None
            else ""
        ),
        "writes": letter_actions.writes(by, matter),
        "drafts": reverse("applications:letter_choose", args=[matter.pk]),
    }
