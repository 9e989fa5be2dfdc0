"""机关页面: the list, the tree, one organ, and the acts on it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.web.ledger import events
from gongkai.web.organs import actions, forms, organ_page, queries, succession_actions
from gongkai.web.organs import lists as organ_lists
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.models import Organ, OrganKind
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, lists
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.look import Act

MEMBERS = (Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.ADMINISTRATOR)
_SUGGESTED = 12


def capacity_of(request: HttpRequest) -> Capacity:
    """The capacity in hand; the route's rule has made sure that there is one."""
    held: Capacity = request.capacity  # type: ignore[attr-defined]
    return held


def opened(request: HttpRequest, code: str) -> Organ:
    """The organ of an address, for whoever may see it; raises Http404 for everybody else."""
    rows = queries.visible_organs(capacity_of(request)).select_related("parent")
    return get_object_or_404(rows, code=code)


def administers(request: HttpRequest) -> bool:
    """Whether the person acts as administrator now."""
    return capacity_of(request).role is Role.ADMINISTRATOR


# -- many


@acting(*MEMBERS)
def organs(request: HttpRequest) -> HttpResponseBase:
    """机关列表: officers of one organ are led to it."""
    rows = queries.visible_organs(capacity_of(request))
    if capacity_of(request).role in queries.OWN_ORGAN and len(rows[:2]) == 1:
        return redirect("organs:organ", code=capacity_of(request).organ.code)
    spec = organ_lists.spec(timezone.localdate())
    if request.method == "POST" and request.POST.get("act") == "reconsideration":
        chosen = lists.selected(request, spec, rows).values_list("code", flat=True)[:1000]
        request.session["reconsideration_of"] = list(chosen)
        return redirect("organs:reconsideration_of_many")
    return list_pages.show(
        request,
        spec if administers(request) else _without_acts(spec),
        rows.select_related("parent"),
        context={"acts": _list_acts(request)},
        exported=partial(exported, request, "organs"),
    )


def _without_acts(spec: lists.Spec) -> lists.Spec:
    return replace(spec, acts=())


def _list_acts(request: HttpRequest) -> list[Act]:
    shown = [Act(_("树形"), href=reverse("organs:tree"))]
    if administers(request):
        shown += [
            Act(_("合并机关"), href=reverse("organs:merge")),
            Act(_("设立机关"), href=reverse("organs:found"), tone="primary"),
        ]
    return shown


@require_GET
@acting(*MEMBERS)
def organ_tree(request: HttpRequest) -> HttpResponse:
    """机关树: one organ and its direct subordinates, a step at a time."""
    rows = queries.visible_organs(capacity_of(request))
    code = request.GET.get("top", "")
    top = get_object_or_404(rows, code=code) if code else capacity_of(request).organ
    today = timezone.localdate()
    return render(
        request, "organs/tree.html", organ_page.tree_context(top, capacity_of(request), today)
    )


@require_GET
@acting(*MEMBERS)
def suggest(request: HttpRequest) -> HttpResponse:
    """机关提示: a few organs whose names hold what was typed, for a field that picks one."""
    words = request.GET.get("q", "").strip()[:60]
    rows = queries.visible_organs(capacity_of(request)).filter(valid_to__isnull=True)
    found = queries.found_by(rows, words).order_by("path")[:_SUGGESTED] if words else []
    options = [(forms.shown(o), o.name, o.code) for o in found]
    return render(request, "components/suggestions.html", {"options": options, "words": words})


# -- one


@acting(*MEMBERS)
def organ(request: HttpRequest, code: str) -> HttpResponse:
    """机关页: facts, what can be done, history."""
    found = opened(request, code)
    context = organ_page.context(
        found, capacity_of(request), timezone.localdate(), administers=administers(request)
    )
    return render(request, "organs/organ.html", context)


