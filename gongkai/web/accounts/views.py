"""账号的页面: signing in and out, one's own particulars, password and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gongkai.web.accounts import (
    actions,
    demo,
    forms,
    lockout,
    passwords,
    queries,
    second_factor,
    signing_in,
)
from gongkai.web.accounts.gate import before_steps
from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.shell import forms as form_pages
from gongkai.web.shell import kept
from gongkai.web.shell.access import public, signed_in
from gongkai.web.shell.look import Act, Fact
from gongkai.web.shell.refusals import Refusal

# -- in and out


@public
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """登录: name and password; a code is the next page's matter."""
    to = signing_in.safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(to)
    form, refused = forms.SignIn(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            account = signing_in.try_password(request, **form.cleaned_data, at=now)
        except lockout.Slowed as slowed:
            return lockout.slowed_page(request, slowed, now)
        if account is not None:
            return _password_right(request, account, to)
        refused = _refused(request)
    shown = {
        "plain": True,
        "form": form,
        "refused": refused,
        "kept": kept.notice_before(to),
        "demo_accounts": [(one, one.who(request.LANGUAGE_CODE)) for one in demo.accounts()],
    }
    return render(request, "accounts/sign_in.html", shown, status=422 if refused else _status(form))


def _password_right(request: HttpRequest, account: Account, to: str) -> HttpResponse:
    if second_factor.is_on(account):
        signing_in.wait_for_code(request, account, to, timezone.now())
        return redirect("accounts:second_step")
    earlier = signing_in.let_in(request, account, timezone.now(), with_code=False)
    _welcome(request, earlier)
    return HttpResponseRedirect(to)


def _refused(request: HttpRequest) -> str:
    """The same words for a wrong password, an unknown name and a suspended account."""
    said = _("登录名或密码不对，或账号已停用。请注意大小写。")
    left = lockout.tries_left(request)
    if left is not None and 0 < left <= 2:
        said += ngettext("再错 %(n)d 次将暂停登录。", "再错 %(n)d 次将暂停登录。", left) % {
            "n": left
        }
    return said


@public
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """登录第二步: the code. Nobody is signed in before it is right (see `signing_in`)."""
    if request.user.is_authenticated:
        return redirect("home")
    account = signing_in.waiting(request, timezone.now())
    if account is None:
        messages.info(request, _("请先输入登录名和密码。"))
        return redirect("accounts:sign_in")
    form = forms.SecondStep(request.POST if request.method == "POST" else None)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            kind = second_factor.use(account=account, code=form.cleaned_data["otp_code"])
        except second_factor.TooSoon as refused:
            form.add_error("otp_code", str(refused.message))
            status = 429
        except second_factor.WrongCode as refused:
            again = signing_in.wanted(request)
            last = not signing_in.missed(request)
            actions.failed(
                AccountEvent.Kind.WRONG_CODE,
                account=account,
                at=timezone.now(),
                address=signing_in.address(request),
                locked=False,
            )
            if last:
                messages.error(request, _("口令多次不对，请从登录名和密码重新开始。"))
                return HttpResponseRedirect(_sign_in_address(again))
            form.add_error("otp_code", str(refused.message))
        else:
            return _code_right(request, account, kind)
    shown = {"plain": True, "form": form, "back": _sign_in_address(signing_in.wanted(request))}
    return render(request, "accounts/second_step.html", shown, status=status or _status(form))


def _code_right(request: HttpRequest, account: Account, kind: second_factor.Kind) -> HttpResponse:
    to = signing_in.wanted(request)
    earlier = signing_in.let_in(request, account, timezone.now(), with_code=True)
    _welcome(request, earlier)
    if kind is second_factor.Kind.RECOVERY:
        left = second_factor.state(account).codes_left
        messages.warning(
            request,
            ngettext("用掉了一个恢复码，还剩 %(n)d 个。", "用掉了一个恢复码，还剩 %(n)d 个。", left)
            % {"n": left},
        )
    return HttpResponseRedirect(to)


def _welcome(request: HttpRequest, earlier: signing_in.Earlier) -> None:
    """What was before, so that a stranger's sign-in is noticed."""
    if earlier.at is None:
        messages.success(request, _("已登录。这是该账号首次登录。"))
        return
    at = _moment(earlier.at)
    if earlier.address:
        said = _("已登录。上次登录：%(at)s，来自 %(address)s。") % {
            "at": at,
            "address": earlier.address,
        }
    else:
        said = _("已登录。上次登录：%(at)s。") % {"at": at}
    messages.success(request, said)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """退出登录"""
    return _signed_out(request)


def _signed_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    list(messages.get_messages(request))  # those not yet seen are not for the next person here
    messages.success(request, _("已退出登录。"))
    return redirect("accounts:sign_in")


@public
def forgotten(request: HttpRequest) -> HttpResponse:
    """忘记密码: whom to ask; nothing is sent, since a closed network has no mail."""
    return render(request, "accounts/forgotten.html", {"plain": True})


# -- one's own account


@signed_in
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """我的账号: who one is, and what belongs to the account."""
    account = _own(request)
    context = {
        "facts": [
            Fact(_("登录名"), account.username),
            Fact(_("姓名"), account.name, note=_("姓名有误，请系统管理员修改。")),
            Fact(_("密码"), _password_age(account)),
            Fact(_("最近登录"), _last(account)),
        ],
        "factor": second_factor.state(account),
        "factor_allowed": second_factor.allowed(),
        "sessions": len(_sessions(request, timezone.now())),
    }
    return form_pages.page(
        request,
        forms.Profile,
        lambda data: actions.change_contacts(
            account=account, at=timezone.now(), address=signing_in.address(request), **data
        ),
        to=lambda done: reverse("accounts:profile"),
        said=_("已保存。"),
        template="accounts/profile.html",
        initial={
            "phone": account.phone,
            "email": account.email,
            "wants_digest": account.wants_digest,
        },
        context=context,
    )


def _password_age(account: Account) -> str:
    return _("%(at)s 更改") % {"at": _moment(account.password_changed_at)}


def _last(account: Account) -> list[str]:
    if account.last_login is None:
        return []
    return [part for part in (_moment(account.last_login), account.last_address) if part]


@before_steps
@signed_in
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """修改密码: ends every other session."""
    account, now = _own(request), timezone.now()

    def act(data: dict[str, Any]) -> None:
        here, at = signing_in.address(request), timezone.now()
        actions.change_password(account=account, password=data["new_password"], at=at, address=here)
        update_session_auth_hash(request, account)
        actions.end_other_sessions(
            account=account, keep=request.session.session_key, by=account, at=at, address=here
        )

    due = passwords.is_due(account, now)
    to = _next_or(request, "accounts:profile")
    context = {
        "title": _("修改密码"),
        "plain": due,
        "due": due,
        "first": account.must_change_password,
        "cancel": "" if due else reverse("accounts:profile"),
    }
    return form_pages.page(
        request,
        forms.ChangePassword,
        act,
        to=lambda done: to,
        said=_("密码已更改，其他地方的登录都已结束。"),
        template="accounts/password.html",
        arguments={"request": request, "account": account},
        context=context,
    )


# -- sessions


@signed_in
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """登录会话: where one is signed in."""
    listed = _sessions(request, timezone.now())
    others = [one for one in listed if not one.is_this]
    end_others = Act(
        _("结束其他全部会话"),
        post=reverse("accounts:end_other_sessions"),
        confirm=_("其他电脑和手机上的登录都将结束，那里没有保存的内容会丢失。"),
        tone="danger",
    )
    rows = [
        (
            one,
            Act(
                _("结束"),
                post=reverse("accounts:end_session", args=[one.named]),
            ),
        )
        for one in listed
    ]
    shown = {
        "rows": rows,
        "acts": [end_others] if others else [],
        "hours": settings.SESSION_COOKIE_AGE // 3600,
        "minutes": settings.SESSION_IDLE // 60,
    }
    return render(request, "accounts/sessions.html", shown)


@signed_in
@require_POST
def end_session(request: HttpRequest, named: str) -> HttpResponse:
    """结束会话: one of one's own; this one's end is signing out."""
    account = _own(request)
    this = next((one for one in _sessions(request, timezone.now()) if one.is_this), None)
    if this is not None and this.named == named:
        return _signed_out(request)
    try:
        actions.end_session(account=account, named=named, by=account, at=timezone.now())
    except Refusal as refused:
        messages.info(request, str(refused.message))
    else:
        messages.success(request, _("已结束该会话。"))
    return redirect("accounts:sessions")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """结束其他会话: all but this one."""
    account = _own(request)
    ended = actions.end_other_sessions(
        account=account,
        keep=request.session.session_key,
        by=account,
        at=timezone.now(),
        address=signing_in.address(request),
    )
    said = ngettext("已结束其他 %(n)d 个会话。", "已结束其他 %(n)d 个会话。", ended) % {"n": ended}
    messages.success(request, said)
    return redirect("accounts:sessions")


# -- small parts


def _own(request: HttpRequest) -> Account:
    """The signed-in account as it is stored now."""
    return Account.objects.get(username=request.user.get_username())


def _sessions(request: HttpRequest, at: datetime) -> list[queries.SignedIn]:
    this = request.session.session_key
    return list(queries.sessions_of(_own(request), this=this, at=at))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _next_or(request: HttpRequest, route: str) -> str:
    said = request.POST.get("next") or request.GET.get("next")
    return signing_in.safe_next(request) if said else reverse(route)


def _sign_in_address(to: str) -> str:
    return f"{reverse('accounts:sign_in')}?{urlencode({'next': to})}"


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")
