"""核验: a finished file held against what must not be in it, before anybody gets it.

Two ways that do not know of each other: what is known to hide things in a file is looked for by
name, so that it can be said what is left; and every byte must belong to the one plain shape that
`redaction_paper` writes, so that what nobody thought of is no shape either. Then pdfium opens the
file anew: no text, nothing but pictures, and these are the original's pages with black marks.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from gongkai.convert.redaction_marks import Left
from gongkai.convert.redaction_paper import HEAD, PNG_HEAD, STEPS
from gongkai.statute.pdfium import LOCK
from gongkai.statute.texts import Text

_MOST = 256 << 20  # bytes one stream unpacks to; more is no page of ours
_SHORT = 6  # bytes: a shorter word stands in the pixels of any picture by chance
_ENCODINGS = ("utf-8", "utf-16-be", "utf-16-le", "gb18030")
_STREAM = re.compile(rb"stream\r?\n")

# What a PDF can hold beside its pages, each by the names that give it away.
_HIDING: tuple[tuple[str, bytes, Text], ...] = (
    ("info", rb"/Info\b", Text("文档信息（标题、作者等）", "document information (title, author)")),
    ("xmp", rb"/Metadata\b|<x:xmpmeta|<\?xpacket", Text("XMP 元数据", "XMP metadata")),
    (
        "attachments",
        rb"/EmbeddedFiles?\b|/Filespec\b|/AF\b|/FileAttachment\b",
        Text("附件", "attached files"),
    ),
    ("annotations", rb"/Annots?\b", Text("批注", "annotations")),
    ("forms", rb"/AcroForm\b|/XFA\b", Text("表单域", "form fields")),
    ("scripts", rb"/JavaScript\b|/JS\b|/OpenAction\b|/AA\b", Text("脚本", "scripts")),
    ("layers", rb"/OCProperties\b|/OCGs?\b", Text("图层", "layers")),
    ("thumbnails", rb"/Thumb\b", Text("缩略图", "thumbnails")),
    ("names", rb"/Names\b|/Dests\b|/Outlines\b|/PageLabels\b", Text("书签、名称表", "bookmarks")),
    ("structure_text", rb"/StructTreeRoot\b|/ActualText\b|/Alt\b", Text("结构文字", "tagged text")),
    ("fonts", rb"/Fonts?\b", Text("字体", "fonts")),
    ("object_streams", rb"/ObjStm\b|/XRef\b", Text("对象流", "object streams")),
    ("encryption", rb"/Encrypt\b", Text("加密", "encryption")),
)


def words_left(data: bytes, words: Sequence[str]) -> Iterator[Left]:
    """Words that can be read in the bytes of a file, packed or not."""
    plain: dict[bytes, str] = {}
    for word in dict.fromkeys(words):
        for told in {word, "".join(word.split())}:
            for encoding in _ENCODINGS:
                plain[told.encode(encoding, "ignore")] = word
    # 333333 may be a line of grey.
    plain = {f: word for f, word in plain.items() if len(f) >= _SHORT and len(set(f)) > 1}
    written = plain | {
        turned: word
        for form, word in plain.items()
        for turned in (form.hex().encode(), form.hex().upper().encode())
    }
    stepped_forms = {form: word for form, word in plain.items() if not form.translate(None, STEPS)}
    found: set[str] = set()
    for part in _raw(data):
        found |= {word for form, word in written.items() if form in part}
    for part in unpacked(data):
        # Pixels in steps of colour spell hardly a word: quickly told, and nothing is passed over.
        stepped = not part.translate(None, STEPS)
        forms = stepped_forms if stepped else plain
        found |= {word for form, word in forms.items() if word not in found and form in part}
    for word in sorted(found):
        told = f"{word[0]}…（{len(word)}）"  # what is said here may end in a log
        yield Left("words", Text(f"文件中仍可找到“{told}”", f"the file still holds “{told}”"))


def _raw(data: bytes) -> Iterator[bytes]:
    """What a file holds, packed as it is. Of a file of our shape that is its pictures: the rest
    are its own words and numbers, and one that also stood in the original means nothing."""
    try:
        yield from (data[start:stop] for start, stop in _pictures(data))
    except _Odd:
        yield data


def unpacked(data: bytes) -> Iterator[bytes]:
    """What the streams of a PDF, or the chunks of a PNG, unpack to."""
    if data.startswith(PNG_HEAD):
        packed = b"".join(body for name, body in _chunks(data) if name == b"IDAT")
        yield _inflated(packed)[0]
        return
    whole = memoryview(data)
    for match in _STREAM.finditer(data):
        content, _ = _inflated(whole[match.end() :])
        if content:
            yield content


def _inflated(packed: bytes | memoryview) -> tuple[bytes, bytes | None]:
    """What deflated bytes unpack to, and what follows them; None where they do not end."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(packed, _MOST)
    except zlib.error:
        return b"", None
    return content, unpacker.unused_data if unpacker.eof else None


