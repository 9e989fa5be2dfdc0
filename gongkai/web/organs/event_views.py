"""事件页面: what happened in a subtree, for its auditors and administrators; masked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import pgettext, pgettext_lazy

from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import event_page, people_queries, queries
from gongkai.web.organs.doing import exported
from gongkai.web.organs.models import Organ
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell import list_pages, lists, masking
from gongkai.web.shell.access import Role, acting
from gongkai.web.shell.lists import Column, Filter, Rows
from gongkai.web.shell.look import Fact, when


@acting(Role.AUDITOR, Role.ADMINISTRATOR)
def events_list(request: HttpRequest) -> HttpResponseBase:
    """事件: newest first."""
    rows = people_queries.visible_events(capacity_of(request))
    return list_pages.show(
        request,
        SPEC,
        rows.select_related("by", "organ"),
        template="organs/events.html",
        context={"tabs": tabs(request)},
        exported=lambda kind, count: exported(request, "events", kind, count),
    )


def tabs(request: HttpRequest) -> list[tuple[Any, str, bool, str]]:
    """The two lists of events: of organs and people, and of signing in and own accounts."""
    both = ((_("机关和人员"), "organs:events"), (_("登录与账号"), "organs:account_events"))
    return [(label, reverse(name), reverse(name) == request.path, "") for label, name in both]


@acting(Role.AUDITOR, Role.ADMINISTRATOR)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """事件页: who did what, when, in which role, and what changed from what to what."""
    rows = people_queries.visible_events(capacity_of(request)).select_related("by", "organ")
    one = get_object_or_404(rows, pk=pk)
    return render(
        request,
        "organs/event.html",
        {
            "event": one,
            "title": said(one),
            "crumbs": [(_("事件"), reverse("organs:events"))],
            "facts": list(_facts(one, event_page.subject(one, capacity_of(request)))),
            "changes": event_page.changes(one),
        },
    )


def said(one: Event) -> str:
    """The sentence, masked by shape."""
    return masking.text(events.sentence(one))


def request_id(one: Event | AccountEvent) -> str:
    """As the page that was shown had it: two halves."""
    made = one.request_id
    return f"{made[:4]}-{made[4:]}" if len(made) == 8 else made


def _facts(one: Event, subject: event_page.Said) -> list[Fact]:
    return [
        Fact(_("时间"), timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M:%S")),
        Fact(pgettext("of one row", "机关"), one.organ.name if one.organ else ""),
        Fact(_("办理人"), one.by.name if one.by else _("系统")),
        Fact(_("以何身份"), events.role(one) or _("无")),
        Fact(_("对象"), subject[0], href=subject[1]),
        Fact(_("种类"), events.GROUPS.get(one.kind.partition(".")[0], one.kind)),
        Fact(_("请求编号"), request_id(one) or _("无，由命令或后台任务办理")),
    ]


# -- the list


def _moment(day: str, *, after: bool) -> datetime:
    """The first moment of a day, or of the next."""
    found = parse_date(day)
    assert found is not None, "the filter has parsed it"
    return timezone.make_aware(datetime.combine(found + timedelta(days=int(after)), time.min))


def _of_organ(rows: Rows, words: str) -> Rows:
    return rows.filter(organ__in=queries.found_by(Organ.objects.all(), words).values("pk"))


def _by_person(rows: Rows, words: str) -> Rows:
    people = people_queries.found_accounts(Account.objects.all(), words, logins=False)
    return rows.filter(by__in=people.values("pk"))


PERIOD = (
    Filter(
        "from",
        _later("自"),
        lambda rows, value: rows.filter(at__gte=_moment(value, after=False)),
        kind="date",
    ),
    Filter(
        "to",
        _later("至"),
        lambda rows, value: rows.filter(at__lt=_moment(value, after=True)),
        kind="date",
    ),
)
SPEC = lists.Spec(
    id="events",
    title=_later("事件"),
    columns=(
        Column(
            "at",
            _later("时间"),
            lambda e: when(e.at),
            sort=("at",),
            value=lambda e: e.at,
            narrow=True,
        ),
        Column(
            "said",
            pgettext_lazy("of one row", "事件"),
            lambda e: lists.Cell(said(e), href=reverse("organs:event", args=[e.pk])),
        ),
        Column(
            "organ", pgettext_lazy("of one row", "机关"), lambda e: e.organ.name if e.organ else ""
        ),
        Column("by", _later("办理人"), lambda e: e.by.name if e.by else _("系统"), narrow=True),
        Column("role", _later("以何身份"), events.role, narrow=True),
        Column("request", _later("请求编号"), request_id, narrow=True),
    ),
    order="-at",
    filters=(
        Filter(
            "group",
            _later("种类"),
            lambda rows, value: rows.filter(kind__startswith=f"{value}."),
            choices=lambda: events.GROUPS.items(),
        ),
        Filter("organ", pgettext_lazy("of one row", "机关"), _of_organ, kind="text"),
        Filter("person", _later("办理人"), _by_person, kind="text"),
        *PERIOD,
    ),
    search=people_queries.found_events,
    search_hint=_later("对象：姓名、机关、请求编号"),
    empty_title=_later("还没有事件"),
    empty_text=_later("机关和人员的每一次变更都会记在这里，不能修改、不能删除。"),
)
