"""Pictures and scanned PDF: what was printed is read, and what is not sure is never passed off."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from gongkai.convert import ocr, reading
from gongkai.convert.tests import hostile
from gongkai.statute import forms, read
from gongkai.statute.pdfium import LOCK
from gongkai.statute.readers import figures, lines, pdf, recognise
from gongkai.statute.readers.blocks import Document, Grid, GridCell, Paragraph, Picture
from gongkai.statute.report import AnnualReport, CannotRead, State

EXAMPLE = Path(__file__).parents[3] / "examples" / "06_city_2024.pdf"

needs_extra = pytest.mark.skipif(
    not ocr.available(), reason="the extra [ocr] is not installed (make install-ocr)"
)


# -- pages made for the tests ---------------------------------------------------------------


@cache
def _page(index: int, dots: int = 150) -> Any:
    """A page of the example as a picture, red-green-blue."""
    opened = pypdfium2.PdfDocument(EXAMPLE.read_bytes())
    picture = opened[index].render(scale=dots / 72).to_pil().convert("RGB")
    opened.close()
    return picture


def _scanned(picture: Any, seed: int, angle: float = -1.2) -> Any:
    """As a bad scanner gives it back: askew, soft, noisy, squeezed as JPEG."""
    import numpy as np
    from PIL import Image, ImageFilter

    turned = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(1.0)), dtype=float)
    noise = np.random.default_rng(seed).normal(0, 14, soft.shape)
    noisy = Image.fromarray(np.clip(soft + noise, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    noisy.save(file, "JPEG", quality=50)
    return Image.open(file)


def _shaded(picture: Any) -> Any:
    """As a hand-held camera takes it: darker to one corner, on yellowish paper."""
    import numpy as np
    from PIL import Image

    pixels = np.asarray(picture, dtype=float)
    down, across = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    light = 0.55 + 0.45 * (across / across.max() + 1 - down / down.max()) / 2
    tint = np.array([1.0, 0.96, 0.86])
    return Image.fromarray((pixels * light[:, :, None] * tint).astype(np.uint8))


def _saved(pages: list[Any], kind: str, dots: int = 150, **more: Any) -> bytes:
    file = io.BytesIO()
    behind = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    size: dict[str, Any] = {"resolution": dots} if kind == "PDF" else {"dpi": (dots, dots)}
    pages[0].save(file, kind, **behind, **size, **more)
    return file.getvalue()


def _drawn(rows: list[list[str]], marks: Callable[[Any, int, int], None] | None = None) -> Any:
    """A table of figures with its rules, cells of 90 by 40 pixels, at 150 dots to the inch."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=24)
    left, top = 200, 300
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = left + 90 * c, top + 40 * r
            pen.rectangle((x, y, x + 90, y + 40), outline=0, width=2)
            if text == "?":
                assert marks is not None
                marks(pen, x, y)
            else:
                pen.text((x + 45, y + 20), text, fill=0, font=font, anchor="mm")
    return picture


def _only_grid(document: Document) -> Grid:
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    return grid


def _compared(truth: AnnualReport, got: AnnualReport) -> dict[str, list[str]]:
    """The addresses by what became of them: right, doubtful (or said to be unread), wrong."""
    found: dict[str, list[str]] = {"right": [], "doubtful": [], "wrong": []}
    for address, cell in truth.cells.items():
        mine = got.cell(address)
        same = (mine.state, mine.value) == (cell.state, cell.value)
        told = mine.doubt is not None or mine.state in (State.ABSENT, State.UNREADABLE)
        found["doubtful" if told else "right" if same else "wrong"].append(address)
    return found


# -- figures --------------------------------------------------------------------------------


