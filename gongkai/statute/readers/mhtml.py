"""网页归档 (.mht, .mhtml): a page saved as one file, by a browser or by Word.

A MIME message of parts; the report is in one of those that are pages. Its pictures are other
parts; the page itself says where they stand.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser

from gongkai.statute import notes
from gongkai.statute.readers import encodings, html
from gongkai.statute.readers.blocks import Document

_MAX_BYTES = 128 << 20  # pictures and all
_PARTS = 5_000
_DEPTH = 6  # of parts inside each other
_HEAD = 64 << 10
_BLANK = re.compile(rb"\r?\n\r?\n")
# Words every report has in its headings: of several pages (frames), the one with most is meant.
_SIGNS = (
    "总体情况",
    "主动公开",
    "依申请公开",
    "行政复议",
    "存在的主要问题",
    "其他需要报告",
    "<table",
)


def blocks(data: bytes) -> Document:
    """The report of a page kept in a MIME message, as the reader of web pages yields it.

    Raises CannotRead: ``error.too_large``, ``error.damaged`` (no page inside), and what
    `html.blocks` raises.
    """
    if len(data) > _MAX_BYTES:
        raise notes.error("error.too_large", what=f"> {_MAX_BYTES >> 20} MB")
    pages = [page for page in _pages(data) if page.strip()]
    if not pages:
        raise notes.error("error.damaged", reason="MHTML: no page inside")
    found = html.blocks(max(pages, key=_weight) if len(pages) > 1 else pages[0])
    return replace(found, carrier="mhtml")


def _weight(page: bytes) -> int:
    if len(page) > html.MAX_BYTES:
        return -1
    text, _ = encodings.decode(page)
    return sum(sign in text for sign in _SIGNS)


def _pages(data: bytes) -> Iterator[bytes]:
    """The parts that are web pages, decoded, in the order of the message."""
    todo = [(data.lstrip(b"\xef\xbb\xbf \t\r\n"), 0)]
    seen = 0
    while todo:
        part, depth = todo.pop()
        seen += 1
        if seen > _PARTS:
            raise notes.error("error.too_large", what=f"> {_PARTS} parts")
        head, body = _parted(part)
        kind = head.get_content_type()
        boundary = head.get_boundary()
        if boundary and kind.startswith("multipart/") and depth < _DEPTH:
            inner = _split(body, boundary.encode("utf-8", "surrogateescape"))
            todo += [(piece, depth + 1) for piece in reversed(inner)]
        elif kind == "message/rfc822" and depth < _DEPTH:
            todo.append((body, depth + 1))
        elif kind in ("text/html", "application/xhtml+xml"):
            yield _decoded(body, str(head.get("Content-Transfer-Encoding", "")))


def _parted(part: bytes) -> tuple[Message, bytes]:
    """A part's head and its body."""
    if part.startswith((b"\n", b"\r\n")):  # no head at all
        return Message(), part
    end = _BLANK.search(part, 0, _HEAD)
    if end is None:
        return Message(), b""
    return BytesParser().parsebytes(part[: end.start()], headersonly=True), part[end.end() :]


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the boundaries; a message that was cut off has no last one."""
    pieces = re.split(rb"(?:\A|\r?\n)--" + re.escape(boundary), body)
    found = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        found.append(piece.partition(b"\n")[2])
    return found


def _decoded(body: bytes, encoding: str) -> bytes:
    encoding = encoding.strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:  # cut off: what is whole
            sound = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
            return binascii.a2b_base64(sound[: len(sound) // 4 * 4])
    return body
