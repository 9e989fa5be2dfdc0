"""样例: for every route with arguments, an object its readers see and one that they do not.

A new route fails the build until it stands here. ``own`` lies in the tree of 临溪区 and is open to
every role the rule admits; ``foreign`` is its like in 望山区, answered with "not found" to all of
临溪区. A route whose objects belong to nobody gives no ``foreign`` but the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from gongkai.web.ledger.models import Attachment, Event, HolidayNotice, Message
from gongkai.web.organs.models import Delegation, ImportRun, Reminder, Seal, Signature
from gongkai.web.tests import applications, remedies, reports
from gongkai.web.tests.cast import VISITORS, Cast
from gongkai.web.tests.furnish import SETTING
from gongkai.web.tests.routes import Outcome

Arguments = Callable[[Cast], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sample:
    """样例: the arguments of a route."""

    own: Arguments
    foreign: Arguments | None = None
    why: str = ""  # no foreign one


def organ(code: str, foreign: str) -> Sample:
    return Sample(lambda cast: {"code": code}, lambda cast: {"code": foreign})


def of_organ(name: str, value: Callable[[str], Any]) -> Sample:
    """An object of an organ, named by the organ's code and one argument more."""
    return Sample(
        lambda cast: {"code": "LX-JY", name: value("LX-JY")},
        lambda cast: {"code": "WS-JY", name: value("WS-JY")},
    )


def numbered(found: Callable[[Cast, str], Model]) -> Sample:
    """An object named by its number alone, looked for by the organ's code."""
    return Sample(
        lambda cast: {"pk": found(cast, "LX-JY").pk}, lambda cast: {"pk": found(cast, "WS-JY").pk}
    )


def _handler(code: str) -> str:
    return "outside_handler" if code.startswith("WS") else "handler"


def _scan(code: str) -> int:
    return Signature.objects.exclude(scan="").get(particulars__organ__code=code).pk


def _seal(code: str) -> int:
    return Seal.objects.get(organ__code=code).pk


def run(top: str, state: str) -> ImportRun:
    """The import of a tree in a state."""
    return ImportRun.objects.get(organ__code=top, state=state)


def _message(cast: Cast, code: str) -> Message:
    return Message.objects.get(organ__code=code, state=Message.State.GIVEN_UP)


MESSAGE = numbered(_message)
ORGAN = organ("LX-JY", "WS-JY")
CLOSED = organ("LX-FB", "WS-FB")
PERSON = numbered(lambda cast, code: cast.accounts[_handler(code)])
SEAL = of_organ("pk", _seal)
REFUSED = numbered(lambda cast, code: run(code[:2], "refused"))
KEY = of_organ("key", lambda code: SETTING)

REPORT = Sample(
    lambda cast: {"pk": reports.of("LX-JY").pk}, lambda cast: {"pk": reports.of("WS-JY").pk}
)
BATCH = Sample(
    lambda cast: {"pk": reports.batch("LX-JY").pk}, lambda cast: {"pk": reports.batch("WS-JY").pk}
)


def of_report(**more: int) -> Sample:
    """A part of a report, named by numbers of its own."""
    return Sample(
        lambda cast: {"pk": reports.of("LX-JY").pk, **more},
        lambda cast: {"pk": reports.of("WS-JY").pk, **more},
    )


MATTER = numbered(lambda cast, code: applications.of(code))
REQUEST = numbered(lambda cast, code: applications.request(code))


def correction_file(code: str) -> int:
    """What was attached to the request for correction of an organ."""
    subject = f"request/{applications.correction(code).request_id}"
    return Attachment.objects.get(subject=subject).pk


RUNNING = Sample(
    lambda cast: {"pk": applications.file_check("LX").pk},
    lambda cast: {"pk": applications.file_check("WS").pk},
)
CELL = "applications.received.total"
OLD_LEDGER = numbered(lambda cast, code: applications.old_ledger(code))


