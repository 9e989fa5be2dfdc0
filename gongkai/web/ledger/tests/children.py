"""Another process of the service, on the database of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def url() -> str:
    """The tests' database, as a setting."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    user, password = quote(said["USER"]), quote(said["PASSWORD"])
    host = quote(said["HOST"], safe="")
    return f"postgres://{user}:{password}@{host}:{said['PORT']}/{said['NAME']}"


def environment(home: Path, **more: str) -> dict[str, str]:
    """What the other process reads its settings from."""
    return {**os.environ, "GONGKAI_HOME": str(home), "DATABASE_URL": url(), **more}


def started(code: str, home: Path, **more: str) -> subprocess.Popen[bytes]:
    """A process that sets Django up and runs ``code``."""
    whole = f"import django\ndjango.setup()\n{code}"
    return subprocess.Popen([sys.executable, "-c", whole], env=environment(home, **more))
