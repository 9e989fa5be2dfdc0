"""请求编号: each request has an id that the page, the answer's header and the log all carry."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: it is read out on the telephone
_current: ContextVar[str] = ContextVar("request_id", default="-")
_known: ContextVar[dict[Any, Any] | None] = ContextVar("known", default=None)
log = logging.getLogger("gongkai.request")
Answer = TypeVar("Answer")


def current() -> str:
    """The id of the request in hand, ``-`` outside one."""
    return _current.get()


def known() -> dict[Any, Any]:
    """What was found out while a page is made, so that it is asked once; kept as long as that.

    Where something may change meanwhile, in every request but GET and outside one, nothing is.
    """
    held = _known.get()
    return {} if held is None else held


def asked_once(key: object, ask: Callable[[], Answer]) -> Answer:
    """What ``ask`` gives, asked once while a page is made (`known`)."""
    held = known()
    if key not in held:
        held[key] = ask()
    found: Answer = held[key]
    return found


class RequestId:
    """Gives every request its id, and the log a line for every one that failed or took long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        token = _current.set(f"{made[:4]}-{made[4:]}")
        known_token = _known.set({} if request.method in ("GET", "HEAD") else None)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current()
            took = time.perf_counter() - began
            if response.status_code >= 500 or took > 2:
                log.warning(
                    "%s %s %s %.0f ms",
                    request.method,
                    request.path,
                    response.status_code,
                    took * 1000,
                )
            return response
        finally:
            _known.reset(known_token)
            _current.reset(token)


def address(request: HttpRequest) -> str:
    """The visitor's address: the one before the trusted proxies, never one a visitor may invent."""
    own = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXIES:
        return own
    said = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
    return said[-settings.PROXIES] if len(said) >= settings.PROXIES else own


class WithRequest(logging.Filter):
    """Adds ``request_id`` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
