"""工作台页面。"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.web.shell.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """首页: what waits for this person in the capacity in hand."""
    return render(request, "workbench/home.html")