@needs_extra
def test_every_figure_of_a_bad_scan_is_right_or_doubtful() -> None:
    pages = [_scanned(_page(i), seed=i) for i in range(3)]
    document = ocr.blocks(_saved(pages, "PDF"), carrier="pdf")
    (truth,) = read(EXAMPLE.read_bytes())
    (got,) = recognise.recognise(document)
    found = _compared(truth, got)
    assert found["wrong"] == []
    assert len(found["right"]) >= 196 and len(truth.cells) == 200
    assert (got.title, got.organ, got.year, got.edition) == (
        truth.title,
        truth.organ,
        truth.year,
        truth.edition,
    )
    assert {"1", "2", "3", "4", "5", "6"} <= set(got.sections)
    (said,) = [n for n in document.notes if n.id == "read.ocr"]
    assert "1–3" in said.text.zh


@needs_extra
def test_a_photograph_in_poor_light() -> None:
    picture = _shaded(_page(2))
    document = ocr.blocks(_saved([picture], "JPEG", quality=70), carrier="image")
    assert document.carrier == "image"
    assert _figures(document) == _printed_figures()


def _printed_figures() -> list[str]:
    """The figures of the example's last page, as its own text has them."""
    from gongkai.statute.readers import pdf

    pages, _ = pdf.pages_of(EXAMPLE.read_bytes())
    return _figures(pdf.document(pages[2:], [], "pdf"))


def _figures(document: Document) -> list[str]:
    cells = [c for b in document.blocks if isinstance(b, Grid) for c in b.cells]
    return [c.text for c in cells if c.text.isdigit()]


@needs_extra
def test_blank_dash_and_lone_figures_are_told_apart() -> None:
    rows = [["1", "", "-", "0"], ["12", "7", "", "305"], ["", "4.25", "1", "-"]]
    grid = _only_grid(ocr.blocks(_saved([_drawn(rows)], "PNG"), carrier="image"))
    assert (grid.rows, grid.columns, grid.drawn) == (3, 4, True)
    read_rows = [[c.text for c in grid.cells if c.row == r] for r in range(3)]
    assert [[t.replace("一", "-").replace("—", "-") for t in row] for row in read_rows] == rows
    sure = {c.text: c.confidence for c in grid.cells}
    assert sure["305"] > figures.DOUBTFUL and sure[""] == 1.0


@needs_extra
def test_ink_that_says_nothing_is_never_blank() -> None:
    def scribble(pen: Any, x: int, y: int) -> None:
        for k in range(6):
            pen.line((x + 12 + 11 * k, y + 8, x + 24 + 9 * k, y + 33), fill=0, width=2)
            pen.arc((x + 10 + 9 * k, y + 10, x + 30 + 9 * k, y + 30), 20, 300, fill=0, width=2)

    rows = [["1", "2", "3"], ["4", "?", "6"], ["7", "8", "9"]]
    grid = _only_grid(ocr.blocks(_saved([_drawn(rows, scribble)], "PNG"), carrier="image"))
    cell = next(c for c in grid.cells if (c.row, c.column) == (1, 1))
    column = forms.form("2021").tables["applications"].blocks[0].columns[0]
    shown, _ = figures.read(cell, column, drawn=True)
    assert shown.state is State.UNREADABLE or shown.doubt is not None
    assert shown.state is not State.BLANK
    assert [c.text for c in grid.cells if c.row != 1] == ["1", "2", "3", "7", "8", "9"]


@needs_extra
def test_dirt_does_not_fill_a_blank_cell() -> None:
    def specks(pen: Any, x: int, y: int) -> None:
        for dx, dy in ((30, 12), (52, 25), (70, 18)):
            pen.ellipse((x + dx, y + dy, x + dx + 1, y + dy + 1), fill=60)

    rows = [["1", "?", "3"], ["?", "5", "6"]]
    grid = _only_grid(ocr.blocks(_saved([_drawn(rows, specks)], "PNG"), carrier="image"))
    assert [c.text for c in grid.cells] == ["1", "", "3", "", "5", "6"]


# -- how a page is held, and in what file ---------------------------------------------------


