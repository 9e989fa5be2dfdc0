"""收件箱的地址。"""

from __future__ import annotations

from django.urls import path

from gongkai.web.workbench import inbox_views as views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("open/", views.open_, name="open"),
    path("settled/", views.settled, name="settled"),
    path("unread/<int:stamp>/", views.unread, name="unread"),
]
