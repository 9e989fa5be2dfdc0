"""放假安排的地址。"""

from __future__ import annotations

from django.urls import path

from gongkai.web.workbench import calendar_views as views

app_name = "calendar"
urlpatterns = [
    path("", views.years, name="list"),
    path("enter/", views.enter, name="enter"),
    path("template.xlsx", views.template, name="template"),
    path("<int:year>/", views.year, name="year"),
    path("notices/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