@needs_extra
@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_lying_or_upside_down(turn: int) -> None:
    turned = _page(2).rotate(turn, expand=True)
    document = ocr.blocks(_saved([turned], "PNG"), carrier="image")
    assert _figures(document) == _printed_figures() and len(_printed_figures()) > 40


@needs_extra
def test_the_camera_s_own_mark_of_how_it_was_held() -> None:
    from PIL import Image

    tag = Image.Exif()
    tag[0x0112] = 6  # to be turned a quarter clockwise
    lying = _drawn([["1", "2"], ["3", "45"]]).transpose(Image.Transpose.ROTATE_90)
    data = _saved([lying], "JPEG", exif=tag.tobytes())
    grid = _only_grid(ocr.blocks(data, carrier="image"))
    assert [c.text for c in grid.cells] == ["1", "2", "3", "45"]
    assert grid.place.bbox is not None and grid.place.bbox[0] == pytest.approx(96, abs=3)


@needs_extra
@pytest.mark.parametrize("kind", ["TIFF", "BMP", "WEBP", "GIF"])
def test_kinds_of_pictures(kind: str) -> None:
    data = _saved([_drawn([["10", "2"], ["3", "45"]])], kind)
    grid = _only_grid(ocr.blocks(data, carrier="image"))
    assert [c.text for c in grid.cells] == ["10", "2", "3", "45"]


@needs_extra
def test_pages_of_one_picture_file() -> None:
    pages = [_drawn([["10", "2"], ["3", "4"]]), _drawn([["5", "6", "7"], ["8", "9", "11"]])]
    document = ocr.blocks(_saved(pages, "TIFF"), carrier="image")
    assert [b.place.page for b in document.blocks] == [1, 2]


# -- PDF ------------------------------------------------------------------------------------


def _mixed() -> bytes:
    """The example with its second page as a scan: text, picture, text."""
    made = pypdfium2.PdfDocument.new()
    text = pypdfium2.PdfDocument(EXAMPLE.read_bytes())
    scan = pypdfium2.PdfDocument(_saved([_scanned(_page(1), seed=1)], "PDF"))
    made.import_pages(text, [0])
    made.import_pages(scan, [0])
    made.import_pages(text, [2])
    file = io.BytesIO()
    made.save(file)
    for opened in (made, text, scan):
        opened.close()
    return file.getvalue()


@needs_extra
def test_a_scanned_page_among_pages_of_text() -> None:
    document = ocr.blocks(_mixed(), carrier="pdf")
    (said,) = [n for n in document.notes if n.id.startswith("read.ocr")]
    assert "第 2 页" in said.text.zh
    pages = [b.place.page or 0 for b in document.blocks]
    assert pages == sorted(pages) and set(pages) == {1, 2, 3}
    sure = {
        c.place.page: c.confidence
        for b in document.blocks
        if isinstance(b, Grid)
        for c in b.cells
        if c.text
    }
    assert sure[3] == 1.0
    (truth,) = read(EXAMPLE.read_bytes())
    found = _compared(truth, recognise.recognise(document)[0])
    assert found["wrong"] == [] and len(found["right"]) >= 198


@needs_extra
def test_a_table_that_is_a_picture_on_a_page_of_text() -> None:
    made = pypdfium2.PdfDocument(EXAMPLE.read_bytes())
    page = made[2]
    table = _drawn([["10", "2"], ["3", "45"], ["6", "7"]]).crop((180, 280, 400, 440))
    image = pypdfium2.PdfImage.new(made)
    image.set_bitmap(pypdfium2.PdfBitmap.from_pil(table.convert("RGB")))
    image.set_matrix(pypdfium2.PdfMatrix().scale(220 * 72 / 150, 160 * 72 / 150).translate(70, 60))
    page.insert_obj(image)
    page.gen_content()
    file = io.BytesIO()
    made.save(file)
    made.close()
    plain = read_blocks(file.getvalue())
    assert any(isinstance(b, Picture) for b in plain.blocks) and ocr.may_help(plain)
    document = ocr.blocks(file.getvalue(), carrier="pdf")
    assert not any(isinstance(b, Picture) for b in document.blocks)
    cells = [c for b in document.blocks if isinstance(b, Grid) for c in b.cells]
    low = [c for c in cells if c.place.page == 3 and c.place.bbox and c.place.bbox[1] > 690]
    assert [c.text for c in low] == ["10", "2", "3", "45", "6", "7"]


