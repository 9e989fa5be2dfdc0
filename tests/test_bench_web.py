"""服务的速度: who measures it is told by the exit code whether every page keeps its promise."""

from __future__ import annotations

import re
import sys

import pytest

from bench import load, web
from tests.command import ROOT

PAGE = web.Page("organs", "/organs/", "/bare/organs/", 0.2, "")
BARE = load.Load(rate=100, p50=5, p99=10)


@pytest.mark.parametrize(
    ("ours", "code", "marked"),
    [
        (load.Load(rate=20, p50=40, p99=150), 0, 0),
        (load.Load(rate=19, p50=40, p99=150), 1, 1),
        (load.Load(rate=20, p50=40, p99=151), 1, 1),
        (load.Load(rate=19, p50=40, p99=151), 1, 2),
    ],
)
def test_a_page_slower_than_promised_ends_the_bench_with_1(
    ours: load.Load,
    code: int,
    marked: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = web.Row("SQLite", PAGE, ours, BARE)
    monkeypatch.setattr(web, "databases", lambda: [("SQLite", "")])
    monkeypatch.setattr(web, "measure", lambda *asked: [row])
    monkeypatch.setattr(sys, "argv", ["bench.web"])
    assert web.main() == code
    told = capsys.readouterr()
    assert told.out.count(" !") == marked
    assert ("SQLite: organs" in told.err) is bool(code)


def test_every_target_that_is_written_of_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "bench").glob("*.py")]
    told = {
        name
        for page in pages
        for name in re.findall(r"(?:`|\()make ([a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert "bench-web" in told and told - targets == set()
    listed = re.findall(r"^\| (`make .*?) \|", _operations(), re.M)
    assert len(listed) == len(set(listed)), "each stands once"


def _operations() -> str:
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_a_block_of_code_is_whole() -> None:
    """A line of a unit file that lost its indent falls out of its block."""
    (unit,) = re.findall(r"^    \[Unit\]\n(?:(?:    .*)?\n)+", _operations(), re.M)
    assert "RestartPreventExitStatus=2" in unit and "WantedBy=default.target" in unit
