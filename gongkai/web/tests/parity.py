"""可见性一致: objects of 望山区 that nobody of 临溪区 may notice, one line for each app's kinds.

tests/web/test_parity.py walks everything the roles of 临溪区 can ask for (lists, searches, counts,
exports, files, suggestions, details) with and without these objects: not one letter may differ. A
new app adds its line to ``HIDDEN``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from gongkai.convert.redaction import Mark
from gongkai.statute.clock_events import Channel
from gongkai.statute.side_matters import Help, Need
from gongkai.web.applications import (
    filecheck_actions,
    intake,
    letter_actions,
    redaction_actions,
    tracking_actions,
)
from gongkai.web.applications.helps import Helped
from gongkai.web.applications.intake import Asked, Paper
from gongkai.web.applications.models import Checked, FileCheck
from gongkai.web.desk import actions as desk_actions
from gongkai.web.desk.tests import deskwork
from gongkai.web.ledger import alerts, attachments, calendars, deadlines, outbox
from gongkai.web.organs import (
    actions,
    appointment_actions,
    import_actions,
    particulars_actions,
    particulars_queries,
    people_actions,
    preference_actions,
    preferences,
    seal_actions,
)
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Organ, Reminder
from gongkai.web.organs.tests.workbooks import filled, organ
from gongkai.web.shell.access import Role
from gongkai.web.shell.uploads import Upload
from gongkai.web.tests import applications, remedies
from gongkai.web.tests.cast import SINCE, Cast
from gongkai.web.tests.particulars import PDF, VALUES, acting, file, round_seal

WORD = "隐云岭"  # stands in every hidden object and nowhere else


@dataclass(frozen=True, slots=True)
class Secret:
    """一件隐藏的东西: where it is, and who of 望山区 finds ``WORD`` there."""

    address: str
    reader: str


Make = Callable[[Cast], list[Secret]]


def _administrator(cast: Cast) -> Doer:
    return acting(cast, "outside_administrator", "WS", role=Role.ADMINISTRATOR)


def _office(cast: Cast) -> Organ:
    return cast.organs["WS-JY"]


def organs(cast: Cast) -> list[Secret]:
    """An organ, and another renamed."""
    made = actions.found_organ(
        by=_administrator(cast),
        code="WS-YL",
        name=f"望山区{WORD}管理局",
        kind="department",
        level="county",
        parent=cast.organs["WS"],
        short_name=WORD,
        valid_from=SINCE,
    )
    return [
        Secret(reverse("organs:organ", args=[made.code]), "outside_administrator"),
        Secret(reverse("organs:list") + f"?q={WORD}", "outside_administrator"),
    ]


def people(cast: Cast) -> list[Secret]:
    """A person with a post, and what she may be found by."""
    issued = people_actions.add_person(
        by=_administrator(cast),
        username="yin.yunling",
        name=f"{WORD}人",
        phone="0000-00007777",
        email="yin.yunling@example.invalid",
        organ=_office(cast),
        role=Role.HANDLER.value,
        valid_from=timezone.localdate(),
    )
    return [Secret(reverse("organs:person", args=[issued.account.pk]), "outside_administrator")]


def delegations(cast: Cast) -> list[Secret]:
    """A post lent out, for a reason that names it."""
    today = timezone.localdate()
    appointment_actions.delegate(
        by=_administrator(cast),
        appointment=cast.appointments["outside_reviewer", "WS-JY"],
        delegate=cast.accounts["outside_handler"],
        reason=f"{WORD}出差",
        valid_from=today,
        valid_to=today + timedelta(days=3),
    )
    return [Secret(reverse("organs:delegations"), "outside_administrator")]


def particulars(cast: Cast) -> list[Secret]:
    """A draft of the guide's particulars."""
    made = particulars_actions.draft(
        by=acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER),
        organ=_office(cast),
        values=VALUES | {"remarks": f"{WORD}路 1 号"},
    )
    href = reverse("organs:particulars_version", args=["WS-JY", made.number])
    return [Secret(href, "outside_handler")]


def seals(cast: Cast) -> list[Secret]:
    """A seal of another picture, from today on."""
    seal_actions.add_seal(
        by=_administrator(cast),
        organ=cast.organs["WS"],
        picture=file(round_seal(), "seal.png"),
        valid_from=timezone.localdate(),
    )
    return []


def settings(cast: Cast) -> list[Secret]:
    """A letterhead of its own."""
    key = preferences.KEYS["paper.letterhead"]
    preference_actions.set_value(
        by=_administrator(cast), organ=cast.organs["WS"], key=key.id, value=WORD, was=None
    )
    return [Secret(reverse("organs:preferences", args=["WS"]), "outside_administrator")]


