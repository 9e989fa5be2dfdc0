"""登记回执: what an applicant is given when an application has been registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.statute.transitions import Duty
from gongkai.web.applications import channels, helps, life, recording, tracking_address
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import Applicant, Correction, Request
from gongkai.web.ledger import keys, outbox, vault
from gongkai.web.organs import particulars_queries
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell.refusals import Refusal


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
    correction: bool  # Art 41: no period runs
    helped: str  # Art 43: that it was filled in for who applied
    office: str
    phone: str
    address: str
    tracking: str  # where the page of the tracking code is; nothing where that is not known
    on: date

    @property
    def picture(self) -> str:
        """That address as a QR code."""
        return tracking_address.picture(self.tracking)


@transaction.atomic
def printed(*, by: Doer, request: Request) -> Receipt:
    """The receipt with the applicants' names; that somebody took it is told."""
    made = receipt(request, timezone.localdate(by.at))
    by.tell("letter.printed", request.organ, f"request/{request.pk}", new={"letter": _("登记回执")})
    return made


class NoAddress(Refusal):
    """没有邮箱: none of the applicants gave an e-mail address that can be written to."""


@transaction.atomic
def mailed(*, by: Doer, request: Request) -> None:
    """The receipt by e-mail to the first applicant who gave an address; once, however often asked.

    Raises NotAllowed, NoAddress.
    """
    if not recording.does(by, request.organ, Duty.HANDLE):
        raise NotAllowed
    given = request.applicants.filter(email__isnull=False).select_related("email").first()
    if given is None or given.email is None:
        raise NoAddress(_("申请人没有留电子邮箱，请打印后当面交给或者邮寄。"))
    made = receipt(request, timezone.localdate(by.at))
    subject = f"request/{request.pk}"
    try:
        outbox.put(
            key=f"{subject}/receipt",
            organ=request.organ,
            subject=subject,
            channel="mail",
            to=vault.open_(given.email),
            title=f"{made.organ}：{_called(made)}登记回执",
            body=_letter(made),
            at=by.at,
        )
    except (outbox.BadAddress, vault.Erased):
        raise NoAddress(_("申请人所留的电子邮箱不能使用，请打印后当面交给或者邮寄。")) from None
    by.tell("request.receipt_mailed", request.organ, subject)


def _letter(made: Receipt) -> str:
    """In Chinese, as all that applicants are written."""
    lines = [
        f"您以{made.channel}方式提出的{_called(made)}，本机关已登记。",
        f"登记号：{made.number}",
        f"查询码：{made.code}",
        *([f"查询网址：{made.tracking}"] if made.tracking else []),
        f"到达日期：{made.arrived.isoformat()}",
    ]
    if not made.correction:
        received = made.received.isoformat() if made.received else "待与您确认"
        lines.append(f"收到日期：{received}")
    if made.due is not None:
        lines.append(f"答复期限：{made.due.isoformat()}{'（暂定）' if made.provisional else ''}")
    lines += [f"联系电话：{made.phone}"] if made.phone else []
    return "\n".join([*lines, "", made.organ, made.on.isoformat()])


def _called(made: Receipt) -> str:
    return "更正本人信息申请" if made.correction else "政府信息公开申请"


def receipt(request: Request, on: date) -> Receipt:
    """What it says."""
    matters = list(request.matters.select_related("organ", "request").order_by("part"))
    case = life.case_of(matters[0]) if matters else None
    correction = Correction.objects.filter(request=request).first()
    asked = tuple((number_of(request, one, len(matters)), one.title) for one in matters)
    particulars = particulars_queries.in_force(request.organ, on)
    applicants = tuple(_name(one) for one in request.applicants.select_related("name"))
    helped = helps.of_request(request)
    return Receipt(
        organ=request.organ.name,
        number=number_of(request),
        code=request.code,
        applicants=applicants,
        channel=channels.said(request.channel, request.via),
        arrived=request.arrived_on,
        received=case.receipt.day if case and case.receipt else None,
        due=case.due if case else None,
        provisional=bool(case and case.clock and case.clock.provisional),
        asked=asked or ((number_of(request), correction.record if correction else ""),),
        correction=correction is not None,
        helped=helps.printed(helped, len(applicants)) if helped else "",
        office=particulars.office if particulars else "",
        phone=particulars.phone if particulars else "",
        address=particulars.address if particulars else "",
        tracking=tracking_address.of(request.organ),
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
