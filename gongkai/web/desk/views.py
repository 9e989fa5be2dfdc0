"""报告台的页面: the lists, handing in, what came of a batch, whose a report is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.desk import batch_page, intake, intake_words, lists, queries
from gongkai.web.desk.models import Batch
from gongkai.web.desk.report_page import crumbs
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import kept, list_pages, once
from gongkai.web.shell import lists as shell_lists
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Act
from gongkai.web.shell.refusals import Refusal

WORKERS = (Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)
CHOSEN = "desk_chosen"  # of the session: the reports ticked for the next page


def tabs(capacity: Capacity, here: str) -> list[tuple[str, str, bool, object]]:
    """The three lists; how many reports wait to be claimed stands beside their name."""
    waiting = queries.unmatched(queries.visible_reports(capacity))[:100].count()
    return [
        (_("报告"), reverse("desk:list"), here == "list", ""),
        (_("待认领"), reverse("desk:unmatched"), here == "unmatched", waiting or ""),
        (_("批次"), reverse("desk:batches"), here == "batches", ""),
    ]


def _hand_in() -> list[Act]:
    return [Act(_("交来报告"), href=reverse("desk:hand_in"), tone="primary")]


# -- lists


@acting(*WORKERS)
def reports(request: HttpRequest) -> HttpResponseBase:
    """报告台。"""
    capacity = capacity_of(request)
    spec = lists.reports(timezone.localdate())
    asked = shell_lists.asked(spec, request.GET).values
    rows = lists.rows_of(queries.visible_reports(capacity), asked)
    if request.method == "POST" and request.POST.get("act"):
        return _bulk(request, spec, rows)
    return list_pages.show(
        request,
        spec,
        rows,
        template="desk/list.html",
        context={"acts": _hand_in(), "tabs": tabs(capacity, "list")},
        exported=lambda kind, count: exported(request, "desk", kind, count),
    )


def _bulk(request: HttpRequest, spec: shell_lists.Spec, rows: shell_lists.Rows) -> HttpResponseBase:
    chosen = shell_lists.selected(request, spec, rows)
    keys = list(chosen.order_by("holder__path", "-year").values_list("pk", flat=True)[:MOST_CHOSEN])
    if not keys:
        messages.error(request, _("请先勾选报告。"))
        return redirect(request.get_full_path())
    if chosen.count() > MOST_CHOSEN:
        messages.warning(request, _("一次最多 %(most)d 份，只取了前面的。") % {"most": MOST_CHOSEN})
    where = {
        lists.ROLL_UP.id: "desk:roll_up",
        lists.FINDINGS.id: "desk:findings",
        lists.SET_ASIDE.id: "desk:set_aside_many",
    }.get(request.POST["act"])
    if where is None:
        raise Http404
    token = keep_chosen(request, keys)
    return redirect(f"{reverse(where)}?list={token}")


MOST_CHOSEN = 2000


def keep_chosen(request: HttpRequest, keys: list[int]) -> str:
    """Reports ticked, for the page that comes next; the last few lists are kept."""
    held: dict[str, list[int]] = request.session.get(CHOSEN) or {}
    token = once.token()[:12]
    request.session[CHOSEN] = dict([*list(held.items())[-4:], (token, keys)])
    return token


def chosen(request: HttpRequest) -> list[int]:
    """The reports of the list that the address names; empty where it is none of this session's."""
    held: dict[str, list[int]] = request.session.get(CHOSEN) or {}
    return held.get(request.GET.get("list", ""), [])


@acting(*WORKERS)
def unmatched(request: HttpRequest) -> HttpResponse:
    """待认领: reports that wait for a person to say whose they are."""
    capacity = capacity_of(request)
    if request.method == "POST":
        return batch_page.claim(request, back=reverse("desk:unmatched"))
    rows = queries.unmatched(queries.visible_reports(capacity)).order_by("-changed_at", "-pk")
    found = list(rows[: batch_page.CLAIMS + 1])
    context = {
        "tabs": tabs(capacity, "unmatched"),
        "acts": _hand_in(),
        "claims": batch_page.claims(found[: batch_page.CLAIMS], capacity),
        "more": len(found) > batch_page.CLAIMS,
        "once": once.token(),
        "crumbs": crumbs(),
    }
    return render(request, "desk/unmatched.html", context)


@acting(*WORKERS)
def batches(request: HttpRequest) -> HttpResponseBase:
    """批次。"""
    capacity = capacity_of(request)
    rows = lists.batch_rows(queries.visible_batches(capacity))
    return list_pages.show(
        request,
        lists.batches(),
        rows,
        template="desk/list.html",
        context={"acts": _hand_in(), "tabs": tabs(capacity, "batches")},
    )


# -- handing in


