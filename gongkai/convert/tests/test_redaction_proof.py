"""核验: a finished file with anything added, or a mark that is not black, never passes."""

from __future__ import annotations

import io
import pickle
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from gongkai.convert import redaction, redaction_paper, redaction_proof
from gongkai.convert.redaction import Left, Mark, NotClean
from gongkai.convert.redaction_pages import Drawn, opened
from gongkai.convert.tests import redaction_files as files
from gongkai.convert.tests.redaction_files import NUMBER, SECRET
from gongkai.statute.texts import same

DOTS = 72  # small, and quick
MARKS = redaction.find(files.text(), [SECRET]).marks


@cache
def good() -> bytes:
    return redaction.redact(files.text(), MARKS, kind="pdf", dots=DOTS).data


def ids(after: bytes, before: bytes = b"", marks: tuple[Mark, ...] = MARKS) -> set[str]:
    """What the proof says of a file; empty where it passes."""
    try:
        redaction.verify(before or files.text(), after, marks, dots=DOTS)
    except NotClean as caught:
        return {left.id for left in caught.left}
    return set()


def test_what_redaction_makes_passes() -> None:
    assert ids(good()) == set()


def _appended(data: bytes) -> bytes:
    """A second revision with the document information."""
    last = int(re.findall(rb"startxref\n(\d+)", data)[-1])
    body = b"9 0 obj\n<</Title(%s)>>\nendobj\n" % SECRET.encode()
    return (
        data
        + body
        + (
            b"xref\n9 1\n%010d 00000 n \ntrailer\n<</Size 10/Root 1 0 R/Info 9 0 R/Prev %d>>\n"
            b"startxref\n%d\n%%%%EOF\n" % (len(data), last, len(data) + len(body))
        )
    )


def _behind_the_pixels(data: bytes) -> bytes:
    """Bytes after the end of what the picture unpacks to, its length told anew."""
    match = re.search(rb"/Length (\d+)>>stream\n(x.*?)\nendstream", data, re.DOTALL)
    assert match is not None
    more = match[2] + b"abc"
    told = b"/Length %d>>stream\n%s\nendstream" % (len(more), more)
    return data[: match.start()] + told + data[match.end() :]


def _more_pixels(data: bytes) -> bytes:
    """More rows than the picture says it has."""
    match = re.search(rb"/Length (\d+)>>stream\n(x.*?)\nendstream", data, re.DOTALL)
    assert match is not None
    more = zlib.compress(zlib.decompress(match[2]) + bytes(400))
    told = b"/Length %d>>stream\n%s\nendstream" % (len(more), more)
    return data[: match.start()] + told + data[match.end() :]