def read_blocks(data: bytes) -> Document:
    from gongkai.statute.readers import pdf

    return pdf.blocks(data)


# -- what cannot be read --------------------------------------------------------------------


@needs_extra
def test_a_picture_of_countless_pixels_is_refused_before_it_is_opened() -> None:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000)))
    assert _refused(bomb, "image") == "error.too_large"


@needs_extra
@pytest.mark.parametrize("size", [(9_000, 2), (2, 9_000), (1, 1), (40_000, 30)])
def test_a_picture_of_odd_size_takes_no_more_than_any_other(size: tuple[int, int]) -> None:
    """Two pixels are not taken for the width of A4: the other side would be a mile."""
    from PIL import Image

    with pytest.raises(CannotRead) as caught:
        ocr.blocks(_saved([Image.new("RGB", size, "white")], "PNG"), carrier="image")
    assert caught.value.id == "error.empty"


@needs_extra
@pytest.mark.parametrize(("side", "id"), [(14_400, "error.empty"), (20_000, "error.too_large")])
def test_pages_as_large_as_a_wall(side: int, id: str) -> None:
    from PIL import Image

    opened = pypdfium2.PdfDocument(_saved([Image.new("RGB", (200, 200), "white")], "PDF"))
    (picture,) = opened[0].get_objects()
    picture.set_matrix(pypdfium2.PdfMatrix(side, 0, 0, side, 0, 0))
    opened[0].set_mediabox(0, 0, side, side)
    opened[0].gen_content()
    file = io.BytesIO()
    opened.save(file)
    with pytest.raises(CannotRead) as caught:
        ocr.blocks(file.getvalue(), carrier="pdf")
    assert caught.value.id == id


