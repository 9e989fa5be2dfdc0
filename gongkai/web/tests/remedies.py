"""救济样例: in each tree an application that was never answered, and a reconsideration of that;
in 临溪区 the organ has answered it and filed its evidence."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from gongkai.statute import remedy_events as r
from gongkai.statute.clock_events import Channel
from gongkai.statute.remedy_results import Kind
from gongkai.web.applications import intake, life
from gongkai.web.applications.intake import Asked, Paper
from gongkai.web.ledger import alerts, calendars
from gongkai.web.ledger.models import Attachment
from gongkai.web.remedies import recording
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell.access import Role
from gongkai.web.tests.applications import PERSON
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

TITLE = "校舍安全检查"
EVIDENCE = ("公开申请表", "登记回执")


def furnish(cast: Cast) -> None:
    """By the service's own actions."""
    for code, who in (("LX-JY", "handler"), ("WS-JY", "outside_handler")):
        begun(cast, code, who)
    remedy = of("LX-JY")
    today = timezone.localdate()
    for event in (
        r.Admitted(today - timedelta(days=12)),
        r.CopyReceived(today - timedelta(days=9)),
        r.EvidenceFiled(today - timedelta(days=4), EVIDENCE),
    ):
        does(cast, remedy, event)
    alerts.raise_due(
        at=timezone.now(),
        calendar=calendars.current(),
        thresholds=lambda organs: dict.fromkeys(organs, (0,)),
    )


def begun(cast: Cast, code: str, who: str, word: str = "") -> Remedy:
    """An application of long ago, and the reconsideration of its silence."""
    by = acting(cast, who, code, role=Role.HANDLER)
    today = timezone.localdate()
    made = intake.register(
        by=by,
        organ=cast.organs[code],
        paper=Paper(
            Channel.IN_PERSON,
            today - timedelta(days=90),
            (PERSON,),
            (Asked(f"{word}{TITLE}", f"{word}2025 年全区校舍安全检查结果。"),),
        ),
    )
    matter = made.matters.get()
    against = recording.attackable(life.case_of(matter, as_of=today), today)
    assert against is not None
    filed = r.Filed(today - timedelta(days=15), Kind.RECONSIDERATION, f"{word}示例区人民政府")
    return recording.begin(
        by=by,
        matter=matter,
        given=recording.Given(filed, against),
        files=[file(PDF, f"{word}复议申请书.pdf")],
    )


def does(cast: Cast, remedy: Remedy, event: r.Event, who: str = "handler") -> None:
    """One act by somebody of 临溪区教育局."""
    remedy.refresh_from_db()
    role = Role.APPROVER if who == "approver" else Role.HANDLER
    by = acting(cast, who, role=role)
    recording.act(by=by, remedy=remedy, event=event, version=remedy.version)


# -- what the samples look for


def of(code: str) -> Remedy:
    """The remedy of an organ."""
    return Remedy.objects.filter(organ__code=code).order_by("pk")[0]


def paper(code: str) -> Attachment:
    """What was attached to it."""
    return Attachment.objects.get(subject=f"remedy/{of(code).pk}")


def page() -> str:
    """Its page."""
    return reverse("remedies:remedy", args=[of("LX-JY").pk])


def of_a_silence() -> str:
    """The page of the matter it is against."""
    return reverse("applications:case", args=[of("LX-JY").matter_id])


def to_begin() -> str:
    """Where another one against the silence is recorded: what is closed was taken back."""
    return reverse("remedies:new", args=[of("LX-JY").matter_id])
