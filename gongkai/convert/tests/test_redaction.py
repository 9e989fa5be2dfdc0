"""遮盖: whatever way a file hides a word, it is gone; what was not marked stays as it was."""

from __future__ import annotations

import ctypes
import io
import os
import random
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageOps

from gongkai.convert import redaction
from gongkai.convert.redaction import Mark, NotClean
from gongkai.convert.tests import hostile
from gongkai.convert.tests import redaction_files as files
from gongkai.convert.tests.redaction_files import NUMBER, SECRET
from gongkai.statute.pdfium import LOCK
from gongkai.statute.report import CannotRead
from gongkai.statute.texts import Text

PDFTOTEXT = shutil.which("pdftotext")
STRINGS = shutil.which("strings")
LEVELS = [round(value / 17) * 17 for value in range(256)] * 3
BLACK = (0, 0, 0)


def searched(data: bytes, folder: Path) -> str:
    """Everything that any of our tools can read in a file, as one text without white space."""
    file = folder / "file"
    file.write_bytes(data)
    told = [data.decode("latin-1"), data.decode("utf-16-be", "ignore")]
    for match in re.finditer(rb"stream\r?\n", data):
        unpacker = zlib.decompressobj()
        try:
            told.append(unpacker.decompress(data[match.end() :]).decode("latin-1"))
        except zlib.error:
            continue
    if data.startswith(b"%PDF"):
        with LOCK, pypdfium2.PdfDocument(data) as document:
            told += [page.get_textpage().get_text_range() for page in document]
            told += [str(document.get_metadata_dict())]
        with pdfplumber.open(io.BytesIO(data)) as plumbed:
            told += [page.extract_text() + str(page.annots) for page in plumbed.pages]
            told.append(str(plumbed.metadata))
    for tool in ([PDFTOTEXT, str(file), "-"], [STRINGS, "-a", str(file)]):
        if tool[0] is not None:
            run = subprocess.run([str(part) for part in tool], capture_output=True, check=False)
            told.append(run.stdout.decode("utf-8", "replace"))
    return "".join("".join(told).split())


def picture(data: bytes, number: int = 1) -> Image.Image:
    """The picture a page of ours consists of, taken out of it."""
    with LOCK, pypdfium2.PdfDocument(data) as document:
        (one,) = document[number - 1].get_objects()
        return one.get_bitmap().to_pil().convert("RGB")


def drawn(data: bytes, size: tuple[int, int], number: int = 1) -> Image.Image:
    """A page drawn plainly by pdfium, in the steps of colour that we keep."""
    with LOCK, pypdfium2.PdfDocument(data) as document:
        page = document[number - 1]
        bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium.FPDFBitmap_BGRx)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, 0, 0)
        return bitmap.to_pil().convert("RGB").point(LEVELS)


def without(image: Image.Image, marks: Sequence[Mark], scale: float, margin: float) -> Image.Image:
    """An image with all marks black, drawn by other hands."""
    copy = image.copy()
    pen = ImageDraw.Draw(copy)
    for mark in marks:
        low = [int((edge - margin) * scale) for edge in (mark.left, mark.top)]
        high = [int((edge + margin) * scale) + 1 for edge in (mark.right, mark.bottom)]
        pen.rectangle((*low, *high), fill=BLACK)
    return copy


@pytest.mark.parametrize("way", files.HIDING)
def test_a_word_is_gone_however_the_file_hides_it(way: str, tmp_path: Path) -> None:
    before = files.HIDING[way][0]()
    if way != "runs":  # there no search of the bytes meets it
        assert SECRET in searched(before, tmp_path), "a test that finds nothing shows nothing"
    marks = redaction.find(before, [SECRET]).marks
    done = redaction.redact(before, marks, kind="pdf")
    told = searched(done.data, tmp_path)
    assert SECRET not in told and NUMBER not in told
    with LOCK, pypdfium2.PdfDocument(done.data) as document:
        assert not document.get_metadata_dict(skip_empty=True)
        assert not document[0].get_textpage().count_chars()


@pytest.mark.parametrize("way", files.HIDING)
def test_a_file_that_still_hides_a_word_does_not_pass(way: str) -> None:
    make, ids = files.HIDING[way]
    marks = [Mark(1, 60, 100, 300, 200, "term", SECRET)]
    with pytest.raises(NotClean) as caught:
        redaction.verify(make(), make(), marks)
    assert ids <= {one.id for one in caught.value.left}
    assert SECRET not in str(caught.value) + caught.value.text.zh  # which may end in a log