@needs_extra
def test_the_pages_are_drawn_while_nobody_else_uses_pdfium(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PDFium is not safe across threads; between two pages others may have their turn."""
    free: list[bool] = []
    render = pypdfium2.PdfPage.render

    def watched(page: Any, **given: Any) -> Any:
        free.append(not LOCK.locked())
        return render(page, **given)

    monkeypatch.setattr(pypdfium2.PdfPage, "render", watched)
    pages, _ = pdf.pages_of(EXAMPLE.read_bytes())
    for _ in ocr._drawn(EXAMPLE.read_bytes(), pages[:2]):
        assert not LOCK.locked()
    assert free == [False, False]
    assert not LOCK.locked()


@needs_extra
def test_broken_and_empty_pictures() -> None:
    whole = _saved([_drawn([["1", "2"], ["3", "4"]])], "JPEG")
    assert _refused(whole[: len(whole) // 2], "image") == "error.damaged"
    assert _refused(b"\x89PNG\r\n\x1a\n" + bytes(200), "image") == "error.damaged"
    from PIL import Image

    assert _refused(_saved([Image.new("L", (800, 1100), 255)], "PNG"), "image") == "error.empty"
    assert _refused(b"%PDF-1.4\nnothing", "pdf") == "error.damaged"


def _refused(data: bytes, carrier: Any) -> str:
    with pytest.raises(CannotRead) as raised:
        ocr.blocks(data, carrier=carrier)
    return raised.value.id


@pytest.mark.skipif(ocr.available(), reason="the extra [ocr] is installed")
def test_without_the_extra_the_error_says_how_to_get_it() -> None:
    assert _refused(b"\x89PNG\r\n\x1a\n", "image") == "error.image"
    assert _refused(EXAMPLE.read_bytes(), "pdf") == "error.scanned"


_ALONE = """
import socket, sys
def refuse(*_): raise SystemExit("the network was asked")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
from gongkai.convert import ocr, reading
from gongkai.convert.tests import hostile
document = ocr.blocks(open(sys.argv[1], "rb").read(), carrier="image")
sys.exit(0 if document.blocks else 4)
"""


@needs_extra
def test_nothing_is_fetched_and_nothing_printed(tmp_path: Path) -> None:
    file = tmp_path / "page.png"
    file.write_bytes(_saved([_drawn([["1", "2"], ["3", "4"]])], "PNG"))
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, str(file)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


# -- rules and slant ------------------------------------------------------------------------


@needs_extra
@pytest.mark.parametrize("angle", [-1.8, -0.4, 0.0, 1.1])
def test_the_slant_of_a_page_is_told_to_a_tenth_of_a_degree(angle: float) -> None:
    import numpy as np

    from gongkai.convert import ocr_rules

    grey = np.asarray(_page(1).convert("L").rotate(angle, fillcolor=255, resample=3))
    assert ocr_rules.slant(grey) == pytest.approx(angle, abs=0.1)


@needs_extra
def test_strokes_of_characters_are_no_rules() -> None:
    import numpy as np

    from gongkai.convert import ocr_rules
    from gongkai.statute.readers import pdf, pdf_grid

    grey = np.asarray(_page(1).convert("L"))
    ruled = ocr_rules.rules(grey, 150 / 72)
    seen = [len(t.boxes) for t in pdf_grid.lattices(ruled.level, ruled.upright)[0]]
    page = pdf.pages_of(EXAMPLE.read_bytes())[0][1]
    assert seen == [len(t.boxes) for t in pdf_grid.lattices(page.level, page.upright)[0]]


# -- confidence, without the extra ----------------------------------------------------------


def _cell(text: str, confidence: float) -> Any:
    column = forms.form("2021").tables["applications"].blocks[0].columns[0]
    return figures.read(GridCell(0, 0, text, confidence=confidence), column, drawn=True)[0]


@pytest.mark.parametrize("text", ["13", "-", "无", "1O"])
def test_little_confidence_is_a_doubt_whatever_was_read(text: str) -> None:
    sure, less, least = (_cell(text, c) for c in (0.95, 0.8, 0.3))
    assert sure.doubt is None or text == "1O"
    assert less.doubt is not None and less.doubt.id == "doubt.low_confidence"
    assert less.state is sure.state
    assert (least.state, least.raw, least.value) == (State.UNREADABLE, text, None)
    assert least.doubt is not None and least.doubt.id == "doubt.low_confidence"


def test_a_blank_cell_is_no_matter_of_confidence() -> None:
    assert (_cell("", 0.2).state, _cell("", 0.2).doubt) == (State.BLANK, None)


def test_figures_set_in_lines_keep_the_confidence_of_their_paragraph() -> None:
    text = "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3"
    rows = lines.of(Document((Paragraph(text, confidence=0.7),), "image"))
    assert {t.cell.confidence for row in rows for t in row.tokens} == {0.7}
    stream = "\n".join(["规章", "1", "0", "5", "行政规范性文件", "2", "0", "7"])
    rows = lines.of(Document((Paragraph(stream, confidence=0.7),), "image"))
    assert {t.cell.confidence for row in rows for t in row.tokens} == {0.7}


def test_a_setting_switches_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.VARIABLE, "0")
    assert not ocr.available()


@needs_extra
def test_a_pdf_whose_fonts_tell_nothing_keeps_its_own_error_where_no_letter_is_seen() -> None:
    made, want = hostile.NAMES["boxes.pdf"]
    with pytest.raises(CannotRead) as caught:
        reading.read(made(), name="boxes.pdf")
    assert caught.value.id == want == "error.no_mapping"
