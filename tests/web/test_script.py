"""脚本实测: what app.js adds, in a real browser: keys, ticking, matches, sent once, no loss."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from gongkai.web.tests.served import Served, serve
from tests.web import browser as real


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("scripted"), GONGKAI_DEBUG="1") as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def gallery(served: Served, chromium: Browser) -> Iterator[real.Watched]:
    with real.watched(chromium, served, "administrator") as one:
        one.open("/styleguide/")
        yield one


@pytest.fixture
def organs(served: Served, chromium: Browser) -> Iterator[real.Watched]:
    with real.watched(chromium, served, "administrator") as one:
        one.open("/organs/")
        yield one


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.name"))


# -- lists


def test_rows_are_walked_ticked_and_opened_by_keys(organs: real.Watched) -> None:
    page = organs.page
    second = page.locator("tbody tr").nth(1)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == second.locator("a").first.text_content()
    expect(page.locator("[data-bulk] button").first).to_be_disabled()
    page.keyboard.press("x")
    expect(second.locator("input")).to_be_checked()
    expect(page.locator("[data-count]")).to_have_text("已选 1 条")
    expect(page.locator("[data-bulk] button").first).to_be_enabled()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/organs/[A-Z-]+/$"))


def test_one_box_ticks_the_whole_page(organs: real.Watched) -> None:
    page = organs.page
    rows = page.locator("tbody tr").count()
    page.locator("[data-all]").check()
    expect(page.locator("[data-count]")).to_have_text(f"已选 {rows} 条")
    page.locator("tbody input[name=key]").first.uncheck()
    assert page.locator("[data-all]").evaluate("box => box.indeterminate")


def test_searching_swaps_the_list_and_keeps_the_focus(organs: real.Watched) -> None:
    page = organs.page
    page.evaluate("window.same = true")
    page.keyboard.press("/")
    page.keyboard.type("教育")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("window.same") is True, "without loading the page anew"
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.url.endswith("/organs/?q=%E6%95%99%E8%82%B2"), "a short address that can be sent"
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)


def test_single_keys_are_explained_and_can_be_switched_off(organs: real.Watched) -> None:
    page = organs.page
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tbody')") is None
    page.locator("[data-keys]").click()
    page.locator("[data-keys-on]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(re.compile(r":\d+/$"))


def test_a_menu_closes_by_escape_and_by_a_click_elsewhere(organs: real.Watched) -> None:
    page = organs.page
    menu = page.locator("details.account")
    for way in ("Escape", "elsewhere"):
        menu.locator("summary").click()
        assert menu.evaluate("menu => menu.open")
        if way == "Escape":
            page.keyboard.press("Escape")
        else:
            page.locator("h1").click()
        assert not menu.evaluate("menu => menu.open"), way


@pytest.mark.parametrize("menu", ["details.office", "details.account"])
def test_an_open_menu_can_be_read(menu: str, served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "two_posts") as one:
        one.open("/")
        one.page.locator(f"{menu} summary").click()
        expect(one.page.locator(f"{menu} .item").first).to_be_visible()
        assert real.violations(one.page) == []


def test_a_person_switches_to_another_capacity(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "two_posts") as one:
        one.open("/account/")
        before = one.page.locator(".office summary").inner_text()
        one.page.locator(".office summary").click()
        other = one.page.locator(".office .item:not([aria-current])").first
        name = other.locator(".organ").inner_text()
        other.click()
        expect(one.page.locator(".office summary .organ")).to_have_text(name)
        assert one.page.locator(".office summary").inner_text() != before
        assert one.page.url.endswith("/account/")


# -- forms


def test_a_picker_offers_matches_and_takes_the_one_chosen(gallery: real.Watched) -> None:
    page = gallery.page
    field = page.locator("#id_parent")
    field.press_sequentially("松风")
    expect(page.locator("#id_parent_picks [role=option]")).to_have_count(4)
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert real.violations(page) == []
    field.press("Enter")
    expect(field).to_have_value("SF-0102 松风区教育局")
    expect(page.locator("#id_parent_picks")).to_be_hidden()


def test_what_is_typed_is_not_left_by_accident(gallery: real.Watched) -> None:
    page = gallery.page
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.locator("#id_phone").press_sequentially("0999")
    page.locator(".brand").first.click()
    page.wait_for_url(re.compile(r":\d+/$"))
    assert asked == ["beforeunload"]


def test_a_second_click_sends_nothing(gallery: real.Watched) -> None:
    page = gallery.page
    page.evaluate(
        """() => {
          window.sent = 0;
          document.addEventListener("submit", (e) => {
            if (!e.defaultPrevented) window.sent += 1;
            e.preventDefault();
          });
        }"""
    )
    button = page.locator("#forms form button.primary")
    button.click()
    expect(button).to_have_text("正在提交…")
    button.click(force=True)
    page.locator("#id_name").press("Enter")
    assert page.evaluate("window.sent") == 1


def test_cells_are_walked_by_arrows_and_filled_from_a_spreadsheet(gallery: real.Watched) -> None:
    page = gallery.page
    page.locator("[name=g-0-0]").click()
    for key in ("ArrowDown", "Enter", "ArrowUp"):
        page.keyboard.press(key)
    assert focused(page) == "g-1-0"
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "11\\t12\\r\\n21\\t22\\r\\n31\\t32\\r\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    cells = [[f"g-{row}-{column}" for column in (0, 1)] for row in (1, 2, 3)]
    values = [[page.locator(f"[name={c}]").input_value() for c in row] for row in cells]
    assert values == [["11", "12"], ["21", "22"], ["3", "50"]], "a total is not written over"


def test_a_file_is_sent_with_its_progress_and_the_answer_shown(gallery: real.Watched) -> None:
    page = gallery.page
    seen = page.evaluate_handle(
        """() => {
          const said = [];
          new MutationObserver(() => said.push(document.querySelector(
            ".upload-progress span").textContent)).observe(
              document.querySelector(".upload-progress"), {childList: true, subtree: true});
          return said;
        }"""
    )
    page.set_input_files(
        "#upload_file", {"name": "机关.xlsx", "mimeType": "text/plain", "buffer": b"1" * 2_000_000}
    )
    page.evaluate("window.same = true")
    page.locator("#upload form button.primary").click()
    expect(page.locator(".upload-progress").first).to_be_hidden()
    page.wait_for_function("!document.querySelector('#upload_file').value")
    assert page.evaluate("window.same") is True
    assert "已上传，正在检查" in seen.json_value()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_a_file_too_large_is_told_before_it_is_sent(gallery: real.Watched) -> None:
    page = gallery.page
    page.evaluate("document.querySelector('#upload form').dataset.upload = '1000'")
    page.set_input_files(
        "#upload_file", {"name": "大.xlsx", "mimeType": "text/plain", "buffer": b"1" * 2_000}
    )
    expect(page.locator("#toasts")).to_contain_text("文件超过允许的大小")
    expect(page.locator("#upload_file")).to_have_value("")


# -- the session


def test_the_end_of_a_session_is_told_and_put_off(gallery: real.Watched) -> None:
    page = gallery.page
    page.clock.install()
    page.reload()
    page.clock.run_for(57 * 60_000)
    expect(page.locator("#toasts .toast")).to_have_count(0)
    page.clock.run_for(70_000)
    expect(page.locator("#toasts")).to_contain_text("登录将在 2 分钟后到期。")
    page.locator("#toasts button.link").click()
    expect(page.locator("#toasts")).to_contain_text("已延长登录。")
    page.clock.run_for(57 * 60_000)
    expect(page.locator("#toasts")).not_to_contain_text("到期")


def test_a_session_that_has_ended_is_told(gallery: real.Watched) -> None:
    page = gallery.page
    page.clock.install()
    page.reload()
    page.clock.run_for(61 * 60_000)
    expect(page.locator("#toasts")).to_contain_text("登录已到期。")
    expect(page.locator("#toasts .toast")).to_have_count(1)
