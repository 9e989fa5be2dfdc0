"""交来到读完: 500 Word files go through the page, the queue reads them, all are ready.

    python -m bench.desk_intake             500 files (make bench-desk, at its end)
    python -m bench.desk_intake --files 50  fewer

The whole service runs as `gongkai serve` starts it, pages and worker; the files are sent as the
page sends them, one request each, two at once. Beside it the command reads the same files, from
the disk, with two processes: what no service could undercut.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue

from bench.__main__ import _machine

AIM = 30.0  # seconds, for 500
AT_ONCE = 2  # requests, as the page has


def main() -> int:
    """Measure and print; 1 where it takes longer than promised."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk_intake", description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    count = parser.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        reports = Path(folder, "reports")
        env = {**os.environ, "GONGKAI_HOME": str(home)}
        env |= {"DJANGO_SETTINGS_MODULE": "gongkai.web.settings"}
        made = subprocess.run(
            [sys.executable, "-c", _MAKE, str(reports), str(count)],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        cookie = made.stdout.splitlines()[-1]
        files = sorted(reports.iterdir())
        alone = _command(reports)
        with _serving(env) as port:
            sent, ready = _handed_in(port, cookie, files)
    print(f"{_machine()}; {count} DOCX over HTTP, SQLite, load {os.getloadavg()[0]:.1f}")
    print(f"sent after {sent:.1f} s, all ready after {ready:.1f} s; aim {AIM * count / 500:.0f} s")
    print(f"the command reads them in {alone:.1f} s: ratio {alone / ready:.2f}")
    return int(ready > AIM * count / 500)


def make(folder: Path, count: int) -> None:
    """The files, their organs and a supervisor; prints the cookie of a session."""
    import django

    django.setup()
    from datetime import date

    from django.core.management import call_command

    from bench.web_data import cookie
    from gongkai.statute import writers
    from gongkai.statute.tests import consistent
    from gongkai.web.accounts.models import Account
    from gongkai.web.organs import synthetic
    from gongkai.web.organs.models import Appointment, Organ

    call_command("migrate", verbosity=0)
    top = synthetic.fill(organs=count + 1, people=10).top
    account = Account.objects.create_user("bench-supervisor", None, name="示例")
    Appointment.objects.create(
        account=account, organ=top, role="supervisor", valid_from=date(2020, 1, 1)
    )
    folder.mkdir()
    for at, organ in enumerate(Organ.objects.exclude(pk=top.pk).order_by("path")):
        one = consistent.report("2021", at, organ=organ.name, year=2024)
        title = f"{organ.name}2024年政府信息公开工作年度报告"
        one = replace(one, title=title, organ_names=(organ.name,))
        folder.joinpath(f"{at:04d}.docx").write_bytes(writers.write(one, to="docx").data)
    print(cookie(account))


_MAKE = """
import sys
from pathlib import Path
from bench.desk_intake import make
make(Path(sys.argv[1]), int(sys.argv[2]))
"""


def _command(folder: Path) -> float:
    begin = time.perf_counter()
    command = [sys.executable, "-m", "gongkai", "read", str(folder), "--json", "--jobs", "2"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


@contextmanager
def _serving(env: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "serve", "--port", str(port)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        time.sleep(3)  # the worker has started too
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


class _Browser:
    """Signed in; a connection for each request, as the service closes them."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port = port
        self.cookie = cookie
        page = self.get("/desk/hand-in/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, "the page has no form"
        self.token = found[1]

    def get(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": self.cookie, "Host": "localhost"})
        answer = connection.getresponse()
        set_cookie = answer.getheader("Set-Cookie") or ""
        if "csrftoken=" in set_cookie:
            self.cookie += "; " + set_cookie.partition(";")[0]
        said = answer.read().decode()
        assert answer.status == 200, f"{path}: {answer.status}"
        return said

    def post(self, path: str, file: Path | None = None) -> dict[str, str]:
        mark = secrets.token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (
                ("csrfmiddlewaretoken", self.token),
                ("_once", secrets.token_urlsafe(32)),
            )
        ]
        if file is not None:
            head = f'Content-Disposition: form-data; name="files"; filename="{file.name}"'
            parts.append(f"--{mark}\r\n{head}\r\n\r\n".encode() + file.read_bytes() + b"\r\n")
        parts.append(f"--{mark}--\r\n".encode())
        headers = {
            "Cookie": self.cookie,
            "Host": "localhost",
            "Content-Type": f"multipart/form-data; boundary={mark}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", path, b"".join(parts), headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 200, f"{path}: {answer.status} {said[:200]!r}"
        return json.loads(said)  # type: ignore[no-any-return]


def _handed_in(port: int, cookie: str, files: list[Path]) -> tuple[float, float]:
    """Seconds until the last file was sent, and until all were read."""
    first = _Browser(port, cookie)
    left: Queue[Path] = Queue()
    for file in files:
        left.put(file)
    begin = time.perf_counter()
    opened = first.post("/desk/batches/new/")
    threads = [
        threading.Thread(target=_send, args=(_Browser(port, cookie), opened["add"], left))
        for _ in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = time.perf_counter() - begin
    while _waiting(first.get(f"{opened['page']}progress/")):
        time.sleep(0.5)
        if time.perf_counter() - begin > 600:
            raise SystemExit("not ready after ten minutes")
    return sent, time.perf_counter() - begin


def _send(browser: _Browser, address: str, left: Queue[Path]) -> None:
    while True:
        try:
            file = left.get_nowait()
        except Empty:
            return
        browser.post(address, file)


def _waiting(page: str) -> bool:
    return "hx-get=" in page.partition(">")[0]


if __name__ == "__main__":
    sys.exit(main())
