"""文书的列表: letters of the organ, to be printed together or put into envelopes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.statute import letter_kinds
from gongkai.web.applications import (
    case_forms,
    correction_views,
    letter_actions,
    letter_batch,
    letter_page,
    queries,
    words,
)
from gongkai.web.applications import lists as matter_lists
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake_page import crumbs
from gongkai.web.applications.intake_views import OFFICERS
from gongkai.web.applications.models import Letter
from gongkai.web.ledger import attachments
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import exports, list_pages, lists, once, uploads
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import acting
from gongkai.web.shell.lists import BulkAct, Cell, Column, Filter, Rows
from gongkai.web.shell.look import when
from gongkai.web.shell.refusals import Refusal

PRINT = BulkAct("print", gettext_lazy("合并打印"))
MERGE = BulkAct("merge", gettext_lazy("导出邮寄名单"))
CHOSEN = "letters_chosen"
_RELATED = (*letter_actions.RELATED, "pdf__file", "by")


def _name(one: Letter) -> Cell:
    href = reverse("applications:letter", args=[one.pk])
    return Cell(said(letter_kinds.kind(one.kind).name), href=href)


def _state(one: Letter) -> Cell:
    if one.unmade:
        return Cell(_("没有制作出来"), badge="bad")
    return Cell(one.get_state_display(), badge=letter_page.TONES[one.state])


def _matter(one: Letter) -> Cell:
    if one.matter is not None:
        href = reverse("applications:case", args=[one.matter_id])
        return Cell(one.matter.title, href=href, title=words.number(one.matter))
    assert one.correction is not None
    href = correction_views.to_correction(one.correction)
    return Cell(correction_views.called(one.correction), href=href, title=one.correction.record)


def _search(rows: Rows, asked: str) -> Rows:
    return rows.filter(number__icontains=asked)


def spec() -> lists.Spec:
    """Of the letters somebody may open."""
    kinds = letter_kinds.kinds()
    return lists.Spec(
        id="letters",
        title=gettext_lazy("文书"),
        columns=(
            Column("kind", gettext_lazy("种类"), _name),
            Column("number", gettext_lazy("文号"), lambda one: one.number),
            Column("state", gettext_lazy("状态"), _state, narrow=True),
            Column("dated", gettext_lazy("成文日期"), lambda one: one.dated or "", narrow=True),
            Column("matter", gettext_lazy("事项"), _matter),
            Column("at", gettext_lazy("起草"), lambda one: when(one.at), sort=("at",)),
        ),
        order="-at",
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda rows, value: rows.filter(state=value),
                choices=lambda: Letter.State.choices,
            ),
            Filter(
                "kind",
                gettext_lazy("种类"),
                lambda rows, value: rows.filter(kind=value),
                choices=lambda: [(one.id, said(one.name)) for one in kinds.values()],
            ),
        ),
        search=_search,
        search_hint=gettext_lazy("文号"),
        acts=(PRINT, MERGE),
        empty_title=gettext_lazy("还没有文书"),
        empty_text=gettext_lazy("办理申请、更正申请时制作的文书列在这里。"),
    )


@acting(*OFFICERS)
def letters(request: HttpRequest) -> HttpResponseBase:
    """文书: of the organ; several are printed together, or their addresses listed."""
    capacity = capacity_of(request)
    rows = queries.visible_letters(capacity).select_related(*_RELATED)
    made = spec()
    if request.method == "POST" and request.POST.get("act"):
        return _bulk(request, made, rows)
    return list_pages.show(
        request,
        made,
        rows,
        template="applications/list.html",
        context={"tabs": matter_lists.tabs(capacity, matter_lists.LETTERS)},
        exported=lambda kind, count: exported(request, "letters", kind, count),
    )


def _bulk(request: HttpRequest, made: lists.Spec, rows: Rows) -> HttpResponseBase:
    chosen = lists.selected(request, made, rows)
    found: list[Letter] = list(chosen.order_by("number", "pk")[: letter_batch.MOST + 1])
    if not found:
        messages.error(request, _("请先勾选文书。"))
        return redirect(request.get_full_path())
    if len(found) > letter_batch.MOST:
        messages.error(
            request, _("一次最多 %(most)d 件，请少选一些。") % {"most": letter_batch.MOST}
        )
        return redirect(request.get_full_path())
    act = request.POST["act"]
    if act == PRINT.id:
        return _printed(request, found)
    if act != MERGE.id:
        raise Http404
    token = once.token()[:12]
    held: dict[str, list[int]] = request.session.get(CHOSEN) or {}
    request.session[CHOSEN] = dict([*list(held.items())[-4:], (token, [one.pk for one in found])])
    return redirect(f"{reverse('applications:letter_merge')}?list={token}")


def _printed(request: HttpRequest, found: list[Letter]) -> HttpResponseBase:
    try:
        data = letter_batch.together(by=doer(request), letters=found)
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect(request.get_full_path())
    except attachments.Damaged:
        messages.error(request, _("有的原件在存储中找不到或已损坏，请联系系统管理员。"))
        return redirect(request.get_full_path())
    return uploads.serve(BytesIO(data), letter_batch.name("pdf"), "pdf")


@acting(*OFFICERS)
def merge(request: HttpRequest) -> HttpResponseBase:
    """导出邮寄名单: for a purpose, as it opens names and addresses."""
    held: dict[str, list[int]] = request.session.get(CHOSEN) or {}
    keys = held.get(request.GET.get("list", ""), [])
    rows = queries.visible_letters(capacity_of(request)).filter(pk__in=keys)
    rows = rows.select_related(*_RELATED, "party__name", "party__contact").order_by("number")
    found = letter_batch.printed(list(rows))
    if not found:
        messages.error(request, _("所选的文书都还没有编号印制，或者已经作废。"))
        return redirect(reverse("applications:letters"))
    made: list[list[letter_batch.Envelope]] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            letter_batch.envelopes(by=doer(request), letters=found, purpose=data["purpose"])
        )

    answer: HttpResponse = shell_forms.page(
        request,
        case_forms.Purpose,
        act,
        to=lambda _none: reverse("applications:letters"),
        context={
            "title": _("导出邮寄名单"),
            "crumbs": [*crumbs(), (_("文书"), reverse("applications:letters"))],
            "intro": _("名单上有 %(count)d 件文书收件人的姓名和地址，请写明用途；导出会留下记录。")
            % {"count": len(found)},
            "submit": _("导出"),
            "cancel": reverse("applications:letters"),
        },
    )
    if not made or answer.status_code != 302:
        return answer
    sheet = exports.sheet(
        letter_batch.name("xlsx"),
        letter_batch.headings(),
        letter_batch.rows(made[-1]),
        title=_("邮寄名单"),
    )
    sheet["Cache-Control"] = "private, no-store"
    return sheet
