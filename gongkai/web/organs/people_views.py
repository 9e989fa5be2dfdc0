"""人员页面: the list with its bulk acts, one person, and the acts on an account."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.accounts.models import Account
from gongkai.web.organs import (
    people_actions,
    people_forms,
    people_lists,
    people_queries,
    person_page,
    queries,
)
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.people_actions import Issued, Sorted
from gongkai.web.organs.views import administers, capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, lists, look, requests
from gongkai.web.shell.access import Role, acting, signed_in
from gongkai.web.shell.look import Act, Fact
from gongkai.web.shell.refusals import Refusal

_SUGGESTED = 12
MOST = 500  # people that one bulk act takes
_BULK = "people_bulk"  # of the session: who was ticked, until it is confirmed
Words = str | Promise


def opened(request: HttpRequest, pk: int) -> Account:
    """The person of an address, for whoever may see it; raises Http404 for everybody else."""
    return get_object_or_404(people_queries.visible_accounts(capacity_of(request)), pk=pk)


# -- many


@acting(Role.ADMINISTRATOR, Role.SUPERVISOR)
def people(request: HttpRequest) -> HttpResponseBase:
    """人员列表。"""
    now = timezone.now()
    spec = people_lists.spec(now, timezone.localdate(now), acts=administers(request))
    in_tree = lists.asked(spec, request.GET).column.id == "organ"
    visible = queries.visible_people if in_tree else people_queries.people_by_name
    rows = visible(capacity_of(request))
    if request.method == "POST" and request.POST.get("act") in _ACTS and administers(request):
        return _ticked(request, spec, rows)
    acts = [Act(_("任命"), href=reverse("organs:appoint"))]
    acts += [Act(_("新建人员"), href=reverse("organs:person_new"), tone="primary")]
    return list_pages.show(
        request,
        spec,
        people_lists.rows_of(rows),
        context={"acts": acts if administers(request) else []},
        exported=lambda kind, count: exported(request, "people", kind, count),
    )


def _ticked(request: HttpRequest, spec: lists.Spec, rows: lists.Rows) -> HttpResponse:
    """Keeps who was ticked, exactly those, and goes to ask whether it is meant."""
    chosen = lists.selected(request, spec, rows).order_by()
    keys = list(chosen.values_list("account_id", flat=True).distinct()[: MOST + 1])
    if not keys:
        messages.error(request, _("请先勾选人员。"))
        return redirect(request.get_full_path())
    if len(keys) > MOST:
        messages.error(request, _("一次最多 %(most)d 人；请先用筛选缩小范围。") % {"most": MOST})
        return redirect(request.get_full_path())
    list_id = secrets.token_urlsafe(8)
    request.session[_BULK] = {"id": list_id, "act": request.POST["act"], "people": keys}
    return redirect(f"{reverse('organs:people_bulk')}?list={list_id}")


@dataclass(frozen=True, slots=True)
class _Bulk:
    """批量操作: what it does, and what it asks, promises and says when done."""

    act: Callable[..., Sorted]
    asks: Promise
    promises: Promise
    said: Promise
    submit: Words
    danger: bool = False
    kind: str = ""  # of the event


_ACTS = {
    "suspend": _Bulk(
        people_actions.suspend,
        _later("停用 %(count)d 个账号？"),
        _later("立即退出其所有会话，不能再登录；任职和历史保留，可随时启用。"),
        _later("已停用 %(count)d 个账号。"),
        people_lists.SUSPEND.label,
        danger=True,
        kind="person.suspended",
    ),
    "restore": _Bulk(
        people_actions.restore,
        _later("启用 %(count)d 个账号？"),
        _later("可以用原来的密码登录，任职仍在的可继续办理。"),
        _later("已启用 %(count)d 个账号。"),
        people_lists.RESTORE.label,
        kind="person.restored",
    ),
    "password": _Bulk(
        people_actions.require_new_password,
        _later("要求 %(count)d 个账号改密？"),
        _later("下次登录时（已登录的，在下一步操作前）须先修改密码。"),
        _later("已要求 %(count)d 个账号改密。"),
        people_lists.PASSWORD.label,
    ),
}


@acting(Role.ADMINISTRATOR)
def people_bulk(request: HttpRequest) -> HttpResponse:
    """批量操作确认: names those it concerns and those it leaves out, then acts on all at once."""
    kept = request.session.get(_BULK) or {}
    if not kept or kept["id"] != request.GET.get("list"):
        messages.error(request, _("勾选的名单已失效，请重新勾选。"))
        return redirect("organs:people")
    bulk = _ACTS[kept["act"]]
    visible = people_queries.visible_accounts(capacity_of(request))
    chosen = list(visible.filter(pk__in=kept["people"]).order_by("name", "pk"))
    meant = people_actions.sort_out(doer(request), chosen, bulk.kind)
    results: list[Sorted] = []

    def do() -> Sorted:
        results.append(bulk.act(by=doer(request), people=chosen))
        return results[-1]

    if not meant.done:
        reason = meant.left_out[0][1].message if meant.left_out else ""
        messages.error(request, _("勾选的人员都不能办理：%(reason)s") % {"reason": reason})
        return redirect("organs:people")
    facts = [Fact(_("人员"), _("、").join(one.name for one in meant.done), wide=True)]
    facts += [
        Fact(_("不办理"), f"{one.name}：{reason.message}", wide=True)
        for one, reason in meant.left_out[:20]
    ]
    answer = shell_forms.confirmed(
        request,
        do,
        to=lambda result: reverse("organs:people"),
        context={
            "title": str(bulk.asks) % {"count": len(meant.done)},
            "text": bulk.promises,
            "facts": facts,
            "submit": bulk.submit,
            "danger": bulk.danger,
            "cancel": reverse("organs:people"),
            "crumbs": [(_("人员"), reverse("organs:people"))],
        },
    )
    if results and answer.status_code == 302:
        request.session.pop(_BULK, None)
        _tell(request, results[-1], bulk.said)
    return answer


def _tell(request: HttpRequest, result: Sorted, said: Words) -> None:
    """A toast with its undo; says where nothing had to be done."""
    if not result.done:
        messages.info(request, _("没有变化。"))
        return
    text = str(said) % {"count": len(result.done), "name": result.done[0].name}
    if result.left_out:
        text += _("另有 %(count)d 个未办理。") % {"count": len(result.left_out)}
    request_id = requests.current().replace("-", "", 1)
    look.undoable(request, text, reverse("organs:people_undo", args=[request_id]))


@require_POST
@acting(Role.ADMINISTRATOR)
def people_undo(request: HttpRequest, request_id: str) -> HttpResponse:
    """撤销刚才的操作: of the toast that told of it."""
    to = reverse("organs:people")
    try:
        result = people_actions.undo(by=doer(request), request_id=request_id)
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect(to)
    if not result.done:
        messages.info(request, _("没有变化。"))
        return redirect(to)
    messages.success(
        request, _("已撤销，恢复 %(count)d 个账号原来的状态。") % {"count": len(result.done)}
    )
    return redirect(person_page.link(result.done[0]) if len(result.done) == 1 else to)


@require_GET
@signed_in
def people_suggest(request: HttpRequest) -> HttpResponse:
    """人员提示: a few people of the same government, for a field that picks one."""
    capacity = request.capacity  # type: ignore[attr-defined]
    words = request.GET.get("q", "").strip()[:60]
    options = []
    if capacity and capacity.role is not Role.AUDITOR and words:
        today = timezone.localdate()
        logins = administers(request)
        rows = people_queries.found_accounts(
            people_queries.candidates(capacity.organ, today), words, logins=logins
        )
        found = list(rows.order_by("name", "pk")[:_SUGGESTED])
        organs = people_queries.organs_of(found, None, today)
        says = people_forms.shown if logins else people_forms.named_only(organs)
        options = [(says(one), one.name, organs[one.pk].name) for one in found]
    return render(request, "components/suggestions.html", {"options": options, "words": words})


# -- one


@acting(Role.ADMINISTRATOR, Role.SUPERVISOR)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """人员页: facts, posts, delegations, what can be done, history."""
    account = opened(request, pk)
    return render(request, "organs/person.html", person_page.context(doer(request), account))


@acting(Role.ADMINISTRATOR)
def person_new(request: HttpRequest) -> HttpResponse:
    """新建人员: the one-time password is shown in the answer, once, and stored nowhere."""
    organ = (
        queries.visible_organs(capacity_of(request))
        .filter(code=request.GET.get("organ", ""))
        .first()
    )
    issued: list[Issued] = []

    def act(data: dict[str, Any]) -> Account:
        issued.append(people_actions.add_person(by=doer(request), **data))
        return issued[-1].account

    answer = shell_forms.page(
        request,
        people_forms.NewPerson,
        act,
        to=person_page.link,
        initial={"organ": organ or capacity_of(request).organ, "valid_from": timezone.localdate()},
        arguments={"organs": queries.visible_organs(capacity_of(request))},
        context=_page(
            _("新建人员"),
            submit=_("建立账号"),
            intro=_("已有账号、只是增加任职的，请用“任命”，不要另建账号。"),
        ),
    )
    return _slip(request, issued[-1]) if issued and answer.status_code == 302 else answer


@acting(Role.ADMINISTRATOR)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """修改人员。"""
    account = opened(request, pk)
    masked = people_forms.masked(account)
    return shell_forms.page(
        request,
        people_forms.EditPerson,
        lambda data: people_actions.change_person(by=doer(request), account=account, **data),
        to=person_page.link,
        said=_("已保存。"),
        initial={
            "name": account.name,
            **masked,
            "version": people_queries.version_of(account),
        },
        arguments={"account": account},
        stored=lambda: _stored(account),
        context=_page(_("修改人员"), account),
    )


def _stored(account: Account) -> dict[str, Any]:
    """What another has made of it meanwhile, contacts masked."""
    now = Account.objects.get(pk=account.pk)
    return {
        "name": now.name,
        **people_forms.masked(now),
        "version": people_queries.version_of(now),
    }


@acting(Role.ADMINISTRATOR)
def person_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """查看联系方式: for a purpose, recorded; shown in the answer only."""
    account = opened(request, pk)
    told: list[Account] = []

    def act(data: dict[str, Any]) -> Account:
        told.append(people_actions.unmask(by=doer(request), account=account, **data))
        return account

    answer = shell_forms.page(
        request,
        people_forms.Reveal,
        act,
        to=person_page.link,
        context=_page(_("查看联系方式"), account, submit=_("查看")),
    )
    if not told or answer.status_code != 302:
        return answer
    context = person_page.context(doer(request), account, revealed=True)
    return _unkept(render(request, "organs/person.html", context))


@acting(Role.ADMINISTRATOR)
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """重置密码: the one-time password is shown in the answer, once, and stored nowhere."""
    account = opened(request, pk)
    issued: list[Issued] = []

    def act() -> Account:
        issued.append(people_actions.reset_password(by=doer(request), account=account))
        return account

    answer = shell_forms.confirmed(
        request,
        act,
        to=person_page.link,
        context=_page(
            _("重置 %(name)s 的密码？") % {"name": account.name},
            account,
            submit=_("重置密码"),
            danger=True,
            consequences=[
                _("原密码作废，其所有会话立即结束，锁定解除。"),
                _("页面上显示一次性密码，只显示这一次；请打印或当面交给本人。"),
                _("本人下次登录须先改密码；动态口令不变。"),
            ],
        ),
    )
    return _slip(request, issued[-1]) if issued and answer.status_code == 302 else answer


def _slip(request: HttpRequest, issued: Issued) -> HttpResponse:
    """密码条: for printing or reading out; nobody can open it a second time."""
    try:
        sign_in = request.build_absolute_uri(reverse("accounts:sign_in"))
    except NoReverseMatch:
        sign_in = request.build_absolute_uri("/")
    context = {
        "issued": issued,
        "sign_in": sign_in,
        "link": person_page.link(issued.account),
        "crumbs": [
            (_("人员"), reverse("organs:people")),
            (issued.account.name, person_page.link(issued.account)),
        ],
    }
    return _unkept(render(request, "organs/person_password.html", context))


def _unkept(response: HttpResponse) -> HttpResponse:
    """Neither the browser nor anything on the way keeps a page with something secret."""
    response["Cache-Control"] = "no-store"
    return response


# -- acts by one button


@require_POST
@acting(Role.ADMINISTRATOR)
def person_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """停用账号。"""
    return _one(request, pk, people_actions.suspend, _("已停用 %(name)s 的账号。"))


@require_POST
@acting(Role.ADMINISTRATOR)
def person_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """启用账号。"""
    return _one(request, pk, people_actions.restore, _("已启用 %(name)s 的账号。"))


@require_POST
@acting(Role.ADMINISTRATOR)
def person_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """解除锁定。"""
    return _tried(request, pk, people_actions.unlock, _("已解除锁定，现在可以登录。"))


@require_POST
@acting(Role.ADMINISTRATOR)
def person_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """结束会话: all of the account's."""
    return _tried(request, pk, people_actions.end_sessions, _("已结束其全部会话。"))


@require_POST
@acting(Role.ADMINISTRATOR)
def person_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """清除动态口令。"""
    return _tried(request, pk, people_actions.reset_second_factor, _("已清除动态口令。"))


def _one(request: HttpRequest, pk: int, act: Callable[..., Sorted], said: str) -> HttpResponse:
    account = opened(request, pk)
    result = act(by=doer(request), people=[account])
    if result.left_out:
        messages.error(request, str(result.left_out[0][1].message))
    else:
        _tell(request, result, said)
    return redirect(person_page.link(account))


def _tried(request: HttpRequest, pk: int, act: Callable[..., Account], said: str) -> HttpResponse:
    account = opened(request, pk)
    try:
        act(by=doer(request), account=account)
    except Refusal as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, said)
    return redirect(person_page.link(account))


def _page(title: str, account: Account | None = None, **more: Any) -> dict[str, Any]:
    crumbs = [(_("人员"), reverse("organs:people"))]
    if account is not None:
        crumbs.append((account.name, person_page.link(account)))
    return {"title": title, "crumbs": crumbs, "cancel": crumbs[-1][1], **more}
