"""人员办理实测: an administrator's day with people, in a real browser, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gongkai.web.tests.served import Served, serve
from tests.web import browser as real


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("people")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("row", name=name).first.get_by_role("checkbox").check()


def state_of(page: Page, name: str) -> str:
    return page.get_by_role("row", name=name).first.locator(".badge").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_are_suspended_and_back_by_the_toasts_undo(
    served: Served, chromium: Browser, scripts: bool
) -> None:
    with real.watched(chromium, served, "administrator", java_script_enabled=scripts) as one:
        page = one.page
        one.open("/organs/people/")
        tick(page, "卯经办", "辰审核")
        page.get_by_role("button", name="停用").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("停用 2 个账号？")
        page.locator("main").get_by_role("button", name="停用").click()
        expect(page.get_by_text("已停用 2 个账号。")).to_be_visible()
        assert state_of(page, "卯经办") == state_of(page, "辰审核") == "停用"
        page.get_by_role("button", name="撤销").click()
        expect(page.get_by_text("已撤销，恢复 2 个账号原来的状态。")).to_be_visible()
        assert state_of(page, "卯经办") != "停用"


def test_a_new_person_gets_a_slip_that_a_reload_does_not_show(
    served: Served, chromium: Browser
) -> None:
    with real.watched(chromium, served, "administrator") as one:
        page = one.page
        one.open("/organs/people/new/")
        page.get_by_label("姓名").fill("午新人")
        page.get_by_label("登录名").fill("wu.xinren")
        organ = page.locator("#id_organ")
        organ.fill("")
        organ.press_sequentially("教育", delay=30)
        page.get_by_role("option").filter(has_text="临溪区教育局").click()
        expect(organ).to_have_value("临溪区教育局（LX-JY）")
        page.get_by_label("角色").select_option("handler")
        page.get_by_role("button", name="建立账号").click()
        secret = page.locator(".secret").inner_text()
        assert re.fullmatch(r"(?:\w{4}-){3}\w{4}", secret)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("午新人")
        assert secret not in page.content()


def test_a_telephone_number_is_seen_for_a_purpose(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "administrator", size=real.PHONE) as one:
        page = one.page
        one.open("/organs/people/?q=甲经办")
        page.get_by_role("link", name="甲经办", exact=True).click()
        row = page.locator(".masked").first
        masked = row.locator("span").first.inner_text()
        assert "****" in masked
        row.locator("summary").click()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= real.PHONE[0], "the panel fits the phone"
        row.get_by_label("查看事由").fill("通知补正材料")
        row.get_by_role("button", name="查看").click()
        expect(page.get_by_text("联系方式只在本页显示这一次")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text(masked)
