"""履职身份页面: what one may act as, and the switch from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.ledger import events
from gongkai.web.organs import capacity, people_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.doing import doer
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role, rule_of, signed_in

# What each role is there for, in one sentence.
DUTIES: dict[Role, Promise] = {
    Role.HANDLER: _later("起草本机关的指南要素等事项，提交审核；办理本机关及其接办的事项。"),
    Role.REVIEWER: _later("审核他人起草的事项；不审核自己起草的。"),
    Role.APPROVER: _later("批准经审核的事项；不批准自己起草或审核过的。"),
    Role.SUPERVISOR: _later("查看本机关及下级的情况，提醒、退回；看不到完整的个人信息。"),
    Role.AUDITOR: _later("查看本机关及下级的全部事件，其他一概不看；个人信息隐去。"),
    Role.ADMINISTRATOR: _later("管理本机关及下级的机关、人员、任职和设置；不审核、不批准。"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """身份一项: as the page prints it."""

    key: str
    organ: str
    role: str
    acting_for: str
    duties: Promise
    current: bool


@require_GET
@signed_in
def capacities(request: HttpRequest) -> HttpResponse:
    """我的身份: what one may act as and do; who holds none is told whom to ask."""
    held: list[Capacity] = request.capacities  # type: ignore[attr-defined]
    now: Capacity | None = request.capacity  # type: ignore[attr-defined]
    shown = [
        Held(
            one.key,
            one.organ.name,
            one.role_label,
            one.acting_for,
            DUTIES[one.role],
            bool(now) and now is not None and one.key == now.key,
        )
        for one in held
    ]
    return render(
        request,
        "organs/capacities.html",
        {"held": shown, "ask": [] if held else _whom_to_ask(request)},
    )


def _whom_to_ask(request: HttpRequest) -> list[tuple[str, str]]:
    """The administrators of where the person served last; of the roots where it never served."""
    by = doer(request)
    organs = {one.organ for one in by.by.appointments.select_related("organ")}
    if not organs:
        organs = set(Organ.objects.filter(parent__isnull=True, valid_to__isnull=True)[:5])
    found = people_queries.administrators_of(organs, timezone.localdate(by.at))
    return [(one.account.name, one.organ.name) for one in found]


@require_POST
@signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """切换身份: seen in the bar from now on; kept as an event."""
    before: Capacity | None = request.capacity  # type: ignore[attr-defined]
    held = before.key if before else ""
    chosen = capacity.switch(request, request.POST.get("capacity", ""))
    if chosen is None:
        messages.error(request, _("您没有这个身份，或其任职、代理已经结束。"))
        return redirect("organs:capacities")
    if chosen.key != held:
        _record(request, chosen)
    said = {"organ": chosen.organ.name, "role": chosen.role_label, "name": chosen.acting_for}
    if chosen.acting_for:
        messages.success(request, _("现在代 %(name)s 以 %(organ)s%(role)s 的身份办理。") % said)
    else:
        messages.success(request, _("现在以 %(organ)s%(role)s 的身份办理。") % said)
    answer = redirect(_back(request, before, chosen))
    capacity.remember(answer, chosen)
    return answer


def _record(request: HttpRequest, chosen: Capacity) -> None:
    by = doer(request)
    events.record(
        "capacity.switched",
        organ=chosen.organ,
        by=by.by,
        at=by.at,
        acting_as=chosen.role.value,
        acting_for=chosen.acting_for,
        subject=f"person/{by.by.pk}",
        new={"role": chosen.role.value},
    )


def _back(request: HttpRequest, before: Capacity | None, chosen: Capacity) -> str:
    """To the page where the person switched, unless it is none for the new capacity.

    A page about one thing was open to the former capacity, and very likely is not to another organ:
    then the front page. Where the former one was refused, the person switched to open just that.
    """
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not safe:
        return "/"
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return "/"
    rule = rule_of(match.func)
    here = match.view_name == "organs:switch"
    if here or rule is None or not rule.admits(chosen.role, signed_in=True):
        return "/"
    was_open = rule.admits(before.role if before else None, signed_in=True)
    elsewhere = before is None or before.organ.pk != chosen.organ.pk
    return "/" if match.kwargs and was_open and elsewhere else address
