"""写 Word: what is written reads back, stands in the schema's order, is set as GB/T 9704 says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from gongkai.statute import forms, notes
from gongkai.statute.readers import read
from gongkai.statute.report import AnnualReport, Cell, Leftover, Passage, Place, State
from gongkai.statute.tests import consistent, ooxml, random_reports
from gongkai.statute.tests.ooxml import W
from gongkai.statute.writers import Written, docx_styles, paper, unsaid, write

EDITIONS = forms.editions()


def document(written: Written) -> etree._Element:
    return etree.fromstring(part(written.data, "word/document.xml"))


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


def val(node: etree._Element | None) -> str | None:
    return None if node is None else node.get(W + "val")


def paragraphs(written: Written, style: str) -> list[etree._Element]:
    return [p for p in document(written).iter(W + "p") if val(p.find(f"{W}pPr/{W}pStyle")) == style]


def text(node: etree._Element) -> str:
    signs = {W + "tab": "\t", W + "br": "\n"}
    return "".join(signs.get(n.tag) or n.text or "" for n in node.iter(W + "t", *signs))


# -- round trip


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(random_reports.reports())
def test_what_is_written_reads_back(made: AnnualReport) -> None:
    (back,) = read(write(made, to="docx").data)
    assert random_reports.differences(made, back) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_many_random_reports_read_back_and_stand_in_order(edition: str) -> None:
    for seed in range(25):
        made = random_reports.report(seed, edition)
        data = write(made, to="docx").data
        (back,) = read(data)
        assert random_reports.differences(made, back) == [], seed
        assert ooxml.faults(data) == [], seed


def test_a_second_printing_reads_back() -> None:
    made = random_reports.report(5, "2021", twice=True)
    (back,) = read(write(made, to="docx").data)
    assert [len(p) for p in back.sections.values()] == [2] * 6
    assert random_reports.differences(made, back) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_same_report_gives_the_same_bytes(edition: str) -> None:
    made = random_reports.report(1, edition)
    data = write(made, to="docx").data
    assert data == write(made, to="docx").data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"


def test_the_checker_of_the_order_sees_what_is_wrong() -> None:
    data = write(consistent.report(), to="docx").data
    wrong = (
        part(data, "word/document.xml")
        .replace(b"<w:keepNext/><w:ind ", b"<w:ind ")
        .replace(b"<w:pStyle ", b"<w:keepNext/><w:pStyle ", 1)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", wrong)
    assert ooxml.faults(buffer.getvalue()) == ["word/document.xml: pStyle behind keepNext in pPr"]


def test_every_part_is_named_and_every_relation_leads_to_one() -> None:
    with zipfile.ZipFile(io.BytesIO(write(consistent.report(), to="docx").data)) as package:
        names = set(package.namelist())
        types = package.read("[Content_Types].xml").decode()
        for name in names - {"[Content_Types].xml"}:
            assert name.endswith(".rels") or f'PartName="/{name}"' in types
        relations = etree.fromstring(package.read("word/_rels/document.xml.rels"))
        targets = {f"word/{node.get('Target')}" for node in relations}
        assert targets < names
        used = part(write(consistent.report(), to="docx").data, "word/document.xml").decode()
        for kind, id in (("default", "rId4"), ("even", "rId5")):
            assert f'<w:footerReference w:type="{kind}" r:id="{id}"/>' in used
            (target,) = [n.get("Target") for n in relations if n.get("Id") == id]
            assert target in ("footer1.xml", "footer2.xml")


# -- page and type


def test_the_type_area_holds_22_lines_of_28_characters() -> None:
    millimetre = 1440 / 25.4
    width = docx_styles.PAGE[0] - docx_styles.LEFT - docx_styles.RIGHT
    height = docx_styles.PAGE[1] - docx_styles.TOP - docx_styles.BOTTOM
    assert round(width / millimetre) == 156
    assert round(height / millimetre) == 225
    assert (round(docx_styles.TOP / millimetre), round(docx_styles.LEFT / millimetre)) == (37, 28)
    assert height // docx_styles.LINE == 22
    letter = docx_styles.SIZE * 10 + docx_styles.LETTER  # 3 号, less the spacing
    assert 28 * letter <= width < 29 * letter


def test_styles_are_those_of_official_documents() -> None:
    data = write(consistent.report(), to="docx").data
    styles = etree.fromstring(part(data, "word/styles.xml"))
    by_id = {s.get(W + "styleId"): s for s in styles.iter(W + "style")}

    def face(id: str) -> str | None:
        node = by_id[id].find(f"{W}rPr/{W}rFonts")
        return None if node is None else node.get(W + "eastAsia")

    assert [face(i) for i in ("Title", "Heading1", "Heading2", "Lead")] == [
        "方正小标宋简体",
        "黑体",
        "楷体_GB2312",
        "楷体_GB2312",
    ]
    usual = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert usual is not None
    assert usual.find(W + "rFonts").get(W + "eastAsia") == "仿宋_GB2312"
    assert val(usual.find(W + "sz")) == "32"
    assert usual.find(W + "lang").get(W + "eastAsia") == "zh-CN"
    assert val(by_id["Title"].find(f"{W}rPr/{W}sz")) == "44"
    assert [val(by_id[f"Heading{n}"].find(f"{W}pPr/{W}outlineLvl")) for n in (1, 2)] == ["0", "1"]
    assert by_id["BodyText"].find(f"{W}pPr/{W}ind").get(W + "firstLineChars") == "200"
    named = {f.get(W + "name") for f in etree.fromstring(part(data, "word/fontTable.xml"))}
    used = {
        node.get(W + key)
        for node in styles.iter(W + "rFonts")
        for key in ("ascii", "hAnsi", "eastAsia", "cs")
    }
    assert used == named
    basis = {val(s.find(W + "basedOn")) for s in by_id.values()} - {None}
    assert basis <= set(by_id)
    all_used = {
        val(n)
        for n in document(write(random_reports.report(2), to="docx")).iter(
            W + "pStyle", W + "rStyle"
        )
    }
    assert all_used <= set(by_id)


def test_page_numbers_stand_outside_on_odd_and_even_pages() -> None:
    data = write(consistent.report(), to="docx").data
    assert b"<w:evenAndOddHeaders/>" in part(data, "word/settings.xml")
    for name, side in (("footer1", "right"), ("footer2", "left")):
        content = part(data, f"word/{name}.xml")
        assert f'<w:jc w:val="{side}"/>'.encode() in content
        assert text(etree.fromstring(content)) == "— 1 —"


def test_title_author_and_language_are_properties() -> None:
    made = replace(consistent.report(), title="甲 & 乙 <局>2022年政府信息公开工作年度报告")
    core = part(write(made, to="docx").data, "docProps/core.xml").decode()
    assert "<dc:title>甲 &amp; 乙 &lt;局&gt;2022年政府信息公开工作年度报告</dc:title>" in core
    assert f"<dc:creator>{consistent.ORGAN}</dc:creator>" in core
    assert "<dc:language>zh-CN</dc:language>" in core


def test_headings_leads_and_body() -> None:
    made = consistent.write(
        consistent.report(), 5, "（一）存在的主要问题\n照常“开展”。\n（二）改进情况。照办。"
    )
    written = write(made, to="docx")
    assert [text(p) for p in paragraphs(written, "Heading1")] == [
        s.title for s in forms.form("2021").sections
    ]
    assert [text(p) for p in paragraphs(written, "Heading2")] == ["（一）存在的主要问题"]
    (run_in,) = [p for p in paragraphs(written, "BodyText") if "照办" in text(p)]
    runs = run_in.findall(W + "r")
    assert [text(r) for r in runs] == ["（二）改进情况。", "照办。"]
    assert val(runs[0].find(f"{W}rPr/{W}rStyle")) == "Lead"
    for run in document(written).iter(W + "r"):  # “” are Chinese marks here
        assert run.find(f"{W}rPr/{W}rFonts").get(W + "hint") == "eastAsia"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("云水市2022年政府信息公开年报", ["云水市2022年政府信息公开年报"]),
        (
            "云水市青石区示例局2022年政府信息公开工作年度报告",
            ["云水市青石区示例局", "2022年政府信息公开工作年度报告"],
        ),
        ("甲" * 30, ["甲" * 30]),
    ],
)
def test_a_long_title_is_broken_after_the_organ(title: str, lines: list[str]) -> None:
    made = replace(consistent.report(), title=title)
    written = write(made, to="docx")
    (found,) = paragraphs(written, "Title")
    assert text(found).split("\n") == lines


@pytest.mark.parametrize(
    ("organ", "indents"),
    [
        ("云水市示例局", (425, 400)),
        ("云水市青石区示例管理办公室街道办事处", (200, 775)),
    ],
)
def test_date_four_in_and_organ_centred_over_it(organ: str, indents: tuple[int, int]) -> None:
    made = replace(consistent.report(organ=organ), signed_on=date(2023, 1, 15))
    written = write(made, to="docx")
    (signature,), (day,) = paragraphs(written, "Signature"), paragraphs(written, "Date")
    assert (text(signature), text(day)) == (organ, "2023年1月15日")
    found = tuple(
        int(p.find(f"{W}pPr/{W}ind").get(W + "rightChars") or "") for p in (signature, day)
    )
    assert found == indents
    # The middle of one over the middle of the other: seven half characters and three whole.
    assert found[0] + len(organ) * 50 == found[1] + 325


def test_no_signature_stands_alone_on_a_page() -> None:
    body = paragraphs(write(consistent.report(), to="docx"), "BodyText")
    assert [p.find(f"{W}pPr/{W}keepNext") is not None for p in body[-2:]] == [False, True]


# -- tables


def grids(written: Written) -> Iterator[tuple[etree._Element, list[int]]]:
    for table in document(written).iter(W + "tbl"):
        yield table, [int(g.get(W + "w") or 0) for g in table.iter(W + "gridCol")]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_row_fills_the_grid_and_the_type_area(edition: str) -> None:
    for table, widths in grids(write(random_reports.report(1, edition), to="docx")):
        assert sum(widths) == docx_styles.TEXT_WIDTH
        open_below: dict[int, int] = {}
        for row in table.iter(W + "tr"):
            at = 0
            begun: dict[int, int] = {}
            for cell in row.iter(W + "tc"):
                span = int(val(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)
                width = int(cell.find(f"{W}tcPr/{W}tcW").get(W + "w") or 0)
                assert width == sum(widths[at : at + span])
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None:
                    assert val(merge) == "restart" or open_below[at] == span
                    begun[at] = span
                at += span
            assert at == len(widths)
            open_below = begun


@pytest.mark.parametrize("edition", EDITIONS)
def test_tables_repeat_their_header_and_split_no_row(edition: str) -> None:
    tables = list(grids(write(consistent.report(edition), to="docx")))
    repeated = [len(list(table.iter(W + "tblHeader"))) for table, _ in tables]
    assert repeated == [0, 3, 3]
    for (table, _), laid in zip(tables, paper.empty_tables(edition), strict=True):
        rows = list(table.iter(W + "tr"))
        assert len(list(table.iter(W + "cantSplit"))) == len(rows) == laid.height
        assert val(table.find(f"{W}tblPr/{W}tblCaption")) == laid.title
        assert str(laid.height) in (val(table.find(f"{W}tblPr/{W}tblDescription")) or "")
        assert table.find(f"{W}tblPr/{W}tblLayout").get(W + "type") == "fixed"
        merged = sum(square.rows - 1 for square in laid.squares)
        going_on = [m for m in table.iter(W + "vMerge") if val(m) is None]
        assert len(going_on) == sum(s.rows - 1 for s in laid.squares if s.rows > 1) == merged


def test_a_figure_too_long_for_its_column_is_set_smaller_not_broken() -> None:
    address = "remedies.reconsideration.total"
    made = consistent.change(consistent.report(), {address: 12345678})
    sizes = {
        text(run): int(val(run.find(f"{W}rPr/{W}sz")) or 0)
        for run in document(write(made, to="docx")).iter(W + "r")
    }
    column = docx_styles.TEXT_WIDTH / 15 - 2 * 28
    assert 13 <= sizes["12345678"] < docx_styles.SMALL_SIZE
    assert 8 * 0.5 * sizes["12345678"] * 10 <= column


# -- what the form has no room for


def ids(written: Written) -> list[str]:
    return [note.id for note in written.notes]


def test_a_report_the_form_holds_whole_needs_no_note() -> None:
    assert write(consistent.report(), to="docx").notes == ()


def test_leftovers_and_cells_of_another_edition_are_said() -> None:
    place = Place(table=2, row=9)
    made = replace(
        consistent.report(),
        leftovers=(Leftover("第十六个数 7", ("7",), (), place),),
        other_edition_cells={"proactive.procurement.items": Cell(State.NUMBER, 3, raw="3")},
    )
    said = write(made, to="docx").notes
    assert [n.id for n in said] == ["write.leftover", "write.other_edition"]
    assert "第十六个数 7" in said[0].text.zh and said[0].place == place
    assert "政府集中采购" in said[1].text.zh and "3" in said[1].text.zh


def test_what_neither_title_nor_prose_says_is_said() -> None:
    made = replace(
        consistent.report(),
        title="年度报告",
        signed_on=None,
        contact="请与示例科联系，电话 000-00000000。",
        period=(date(2022, 3, 1), date(2022, 12, 31)),
    )
    told = [note.text.zh for note in write(made, to="docx").notes if note.id == "write.unprinted"]
    assert [text.split("“")[0] for text in told] == ["机关名称", "联系方式", "统计期限"]
    preamble = f"{consistent.ORGAN}自2022年3月1日起统计。{made.contact}"
    assert ids(write(replace(made, preamble=preamble), to="docx")) == []


def test_absent_and_doubtful_cells_are_said() -> None:
    made = consistent.change(
        consistent.report(),
        {
            "remedies.direct_suit.total": Cell(State.ABSENT),
            "applications.received.total": Cell(
                State.UNREADABLE, raw="若干", doubt=notes.doubt("doubt.not_a_number", raw="若干")
            ),
        },
    )
    said = write(made, to="docx").notes
    assert [n.id for n in said] == ["write.absent", "write.doubt"]
    assert "本年新收" in said[1].text.zh


@pytest.mark.parametrize(
    ("raw", "value", "says"),
    [
        ("22（其中修订16件）", 22, True),
        ("22 (revised)", 22, True),
        ("5²", 5, True),
        ("22", 22, False),
        ("22件", 22, False),
        ("１,２３４", 1234, False),
        ("减4", -4, False),
        ("十二", 12, False),
        ("251000元", Decimal("25.1"), False),
        ("251000（元）", Decimal("25.1"), False),
        ("", 22, False),
    ],
)
def test_a_remark_beside_a_figure_is_said(raw: str, value: int | Decimal, says: bool) -> None:
    cell = Cell(State.NUMBER, value, raw=raw)
    assert unsaid.says_more(cell) is says
    made = consistent.change(consistent.report(), {"proactive.fees.amount": cell})
    assert ids(write(made, to="docx")) == (["write.raw"] if says else [])


def test_control_characters_are_left_out_and_counted() -> None:
    made = consistent.write(consistent.report(), 1, "甲\x00乙\x0b丙\ud800丁\ufffe。")
    written = write(made, to="docx")
    assert ids(written) == ["write.control"]
    assert "4" in written.notes[0].text.zh
    assert read(written.data)[0].sections["1"][0].text == "甲乙丙丁。"


def test_a_report_of_no_known_edition_has_no_tables_and_says_so() -> None:
    made = AnnualReport(
        title="甲局2022年政府信息公开工作年度报告",
        sections={"1": (Passage("一、总体情况", "照常。"),)},
    )
    written = write(made, to="docx")
    assert ids(written) == ["write.no_edition"]
    assert list(document(written).iter(W + "tbl")) == []
    assert ooxml.faults(written.data) == []


def test_line_ends_and_tabs_are_elements_of_their_own() -> None:
    cell = Cell(State.UNREADABLE, raw="甲\r\n乙\t丙")
    made = consistent.change(consistent.report(), {"applications.received.total": cell})
    (found,) = [
        p for p in paragraphs(write(made, to="docx"), "TableFigureSmall") if "甲" in text(p)
    ]
    assert text(found) == "甲\n乙\t丙"


@pytest.mark.parametrize("edition", forms.editions())
def test_the_long_table_begins_a_page_with_its_heading(edition: str) -> None:
    body = document(write(consistent.report(edition), to="docx")).find(W + "body")
    assert body is not None
    begun = [p for p in body if p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert [text(p) for p in begun] == ["三、收到和处理政府信息公开申请情况"]
    after = begun[0].getnext()
    assert after is not None and after.tag == W + "tbl"
