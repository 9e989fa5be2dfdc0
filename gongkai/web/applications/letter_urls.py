"""The map of deciding, letters and fees; a part of that of applications (`urls`)."""

from __future__ import annotations

from django.urls import path

from gongkai.statute.case_events import Act
from gongkai.web.applications import (
    archive_views,
    decide_views,
    fee_views,
    letter_lists,
    letter_views,
    template_views,
)
from gongkai.web.applications.letter_acts import CARRIED

_ONE = "<int:pk>/"
_LETTER = "letters/<int:pk>/"
NOTICES = tuple(act for act in CARRIED if act is not Act.CHARGE)
ANSWERS = (Act.REVIEW, Act.RETURN, Act.APPROVE, Act.SIGN, Act.SEND)
_TEMPLATES = "templates/<slug:code>/"
URLS = [
    path("letters/", letter_lists.letters, name="letters"),
    path("letters/merge/", letter_lists.merge, name="letter_merge"),
    path(_TEMPLATES, template_views.templates, name="templates"),
    path(f"{_TEMPLATES}<slug:kind>/", template_views.template, name="template"),
    path(f"{_TEMPLATES}<slug:kind>/back/", template_views.back, name="template_back"),
    path(f"{_ONE}decide/", decide_views.decide, name="decide"),
    *(
        path(
            f"{_ONE}answer/{act.value}/",
            decide_views.answer,
            {"act": act.value},
            name=f"answer_{act.value}",
        )
        for act in ANSWERS
    ),
    *(
        path(
            f"{_ONE}notice/{act.value.replace('_', '-')}/",
            letter_views.notice,
            {"act": act.value},
            name=f"notice_{act.value}",
        )
        for act in NOTICES
    ),
    path(f"{_ONE}parties/", letter_views.consult, name="consult"),
    path(f"{_ONE}archive/", archive_views.archive, name="archive"),
    path(f"{_ONE}archive/file/", archive_views.file, name="archive_file"),
    path(f"{_ONE}notice/charge/", fee_views.charge, name="notice_charge"),
    path(f"{_LETTER}received/", fee_views.received, name="fee_received"),
    path(f"{_ONE}letters/", letter_views.choose, name="letter_choose"),
    path(f"{_ONE}letters/new/<slug:kind>/", letter_views.new, name="letter_new"),
    path(_LETTER, letter_views.letter, name="letter"),
    path(f"{_LETTER}edit/", letter_views.edit, name="letter_edit"),
    path(f"{_LETTER}issue/", letter_views.issue, name="letter_issue"),
    path(f"{_LETTER}void/", letter_views.void, name="letter_void"),
    path(f"{_LETTER}sent/", letter_views.mark_sent, name="letter_sent"),
    path(f"{_LETTER}make/", letter_views.make, name="letter_make"),
    path(f"{_LETTER}preview/", letter_views.preview, name="letter_preview"),
    path(f"{_LETTER}file/<slug:kind>/", letter_views.file, name="letter_file"),
]
