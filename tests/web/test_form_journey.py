"""长表单实测: kept while it is typed, found again in another browser, given up at will."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from gongkai.web.tests.served import Served, serve
from tests.web import browser as real

FORM = "/organs/LX-CG-01/particulars/draft/"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("forms")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def test_a_long_form_is_there_again_after_the_browser_was_closed(
    served: Served, chromium: Browser
) -> None:
    with real.watched(chromium, served, "stationed") as one:
        one.open(FORM)
        one.page.get_by_label("办公地址").fill("临溪区示例路 1 号")
        expect(one.page.get_by_text("已自动保存")).to_be_visible()
    with real.watched(chromium, served, "stationed") as one:
        one.open(FORM)
        expect(one.page.get_by_label("办公地址")).to_have_value("临溪区示例路 1 号")
        expect(one.page.get_by_text("尚未提交的内容")).to_be_visible()
        one.page.get_by_role("button", name="放弃这些内容").click()
        expect(one.page.get_by_text("已放弃自动保存的内容")).to_be_visible()
        expect(one.page.get_by_label("办公地址")).to_have_value("")


def test_a_form_says_when_it_could_not_be_kept(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "stationed") as one:
        one.open(FORM)
        one.page.context.route("**/drafts/", lambda route: route.abort())
        one.page.get_by_label("办公地址").fill("临溪区示例路 2 号")
        expect(one.page.get_by_text("没有自动保存")).to_be_visible()
        assert len(one.faults) == 2  # the request, twice: by the browser and by its console
        one.faults.clear()
        one.page.evaluate("window.onbeforeunload = null")


def test_two_people_at_one_form(served: Served, chromium: Browser) -> None:
    with (
        real.watched(chromium, served, "administrator") as first,
        real.watched(chromium, served, "administrator") as second,
    ):
        for one in (first, second):
            one.open("/organs/LX-BGS/edit/")
        first.page.get_by_label("层级").select_option("city")
        first.page.get_by_role("button", name="保存").click()
        second.page.get_by_label("层级").select_option("township")
        second.page.get_by_role("button", name="保存").click()
        table = second.page.get_by_role("table")
        expect(table).to_contain_text("市级")
        expect(table).to_contain_text("乡级")
        second.page.get_by_role("button", name="保存").click()
        expect(second.page.get_by_text("已保存。")).to_be_visible()
