"""遮盖的速度: a PDF searched, redacted and verified, beside drawing its pages and no more.

    python -m bench.redaction          100 pages of text, of text with a red head and seal, 10 scans
    python -m bench.redaction --quick  a tenth of it

A page is drawn three times: to make the picture, and twice to verify it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line
from gongkai.convert import redaction
from gongkai.convert.redaction_pages import opened

FONTS = Path(redaction.__file__).parents[1] / "statute" / "data" / "fonts"
BUDGET = 1000.0  # milliseconds a page of text
SCAN = 5000.0  # a scan is as large as a photograph
NAMES = ("陈示例", "李示例", "王示例")
HEAD = (
    '#set page("a4", margin: (x: 28mm, y: 37mm))\n'
    '#set text(font: "Noto Serif CJK SC", size: 16pt)\n#set par(leading: 12pt)\n'
)
RED = (
    "#align(center, text(fill: red, size: 40pt)[某某市文件])\n#line(length: 100%, stroke: red)\n"
    "#place(bottom + right, circle(radius: 60pt, stroke: 4pt + red))\n"
)


def lines(count: int = 5) -> list[Line]:
    """The rows for so many pages; milliseconds a page."""
    return [line for line, _ in measured(count)]


def measured(count: int) -> Iterator[tuple[Line, str]]:
    """Each row, and what else there is to say of it."""
    scans = max(1, count // 10)
    for what, data, pages, budget in (
        ("text", _typeset(HEAD, count), count, BUDGET),
        ("text, red head and seal", _typeset(HEAD, count, RED), count, BUDGET),
        ("scan in colour", _scanned(scans), scans, SCAN),
    ):
        begin = time.process_time()
        marks = redaction.find(data, NAMES).marks or (redaction.Mark(1, 100, 100, 200, 120),)
        sought = time.process_time() - begin
        begin = time.process_time()
        done = redaction.redact(data, marks, kind="pdf")
        took = time.process_time() - begin
        begin = time.process_time()
        with opened(data) as file:
            for size in file.sizes:
                file.draw(size.number, *file.pixels(size.number, redaction.DOTS))
        bare = time.process_time() - begin
        name = f"redact a page of {what}"
        yield (
            Line(name, 1000 * took / pages, "drawing it once", 1000 * bare / pages, budget),
            f"{pages} pages {took:.1f} s, found {len(marks)} marks in {sought:.2f} s, "
            f"{len(data) // 1024:,} KB became {len(done.data) // 1024:,} KB, "
            f"{len(done.data) // 1024 // pages:,} KB a page",
        )


def _typeset(head: str, count: int, top: str = "") -> bytes:
    import typst

    pick = random.Random(1)
    told = "关于申请公开征地批复及补偿安置方案等政府信息的答复，请予查收并签字确认。"
    body = [
        top + "".join(pick.choice((*NAMES, told, "电话13800138000，", told)) for _ in range(18))
        for _ in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.typ")
        file.write_text(head + "\n#pagebreak()\n".join(body), encoding="utf-8")
        made: bytes = typst.compile(str(file), font_paths=[str(FONTS)], ignore_system_fonts=True)
    return made


def _scanned(count: int) -> bytes:
    """Pages of text as a scanner gives them: paper that is not white, and its grain; as JPG."""
    import io

    import pypdfium2
    from PIL import Image, ImageChops

    with pypdfium2.PdfDocument(_typeset(HEAD, 1)) as document:
        page = document[0].render(scale=200 / 72).to_pil().convert("RGB")
    paper = Image.blend(page, Image.new("RGB", page.size, (236, 228, 210)), 0.3)
    grain = Image.merge("RGB", [Image.effect_noise(page.size, 14) for _ in range(3)])
    scan = ImageChops.add(paper, grain, 1, -128)
    made = io.BytesIO()
    scan.save(
        made, "PDF", save_all=True, append_images=[scan] * (count - 1), quality=75, resolution=200
    )
    return made.getvalue()


if __name__ == "__main__":
    import resource

    parser = argparse.ArgumentParser(prog="python -m bench.redaction")
    parser.add_argument("--quick", action="store_true")
    for line, more in measured(10 if parser.parse_args().quick else 100):
        print(f"{line.what}: {line.took:.0f} ms; {line.reference}: {line.bare:.0f} ms; {more}")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
