"""页面公共内容: what the shell of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gongkai.web.shell import requests


def shell(request: HttpRequest) -> dict[str, Any]:
    """Language, the office in hand, the request's id."""
    return {
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "capacity": getattr(request, "capacity", None),
        "request_id": requests.current(),
        "demo": settings.DEMO,
        "debug": settings.DEBUG,
    }
