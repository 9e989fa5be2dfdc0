"""样式一览: every component in every state, for whoever builds pages; only where debugging is on."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.web.shell.access import public


@public
def show(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide.html")
