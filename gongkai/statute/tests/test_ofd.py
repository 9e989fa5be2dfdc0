"""OFD: what is drawn on its pages reads as the same pages do in a PDF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import readers
from gongkai.statute.readers import ofd, sniff
from gongkai.statute.readers.blocks import Document, Grid, Paragraph, Picture
from gongkai.statute.report import AnnualReport, CannotRead
from gongkai.statute.tests import ofd_sources, samples
from gongkai.statute.tests.ofd_sources import Package, line, one, text

EXAMPLE = Path(__file__).parents[3] / "examples" / "06_city_2024.pdf"


def texts(data: bytes) -> list[str]:
    """The paragraphs of a file."""
    return [b.text for b in ofd.blocks(data).blocks if isinstance(b, Paragraph)]


def ids(data: bytes) -> list[str]:
    """The notes of a file but for the one every OFD has."""
    return [n.id for n in ofd.blocks(data).notes if n.id != "read.experimental"]


WIDE = text("这一行与版心同宽" * 5, 20, 270, delta="g 39 4")
"""Beside it short lines are seen to be short, and are no part of one paragraph."""


def ruled(xs: list[float], ys: list[float]) -> str:
    """The lines of a table without merged cells."""
    level = [line(xs[0], y, xs[-1], y) for y in ys]
    return "".join([*level, *(line(x, ys[0], x, ys[-1]) for x in xs)])


def prose(report: AnnualReport) -> dict[str, str]:
    """The sections without white space."""
    return {no: "".join("".join(p.text for p in ps).split()) for no, ps in report.sections.items()}


# -- whole reports


@pytest.mark.parametrize("style", ofd_sources.STYLES)
def test_the_example_reads_as_its_pdf_does(style: str) -> None:
    pdf = EXAMPLE.read_bytes()
    data = ofd_sources.from_pdf(pdf, style)
    assert sniff.carrier(data) == "ofd"
    (expected,) = readers.read(pdf, name="a.pdf")
    (found,) = readers.read(data, name="a.ofd")
    assert {a: (c.state, c.value, c.raw) for a, c in found.cells.items()} == {
        a: (c.state, c.value, c.raw) for a, c in expected.cells.items()
    }
    assert prose(found) == prose(expected)
    assert (found.title, found.organ, found.signed_on) == (
        expected.title,
        expected.organ,
        expected.signed_on,
    )
    assert found.notes[0].id == "read.experimental"


@samples.needed
def test_tables_of_merged_cells_over_several_pages() -> None:
    pdf = samples.path("huaian").read_bytes()
    (expected,) = readers.read(pdf)
    for style in ("line", "glyph"):
        (found,) = readers.read(ofd_sources.from_pdf(pdf, style))
        assert {a: c.value for a, c in found.cells.items()} == {
            a: c.value for a, c in expected.cells.items()
        }


# -- text


def words(delta: str | None, content: str = "收到申请26件", **more: str) -> list[str]:
    """The lines of one text object."""
    return texts(one(text(content, 30, 40, size=4, delta=delta, more=more.get("more", ""))))


@pytest.mark.parametrize(
    "delta",
    [
        "4 4 4 4 2 2 4",
        "g 4 4 2 2 4",
        "g 4 4 g 2 2 4",
        "4.0,4,4,4,2,2,4",
        None,  # no steps: each character takes its own width
        "4",  # too few: the last goes on
        "4 4 4 4 2 2 4 4 4 4 4",
        "g 4 4 g x",  # what was understood holds
        "g 99999999 4",
    ],
)
def test_steps_between_characters(delta: str | None) -> None:
    assert "".join(words(delta)).replace(" ", "") == "收到申请26件"


def test_a_visible_gap_parts_words() -> None:
    assert words("4 4 4 4 12 2 4") == ["收到申请2 6件"]


def test_a_rare_character_takes_two_steps() -> None:
    assert words("4 0 4 2 2", "张\U00030edd123") == ["张\U00030edd123"]


def test_several_codes_in_one_object_and_places_carried_on() -> None:
    codes = (
        '<ofd:TextObject ID="1" Boundary="20 30 100 20" Font="3" Size="4">'
        '<ofd:TextCode X="0" Y="4" DeltaX="4">甲乙</ofd:TextCode>'
        '<ofd:TextCode X="8">丙</ofd:TextCode>'
        '<ofd:TextCode X="0" Y="12" DeltaX="4">丁戊</ofd:TextCode></ofd:TextObject>'
    )
    assert texts(one(codes + WIDE))[:2] == ["甲乙丙", "丁戊"]


def test_matrices_and_composites_within_each_other() -> None:
    units = (
        '<ofd:CompositeGraphicUnit ID="7" Width="100" Height="100"><ofd:Content>'
        + text("总计", 10, 20, size=8, delta="8")
        + '<ofd:CompositeObject ID="1" ResourceID="8" Boundary="0 20 50 50" CTM="2 0 0 2 0 0"/>'
        "</ofd:Content></ofd:CompositeGraphicUnit>"
        '<ofd:CompositeGraphicUnit ID="8" Width="50" Height="50"><ofd:Content><ofd:PageBlock>'
        + text("合计", 5, 10, size=4, delta="4")
        + "</ofd:PageBlock></ofd:Content></ofd:CompositeGraphicUnit>"
    )
    use = (
        '<ofd:CompositeObject ID="1" ResourceID="7" Boundary="20 30 100 100" '
        'CTM="0.5 0 0 0.5 0 0"/>'
    )
    document = ofd.blocks(Package([use + WIDE], units=units).made())
    found = {b.text: b.place.bbox for b in document.blocks if isinstance(b, Paragraph)}
    for name, y in (("总计", 30 + 20 / 2), ("合计", 30 + (20 + 2 * 10) / 2)):
        box = found[name]
        assert box is not None
        assert box[0] == pytest.approx((20 + 5) * 72 / 25.4, abs=0.1)
        assert box[1] < y * 72 / 25.4 < box[3]


def test_a_composite_that_holds_itself_ends() -> None:
    units = (
        '<ofd:CompositeGraphicUnit ID="7"><ofd:Content>'
        '<ofd:CompositeObject ID="1" ResourceID="7" Boundary="0 0 9 9"/>'
        '<ofd:CompositeObject ID="1" ResourceID="7" Boundary="0 0 9 9"/>'
        "</ofd:Content></ofd:CompositeGraphicUnit>"
    )
    use = '<ofd:CompositeObject ID="1" ResourceID="7" Boundary="0 0 9 9"/>'
    data = Package([use + text("总计", 10, 20)], units=units).made()
    assert texts(data) == ["总计"]
    assert ids(data) == ["read.page_incomplete"]


def test_bold_by_printing_twice_is_one_text() -> None:
    assert texts(one(text("总计", 10, 20) + text("总计", 10.1, 20))) == ["总计"]


@pytest.mark.parametrize(("turn", "ctm"), [(90, "0 1 -1 0 0 0"), (270, "0 -1 1 0 0 0")])
def test_a_page_drawn_sideways_is_turned(turn: int, ctm: str) -> None:
    lines = "".join(
        f'<ofd:TextObject ID="1" Boundary="{60 + 10 * n} 100 5 5" CTM="{ctm}" Size="4">'
        f'<ofd:TextCode X="0" Y="0" DeltaX="g 10 4">{content}</ofd:TextCode></ofd:TextObject>'
        for n, content in enumerate(["（一）这一行写得很长。", "（二）第二行"])
    )
    order = ["（一）这一行写得很长。", "（二）第二行"]
    assert texts(one(lines)) == (order if turn == 270 else order[::-1])


def test_text_that_is_not_shown() -> None:
    white = '<ofd:FillColor Value="255 255 255"/>'
    hidden = text("白字", 10, 20, inside=white) + text("透明", 10, 40, more=' Alpha="0"')
    unseen = text("不可见", 10, 60, more=' Visible="false"')
    data = one(text("收到申请", 10, 80) + hidden + unseen)
    assert texts(data) == ["收到申请"]
    assert ids(data) == ["read.hidden_text"]
    dark = (
        '<ofd:PathObject ID="1" Boundary="5 10 60 20" Fill="true"><ofd:FillColor Value="0 0 99"/>'
        "<ofd:AbbreviatedData>M 0 0 L 60 0 L 60 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    assert texts(one(dark + text("白字", 10, 20, inside=white))) == ["白字"]


def test_fonts_without_mapping() -> None:
    lost = (
        '<ofd:CGTransform CodePosition="0" CodeCount="4"><ofd:Glyphs>7 8 9 9</ofd:Glyphs>'
        "</ofd:CGTransform>"
    )
    with pytest.raises(CannotRead) as caught:
        ofd.blocks(one(text("¤¤¤¤", 10, 20, delta="g 3 4", inside=lost)))
    assert caught.value.id == "error.no_mapping"
    with pytest.raises(CannotRead) as caught:
        ofd.blocks(one(text("\ue001\ue002\ue003", 10, 20, delta="4 4")))
    assert caught.value.id == "error.no_mapping"
    assert texts(one(text("5¤", 10, 20, delta="2"))) == ["5¤"]  # a sign like any other


# -- lines and tables


def strip(x0: float, y0: float, x1: float, y1: float) -> str:
    """A rule drawn as a thin filled area."""
    wide, high = max(x1 - x0, 0.2), max(y1 - y0, 0.2)
    return (
        f'<ofd:PathObject ID="1" Boundary="{x0} {y0} {wide} {high}" Stroke="false" Fill="true">'
        f"<ofd:AbbreviatedData>M 0 0 L {wide} 0 L {wide} {high} L 0 {high} C</ofd:AbbreviatedData>"
        "</ofd:PathObject>"
    )


def framed(xs: list[float], ys: list[float]) -> str:
    """Each cell a stroked rectangle of its own."""
    return "".join(
        f'<ofd:PathObject ID="1" Boundary="{a} {c} {b - a} {d - c}"><ofd:AbbreviatedData>S 0 0 '
        f"L {b - a} 0 L {b - a} {d - c} L 0 {d - c} L 0 0 C</ofd:AbbreviatedData></ofd:PathObject>"
        for c, d in pairwise(ys)
        for a, b in pairwise(xs)
    )


def stripped(xs: list[float], ys: list[float]) -> str:
    """The lines of a table as thin filled areas."""
    level = [strip(xs[0], y, xs[-1], y) for y in ys]
    return "".join([*level, *(strip(x, ys[0], x, ys[-1]) for x in xs)])


@pytest.mark.parametrize("draw", [ruled, framed, stripped])
def test_tables_by_any_way_of_drawing(draw: Callable[[list[float], list[float]], str]) -> None:
    xs, ys = [20.0, 60.0, 90.0, 120.0], [50.0, 60.0, 70.0]
    objects = draw(xs, ys)
    for row, figures in enumerate([("规章", "0", "12"), ("总计", "7", "305")]):
        for x, figure in zip(xs, figures, strict=False):
            objects += text(figure, x + 3, ys[row] + 7, size=4)
    (grid,) = [b for b in ofd.blocks(one(objects)).blocks if isinstance(b, Grid)]
    assert [c.text for c in grid.cells] == ["规章", "0", "12", "总计", "7", "305"]
    assert grid.drawn


def filled(xs: list[float], ys: list[float], rows: list[list[str]]) -> str:
    """A table drawn with lines, each cell's lines of text from its top."""
    objects = ruled(xs, ys)
    for top, row in zip(ys, rows, strict=False):
        for x, cell in zip(xs, row, strict=False):
            for number, content in enumerate(cell.split("\n") if cell else []):
                step = "g 40 1.55" if content.isascii() else "g 40 3"
                objects += text(content, x + 1, top + 4 + 4 * number, size=3, delta=step)
    return objects


