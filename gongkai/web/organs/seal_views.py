"""印章页面: pictures by period, a sample document with the seal at print size."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from gongkai.web.organs import organ_page, preferences, seal_pictures
from gongkai.web.organs import seal_actions as actions
from gongkai.web.organs import seal_queries as reads
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ, Seal
from gongkai.web.organs.organ_page import period
from gongkai.web.organs.queries import is_valid
from gongkai.web.organs.views import MEMBERS, administers, capacity_of, opened
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import uploads
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.look import Act

_PIXELS = 96 / 25.4  # of a browser, to a millimetre


class Add(forms.Form):
    """更换印章图样。"""

    picture = forms.FileField(
        label=_("印章图样"),
        error_messages={"required": _("请选择印章图样（PNG）。")},
        widget=forms.ClearableFileInput(
            attrs={"accept": ".png", "data-most": str(seal_pictures.MOST)}
        ),
        help_text=_("红色印文、透明底，四周裁到印边；每边 300 到 3000 像素，建议 1000 像素左右。"),
    )
    valid_from = forms.DateField(
        label=_("启用日期"),
        widget=DateInput(),
        help_text=_("从这一天起印制的公文用这一枚；此前的仍用原来的图样。"),
    )


class End(forms.Form):
    """停用印章图样。"""

    on = forms.DateField(
        label=_("停用日期"),
        widget=DateInput(),
        help_text=_("从这一天起公文不再套印印章，直到启用新的图样。"),
    )


@acting(*MEMBERS)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """印章图样: in use and former ones."""
    organ = opened(request, code)
    today = timezone.localdate()
    present = reads.seal_on(organ, today)
    rows = [
        (s, period(s.valid_from, s.valid_to), _state(s, present))
        for s in organ.seals.select_related("added_by")
    ]
    return render(
        request,
        "organs/seals.html",
        {
            "organ": organ,
            "title": _now("印章图样"),
            "crumbs": organ_page.crumbs(None),
            "tabs": organ_page.tabs(organ, capacity_of(request), "organs:seals"),
            "present": present,
            "rows": rows,
            "width": preferences.number_of(organ, "paper.seal_width"),
            "acts": _acts(organ, present) if administers(request) else [],
            "administers": administers(request),
            "ended": not is_valid(organ, today),
        },
    )


def _state(seal: Seal, present: Seal | None) -> tuple[str, str]:
    if present is not None and seal.pk == present.pk:
        return _now("在用"), "ok"
    if seal.valid_from > timezone.localdate():
        return _now("尚未启用"), "warn"
    return _now("曾用"), "quiet"


def _acts(organ: Organ, present: Seal | None) -> list[Act]:
    if not is_valid(organ, timezone.localdate()):
        return []
    found = []
    if present is not None and present.valid_to is None:
        found.append(Act(_("停用"), href=reverse("organs:seal_end", args=[organ.code])))
    said = _("更换图样") if present else _("上传图样")
    add = reverse("organs:seal_add", args=[organ.code])
    return [*found, Act(said, href=add, tone="primary")]


@acting(Role.ADMINISTRATOR)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """更换印章图样。"""
    organ = opened(request, code)
    return shell_forms.page(
        request,
        Add,
        lambda data: actions.add_seal(by=doer(request), organ=organ, **data),
        to=lambda made: reverse("organs:seal_preview", args=[organ.code, made.pk]),
        said=_now("已保存。请看套印的效果。"),
        initial={"valid_from": timezone.localdate()},
        context=_form(organ, _now("更换印章图样"), submit=_now("保存")),
    )


@acting(Role.ADMINISTRATOR)
def end(request: HttpRequest, code: str) -> HttpResponse:
    """停用印章图样。"""
    organ = opened(request, code)
    return shell_forms.page(
        request,
        End,
        lambda data: actions.end_seal(by=doer(request), organ=organ, **data),
        to=lambda ended: reverse("organs:seals", args=[organ.code]),
        said=_now("已停用；图样留在记录里。"),
        initial={"on": timezone.localdate()},
        context=_form(organ, _now("停用印章图样"), submit=_now("停用"), danger=True),
    )


@require_GET
@acting(*MEMBERS)
def picture(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """印章图样文件: for those who may see the organ."""
    seal = _seal(request, code, pk)
    name = f"{_now('印章图样')}_{code}_{seal.valid_from.isoformat()}.png"
    try:
        return uploads.serve(seal.picture.open("rb"), name, "png")
    except FileNotFoundError:
        raise Http404 from None


@require_GET
@acting(*MEMBERS)
def preview(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """印章套印样张: a sample document with the seal at print size."""
    seal = _seal(request, code, pk)
    organ = seal.organ
    set_here = preferences.all_of(organ)
    width = preferences.number_of(organ, "paper.seal_width")
    return render(
        request,
        "organs/seal_preview.html",
        {
            "organ": organ,
            "title": _now("套印样张"),
            "crumbs": [
                *organ_page.crumbs(organ, here=_now("印章图样")),
                (_now("印章图样"), reverse("organs:seals", args=[organ.code])),
            ],
            "seal": seal,
            "picture": reverse("organs:seal", args=[organ.code, seal.pk]),
            "width": width,
            "pixels": round(width * _PIXELS),
            "letterhead": set_here["paper.letterhead"].value or organ.name,
            "prefix": set_here["paper.number_prefix"].value,
            "today": timezone.localdate(),
        },
    )


def _seal(request: HttpRequest, code: str, pk: int) -> Seal:
    rows = reads.visible_seals(capacity_of(request)).select_related("organ")
    return get_object_or_404(rows, pk=pk, organ__code=code)


def _form(organ: Organ, title: str, **more: Any) -> dict[str, Any]:
    seals = reverse("organs:seals", args=[organ.code])
    return {
        "organ": organ,
        "title": title,
        "crumbs": [*organ_page.crumbs(organ, here=title), (_now("印章图样"), seals)],
        "cancel": seals,
        **more,
    }
