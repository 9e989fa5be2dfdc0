"""申请样例: what has been applied for in both trees before the walks begin.

临溪区教育局 handles four requests: one just come (校车), one whose third party has been asked and
whose two matters stand side by side (食堂), one that its applicant withdrew, one to be answered.
望山区教育局 has one.
"""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from gongkai.convert.redaction import Mark
from gongkai.statute import case_events as e
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.clock_events import Channel, Whom
from gongkai.web.applications import (
    archive_actions,
    filecheck_actions,
    intake,
    letter_actions,
    letter_rendering,
    matter_actions,
    old_ledger_actions,
    old_ledger_book,
    recording,
    redaction_actions,
    samples,
)
from gongkai.web.applications.intake import Asked, Asker, Paper
from gongkai.web.applications.matter_actions import Asks
from gongkai.web.applications.models import (
    Checked,
    Correction,
    FileCheck,
    Letter,
    Matter,
    OldLedger,
    Request,
)
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Attachment
from gongkai.web.shell.access import Role
from gongkai.web.shell.uploads import Upload
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

PERSON = Asker(
    ApplicantKind.NATURAL_PERSON,
    name="陈示例",
    identity="11010519491231002X",
    phone="0000-00001234",
    email="chen@example.invalid",
    address="临溪区示例路 8 号",
    postcode="215000",
)
FIRM = Asker(ApplicantKind.BUSINESS, organisation="示例餐饮有限公司", phone="0000-00004321")


def furnish(cast: Cast) -> None:
    """By the service's own actions."""
    today = timezone.localdate()
    first = _registered(cast, Asked("校车安排", "2025 年秋季学期全区校车线路和经费安排。"))
    second = _registered(
        cast,
        Asked("食堂采购合同", "2025 年全区学校食堂采购合同及中标单位报价。"),
        Asked("食堂检查结果", "2025 年全区学校食堂检查结果。"),
        askers=(FIRM, Asker(None, name="李代办", phone="0000-00005555")),
        days=9,
    )
    _does(cast, second, e.Accepted(today - timedelta(days=8)))
    second.refresh_from_db()
    matter_actions.consult(
        by=acting(cast, "handler", role=Role.HANDLER),
        matter=second,
        version=second.version,
        on=today - timedelta(days=7),
        parties=[Asks(Whom.THIRD_PARTY, "示例供货有限公司", contact="临溪区示例路 9 号")],
    )
    third = _registered(cast, Asked("校车安排", "2025 年秋季学期校车线路和经费。"), days=12)
    _does(cast, third, e.Withdrawn(today - timedelta(days=2)))
    matter_actions.link(
        by=acting(cast, "handler", role=Role.HANDLER), matter=first, other=third, kind="repeat"
    )
    _registered(cast, Asked("望山校车", "望山区校车线路。"), code="WS-JY", who="outside_handler")
    _letters(cast)
    _marked(cast)
    _checked(cast)
    _corrections(cast)
    _old_ledgers(cast)


def _old_ledgers(cast: Cast) -> None:
    """In each tree an old ledger that was checked and waits."""
    for code, who in (("LX-JY", "handler"), ("WS-JY", "outside_handler")):
        old_ledger_of(cast, code, who)


def old_ledger_of(cast: Cast, code: str, who: str, word: str = "") -> OldLedger:
    """An old ledger with one row, checked."""
    out = io.BytesIO()
    old_ledger_book.template(
        out,
        [{"received": "2023-03-01", "name": "陈示例", "text": f"{word}校车", "channel": "当面"}],
    )
    name = f"{word}旧台账.xlsx"
    made = old_ledger_actions.start(
        by=acting(cast, who, code, role=Role.HANDLER),
        file=ContentFile(out.getvalue(), name),
        upload=Upload(
            hashlib.sha256(out.getvalue()).hexdigest(), len(out.getvalue()), "xlsx", name
        ),
    )
    old_ledger_actions.check(run=made, at=timezone.now())
    return made


def _corrections(cast: Cast) -> None:
    """In each tree somebody asks for a record about themselves to be corrected."""
    for code, who in (("LX-JY", "handler"), ("WS-JY", "outside_handler")):
        corrected(cast, code, who)


def corrected(cast: Cast, code: str, who: str, word: str = "") -> Correction:
    """A request for correction, with its scan."""
    made = intake.register(
        by=acting(cast, who, code, role=Role.HANDLER),
        organ=cast.organs[code],
        paper=Paper(
            Channel.IN_PERSON,
            timezone.localdate() - timedelta(days=3),
            (PERSON,),
            (Asked("", f"{word}学籍信息中的出生日期。"),),
            kind=Request.Kind.CORRECTION.value,
        ),
        files=[file(PDF, f"{word}更正申请书.pdf")],
    )
    return Correction.objects.get(request=made)


