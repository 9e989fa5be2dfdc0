"""指南要素页面: the list over organs, one organ's page, the acts on a version, its versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gongkai.web.organs import particulars_actions as actions
from gongkai.web.organs import particulars_forms as forms
from gongkai.web.organs import (
    particulars_lists,
    particulars_page,
    queries,
    reminder_views,
)
from gongkai.web.organs import particulars_queries as reads
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ, Particulars
from gongkai.web.organs.particulars_life import LABELS, OFFICERS, Act, State, find
from gongkai.web.organs.particulars_page import link, version_name
from gongkai.web.organs.views import MEMBERS, capacity_of, opened
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, once, uploads
from gongkai.web.shell.access import Role, acting

# -- many


@acting(*MEMBERS)
def overview(request: HttpRequest) -> HttpResponseBase:
    """指南要素: of the organs one may see; officers of one organ are led to it."""
    rows = queries.visible_organs(capacity_of(request))
    if capacity_of(request).role in queries.OWN_ORGAN and len(rows[:2]) == 1:
        return redirect("organs:particulars_of", code=capacity_of(request).organ.code)
    now = timezone.now()
    living = rows.filter(queries.valid_on(timezone.localdate(now)))
    shown = reads.overview(living, now)
    reminds = capacity_of(request).role is Role.SUPERVISOR
    spec = particulars_lists.spec(now, reminds=reminds)
    if request.method == "POST" and request.POST.get("act") == "remind" and reminds:
        return reminder_views.ticked(request, spec, shown)
    return list_pages.show(request, spec, shown)


# -- one organ


@acting(*MEMBERS)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """机关指南要素: in force, in hand, former versions, what happened."""
    organ = opened(request, code)
    context = particulars_page.context(organ, capacity_of(request), timezone.now())
    return render(request, "organs/particulars.html", context)


@require_GET
@acting(*MEMBERS)
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """指南要素的一版: what it says, who signed it."""
    organ = opened(request, code)
    one = _version(request, organ, number)
    force = reads.in_force(organ, timezone.localdate())
    context = {
        "organ": organ,
        "one": one,
        "title": version_name(one.number),
        "crumbs": particulars_page.crumbs(organ),
        "line": particulars_page.Line.of(one, force),
        "steps": particulars_page.stepper(one, reads.round_of(reads.signatures(one))),
        "facts": particulars_page.facts(one),
        "signatures": [particulars_page.Signed.of(s) for s in reads.signatures(one)],
        "compare_href": _compare_href(organ, force, one),
        "print_href": link(organ, "particulars_slip", one.number),
    }
    return render(request, "organs/particulars_version.html", context)


@require_GET
@acting(*MEMBERS)
def slip(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """指南要素签批单: any version on a sheet, beside what is in force, to be signed by hand."""
    organ = opened(request, code)
    one = _version(request, organ, number)
    now = timezone.now()
    force = reads.in_force(organ, timezone.localdate(now))
    before = force if force is not None and force.pk != one.pk else None
    context = {
        "organ": organ,
        "one": one,
        "title": version_name(one.number),
        "crumbs": particulars_page.crumbs(organ),
        "line": particulars_page.Line.of(one, force),
        "force": force,
        "before": before,
        "rows": particulars_page.compare(before, one),
        "signing": particulars_page.signing(one, reads.round_of(reads.signatures(one))),
        "now": now,
    }
    return render(request, "organs/particulars_slip.html", context)


def _compare_href(organ: Organ, force: Particulars | None, one: Particulars) -> str:
    if force is None or force.pk == one.pk:
        return ""
    low, high = sorted((force.number, one.number))
    return f"{link(organ, 'particulars_compare')}?a={low}&b={high}"


@require_GET
@acting(*MEMBERS)
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """版本对比: any two versions, field by field."""
    organ = opened(request, code)
    versions = list(organ.particulars.order_by("-number"))
    by_number = {v.number: v for v in versions}
    a, b = (_asked(request, name, by_number) for name in "ab")
    if len(versions) > 1:
        b = b or versions[0]
        a = a or next(v for v in versions if v.pk != b.pk)
    return render(
        request,
        "organs/particulars_compare.html",
        {
            "organ": organ,
            "title": _("版本对比"),
            "crumbs": particulars_page.crumbs(organ),
            "choices": [
                (v.number, f"{version_name(v.number)} · {v.get_state_display()}") for v in versions
            ],
            "a": a,
            "b": b,
            "rows": particulars_page.compare(a, b) if a and b else [],
        },
    )


def _asked(
    request: HttpRequest, name: str, by_number: dict[int, Particulars]
) -> Particulars | None:
    typed = request.GET.get(name, "")
    return by_number.get(int(typed)) if typed.isascii() and typed.isdigit() else None


@require_GET
@acting(*MEMBERS)
def printed(request: HttpRequest, code: str) -> HttpResponse:
    """指南要素打印件: what is in force, on a sheet of its own."""
    organ = opened(request, code)
    force = reads.in_force(organ, timezone.localdate())
    return render(
        request,
        "organs/particulars_print.html",
        {
            "organ": organ,
            "force": force,
            "facts": [f for f in particulars_page.facts(force) if f.values] if force else [],
            "crumbs": particulars_page.crumbs(organ),
        },
    )


@require_GET
@acting(*MEMBERS)
def scan(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """纸质签批扫描件: a download, for those who may see the organ."""
    signed = get_object_or_404(
        reads.visible_signatures(capacity_of(request)).exclude(scan=""),
        pk=pk,
        particulars__organ__code=code,
    )
    kind = signed.scan.name.rpartition(".")[2]
    name = _("纸质签批_%(organ)s_%(step)s_%(day)s.%(kind)s") % {
        "organ": code,
        "step": signed.get_step_display(),
        "day": signed.signed_on.isoformat(),
        "kind": kind,
    }
    try:
        return uploads.serve(signed.scan.open("rb"), name, kind)
    except FileNotFoundError:
        raise Http404 from None


def _version(request: HttpRequest, organ: Organ, number: int) -> Particulars:
    rows = reads.visible(capacity_of(request)).select_related("organ", "drafted_by")
    return get_object_or_404(rows, organ=organ, number=number)


# -- drafting


@acting(Role.HANDLER)
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """起草指南要素: a new version, beginning with what is in force."""
    organ = opened(request, code)
    if once.earlier(request) is None and reads.open_version(organ) is not None:
        messages.info(request, _("本机关已有一版正在办理，请在这一版上修改。"))
        return redirect(link(organ))
    force = reads.in_force(organ, timezone.localdate())
    start = {n: getattr(force, n) for n in reads.FIELDS} if force else {}
    intro = (
        _("以生效的第 %(number)s 版为底稿。审核、批准之后才替换生效的版本。")
        % {"number": force.number}
        if force
        else _("本机关还没有生效的指南要素。填写后提交审核，批准后生效。")
    )
    return shell_forms.page(
        request,
        forms.Edit,
        lambda data: actions.draft(by=doer(request), organ=organ, values=forms.typed(data)),
        to=lambda made: link(made.organ),
        said=_("已存为草稿。核对后提交审核。"),
        initial=start,
        autosave=True,
        context=_form_context(organ, LABELS[Act.DRAFT], intro=intro, submit=_("存为草稿")),
    )


@acting(Role.HANDLER)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """修改指南要素草稿: where another was quicker, both texts are shown."""
    organ = opened(request, code)
    one = _in_hand(request, organ, Act.EDIT)
    if isinstance(one, HttpResponse):
        return one

    def stored() -> dict[str, Any]:
        now = Particulars.objects.get(pk=one.pk)
        return {name: getattr(now, name) for name in (*reads.FIELDS, "version")}

    return shell_forms.page(
        request,
        forms.Edit,
        lambda data: actions.edit(
            by=doer(request),
            particulars=one,
            version=data.get("version") or 0,
            values=forms.typed(data),
        ),
        to=lambda saved: link(saved.organ),
        said=_("已保存。"),
        initial={**{n: getattr(one, n) for n in reads.FIELDS}, "version": one.version},
        stored=stored,
        autosave=True,
        context=_form_context(organ, _("修改%(version)s") % {"version": version_name(one.number)}),
    )


@acting(Role.HANDLER)
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """提交审核指南要素。"""
    return _confirmed(
        request,
        code,
        Act.SUBMIT,
        actions.submit,
        said=_("已提交审核。"),
        consequences=[_("提交后不能再修改；审核前可以取回。")],
    )


@acting(Role.HANDLER)
def recall(request: HttpRequest, code: str) -> HttpResponse:
    """取回指南要素修改。"""
    return _confirmed(
        request,
        code,
        Act.RECALL,
        actions.recall,
        said=_("已取回，可以修改。"),
        consequences=[_("回到草稿，修改后须重新提交审核。")],
    )


@acting(Role.HANDLER)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """撤回指南要素。"""
    return _confirmed(
        request,
        code,
        Act.WITHDRAW,
        actions.withdraw,
        said=_("已撤回。生效的版本不变。"),
        danger=True,
        consequences=[
            _("这一版不再办理，内容留在版本记录里可以查看。"),
            _("生效的版本不变；需要时再从生效的版本起草。"),
        ],
    )


# -- deciding


@acting(Role.REVIEWER)
def review(request: HttpRequest, code: str) -> HttpResponse:
    """审核指南要素。"""
    return _decision(request, code, Act.REVIEW, actions.review, said=_("审核已通过，等待批准。"))


@acting(Role.APPROVER)
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """批准指南要素。"""
    return _decision(request, code, Act.APPROVE, actions.approve, said=_("已批准，即时生效。"))


@acting(Role.REVIEWER, Role.APPROVER)
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """退回指南要素。"""
    return _decision(
        request,
        code,
        Act.RETURN,
        actions.send_back,
        said=_("已退回起草人修改。"),
        form=forms.SendBack,
        danger=True,
    )


@acting(Role.SUPERVISOR)
def oversee(request: HttpRequest, code: str) -> HttpResponse:
    """监督退回: a version that is being reviewed or approved."""
    return _decision(
        request,
        code,
        Act.OVERSEE,
        actions.oversee,
        said=_("已退回起草人修改。"),
        form=forms.SendBack,
        danger=True,
    )


@acting(*sorted(OFFICERS))
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """登记纸质签批: who signed on paper, when, with the scan."""
    organ = opened(request, code)
    one = _in_hand(request, organ, Act.RECORD)
    if isinstance(one, HttpResponse):
        return one
    step = reads.STEP_OF[one.state]
    signers = [
        d
        for d in reads.can_decide(one, step, timezone.localdate())
        if d.account_id != capacity_of(request).account.pk
    ]

    def act(data: dict[str, Any]) -> Particulars:
        given = actions.Paper(
            step=step.value,
            signed_on=data["signed_on"],
            scan=data["scan"],
            account=data["account"],
            name=data["name"],
            comment=data["comment"],
        )
        return actions.record_paper_signature(
            by=doer(request), particulars=one, version=data["version"], paper=given
        )

    words = _("审核") if one.state == State.SUBMITTED else _("批准")
    return shell_forms.page(
        request,
        forms.Paper,
        act,
        to=lambda done: link(done.organ),
        said=_("已登记。"),
        template="organs/particulars_decide.html",
        initial={"version": one.version},
        arguments={"signers": signers},
        context={
            **_form_context(
                organ,
                _("登记纸质签批：%(step)s") % {"step": words},
                intro=_(
                    "签批人在纸上签署的，由没有起草、签署或登记过这一版的人登记，并上传扫描件。"
                    "登记后显示为“纸质签批（由 %(name)s 录入）”。"
                )
                % {"name": capacity_of(request).account.name},
                submit=_("登记"),
            ),
            **_shown(one),
        },
    )


# -- shared


def _in_hand(request: HttpRequest, organ: Organ, act: Act) -> Particulars | HttpResponse:
    """The open version where the act is possible in its state, else the way back, with a word."""
    if done := once.earlier(request):
        once.told(request)
        return once.led(done)
    one = reads.open_version(organ)
    if one is not None and find(one.state, act) is not None:
        return one
    said = (
        _("这一版现在是“%(state)s”，不能%(act)s。")
        % {"state": one.get_state_display(), "act": LABELS[act]}
        if one
        else _("本机关现在没有正在办理的版本。")
    )
    messages.info(request, said)
    return redirect(link(organ))


def _confirmed(
    request: HttpRequest,
    code: str,
    act: Act,
    action: Callable[..., Particulars],
    *,
    said: str,
    consequences: list[str],
    danger: bool = False,
) -> HttpResponse:
    """A button's act; asked for by address it asks before it acts."""
    organ = opened(request, code)
    one = _in_hand(request, organ, act)
    if isinstance(one, HttpResponse):
        return one
    return shell_forms.page(
        request,
        forms.Versioned,
        lambda data: action(by=doer(request), particulars=one, version=data["version"]),
        to=lambda done: link(done.organ),
        said=said,
        template="confirm_page.html",
        initial={"version": one.version},
        context=_form_context(
            organ,
            _("%(act)s%(version)s？") % {"act": LABELS[act], "version": version_name(one.number)},
            submit=LABELS[act],
            danger=danger,
            consequences=consequences,
        ),
    )


