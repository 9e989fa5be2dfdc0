"""申请人提交的材料: what an applicant sends by the tracking page: kept, acknowledged, told.

It is a message, not an act of the case: an officer looks at it and records the correction, the
payment, the reasons or the withdrawal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.statute import cases
from gongkai.statute.case_events import Act
from gongkai.statute.case_state import Case
from gongkai.statute.cases import Await
from gongkai.web.applications import life, words
from gongkai.web.applications.intake import SCANS
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import alerts, attachments, events, numbers
from gongkai.web.ledger import queries as ledger
from gongkai.web.shell.access import Role
from gongkai.web.shell.look import when
from gongkai.web.shell.refusals import Refusal

KINDS = SCANS
FILES = 5  # at once
MOST = 20 << 20  # bytes of one
TEXT = 5000  # characters
A_DAY = 20  # messages of one matter


class What(StrEnum):
    """提交的是什么."""

    CORRECTION = "correction"
    PAYMENT = "payment"
    REASONS = "reasons"
    WITHDRAWAL = "withdrawal"


NAMES: dict[str, Promise] = {
    What.CORRECTION: _("补正材料"),
    What.PAYMENT: _("缴费凭证"),
    What.REASONS: _("说明理由的材料"),
    What.WITHDRAWAL: _("撤回申请的声明"),
}
EVENT = "track.received"
ALERTS: dict[str, Promise] = {
    f"track.{What.CORRECTION}": _("%(number)s：申请人网上提交了补正材料，请核对后登记"),
    f"track.{What.PAYMENT}": _("%(number)s：申请人网上提交了缴费凭证，请核对后登记"),
    f"track.{What.REASONS}": _("%(number)s：申请人网上提交了说明理由的材料，请核对后登记"),
    f"track.{What.WITHDRAWAL}": _("%(number)s：申请人网上声明撤回申请，请核对后登记"),
}
_WANTED = {
    Await.CLARIFICATION: What.CORRECTION,
    Await.PAYMENT: What.PAYMENT,
    Await.REASONS: What.REASONS,
}
_ANSWERED = {
    Act.CORRECT: What.CORRECTION,
    Act.PAY: What.PAYMENT,
    Act.WAIVE: What.PAYMENT,
    Act.GIVE_REASONS: What.REASONS,
    Act.WITHDRAW: What.WITHDRAWAL,
}


class NotWanted(Refusal):
    """不需要提交: the case does not wait for it, or is closed."""


class Nothing(Refusal):
    """没有内容: neither words nor a file."""


class TooMany(Refusal):
    """提交太多: within a day."""


@dataclass(frozen=True, slots=True)
class Received:
    """回执: what came in, when, under which number."""

    receipt: str
    what: str
    files: int
    at: datetime


def register() -> None:
    """Tells the ledger of its sentences, when the app is ready."""
    alerts.register(ALERTS)
    events.register(
        {EVENT: _("申请人网上提交%(track_what)s，回执号 %(receipt)s，文件 %(files)s 个")},
        {"track": _("申请人网上提交")},
        words={"track_what": NAMES},
    )


def wanted(case: Case) -> list[What]:
    """What the case waits for from its applicant; a withdrawal as long as the law knows one."""
    found = [_WANTED[one.what] for one in cases.awaited(case) if one.what in _WANTED]
    offers = {offer.act: offer for offer in cases.acts(case, case.latest)}
    if not case.closed and Act.WITHDRAW in offers and offers[Act.WITHDRAW].here:
        found.append(What.WITHDRAWAL)
    return found


@transaction.atomic
def receive(
    *,
    matter: Matter,
    what: What,
    kept: Sequence[attachments.Kept],
    at: datetime,
) -> Received:
    """收到: acknowledged by a number, attached to the matter, told to its handlers.

    ``kept``: what was typed (`written`) and files, checked before, outside of any transaction.
    Raises NotWanted, Nothing, TooMany.
    """
    held = (
        Matter.objects.select_for_update(of=("self",))
        .select_related("organ", "request")
        .get(pk=matter.pk)
    )
    subject = life.address(held)
    if what not in wanted(life.case_of(held)):
        raise NotWanted(_("这件申请现在不需要这样的材料，没有接收；请看最新的办理情况。"))
    if not kept:
        raise Nothing(_("请写明内容，或者上传文件。"), field="text")
    since = at - timedelta(days=1)
    if ledger.events_of(subject).filter(kind=EVENT, at__gte=since).count() >= A_DAY:
        raise TooMany(_("一天内提交的次数太多，这一次没有接收；请明天再来，或者与受理机关联系。"))
    year = timezone.localdate(at).year
    receipt = f"W{year}-{numbers.draw(held.organ, 'tracking', year):04d}"
    for one in kept:
        attached = attachments.attach_kept(one, organ=held.organ, subject=subject, by=None, at=at)
        attached.name = f"{receipt} {attached.name}"[:200]
        attached.save(update_fields=["name"])
    told = {"track_what": what.value, "receipt": receipt, "files": len(kept)}
    events.record(EVENT, organ=held.organ, by=None, at=at, subject=subject, new=told)
    alerts.raise_(
        key=f"track/{held.pk}/{receipt}",
        organ=held.organ,
        subject=subject,
        kind=f"track.{what.value}",
        at=at,
        values={"number": words.number(held)},
        roles=(Role.HANDLER,),
    )
    return Received(receipt, what.value, len(kept), at)


def written(matter: Matter, what: What, text: str, at: datetime) -> list[attachments.Kept]:
    """What was typed, as a file that says of what it is; outside of any transaction.

    Raises uploads.Refused where it cannot be scanned.
    """
    if not text.strip() and what is not What.WITHDRAWAL:
        return []
    moment = when(at)
    with translation.override("zh-hans"):  # for the file of the case, whatever its sender reads
        name = str(NAMES[what.value])
    said = text.strip() or "申请人声明撤回这件申请。"
    head = f"{name}\n申请编号：{words.number(matter)}\n提交时间：{moment}\n\n"
    return [
        attachments.keep(
            SimpleUploadedFile(f"{name}.txt", f"{head}{said}\n".encode()), kinds=("text",)
        )
    ]


def settle(matter: Matter, act: Act, *, closed: bool, at: datetime) -> None:
    """了结: the alerts of what the officer has now recorded; all of them once it is closed."""
    whats = list(What) if closed else [_ANSWERED[act]] if act in _ANSWERED else []
    for what in whats:
        alerts.settle(at=at, subject=life.address(matter), kind=f"track.{what.value}")


def received(matter: Matter) -> list[Received]:
    """已提交的材料: newest first."""
    rows = ledger.events_of(life.address(matter)).filter(kind=EVENT)
    return [
        Received(one.new["receipt"], one.new["track_what"], one.new["files"], one.at)
        for one in rows
    ]