NARROW = [20.0, 36.0, 44.0, 52.0, 60.0, 68.0]
EVEN = [20.0, 28.0, 36.0, 44.0, 52.0, 60.0]


def only_grid(*pages: str) -> list[list[str]]:
    """The texts of the one table of some pages, row by row."""
    (grid,) = [b for b in ofd.blocks(Package(pages).made()).blocks if isinstance(b, Grid)]
    texts = [[c.text.replace(" ", "") for c in grid.cells if c.row == r] for r in range(grid.rows)]
    return texts


def test_figures_over_two_lines_are_no_rows() -> None:
    label = "4.保护\n第三方\n合法权\n益"
    rows = [[label, "4238", "2726\n176", "7372\n29", "3958\n784"], ["总计", "1", "2", "3", "4"]]
    found = only_grid(filled(NARROW, [50.0, 70.0, 80.0], rows))
    assert found == rows


@pytest.mark.parametrize(
    ("xs", "upper", "lower", "joined"),
    [
        # A label of the form on both sides; figures, units and blanks below.
        (
            NARROW,
            ["（二）部\n分公开", "4653", "２７", "12", "若"],
            ["（区分处\n理的，只\n计这一情\n形，不计\n其他情形）", "件", "４", "", "干"],
            "4653\n件",
        ),
        # Table 4: a row without a label, and nothing else below.
        (EVEN, ["7434", "7793", "2335", "1612", "7230"], ["34", "93", "19", "", ""], "7434\n34"),
    ],
)
def test_a_row_cut_by_the_page_break_is_one(
    xs: list[float], upper: list[str], lower: list[str], joined: str
) -> None:
    head = ["规章", "1", "2", "3", "4"]
    first = filled(xs, [260.0, 268.0, 284.0], [head, upper])
    found = only_grid(first, filled(xs, [20.0, 44.0], [lower]))
    assert len(found) == 2
    assert joined in found[1]