def of_check(**more: Callable[[str], Any]) -> Sample:
    """A file check that is ended, so that officers see their own of it."""

    def found(code: str) -> dict[str, Any]:
        one = applications.ended_check(code)
        return {"pk": one.pk, **{name: value(code) for name, value in more.items()}}

    return Sample(lambda cast: found("LX"), lambda cast: found("WS"))


REMEDY = numbered(lambda cast, code: remedies.of(code))
LETTER = numbered(lambda cast, code: applications.letter(code))


def of_scan(**more: int) -> Sample:
    """A file of a matter."""
    return Sample(
        lambda cast: {
            "pk": applications.of("LX-JY").pk,
            "file": applications.scan("LX-JY").pk,
            **more,
        },
        lambda cast: {
            "pk": applications.of("WS-JY").pk,
            "file": applications.scan("WS-JY").pk,
            **more,
        },
    )


SAMPLES: dict[str, Sample] = {
    "accounts:end_session": Sample(
        lambda cast: {"named": "no-such-session"}, why="names one's own sessions only"
    ),
    "applications:correction": numbered(lambda cast, code: applications.correction(code)),
    "applications:correction_files": numbered(lambda cast, code: applications.correction(code)),
    "applications:correction_letter_choose": numbered(
        lambda cast, code: applications.correction(code)
    ),
    "applications:correction_letter_new": Sample(
        lambda cast: {"pk": applications.correction("LX-JY").pk, "kind": "correction_done"},
        lambda cast: {"pk": applications.correction("WS-JY").pk, "kind": "correction_done"},
    ),
    "applications:correction_do": Sample(
        lambda cast: {"pk": applications.correction("LX-JY").pk, "act": "prove"},
        lambda cast: {"pk": applications.correction("WS-JY").pk, "act": "prove"},
    ),
    "applications:correction_file": Sample(
        lambda cast: {"pk": applications.correction("LX-JY").pk, "file": correction_file("LX-JY")},
        lambda cast: {"pk": applications.correction("WS-JY").pk, "file": correction_file("WS-JY")},
    ),
    "applications:check": of_check(),
    "applications:check_end": RUNNING,
    "applications:check_export": of_check(),
    "applications:check_unit": of_check(code=lambda code: f"{code}-JY"),
    "applications:check_score": of_check(
        file=lambda code: applications.ended_check(code).files.get(position=1).pk
    ),
    "applications:old_ledger": OLD_LEDGER,
    "applications:old_ledger_apply": OLD_LEDGER,
    "applications:old_ledger_drop": OLD_LEDGER,
    "applications:old_ledger_progress": OLD_LEDGER,
    "annual:tables": Sample(
        lambda cast: {"code": "LX-JY", "year": timezone.localdate().year},
        lambda cast: {"code": "WS-JY", "year": timezone.localdate().year},
    ),
    "annual:cell": Sample(
        lambda cast: {"code": "LX-JY", "year": timezone.localdate().year, "address": CELL},
        lambda cast: {"code": "WS-JY", "year": timezone.localdate().year, "address": CELL},
    ),
    "remedies:new": MATTER,
    "remedies:remedy": REMEDY,
    "remedies:number": REMEDY,
    "remedies:evidence": REMEDY,
    "remedies:evidence_file": Sample(
        lambda cast: {"pk": remedies.of("LX-JY").pk, "kind": "pdf"},
        lambda cast: {"pk": remedies.of("WS-JY").pk, "kind": "pdf"},
    ),
    "remedies:file_add": REMEDY,
    "remedies:do": Sample(
        lambda cast: {"pk": remedies.of("LX-JY").pk, "act": "admit"},
        lambda cast: {"pk": remedies.of("WS-JY").pk, "act": "admit"},
    ),
    "remedies:file": Sample(
        lambda cast: {"pk": remedies.of("LX-JY").pk, "file": remedies.paper("LX-JY").pk},
        lambda cast: {"pk": remedies.of("WS-JY").pk, "file": remedies.paper("WS-JY").pk},
    ),
    "applications:answer_approve": MATTER,
    "applications:answer_return": MATTER,
    "applications:answer_review": MATTER,
    "applications:archive": MATTER,
    "applications:archive_file": MATTER,
    "applications:answer_send": MATTER,
    "applications:answer_sign": MATTER,
    "applications:decide": MATTER,
    "applications:letter_choose": MATTER,
    "applications:notice_ask_reasons": MATTER,
    "applications:notice_charge": MATTER,
    "applications:notice_clarify": MATTER,
    "applications:notice_defer": MATTER,
    "applications:notice_tell_extension": MATTER,
    "applications:notice_tell_party": MATTER,
    "applications:fee_received": LETTER,
    "applications:letter": LETTER,
    "applications:letter_edit": LETTER,
    "applications:letter_issue": LETTER,
    "applications:letter_make": LETTER,
    "applications:letter_preview": LETTER,
    "applications:letter_sent": LETTER,
    "applications:letter_void": LETTER,
    "applications:letter_file": Sample(
        lambda cast: {"pk": applications.printed("LX-JY").pk, "kind": "pdf"},
        lambda cast: {"pk": applications.printed("WS-JY").pk, "kind": "pdf"},
    ),
    "applications:letter_new": Sample(
        lambda cast: {"pk": applications.of("LX-JY").pk, "kind": "withdrawal"},
        lambda cast: {"pk": applications.of("WS-JY").pk, "kind": "withdrawal"},
    ),
    "applications:template": of_organ("kind", lambda code: "clarification"),
    "applications:template_back": of_organ("kind", lambda code: "clarification"),
    "applications:templates": ORGAN,
    "applications:add_files": MATTER,
    "applications:applicant_kind": MATTER,
    "applications:case": MATTER,
    "applications:consult": MATTER,
    "applications:do": Sample(
        lambda cast: {"pk": applications.of("LX-JY").pk, "act": "accept"},
        lambda cast: {"pk": applications.of("WS-JY").pk, "act": "accept"},
    ),
    "applications:file": Sample(
        lambda cast: {"pk": applications.of("LX-JY").pk, "file": applications.scan("LX-JY").pk},
        lambda cast: {"pk": applications.of("WS-JY").pk, "file": applications.scan("WS-JY").pk},
    ),
    "applications:give": MATTER,
    "applications:key": MATTER,
    "applications:link": MATTER,
    "applications:mail_receipt": REQUEST,
    "applications:merge": MATTER,
    "applications:receipt": REQUEST,
    "applications:redact": of_scan(),
    "applications:redact_find": of_scan(),
    "applications:redact_make": of_scan(),
    "applications:redact_page": of_scan(number=1),
    "applications:remind": MATTER,
    "applications:request": REQUEST,
    "applications:reveal": MATTER,
    "applications:split": MATTER,
    "calendar:withdraw": Sample(
        lambda cast: {"pk": HolidayNotice.objects.get().pk}, why="the calendar is everybody's"
    ),
    "calendar:year": Sample(lambda cast: {"year": 2024}, why="the calendar is everybody's"),
    "inbox:unread": Sample(lambda cast: {"stamp": 1}, why="names one's own reading only"),
    "desk:add": BATCH,
    "desk:assign": REPORT,
    "desk:batch": BATCH,
    "desk:batch_progress": BATCH,
    "desk:bring_back": REPORT,
    "desk:cell": REPORT,
    "desk:compare": REPORT,
    "desk:downloads": REPORT,
    "desk:file": REPORT,
    "desk:history": REPORT,
    "desk:mark": REPORT,
    "desk:original": of_report(number=1),
    "desk:page": Sample(
        lambda cast: {"pk": reports.paged().pk, "number": 1, "sheet": 1},
        lambda cast: {"pk": reports.of("WS-JY").pk, "number": 1, "sheet": 1},
    ),
    "desk:read_again": REPORT,
    "desk:report": REPORT,
    "desk:set_aside": REPORT,
    "desk:unassign": REPORT,
    "desk:version": of_report(number=1),
    "desk:versions": REPORT,
    "organs:appointment_end": numbered(lambda cast, code: cast.appointments[_handler(code), code]),
    "organs:change": ORGAN,
    "organs:close": ORGAN,
    "organs:delegation_revoke": numbered(
        lambda cast, code: Delegation.objects.get(appointment__organ__code=code)
    ),
    "organs:event": numbered(
        lambda cast, code: Event.objects.filter(organ__code=code).latest("pk")
    ),
    "organs:import_again": REFUSED,
    "organs:import_apply": REFUSED,
    "organs:import_drop": REFUSED,
    "organs:import_passwords": REFUSED,
    "organs:import_problems": REFUSED,
    "organs:import_progress": REFUSED,
    "organs:import_resume": REFUSED,
    "organs:import_run": REFUSED,
    "organs:move": ORGAN,
    "organs:organ": ORGAN,
    "organs:particulars_approve": ORGAN,
    "organs:particulars_compare": ORGAN,
    "organs:particulars_draft": ORGAN,
    "organs:particulars_edit": ORGAN,
    "organs:particulars_of": ORGAN,
    "organs:particulars_oversee": ORGAN,
    "organs:particulars_paper": ORGAN,
    "organs:particulars_print": ORGAN,
    "organs:particulars_recall": ORGAN,
    "organs:particulars_remind": ORGAN,
    "organs:particulars_return": ORGAN,
    "organs:particulars_review": ORGAN,
    "organs:particulars_scan": of_organ("pk", _scan),
    "organs:particulars_send_back": ORGAN,
    "organs:particulars_slip": of_organ("number", lambda code: 1),
    "organs:particulars_submit": ORGAN,
    "organs:particulars_version": of_organ("number", lambda code: 1),
    "organs:particulars_withdraw": ORGAN,
    "organs:people_undo": Sample(
        lambda cast: {"request_id": "ABCD2345"}, why="names one's own acts only"
    ),
    "organs:person": PERSON,
    "organs:person_edit": PERSON,
    "organs:person_password": PERSON,
    "organs:person_restore": PERSON,
    "organs:person_reveal": PERSON,
    "organs:person_second_factor": PERSON,
    "organs:person_sessions": PERSON,
    "organs:person_suspend": PERSON,
    "organs:person_unlock": PERSON,
    "organs:preference": KEY,
    "organs:preference_clear": KEY,
    "organs:preferences": ORGAN,
    "organs:reconsideration": ORGAN,
    "organs:rename": ORGAN,
    "organs:reminder_withdraw": Sample(
        lambda cast: {"pk": Reminder.objects.get(organ__code="LX-CG-01").pk},
        lambda cast: {"pk": Reminder.objects.get(organ__code="WS-JY").pk},
    ),
    "organs:reopen": CLOSED,
    "organs:seal": SEAL,
    "organs:seal_add": ORGAN,
    "organs:seal_end": ORGAN,
    "organs:seal_preview": SEAL,
    "organs:seals": ORGAN,
    "organs:split": ORGAN,
    "outbox:drop": MESSAGE,
    "outbox:message": MESSAGE,
    "outbox:retry": MESSAGE,
    "tracking:letter": Sample(lambda cast: {"pk": 1}, why="names nothing without a tracking code"),
    "tracking:send": Sample(
        lambda cast: {"part": 1, "what": "withdrawal"}, why="names nothing without a tracking code"
    ),
    "outbox:reveal": MESSAGE,
}

# Where a route gives a visitor something else than its rule promises: the outcome and the reason,
# printed in docs/permissions.md.
OTHERWISE: dict[tuple[str, str | None], tuple[Outcome, str]] = (
    {
        ("shell:styleguide", who): (Outcome.NOT_FOUND, "exists only with GONGKAI_DEBUG=1")
        for who in VISITORS
    }
    | {
        ("organs:delegation_revoke", who): (
            Outcome.NOT_FOUND,
            "only of one's own appointments, or of those one administers",
        )
        for who in VISITORS
        if who not in (None, "approver", "administrator")
    }
    | {
        ("inbox:unread", who): (
            Outcome.NOT_FOUND,
            "takes back one's own reading of a moment ago only",
        )
        for who in VISITORS
        if who is not None
    }
)
