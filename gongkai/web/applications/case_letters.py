"""案件页的文书: what the case page shows of deciding, letters and fees.

The pages of those stand in their own modules; this is their place on the case page.
"""

from __future__ import annotations

from typing import Any

from gongkai.statute.case_state import Case
from gongkai.statute.letters import kind
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter
from gongkai.web.organs.actions import Doer


def part(matter: Matter, case: Case, by: Doer) -> dict[str, Any]:
    """For templates/applications/case_letters.html."""
    return {
        "letters": [
            (said(kind(one.kind).name), one.get_state_display(), one.number)
            for one in matter.letters.all()
        ]
    }
