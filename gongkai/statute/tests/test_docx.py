"""Word 文档: real files, built here part by part, read as a person sees them."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute.readers import archive, docx
from gongkai.statute.readers.blocks import Document, Grid, Paragraph, Picture
from gongkai.statute.readers.docx_numbering import numeral
from gongkai.statute.report import CannotRead, Place

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(**targets: str) -> str:
    items = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{items}</Relationships>"
    )


def package(
    body: str, *, numbering: str = "", styles: str = "", main: str = "word/document.xml"
) -> bytes:
    """A .docx of the parts given; nothing in it but what a reader needs."""
    folder, _, base = main.rpartition("/")
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(officeDocument=main),
        main: f"<?xml version='1.0'?><w:document {SPACES}><w:body>{body}</w:body></w:document>",
        f"{folder}/_rels/{base}.rels": relations(numbering="numbering.xml", styles="styles.xml"),
    }
    if numbering:
        parts[f"{folder}/numbering.xml"] = f"<w:numbering {SPACES}>{numbering}</w:numbering>"
    if styles:
        parts[f"{folder}/styles.xml"] = f"<w:styles {SPACES}>{styles}</w:styles>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return out.getvalue()


def read(body: str, **parts: str) -> Document:
    return docx.blocks(package(body, **parts))


def r(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(text: str = "", props: str = "") -> str:
    return f"<w:p><w:pPr>{props}</w:pPr>{r(text) if text else ''}</w:p>"


def tc(text: str = "", props: str = "", content: str = "") -> str:
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{content or p(text)}</w:tc>"


def tr(*cells: str, props: str = "") -> str:
    return f"<w:tr><w:trPr>{props}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [b for b in document.blocks if isinstance(b, Grid)]


def shape(grid: Grid) -> list[tuple[int, int, str, int, int]]:
    return [(c.row, c.column, c.text, c.row_span, c.column_span) for c in grid.cells]


def ids(document: Document) -> list[str]:
    return [note.id for note in document.notes]


# 段落
def test_order_and_places() -> None:
    found = read(p("甲") + p() + tbl(tr(tc("规章"), tc("0")), tr(tc("许可"), tc("1"))) + p("乙"))
    assert [type(b) for b in found.blocks] == [Paragraph, Grid, Paragraph]
    assert found.carrier == "docx"
    first, grid, last = found.blocks
    assert (first.place, last.place) == (Place(line=1), Place(line=2))
    assert isinstance(grid, Grid) and grid.place.table == 1
    assert grid.cells[3].place == Place(table=1, row=2, column=2)


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<w:r><w:t>收到</w:t><w:tab/><w:t>6</w:t></w:r>", "收到\t6"),
        ("<w:r><w:t>收到</w:t><w:br/><w:t>6</w:t></w:r>", "收到\n6"),
        ("<w:r><w:t>收到</w:t><w:cr/><w:t>6</w:t></w:r>", "收到\n6"),
        ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>", "1-2"),
        ("<w:r><w:t>信</w:t><w:softHyphen/><w:t>息</w:t></w:r>", "信息"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="宋体" w:char="4E00"/></w:r>', "一"),
        ("<w:hyperlink><w:r><w:t>网站</w:t></w:r></w:hyperlink>", "网站"),
        ("<w:smartTag><w:smartTagPr/><w:r><w:t>2023年</w:t></w:r></w:smartTag>", "2023年"),
        ("<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>6</w:t></w:r></w:sdtContent></w:sdt>", "6"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>zhāng</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>章</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "章",
        ),
        ("<w:fldSimple w:instr='DATE'><w:r><w:t>31日</w:t></w:r></w:fldSimple>", "31日"),
        ("<w:r><w:t>甲&amp;乙&lt;</w:t></w:r><!-- 批注 --><w:r><w:t>丙</w:t></w:r>", "甲&乙<丙"),
        ("<w:r><w:t><![CDATA[<w:b/>甲]]></w:t></w:r>", "<w:b/>甲"),
        ("<w:bookmarkStart w:id='0' w:name='_GoBack'/><w:r><w:t>丁</w:t></w:r>", "丁"),
        ("<w:r><w:t>一</w:t><w:footnoteReference w:id='2'/><w:t>件</w:t></w:r>", "一件"),
    ],
)
def test_inline(inner: str, text: str) -> None:
    assert texts(read(f"<w:p>{inner}</w:p>")) == [text]


def test_tracked_changes_as_accepted() -> None:
    changed = (
        "<w:p><w:ins w:id='1'><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:del w:id='2'><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:moveFrom w:id='3'><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:moveTo w:id='4'><w:r><w:t>移来</w:t></w:r></w:moveTo></w:p>"
    )
    assert texts(read(changed)) == ["新移来"]


def test_a_deleted_paragraph_mark_joins_paragraphs() -> None:
    joined = p("收到申请", "<w:rPr><w:del w:id='1'/></w:rPr>") + p("6件")
    assert texts(read(joined)) == ["收到申请6件"]
    last = p("收到申请", "<w:rPr><w:del w:id='1'/></w:rPr>") + tbl(tr(tc("规章"), tc("0")))
    assert texts(read(last)) == ["收到申请"]


def test_a_deleted_row_is_gone() -> None:
    rows = tr(tc("规章"), tc("0")), tr(tc("旧"), tc("9"), props="<w:del w:id='1'/>")
    assert [c.text for c in grids(read(tbl(*rows)))[0].cells] == ["规章", "0"]


def test_field_codes_are_not_text() -> None:
    field = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>"
        "<w:r><w:t>条件</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>26</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t>件</w:t></w:r></w:p>"
    )
    assert texts(read(field)) == ["26件"]
    torn = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>" + p("后文还在")
    assert texts(read(torn)) == ["后文还在"]


def test_hidden_text_is_left_out_and_said() -> None:
    runs = r("可见") + r("藏", "<w:vanish/>") + r("件", '<w:vanish w:val="0"/>')
    found = read(f"<w:p>{runs}</w:p>")
    assert texts(found) == ["可见件"]
    assert ids(found) == ["read.hidden_text"]
    assert "藏" in found.notes[0].text.zh


def test_hidden_by_a_character_style() -> None:
    style = "<w:style w:type='character' w:styleId='h'><w:rPr><w:vanish/></w:rPr></w:style>"
    runs = r("可见") + r("藏", '<w:rStyle w:val="h"/>')
    found = read(f"<w:p>{runs}</w:p>", styles=style)
    assert (texts(found), ids(found)) == (["可见"], ["read.hidden_text"])


def test_struck_figures_are_left_out_and_said() -> None:
    cell = f"<w:p>{r('5', '<w:strike/>')}{r('6')}</w:p>"
    found = read(tbl(tr(tc("规章"), tc(content=cell)), tr(tc("许可"), tc("0"))))
    assert [c.text for c in grids(found)[0].cells] == ["规章", "6", "许可", "0"]
    assert ids(found) == ["read.struck_text"]


def test_footnotes_are_counted() -> None:
    found = read("<w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id='1'/></w:r></w:p>")
    assert ids(found) == ["read.footnotes"]


# 文本框与图片
BOX = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"


def test_a_text_box_is_read_once() -> None:
    both = (
        "<w:p><w:r><w:t>框外</w:t><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
        f"<wp:anchor><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert texts(read(both)) == ["框外", "框内"]
    legacy = (
        f"<w:p><w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    assert texts(read(legacy)) == ["框内"]


def test_a_table_in_a_text_box() -> None:
    box = f"<w:txbxContent>{tbl(tr(tc('规章'), tc('0')), tr(tc('许可'), tc('1')))}</w:txbxContent>"
    found = read(f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>")
    assert [c.text for c in grids(found)[0].cells] == ["规章", "0", "许可", "1"]


def drawing(wide: int, high: int, alt: str = "") -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:inline><wp:extent cx='{wide * 12700}' cy='{high * 12700}'/>"
        f"<wp:docPr id='1' name='图' descr='{alt}'/><a:graphic><a:graphicData><pic:pic/>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def test_pictures_as_large_as_a_table() -> None:
    found = read(p("甲") + drawing(400, 300, "表三") + drawing(90, 90) + p("乙"))
    assert [type(b) for b in found.blocks] == [Paragraph, Picture, Paragraph]
    assert isinstance(found.blocks[1], Picture) and found.blocks[1].alt == "表三"


def test_legacy_pictures() -> None:
    def pict(style: str) -> str:
        return (
            f"<w:p><w:r><w:object><v:shape style='{style}'><v:imagedata r:id='r1'/></v:shape>"
            "</w:object></w:r></w:p>"
        )

    found = read(pict("width:415pt;height:200pt") + pict("width:20pt;height:20pt") + pict(""))
    assert [type(b) for b in found.blocks] == [Picture, Picture]


def test_a_picture_in_a_cell_of_a_grid() -> None:
    found = read(tbl(tr(tc("规章"), tc("0")), tr(tc("许可"), tc(content=drawing(300, 100)))))
    assert [type(b) for b in found.blocks] == [Grid, Picture]
    assert found.blocks[1].place == Place(table=1, row=2, column=2)


# 自动编号
def level(n: int, format: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(*levels: str, nums: str = "") -> str:
    nums = nums or '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def item(text: str, n: int = 0, list_id: str = "1") -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_numbers_as_a_person_sees_them() -> None:
    numbering = numbered(
        level(0, "chineseCounting", "%1、", '<w:suff w:val="nothing"/>'),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%1.%3.%4", "<w:isLgl/>"),
    )
    body = [
        item("总体情况"),
        item("主动公开", 1),
        item("规章", 2),
        item("文件", 2),
        item("依申请", 1),
        item("又一", 2),
        item("细目", 3),
        p("无编号"),
        item("主动公开情况"),
        item("新的", 1),
    ]
    assert texts(read("".join(body), numbering=numbering)) == [
        "一、总体情况",
        "（一）主动公开",
        "1. 规章",
        "2. 文件",
        "（二）依申请",
        "1. 又一",
        "1.1.1 细目",
        "无编号",
        "二、主动公开情况",
        "（一）新的",
    ]


def test_start_override_and_shared_definition() -> None:
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    numbering = numbered(level(0, "decimal", "%1、"), nums=nums)
    body = item("甲") + item("乙", 0, "2") + item("丙", 0, "3") + item("丁", 0, "3")
    assert texts(read(body, numbering=numbering)) == ["1、甲", "2、乙", "5、丙", "6、丁"]


def test_levels_restart_as_told() -> None:
    numbering = numbered(
        level(0, "decimal", "%1、"), level(1, "decimal", "（%2）", '<w:lvlRestart w:val="0"/>')
    )
    body = item("甲") + item("一", 1) + item("乙") + item("二", 1)
    assert texts(read(body, numbering=numbering)) == ["1、甲", "（1）一", "2、乙", "（2）二"]


def test_numbers_through_a_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="sub">'
        '<w:basedOn w:val="base"/></w:style>'
    )
    numbering = numbered(level(0, "ideographTraditional", "%1、"))
    body = (
        p("首", '<w:pStyle w:val="sub"/>')
        + p("次", '<w:pStyle w:val="base"/>')
        + p("免", '<w:pStyle w:val="sub"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert texts(read(body, numbering=numbering, styles=styles)) == ["甲、首", "乙、次", "免"]


def test_a_custom_format_with_zeros() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="9"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    assert texts(read(item("甲") + item("乙"), numbering=numbered(custom))) == ["009 甲", "010 乙"]


def test_bullets() -> None:
    numbering = numbered(level(0, "bullet", "\uf06c"), level(1, "bullet", "—"))
    assert texts(read(item("甲") + item("乙", 1), numbering=numbering)) == ["• 甲", "— 乙"]


def test_a_number_in_a_cell_is_text_of_the_cell() -> None:
    rows = [tr(tc(content=item("")), tc(name), tc("0")) for name in ("规章", "许可")]
    found = read(tbl(*rows), numbering=numbered(level(0, "decimal", "%1")))
    assert [c.text for c in grids(found)[0].cells if c.column == 0] == ["1", "2"]


@pytest.mark.parametrize(
    ("n", "format", "text"),
    [
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "chineseCounting", "二十"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (3, "ideographTraditional", "丙"),
        (12, "ideographZodiac", "亥"),
        (3, "decimalEnclosedCircle", "③"),
        (25, "decimalEnclosedCircleChinese", "㉕"),
        (4, "decimalEnclosedParen", "⑷"),
        (4, "decimalEnclosedFullstop", "⒋"),
        (4, "decimalFullWidth", "４"),
        (7, "decimalZero", "07"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (10, "ideographDigital", "一〇"),
        (99, "ideographTraditional", "99"),
        (5, "somethingNew", "5"),
    ],
)
def test_numerals(n: int, format: str, text: str) -> None:
    assert numeral(n, format) == text


# 表格
def test_spans() -> None:
    rows = [
        tr(
            tc("栏", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'),
            tc("申请人", '<w:gridSpan w:val="2"/>'),
        ),
        tr(tc("", '<w:gridSpan w:val="2"/><w:vMerge/>'), tc("自然人"), tc("总计")),
        tr(tc("三", '<w:vMerge w:val="restart"/>'), tc("公开"), tc("1"), tc("1")),
        tr(tc("", '<w:vMerge w:val="continue"/>'), tc("部分"), tc("2"), tc("2")),
        tr(tc("四", '<w:gridSpan w:val="2"/>'), tc("3"), tc("3")),
    ]
    grid = grids(read(tbl(*rows)))[0]
    assert (grid.rows, grid.columns, grid.drawn) == (5, 4, True)
    assert shape(grid) == [
        (0, 0, "栏", 2, 2),
        (0, 2, "申请人", 1, 2),
        (1, 2, "自然人", 1, 1),
        (1, 3, "总计", 1, 1),
        (2, 0, "三", 2, 1),
        (2, 1, "公开", 1, 1),
        (2, 2, "1", 1, 1),
        (2, 3, "1", 1, 1),
        (3, 1, "部分", 1, 1),
        (3, 2, "2", 1, 1),
        (3, 3, "2", 1, 1),
        (4, 0, "四", 1, 2),
        (4, 2, "3", 1, 1),
        (4, 3, "3", 1, 1),
    ]


def test_a_merge_without_a_beginning_is_a_cell() -> None:
    rows = tr(tc("三", "<w:vMerge/>"), tc("1")), tr(tc("", "<w:vMerge/>"), tc("2"))
    assert shape(grids(read(tbl(*rows)))[0])[0] == (0, 0, "三", 2, 1)


def test_two_merges_one_under_the_other() -> None:
    restart, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        tr(tc("甲", restart), tc("1")),
        tr(tc("", on), tc("2")),
        tr(tc("乙", restart), tc("3")),
        tr(tc("", on), tc("4")),
    ]
    grid = grids(read(tbl(*rows)))[0]
    assert [c for c in shape(grid) if c[1] == 0] == [(0, 0, "甲", 2, 1), (2, 0, "乙", 2, 1)]


def test_text_under_a_merge_is_hidden_and_said() -> None:
    rows = (
        tr(tc("甲", '<w:vMerge w:val="restart"/>'), tc("1")),
        tr(tc("压住", "<w:vMerge/>"), tc("2")),
    )
    found = read(tbl(*rows))
    assert [c.text for c in grids(found)[0].cells] == ["甲", "1", "2"]
    assert ids(found) == ["read.hidden_text"]


def test_legacy_horizontal_merge() -> None:
    rows = [
        tr(tc("信息内容"), tc("数量", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>")),
        tr(tc("许可"), tc("1"), tc("2")),
    ]
    assert shape(grids(read(tbl(*rows)))[0])[:2] == [(0, 0, "信息内容", 1, 1), (0, 1, "数量", 1, 2)]


def test_ragged_rows_keep_their_columns() -> None:
    rows = [
        tr(tc("栏"), tc("甲"), tc("乙")),
        tr(tc("1"), tc("2"), props='<w:gridBefore w:val="1"/>'),
        tr(tc("许可"), tc("3"), props='<w:gridAfter w:val="1"/>'),
    ]
    grid = grids(read(tbl(*rows)))[0]
    assert (grid.rows, grid.columns) == (3, 3)
    assert [(c.row, c.column, c.text) for c in grid.cells[3:]] == [
        (1, 1, "1"),
        (1, 2, "2"),
        (2, 0, "许可"),
        (2, 1, "3"),
    ]


def test_cells_and_rows_in_content_controls() -> None:
    cell = f"<w:sdt><w:sdtPr/><w:sdtContent>{tc('6')}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent>{tr(tc('许可'), cell)}</w:sdtContent></w:sdt>"
    grid = grids(read(tbl(tr(tc("规章"), tc("0")), row)))[0]
    assert [c.text for c in grid.cells] == ["规章", "0", "许可", "6"]


def test_paragraphs_of_a_cell_are_lines() -> None:
    rows = tr(tc(content=p("结果") + p("维持")), tc("总计")), tr(tc("0"), tc("0"))
    assert grids(read(tbl(*rows)))[0].cells[0].text == "结果\n维持"


def test_a_hidden_row_is_left_out_and_said() -> None:
    rows = tr(tc("规章"), tc("0")), tr(tc("旧"), tc("9"), props="<w:hidden/>")
    found = read(tbl(*rows))
    assert len(grids(found)[0].cells) == 2
    assert ids(found) == ["read.hidden_text"]


# 版面表格
DATA = tbl(
    tr(tc("信息内容"), tc("本年制发件数")), tr(tc("规章"), tc("0")), tr(tc("规范性文件"), tc("6"))
)
PROSE = "本年度认真贯彻落实有关要求，主动公开各类政府信息一百余条，依法办理公开申请，没有收取费用。"


def test_a_layout_table_around_everything() -> None:
    found = read(tbl(tr(tc(content=p("一、总体情况") + p(PROSE) + DATA + p("三、收到和处理情况")))))
    assert [type(b) for b in found.blocks] == [Paragraph, Paragraph, Grid, Paragraph]
    assert texts(found) == ["一、总体情况", PROSE, "三、收到和处理情况"]
    assert [c.text for c in grids(found)[0].cells][-1] == "6"
    assert ids(found) == []


def test_layout_tables_within_layout_tables() -> None:
    found = read(tbl(tr(tc("左"), tc(content=tbl(tr(tc(content=p("上") + DATA)), tr(tc("下")))))))
    assert texts(found) == ["左", "上", "下"]
    assert len(grids(found)) == 1


def test_everything_in_one_table_is_taken_apart() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = [
        tr(tc("一、总体情况", wide)),
        tr(tc(PROSE, wide)),
        tr(tc("二、主动公开政府信息情况", wide)),
        tr(tc("第二十条第（一）项", wide)),
        tr(tc("信息内容"), tc("本年制发件数")),
        tr(tc("规章"), tc("0")),
        tr(tc("五、存在的主要问题及改进情况", wide)),
        tr(tc(PROSE, wide)),
    ]
    found = read(tbl(*rows))
    assert [type(b) for b in found.blocks] == [Paragraph] * 3 + [Grid] + [Paragraph] * 2
    grid = grids(found)[0]
    assert [c.text for c in grid.cells] == [
        "第二十条第（一）项",
        "信息内容",
        "本年制发件数",
        "规章",
        "0",
    ]
    assert grid.cells[0].row == 0 and grid.cells[0].place == Place(table=1, row=4, column=1)
    assert ids(found) == ["read.section_in_table"]


def test_headings_of_table_two_stay_in_it() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = [
        tr(tc("第二十条第（一）项", wide)),
        tr(tc("规章"), tc("0")),
        tr(tc("第二十条第（五）项", wide)),
        tr(tc("行政许可"), tc("3")),
    ]
    found = read(tbl(*rows))
    assert len(found.blocks) == 1 and grids(found)[0].rows == 4


def test_label_and_prose_side_by_side() -> None:
    found = read(tbl(tr(tc("一、总体情况"), tc(PROSE)), tr(tc("二、其他"), tc(PROSE))))
    assert texts(found) == ["一、总体情况", PROSE, "二、其他", PROSE]


# 包
def test_the_main_part_is_where_the_package_says() -> None:
    found = docx.blocks(package(p("甲"), main="doc/main.xml"))
    assert texts(found) == ["甲"]


def test_strict_namespaces() -> None:
    data = package(
        p("甲") + tbl(tr(tc("规章", '<w:gridSpan w:val="2"/>'), tc("0")), tr(tc("许可"), tc("1")))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            for part in ("wordprocessingml", "officeDocument"):
                content = content.replace(
                    f"http://schemas.openxmlformats.org/{part}/2006/",
                    f"http://purl.oclc.org/ooxml/{part}/",
                )
            new.writestr(name, content)
    found = docx.blocks(out.getvalue())
    assert texts(found) == ["甲"]
    assert grids(found)[0].cells[0].column_span == 2


def test_flat_opc() -> None:
    def part(name: str, content: str) -> str:
        return f'<pkg:part pkg:name="{name}"><pkg:xmlData>{content}</pkg:xmlData></pkg:part>'

    document = f"<w:document {SPACES}><w:body>{p('甲')}{DATA}</w:body></w:document>"
    flat = (
        '<?xml version="1.0"?>'
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        + part("/_rels/.rels", relations(officeDocument="word/document.xml"))
        + part("/word/document.xml", document)
        + "</pkg:package>"
    )
    found = docx.blocks(flat.encode())
    assert texts(found) == ["甲"] and len(grids(found)) == 1


def test_word_2003_xml() -> None:
    restart, on = '<w:vmerge w:val="restart"/>', "<w:vmerge/>"
    body = (
        '<wx:sect><wx:sub-section><w:p><w:pPr><w:listPr><w:ilvl w:val="0"/>'
        '<wx:t wx:val="一、"/></w:listPr></w:pPr><w:r><w:t>总体情况</w:t></w:r></w:p>'
        + tbl(tr(tc("三", restart), tc("1")), tr(tc("", on), tc("2")))
        + "</wx:sub-section></wx:sect>"
    )
    data = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument '
        'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint">'
        f"<w:body>{body}</w:body></w:wordDocument>"
    )
    found = docx.blocks(data.encode())
    assert texts(found) == ["一、总体情况"]
    assert shape(grids(found)[0])[0] == (0, 0, "三", 2, 1)


def test_a_web_page_inside() -> None:
    page = "<html><body><p>甲</p><table><tr><td>规章<td>0<tr><td>许可<td>1</table></body></html>"
    out = io.BytesIO(package("<w:altChunk r:id='r9'/>"))
    with zipfile.ZipFile(out, "a") as opened:
        opened.writestr("word/afchunk.html", page)
    data = rewritten(
        out.getvalue(),
        "word/_rels/document.xml.rels",
        relations(aFChunk="/word/afchunk.html"),
    )
    found = docx.blocks(data)
    assert (found.carrier, texts(found), len(grids(found))) == ("docx", ["甲"], 1)


def rewritten(data: bytes, name: str, content: str) -> bytes:
    """The same package with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


