"""申请人看到的办理情况: in the words of somebody who has never read the law.

Nothing of who else is involved, nor of who handles it; what is decided inside the organ is told
when it has been sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.statute import articles, cases, letter_kinds, side_matters
from gongkai.statute.case_events import ClarificationAsked
from gongkai.statute.case_state import Case, Round
from gongkai.statute.case_table import State
from gongkai.statute.cases import Await
from gongkai.web.applications import life, tracking_actions
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import Correction, Holder, Letter, Matter, Request
from gongkai.web.applications.tracking_actions import NAMES, What
from gongkai.web.ledger import calendars
from gongkai.web.organs import particulars_queries

TITLES: dict[What, Promise] = {
    What.CORRECTION: gettext_lazy("提交补正材料"),
    What.PAYMENT: gettext_lazy("提交缴费凭证"),
    What.REASONS: gettext_lazy("说明理由"),
    What.WITHDRAWAL: gettext_lazy("撤回申请"),
}
_WORKING = (
    gettext_lazy("正在办理"),
    gettext_lazy("您的申请正在办理，办好后机关会把答复发给您。您现在不需要做什么。"),
)
STATES: dict[State, tuple[Promise, Promise]] = {
    State.UNCONFIRMED: (
        gettext_lazy("已登记，待与您确认"),
        gettext_lazy("机关会与您联系，确认已经收到您的申请；答复期限从确认之日的次日起算。"),
    ),
    State.RECEIVED: (
        gettext_lazy("已收到"),
        gettext_lazy("机关已经收到您的申请，即将开始办理。您现在不需要做什么。"),
    ),
    State.HANDLING: _WORKING,
    State.UNDER_REVIEW: _WORKING,
    State.AWAITING_APPROVAL: _WORKING,
    State.APPROVED: _WORKING,
    State.SIGNED: _WORKING,
    State.AWAITING_CLARIFICATION: (
        gettext_lazy("等您补正"),
        gettext_lazy("申请的内容还不够明确，请您按下面的要求补充。补正后答复期限重新计算。"),
    ),
    State.AWAITING_PAYMENT: (
        gettext_lazy("等您缴费"),
        gettext_lazy("请按收费通知书写明的方式缴费。缴费后答复期限重新计算。"),
    ),
    State.SENT: (
        gettext_lazy("答复已发出"),
        gettext_lazy("答复已经发出，还没有登记送达。"),
    ),
    State.DELIVERED: (
        gettext_lazy("已答复"),
        gettext_lazy("这件申请已经答复。对答复不服的，答复书写明了怎样申请行政复议或者提起诉讼。"),
    ),
    State.ARCHIVED: (
        gettext_lazy("已办结"),
        gettext_lazy("这件申请已经办结归档。"),
    ),
    State.LAPSED: (
        gettext_lazy("已办结：没有按期补正"),
        gettext_lazy("没有在期限内收到补正，机关不再处理这件申请。您可以重新申请。"),
    ),
    State.UNPAID: (
        gettext_lazy("已办结：没有按期缴费"),
        gettext_lazy("没有在期限内收到费用，机关不再处理这件申请。您可以重新申请。"),
    ),
    State.WITHDRAWN: (
        gettext_lazy("已撤回"),
        gettext_lazy("您已经撤回这件申请，机关不再处理。"),
    ),
    State.ENDED: (
        gettext_lazy("已终止"),
        gettext_lazy("这件申请不再单独办理。有疑问的请与受理机关联系。"),
    ),
}
_AWAITS = {
    What.CORRECTION: Await.CLARIFICATION,
    What.PAYMENT: Await.PAYMENT,
    What.REASONS: Await.REASONS,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """需要您做的: ``points`` as the notice says them, ``amount`` in yuan."""

    what: What
    title: str
    href: str
    until: date | None = None
    points: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """期限为什么变: one thing that moved the day, and the article."""

    text: str
    article: str


def context(request: Request, today: date) -> dict[str, Any]:
    """Everything the page shows."""
    matters = list(request.matters.select_related("organ", "request").order_by("part"))
    calendar = calendars.current()
    particulars = particulars_queries.in_force(request.organ, today)
    return {
        "number": number_of(request),
        "organ": request.organ.name,
        "arrived": request.arrived_on,
        "phone": particulars.phone if particulars else "",
        "office": particulars.office if particulars else "",
        "correction": _correction(request),
        "matters": [
            _matter(one, life.case_of(one, as_of=today, calendar=calendar), len(matters))
            for one in matters
        ],
    }


CORRECTIONS: dict[str, tuple[Promise, Promise]] = {
    side_matters.State.ASKED: (
        gettext_lazy("正在办理"),
        gettext_lazy("机关正在核实您要求更正的记录，办好后会告诉您结果。"),
    ),
    side_matters.State.DECIDED: (
        gettext_lazy("正在办理"),
        gettext_lazy("机关已经处理，即将告诉您结果。"),
    ),
    side_matters.State.TOLD: (
        gettext_lazy("已办结"),
        gettext_lazy("机关已经把处理结果告诉您。"),
    ),
    side_matters.State.ARCHIVED: (
        gettext_lazy("已办结"),
        gettext_lazy("机关已经把处理结果告诉您。"),
    ),
}


def _correction(request: Request) -> dict[str, Any] | None:
    """How far an application for correction is, and its letters; None of another."""
    found = Correction.objects.filter(request=request).first()
    if found is None:
        return None
    state, told = CORRECTIONS[found.state]
    return {"state": state, "told": told, "letters": _letters(request, found)}


def _matter(matter: Matter, case: Case, parts: int) -> dict[str, Any]:
    assert case.state is not None
    title, text = STATES[case.state]
    if matter.merged_into_id:
        text = gettext_lazy("这个事项已经并入同一份申请的另一个事项，一并答复。")
    wishes = tracking_actions.wanted(case)
    every = [asked_of(matter, case, what) for what in wishes]
    return {
        "number": number_of(matter.request, matter, parts),
        "title": matter.title,
        "state": title,
        "told": text,
        "closed": case.concluded_on if case.closed else None,
        "is_closed": case.closed,
        "received": case.receipt.day if case.receipt else None,
        "due": None if case.closed else case.due,
        "provisional": bool(case.clock and case.clock.provisional),
        "moved": [] if case.closed else [one for r in case.rounds[-1:] for one in moved(r)],
        "asked": [one for one in every if one.what is not What.WITHDRAWAL],
        "withdraw": next((one for one in every if one.what is What.WITHDRAWAL), None),
        "letters": _letters(matter.request, matter),
        "received_from_you": [
            (NAMES[one.what], one.receipt, one.at, one.files)
            for one in tracking_actions.received(matter)
        ],
    }


# -- what is expected


def asked(matter: Matter, what: What, today: date) -> Asked | None:
    """What is expected of the applicant, of this kind; None where nothing is."""
    case = life.case_of(matter, as_of=today)
    return asked_of(matter, case, what) if what in tracking_actions.wanted(case) else None


def asked_of(matter: Matter, case: Case, what: What) -> Asked:
    """With its last day and what the notice says."""
    href = reverse("tracking:send", args=[matter.part, what.value])
    title = str(TITLES[what])
    if what is What.WITHDRAWAL:
        return Asked(what, title, href)
    held = next(one for one in cases.awaited(case) if one.what is _AWAITS[what])
    points = ""
    if what is What.CORRECTION:
        notices = [one for one in case.events if isinstance(one, ClarificationAsked)]
        points = notices[-1].points
    amount = f"{case.charged.amount:f}" if what is What.PAYMENT and case.charged else ""
    return Asked(what, title, href, held.until, points, amount)


# -- why the day moved


def moved(held: Round) -> Iterator[Moved]:
    """补正、征求意见、收费、延期, each with its article; who was asked is not told."""
    for one in held.clarifications:
        if one.corrected is None:
            text = _("%(day)s 通知您补正，收到补正前不计算期限。") % {"day": one.notified}
        else:
            text = _("%(asked)s 通知您补正，%(day)s 收到补正，期限从次日起重新计算。") % {
                "asked": one.notified,
                "day": one.corrected,
            }
        yield Moved(text, _article("ogi.30"))
    for other in held.consultations:
        if other.called_off is not None:
            continue
        over = other.answered or other.silent
        if over is None:
            text = _("%(day)s 起征求第三方或者其他机关的意见，所需时间不计算在期限内。") % {
                "day": other.sent
            }
        else:
            text = _(
                "%(asked)s 至 %(day)s 征求第三方或者其他机关的意见，所需时间不计算在期限内。"
            ) % {"asked": other.sent, "day": over}
        yield Moved(text, _article("ogi.33"))
    for extension in held.extensions:
        days = extension.days or LONGEST_EXTENSION
        text = _("经机关负责人同意，延长答复期限 %(days)d 个工作日。") % {"days": days}
        yield Moved(text, _article("ogi.33"))
    if held.fee is not None:
        if held.fee.paid is None:
            text = _("%(day)s 通知您缴费，缴费前不计算期限。") % {"day": held.fee.notified}
        else:
            text = _("%(asked)s 通知您缴费，%(day)s 缴费，期限从次日起重新计算。") % {
                "asked": held.fee.notified,
                "day": held.fee.paid,
            }
        yield Moved(text, _article("ogi.42"))
    if held.deferred is not None:
        text = _("申请的数量、频次明显超过合理范围，答复期限改为 %(day)s。") % {
            "day": held.deferred
        }
        yield Moved(text, _article("ogi.35"))
    if held.until is not None:
        text = _("按复议决定或者裁判重新办理，期限为 %(day)s。") % {"day": held.until}
        yield Moved(text, "")


LONGEST_EXTENSION = 20  # working days (Art 33)


def _article(id: str) -> str:
    return str(said(articles.provision(id).brief))


# -- letters


def letters(request: Request) -> QuerySet[Letter]:
    """文书: those of this application that were sent, and to no third party."""
    rows = Letter.objects.filter(
        Q(matter__in=request.matters.all())
        | Q(correction__in=Correction.objects.filter(request=request)),
        state=Letter.State.SENT,
        party__isnull=True,
        pdf__isnull=False,
        pdf__removed_at__isnull=True,
    )
    return rows.select_related("pdf__file", "matter", "correction").order_by("dated", "pk")


def _letters(request: Request, of: Holder) -> list[tuple[Promise, str, date | None, str]]:
    """Those of one matter, or of the correction, that are for who applied."""
    return [
        (
            said(letter_kinds.kind(one.kind).name),
            one.number,
            one.dated,
            reverse("tracking:letter", args=[one.pk]),
        )
        for one in letters(request)
        if one.of == of and is_for_applicant(one)
    ]


def is_for_applicant(letter: Letter) -> bool:
    """Whether a letter of its kind is addressed to the applicant, not to another organ."""
    return letter_kinds.kind(letter.kind).to == "applicant"
