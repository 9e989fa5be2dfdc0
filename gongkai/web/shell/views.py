"""外壳页面: what belongs to no app: the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongkai.web.shell.access import public
from gongkai.web.shell.languages import COOKIE, KNOWN


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """选择语言: kept for a year and goes back to the page."""
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(to if safe else "/")
    chosen = request.POST.get("language", "")
    if chosen in KNOWN:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=365 * 86400,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response
