"""打印文书: a letter in Word, printed by LibreOffice, has the texts of the letter; docs agree."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from gongkai.statute import letter_samples, letters
from gongkai.statute.writers import letter_docx, letter_paper
from tools import letters_page

ROOT = Path(__file__).parents[1]
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SECONDS = 120


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_word_file_of_every_kind_is_printed_whole(tmp_path: Path) -> None:
    if OFFICE is None:
        pytest.skip("LibreOffice is not here: apt-get install libreoffice-writer")
    batch = [
        letters.compose(kind, letter_samples.values(kind), letter_samples.dated(kind))
        for kind in letters.kinds().values()
    ]
    file = tmp_path / "letters.docx"
    file.write_bytes(letter_docx.write(batch, letterhead=True).data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=SECONDS)
    with pypdfium2.PdfDocument(tmp_path / "letters.pdf") as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    told = squeezed("".join(re.sub(r"— \d+ —", "", page) for page in pages))
    for letter in batch:
        for line in letter_paper.lay_out(letter, letterhead=True).lines:
            assert squeezed(line.text) in told, (letter.kind.id, line.style)
    heads = [page for page in pages if squeezed(page).startswith("临溪区教育局")]
    assert len(heads) == len(batch), "a red head on the first page of each, and nowhere else"


def test_the_page_of_letters_is_up_to_date() -> None:
    page = (ROOT / "docs" / "letters.md").read_text(encoding="utf-8")
    assert page == letters_page.page(), "make docs"


def test_every_kind_has_its_picture() -> None:
    drawn = {file.stem for file in (ROOT / "docs" / "screens" / "letters").glob("*.png")}
    assert set(letters.kinds()) <= drawn
