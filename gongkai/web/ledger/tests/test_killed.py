"""强行结束: the service killed amid fifty writes and uploads; each acknowledged is there once."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import io
import json
import os
import queue
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from gongkai.web.tests import served

MODULE = f"{__package__}.killed"
HANDED_IN, IMPORTS = 40, 10
KILLS = (12, 34)  # after so many are acknowledged
IMPORT = "/organs/imports/new/"
CSRF = "k" * 32


class Service:
    """The service as a group of processes, on one port for all its lives."""

    def __init__(self, environ: dict[str, str], home: Path) -> None:
        self.environ, self.log = environ, home / "served.log"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["-m", "gunicorn", f"{MODULE}:service()", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--workers", "2", "--threads", "4"]
                + ["--preload", "--no-control-socket"],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        served._wait(self.address, self.process, self.log)

    def kill(self) -> None:
        """All of it at once, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Clients:
    """Who sends: each sends a form until it is acknowledged, the same form each time."""

    def __init__(self, service: Service, sessions: dict[str, str]) -> None:
        self.service, self.sessions = service, sessions
        self.waiting: queue.SimpleQueue[tuple[str, str, str, bytes]] = queue.SimpleQueue()
        self.numbers: dict[str, int] = {}  # of a file's name
        self.imported: set[str] = set()
        self.broken_off = 0
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    @property
    def acknowledged(self) -> int:
        return len(self.numbers) + len(self.imported)

    def run(self) -> None:
        while True:
            try:
                who, address, name, data = self.waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self._sent(who, address, name, data)
            except Exception as fault:
                self.wrong.append(f"{name}: {fault!r}")

    def _sent(self, who: str, address: str, name: str, data: bytes) -> None:
        form = {"_once": secrets.token_urlsafe(32), "file": SimpleUploadedFile(name, data)}
        body = encode_multipart(BOUNDARY, form)
        until = time.monotonic() + 120
        while True:
            asked = urllib.request.Request(
                self.service.address + address,
                body,
                {
                    "Content-Type": MULTIPART_CONTENT,
                    "Cookie": f"sessionid={self.sessions[who]}; csrftoken={CSRF}",
                    "X-CSRFToken": CSRF,
                },
            )
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    self._acknowledged(name, answer.geturl(), answer.read())
                return
            except urllib.error.HTTPError as refused:
                with refused:
                    if refused.code != 503 or time.monotonic() > until:
                        raise
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
            with self._lock:
                self.broken_off += 1
            time.sleep(0.1)

    def _acknowledged(self, name: str, address: str, page: bytes) -> None:
        with self._lock:
            if name.endswith(".xlsx"):
                assert re.search(r"/imports/\d+", address), address
                self.imported.add(name)
            else:
                self.numbers[name] = json.loads(page)["number"]


def workbook(text: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("机关").write(0, 0, text)
    book.close()
    return out.getvalue()


def content(number: int) -> bytes:
    """Two files of each content, some larger than a pipe holds."""
    filling = f"<p>第 {number // 2} 份</p>" * (1 if number % 3 else 20_000)
    return f"<html><body>{filling}{number // 2}</body></html>".encode()


def run(environ: dict[str, str], what: str) -> Any:
    return json.loads(served._run(["-m", MODULE, what], environ))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs POSIX")
def test_fifty_writes_and_uploads_outlive_two_kills(tmp_path: Path) -> None:
    with served._database() as address:
        own = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_")}
        environ = {**own, **address, "GONGKAI_HOME": str(tmp_path)}
        sessions = run(environ, "build")
        service = Service(environ, tmp_path)
        clients = Clients(service, sessions)
        for number in range(HANDED_IN):
            clients.waiting.put(("handler", "/hand-in", f"{number}.html", content(number)))
            if number % 4 == 0:
                name = f"机关{number}.xlsx"
                form = ("administrator", IMPORT, name, workbook(name))
                clients.waiting.put(form)
        threads = [threading.Thread(target=clients.run) for _ in range(4)]
        try:
            service.start()
            for thread in threads:
                thread.start()
            for kill in KILLS:
                while clients.acknowledged < kill and any(t.is_alive() for t in threads):
                    time.sleep(0.002)
                service.kill()
                service.start()
            for thread in threads:
                thread.join()
        finally:
            service.kill()
        found = run(environ, "inspect")
    assert clients.wrong == []
    assert clients.broken_off >= len(KILLS)  # each met somebody amid a request
    assert clients.acknowledged == HANDED_IN + IMPORTS

    # Each stands there once, under the number that was told, told by one event, its file whole.
    held = {name: (subject, told, sha256) for subject, name, told, sha256 in found["held"]}
    assert len(found["held"]) == len(held) == HANDED_IN
    for number in range(HANDED_IN):
        name = f"{number}.html"
        drawn = clients.numbers[name]
        sha256 = hashlib.sha256(content(number)).hexdigest()
        assert held[name] == (f"report/{drawn}", [name], sha256)
    assert sorted(clients.numbers.values()) == list(range(1, HANDED_IN + 1))
    assert found["last"] == [HANDED_IN]
    assert found["contents"] == len({content(n) for n in range(HANDED_IN)})
    assert sorted(found["imports"]) == sorted([name, True] for name in clients.imported)
    assert found["broken"] == []
