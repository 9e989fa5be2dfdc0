"""The routes of this app. An organ's address is its code, in capitals; words are lists."""

from __future__ import annotations

from django.urls import path, register_converter

from gongkai.web.organs import (
    import_urls,
    particulars_views,
    people_urls,
    preference_views,
    reminder_views,
    seal_views,
    views,
)


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
    path("particulars/", particulars_views.overview, name="particulars"),
    path("particulars/remind/", reminder_views.remind_many, name="particulars_remind_many"),
    path("reminders/<int:pk>/withdraw/", reminder_views.withdraw, name="reminder_withdraw"),
    *people_urls.urlpatterns,
    *import_urls.urlpatterns,
    path("<code:code>/", views.organ, name="organ"),
    path("<code:code>/edit/", views.change, name="change"),
    path("<code:code>/rename/", views.rename, name="rename"),
    path("<code:code>/move/", views.move, name="move"),
    path("<code:code>/split/", views.split, name="split"),
    path("<code:code>/close/", views.close, name="close"),
    path("<code:code>/reopen/", views.reopen, name="reopen"),
    path("<code:code>/reconsideration/", views.reconsideration, name="reconsideration"),
    path("<code:code>/particulars/", particulars_views.page, name="particulars_of"),
    path("<code:code>/particulars/draft/", particulars_views.draft, name="particulars_draft"),
    path("<code:code>/particulars/edit/", particulars_views.edit, name="particulars_edit"),
    path("<code:code>/particulars/submit/", particulars_views.submit, name="particulars_submit"),
    path("<code:code>/particulars/recall/", particulars_views.recall, name="particulars_recall"),
    path(
        "<code:code>/particulars/withdraw/",
        particulars_views.withdraw,
        name="particulars_withdraw",
    ),
    path("<code:code>/particulars/review/", particulars_views.review, name="particulars_review"),
    path("<code:code>/particulars/approve/", particulars_views.approve, name="particulars_approve"),
    path("<code:code>/particulars/return/", particulars_views.send_back, name="particulars_return"),
    path("<code:code>/particulars/oversee/", particulars_views.oversee, name="particulars_oversee"),
    path("<code:code>/particulars/remind/", reminder_views.remind, name="particulars_remind"),
    path(
        "<code:code>/particulars/send-back/",
        reminder_views.send_back,
        name="particulars_send_back",
    ),
    path("<code:code>/particulars/paper/", particulars_views.paper, name="particulars_paper"),
    path("<code:code>/particulars/compare/", particulars_views.compare, name="particulars_compare"),
    path("<code:code>/particulars/print/", particulars_views.printed, name="particulars_print"),
    path(
        "<code:code>/particulars/scans/<int:pk>/", particulars_views.scan, name="particulars_scan"
    ),
    path(
        "<code:code>/particulars/<int:number>/",
        particulars_views.version,
        name="particulars_version",
    ),
    path(
        "<code:code>/particulars/<int:number>/print/",
        particulars_views.slip,
        name="particulars_slip",
    ),
    path("<code:code>/seals/", seal_views.page, name="seals"),
    path("<code:code>/seals/new/", seal_views.add, name="seal_add"),
    path("<code:code>/seals/end/", seal_views.end, name="seal_end"),
    path("<code:code>/seals/<int:pk>/", seal_views.picture, name="seal"),
    path("<code:code>/seals/<int:pk>/preview/", seal_views.preview, name="seal_preview"),
    path("<code:code>/preferences/", preference_views.page, name="preferences"),
    path("<code:code>/preferences/<key>/", preference_views.change, name="preference"),
    path("<code:code>/preferences/<key>/clear/", preference_views.clear, name="preference_clear"),
]