@pytest.mark.parametrize(
    "way", ["white box", "white ink", "render mode 3", "comment", "form field"]
)
def test_text_that_is_hidden_or_laid_over_the_page_is_found(way: str) -> None:
    found = redaction.find(files.HIDING[way][0](), [SECRET], patterns=())
    assert [mark.text for mark in found.marks] == [SECRET]


def test_words_and_numbers_are_found_where_they_stand() -> None:
    found = redaction.find(files.text(), [SECRET])
    assert [(mark.page, mark.reason, mark.text, mark.sure) for mark in found.marks] == [
        (1, "term", SECRET, True),
        (1, "id_number", NUMBER, True),
    ]
    name, number = found.marks
    assert 100 < name.left < name.right < number.left < number.right < 400
    assert 842 - 700 < name.top < name.bottom < 842 - 675
    assert found.unsearched == ()


def test_a_word_in_pieces_is_one_mark_and_a_number_over_two_lines_is_two() -> None:
    found = redaction.find(files.runs(), [SECRET])
    assert [mark.reason for mark in found.marks] == ["term", "id_number", "id_number"]
    assert {mark.text for mark in found.marks[1:]} == {f"{NUMBER[:9]} {NUMBER[9:]}"}


def test_every_page_has_its_own_marks(tmp_path: Path) -> None:
    line = files.shown(files.PLAIN, f"Name: {SECRET}.")
    before = files.pages(line, files.shown(files.PLAIN), line)
    marks = redaction.find(before, [SECRET]).marks
    assert [mark.page for mark in marks] == [1, 3]
    done = redaction.redact(before, [*marks, Mark(2, 100, 300, 140, 340)], kind="pdf")
    assert done.pages == 3 and [mark.page for mark in done.marks] == [1, 2, 3]
    assert [page.width for page in redaction.pages(done.data)] == [595, 605, 615]
    assert SECRET not in searched(done.data, tmp_path)
    scale = 200 / 72
    for number, own in enumerate(([marks[0]], [Mark(2, 100, 300, 140, 340)], [marks[1]]), 1):
        after = picture(done.data, number)
        assert after.crop(area(own[0], scale)).getextrema() == ((0, 0),) * 3
        plain = drawn(before, after.size, number)
        apart = [without(image, own, scale, 1.4) for image in (plain, after)]
        assert ImageChops.difference(*apart).getbbox() is None


def test_a_preview_shows_what_will_be_released() -> None:
    small = redaction.preview(files.field(), 1, dots=72)
    with Image.open(io.BytesIO(small)) as shown:
        assert shown.size == (595, 842)
        assert shown.crop((72, 322, 272, 342)).convert("L").getextrema() != (255, 255)
    with pytest.raises(IndexError):
        redaction.preview(files.field(), 2)


def test_a_word_found_does_not_take_its_neighbours_with_it(tmp_path: Path) -> None:
    """In large type the ink of one character reaches into the place of the next."""
    before = typeset(tmp_path, "#set text(size: 22pt)\n政府信息公开申请告知书" * 2)
    marks = redaction.find(before, ["信息", "申请"]).marks
    assert len(marks) >= 4
    assert redaction.redact(before, marks, kind="pdf", dots=72).marks == marks


def test_chinese_set_by_a_typesetter_is_found_and_blackened(tmp_path: Path) -> None:
    before = typeset(tmp_path, "申请人陈示例，电话13800138000，请求公开征地批复。" * 3)
    done = redaction.redact(before, redaction.find(before, ["陈示例"]).marks, kind="pdf")
    assert {mark.reason for mark in done.marks} == {"term", "mobile"}
    black = picture(done.data).crop(area(done.marks[0], 200 / 72)).getextrema()
    assert black == ((0, 0),) * 3


def typeset(folder: Path, text: str) -> bytes:
    import typst

    fonts = Path(redaction.__file__).parents[1] / "statute" / "data" / "fonts"
    page = folder / "page.typ"
    head = '#set page(width: 300pt, height: 200pt)\n#set text(font: "Noto Serif CJK SC")\n'
    page.write_text(head + text, encoding="utf-8")
    made: bytes = typst.compile(str(page), font_paths=[str(fonts)], ignore_system_fonts=True)
    return made


def area(mark: Mark, scale: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * scale) for edge in mark.box)
    return left, top, right, bottom


# -- what stays ------------------------------------------------------------------------------