TAMPERED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "bytes at the end": (lambda data: data + b"abc", "shape"),
    "bytes before": (lambda data: b"abc\n" + data, "shape"),
    "a comment between objects": (lambda d: d.replace(b"2 0 obj", b"%abc\n2 0 obj", 1), "shape"),
    "a key of its own": (lambda d: d.replace(b"/Count 1", b"/Count 1/Abc(abc)", 1), "shape"),
    "metadata": (lambda d: d.replace(b"/Pages 2 0 R", b"/Pages 2 0 R/Metadata 9 0 R"), "xmp"),
    "a second revision": (_appended, "revisions"),
    "the title in a second revision": (_appended, "info"),
    "bytes behind the pixels": (_behind_the_pixels, "shape"),
    "more pixels than are shown": (_more_pixels, "shape"),
    "a table of objects that says another": (
        lambda d: re.sub(rb"\n00000000(\d\d) 00000 n", rb"\n00000001\1 00000 n", d, count=1),
        "shape",
    ),
    "no PDF": (lambda data: b"abc", "shape"),
    "nothing": (lambda data: b"", "shape"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_anything_added_is_noticed(how: str) -> None:
    change, id = TAMPERED[how]
    changed = change(good())
    assert changed != good()
    assert id in ids(changed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-be", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_word_is_noticed_in_every_encoding_packed_or_not(encoding: str, packed: bool) -> None:
    told = "申请人陈示例".encode(encoding)
    data = b"<<>>stream\n" + (zlib.compress(told) if packed else told) + b"\nendstream"
    assert list(redaction_proof.words_left(data, ["陈示例"]))
    assert not list(redaction_proof.words_left(data, ["陈范例"]))


def test_a_word_is_noticed_as_hexadecimal() -> None:
    for told in (SECRET.encode().hex(), SECRET.encode("utf-16-be").hex().upper()):
        assert list(redaction_proof.words_left(f"<FEFF{told}>".encode(), [SECRET]))


def test_a_word_under_a_mark_drawn_by_hand_is_searched_for_too() -> None:
    hand = tuple(replace(mark, reason="hand", text="") for mark in MARKS)
    assert "words" in ids(good() + NUMBER.encode(), marks=hand)
    assert "words" not in ids(good() + b"others", marks=hand)


def test_a_number_that_also_stands_in_the_frame_of_a_pdf_raises_no_alarm() -> None:
    """What a table of objects or a page's size looks like may be an amount of money."""
    words = "0000000015 00000 n", "595 0 0 842 0 0 cm", "endstream", "Type/XObject", "333333"
    before = files.file(files.shown(*words))
    marks = redaction.find(before, words).marks
    assert len(marks) >= len(words)
    assert redaction.redact(before, marks, kind="pdf").data


# -- the pixels


def sheet(change: Callable[[Drawn], Drawn]) -> bytes:
    """A result as redaction makes it, but for its picture."""
    with opened(files.text()) as file:
        (size,) = file.sizes
        drawn = redaction_paper.burnt(file.draw(1, *file.pixels(1, DOTS)), size, MARKS)
        packed = redaction_paper.packed(redaction_paper.levelled(change(drawn)))
    return redaction_paper.pdf([(size, packed)])


def spotted(drawn: Drawn, mark: Mark | None, value: int) -> Drawn:
    """The picture with one other pixel: in the middle of a mark, or in the corner."""
    pixels = bytearray(drawn.pixels)
    x, y = (0, 0)
    if mark is not None:
        x, y = round((mark.left + mark.right) / 2), round((mark.top + mark.bottom) / 2)
    at = 3 * (y * drawn.width + x)
    pixels[at : at + 3] = bytes([value]) * 3
    return replace(drawn, pixels=bytes(pixels))


def test_one_pixel_of_a_mark_that_is_not_black_is_noticed() -> None:
    assert ids(sheet(lambda drawn: drawn)) == set()
    assert ids(sheet(lambda drawn: spotted(drawn, MARKS[0], 17))) == {"marks", "pixels"}


def test_one_pixel_outside_the_marks_that_differs_is_noticed() -> None:
    assert ids(sheet(lambda drawn: spotted(drawn, None, 17))) == {"pixels"}


def test_a_mark_forgotten_is_noticed() -> None:
    others = redaction.redact(files.text(), MARKS[:1], kind="pdf", dots=DOTS).data
    assert ids(others) == {"marks", "pixels"}


def test_another_file_or_another_size_is_noticed() -> None:
    assert ids(redaction.redact(files.turned(1), [], kind="pdf", dots=DOTS).data) == {"pages"}


def test_nothing_is_handed_out_when_the_proof_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that forgets to burn: what redaction must never hand out."""
    monkeypatch.setattr(redaction_paper, "burnt", lambda drawn, size, marks: drawn)
    with pytest.raises(NotClean) as caught:
        redaction.redact(files.text(), MARKS, kind="pdf", dots=DOTS)
    assert {left.id for left in caught.value.left} == {"marks"}


# -- pictures


def picture(**options: Any) -> bytes:
    made = io.BytesIO()
    image = Image.effect_noise((80, 60), 60).convert("RGB")
    image.save(made, "PNG", **options)
    return made.getvalue()


def test_what_stands_beside_the_pixels_of_a_picture_is_noticed() -> None:
    before, mark = picture(), Mark(1, 10, 10, 30, 20)
    after = redaction.redact(before, [mark], kind="png").data
    assert ids(after, before, (mark,)) == set()
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "abc")
    assert "metadata" in ids(picture(pnginfo=told), before, (mark,))
    assert "metadata" in ids(picture(dpi=(96, 96)), before, (mark,))
    assert "shape" in ids(after + b"abc", before, (mark,))
    assert "shape" in ids(b"GIF89a", before, (mark,))
    assert "marks" in ids(before, before, (mark,))


def test_what_is_left_travels_between_processes() -> None:
    error = NotClean([Left("info", same("abc"))])
    assert pickle.loads(pickle.dumps(error)).left == error.left
    assert "abc" in str(error) and "abc" in error.text.zh
