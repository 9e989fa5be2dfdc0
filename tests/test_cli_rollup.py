"""gongkai rollup: coverage on the page, in JSON and in files; exit codes; nothing added unseen."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from rich.cells import cell_len

from gongkai.statute import forms, rollups, texts
from gongkai.statute.readers import json as json_reader
from gongkai.statute.report import AnnualReport, Cell, Doubt, Kind, State
from gongkai.statute.tests import consistent
from gongkai.statute.writers import json as json_writer
from gongkai.statute.writers import rollup_html, rollup_xlsx
from tests.command import Run, in_process

ROOT = Path(__file__).parents[1]
ORGAN = consistent.REGION
RECEIVED = "applications.received.natural_person"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return in_process(monkeypatch, capsys)


@pytest.fixture
def children() -> list[AnnualReport]:
    """Three units whose scope is stated."""
    return [replace(r, kind=Kind.ORGAN) for r in consistent.family()[1]]


def lay(folder: Path, reports: list[AnnualReport], name: str = "reports.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json_writer.dump_line(r, "zh") for r in reports), encoding="utf-8")
    return file


def names(reports: list[AnnualReport]) -> str:
    return ",".join(r.organ or "" for r in reports)


def test_complete_is_0_and_the_json_is_the_totals_with_their_sources(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    file = lay(tmp_path, children)
    code, out, err = run("rollup", file, "--organ", ORGAN, "--units", names(children), "--json")
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    found = json.loads(line)
    assert found["schema"] == "gongkai.report/1"
    assert (found["organ"], found["kind"], found["year"]) == (ORGAN, "region", 2022)
    cell = found["cells"][RECEIVED]
    assert cell["of"] == 3 and cell["without"] == []
    assert cell["from"] == [{"organ": r.organ, "value": r.cells[RECEIVED].value} for r in children]
    assert cell["value"] == sum(one["value"] for one in cell["from"])
    assert found["rollup"]["complete"] is True
    (total,) = json_reader.reports(out.encode())
    assert total.cells[RECEIVED].value == cell["value"]


def test_a_missing_unit_is_1_named_and_every_total_empty(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    file = lay(tmp_path, children[:2])
    asked = ("rollup", file, "--organ", ORGAN, "--units", names(children))
    code, out, _ = run(*asked)
    missing = children[2].organ or ""
    assert code == 1
    assert "应报 3 个，有报告 2 个" in out and f"没有报告 1 个：{missing}" in out
    assert "[2/3]" in out
    assert all(cell_len(line) <= 100 for line in out.splitlines())
    code, out, _ = run(*asked, "--json")
    found = json.loads(out)
    assert {c["state"] for c in found["cells"].values()} == {"blank"}
    assert found["cells"][RECEIVED]["without"] == [{"organ": missing, "state": "missing_report"}]
    assert found["rollup"]["missing"] == [missing]


def test_a_part_sum_stays_1_and_says_what_it_is(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    file = lay(tmp_path, children[:2])
    code, out, _ = run("rollup", file, "--organ", ORGAN, "--units", names(children), "--partial")
    part = sum(int(r.cells[RECEIVED].value or 0) for r in children[:2])
    assert code == 1
    row = next(line for line in out.splitlines() if line.startswith("  一、本年新收"))
    assert row.split()[1] == str(part) and row.split()[-1] == "[2/3]"
    assert "部分合计" in out


def test_totals_of_fewer_units_than_their_row_are_marked(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    blank = replace(children[1], cells={**children[1].cells, RECEIVED: Cell(State.BLANK)})
    file = lay(tmp_path, [children[0], blank])
    asked = ("rollup", file, "--organ", ORGAN, "--units", names(children), "--partial")
    for lang, start in (("zh", "  一、本年新收"), ("en", "  1 received")):
        _, out, _ = run(*asked, "--lang", lang)
        row = next(line for line in out.splitlines() if line.startswith(start)).split()
        assert row[-1] == "[1–2/3]"
        assert [c.endswith("*") for c in row[-8:-1]] == [True] + [False] * 6
    _, out, _ = run(*asked[:-1], "--lang", "zh")  # 没有 --partial：没有合计的格画一横
    row = next(line for line in out.splitlines() if line.startswith("  一、本年新收")).split()
    assert row[1:] == ["–*", *["–"] * 6, "[1–2/3]"]


def test_who_was_left_out_is_said_where_nothing_is_left(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    code, out, err = run("rollup", lay(tmp_path, children), "--organ", ORGAN, "--kind", "region")
    assert (code, out) == (1, "")
    assert err.startswith("没有汇总：")
    assert all(any(r.organ in line for line in err.splitlines()[1:]) for r in children if r.organ)


def test_who_lacks_what_is_named_by_row_and_column(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    children[1] = consistent.change(children[1], {RECEIVED: consistent.blank()})
    code, out, _ = run("rollup", lay(tmp_path, children), "--organ", ORGAN)
    assert code == 1
    told = "".join(line.strip() for line in out.partition("谁缺什么")[2].splitlines())
    assert (
        f"{children[1].organ}：空白 1 格（表三 一、本年新收政府信息公开申请数量 / 自然人）" in told
    )


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_what_cannot_be_added_is_1_with_every_cause(
    run: Run, tmp_path: Path, children: list[AnnualReport], extra: list[str]
) -> None:
    twice = consistent.add(children[0], {RECEIVED: 1})
    old = replace(children[1], year=2021)
    file = lay(tmp_path, [*children, twice, old])
    code, out, err = run("rollup", file, "--organ", ORGAN, *extra)
    assert code == 1
    assert len(err.splitlines()) == 2 and all(x.startswith("没有汇总：") for x in err.splitlines())
    ids = [json.loads(line)["error"]["id"] for line in out.splitlines()]
    assert ids == (["rollup.twice", "rollup.years"] if extra else [])


def test_scope_year_and_edition_are_followed(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    region = replace(children[0], organ="云水市白云区人民政府", kind=Kind.REGION)
    file = lay(tmp_path, [*children, region, replace(children[1], year=2021)])
    asked = ("rollup", file, "--organ", ORGAN, "--year", 2022)
    code, _, err = run(*asked)
    assert code == 1 and "云水市白云区人民政府" in err
    code, out, _ = run(*asked, "--kind", "organ", "--json")
    assert code == 0
    assert [a["id"] for a in json.loads(out)["rollup"]["aside"]] == [
        "rollup.other_kind",
        "rollup.other_year",
    ]
    assert run(*asked, "--kind", "both")[0] == 0
    old = replace(consistent.report("2019", organ=children[1].organ or "", year=2022))
    file = lay(tmp_path, [children[0], old])
    assert run("rollup", file, "--organ", ORGAN)[0] == 1
    code, out, _ = run("rollup", file, "--organ", ORGAN, "--mixed", "--edition", "2019", "--json")
    found = json.loads(out)
    assert found["edition"] == "2019"
    assert found["cells"]["applications.other.total"]["state"] == "number"


def test_a_list_in_gbk_beside_the_reports_is_no_report(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    for number, report in enumerate(children):
        lay(tmp_path, [report], f"{number}.json")
    listed = tmp_path / "units.txt"
    listed.write_bytes(("应报单位名单\r\n" + names(children).replace(",", "\r\n")).encode("gbk"))
    code, _, err = run("rollup", tmp_path, "--organ", ORGAN, "--units", listed)
    assert (code, err) == (0, "")


def test_a_file_that_cannot_be_read_is_3_named_and_counts_as_missing(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    bad = tmp_path / "残缺.docx"
    bad.write_bytes(b"PK\x03\x04 broken")
    code, out, err = run("rollup", lay(tmp_path, children), bad, "--organ", ORGAN)
    assert code == 3
    assert err.count("残缺.docx") == 1
    assert "有报告 3 个" in out.replace("读到报告", "有报告") and "残缺.docx" in out
    assert "[3/4]" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "缺少 --organ。"),
        (["--organ", ""], "--organ 后面要写机关名称。"),
        (["--organ", ORGAN, "--kind", "county"], "--kind 只能写 organ"),
        (["--organ", ORGAN, "--edition", "2007"], "--edition 只能写 2019、2021。"),
        (["--organ", ORGAN, "-o", "汇总.doc"], "-o 写成的文件可以是 .html、.xlsx、.json"),
        (["--organ", ORGAN, "--units", "nowhere/units.txt"], "--units 没有文件"),
        (["--organ", ORGAN, "--year", "去年"], "--year 要写一个整数。"),
    ],
)
def test_wrong_usage_is_2_and_one_sentence(
    run: Run, tmp_path: Path, children: list[AnnualReport], arguments: list[str], said: str
) -> None:
    code, out, err = run("rollup", lay(tmp_path, children), *arguments)
    assert (code, out) == (2, "")
    assert err.splitlines()[0].startswith(said)


def test_a_file_to_be_read_is_never_written_over(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    file = lay(tmp_path, children, "reports.json")
    before = file.read_bytes()
    assert run("rollup", file, "--organ", ORGAN, "-o", file)[0] == 2
    assert file.read_bytes() == before


def test_it_speaks_english(run: Run, tmp_path: Path, children: list[AnnualReport]) -> None:
    file = lay(tmp_path, children)
    code, out, _ = run("rollup", file, "--organ", ORGAN, "--lang", "en")
    assert code == 0
    rest = out
    for name in (ORGAN, *(r.organ or "" for r in children)):
        rest = rest.replace(name, "")
    assert not re.search(r"[一-鿿]", rest.replace("万元", ""))


def test_the_examples_roll_up(run: Run) -> None:
    folder = ROOT / "examples" / "qingshi_2023"
    code, out, err = run(
        "rollup", folder, "--organ", ORGAN, "--units", folder / "units.list", "--json"
    )
    assert (code, err) == (1, "")
    told = json.loads(out)["rollup"]
    assert len(told["missing"]) == 1 and len(told["units"]) == 5


# -- files


def written(run: Run, tmp_path: Path, reports: list[AnnualReport], suffix: str, *more: str) -> Path:
    out = tmp_path / f"out{suffix}"
    _, _, err = run("rollup", lay(tmp_path, reports), "--organ", ORGAN, "-o", out, *more)
    assert err == f"已写入 {out}\n"
    return out


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_holds_every_unit_and_its_totals(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    found = sheets(written(run, tmp_path, children, ".xlsx").read_bytes())
    assert list(found) == ["汇总", "各单位", "报送情况", "说明"]
    head, *rows = found["各单位"]
    assert head[5:] == [*(r.organ for r in children), "地址"]
    assert [row[-1] for row in rows] == list(forms.form("2021").addresses)
    for row in rows:
        values = [float(r.cells[row[-1]].value or 0) for r in children]
        assert row[5:-1] == pytest.approx(values)
        assert row[3] == pytest.approx(sum(values)) and row[4] == 3


def test_a_workbook_of_lacking_units_says_empty_and_why(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    children[1] = consistent.change(children[1], {RECEIVED: consistent.blank()})
    found = sheets(written(run, tmp_path, children, ".xlsx").read_bytes())
    (row,) = [r for r in found["各单位"] if r[-1] == RECEIVED]
    assert row[3:5] == ["", 2] and row[6] == "空白"
    received = next(r for r in found["汇总"] if str(r[0]).startswith("一、本年新收"))
    assert received[1] == "留空 2/3" and received[8] == "2–3/3"


def test_a_part_sum_is_a_number_with_its_share_behind_the_row(children: list[AnnualReport]) -> None:
    lacking = consistent.change(children[1], {RECEIVED: consistent.blank()})
    reports = [children[0], lacking]
    expected = [r.organ or "" for r in children]
    rolled = rollups.rollup(reports, organ=ORGAN, units=expected, partial=True)
    data = rollup_xlsx.workbook(rolled, "zh")
    received = next(r for r in sheets(data)["汇总"] if str(r[0]).startswith("一、本年新收"))
    assert received[1] == children[0].cells[RECEIVED].value
    assert all(isinstance(value, float) for value in received[1:8])
    assert received[8] == "1–2/3"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        said = book.read("xl/comments1.xml").decode()
    assert "部分合计：3 个单位中只有 1 个有数" in said
    assert said.count("<comment ") == 200


def test_a_whole_row_has_no_share_behind_it(children: list[AnnualReport]) -> None:
    found = sheets(rollup_xlsx.workbook(rollups.rollup(children, organ=ORGAN), "zh"))
    assert {str(row[8]).strip() for row in found["汇总"][2:] if row[8] != "有数"} == {""}


def test_a_doubtful_figure_is_marked_in_the_workbook_too(children: list[AnnualReport]) -> None:
    doubt = Doubt("doubt.low_confidence", texts.same("示例原因"))
    held = replace(children[1].cells[RECEIVED], doubt=doubt)
    children[1] = replace(children[1], cells={**children[1].cells, RECEIVED: held})
    data = rollup_xlsx.workbook(rollups.rollup(children, organ=ORGAN), "zh")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        notes = [book.read(n).decode() for n in book.namelist() if n.startswith("xl/comments")]
    assert len(notes) == 2  # at the total and at the unit's figure
    assert all(
        (children[1].organ or "?") in note and note.count("<comment ") == 1 for note in notes
    )
    assert b"xl/comments" not in rollup_xlsx.workbook(
        rollups.rollup(children[:1], organ=ORGAN), "zh"
    )


def test_a_figure_too_long_for_a_spreadsheet_keeps_all_its_digits(
    children: list[AnnualReport],
) -> None:
    huge = 987_654_321_012_345_678
    children[0] = consistent.change(children[0], {RECEIVED: Cell(State.NUMBER, huge, str(huge))})
    rolled = rollups.rollup(children, organ=ORGAN)
    found = sheets(rollup_xlsx.workbook(rolled, "zh"))
    (row,) = [r for r in found["各单位"] if r[-1] == RECEIVED]
    assert row[5] == str(huge) and row[3] == str(rolled.sums[RECEIVED].value) and row[4] == 3
    received = next(r for r in found["汇总"] if str(r[0]).startswith("一、本年新收"))
    assert received[1] == str(rolled.sums[RECEIVED].value)


def test_whole_amounts_of_money_show_no_bare_point(children: list[AnnualReport]) -> None:
    with zipfile.ZipFile(
        io.BytesIO(rollup_xlsx.workbook(rollups.rollup(children, organ=ORGAN), "zh"))
    ) as book:
        assert "0.######" not in book.read("xl/styles.xml").decode()


def test_a_name_that_looks_like_a_formula_stays_text(children: list[AnnualReport]) -> None:
    one = replace(children[0], organ="=1+1", organ_names=(), file="=cmd")
    rolled = rollups.rollup([one], organ="=2+2")
    found = sheets(rollup_xlsx.workbook(rolled, "zh"))
    assert found["各单位"][0][5] == "=1+1"
    assert found["报送情况"][1][:2] == ["=1+1", "=cmd"]
    assert found["汇总"][0][0].startswith("=2+2")
    assert (
        "<b>" not in rollup_html.page(replace(rolled, organ="<b>x"), "zh").partition("<h1>")[2][:9]
    )


def test_the_same_roll_up_is_the_same_workbook(children: list[AnnualReport]) -> None:
    rolled = rollups.rollup(children, organ=ORGAN)
    assert rollup_xlsx.workbook(rolled, "zh") == rollup_xlsx.workbook(rolled, "zh")


class Tables(HTMLParser):
    """Every table of a page: its caption, its cells without a scope, its rows' widths."""

    def __init__(self) -> None:
        super().__init__()
        self.captions = 0
        self.tables = 0
        self.bare: list[str] = []
        self.regions: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.captions += tag == "caption"
        self.tables += tag == "table"
        if tag == "th" and given.get("scope") not in ("col", "row", "rowgroup"):
            self.bare.append(str(attrs))
        if given.get("role") == "region":
            self.regions.append(given.get("aria-label"))


