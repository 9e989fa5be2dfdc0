"""网页: what a browser, a screen reader and a printer get; and that it reads back."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from gongkai.statute import forms, read, writers
from gongkai.statute.report import AnnualReport, Cell, Leftover, Passage, State
from gongkai.statute.tests import consistent, random_reports
from gongkai.statute.writers import html, paper

MARKUP = "<script>alert(1)</script> & \"甲\" '乙' </td>"


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    """The text of the only element of that kind."""
    (node,) = tree.css(selector)
    return node.text()


def page_of(report: AnnualReport) -> str:
    return writers.write(report, to="html").data.decode()


@pytest.mark.parametrize("edition", forms.editions())
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_report_reads_back(edition: str, data: st.DataObject) -> None:
    made = data.draw(random_reports.reports(edition))
    (back,) = read(html.write(made).data)
    assert random_reports.differences(made, back) == []


def test_reading_back_leaves_nothing_over_and_needs_no_word() -> None:
    for edition in forms.editions():
        (back,) = read(html.write(consistent.report(edition, 4)).data)
        assert (back.leftovers, back.notes) == ((), ())


@pytest.mark.parametrize("edition", forms.editions())
def test_the_page_is_built_as_a_screen_reader_needs_it(edition: str) -> None:
    made = consistent.report(edition, 2)
    tree = LexborHTMLParser(page_of(made))
    root = tree.css_first("html")
    assert root is not None and root.attributes["lang"] == "zh-CN"
    assert [h.text() for h in tree.css("h1")] == [made.title]
    assert text_of(tree, "title") == made.title
    assert [h.text() for h in tree.css("h2")] == [p[0].title for p in made.sections.values()]
    assert [c.text() for c in tree.css("table > caption")] == list(html.CAPTIONS.values())
    for region in tree.css(".wide"):
        (named,) = tree.css(f"#{region.attributes['aria-labelledby']}")
        assert (named.tag, region.attributes["role"]) == ("caption", "region")
        assert region.attributes["tabindex"] == "0"
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("edition", forms.editions())
def test_every_figure_names_its_headers(edition: str) -> None:
    made = consistent.report(edition, 2)
    tree = LexborHTMLParser(page_of(made))
    named = {node.attributes["id"]: node.text() for node in tree.css("th")}
    figures = tree.css("td[headers]")
    form = forms.form(edition)
    assert len(figures) == len(form.addresses)
    for address, figure in zip(form.addresses, figures, strict=True):
        spec = form.specs[address]
        headers = [named[id] for id in (figure.attributes["headers"] or "").split()]
        assert headers.count(spec.column.label) == 1
        assert figure.text() == paper.printed(made.cell(address))
        if spec.table == "remedies":
            assert headers[:-1] == list(spec.column.group)
        else:
            assert headers[-1] == spec.row.label
        if spec.table == "proactive":
            assert headers[0] == spec.block.heading and len(headers) == 3


def test_the_merged_labels_of_table_three_are_among_the_headers() -> None:
    tree = LexborHTMLParser(page_of(consistent.report("2021", 1)))
    named = {node.attributes["id"]: node.text() for node in tree.css("th")}
    at = forms.form("2021").addresses.index("applications.refused_inquiry.business")
    headers = [
        named[id] for id in (tree.css("td[headers]")[at].attributes["headers"] or "").split()
    ]
    assert headers == [
        "申请人情况",
        "法人或其他组织",
        "商业企业",
        "三、本年度办理结果",
        "（三）不予公开",
        "8.属于行政查询事项",
    ]


def test_nothing_comes_from_outside_and_the_policy_allows_only_the_style() -> None:
    text = page_of(consistent.report("2021", 1))
    assert not re.search(r"https?:|src=|href=|url\(|@import|<script|\sstyle=|\son\w+=", text)
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in text and "default-src 'none'" in text


def test_a_long_title_goes_on_between_words_and_reads_back_whole() -> None:
    made = consistent.report("2021", 2)
    (heading,) = re.findall(r"<h1>(.*?)</h1>", page_of(made))
    organ, year = made.organ or "?", made.year
    assert heading == f"{organ}<wbr>{year}年<wbr>政府信息公开工作年度报告"
    (back,) = read(html.write(made).data)
    assert back.title == made.title


def test_markup_in_a_report_stays_text() -> None:
    made = AnnualReport(
        title=f"云水市示例局{MARKUP}报告",
        edition="2021",
        preamble=MARKUP,
        sections={"1": (Passage(f"一、总体情况{MARKUP}", f"（一）{MARKUP}。其余\n{MARKUP}\t末"),)},
        cells={a: Cell(State.UNREADABLE, raw=MARKUP) for a in forms.form("2021").addresses},
    )
    tree = LexborHTMLParser(page_of(made))
    assert tree.css("script") == []
    assert text_of(tree, "h1") == made.title
    assert text_of(tree, "title") == made.title
    assert {td.text() for td in tree.css("td[headers]")} == {MARKUP}
    assert text_of(tree, "pre") == f"{MARKUP}\t末"


def test_cells_stand_as_they_are() -> None:
    states = [
        Cell(State.NUMBER, 0, "0"),
        Cell(State.BLANK),
        Cell(State.DASH, raw="—"),
        Cell(State.NOT_APPLICABLE, raw="不涉及"),
        Cell(State.ABSENT),
    ]
    cells = dict(zip(forms.form("2021").addresses, states, strict=False))
    made = consistent.change(consistent.report("2021", 1), cells)
    shown = [td.text() for td in LexborHTMLParser(page_of(made)).css("td[headers]")]
    assert shown[:5] == ["0", "", "—", "不涉及", ""]


def test_what_the_form_has_no_room_for_is_said() -> None:
    made = replace(consistent.report("2021", 1), leftovers=(Leftover("多出的一行 3"),))
    written = writers.write(made, to="html")
    assert [note.id for note in written.notes] == ["write.leftover"]
    assert "多出的一行" not in written.data.decode()


def test_a_report_without_title_or_edition_invents_neither() -> None:
    made = AnnualReport(organ="云水市示例局", year=2022, sections={"1": (Passage("一、甲", "乙"),)})
    tree = LexborHTMLParser(page_of(made))
    assert (tree.css("h1"), tree.css("table")) == ([], [])
    assert text_of(tree, "title") == "云水市示例局2022年政府信息公开工作年度报告"
