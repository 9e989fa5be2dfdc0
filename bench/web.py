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
from collections.abc import Callable, Iterator, Sequence
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
    """一页: what it is called, its address, its bare view's, the share of the bare rate it owes.

    ``forms`` and ``bare_forms`` give what is sent instead, where forms are.
    """

    name: str
    path: str
    bare: str
    owes: float
    cookie: str
    forms: Callable[[], load.Form | None] | None = None
    bare_forms: Callable[[], load.Form | None] | None = None


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
    data = ["bench.web_data", str(asked.rows)]
    rows = [r for one in databases() for r in measure(*one, data, pages, asked.seconds)]
    caption = f"{asked.rows:,} organs, {asked.rows:,} people"
    return told(rows, caption, "bench-web" if asked.readme else "")


def told(rows: Sequence[Row], caption: str, marker: str) -> int:
    """Prints the table, writes it between a marker of the READMEs where one is given; 1 where a
    page misses what it owes."""
    table = written(rows, caption)
    print(table)
    if marker:
        for name in ("README.md", "README.zh-CN.md"):
            write_into(ROOT / name, table, marker)
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


def measure(
    database: str,
    url: str,
    data: Sequence[str],
    pages: Callable[[Sequence[str]], list[Page]],
    seconds: float,
) -> list[Row]:
    """Every page on one database, in a home of its own; ``data`` is the module that fills it and
    its arguments, ``pages`` makes the pages of the last line it prints, parted by tabs."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "GONGKAI_HOME": folder,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "bench.web_settings",
        }
        made = subprocess.run(
            [sys.executable, "-m", *data],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        with serving(env) as port:
            return [
                Row(
                    database,
                    page,
                    load.run(port, page.path, page.cookie, seconds=seconds, forms=page.forms),
                    load.run(port, page.bare, page.cookie, seconds=seconds, forms=page.bare_forms),
                )
                for page in pages(made.stdout.splitlines()[-1].split("\t"))
            ]


def pages(made: Sequence[str]) -> list[Page]:
    """What is measured."""
    code, person, cursor, cookie = made
    after = f"?after={quote(cursor)}"
    rows = [
        ("organs, first page", "/organs/", "/bare/organs/", LIST),
        ("organs, last page", "/organs/?at=last", "/bare/organs/?last", LIST),
        ("organs, from the middle", f"/organs/{after}", "/bare/organs/", LIST),
        ("one organ", f"/organs/{code}/", f"/bare/organs/{code}/", DETAIL),
        ("people, first page", "/organs/people/", "/bare/people/", LIST),
        ("people, last page", "/organs/people/?at=last", "/bare/people/?last", LIST),
        ("one person", f"/organs/people/{person}/", f"/bare/people/{person}/", DETAIL),
    ]
    return [Page(*row, cookie) for row in rows]


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
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def written(rows: Sequence[Row], caption: str) -> str:
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
            f"{r.page.owes}" if r.page.owes else "",
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
            f"{_machine()}; {caption}, 2 workers, 4 connections",
            "",
            line(head),
            f"{rule} |",
            *(line(cells) for cells in body),
        ]
    )


def write_into(file: Path, table: str, marker: str) -> None:
    """Between the markers of a README."""
    text = file.read_text(encoding="utf-8")
    found = re.sub(
        rf"(<!-- {marker} -->\n).*?(<!-- /{marker} -->)",
        lambda m: f"{m[1]}{table}\n{m[2]}",
        text,
        flags=re.DOTALL,
    )
    file.write_text(found, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
