"""公开申请实测: a paper letter is registered by the keyboard, confirmed and accepted; a third party
answers, the head consents to an extension: in a real browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gongkai.web.tests.served import Served, serve
from tests.web import browser as real

NEW = "/applications/new/"
TEXT = "2025 年全区中小学课后服务收费标准和收支情况。"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("applications")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def typed(page: Page, *, name: str) -> None:
    """By the keyboard alone: each field is reached by Tab, nothing is clicked."""
    keys = page.keyboard
    expect(page.get_by_label("渠道")).to_be_focused()
    page.get_by_label("渠道").select_option("plain_mail")  # a letter pressed in a select
    said = {"姓名": name, "电话": "0000-00006666", "所需政府信息": TEXT}
    for _step in range(60):
        label = page.evaluate(
            "(() => { const at = document.activeElement;"
            " return at.labels && at.labels[0] ? at.labels[0].textContent.trim() : ''; })()"
        )
        for wanted in [key for key in said if label.split()[:1] == [key]]:
            keys.insert_text(said.pop(wanted))
        if not said:
            break
        keys.press("Tab")
    assert said == {}
    keys.press("Control+Enter")


def test_a_letter_is_registered_confirmed_and_accepted_by_the_keyboard(
    served: Served, chromium: Browser
) -> None:
    with real.watched(chromium, served, "handler") as one:
        one.open(NEW)
        expect(one.page.get_by_text("当面提交，以提交之日为准")).to_be_visible()
        typed(one.page, name="孙示例")
        expect(one.page.get_by_text("已登记，登记号")).to_be_visible()
        expect(one.page.get_by_text("以双方确认之日为收到之日")).to_be_visible()
        assert real.violations(one.page) == []
        one.page.get_by_role("link", name="开始办理").click()
        _act(one.page, "确认收到")
        _act(one.page, "受理")
        expect(one.page.locator(".clock")).to_contain_text("余 20 个工作日")
        one.page.get_by_text("逐日看").click()
        expect(one.page.get_by_role("table", name="逐日计算")).to_contain_text("第三十三条")
        assert real.violations(one.page) == []
        assert one.page.get_by_text("孙示例").count() == 0


def test_a_third_party_answers_and_the_head_consents_to_an_extension(
    served: Served, chromium: Browser
) -> None:
    path = served.pages["application_asked"][0]
    with real.watched(chromium, served, "handler") as one:
        one.open(path)
        expect(one.page.locator(".clock")).to_contain_text("暂停计算")
        _act(one.page, "对方收到征求意见书")
        one.page.get_by_role("link", name="收到意见", exact=True).click()
        one.page.locator("#id_opinion").select_option("consent")
        one.page.locator(".form-acts").get_by_role("button", name="收到意见").click()
        expect(one.page.locator(".clock")).to_contain_text("个工作日")
        expect(one.page.get_by_role("table", name="征求意见")).to_contain_text("同意公开")
        assert real.violations(one.page) == []
    with real.watched(chromium, served, "approver") as other:
        other.open(path)
        other.page.get_by_role("link", name="同意延期").click()
        other.page.get_by_label("延长几个工作日").fill("10")
        other.page.get_by_role("button", name="同意延期").click()
        expect(other.page.get_by_text("请核对将要发生的事")).to_be_visible()
        other.page.get_by_role("button", name="同意延期").click()
        expect(other.page.get_by_text("已登记：同意延期。")).to_be_visible()
        expect(other.page.locator(".now .awaits")).to_be_visible()  # the applicant has to be told
        assert real.violations(other.page) == []


def _act(page: Page, name: str) -> None:
    """A button of the page, its form sent with the day it suggests."""
    page.get_by_role("link", name=name, exact=True).click()
    page.locator(".form-acts").get_by_role("button", name=name).click()
    expect(page.get_by_text(f"已登记：{name}。")).to_be_visible()


def test_without_scripts_a_second_matter_is_added_and_the_days_are_shown(
    served: Served, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": served.sessions["handler"], "url": served.address}]
    )
    page = context.new_page()
    page.goto(served.address + NEW)
    page.locator("#id_a0_name").fill("吴示例")
    page.locator("#id_m0_text").fill(TEXT)
    page.get_by_role("button", name="拆出一个事项").click()
    expect(page.locator("#id_m0_text")).to_have_value(TEXT)
    page.locator("#id_m1_text").fill("2025 年全区校服采购情况。")
    page.get_by_role("button", name="先看期限和提示").click()
    expect(page.get_by_text("当面提交，以提交之日为准")).to_be_visible()
    page.locator("[data-main]").click()
    expect(page.get_by_text("已登记，登记号")).to_be_visible()
    expect(page.get_by_role("link", name="2025 年全区校服采购情况。")).to_be_visible()
    context.close()
