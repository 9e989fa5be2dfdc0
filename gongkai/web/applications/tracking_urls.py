"""The map of the applicant's page."""

from __future__ import annotations

from django.urls import path

from gongkai.web.applications import tracking_views as views

app_name = "tracking"
urlpatterns = [
    path("", views.start, name="start"),
    path("case/", views.case, name="case"),
    path("case/<int:part>/<slug:what>/", views.send, name="send"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("leave/", views.leave, name="leave"),
]
