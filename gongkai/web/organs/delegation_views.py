"""授权代理页面: one's own appointments and delegations; those of the subtree for administrators."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_POST

from gongkai.web.accounts.models import Account
from gongkai.web.organs import (
    appointment_actions,
    organ_page,
    people_forms,
    people_queries,
    person_page,
    separation,
)
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.doing import doer, exported
from gongkai.web.organs.models import Appointment, Delegation
from gongkai.web.organs.views import administers
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell import list_pages, lists
from gongkai.web.shell.access import Role, signed_in
from gongkai.web.shell.lists import Cell, Column, Filter
from gongkai.web.shell.look import Act
from gongkai.web.shell.refusals import Refusal

_OWN = 50  # of one's own that the page shows


@signed_in
def delegations(request: HttpRequest) -> HttpResponseBase:
    """任职与代理: everybody's own; with the list of the subtree for who administers one."""
    by = doer(request)
    context = _own(request)
    if by.capacity is None or by.capacity.role is not Role.ADMINISTRATOR:
        return render(request, "organs/delegations.html", context)
    rows = people_queries.visible_delegations(by.capacity).select_related(
        "appointment__organ", "appointment__account", "delegate"
    )
    return list_pages.show(
        request,
        spec(timezone.localdate(by.at)),
        rows,
        template="organs/delegations.html",
        context=context,
        exported=lambda kind, count: exported(request, "delegations", kind, count),
    )


def _own(request: HttpRequest) -> dict[str, Any]:
    by = doer(request)
    today = timezone.localdate(by.at)
    posts = (
        by.by.appointments.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .select_related("organ")
        .order_by("organ__path", "role")
    )
    shown = person_page.lent(people_queries.delegations_of(by.by)[:_OWN], by)
    acts = [Act(_("我的身份"), href=reverse("organs:capacities"))]
    if any(p.role not in separation.UNDELEGABLE for p in posts):
        acts.append(Act(_("授权代理"), href=reverse("organs:delegate"), tone="primary"))
    return {
        "posts": [
            (
                p.organ.name,
                p.get_role_display(),
                organ_page.period(p.valid_from, p.valid_to),
                ""
                if p.role in separation.UNDELEGABLE
                else f"{reverse('organs:delegate')}?appointment={p.pk}",
            )
            for p in posts
        ],
        "given": [d for d in shown if d.holder_id == by.by.pk],
        "received": [d for d in shown if d.holder_id != by.by.pk],
        "acts": acts,
    }


def spec(today: date) -> lists.Spec:
    """The list of the delegations of a subtree as of a day."""

    def state(one: Delegation) -> Cell:
        words, badge = person_page.delegation_state(one, today)
        return Cell(words, badge=badge)

    def post(one: Delegation) -> str:
        return f"{one.appointment.organ.name} · {one.appointment.get_role_display()}"

    return lists.Spec(
        id="delegations",
        title=_later("本机关及下级的代理"),
        columns=(
            Column("holder", _later("任职者"), lambda d: d.appointment.account.name),
            Column("post", _later("任职"), post),
            Column("delegate", _later("代理人"), lambda d: d.delegate.name),
            Column(
                "from",
                _later("代理期间"),
                lambda d: organ_page.period(d.valid_from, d.valid_to),
                sort=("valid_from",),
                narrow=True,
            ),
            Column("state", _later("状态"), state, narrow=True),
            Column("reason", _later("事由"), lambda d: d.reason),
        ),
        order="-from",
        filters=(
            Filter(
                "state",
                _later("状态"),
                lambda rows, value: rows.filter(_in_state(value, today)),
                choices=lambda: [
                    ("now", _later("代理中")),
                    ("coming", _later("未开始")),
                    ("over", _later("已结束")),
                ],
            ),
        ),
        search=_found,
        search_hint=_later("任职者、代理人、机关"),
        empty_title=_later("没有授权代理"),
        empty_text=_later("有人外出时，可在其人员页面授权他人代理。"),
        href=lambda d: reverse("organs:person", args=[d.appointment.account_id]),
    )


def _found(rows: lists.Rows, words: str) -> lists.Rows:
    for word in words.split():
        rows = rows.filter(
            Q(appointment__account__name__icontains=word)
            | Q(delegate__name__icontains=word)
            | Q(appointment__organ__known_as__icontains=word)
        )
    return rows


def _in_state(value: str, today: date) -> Q:
    over = (
        Q(revoked_at__isnull=False)
        | Q(valid_to__lte=today)
        | Q(appointment__valid_to__isnull=False, appointment__valid_to__lte=today)
    )
    if value == "over":
        return over
    return ~over & (Q(valid_from__gt=today) if value == "coming" else Q(valid_from__lte=today))


# -- giving and taking back


@signed_in
def delegate(request: HttpRequest) -> HttpResponse:
    """授权代理: of an appointment of one's own, or of one administered."""
    by = doer(request)
    today = timezone.localdate(by.at)
    said = request.GET.get("appointment", "")
    asked = int(said) if said.isascii() and said.isdigit() and len(said) < 18 else None
    rows = _delegable(by, asked)
    chosen = rows.filter(pk=asked).first() if asked else rows[0] if len(rows) == 1 else None
    if said and chosen is None:
        messages.error(request, _("这一任职不能授权代理，或不由您授权。"))
        return redirect("organs:delegations")
    if not rows:
        messages.info(request, _("您没有可以授权代理的任职。"))
        return redirect("organs:delegations")
    organ = chosen.organ if chosen else by.capacity.organ if by.capacity else None
    return shell_forms.page(
        request,
        people_forms.Delegate,
        lambda data: appointment_actions.delegate(by=doer(request), **data),
        to=lambda made: reverse("organs:delegations"),
        said=lambda made: (
            _("已授权 %(name)s 代理，自 %(day)s 起。")
            % {"name": made.delegate.name, "day": made.valid_from.isoformat()}
        ),
        initial={"appointment": chosen, "valid_from": today},
        arguments={
            "appointments": rows,
            "people": people_queries.candidates(organ, today) if organ else Account.objects.none(),
            "logins": administers(request),
        },
        context={
            "title": _("授权代理"),
            "submit": _("授权"),
            "intro": _(
                "代理人在期间内以任职者的身份办理，记录在代理人名下并注明代谁；"
                "不得审核、批准自己或任职者起草的事项。"
            ),
            "cancel": reverse("organs:delegations"),
            "crumbs": [(_("任职与代理"), reverse("organs:delegations"))],
        },
    )


def _delegable(by: Doer, asked: int | None) -> QuerySet[Appointment]:
    """One's own appointments that may be delegated, and the one asked for where one may do so."""
    today = timezone.localdate(by.at)
    rows = people_queries.disposable_appointments(by.by, by.capacity)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    found = rows.filter(lasting, Q(account=by.by) | Q(pk=asked))
    return (
        found.exclude(role__in=separation.UNDELEGABLE)
        .select_related("organ", "account")
        .order_by("organ__path", "role")
    )


@require_POST
@signed_in
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """收回代理。"""
    by = doer(request)
    one = get_object_or_404(people_queries.disposable_delegations(by.by, by.capacity), pk=pk)
    try:
        found = appointment_actions.revoke_delegation(by=by, delegation=one)
    except Refusal as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(
            request, _("已收回 %(name)s 的代理，即时生效。") % {"name": found.delegate.name}
        )
    return redirect("organs:delegations")
