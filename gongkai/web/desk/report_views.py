"""报告的页面: looking at one, marking its cells, its original, history, versions, whose it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongkai.statute.report import CannotRead
from gongkai.web.desk import actions, forms, history_page, matching, original, queries
from gongkai.web.desk import report_page as page
from gongkai.web.desk.models import Report, Version
from gongkai.web.desk.report_page import Typed, View
from gongkai.web.desk.views import WORKERS, chosen
from gongkai.web.ledger import attachments
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import lists, seen, uploads
from gongkai.web.shell.access import acting
from gongkai.web.shell.look import Fact, undoable
from gongkai.web.shell.refusals import Refusal


def opened(request: HttpRequest, pk: int) -> Report:
    """The report of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_reports(capacity_of(request)).select_related("organ", "holder")
    return get_object_or_404(rows, pk=pk)


def version_of(report: Report, number: int) -> Version:
    """One of its versions; raises Http404 for no such."""
    rows = report.versions.select_related("paper__attachment__file", "by")
    return get_object_or_404(rows, number=number)


def report_is_newer(report: Report, version: Version) -> bool:
    """Whether the report has a later version."""
    return report.versions.filter(number__gt=version.number).exists()


# -- looking at one


@require_GET
@acting(*WORKERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """一份报告: the original beside what was read."""
    found = opened(request, pk)
    return _shown(request, found, queries.in_hand(found))


@require_GET
@acting(*WORKERS)
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """旧版本: as it was read and marked; nothing can be changed in it."""
    found = opened(request, pk)
    one = version_of(found, number)
    if not report_is_newer(found, one):
        return redirect("desk:report", pk=pk)
    return _shown(request, found, one, old=True)


def _shown(
    request: HttpRequest,
    found: Report,
    one: Version,
    *,
    typed: Typed | None = None,
    status: int = 200,
    old: bool = False,
) -> HttpResponse:
    view = page.with_original(page.look(found, one, request, old=old))
    context = {
        **page.reading_html(view, typed=typed, editable=_editable(view)),
        **page.original_html(view),
        **page.around(view),
        "last": page.last(view, request.user.pk),
        "second": bool(view.chosen or typed) and not view.anchored,
    }
    if not old:
        context |= {"tabs": page.tabs(found, "report"), "acts": page.acts(found)}
    return render(request, "desk/report.html", context, status=status)


def _editable(view: View) -> bool:
    return not view.is_old and view.report.set_aside_at is None


def _part(request: HttpRequest, found: Report, typed: Typed | None = None) -> HttpResponse:
    """The right pane alone, for htmx."""
    view = page.with_original(page.look(found, queries.in_hand(found), request))
    if typed is None:
        view.chosen = ""  # done: the panel makes room
    context = page.reading_html(view, typed=typed, editable=_editable(view))
    context |= {"last": page.last(view, request.user.pk), "facts": page.facts(view)}
    return render(request, "desk/read_part.html", context)


@require_GET
@acting(*WORKERS)
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """一格: its value, who marked it, what can be done; a part of the page."""
    found = opened(request, pk)
    view = page.with_original(page.look(found, queries.in_hand(found), request))
    context = page.cell_html(view, editable=_editable(view))
    context |= {"facts": page.facts(view), "reading": view.version}
    return render(request, "desk/cell_part.html", context)


@require_POST
@acting(*WORKERS)
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """核对: confirms or corrects a cell, takes that back, or confirms all that is doubtful."""
    found = opened(request, pk)
    act = _MARKS.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, _("没有说明要办什么，没有改动。"))
        return redirect("desk:report", pk=pk)
    swap = request.headers.get("HX-Request") == "true"
    given = {
        "by": doer(request),
        "report": found,
        "version": lists.number(request.POST.get("version", "")) or 0,
    }
    try:
        made = act(given, request)
    except actions.Gone as gone:
        messages.error(request, str(gone.message))
        desk = redirect("desk:list")
        return HttpResponse(headers={"HX-Redirect": desk["Location"]}) if swap else desk
    except Refusal as refused:
        found.refresh_from_db()
        typed = _typed(request, refused)
        if swap:
            return _part(request, found, typed)
        one = queries.in_hand(found)
        return _shown(request, found, one, typed=typed, status=422)
    if swap:
        return _part(request, made)
    return redirect(f"{reverse('desk:report', args=[pk])}#work")


Given = dict[str, Any]


def _address(request: HttpRequest) -> str:
    return request.POST.get("address", "")[:80]


