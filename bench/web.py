"""服务的速度: the pages of organs and people over many rows, each beside its bare view.

    python -m bench.web              100,000 organs and people, both databases (make bench-web)
    python -m bench.web --rows 2000  fewer
    python -m bench.web --readme     write the table into both READMEs, between their markers

Two gunicorn workers, four connections, each answered before the next is asked. The bare view runs
in the same workers, fetches the same rows and prints them without anything around them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench import load
from bench.__main__ import _machine
from tests import postgres

ROOT = Path(__file__).parents[1]
LIST, DETAIL, MOST = 0.2, 0.4, 150.0


@dataclass(frozen=True)
class Page:
    """一页: what it is called, its address, its bare view's, the share of the bare rate it owes."""

    name: str
    path: str
    bare: str
    owes: float


@dataclass(frozen=True)
class Row:
    """一行: a page measured on one database."""

    database: str
    page: Page
    ours: load.Load
    bare: load.Load

    @property
    def ratio(self) -> float:
        return self.ours.rate / self.bare.rate

    @property
    def late(self) -> bool:
        return self.ours.p99 > MOST

    @property
    def slow(self) -> bool:
        return self.ratio < self.page.owes


def main() -> int:
    """Measure, print, and write where told; 1 where a page misses what it owes."""
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    rows = [row for one in databases() for row in measure(*one, asked.rows, asked.seconds)]
    table = written(rows, asked.rows)
    print(table)
    if asked.readme:
        for name in ("README.md", "README.zh-CN.md"):
            write_into(ROOT / name, table)
    missed = [f"{r.database}: {r.page.name}" for r in rows if r.late or r.slow]
    if missed:
        print(f"slower than promised: {', '.join(missed)}", file=sys.stderr)
    return int(bool(missed))


def databases() -> Iterator[tuple[str, str]]:
    """Name and address; PostgreSQL where its programs are found."""
    yield "SQLite", ""
    programs = postgres.found()
    if programs is None:
        print("PostgreSQL was not found and is left out", file=sys.stderr)
        return
    with postgres.running(programs) as url:
        yield "PostgreSQL", url


def measure(database: str, url: str, rows: int, seconds: float) -> list[Row]:
    """Every page on one database, in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "GONGKAI_HOME": folder,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "bench.web_settings",
        }
        made = subprocess.run(
            [sys.executable, "-m", "bench.web_data", str(rows)],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        code, person, cursor, cookie = made.stdout.split()[-4:]
        with serving(env) as port:
            return [
                Row(
                    database,
                    page,
                    load.run(port, page.path, cookie, seconds=seconds),
                    load.run(port, page.bare, cookie, seconds=seconds),
                )
                for page in pages(code, person, cursor)
            ]


def pages(code: str, person: str, cursor: str) -> list[Page]:
    """What is measured."""
    after = f"?after={quote(cursor)}"
    return [
        Page("organs, first page", "/organs/", "/bare/organs/", LIST),
        Page("organs, last page", "/organs/?at=last", "/bare/organs/?last", LIST),
        Page("organs, from the middle", f"/organs/{after}", "/bare/organs/", LIST),
        Page("one organ", f"/organs/{code}/", f"/bare/organs/{code}/", DETAIL),
        Page("people, first page", "/organs/people/", "/bare/people/", LIST),
        Page("people, last page", "/organs/people/?at=last", "/bare/people/?last", LIST),
        Page("one person", f"/organs/people/{person}/", f"/bare/people/{person}/", DETAIL),
    ]


@contextlib.contextmanager
def serving(env: dict[str, str]) -> Iterator[int]:
    """Two gunicorn workers on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "gongkai.web.wsgi", "-w", "2"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "warning"]
    server = subprocess.Popen(command, env=env, cwd=ROOT)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def written(rows: Sequence[Row], count: int) -> str:
    """The table."""
    head = ["", "requests/s", "p50 ms", "p99 ms", "bare/s", "ratio", "aim"]
    body = [
        [
            f"{r.database}: {r.page.name}",
            f"{r.ours.rate:,.0f}",
            f"{r.ours.p50:.0f}",
            f"{r.ours.p99:.0f}" + (" !" if r.late else ""),
            f"{r.bare.rate:,.0f}",
            f"{r.ratio:.2f}" + (" !" if r.slow else ""),
            f"{r.page.owes}",
        ]
        for r in rows
    ]
    widths = [max(len(line[at]) for line in [head, *body]) for at in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        told = [
            c.rjust(w) if at else c.ljust(w)
            for at, (c, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return "| " + " | ".join(told) + " |"

    rule = "| " + " | ".join(
        ("-" * (w - 1) + ":") if at else "-" * w for at, w in enumerate(widths)
    )
    return "\n".join(
        [
            f"{_machine()}; {count:,} organs, {count:,} people, 2 workers, 4 connections",
            "",
            line(head),
            f"{rule} |",
            *(line(cells) for cells in body),
        ]
    )


def write_into(file: Path, table: str) -> None:
    """Between the markers of a README."""
    text = file.read_text(encoding="utf-8")
    found = re.sub(
        r"(<!-- bench-web -->\n).*?(<!-- /bench-web -->)",
        lambda m: f"{m[1]}{table}\n{m[2]}",
        text,
        flags=re.DOTALL,
    )
    file.write_text(found, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
