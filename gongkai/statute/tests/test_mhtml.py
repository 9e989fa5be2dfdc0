"""网页归档: pages saved as one file by browsers and by Word read as the pages themselves."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import readers
from gongkai.statute.readers import mhtml, sniff
from gongkai.statute.readers.blocks import Document, Paragraph, Picture
from gongkai.statute.report import CannotRead

EXAMPLES = Path(__file__).parents[3] / "examples"

PAGE = (
    "<html><head><title>年度报告</title></head><body><h2>一、总体情况</h2>"
    "<p>收到申请26件。</p><img src='cid:table@x' width=500 height=300></body></html>"
)


def part(content: bytes, kind: str = "text/html", encoding: str = "quoted-printable") -> bytes:
    """One part of a message, its body encoded."""
    body = {
        "quoted-printable": lambda: quopri.encodestring(content),
        "base64": lambda: base64.encodebytes(content),
        "8bit": lambda: content,
    }[encoding]()
    return (
        f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n"
        "Content-Location: file:///C:/report.htm\n\n"
    ).encode() + body


def message(*parts: bytes, boundary: str = "----=_NextPart_01", end: str = "--\n") -> bytes:
    """A message as Word writes it, with a word to programs that know no better."""
    head = (
        "MIME-Version: 1.0\nX-Document-Type: Workbook\n"
        f'Content-Type: multipart/related;\n\tboundary="{boundary}"\n\n此文档为“单个文件网页”。\n\n'
    ).encode()
    return (
        head
        + b"".join(b"--" + boundary.encode() + b"\n" + p + b"\n" for p in parts)
        + (b"--" + boundary.encode() + end.encode())
    )


def texts(data: bytes) -> list[str]:
    """The paragraphs of a page."""
    return [b.text for b in mhtml.blocks(data).blocks if isinstance(b, Paragraph)]


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_of_the_page(encoding: str, codec: str, ends: str) -> None:
    kind = f'text/html; charset="{codec}"'
    data = message(part(PAGE.encode(codec), kind, encoding)).replace(b"\n", ends.encode())
    assert sniff.carrier(data) == "mhtml"
    document = mhtml.blocks(data)
    assert document.carrier == "mhtml"
    assert texts(data) == ["一、总体情况", "收到申请26件。"]
    assert sum(isinstance(b, Picture) for b in document.blocks) == 1


def test_an_example_saved_by_a_browser() -> None:
    page = (EXAMPLES / "08_archives_2019.html").read_bytes()
    head = b"From: <Saved by Blink>\nSnapshot-Content-Location: https://example.invalid/\n"
    data = head + message(
        part(b"x{}", "text/css"), part(page), part(b"\x89PNG", "image/png", "base64")
    )
    assert sniff.carrier(data, "年报.mht") == "mhtml"
    (saved,) = readers.read(data, name="年报.mht")
    (given_,) = readers.read(page, name="年报.html")
    assert saved.cells == given_.cells
    assert saved.sections == given_.sections
    assert "read.wrong_name" not in {note.id for note in saved.notes}


def test_the_page_may_be_a_frame() -> None:
    outer = "<html><body><p>导航</p><iframe src='cid:frame'></iframe></body></html>"
    assert texts(message(part(outer.encode()), part(PAGE.encode())))[0] == "一、总体情况"
    assert texts(message(part(PAGE.encode()), part(outer.encode())))[0] == "一、总体情况"


def test_parts_inside_parts() -> None:
    inner = message(part(b"plain", "text/plain"), part(PAGE.encode()), boundary="inner")
    assert texts(message(inner))[0] == "一、总体情况"
    forwarded = b"Content-Type: message/rfc822\n\n" + message(part(PAGE.encode()))
    assert texts(forwarded)[0] == "一、总体情况"


def test_a_message_cut_off_or_altered_gives_what_is_whole() -> None:
    whole = message(part(PAGE.encode(), encoding="base64"))
    assert texts(whole[:-90])[:1] == ["一、总体情况"]
    assert texts(message(part(PAGE.encode()), end=""))[-1] == "收到申请26件。"


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (message(part(b"\x89PNG", "image/png")), "error.damaged"),
        (message(part(b"")), "error.damaged"),
        (message(), "error.damaged"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "error.damaged"),
        (message(*[part(b"x", "image/png")] * 5_001), "error.too_large"),
    ],
)
def test_errors(data: bytes, id: str) -> None:
    with pytest.raises(CannotRead) as caught:
        mhtml.blocks(data)
    assert caught.value.id == id


def test_parts_nested_without_end_are_not_followed() -> None:
    data = part(PAGE.encode())
    for level in range(40):
        data = message(data, boundary=f"b{level}")
    with pytest.raises(CannotRead) as caught:
        mhtml.blocks(data)
    assert caught.value.id == "error.damaged"


SOUND = message(part(PAGE.encode(), encoding="base64"), part(PAGE.encode()))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.binary(max_size=6), st.booleans())
def test_altered_and_cut_messages(at: int, value: bytes, cut: bool) -> None:
    data = SOUND[:at] + value + (b"" if cut else SOUND[at + len(value) :])
    try:
        assert isinstance(mhtml.blocks(data), Document)
    except CannotRead as fault:
        assert fault.id in ("error.damaged", "error.too_large")
