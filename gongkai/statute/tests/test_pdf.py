"""读取 PDF: the file as such: what is refused, what is said, what is shown, and the real report."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections import Counter

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from gongkai.statute.readers import pdf
from gongkai.statute.readers.blocks import Document, Grid
from gongkai.statute.report import CannotRead
from gongkai.statute.tests import samples
from gongkai.statute.tests.pdf_sources import (
    cell,
    grids,
    line,
    needs_chinese,
    pictures,
    rows,
    texts,
    the_grid,
    typeset,
    written,
)

PROSE = "本机关对照目录逐项自查，能公开的及时公开，不能公开的说明理由，全年没有遗漏。"
TABLE = "#table(columns: (1fr,) * 3, align: center)[甲][乙][丙][11][22][33][4][5][6]\n"
PIXEL = (
    "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
    "/Length 1>>stream\n\x80\nendstream"
)
WITH_PIXEL = "/Font<</F1 5 0 R>>/XObject<</I 6 0 R>>"


def note_ids(document: Document) -> list[str]:
    return [n.id for n in document.notes]


def png(width: int = 20, height: int = 30) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + b"\x90" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# -- the real report ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Document:
    if not samples.FOLDER.is_dir():
        pytest.skip("the published samples are not here")
    return pdf.blocks(samples.path("huaian").read_bytes())


def figures(grid: Grid) -> list[list[str]]:
    """The rows of a grid that hold figures: the figures."""
    found = []
    for row in range(grid.rows):
        cells = [c.text for c in grid.cells if c.row == row]
        values = [t for t in cells if t.replace(".", "").isdigit()]
        if values:
            found.append(values)
    return found


def test_real_tables_over_page_breaks_are_three_grids(real: Document) -> None:
    two, three, four = grids(real)
    assert [g.place.page for g in (two, three, four)] == [3, 4, 5]
    assert (two.columns, three.columns, four.columns) == (4, 10, 15)
    assert [sum(map(len, figures(g))) for g in (two, three, four)] == [10, 175, 15]
    assert all(g.drawn for g in (two, three, four))


def test_real_figures_stand_where_they_are_printed(real: Document) -> None:
    two, three, four = grids(real)
    assert figures(two)[-1] == ["96171.6"]
    by_label = {c.text: c.row for c in three.cells if c.column < 3}
    concluded = by_label["（七）总计"]
    assert cell(three, by_label["一、本年新收政府信息公开申请数量"], 9).text == "3119"
    assert cell(three, concluded, 3).text == "2932"
    (last,) = figures(four)
    assert list(map(int, last)) == [72, 64, 178, 37, 351, 13, 4, 8, 1, 26, 12, 1, 1, 6, 20]


def test_real_merged_labels_run_over_the_page_break(real: Document) -> None:
    three = grids(real)[1]
    assert cell(three, 5, 0).text == "三、本年度办理结果"
    assert cell(three, 5, 0).row_span == 22
    unavailable = next(c for c in three.cells if c.text == "（四）无\n法提供")
    assert (unavailable.row_span, unavailable.place.page) == (3, 4)


@samples.needed
def test_real_cells_agree_with_an_independent_reader(real: Document) -> None:
    """Every text pdfplumber finds in a table cell is in one of ours, as often; the two halves of
    the label cut by the page break are its only difference."""
    ours = Counter("".join(c.text.split()) for g in grids(real) for c in g.cells if c.text)
    theirs: Counter[str] = Counter()
    with pdfplumber.open(samples.path("huaian")) as file:
        for page in file.pages:
            for table in page.extract_tables():
                if len(table[0]) > 1:
                    theirs.update("".join(t.split()) for row in table for t in row if t)
    assert theirs - ours == Counter({"（四）无": 1, "法提供": 1})
    assert ours - theirs == Counter({"（四）无法提供": 1})


def test_real_prose_is_whole_paragraphs_without_page_numbers(real: Document) -> None:
    prose = texts(real)
    assert prose[:2] == ["淮安市人民政府", "2024年政府信息公开工作年度报告"]
    assert [p for p in prose if p[1:2] == "、"] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    ends = [p[-1] for p in prose if len(p) > 30]
    assert ends == ["。"] * 10
    assert not any("- 2 -" in p for p in prose)
    assert real.notes == ()


# -- refused --------------------------------------------------------------------------------


def test_a_protected_file_is_named_as_such() -> None:
    lock = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>"
    with pytest.raises(CannotRead) as caught:
        pdf.blocks(written(line("a", 50, 200), trailer=lock))
    assert caught.value.id == "error.encrypted"


@pytest.mark.parametrize("data", [b"%PDF-1.7 and nothing more", b"\0" * 100])
def test_what_is_no_pdf_is_damaged(data: bytes) -> None:
    with pytest.raises(CannotRead) as caught:
        pdf.blocks(data)
    assert caught.value.id == "error.damaged"


def test_a_file_of_scans_is_refused() -> None:
    scan = written("q 400 0 0 300 0 0 cm /I Do Q", resources=WITH_PIXEL, objects=[PIXEL])
    with pytest.raises(CannotRead) as caught:
        pdf.blocks(scan)
    assert caught.value.id == "error.scanned"


def test_blank_pages_are_empty() -> None:
    with pytest.raises(CannotRead) as caught:
        pdf.blocks(written(""))
    assert caught.value.id == "error.empty"


@needs_chinese
def test_fonts_without_mapping_are_named_not_guessed() -> None:
    data = typeset(TABLE).replace(b"/ToUnicode", b"/ToUnicodX")
    with pytest.raises(CannotRead) as caught:
        pdf.blocks(data)
    assert caught.value.id == "error.no_mapping"


def test_too_many_pages_are_refused() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pdf.PAGES + 1):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(CannotRead) as caught:
        pdf.blocks(out.getvalue())
    assert caught.value.id == "error.too_large"
    assert str(pdf.PAGES) in caught.value.text.zh


@pytest.mark.parametrize("seed", range(150))
def test_damage_is_refused_or_read_but_never_a_crash(seed: int) -> None:
    rng = random.Random(seed)
    content = "50 150 100 30 re S 150 150 100 30 re S\n" + line("a", 60, 160) + line("7", 160, 160)
    data = bytearray(written(content))
    for _ in range(rng.choice((1, 5, 40))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    try:
        assert pdf.blocks(bytes(data)).carrier == "pdf"
    except CannotRead as refused:
        assert refused.id.startswith("error.")


# -- said, not read -------------------------------------------------------------------------


@needs_chinese
def test_a_scanned_page_among_others_is_a_picture_and_a_note() -> None:
    source = (
        f"一、总体情况\n\n{PROSE}#pagebreak()#set page(margin: 0pt)\n"
        '#image("scan.png", width: 100%, height: 100%)'
    )
    document = pdf.blocks(typeset(source, files={"scan.png": png()}))
    assert note_ids(document) == ["read.scanned_page"]
    assert [p.place.page for p in pictures(document)] == [2]
    assert texts(document) == ["一、总体情况", PROSE]


@needs_chinese
def test_a_picture_keeps_its_place_and_a_seal_is_none() -> None:
    source = (
        f'二、前文\n\n#image("a.png", width: 300pt, height: 200pt)\n\n{PROSE}\n\n'
        '#image("a.png", width: 40pt)'
    )
    document = pdf.blocks(typeset(source, files={"a.png": png()}))
    kinds = [type(b).__name__ for b in document.blocks]
    assert kinds == ["Paragraph", "Picture", "Paragraph"]
    box = document.blocks[1].place.bbox
    assert box is not None
    # typst crops the picture to its frame: what is cut off is not there
    assert (round(box[2] - box[0]), round(box[3] - box[1])) == (300, 200)


@needs_chinese
def test_a_watermark_is_no_picture() -> None:
    source = f'#place(image("a.png", width: 100%, height: 100%))\n{PROSE * 3}'
    document = pdf.blocks(typeset(source, files={"a.png": png()}))
    assert pictures(document) == []
    assert note_ids(document) == []


def test_the_text_a_scanner_laid_over_its_picture_is_read_and_doubted() -> None:
    content = "q 400 0 0 300 0 0 cm /I Do Q BT 3 Tr ET\n" + "".join(
        line(f"row{k}", 50, 250 - 20 * k) + line(f"{k} ", 200, 250 - 20 * k) + line("7", 300, y)
        for k, y in enumerate((250, 230, 210))
    )
    document = pdf.blocks(written(content, resources=WITH_PIXEL, objects=[PIXEL]))
    assert note_ids(document) == ["read.ocr_layer"]
    (grid,) = grids(document)
    assert rows(grid) == [["row0", "0", "7"], ["row1", "1", "7"], ["row2", "2", "7"]]
    assert {c.confidence for c in grid.cells} == {pdf.OCR_CONFIDENCE}


def test_text_without_ink_is_left_out_and_said() -> None:
    content = line("shown", 50, 250) + "BT 3 Tr /F1 12 Tf 50 200 Td (hidden 99) Tj ET"
    document = pdf.blocks(written(content))
    assert texts(document) == ["shown"]
    (note,) = document.notes
    assert note.id == "read.hidden_text"
    assert "hidden99" in note.text.zh.replace(" ", "")


def test_white_text_is_hidden_on_white_and_shown_on_colour() -> None:
    content = (
        "0 0 1 rg 40 190 200 30 re f 0 g\n"
        + line("black", 50, 250)
        + "1 g\n"
        + line("on blue", 50, 200)
        + line("on white", 50, 150)
    )
    document = pdf.blocks(written(content))
    assert texts(document) == ["black", "on blue"]
    assert "on white".replace(" ", "") in document.notes[0].text.en.replace(" ", "")


def test_what_was_typed_into_a_form_field_is_part_of_the_page() -> None:
    look = (
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 5 0 R>>>>"
        "/Length 36>>stream\nBT /F1 12 Tf 2 5 Td (4711) Tj ET    \nendstream"
    )
    field = (
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(4711)/Rect[150 245 250 265]/F 4/AP<</N 7 0 R>>>>"
    )
    data = written(line("Label", 50, 250), page="/Annots[6 0 R]", objects=[field, look])
    assert texts(pdf.blocks(data)) == ["Label 4711"]


def test_a_glyph_without_mapping_leaves_a_mark_not_a_blank() -> None:
    """A cell that holds something unreadable must not look empty."""
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/None/Encoding/Identity-H/DescendantFonts"
        "[<</Type/Font/Subtype/CIDFontType2/BaseFont/None/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    )
    content = (
        line("plain words enough", 50, 250)
        + "BT /F2 12 Tf 60 205 Td <00110012> Tj ET\n"
        + "50 190 60 30 re S 110 190 60 30 re S\n"
        + line("8", 120, 205)
    )
    data = written(content, resources="/Font<</F1 5 0 R/F2 6 0 R>>", objects=[font])
    document = pdf.blocks(data)
    assert note_ids(document) == ["read.no_mapping"]
    (grid,) = grids(document)
    assert rows(grid) == [["\ufffd\ufffd", "8"]]


# -- how a page is held ---------------------------------------------------------------------


def edited(data: bytes, **changes: object) -> bytes:
    """The file with its first page turned or cropped."""
    document = pypdfium2.PdfDocument(data)
    for name, value in changes.items():
        setter = getattr(document[0], f"set_{name}")
        setter(*value) if isinstance(value, tuple) else setter(value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@needs_chinese
@pytest.mark.parametrize(
    "changes",
    [
        {"rotation": 90},
        {"rotation": 180},
        {"rotation": 270},
        {"cropbox": (30, 40, 560, 800)},
        {"mediabox": (-50, -20, 700, 900), "rotation": 90},
    ],
)
def test_a_turned_or_cropped_page_reads_the_same(changes: dict[str, object]) -> None:
    straight = typeset(f"一、总体情况\n\n{PROSE * 2}\n\n{TABLE}后文")
    document, again = pdf.blocks(straight), pdf.blocks(edited(straight, **changes))
    assert texts(again) == texts(document)
    assert rows(grids(again)[0]) == rows(grids(document)[0])


@needs_chinese
@pytest.mark.parametrize("angle", ["90deg", "-90deg"])
def test_a_page_set_sideways_is_read_upright(angle: str) -> None:
    inner = f"#block(width: 600pt)[一、总体情况\n\n{PROSE * 2}\n\n{TABLE}后文]"
    document = pdf.blocks(typeset(f"#rotate({angle}, reflow: true)[{inner}]"))
    assert texts(document) == ["一、总体情况", PROSE * 2, "后文"]
    assert rows(grids(document)[0]) == [["甲", "乙", "丙"], ["11", "22", "33"], ["4", "5", "6"]]


@needs_chinese
def test_a_table_inside_a_form_object_is_found_at_its_place() -> None:
    source = pypdfium2.PdfDocument(typeset(TABLE))
    made = pypdfium2.PdfDocument.new()
    form = pdfium.FPDF_NewFormObjectFromXObject(
        pdfium.FPDF_NewXObjectFromPage(made.raw, source.raw, 0)
    )
    pdfium.FPDFPageObj_SetMatrix(form, pdfium.FS_MATRIX(0.5, 0, 0, 0.5, 20, 300))
    page = made.new_page(600, 850)
    pdfium.FPDFPage_InsertObject(page.raw, form)
    page.gen_content()
    out = io.BytesIO()
    made.save(out)
    whole, half = the_grid(typeset(TABLE)), the_grid(out.getvalue())
    assert rows(half) == rows(whole)
    assert whole.place.bbox and half.place.bbox
    assert round(half.place.bbox[0]) == round(20 + whole.place.bbox[0] / 2)


def test_a_line_printed_twice_to_look_bold_is_one_line() -> None:
    content = line("Total 2024", 50, 250) + line("Total 2024", 50.4, 250)
    assert texts(pdf.blocks(written(content))) == ["Total 2024"]


def test_places_are_counted_from_the_upper_left_corner() -> None:
    (block,) = pdf.blocks(written(line("here", 50, 250))).blocks
    box = block.place.bbox
    assert block.place.page == 1 and block.place.line == 1 and box is not None
    assert box[0] == pytest.approx(50, abs=1)
    assert box[1] < 50 < box[3]
