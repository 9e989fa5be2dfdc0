"""来件的说明: what a paper says of itself where its file is here already."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from gongkai.statute.texts import Text
from gongkai.web.desk.models import Batch, Paper

SAME_FILE = "desk.same_file"
REFUSED = "desk.refused"

_SAME = Text(
    "同一个文件已由{who}于 {at} 在第 {number} 批中交来（“{name}”），没有重复读取。",
    "The same file was handed in by {who} on {at} with batch {number} (“{name}”); it was not read "
    "again.",
)


def number_of(batch: Batch) -> str:
    """批次号 as people say it: 2026-12."""
    return f"{batch.year}-{batch.number}"


def same_file(earlier: Paper) -> dict[str, Any]:
    """An error of a paper whose file came in before: which paper that is."""
    batch = earlier.batch
    said = _SAME.within(
        who=batch.by.name,
        at=f"{timezone.localtime(batch.at):%Y-%m-%d %H:%M}",
        number=number_of(batch),
        name=earlier.name,
    )
    return {"id": SAME_FILE, "zh": said.zh, "en": said.en, "paper": earlier.pk}
