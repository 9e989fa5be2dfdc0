"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from gongkai.web.shell import drafts, health, styleguide, views

app_name = "shell"
urlpatterns = [
    path("drafts/", drafts.save, name="draft"),
    path("drafts/drop/", drafts.drop, name="draft_drop"),
    path("healthz", health.healthz, name="healthz"),
    path("language/", views.language, name="language"),
    path("styleguide/", styleguide.show, name="styleguide"),
]
