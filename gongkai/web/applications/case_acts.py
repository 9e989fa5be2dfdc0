"""能办的事: what the statute offers of a matter now, to this person, and why not the rest.

An act with a page of its own (deciding, letters, fees, remedies) is named in ``ELSEWHERE``; every
other has the small form that `case_forms` makes of its event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.statute import cases, event_data
from gongkai.statute.case_events import EVENTS, Act
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import ACTS, State
from gongkai.statute.transitions import DUTIES, Offer
from gongkai.web.applications import recording
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter
from gongkai.web.ledger.models import Event
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell.refusals import Refusal

ELSEWHERE: dict[Act, str] = {
    Act.CONSULT: "applications:consult",
    Act.DECIDE: "applications:decide",
    Act.ARCHIVE: "applications:archive",
    **{
        act: f"applications:answer_{act.value}"
        for act in (Act.REVIEW, Act.RETURN, Act.APPROVE, Act.SIGN, Act.SEND)
    },
    **{
        act: f"applications:notice_{act.value}"
        for act in (
            Act.CLARIFY,
            Act.ASK_REASONS,
            Act.DEFER,
            Act.TELL_EXTENSION,
            Act.CHARGE,
            Act.TELL_PARTY,
        )
    },
}
"""Acts with a page of their own: the name of a route that takes ``pk``."""

NEVER_HERE = frozenset({Act.LOG, Act.RECEIVE, Act.TAKE_OVER, Act.REOPEN})
"""Registering has its page; a remedy reopens a case from its own."""

NEXT: dict[State, Act] = {
    State.UNCONFIRMED: Act.CONFIRM,
    State.RECEIVED: Act.ACCEPT,
    State.HANDLING: Act.DECIDE,
    State.AWAITING_CLARIFICATION: Act.CORRECT,
    State.AWAITING_PAYMENT: Act.PAY,
    State.UNDER_REVIEW: Act.REVIEW,
    State.AWAITING_APPROVAL: Act.APPROVE,
    State.APPROVED: Act.SIGN,
    State.SIGNED: Act.SEND,
    State.SENT: Act.DELIVER,
    State.DELIVERED: Act.ARCHIVE,
}
"""The usual next act of a state: its button stands out."""

SURE = frozenset(
    {
        Act.CLARIFY,
        Act.LAPSE,
        Act.EXTEND,
        Act.CHARGE,
        Act.UNPAID,
        Act.WITHDRAW,
        Act.END,
        Act.SIGN,
        Act.SEND,
        Act.DELIVER,
        Act.RECLASSIFY,
        Act.ARCHIVE,
    }
)
"""What cannot be undone, or only by the approver: asked for once more before it is done."""

UNDO = {Act.DECIDE: Act.RECALL, Act.CONSULT: Act.CALL_OFF, Act.END: Act.RESUME}
"""The act that makes up for one's own last one, where the law has such."""
UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Offered:
    """一项能办的事: a button."""

    act: Act
    label: str
    href: str
    primary: bool
    rests_on: str


@dataclass(frozen=True, slots=True)
class Off:
    """一项不能办的事: and why not, in plain words; ``href`` where it can be entered with the
    earlier day on which it was done."""

    label: str
    why: str
    href: str = ""


def href(matter: Matter, act: Act) -> str:
    """The address of an act's form."""
    if act in ELSEWHERE:
        return reverse(ELSEWHERE[act], args=[matter.pk])
    return reverse("applications:do", args=[matter.pk, act.value.replace("_", "-")])


def of(matter: Matter, case: Case, by: Doer, today: date) -> tuple[list[Offered], list[Off]]:
    """What this person can do now, and what not; the usual next act first."""
    can: list[Offered] = []
    cannot: list[Off] = []
    late = not case.closed and case.latest < today
    for offer in cases.acts(case, max(today, case.latest)):
        if offer.act in NEVER_HERE:
            continue
        label = str(said(offer.label))
        why = why_not(matter, offer, by)
        if why:
            if offer.here:
                then = cases.offered(case, offer.act, case.latest) if late else offer
                entered = href(matter, offer.act) if not why_not(matter, then, by) else ""
                cannot.append(Off(label, why, entered))
            continue
        first = case.state is not None and NEXT.get(case.state) is offer.act
        rests_on = str(said(offer.rests_on)) if offer.rests_on else ""
        can.append(Offered(offer.act, label, href(matter, offer.act), first, rests_on))
    can.sort(key=lambda one: not one.primary)
    return can, cannot


def why_not(matter: Matter, offer: Offer[Act], by: Doer) -> str:
    """Why this person cannot do it now; nothing where they can."""
    if not offer.may:
        return str(said(offer.why_not)) if offer.why_not else _("现在不能办理。")
    try:
        recording.check(by, matter, offer.act)
    except NotAllowed:
        assert offer.duty is not None
        return _("由本机关履行“%(duty)s”职责的人办理。") % {"duty": said(DUTIES[offer.duty])}
    except Refusal as refused:
        return str(refused.message)
    return ""


def offer_of(case: Case, act: Act, today: date) -> Offer[Act]:
    """What the statute says of one act today; where it is too late now, what it said on the day of
    the last event: what was done in time may be entered later."""
    found = cases.offered(case, act, max(today, case.latest))
    if not found.may and case.latest < today:
        before = cases.offered(case, act, case.latest)
        return before if before.may else found
    return found


@dataclass(frozen=True, slots=True)
class Undo:
    """撤销刚才的办理: what was done, and the act that makes up for it."""

    done: str
    label: str
    href: str


def undo(matter: Matter, case: Case, by: Doer, last: Event | None, today: date) -> Undo | None:
    """For one's own last act, a few minutes long, by an event that the law has for it."""
    if last is None or last.by_id != by.by.pk or by.at - last.at > UNDO_WITHIN:
        return None
    if "event" not in last.new:
        return None
    done = event_data.from_data(last.new["event"], EVENTS)
    act = UNDO.get(done.act)
    if act is None:
        return None
    offer = offer_of(case, act, today)
    if why_not(matter, offer, by):
        return None
    typed = {"reason": _("误操作，撤回")}
    if getattr(done, "party", ""):
        typed["party"] = done.party
    return Undo(
        str(said(ACTS[done.act])),
        str(said(offer.label)),
        f"{href(matter, act)}?{urlencode(typed)}",
    )
