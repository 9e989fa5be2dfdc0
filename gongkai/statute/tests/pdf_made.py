"""写出的 PDF: what the tests of the PDF writer ask of a finished file, by pdfium alone."""

from __future__ import annotations

import ctypes
import re
from collections import Counter

import pypdfium2 as pdfium
import pypdfium2.raw as raw


def text(data: bytes) -> str:
    """All text of a file without white space, pages in order."""
    return re.sub(r"\s", "", "".join(pages(data)))


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)]


def outline(data: bytes) -> list[tuple[int, str]]:
    """(level, title) of each bookmark."""
    return [(item.level, item.get_title()) for item in pdfium.PdfDocument(data).get_toc()]


def xmp(data: bytes) -> str:
    """The metadata packet, which PDF/A keeps readable."""
    found = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", data, re.S)
    assert found is not None
    return found[0].decode()


def families(data: bytes) -> set[str]:
    """The fonts text is set in, and that each is embedded."""
    found = set()
    for page in pdfium.PdfDocument(data):
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(item)
            assert raw.FPDFFont_GetIsEmbedded(font) == 1
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            found.add(buffer.value.decode().rpartition("+")[2])
    return found


def tags(data: bytes) -> Counter[str]:
    """The structure elements of all pages by type."""
    found: Counter[str] = Counter()
    for page in pdfium.PdfDocument(data):
        tree = raw.FPDF_StructTree_GetForPage(page)
        stack = [
            raw.FPDF_StructTree_GetChildAtIndex(tree, at)
            for at in range(raw.FPDF_StructTree_CountChildren(tree))
        ]
        while stack:
            element = stack.pop()
            buffer = ctypes.create_string_buffer(128)
            size = raw.FPDF_StructElement_GetType(element, buffer, 128)
            found[buffer.raw[: size - 2].decode("utf-16-le")] += 1
            for at in range(raw.FPDF_StructElement_CountChildren(element)):
                child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
                if child:
                    stack.append(child)
        raw.FPDF_StructTree_Close(tree)
    return found


def lines(data: bytes, page: int = 0) -> list[tuple[float, str]]:
    """(baseline in points from the page's top, text) of each line of one page, top down."""
    document = pdfium.PdfDocument(data)
    sheet = document[page]
    layer = sheet.get_textpage()
    found: dict[float, str] = {}
    for at in range(layer.count_chars()):
        x, y = ctypes.c_double(), ctypes.c_double()
        char = layer.get_text_range(at, 1)
        if char.isspace() or not raw.FPDFText_GetCharOrigin(layer, at, x, y):
            continue
        base = round(sheet.get_height() - y.value, 1)
        found[base] = found.get(base, "") + char
    return sorted(found.items())


def right_edges(data: bytes) -> list[float]:
    """Where each printed character of all pages ends, in points from the left."""
    found = []
    for page in pdfium.PdfDocument(data):
        layer = page.get_textpage()
        for at in range(layer.count_chars()):
            if not layer.get_text_range(at, 1).isspace():
                found.append(layer.get_charbox(at, loose=True)[2])
    return found


def left_edge(data: bytes, page: int, wanted: str) -> float:
    """Where the last appearance of a text on a page begins, in points from the left."""
    layer = pdfium.PdfDocument(data)[page].get_textpage()
    searcher = layer.search(wanted)
    last = None
    while found := searcher.get_next():
        last = found
    assert last is not None
    left: float = layer.get_charbox(last[0], loose=True)[0]
    return left
