"""导入测试的步骤: uploading, checking, confirming and applying, as the pages do it."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from gongkai.web.organs import import_actions, import_found, workbook, workbook_in, workbook_out
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.capacity import of_account
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.models import ImportRun, Organ
from gongkai.web.shell.uploads import Upload
from gongkai.web.tests.cast import Cast


def doer(cast: Cast, who: str = "administrator") -> Doer:
    """Somebody of the cast in the first capacity held."""
    account = cast.accounts[who]
    held = of_account(account, timezone.localdate())
    return Doer(account, timezone.now(), held[0] if held else None)


def started(by: Doer, data: bytes) -> ImportRun:
    """An uploaded file, not checked as yet."""
    upload = Upload(hashlib.sha256(data).hexdigest(), len(data), "xlsx", "导入.xlsx")
    return import_actions.start(by=by, file=ContentFile(data), upload=upload)


def checked(by: Doer, data: bytes, at: datetime | None = None) -> ImportRun:
    run = started(by, data)
    import_actions.check(run=run, at=at or timezone.now())
    run.refresh_from_db()
    return run


def confirmed(by: Doer, data: bytes) -> ImportRun:
    """Checked without a problem and confirmed, to be applied."""
    run = checked(by, data)
    assert run.state == "checked", told(run)
    import_actions.confirm(by=by, run=run, digest=run.summary["digest"])
    run.refresh_from_db()
    return run


def applied(by: Doer, data: bytes) -> ImportRun:
    run = confirmed(by, data)
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "applied", (run.state, told(run))
    return run


def found(run: ImportRun) -> list[Problem]:
    return import_found.problems(run, 0, 100_000)


def told(run: ImportRun) -> list[str]:
    """The problems as a person reads them."""
    return [f"{p.sheet} {p.row} {p.label} {p.value}: {p.words}" for p in found(run)]


def exported(top: Organ) -> bytes:
    out = io.BytesIO()
    workbook_out.export(out, top)
    return out.getvalue()


def rows(data: bytes) -> dict[str, list[list[str]]]:
    """Every sheet's rows but the guide's, headings first, blanks at the ends left out."""
    book = workbook_in.opened(data)
    return {
        part.title: [line.cells for line in book.lines(part)]
        for part in book.parts
        if part.title != workbook.GUIDE
    }
