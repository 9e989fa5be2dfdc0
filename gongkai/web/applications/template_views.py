"""文书模板的页面: the kinds of letters of an organ, their texts, and what may stand in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gongkai.statute import letter_kinds, letter_samples
from gongkai.statute.letter_kinds import Kind
from gongkai.statute.writers import letter_paper
from gongkai.web.applications import letter_page, template_actions
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.letter_actions import named
from gongkai.web.applications.models import LetterTemplate
from gongkai.web.organs import organ_page
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import kept, once
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.languages import lang
from gongkai.web.shell.look import Act
from gongkai.web.shell.refusals import Refusal

VERSIONS = 20


def _syntax() -> str:
    """How a text is written, with the marks of the reader's language."""
    place, choice = (
        ("{variable}", "{if variable}…{else}…{end}")
        if lang() == "en"
        else ("{变量}", "{若 变量}…{否则}…{完}")
    )
    return _(
        "一行是一段。%(place)s 填入内容；%(choice)s 按有没有内容取舍。"
        "文头、文号、收件人、救济告知和落款由系统排印。"
    ) % {"place": place, "choice": choice}


class Text(forms.Form):
    """一种文书的正文."""

    text = forms.CharField(
        label=gettext_lazy("正文"),
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        max_length=20_000,
        help_text=lazy(_syntax, str)(),
    )
    number = forms.IntegerField(widget=forms.HiddenInput)


def opened(request: HttpRequest, code: str) -> Organ:
    """The organ of an address, for whoever may open it; raises Http404 for everybody else."""
    return get_object_or_404(organ_queries.visible_organs(capacity_of(request)), code=code)


def _kind(id: str) -> Kind:
    try:
        return letter_kinds.kind(id)
    except letter_kinds.UnknownKind:
        raise Http404 from None


def _crumbs(organ: Organ, *, here: bool = False) -> list[tuple[str, str]]:
    found = list(organ_page.crumbs(organ, here=_("文书模板")))
    if not here:
        found.append((_("文书模板"), reverse("applications:templates", args=[organ.code])))
    return found


@require_GET
@acting(Role.ADMINISTRATOR)
def templates(request: HttpRequest, code: str) -> HttpResponse:
    """文书模板: every kind, and whether the organ has a text of its own."""
    organ = opened(request, code)
    own = template_actions.of_organ(organ)
    groups = []
    for group in letter_kinds.groups():
        rows = [
            {
                "name": said(kind.name),
                "href": reverse("applications:template", args=[organ.code, kind.id]),
                "own": _state(own.get(kind.id)),
            }
            for kind in letter_kinds.kinds().values()
            if kind.group == group.id
        ]
        groups.append((said(group.name), rows))
    context = {
        "title": _("文书模板"),
        "crumbs": _crumbs(organ, here=True),
        "organ": organ,
        "groups": groups,
    }
    return render(request, "applications/templates.html", context)


def _state(one: LetterTemplate | None) -> str:
    if one is None or not one.text:
        return ""
    return _("本机关第 %(number)d 版") % {"number": one.number}


@acting(Role.ADMINISTRATOR)
def template(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """修改模板: with its variables, what is wrong where, and a sample of what it makes."""
    organ = opened(request, code)
    one = _kind(kind)
    by = doer(request)
    last = template_actions.newest(organ, one.id)
    own = last is not None and bool(last.text)
    text = last.text if last is not None and own else one.template.source
    context = _context(organ, one, last, text)
    if "_preview" in request.POST:
        return _previewed(request, one, context)

    def act(data: dict[str, Any]) -> LetterTemplate:
        return template_actions.change(
            by=by, organ=organ, kind=one.id, number=data["number"], text=data["text"]
        )

    return shell_forms.page(
        request,
        Text,
        act,
        to=lambda made: reverse("applications:template", args=[organ.code, one.id]),
        said=_("已保存，此后的文书用新的正文。"),
        template="applications/template.html",
        initial={"text": text, "number": last.number if last else 0},
        stored=lambda: _stored(organ, one),
        autosave=True,
        context=context,
    )


def _stored(organ: Organ, kind: Kind) -> dict[str, Any]:
    last = template_actions.newest(organ, kind.id)
    return {"number": last.number if last else 0, "text": last.text if last else ""}


def _previewed(request: HttpRequest, kind: Kind, context: dict[str, Any]) -> HttpResponse:
    form = Text(request.POST)
    sheet = None
    if form.is_valid():
        try:
            sheet = _sheet(kind, form.cleaned_data["text"])
        except Refusal as refused:
            form.add_error("text", str(refused.message))
    shown = {
        **context,
        "form": form,
        "once": request.POST.get("_once") or once.token(),
        "author": kept.author_token(request),
        "sheet": sheet,
        "autosave": True,
    }
    status = 422 if form.errors else 200
    return render(request, "applications/template.html", shown, status=status)


def _sheet(kind: Kind, text: str) -> letter_page.Sheet:
    made = template_actions.tried(kind, text)
    laid = letter_paper.lay_out(made)
    lines = tuple((line.style.value, f"{line.label}{line.text}") for line in laid.lines)
    return letter_page.Sheet(lines)


def _context(organ: Organ, kind: Kind, last: LetterTemplate | None, text: str) -> dict[str, Any]:
    known = letter_kinds.variables()
    ids = list(dict.fromkeys(kind.names.values()))
    must = [one for one in kind.elements if one.compulsory]
    acts = []
    if last is not None and last.text:
        fields = {"number": last.number}
        acts.append(
            Act(
                _("恢复系统模板"),
                post=reverse("applications:template_back", args=[organ.code, kind.id]),
                fields=fields,
                confirm=_("本机关的正文留作旧版本，此后的文书用系统自带的正文。"),
            )
        )
    day = letter_samples.dated(kind)
    return {
        "title": str(said(kind.name)),
        "crumbs": _crumbs(organ),
        "cancel": reverse("applications:templates", args=[organ.code]),
        "submit": _("保存为新版本"),
        "organ": organ,
        "kind": kind,
        "acts": acts,
        "caution": said(kind.caution) if kind.caution else "",
        "variables": [
            (id if lang() == "en" else known[id].name.zh, said(known[id].name)) for id in ids
        ],
        "must": [
            (said(one.name), named(source) if (source := one.source(day)) else "") for one in must
        ],
        "own": kind.template.source if text != kind.template.source else "",
        "versions": [
            (one.number, one.by.name, one.at, one.text)
            for one in LetterTemplate.objects.filter(organ=organ, kind=kind.id)
            .select_related("by")
            .order_by("-number")[:VERSIONS]
        ],
    }


class Back(forms.Form):
    """恢复系统模板."""

    number = forms.IntegerField(widget=forms.HiddenInput)


@acting(Role.ADMINISTRATOR)
def back(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """恢复系统模板."""
    organ = opened(request, code)
    one = _kind(kind)
    last = template_actions.newest(organ, one.id)
    return shell_forms.page(
        request,
        Back,
        lambda data: template_actions.back(
            by=doer(request), organ=organ, kind=one.id, number=data["number"]
        ),
        to=lambda made: reverse("applications:template", args=[organ.code, one.id]),
        said=_("已恢复系统模板。"),
        initial={"number": last.number if last else 0},
        stored=lambda: _stored(organ, one),
        context={
            "title": _("恢复系统模板"),
            "crumbs": _crumbs(organ),
            "intro": _("本机关的正文留作旧版本，此后的文书用系统自带的正文。"),
            "submit": _("恢复系统模板"),
            "cancel": reverse("applications:template", args=[organ.code, one.id]),
        },
    )
