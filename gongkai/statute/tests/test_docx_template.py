"""填模板: figures and prose into a form's places; its looks and its other parts stay."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from gongkai.statute import forms
from gongkai.statute.readers import read
from gongkai.statute.report import AnnualReport, CannotRead, Cell, State
from gongkai.statute.tests import consistent, ooxml, random_reports, samples
from gongkai.statute.tests.ooxml import W
from gongkai.statute.writers import Written, write

EXAMPLES = Path(__file__).parents[3] / "examples"
EDITIONS = forms.editions()
XMLNS = f'xmlns:w="{W[1:-1]}"'
FIGURE = "applications.received.natural_person"


def last_year(edition: str = "2021", seed: int = 5) -> bytes:
    """A finished report of the year before, as a Word file."""
    year = consistent.YEARS[edition] - 1
    made = consistent.report(edition, seed, year=year, organ="云水市白石区旧示例局")
    made = replace(made, preamble=f"统计期限自{year}年1月1日起至{year}年12月31日止。")
    return write(consistent.write(made, 6, "去年没有收取。"), to="docx").data


def this_year(edition: str = "2021", seed: int = 7) -> AnnualReport:
    return random_reports.report(seed, edition, twice=False)


def fill(report: AnnualReport, template: bytes) -> Written:
    return write(report, to="docx", template=template)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return buffer.getvalue()


def changed(data: bytes, change: Callable[[str], str], name: str = "word/document.xml") -> bytes:
    """The package with one part changed; a change that changes nothing is a mistake."""
    content = parts(data)
    before = content[name].decode()
    after = change(before)
    assert after != before
    return packed({**content, name: after.encode()})


def body(data: bytes) -> etree._Element:
    return etree.fromstring(parts(data)["word/document.xml"])


def text(node: etree._Element) -> str:
    return "".join(t.text or "" for t in node.iter(W + "t"))


def paragraphs(data: bytes, starts: str) -> list[etree._Element]:
    return [p for p in body(data).iter(W + "p") if text(p).startswith(starts)]


def ids(written: Written) -> list[str]:
    return [note.id for note in written.notes]


def said(written: Written, id: str) -> str:
    (found,) = [note.text.zh for note in written.notes if note.id == id]
    return found


def same(report: AnnualReport, written: Written) -> None:
    """All of the report stands in what was written, and the reader's order is the schema's."""
    (back,) = read(written.data)
    assert random_reports.differences(report, back) == []
    assert not {"write.template_missing", "write.template_differs"} & set(ids(written))


# -- forms as they come


@samples.needed
@pytest.mark.parametrize("seed", range(8))
def test_the_blank_form_of_a_city_is_filled_in_place(seed: int) -> None:
    form = samples.path("blank_form_2021").read_bytes()
    report = this_year(seed=seed)
    written = fill(report, form)
    same(report, written)
    before, after = parts(form), parts(written.data)
    assert list(before) == list(after)
    assert [n for n in before if before[n] != after[n]] == ["word/document.xml"]
    assert "write.template_overwritten" not in ids(written)
    assert set(ooxml.faults(written.data)) <= set(ooxml.faults(form))


@samples.needed
def test_a_figure_takes_the_looks_of_its_empty_cell() -> None:
    form = samples.path("blank_form_2021").read_bytes()
    report = consistent.change(this_year(), {FIGURE: 4711})
    (cell,) = [c for c in body(fill(report, form).data).iter(W + "tc") if text(c) == "4711"]
    look = cell.find(f".//{W}r/{W}rPr")
    assert look is not None
    sizes = {n.tag: n.get(W + "val") for n in look}
    assert (sizes[W + "sz"], sizes[W + "szCs"]) == ("24", "24")


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("seed", range(6))
def test_last_years_report_is_a_template(edition: str, seed: int) -> None:
    form = last_year(edition, seed)
    report = this_year(edition, seed)
    written = fill(report, form)
    same(report, written)
    assert "旧示例局" not in text(body(written.data)) and "去年" not in text(body(written.data))
    cells = len(report.cells)
    assert str(cells) in said(written, "write.template_overwritten")
    assert ooxml.faults(written.data) == []
    before, after = parts(form), parts(written.data)
    assert [n for n in before if before[n] != after[n]] == ["word/document.xml"]


@pytest.mark.parametrize(
    ("name", "edition"),
    [("07_water_bureau_2023.docx", "2021"), ("10_subdistrict_2021.docx", "2019")],
)
def test_reports_set_by_others_are_templates(name: str, edition: str) -> None:
    report = this_year(edition)
    same(report, fill(report, (EXAMPLES / name).read_bytes()))


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_report_goes_into_last_years(data: st.DataObject) -> None:
    edition = data.draw(st.sampled_from(EDITIONS))
    report = data.draw(random_reports.reports(edition, twice=False))
    same(report, fill(report, last_year(edition)))


def test_filling_twice_changes_nothing_more() -> None:
    report = this_year()
    once = fill(report, last_year()).data
    assert body(fill(report, once).data).xpath("string()") == body(once).xpath("string()")


def test_the_looks_of_each_kind_of_paragraph_stay() -> None:
    report = consistent.report(seed=3, year=2023)
    written = fill(report, last_year())
    styles = [
        (p.find(f"{W}pPr/{W}pStyle").get(W + "val"), text(p)[:5])
        for p in body(written.data).iter(W + "p")
        if text(p) and next(p.iterancestors(W + "tbl"), None) is None
    ]
    assert ("Title", consistent.ORGAN[:5]) in styles
    assert ("Heading1", "一、总体情") in styles
    assert ("Heading2", "（一）存在") in styles
    assert ("BodyText", "（一）主动") in styles
    assert styles[-2:] == [("Signature", consistent.ORGAN[:5]), ("Date", "2024年")]
    (run_in,) = paragraphs(written.data, "（二）依申请公开")
    leads = [text(r) for r in run_in.iter(W + "r") if r.find(f"{W}rPr/{W}rStyle") is not None]
    assert leads == ["（二）依申请公开。"]


# -- what stands in places


PLACEHOLDERS = {
    "told": "<w:p><w:pPr><w:jc w:val='both'/></w:pPr><w:r><w:t>（文字描述）</w:t></w:r></w:p>",
    "crosses": "<w:p><w:r><w:t>××××××</w:t></w:r></w:p>",
    "underlined": "<w:p><w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>__________</w:t></w:r></w:p>",
    "control": (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dataBinding w:xpath='/a' w:storeItemID='{0}'/>"
        "<w:text/></w:sdtPr><w:sdtContent><w:p><w:r><w:rPr><w:rStyle w:val='PlaceholderText'/>"
        "</w:rPr><w:t>单击此处输入文字。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    ),
    "inline control": (
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r>"
        "<w:t>点击此处输入</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    ),
    "field": (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:name w:val='文字1'/></w:ffData>"
        "</w:fldChar></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r>"
        "<w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>请填写</w:t></w:r><w:r>"
        "<w:fldChar w:fldCharType='end'/></w:r></w:p>"
    ),
    "bookmark": (
        "<w:p><w:bookmarkStart w:id='7' w:name='概况'/><w:r><w:t>此处填写</w:t></w:r>"
        "<w:bookmarkEnd w:id='7'/></w:p>"
    ),
    "nothing": "",
}
SECTION_ONE = re.compile(
    r"(<w:t[^>]*>一、总体情况</w:t></w:r></w:p>).*?(<w:p><w:pPr>"
    r"<w:pStyle w:val=\"Heading1\"/></w:pPr>)",
    re.S,
)


@pytest.mark.parametrize("kind", PLACEHOLDERS)
def test_prose_takes_the_place_of_a_placeholder(kind: str) -> None:
    form = changed(
        last_year(), lambda x: SECTION_ONE.sub(rf"\g<1>{PLACEHOLDERS[kind]}\g<2>", x, count=1)
    )
    report = this_year()
    written = fill(report, form)
    same(report, written)
    content = parts(written.data)["word/document.xml"].decode()
    for gone in ("showingPlcHdr", "dataBinding", "FORMTEXT", "PlaceholderText", "单击", "请填写"):
        assert gone not in content
    if kind == "bookmark":
        assert content.count('w:name="概况"') == content.count('<w:bookmarkEnd w:id="7"/>') == 1


CELLS = {
    "nothing": "<w:p/>",
    "two lines": "<w:p><w:r><w:t>1</w:t></w:r></w:p><w:p><w:r><w:t>2</w:t></w:r></w:p>",
    "control": (
        "<w:sdt><w:sdtPr><w:dataBinding w:xpath='/a' w:storeItemID='{0}'/></w:sdtPr><w:sdtContent>"
        "<w:p><w:r><w:t>99</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    ),
    "struck": "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>99</w:t></w:r></w:p>",
    "raised": "<w:p><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>9</w:t></w:r></w:p>",
    "changed": (
        "<w:p><w:ins w:id='1' w:author='甲'><w:r><w:t>99</w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='甲'><w:r><w:delText>1</w:delText></w:r></w:del></w:p>"
    ),
    "deleted mark": (
        "<w:p><w:pPr><w:rPr><w:del w:id='3' w:author='甲'/></w:rPr></w:pPr>"
        "<w:r><w:t>9</w:t></w:r></w:p><w:p><w:r><w:t>8</w:t></w:r></w:p>"
    ),
    "footnote": "<w:p><w:r><w:t>9</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>",
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_figure_replaces_whatever_stood_in_its_cell(kind: str) -> None:
    old = consistent.change(consistent.report(), {FIGURE: 77001})
    form = changed(
        write(old, to="docx").data,
        lambda x: re.sub(
            r"(</w:tcPr>)<w:p>(?:(?!</w:p>).)*77001.*?</w:p>", rf"\g<1>{CELLS[kind]}", x
        ),
    )
    report = consistent.change(this_year(), {FIGURE: 4711})
    written = fill(report, form)
    same(report, written)
    (cell,) = [c for c in body(written.data).iter(W + "tc") if text(c) == "4711"]
    assert len(list(cell.iter(W + "p"))) == 1
    assert cell.find(f".//{W}sdt") is None
    assert ooxml.faults(written.data) == []
    assert "write.template_changes" not in ids(written)  # nothing of them is left


def test_a_blank_takes_last_years_figure_out() -> None:
    old = consistent.change(consistent.report(), {FIGURE: 77001})
    report = consistent.change(this_year(), {FIGURE: Cell(State.BLANK)})
    written = fill(report, write(old, to="docx").data)
    same(report, written)
    assert "77001" not in text(body(written.data))


def test_a_title_in_two_paragraphs_stays_in_two() -> None:
    form = changed(
        last_year(),
        lambda x: re.sub(
            r"(<w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r>.*?</w:t>)<w:br/>",
            r"\g<1></w:r></w:p><w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r>",
            x,
        ),
    )
    report = this_year()
    written = fill(report, form)
    same(report, written)
    titles = [text(p) for p in body(written.data).iter(W + "p") if _style(p) == "Title"]
    assert titles == [report.organ, (report.title or "").removeprefix(report.organ or "")]


@pytest.mark.parametrize(
    "title",
    ["政府信息公开工作年度报告格式模板", "××局20××年政府信息公开工作年度报告", "年度报告（样式）"],
)
def test_the_title_of_a_form_is_replaced(title: str) -> None:
    form = changed(
        last_year(),
        lambda x: re.sub(
            r"(<w:pStyle w:val=\"Title\"/></w:pPr><w:r>(?:(?!<w:t).)*).*?(</w:r></w:p>)",
            rf"\g<1><w:t>{title}</w:t>\g<2>",
            x,
            count=1,
        ),
    )
    report = this_year()
    same(report, fill(report, form))


def test_a_form_without_a_title_gets_one_before_everything_else() -> None:
    form = changed(
        last_year(),
        lambda x: re.sub(r'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>.*?</w:p>', "", x),
    )
    report = this_year()
    same(report, fill(report, form))


BODY = re.compile(r"<w:body>(.*)(<w:sectPr>)", re.S)
FRAMES = {
    "one cell": (
        r"<w:body><w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/>\1<w:p/></w:tc></w:tr>"
        r"</w:tbl><w:p/>\2"
    ),
    "content control": (
        r"<w:body><w:sdt><w:sdtPr/><w:sdtContent>\1</w:sdtContent></w:sdt><w:p/>\2"
    ),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_a_report_inside_a_frame_is_filled_there(frame: str) -> None:
    form = changed(last_year(), lambda x: BODY.sub(FRAMES[frame], x))
    report = this_year()
    written = fill(report, form)
    same(report, written)
    inside = "tc" if frame == "one cell" else "sdtContent"
    (heading,) = paragraphs(written.data, "一、总体情况")
    assert next(heading.iterancestors(W + inside), None) is not None


def test_a_title_in_a_text_box_is_exchanged_for_old_and_new_programs() -> None:
    def boxed(x: str) -> str:
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        title = re.compile(r'(<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>.*?</w:p>)')
        box = r"<w:txbxContent>\1</w:txbxContent>"
        return title.sub(
            f'<w:p><w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps"><w:drawing>'
            f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>",
            x,
        )

    report = this_year()
    written = fill(report, changed(last_year(), boxed))
    same(report, written)
    assert "旧示例局" not in parts(written.data)["word/document.xml"].decode()


def test_numbered_headings_keep_their_numbers_and_get_no_second() -> None:
    def level(form: str, shown: str) -> str:
        return (
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{shown}"/></w:lvl>'
        )

    definitions = (level("chineseCounting", "%1、"), level("decimal", "%1."))
    numbering = (
        f"<w:numbering {XMLNS}>"
        + "".join(
            f'<w:abstractNum w:abstractNumId="{n}">{told}</w:abstractNum>'
            for n, told in enumerate(definitions)
        )
        + "".join(
            f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n - 1}"/></w:num>' for n in (1, 2)
        )
        + "</w:numbering>"
    )

    def numbered(x: str) -> str:
        for number, style in ((1, "Heading1"), (2, "BodyText")):
            named = f'<w:pStyle w:val="{style}"/>'
            list_of = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
            x = re.sub(f"{named}(?:<w:pageBreakBefore/>)?", rf"\g<0>{list_of}", x)
        return re.sub(r"(<w:t [^>]*>)(?:[一二三四五六]、|\d\.)", r"\g<1>", x)

    content = parts(changed(last_year(), numbered))
    relation = (
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/numbering" Target="numbering.xml"/></Relationships>'
    )
    rels = content["word/_rels/document.xml.rels"].decode().replace("</Relationships>", relation)
    form = packed(
        {
            **content,
            "word/_rels/document.xml.rels": rels.encode(),
            "word/numbering.xml": numbering.encode(),
        }
    )
    report = this_year()
    written = fill(report, form)
    same(report, written)
    heads = [p for p in body(written.data).iter(W + "p") if _style(p) == "Heading1"]
    assert [text(h) for h in heads][:2] == ["总体情况", "主动公开政府信息情况"]
    assert ooxml.faults(written.data) == []


def _style(paragraph: etree._Element) -> str | None:
    node = paragraph.find(f"{W}pPr/{W}pStyle")
    return None if node is None else node.get(W + "val")


def test_headings_in_other_words_become_the_reports() -> None:
    form = changed(last_year(), lambda x: x.replace("五、存在的主要问题及改进情况", "五、存在问题"))
    report = this_year()
    same(report, fill(report, form))


def test_a_heading_with_its_text_behind_it_gets_a_paragraph_of_its_own() -> None:
    form = changed(
        last_year(),
        lambda x: x.replace("六、其他需要报告的事项", "六、其他需要报告的事项。去年无。"),
    )
    report = this_year()
    written = fill(report, form)
    same(report, written)
    assert "去年" not in text(body(written.data))


def test_a_second_printing_goes_where_the_form_has_one() -> None:
    twice = random_reports.report(4, "2021", twice=True)
    form = write(random_reports.report(9, "2021", twice=True), to="docx").data
    same(twice, fill(twice, form))


# -- what is said


def test_a_printing_the_report_does_not_have_goes() -> None:
    form = write(random_reports.report(9, "2021", twice=True), to="docx").data
    report = this_year()
    same(report, fill(report, form))


def test_what_the_form_has_no_cell_for_is_named() -> None:
    row = re.compile(r"<w:tr>(?:(?!</w:tr>).)*本机关不掌握相关政府信息.*?</w:tr>")
    form = changed(last_year(), lambda x: row.sub("", x))
    report = consistent.change(this_year(), {"applications.unavailable_not_held.total": 4711})
    written = fill(report, form)
    named = said(written, "write.template_missing")
    assert "1.本机关不掌握相关政府信息 / 总计：4711" in named
    assert "write.template_differs" not in ids(written)
    (back,) = read(written.data)
    lost = {a for a, cell in back.cells.items() if cell.state is State.ABSENT}
    assert lost == {a for a in report.cells if ".unavailable_not_held." in a}


def test_a_section_the_form_does_not_have_is_named() -> None:
    section = re.compile(
        r"<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr>(?:(?!<w:p>).)*六、.*?(?=<w:sectPr>)"
    )
    form = changed(last_year(), lambda x: section.sub("", x))
    written = fill(this_year(), form)
    assert "六、其他需要报告的事项" in said(written, "write.template_missing")
    assert "write.template_differs" not in ids(written)


def test_a_second_printing_without_a_place_is_named() -> None:
    twice = random_reports.report(4, "2021", twice=True)
    assert "一、总体情况" in said(fill(twice, last_year()), "write.template_missing")


def test_text_for_which_the_report_has_none_is_taken_out_and_said() -> None:
    report = replace(this_year(), preamble="")
    written = fill(report, last_year())
    assert "统计期限自2021年1月1日" in said(written, "write.template_removed")
    assert "统计期限" not in text(body(written.data))


def test_pictures_in_the_prose_stay_and_are_said() -> None:
    picture = "<w:p><w:r><w:t>图一</w:t></w:r><w:r><w:drawing><甲/></w:drawing></w:r></w:p>"
    form = changed(last_year(), lambda x: SECTION_ONE.sub(rf"\g<1>{picture}\g<2>", x, count=1))
    written = fill(this_year(), form)
    assert "1" in said(written, "write.template_pictures")
    assert len(list(body(written.data).iter(W + "drawing"))) == 1
    assert "图一" not in text(body(written.data))


def test_a_sixteenth_figure_of_last_year_is_said() -> None:
    def widened(x: str) -> str:
        end = x.rindex("</w:tr>")
        return x[:end] + "<w:tc><w:tcPr/><w:p><w:r><w:t>4099</w:t></w:r></w:p></w:tc>" + x[end:]

    written = fill(this_year(), changed(last_year(), widened))
    assert "4099" in said(written, "write.template_kept")


def test_a_table_among_the_prose_stays_and_is_said() -> None:
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in ("甲类", "乙类"))
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    form = changed(last_year(), lambda x: SECTION_ONE.sub(rf"\g<1>{table}\g<2>", x, count=1))
    assert "甲类\t乙类" in said(fill(this_year(), form), "write.template_kept")


def test_a_report_without_a_title_does_not_keep_last_years() -> None:
    report = replace(this_year(), title=None)
    written = fill(report, last_year())
    title = f"{report.organ}{report.year}年政府信息公开工作年度报告"
    assert title in said(written, "write.template_title")
    assert read(written.data)[0].title == title


def test_short_bold_lines_are_no_model_for_prose() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"
    plain = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{bold.format('公开情况')}</w:p>"
        f"<w:p>{bold.format('2021年')}{plain.format('，照常公开。' * 5)}</w:p>"
    )
    form = changed(last_year(), lambda x: SECTION_ONE.sub(rf"\g<1>{body}\g<2>", x, count=1))
    report = consistent.write(consistent.report(), 1, "本年照常公开。")
    (found,) = paragraphs(fill(report, form).data, "本年照常")
    assert next(found.iter(W + "b"), None) is None


def test_comments_and_instructions_in_the_xml_stay() -> None:
    mark = "<!--甲--><?乙 丙?>"
    form = changed(
        last_year(),
        lambda x: x.replace("<w:p>", f"{mark}<w:p>{mark}").replace("<w:r>", f"<w:r>{mark}"),
    )
    report = this_year()
    same(report, fill(report, form))


def test_changes_and_comments_elsewhere_are_said() -> None:
    mark = '<w:del w:id="5" w:author="甲"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    form = changed(
        last_year(), lambda x: x.replace("信息内容</w:t></w:r>", f"信息内容</w:t></w:r>{mark}", 1)
    )
    assert "write.template_changes" in ids(fill(this_year(), form))
    assert "write.template_changes" not in ids(fill(this_year(), last_year()))


def test_last_year_in_the_header_is_said() -> None:
    content = parts(last_year())
    header = f"<w:hdr {XMLNS}><w:p><w:r><w:t>2021年年报</w:t></w:r></w:p></w:hdr>".encode()
    written = fill(replace(this_year(), year=2023), packed({**content, "word/header1.xml": header}))
    assert "2021" in said(written, "write.template_running")
    assert parts(written.data)["word/header1.xml"] == header


# -- packages of other kinds

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = f"{_WORD}document.main+xml"


@pytest.mark.parametrize(
    "kind",
    [
        f"{_WORD}template.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ],
)
def test_templates_and_macro_documents_come_out_as_documents(kind: str) -> None:
    content = parts(changed(last_year(), lambda x: x.replace(_MAIN, kind), "[Content_Types].xml"))
    macros = "macro" in kind
    if macros:
        relation = (
            '<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/'
            'vbaProject" Target="vbaProject.bin"/></Relationships>'
        )
        rels = content["word/_rels/document.xml.rels"].decode()
        content["word/_rels/document.xml.rels"] = rels.replace(
            "</Relationships>", relation
        ).encode()
        content["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
        content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
            b"</Types>",
            b'<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.'
            b'vbaProject"/></Types>',
        )
    report = this_year()
    written = fill(report, packed(content))
    same(report, written)
    after = parts(written.data)
    assert _MAIN.encode() in after["[Content_Types].xml"]
    assert not any(b"vba" in data or "vba" in name for name, data in after.items())
    assert ("write.template_macros" in ids(written)) is macros


def test_a_strict_package_stays_strict() -> None:
    strict = {
        f"http://schemas.openxmlformats.org/{kind}/2006/": f"http://purl.oclc.org/ooxml/{kind}/"
        for kind in ("wordprocessingml", "officeDocument")
    }

    def to_strict(x: str) -> str:
        for old, new in strict.items():
            x = x.replace(old, new)
        return x

    content = {
        name: to_strict(data.decode()).encode() if name.endswith((".xml", ".rels")) else data
        for name, data in parts(last_year()).items()
    }
    report = this_year()
    written = fill(report, packed(content))
    same(report, written)
    assert b"purl.oclc.org/ooxml/wordprocessingml/main" in parts(written.data)["word/document.xml"]
    assert (
        b"schemas.openxmlformats.org/wordprocessingml"
        not in parts(written.data)["word/document.xml"]
    )


# -- refused


def refused() -> Iterator[tuple[str, bytes, AnnualReport, str]]:
    report = this_year()
    yield "other edition", last_year("2019"), report, "2019"
    yield "text", "一、总体情况\n照常。".encode(), report, ".docx"
    yield "nothing", b"", report, ".docx"
    yield "workbook", (EXAMPLES / "09_transport_2023.xlsx").read_bytes(), report, ".docx"
    letter = "<w:p><w:r><w:t>收悉。</w:t></w:r></w:p>"
    other = changed(
        last_year(), lambda x: re.sub(r"<w:body>.*(?=<w:sectPr>)", f"<w:body>{letter}", x)
    )
    yield "a letter", other, report, "三张表"
    prose = changed(last_year(), lambda x: re.sub(r"<w:tbl>.*?</w:tbl>", "", x))
    yield "no tables", prose, report, "三张表"
    yield "no edition", last_year(), replace(report, edition=None, cells={}), "哪一年版"


@pytest.mark.parametrize("case", list(refused()), ids=lambda case: case[0])
def test_what_cannot_be_filled_is_refused_with_its_reason(
    case: tuple[str, bytes, AnnualReport, str],
) -> None:
    _, template, report, reason = case
    with pytest.raises(CannotRead) as caught:
        fill(report, template)
    assert caught.value.id == "error.template"
    assert reason in caught.value.text.zh


def test_a_damaged_template_is_damaged() -> None:
    with pytest.raises(CannotRead) as caught:
        fill(this_year(), last_year()[:-200])
    assert caught.value.id in ("error.damaged", "error.template")
