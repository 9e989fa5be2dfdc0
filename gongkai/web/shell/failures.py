"""失败页: says what happened, what was kept, what to do, with the request's id.

A failure's page needs no database, no session and no person: it is made from the request alone, and
where even the template cannot be made a plain page says the same. What was typed is offered again
with the form's own one-time token, so that sending it again acts once.
"""

from __future__ import annotations

import html
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core import exceptions
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware import csrf
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

import gongkai
from gongkai.web.shell import failure_words as words
from gongkai.web.shell import kept, languages, once, requests
from gongkai.web.shell.failure_words import Words
from gongkai.web.shell.troubles import Trouble, trouble_of

log = logging.getLogger("gongkai.failure")
Act = dict[str, Any]
_SECRET = re.compile(r"passw|secret|\botp", re.IGNORECASE)
_HEAD = 1 << 20  # what a multipart body holds beside its files
_OF_TROUBLE = {
    Trouble.BUSY: words.BUSY,
    Trouble.GONE: words.GONE,
    Trouble.READ_ONLY: words.READ_ONLY,
    Trouble.FULL: words.FULL,
    Trouble.STORE: words.STORE,
}


class Failures:
    """Turns a database that is locked or gone, a full disk and a too large upload into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > settings.UPLOAD_LIMIT + _HEAD:
            _drain(request)
            return too_large(request)
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            shown = page(request, words.METHOD)
            shown["Allow"] = response.get("Allow", "")
            return shown
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The page of an address or a form with a null character, which not every database can keep
        or look for. Before anything of them is kept or asked for."""
        if not _has_null(request):
            return None
        return page(request, words.NULL_CHARACTER, keeps=words.TYPED_IN_BROWSER)

    def process_exception(self, request: HttpRequest, cause: Exception) -> HttpResponse | None:
        """The page of a failure that is nobody's mistake; None leaves others to Django."""
        if isinstance(cause, once.Repeated):
            once.told(request)
            return kept.lead(request, once.led(cause.submission).headers["Location"])
        return _of_cause(request, cause)


# -- the pages


def page(
    request: HttpRequest,
    said: Words,
    *,
    title: str | Promise = "",
    happened: str | Promise = "",
    keeps: str | Promise = "",
    todo: str | Promise = "",
    acts: Sequence[Act] = (),
    retry: dict[str, Any] | None = None,
    cause: BaseException | None = None,
) -> HttpResponse:
    """The page of a failure: the words given, else those of ``said``.

    ``acts`` are ``{"label", "url"}``, with ``"fields"`` (pairs) a button that posts them. ``retry``
    is what `typed` gives. Logs one line.
    """
    why = f": {type(cause).__name__}: {cause}" if cause is not None else ""
    level = logging.ERROR if said.status >= 500 else logging.WARNING
    trace = cause if said.status == 500 else None
    log.log(level, "%s %s %s%s", said.status, request.method, request.path, why, exc_info=trace)
    with translation.override(languages.of(request)):
        shown = {
            "status": said.status,
            "title": str(title or said.title),
            "happened": str(happened or said.happened),
            "kept": str(keeps) if keeps else _kept(request, retry),
            "todo": str(todo or said.todo),
            "request_id": requests.current(),
            "acts": list(acts) or [{"label": _("回到首页"), "url": "/"}],
            "retry": retry,
        }
        response = HttpResponse(_rendered(request, shown), status=said.status)
    if said.again is not None:
        response["Retry-After"] = str(said.again)
    response["Cache-Control"] = "no-store"
    if request.headers.get("HX-Request") == "true":
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    response._has_been_logged = True  # type: ignore[attr-defined]  # here, and with the request's id
    return response


