"""网页: pages as browsers show them, and the report told from its page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute.readers import html
from gongkai.statute.readers.blocks import Document, Grid, Paragraph, Picture
from gongkai.statute.report import CannotRead, Place

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
TITLE = "云水市青石区2023年政府信息公开工作年度报告"


def read(markup: str) -> Document:
    return html.blocks(markup.encode())


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [b for b in document.blocks if isinstance(b, Grid)]


def shape(grid: Grid) -> list[tuple[int, int, str, int, int]]:
    return [(c.row, c.column, c.text, c.row_span, c.column_span) for c in grid.cells]


def ids(document: Document) -> list[str]:
    return [note.id for note in document.notes]


# 段落
@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>甲</p><p>乙</p>", ["甲", "乙"]),
        ("<div>甲<div>乙</div>丙</div>", ["甲", "乙", "丙"]),
        ("甲<br>乙<br/><br>丙", ["甲", "乙", "丙"]),
        ("<p>收到<b>26</b><span> 件</span></p>", ["收到26 件"]),
        ("<p>收到\n   申请</p>", ["收到申请"]),
        ("<p>收到5<sup>1<b>2</b></sup>6件<sup>[3]</sup></p>", ["收到5¹²6件[³]"]),
        ("<p>5<sup>1<sup>2</sup>3</sup>4</p>", ["5¹²³4"]),
        ("<p>in  \n time</p>", ["in time"]),
        ("<p>&nbsp;&nbsp;一、总体&nbsp;&nbsp;情况&nbsp;</p>", ["一、总体  情况"]),
        ("<p>&#x4E00;、&amp;&lt;甲&gt;</p>", ["一、&<甲>"]),
        ("<pre>规章\t0\n许可  1</pre>", ["规章\t0", "许可  1"]),
        ('<div style="white-space: pre-wrap">规章\t0\n许可  1</div>', ["规章\t0", "许可  1"]),
        ("<ol><li>甲</li><li>乙</li></ol>", ["1. 甲", "2. 乙"]),
        ('<ol start="3"><li>甲<li value="7">乙<li>丙</ol>', ["3. 甲", "7. 乙", "8. 丙"]),
        ("<ol reversed><li>甲<li>乙</ol>", ["2. 甲", "1. 乙"]),
        ('<ol type="A"><li>甲</ol><ol type="i"><li>乙</ol>', ["A. 甲", "i. 乙"]),
        ('<ol style="list-style-type: cjk-ideographic"><li>甲</ol>', ["一、甲"]),
        ('<ol style="list-style:none"><li>甲</ol>', ["甲"]),
        ("<ol><li><p>甲</p><p>续</p></li><li></li><li>丙</li></ol>", ["1. 甲", "续", "3. 丙"]),
        ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
        ("<ol><li>甲<ol><li>一<li>二</ol></li><li>乙</ol>", ["1. 甲", "1. 一", "2. 二", "2. 乙"]),
        ("<p>甲<script>x()</script><style>p{}</style>乙</p>", ["甲乙"]),
        ("<template><p>甲</p></template><noscript>乙</noscript><p>丙</p>", ["丙"]),
        ("<p>甲<o:p>&nbsp;</o:p></p>", ["甲"]),
        ("<p>甲<!--[if gte mso 9]><p>乙</p><![endif]-->丙</p>", ["甲丙"]),
        (
            "<p><![if !supportLists]><span style='mso-list:Ignore'>一、<span>&nbsp;&nbsp;</span>"
            "</span><![endif]>总体情况</p>",
            ["一、  总体情况"],
        ),
        ("<ruby>章<rp>(</rp><rt>zhāng</rt></ruby>", ["章"]),
        ("<select><option>2022年</select><button>打印</button><p>甲</p>", ["甲"]),
        ('<p>本年新收 <input type="text" value="26"> 件</p>', ["本年新收 26 件"]),
        ("<h1>题</h1>文<hr>尾", ["题", "文", "尾"]),
        ("<dl><dt>主办<dd>青石区</dl>", ["主办", "青石区"]),
        ("<nav>首页</nav><p>甲</p><footer>页脚</footer>", ["甲"]),
    ],
)
def test_paragraphs(markup: str, expected: list[str]) -> None:
    assert texts(read(f"<html><body>{markup}</body></html>")) == expected


def test_places() -> None:
    found = read("<p>甲</p><table><tr><td>规章<td>0<tr><td>许可<td>1</table><p>乙</p>")
    assert [type(b) for b in found.blocks] == [Paragraph, Grid, Paragraph]
    assert (found.blocks[0].place, found.blocks[2].place) == (Place(line=1), Place(line=2))
    assert grids(found)[0].cells[3].place == Place(table=1, row=2, column=2)
    assert found.carrier == "html"


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display: none">藏</span>',
        '<span style="DISPLAY:NONE;color:red">藏</span>',
        "<span hidden>藏</span>",
        '<span style="visibility:hidden">藏</span>',
        '<span style="mso-hide:all">藏</span>',
    ],
)
def test_hidden_text_is_left_out_and_said(hidden: str) -> None:
    found = read(f"<p>甲{hidden}乙</p>")
    assert texts(found) == ["甲乙"]
    assert ids(found) == ["read.hidden_text"] and "藏" in found.notes[0].text.zh


def test_hidden_parts_of_the_page_are_not_worth_a_note() -> None:
    found = read('<div style="display:none"><p>弹窗</p></div><p>甲</p>')
    assert (texts(found), ids(found)) == (["甲"], [])


@pytest.mark.parametrize("tag", ["del", "s", "strike", 'span style="text-decoration:line-through"'])
def test_struck_figures_are_left_out_and_said(tag: str) -> None:
    cell = f"<td><{tag}>5</{tag.split()[0]}>6"
    found = read(f"<table><tr><td>规章{cell}<tr><td>许可<td>0</table>")
    assert [c.text for c in grids(found)[0].cells] == ["规章", "6", "许可", "0"]
    assert ids(found) == ["read.struck_text"]


def test_pictures() -> None:
    found = read(
        '<p>甲</p><img src="a.png" width="600" height="300" alt="表三"><p>乙</p>'
        '<img src="b.png" width="16" height="16"><img src="c.png" style="width:20px">'
        '<img src="images/icon_doc.gif"><img src="/up/table.jpg">'
    )
    assert [type(b) for b in found.blocks] == [Paragraph, Picture, Paragraph, Picture]
    assert isinstance(found.blocks[1], Picture) and found.blocks[1].alt == "表三"


# 表格
def one(markup: str) -> list[tuple[int, int, str, int, int]]:
    return shape(grids(read(f"<table>{markup}</table>"))[0])


def test_spans() -> None:
    found = one(
        "<tr><td rowspan=2 colspan=2>栏<td colspan=2>申请人"
        "<tr><td>自然人<td>总计"
        "<tr><td rowspan=2>三<td>公开<td>1<td>1"
        "<tr><td>部分<td>2<td>2"
    )
    assert found == [
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
    ]


def test_rowspan_zero_goes_to_the_end_of_its_group() -> None:
    found = one("<tbody><tr><td rowspan=0>甲<td>1<tr><td>2</tbody><tbody><tr><td>乙<td>3</tbody>")
    assert found[0] == (0, 0, "甲", 2, 1)
    assert found[3:] == [(2, 0, "乙", 1, 1), (2, 1, "3", 1, 1)]


def test_rowspans_end_with_their_group_and_table() -> None:
    found = one("<thead><tr><th rowspan=9>栏<th>数</thead><tr><td>甲<td>1")
    assert found == [(0, 0, "栏", 1, 1), (0, 1, "数", 1, 1), (1, 0, "甲", 1, 1), (1, 1, "1", 1, 1)]
    assert one("<tr><td>甲<td>1<tr><td rowspan=65000>乙<td>2")[2] == (1, 0, "乙", 1, 1)


def test_overlapping_spans_lie_as_in_browsers() -> None:
    found = one("<tr><td>1<td rowspan=2>2<td>3<tr><td colspan=2>4<td>5")
    assert found[3:] == [(1, 0, "4", 1, 1), (1, 2, "5", 1, 1)]


@pytest.mark.parametrize(("span", "taken"), [("0", 1), ("-2", 1), ("x", 1), ("2.9", 2), ("3px", 3)])
def test_odd_spans(span: str, taken: int) -> None:
    assert one(f"<tr><td colspan='{span}'>甲<td>1<tr><td>乙<td>2")[0][4] == taken


def test_a_foot_is_shown_last_and_a_caption_first() -> None:
    found = read(
        "<table><caption>表一</caption><tfoot><tr><td>总计<td>3</tfoot>"
        "<tr><td>规章<td>1<tr><td>许可<td>2</table>"
    )
    assert texts(found) == ["表一"]
    assert [c.text for c in grids(found)[0].cells] == ["规章", "1", "许可", "2", "总计", "3"]


def test_lines_of_a_cell() -> None:
    found = one("<tr><td><p>结果</p><p>维持</p><td>总<br>计<tr><td>&nbsp;<td> 0 ")
    assert [text for _, _, text, _, _ in found] == ["结果\n维持", "总\n计", "", "0"]


def test_hidden_rows_and_cells_are_no_part_of_the_table() -> None:
    found = read(
        "<table><tr style='display:none'><td>旧<td>9<tr><td>规章<td hidden>7<td>0"
        "<tr><td>许可<td>1</table>"
    )
    assert shape(grids(found)[0]) == [
        (0, 0, "规章", 1, 1),
        (0, 1, "0", 1, 1),
        (1, 0, "许可", 1, 1),
        (1, 1, "1", 1, 1),
    ]
    assert ids(found) == ["read.hidden_text"]


def test_layout_tables_become_their_contents() -> None:
    data = "<table><tr><td>规章<td>0<tr><td>许可<td>1</table>"
    found = read(
        f"<table><tr><td>左栏<td><table><tr><td><p>甲</p>{data}<p>乙</p></table><tr><td>脚</table>"
    )
    assert texts(found) == ["左栏", "甲", "乙", "脚"]
    assert [c.text for c in grids(found)[0].cells] == ["规章", "0", "许可", "1"]


def test_everything_in_one_table() -> None:
    prose = "本年度认真落实有关要求，主动公开各类政府信息一百余条，依法办理公开申请，没有收取费用。"
    found = read(
        f"<table><tr><td colspan=2>{SECTIONS[0]}<tr><td colspan=2>{prose}"
        f"<tr><td colspan=2>{SECTIONS[1]}<tr><td colspan=2>第二十条第（一）项"
        f"<tr><td>规章<td>0<tr><td colspan=2>{SECTIONS[4]}"
        f"<tr><td colspan=2><p>甲。<p>{prose}</table>"
    )
    assert texts(found) == [SECTIONS[0], prose, SECTIONS[1], SECTIONS[4], "甲。", prose]
    assert [c.text for c in grids(found)[0].cells] == ["第二十条第（一）项", "规章", "0"]
    assert "read.section_in_table" in ids(found)


# 页面
def page(body: str, head: str = "", after: str = "") -> str:
    links = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(20))
    links += "<li><a href='/y'>2022年政府信息公开工作年度报告</a></li>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>政府网站</title>{head}</head>"
        f"<body><div class='top'><ul>{links}</ul></div>"
        f"<div class='main'><div class='crumb'>当前位置：<a href='/'>首页</a></div>{body}</div>"
        f"<div class='foot'><p>主办：青石区示例办公室</p><p>网站标识码0000000000</p></div>{after}"
        "</body></html>"
    )


def content(*, title: bool = True) -> str:
    head = f"<p>{TITLE}</p>" if title else ""
    parts = "".join(f"<p>{heading}</p><p>正文。</p>" for heading in SECTIONS)
    return f"<div class='article'>{head}{parts}</div>"


def expected(*, title: bool = True) -> list[str]:
    return [*([TITLE] if title else []), *(t for s in SECTIONS for t in (s, "正文。"))]


def test_the_report_without_its_page() -> None:
    found = read(page(content()))
    assert texts(found) == expected()
    assert ids(found) == ["read.page_furniture"]


def test_a_title_above_the_article() -> None:
    found = read(page(f"<h1>{TITLE}</h1><p>来源：示例</p>{content(title=False)}"))
    assert texts(found) == expected()


def test_a_title_kept_in_the_page_s_record() -> None:
    meta = f'<meta name="ArticleTitle" content="{TITLE}">'
    assert texts(read(page(content(title=False), meta))) == expected()
    named = page(content(title=False)).replace("政府网站", f"{TITLE}_云水市")
    assert texts(read(named)) == expected()


def test_no_title_is_invented_from_links() -> None:
    assert texts(read(page(content(title=False)))) == expected(title=False)


def test_what_stands_below_the_article() -> None:
    below = "<p>附件：1.统计表</p><p>【打印】【关闭】</p><p>相关链接</p>"
    body = content().removesuffix("</div>") + below + "</div>"
    assert texts(read(page(body))) == [*expected(), "附件：1.统计表"]


def test_a_report_in_a_page_made_of_tables() -> None:
    markup = (
        "<table><tr><td><a href='/'>首页</a><a href='/b'>年报</a></tr><tr><td>"
        f"<table><tr><td>{content()}</td></tr></table></td></tr><tr><td>版权所有 青石区</table>"
    )
    assert texts(read(markup)) == expected()


def test_tables_count_as_signs_of_the_report() -> None:
    rows = "<tr><td>信息内容<td>本年制发件数<tr><td>规章<td>0<tr><td>行政许可<td>6"
    table = f"<table>{rows}</table>"
    found = read(page(f"<div><p>{TITLE}</p><p>{SECTIONS[1]}</p>{table}<p>完</p></div>"))
    assert [type(b) for b in found.blocks] == [Paragraph, Paragraph, Grid, Paragraph]


def test_a_page_without_signs_is_kept_whole() -> None:
    assert texts(read("<div><p>甲</p></div><div>乙</div>")) == ["甲", "乙"]


def test_a_list_of_contents_is_no_sign() -> None:
    contents = "".join(f'<p><a href="#{n}">{s}</a></p>' for n, s in enumerate(SECTIONS))
    found = read(f"<div class='toc'>{contents}</div><div>{content()}</div><div>页脚</div>")
    assert texts(found) == expected()


# 编码与文档
@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("utf-8", "本年度收到申请26件"),
        ("gb18030", "本年度收到申请26件"),
        ("utf-16", "本年度收到申请26件"),
        ("big5", "本年度收到申請26件"),
    ],
)
def test_encodings(codec: str, text: str) -> None:
    found = html.blocks(f"<html><body><p>{text}</p></body></html>".encode(codec))
    assert texts(found) == [text]
    assert ids(found) == ([] if codec == "utf-8" else ["read.encoding"])


# 限度
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "x",
        "".join(f"<b a{n}>" for n in range(2000)) + "<p>" * 2000,
        "<b>" * 500 + "<p>x" * 600 + "</b>" * 500,
        "<i>x" * 600_000,
        "<table>" + "<tr><td colspan=1000 rowspan=60000>x" * 4000,
        "<table><tr>" + "<td colspan=1000>x" * 3,
    ],
)
def test_markup_out_of_proportion_is_refused(markup: str) -> None:
    with pytest.raises(CannotRead) as caught:
        read(markup)
    assert caught.value.id == "error.too_large"


def test_deep_but_sound_nesting() -> None:
    assert texts(read("<div>" * 400 + "底" + "</div>" * 400)) == ["底"]
    deep = "底"
    for _ in range(60):
        deep = f"<table><tr><td>{deep}</table>"
    assert "底" in "".join(texts(read(deep)))


def test_many_unclosed_tags_of_office_programs() -> None:
    assert texts(read("<p><font color=red>甲" * 200)) == ["甲"] * 200


GOOD = page(content() + "<table><tr><td rowspan=2>甲<td>1<tr><td>2</table>").encode()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=6), st.booleans())
def test_altered_and_cut_pages(at: int, value: bytes, cut: bool) -> None:
    data = GOOD[:at] + value + (b"" if cut else GOOD[at + len(value) :])
    assert isinstance(html.blocks(data), Document)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<table>", "</table>", "<tr>", "<td rowspan=3>", "<td colspan=2>", "<th>", "</td>",
             "<p>", "</p>", "<ol>", "<li>", "</ol>", "甲", "1", "<br>", "<div hidden>", "</div>",
             "<pre>",
             "<tbody>", "<tfoot>", "<caption>", "<span style='display:none'>", "</span>", "<img>",
             "<select>", "<form>", "<a href=x>", "</a>", "<svg>", "<td rowspan=0>"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_markup_is_read(pieces: list[str]) -> None:
    for grid in grids(read("".join(pieces))):
        for cell in grid.cells:
            assert cell.row >= 0 and cell.row + cell.row_span <= grid.rows
            assert cell.column >= 0 and cell.column + cell.column_span <= grid.columns


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    try:
        assert isinstance(html.blocks(data), Document)
    except CannotRead as fault:
        assert fault.id.startswith("error.")


def test_a_raised_footnote_mark_is_no_digit() -> None:
    document = html.blocks("<table><tr><td>甲</td><td>5<sup>1</sup></td></tr></table>".encode())
    texts = [
        cell.text for block in document.blocks if isinstance(block, Grid) for cell in block.cells
    ]
    assert "5¹" in texts
