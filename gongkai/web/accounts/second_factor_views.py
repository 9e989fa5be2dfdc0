"""动态口令的页面: state, setting up, recovery codes, removal."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from gongkai.web.accounts import actions, forms, second_factor, shown_codes, signing_in
from gongkai.web.accounts.gate import before_steps
from gongkai.web.accounts.models import Account
from gongkai.web.accounts.sessions import CODE_GIVEN, SessionStore
from gongkai.web.shell import forms as form_pages
from gongkai.web.shell.access import View, signed_in

FRESH = timedelta(minutes=10)  # who signed in this lately is not asked for the password again
NEXT = "second_factor_next"


def _page(view: View) -> View:
    """A page of the step: open before it is done, never kept by the browser.

    It exists only where the installation uses a second factor.
    """

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not second_factor.allowed():
            raise Http404
        response = view(request)
        add_never_cache_headers(response)
        return response

    return before_steps(signed_in(guarded))


@_page
def show(request: HttpRequest) -> HttpResponse:
    """动态口令: whether it is on; the way to set it up."""
    account = _own(request)
    if "next" in request.GET:
        request.session[NEXT] = signing_in.safe_next(request)
    state = second_factor.state(account)
    due = second_factor.required() and not state.on

    def act(data: dict[str, Any]) -> None:
        second_factor.begin(account=account)

    context = {
        "title": _("动态口令"),
        "state": state,
        "required": second_factor.required(),
        "plain": due,
        "due": due,
    }
    if state.on:
        return render(request, "accounts/second_factor.html", context)
    return form_pages.page(
        request,
        forms.Begin,
        act,
        to=lambda done: reverse("accounts:second_factor_set_up"),
        template="accounts/second_factor.html",
        arguments={"request": request, "account": account, "fresh": _is_fresh(request)},
        context=context,
    )


@_page
def set_up(request: HttpRequest) -> HttpResponse:
    """设置动态口令: the key as a picture and for typing; a first code makes it count."""
    account = _own(request)
    device = second_factor.waiting(account)
    if device is None:
        return redirect("accounts:second_factor")

    def act(data: dict[str, Any]) -> None:
        now, here = timezone.now(), signing_in.address(request)
        codes = actions.turn_on_second_factor(account=account, at=now, address=here)
        shown_codes.keep(request.session, codes, now)
        request.session[CODE_GIVEN] = True
        actions.end_other_sessions(
            account=account, keep=request.session.session_key, by=account, at=now, address=here
        )

    context = {
        "title": _("设置动态口令"),
        "plain": _is_due(account),
        "picture": mark_safe(second_factor.picture(device)),
        "key": second_factor.typed_key(device),
        "account": account.username,
        "cancel": "" if _is_due(account) else reverse("accounts:second_factor"),
    }
    return form_pages.page(
        request,
        forms.SetUp,
        act,
        to=lambda done: reverse("accounts:recovery_codes"),
        said=_("动态口令已启用。"),
        template="accounts/second_factor_set_up.html",
        arguments={"account": account},
        context=context,
    )


@_page
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """恢复码: shown until the person says they are put away, for ten minutes at most."""
    now = timezone.now()
    codes = shown_codes.kept(request.session, now)
    if request.method == "POST":
        shown_codes.put_away(request.session)
        return HttpResponseRedirect(
            request.session.pop(NEXT, None) or reverse("accounts:second_factor")
        )
    if not codes:
        messages.info(request, _("恢复码不再显示。没有记下的，请重新生成。"))
        return redirect(request.session.pop(NEXT, None) or "accounts:second_factor")
    shown = {"codes": codes, "account": _own(request), "made_at": now}
    return render(request, "accounts/recovery_codes.html", shown)


@_page
def recovery_file(request: HttpRequest) -> HttpResponse:
    """恢复码文件: the same as text, while they are shown."""
    codes = shown_codes.kept(request.session, timezone.now())
    if not codes:
        return redirect("accounts:second_factor")
    account = _own(request)
    lines = [
        _("公开 · 恢复码"),
        _("登录名：%(name)s") % {"name": account.username},
        _("生成日期：%(day)s") % {"day": timezone.localdate().isoformat()},
        _("手机不在身边时，用一个恢复码代替动态口令登录。每个只能用一次。"),
        "",
        *codes,
        "",
    ]
    # Windows' own editor shows UTF-8 rightly with the mark, and lines only with both signs.
    file = HttpResponse("\ufeff" + "\r\n".join(lines), content_type="text/plain; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="gongkai-{account.pk}-recovery-codes.txt"'
    return file


@_page
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """重新生成恢复码: asks first, with the password; the former ones end."""
    account = _own(request)
    if not second_factor.is_on(account):
        return redirect("accounts:second_factor")

    def act(data: dict[str, Any]) -> None:
        now, here = timezone.now(), signing_in.address(request)
        codes = actions.renew_recovery_codes(account=account, at=now, address=here)
        shown_codes.keep(request.session, codes, now)

    left = second_factor.state(account).codes_left
    context = {
        "title": _("重新生成恢复码？"),
        "consequences": [
            _("原有的恢复码（还剩 %(n)d 个）立即作废。") % {"n": left},
            _("新的恢复码只显示这一次，请准备好打印或保存。"),
        ],
        "submit": _("重新生成"),
        "cancel": reverse("accounts:second_factor"),
        "crumbs": _crumbs(),
    }
    return form_pages.page(
        request,
        forms.WithPassword,
        act,
        to=lambda done: reverse("accounts:recovery_codes"),
        template="confirm_page.html",
        arguments={"request": request, "account": account},
        context=context,
    )


@_page
def remove(request: HttpRequest) -> HttpResponse:
    """停用动态口令: with password and code, where the installation does not require it."""
    account = _own(request)
    if second_factor.required() or not second_factor.is_on(account):
        return redirect("accounts:second_factor")

    def act(data: dict[str, Any]) -> None:
        actions.turn_off_second_factor(
            account=account, at=timezone.now(), address=signing_in.address(request)
        )
        request.session.pop(CODE_GIVEN, None)

    context = {
        "title": _("停用动态口令？"),
        "consequences": [
            _("以后登录只需登录名和密码，账号更容易被冒用。"),
            _("恢复码一并作废；重新启用时须重新设置手机。"),
        ],
        "submit": _("停用"),
        "danger": True,
        "cancel": reverse("accounts:second_factor"),
        "crumbs": _crumbs(),
    }
    return form_pages.page(
        request,
        forms.WithPasswordAndCode,
        act,
        to=lambda done: reverse("accounts:second_factor"),
        said=_("动态口令已停用。"),
        template="confirm_page.html",
        arguments={"request": request, "account": account},
        context=context,
    )


def _own(request: HttpRequest) -> Account:
    return Account.objects.get(username=request.user.get_username())


def _is_due(account: Account) -> bool:
    return second_factor.required() and not second_factor.is_on(account)


def _is_fresh(request: HttpRequest) -> bool:
    """Whether one signed in so lately that the password need not be asked again."""
    row = request.session.row if isinstance(request.session, SessionStore) else None
    return row is not None and timezone.now() - row.created_at < FRESH


def _crumbs() -> list[tuple[str, str]]:
    return [
        (_("我的账号"), reverse("accounts:profile")),
        (_("动态口令"), reverse("accounts:second_factor")),
    ]
