"""一封信函的全程: a paper letter → 补正 → a third party → extension → granted in part →
its letter → delivered → reconsideration → upheld: in a real browser, as the officers do it;
pictures where somebody looks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gongkai.web.tests.particulars import PDF
from gongkai.web.tests.served import Served, serve
from tests.web import browser as real
from tests.web.test_remedy_journey import act, answered, press

PICTURES = os.environ.get("TESTS_PICTURES", "")  # a folder, where somebody wants to look
TEXT = "2024 年至 2025 年全区学校食堂供餐单位考核情况，包括考核标准、考核得分和考核意见。"
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
    with serve(tmp_path_factory.mktemp("paper")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


class Office:
    """机关: its officers, one browser each, at the page of one case."""

    def __init__(self, served: Served, chromium: Browser) -> None:
        self.served, self.chromium, self.case, self.letters = served, chromium, "", 70

    def number(self, page: Page) -> None:
        """A letter's number, where one is asked for."""
        if page.locator("#id_number").count():
            self.letters += 1
            page.locator("#id_number").fill(f"临教公开告〔2026〕{self.letters}号")

    def does(self, who: str, label: str, on: date, said: str = "", **typed: str) -> None:
        """Somebody presses a button of the page, fills in its form, confirms where asked."""
        with real.watched(self.chromium, self.served, who) as one:
            page = one.page
            one.open(self.case)
            with page.expect_navigation():
                page.locator(".now").get_by_role("link", name=label, exact=True).first.click()
            if page.locator("#id_on").count():
                page.locator("#id_on").fill(on.isoformat())
            for name, value in typed.items():
                field = page.locator(f"#id_{name}")
                if field.evaluate("one => one.tagName") == "SELECT":
                    field.select_option(value)
                else:
                    field.fill(value)
            self.number(page)
            sent(page)
            expect(page.locator(".toast.success, .toasts .success").first).to_be_visible()
            assert page.url.endswith(self.case), f"{label}: {page.locator('main').inner_text()}"

    def sees(self, who: str, *texts: str, picture: str = "") -> None:
        with real.watched(self.chromium, self.served, who) as one:
            one.open(self.case)
            for text in texts:
                expect(one.page.get_by_text(text).first).to_be_visible()
            if picture:
                looked_at(one.page, picture)


def sent(page: Page) -> None:
    """The form, and where the page asks once more, yes."""
    with page.expect_navigation():
        page.locator(".form-acts button.primary").click()
    again = page.locator("button[name=_sure]")
    if again.count():
        again.click()


def looked_at(page: Page, name: str) -> None:
    """The page is accessible and no wider than its window, on screen and telephone."""
    for size, what in ((real.SCREEN, "screen"), (real.PHONE, "phone")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert real.violations(page) == [], name
        assert real.overflow(page) == [], name
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}_{what}.png", full_page=True)
    page.set_viewport_size({"width": real.SCREEN[0], "height": real.SCREEN[1]})


def test_a_paper_letter_from_its_arrival_to_the_upheld_reconsideration(
    served: Served, chromium: Browser
) -> None:
    office = Office(served, chromium)
    came = timezone.localdate() - timedelta(days=8)

    def day(number: int) -> date:
        return came + timedelta(days=number)

    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open("/applications/new/")
        page.locator("#id_channel").select_option("signed_mail")
        page.locator("#id_arrived_on").fill(came.isoformat())
        page.locator("#id_a0_name").fill("周示例")
        page.locator("#id_a0_phone").fill("0000-00007777")
        page.locator("#id_m0_text").fill(TEXT)
        page.locator("#id_m0_text").blur()
        expect(page.get_by_text(f"{came}").first).to_be_visible()
        looked_at(page, "register")
        page.locator("[data-main]").click()
        expect(page.get_by_text("已登记，登记号")).to_be_visible()
        looked_at(page, "registered")
        page.get_by_role("link", name="开始办理").click()
        office.case = page.url.removeprefix(served.address)
        looked_at(page, "case")
    office.does("handler", "受理", day(0))
    office.does(
        "handler",
        "告知补正",
        day(1),
        points="请写明是哪些学校。",
        guidance="学校名称可在本机关网站查到",
    )
    office.sees("handler", "暂停计算")
    office.does("handler", "收到补正", day(2))
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(office.case)
        with page.expect_navigation():
            page.locator(".now").get_by_role("link", name="征求意见", exact=True).click()
        page.locator("#id_on").fill(day(3).isoformat())
        page.locator("#id_p0_organisation").fill("示例餐饮有限公司")
        page.locator("#id_p0_contact").fill("临溪区示例路 9 号")
        page.locator("#id_concerned").fill("供餐单位的考核得分")
        office.number(page)
        sent(page)
        expect(page.locator(".clock")).to_contain_text("暂停计算")
    office.does("handler", "对方收到征求意见书", day(3))
    office.does("handler", "收到意见", day(4), opinion="consent")
    office.does("approver", "同意延期", day(5), days="10", reason="须查阅历年档案")
    office.does("handler", "告知延期", day(5))
    office.sees("handler", "延期 10 个工作日", "同意公开", picture="case_clock")
    with real.watched(chromium, served, "handler") as one:
        one.open(office.case)
        one.page.get_by_text("逐日看").click()
        table = one.page.get_by_role("table", name="逐日计算")
        for effect in ("重新起算，不计", "征求意见，不计", "休息日，不计", "计入"):
            expect(table).to_contain_text(effect)
        looked_at(one.page, "days")
    partly(office, day(6))
    office.does("reviewer", "审核通过", day(6))
    office.does("approver", "批准", day(7))
    office.does("approver", "签发编号", day(7))
    office.does("handler", "发出答复", day(7), way="mail")
    office.does("handler", "送达", day(7))
    office.sees("handler", "已答复", "部分公开", picture="delivered")
    office.sees("supervisor", "已答复", "部分公开")
    upheld(office, day)


