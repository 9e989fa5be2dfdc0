"""打印: a Word file we write, printed by LibreOffice, reads back from the printed pages."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gongkai.statute import forms
from gongkai.statute.readers import read
from gongkai.statute.tests import consistent, random_reports
from gongkai.statute.writers import write

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SECONDS = 120


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One report of each edition as PDF, converted together."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not here: apt-get install libreoffice-writer")
    folder = tmp_path_factory.mktemp("printed")
    for edition in forms.editions():
        data = write(consistent.report(edition, 3), to="docx").data
        (folder / f"{edition}.docx").write_bytes(data)
    command = [
        OFFICE,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *(str(file) for file in sorted(folder.glob("*.docx"))),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return {file.stem: file.read_bytes() for file in Path(folder).glob("*.pdf")}


@pytest.mark.parametrize("edition", forms.editions())
def test_what_is_printed_reads_back(edition: str, printed: dict[str, bytes]) -> None:
    made = consistent.report(edition, 3)
    (back,) = read(printed[edition])
    one, other = random_reports.held(made), random_reports.held(back)
    for key in ("title", "organ", "year", "edition", "signed_on", "cells"):
        assert one[key] == other[key]
    assert [p[0].title for p in back.sections.values()] == [
        section.title for section in forms.form(edition).sections
    ]