def _correct(given: Given, request: HttpRequest) -> Report:
    return actions.correct(
        **given,
        address=_address(request),
        typed=request.POST.get("typed", ""),
        reason=request.POST.get("reason", ""),
    )


_MARKS: dict[str, Callable[[Given, HttpRequest], Report]] = {
    "confirm": lambda given, request: actions.confirm(**given, address=_address(request)),
    "correct": _correct,
    "undo": lambda given, request: actions.undo(**given, address=_address(request)),
    "confirm_all": lambda given, request: actions.confirm_all(**given),
}


def _typed(request: HttpRequest, refused: Refusal) -> Typed:
    stale = isinstance(refused, actions.Stale)
    return Typed(
        _address(request),
        request.POST.get("typed", "")[:100],
        request.POST.get("reason", "")[:200],
        str(refused.message),
        _("他人已先改动") if stale else "",
    )


# -- the original


@require_GET
@acting(*WORKERS)
def picture(request: HttpRequest, pk: int, number: int, sheet: int) -> HttpResponse:
    """原件的一页: as a picture."""
    one = version_of(opened(request, pk), number)
    try:
        drawn = original.picture(page.file_of(one), sheet)
    except (LookupError, CannotRead, attachments.Damaged):
        raise Http404 from None
    kind = "image/png" if drawn.startswith(b"\x89PNG") else "image/jpeg"
    response = HttpResponse(drawn, content_type=kind)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@acting(*WORKERS)
def original_file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """下载原件: as it was handed in; of an archive the one file in it."""
    one = version_of(opened(request, pk), number)
    try:
        name, stream = page.download(one)
    except (LookupError, CannotRead, attachments.Damaged):
        raise Http404 from None
    return uploads.serve(stream, name, name.rpartition(".")[2].lower())


# -- history and versions


@require_GET
@acting(*WORKERS)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """经过: everything that was done with the report."""
    found = opened(request, pk)
    context = history_page.history(found, lists.number(request.GET.get("before", "")))
    context |= _about(found, "history", _("经过"))
    return render(request, "desk/history.html", context)


@require_GET
@acting(*WORKERS)
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """版本: every file's reading; two can be held against each other."""
    found = opened(request, pk)
    context = history_page.versions(found)
    two = [lists.number(request.GET.get(name, "")) for name in ("a", "b")]
    if all(two) and two[0] != two[1]:
        context |= history_page.apart(
            version_of(found, two[0] or 0), version_of(found, two[1] or 0)
        )
    context |= _about(found, "versions", _("版本"))
    return render(request, "desk/versions.html", context)


def _about(found: Report, here: str, title: str) -> dict[str, Any]:
    return {
        "report": found,
        "tabs": page.tabs(found, here),
        "title": f"{page.name_of(found)} · {title}",
        "heading": page.name_of(found),
        "crumbs": page.crumbs(found, here),
    }


# -- whose it is, and whether it is on the desk


@acting(*WORKERS)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """认定机关和年度。"""
    found = opened(request, pk)
    capacity = capacity_of(request)

    shown: dict[str, forms.Assign] = {}

    def form(*args: Any, **kwargs: Any) -> forms.Assign:
        shown["form"] = forms.Assign(*args, **kwargs)
        return shown["form"]

    def act(data: dict[str, Any]) -> Report:
        try:
            return matching.assign(by=doer(request), report=found, **data)
        except actions.Stale:
            found.refresh_from_db()
            seen.take(shown["form"], version=found.version)
            raise

    def to(made: Report) -> str:
        return reverse("desk:report", args=[made.pk])

    done = shell_forms.page(
        request,
        form,
        act,
        to=to,
        initial={"organ": found.organ, "year": found.year, "version": found.version},
        arguments={"capacity": capacity, "latest": timezone.localdate().year},
        context={
            "title": _("认定机关和年度"),
            "intro": _("文件中写的是“%(said)s”。认定后检查重新进行；认错了可以撤回。")
            % {"said": found.said or found.title or _("没有写明机关")},
            "submit": _("认定"),
            "cancel": to(found),
            "crumbs": page.crumbs(found, "assign"),
        },
    )
    if request.method == "POST" and done.status_code == 302 and "/reports/" in done["Location"]:
        made = done["Location"].rstrip("/").rpartition("/")[2]
        undoable(request, _("已认定。"), reverse("desk:unassign", args=[int(made)]))
    return done