@acting(Role.ADMINISTRATOR)
def found(request: HttpRequest) -> HttpResponse:
    """设立机关。"""
    visible = queries.visible_organs(capacity_of(request))
    named = visible.filter(code=request.GET.get("parent", "")).first()
    parent = named or capacity_of(request).organ
    return shell_forms.page(
        request,
        forms.Found,
        lambda data: actions.found_organ(by=doer(request), **data),
        to=_address,
        said=lambda made: _("已设立 %(name)s。") % {"name": made.name},
        initial={"parent": parent, "kind": OrganKind.DEPARTMENT, "level": parent.level},
        arguments={"organs": visible},
        context=_page(_("设立机关"), submit=_("设立")),
    )


@acting(Role.ADMINISTRATOR)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """修改机关信息。"""
    one = opened(request, code)
    fields = ("kind", "level", "credit_code", "division_code", "version")
    return shell_forms.page(
        request,
        forms.Change,
        lambda data: actions.change_organ(by=doer(request), organ=one, **data),
        to=_address,
        said=_("已保存。"),
        initial={f: getattr(one, f) for f in fields},
        stored=lambda: _stored(one, *fields),
        context=_page(_("修改机关信息"), one),
    )


def _stored(one: Organ, *fields: str) -> dict[str, Any]:
    """What another has made of it meanwhile."""
    now = Organ.objects.select_related("parent").get(pk=one.pk)
    return {name: getattr(now, name) for name in fields}


@acting(Role.ADMINISTRATOR)
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """机关更名。"""
    one = opened(request, code)
    return shell_forms.page(
        request,
        forms.Rename,
        lambda data: actions.rename_organ(by=doer(request), organ=one, **data),
        to=_address,
        said=lambda made: _("已更名为 %(name)s。") % {"name": made.name},
        initial={
            "short_name": one.short_name,
            "on": timezone.localdate(),
            "version": one.version,
        },
        stored=lambda: _stored(one, "name", "short_name", "version"),
        context=_page(
            _("机关更名"), one, intro=_("现名称：%(name)s") % {"name": one.name}, submit=_("更名")
        ),
    )


@acting(Role.ADMINISTRATOR)
def move(request: HttpRequest, code: str) -> HttpResponse:
    """改变隶属。"""
    one = opened(request, code)
    return shell_forms.page(
        request,
        forms.Move,
        lambda data: actions.move_organ(by=doer(request), organ=one, **data),
        to=_address,
        said=lambda made: _("已改为隶属 %(name)s。") % {"name": made.parent.name},
        initial={"on": timezone.localdate(), "version": one.version},
        arguments={"organs": queries.visible_organs(capacity_of(request))},
        stored=lambda: _stored(one, "parent", "version"),
        context=_page(
            _("改变隶属"),
            one,
            intro=_("现上级机关：%(name)s") % {"name": one.parent.name if one.parent else _("无")},
            submit=_("改变隶属"),
        ),
    )


@acting(Role.ADMINISTRATOR)
def merge(request: HttpRequest) -> HttpResponse:
    """合并机关。"""
    visible = queries.visible_organs(capacity_of(request))
    named = visible.filter(code=request.GET.get("organ", "")).first()

    by = doer(request)

    def act(data: dict[str, Any]) -> Organ:
        succession_actions.merge_organs(by=by, **data)
        successor: Organ = data["successor"]
        return successor

    return shell_forms.page(
        request,
        forms.Merge,
        act,
        to=_address,
        said=lambda made: _("已并入 %(name)s；原机关的历史仍可查看。") % {"name": made.name},
        initial={"predecessors": [named] if named else "", "on": timezone.localdate()},
        arguments={"organs": visible},
        context=_page(_("合并机关"), named, submit=_("合并"), danger=True, intro=_ending()),
        sure=lambda made: events.foreseen(by.by, by.at),
    )


@acting(Role.ADMINISTRATOR)
def split(request: HttpRequest, code: str) -> HttpResponse:
    """分设机关。"""
    one, by = opened(request, code), doer(request)

    def act(data: dict[str, Any]) -> Organ:
        succession_actions.split_organ(by=by, organ=one, **data)
        return one

    return shell_forms.page(
        request,
        forms.Split,
        act,
        to=_address,
        said=_("已分设；原机关的历史仍可查看。"),
        initial={"on": timezone.localdate()},
        arguments={"organs": queries.visible_organs(capacity_of(request))},
        context=_page(_("分设机关"), one, submit=_("分设"), danger=True, intro=_ending()),
        sure=lambda made: events.foreseen(by.by, by.at),
    )


