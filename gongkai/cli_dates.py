"""日期: a date as people type it on a command line."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from gongkai.cli_language import UsageError
from gongkai.statute.texts import Text


def read(text: str) -> date:
    """2026-03-02, 2026/3/2, 20260302, 2026年3月2日; raises UsageError for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))", plain)
    if found is None:
        if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}日?", plain):
            wrong = Text(
                "“{text}”没有写年份，请连同年份写成 2026-03-02 的样式。",
                "“{text}” has no year: write the year too, like 2026-03-02.",
            )
        else:
            wrong = Text(
                "“{text}”不是日期，请写成 2026-03-02 的样式。",
                "“{text}” is no date: write it like 2026-03-02.",
            )
        raise UsageError(wrong.within(text=text))
    year, *rest = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, rest[0], rest[1])
    except ValueError:
        raise UsageError(
            Text("没有“{text}”这一天，请核对。", "There is no day {text}: check it.").within(
                text=text
            )
        ) from None
