"""原件: every figure that was read is found again in what is shown of the file."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest

from gongkai.convert import reading
from gongkai.statute.report import AnnualReport, State
from gongkai.web.desk import original, original_page
from gongkai.web.desk.original_page import Seen, Spot
from gongkai.web.desk.tests import deskwork

EXAMPLES = sorted(
    p for p in deskwork.EXAMPLES.rglob("*") if p.suffix in (".txt", ".docx", ".html", ".xlsx")
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def file(data: bytes, name: str, member: str = "") -> original.File:
    return original.File(hashlib.sha256(data).hexdigest(), name, lambda: data, member)


def read(data: bytes, name: str) -> AnnualReport:
    found = reading.read(data, name=name)[0]
    assert isinstance(found, AnnualReport)
    return found


def seen(data: bytes, name: str) -> tuple[AnnualReport, Seen]:
    report = read(data, name)
    spots = [Spot(a, cell.place, a) for a, cell in report.cells.items()]
    return report, original_page.matched(original.layout(file(data, name)), report.cells, spots)


def html(found: Seen) -> str:
    return original_page.html(found, link=lambda s: f"?cell={s.key}", picture=lambda n: f"/{n}")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_every_figure_leads_to_a_square_that_shows_it(path: Path) -> None:
    report, found = seen(path.read_bytes(), path.name)
    squares = {
        f"o-t{t}r{r}c{c}": one.text.strip() for (t, r, c), one in found.layout.squares.items()
    }
    given = {a: c for a, c in report.cells.items() if c.state is not State.ABSENT}
    assert len(given) > 100
    wrong = [
        a for a, cell in given.items() if squares.get(found.anchors.get(a, "")) != cell.raw.strip()
    ]
    assert wrong == []


def test_the_boxes_of_a_pdf_lie_on_its_pages() -> None:
    path = deskwork.EXAMPLES / "06_city_2024.pdf"
    report, found = seen(path.read_bytes(), path.name)
    assert len(found.anchors) == len(report.cells)
    sizes = {page.number: page for page in found.layout.pages}
    for cell in report.cells.values():
        left, top, right, bottom = cell.place.bbox or (0, 0, 0, 0)
        page = sizes[cell.place.page or 0]
        assert 0 <= left < right <= page.width and 0 <= top < bottom <= page.height
    drawn = original.picture(file(path.read_bytes(), path.name), 1)
    width, height = int.from_bytes(drawn[16:20], "big"), int.from_bytes(drawn[20:24], "big")
    assert drawn.startswith(b"\x89PNG") and abs(width / height - 595 / 842) < 0.01


def test_a_page_that_is_none_is_told() -> None:
    path = deskwork.EXAMPLES / "06_city_2024.pdf"
    with pytest.raises(LookupError):
        original.picture(file(path.read_bytes(), path.name), 99)
    document = deskwork.EXAMPLES / "07_water_bureau_2023.docx"
    with pytest.raises(LookupError):
        original.picture(file(document.read_bytes(), document.name), 1)


def test_nothing_of_a_file_is_mark_up() -> None:
    page = (deskwork.EXAMPLES / "08_archives_2019.html").read_text("utf-8")
    evil = "&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    changed = page.replace("一、总体情况", f"一、总体情况</p><p>{evil}").encode()
    _report, found = seen(changed, "a.html")
    shown = html(found)
    assert "alert(1)" in shown and "<script" not in shown and "<img" not in shown


def test_a_file_of_an_archive_is_shown_alone() -> None:
    document = (deskwork.EXAMPLES / "07_water_bureau_2023.docx").read_bytes()
    packed = deskwork.archive({"甲/水利局.docx": document, "乙.txt": b"x"})
    alone = original.layout(file(document, "水利局.docx"))
    inside = original.layout(file(packed, "全区.zip", "全区.zip/甲/水利局.docx"))
    assert inside.blocks == alone.blocks and inside.blocks
    assert original.layout(file(packed, "全区.zip", "没有.docx")).why is not None


def test_what_was_drawn_is_kept_within_bounds(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deskwork.EXAMPLES / "06_city_2024.pdf"
    one = file(path.read_bytes(), path.name)
    first = original.picture(one, 1)
    again = original.File(one.sha256, one.name, lambda: b"gone")
    assert original.picture(again, 1) == first, "not drawn twice"
    monkeypatch.setattr(original, "CACHE_MOST", len(first) + 10)
    original.picture(one, 2)
    held = sum(p.stat().st_size for p in original.cache().iterdir())
    assert held <= len(first) + 10


def test_a_picture_is_a_png_that_others_open() -> None:
    image = pytest.importorskip("PIL.Image")
    pixels = bytes([255, 0, 0, 9, 0, 255, 0, 9])  # red, green, each with a byte unused
    with image.open(io.BytesIO(original.png(2, 1, 4, 8, pixels))) as opened:
        assert opened.convert("RGB").getpixel((0, 0)) == (255, 0, 0)
        assert opened.convert("RGB").getpixel((1, 0)) == (0, 255, 0)
