"""速度: how long each step takes, each beside its reference in the same process.

    python -m bench              the whole table (make bench)
    python -m bench --quick      350 reports in the batch instead of 3,500
    python -m bench --json       the same as JSON
    python -m bench --readme     write the table into both READMEs, between their markers

A reference is the least any reader must do: open the container and walk what is in it. What our
step costs beyond it is the price of understanding the report.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench import bare, docx_writing, ocr, pdf_writing, redaction, sheet_writing, sums
from bench.line import Line, median
from gongkai.statute import check, read
from gongkai.statute.report import AnnualReport

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SHARES = {".docx": 0.6, ".html": 0.2, ".pdf": 0.2}
BUDGETS = {".txt": 10.0, ".html": 10.0, ".docx": 10.0, ".xlsx": 10.0, ".pdf": 60.0}
"""Milliseconds a report may take, by carrier (issue 2)."""


def main() -> None:
    """Measure, print, and write where told."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    lines = [
        *_reading(),
        _checking(),
        *docx_writing.lines(),
        *sheet_writing.lines(),
        *pdf_writing.lines(),
        *sums.lines(300 if asked.quick else 3000),
        *ocr.lines(),
        *redaction.lines(),
        _batch(350 if asked.quick else 3500),
        _help(),
    ]
    if asked.as_json:
        measured = [asdict(line) | {"ratio": line.ratio} for line in lines]
        print(json.dumps({"machine": _machine(), "lines": measured}, ensure_ascii=False, indent=1))
    else:
        print(_table(lines))
    if asked.readme:
        for name in ("README.md", "README.zh-CN.md"):
            _write_into(ROOT / name, _table(lines))


# -- the measurements


def _reading() -> list[Line]:
    """Each carrier: the slowest of our examples of its kind, so that nothing hides in a mean."""
    lines = []
    for suffix, budget in BUDGETS.items():
        slowest: Line | None = None
        for file in sorted(EXAMPLES.glob(f"*{suffix}")):
            data = file.read_bytes()
            name = f"read {suffix}, {len(data) // 1024} KB"
            took = median(partial(read, data, name=file.name))
            reference, walk = bare.WALKS[suffix]
            line = Line(name, took, reference, median(partial(walk, data)), budget)
            if slowest is None or line.took > slowest.took:
                slowest = line
        if slowest is not None:
            lines.append(slowest)
    return lines


def _checking() -> Line:
    """All rules on the report that takes them longest."""
    reports = [r for f in _examples() for r in read(f.read_bytes(), name=f.name)]
    slowest = max(reports, key=lambda report: median(partial(check, report), least=3))
    return Line(
        "check",
        median(partial(check, slowest)),
        "one pass over all cells",
        median(partial(_one_pass, slowest)),
        2.0,
    )


def _one_pass(report: AnnualReport) -> int:
    return sum(int(cell.value) for cell in report.cells.values() if cell.value is not None)


def _batch(count: int) -> Line:
    """The command on a folder of copies, two processes; beside it one process per copy's parse."""
    with tempfile.TemporaryDirectory() as folder:
        files = _copies(Path(folder), count)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "gongkai.cli", "check", folder, "--json", "-j", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        took = (time.perf_counter() - start) * 1000
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode())
        start = time.perf_counter()
        for file in files:
            bare.WALKS[file.suffix][1](file.read_bytes())
        parse = (time.perf_counter() - start) * 1000
    return Line(
        f"check {count:,} files, -j 2",
        took,
        "bare parse, one process",
        parse,
        90_000 * count / 3500,
    )


def _copies(folder: Path, count: int) -> list[Path]:
    made = []
    for suffix, share in SHARES.items():
        originals = sorted(EXAMPLES.glob(f"*{suffix}"))
        for number in range(round(count * share)):
            copy = folder / f"{number:05}{suffix}"
            shutil.copyfile(originals[number % len(originals)], copy)
            made.append(copy)
    return made


def _help() -> Line:
    def run(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True
        )

    return Line(
        "gongkai --help",
        median(run("-m", "gongkai.cli", "--help"), least=9, clock=time.perf_counter),
        "python -c pass",
        median(run("-c", "pass"), least=9, clock=time.perf_counter),
        200.0,
    )


def _examples() -> list[Path]:
    return [f for f in sorted(EXAMPLES.iterdir()) if f.suffix in BUDGETS]


# -- the table


def _table(lines: Sequence[Line]) -> str:
    head = ["", "ms", "may take", "reference", "ms", "ratio"]
    rows = [
        [
            line.what,
            _figure(line.took),
            _figure(line.budget),
            line.reference,
            "" if line.bare is None else _figure(line.bare),
            "" if line.ratio is None else _figure(line.ratio),
        ]
        for line in lines
    ]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    right = (1, 2, 4, 5)

    def row(cells: Sequence[str]) -> str:
        padded = [
            c.rjust(w) if at in right else c.ljust(w)
            for at, (c, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return "| " + " | ".join(padded) + " |"

    rule = [("-" * (w - 1) + ":") if at in right else "-" * w for at, w in enumerate(widths)]
    return "\n".join([_machine(), "", row(head), row(rule), *(row(cells) for cells in rows)])


def _figure(number: float) -> str:
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 1 else f"{number:.2f}"
    )


def _machine() -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists() and (found := re.search(r"model name\s*: (.*)", info.read_text())):
        model = found[1]
    return f"{model}, {os.cpu_count()} cores, CPython {platform.python_version()}"


def _write_into(file: Path, table: str) -> None:
    text = file.read_text(encoding="utf-8")
    begin, end = "<!-- bench -->\n", "<!-- /bench -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{file.name} has no {begin.strip()} … {end}")
    file.write_text(f"{before}{begin}{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
