"""汇总页、对比页: what they say, how they name things, and that they are no reports."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.statute import comparisons, notes, read, rollups
from gongkai.statute.report import AnnualReport, CannotRead, Kind
from gongkai.statute.tests import consistent
from gongkai.statute.writers import compare_html, compare_xlsx, rollup_html, rollup_xlsx
from gongkai.statute.writers import json as json_writer
from tests.command import Run, in_process

ORGAN = consistent.REGION
RECEIVED = "applications.received.natural_person"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return in_process(monkeypatch, capsys, 110)


@pytest.fixture
def children() -> list[AnnualReport]:
    """Three units whose scope is stated."""
    return [replace(r, kind=Kind.ORGAN) for r in consistent.family()[1]]


def lay(folder: Path, reports: list[AnnualReport], name: str = "reports.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json_writer.dump_line(r, "zh") for r in reports), encoding="utf-8")
    return file


# -- not read as reports


@pytest.mark.parametrize("suffix", [".html", ".xlsx"])
def test_a_roll_up_is_no_report_to_any_command(
    run: Run, tmp_path: Path, children: list[AnnualReport], suffix: str
) -> None:
    out = tmp_path / f"汇总{suffix}"
    assert run("rollup", lay(tmp_path, children), "--organ", ORGAN, "-o", out)[0] == 0
    with pytest.raises(CannotRead) as wrong:
        read(out.read_bytes(), name=out.name)
    assert wrong.value.id == "error.rollup_page"
    for command in (["read", out], ["check", out], ["rollup", out, "--organ", ORGAN]):
        code, _, err = run(*command)
        assert code == 3 and notes.ERRORS["error.rollup_page"].zh in err


@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".json"])
def test_a_comparison_is_no_report(
    run: Run, tmp_path: Path, children: list[AnnualReport], suffix: str
) -> None:
    a, b = (lay(tmp_path, [r], f"{n}.json") for n, r in zip("ab", children, strict=False))
    out = tmp_path / f"对比{suffix}"
    assert run("compare", a, b, "-o", out)[0] == 0
    code, _, err = run("read", out)
    assert code == 3 and notes.ERRORS["error.comparison"].zh in err


def test_the_json_of_a_roll_up_is_read_under_the_name_of_its_file(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    out = tmp_path / "汇总.json"
    run("rollup", lay(tmp_path, children), "--organ", ORGAN, "-o", out)
    assert read(out.read_bytes(), name="汇总.json")[0].file == "汇总.json"
    code, told, _ = run("read", out)
    assert code == 0 and "汇总.json" in told
    assert json.loads(run("read", out, "--json")[1])["file"].endswith("汇总.json")
    assert "汇总.json" in run("compare", out, out)[1]


# -- what the pages say


def test_rows_stand_under_their_headings_as_in_the_form(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    _, out, _ = run("rollup", lay(tmp_path, children), "--organ", ORGAN)
    depths = {
        label: len(line) - len(line.lstrip())
        for line in out.splitlines()
        for label in ("三、本年度", "（一）予以公开", "（三）不予公开", "1.属于国家秘密")
        if line.strip().startswith(label)
    }
    top = depths["三、本年度"]
    assert depths["（一）予以公开"] == depths["（三）不予公开"] == top + 2
    assert depths["1.属于国家秘密"] == top + 4
    page = rollup_html.page(rollups.rollup(children, organ=ORGAN), "zh")
    looks = dict(re.findall(r'<th scope="row(?:group)?"[^>]*?class="(sub\d)">([^<]+)</th>', page))
    named = {name: look for look, name in re.findall(r'class="(sub\d)">([^<]+)</th>', page)}
    assert looks
    assert named["（一）予以公开"] == named["（三）不予公开"] == "sub1"
    assert named["1.属于国家秘密"] == "sub2"
    assert "三、本年度办理结果" not in named


def test_units_without_a_report_are_named_at_the_top(children: list[AnnualReport]) -> None:
    expected = [children[0].organ or "", "甲所", "乙所", "丙所", "丁所"]
    one = rollups.rollup(children[:1], organ=ORGAN, units=expected[:3])
    assert "3 个单位中 2 个没有报告：甲所、乙所。" in rollup_html.page(one, "zh")
    four = rollups.rollup(children[:1], organ=ORGAN, units=expected)
    assert "5 个单位中 4 个没有报告：甲所、乙所、丙所等 4 个。" in rollup_html.page(four, "zh")
    assert "have no report: 甲所, 乙所, 丙所 and 1 more." in rollup_html.page(four, "en")


def test_a_roll_up_that_lacks_something_says_partial_once(children: list[AnnualReport]) -> None:
    expected = [r.organ or "" for r in children]
    rolled = rollups.rollup(children[:2], organ=ORGAN, units=expected)
    page = rollup_html.page(rolled, "zh")
    assert page.count("--partial") == 1
    assert "没有全部给出数" not in page and "至少有一个没有数" in page
    partial = rollups.rollup(children[:2], organ=ORGAN, units=expected, partial=True)
    assert "--partial" not in rollup_html.page(partial, "zh")
    whole = rollups.rollup(children, organ=ORGAN)
    assert "--partial" not in rollup_html.page(whole, "zh")


def test_many_units_are_told_where_the_sources_are(children: list[AnnualReport]) -> None:
    many = [
        replace(children[0], organ=f"云水市青石区示例{n}所", organ_names=(), file=f"{n}.txt")
        for n in range(61)
    ]
    page = rollup_html.page(rollups.rollup(many, organ=ORGAN), "zh")
    assert "加 -o 汇总.xlsx 可得逐格来源" in page and "同时写出" not in page


def test_a_year_nobody_reported_of_names_the_years_there_are(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    reports = [children[0], children[1], replace(children[2], year=2023)]
    for more in ([], ["--units", children[0].organ]):
        file = lay(tmp_path, reports)
        code, _, err = run("rollup", file, "--organ", ORGAN, "--year", 2031, *more)
        assert code == 1
        assert "没有 2031 年度的报告；给出的是 2022 年度 2 份、2023 年度 1 份" in err


def test_pages_handed_on_name_files_without_their_folders(children: list[AnnualReport]) -> None:
    far = [replace(r, file=f"/srv/示例/{n}/年报.docx") for n, r in enumerate(children)]
    far.append(replace(far[0], file="/srv/示例/9/重复.docx"))
    nameless = replace(far[2], organ=None, organ_names=(), file="/srv/示例/无名.docx")
    rolled = rollups.rollup(
        [*far[:2], far[3], nameless], organ=ORGAN, unread=["/srv/示例/坏.pdf"], partial=True
    )
    page = rollup_html.page(rolled, "zh")
    assert "/srv/" not in page
    assert all(name in page for name in ("年报.docx", "重复.docx", "无名.docx", "坏.pdf"))
    assert b"/srv/" not in b"".join(_parts(rollup_xlsx.workbook(rolled, "zh")))
    found = comparisons.compare(far[0], far[1])
    assert "/srv/" not in compare_html.page(found, "zh") and "年报.docx" in compare_html.page(
        found, "zh"
    )
    assert b"/srv/" not in b"".join(_parts(compare_xlsx.workbook(found, "zh")))


def _parts(data: bytes) -> list[bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def test_two_files_of_one_name_stay_two_units(children: list[AnnualReport]) -> None:
    unread = ["甲/年报.pdf", "乙/年报.pdf"]
    rolled = rollups.rollup(children, organ=ORGAN, unread=unread, partial=True)
    page = rollup_html.page(rolled, "zh")
    assert all(name in page for name in unread)


# -- compare


def test_a_row_out_of_its_table_is_named_with_its_heading(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    a, b = (lay(tmp_path, [r], f"{n}.json") for n, r in zip("ab", children, strict=False))
    _, out, _ = run("compare", a, b)
    found = comparisons.compare(children[0], children[1])
    page = compare_html.page(found, "zh")
    for told in (out, page):
        assert "（五）不予处理·2.重复申请" in told
        assert not re.search(r"(?:^|>)\s*2\.重复申请", told, re.MULTILINE)
        assert "三、本年度办理结果·" not in told
    assert "3.5.2 unprocessed repeated" in compare_html.page(found, "en")


def test_the_columns_of_each_table_are_called_what_they_are(children: list[AnnualReport]) -> None:
    found = comparisons.compare(children[0], children[1])
    heads = re.findall(
        r"<thead><tr><th[^>]*>项目</th><th[^>]*>([^<]+)</th>", compare_html.page(found, "zh")
    )
    assert heads == ["数量", "申请人", "结果"]


# -- names that are nearly those of the list


def test_a_remark_in_brackets_is_no_part_of_a_name(children: list[AnnualReport]) -> None:
    one = replace(children[0], organ="云水市青石区审计局", organ_names=())
    for listed in ("云水市青石区审计局（牵头）", "审计局(牵头)", "青石区审计局（含下属中心）"):
        rolled = rollups.rollup([one], organ=ORGAN, units=[listed])
        assert (rolled.missing, rolled.aside) == ((), ())


def test_a_remark_that_tells_two_units_apart_does_so(children: list[AnnualReport]) -> None:
    one = replace(children[0], organ="云水市青石区审计局", organ_names=())
    listed = ["云水市青石区审计局（东区）", "云水市青石区审计局（西区）"]
    rolled = rollups.rollup([one], organ=ORGAN, units=listed)
    assert list(rolled.missing) == listed


def test_an_abbreviation_is_asked_about_and_not_decided(
    run: Run, tmp_path: Path, children: list[AnnualReport]
) -> None:
    one = replace(children[0], organ="云水市青石区文化和旅游局", organ_names=())
    two = replace(children[1], organ="云水市青石区水务局", organ_names=())
    file = lay(tmp_path, [one, two])
    units = "云水市青石区文旅局,云水市青石区水务局"
    code, out, _ = run("rollup", file, "--organ", ORGAN, "--units", units)
    joined = "".join(out.split())
    asked = "名单上的“云水市青石区文旅局”是不是“云水市青石区文化和旅游局”？"
    assert code == 1 and joined.index(asked) < joined.index("表二")
    rolled = rollups.rollup([one, two], organ=ORGAN, units=units.split(","))
    assert rolled.missing == ("云水市青石区文旅局",)
    assert [a.organ for a in rolled.aside] == [one.organ]


@pytest.mark.parametrize("organ", ["云水市青石区财政局", "云水市白石区文化和旅游局"])
def test_names_that_are_not_alike_are_not_asked_about(
    children: list[AnnualReport], organ: str
) -> None:
    one = replace(children[0], organ=organ, organ_names=())
    rolled = rollups.rollup([one], organ=ORGAN, units=["云水市青石区文旅局"])
    assert "rollup.perhaps" not in [note.id for note in rolled.notes]
