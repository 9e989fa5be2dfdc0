"""参照: the least any reader of a carrier must do: open it and walk over what it holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from lxml import etree


def text(data: bytes) -> int:
    """Decode and split into lines."""
    return len(data.decode("utf-8", "replace").splitlines())


def html(data: bytes) -> int:
    """selectolax: parse and visit every node's text."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(data.decode("utf-8", "replace")).body
    return sum(len(n.text(deep=False)) for n in body.traverse()) if body else 0


def docx(data: bytes) -> int:
    """zipfile and lxml: parse the main part and visit every element."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    return sum(len(element.text or "") for element in root.iter())


def xlsx(data: bytes) -> int:
    """calamine: every row of every sheet."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return sum(len(book.get_sheet_by_name(n).to_python()) for n in book.sheet_names)


def pdf(data: bytes) -> int:
    """pypdfium2: each page's text and the box of each of its drawn objects."""
    import pypdfium2

    found = 0
    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            found += len(page.get_textpage().get_text_range())
            found += sum(1 for item in page.get_objects() if item.get_bounds())
    finally:
        document.close()
    return found


WALKS: dict[str, tuple[str, Callable[[bytes], int]]] = {
    ".txt": ("decode, split lines", text),
    ".html": ("selectolax: parse, walk", html),
    ".docx": ("zip + lxml: parse, walk", docx),
    ".xlsx": ("calamine: all rows", xlsx),
    ".pdf": ("pypdfium2: text, paths", pdf),
}
