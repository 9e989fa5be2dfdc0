"""更正申请的办理 (Art 41): replayed from its events, one act at a time; no day count, no row.

The paper, its number, applicants and scans are those of its request (`intake`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.statute import event_data, side_matters
from gongkai.statute.side_matters import (
    EVENTS,
    LETTERS,
    TABLE,
    CorrectionRequested,
    Event,
    Settlement,
)
from gongkai.statute.transitions import Duty, Illegal
from gongkai.web.applications import recording
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Correction, Request
from gongkai.web.ledger import attachments
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import particulars_queries
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell.seen import Stale
from gongkai.web.shell.uploads import KINDS

PREFIX = "correction."


def address(correction: Correction) -> str:
    """Its address in events and attachments."""
    return f"correction/{correction.pk}"


def told(correction: Correction) -> list[Event]:
    """What happened to it, in the order it was recorded."""
    rows = ledger.events().filter(subject=address(correction), kind__startswith=PREFIX)
    new = rows.order_by("position").values_list("new", flat=True)
    return [event_data.from_data(one["event"], EVENTS) for one in new if "event" in one]


def standing(correction: Correction) -> side_matters.Correction:
    """Where it stands."""
    return side_matters.replay(told(correction))


def begin(*, by: Doer, request: Request, record: str, handler: Any) -> Correction:
    """登记: within the transaction that registers its request."""
    made = Correction.objects.create(
        request=request,
        organ=request.organ,
        record=record.strip(),
        state="",
        handler=handler,
        at=by.at,
    )
    _record(by, made, [], CorrectionRequested(request.arrived_on, made.record))
    return made


def letter_kinds(correction: Correction) -> tuple[str, ...]:
    """Which letters may be written of it: once it is settled, those that tell how."""
    if correction.settlement:
        return LETTERS[Settlement(correction.settlement)]
    return tuple(kind for kinds in LETTERS.values() for kind in kinds)


@transaction.atomic
def act(*, by: Doer, correction: Correction, event: Event, version: int) -> Correction:
    """办理: what happened. Raises NotAllowed, Stale, WrongDay, NotPossible."""
    held = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("organ", "request")
        .get(pk=correction.pk)
    )
    if held.version != version:
        raise Stale
    before = told(held)
    row = TABLE.find(side_matters.replay(before).state, event.act)
    if row is not None and not recording.does(by, held.organ, row.duty):
        raise NotAllowed
    if event.on > timezone.localdate(by.at):
        raise recording.WrongDay(_("日期不能晚于今天。"), field="on")
    _record(by, held, before, event)
    return held


def _record(by: Doer, correction: Correction, before: list[Event], event: Event) -> None:
    try:
        found = side_matters.replay([*before, event])
    except Illegal as wrong:
        raise recording.NotPossible(said(wrong.text)) from None
    new: dict[str, Any] = {"event": event_data.as_data(event)}
    principal = particulars_queries.principal_of(by.capacity)
    if principal is not None:
        new["for_id"] = principal
    by.tell(f"{PREFIX}{event.act.value}", correction.organ, address(correction), new=new)
    assert found.state is not None
    correction.state = found.state.value
    correction.settlement = found.settled.settlement.value if found.settled else ""
    correction.is_open = found.state not in (side_matters.State.TOLD, side_matters.State.ARCHIVED)
    correction.version += 1 if before else 0
    correction.save()


@transaction.atomic
def add_files(*, by: Doer, correction: Correction, files: Sequence[UploadedFile]) -> None:
    """附卷. Raises NotAllowed, uploads.Refused."""
    if not recording.does(by, correction.organ, Duty.HANDLE):
        raise NotAllowed
    for file in files:
        made = attachments.attach(
            organ=correction.organ,
            subject=address(correction),
            file=file,
            kinds=KINDS,
            by=by.by,
            at=by.at,
        )
        new = {"file": made.name}
        by.tell("matter.file", correction.organ, address(correction), new=new)
