"""锁定: after too many failures, the page says when to return and whom to ask.

Known and unknown names are counted and answered alike. django-axes counts by name and address, and
locks. Who guesses from many addresses, or tries many names from one, is slowed: after many failures
of a name, or from an address, the next password is looked at only after a wait that doubles with
each further failure.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gongkai.web.shell import requests
from gongkai.web.shell.refusals import Refusal

OF_NAME = 5  # times the limit: failures of one name from anywhere, before it is slowed
OF_ADDRESS = 20  # times the limit: failures from one address, of any names
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)


class Slowed(Refusal):
    """稍后再试: too many failures of late; the password was not looked at."""

    def __init__(self, until: datetime) -> None:
        clock = date_format(timezone.localtime(until), "H:i:s")
        super().__init__(_("近来输错太多，请在 %(clock)s 之后再试。") % {"clock": clock})
        self.until = until


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
    username = str((credentials or {}).get("username", ""))
    until = max(free_at(request, username, now), slowed_until(request, username, now) or now)
    return _page(
        request, whole_minute(until), until, now, {"failures": settings.AXES_FAILURE_LIMIT}
    )


def slowed_page(request: HttpRequest, slowed: Slowed, at: datetime) -> HttpResponse:
    """The same page for who is slowed: told to the second, as the wait may be short."""
    return _page(request, slowed.until, slowed.until, at, {"slowed": True})


def _page(
    request: HttpRequest, told: datetime, until: datetime, now: datetime, more: dict[str, Any]
) -> HttpResponse:
    seconds = max(1, math.ceil((until - now).total_seconds()))
    today = timezone.localdate(told) == timezone.localdate(now)
    shown = {"plain": True, "until": told, "today": today, **more}
    page = render(request, "accounts/locked.html", shown, status=429)
    page["Retry-After"] = str(seconds)
    page["Cache-Control"] = "no-store"
    return page


def free_at(request: HttpRequest, username: str, at: datetime) -> datetime:
    """When so few of the failures still count that the name may be tried again."""
    counted = AccessAttempt.objects.filter(
        username=username,
        ip_address=_address(request),
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


def check(request: HttpRequest, username: str, at: datetime) -> None:
    """Raises Slowed where a password of the name is not looked at yet, from here or anywhere."""
    until = slowed_until(request, username, at)
    if until is not None:
        pair = _failures(at).filter(username=username, ip_address=_address(request))
        if (pair.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= settings.AXES_FAILURE_LIMIT:
            until = max(until, free_at(request, username, at))
        raise Slowed(until.replace(microsecond=0) + timedelta(seconds=1))


def slowed_until(request: HttpRequest, username: str, at: datetime) -> datetime | None:
    """When the next password of the name is looked at; None where at once."""
    limit = settings.AXES_FAILURE_LIMIT
    waits = [_wait(at, limit * OF_NAME, username=username)]
    here = _address(request)
    if here is not None:
        waits.append(_wait(at, limit * OF_ADDRESS, ip_address=here))
    coming: list[datetime] = [until for until in waits if until is not None and until > at]
    return max(coming) if coming else None


def _wait(at: datetime, limit: int, **whose: str) -> datetime | None:
    """The end of the wait after the last failure of a name or from an address."""
    found = _failures(at).filter(**whose)
    told = found.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    over = (told["failures"] or 0) - limit
    if over < 0:
        return None
    wait = min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT, cool_off())
    until: datetime = told["last"] + wait
    return until


def _failures(at: datetime) -> QuerySet[AccessAttempt]:
    found: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gte=at - cool_off())
    return found


def _address(request: HttpRequest) -> str | None:
    return requests.address(request) or None


def is_locked_out(request: HttpRequest) -> bool:
    """Whether the password that was just wrong was one too many."""
    return bool(getattr(request, "axes_locked_out", False))


def was_counted(request: HttpRequest) -> bool:
    """Whether a wrong password was looked at; during a lock-out none is."""
    return tries_left(request) is not None


def tries_left(request: HttpRequest) -> int | None:
    """How many wrong passwords the name may still have; None where axes did not count."""
    counted = getattr(request, "axes_failures_since_start", None)
    return None if counted is None else max(0, settings.AXES_FAILURE_LIMIT - counted)


def whole_minute(moment: datetime) -> datetime:
    """The next whole minute, so that coming back at the time told is never too early."""
    if moment.second or moment.microsecond:
        moment += timedelta(minutes=1)
    return moment.replace(second=0, microsecond=0)
