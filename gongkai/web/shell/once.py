"""一次提交: a form sent twice acts once; the second sending is led to the result of the first.

A form carries a hidden ``_once`` made by `token`. The token is claimed in the transaction of the
act and settled with the address of its result there, so that it stands if and only if the act
does::

    done = once.earlier(request)            # sent before, and finished
    with transaction.atomic():
        once.claim(request)                 # raises Repeated where another sending was first
        result = act(...)
        once.settle(request, result.address)

Of two sendings at the same moment the database lets one claim; the other waits for it, and gets
Repeated when the first is done, or acts itself when the first was refused. `failures` turns a
Repeated that nobody caught into the way to the first result. A form without a token is simply done.
"""

from __future__ import annotations

import re
import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.shell.models import Submission

FIELD = "_once"
_TOKEN = re.compile(r"[\w-]{43}")


class Repeated(Exception):
    """重复提交: another sending of the same form was first; ``submission`` has its result."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(submission.result)
        self.submission = submission


def token() -> str:
    """A new value for the hidden field."""
    return secrets.token_urlsafe(32)


def earlier(request: HttpRequest) -> Submission | None:
    """What this form did when it was sent before, None where it is sent for the first time.

    Raises PermissionDenied where it was sent under another account.
    """
    found = Submission.objects.filter(token=_sent(request)).first() if _sent(request) else None
    if found is not None and found.account_id != _account(request):
        raise PermissionDenied("the form was sent under another account")
    return found


def claim(request: HttpRequest) -> None:
    """Takes the form's token; inside the transaction of the act, before it.

    Raises Repeated where another sending has it, PermissionDenied where another account has.
    """
    sent = _sent(request)
    if not sent:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("once.claim belongs into the transaction of the act")
    try:
        with transaction.atomic():  # a savepoint: the outer transaction stays usable
            Submission.objects.create(
                token=sent, account_id=_account(request), done_at=timezone.now()
            )
    except IntegrityError:
        found = earlier(request)
        if found is None:  # a database that shows the clash but not yet the row
            raise
        raise Repeated(found) from None


def settle(request: HttpRequest, address: str) -> None:
    """Keeps where the result is; in the same transaction as `claim`."""
    longest = Submission._meta.get_field("result").max_length or 0
    kept = address if len(address) <= longest else address.partition("?")[0][:longest]
    Submission.objects.filter(token=_sent(request)).update(result=kept)


def led(submission: Submission) -> HttpResponse:
    """To the result of the first sending, the front page where it has none of its own."""
    return HttpResponseRedirect(submission.result or "/")


def told(request: HttpRequest) -> None:
    """The message that goes with `led`."""
    messages.info(request, _("这份表单已经提交过，这是上次的结果。"))


def _sent(request: HttpRequest) -> str:
    sent = request.POST.get(FIELD, "") if request.method == "POST" else ""
    return sent if _TOKEN.fullmatch(sent) else ""


def _account(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None
