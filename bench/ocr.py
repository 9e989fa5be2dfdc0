"""图像识别: how long a page of a scan takes, beside finding its lines of text alone."""

from __future__ import annotations

import time
from pathlib import Path

import pypdfium2

from bench.line import Line
from gongkai.convert import ocr

_EXAMPLE = Path(__file__).parents[1] / "examples" / "06_city_2024.pdf"
_PAGE = 1  # of the example: table 3, the densest
_MAY_TAKE = 15_000.0  # milliseconds; the budgets of other carriers do not hold for recognition


def lines() -> list[Line]:
    """One line, for the example's densest page at 200 dots to the inch; none without the extra."""
    if not ocr.available():
        return []
    import cv2
    import numpy as np

    from gongkai.convert import ocr_engine, ocr_page

    opened = pypdfium2.PdfDocument(_EXAMPLE.read_bytes())
    unit = ocr.DOTS / 72
    picture = np.ascontiguousarray(opened[_PAGE].render(scale=unit).to_numpy()[:, :, :3])
    opened.close()
    engine = ocr_engine.engine()
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    engine.find(grey, 640)  # the first run sets up memory
    start = time.process_time()
    ocr_page.read(picture, 1, unit, engine)
    took = time.process_time() - start
    start = time.process_time()
    engine.find(grey, 1_400)
    bare = time.process_time() - start
    what, reference = "recognise a scanned page", "finding its lines"
    return [Line(what, took * 1000, reference, bare * 1000, _MAY_TAKE)]
