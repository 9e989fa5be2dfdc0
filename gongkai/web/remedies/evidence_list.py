"""证据目录: what the list of a remedy's evidence says: a Chinese paper, whoever makes it."""

from __future__ import annotations

from gongkai.statute.remedies import Proceeding
from gongkai.statute.remedy_results import KINDS, Kind
from gongkai.statute.writers.evidence_paper import EvidenceList
from gongkai.web.applications import words as application_words
from gongkai.web.remedies.models import Remedy


def of(one: Remedy, found: Proceeding) -> EvidenceList:
    """The list as it stands."""
    facts = (
        ("案件种类", KINDS[Kind(one.kind)].zh),
        ("受理法院" if found.suit else "复议机关", one.body),
        ("案号", one.case_number),
        ("针对的申请", f"{application_words.number(one.matter)} {one.matter.title}"),
    )
    return EvidenceList(one.organ.name, facts, found.evidence)
