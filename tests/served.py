"""The service as real processes, for the tests of `gongkai serve` and of the wheel."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongkai.web.environment import SETTINGS
from tests.command import ROOT


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def environment(home: Path, **changed: str) -> dict[str, str]:
    """This process's environment without the settings the tests themselves run with."""
    ours = {s.name for s in SETTINGS} | {"DJANGO_SETTINGS_MODULE", "LC_ALL", "MAKELEVEL"}
    ours |= {"PYTHONWARNINGS"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"GONGKAI_HOME": str(home), "GONGKAI_LANG": "zh"} | changed


def heard() -> None:
    """Signals as a person's shell leaves them, also where the tests run in the background."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


@dataclass(slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(slots=True)
class Browser:
    """浏览器: keeps cookies, follows no redirect."""

    base: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path: str) -> Answer:
        return self._asked(urllib.request.Request(self.base + path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        token = next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self._asked(urllib.request.Request(self.base + path, sent))

    def _asked(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            _Stay(),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )
        try:
            with opener.open(request, timeout=30) as response:
                return Answer(response.status, dict(response.headers), response.read().decode())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, dict(refused.headers), refused.read().decode())


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(slots=True)
class Service:
    """运行中的服务: the process, where it answers, and what it wrote."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path
    log: Path

    @property
    def browser(self) -> Browser:
        return Browser(f"http://127.0.0.1:{self.port}")

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.browser.get("/healthz").text)
        return found

    def children(self) -> dict[int, str]:
        """Every process below ours: id -> command line."""
        return below(self.process.pid)

    def one(self, pattern: str, *, parent: int | None = None) -> int:
        """The process whose command line matches, a child of ``parent`` (ours where None)."""
        of = self.process.pid if parent is None else parent
        return next(pid for pid, line in below(of, deep=False).items() if re.search(pattern, line))

    def ended(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)  # seconds; a busy machine takes long to end as well

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


def below(pid: int, *, deep: bool = True) -> dict[int, str]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    found: dict[int, str] = {}
    parents = {pid}
    while True:
        new = {
            int(r[0]): r[3]
            for r in rows
            if int(r[1]) in parents and int(r[0]) not in found and not r[2].startswith("Z")
        }
        found |= new
        parents = set(new)
        if not new or not deep:
            return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(true: Any, seconds: float = 20) -> bool:
    """Whether something becomes true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError, StopIteration):
            if true():
                return True
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def serving(
    home: Path,
    *arguments: str,
    python: Sequence[str] = (sys.executable, "-m", "gongkai"),
    cwd: Path = ROOT,
    **changed: str,
) -> Iterator[Service]:
    """`gongkai serve` on a free port, ended with everything below it."""
    home.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), home.parent / f"{home.name}.log"
    command = [*python, "serve", "--port", str(port), *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(home, **changed),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=heard,
        )
    service = Service(process, port, home, log)
    left: dict[int, str] = {}
    try:
        ready = until(lambda: "按 Ctrl-C 停止" in service.said() or process.poll() is not None, 60)
        assert ready and process.poll() is None, service.said()
        yield service
    finally:
        left = service.children()
        if process.poll() is None:
            service.ended()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
