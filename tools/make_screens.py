"""docs/screens/: what every carrier looks like on paper and screen, in both editions.

Needs LibreOffice (docx, xlsx) and Chromium (html) on the machine; whatever is missing is named and
its old picture kept. Run: python -m tools.make_screens
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from gongkai.statute import checks, read, writers
from gongkai.statute.report import AnnualReport

ROOT = Path(__file__).parents[1]
SCREENS = ROOT / "docs" / "screens"
REPORTS = {"2019": "08_archives_2019.html", "2021": "07_water_bureau_2023.docx"}
DPI = 55
GAP = 12  # pixels between pages
ACROSS = 4  # pages in a row
COLOURS = 64  # enough for grey letters and a few fills; keeps the pictures small


def main() -> int:
    """Every picture anew; returns 1 where something needed was missing."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    missing = False
    for edition, name in REPORTS.items():
        report = read((ROOT / "examples" / name).read_bytes(), name=name)[0]
        for carrier in ("docx", "pdf", "html", "xlsx"):
            with tempfile.TemporaryDirectory() as folder:
                done = picture(report, carrier, Path(folder), SCREENS / f"{carrier}_{edition}")
            missing |= not done
    return int(missing)


def picture(report: AnnualReport, carrier: str, folder: Path, target: Path) -> bool:
    """One report in one carrier, drawn; False where a program is missing."""
    findings = checks.check(report).findings
    written = writers.write(report, to=carrier, findings=findings)
    file = folder / f"report.{carrier}"
    file.write_bytes(written.data)
    if carrier == "html":
        return screens(file, target)
    if carrier == "pdf":
        save(sheet(pages(file)), target.with_suffix(".png"))
        return True
    printed = by_libreoffice(file, folder)
    if printed is None:
        return False
    save(sheet(pages(printed)), target.with_suffix(".png"))
    return True


def pages(file: Path) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    with pypdfium2.PdfDocument(file) as document:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def sheet(images: Sequence[Image.Image]) -> Image.Image:
    """Pages side by side, a few in a row."""
    width = max(i.width for i in images) + GAP
    height = max(i.height for i in images) + GAP
    rows = -(-len(images) // ACROSS)
    whole = Image.new("RGB", (min(ACROSS, len(images)) * width + GAP, rows * height + GAP), "#999")
    for at, image in enumerate(images):
        whole.paste(image, (GAP + at % ACROSS * width, GAP + at // ACROSS * height))
    return whole


def save(image: Image.Image, path: Path) -> None:
    """Small enough to be kept among the sources."""
    image.quantize(COLOURS).save(path, optimize=True)


def by_libreoffice(file: Path, folder: Path) -> Path | None:
    """The file printed to PDF, None without LibreOffice."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        print("LibreOffice is missing: docx and xlsx keep their pictures", file=sys.stderr)
        return None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run([program, "--headless", profile, "--convert-to", "pdf", "--outdir", folder, file])
    return folder / f"{file.stem}.pdf"


def screens(file: Path, target: Path) -> bool:
    """The web page on an office screen and on a phone."""
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None
    )
    if program is None:
        print("Chromium is missing: html keeps its pictures", file=sys.stderr)
        return False
    for name, size in (("screen", "1366,768"), ("phone", "390,844")):
        shot = file.with_suffix(".png")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        run([program, *options, f"--window-size={size}", f"--screenshot={shot}", file.as_uri()])
        with Image.open(shot) as image:
            save(image.convert("RGB"), target.with_name(f"{target.name}_{name}.png"))
    return True


def run(command: Sequence[Any]) -> None:
    """A program to its end; what it says is shown only where it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=120)
    if done.returncode:
        sys.stderr.buffer.write(done.stderr)
        done.check_returncode()


if __name__ == "__main__":
    sys.exit(main())
