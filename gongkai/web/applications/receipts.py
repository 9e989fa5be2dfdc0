"""登记回执: what an applicant is given when an application has been registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.applications import channels, life
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import Applicant, Request
from gongkai.web.ledger import keys, vault
from gongkai.web.organs import particulars_queries
from gongkai.web.organs.actions import Doer


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执: ``received`` and ``due`` None while receipt is not confirmed."""

    organ: str
    number: str
    code: str
    applicants: tuple[str, ...]
    channel: str
    arrived: date
    received: date | None
    due: date | None
    provisional: bool
    asked: tuple[tuple[str, str], ...]
    office: str
    phone: str
    address: str
    on: date


@transaction.atomic
def printed(*, by: Doer, request: Request) -> Receipt:
    """The receipt with the applicants' names; that somebody took it is told."""
    made = receipt(request, timezone.localdate(by.at))
    by.tell("letter.printed", request.organ, f"request/{request.pk}", new={"letter": _("登记回执")})
    return made


def receipt(request: Request, on: date) -> Receipt:
    """What it says."""
    matters = list(request.matters.select_related("organ", "request").order_by("part"))
    case = life.case_of(matters[0])
    particulars = particulars_queries.in_force(request.organ, on)
    return Receipt(
        organ=request.organ.name,
        number=number_of(request),
        code=request.code,
        applicants=tuple(_name(one) for one in request.applicants.select_related("name")),
        channel=channels.said(request.channel, request.via),
        arrived=request.arrived_on,
        received=case.receipt.day if case.receipt else None,
        due=case.due,
        provisional=bool(case.clock and case.clock.provisional),
        asked=tuple((number_of(request, one, len(matters)), one.title) for one in matters),
        office=particulars.office if particulars else "",
        phone=particulars.phone if particulars else "",
        address=particulars.address if particulars else "",
        on=on,
    )


def _name(one: Applicant) -> str:
    if one.organisation:
        return one.organisation
    if one.name is None:
        return ""
    try:
        return vault.open_(one.name)
    except (vault.Erased, keys.Unreadable):
        return vault.shown(one.name)
