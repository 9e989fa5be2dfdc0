"""导入导出页面: the list, the upload, one import from its check to its result, the files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.accounts.many import Issued
from gongkai.web.organs import (
    import_actions,
    import_found,
    import_page,
    import_queries,
    jobs,
    workbook,
    workbook_out,
)
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import ImportRun
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, uploads
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Act, Step
from gongkai.web.shell.refusals import Refusal


class Choose(forms.Form):
    """选择文件。"""

    file = forms.FileField(
        label=_later("工作簿"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_later("上传后先核对，不会改动任何数据。"),
    )


def opened(request: HttpRequest, pk: int) -> ImportRun:
    """The import of an address, for whoever may see it; raises Http404 for everybody else."""
    return get_object_or_404(import_queries.visible_runs(capacity_of(request)), pk=pk)


def own(request: HttpRequest, pk: int) -> ImportRun:
    """One that the person uploaded: nobody else goes on with it."""
    run = opened(request, pk)
    if run.by_id != request.user.pk:
        raise Http404
    return run


# -- many


@acting(Role.ADMINISTRATOR)
def imports(request: HttpRequest) -> HttpResponseBase:
    """导入列表。"""
    rows = import_queries.visible_runs(capacity_of(request)).defer("problems", "summary")
    acts = [
        Act(_("下载空白表"), href=reverse("organs:import_template")),
        Act(_("导出现有数据"), href=reverse("organs:import_export")),
        Act(_("导入"), href=reverse("organs:import_new"), tone="primary"),
    ]
    return list_pages.show(request, import_page.spec(), rows, context={"acts": acts})


@acting(Role.ADMINISTRATOR)
def import_new(request: HttpRequest) -> HttpResponse:
    """上传: checked at once where it is small, else in the background."""

    def act(data: dict[str, Any]) -> ImportRun:
        file = data["file"]
        upload = uploads.accept(file, kinds=("xlsx",))
        run = import_actions.start(by=doer(request), file=file, upload=upload)
        transaction.on_commit(lambda: _check(run))
        return run

    labels = (_("上传"), _("核对"), _("导入"), _("结果"))
    states = ("now", "todo", "todo", "todo")
    return shell_forms.page(
        request,
        Choose,
        act,
        to=import_page.link,
        template="organs/import_new.html",
        context={
            "title": _("导入机关和人员"),
            "submit": _("上传并核对"),
            "cancel": reverse("organs:imports"),
            "crumbs": [(_("导入导出"), reverse("organs:imports"))],
            "steps": [Step(w, s) for w, s in zip(labels, states, strict=True)],
            "organ": capacity_of(request).organ,
            "guide": workbook.GUIDE,
        },
    )


def _check(run: ImportRun) -> None:
    if import_actions.is_small(run):
        import_actions.check(run=run, at=timezone.now())
    else:
        jobs.check_import(run.pk)


def _apply(run: ImportRun) -> None:
    run.refresh_from_db()
    if run.rows <= import_actions.SMALL:
        import_actions.apply(run=run, at=timezone.now())
    else:
        jobs.apply_import(run.pk)


# -- one


@require_GET
@acting(Role.ADMINISTRATOR)
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """一次导入: what the check found, what can be done, what came of it."""
    run = opened(request, pk)
    context = import_page.context(request, run, timezone.now())
    if context["waiting"]:
        context |= import_page.progress(run)
    return render(request, "organs/import_run.html", context)


@require_GET
@acting(Role.ADMINISTRATOR)
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """进度: asked for every two seconds; the page is loaded anew once there is a result."""
    run = opened(request, pk)
    if run.state in import_actions.WAITING and not import_actions.is_stalled(run, timezone.now()):
        return render(request, "components/progress.html", import_page.progress(run))
    response = HttpResponse(status=200)
    response["HX-Refresh"] = "true"
    return response


@acting(Role.ADMINISTRATOR)
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """确认导入: says what will happen in numbers, then does it."""
    run = own(request, pk)
    digest = request.GET.get("of", "")
    if request.method == "GET" and digest != run.summary.get("digest"):
        return redirect(import_page.link(run))

    def act() -> ImportRun:
        import_actions.confirm(by=doer(request), run=run, digest=digest)
        transaction.on_commit(lambda: _apply(run))
        return run

    return shell_forms.confirmed(
        request,
        act,
        to=import_page.link,
        context={
            "title": _("导入“%(file)s”？") % {"file": run.file_name},
            "text": _("写入 %(organ)s 及其下级：") % {"organ": run.organ.name},
            "consequences": import_page.consequences(run),
            "submit": _("导入"),
            "cancel": import_page.link(run),
            "crumbs": [
                (_("导入导出"), reverse("organs:imports")),
                (run.file_name, import_page.link(run)),
            ],
        },
    )


def _act(
    request: HttpRequest, pk: int, act: Callable[..., None], after: Callable[[ImportRun], None]
) -> HttpResponse:
    run = own(request, pk)
    try:
        with transaction.atomic():
            act(by=doer(request), run=run)
            transaction.on_commit(lambda: after(run))
    except Refusal as refused:
        messages.error(request, str(refused.message))
    return redirect(import_page.link(run))


@require_POST
@acting(Role.ADMINISTRATOR)
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """放弃。"""
    return _act(request, pk, import_actions.drop, lambda run: None)


@require_POST
@acting(Role.ADMINISTRATOR)
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """重新核对。"""
    return _act(request, pk, import_actions.check_again, _check)


@require_POST
@acting(Role.ADMINISTRATOR)
def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """继续处理: the job of this import has died; it begins anew."""
    run = own(request, pk)
    if not import_actions.is_stalled(run, timezone.now()):
        messages.info(request, _("后台仍在处理。"))
    elif run.state == ImportRun.State.CHECKING:
        _check(run)
    else:
        _apply(run)
    return redirect(import_page.link(run))


@acting(Role.ADMINISTRATOR)
def import_passwords(request: HttpRequest, pk: int) -> HttpResponse:
    """初始密码: a list to print, in the answer to this one request and nowhere else."""
    run = own(request, pk)
    again = "again" in request.GET
    people = import_actions.newcomers(run) if again else import_actions.without_password(run)
    count = people.count()
    issued: list[Issued] = []

    def act() -> ImportRun:
        issued.extend(import_actions.issue_passwords(by=doer(request), run=run, again=again))
        return run

    most = import_actions.ISSUED_AT_ONCE
    consequences = [
        _("页面上显示一次性密码，只显示这一次；请打印后裁开，当面交给本人。"),
        _("本人首次登录须先改密码。"),
    ]
    if count > most:
        consequences.append(_("每次 %(most)d 人，其余的接着发放。") % {"most": most})
    if again:
        consequences.insert(0, _("还没有登录过的人，先前发给的密码作废。"))
    answer = shell_forms.confirmed(
        request,
        act,
        to=import_page.link,
        context={
            "title": _("为 %(count)d 名新人员发放初始密码？") % {"count": count},
            "consequences": consequences,
            "submit": _("发放并显示"),
            "danger": again,
            "cancel": import_page.link(run),
            "crumbs": [
                (_("导入导出"), reverse("organs:imports")),
                (run.file_name, import_page.link(run)),
            ],
        },
    )
    if not issued or answer.status_code != 302:
        return answer
    return _slips(request, run, issued)


def _slips(request: HttpRequest, run: ImportRun, issued: list[Issued]) -> HttpResponse:
    try:
        sign_in = request.build_absolute_uri(reverse("accounts:sign_in"))
    except NoReverseMatch:
        sign_in = request.build_absolute_uri("/")
    context = {
        "issued": issued,
        "sign_in": sign_in,
        "link": import_page.link(run),
        "left": import_actions.without_password(run).count(),
        "crumbs": [
            (_("导入导出"), reverse("organs:imports")),
            (run.file_name, import_page.link(run)),
        ],
    }
    response = render(request, "organs/import_passwords.html", context)
    response["Cache-Control"] = "no-store"
    return response


# -- files


@require_GET
@acting(Role.ADMINISTRATOR)
def import_problems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """标明问题的文件: the rows as they were uploaded, each with its problems."""
    run = opened(request, pk)
    path = import_found.problem_file(run)
    if path is None:
        raise Http404
    stem = run.file_name.rpartition(".")[0] or run.file_name
    return uploads.serve(path.open("rb"), f"{stem}_问题.xlsx", "xlsx")


@require_GET
@acting(Role.ADMINISTRATOR)
def import_template(request: HttpRequest) -> FileResponse:
    """空白表。"""
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    workbook_out.template(out)
    out.seek(0)
    return uploads.serve(out, "机关和人员_空白表.xlsx", "xlsx")


@require_GET
@acting(Role.ADMINISTRATOR)
def import_export(request: HttpRequest) -> FileResponse:
    """导出: the same workbook, filled with what the subtree has."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    import_actions.export(by=doer(request), out=out)
    out.seek(0)
    organ = capacity_of(request).organ
    name = f"{organ.name}_机关和人员_{timezone.localdate():%Y%m%d}.xlsx"
    return uploads.serve(out, name, "xlsx")
