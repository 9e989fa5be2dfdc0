"""案卷评查的页面: those drawn, one with its files, the score sheet of a file, the findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gongkai.web.applications import (
    filecheck_actions,
    filecheck_page,
    intake_page,
    queries,
    samples,
)
from gongkai.web.applications.filecheck_actions import Draw
from gongkai.web.applications.intake_views import READERS
from gongkai.web.applications.models import Checked, FileCheck
from gongkai.web.applications.supervision_views import usual
from gongkai.web.ledger import events
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import exports, list_pages, lists
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.look import Act, when

FEW = 5  # files, below which an organ's mean says little


class New(forms.Form):
    """抽取案卷."""

    title = forms.CharField(label=_("名称"), max_length=80)
    first = forms.DateField(label=_("办结日期从"), widget=DateInput)
    last = forms.DateField(label=_("到"), widget=DateInput)
    count = forms.IntegerField(label=_("抽几件"), min_value=1, max_value=samples.MOST)
    seed = forms.IntegerField(
        label=_("抽取号"),
        min_value=1,
        max_value=999999,
        help_text=_("同一抽取号、同样的条件，抽出同样的案卷；可以公开抽取后填写。"),
    )


NOT_APPLICABLE = "na"  # typed for an item that the case has not


class Score(forms.Form):
    """一件案卷的评分: of each item points, that it does not apply, or nothing yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in samples.ITEMS:
            numbers = [(str(n), str(n)) for n in range(item.points, -1, -1)]
            self.fields[f"item_{item.id}"] = forms.ChoiceField(
                label=_("%(name)s（满分 %(points)d）") % {"name": item.name, "points": item.points},
                help_text=str(item.look),
                choices=[("", _("还没有评")), *numbers, (NOT_APPLICABLE, _("不适用"))],
                error_messages={
                    "invalid_choice": _("最多 %(points)d 分。") % {"points": item.points}
                },
                required=False,
            )
        self.fields["words"] = forms.CharField(
            label=_("意见"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def points(self) -> dict[str, int | None]:
        """By item; None where left open or not applicable."""
        typed = self._typed()
        return {id: int(one) if one.isdigit() else None for id, one in typed.items()}

    def not_applicable(self) -> list[str]:
        """The items that the case has not."""
        return [id for id, one in self._typed().items() if one == NOT_APPLICABLE]

    def _typed(self) -> dict[str, str]:
        return {item.id: self.cleaned_data[f"item_{item.id}"] for item in samples.ITEMS}


class End(forms.Form):
    """结束评查."""

    notice = forms.CharField(
        label=_("给被查机关的意见"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("被查机关都看得到，不要写个人信息；可以不写。"),
    )
    answer_by = forms.DateField(
        label=_("请于此日前回复"), widget=DateInput, required=False, help_text=_("不用回复的不填。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def _spec(*, supervises: bool) -> lists.Spec:
    return lists.Spec(
        id="file-checks",
        title=_("案卷评查"),
        columns=(
            lists.Column(
                "title",
                _("名称"),
                lambda c: lists.Cell(c.title, href=reverse("applications:check", args=[c.pk])),
                value=lambda c: c.title,
            ),
            lists.Column("organ", pgettext_lazy("of one row", "机关"), lambda c: c.organ.name),
            lists.Column(
                "period", _("办结日期"), lambda c: f"{c.first.isoformat()}—{c.last.isoformat()}"
            ),
            lists.Column(
                "state",
                _("状态"),
                lambda c: lists.Cell(
                    _now("已结束") if c.ended_at else _now("评查中"),
                    badge="ok" if c.ended_at else "warn",
                ),
                value=lambda c: _now("已结束") if c.ended_at else _now("评查中"),
                narrow=True,
            ),
            lists.Column(
                "at", _("抽取时间"), lambda c: when(c.at), sort=("at",), value=lambda c: c.at
            ),
        ),
        order="-at",
        search=lambda rows, wanted: rows.filter(title__icontains=wanted),
        search_hint=_("名称"),
        empty_title=_("没有案卷评查"),
        empty_text=_("抽取以后列在这里，逐件评分，结束后可以导出。")
        if supervises
        else _("抽查了本机关案卷的评查，结束以后列在这里。"),
    )


@acting(*READERS)
def checks(request: HttpRequest) -> HttpResponseBase:
    """案卷评查的列表: officers see those ended in which cases of theirs were scored."""
    capacity = capacity_of(request)
    supervises = capacity.role is Role.SUPERVISOR
    rows = queries.visible_checks(capacity).select_related("organ")
    draw = Act(_now("抽取案卷"), href=reverse("applications:check_new"), tone="primary")
    return list_pages.show(
        request,
        _spec(supervises=supervises),
        rows,
        context={
            "acts": [draw] if supervises else [],
            "crumbs": intake_page.crumbs(),
        },
        exported=lambda kind, count: exported(request, "checks", kind, count),
    )


def crumbs(check: FileCheck | None = None) -> list[tuple[str, str]]:
    """From the list of applications down to the page above this one."""
    found = [*intake_page.crumbs(), (_now("案卷评查"), reverse("applications:checks"))]
    if check is not None:
        found.append((check.title, to_check(check)))
    return found


def to_check(check: FileCheck) -> str:
    """Its page."""
    return reverse("applications:check", args=[check.pk])


@acting(Role.SUPERVISOR)
def new(request: HttpRequest) -> HttpResponse:
    """抽取案卷, to be scored here."""
    by = doer(request)
    today = timezone.localdate(by.at)
    given = {
        name: request.GET[name]
        for name in ("first", "last", "count", "seed")
        if name in request.GET
    }
    title = _now("%(year)d 年案卷评查") % {"year": today.year}
    return shell_forms.page(
        request,
        New,
        lambda data: filecheck_actions.draw(by=by, given=Draw(**data)),
        to=to_check,
        said=_now("已抽取。"),
        initial={"title": title, **usual(today), **given},
        context={
            "title": _now("抽取案卷"),
            "crumbs": crumbs(),
            "submit": _now("抽取"),
            "cancel": reverse("applications:checks"),
        },
    )


def opened(request: HttpRequest, pk: int) -> FileCheck:
    """The check of an address, for whoever may see it."""
    rows = queries.visible_checks(capacity_of(request)).select_related("organ", "by")
    return get_object_or_404(rows, pk=pk)


def _files(request: HttpRequest, check: FileCheck) -> list[Checked]:
    """Those of its files that somebody may see, in the order they were drawn."""
    rows = queries.visible_checked(capacity_of(request)).filter(of=check)
    return list(rows.select_related("matter__organ", "by").order_by("position"))


@require_GET
@acting(*READERS)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """一次案卷评查: of officers their own cases."""
    one = opened(request, pk)
    files = _files(request, one)
    scores = [filecheck_page.score_of(file) for file in files]
    rows = [
        (
            file,
            filecheck_page.outcome(file),
            found,
            filecheck_page.looked_at(file),
            _href(one, file),
        )
        for file, found in zip(files, scores, strict=True)
    ]
    first = next((href for _f, _o, found, _c, href in rows if found is None), "")
    context = {
        "check": one,
        "title": one.title,
        "crumbs": crumbs(),
        "rows": rows,
        "items": len(samples.ITEMS),
        "done": sum(found is not None for found in scores),
        "endable": _endable(request, one, files),
        "supervises": capacity_of(request).role is Role.SUPERVISOR,
        "next": first,
        "by_organ": filecheck_page.by_organ(files),
        "few": FEW,
    }
    return render(request, "applications/check.html", context)


def _endable(request: HttpRequest, one: FileCheck, files: list[Checked]) -> bool:
    """Whether nothing that the supervisor may still open is left to be scored."""
    if one.ended_at is not None or capacity_of(request).role is not Role.SUPERVISOR:
        return False
    left = [file for file in files if filecheck_page.score_of(file) is None]
    return not left or not filecheck_actions.in_sight(doer(request), left)


@require_GET
@acting(*READERS)
def unit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """一个机关的评分表: to be printed."""
    one = opened(request, pk)
    files = [file for file in _files(request, one) if file.matter.organ.code == code]
    if not files:
        raise Http404
    context = {
        "check": one,
        "name": files[0].organ_name,
        "sheets": [
            (file, filecheck_page.lines(file), filecheck_page.score_of(file)) for file in files
        ],
        "summary": filecheck_page.by_organ(files),
        "back": to_check(one),
        "crumbs": crumbs(one),
    }
    return render(request, "applications/check_unit.html", context)


@acting(*READERS)
def score(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """一件案卷的评分: a form for the supervisor, to be read once the check is ended."""
    one = opened(request, pk)
    files = _files(request, one)
    held = next((f for f in files if f.pk == file), None)
    if held is None:
        raise Http404
    at = files.index(held)
    in_sight = filecheck_actions.in_sight(doer(request), [held])
    context = {
        "title": f"{held.number} {held.title}",
        "crumbs": crumbs(one),
        "cancel": to_check(one),
        "held": held,
        "before": _href(one, files[at - 1]) if at else "",
        "after": _href(one, files[at + 1]) if at + 1 < len(files) else "",
        "case": reverse("applications:case", args=[held.matter_id]) if in_sight else "",
        "at": at + 1,
        "count": len(files),
        "check": one,
    }
    if one.ended_at is not None or not in_sight:
        return _read(request, held, context)
    to = _href(one, files[at + 1]) if at + 1 < len(files) else to_check(one)
    return _scored(request, held, to, context)


def _read(request: HttpRequest, held: Checked, context: dict[str, Any]) -> HttpResponse:
    """评分结果, no form. What was sent in vain stands beside what is kept."""
    typed = Score(request.POST) if request.method == "POST" else None
    context |= {
        "lines": filecheck_page.lines(held, typed.data if typed else None),
        "score": filecheck_page.score_of(held),
        "typed": typed.data.get("words", "") if typed else "",
        "refused": typed is not None,
    }
    return render(request, "applications/check_read.html", context, status=409 if typed else 200)


def _scored(request: HttpRequest, held: Checked, to: str, context: dict[str, Any]) -> HttpResponse:
    made: list[Score] = []

    def form(*args: Any, **kwargs: Any) -> Score:
        made[:] = [Score(*args, **kwargs)]
        return made[0]

    def act(data: dict[str, Any]) -> Checked:
        return filecheck_actions.score(
            by=doer(request),
            file=held,
            points=made[0].points(),
            not_applicable=made[0].not_applicable(),
            said=data["words"],
            version=data["version"],
        )

    return shell_forms.page(
        request,
        form,
        act,
        to=lambda _f: to,
        said=_now("已保存。"),
        template="applications/check_score.html",
        initial=_stored(held),
        stored=lambda: _stored(Checked.objects.get(pk=held.pk)),
        autosave=True,
        context={**context, "submit": _now("保存，看下一件")},
    )


def _href(one: FileCheck, file: Checked) -> str:
    return reverse("applications:check_score", args=[one.pk, file.pk])


def _stored(file: Checked) -> Mapping[str, Any]:
    points = {f"item_{item.id}": file.points.get(item.id) for item in samples.ITEMS}
    skipped = {f"item_{id}": NOT_APPLICABLE for id in file.not_applicable}
    return {**points, **skipped, "words": file.words, "version": file.version}


@acting(Role.SUPERVISOR)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束评查。"""
    one = opened(request, pk)
    by = doer(request)
    if one.ended_at is not None and request.method == "GET":
        return redirect(to_check(one))
    return shell_forms.page(
        request,
        End,
        lambda data: filecheck_actions.end(by=by, check=one, **data),
        to=to_check,
        said=_now("评查已结束。"),
        initial={"version": one.version},
        sure=lambda _one: events.foreseen(by.by, by.at),
        context={
            "title": _now("结束评查"),
            "crumbs": crumbs(one),
            "submit": _now("结束评查"),
            "cancel": to_check(one),
            "intro": _now(
                "结束以后不能再改分；全部案卷都评完了才能结束。"
                "被查机关的经办、审核、批准人员会收到消息，看得到自己案卷的评分和意见。"
            ),
        },
    )


@require_GET
@acting(Role.SUPERVISOR)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """导出评分表: with the points given so far."""
    one = opened(request, pk)
    files = _files(request, one)
    exported(request, "checks", "xlsx", len(files))
    headings, rows = filecheck_page.sheet(files)
    return exports.sheet(f"{one.title}.xlsx", headings, rows, title=one.title)
