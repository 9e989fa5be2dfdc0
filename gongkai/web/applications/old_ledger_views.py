"""旧台账的页面: the upload, what the check found, the confirmation, the empty workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_POST

from gongkai.statute.grounds import REASONS, Ground
from gongkai.web.applications import (
    intake_page,
    jobs,
    old_ledger_actions,
    old_ledger_book,
    queries,
)
from gongkai.web.applications.models import OldLedger
from gongkai.web.organs import import_actions, import_found
from gongkai.web.organs.doing import doer
from gongkai.web.organs.import_page import BADGES
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import uploads
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.languages import lang
from gongkai.web.shell.look import Act, Fact
from gongkai.web.shell.refusals import Refusal

State = old_ledger_actions.State
_SHOWN = 10  # earlier imports below the form


class Choose(forms.Form):
    """选择文件。"""

    file = forms.FileField(
        label=_later("旧台账（XLSX）"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_later("先核对，不会写入任何内容；确认后才导入。"),
    )


def link(run: OldLedger) -> str:
    return reverse("applications:old_ledger", args=[run.pk])


def crumbs(run: OldLedger | None = None) -> list[tuple[str, str]]:
    found = list(intake_page.crumbs())
    if run is not None:
        found.append((_("导入旧台账"), reverse("applications:old_ledger_new")))
    return found


@acting(Role.HANDLER)
def new(request: HttpRequest) -> HttpResponse:
    """上传: checked at once where it is small, else in the background."""
    by = doer(request)

    def act(data: dict[str, Any]) -> OldLedger:
        file = data["file"]
        upload = uploads.accept(file, kinds=("xlsx",))
        run = old_ledger_actions.start(by=by, file=file, upload=upload)
        transaction.on_commit(lambda: _check(run))
        return run

    earlier = queries.visible_old_ledgers(capacity_of(request))[:_SHOWN]
    return shell_forms.page(
        request,
        Choose,
        act,
        to=link,
        template="applications/old_ledger_new.html",
        context={
            "title": _("导入旧台账"),
            "submit": _("上传并核对"),
            "cancel": reverse("applications:list"),
            "crumbs": crumbs(),
            "organ": capacity_of(request).organ,
            "rules": old_ledger_book.RULES,
            "earlier": [(one, link(one), BADGES[State(one.state)]) for one in earlier],
        },
    )


def _check(run: OldLedger) -> None:
    if run.file.size <= old_ledger_actions.SMALL_BYTES:
        old_ledger_actions.check(run=run, at=timezone.now())
    else:
        jobs.take_old_ledger(run.pk)


def _apply(run: OldLedger) -> None:
    run.refresh_from_db()
    if run.summary.get("rows", 0) <= old_ledger_actions.SMALL:
        old_ledger_actions.apply(run=run, at=timezone.now())
    else:
        jobs.take_old_ledger(run.pk)


def opened(request: HttpRequest, pk: int) -> OldLedger:
    return get_object_or_404(queries.visible_old_ledgers(capacity_of(request)), pk=pk)


@require_GET
@acting(Role.HANDLER)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """一次导入: what was found, what can be done."""
    run = opened(request, pk)
    waiting = run.state in import_actions.WAITING
    context: dict[str, Any] = {
        "run": run,
        "title": run.file_name,
        "crumbs": crumbs(run),
        "facts": _facts(run),
        "years": _years(run),
        "problems": [] if waiting else _problems(run),
        "untold": _untold(run),
        "notice": _notice(run),
        "waiting": waiting,
        "acts": _acts(run) if run.by_id == request.user.pk else [],
    }
    if waiting:
        context |= _progress(run)
    return render(request, "applications/old_ledger.html", context)


@require_GET
@acting(Role.HANDLER)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """进度: asked for every two seconds; the page is loaded anew once there is a result."""
    run = opened(request, pk)
    if run.state in import_actions.WAITING:
        return render(request, "components/progress.html", _progress(run))
    response = HttpResponse(status=200)
    response["HX-Refresh"] = "true"
    return response


@acting(Role.HANDLER)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """确认导入: says what will happen in numbers, then does it."""
    run = opened(request, pk)
    if not run.summary.get("rows"):  # the check is not over, found nothing, or failed
        return redirect(link(run))
    if request.method == "GET" and run.state not in (State.CHECKED, State.FAILED):
        return redirect(link(run))
    by = doer(request)

    def act() -> OldLedger:
        old_ledger_actions.confirm(by=by, run=run)
        transaction.on_commit(lambda: _apply(run))
        return run

    return shell_forms.confirmed(
        request,
        act,
        to=link,
        context={
            "title": _("导入“%(file)s”？") % {"file": run.file_name},
            "consequences": _consequences(run),
            "submit": _("导入"),
            "cancel": link(run),
            "crumbs": [*crumbs(run), (run.file_name, link(run))],
        },
    )


@require_POST
@acting(Role.HANDLER)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """放弃。"""
    run = opened(request, pk)
    try:
        with transaction.atomic():
            old_ledger_actions.drop(by=doer(request), run=run)
    except Refusal as refused:
        messages.error(request, str(refused.message))
    return redirect(link(run))


@require_GET
@acting(Role.HANDLER)
def template(request: HttpRequest) -> FileResponse:
    """空白表。"""
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    old_ledger_book.template(out)
    out.seek(0)
    return uploads.serve(out, "依申请公开旧台账_空白表.xlsx", "xlsx")


# -- what the page prints


def _facts(run: OldLedger) -> list[Fact]:
    found = run.summary
    facts = [
        Fact(_("状态"), run.get_state_display(), badge=BADGES[State(run.state)]),
        Fact(_("机关"), run.organ.name),
        Fact(_("上传"), f"{run.by.name} · {timezone.localtime(run.started_at):%Y-%m-%d %H:%M}"),
    ]
    if found:
        facts.append(Fact(_("可以导入的行"), str(found["rows"]), note=_guessed(found)))
        facts.append(Fact(_("其中已办结"), str(found["closed"]), note=_unlisted(found)))
    return facts


def _guessed(found: dict[str, Any]) -> str:
    if not found["guessed"]:
        return ""
    said = _("%(count)d 行没有申请人类型，按名称和信用代码判断，导入后可以更改")
    return said % {"count": found["guessed"]}


def _unlisted(found: dict[str, Any]) -> str:
    if not found["unlisted"]:
        return ""
    said = _("%(count)d 件在现行年度报告格式之前办结，只存查，不计入表三")
    return said % {"count": found["unlisted"]}


def _years(run: OldLedger) -> list[tuple[str, int, int, list[tuple[str, int]]]]:
    """Of each year: received, closed, and what it ended with."""
    found = []
    for year, counts in run.summary.get("years", {}).items():
        ends = [
            (REASONS[Ground(key)].name.say(lang()), count)
            for key, count in counts.items()
            if key not in ("received", "closed")
        ]
        ends.sort(key=lambda one: -one[1])
        found.append((year, counts.get("received", 0), counts.get("closed", 0), ends))
    return found


def _problems(run: OldLedger) -> list[tuple[str, str, str, str, bool]]:
    return [
        (sheet, str(row or ""), column, why[lang()], why["warning"])
        for sheet, row, column, why in run.problems
    ]


def _untold(run: OldLedger) -> int:
    found = run.summary
    count: int = found.get("errors", 0) + found.get("warnings", 0) - len(run.problems)
    return count


def _notice(run: OldLedger) -> tuple[str, str, str] | None:
    """Tone, title and text of what the person should know first."""
    if run.state == State.REFUSED:
        title = _("有 %(count)d 处问题，没有导入") % {"count": run.summary["errors"]}
        text = _("台账没有改动，上传的文件已删除。请在原文件里改正下面各行，再作为新的文件上传。")
        return "bad", title, text
    if run.state == State.CHECKED:
        text = _("请与旧台账核对各年的件数，确认后才写入。")
        return "info", _("核对完毕，还没有导入"), text
    if run.state == State.FAILED and not run.summary.get("rows"):
        text = _("请放弃后再上传一次。多次失败请把时间和文件名告诉运维人员。")
        return "bad", _("没有核对完，也没有写入任何内容"), text
    if run.state == State.FAILED:
        text = _("上传的文件还在，可以再试。多次失败请把时间和文件名告诉运维人员。")
        return "bad", _("没有完成，也没有写入任何内容"), text
    if run.state == State.APPLIED:
        text = _("上传的文件含有个人信息，已经删除。")
        return "ok", _("已导入 %(count)d 件") % {"count": run.summary["rows"]}, text
    if run.state == State.DROPPED:
        return "info", _("已放弃"), _("上传的文件已删除；台账没有改动。")
    return None


def _consequences(run: OldLedger) -> Sequence[str]:
    found = run.summary
    said = [
        _("登记 %(rows)d 件申请，其中 %(closed)d 件已办结、归档") % found,
        _("%(count)d 件尚未办结的，从今天起由您继续办理")
        % {"count": found["rows"] - found["closed"]},
        _("姓名、证件号码和联系方式密存；导入后删除上传的文件"),
        _("全部写入，或者（遇到任何问题时）完全不写入"),
    ]
    if found.get("latest", "")[:4] == str(run.started_at.year):
        year = found["latest"][:4]
        said.append(
            _("其中 %(count)d 件在 %(year)s 年办结，请确认不是应当在系统里审核、批准的")
            % {"count": found["years"][year]["closed"], "year": year}
        )
    return said if found["rows"] > found["closed"] else [said[0], *said[2:]]


def _acts(run: OldLedger) -> list[Act]:
    acts = []
    if run.state in import_actions.OPEN:
        text = _("上传的文件将被删除，台账不变。")
        href = reverse("applications:old_ledger_drop", args=[run.pk])
        acts.append(Act(_("放弃"), post=href, confirm=text))
    if run.state == State.REFUSED:
        href = reverse("applications:old_ledger_new")
        acts.append(Act(_("上传改好的文件"), href=href, tone="primary"))
    if run.state in (State.CHECKED, State.FAILED) and run.summary.get("rows"):
        href = reverse("applications:old_ledger_apply", args=[run.pk])
        acts.append(Act(_("导入……"), href=href, tone="primary"))
    if run.state == State.APPLIED:
        acts.append(Act(_("看全部申请"), href=reverse("applications:all")))
    return acts


def _progress(run: OldLedger) -> dict[str, Any]:
    life = import_found.life(run)
    labels = {"reading": _("正在核对：%(done)d 行"), "writing": _("正在写入：%(done)d 行")}
    label = _("排队等待后台处理")
    if life is not None and life.stage in labels:
        label = labels[life.stage] % {"done": life.done}
    text = _("可以离开本页，稍后在“导入旧台账”里查看结果。后台重启过的，会自动接着处理。")
    href = reverse("applications:old_ledger_progress", args=[run.pk])
    return {"label": label, "value": "", "text": text, "href": href}
