"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from gongkai.web.shell import health, styleguide, views

app_name = "shell"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("language/", views.language, name="language"),
    path("styleguide/", styleguide.show, name="styleguide"),
]
