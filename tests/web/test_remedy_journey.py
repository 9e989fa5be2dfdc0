"""复议实测: an answer is attacked, the organ answers in its days, the decision is recorded: upheld,
and table 4 shows it; another is set aside, and its application is reopened with its own day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gongkai.web.tests.served import Served, serve
from tests.web import browser as real


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("remedies")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def on(page: Page, day: date) -> None:
    page.locator("#id_on").fill(day.isoformat())


def press(page: Page, name: str, *, sure: bool = False) -> None:
    """The form's button, and once more where it asks."""
    page.locator(".form-acts").get_by_role("button", name=name, exact=True).click()
    if sure:
        expect(page.get_by_text("请核对将要发生的事")).to_be_visible()
        page.get_by_role("button", name=name, exact=True).click()


def act(page: Page, name: str, day: date, **fields: str) -> None:
    """One act of the page."""
    page.get_by_role("link", name=name, exact=True).click()
    on(page, day)
    for field, value in fields.items():
        place = page.locator(f"#id_{field}")
        if place.evaluate("e => e.tagName") == "SELECT":
            place.select_option(value)
        else:
            place.fill(value)
    press(page, name, sure="result" in fields)
    expect(page.get_by_text(f"已登记：{name}。")).to_be_visible()


def begin(page: Page, day: date) -> str:
    """A reconsideration is recorded; the address of its page."""
    page.locator("#id_kind").select_option("reconsideration")
    page.locator("#id_body").fill("示例区人民政府")
    on(page, day)
    press(page, "登记复议、诉讼", sure=True)
    expect(page.get_by_text("已登记。")).to_be_visible()
    return page.url


def answered(served: Served, chromium: Browser, address: str, day: date) -> None:
    """By who approves: the handler sees whose it is."""
    with real.watched(chromium, served, "approver") as other:
        other.page.goto(address)
        act(other.page, "提出书面答复", day)
        expect(other.page.get_by_text("审理中")).to_be_visible()


def test_upheld_and_counted(served: Served, chromium: Browser) -> None:
    today = timezone.localdate()
    begun = today - timedelta(days=2)
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(served.pages["remedy_begun"][0])
        assert real.violations(page) == []
        address = begin(page, begun)
        act(page, "复议机关受理", begun + timedelta(days=1))
        act(page, "收到复议申请书副本", begun + timedelta(days=1))
        expect(page.get_by_role("table", name="正在计算的期限")).to_contain_text("10 个工作日")
        act(page, "提交证据", today, items="公开申请表\n登记回执")
        expect(page.locator(".evidence li")).to_have_count(2)
        page.get_by_text("现在不能办，为什么").click()
        expect(page.get_by_text("履行“批准”职责的人办理").first).to_be_visible()
        page.get_by_role("link", name="打印证据目录").click()
        expect(page.get_by_role("table", name="证据目录")).to_contain_text("登记回执")
        answered(served, chromium, address, today)
        page.goto(address)
        act(page, "收到复议决定", today, result="upheld", number="示例复决〔2026〕1号")
        expect(page.get_by_text("行政复议 · 结果维持")).to_be_visible()
        assert real.violations(page) == []
        page.goto(f"{served.address}/remedies/table/?year={today.year}")
        row = page.get_by_role("row", name="行政复议")
        expect(row.get_by_role("cell").nth(0)).to_have_text("1")
        row.get_by_role("link", name="1").first.click()
        expect(page.get_by_role("table").get_by_text("维持")).to_be_visible()


def test_set_aside_and_answered_anew(served: Served, chromium: Browser) -> None:
    today = timezone.localdate()
    until = today + timedelta(days=14)
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(served.pages["remedy_begun"][0])
        begin(page, today)
        act(page, "复议机关受理", today)
        act(
            page,
            "收到复议决定",
            today,
            result="reanswer",
            number="示例复决〔2026〕2号",
            until=until.isoformat(),
        )
        expect(page.get_by_text("重新答复").first).to_be_visible()
        page.get_by_role("link", name="到申请的页面").click()
        expect(page.locator(".clock")).to_contain_text(until.isoformat())
        expect(page.get_by_text("经复议、诉讼重新办理")).to_be_visible()
        assert real.violations(page) == []
