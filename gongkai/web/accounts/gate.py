"""关口: whoever must change the password or set up the second factor does that first.

Public pages (sign-out, /healthz, files among them) are never blocked; of the others only those of
the step that is due. Also keeps, once in a while, that a session is still used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.accounts import passwords, second_factor, shown_codes
from gongkai.web.accounts.models import Account
from gongkai.web.accounts.sessions import CODE_GIVEN, SessionStore
from gongkai.web.shell import kept
from gongkai.web.shell.access import View, rule_of

log = logging.getLogger("gongkai.accounts")
PASSWORD = "accounts:password"
SECOND_FACTOR = "accounts:second_factor"


def before_steps(view: View) -> View:
    """A signed-in page that must open while a step is due: it is the step, or leads out of it."""
    view.before_steps = True  # type: ignore[attr-defined]
    return view


class Gate:
    """Leads to the step that is due, and lets nothing else be opened before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        now = timezone.now()
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            shown_codes.forget_old(request.session, now)
        _touch(request, now)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rule = rule_of(view)
        if (rule is not None and rule.public) or getattr(view, "before_steps", False):
            return None
        if not request.user.is_authenticated:
            return None
        return _led(request, request.user, timezone.now())


def _led(request: HttpRequest, account: Account, at: datetime) -> HttpResponse | None:
    """The way to the step that is due, None where none is."""
    if passwords.is_due(account, at):
        return kept.lead(request, _to(PASSWORD, request, account))
    if not second_factor.required() or request.session.get(CODE_GIVEN):
        return None
    if not second_factor.is_on(account):
        return kept.lead(request, _to(SECOND_FACTOR, request, account))
    # Signed in before codes were asked for: the code is given by signing in again.
    logout(request)
    messages.info(request, _("现在须用动态口令登录，请重新登录。"))
    return kept.to_sign_in(request)


def _to(step: str, request: HttpRequest, account: Account) -> str:
    """The step's address, with where to go on afterwards; what was typed is kept until then."""
    sent = request.method == "POST"
    back = kept.keep(request, account.pk) if sent else kept.page_of(request)
    return f"{reverse(step)}?{urlencode({'next': back})}"


def _touch(request: HttpRequest, at: datetime) -> None:
    session = getattr(request, "session", None)
    if not isinstance(session, SessionStore):
        return
    try:
        session.touch(at)
    except OperationalError:  # a full disk or a busy database: the page itself is ready
        log.warning("could not keep that a session is used", exc_info=True)
