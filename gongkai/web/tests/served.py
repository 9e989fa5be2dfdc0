"""实测服务: the service as a process of its own, the cast in its database, for browsers."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

DEBUG_ONLY = {"shell:styleguide"}  # pages that exist only with GONGKAI_DEBUG=1
_PATIENCE = 60  # seconds for the service to answer its first request


@dataclass(frozen=True, slots=True)
class Served:
    """运行中的服务: where it answers, the sessions of the cast, the pages there are."""

    address: str
    home: Path
    sessions: dict[str, str]  # by account or stage
    pages: dict[str, tuple[str, str | None, int]]  # by name: address, who opens it, status
    environ: Mapping[str, str]  # of its process: for a worker beside it, on the same database


@contextmanager
def serve(home: Path, *, build: str = __name__, **settings: str) -> Iterator[Served]:
    """The service with what ``python -m build`` puts into an empty database, until left."""
    with _database() as address:
        own = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_")}
        environ = own | address | settings
        environ |= {"GONGKAI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "gongkai.web.settings"}
        built = json.loads(_run(["-m", build], environ))
        with _gunicorn(environ, home) as where:
            pages = {name: tuple(page) for name, page in built["pages"].items()}
            yield Served(where, home, built["sessions"], pages, environ)


def _run(arguments: list[str], environ: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environ, capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stderr}")
    return done.stdout.splitlines()[-1] if done.stdout else ""


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """On PostgreSQL a database of its own, dropped when left; else SQLite in the home."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield {}
        return
    import psycopg
    from psycopg import sql

    name = f"gongkai_served_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {"DATABASE_URL": urlunsplit(urlsplit(given)._replace(path=f"/{name}"))}
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def _gunicorn(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    """gunicorn on a free port, its log in the home."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = ["-m", "gunicorn", "gongkai.web.wsgi", "--bind", f"127.0.0.1:{port}"]
    with (home / "served.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command, "--workers", "1", "--threads", "4", "--no-control-socket"],
            env=environ,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(address, process, home / "served.log")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the service does not answer: {log.read_text(errors='replace')}")


def main() -> None:
    """Migrates, builds the cast, signs everyone in, and prints what a browser needs."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from gongkai.web.tests import cast as district
    from gongkai.web.tests import furnish, pages, stages

    settings.ALLOWED_HOSTS.append("testserver")  # what Django's own browser asks
    call_command("migrate", verbosity=0)
    cast = furnish.furnish(district.build())
    sessions = {
        who: stages.browser(cast, who).cookies[settings.SESSION_COOKIE_NAME].value
        for who in [*cast.accounts, *stages.STAGES]
    }
    found = {p.name: [p.address, p.who, p.status] for p in pages.pages(cast).values()}
    sys.stdout.write(json.dumps({"sessions": sessions, "pages": found}) + "\n")


if __name__ == "__main__":
    main()
