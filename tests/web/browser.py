"""浏览器: a real browser for the tests of this folder; they skip where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response

from gongkai.web.tests.served import Served

SCREEN, PHONE = (1366, 768), (390, 844)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def found() -> str | None:
    """The browser of this machine, None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)


def chromium() -> str:
    """The browser of this machine; skips the test where there is none."""
    program = found()
    if program is None:
        pytest.skip("no Chromium on this machine: the pages are not tested in a browser")
    return program


@dataclass
class Watched:
    """被观察的页面: a page of the browser, and what went wrong or came in while it was open."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    bytes: dict[str, int] = field(default_factory=dict)  # by kind of file

    def open(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None and answer.status == status, f"{path}: {answer}"

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.address and parts.scheme != "data":
            self.faults.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        where = urlsplit(response.url).path
        main = response.request.is_navigation_request()
        if response.status >= 400 and not main:
            self.faults.append(f"{response.status} {where}")

    def _failed(self, request: Request) -> None:
        """A picture, or the mark of the tab, is dropped where its page is left before it came."""
        shown = request.resource_type == "image" or "/favicon." in request.url
        if not (shown and request.failure == "net::ERR_ABORTED"):
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _said(self, message: Any) -> None:
        own = message.type == "error" and "the server responded with a status of" in message.text
        if message.type in ("error", "warning") and not own:
            self.faults.append(f"console: {message.text}")


@contextmanager
def watched(
    browser: Browser,
    served: Served,
    who: str | None,
    *,
    size: tuple[int, int] = SCREEN,
    language: str = "zh-hans",
    **options: Any,
) -> Iterator[Watched]:
    """A page of a new browser, signed in as somebody; what it complains of fails the test."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **options
    )
    context.set_default_timeout(15_000)
    _sign_in(context, served, who, language)
    one = Watched(context.new_page(), served.address)
    one.page.on("request", one._asked)
    one.page.on("response", one._answered)
    one.page.on("console", one._said)
    one.page.on("pageerror", lambda error: one.faults.append(f"script: {error}"))
    one.page.on("requestfailed", one._failed)
    _weigh(context, one)
    try:
        yield one
    finally:
        context.close()
    assert one.faults == [], "\n".join(one.faults)


def _sign_in(context: BrowserContext, served: Served, who: str | None, language: str) -> None:
    cookies = {"django_language": language}
    if who is not None:
        cookies["sessionid"] = served.sessions[who]
    context.add_cookies(
        [{"name": k, "value": v, "url": served.address} for k, v in cookies.items()]
    )


def _weigh(context: BrowserContext, one: Watched) -> None:
    """Counts what came over the wire, by kind of file."""
    kinds: dict[str, str] = {}
    wire = context.new_cdp_session(one.page)
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        one.bytes[kind] = one.bytes.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, a line each with the element."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> Sequence[str]:
    """Elements that make the page wider than its window; empty where none does."""
    wide: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .map(e => e.outerHTML.slice(0, 160)).slice(0, 5);
        }"""
    )
    return wide