def forbidden(request: HttpRequest, *, needed: Iterable[str]) -> HttpResponse:
    """The page of a route another role may open; offers to switch where the person holds it."""
    roles = set(needed)
    with translation.override(languages.of(request)):
        named = [str(label) for role, label in words.ROLES.items() if role in roles]
        happened = _("这个页面由%(roles)s使用。") % {"roles": _("、").join(named)} if named else ""
        acts = [_switch(request, held) for held in _held(request) if held.role in roles]
        todo = _("您另有可以使用的身份，请先切换。") if acts else ""
    typed_in = typed(request) if request.method == "POST" else None
    return page(request, words.FORBIDDEN, happened=happened, todo=todo, acts=acts, retry=typed_in)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form whose token is missing or stale.

    Where `kept` knows its author, the form comes back filled. Where else the browser's Origin tells
    that it came from a page of ours, it may be sent again with a token of today.
    """
    way = kept.after_csrf_failure(request)
    if way is not None:
        log.warning("403 %s %s: kept: %s", request.method, request.path, reason)
        return way
    foreign = "HTTP_ORIGIN" not in request.META or reason.startswith(("Origin", "Referer"))
    if foreign:
        return page(request, words.FOREIGN_FORM)
    return page(request, words.STALE_FORM, retry=typed(request, fresh=csrf.get_token(request)))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    if isinstance(exception, exceptions.RequestDataTooBig | exceptions.TooManyFilesSent):
        _drain(request)
        return too_large(request)
    if isinstance(exception, exceptions.TooManyFieldsSent):
        _drain(request)
        return page(request, words.TOO_MANY_FIELDS, keeps=words.TYPED_IN_BROWSER)
    if isinstance(exception, exceptions.DisallowedHost):
        return page(request, words.WRONG_HOST, acts=[])
    if isinstance(exception, SessionInterrupted):
        return page(request, words.SIGNED_OUT, keeps=words.TYPED_IN_BROWSER)
    return page(request, words.BAD_REQUEST, cause=exception)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return page(request, words.FORBIDDEN, retry=typed(request), cause=exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: what does not exist and what may not be seen look the same."""
    return page(request, words.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    cause = sys.exc_info()[1]
    known = _of_cause(request, cause) if cause is not None else None
    return known or page(request, words.UNEXPECTED, retry=typed(request), cause=cause)


def too_large(request: HttpRequest) -> HttpResponse:
    """The page of an upload beyond the limit (GONGKAI_UPLOAD_MB)."""
    most = settings.UPLOAD_LIMIT >> 20
    with translation.override(languages.of(request)):
        happened = _("这次提交超过了 %(most)d MB 的上限，没有接收。") % {"most": most}
    return page(request, words.TOO_LARGE, happened=happened, keeps=words.TYPED_IN_BROWSER)


def too_often(request: HttpRequest, *, happened: str = "", todo: str = "") -> HttpResponse:
    """429, for whoever counts."""
    return page(request, words.TOO_OFTEN, happened=happened, todo=todo)


def _has_null(request: HttpRequest) -> bool:
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if request.method != "POST":
        return False
    try:
        sent = request.POST.lists()
    except UnreadablePostError:
        return False
    return any("\0" in text for name, values in sent for text in (name, *values))


def _of_cause(request: HttpRequest, cause: BaseException) -> HttpResponse | None:
    trouble = trouble_of(cause)
    if trouble is None:
        return None
    return page(request, _OF_TROUBLE[trouble], retry=typed(request), cause=cause)


# -- what was typed


def typed(request: HttpRequest, *, fresh: str = "") -> dict[str, Any] | None:
    """The form that was sent, to be sent again: ``url``, ``fields`` (pairs), ``secrets`` and
    ``files`` (names to be filled anew). None where nothing was sent or it cannot be read.

    ``fresh`` is a token against forgery to put in place of the sent one.
    """
    if request.method != "POST" or request.headers.get("HX-Request") == "true":
        return None
    try:
        sent = [(name, value) for name, all in request.POST.lists() for value in all]
        files = list(request.FILES)
    except Exception:  # it was too large, or the sender has gone
        return None
    if not sent and not files:
        return None
    fields = [(n, fresh if fresh and n == "csrfmiddlewaretoken" else v) for n, v in sent]
    return {
        "url": request.get_full_path(),
        "fields": [pair for pair in fields if not _SECRET.search(pair[0])],
        "secrets": sorted({name for name, _value in sent if _SECRET.search(name)}),
        "files": files,
    }


def _kept(request: HttpRequest, retry: dict[str, Any] | None) -> str:
    if retry is not None:
        said = [words.TYPED_STAYS]
        said += [words.SECRETS_AGAIN] if retry["secrets"] else []
        said += [words.FILES_AGAIN] if retry["files"] else []
        return (" " if languages.lang() == "en" else "").join(str(one) for one in said)
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return str(words.NOTHING_CHANGED)
    return str(words.TYPED_IN_BROWSER)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0


def _drain(request: HttpRequest, most: int = 1 << 30, seconds: float = 20) -> None:
    """Reads a refused body and throws it away: a browser shows no answer before it has sent all."""
    source = request.META.get("wsgi.input")
    left, until = min(_length(request), most), time.monotonic() + seconds
    try:
        while source is not None and left > 0 and time.monotonic() < until:
            got = len(source.read(min(left, 1 << 16)))
            left -= got
            if not got:
                return
    except (OSError, ValueError, AssertionError):
        return  # whoever sent it has gone


# -- whom it is shown to


def _held(request: HttpRequest) -> list[Any]:
    return list(getattr(request, "capacities", ()))


def _switch(request: HttpRequest, held: Any) -> Act:
    label = _("切换为%(organ)s%(role)s") % {"organ": held.organ.name, "role": held.role_label}
    back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    fields = [
        ("csrfmiddlewaretoken", csrf.get_token(request)),
        ("capacity", held.key),
        ("next", back),
    ]
    try:
        return {"label": label, "url": reverse("organs:switch"), "fields": fields}
    except NoReverseMatch:
        return {"label": label, "url": "/"}


def _rendered(request: HttpRequest, shown: dict[str, Any]) -> str:
    fragment = request.headers.get("HX-Request") == "true"
    context = {
        **shown,
        "LANGUAGE_CODE": languages.of(request),
        "plain": True,
        "demo": settings.DEMO,
        "debug": settings.DEBUG,
        "version": gongkai.__version__,
    }
    try:
        return render_to_string("error_toast.html" if fragment else "error.html", context)
    except Exception:
        log.exception("the page of a failure failed")
        return _plainly(shown)


def _plainly(shown: dict[str, Any]) -> str:
    """The last resort, made of nothing but text."""
    said = [shown["happened"], shown["kept"], shown["todo"]]
    lines = "".join(f"<p>{html.escape(str(line))}</p>" for line in said)
    title = html.escape(str(shown["title"]))
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<h1>{title}</h1>{lines}{_again(shown['retry'])}"
        f"<p>请求编号 Request id: <code>{html.escape(shown['request_id'])}</code></p></body></html>"
    )


def _again(retry: dict[str, Any] | None) -> str:
    if retry is None:
        return ""
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in retry["fields"]
    )
    secret = "".join(
        f'<label>{html.escape(name)} <input type="password" name="{html.escape(name)}"></label>'
        for name in retry["secrets"]
    )
    files = "".join(f'<input type="file" name="{html.escape(n)}">' for n in retry["files"])
    return (
        f'<form method="post" action="{html.escape(retry["url"])}" enctype="multipart/form-data">'
        f"{hidden}{secret}{files}<button>再试一次 Try again</button></form>"
    )