# -- PDF ------------------------------------------------------------------------------------


def pdf_left(data: bytes) -> Iterator[Left]:
    """Whatever a PDF holds that is no picture of a page."""
    wrong = shape(data)
    outside = _outside(data)
    # In a right shape the streams hold pixels, which may look like anything by chance.
    parts = [outside, *(unpacked(data) if wrong else ())]
    for id, names, text in _HIDING:
        look = re.compile(names)
        if any(look.search(part) for part in parts):
            yield Left(id, text)
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1 or b"/Prev" in outside:
        yield Left("revisions", Text("以前的版本", "earlier revisions"))
    if wrong:
        yield Left(
            "shape",
            Text(
                f"文件中有页面图像以外的内容（{wrong}）", f"more than pictures of pages ({wrong})"
            ),
        )
    yield from _by_pdfium(data)


def _outside(data: bytes) -> bytes:
    """A PDF without what stands in its streams."""
    return re.sub(rb"stream\r?\n.*?endstream", b"stream endstream", data, flags=re.DOTALL)


_NUMBER = rb"\d+(?:\.\d{1,3})?"
_CATALOG = re.compile(rb"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
_TREE = re.compile(rb"2 0 obj\n<</Type/Pages/Kids\[((?:\d+ 0 R ?)*)\]/Count (\d+)>>\nendobj\n")
_PAGE = re.compile(
    rb"(\d+) 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox\[0 0 (%b) (%b)\]/Resources<</XObject"
    rb"<</P (\d+) 0 R>>>>/Contents (\d+) 0 R>>\nendobj\n" % (_NUMBER, _NUMBER)
)
_CONTENT = re.compile(
    rb"(\d+) 0 obj\n<</Length (\d+)>>stream\n(q (%b) 0 0 (%b) 0 0 cm /P Do Q)\nendstream\nendobj\n"
    % (_NUMBER, _NUMBER)
)
_PICTURE = re.compile(
    rb"(\d+) 0 obj\n<</Type/XObject/Subtype/Image/Width (\d+)/Height (\d+)"
    rb"/ColorSpace/Device(Gray|RGB)/BitsPerComponent ([48])/Filter/FlateDecode/Length (\d+)>>"
    rb"stream\n"
)
_END = re.compile(
    rb"xref\n0 (\d+)\n0000000000 65535 f \n((?:\d{10} 00000 n \n)*)trailer\n"
    rb"<</Size (\d+)/Root 1 0 R>>\nstartxref\n(\d+)\n%%EOF\n"
)
_PICTURE_END = b"\nendstream\nendobj\n"


class _Odd(Exception):
    """What is no part of the shape, in a word."""


def shape(data: bytes) -> str:
    """What is wrong with the shape of a PDF of ours, in a word; empty where every byte is right."""
    try:
        _pictures(data)
    except _Odd as odd:
        return str(odd)
    return ""


def _pictures(data: bytes) -> list[tuple[int, int]]:
    """Where the packed pictures begin and end in a PDF of ours, every other byte accounted for."""
    found: list[tuple[int, int]] = []
    if not data.startswith(HEAD):
        raise _Odd("header")
    at, starts = len(HEAD), [len(HEAD)]

    def take(pattern: re.Pattern[bytes], what: str) -> re.Match[bytes]:
        nonlocal at
        match = pattern.match(data, at)
        if match is None:
            raise _Odd(f"{what}, byte {at}")
        at = match.end()
        return match

    take(_CATALOG, "catalog")
    starts.append(at)
    tree = take(_TREE, "pages")
    count = int(tree[2])
    kids = b" ".join(b"%d 0 R" % (3 + 3 * k) for k in range(count))
    if count < 1 or tree[1] != kids:
        raise _Odd("pages")
    for first in range(3, 3 + 3 * count, 3):
        starts.append(at)
        page = take(_PAGE, "page")
        starts.append(at)
        content = take(_CONTENT, "content")
        starts.append(at)
        picture = take(_PICTURE, "picture")
        if [int(page[1]), int(page[5]), int(page[4])] != [first, first + 1, first + 2]:
            raise _Odd("page")
        if [int(content[1]), int(content[2])] != [first + 1, len(content[3])] or (
            content[4] != page[2] or content[5] != page[3]
        ):
            raise _Odd("content")
        if int(picture[1]) != first + 2:
            raise _Odd("picture")
        found.append((at, at + int(picture[6])))
        at = _pixels(data, at, picture)
    begin = at
    end = take(_END, "end")
    if at != len(data) or int(end[4]) != begin:
        raise _Odd("end")
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    if end[2] != table or not int(end[1]) == int(end[3]) == len(starts) + 1:
        raise _Odd("table of objects")
    return found


def _pixels(data: bytes, at: int, picture: re.Match[bytes]) -> int:
    """Where a picture ends whose packed bytes are its pixels and not one more."""
    width, height, length = int(picture[2]), int(picture[3]), int(picture[6])
    content, rest = _inflated(memoryview(data)[at : at + length])
    row = (width + 1) // 2 if picture[4] == b"Gray" else 3 * width
    if (picture[4] == b"Gray") != (picture[5] == b"4") or rest != b"":
        raise _Odd("picture")
    if len(content) != row * height:
        raise _Odd("picture")
    if picture[4] == b"Gray" and width % 2 and any(b & 15 for b in content[row - 1 :: row]):
        raise _Odd("picture")  # four bits beside each row, that no one sees
    end = at + length
    if data[end : end + len(_PICTURE_END)] != _PICTURE_END:
        raise _Odd("picture")
    return end + len(_PICTURE_END)


def _by_pdfium(data: bytes) -> Iterator[Left]:
    """What pdfium finds on opening it: it must be pages of one picture each."""
    with LOCK:
        handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not handle:
            found = [Left("shape", Text("成品打不开", "the result does not open"))]
        else:
            try:
                found = list(_seen(handle))
            finally:
                pdfium.FPDF_CloseDocument(handle)
    yield from dict.fromkeys(found)


def _seen(handle: Any) -> Iterator[Left]:
    if pdfium.FPDFDoc_GetAttachmentCount(handle):
        yield Left("attachments", Text("附件", "attached files"))
    if pdfium.FPDFDoc_GetJavaScriptActionCount(handle) > 0:
        yield Left("scripts", Text("脚本", "scripts"))
    for name in (b"Title", b"Author", b"Subject", b"Keywords", b"Creator", b"Producer"):
        if pdfium.FPDF_GetMetaText(handle, name, None, 0) > 2:
            yield Left(
                "info", Text("文档信息（标题、作者等）", "document information (title, author)")
            )
    for index in range(pdfium.FPDF_GetPageCount(handle)):
        page = pdfium.FPDF_LoadPage(handle, index)
        if not page:
            yield Left("shape", Text("成品有页打不开", "a page of the result does not open"))
            continue
        try:
            yield from _on_page(page, index + 1)
        finally:
            pdfium.FPDF_ClosePage(page)


def _on_page(page: Any, number: int) -> Iterator[Left]:
    text = pdfium.FPDFText_LoadPage(page)
    try:
        if not text or pdfium.FPDFText_CountChars(text) > 0:
            yield Left("text", Text(f"第 {number} 页有文字", f"there is text on page {number}"))
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)
    if pdfium.FPDFPage_GetAnnotCount(page):
        yield Left("annotations", Text("批注", "annotations"))
    count = pdfium.FPDFPage_CountObjects(page)
    kinds = [pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, k)) for k in range(count)]
    if kinds != [pdfium.FPDF_PAGEOBJ_IMAGE]:
        yield Left(
            "objects",
            Text(f"第 {number} 页不只是一幅图", f"page {number} is more than one picture"),
        )


