"""文书的 PDF: letters set as official documents, one or many in a file (PDF/A-2a, PDF/UA-1).

The page is data/letter.typ; fonts, engine and proof are those of reports (`pdf_press`). Pictures
(a seal, the code of the tracking address) come as PNG; without a seal its place stays free.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gongkai.statute.letters import Letter
from gongkai.statute.writers import Written, letter_paper, pdf_fonts, pdf_press
from gongkai.statute.writers.letter_paper import MOST, SEAL_WIDTH, Line, ReplyPage, Style, png_size

TEMPLATE = Path(__file__).parent.parent / "data" / "letter.typ"


def write(
    letters: Sequence[Letter],
    *,
    letterhead: bool = False,
    seal: bytes | None = None,
    seal_width: float = SEAL_WIDTH,
    codes: Sequence[bytes | None] = (),
    duplex: bool = False,
    fonts: Sequence[str | Path] = (),
    created: datetime | date | None = None,
) -> Written:
    """写成 PDF: the letters one after the other, each from its own page 1.

    ``seal``: PNG printed over the signatures, ``seal_width`` mm; ``codes``: of each letter the PNG
    of its tracking address; ``duplex``: every letter begins on a new sheet. ``created`` is the
    file's date, else the day of the first letter. Notes and errors: as `writers.pdf.write`. Raises
    ValueError for no letters or more than MOST, and for a picture that is no PNG.
    """
    if not 0 < len(letters) <= MOST:
        raise ValueError(f"{len(letters)} letters; from 1 to {MOST} fit one file")
    for picture in (seal, *codes):
        if picture is not None:
            png_size(picture)
    press = _press(tuple(str(folder) for folder in fonts))
    sheet = pdf_press.Sheet(press.fonts)
    laid = [letter_paper.lay_out(letter, letterhead=letterhead) for letter in letters]
    pictures = [*codes, *[None] * (len(letters) - len(codes))]
    more = f"等{len(letters)}件" if len(letters) > 1 else ""
    content = {
        "name": sheet.plain(f"{laid[0].name}{more}"),
        "author": [sheet.plain(laid[0].organ)] if laid[0].organ else [],
        "made": pdf_press.moment(created or letters[0].on),
        "headed": letterhead,
        "duplex": duplex,
        "seal": None if seal is None else list(seal),
        "seal_width": seal_width,
        "letters": [_letter(one, code, sheet) for one, code in zip(laid, pictures, strict=True)],
    }
    data = press.set(content, sheet)
    return Written(data, (*sheet.notes(), *pdf_press.refused(press.fonts)))


def _letter(laid: letter_paper.Sheet, code: bytes | None, sheet: pdf_press.Sheet) -> dict[str, Any]:
    sheet.where = laid.name
    return {
        "lines": [_line(line, sheet) for line in laid.lines],
        "code": None if code is None else list(code),
        "beside": letter_paper.is_beside(laid.organ),
        "reply": None if laid.reply is None else _reply(laid.reply, sheet),
    }


def _line(line: Line, sheet: pdf_press.Sheet) -> dict[str, str]:
    role = "title" if line.style in (Style.TITLE, Style.LETTERHEAD) else "body"
    label = {"label": sheet.text(line.label)} if line.style is Style.ATTACHMENT else {}
    return {"style": line.style.value, "text": sheet.text(line.text, role), **label}


def _reply(page: ReplyPage, sheet: pdf_press.Sheet) -> dict[str, Any]:
    return {
        "title": sheet.text(page.title, "title"),
        "lead": sheet.text(page.lead),
        "rows": [
            {"label": sheet.text(row.label), "text": sheet.text(row.text), "lines": row.lines}
            for row in page.rows
        ],
        "back": sheet.text(page.back),
    }


@functools.lru_cache(maxsize=8)
def _press(folders: tuple[str, ...]) -> pdf_press.Press:
    return pdf_press.Press(pdf_fonts.load(folders), TEMPLATE, restarts=True)
