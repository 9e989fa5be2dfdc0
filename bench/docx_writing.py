"""写 Word: our example in the official layout, and into a form of the same kind.

The reference is the least any writer must do: have lxml parse and serialise the XML once, and
pack the same parts.
"""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path

from lxml import etree

from bench.line import Line, median
from gongkai.statute import read
from gongkai.statute.writers import write

EXAMPLE = Path(__file__).parents[1] / "examples" / "07_water_bureau_2023.docx"


def lines() -> list[Line]:
    """Both ways of writing a .docx, each beside its own parts packed again."""
    form = EXAMPLE.read_bytes()
    (report,) = read(form, name=EXAMPLE.name)
    plain = partial(write, report, to="docx")
    filled = partial(write, report, to="docx", template=form)
    told = "lxml: parse, serialise; zip"
    return [
        Line("write .docx", median(plain), told, median(_packing(plain().data)), 15.0),
        # A form is read, filled, and read once more.
        Line("fill a .docx form", median(filled), told, median(_packing(filled().data)), 60.0),
    ]


def _packing(data: bytes) -> partial[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return partial(_packed, {n: package.read(n) for n in package.namelist()})


def _packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            if name == "word/document.xml":
                content = etree.tostring(etree.fromstring(content), encoding="UTF-8")
            package.writestr(name, content)
    return buffer.getvalue()
