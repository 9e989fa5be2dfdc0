"""The map of the report desk."""

from __future__ import annotations

from django.urls import path

from gongkai.web.desk import outcome_views, report_views, views

app_name = "desk"
_ONE = "reports/<int:pk>/"
urlpatterns = [
    path("", views.reports, name="list"),
    path("unmatched/", views.unmatched, name="unmatched"),
    path("hand-in/", views.hand_in, name="hand_in"),
    path("batches/", views.batches, name="batches"),
    path("batches/new/", views.open_batch, name="open_batch"),
    path("batches/<int:pk>/", views.batch, name="batch"),
    path("batches/<int:pk>/add/", views.add, name="add"),
    path("batches/<int:pk>/progress/", views.batch_progress, name="batch_progress"),
    path("roll-up/", outcome_views.roll_up, name="roll_up"),
    path("findings/", outcome_views.findings, name="findings"),
    path("set-aside/", report_views.set_aside_many, name="set_aside_many"),
    path(_ONE, report_views.report, name="report"),
    path(f"{_ONE}cell/", report_views.cell, name="cell"),
    path(f"{_ONE}mark/", report_views.mark, name="mark"),
    path(f"{_ONE}history/", report_views.history, name="history"),
    path(f"{_ONE}versions/", report_views.versions, name="versions"),
    path(f"{_ONE}versions/<int:number>/", report_views.version, name="version"),
    path(f"{_ONE}versions/<int:number>/original/", report_views.original_file, name="original"),
    path(
        f"{_ONE}versions/<int:number>/pages/<int:sheet>/",
        report_views.picture,
        name="page",
    ),
    path(f"{_ONE}compare/", outcome_views.compare, name="compare"),
    path(f"{_ONE}downloads/", outcome_views.downloads, name="downloads"),
    path(f"{_ONE}file/", outcome_views.file, name="file"),
    path(f"{_ONE}assign/", report_views.assign, name="assign"),
    path(f"{_ONE}unassign/", report_views.unassign, name="unassign"),
    path(f"{_ONE}read-again/", report_views.read_again, name="read_again"),
    path(f"{_ONE}set-aside/", report_views.set_aside, name="set_aside"),
    path(f"{_ONE}bring-back/", report_views.bring_back, name="bring_back"),
]