def test_a_row_of_its_own_after_the_page_break_stays_one() -> None:
    upper, lower = ["行政处\n罚决定", "4653", "12", "7", "5"], ["行政强制", "3128", "", "7", "5"]
    first = filled(NARROW, [260.0, 268.0, 284.0], [["规章", "1", "2", "3", "4"], upper])
    assert len(only_grid(first, filled(NARROW, [20.0, 34.0], [lower]))) == 3


def test_figures_of_two_cells_that_touch_are_two() -> None:
    xs, ys = [20.0, 60.0, 64.0, 68.0], [50.0, 60.0, 70.0]
    objects = ruled(xs, ys) + text("总计", 22, 57) + text("合计", 22, 67)
    objects += text("12", 60.0, 57, delta="2") + text("34", 64.0, 57, delta="2")
    (grid,) = [b for b in ofd.blocks(one(objects)).blocks if isinstance(b, Grid)]
    assert [c.text for c in grid.cells][:3] == ["总计", "12", "34"]


def test_curves_and_nonsense_are_no_rules() -> None:
    odd = "M 0 0 B 1 1 2 2 30 0 Q 1 1 0 30 A 5 5 0 0 1 9 9 L 3 C M 1 L 2 2 2 2 Z 4 L a b X 1e9 C"
    path = (
        '<ofd:PathObject ID="1" Boundary="20 50 60 60">'
        f"<ofd:AbbreviatedData>{odd}</ofd:AbbreviatedData></ofd:PathObject>"
    )
    document = ofd.blocks(one(path + text("总计", 10, 20)))
    assert [type(b) for b in document.blocks] == [Paragraph]


