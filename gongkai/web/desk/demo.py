"""演示区的报告台: the shipped examples handed in by the district's supervisor, and reports of its
units made of them, so that the desk is not empty when somebody tries it.

Only handed in: they are read by the queue, so the service starts no later. Most examples are of
other districts and wait for a person to say whose they are, as in life.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone

import gongkai
from gongkai.convert import reading
from gongkai.statute import writers
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.web.accounts.models import Account
from gongkai.web.desk import intake
from gongkai.web.desk.models import Batch
from gongkai.web.organs import capacity
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.actions import Doer

# Which unit gets the figures of which example, for which year, in which carrier.
_UNITS = (
    ("SF-JY", "07_water_bureau_2023.docx", 2023, "docx"),
    ("SF-MZ", "09_transport_2023.xlsx", 2023, "html"),
    ("SF-WL", "qingshi_2023/culture.xlsx", 2023, "xlsx"),
    ("SF-SJ", "qingshi_2023/audit.html", 2023, "docx"),
    ("SF-ST", "qingshi_2023/subdistrict.pdf", 2023, "html"),
    ("SF-CZ", "qingshi_2023/forestry.docx", 2023, "docx"),
)
_OWN = ("SF-JY", "qingshi_2023/forestry.docx", 2022, "docx")  # handed in by its own handler
_UNSURE = "applications.received.natural_person"  # printed so that nobody can be certain


def build(*, at: datetime) -> int:
    """Hands in what there is, once; returns how many files: 0 where this is no demonstration
    district, or where something was handed in already."""
    root = folder()
    people = {
        one.username: one for one in Account.objects.filter(username__in=("supervisor", "handler"))
    }
    if root is None or len(people) < 2 or Batch.objects.exists():
        return 0
    supervisor = _doer(people["supervisor"], at)
    handler = _doer(people["handler"], at)
    if supervisor is None or handler is None:
        return 0
    given = [_file(path.name, path.read_bytes()) for path in sorted(root.iterdir()) if _is(path)]
    given += list(_made(root, supervisor))
    intake.hand_in(by=supervisor, files=given)
    own = list(_made(root, handler))
    if own:
        intake.hand_in(by=handler, files=own)
    return len(given) + len(own)


def folder() -> Path | None:
    """The examples: in a checkout beside the package, else inside it."""
    package = Path(gongkai.__file__).parent
    return next(
        (p for p in (package.parent / "examples", package / "examples") if p.is_dir()), None
    )


def _is(path: Path) -> bool:
    return path.is_file() and reading.may_be_report(path.name)


def _file(name: str, data: bytes) -> UploadedFile:
    return SimpleUploadedFile(name, data)


def _doer(account: Account, at: datetime) -> Doer | None:
    held = capacity.of_account(account, timezone.localdate(at))
    return Doer(account, at, held[0]) if held else None


def _made(root: Path, by: Doer) -> Iterator[UploadedFile]:
    """Reports of the units that somebody looks after, each under its own name."""
    own = by.capacity is not None and by.capacity.organ.code == _OWN[0]
    organs = {one.code: one for one in organ_queries.visible_organs(by.capacity)}
    for code, example, year, carrier in (_OWN,) if own else _UNITS:
        organ = organs.get(code)
        if organ is None or not (root / example).is_file():
            continue
        (found,) = reading.read((root / example).read_bytes(), name=example)
        if isinstance(found, AnnualReport):
            made = _renamed(found, organ.name, year)
            if own:
                made = _unsure(made)
            data = writers.write(made, to=carrier).data
            yield _file(f"{code}_{year}.{carrier}", data)


def _renamed(report: AnnualReport, name: str, year: int) -> AnnualReport:
    """The same figures and words under another organ's name."""
    old = report.organ or name
    before = str(report.year or year)

    def said(text: str) -> str:
        return text.replace(old, name).replace(before, str(year))

    return replace(
        report,
        organ=name,
        organ_names=(name,),
        year=year,
        title=f"{name}{year}年政府信息公开工作年度报告",
        period=None,
        preamble=said(report.preamble),
        sections={
            no: tuple(replace(one, text=said(one.text), places=()) for one in passages)
            for no, passages in report.sections.items()
        },
    )


def _unsure(report: AnnualReport) -> AnnualReport:
    cell = report.cell(_UNSURE)
    unsure = Cell(State.UNREADABLE, raw=f"{cell.value or 0} 1")
    return replace(report, cells={**report.cells, _UNSURE: unsure})
