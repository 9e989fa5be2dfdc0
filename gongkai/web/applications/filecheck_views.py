"""案卷评查的页面: those drawn, one with its files, the score sheet of a file, the findings."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import mean
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from gongkai.web.applications import filecheck_actions, intake_page, queries, samples, words
from gongkai.web.applications.filecheck_actions import Draw
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


class Score(forms.Form):
    """一件案卷的评分."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in samples.ITEMS:
            self.fields[f"item_{item.id}"] = forms.IntegerField(
                label=_("%(name)s（满分 %(points)d）") % {"name": item.name, "points": item.points},
                help_text=str(item.look),
                min_value=0,
                max_value=item.points,
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
        """By item; None where left open."""
        return {item.id: self.cleaned_data[f"item_{item.id}"] for item in samples.ITEMS}


class End(forms.Form):
    """结束评查."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def _spec() -> lists.Spec:
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
        empty_text=_("抽取以后列在这里，逐件评分，结束后可以导出。"),
    )


@acting(Role.SUPERVISOR)
def checks(request: HttpRequest) -> HttpResponseBase:
    """案卷评查的列表。"""
    rows = queries.visible_checks(capacity_of(request)).select_related("organ")
    return list_pages.show(
        request,
        _spec(),
        rows,
        context={
            "acts": [Act(_now("抽取案卷"), href=reverse("applications:check_new"), tone="primary")],
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


def _files(check: FileCheck) -> list[Checked]:
    related = ("matter__request", "matter__organ", "matter__handler", "by")
    return list(check.files.select_related(*related).order_by("position"))


@require_GET
@acting(Role.SUPERVISOR)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """一次案卷评查。"""
    one = opened(request, pk)
    files = _files(one)
    rows = [
        (
            file,
            words.number(file.matter),
            words.outcome(file.matter),
            samples.total(file.points),
            len(file.points),
            reverse("applications:check_score", args=[one.pk, file.pk]),
        )
        for file in files
    ]
    done = sum(total is not None for _f, _n, _o, total, _c, _h in rows)
    first = next((href for _f, _n, _o, total, _c, href in rows if total is None), "")
    context = {
        "check": one,
        "title": one.title,
        "crumbs": crumbs(),
        "rows": rows,
        "items": len(samples.ITEMS),
        "whole": samples.WHOLE,
        "done": done,
        "left": len(rows) - done,
        "next": first,
        "by_organ": by_organ(files),
        "few": FEW,
    }
    return render(request, "applications/check.html", context)


def by_organ(files: list[Checked]) -> list[tuple[str, int, str]]:
    """Each organ with how many of its files are scored, and their mean."""
    held: dict[str, list[int]] = {}
    for file in files:
        total = samples.total(file.points)
        if total is not None:
            held.setdefault(file.matter.organ.name, []).append(total)
    return [(name, len(all_), f"{mean(all_):.1f}") for name, all_ in sorted(held.items())]


@acting(Role.SUPERVISOR)
def score(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """一件案卷的评分。"""
    one = opened(request, pk)
    files = _files(one)
    held = next((f for f in files if f.pk == file), None)
    if held is None:
        held = get_object_or_404(Checked.objects.none(), pk=file)
    by = doer(request)
    at = files.index(held)
    made: list[Score] = []

    def form(*args: Any, **kwargs: Any) -> Score:
        made[:] = [Score(*args, **kwargs)]
        return made[0]

    def act(data: dict[str, Any]) -> Checked:
        return filecheck_actions.score(
            by=by,
            file=held,
            points=made[0].points(),
            said=data["words"],
            version=data["version"],
        )

    return shell_forms.page(
        request,
        form,
        act,
        to=lambda _f: _href(one, files[at + 1]) if at + 1 < len(files) else to_check(one),
        said=_now("已保存。"),
        template="applications/check_score.html",
        initial=_stored(held),
        stored=lambda: _stored(Checked.objects.get(pk=held.pk)),
        autosave=True,
        context={
            "title": f"{words.number(held.matter)} {held.matter.title}",
            "crumbs": crumbs(one),
            "submit": _now("保存，看下一件"),
            "cancel": to_check(one),
            "held": held,
            "before": _href(one, files[at - 1]) if at else "",
            "after": _href(one, files[at + 1]) if at + 1 < len(files) else "",
            "case": reverse("applications:case", args=[held.matter_id]),
            "ended": one.ended_at is not None,
            "at": at + 1,
            "count": len(files),
        },
    )


def _href(one: FileCheck, file: Checked) -> str:
    return reverse("applications:check_score", args=[one.pk, file.pk])


def _stored(file: Checked) -> Mapping[str, Any]:
    points = {f"item_{item.id}": file.points.get(item.id) for item in samples.ITEMS}
    return {**points, "words": file.words, "version": file.version}


@acting(Role.SUPERVISOR)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束评查。"""
    one = opened(request, pk)
    by = doer(request)
    return shell_forms.page(
        request,
        End,
        lambda data: filecheck_actions.end(by=by, check=one, version=data["version"]),
        to=to_check,
        said=_now("评查已结束。"),
        initial={"version": one.version},
        sure=lambda _one: events.foreseen(by.by, by.at),
        context={
            "title": _now("结束评查"),
            "crumbs": crumbs(one),
            "submit": _now("结束评查"),
            "cancel": to_check(one),
            "intro": _now("结束以后不能再改分；全部案卷都评完了才能结束。"),
        },
    )


@require_GET
@acting(Role.SUPERVISOR)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """导出评分表: with the points given so far."""
    one = opened(request, pk)
    files = _files(one)
    exported(request, "checks", "xlsx", len(files))
    headings = [
        _now("编号"), _now("事由"), _now("机关"), _now("经办人"), _now("办结日期"),
        *(f"{item.name}（{item.points}）" for item in samples.ITEMS),
        _now("合计"), _now("意见"), _now("评查人"),
    ]  # fmt: skip
    rows = (
        [
            words.number(file.matter),
            file.matter.title,
            file.matter.organ.name,
            file.matter.handler.name if file.matter.handler else "",
            file.matter.closed_on,
            *(file.points.get(item.id) for item in samples.ITEMS),
            samples.total(file.points),
            file.words,
            file.by.name if file.by else "",
        ]
        for file in files
    )
    return exports.sheet(f"{one.title}.xlsx", headings, rows, title=one.title)
