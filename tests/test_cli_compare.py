"""gongkai compare: figures and wording on the page, in JSON, in files; differences are no fault."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from rich.cells import cell_len

from gongkai.statute import comparisons, forms
from gongkai.statute.comparisons import Reuse
from gongkai.statute.report import AnnualReport, Passage
from gongkai.statute.tests import consistent
from gongkai.statute.writers import compare_html, compare_xlsx
from gongkai.statute.writers import json as json_writer
from tests.command import Run, in_process

KEYS = ["address", "a", "b", "change", "percent", "comparable", "why"]
RECEIVED = "applications.received.natural_person"
SENTENCE = "会同街坊，由承办科室梳理旧档标题，让人一看就懂。"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return in_process(monkeypatch, capsys)


@pytest.fixture
def pair() -> tuple[AnnualReport, AnnualReport]:
    """Two years of one organ with a sentence taken over and one with other figures."""
    last, this = consistent.pair()
    old = f"{SENTENCE}全年公开信息 98 条，比上年多 3 条。"
    new = f"{SENTENCE}全年公开信息 120 条，比上年多 15 条。本年第一次试行街坊讲堂。"
    return (
        replace(last, sections={"1": (Passage("一、总体情况", old),)}),
        replace(this, sections={"1": (Passage("一、总体情况", new),)}),
    )


def lay(folder: Path, *reports: AnnualReport, name: str) -> Path:
    file = folder / name
    file.write_text("".join(json_writer.dump_line(r, "zh") for r in reports), encoding="utf-8")
    return file


def both(folder: Path, pair: tuple[AnnualReport, AnnualReport]) -> tuple[Path, Path]:
    return lay(folder, pair[0], name="a.json"), lay(folder, pair[1], name="b.json")


def test_every_cell_with_exactly_these_keys(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport]
) -> None:
    code, out, err = run("compare", *both(tmp_path, pair), "--json")
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    found = json.loads(line)
    assert found["schema"] == "gongkai.compare/1"
    assert [list(cell) for cell in found["cells"]] == [KEYS] * 200
    assert [c["address"] for c in found["cells"]] == list(forms.form("2021").addresses)
    (one,) = [c for c in found["cells"] if c["address"] == RECEIVED]
    a, b = (int(r.cells[RECEIVED].value or 0) for r in pair)
    assert (one["a"], one["b"], one["change"]) == (a, b, b - a)
    assert Decimal(one["percent"]) == (Decimal(100 * (b - a)) / a).quantize(Decimal("0.1"))
    (fees,) = [c for c in found["cells"] if c["address"] == "proactive.fees.amount"]
    assert isinstance(fees["a"], str) and isinstance(fees["change"], str)


def test_the_sentences_of_the_json_are_the_text_itself(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport]
) -> None:
    _, out, _ = run("compare", *both(tmp_path, pair), "--json")
    (section,) = json.loads(out)["sections"]
    text = pair[1].sections["1"][0].text
    assert [text[s["start"] : s["end"]] for s in section["sentences"]] == [
        s["text"] for s in section["sentences"]
    ]
    assert [s["reuse"] for s in section["sentences"]] == ["verbatim", "figures", "new"]
    assert section["sentences"][1]["original"] == "全年公开信息 98 条，比上年多 3 条"


def test_the_page_fits_and_shows_what_changed(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport]
) -> None:
    code, out, _ = run("compare", *both(tmp_path, pair))
    assert code == 0
    assert all(cell_len(line) <= 100 for line in out.splitlines())
    a, b = (int(r.cells[RECEIVED].value or 0) for r in pair)
    block = out.partition("一、本年新收政府信息公开申请数量")[2].splitlines()[1]
    assert block.split()[:4] == ["自然人", str(a), str(b), f"{b - a:+}".replace("-", "−")]
    assert f"  同  {SENTENCE}" in out
    assert "  数  全年公开信息 120 条" in out


def test_two_editions_say_what_cannot_be_compared(run: Run, tmp_path: Path) -> None:
    old = lay(tmp_path, consistent.report("2019"), name="a.json")
    new = lay(tmp_path, consistent.report("2021"), name="b.json")
    code, out, _ = run("compare", old, new)
    assert code == 0
    assert "不能比较的单元格" in out and "2019 年版这里只有一行" in out


def test_several_reports_in_a_file_are_paired_by_organ(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport]
) -> None:
    other = replace(pair[0], organ="云水市青石区另一示例局")
    many = lay(tmp_path, other, pair[0], name="many.jsonl")
    one = lay(tmp_path, pair[1], name="one.json")
    code, out, _ = run("compare", many, one, "--json")
    assert code == 0 and json.loads(out)["a"]["organ"] == pair[1].organ
    code, out, err = run("compare", many, many)
    assert (code, out) == (2, "") and "有几份报告" in err


def test_what_cannot_be_read_is_3(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport]
) -> None:
    code, out, err = run("compare", tmp_path / "none.docx", both(tmp_path, pair)[1])
    assert (code, out) == (3, "") and "没有这个文件" in err


def test_it_speaks_english(run: Run, tmp_path: Path) -> None:
    last, this = (replace(r, sections={}, organ="A", title=None) for r in consistent.pair())
    files = both(tmp_path, (replace(last, file="a"), replace(this, file="b")))
    _, out, _ = run("compare", *files, "--lang", "en")
    assert not re.search(r"[一-鿿]", out)


# -- files


def test_the_marked_text_is_the_text(pair: tuple[AnnualReport, AnnualReport]) -> None:
    found = comparisons.compare(*pair)
    page = compare_html.page(found, "zh")
    (prose,) = re.findall(r'<p class="prose"[^>]*>(.*?)</p>', page, re.S)
    bare = unescape(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", prose))
    assert bare == pair[1].sections["1"][0].text
    marks = re.findall(r'<mark class="(\w+)"(?: title="([^"]*)")?><sup>(.)</sup>([^<]*)', prose)
    assert [(kind, sign) for kind, _, sign, _ in marks] == [("verbatim", "同"), ("figures", "数")]
    assert marks[1][1] == "甲：全年公开信息 98 条，比上年多 3 条"
    assert len(re.findall(r"<table", page)) == len(re.findall(r"<caption>", page)) == 4
    assert not re.search(r"<th(?![^>]*scope=)[ >]", page)
    assert not re.search(r"<(?:script|link|img)|https?:|url\(", page)


def test_text_of_a_report_is_no_markup() -> None:
    report = consistent.report()
    evil = '<script>alert("x")</script>这句话里有标记和引号“”。'
    told = replace(report, organ="<i>局", sections={"1": (Passage("<b>一", evil),)})
    page = compare_html.page(comparisons.compare(told, told), "zh")
    assert "<script" not in page and "<i>" not in page and "<b>一" not in page
    assert "&lt;script&gt;" in page


def test_the_workbook_has_figures_with_formulas_and_every_sentence(
    pair: tuple[AnnualReport, AnnualReport],
) -> None:
    found = comparisons.compare(*pair)
    book = CalamineWorkbook.from_filelike(io.BytesIO(compare_xlsx.workbook(found, "zh")))
    assert book.sheet_names == ["概况", "数字", "文字"]
    head, *rows = book.get_sheet_by_name("数字").to_python()
    assert len(rows) == len(found.changes) == 200
    for row, one in zip(rows, found.changes, strict=True):
        told = dict(zip(head, row, strict=True))
        assert told["地址"] == one.address
        assert [told["甲"], told["乙"]] == pytest.approx([float(one.a or 0), float(one.b or 0)])
        assert told["增减"] == pytest.approx(float(one.change or 0))
        assert told["增减 %"] == ("" if one.percent is None else pytest.approx(float(one.percent)))
    sentences = book.get_sheet_by_name("文字").to_python()[1:]
    assert [row[2] for row in sentences] == [
        compare_html.REUSE[r].zh for r in (Reuse.VERBATIM, Reuse.FIGURES, Reuse.NEW)
    ]


def test_long_figures_keep_all_their_digits_and_their_exact_difference() -> None:
    one = consistent.report()
    huge = 987_654_321_012_345_678
    found = comparisons.compare(one, consistent.change(one, {RECEIVED: huge}))
    (change,) = [c.change for c in found.changes if c.address == RECEIVED]
    book = CalamineWorkbook.from_filelike(io.BytesIO(compare_xlsx.workbook(found, "zh")))
    head, *rows = book.get_sheet_by_name("数字").to_python()
    told = next(d for row in rows if (d := dict(zip(head, row, strict=True)))["地址"] == RECEIVED)
    assert (told["乙"], told["增减"]) == (str(huge), f"+{change}")


def test_figures_that_cannot_be_compared_are_on_the_page_all_the_same() -> None:
    old, new = consistent.report("2019"), consistent.report("2021")
    old = consistent.change(old, {"proactive.procurement.amount": Decimal("4.339")})
    page = compare_html.page(comparisons.compare(old, new), "zh")
    apart = page.partition("<h2>不能比较的单元格</h2>")[2].partition("<h2>")[0]
    assert "4.339" in apart and "政府集中采购" in apart
    assert "增减" not in apart


@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".json"])
def test_each_kind_of_file_is_written(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport], suffix: str
) -> None:
    out = tmp_path / f"对比{suffix}"
    code, _, err = run("compare", *both(tmp_path, pair), "-o", out)
    assert (code, err) == (0, f"已写入 {out}\n")
    begins: dict[str, Any] = {".html": b"<!DOCTYPE html>", ".xlsx": b"PK", ".json": b"{"}
    assert out.read_bytes().startswith(begins[suffix])


def test_a_folder_is_made_and_a_file_in_its_way_is_3(
    run: Run, tmp_path: Path, pair: tuple[AnnualReport, AnnualReport]
) -> None:
    out = tmp_path / "甲" / "乙" / "x.html"
    code, _, err = run("compare", *both(tmp_path, pair), "-o", out)
    assert (code, err) == (0, f"已写入 {out}\n") and out.stat().st_size > 1000
    assert [p.name for p in out.parent.iterdir()] == ["x.html"]
    code, _, err = run("compare", *both(tmp_path, pair), "-o", out / "y.html")
    assert code == 3 and "没有写成" in err
