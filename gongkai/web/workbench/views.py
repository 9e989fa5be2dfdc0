"""工作台页面。"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.shell.access import signed_in
from gongkai.web.workbench import home as page


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """首页: what waits for this person in the capacity in hand."""
    assert isinstance(request.user, Account)
    capacity = request.capacity or None  # type: ignore[attr-defined]
    held = request.capacities  # type: ignore[attr-defined]
    shown = page.context(request.user, capacity, held, timezone.now())
    return render(request, "workbench/home.html", shown)