# -- pictures


def test_a_scan_is_told_from_text() -> None:
    picture = (
        '<ofd:ImageObject ID="1" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="5"/>'
    )
    with pytest.raises(CannotRead) as caught:
        ofd.blocks(one(picture))
    assert caught.value.id == "error.scanned"
    data = Package([picture, text("收到申请", 10, 20)]).made()
    assert ids(data) == ["read.scanned_page"]
    table = '<ofd:ImageObject ID="1" Boundary="30 80 150 60" ResourceID="5"/>'
    document = ofd.blocks(one(text("二、主动公开政府信息情况", 30, 70) + table))
    assert [type(b) for b in document.blocks] == [Paragraph, Picture]


# -- the package


def test_templates_signatures_annotations_attachments() -> None:
    layer = '<ofd:Content><ofd:Layer ID="2">{}</ofd:Layer></ofd:Content>'
    mark = (
        '<ofd:Annot ID="1" Type="{}"><ofd:Appearance Boundary="0 0 200 200">{}</ofd:Appearance>'
        "</ofd:Annot>"
    )
    data = Package(
        [text("收到申请", 30, 100) + WIDE, text("办结申请", 30, 100)],
        page_head='<ofd:Template TemplateID="50"/>',
        common='<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>',
        document=(
            "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
            "<ofd:Attachments>/Doc_0/Attachs/Attachments.xml</ofd:Attachments>"
        ),
        body="<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>",
        files={
            "Doc_0/Tpls/Tpl_0/Content.xml": ofd_sources.xml(
                "Page", layer.format(text("底板文字", 30, 50))
            ),
            "Doc_0/Annots/Annotations.xml": ofd_sources.xml(
                "Annotations",
                '<ofd:Page PageID="100"><ofd:FileLoc>Page_0/A.xml</ofd:FileLoc></ofd:Page>',
            ),
            "Doc_0/Annots/Page_0/A.xml": ofd_sources.xml(
                "PageAnnot",
                mark.format("Watermark", text("内部资料", 60, 150))
                + mark.format("Path", text("请核对", 60, 180)),
            ),
            "Doc_0/Attachs/Attachments.xml": ofd_sources.xml(
                "Attachments", '<ofd:Attachment ID="1" Name="附表.xlsx"/>'
            ),
        },
    ).made()
    assert [t[-4:] for t in texts(data)] == ["底板文字", "收到申请", "底板文字", "办结申请"]
    assert sorted(ids(data)) == [
        "read.annotations",
        "read.attachments",
        "read.signatures",
        "read.watermark",
    ]


