"""事项的办理过程: its events out of the ledger, replayed, projected onto its row.

The statute decides: `gongkai.statute.cases.replay` is the only way to a case. What stands on a
Matter is a projection for lists; `project` makes it again, and a test proves it equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from gongkai.statute import cases, dated, event_data, year_counts
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import EVENTS, AnswerDay, CaseConventions, Event
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import State
from gongkai.statute.cases import Await
from gongkai.statute.workdays import Calendar
from gongkai.web.applications.models import NEVER, Matter
from gongkai.web.ledger import calendars, clocks, deadlines, queries
from gongkai.web.ledger import models as ledger_models
from gongkai.web.ledger.models import Deadline
from gongkai.web.organs import preferences
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role

KIND = "application."  # the beginning of the kinds of a matter's events
CLOCK = "application.answer"


def address(matter: Matter) -> str:
    """The matter's address in events, attachments and deadlines."""
    return f"matter/{matter.pk}"


def conventions(organ: Organ) -> CaseConventions:
    """办理口径: what the law leaves open, by this organ's settings."""
    return preferences.case_conventions(organ)


def events(matter: Matter) -> list[Event]:
    """What happened to it, in the order it was recorded."""
    rows = queries.events().filter(subject=address(matter), kind__startswith=KIND)
    told = rows.order_by("position").values_list("new", flat=True)
    return [event_data.from_data(new["event"], EVENTS) for new in told if "event" in new]


def own(matter: Matter, told: Sequence[ledger_models.Event]) -> list[ledger_models.Event]:
    """Of what is told, the rows that `events` reads, in its order."""
    subject = address(matter)
    found = [one for one in told if one.subject == subject and one.kind.startswith(KIND)]
    return sorted(found, key=lambda one: one.position)


def case_of(
    matter: Matter,
    *,
    as_of: date | None = None,
    calendar: Calendar | None = None,
    told: Sequence[ledger_models.Event] | None = None,
) -> Case:
    """Where it stands, by the calendar in force and its organ's conventions; ``told``: its own
    events where they are at hand."""
    known = calendar or calendars.current()
    if told is None:
        happened = events(matter)
    else:
        rows = (one.new for one in told)
        happened = [event_data.from_data(new["event"], EVENTS) for new in rows if "event" in new]
    return cases.replay(happened, conventions(matter.organ), known, as_of=as_of)


# -- onto the row


def project(matter: Matter, case: Case) -> None:
    """Puts onto the row what lists need; the caller saves it."""
    assert case.state is not None, "a matter begins with its registration"
    matter.state = case.state.value
    matter.received_on = case.receipt.day if case.receipt else None
    found = case.conclusion
    matter.ground = found.ground.value if found else ""
    counted = matter.merged_into_id is None  # else where it was merged into
    matter.row = (case.row or "") if found and counted else ""
    matter.closed_on = case.concluded_on if case.closed else None
    counts = year_counts.countable(case, ApplicantKind(matter.kind))
    done = counts.concluded(date.max) if counts and counted else None
    matter.counted_on, matter.counted_ground = (done[0], done[1].value) if done else (None, "")
    matter.answers = len(counts.answers) if counts else 0
    matter.is_open = not case.closed
    matter.waits_for = waits_for(case).value


_BY_STATE = {
    State.UNDER_REVIEW: Matter.Waits.REVIEWER,
    State.AWAITING_APPROVAL: Matter.Waits.APPROVER,
    State.APPROVED: Matter.Waits.APPROVER,
}
_BY_WAIT = {
    Await.CONFIRMATION: Matter.Waits.HANDLER,  # who has to reach the applicant
    Await.CLARIFICATION: Matter.Waits.APPLICANT,
    Await.PAYMENT: Matter.Waits.APPLICANT,
    Await.REASONS: Matter.Waits.APPLICANT,
    Await.OPINION: Matter.Waits.PARTY,
}


def waits_for(case: Case) -> Matter.Waits:
    """等待谁: whose turn it is."""
    if case.closed or case.state is None:
        return Matter.Waits.NOBODY
    if case.state in _BY_STATE:
        return _BY_STATE[case.state]
    waits = (_BY_WAIT[one.what] for one in cases.awaited(case) if one.what in _BY_WAIT)
    return next(waits, Matter.Waits.HANDLER)


FIELDS = (
    "state",
    "received_on",
    "ground",
    "row",
    "closed_on",
    "counted_on",
    "counted_ground",
    "answers",
    "deadline",
    "due_on",
    "is_open",
    "waits_for",
)


# -- its clock


def basis(case: Case) -> dict[str, Any]:
    """What the clock is reckoned from: the events and the conventions, as plain values."""
    told = [event_data.as_data(event) for event in case.events]
    held = {
        field.name: getattr(case.conventions, field.name)
        for field in fields(case.conventions)
        if getattr(case.conventions, field.name) != field.default
    }
    return {"events": told, "conventions": {k: _plain(v) for k, v in held.items()}}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, AnswerDay) else value


def reckon(given: Mapping[str, Any], calendar: Calendar) -> clocks.Due:
    """The last day to answer by a calendar; None while it waits for the applicant."""
    told: Sequence[Event] = [event_data.from_data(one, EVENTS) for one in given["events"]]
    said = dict(given.get("conventions", {}))
    if "mail_answer_day" in said:
        said["mail_answer_day"] = AnswerDay(said["mail_answer_day"])
    try:
        case = cases.replay(told, CaseConventions(**said), calendar)
    except dated.NotKnown:
        return clocks.Due(None, provisional=True)
    return clocks.Due(case.due, bool(case.clock and case.clock.provisional))


def register() -> None:
    """Tells the ledger of the clock, when the app is ready."""
    from django.utils.translation import gettext_lazy as _

    officers = (Role.HANDLER, Role.REVIEWER, Role.APPROVER)
    clocks.register(
        {
            CLOCK: clocks.Clock(
                _("答复期限"), reckon, officers, (*officers, Role.SUPERVISOR), _beside
            )
        }
    )


def _beside(rows: Sequence[Deadline]) -> None:
    """Keeps the day a matter is due beside it, when a calendar or an act has moved it."""
    by_day: dict[date, list[int]] = {}
    for one in rows:
        by_day.setdefault(one.due_on or NEVER, []).append(one.pk)
    for day, keys in by_day.items():
        Matter.objects.filter(deadline__in=keys).update(due_on=day)


def run_clock(matter: Matter, case: Case, *, act: Any) -> None:
    """Opens, moves or closes the clock of a matter after an act; the caller saves the row."""
    subject = address(matter)
    open_ = matter.deadline is not None and matter.deadline.closed_at is None
    if case.closed or case.receipt is None:
        if open_:
            deadlines.close(subject=subject, kind=CLOCK, at=act.at)
        matter.due_on = NEVER
        return
    if open_:
        deadlines.change(subject=subject, kind=CLOCK, basis=basis(case), act=act)
        assert matter.deadline is not None
        matter.deadline.refresh_from_db(fields=["due_on", "provisional"])
    else:
        matter.deadline = deadlines.open_(
            organ=matter.organ, subject=subject, kind=CLOCK, basis=basis(case), at=act.at
        )
    matter.due_on = matter.deadline.due_on or NEVER
