"""报告台实测: files handed in, a figure corrected beside its original, reports added up, workbooks
opened: in a real browser, with scripts and without."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright
from python_calamine import CalamineWorkbook

from gongkai.web.desk.tests import deskwork
from gongkai.web.tests import reports
from gongkai.web.tests.served import Served, serve
from tests.web import browser as real

ROOT = Path(__file__).parents[2]
SUFFIXES = {".txt", ".pdf", ".docx", ".html", ".xlsx"}
SAMPLES = ROOT.parent / "shared" / "samples"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("desk")) as running, worker(running):
        yield running


@contextmanager
def worker(running: Served) -> Iterator[None]:
    """The queue's own process, ended with the module."""
    with (running.home / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gongkai.web.worker"],
            env=running.environ,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def files() -> list[Path]:
    """Every example, and the samples where they are."""
    folders = [ROOT / "examples", *([SAMPLES] if SAMPLES.is_dir() else [])]
    return [p for f in folders for p in sorted(f.rglob("*")) if p.suffix in SUFFIXES]


def done(page: Page) -> None:
    """Waits until everything of the batch has been read."""
    expect(page.get_by_text("已读完")).to_be_visible(timeout=120_000)


def test_all_examples_are_handed_in_at_once(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "supervisor") as one:
        page = one.page
        one.open("/desk/hand-in/")
        given = files()
        assert len(given) >= 10
        page.get_by_label("选择文件").set_input_files(given)
        page.wait_for_url(re.compile(r"/desk/batches/\d+/$"), timeout=120_000)
        done(page)
        rows = page.locator(".papers tbody tr")
        assert rows.count() == len(given)
        assert page.locator(".papers .badge.bad").count() == 0, page.locator("main").inner_text()


def test_files_are_handed_in_without_scripts(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "supervisor", java_script_enabled=False) as one:
        page = one.page
        one.open("/desk/hand-in/")
        broken: FilePayload = {
            "name": "坏的.pdf",
            "mimeType": "application/pdf",
            "buffer": b"%PDF-1.4\nx",
        }
        page.get_by_label("选择文件").set_input_files([broken])
        page.get_by_role("button", name="交来").click()
        page.wait_for_url(re.compile(r"/desk/batches/\d+/$"))
        for _ in range(60):
            if page.get_by_text("已读完").count():
                break
            page.wait_for_timeout(1000)
            page.reload()
        expect(page.locator(".papers .badge.bad")).to_have_text("未能读取")
        assert page.locator(".papers .why").inner_text().strip(), "says why and what to do"


def test_a_report_nobody_knew_is_given_to_its_organ(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open("/desk/unmatched/")
        row = page.get_by_role("row", name=reports.UNKNOWN)
        row.get_by_label("年度").fill("2020")
        organ = row.locator("input.organ")
        organ.press_sequentially("教育", delay=30)
        page.locator(".picks li").filter(has_text="临溪区教育局").click()
        row.get_by_role("button", name="认定").click()
        expect(page.get_by_text("已认定 1 份报告。")).to_be_visible()


@pytest.mark.parametrize("size", [real.SCREEN, real.PHONE], ids=["office", "phone"])
def test_a_figure_and_its_place_light_up_together(
    served: Served, chromium: Browser, size: tuple[int, int]
) -> None:
    with real.watched(chromium, served, "reviewer", size=size) as one:
        page = one.page
        one.open(served.pages["desk_pages"][0])
        if size == real.PHONE:
            page.locator(".switch").get_by_text("读数").click()
        address = "remedies.reconsideration.total"
        figure = page.locator(f'[id="c-{address}"]')
        figure.scroll_into_view_if_needed()
        figure.locator("a").click()
        expect(page.locator(".cell-panel")).to_be_visible()
        if size == real.PHONE:
            page.locator(".switch").get_by_text("原件").click()
        box = page.locator(f'[id="o-{address}"]')
        expect(box).to_have_class(re.compile(r"\blit\b"))
        expect(box).to_be_in_viewport()
        other = page.locator('[id="o-remedies.reconsideration.upheld"]')
        other.click()
        chosen = page.locator('[id="c-remedies.reconsideration.upheld"]')
        expect(chosen).to_have_class(re.compile(r"\bchosen\b"))
        expect(chosen).to_be_in_viewport()
        assert not real.overflow(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_doubtful_figure_is_corrected_and_taken_back(
    served: Served, chromium: Browser, scripts: bool
) -> None:
    with real.watched(chromium, served, "handler", java_script_enabled=scripts) as one:
        page = one.page
        one.open(served.pages["desk:report"][0])
        before = page.locator("#findings .findings > li").count()
        work = page.locator(".work > li")
        expect(work).to_have_count(1)
        read = work.locator(".raw").inner_text()
        number = re.sub(r"\D", "", read)
        work.locator("input[name=typed]").fill("大概")
        work.get_by_role("button", name="更正").click()
        expect(page.get_by_role("alert").get_by_text("“大概”不是确定的数量")).to_be_visible()
        assert page.locator(".work input[name=typed]").input_value() == "大概", "nothing is lost"
        page.locator(".work input[name=typed]").fill(number)
        page.locator(".work input[name=typed]").press("Enter")
        cell = page.locator(f'[id="c-{reports.DOUBTFUL}"]')
        expect(cell.locator("del")).to_have_text(read)
        expect(cell.locator("ins")).to_have_text(number)
        expect(page.locator(".work > li")).to_have_count(0)
        assert page.locator("#findings .findings > li").count() < before, "what is settled is gone"
        page.locator("button[data-undo]").click()
        expect(page.locator(".work > li")).to_have_count(1)


def test_the_work_list_goes_by_keys(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(served.pages["desk:report"][0])
        page.keyboard.press("j")
        expect(page.locator(".work > li")).to_be_focused()
        expect(page.locator("#original .lit")).to_be_in_viewport()
        page.keyboard.press("e")
        expect(page.locator(".work input[name=typed]")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".work > li")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".work > li")).to_have_count(0)
        page.keyboard.press("u")
        expect(page.locator(".work > li")).to_have_count(1)


def test_reports_are_added_up_and_the_workbook_opens(
    served: Served, chromium: Browser, tmp_path: Path
) -> None:
    with real.watched(chromium, served, "supervisor") as one:
        page = one.page
        one.open("/desk/?unit=教育局&year=2023")
        page.get_by_role("row", name="临溪区教育局").get_by_role("checkbox").check()
        page.get_by_role("button", name="汇总").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("汇总")
        page.get_by_label("只加有数的").check()
        page.get_by_label("汇总后的机关名称").fill("临溪区")
        page.locator("main").get_by_role("button", name="汇总").click()
        page.locator("main details.menu").get_by_text("下载").first.click()
        with page.expect_download() as told:
            page.get_by_role("link", name="Excel 工作簿").click()
        target = tmp_path / "rollup.xlsx"
        told.value.save_as(target)
        book = CalamineWorkbook.from_path(target)
        cells = [
            str(c)
            for name in book.sheet_names
            for r in book.get_sheet_by_name(name).to_python()
            for c in r
        ]
        assert any("临溪区" in c for c in cells) and any("教育局" in c for c in cells)


def test_findings_go_back_to_the_unit(served: Served, chromium: Browser, tmp_path: Path) -> None:
    with real.watched(chromium, served, "supervisor") as one:
        page = one.page
        one.open("/desk/?level=error&unit=教育局&year=2023")
        page.get_by_role("row", name="临溪区教育局").get_by_role("checkbox").check()
        with page.expect_download() as told:
            page.get_by_role("button", name="导出检查发现").click()
        target = tmp_path / "findings.xlsx"
        told.value.save_as(target)
        # What becomes a file is told by the browser as a page that was not loaded.
        one.faults = [fault for fault in one.faults if "ERR_ABORTED" not in fault]
        book = CalamineWorkbook.from_path(target)
        rows = book.get_sheet_by_index(0).to_python()
        assert any("临溪区教育局" in [str(c) for c in row] for row in rows)
        assert any("t3.type" in [str(c) for c in row] for row in rows)


def test_a_file_handed_in_before_is_told_of_calmly(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        given: FilePayload = {
            "name": "交两次.html",
            "mimeType": "text/html",
            "buffer": reports.unsure(deskwork.report(year=2022)),
        }
        one.open("/desk/hand-in/")
        page.get_by_label("选择文件").set_input_files([given])
        page.wait_for_url(re.compile(r"/desk/batches/\d+/$"))
        done(page)
        one.open("/desk/hand-in/")
        page.get_by_label("选择文件").set_input_files([given])
        row = page.locator(".sent > li")
        expect(row.locator(".how")).to_have_text("以前交来过")
        assert row.locator(".bad").count() == 0 and not real.overflow(page)
        assert not real.violations(page)
        row.get_by_role("link", name="临溪区教育局 2022").click()
        page.wait_for_url(re.compile(r"/desk/reports/\d+/$"))
        facts = page.locator("#facts")
        expect(facts).to_contain_text("存疑 1")
        page.locator(".work button[value=confirm]").first.click()
        expect(facts).not_to_contain_text("存疑")
        assert page.locator("#facts").count() == 1