# -- PNG ------------------------------------------------------------------------------------


def png_left(data: bytes) -> Iterator[Left]:
    """Whatever a PNG holds that is no pixel."""
    if not data.startswith(PNG_HEAD):
        yield Left("shape", Text("成品不是 PNG", "the result is no PNG"))
        return
    chunks = list(_chunks(data))
    length = len(PNG_HEAD) + sum(12 + len(body) for _, body in chunks)
    others = sorted({name for name, _ in chunks} - {b"IHDR", b"IDAT", b"IEND"})
    if others:
        names = ", ".join(name.decode("latin-1") for name in others)
        yield Left(
            "metadata", Text(f"图像附带信息（{names}）", f"data beside the picture ({names})")
        )
    elif [name for name, _ in chunks] != [b"IHDR", b"IDAT", b"IEND"] or length != len(data):
        yield Left("shape", Text("图像之后还有内容", "there is more than the picture"))
    else:
        width, height, _, colour = struct.unpack(">IIBB", chunks[0][1][:10])
        content, rest = _inflated(chunks[1][1])
        row = 1 + width * (1 if colour == 0 else 3)
        if rest != b"" or len(content) != row * height or chunks[2][1]:
            yield Left("shape", Text("图像之后还有内容", "there is more than the picture"))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_HEAD)
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length
