"""查询码的核对: who knows the code and the end of a contact that was given sees the application.

Wrong and unknown are answered alike, in words and in time, and counted alike: by the code that was
typed and by the address it came from. A try is counted before it is looked at, on rows that are
locked, so that many at once, or in several processes, are no more than one after the other. After
some failures the next try is looked at only after a wait that doubles with each further one.
"""

from __future__ import annotations

import hmac
import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.web.applications.models import Request, TrackingTries
from gongkai.web.ledger import keys, vault
from gongkai.web.shell.refusals import Refusal

COOKIE = "gongkai_track"
STAYS = timedelta(minutes=30)  # after that the code is asked for again
FORGOTTEN = timedelta(hours=24)  # failures count so long
TAIL = 4  # characters of the contact
FLOOR = 0.3  # seconds: no answer to a try leaves sooner, so that its time tells nothing
_SALT = "gongkai.tracking"


@dataclass(frozen=True, slots=True)
class Limit:
    """限次: so many failures are free; then a wait that doubles, up to the longest."""

    free: int
    first: timedelta
    longest: timedelta


OF_CODE = Limit(5, timedelta(minutes=1), timedelta(hours=1))
OF_ADDRESS = Limit(30, timedelta(seconds=5), timedelta(minutes=15))


class NotFound(Refusal):
    """查不到: the code, or the end of the contact, or both; which is not said."""

    def __init__(self) -> None:
        super().__init__(
            _("没有查到。请核对查询码和联系方式的后四位；都对仍查不到的，请与受理机关联系。")
        )


class Slowed(Refusal):
    """稍后再试: too many failures of late; this try was not looked at."""

    def __init__(self, until: datetime) -> None:
        until = until.replace(microsecond=0) + timedelta(seconds=1)
        clock = date_format(timezone.localtime(until), "H:i:s")
        super().__init__(
            _now("近来没有查到的次数太多，请在 %(clock)s 之后再试；这一次没有核对。")
            % {"clock": clock}
        )
        self.until = until


def enter(*, code: str, tail: str, address: str, at: datetime) -> Request:
    """核对: the request of a code. Raises NotFound, Slowed; takes as long whatever it finds."""
    typed = re.sub(r"[\s\-]", "", _plain(code)).upper()
    by_code, by_address = _key("code", typed), _key("address", address)
    _count({by_code: OF_CODE, by_address: OF_ADDRESS}, at)
    began = time.monotonic()
    try:
        found = _looked_up(typed, tail)
    finally:
        time.sleep(max(0.0, FLOOR - (time.monotonic() - began)))
    if found is None:
        raise NotFound
    _take_back(by_code, by_address)
    return found


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).strip()


def _key(kind: str, value: str) -> str:
    return salted_hmac(_SALT, f"{kind}\0{value}", algorithm="sha256").hexdigest()


# -- how often


@transaction.atomic
def _count(limits: dict[str, Limit], at: datetime) -> None:
    """Counts a try as failed before it is looked at. Raises Slowed, counting nothing."""
    TrackingTries.objects.filter(last_at__lt=at - FORGOTTEN).delete()
    for key in sorted(limits):
        TrackingTries.objects.get_or_create(key=key, defaults={"last_at": at})
    rows = list(TrackingTries.objects.select_for_update().filter(key__in=limits).order_by("key"))
    waits = [until for row in rows if (until := _until(row, limits[row.key])) > at]
    if waits:
        raise Slowed(max(waits))
    for row in rows:
        row.failures += 1
        row.last_at = at
        row.save(update_fields=["failures", "last_at"])


def _until(row: TrackingTries, limit: Limit) -> datetime:
    over = row.failures - limit.free
    if over < 0:
        return row.last_at - timedelta(seconds=1)
    until: datetime = row.last_at + min(limit.first * 2 ** min(over, 16), limit.longest)
    return until


@transaction.atomic
def _take_back(by_code: str, by_address: str) -> None:
    """What was right was no failure; those of the address before it stay counted."""
    TrackingTries.objects.filter(key=by_code).update(failures=0)
    row = TrackingTries.objects.select_for_update().filter(key=by_address).first()
    if row is not None and row.failures:
        row.failures -= 1
        row.save(update_fields=["failures"])


# -- whose


def _looked_up(code: str, tail: str) -> Request | None:
    request = Request.objects.filter(code=code).select_related("organ").first()
    wanted = _plain(tail).casefold().encode()
    known = [False]
    for end in _ends(request):
        known.append(hmac.compare_digest(end.encode(), wanted))
    return request if any(known) and len(wanted) else None


def _ends(request: Request | None) -> Iterator[str]:
    """The ends of every contact that was given with a request, its agents' among them."""
    if request is None:
        return
    for one in request.applicants.select_related("phone", "email"):
        for secret in (one.phone, one.email):
            if secret is None:
                continue
            try:
                yield end_of(vault.open_(secret), secret.label)
            except (vault.Erased, keys.Unreadable):
                continue
        if one.postcode:
            yield end_of(one.postcode, "postcode")


def end_of(contact: str, label: str) -> str:
    """The last four: of the digits of a number, of an e-mail address before its @ (what stands
    behind it, such as “.com”, everybody knows)."""
    said = _plain(contact).casefold()
    if label == "email":
        return said.partition("@")[0][-TAIL:]
    return re.sub(r"\D", "", said)[-TAIL:]


# -- afterwards


def remember(answer: HttpResponse, request: Request) -> None:
    """Lets the browser that knew it see the page for a while, by a signed cookie."""
    answer.set_cookie(
        COOKIE,
        signing.dumps(request.code, salt=_SALT),
        max_age=STAYS,
        path=reverse("tracking:start"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(answer: HttpResponse) -> None:
    """Ends it."""
    answer.delete_cookie(COOKIE, path=reverse("tracking:start"), samesite="Lax")


def remembered(request: HttpRequest) -> Request | None:
    """The application that this browser may see; None where none, or the time is over."""
    try:
        code = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=STAYS)
    except signing.BadSignature:
        return None
    return Request.objects.filter(code=str(code)).select_related("organ").first()
