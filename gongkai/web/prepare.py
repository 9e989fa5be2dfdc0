"""启动准备: the database brought up to this version, by one process at a time.

``python -m gongkai.web.prepare [--demo [--reset [--force]]]``; prints nothing where nothing was to
be done. ``--demo`` fills an empty database, ``--reset`` first removes the demonstration there is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai.web import environment

LOCK = 0x60_6E_67_6B  # of PostgreSQL's advisory locks, ours
REFUSED, GONE, AHEAD, NO_DEMO = 2, 4, 5, 6  # exit codes that the command explains
DEMO_ACCOUNTS = "demo_accounts.json"


def main() -> None:
    """Migrates, and with ``--demo`` fills an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
    if "--reset" in sys.argv:
        remove(environment.read(), asked="--force" not in sys.argv)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        with _alone(Path(settings.HOME)):
            if ahead():
                sys.exit(AHEAD)
            call_command("migrate", interactive=False, verbosity=0)
            _keys()
            if "--demo" in sys.argv:
                from django.utils import timezone

                from gongkai.web.applications import demo as applications_demo
                from gongkai.web.desk import demo as desk_demo
                from gongkai.web.organs import demo

                if not demo.build():  # there is somebody already, and no list of accounts
                    sys.exit(NO_DEMO)
                desk_demo.build(at=timezone.now())
                applications_demo.build(at=timezone.now())
    except DatabaseError as cause:
        sys.stderr.write(" ".join(str(cause).split()) + "\n")
        sys.exit(GONE)


def _keys() -> None:
    """The vault's first keys; says where those that rows need are missing, and starts all the same:
    everything but personal data can be worked with."""
    from django.utils import translation

    from gongkai.web.ledger import keys, vault

    for language in ("zh-hans", "en"):
        with translation.override(language):
            try:
                vault.ready()
                keys.complete(vault.needed())
            except keys.Unreadable as missing:
                sys.stderr.write(f"{missing.message}\n")


def ahead() -> bool:
    """Whether a later version of this program has been at the database."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {c.label for c in apps.get_app_configs() if c.name.startswith("gongkai.")}
    known = loader.disk_migrations
    return any(m not in known for m in loader.applied_migrations if m[0] in ours)


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Holds the lock of this home, and of the database where others may share it."""
    import fcntl

    from django.db import connection

    with (home / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


# -- the demonstration removed


def remove(settings: environment.Environment, *, asked: bool) -> None:
    """Empties the home of a demonstration, after asking; ends with exit code 2 where that is no
    demonstration, one in use, or where the answer is no."""
    import fcntl

    home = settings.home()
    if settings.text("DATABASE_URL"):
        _refuse("有 DATABASE_URL 时不能重置。With DATABASE_URL there is nothing to reset here.")
    if not home.exists():
        return
    if (home / "gongkai.sqlite3").exists() and not (home / DEMO_ACCOUNTS).exists():
        _refuse(f"{home} 里不是演示数据，没有动它。{home} holds no demonstration: left as it is.")
    with (home / environment.RUNNING).open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _refuse("服务正在运行，请先停止。The service is running: stop it first.")
        if asked and not _agreed(home):
            _refuse("没有动任何数据。Nothing was removed.")
        for entry in home.iterdir():
            if entry.name != environment.RUNNING:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _agreed(home: Path) -> bool:
    sys.stderr.write(
        f"将删除 {home} 里的全部演示数据并重建。Remove all of it and build anew? [y/N] "
    )
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


def _refuse(said: str) -> None:
    sys.stderr.write(said + "\n")
    sys.exit(REFUSED)


if __name__ == "__main__":
    main()
