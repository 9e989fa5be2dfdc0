"""归档的页面: what the case file will hold, and the file itself for officers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.statute.case_events import Act
from gongkai.statute.case_table import ACTS
from gongkai.web.applications import archive_actions, case_acts, life
from gongkai.web.applications.archive_file import TITLE
from gongkai.web.applications.case_forms import Versioned
from gongkai.web.applications.case_views import opened, to_case
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake_views import OFFICERS
from gongkai.web.applications.letter_views import page, stored_version
from gongkai.web.ledger import attachments
from gongkai.web.organs.doing import doer
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.forms import DateInput


class Archive(Versioned):
    """归档."""

    on = forms.DateField(label=gettext_lazy("归档之日"), widget=DateInput)


@acting(Role.HANDLER)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """归档: the case file is made and kept."""
    matter = opened(request, pk)
    by = doer(request)
    today = timezone.localdate(by.at)
    case = life.case_of(matter, as_of=today)
    title = str(said(ACTS[Act.ARCHIVE]))
    why = case_acts.why_not(matter, case_acts.offer_of(case, Act.ARCHIVE, today), by)
    if why and request.method == "GET":
        return render(request, "applications/cannot.html", page(matter, title, why=why))

    def act(data: dict[str, Any]) -> Any:
        return archive_actions.archive(by=by, matter=matter, version=data["version"], on=data["on"])

    return shell_forms.page(
        request,
        Archive,
        act,
        to=to_case,
        said=_("已归档，卷宗已经制成。"),
        template="applications/letter_form.html",
        initial={"version": matter.version, "on": today},
        stored=lambda: stored_version(matter),
        context=page(
            matter,
            title,
            submit=title,
            intro_more=_(
                "申请登记表、申请书和附件、文书、卷内文件、复议诉讼材料和办理经过按顺序"
                "合成一份 PDF，首页为目录；不是 PDF 或者图片的文件在目录中注明另附。"
            ),
        ),
    )


@require_POST
@acting(*OFFICERS)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """下载卷宗: that it was taken is told, as it holds names and numbers."""
    matter = opened(request, pk)
    found = archive_actions.file_of(matter)
    if found is None:
        raise Http404
    by = doer(request)
    by.tell(
        "letter.printed",
        matter.organ,
        life.address(matter),
        new={"letter": TITLE},
    )
    try:
        return attachments.serve(found)
    except attachments.Damaged:
        messages.error(request, _("原件在存储中找不到或已损坏，请联系系统管理员。"))
        return redirect(to_case(matter))