def partly(office: Office, on: date) -> None:
    """The questions lead to an answer in part; its letter is seen before it goes to review."""
    with real.watched(office.chromium, office.served, "handler") as one:
        page = one.page
        one.open(office.case)
        with page.expect_navigation():
            page.locator(".now").get_by_role("link", name="拟定答复", exact=True).click()
        for label, question in PARTLY:
            field = page.locator(f"fieldset:has(input[name=q_{question}])").last
            field.get_by_label(label, exact=True).check()
        page.get_by_label("人事管理、后勤管理、内部工作流程等内部事务信息").check()
        page.locator("#id_on").fill(on.isoformat())
        page.locator("#id_disclosed").fill("考核标准和考核得分，共 12 页，见附件")
        page.locator("#id_withheld").fill("考核小组内部讨论意见")
        page.locator("#id_reasons").fill("内部讨论意见属于内部事务信息，不对外产生影响")
        page.locator("#id_reconsideration_organs").fill("临溪区人民政府")
        page.get_by_role("button", name="预览文书").click()
        expect(page.locator(".letter")).to_contain_text("考核小组内部讨论意见")
        looked_at(page, "decide")
        sent(page)
        expect(page.get_by_text("已拟定答复，等待审核。")).to_be_visible()


def upheld(office: Office, day: Callable[[int], date]) -> None:
    """The applicant seeks reconsideration of what was withheld; the organ answers; it is upheld."""
    with real.watched(office.chromium, office.served, "handler") as one:
        page = one.page
        one.open(office.case)
        with page.expect_navigation():
            page.get_by_role("link", name="登记复议、诉讼", exact=True).click()
        page.locator("#id_kind").select_option("reconsideration")
        page.locator("#id_body").fill("临溪区人民政府")
        page.locator("#id_on").fill(day(7).isoformat())
        expect(page.locator("#id_known")).to_have_value(day(7).isoformat())
        looked_at(page, "remedy_new")
        press(page, "登记复议、诉讼", sure=True)
        expect(page.get_by_text("已登记。")).to_be_visible()
        address = page.url
        act(page, "复议机关受理", day(7))
        act(page, "收到复议申请书副本", day(7))
        act(page, "提交证据", day(8), items="公开申请表\n登记回执\n检索记录")
        expect(page.get_by_role("table", name="正在计算的期限")).to_contain_text("10 个工作日")
        looked_at(page, "remedy")
        page.get_by_role("link", name="打印证据目录").click()
        with page.expect_download() as taken:
            page.get_by_role("link", name="下载 PDF").click()
        assert taken.value.suggested_filename.startswith("证据目录")
        looked_at(page, "evidence")
    answered(office.served, office.chromium, address, day(8))
    with real.watched(office.chromium, office.served, "handler") as one:
        page = one.page
        page.goto(address)
        page.get_by_role("link", name="收到复议决定", exact=True).click()
        page.locator("#id_on").fill(day(8).isoformat())
        page.locator("#id_result").select_option("upheld")
        page.locator("#id_number").fill("临复决〔2026〕9号")
        page.locator("#id_files").set_input_files(
            {"name": "复议决定书.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        page.locator(".form-acts button.primary").click()
        expect(page.get_by_text("请核对将要发生的事")).to_be_visible()
        expect(page.get_by_text("附卷：复议决定书.pdf")).to_be_visible()
        looked_at(page, "decision_sure")
        page.get_by_role("button", name="返回修改").click()
        expect(page.get_by_label("复议决定书.pdf")).to_be_checked()
        looked_at(page, "decision_back")
        press(page, "收到复议决定", sure=True)
        expect(page.get_by_text("行政复议 · 结果维持")).to_be_visible()
        expect(page.get_by_role("link", name="复议决定书.pdf")).to_be_visible()
        looked_at(page, "upheld")
        page.goto(f"{office.served.address}/remedies/table/?year={day(8).year}")
        looked_at(page, "table_four")
    office.sees("supervisor", "行政复议", "维持")
