"""杀死后台进程: in the middle of a batch; then every paper is read, and each once.

Real processes and a real database: the worker that serves the queue, killed outright, and one of
the processes that read for it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongkai.web.tests import served

PAPERS = 60


def test_killed_in_the_middle_every_paper_is_read_once(tmp_path: Path) -> None:
    with served._database() as address:
        own = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_")}
        environ = own | address
        environ |= {"GONGKAI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gongkai.web.settings"}
        _ask(environ, "build", str(PAPERS))
        with _watcher(environ) as watcher, _worker(environ) as process:
            assert watcher.stdout is not None and watcher.stdout.readline()  # some are read
            process.kill()
            process.wait()
        left = _ask(environ, "state")
        assert left["states"].get("read", 0) < PAPERS, "it was too quick to be killed half-way"
        _ask(environ, "late")
        with _worker(environ) as process:
            wounded = _kill_a_reader(process.pid)
            assert _ask(environ, "all")
        done = _ask(environ, "state")
    failed = done["states"].get("failed", 0)
    assert failed <= wounded  # the one paper that the killed reader had in hand
    read = PAPERS - failed
    assert done["states"]["read"] == done["versions"] == done["reports"] == done["events"] == read
    assert done["twice"] == 0 and done["broken"] == []


def _ask(environ: Mapping[str, str], *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.web.desk.tests.killed", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _watcher(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "gongkai.web.desk.tests.killed", "some"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline()  # it watches
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _worker(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai.web.worker"],
        env=environ,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _kill_a_reader(parent: int) -> int:
    """Kills one of the processes that read, as soon as there is one; how many it killed."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                said = status.read_text()
                command = (status.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if f"\nPPid:\t{parent}\n" in said and b"spawn_main" in command:
                time.sleep(0.3)  # into its work
                try:
                    os.kill(int(status.parent.name), signal.SIGKILL)
                except ProcessLookupError:
                    return 0
                return 1
        time.sleep(0.05)
    return 0