def test_other_prefixes() -> None:
    inner = "<x:p><x:r><x:t>甲</x:t></x:r></x:p>"
    main = f'<x:document xmlns:x="{W}"><x:body>{inner}</x:body></x:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("word/document.xml", main)
    assert texts(docx.blocks(out.getvalue())) == ["甲"]


# 限度
def refused(data: bytes) -> str:
    with pytest.raises(CannotRead) as caught:
        docx.blocks(data)
    assert caught.value.text.zh and caught.value.text.en
    return caught.value.id


def test_a_bomb_is_refused() -> None:
    assert refused(package("<w:p/>" * 4_000_000)) == "error.too_large"
    assert refused(package("<w:p/>" * 1_600_000)) == "error.too_large"


def test_a_size_that_lies_is_refused() -> None:
    data = bytearray(package("<w:p/>" * 4_000_000))
    # The directory declares a small size; the member unpacks to 24 MB.
    at = data.index(b"word/document.xml", data.index(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 5000)
    assert refused(bytes(data)) in ("error.too_large", "error.damaged")


def test_entities_are_not_expanded() -> None:
    names = "abcdefghijklmnopqrst"
    doubled = "".join(
        f"<!ENTITY {after} '&{name};&{name};'>"
        for name, after in zip(names, names[1:], strict=False)
    )
    inner = "<w:p><w:r><w:t>甲&t;</w:t></w:r></w:p>"
    bomb = (
        f"<!DOCTYPE x [<!ENTITY a 'ha'>{doubled}]>"
        f"<w:document xmlns:w='{W}'><w:body>{inner}</w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("word/document.xml", bomb)
    try:
        found = texts(docx.blocks(out.getvalue()))
    except CannotRead as fault:
        assert fault.id == "error.damaged"
    else:
        assert found == ["甲"]


def test_spans_are_capped() -> None:
    cell = tc("甲", '<w:gridSpan w:val="999999999"/>')
    assert refused(package(tbl(tr(cell, cell, cell)))) == "error.too_large"


def test_deep_nesting() -> None:
    deep = p("底")
    for _ in range(40):
        deep = tbl(tr(tc(content=deep)))
    assert texts(read(deep)) == ["底"]
    controls = "<w:sdt><w:sdtContent>" * 90 + p("底") + "</w:sdtContent></w:sdt>" * 90
    try:
        assert texts(read(controls)) == ["底"]
    except CannotRead as fault:
        assert fault.id == "error.damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        package(p("甲"))[:-30],
        package("<w:p><w:r>"),
        package(p("甲"), main="a/b.xml").replace(b"a/b.xml", b"a/c.xml"),
    ],
)
def test_damaged(data: bytes) -> None:
    assert refused(data) == "error.damaged"


