"""A small site on which everything fails, for the tests of what is shown then."""

from __future__ import annotations

import errno
import threading

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import include, path
from django.views.decorators.http import require_POST

from gongkai.web.accounts.models import Account
from gongkai.web.shell import once
from gongkai.web.shell.access import Role, acting, public

waiting: list[threading.Event] = []


@public
def save(request: HttpRequest) -> HttpResponse:
    """Writes an account named as typed."""
    with transaction.atomic():
        Account.objects.create_user(request.POST["username"], name="陈示例")
        if "fail" in request.POST:
            raise RuntimeError("halfway")
        if "full" in request.POST:
            raise OSError(errno.ENOSPC, "No space left on device")
    return HttpResponse("saved")


@public
def save_once(request: HttpRequest) -> HttpResponse:
    """Writes an account once, and leads to it."""
    done = once.earlier(request)
    if done is not None:
        once.told(request)
        return once.led(done)
    with transaction.atomic():
        once.claim(request)
        if waiting:
            waiting[0].wait(5)
        made = Account.objects.create_user(request.POST["username"], name="陈示例")
        once.settle(request, f"/saved/{made.pk}")
    return HttpResponseRedirect(f"/saved/{made.pk}")


@public
def saved(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(f"{pk}")


@public
def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


@public
def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@public
@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@public
def only_put(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotAllowed(["PUT"])


@acting(Role.HANDLER)
def for_handlers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for handlers")


urlpatterns = [
    path("save", save),
    path("save-once", save_once),
    path("saved/<int:pk>", saved),
    path("break", break_down),
    path("denied", denied),
    path("only-post", only_post),
    path("only-put", only_put),
    path("for-handlers", for_handlers),
    path("", include("gongkai.web.urls")),
]
handler400 = "gongkai.web.shell.failures.bad_request"
handler403 = "gongkai.web.shell.failures.permission_denied"
handler404 = "gongkai.web.shell.failures.not_found"
handler500 = "gongkai.web.shell.failures.server_error"