@require_POST
@acting(*WORKERS)
def unassign(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回认定: as it was before, as long as nothing else has happened."""
    found = opened(request, pk)
    try:
        made = matching.unassign(by=doer(request), report=found, version=found.version)
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect("desk:report", pk=pk)
    messages.success(request, _("已撤回认定。"))
    return redirect("desk:report", pk=made.pk)


def _asked(
    request: HttpRequest, pk: int, act: Callable[..., Any], words: dict[str, Any]
) -> HttpResponse:
    """A page that asks before it acts on a whole report."""
    found = opened(request, pk)
    here = reverse("desk:report", args=[pk])
    shown: dict[str, forms.Sure] = {}

    def form(*args: Any, **kwargs: Any) -> forms.Sure:
        shown["form"] = forms.Sure(*args, **kwargs)
        return shown["form"]

    def acted(data: dict[str, Any]) -> Any:
        try:
            return act(by=doer(request), report=found, version=data["version"])
        except actions.Stale:  # the second sending has seen what others did
            found.refresh_from_db()
            seen.take(shown["form"], version=found.version)
            raise

    return shell_forms.page(
        request,
        form,
        acted,
        to=lambda made: here,
        said=words.pop("said"),
        template="confirm_page.html",
        initial={"version": found.version},
        context={
            "facts": [Fact(_("报告"), page.name_of(found), href=here)],
            "cancel": here,
            "crumbs": page.crumbs(found, "act"),
            **words,
        },
    )


@acting(*WORKERS)
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """移出报告台。"""
    return _asked(
        request,
        pk,
        actions.set_aside,
        {
            "title": _("移出报告台？"),
            "consequences": [
                _("不再列在报告台上，也不再计入汇总；版本、核对和经过都保留。"),
                _("需要时可以放回。"),
            ],
            "submit": _("移出报告台"),
            "danger": True,
            "said": _("已移出报告台。"),
        },
    )


@acting(*WORKERS)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """放回报告台。"""
    return _asked(
        request,
        pk,
        actions.bring_back,
        {
            "title": _("放回报告台？"),
            "consequences": [_("重新列在报告台上，检查重新进行。")],
            "submit": _("放回报告台"),
            "said": _("已放回报告台。"),
        },
    )


@acting(*WORKERS)
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """重新读取: the file once more, by today's program."""

    def act(*, by: Doer, report: Report, version: int) -> None:
        held = queries.in_hand(report)
        file = held.member.rpartition("/")[2]
        actions.read_again(by=by, paper=held.paper, report=report, file=file)

    return _asked(
        request,
        pk,
        act,
        {
            "title": _("重新读取原件？"),
            "consequences": [
                _("用现在的程序把原件再读一遍，在后台进行。"),
                _("读出来不一样时成为新的版本，旧版本保留；核对过的单元格读数没变的照旧。"),
            ],
            "submit": _("重新读取"),
            "said": _("正在重新读取，有不同时会成为新的版本。"),
        },
    )


@acting(*WORKERS)
def set_aside_many(request: HttpRequest) -> HttpResponse:
    """移出多份: names them first."""
    back = reverse("desk:list")
    keys = chosen(request)
    rows = queries.on_the_desk(queries.visible_reports(capacity_of(request)))
    meant = list(rows.filter(pk__in=keys).select_related("organ"))
    if not meant:
        messages.error(request, _("勾选的名单已失效，请重新勾选。"))
        return redirect(back)

    def act(data: dict[str, Any]) -> int:
        by = doer(request)
        for one in meant:
            actions.set_aside(by=by, report=one, version=one.version)
        return len(meant)

    names = _("、").join(page.name_of(one) for one in meant[:12])
    if len(meant) > 12:
        names = _("%(names)s 等 %(count)d 份") % {"names": names, "count": len(meant)}
    return shell_forms.page(
        request,
        forms.Nothing,
        act,
        to=lambda count: back,
        said=lambda count: _("已移出 %(count)d 份报告。") % {"count": count},
        template="confirm_page.html",
        context={
            "title": _("移出 %(count)d 份报告？") % {"count": len(meant)},
            "facts": [Fact(_("报告"), names, wide=True)],
            "consequences": [
                _("不再列在报告台上，也不再计入汇总；版本、核对和经过都保留。"),
                _("需要时可以放回。"),
            ],
            "submit": _("移出报告台"),
            "danger": True,
            "cancel": back,
            "crumbs": page.crumbs(),
        },
    )
