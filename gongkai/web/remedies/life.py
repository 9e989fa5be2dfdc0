"""救济的过程: its events out of the ledger, replayed, projected onto its row; its clocks.

The statute decides: `gongkai.statute.remedies.replay` is the only way to where a remedy stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.statute import dated, event_data, remedies, remedy_counts
from gongkai.statute.grounds import Ground
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.remedies import Against, Proceeding
from gongkai.statute.remedy_clocks import Deadline
from gongkai.statute.remedy_events import EVENTS, Event
from gongkai.statute.remedy_results import Kind, Result
from gongkai.statute.workdays import Calendar
from gongkai.web.ledger import calendars, clocks, deadlines, events, queries
from gongkai.web.remedies.event_kinds import PREFIX
from gongkai.web.remedies.models import NEVER, Remedy
from gongkai.web.shell.access import Role

ANSWER, APPEAL, PERFORM, REPORT = (
    "remedy.answer",
    "remedy.appeal",
    "remedy.perform",
    "remedy.report_back",
)
CLOCK_OF: Mapping[str, str] = {
    "answer": ANSWER,
    "answer_simple": ANSWER,
    "defence": ANSWER,
    "appeal": APPEAL,
    "appeal_ruling": APPEAL,
    "perform": PERFORM,
    "report_back": REPORT,
}
"""The clock of each period that the organ itself must keep (`remedy_clocks.Deadline.ours`)."""


def address(remedy: Remedy) -> str:
    """The remedy's address in events, attachments and deadlines."""
    return f"remedy/{remedy.pk}"


def told(remedy: Remedy) -> list[Event]:
    """What happened to it, in the order it was recorded."""
    prefix = PREFIX[Kind(remedy.kind)]
    rows = queries.events().filter(subject=address(remedy), kind__startswith=prefix)
    new = rows.order_by("position").values_list("new", flat=True)
    return [event_data.from_data(one["event"], EVENTS) for one in new if "event" in one]


def against(remedy: Remedy) -> Against:
    """针对什么: as it was when the remedy began."""
    conclusion = None
    if remedy.against_ground:
        withheld = tuple(Ground(one) for one in remedy.against_withheld)
        conclusion = Conclusion(Ground(remedy.against_ground), withheld)
    return Against(remedy.against_known, remedy.against_decided, conclusion, remedy.against_told)


def proceeding_of(remedy: Remedy, *, calendar: Calendar | None = None) -> Proceeding:
    """Where it stands, by the calendar in force."""
    return remedies.replay(told(remedy), against(remedy), calendar or calendars.current())


# -- onto the row


def project(remedy: Remedy, found: Proceeding) -> None:
    """Puts onto the row what lists need; the caller saves it."""
    assert found.state is not None and found.kind is not None and found.filed is not None
    remedy.state = found.state.value
    remedy.body = found.body
    remedy.case_number = remedy.case_number or found.number  # corrected by hand, it stays so
    remedy.filed_on = found.filed
    remedy.result = found.verdicts[-1].result.value if found.concluded and found.verdicts else ""
    remedy.column = found.column.value
    remedy.concluded_on = found.concluded_on if found.concluded else None
    remedy.counts = counts(remedy, found.kind)
    remedy.is_open = not found.concluded


def counts(remedy: Remedy, kind: Kind) -> bool:
    """Whether it counts in the organ's own table 4 (国办公开办函〔2016〕201号).

    By what the reconsideration had ended in when the suit began: one still undecided then leaves
    the organ that answered the defendant (行政诉讼法第二十六条第三款).
    """
    before = remedy.after
    reconsidered = None
    if before is not None and before.result and before.concluded_on is not None:
        reconsidered = Result(before.result) if before.concluded_on <= remedy.filed_on else None
    return remedy_counts.counts_here(kind, remedy_counts.Seat.ACTING, reconsidered)


# -- its clocks


def basis(remedy: Remedy, found: Proceeding) -> dict[str, Any]:
    """What the clocks are reckoned from, as plain values."""
    decided = remedy.against_decided
    return {
        "known": remedy.against_known.isoformat(),
        "decided": decided.isoformat() if decided else None,
        "ground": remedy.against_ground,
        "withheld": list(remedy.against_withheld),
        "told": remedy.against_told,
        "events": [event_data.as_data(event) for event in found.events],
    }


def _against(given: Mapping[str, Any]) -> Against:
    row = Remedy(
        against_known=date.fromisoformat(given["known"]),
        against_decided=date.fromisoformat(given["decided"]) if given["decided"] else None,
        against_ground=given["ground"],
        against_withheld=given["withheld"],
        against_told=given["told"],
    )
    return against(row)


def ours(found: Proceeding) -> dict[str, Deadline]:
    """The periods that the organ itself must keep now, by their clock."""
    mine = [one for one in remedies.deadlines(found) if one.ours and one.id in CLOCK_OF]
    return {CLOCK_OF[one.id]: one for one in reversed(mine)}


def _reckoner(kind: str) -> clocks.Reckoner:
    def reckon(given: clocks.Basis, calendar: Calendar) -> clocks.Due:
        told = [event_data.from_data(one, EVENTS) for one in given["events"]]
        try:
            found = ours(remedies.replay(told, _against(given), calendar)).get(kind)
        except dated.NotKnown:
            return clocks.Due(None, provisional=True)
        return clocks.Due(found.on, found.provisional) if found else clocks.Due(None)

    return reckon


def run_clocks(remedy: Remedy, found: Proceeding, *, act: events.Act) -> None:
    """Opens, moves or closes the clocks of a remedy after an act; the caller saves the row."""
    subject, wanted = address(remedy), ours(found)
    running = {one.kind for one in deadlines.running(subject)}
    given = basis(remedy, found)
    for kind in set(CLOCK_OF.values()):
        if kind in wanted and kind in running:
            deadlines.change(subject=subject, kind=kind, basis=given, act=act)
        elif kind in wanted:
            deadlines.open_(organ=remedy.organ, subject=subject, kind=kind, basis=given, at=act.at)
        elif kind in running:
            deadlines.close(subject=subject, kind=kind, at=act.at)
    days = [one.due_on for one in deadlines.running(subject) if one.due_on is not None]
    remedy.due_on = min(days, default=NEVER)


def register() -> None:
    """Tells the ledger of the clocks, when the app is ready."""
    from django.utils.translation import gettext_lazy as _

    officers = (Role.HANDLER, Role.REVIEWER, Role.APPROVER)
    late = (*officers, Role.SUPERVISOR)
    labels = {
        ANSWER: (_("复议答复、诉讼答辩期限"), late),
        APPEAL: (_("上诉期限"), ()),  # nobody has to appeal
        PERFORM: (_("履行复议决定、裁判的期限"), late),
        REPORT: (_("报送纠正情况的期限"), late),
    }
    clocks.register(
        {
            kind: clocks.Clock(label, _reckoner(kind), officers, called, _beside)
            for kind, (label, called) in labels.items()
        }
    )


def _beside(rows: Any) -> None:
    """Keeps the soonest day beside the remedy, when a calendar or an act has moved one."""
    for subject in {one.subject for one in rows}:
        days = [one.due_on for one in deadlines.running(subject) if one.due_on is not None]
        key = int(subject.partition("/")[2])
        Remedy.objects.filter(pk=key).update(due_on=min(days, default=NEVER))
