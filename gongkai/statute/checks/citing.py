"""依据的写法: a rule's source may name several notices; a finding cites the one in force.

国办公开办函〔2019〕60号 for 2019 and 2020, 国办公开办函〔2021〕30号 from 2021; read from the forms.
"""

from __future__ import annotations

from gongkai.statute import forms
from gongkai.statute.report import AnnualReport

_BOTH = "国办公开办函〔2019〕60号、〔2021〕30号"


def in_force(source: str, report: AnnualReport) -> str:
    """``source`` with the notices of other years left out; as it stands where none would remain."""
    edition = forms.due_edition(report.year) or report.edition_due or report.edition
    if edition is None:
        return source
    due = forms.form(edition).number
    others = [forms.form(e).number for e in forms.editions() if e != edition]
    parts = source.replace(_BOTH, due).split("；")
    kept = [p for p in parts if due in p or not any(number in p for number in others)]
    return "；".join(kept) or source
