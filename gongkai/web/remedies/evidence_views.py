"""证据目录的页面: to be printed, and as Word and PDF to be filled in, signed and handed in."""

from __future__ import annotations

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.statute.writers import evidence_docx, evidence_pdf
from gongkai.statute.writers.evidence_paper import TITLE
from gongkai.web.applications import words as application_words
from gongkai.web.applications.intake_views import READERS
from gongkai.web.ledger import calendars
from gongkai.web.organs.doing import doer
from gongkai.web.remedies import evidence_list, life, words
from gongkai.web.remedies.views import opened, page_of
from gongkai.web.shell import uploads
from gongkai.web.shell.access import acting


@require_GET
@acting(*READERS)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """证据目录: to be printed, signed and handed in with the answer."""
    one = opened(request, pk)
    context = {
        **page_of(one, _("证据目录")),
        "remedy": one,
        "items": life.proceeding_of(one, calendar=calendars.current()).evidence,
        "matter_number": application_words.number(one.matter),
        "kind": words.kind(one),
    }
    return render(request, "remedies/evidence.html", context)


@require_GET
@acting(*READERS)
def evidence_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """证据目录的 Word、PDF 文件: that it was taken is told."""
    one = opened(request, pk)
    listed = evidence_list.of(one, life.proceeding_of(one, calendar=calendars.current()))
    if kind not in ("docx", "pdf") or not listed.items:
        raise Http404
    by = doer(request)
    if kind == "docx":
        data = evidence_docx.write(listed).data
    else:
        data = evidence_pdf.write(listed, created=timezone.localdate(by.at)).data
    name = f"{TITLE}（{application_words.number(one.matter)}）.{kind}"
    by.tell("remedy.taken", one.organ, life.address(one), new={"file": name})
    return uploads.serve(BytesIO(data), name, kind)
