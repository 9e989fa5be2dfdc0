"""证据目录的 PDF: set as the letters are (PDF/A-2a, PDF/UA-1); the page is data/evidence.typ."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from gongkai.statute.writers import Written, evidence_paper, pdf_fonts, pdf_press
from gongkai.statute.writers.evidence_paper import EvidenceList

TEMPLATE = Path(__file__).parent.parent / "data" / "evidence.typ"


def write(
    listed: EvidenceList,
    *,
    fonts: Sequence[str | Path] = (),
    created: datetime | date | None = None,
) -> Written:
    """写成 PDF. ``created`` is the file's date. Notes and errors: as `writers.pdf.write`."""
    press = _press(tuple(str(folder) for folder in fonts))
    sheet = pdf_press.Sheet(press.fonts)
    head = [sheet.text(one) for one in evidence_paper.HEAD]
    sheet.repeated.append("".join(head))
    content = {
        "name": sheet.plain(listed.name),
        "author": [sheet.plain(listed.organ)] if listed.organ else [],
        "made": pdf_press.moment(created),
        "head": head,
        "widths": list(evidence_paper.WIDTHS),
        "title": sheet.text(evidence_paper.TITLE, "title"),
        "lines": [sheet.text(one) for one in listed.lines],
        "rows": [[sheet.text(cell) for cell in row] for row in listed.rows],
        "signed": [sheet.text(one) for one in listed.signed],
    }
    data = press.set(content, sheet)
    return Written(data, (*sheet.notes(), *pdf_press.refused(press.fonts)))


@functools.lru_cache(maxsize=4)
def _press(folders: tuple[str, ...]) -> pdf_press.Press:
    return pdf_press.Press(pdf_fonts.load(folders), TEMPLATE)
