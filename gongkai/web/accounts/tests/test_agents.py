"""Browsers and systems in words."""

from __future__ import annotations

import pytest

from gongkai.web.accounts import agents

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (f"Mozilla/5.0 (Windows NT 6.1; WOW64) {CHROME.format('86.0.4240.198')}",
         "Chrome 86", "Windows 7"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME.format('86.0.1.1')} QIHU 360SE",
         "360 浏览器", "Windows 10/11"),
        (f"Mozilla/5.0 (X11; Linux aarch64) {CHROME.format('86.0.1.1')} Qaxbrowser",
         "奇安信可信浏览器", "Linux"),
        (f"Mozilla/5.0 (X11; UOS; Linux x86_64) {CHROME.format('87.0.1.1')} UOSBrowser/6.0",
         "统信浏览器", "统信 UOS"),
        ("Mozilla/5.0 (X11; Kylin; Linux aarch64; rv:78.0) Gecko/20100101 Firefox/78.0",
         "Firefox 78", "麒麟"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME.format('120.0')} Edg/120.0.2210.91",
         "Edge 120", "Windows 10/11"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15"
         " (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1", "Safari 16", "iPhone"),
        ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
         "IE 浏览器", "Windows 7"),
        ("curl/8.0", "未识别的浏览器", ""),
        ("", "未识别的浏览器", ""),
    ],
)  # fmt: skip
def test_a_browser_and_its_system_are_told(agent: str, browser: str, system: str) -> None:
    assert (agents.browser(agent), agents.system(agent)) == (browser, system)