def reminders(cast: Cast) -> list[Secret]:
    """An organ reminded of something."""
    Reminder.objects.create(
        organ=cast.organs["WS"],
        subject=particulars_queries.matter(cast.organs["WS"]),
        kind=Reminder.Kind.REMIND,
        words=f"请核对{WORD}的地址。",
        by=cast.accounts["outside_administrator"],
        given_for=cast.organs["WS"],
        at=timezone.now(),
    )
    return [Secret(reverse("organs:particulars_of", args=["WS"]), "outside_administrator")]


def imports(cast: Cast) -> list[Secret]:
    """A workbook handed in and checked."""
    data = filled(organs=[organ("WS-YLB", name=f"望山区{WORD}办")])
    upload = Upload(hashlib.sha256(data).hexdigest(), len(data), "xlsx", f"{WORD}.xlsx")
    run = import_actions.start(by=_administrator(cast), file=file(data, upload.name), upload=upload)
    import_actions.check(run=run, at=timezone.now())
    return [Secret(reverse("organs:import_run", args=[run.pk]), "outside_administrator")]


def alerts_(cast: Cast) -> list[Secret]:
    """A clock that is due, in the inbox of whom it calls on."""
    today = timezone.localdate()
    deadlines.open_(
        organ=_office(cast),
        subject=WORD,
        kind="fixed",
        basis={"on": today.isoformat()},
        at=timezone.now(),
    )
    alerts.raise_due(
        at=timezone.now(),
        calendar=calendars.current(),
        thresholds=lambda organs: dict.fromkeys(organs, (0,)),
    )
    return [Secret(reverse("inbox:list"), "outside_handler")]


def messages(cast: Cast) -> list[Secret]:
    """A mail that could not be sent, to an address that others write to as well."""
    made = outbox.put(
        key=WORD,
        organ=_office(cast),
        subject="organ/WS-JY",
        channel="mail",
        to="chen@lx-jy.example",
        title=f"{WORD}的答复",
        body=f"{WORD}",
        at=timezone.now(),
    )
    type(made).objects.filter(pk=made.pk).update(state="given_up", error="refused|550")
    return [
        Secret(reverse("outbox:message", args=[made.pk]), "outside_administrator"),
        Secret(reverse("outbox:list") + f"?q={WORD}", "outside_administrator"),
    ]


def applications_(cast: Cast) -> list[Secret]:
    """An application by somebody who also asks in 临溪区, for much the same."""
    made = intake.register(
        by=acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER),
        organ=_office(cast),
        paper=Paper(
            Channel.IN_PERSON,
            timezone.localdate(),
            (applications.PERSON,),
            (Asked(f"{WORD}校车", f"{WORD} 2025 年秋季学期全区校车线路和经费安排。"),),
            helped=Helped(Help(timezone.localdate(), Need.SIGHT, f"{WORD}口述", True, True)),
        ),
        files=[file(PDF, f"{WORD}.pdf")],
    )
    matter = made.matters.get()
    letter = letter_actions.draft(
        by=acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER),
        of=matter,
        kind="withdrawal",
        values={"request": f"{WORD}校车线路"},
    )
    return [
        Secret(reverse("applications:letter", args=[letter.pk]), "outside_handler"),
        Secret(reverse("applications:letters"), "outside_handler"),
        Secret(reverse("applications:case", args=[matter.pk]), "outside_handler"),
        Secret(reverse("applications:request", args=[made.pk]), "outside_handler"),
        Secret(reverse("applications:all") + "?q=陈示例", "outside_handler"),
    ]


def corrections(cast: Cast) -> list[Secret]:
    """Somebody of the other tree has a record corrected, and is written to."""
    made = applications.corrected(cast, "WS-JY", "outside_handler", WORD)
    letter = letter_actions.draft(
        by=acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER),
        of=made,
        kind="correction_done",
        values={"corrected": f"{WORD}出生日期"},
    )
    return [
        Secret(reverse("applications:letter", args=[letter.pk]), "outside_handler"),
        Secret(reverse("applications:correction", args=[made.pk]), "outside_handler"),
        Secret(reverse("applications:corrections") + f"?q={WORD}", "outside_handler"),
    ]


def old_ledgers(cast: Cast) -> list[Secret]:
    """An old ledger that was checked."""
    made = applications.old_ledger_of(cast, "WS-JY", "outside_handler", WORD)
    return [
        Secret(reverse("applications:old_ledger", args=[made.pk]), "outside_handler"),
        Secret(reverse("applications:old_ledger_new"), "outside_handler"),
    ]


