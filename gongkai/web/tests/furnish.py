"""布置: what the cast has done before the walks begin: particulars of every state, seals, settings.

By the service's own actions, in both trees, so that every route has an object to show.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from gongkai.statute import notices, workdays
from gongkai.web.ledger import alerts, calendar_actions, calendars, outbox
from gongkai.web.ledger.models import Message
from gongkai.web.organs import (
    clock_kinds,
    import_actions,
    particulars_actions,
    particulars_queries,
    preference_actions,
    preferences,
    reminder_actions,
    seal_actions,
)
from gongkai.web.organs.models import ImportRun, Particulars, Reminder, Signature
from gongkai.web.organs.tests.workbooks import filled, organ, person, post
from gongkai.web.shell.access import Role
from gongkai.web.shell.uploads import Upload
from gongkai.web.tests import applications, remedies, reports
from gongkai.web.tests.cast import Cast, delegated
from gongkai.web.tests.particulars import PDF, VALUES, acting, file, given, round_seal

# What stands in the workbooks that were brought in, and nowhere in the database.
IN_FILES = ("临溪区LX-DA局", "临溪区LX-DB局", "没有这一种", "LX-DA", "LX-DB")
SETTING = next(iter(preferences.KEYS))
SEAL_SINCE = date(2024, 1, 1)


def furnish(cast: Cast) -> Cast:
    """Everything the samples look for."""
    _in_force(cast, "LX-JY", "handler", "reviewer", "approver", "two_posts")
    given(cast, "outside_administrator", Role.HANDLER, "WS-JY")
    _in_force(
        cast,
        "WS-JY",
        "outside_handler",
        "outside_reviewer",
        "outside_approver",
        "outside_administrator",
    )
    _draft(cast, "LX-JY", "handler", hours="工作日 8:30—12:00，13:30—17:00")
    _submitted(cast, "LX-CG", "drafter")
    waiting = _submitted(cast, "LX-BGS", "office_handler")
    particulars_actions.review(
        by=acting(cast, "office_reviewer", "LX-BGS"),
        particulars=waiting,
        version=waiting.version,
        comment="同意。",
    )
    for code, top, who in (
        ("LX-JY", "LX", "administrator"),
        ("WS-JY", "WS", "outside_administrator"),
    ):
        _seal_and_setting(cast, code, top, who)
    _reminded(cast)
    _messages(cast)
    _calendar(cast)
    _imports(cast)
    reports.furnish(cast)
    applications.furnish(cast)
    remedies.furnish(cast)
    delegated(
        cast.appointments["outside_approver", "WS-JY"], cast.accounts["outside_administrator"]
    )
    return cast


def _draft(cast: Cast, code: str, who: str, **changed: str) -> Particulars:
    return particulars_actions.draft(
        by=acting(cast, who, code), organ=cast.organs[code], values={**VALUES, **changed}
    )


def _submitted(cast: Cast, code: str, who: str) -> Particulars:
    one = _draft(cast, code, who)
    return particulars_actions.submit(
        by=acting(cast, who, code), particulars=one, version=one.version
    )


def _in_force(
    cast: Cast, code: str, drafts: str, reviews: str, approves: str, records: str
) -> None:
    """A first version: reviewed on paper, which a fourth recorded, and approved on screen."""
    one = _submitted(cast, code, drafts)
    paper = particulars_actions.Paper(
        step=Signature.Step.REVIEW.value,
        signed_on=timezone.localdate(),
        scan=file(PDF, "签批.pdf"),
        account=cast.accounts[reviews],
    )
    one = particulars_actions.record_paper_signature(
        by=acting(cast, records, code), particulars=one, version=one.version, paper=paper
    )
    particulars_actions.approve(
        by=acting(cast, approves, code), particulars=one, version=one.version
    )


def _reminded(cast: Cast) -> None:
    """One organ in each tree: by 戊监督, and where the tree has no supervisor, in the database."""
    station = cast.organs["LX-CG-01"]
    reminder_actions.remind(
        by=acting(cast, "supervisor", "LX"),
        organ=station,
        subject=particulars_queries.matter(station),
        note=reminder_actions.Note(
            "本站还没有生效的指南要素，请起草后送审核、批准。",
            timezone.localdate() + timedelta(days=5),
        ),
    )
    foreign = cast.organs["WS-JY"]
    Reminder.objects.create(
        organ=foreign,
        subject=particulars_queries.matter(foreign),
        kind=Reminder.Kind.REMIND,
        words="请核对望山区教育局的指南要素。",
        by=cast.accounts["outside_administrator"],
        given_for=cast.organs["WS"],
        at=timezone.now(),
    )


def _calendar(cast: Cast) -> None:
    """A year as 戊监督 entered it, a weekend longer than announced; and what is due."""
    (year,) = (one for one in workdays.official().years if one.year == 2024)
    rows: list[tuple[int, list[Any]]] = [
        (
            at,
            [
                one.name.zh,
                date(2024, 6, 8) if one.first == date(2024, 6, 10) else one.first,
                one.last,
                "、".join(str(day) for day in one.worked),
            ],
        )
        for at, one in enumerate(year.breaks)
    ]
    by = acting(cast, "supervisor", "LX")
    calendar_actions.enter(
        act=by.act,
        organ=cast.organs["LX"],
        reading=notices.read_rows(rows, year=2024),
        today=timezone.localdate(),
    )
    alerts.raise_due(
        at=timezone.now() + timedelta(days=4),
        calendar=calendars.current(),
        thresholds=clock_kinds.thresholds,
    )


def _messages(cast: Cast) -> None:
    """In each tree one that waits, and one that could not be sent."""
    for code in ("LX-JY", "WS-JY"):
        for number, (channel, to) in enumerate(
            (("mail", f"chen@{code.lower()}.example"), ("sms", "13800005678"))
        ):
            made = outbox.put(
                key=f"{code}/{number}",
                organ=cast.organs[code],
                subject=f"organ/{code}",
                channel=channel,
                to=to,
                title="您的申请已答复" if channel == "mail" else "",
                body=f"陈示例：您向 {code} 提出的申请已答复。",
                at=timezone.now(),
            )
            if channel == "mail":
                Message.objects.filter(pk=made.pk).update(
                    state=Message.State.GIVEN_UP, attempts=8, error="refused|550 5.1.1"
                )


def _imports(cast: Cast) -> None:
    """One import done, one that waits for confirmation, one in each tree that was refused."""
    done = _checked(
        cast,
        "administrator",
        "LX",
        people=[person("lin.xinren", name="林新人")],
        appointments=[post("lin.xinren", "LX-JY")],
    )
    import_actions.confirm(
        by=acting(cast, "administrator", "LX"), run=done, digest=done.summary["digest"]
    )
    import_actions.apply(run=done, at=timezone.now())
    _checked(cast, "administrator", "LX", organs=[organ("LX-DA")])
    _checked(cast, "administrator", "LX", organs=[organ("LX-DB", kind="没有这一种")])
    _checked(cast, "outside_administrator", "WS", organs=[organ("WS-DB", kind="没有这一种")])


def _checked(cast: Cast, who: str, top: str, **sheets: list[dict[str, Any]]) -> ImportRun:
    data = filled(**sheets)  # type: ignore[arg-type]  # its sheets, by name
    upload = Upload(hashlib.sha256(data).hexdigest(), len(data), "xlsx", "机关和人员.xlsx")
    run = import_actions.start(
        by=acting(cast, who, top), file=file(data, upload.name), upload=upload
    )
    import_actions.check(run=run, at=timezone.now())
    run.refresh_from_db()
    return run


def _seal_and_setting(cast: Cast, code: str, top: str, who: str) -> None:
    by, organ = acting(cast, who, top), cast.organs[code]
    seal_actions.add_seal(
        by=by, organ=organ, picture=file(round_seal(), "seal.png"), valid_from=SEAL_SINCE
    )
    key = preferences.KEYS[SETTING]
    preference_actions.set_value(
        by=by, organ=organ, key=SETTING, value=key.write(key.default), was=None
    )
