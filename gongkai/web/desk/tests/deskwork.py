"""报告台的办理: files made and handed in, the queue's work done here and now, for its tests."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone

from gongkai.convert import reading as convert_reading
from gongkai.statute import writers
from gongkai.statute.report import AnnualReport, Cell, State
from gongkai.statute.tests import consistent
from gongkai.web.desk import intake, reading
from gongkai.web.desk.models import Batch, Paper, Report
from gongkai.web.organs.actions import Doer

EXAMPLES = Path(__file__).parents[4] / "examples"


def report(organ: str = "临溪区教育局", year: int = 2023, **cells: int) -> AnnualReport:
    """A report that every check likes, of an organ and year; cells by address with __ for dots."""
    made = consistent.report(organ=organ, year=year)
    changed = {address.replace("__", "."): value for address, value in cells.items()}
    return of(consistent.change(made, changed), organ, year)


def of(made: AnnualReport, organ: str, year: int) -> AnnualReport:
    """The same under the name of an organ, of a year."""
    title = f"{organ}{year}年政府信息公开工作年度报告"
    return replace(made, organ=organ, organ_names=(organ,), year=year, title=title)


def docx(made: AnnualReport) -> bytes:
    return writers.write(made, to="docx").data


def json(made: AnnualReport) -> bytes:
    return writers.write(made, to="json").data


def file(name: str, data: bytes) -> UploadedFile:
    return SimpleUploadedFile(name, data)


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def hand_in(by: Doer, **files: bytes) -> Batch:
    """Files by name, ``.`` written ``__``; read at once."""
    given = [file(name.replace("__", "."), data) for name, data in files.items()]
    return handed_in(by, *given)


def handed_in(by: Doer, *files: UploadedFile) -> Batch:
    batch = intake.hand_in(by=by, files=list(files))
    work()
    batch.refresh_from_db()
    return batch


def work() -> None:
    """What the queue would do, until nothing waits."""
    for lane in (reading.QUICK_LANE, reading.SLOW_LANE):
        while lane.run(now=timezone.now):
            pass


def papers(batch: Batch) -> dict[str, Paper]:
    return {paper.name: paper for paper in batch.papers.all()}


def report_of(paper: Paper) -> Report:
    """The one report that a paper was read into."""
    (version,) = paper.versions.all()
    return version.report


def read(data: bytes, name: str) -> AnnualReport:
    """The one report in a file."""
    (found,) = convert_reading.read(data, name=name)
    assert isinstance(found, AnnualReport)
    return found


def unsure(made: AnnualReport, count: int) -> AnnualReport:
    """The same with so many cells that the reader will doubt: text where a number is due."""
    doubtful = list(made.cells)[-count:]
    cells = {a: Cell(State.UNREADABLE, raw="若干") for a in doubtful}
    return replace(made, cells={**made.cells, **cells})