@acting(*WORKERS)
def hand_in(request: HttpRequest) -> HttpResponse:
    """交来报告: files are chosen; without scripts all are sent with one form."""
    problem = ""
    if request.method == "POST":
        try:
            return _handed_in(request)
        except Refusal as refused:
            problem = str(refused.message)
    context = {
        "problem": problem,
        "most": intake.MOST,
        "crumbs": crumbs(),
        "once": once.token(),
        "author": kept.author_token(request),
        "kept_notice": kept.notice(request),
    }
    return render(request, "desk/hand_in.html", context, status=422 if problem else 200)


def _handed_in(request: HttpRequest) -> HttpResponse:
    """A batch of the files sent. The same form sent again goes on with the first one's batch, as
    its files may not all have been taken."""
    files, by = _files(request), doer(request)
    intake.check(files)
    done = once.earlier(request)
    if done is None:
        try:
            with transaction.atomic():
                once.claim(request)
                batch = intake.begin(by=by, count=len(files))
                once.settle(request, reverse("desk:batch", args=[batch.pk]))
        except once.Repeated as repeated:
            done = repeated.submission
    if done is not None:
        batch = _batch_of(request, done.result)
        once.told(request)
    intake.take_rest(by=by, batch=batch, files=files)
    return redirect("desk:batch", pk=batch.pk)


def _batch_of(request: HttpRequest, address: str) -> Batch:
    """One's own batch of an address that a form led to; raises Http404."""
    pk = shell_lists.number(address.partition("?")[0].rstrip("/").rpartition("/")[2])
    return get_object_or_404(Batch, pk=pk or 0, by=request.user.pk)


def _files(request: HttpRequest) -> list[UploadedFile]:
    return [*request.FILES.getlist("files"), *request.FILES.getlist("folder")]


@require_POST
@acting(*WORKERS)
def open_batch(request: HttpRequest) -> HttpResponse:
    """开一批: for files that the page then sends one by one."""
    done = once.earlier(request)
    with transaction.atomic():
        if done is None:
            once.claim(request)
        earlier = done.result if done else ""
        if earlier:
            batch = _batch_of(request, earlier)
        else:
            batch = intake.begin(by=doer(request), count=0)
            once.settle(request, reverse("desk:batch", args=[batch.pk]))
    page = reverse("desk:batch", args=[batch.pk])
    return JsonResponse({"page": page, "add": reverse("desk:add", args=[batch.pk])})


@require_POST
@acting(*WORKERS)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """加一件: one file of a batch of one's own."""
    batch = opened_batch(request, pk)
    if batch.by_id != request.user.pk:
        return JsonResponse({"ok": False, "why": _("只有交来这一批的人可以再加文件。")}, status=422)
    done = once.earlier(request)
    if done is not None:
        return _added(request, batch, done.result)
    files = _files(request)
    if not files:
        return JsonResponse({"ok": False, "why": str(intake.Nothing().message)}, status=422)
    if batch.papers.count() >= intake.MOST:
        return JsonResponse({"ok": False, "why": str(intake.TooMany().message)}, status=422)
    by = doer(request)
    stored = intake.stored(by=by, batch=batch, files=files)
    try:
        with transaction.atomic():
            once.claim(request)
            papers = intake.written(by=by, batch=batch, files=stored)
            result = f"{reverse('desk:batch', args=[batch.pk])}?paper={papers[-1].pk}"
            once.settle(request, result)
    except once.Repeated as repeated:
        return _added(request, batch, repeated.submission.result)
    return _added(request, batch, result)


def _added(request: HttpRequest, batch: Batch, result: str) -> HttpResponse:
    """What came of a file, also where its form was sent before."""
    pk = shell_lists.number(result.rpartition("?paper=")[2])
    paper = batch.papers.filter(pk=pk).first() if pk is not None else None
    if paper is not None and paper.attachment_id is None:
        return JsonResponse({"ok": False, "why": batch_page.why(paper)}, status=422)
    if paper is not None and batch_page.earlier_of(paper) is not None:
        told = batch_page.here_before(paper, capacity_of(request))
        return JsonResponse({"ok": False, "before": True, **told})
    return JsonResponse({"ok": True})


# -- a batch


def opened_batch(request: HttpRequest, pk: int) -> Batch:
    """The batch of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_batches(capacity_of(request)).select_related("organ", "by")
    return get_object_or_404(rows, pk=pk)


@acting(*WORKERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """一批: how far it is, what could not be read and why, what waits to be claimed."""
    found = opened_batch(request, pk)
    if request.method == "POST":
        return batch_page.claim(request, back=reverse("desk:batch", args=[pk]))
    context = batch_page.context(found, capacity_of(request))
    context |= {
        "crumbs": [*crumbs(), (_("批次"), reverse("desk:batches"))],
        "title": _("第 %(number)s 批") % {"number": intake_words.number_of(found)},
        "once": once.token(),
    }
    return render(request, "desk/batch.html", context)


@require_GET
@acting(*WORKERS)
def batch_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """一批的进度: asked for every two seconds, a part of the page."""
    found = opened_batch(request, pk)
    context: dict[str, Any] = batch_page.context(found, capacity_of(request))
    context["once"] = once.token()
    return render(request, "desk/batch_papers.html", context)
