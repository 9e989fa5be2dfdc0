"""列表页: one call from a view to a whole list page with its saved views and its exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.shell import exports, lists
from gongkai.web.shell.models import SavedView

_LONGEST = 2000  # of a saved view's query, in the letters of an address


def show(
    request: HttpRequest,
    spec: lists.Spec,
    rows: lists.Rows,
    *,
    template: str = "list_page.html",
    context: Mapping[str, Any] | None = None,
    exported: Callable[[str, int], None] | None = None,
) -> HttpResponseBase:
    """The list as a page, or as a file where the address says ``export=xlsx|csv``.

    POST saves, replaces or removes a saved view (``save_view``, ``drop_view``, ``default_view``).
    ``exported`` is told the kind and the number of rows of an export.
    """
    if request.method == "POST":
        return _saved(request, spec)
    if spec.exports and request.GET.get("export") in ("xlsx", "csv"):
        return export(request, spec, rows, exported=exported)
    default = _default(request, spec)
    if default is not None:
        return default
    found = lists.listing(request, spec, rows)
    found.views = _tabs(request, spec, found)
    return render(request, template, {"listing": found, **(context or {})})


def export(
    request: HttpRequest,
    spec: lists.Spec,
    rows: lists.Rows,
    *,
    exported: Callable[[str, int], None] | None = None,
) -> HttpResponseBase:
    """Every row that the filters leave, in the order asked for."""
    want = lists.asked(spec, request.GET)
    found = want.narrowed(rows).order_by(*want.fields())
    headings = [str(c.label) for c in spec.columns]
    kind = request.GET["export"]
    name = f"{spec.title}_{timezone.localdate():%Y%m%d}.{kind}"
    body = ([c.exported(row) for c in spec.columns] for row in found.iterator(chunk_size=2000))
    if exported is not None:
        exported(kind, found.count())
    if kind == "xlsx":
        return exports.sheet(name, headings, body, title=str(spec.title))
    return exports.comma_separated(name, headings, body)


def _own(request: HttpRequest, spec: lists.Spec) -> QuerySet[SavedView]:
    return SavedView.objects.filter(account_id=request.user.pk or 0, listing=spec.id)


def _saved(request: HttpRequest, spec: lists.Spec) -> HttpResponse:
    own = _own(request, spec)
    dropped = lists.number(request.POST.get("drop_view", ""))
    if dropped is not None:
        own.filter(pk=dropped).delete()
        messages.success(request, _("已删除常用视图。"))
        return redirect(request.path)
    default = lists.number(request.POST.get("default_view", ""))
    if default is not None:
        own.update(is_default=False)
        own.filter(pk=default).update(is_default=True)
        messages.success(request, _("以后打开这个列表时使用该视图。"))
        return redirect(request.get_full_path())
    name = request.POST.get("save_view", "").strip()[:30]
    if not name:
        messages.error(request, _("请给常用视图起一个名称。"))
        return redirect(request.get_full_path())
    query = lists.asked(spec, request.GET).query()
    if len(query) > _LONGEST:
        messages.error(request, _("搜索和筛选的文字太长，没有存为常用视图；请缩短后再存。"))
        return redirect(request.get_full_path())
    view, _made = SavedView.objects.update_or_create(
        account_id=request.user.pk, listing=spec.id, name=name, defaults={"query": query}
    )
    messages.success(request, _("已存为常用视图“%(name)s”。") % {"name": name})
    return redirect(_address(request.path, view))


def _address(path: str, view: SavedView) -> str:
    params = QueryDict(view.query, mutable=True)
    params["view"] = str(view.pk)
    return f"{path}?{params.urlencode()}"


def _default(request: HttpRequest, spec: lists.Spec) -> HttpResponse | None:
    """To the default view, where the list is opened bare."""
    if request.GET or not request.user.is_authenticated:
        return None
    view = _own(request, spec).filter(is_default=True).first()
    return redirect(_address(request.path, view)) if view else None


def _tabs(request: HttpRequest, spec: lists.Spec, found: lists.Listing) -> list[lists.Tab]:
    views = _own(request, spec).order_by("pk")
    return [
        lists.Tab(v.pk, v.name, _address(request.path, v), v.query == found.query, v.is_default)
        for v in views
    ]
