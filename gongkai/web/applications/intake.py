"""登记: an application as it was put becomes a request with its matters, in one transaction.

Who asks, and how they are reached, goes into the vault; nothing of it stands in events.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.statute import applicant_kinds, cases
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import CaseConventions, Event, Logged, Received
from gongkai.statute.clock_events import Channel
from gongkai.statute.transitions import Illegal
from gongkai.web.applications import correction_actions, helps, life, queries, recording
from gongkai.web.applications.helps import Helped
from gongkai.web.applications.models import Applicant, Matter, Request
from gongkai.web.ledger import attachments, numbers, vault
from gongkai.web.ledger.models import Secret
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal

CODE = 10  # signs of a tracking code
_SIGNS = "ACDEFGHJKLMNPQRTUVWXY34679"  # none that is taken for another
SCANS = ("pdf", "png", "jpg", "docx", "doc", "ofd", "zip")


class Incomplete(Refusal):
    """内容不全: what an application must hold (Art 29) is missing."""


class WrongDay(Refusal):
    """日期有误: a day to come, or an order of days that cannot be."""


@dataclass(frozen=True, slots=True)
class Asker:
    """申请人: as typed. ``kind`` None for an agent, who is not counted."""

    kind: ApplicantKind | None
    name: str = ""  # of the person, or of who acts for the organisation
    organisation: str = ""
    credit_code: str = ""
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    kind_reason: str = ""

    @property
    def called(self) -> str:
        """The organisation, else the person."""
        return self.organisation or self.name


@dataclass(frozen=True, slots=True)
class Asked:
    """所需政府信息: one matter: in short, and as it was put."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """申请书: everything of one application as it came.

    ``confirmed_on`` the day both sides confirmed receipt, where Art 31 asks for one;
    ``automatic``: the organ's own system issued a receipt.
    """

    channel: Channel
    arrived_on: date
    askers: tuple[Asker, ...]
    asked: tuple[Asked, ...]
    via: str = ""
    confirmed_on: date | None = None
    automatic: bool = False
    misdirected: bool = False
    wanted_form: str = ""
    helped: Helped | None = None
    kind: str = Request.Kind.ACCESS
    copied_from: str = ""


@transaction.atomic
def register(
    *, by: Doer, organ: Organ, paper: Paper, files: Sequence[UploadedFile] = ()
) -> Request:
    """登记申请: numbered, its matters begun, its scans attached.

    Raises NotAllowed, Incomplete, WrongDay, helps.NotConfirmed, uploads.Refused, and NotPossible
    where the statute refuses the days.
    """
    _may_register(by, organ)
    _complete(by, paper)
    year = timezone.localdate(by.at).year
    request = Request.objects.create(
        organ=organ,
        kind=paper.kind,
        year=year,
        number=numbers.draw(organ, "application", year),
        channel=paper.channel.value,
        via=paper.via,
        arrived_on=paper.arrived_on,
        wanted_form=paper.wanted_form,
        code=new_code(),
        need=paper.helped.help.need.value if paper.helped else "",
        copied_from=paper.copied_from,
        by=by.by,
        at=by.at,
    )
    subject = f"request/{request.pk}"
    for position, one in enumerate(paper.askers, 1):
        _applicant(request, position, one, subject, by)
    by.tell("request.registered", organ, subject, new={"number": number_of(request)})
    if paper.helped is not None:
        helps.record(by, request, paper.helped)
    if paper.kind == Request.Kind.CORRECTION:
        record = "\n".join(asked.text.strip() for asked in paper.asked)
        correction_actions.begin(by=by, request=request, record=record, handler=by.by)
    else:
        for part, asked in enumerate(paper.asked, 1):
            _matter(by, request, part, asked, paper)
    for file in files:
        attachments.attach(organ=organ, subject=subject, file=file, kinds=SCANS, by=by.by, at=by.at)
    return request


def number_of(request: Request, matter: Matter | None = None, parts: int = 1) -> str:
    """2026-12; of a matter among several 2026-12-3."""
    said = f"{request.year}-{request.number}"
    return f"{said}-{matter.part}" if matter is not None and parts > 1 else said


def _may_register(by: Doer, organ: Organ) -> None:
    held = by.capacity
    if held is None or held.role is not Role.HANDLER:
        raise NotAllowed
    if organ.pk not in organ_queries.own_and_predecessors(held.organ):
        raise NotAllowed


def _complete(by: Doer, paper: Paper) -> None:
    principals = [one for one in paper.askers if one.kind is not None]
    if not principals or not all(one.called.strip() for one in paper.askers):
        raise Incomplete(_("请填写申请人的姓名或者名称（条例第二十九条）。"), field="name")
    if not paper.asked or not all(one.text.strip() for one in paper.asked):
        raise Incomplete(_("请填写所需的政府信息（条例第二十九条）。"), field="text")
    if paper.arrived_on > timezone.localdate(by.at):
        raise WrongDay(_("到达日期不能晚于今天。"), field="arrived_on")
    if paper.helped is not None:
        helps.check(paper.helped, len(paper.askers))


def new_code() -> str:
    """A tracking code."""
    return "".join(secrets.choice(_SIGNS) for _ in range(CODE))


def _applicant(request: Request, position: int, one: Asker, subject: str, by: Doer) -> None:
    def sealed(label: str, value: str) -> Secret | None:
        if not value.strip():
            return None
        return vault.put(
            organ=request.organ, subject=subject, label=label, value=value.strip(), at=by.at
        )

    suggested = applicant_kinds.applicant_kind(one.credit_code, one.organisation)
    Applicant.objects.create(
        request=request,
        position=position,
        is_agent=one.kind is None,
        kind=one.kind.value if one.kind else "",
        suggested=suggested.kind.value,
        kind_reason=one.kind_reason,
        organisation=one.organisation.strip(),
        credit_code=one.credit_code.strip(),
        name=sealed("name", one.name),
        identity=sealed("identity_number", one.identity),
        phone=sealed("phone", one.phone),
        email=sealed("email", one.email),
        address=sealed("address", one.address),
        postcode=one.postcode,
    )


def _matter(by: Doer, request: Request, part: int, asked: Asked, paper: Paper) -> Matter:
    kind = next(one.kind for one in paper.askers if one.kind is not None)
    title = asked.title.strip() or asked.text.strip()[:60]
    named = [one.organisation.strip() for one in paper.askers if one.kind is not None]
    matter = Matter.objects.create(
        request=request,
        organ=request.organ,
        part=part,
        title=title,
        sought=queries.sought(title, named),
        text=asked.text.strip(),
        state="",
        kind=kind.value,
        handler=by.by,
        at=by.at,
    )
    recording.record(by, matter, beginning(paper, life.conventions(request.organ)))
    return matter


def beginning(paper: Paper, conventions: CaseConventions) -> Event:
    """The first event of its matters: received, or logged until receipt is confirmed."""
    received = Received(
        paper.arrived_on,
        paper.channel,
        paper.confirmed_on,
        paper.automatic,
        paper.misdirected,
        paper.via,
    )
    try:
        cases.replay([received], conventions)
    except Illegal:
        return Logged(paper.arrived_on, paper.channel, paper.via, paper.misdirected)
    return received
