"""保留填写: what was typed when the session had ended waits until its author has signed in again.

A page with a form tells who opened it, in a hidden field::

    {"author": kept.author_token(request)}          <input type="hidden" name="_author" value="...">

When the form arrives and nobody is signed in (`to_sign_in`), or its CSRF token is stale because
the person signed in again elsewhere (`after_csrf_failure`), what was typed is kept for that
author, and the address to come back to gets ``?kept=KEY``. The page there asks for it::

    data = kept.restored(request)                   # a QueryDict, or None
    text = kept.notice(request)                     # what to say above the form, "" without data
    ...
    kept.forget(request)                            # once the form has done its work

Only its author gets it, on the page of the same form, within a day. Passwords, codes, files and
fields whose names begin with ``_`` are not kept; of files their names are told, to be chosen again.
`sweep` is for the daily job.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from gongkai.web.shell import held
from gongkai.web.shell.models import KeptInput

FIELD = "_author"
PARAMETER = "kept"
KEEP = timedelta(hours=24)
PAGE_OPEN = timedelta(days=7)  # how long a page may have stood open
MOST = 20  # of one account
LARGEST = 1_000_000  # characters of one form
_FILES = "_files"
_SALT = "gongkai.kept.author"
_SECRET = re.compile(r"passw|secret|otp|csrf|^_", re.IGNORECASE)


def author_token(request: HttpRequest) -> str:
    """Who opened the page, signed; empty where nobody is signed in."""
    if not request.user.is_authenticated:
        return ""
    return signing.dumps(request.user.pk, salt=_SALT)


def author(request: HttpRequest) -> int | None:
    """Whose form was sent, by its signed field."""
    try:
        found = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=PAGE_OPEN)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a form that was sent is kept for its author."""
    sender = author(request) if request.method == "POST" else None
    back = page_of(request) if sender is None else keep(request, sender)
    if request.method == "POST" and not key_in(back):
        messages.warning(request, _("登录已过期，刚才的操作没有办理，请登录后再做一次。"))
    return lead(request, redirect_to_login(back).headers["Location"])


def after_csrf_failure(request: HttpRequest) -> HttpResponse | None:
    """The way on where a form's CSRF token is stale for an innocent reason, None where it is not.

    Signed in again in another tab: back to the form, with what was typed. Signed in no more: to
    the sign-in page, likewise. Signed in as somebody else: nothing is sent in that name, and what
    was typed waits for its author. A stale sign-in page: shown anew.
    """
    if request.path == resolve_url(settings.LOGIN_URL):
        messages.info(request, _("这一页打开得太久，请再登录一次。"))
        return lead(request, request.get_full_path())
    sender = author(request)
    if sender is None:
        return None
    if not request.user.is_authenticated:
        return to_sign_in(request)
    back = keep(request, sender)
    if sender != request.user.pk:
        messages.warning(
            request,
            _(
                "这一页是用另一个账号打开的，没有提交。内容已为那个账号保留，用它登录后打开本页可继续。"
            ),
        )
    return lead(request, back)


def keep(request: HttpRequest, account: int) -> str:
    """Keeps what was typed for an account; returns the address of the page that shows it again."""
    fields = harmless(request.POST)
    files = [file.name for name in request.FILES for file in request.FILES.getlist(name)]
    files += held.names(request)
    back = page_of(request)
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if not (fields or files) or size > LARGEST:
        return back
    key = secrets.token_urlsafe(32)
    KeptInput.objects.create(
        key=key,
        account_id=account,
        path=request.path,
        data={**fields, _FILES: files},
        kept_at=timezone.now(),
    )
    newest = KeptInput.objects.filter(account_id=account).order_by("-kept_at", "-pk")
    KeptInput.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])).delete()
    return _with(back, key)


def harmless(data: QueryDict) -> dict[str, list[Any]]:
    """What was typed, without what is never kept."""
    return {name: values for name, values in data.lists() if not _SECRET.search(name)}


def restored(request: HttpRequest, path: str = "") -> QueryDict | None:
    """What this person typed into this form before the session ended, None where nothing is kept.

    ``path`` is where the form is sent to, the page's own address unless given: of several forms
    on a page only the one that was sent gets its data back.
    """
    found = _found(request)
    if found is None or found.path != (path or request.path):
        return None
    data = QueryDict(mutable=True)
    for name, values in found.data.items():
        if name != _FILES:
            data.setlist(name, values)
    data._mutable = False
    return data


def notice(request: HttpRequest) -> str:
    """What stands above a form that is shown with what was kept; empty where nothing is."""
    found = _found(request)
    if found is None:
        return ""
    files = found.data.get(_FILES) or []
    if not files:
        return _("登录已过期；您填写的内容已保留，请核对后重新提交。")
    if len(found.data) == 1:
        said = _("登录已过期，文件没有提交，也不能保留。请重新选择后再提交：%(names)s。")
    else:
        said = _(
            "登录已过期；您填写的内容已保留，请核对后重新提交。文件不能保留，请重新选择：%(names)s。"
        )
    return said % {"names": _("、").join(files)}


def notice_before(address: str) -> str:
    """What the sign-in page says of what waits at the address it leads to; empty without it."""
    found = KeptInput.objects.filter(key=key_in(address)).first()
    if found is None:
        return ""
    if not found.data.get(_FILES):
        return _("您填写的内容已保留，登录后可继续填写。")
    if len(found.data) == 1:
        return _("刚才的文件没有提交，登录后请重新选择。")
    return _("您填写的内容已保留，登录后可继续填写；文件须重新选择。")


def key_in(address: str) -> str:
    """The key of what is kept, out of an address to come back to; empty where it has none."""
    return dict(parse_qsl(urlsplit(address).query)).get(PARAMETER, "")


def forget(request: HttpRequest) -> None:
    """What was kept has done its work."""
    key = request.GET.get(PARAMETER) or request.POST.get("_kept")
    if key and request.user.is_authenticated:
        KeptInput.objects.filter(key=key, account_id=request.user.pk).delete()


def sweep(at: datetime) -> int:
    """Deletes what nobody came back for; says how many."""
    gone, _by_model = KeptInput.objects.filter(kept_at__lt=at - KEEP).delete()
    return gone


def lead(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect that htmx follows with the whole page, not with the part it asked for."""
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(address)
    return HttpResponse(status=200, headers={"HX-Redirect": address})


def page_of(request: HttpRequest) -> str:
    """The address to come back to: of a form or a part of a page, the page it stands on."""
    own = request.get_full_path()
    asked_for_page = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
    if asked_for_page:
        return own
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(
        said, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return own
    parts = urlsplit(said)
    if not parts.path.startswith("/") or parts.path == resolve_url(settings.LOGIN_URL):
        return own
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _found(request: HttpRequest) -> KeptInput | None:
    key = request.GET.get(PARAMETER, "")
    if not key or request.method != "GET" or not request.user.is_authenticated:
        return None
    found = KeptInput.objects.filter(
        key=key, account_id=request.user.pk, kept_at__gt=timezone.now() - KEEP
    ).first()
    return found if found and found.data else None  # sealed with a key that is gone: nothing


def _with(address: str, key: str) -> str:
    parts = urlsplit(address)
    query = [(n, v) for n, v in parse_qsl(parts.query, True) if n != PARAMETER]
    return f"{parts.path}?{urlencode([*query, (PARAMETER, key)])}"
