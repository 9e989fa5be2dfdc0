"""种子: the sound and the small hostile files that the fuzzer starts from, made anew each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongkai.convert.tests import hostile
from gongkai.statute import read
from gongkai.statute.tests import ofd_sources
from gongkai.statute.writers import json as json_writer

EXAMPLES = Path(__file__).parents[1] / "examples"
LARGEST = 24 << 10  # bytes of a file of the corpus: more is slow to change and to read


def files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each seed, none larger than `LARGEST`."""
    for name, data in _all():
        if 0 < len(data) <= LARGEST:
            yield name, data


def _all() -> Iterator[tuple[str, bytes]]:
    for file in sorted(EXAMPLES.iterdir()):
        if not file.is_file() or file.suffix == ".md":
            continue
        data = file.read_bytes()
        yield file.name, data
        report = read(data, name=file.name)[0]
        line = json_writer.dump_line(report, "zh").encode()
        yield f"{file.stem}.json", line
        yield f"{file.stem}-cut.json", line[: LARGEST // 2]
    for name, (data, _) in _small().items():
        yield name, data
    text = (EXAMPLES / "01_housing_levy_2020.txt").read_text(encoding="utf-8")
    for encoding in ("gb18030", "utf-16", "big5"):
        yield f"{encoding}.txt", text.encode(encoding, "ignore")
    page = (EXAMPLES / "08_archives_2019.html").read_bytes()
    mime = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\n"
    yield "page.mht", mime + b"Content-Type: text/html; charset=utf-8\n\n" + page + b"\n--a--\n"
    rows = [line.split() for line in text.splitlines() if line.strip()]
    yield "rows.csv", "\n".join(",".join(row) for row in rows).encode()
    yield "rows.md", "\n".join("|" + "|".join(row) + "|" for row in rows).encode()
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in (["一、行政许可", "5"], ["二、行政处罚", "12"])
    )
    yield "rows.ods", hostile.ods(cells)
    yield "line.ofd", ofd_sources.one(ofd_sources.text("一、行政许可", 20, 20))
    yield "print.ofd", ofd_sources.from_pdf((EXAMPLES / "06_city_2024.pdf").read_bytes(), "line")
    yield "boxes.pdf", hostile.boxes()
    yield "lines.pdf", hostile.pages(2, b"0 0 100 100 re S 10 10 50 50 re f ")


def _small() -> dict[str, tuple[bytes, str]]:
    """The hostile files that are hostile without being large to make."""
    names = {"span.docx", "span.html", "merged.xlsx", "corner.xlsx", "rows.ods", "blank.ods"}
    names |= {"tables.docx", "controls.docx", "exponent.json", "tree.pdf", "paths.zip"}
    names |= {"encrypted.docx", "encrypted.zip", "outside.docx", "laughs.docx", "laughs.xml"}
    groups = (hostile.BOMBS, hostile.WIDE, hostile.DEEP, hostile.NAMES)
    return {n: (made(), want) for g in groups for n, (made, want) in g.items() if n in names}