def test_paths_and_namespaces_as_various_programs_write_them() -> None:
    whole = zipfile.ZipFile(io.BytesIO(one(text("收到申请", 30, 100))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name in whole.namelist():
            content = (
                whole.read(name)
                .decode()
                .replace("Pages/Page_0/Content.xml", "/Doc_0/pages/page_0/CONTENT.xml")
            )
            content = content.replace("http://www.ofdspec.org/2016", "http://www.ofdspec.org")
            opened.writestr("公文\\" + name.replace("/", "\\"), content)
    assert sniff.carrier(out.getvalue()) == "ofd"
    assert texts(out.getvalue()) == ["收到申请"]


def test_a_page_that_is_missing_costs_only_itself() -> None:
    pages = [text("收到申请", 30, 100), text("办结申请", 30, 100)]
    data = Package(pages, without=["Doc_0/Pages/Page_0/Content.xml"]).made()
    assert texts(data) == ["办结申请"]
    assert ids(data) == ["read.page_damaged"]


@pytest.mark.parametrize(
    ("package", "id"),
    [
        (Package([""]), "error.empty"),
        (Package([]), "error.damaged"),
        (Package(["x"], without=["Doc_0/Document.xml"]), "error.damaged"),
        (Package(["x"], without=["Doc_0/Pages/Page_0/Content.xml"]), "error.damaged"),
        (Package([text("总计", 1, 9)], files={"OFD.xml": "<a"}), "error.damaged"),
        (Package([text("总计", 1, 9)], files={"Encryptions.xml": "<a/>"}), "error.encrypted"),
        (Package([text("总计" * 70_000, 1, 9)]), "error.too_large"),
        (Package([""] * 1_990), "error.empty"),
    ],
)
def test_errors(package: Package, id: str) -> None:
    with pytest.raises(CannotRead) as caught:
        ofd.blocks(package.made())
    assert caught.value.id == id


def test_a_crowded_page_is_named() -> None:
    data = one(text("收到申请", 30, 100) + line(20, 30, 150, 30) * 61_000)
    assert ids(data) == ["read.page_crowded"]


NUMBERS = st.one_of(
    st.floats(-400, 400).map(str), st.sampled_from(["1e99", "nan", "g", "", "g 3 4", "4 4", "-"])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.text(max_size=6)), max_size=6))
def test_any_numbers_are_read(objects: list[tuple[str, str, str, str, str]]) -> None:
    drawn = text("收到政府信息公开申请二十六件", 30, 100)
    for a, b, c, d, content in objects:
        kept = "".join(x for x in content if x.isprintable() and x not in "<&")
        drawn += (
            f'<ofd:TextObject Boundary="{a} {b} 9 9" CTM="{a} {b} {c} {d} {a} {b}" Size="{c}" '
            f'CharDirection="{d}" HScale="{b}"><ofd:TextCode X="{a}" Y="{b}" DeltaX="{c} {d}" '
            f'DeltaY="{d}">{kept}</ofd:TextCode></ofd:TextObject><ofd:PathObject Boundary="{d} {c} '
            f'9 9" CTM="{a} {b}"><ofd:AbbreviatedData>M {a} {b} L {c} {d}</ofd:AbbreviatedData>'
            f'</ofd:PathObject><ofd:ImageObject Boundary="{a} {b} {c} {d}"/>'
        )
    assert isinstance(ofd.blocks(one(drawn)), Document)


SOUND = Package([text("收到申请", 30, 100) + ruled([20, 60, 90], [50, 60])]).made()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.binary(max_size=5), st.booleans())
def test_altered_and_cut_files(at: int, value: bytes, cut: bool) -> None:
    data = SOUND[:at] + value + (b"" if cut else SOUND[at + len(value) :])
    try:
        assert isinstance(ofd.blocks(data), Document)
    except CannotRead as fault:
        assert fault.id.startswith("error.")