def _checked(cast: Cast) -> None:
    """In each tree closed cases drawn to be scored; in 临溪区 also such as have been."""
    today = timezone.localdate()
    by = acting(cast, "supervisor", "LX", role=Role.SUPERVISOR)
    filecheck_actions.draw(
        by=by, given=filecheck_actions.Draw("示例评查", today - timedelta(days=30), today, 10, 1)
    )
    done = filecheck_actions.draw(
        by=by, given=filecheck_actions.Draw("上次评查", today - timedelta(days=30), today, 10, 2)
    )
    full = {item.id: item.points for item in samples.ITEMS}
    for one in done.files.all():
        filecheck_actions.score(
            by=by,
            file=one,
            points=full | {"letter": 17},
            not_applicable=["clarification", "consultation"],
            said="救济期限写得不全。",
            version=1,
        )
    filecheck_actions.end(
        by=by,
        check=done,
        version=1,
        notice="请核对救济告知，今后照《文书要素》检查后再发出。",
        answer_by=today + timedelta(days=14),
    )
    other = FileCheck.objects.create(
        organ=cast.organs["WS"],
        title="望山评查",
        first=today,
        last=today,
        seed=1,
        by=cast.accounts["outside_administrator"],
        at=timezone.now(),
    )
    Checked.objects.bulk_create(filecheck_actions.as_drawn(other, [of("WS-JY")]))


def _marked(cast: Cast) -> None:
    """In each tree a file with two places marked."""
    for code, who in (("LX-JY", "handler"), ("WS-JY", "outside_handler")):
        redaction_actions.add(
            by=acting(cast, who, code, role=Role.HANDLER),
            matter=of(code),
            original=scan(code),
            version=0,
            marks=redaction_actions.plain(
                [Mark(1, 72, 100, 272, 118), Mark(1, 72, 140, 190, 158)], redaction_actions.USUAL
            ),
        )


def _letters(cast: Cast) -> None:
    """A matter in hand that is answered next, and in each tree a letter in draft."""
    today = timezone.localdate()
    fourth = _registered(cast, Asked("校车司机培训", "2025 年校车司机培训记录。"), days=6)
    _does(cast, fourth, e.Accepted(today - timedelta(days=6)))
    for code, who in (("LX-JY", "handler"), ("WS-JY", "outside_handler")):
        letter_actions.draft(
            by=acting(cast, who, code, role=Role.HANDLER),
            of=of(code),
            kind="consultation_notice",
            values={"consulted_on": today},
        )
        by = acting(cast, who, code, role=Role.HANDLER)
        printed = letter_actions.draft(
            by=by, of=of(code), kind="consultation_notice", values={"consulted_on": today}
        )
        letter_actions.issue(by=by, letter=printed, version=1, on=today, number="示例告〔2026〕1号")
        letter_rendering.make(pk=printed.pk, by=by.by, at=by.at)  # where nothing is committed
    attachments.attach(  # what archiving makes of a closed case
        organ=cast.organs["LX-JY"],
        subject=archive_actions.address(of("LX-JY")),
        file=file(PDF, "卷宗.pdf"),
        kinds=("pdf",),
        by=cast.accounts["handler"],
        at=timezone.now(),
    )


def _registered(
    cast: Cast,
    *asked: Asked,
    askers: tuple[Asker, ...] = (PERSON,),
    days: int = 0,
    code: str = "LX-JY",
    who: str = "handler",
) -> Matter:
    made = intake.register(
        by=acting(cast, who, code, role=Role.HANDLER),
        organ=cast.organs[code],
        paper=Paper(Channel.IN_PERSON, timezone.localdate() - timedelta(days=days), askers, asked),
        files=[file(PDF, "申请书.pdf")],
    )
    return made.matters.get(part=1)


def _does(cast: Cast, matter: Matter, event: e.Event) -> None:
    matter.refresh_from_db()
    by = acting(cast, "handler", role=Role.HANDLER)
    recording.act(by=by, matter=matter, event=event, version=matter.version)


# -- what the samples look for


def of(code: str) -> Matter:
    """The first matter of an organ."""
    return Matter.objects.filter(organ__code=code).order_by("pk")[0]


def correction(code: str) -> Correction:
    """The request for correction of an organ."""
    return Correction.objects.get(organ__code=code)


def old_ledger(code: str) -> OldLedger:
    """The old ledger of an organ."""
    return OldLedger.objects.get(organ__code=code)


def file_check(code: str) -> FileCheck:
    """The file check of an office that runs."""
    return FileCheck.objects.get(organ__code=code, ended_at__isnull=True)


def to_score(page: str) -> str:
    """A page of it."""
    one = file_check("LX")
    more = [one.files.get(position=1).pk] if page == "check_score" else []
    return reverse(f"applications:{page}", args=[one.pk, *more])


def ended_check(code: str) -> FileCheck:
    """The file check of an office that is ended; where there is none, the other."""
    return FileCheck.objects.filter(organ__code=code).latest("pk")


def letter(code: str) -> Letter:
    """The letter of an organ."""
    return Letter.objects.filter(matter__organ__code=code).order_by("pk")[0]


def printed(code: str) -> Letter:
    """The one that is numbered."""
    return Letter.objects.get(matter__organ__code=code, state="numbered")


def in_hand() -> Matter:
    """The one that is answered next."""
    return Matter.objects.get(title="校车司机培训")


def asked_of_others() -> Matter:
    """The one that waits for a third party, with a sibling."""
    return Matter.objects.get(title="食堂采购合同")


def request(code: str) -> Request:
    """Its request."""
    return of(code).request


def scan(code: str) -> Attachment:
    """What was attached to it."""
    return Attachment.objects.get(subject=f"request/{of(code).request_id}")


def busy() -> str:
    """The page of the matter that has most on it."""
    return reverse("applications:case", args=[asked_of_others().pk])


def decided(route: str) -> str:
    """A page of the matter that is answered next."""
    return reverse(f"applications:{route}", args=[in_hand().pk])
