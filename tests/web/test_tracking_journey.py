"""申请人查询和遮盖实测: an applicant follows an application on a phone; an officer marks a file and
releases it, by mouse, finger and keyboard: in a real browser, with scripts and without."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from gongkai.convert.tests import redaction_files
from gongkai.web.tests import tracking_served
from gongkai.web.tests.served import Served, serve
from tests.web import browser as real

CODE = tracking_served.CODE
FREE = 5  # tries of one code, before it is slowed
CASE = "/applications/1/"
MARKS = f"{CASE}redact/1/"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    real.chromium()
    home = tmp_path_factory.mktemp("tracking")
    with serve(home, build=tracking_served.__name__) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = real.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(real.FLAGS))
        yield browser
        browser.close()


def press(page: Page, name: str, *, exact: bool = False) -> None:
    """A button that leads to a page, until that is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).click()


def sound(page: Page) -> None:
    """Nobody is kept out, nothing is wider than the phone."""
    assert real.violations(page) == []
    assert real.overflow(page) == []


def enter(page: Page, one: real.Watched, tail: str = "1234", *, submit: str = "查询") -> None:
    one.open("/track/")
    page.locator("#id_code").fill(f"{CODE[:5].lower()} {CODE[5:]}")
    page.locator("#id_tail").fill(tail)
    press(page, submit, exact=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_who_applied_follows_it_on_a_phone_and_sends_what_is_missing(
    served: Served, chromium: Browser, scripts: bool
) -> None:
    with real.watched(
        chromium, served, None, size=real.PHONE, has_touch=True, java_script_enabled=scripts
    ) as one:
        page = one.page
        enter(page, one, "9999")
        assert "没有查到" in page.locator(".notice.bad").inner_text()
        assert page.locator("#id_code").input_value(), "what was typed is still there"
        if scripts:
            sound(page)
        enter(page, one)
        expect(page.get_by_role("heading", level=1)).to_contain_text("办理情况")
        expect(page.get_by_text("等您补正")).to_be_visible()
        expect(page.get_by_text("请写明是哪一所学校、哪一个学期。")).to_be_visible()
        assert redaction_files.SECRET not in page.content()
        if scripts:
            sound(page)
            size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
            assert size >= 16
            box = page.get_by_role("link", name="提交补正材料").bounding_box()
            assert box is not None and box["height"] >= 44, "large enough for a thumb"
        page.get_by_role("link", name="提交补正材料").click()
        page.get_by_label("内容").fill("示例小学，2025 年秋季学期。")
        photo: FilePayload = {
            "name": "学生证.pdf",
            "mimeType": "application/pdf",
            "buffer": redaction_files.text(),
        }
        page.get_by_label("文件").set_input_files([photo])
        if scripts:
            sound(page)
        press(page, "提交", exact=True)
        assert page.url.endswith("/track/case/")
        expect(page.get_by_text(re.compile(r"回执号 W\d{4}-\d{4}")).first).to_be_visible()
        press(page, "退出查询")
        one.open("/track/case/")
        expect(page.locator("#id_code")).to_be_visible()
    with real.watched(chromium, served, "handler") as one:
        one.open("/inbox/")
        expect(one.page.get_by_text("申请人网上提交了补正材料").first).to_be_visible()
        one.open(CASE)
        expect(one.page.get_by_text("补正材料.txt").first).to_be_visible()


def test_the_page_reads_as_well_in_english(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, None, size=real.PHONE, language="en") as one:
        enter(one.page, one, submit="Look up")
        expect(one.page.get_by_role("heading", level=1)).to_contain_text("application")
        sound(one.page)


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(served: Served) -> None:
    """The limit stands in the database, so threads and processes share it."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{served.address}/track/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None

    def guess(n: int) -> int:
        typed = {"csrfmiddlewaretoken": token[1], "code": "ACDEFGHJKM", "tail": f"{n:04d}"}
        try:
            browser.open(f"{served.address}/track/", urllib.parse.urlencode(typed).encode())
        except urllib.error.HTTPError as refused:
            return refused.code
        return 200

    with ThreadPoolExecutor(12) as pool:
        codes = Counter(pool.map(guess, range(12)))
    assert codes == {422: FREE, 429: 12 - FREE}


# -- redaction


def drag(page: Page, left: float, top: float, right: float, bottom: float) -> None:
    """A box on the page, by points of an A4 page."""
    box = page.locator("svg.sheet").bounding_box()
    assert box is not None
    across, down = box["width"] / 595, box["height"] / 842
    page.mouse.move(box["x"] + left * across, box["y"] + top * down)
    page.mouse.down()
    page.mouse.move(box["x"] + (left + right) / 2 * across, box["y"] + bottom * down, steps=3)
    page.mouse.move(box["x"] + right * across, box["y"] + bottom * down, steps=3)
    page.mouse.up()


def edges(page: Page, row: int) -> list[float]:
    return [
        float(page.locator(f"#id_form-{row}-{edge}").input_value())
        for edge in ("left", "top", "right", "bottom")
    ]


def searched(data: bytes, folder: Path) -> str:
    """All that pdftotext, pdfium and the raw streams tell, without white space."""
    told = [data.decode("latin-1"), data.decode("utf-16-be", "ignore")]
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            told.append(zlib.decompressobj().decompress(data[match.end() :]).decode("latin-1"))
        except zlib.error:
            continue
    document = pypdfium2.PdfDocument(data)
    told += [page.get_textpage().get_text_range() for page in document]
    document.close()
    tool = shutil.which("pdftotext")
    if tool is not None:
        path = folder / "released.pdf"
        path.write_bytes(data)
        run = subprocess.run([tool, str(path), "-"], capture_output=True, check=True)
        told.append(run.stdout.decode())
    return "".join("".join(told).split())


def test_boxes_are_drawn_moved_and_dropped_by_mouse_and_keyboard(
    served: Served, chromium: Browser
) -> None:
    with real.watched(chromium, served, "handler") as one:
        page = one.page
        one.open(MARKS)
        boxes = page.locator("svg.sheet rect")
        drag(page, 72, 300, 272, 330)
        assert boxes.count() == 1
        drawn = edges(page, 0)
        assert drawn == pytest.approx([72, 300, 272, 330], abs=3)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        moved = edges(page, 0)
        assert moved[0] > drawn[0] and moved[1] > drawn[1]
        assert moved[2] - moved[0] == pytest.approx(drawn[2] - drawn[0], abs=0.1)
        page.keyboard.press("Shift+ArrowRight")
        assert edges(page, 0)[2] > moved[2] and edges(page, 0)[0] == moved[0]
        page.get_by_role("button", name="加框").press("Enter")
        assert boxes.count() == 2
        page.keyboard.press("Delete")
        assert boxes.count() == 1
        sound(page)
        page.get_by_role("button", name="按成品显示").click()
        fill = "getComputedStyle(document.querySelector('svg.sheet rect')).fill"
        assert page.evaluate(fill) == "rgb(0, 0, 0)"
        press(page, "保存标记")
        assert boxes.count() == 1
        assert edges(page, 0)[1] == pytest.approx(moved[1], abs=0.1)
        page.locator("#id_form-0-DELETE").check()
        press(page, "保存标记")
        assert boxes.count() == 0


def test_a_finger_scrolls_unless_it_is_to_draw(served: Served, chromium: Browser) -> None:
    with real.watched(chromium, served, "handler", size=real.PHONE, has_touch=True) as one:
        page = one.page
        one.open(MARKS)
        sound(page)
        draws = page.get_by_role("button", name="画框")
        assert draws.get_attribute("aria-pressed") == "false"
        draws.tap()
        touch = "getComputedStyle(document.querySelector('svg.sheet')).touchAction"
        assert page.evaluate(touch) == "none"
        wire = page.context.new_cdp_session(page)
        box = page.locator("svg.sheet").bounding_box()
        assert box is not None
        x, y = box["x"] + 40, box["y"] + 60
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            ("touchMove", [{"x": x + 60, "y": y + 15}]),
            ("touchMove", [{"x": x + 120, "y": y + 30}]),
            ("touchEnd", []),
        ):
            wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        assert page.locator("svg.sheet rect").count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_what_is_searched_and_marked_is_gone_from_what_is_released(
    served: Served, chromium: Browser, tmp_path: Path, scripts: bool
) -> None:
    with real.watched(chromium, served, "handler", java_script_enabled=scripts) as one:
        page = one.page
        one.open(CASE)
        page.get_by_role("link", name="遮盖 材料.pdf").click()
        press(page, "查找")
        press(page, "查找", exact=True)
        hits = page.locator("input[name=hits]")
        assert hits.count() >= 2, "the number by its form, the name out of the vault"
        if scripts:
            sound(page)
        press(page, "标记所勾选的")
        assert page.locator("svg.sheet rect").count() >= 2
        press(page, "制作遮盖件")
        expect(page.get_by_text(re.compile("共 [0-9]+ 处"))).to_be_visible()
        if scripts:
            sound(page)
        press(page, "制作", exact=True)
        expect(page.get_by_text("已制作遮盖件，并通过核验").first).to_be_visible()
        link = page.locator("a[download]").first
        with page.expect_download() as download:
            link.click()
        path = tmp_path / "got.pdf"
        download.value.save_as(path)
        text = searched(path.read_bytes(), tmp_path)
        for secret in (redaction_files.SECRET, redaction_files.NUMBER):
            assert "".join(secret.split()) not in text
