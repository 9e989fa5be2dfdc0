"""答复实测: decided in part by questions, reviewed, approved, signed and sent, in a real browser;
the same questions without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gongkai.web.tests.served import Served, serve
from tests.web import browser as real

PICTURES = os.environ.get("TESTS_PICTURES", "")  # a folder, where somebody wants to look
PARTLY = (
    ("是", "waiting"),
    ("一份或者一类政府信息", "wanted"),
    ("明确", "clear"),
    ("都不是", "before"),
    ("有", "held"),
    ("没有", "register"),
    ("没有", "published"),
    ("部分可以，能够区分处理", "extent"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("letters")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def looked_at(page: Page, name: str) -> None:
    """The page is accessible and no wider than its window, on screen and telephone."""
    for size, what in ((real.SCREEN, "screen"), (real.PHONE, "phone")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert real.violations(page) == [], name
        assert real.overflow(page) == [], name
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{what}.png", full_page=True)
    page.set_viewport_size({"width": real.SCREEN[0], "height": real.SCREEN[1]})


def sure(page: Page, label: str) -> None:
    """Sent, and where the page asks once more, confirmed."""
    page.locator(".form-acts").get_by_role("button", name=label).click()
    again = page.locator("button[name=_sure]")
    if again.count():
        again.click()


def test_without_scripts_the_questions_are_steps(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "handler", java_script_enabled=False) as one:
        page = one.page
        one.open(served.pages["application_notice"][0])
        page.locator("#id_points").fill("请写明学校名称。")
        page.get_by_role("button", name="预览文书").click()
        assert page.locator("#id_points").input_value() == "请写明学校名称。"
        one.open(served.pages["application_decided"][0])
        page.get_by_label("是", exact=True).check()
        page.get_by_role("button", name="继续").click()
        expect(page.get_by_text("申请人要的是什么？")).to_be_visible()


def test_the_other_pages_are_fit_for_both_sizes(served: Served, chromium: Browser) -> None:
    for name, who in (
        ("application_charge", "handler"),
        ("application_consult", "handler"),
        ("applications:letters", "handler"),
        ("applications:letter_choose", "handler"),
        ("applications:templates", "administrator"),
        ("applications:template", "administrator"),
    ):
        with real.watched(chromium, served, who) as one:
            one.open(served.pages[name][0])
            looked_at(one.page, name.replace(":", "_"))


def test_an_answer_in_part_goes_from_the_questions_to_delivery(
    served: Served, chromium: Browser
) -> None:
    decide = served.pages["application_decided"][0]
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(decide)
        for label, question in PARTLY:
            field = page.locator(f"fieldset:has(input[name=q_{question}])").last
            field.get_by_label(label, exact=True).check()
        page.get_by_label("人事管理、后勤管理、内部工作流程等内部事务信息").check()
        expect(page.get_by_text("条例》第三十七条").first).to_be_visible()
        page.locator("#id_disclosed").fill("培训记录共 12 页，见附件")
        page.locator("#id_withheld").fill("教员的考核评语")
        page.locator("#id_reasons").fill("考核评语只用于内部人事管理，不对外产生影响")
        page.locator("#id_reconsideration_organs").fill("临溪区人民政府")
        page.get_by_role("button", name="预览文书").click()
        expect(page.locator(".letter")).to_contain_text("教员的考核评语")
        expect(page.locator(".letter")).to_contain_text("应当先申请行政复议")
        looked_at(page, "decide")
        sure(page, "提交审核")
        expect(page.get_by_text("已拟定答复，等待审核。")).to_be_visible()
        case = page.url.removeprefix(served.address)
    for who, label, name in (
        ("reviewer", "审核通过", "review"),
        ("approver", "批准", "approve"),
    ):
        with real.watched(chromium, served, who) as one:
            one.open(case)
            one.page.get_by_role("link", name=label, exact=True).click()
            expect(one.page.locator(".letter")).to_contain_text("教员的考核评语")
            looked_at(one.page, name)
            sure(one.page, label)
            expect(one.page.get_by_text(f"已登记：{label}。")).to_be_visible()
    with real.watched(chromium, served, "approver") as one:
        one.open(case)
        one.page.get_by_role("link", name="签发编号", exact=True).click()
        one.page.locator("#id_number").fill("临教公开告〔2026〕88号")
        looked_at(one.page, "sign")
        sure(one.page, "签发编号")
        expect(one.page.get_by_text("已签发，答复书已编号印制。")).to_be_visible()
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(case)
        page.get_by_role("link", name="发出答复", exact=True).click()
        page.locator("#id_way").select_option("mail")
        sure(page, "发出答复")
        expect(page.get_by_text("已登记发出。")).to_be_visible()
        page.get_by_role("link", name="送达", exact=True).click()
        sure(page, "送达")
        expect(page.locator(".head")).to_contain_text("已答复")
        looked_at(page, "answered")
        page.get_by_role("link", name="部分公开", exact=True).click()
        with page.expect_download() as got:
            page.get_by_role("button", name="下载 PDF").click()
        assert Path(got.value.path()).read_bytes().startswith(b"%PDF")
        one.faults[:] = [said for said in one.faults if "ERR_ABORTED" not in said]  # a download
        looked_at(page, "letter")