def tables(page: str) -> Tables:
    found = Tables()
    found.feed(page)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_one_file_of_named_tables(children: list[AnnualReport], lang: Any) -> None:
    children[0] = consistent.change(children[0], {RECEIVED: consistent.blank()})
    page = rollup_html.page(rollups.rollup(children, organ=ORGAN), lang)
    found = tables(page)
    assert found.tables == found.captions == len(found.regions) > 5
    assert found.bare == [] and all(found.regions)
    assert not re.search(r"<(?:script|link|img)|https?:|url\(", page)
    assert ("留空 2/3" if lang == "zh" else "empty 2/3") in page
    assert (children[0].organ or "?") in page


def test_the_heading_of_the_page_goes_on_between_words(children: list[AnnualReport]) -> None:
    page = rollup_html.page(rollups.rollup(children, organ=ORGAN), "zh")
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert heading.startswith(f"{ORGAN} <wbr>2022\xa0年度<wbr>政府信息公开")


def test_the_page_of_a_complete_roll_up_says_so(children: list[AnnualReport]) -> None:
    listed = [r.organ or "" for r in children]
    whole = rollup_html.page(rollups.rollup(children, organ=ORGAN, units=listed), "zh")
    assert "<b>齐全</b>应报 3 个单位，每一格都有数。" in whole
    assert "留空" not in whole and "部分" not in whole.replace("部分公开", "")