def checks(cast: Cast) -> list[Secret]:
    """A file check of the other tree that is ended: its own officers see their case of it."""
    matter = intake.register(
        by=acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER),
        organ=_office(cast),
        paper=Paper(
            Channel.IN_PERSON,
            timezone.localdate(),
            (applications.PERSON,),
            (Asked(f"{WORD}评查", f"{WORD}的案卷。"),),
        ),
        files=[],
    ).matters.get()
    made = FileCheck.objects.create(
        organ=cast.organs["WS"],
        title=f"{WORD}评查",
        first=timezone.localdate(),
        last=timezone.localdate(),
        seed=1,
        by=cast.accounts["outside_administrator"],
        at=timezone.now(),
        ended_at=timezone.now(),
        notice=f"{WORD}请改正。",
    )
    Checked.objects.bulk_create(filecheck_actions.as_drawn(made, [matter]))
    file = made.files.get()
    return [
        Secret(reverse("applications:check", args=[made.pk]), "outside_handler"),
        Secret(reverse("applications:checks") + f"?q={WORD}", "outside_handler"),
        Secret(reverse("applications:check_score", args=[made.pk, file.pk]), "outside_handler"),
        Secret(reverse("applications:check_unit", args=[made.pk, "WS-JY"]), "outside_handler"),
    ]


def remedies_(cast: Cast) -> list[Secret]:
    """A reconsideration against the silence of an organ of the other tree."""
    made = remedies.begun(cast, "WS-JY", "outside_handler", WORD)
    return [
        Secret(reverse("remedies:remedy", args=[made.pk]), "outside_handler"),
        Secret(reverse("remedies:list") + f"?q={WORD}", "outside_handler"),
        Secret(reverse("applications:case", args=[made.matter_id]), "outside_handler"),
    ]


def redactions(cast: Cast) -> list[Secret]:
    """A file marked for release, and what an applicant sent by the tracking page."""
    by = acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER)
    matter = applications.of("WS-JY")
    original = attachments.attach(
        organ=matter.organ,
        subject=f"matter/{matter.pk}",
        file=file(PDF, f"{WORD}.pdf"),
        kinds=("pdf",),
        by=by.by,
        at=by.at,
    )
    marks = redaction_actions.plain([Mark(1, 10, 10, 90, 30)], redaction_actions.USUAL)
    redaction_actions.add(by=by, matter=matter, original=original, version=0, marks=marks)
    what = tracking_actions.What.WITHDRAWAL
    kept = tracking_actions.written(matter, what, f"{WORD}不用公开了。", by.at)
    tracking_actions.receive(matter=matter, what=what, kept=kept, at=by.at)
    return [
        Secret(reverse("applications:redact", args=[matter.pk, original.pk]), "outside_handler"),
        Secret(reverse("applications:case", args=[matter.pk]), "outside_handler"),
    ]


def desk(cast: Cast) -> list[Secret]:
    """A batch, its files, a report of the organ with a cell corrected, and one of nobody known."""
    by = acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER)
    named = deskwork.report("望山区教育局", 2022)
    unknown = deskwork.report(f"{WORD}服务中心", 2022)
    batch = deskwork.handed_in(
        by,
        deskwork.file(f"{WORD}甲.docx", deskwork.docx(named)),
        deskwork.file(f"{WORD}乙.docx", deskwork.docx(unknown)),
    )
    papers = deskwork.papers(batch)
    report = deskwork.report_of(papers[f"{WORD}甲.docx"])
    address = "applications.received.natural_person"
    desk_actions.correct(
        by=by, report=report, address=address, typed="7", reason=WORD, version=report.version
    )
    report.refresh_from_db()
    nobodys = deskwork.report_of(papers[f"{WORD}乙.docx"])
    return [
        Secret(reverse("desk:batch", args=[batch.pk]), "outside_handler"),
        Secret(reverse("desk:unmatched"), "outside_handler"),
        Secret(reverse("desk:list") + f"?q={WORD}", "outside_handler"),
        Secret(reverse("desk:report", args=[nobodys.pk]), "outside_handler"),
        Secret(reverse("desk:history", args=[report.pk]), "outside_handler"),
        Secret(reverse("desk:downloads", args=[nobodys.pk]), "outside_handler"),
    ]


HIDDEN: dict[str, Make] = {
    "desk": desk,
    "applications": applications_,
    "redactions": redactions,
    "remedies": remedies_,
    "corrections": corrections,
    "old_ledgers": old_ledgers,
    "checks": checks,
    "organs": organs,
    "people": people,
    "delegations": delegations,
    "particulars": particulars,
    "seals": seals,
    "settings": settings,
    "reminders": reminders,
    "imports": imports,
    "messages": messages,
    "alerts": alerts_,
}
