"""A throw-away PostgreSQL for the tests: started, given to one command, stopped and removed.

``python -m tests.postgres COMMAND...`` runs the command with ``DATABASE_URL`` set and ends with its
exit code. Where no PostgreSQL is installed it says so in one line and ends well, unless nothing may
skip (see `skips`). Needs no root and no running server; under root the server runs as another
account, since it refuses root's.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests import skips

# Nothing here must survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


def found() -> Path | None:
    """The folder of initdb and postgres: the newest of the usual places, else of the path."""
    usual = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(usual, key=lambda f: float(f.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*newest, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


@contextlib.contextmanager
def running(programs: Path) -> Iterator[str]:
    """A server on a free port of this machine; gives its ``DATABASE_URL``."""
    with tempfile.TemporaryDirectory(prefix="gongkai-postgres-") as folder:
        home = Path(folder)
        account = _account(home)
        data, port = home / "data", _free_port()
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "gongkai", "-A", "trust"]
        made = subprocess.run(
            [*initdb, "-E", "UTF8", "--locale=C", "--no-sync"],
            cwd=home,
            capture_output=True,
            **account,  # type: ignore[call-overload]
        )
        if made.returncode:
            raise SystemExit(made.stderr.decode())
        settings = [*FAST, f"port={port}", "listen_addresses=127.0.0.1"]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(home)]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [*command, *(word for s in settings for word in ("-c", s))],
                cwd=home,
                stdout=log,
                stderr=log,
                **account,  # type: ignore[call-overload]
            )
        try:
            _wait(port, server, home / "log")
            yield f"postgres://gongkai@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is connected
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _account(home: Path) -> dict[str, object]:
    """Whom the server runs as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(home, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"postgres://gongkai@127.0.0.1:{port}/postgres").close()
            return
        time.sleep(0.1)
    raise SystemExit(log.read_text(errors="replace"))


def main(command: Sequence[str]) -> int:
    """Runs a command beside a server; its exit code."""
    programs = found()
    if programs is None:
        said = "没有找到 PostgreSQL，略过它的测试。No PostgreSQL here: its tests are skipped."
        sys.stdout.write(f"{said}\n")
        return int(skips.demanded())
    with running(programs) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
