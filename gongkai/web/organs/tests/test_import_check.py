"""核对导入: every problem is named at its sheet, row and column, all at once, and nothing changes."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from gongkai.web.organs import import_actions, import_found
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.capacity import of_account
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.models import ImportRun, Organ
from gongkai.web.organs.tests.workbooks import filled, organ, person, post
from gongkai.web.shell.uploads import Upload
from gongkai.web.tests.cast import Cast


def doer(cast: Cast, who: str = "administrator") -> Doer:
    account = cast.accounts[who]
    held = of_account(account, timezone.localdate())
    return Doer(account, timezone.now(), held[0])


def started(cast: Cast, data: bytes, who: str = "administrator") -> ImportRun:
    upload = Upload(hashlib.sha256(data).hexdigest(), len(data), "xlsx", "导入.xlsx")
    return import_actions.start(by=doer(cast, who), file=ContentFile(data), upload=upload)


def checked(cast: Cast, data: bytes) -> ImportRun:
    run = started(cast, data)
    import_actions.check(run=run, at=timezone.now())
    return run


def found(run: ImportRun) -> list[Problem]:
    return import_found.problems(run, 0, 10_000)


def test_smoke(cast: Cast, settings: Any, tmp_path: Any) -> None:
    run = checked(
        cast,
        filled(
            organs=[organ("LX-01"), organ("LX-02", parent="LX-01")],
            people=[person("p1")],
            appointments=[post("p1", "LX-01")],
        ),
    )
    for p in found(run):
        print(p.sheet, p.row, p.label, p.value, p.words)
    print(run.state, run.summary)
    assert run.state == "checked"
    import_actions.confirm(by=doer(cast), run=run, digest=run.summary["digest"])
    run.refresh_from_db()
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "applied"
    assert Organ.objects.get(code="LX-02").path.startswith(Organ.objects.get(code="LX-01").path)
