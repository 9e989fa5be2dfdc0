"""The routes of this app. An organ's address is its code, in capitals; words are lists."""

from __future__ import annotations

from django.urls import path, register_converter

from gongkai.web.organs import views


class Code:
    """单位编号 in an address."""

    regex = "[A-Z0-9-]{2,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "code")

app_name = "organs"
urlpatterns = [
    path("", views.organs, name="list"),
    path("tree/", views.organ_tree, name="tree"),
    path("suggest/", views.suggest, name="suggest"),
    path("new/", views.found, name="found"),
    path("merge/", views.merge, name="merge"),
    path("reconsideration/", views.reconsideration_of_many, name="reconsideration_of_many"),
    path("<code:code>/", views.organ, name="organ"),
    path("<code:code>/edit/", views.change, name="change"),
    path("<code:code>/rename/", views.rename, name="rename"),
    path("<code:code>/move/", views.move, name="move"),
    path("<code:code>/split/", views.split, name="split"),
    path("<code:code>/close/", views.close, name="close"),
    path("<code:code>/reopen/", views.reopen, name="reopen"),
    path("<code:code>/reconsideration/", views.reconsideration, name="reconsideration"),
]
