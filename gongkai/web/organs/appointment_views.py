"""任职页面: giving somebody a role, and ending one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.accounts.models import Account
from gongkai.web.organs import (
    appointment_actions,
    people_forms,
    people_queries,
    person_page,
    queries,
)
from gongkai.web.organs.doing import doer
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import forms as shell_forms
from gongkai.web.shell.access import Role, acting


@acting(Role.ADMINISTRATOR)
def appoint(request: HttpRequest) -> HttpResponse:
    """任命: somebody who has an account, also of another organ, who is then named by login name."""
    capacity, today = capacity_of(request), timezone.localdate()
    visible = people_queries.visible_accounts(capacity)
    named = visible.filter(username=request.GET.get("account", "")).first()
    organ = queries.visible_organs(capacity).filter(code=request.GET.get("organ", "")).first()

    def act(data: dict[str, Any]) -> Account:
        made = appointment_actions.appoint(by=doer(request), **data)
        return made.account

    back = person_page.link(named) if named else reverse("organs:people")
    return shell_forms.page(
        request,
        people_forms.Appoint,
        act,
        to=person_page.link,
        said=lambda account: _("已任命 %(name)s。") % {"name": account.name},
        initial={"account": named or "", "organ": organ or "", "valid_from": today},
        arguments={"organs": queries.visible_organs(capacity), "people": visible},
        context={
            "title": _("任命"),
            "submit": _("任命"),
            "intro": _(
                "一人可在几个机关担任几个角色。审计员不兼任其审计范围内的其他角色；"
                "系统管理员不在其管理范围内审核、批准。"
            ),
            "cancel": back,
            "crumbs": _crumbs(named),
        },
    )


@acting(Role.ADMINISTRATOR)
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """免职。"""
    rows = queries.visible_people(capacity_of(request)).select_related("account", "organ")
    one = get_object_or_404(rows, pk=pk)
    account, today = one.account, timezone.localdate()

    def act(data: dict[str, Any]) -> Account:
        appointment_actions.end_appointment(by=doer(request), appointment=one, **data)
        return account

    return shell_forms.page(
        request,
        people_forms.EndAppointment,
        act,
        to=person_page.link,
        said=_("已免职。"),
        initial={"on": max(today, one.valid_from)},
        context={
            "title": _("免去 %(name)s 的%(role)s")
            % {"name": account.name, "role": one.get_role_display()},
            "intro": _("%(organ)s，%(day)s 起任职。账号不停用；其他任职不受影响。")
            % {"organ": one.organ.name, "day": one.valid_from.isoformat()},
            "submit": _("免职"),
            "danger": True,
            "cancel": person_page.link(account),
            "crumbs": _crumbs(account),
        },
    )


def _crumbs(account: Account | None) -> list[tuple[str, str]]:
    found = [(_("人员"), reverse("organs:people"))]
    if account is not None:
        found.append((account.name, person_page.link(account)))
    return found
