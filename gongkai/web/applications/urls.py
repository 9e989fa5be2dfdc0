"""The map of applications.

Deciding, letters and fees are in `letter_urls` where they stand; an act that has a page of its own
is named in `case_acts.ELSEWHERE`.
"""

from __future__ import annotations

from django.urls import path

from gongkai.web.applications import (
    case_views,
    correction_views,
    filecheck_views,
    intake_views,
    letter_urls,
    letter_views,
    lists,
    old_ledger_views,
    redaction_views,
    supervision_views,
    views,
)

app_name = "applications"
_ONE = "<int:pk>/"
urlpatterns = [
    path("", views.matters, name="list"),
    path("mine/", views.matters, {"tab": lists.MINE}, name="mine"),
    path("closed/", views.matters, {"tab": lists.CLOSED}, name="closed"),
    path("all/", views.matters, {"tab": lists.ALL}, name="all"),
    path("new/", intake_views.new, name="new"),
    path("new/hints/", intake_views.hints, name="hints"),
    path("sample/", supervision_views.sample, name="sample"),
    path("corrections/", correction_views.corrections, name="corrections"),
    path("corrections/<int:pk>/", correction_views.correction, name="correction"),
    path("corrections/<int:pk>/do/<slug:act>/", correction_views.do, name="correction_do"),
    path("corrections/<int:pk>/files/", correction_views.add_files, name="correction_files"),
    path("corrections/<int:pk>/files/<int:file>/", correction_views.file, name="correction_file"),
    path(
        "corrections/<int:pk>/letters/",
        letter_views.correction_choose,
        name="correction_letter_choose",
    ),
    path(
        "corrections/<int:pk>/letters/new/<slug:kind>/",
        letter_views.correction_new,
        name="correction_letter_new",
    ),
    path("checks/", filecheck_views.checks, name="checks"),
    path("checks/new/", filecheck_views.new, name="check_new"),
    path("checks/<int:pk>/", filecheck_views.check, name="check"),
    path("checks/<int:pk>/end/", filecheck_views.end, name="check_end"),
    path("checks/<int:pk>/export/", filecheck_views.export, name="check_export"),
    path("checks/<int:pk>/files/<int:file>/", filecheck_views.score, name="check_score"),
    path("old-ledgers/", old_ledger_views.new, name="old_ledger_new"),
    path("old-ledgers/template/", old_ledger_views.template, name="old_ledger_template"),
    path("old-ledgers/<int:pk>/", old_ledger_views.one, name="old_ledger"),
    path("old-ledgers/<int:pk>/progress/", old_ledger_views.progress, name="old_ledger_progress"),
    path("old-ledgers/<int:pk>/apply/", old_ledger_views.apply, name="old_ledger_apply"),
    path("old-ledgers/<int:pk>/drop/", old_ledger_views.drop, name="old_ledger_drop"),
    path("checks/<int:pk>/units/<slug:code>/", filecheck_views.unit, name="check_unit"),
    path("requests/<int:pk>/", intake_views.registered, name="request"),
    path("requests/<int:pk>/receipt/", intake_views.receipt, name="receipt"),
    path("requests/<int:pk>/receipt/mail/", intake_views.mail_receipt, name="mail_receipt"),
    path(_ONE, case_views.case, name="case"),
    path(f"{_ONE}do/<slug:act>/", case_views.do, name="do"),
    path(f"{_ONE}people/", case_views.reveal, name="reveal"),
    path(f"{_ONE}files/", case_views.add_files, name="add_files"),
    path(f"{_ONE}files/<int:file>/", case_views.file, name="file"),
    path(f"{_ONE}redact/<int:file>/", redaction_views.redact, name="redact"),
    path(f"{_ONE}redact/<int:file>/find/", redaction_views.find, name="redact_find"),
    path(f"{_ONE}redact/<int:file>/make/", redaction_views.make, name="redact_make"),
    path(f"{_ONE}redact/<int:file>/pages/<int:number>/", redaction_views.page, name="redact_page"),
    path(f"{_ONE}give/", case_views.give, name="give"),
    path(f"{_ONE}split/", case_views.split, name="split"),
    path(f"{_ONE}merge/", case_views.merge, name="merge"),
    path(f"{_ONE}link/", case_views.link, name="link"),
    path(f"{_ONE}kind/", case_views.applicant_kind, name="applicant_kind"),
    path(f"{_ONE}key/", supervision_views.key, name="key"),
    path(f"{_ONE}remind/", supervision_views.remind, name="remind"),
    *letter_urls.URLS,
]
