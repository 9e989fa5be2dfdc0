"""浏览器实测: every page in a real browser: accessible, on a telephone, by keyboard, no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from gongkai.web.tests import pages
from gongkai.web.tests.served import Served, serve
from tests.web import browser as real

NAMES = [name for name in pages.names() if name not in pages.DEBUG_ONLY]
FIRST_LOAD = 200 * 1024  # bytes without pictures


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_accessible_on_screen_and_telephone(
    name: str, served: Served, chromium: Browser
) -> None:
    address, who, status = served.pages[name]
    with real.watched(chromium, served, who) as one:
        one.open(address, status=status)
        wrong = [f"screen: {line}" for line in real.violations(one.page)]
        weight = sum(size for kind, size in one.bytes.items() if kind != "Image")
        one.page.set_viewport_size({"width": real.PHONE[0], "height": real.PHONE[1]})
        wrong += [f"phone: {line}" for line in real.violations(one.page)]
        wrong += [f"phone too wide: {line}" for line in real.overflow(one.page)]
        assert wrong == []
        assert 0 < weight <= FIRST_LOAD, one.bytes


@pytest.mark.parametrize("name", NAMES)
def test_a_page_works_without_script(name: str, served: Served, chromium: Browser) -> None:
    address, who, status = served.pages[name]
    with real.watched(chromium, served, who, java_script_enabled=False) as one:
        one.open(address, status=status)
        assert one.page.locator("main h1").is_visible()
        assert one.page.locator("noscript").count() == 0, "no page asks for script"


def test_a_form_is_sent_without_script(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "administrator", java_script_enabled=False) as one:
        one.open("/account/")
        one.page.locator("[name=phone]").fill("000-1111")
        one.page.locator("main form[method=post] [type=submit]").first.click()
        one.page.wait_for_load_state()
        assert one.page.locator("[name=phone]").input_value() == "000-1111"
        one.page.locator(".language button").click()
        assert one.page.locator("html").get_attribute("lang") == "en"
        assert one.page.locator("[name=phone]").input_value() == "000-1111"


# -- by keyboard


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))


def visibly_focused(page: Page) -> bool:
    """Whether the element in focus is in the window and drawn otherwise than without focus."""
    return bool(
        page.evaluate(
            """() => {
              const e = document.activeElement, box = e.getBoundingClientRect();
              const look = () => {
                const s = getComputedStyle(e);
                return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow,
                        s.borderColor, s.backgroundColor].join();
              };
              const inside = box.width > 0 && box.height > 0 && box.bottom > 0
                && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
              const now = look(); e.blur(); const then = look(); e.focus();
              return inside && now !== then;
            }"""
        )
    )


@pytest.mark.parametrize("name", ["home", "organs:list", "organs:organ", "organs:change"])
def test_the_keyboard_reaches_everything_and_is_seen(
    name: str, served: Served, chromium: Browser
) -> None:
    address, who, _ = served.pages[name]
    with real.watched(chromium, served, who) as one:
        one.open(address)
        one.page.keyboard.press("Tab")
        assert "#main" in focused(one.page), "the first stop leads past the navigation"
        assert visibly_focused(one.page)
        unseen, stops = [], 0
        for _ in range(40):
            one.page.keyboard.press("Tab")
            if one.page.evaluate("document.activeElement === document.body"):
                break
            stops += 1
            if not visibly_focused(one.page):
                unseen.append(focused(one.page))
        assert unseen == []
        assert stops > 2
        one.open(address)
        one.page.keyboard.press("Tab")
        one.page.keyboard.press("Enter")
        assert one.page.evaluate("document.activeElement.id") == "main"


# -- the gallery, which exists only in debug


@pytest.mark.parametrize("name", sorted(pages.DEBUG_ONLY))
def test_the_gallery_is_accessible(
    name: str, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> None:
    home: Path = tmp_path_factory.mktemp("gallery")
    with serve(home, GONGKAI_DEBUG="1") as served:
        address, who, status = served.pages[name]
        for size in (real.SCREEN, real.PHONE):
            with real.watched(chromium, served, who, size=size) as one:
                one.open(address, status=status)
                assert real.violations(one.page) == []
                assert real.overflow(one.page) == []
