"""写出的文件在别的程序里: printed by a browser, saved by LibreOffice, they stay what they are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from gongkai.statute import check, forms, read
from gongkai.statute.tests import consistent, random_reports
from gongkai.statute.writers import html, xlsx

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
SOFFICE = shutil.which("soffice")


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_it_prints_on_a4_with_page_numbers_and_each_table_on_one_page(tmp_path: Path) -> None:
    file, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    file.write_bytes(html.write(consistent.report("2021", 1)).data)
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run(
        [*command, f"--user-data-dir={tmp_path}", f"--print-to-pdf={printed}", file.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with pypdfium2.PdfDocument(printed) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
        sizes = {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document}
    assert sizes == {(210, 297)}
    squeezed = [re.sub(r"\s", "", page) for page in pages]
    assert all(f"—{number}—" in page for number, page in enumerate(squeezed, 1))
    assert any("一、本年新收" in page and "四、结转下年度" in page for page in squeezed)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("to", ["xlsx", "ods"])
def test_libreoffice_may_have_saved_it(to: str, tmp_path: Path) -> None:
    made = {f"甲{n}{e}": random_reports.report(n, e) for n in (3, 4) for e in forms.editions()}
    for name, report in made.items():
        data = xlsx.write(report, findings=check(report).findings).data
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    assert SOFFICE is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saved = tmp_path / "saved"
    subprocess.run(
        [SOFFICE, "--headless", profile, "--convert-to", to, "--outdir", str(saved)]
        + [f"{tmp_path}/{name}.xlsx" for name in made],
        check=True,
        capture_output=True,
        timeout=240,
    )
    for name, report in made.items():
        (back,) = read((saved / f"{name}.{to}").read_bytes())
        assert random_reports.differences(report, back) == []
        assert back.leftovers == ()