def random_page(seed: int, turns: int, crop: bool) -> bytes:
    """A small page with words all over it."""
    pick = random.Random(seed)
    content = b"".join(
        files.shown(
            "".join(pick.choice("abdgjklmopqwxyABGMQW0123456789 ") for _ in range(14)),
            size=pick.choice((8, 11, 17)),
            x=pick.uniform(0, 150),
            y=pick.uniform(0, 150),
        )
        for _ in range(6)
    )
    cut = b"/CropBox[20 30 190 140]" if crop else b""
    whole = files.file(content, page=b"/Rotate %d%s" % (90 * turns, cut))
    return whole.replace(b"[0 0 595 842]", b"[0 0 220 160]")


def glyph_boxes(data: bytes, scale: int) -> list[tuple[float, float, float, float]]:
    """Where each glyph is drawn, by pdfium's own way from the page to the screen."""
    boxes = []
    with LOCK, pypdfium2.PdfDocument(data) as document:
        page = document[0]
        size = [round(side * scale) for side in page.get_size()]
        text = page.get_textpage()
        for index in range(text.count_chars()):
            if not text.get_text_range(index, 1).strip():
                continue
            left, bottom, right, top = text.get_charbox(index)
            if left == right:
                continue
            x, y = ctypes.c_int(), ctypes.c_int()
            corners = []
            for point in ((left, bottom), (right, top)):
                pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, *point, x, y)
                corners.append((x.value / scale, y.value / scale))
            (ax, ay), (bx, by) = corners
            boxes.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return boxes


def covers(mark: Sequence[float], glyph: Sequence[float]) -> bool:
    """Whether a twentieth of a glyph's side lies under a mark, and more than 0.3 points or half."""
    for k in (0, 1):
        side = glyph[k + 2] - glyph[k]
        common = min(mark[k + 2], glyph[k + 2]) - max(mark[k], glyph[k])
        if common < 0.02 + min(max(0.3, 0.05 * side), side / 2):
            return False
    return True


edges = st.tuples(*(st.floats(0, 150) for _ in range(2)), *(st.floats(0.5, 60) for _ in range(2)))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(0, 3),
    st.booleans(),
    st.lists(edges, min_size=1, max_size=4),
)
def test_every_glyph_under_a_mark_is_gone_and_nothing_else(
    seed: int, turns: int, crop: bool, boxes: list[tuple[float, float, float, float]]
) -> None:
    before = random_page(seed, turns, crop)
    (size,) = redaction.pages(before)
    wide, high = (170, 110) if crop else (220, 160)
    assert (size.width, size.height) == ((high, wide) if turns % 2 else (wide, high))
    marks = [
        Mark(1, x, y, x + width, y + height)
        for x, y, width, height in boxes
        if x < size.width and y < size.height
    ]
    done = redaction.redact(before, marks, kind="pdf")
    after = picture(done.data)
    scale = 200 / 72
    for box in glyph_boxes(before, 1000):
        if any(covers(mark.box, box) for mark in marks):
            start = [max(0, int(edge * scale)) for edge in box[:2]]
            stop = [
                min(int(e * scale) + 1, most) for e, most in zip(box[2:], after.size, strict=True)
            ]
            if start[0] < stop[0] and start[1] < stop[1]:  # on the page
                assert after.crop((*start, *stop)).getextrema() == ((0, 0),) * 3
    plain = drawn(before, after.size)
    # A pixel on the edge of a mark may be either.
    apart = [without(image, done.marks, scale, 1.4) for image in (plain, after)]
    assert ImageChops.difference(*apart).getbbox() is None


@pytest.mark.parametrize("way", ["white box", "layer switched off", "turned", "turned and cropped"])
def test_a_page_without_marks_looks_as_before(way: str) -> None:
    before = files.HIDING[way][0]()
    done = redaction.redact(before, [], kind="pdf")
    after = picture(done.data)
    assert ImageChops.difference(after, drawn(before, after.size)).getbbox() is None
    with LOCK, pypdfium2.PdfDocument(before) as old, pypdfium2.PdfDocument(done.data) as new:
        assert new[0].get_size() == pytest.approx(old[0].get_size(), abs=0.001)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("dots", [72, 200, 300])
def test_a_page_of_any_size_passes_the_proof(seed: int, dots: int) -> None:
    pick = random.Random(seed)
    wide, high = pick.uniform(20, 400), pick.uniform(20, 400)
    content = b"1 0 0 rg 3 3 40 9 re f 0 g " + files.shown(SECRET, x=2, y=5)
    before = files.file(content, page=b"/Rotate %d" % pick.choice((0, 90, 180, 270)))
    box = b"[%.4f %.4f %.4f %.4f]" % (-7.3, 2.1, wide - 7.3, high + 2.1)
    before = before.replace(b"[0 0 595 842]", box)
    assert redaction.redact(before, [Mark(1, 1, 1, 9, 9)], kind="pdf", dots=dots).pages == 1


