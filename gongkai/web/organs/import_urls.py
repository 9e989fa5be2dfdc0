"""The routes of importing and exporting, below /organs/."""

from __future__ import annotations

from django.urls import path

from gongkai.web.organs import import_views as views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/template/", views.import_template, name="import_template"),
    path("imports/export/", views.import_export, name="import_export"),
    path("imports/<int:pk>/", views.import_run, name="import_run"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("imports/<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("imports/<int:pk>/drop/", views.import_drop, name="import_drop"),
    path("imports/<int:pk>/again/", views.import_again, name="import_again"),
    path("imports/<int:pk>/resume/", views.import_resume, name="import_resume"),
    path("imports/<int:pk>/passwords/", views.import_passwords, name="import_passwords"),
    path("imports/<int:pk>/problems/", views.import_problems, name="import_problems"),
]
