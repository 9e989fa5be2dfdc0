"""锁定: after too many failures, the page says when to return."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """How long a lock-out lasts (GONGKAI_LOCKOUT_MINUTES)."""
    return timedelta(minutes=settings.LOCKOUT_MINUTES)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The page of a locked account."""
    return HttpResponse("locked", status=429)
