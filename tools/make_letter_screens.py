"""docs/screens/letters/: every kind of letter with invented values, as it is printed.

One picture a kind with all its pages, one with seal and code, one from Word (needs LibreOffice;
without it that picture is kept). Run: python -m tools.make_letter_screens
"""

from __future__ import annotations

import io
import math
import sys
import tempfile
from pathlib import Path

import segno
from PIL import Image, ImageDraw

from gongkai.statute import letter_samples, letters
from gongkai.statute.writers import letter_docx, letter_pdf
from tools import make_screens

SCREENS = make_screens.SCREENS / "letters"
IN_WORD = "partly_granted"
WITH_ALL = "refused_third_party"  # with a seal, the code of the tracking page, no letterhead


def main() -> int:
    """Every picture anew; returns 1 where LibreOffice was missing."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for id in letters.kinds():
            draw(letter_pdf.write([sample(id)], letterhead=True).data, folder, id)
        whole = {"tracking_url": "https://linxi.example/t", "tracking_code": "7K2M-Q4TD"}
        stamped = letter_pdf.write([sample(WITH_ALL, **whole)], seal=seal(), codes=[code()])
        draw(stamped.data, folder, f"{WITH_ALL}_sealed")
        file = folder / "letter.docx"
        file.write_bytes(letter_docx.write([sample(IN_WORD)], letterhead=True).data)
        printed = make_screens.by_libreoffice(file, folder)
        if printed is None:
            return 1
        draw(printed.read_bytes(), folder, f"{IN_WORD}_docx")
    return 0


def sample(id: str, **more: str) -> letters.Letter:
    """A letter of the kind with invented values."""
    kind = letters.kind(id)
    values = {**letter_samples.values(kind), **more}
    return letters.compose(kind, values, letter_samples.dated(kind))


def draw(data: bytes, folder: Path, name: str) -> None:
    """The pages of a PDF side by side."""
    file = folder / "page.pdf"
    file.write_bytes(data)
    make_screens.save(make_screens.sheet(make_screens.pages(file)), SCREENS / f"{name}.png")


def seal() -> bytes:
    """A ring with a star and no name: nobody's seal."""
    size = 420
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    red = (215, 0, 15, 210)
    pen.ellipse((8, 8, size - 8, size - 8), outline=red, width=10)
    centre, outer, inner = size / 2, 70, 27
    turn = [(outer if at % 2 == 0 else inner, at * 36 - 90) for at in range(10)]
    pen.polygon(
        [
            (centre + r * math.cos(math.radians(a)), centre + r * math.sin(math.radians(a)))
            for r, a in turn
        ],
        fill=red,
    )
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def code() -> bytes:
    """The code of an address that does not exist."""
    buffer = io.BytesIO()
    segno.make("https://linxi.example/t", error="m").save(buffer, kind="png", scale=6, border=1)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
