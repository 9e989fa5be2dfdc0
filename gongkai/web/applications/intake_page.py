"""登记的页面: what is told beside the form, and of an application that has been registered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gongkai.statute.applicant_kinds import KINDS, ApplicantKind
from gongkai.statute.clock_events import Channel
from gongkai.web.applications import channels, helps, hints, life, queries
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.hints import Days, Hints
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.intake_forms import Register
from gongkai.web.applications.models import Applicant, Correction, Matter, Request
from gongkai.web.ledger import vault
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import masking
from gongkai.web.shell.access import Role
from gongkai.web.shell.look import Fact


def typed(form: Register, capacity: Capacity, today: date) -> Hints:
    """What can be told of a form as far as it is filled in."""
    askers = form.typed_askers()
    texts = [text for text in form.typed_texts() if text]
    known = hints.known(capacity, askers, texts, today)
    corrects = form["kind"].value() == Request.Kind.CORRECTION
    days = None if corrects else _days(form, capacity, today)
    return Hints(days, hints.about(askers), known)


def _days(form: Register, capacity: Capacity, today: date) -> Days:
    def day(name: str) -> date | None:
        value = form[name].value()
        try:
            return value if isinstance(value, date) else parse_date(str(value or ""))
        except ValueError:
            return None

    try:
        channel, _via = channels.read(str(form["channel"].value() or "in_person"))
    except ValueError:
        return Days()
    arrived = day("arrived_on")
    if arrived is None:
        return Days(missing=_("请填写到达日期。"))
    if arrived > today:
        return Days(missing=_("到达日期不能晚于今天。"))
    misdirected = bool(form["misdirected"].value())
    asks = channels.needs_confirmation(channel) or misdirected
    return hints.days(
        capacity.organ,
        channel,
        arrived,
        confirmed=day("confirmed_on") if asks else None,
        automatic=bool(form["automatic"].value()),
        misdirected=misdirected,
    )


def crumbs() -> list[tuple[str, str]]:
    """Above every page of applications."""
    return [(_("公开申请"), reverse("applications:list"))]


# -- registered


def registered(request: Request, capacity: Capacity) -> dict[str, Any]:
    """登记结果: number, days and why, matters, applicants, what to print."""
    matters = list(request.matters.select_related("deadline", "request").order_by("part"))
    officer = capacity.role is not Role.SUPERVISOR
    return {
        "asked": request,
        "number": number_of(request),
        "facts": list(_facts(request, officer)),
        "days": _registered_days(matters[0]) if matters else Days(),
        "matters": [
            (
                reverse("applications:case", args=[one.pk]),
                number_of(request, one, len(matters)),
                one.title,
            )
            for one in matters
        ],
        "applicants": [applicant_facts(one) for one in _applicants(request)],
        "prints": officer,
        "mails": capacity.role is Role.HANDLER
        and any(one.email_id is not None for one in _applicants(request)),
        "crumbs": crumbs(),
        "correction": _correction(request),
    }


def _correction(request: Request) -> str:
    """Where an application for correction is handled; nothing of another."""
    found = Correction.objects.filter(request=request).values_list("pk", flat=True).first()
    return reverse("applications:correction", args=[found]) if found else ""


def _facts(request: Request, officer: bool) -> Iterator[Fact]:
    yield Fact(_("登记号"), number_of(request))
    yield Fact(_("事项"), request.get_kind_display())
    yield Fact(_("渠道"), channels.said(request.channel, request.via))
    yield Fact(_("到达日期"), request.arrived_on.isoformat())
    if officer:
        yield Fact(
            _("查询码"),
            request.code,
            note=_("请告诉申请人；凭此码和所留电话、邮箱或者邮编的后四位查询进度。"),
        )
    yield Fact(_("获取方式"), request.wanted_form)
    helped = helps.of_request(request)
    if helped is not None:
        yield help_fact(request, helped, officer)
    if request.copied_from:
        yield Fact(_("录自"), request.copied_from)


def help_fact(request: Request, helped: helps.Helped, officer: bool) -> Fact:
    """协助: whose need, how, and that it was read back; masked for a supervisor."""
    told = helps.lines(helped, len(_applicants(request)))
    return Fact(_("协助"), told if officer else [masking.text(one) for one in told], wide=True)


def _registered_days(matter: Matter) -> Days:
    case = life.case_of(matter)
    if case.receipt is None:
        return hints.days(
            matter.organ,
            case.channel or Channel.ONLINE,
            matter.request.arrived_on,
            misdirected=bool(case.arrival and case.arrival.misdirected),
        )
    provisional = bool(case.clock and case.clock.provisional)
    return hints.said(case.receipt, case.due, provisional)


def _applicants(request: Request) -> list[Applicant]:
    return queries.applicants(request)


def applicant_facts(one: Applicant) -> tuple[str, list[Fact]]:
    """An applicant masked: a heading, and what is known."""
    heading = (
        _("代理人") if one.is_agent else f"{_('申请人')} · {said(KINDS[ApplicantKind(one.kind)])}"
    )
    rows = [
        (_("单位名称"), one.organisation),
        (_("统一社会信用代码"), one.credit_code),
        (_("姓名"), _masked(one.name)),
        (_("证件号码"), _masked(one.identity)),
        (_("电话"), _masked(one.phone)),
        (_("电子邮箱"), _masked(one.email)),
        (_("通信地址"), _masked(one.address)),
        (_("邮政编码"), one.postcode),
        (_("改变类别的理由"), one.kind_reason),
    ]
    return heading, [Fact(label, value) for label, value in rows if value]


def _masked(secret: Any) -> str:
    return vault.shown(secret) if secret is not None else ""


def called(one: Applicant | None) -> str:
    """The organisation, else the person's name masked."""
    if one is None:
        return ""
    return one.organisation or _masked(one.name)
