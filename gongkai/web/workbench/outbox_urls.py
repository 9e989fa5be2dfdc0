"""待发消息的地址。"""

from __future__ import annotations

from django.urls import path

from gongkai.web.workbench import outbox_views as views

app_name = "outbox"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/", views.message, name="message"),
    path("<int:pk>/retry/", views.retry, name="retry"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/address/", views.reveal, name="reveal"),
]