def _decision(
    request: HttpRequest,
    code: str,
    act: Act,
    action: Callable[..., Particulars],
    *,
    said: str,
    form: type[forms.Decide] = forms.Decide,
    danger: bool = False,
) -> HttpResponse:
    """Shows what is decided on beside the opinion."""
    organ = opened(request, code)
    one = _in_hand(request, organ, act)
    if isinstance(one, HttpResponse):
        return one
    return shell_forms.page(
        request,
        form,
        lambda data: action(by=doer(request), particulars=one, **data),
        to=lambda done: link(done.organ),
        said=said,
        template="organs/particulars_decide.html",
        initial={"version": one.version},
        context={
            **_form_context(
                organ,
                _("%(act)s：%(version)s")
                % {"act": LABELS[act], "version": version_name(one.number)},
                submit=LABELS[act],
                danger=danger,
            ),
            **_shown(one),
        },
    )


def _shown(one: Particulars) -> dict[str, Any]:
    force = reads.in_force(one.organ, timezone.localdate())
    return {"one": one, "force": force, "rows": particulars_page.compare(force, one)}


def _form_context(organ: Organ, title: str | Promise, **more: Any) -> dict[str, Any]:
    return {
        "organ": organ,
        "title": title,
        "crumbs": particulars_page.crumbs(organ),
        "cancel": link(organ),
        **more,
    }
