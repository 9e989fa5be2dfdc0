"""锁定: after too many failures, the page says when to return and whom to ask.

Known and unknown names are counted and answered alike. django-axes counts by name and address.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongkai.web.shell import requests


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """How long a lock-out lasts (GONGKAI_LOCKOUT_MINUTES)."""
    return timedelta(minutes=settings.LOCKOUT_MINUTES)


def locked_out(
    request: HttpRequest,
    original: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a locked account; django-axes puts it in the place of the sign-in page."""
    now = timezone.now()
    until = free_at(request, str((credentials or {}).get("username", "")), now)
    seconds = max(1, math.ceil((until - now).total_seconds()))
    shown = {
        "plain": True,
        "failures": settings.AXES_FAILURE_LIMIT,
        "until": whole_minute(until),
        "today": timezone.localdate(until) == timezone.localdate(now),
    }
    page = render(request, "accounts/locked.html", shown, status=429)
    page["Retry-After"] = str(seconds)
    page["Cache-Control"] = "no-store"
    return page


def free_at(request: HttpRequest, username: str, at: datetime) -> datetime:
    """When so few of the failures still count that the name may be tried again."""
    counted = AccessAttempt.objects.filter(
        username=username,
        ip_address=requests.address(request) or None,
        attempt_time__gte=at - cool_off(),
    ).order_by("attempt_time")
    failures: list[tuple[datetime, int]] = list(
        counted.values_list("attempt_time", "failures_since_start")
    )
    left = sum(n for _at, n in failures)
    for attempted, n in failures:
        left -= n
        if left < settings.AXES_FAILURE_LIMIT:
            return attempted + cool_off()
    return at + cool_off()


def tries_left(request: HttpRequest) -> int | None:
    """How many wrong passwords the name may still have; None where axes did not count."""
    counted = getattr(request, "axes_failures_since_start", None)
    return None if counted is None else max(0, settings.AXES_FAILURE_LIMIT - counted)


def whole_minute(moment: datetime) -> datetime:
    """The next whole minute, so that coming back at the time told is never too early."""
    if moment.second or moment.microsecond:
        moment += timedelta(minutes=1)
    return moment.replace(second=0, microsecond=0)