def test_a_mark_grows_to_the_glyphs_it_touches_but_not_to_a_watermark() -> None:
    (name,) = redaction.find(files.turned(0), [SECRET]).marks[:1]
    half = Mark(1, name.left + 3, name.top, name.left + 4, name.bottom)
    (grown,) = redaction.redact(files.turned(0), [half], kind="pdf").marks
    assert grown.left == pytest.approx(name.left, abs=1) and grown.right > half.right
    assert grown.right < name.left + 15
    large = files.file(files.shown("W", size=200, x=100, y=300))
    mark = Mark(1, 150, 400, 200, 450)
    assert redaction.redact(large, [mark], kind="pdf").marks == (mark,)


def test_the_original_is_untouched_and_equal_input_gives_equal_bytes() -> None:
    before = files.field()
    kept = bytes(bytearray(before))
    marks = [Mark(1, 60, 100, 200, 160)]
    once, again = (redaction.redact(before, marks, kind="pdf").data for _ in range(2))
    assert before == kept and once == again


def test_pages_that_are_not_only_text_are_named_for_a_person_to_look_at() -> None:
    scan = redaction.find(photographed(), [SECRET])
    assert (scan.marks, scan.unsearched) == ((), (1,))


def photographed() -> bytes:
    """A page that is a picture."""
    made = io.BytesIO()
    Image.effect_noise((300, 400), 60).convert("RGB").save(made, "PDF")
    return made.getvalue()


# -- pictures --------------------------------------------------------------------------------


def photograph(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    noise = [Image.effect_noise((161, 90), 50 + 9 * k) for k in range(3)]
    image = Image.merge("RGB", noise).convert(mode)
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.jpg_with_tags(photograph("JPEG", quality=95)), "jpg"),
        (photograph("JPEG", "L"), "jpg"),
        (photograph("JPEG", progressive=True), "jpg"),
        (photograph("JPEG", dpi=(203, 98)), "jpg"),
        (photograph("PNG"), "png"),
        (photograph("PNG", dpi=(203, 203)), "png"),
        (photograph("PNG", "L"), "png"),
        (photograph("PNG", "1"), "png"),
        (photograph("PNG", "P"), "png"),
    ],
)
def test_a_picture_keeps_its_pixels_and_nothing_else(
    data: bytes, kind: redaction.Kind, tmp_path: Path
) -> None:
    (size,) = redaction.pages(data)
    assert (size.width, size.height, size.unit) == (161, 90, "px")
    mark = Mark(1, 20, 30, 60, 50)
    done = redaction.redact(data, [mark], kind=kind)
    assert done.kind == "png" and SECRET not in searched(done.data, tmp_path)
    with Image.open(io.BytesIO(done.data)) as after, Image.open(io.BytesIO(data)) as before:
        assert not after.info and not after.getexif()
        shown = after.convert("RGB")
        assert shown.crop((20, 30, 60, 50)).getextrema() == ((0, 0),) * 3
        apart = [without(image.convert("RGB"), [mark], 1, 2) for image in (before, shown)]
    worst = max(high for _, high in ImageChops.difference(*apart).getextrema())
    assert worst <= (2 if kind == "jpg" else 0)  # decoders of JPG differ by a step


