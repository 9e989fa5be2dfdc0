"""遮盖的页面: a file is marked page by page, searched, and a version without the marks is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from gongkai.statute.grounds import Ground
from gongkai.statute.report import CannotRead
from gongkai.web.applications import (
    case_page,
    jobs,
    redaction_actions,
    redaction_page,
    redaction_pages,
    redaction_queries,
)
from gongkai.web.applications.case_views import opened, to_case
from gongkai.web.applications.models import Matter, Redaction
from gongkai.web.applications.redaction_actions import USUAL
from gongkai.web.applications.redaction_forms import HITS, Find, Hits, Marks, written
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Attachment
from gongkai.web.organs.doing import doer
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.languages import lang
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale

View = Callable[..., HttpResponseBase]


def _of_file(view: View) -> View:
    """With the matter and the file, for whoever handles it; what cannot be opened is said."""

    @wraps(view)
    def found(request: HttpRequest, pk: int, file: int, **more: Any) -> HttpResponseBase:
        matter = opened(request, pk)
        originals = redaction_queries.originals(matter)
        original = next((one for one in originals if one.pk == file), None)
        if original is None:
            raise Http404
        try:
            return view(request, matter, original, **more)
        except CannotRead as cause:
            why = cause.text.say(lang())
        except attachments.Damaged:
            why = _("原件在存储中找不到或已损坏，请联系系统管理员。")
        context = {
            "title": _("遮盖"),
            "crumbs": case_page.crumbs(matter),
            "cancel": to_case(matter),
            "why": why,
        }
        return render(request, "applications/cannot.html", context)

    return found


@acting(Role.HANDLER)
@_of_file
def redact(request: HttpRequest, matter: Matter, original: Attachment) -> HttpResponseBase:
    """遮盖: one page with its marks, drawn or by numbers."""
    sizes = redaction_pages.sizes(original)
    number = redaction_page.number_of(request.GET.get("page", "1"), len(sizes))
    size = sizes[number - 1]
    one = redaction_queries.in_hand(matter, original)
    version = redaction_page.version_of(one)
    typed: Any = None
    status = 200
    if request.method == "POST":
        typed = Marks(request.POST, form_kwargs={"size": size})
        if typed.is_valid():
            try:
                redaction_actions.mark_page(
                    by=doer(request),
                    matter=matter,
                    original=original,
                    version=redaction_page.whole(request.POST.get("version", "")),
                    page=number,
                    marks=[
                        form.box(number)
                        for form in typed.forms
                        if form.has_changed() and not form.cleaned_data.get("DELETE")
                    ],
                )
            except Refusal as refused:
                messages.error(request, redaction_page.words_of(refused))
            else:
                return redirect(_next(request, matter, original, number, len(sizes)))
        status = 422
    context = redaction_page.context(request, matter, original, sizes, number, one, version, typed)
    return render(request, "applications/redaction.html", context, status=status)


def _next(
    request: HttpRequest, matter: Matter, original: Attachment, number: int, count: int
) -> str:
    """Where the button leads: another page, the search, the making; else the same page."""
    go = request.POST.get("_go", "")
    names = {"find": "applications:redact_find", "make": "applications:redact_make"}
    if go in names:
        return reverse(names[go], args=[matter.pk, original.pk])
    page = redaction_page.number_of(go or str(number), count)
    if not go:
        messages.success(request, _("已保存第 %(page)d 页的标记。") % {"page": number})
    return redaction_page.href(matter, original, page)


@require_GET
@acting(Role.HANDLER)
@_of_file
def page(
    request: HttpRequest, matter: Matter, original: Attachment, number: int
) -> HttpResponseBase:
    """一页的图: as it will be released, without the marks."""
    try:
        drawn = redaction_pages.picture(original, number)
    except (IndexError, CannotRead):
        raise Http404 from None
    answer = HttpResponse(drawn, content_type="image/png")
    answer["Cache-Control"] = "private, max-age=600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# -- searching


@acting(Role.HANDLER)
@_of_file
def find(request: HttpRequest, matter: Matter, original: Attachment) -> HttpResponseBase:
    """查找要遮盖的内容: words and numbers; hits are ticked and become marks."""
    sizes = redaction_pages.sizes(original)
    one = redaction_queries.in_hand(matter, original)
    context: dict[str, Any] = {
        **redaction_page.frame(matter, original, one),
        "title": _("查找要遮盖的内容"),
        "stamp": redaction_page.version_of(one),
    }
    if request.method == "POST" and "_take" in request.POST:
        return _taken(request, matter, original, Hits(_ticked(request), sizes=sizes))
    form = Find(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        terms = [*typed["terms"], *(redaction_queries.names(matter) if typed["names"] else [])]
        found = redaction_pages.find(original, terms, typed["patterns"])
        held = {(box.mark.page, written(box.mark)) for box in redaction_actions.boxes(one)}
        context |= {
            "searched": True,
            "hits": redaction_page.hits(found.marks[:HITS], held),
            "more": max(0, len(found.marks) - HITS),
            "unsearched": [(n, redaction_page.href(matter, original, n)) for n in found.unsearched],
            "take": Hits(initial={"ground": USUAL.value}, sizes=sizes),
        }
    context["form"] = form
    return render(
        request, "applications/redaction_find.html", context, status=422 if form.errors else 200
    )


def _ticked(request: HttpRequest) -> dict[str, Any]:
    return {"hits": request.POST.getlist("hits"), "ground": request.POST.get("ground", "")}


def _taken(
    request: HttpRequest, matter: Matter, original: Attachment, form: Hits
) -> HttpResponseBase:
    again = reverse("applications:redact_find", args=[matter.pk, original.pk])
    if not form.is_valid():
        messages.error(request, _("查找结果有误，请重新查找。"))
        return redirect(again)
    marks = form.cleaned_data["hits"]
    if not marks:
        messages.info(request, _("没有勾选，未加标记。"))
        return redirect(again)
    ground = Ground(form.cleaned_data["ground"])
    try:
        redaction_actions.add(
            by=doer(request),
            matter=matter,
            original=original,
            version=redaction_page.whole(request.POST.get("version", "")),
            marks=redaction_actions.plain(marks, ground),
        )
    except Refusal as refused:
        messages.error(request, redaction_page.words_of(refused))
        return redirect(again)
    said = ngettext("已加 %(n)d 处标记。", "已加 %(n)d 处标记。", len(marks)) % {"n": len(marks)}
    messages.success(request, said)
    return redirect(redaction_page.href(matter, original, marks[0].page))


# -- making


@acting(Role.HANDLER)
@_of_file
def make(request: HttpRequest, matter: Matter, original: Attachment) -> HttpResponseBase:
    """制作遮盖件: asked once more, then made at once or by the worker."""
    sizes = redaction_pages.sizes(original)
    one = redaction_queries.in_hand(matter, original)
    back = redirect(redaction_page.href(matter, original, 1))
    if request.method == "POST":
        try:
            begun = redaction_actions.begin(
                by=doer(request),
                matter=matter,
                original=original,
                version=redaction_page.whole(request.POST.get("version", "")),
            )
        except Stale:
            return back  # sent twice, or marked by somebody else meanwhile: the page tells
        except Refusal as refused:
            messages.error(request, str(refused.message))
            return back
        if redaction_actions.is_small(original, sizes):
            _say(request, redaction_actions.make(pk=begun.pk, at=timezone.now()))
        else:
            jobs.redact(begun.pk)
            messages.info(request, _("正在制作，页数多的要几分钟；可以先办别的。"))
        return back
    if not redaction_actions.boxes(one):
        messages.error(request, _("还没有标记要遮盖的地方。"))
        return back
    context = {
        **redaction_page.frame(matter, original, one),
        "title": _("制作遮盖件"),
        "stamp": redaction_page.version_of(one),
        **redaction_page.summary(matter, original, one, sizes),
    }
    return render(request, "applications/redaction_make.html", context)


def _say(request: HttpRequest, one: Redaction | None) -> None:
    if one is not None and one.state == Redaction.State.MADE:
        messages.success(request, _("已制作遮盖件，并通过核验：文件中找不到被遮盖的内容。"))
    # A failure stands on the page itself, with all that was left.
