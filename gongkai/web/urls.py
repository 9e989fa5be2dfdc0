"""The map of the service."""

from __future__ import annotations

from django.urls import include, path

from gongkai.web.workbench import views as workbench

urlpatterns = [
    path("", workbench.home, name="home"),
    path("", include("gongkai.web.shell.urls")),
    path("account/", include("gongkai.web.accounts.urls")),
    path("organs/", include("gongkai.web.organs.urls")),
]