@pytest.mark.parametrize("way", range(1, 9))
def test_a_photograph_is_marked_as_it_is_held(way: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = way
    corner = Image.new("RGB", (160, 90), "white")
    ImageDraw.Draw(corner).rectangle((0, 0, 40, 20), fill="red")
    made = io.BytesIO()
    corner.save(made, "JPEG", quality=95, exif=exif)
    held = ImageOps.exif_transpose(corner_of(made.getvalue()))
    (size,) = redaction.pages(made.getvalue())
    assert (size.width, size.height) == held.size
    done = redaction.redact(made.getvalue(), [Mark(1, 70, 40, 80, 50)], kind="jpg")
    with Image.open(io.BytesIO(done.data)) as after:
        for x, y in ((10, 8), (held.width - 10, 8), (10, held.height - 8)):
            seen, was = after.convert("RGB").getpixel((x, y)), held.getpixel((x, y))
            assert isinstance(seen, tuple) and isinstance(was, tuple)
            assert all(abs(a - b) < 30 for a, b in zip(seen, was, strict=True))


def corner_of(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_what_is_transparent_shows_white_paper() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(made, "PNG")
    done = redaction.redact(made.getvalue(), [], kind="png")
    with Image.open(io.BytesIO(done.data)) as after:
        assert after.convert("RGB").getextrema() == ((255, 255),) * 3


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "id", "word"),
    [
        (files.locked(), "error.encrypted", "密码"),
        (files.empty(), "error.damaged", "没有页"),
        (b"%PDF-1.7\nnothing", "error.damaged", "无法解析"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "error.damaged", "图像"),
        (b"\xff\xd8\xff\xe0", "error.damaged", "图像"),
        (b"plain text", "error.damaged", "不是 PDF"),
        (b"", "error.damaged", "不是 PDF"),
    ],
)
def test_a_file_that_cannot_be_opened_is_refused_with_words(
    data: bytes, id: str, word: str
) -> None:
    with pytest.raises(CannotRead) as caught:
        redaction.pages(data)
    assert caught.value.id == id and word in caught.value.text.zh


def test_a_picture_that_would_unpack_to_a_wall_is_refused() -> None:
    bomb = photograph("PNG")
    bomb = bomb[:16] + (50_000).to_bytes(4, "big") * 2 + bomb[24:]
    with pytest.raises(CannotRead) as caught:
        redaction.pages(bomb)
    assert caught.value.id == "error.too_large"


@pytest.mark.parametrize(
    "name", ["tree.pdf", "brackets.pdf", "noise.pdf", "pages.pdf", "zeros.pdf"]
)
def test_a_file_made_to_break_readers_is_refused(name: str) -> None:
    data = (hostile.DEEP | hostile.NAMES)[name][0]()
    with pytest.raises(CannotRead):
        redaction.apart(partial(redaction.redact, marks=[], kind="pdf"), data)


def test_a_file_of_another_kind_than_said_is_refused() -> None:
    with pytest.raises(CannotRead):
        redaction.redact(files.text(), [], kind="png")


def test_a_page_that_does_not_open_is_never_passed_over() -> None:
    with pytest.raises(CannotRead) as caught:
        redaction.redact(files.torn(), [], kind="pdf")
    assert "第 2 页" in caught.value.text.zh


@pytest.mark.parametrize(
    "mark",
    [
        Mark(2, 10, 10, 20, 20),
        Mark(0, 10, 10, 20, 20),
        Mark(1, 20, 10, 10, 20),
        Mark(1, 10, 10, 20, 10),
        Mark(1, 600, 10, 700, 20),
        Mark(1, -20, 10, -10, 20),
        Mark(1, float("nan"), 10, 20, 20),
        Mark(1, 10, 10, float("inf"), 20),
    ],
)
def test_a_mark_that_would_blacken_nothing_is_refused(mark: Mark) -> None:
    with pytest.raises(redaction.BadMark) as caught:
        redaction.redact(files.text(), [Mark(1, 10, 10, 20, 20), mark], kind="pdf")
    assert caught.value.mark is mark and isinstance(caught.value.text, Text)


# -- in a process of its own -----------------------------------------------------------------


def test_it_is_done_in_a_process_with_limits() -> None:
    marks = redaction.find(files.text(), [SECRET]).marks
    done = redaction.apart(partial(redaction.redact, marks=marks, kind="pdf"), files.text())
    assert done == redaction.redact(files.text(), marks, kind="pdf")
    assert redaction.apart(redaction.pages, files.text()) == redaction.pages(files.text())


def dies(data: bytes) -> None:
    """Work that leaves a file behind."""
    handle, path = tempfile.mkstemp()
    os.write(handle, data)
    Path(data.decode()).write_text(path)
    os._exit(1)


def test_a_process_that_dies_leaves_no_part_of_the_file_behind(tmp_path: Path) -> None:
    told = tmp_path / "where"
    with pytest.raises(CannotRead) as caught:
        redaction.apart(dies, str(told).encode())
    assert caught.value.id == "error.crashed"
    assert not Path(told.read_text()).exists()


@pytest.mark.parametrize("error", [CannotRead, redaction.BadMark])
def test_what_goes_wrong_there_is_said_here(error: type[Exception]) -> None:
    data = files.locked() if error is CannotRead else files.text()
    work = partial(redaction.redact, marks=[Mark(9, 0, 0, 1, 1)], kind="pdf")
    with pytest.raises(error):
        redaction.apart(work, data)
