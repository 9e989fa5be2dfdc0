"""来件的说明: what a paper says of itself where its file is here already."""

from __future__ import annotations

from typing import Any

from gongkai.statute.texts import Text
from gongkai.web.desk.models import Batch, Paper

SAME_FILE = "desk.same_file"
REFUSED = "desk.refused"

_SAME = Text(
    "同一个文件已在第 {number} 批中交来（“{name}”），没有重复读取。",
    "The same file came in with batch {number} (“{name}”); it was not read again.",
)


def number_of(batch: Batch) -> str:
    """批次号 as people say it: 2026-12."""
    return f"{batch.year}-{batch.number}"


def same_file(earlier: Paper) -> dict[str, Any]:
    """An error of a paper whose file came in before: which paper that is."""
    said = _SAME.within(number=number_of(earlier.batch), name=earlier.name)
    return {"id": SAME_FILE, "zh": said.zh, "en": said.en, "paper": earlier.pk}
