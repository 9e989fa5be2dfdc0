"""布置: what the cast has done before the walks begin: particulars of every state, seals, settings.

By the service's own actions, in both trees, so that every route has an object to show.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.web.organs import (
    import_actions,
    particulars_actions,
    preference_actions,
    preferences,
    seal_actions,
)
from gongkai.web.organs.models import ImportRun, Particulars, Signature
from gongkai.web.organs.tests.workbooks import filled, organ, person, post
from gongkai.web.shell.uploads import Upload
from gongkai.web.tests.cast import Cast, delegated
from gongkai.web.tests.particulars import PDF, VALUES, acting, file, round_seal

# What stands in the workbooks that were brought in, and nowhere in the database.
IN_FILES = ("临溪区LX-DA局", "临溪区LX-DB局", "没有这一种", "LX-DA", "LX-DB")
SETTING = next(iter(preferences.KEYS))
SEAL_SINCE = date(2024, 1, 1)


def furnish(cast: Cast) -> Cast:
    """Everything the samples look for."""
    _in_force(cast, "LX-JY", "handler", "reviewer", "approver")
    _in_force(cast, "WS-JY", "outside_handler", "outside_reviewer", "outside_approver")
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
    _imports(cast)
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


def _in_force(cast: Cast, code: str, drafts: str, reviews: str, approves: str) -> None:
    """A first version: reviewed on paper, which the approver recorded, and approved on screen."""
    one = _submitted(cast, code, drafts)
    paper = particulars_actions.Paper(
        step=Signature.Step.REVIEW.value,
        signed_on=timezone.localdate(),
        scan=file(PDF, "签批.pdf"),
        account=cast.accounts[reviews],
    )
    by = acting(cast, approves, code)
    one = particulars_actions.record_paper_signature(
        by=by, particulars=one, version=one.version, paper=paper
    )
    particulars_actions.approve(by=by, particulars=one, version=one.version)


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
