"""浏览器与系统: what a User-Agent says, in the words people use for their machines.

Enough to recognise one's own sessions in a list, no more. Chinese browsers and systems are known by
the names they state; 360 and others often pass as Chrome and are then shown as that.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# First match wins: those built upon others stand before them.
_BROWSERS: tuple[tuple[str, str], ...] = (
    (r"QIHU 360|360SE|360EE|360ENT|360Browser", gettext_noop("360 浏览器")),
    (r"Qaxbrowser|\bQAX|Qi-?An-?Xin", gettext_noop("奇安信可信浏览器")),
    (r"UOSBrowser|UOS Browser|UOSProfessional|Uos/", gettext_noop("统信浏览器")),
    (r"KylinBrowser|Kylin[ -]Browser", gettext_noop("麒麟浏览器")),
    (r"MicroMessenger", gettext_noop("微信")),
    (r"MetaSr|SogouMSE|Sogou", gettext_noop("搜狗浏览器")),
    (r"QQBrowser", gettext_noop("QQ 浏览器")),
    (r"UCBrowser|UCWEB", gettext_noop("UC 浏览器")),
    (r"HuaweiBrowser", gettext_noop("华为浏览器")),
    (r"MiuiBrowser", gettext_noop("小米浏览器")),
    (r"Edge/|Edg/|EdgA/|EdgiOS/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Version/[\d.]+.*Safari/", "Safari"),
    (r"Trident/|MSIE ", gettext_noop("IE 浏览器")),
)
_SYSTEMS: tuple[tuple[str, str], ...] = (
    (r"HarmonyOS|OpenHarmony|ArkWeb", gettext_noop("鸿蒙")),
    (r"\bUOS\b|Uniontech|UnionTech|deepin", gettext_noop("统信 UOS")),
    (r"Kylin", gettext_noop("麒麟")),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", gettext_noop("安卓")),
    (r"Windows NT 10", "Windows 10/11"),
    (r"Windows NT 6\.3|Windows NT 6\.2", "Windows 8"),
    (r"Windows NT 6\.1", "Windows 7"),
    (r"Windows NT 5", "Windows XP"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)
_VERSION = {
    "Edge": r"Edg(?:e|A|iOS)?/(\d+)",
    "Opera": r"OPR/(\d+)",
    "Firefox": r"(?:Firefox|FxiOS)/(\d+)",
    "Chrome": r"(?:Chrome|CriOS|Chromium)/(\d+)",
    "Safari": r"Version/(\d+)",
}


def browser(agent: str) -> str:
    """``Chrome 86``, ``360 浏览器``; where nothing is recognised, that it is not."""
    for pattern, name in _BROWSERS:
        if re.search(pattern, agent, re.IGNORECASE):
            found = re.search(_VERSION[name], agent) if name in _VERSION else None
            return f"{name} {found[1]}" if found else _(name)
    return _("未识别的浏览器")


def system(agent: str) -> str:
    """``Windows 7``, ``统信 UOS``; empty where nothing is recognised."""
    for pattern, name in _SYSTEMS:
        if re.search(pattern, agent, re.IGNORECASE):
            return _(name)
    return ""
