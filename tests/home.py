"""测试的数据文件夹: a folder of its own for every test run, set before Django reads its settings.

Loaded as a plugin (``-p tests.home`` in pyproject.toml), since settings are made of the environment
when first imported. ``DATABASE_URL`` alone is kept: with it the same tests run on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from gongkai.web import environment

WORKER = os.environ.get("PYTEST_XDIST_WORKER")
KEPT = {"DATABASE_URL"}


def _folder() -> Path:
    """This process's folder; the processes of one run have theirs inside the first one's."""
    if WORKER:
        return Path(os.environ["GONGKAI_HOME"]) / WORKER
    made = tempfile.mkdtemp(prefix="gongkai-tests-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


HOME = _folder()
for setting in environment.SETTINGS:
    if setting.name not in KEPT:
        os.environ.pop(setting.name, None)
os.environ["GONGKAI_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.web.settings"


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, as in service: in memory, readers and writers lock each other differently.
        database["TEST"]["NAME"] = str(HOME / "test.sqlite3")
    # Argon2 is slow on purpose; who tests it asks for the fixture `argon2`.
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
