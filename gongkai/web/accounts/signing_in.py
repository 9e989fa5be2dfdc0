"""登录过程: password first, then the code; only then is anybody signed in.

Between the two steps the session belongs to nobody: it only notes which account waits for its
code. That is safer than signing in at the password and hiding the pages behind a check of
``is_verified``: a route, a middleware or an interface that forgets the check would let a half
signed-in person through, while here there is nobody to let through.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.web.accounts import actions, lockout
from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.accounts.sessions import CODE_GIVEN, SessionStore
from gongkai.web.shell import requests

BACKEND = "django.contrib.auth.backends.ModelBackend"
TRIES = 5  # wrong codes after which the password is asked again
MINUTES = 10  # the code must be given in this time
_WAITING = "waiting_for_code"


@dataclass(frozen=True, slots=True)
class Earlier:
    """上次登录: when and where from."""

    at: datetime | None
    address: str | None


def try_password(
    request: HttpRequest, username: str, password: str, at: datetime
) -> Account | None:
    """The account whose name and password these are; a failure of a known account is told.

    Raises lockout.Slowed where it is not looked at yet.
    """
    lockout.check(request, username, at)
    found = authenticate(request, username=username, password=password)
    if isinstance(found, Account):
        return found
    known = Account.objects.filter(username=username).first()
    if known is not None and lockout.was_counted(request):
        actions.failed(
            AccountEvent.Kind.WRONG_PASSWORD,
            account=known,
            at=at,
            address=address(request),
            locked=lockout.is_locked_out(request),
        )
    return None


def let_in(request: HttpRequest, account: Account, at: datetime, *, with_code: bool) -> Earlier:
    """Signs in, and says when and where it was done the time before."""
    earlier = Earlier(account.last_login, account.last_address)
    login(request, account, backend=BACKEND)
    here = address(request)
    session = request.session
    if isinstance(session, SessionStore):
        session.came_from(here, request.headers.get("User-Agent", ""))
    session.pop(_WAITING, None)
    if with_code:
        session[CODE_GIVEN] = True
    actions.signed_in(account=account, at=at, address=here)
    return earlier


# -- between password and code


def wait_for_code(request: HttpRequest, account: Account, to: str, at: datetime) -> None:
    """The password was right: notes who must give a code now, in a session with a new key."""
    request.session.cycle_key()
    request.session[_WAITING] = {
        "account": account.pk,
        "hash": account.get_session_auth_hash(),
        "at": at.isoformat(),
        "to": to,
        "missed": 0,
    }


def waiting(request: HttpRequest, at: datetime) -> Account | None:
    """Whose code is awaited; nobody's once the time is over or the password was changed."""
    noted = request.session.get(_WAITING)
    if noted is None:
        return None
    account = Account.objects.filter(pk=noted["account"], is_active=True).first()
    late = at - datetime.fromisoformat(noted["at"]) > timedelta(minutes=MINUTES)
    if (
        account is None
        or late
        or not constant_time_compare(noted["hash"], account.get_session_auth_hash())
    ):
        forget(request)
        return None
    return account


def wanted(request: HttpRequest) -> str:
    """Where the waiting person wanted to go."""
    noted = request.session.get(_WAITING) or {}
    return str(noted.get("to", settings.LOGIN_REDIRECT_URL))


def missed(request: HttpRequest) -> bool:
    """Counts a wrong code; False once the password must be asked again."""
    noted = dict(request.session[_WAITING])
    noted["missed"] += 1
    if noted["missed"] >= TRIES:
        forget(request)
        return False
    request.session[_WAITING] = noted
    return True


def forget(request: HttpRequest) -> None:
    request.session.pop(_WAITING, None)


# -- where to, where from


def safe_next(request: HttpRequest) -> str:
    """The ``next`` of the request where it is an address of this service, else the front page."""
    said = request.POST.get("next") or request.GET.get("next") or ""
    inside = said.startswith("/") and url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    return said if inside else settings.LOGIN_REDIRECT_URL


def address(request: HttpRequest) -> str | None:
    """The visitor's address, None where the server does not tell a proper one."""
    try:
        return str(ipaddress.ip_address(requests.address(request)))
    except ValueError:
        return None
