"""启动准备: the database brought up to this version, by one process at a time.

``python -m gongkai.web.prepare [--demo]``; prints nothing where nothing was to be done.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK = 0x60_6E_67_6B  # of PostgreSQL's advisory locks, ours
GONE, AHEAD = 4, 5  # exit codes that the command explains


def main() -> None:
    """Migrates, and with ``--demo`` fills an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
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
            if "--demo" in sys.argv:
                _demo()
    except DatabaseError as cause:
        sys.stderr.write(" ".join(str(cause).split()) + "\n")
        sys.exit(GONE)


def ahead() -> bool:
    """Whether a later version of this program has been at the database."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {c.label for c in apps.get_app_configs() if c.name.startswith("gongkai.")}
    known = loader.disk_migrations
    return any(m not in known for m in loader.applied_migrations if m[0] in ours)


def _demo() -> None:
    from gongkai.web.accounts.models import Account

    if not Account.objects.exists():
        from gongkai.web.organs import demo

        demo.build()


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


if __name__ == "__main__":
    main()