GOOD = package(
    item("甲") + DATA + drawing(400, 300), numbering=numbered(level(0, "decimal", "%1、"))
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.booleans())
def test_altered_and_cut_files_never_fall_over(at: int, value: int, cut: bool) -> None:
    data = bytearray(GOOD)
    data[at] = value
    try:
        found = docx.blocks(bytes(data[:at] if cut else data))
    except CannotRead as fault:
        assert fault.id in ("error.damaged", "error.encrypted", "error.too_large")
    else:
        assert isinstance(found, Document)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"<?xml version='1.0'?>"):
        with pytest.raises(CannotRead):
            docx.blocks(start + data)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<w:p>", "</w:p>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>",
             "<w:r>", "</w:r>", "<w:t>甲</w:t>", "<w:tcPr><w:vMerge/></w:tcPr>",
             "<w:tcPr><w:gridSpan w:val='x'/></w:tcPr>", "<w:tcPr><w:hMerge/></w:tcPr>",
             "<w:sdt/>", "<w:fldChar w:fldCharType='begin'/>", "<w:drawing/>", "<w:pict/>",
             "<mc:AlternateContent/>", "<w:trPr><w:gridBefore w:val='-3'/></w:trPr>"]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_odd_but_well_formed_markup(pieces: list[str]) -> None:
    try:
        found = read("".join(pieces))
    except CannotRead as fault:
        assert fault.id == "error.damaged"
    else:
        assert isinstance(found, Document)


# 空白格式
def test_the_blank_form() -> None:
    path = SAMPLES / "blank_form_2021.docx"
    if not path.exists():
        pytest.skip("the real samples are not here")
    found = docx.blocks(path.read_bytes())
    assert [(g.rows, g.columns) for g in grids(found)] == [(14, 4), (28, 10), (4, 15)]
    assert texts(found)[3] == "二、主动公开政府信息情况"
    empty = [sum(not c.text for c in g.cells) for g in grids(found)]
    assert empty == [10, 175, 15]
    assert ids(found) == []


def test_the_parser_reads_nothing_from_outside() -> None:
    with pytest.raises(CannotRead):
        archive.parse(b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;", "x")
    root = archive.parse(b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;</x>", "x")
    assert "".join(root.itertext()) in ("", "&e;")