@acting(Role.ADMINISTRATOR)
def close(request: HttpRequest, code: str) -> HttpResponse:
    """撤销机关。"""
    one, by = opened(request, code), doer(request)
    return shell_forms.page(
        request,
        forms.Close,
        lambda data: succession_actions.close_organ(by=by, organ=one, **data),
        to=_address,
        said=_("已撤销；可在机关页撤回。"),
        initial={"on": timezone.localdate()},
        context=_page(
            _("撤销机关"),
            one,
            submit=_("撤销机关"),
            danger=True,
            intro=_(
                "没有接受机关的撤销。有机关接受职责的，请用“合并”或“分设”，"
                "在办事项和年度报告才有着落。任职同时结束。"
            ),
        ),
        sure=lambda made: events.foreseen(by.by, by.at),
    )


@acting(Role.ADMINISTRATOR)
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """撤回撤销。"""
    one = opened(request, code)
    return shell_forms.confirmed(
        request,
        lambda: succession_actions.reopen_organ(by=doer(request), organ=one),
        to=_address,
        said=_("已撤回撤销。请重新任命人员。"),
        context=_page(
            _("撤回对 %(name)s 的撤销？") % {"name": one.name},
            one,
            submit=_("撤回撤销"),
            consequences=[_("机关恢复存续。"), _("随撤销结束的任职不自动恢复，须重新任命。")],
        ),
    )


@acting(Role.ADMINISTRATOR)
def reconsideration(request: HttpRequest, code: str) -> HttpResponse:
    """指定行政复议机关。"""
    one = opened(request, code)

    def act(data: dict[str, Any]) -> Organ:
        actions.set_reconsideration(by=doer(request), organ=one, **data)
        return one

    return shell_forms.page(
        request,
        forms.SetReconsideration,
        act,
        to=_address,
        said=_("已指定复议机关；此前的决定仍适用原复议机关。"),
        initial={"on": timezone.localdate()},
        arguments={"organs": queries.visible_organs(capacity_of(request))},
        context=_page(_("指定复议机关"), one),
    )


@acting(Role.ADMINISTRATOR)
def reconsideration_of_many(request: HttpRequest) -> HttpResponse:
    """批量指定行政复议机关: for the organs ticked in the list."""
    visible = queries.visible_organs(capacity_of(request))
    chosen = list(
        visible.filter(code__in=request.session.get("reconsideration_of", [])).order_by("path")
    )
    if not chosen:
        return redirect("organs:list")

    def act(data: dict[str, Any]) -> int:
        for one in chosen:
            actions.set_reconsideration(by=doer(request), organ=one, **data)
        return len(chosen)

    names = _("、").join(o.name for o in chosen[:20])
    return shell_forms.page(
        request,
        forms.SetReconsideration,
        act,
        to=lambda count: reverse("organs:list"),
        said=lambda count: _("已为 %(count)d 个机关指定复议机关。") % {"count": count},
        initial={"on": timezone.localdate()},
        arguments={"organs": visible},
        context=_page(
            _("批量指定复议机关"),
            intro=_("对象（%(count)d 个）：%(names)s%(more)s")
            % {"count": len(chosen), "names": names, "more": "…" if len(chosen) > 20 else ""},
        ),
    )


def _ending() -> str:
    return _(
        "自生效日起原机关不再存在：下级机关和经办、审核、批准的任职及其代理随在办事项转到接受机关；"
        "系统管理员、监督员、审计员的任职结束，需要的重新任命；指南要素的草稿撤回。"
        "此前的报告、文件和事件仍归原机关名下。"
    )


def _address(organ: Organ) -> str:
    return reverse("organs:organ", args=[organ.code])


def _page(title: str, organ: Organ | None = None, **more: Any) -> dict[str, Any]:
    back = _address(organ) if organ else reverse("organs:list")
    return {
        "title": title,
        "cancel": back,
        "crumbs": organ_page.crumbs(organ, here=title),
        **more,
    }
