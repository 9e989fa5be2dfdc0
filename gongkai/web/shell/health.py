"""健康检查: /healthz, for whoever watches the service. Tells no secret and asks for no session."""

from __future__ import annotations

import functools
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse

import gongkai
from gongkai.web.shell.access import public

LATE = 180  # seconds without a heartbeat after which the worker counts as stopped
LEAST_FREE = 50  # MB
_ALSO: dict[str, Callable[[], str]] = {}


def also(name: str, check: Callable[[], str]) -> None:
    """Has an app above told of: ``ok``, or in a few words what is not."""
    _ALSO[name] = check


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """健康检查: ``ok``, ``degraded`` (pages work, something behind them does not) or ``failing``.

    200 for the first two, so that a balancer does not take pages away with the worker; 503 for the
    last.
    """
    found = checked()
    code = 503 if found["status"] == "failing" else 200
    return JsonResponse(found, status=code, headers={"Cache-Control": "no-store"})


def checked() -> dict[str, Any]:
    """What can be told of this process, its database, its worker and its disk."""
    database = _database()
    free, beat = _free(), age()
    also = {name: check() if database == "ok" else None for name, check in _ALSO.items()}
    failing = database != "ok" or free is None or free < LEAST_FREE
    late = beat is None or beat > LATE
    degraded = late or any(said not in ("ok", None) for said in also.values())
    return {
        "status": "failing" if failing else "degraded" if degraded else "ok",
        "database": "gone" if database == "gone" else "ok",
        "migrations": {"ok": "ok", "pending": "pending", "gone": None}[database],
        "worker": beat,
        "disk_free_mb": free,
        **also,
        "version": gongkai.__version__,
    }


def heartbeat() -> Path:
    """The file whose time of change is the worker's last sign of life."""
    return Path(settings.HOME) / "worker.heartbeat"


def age() -> int | None:
    """Seconds since the worker's last sign of life, None where it never gave one."""
    try:
        return max(0, int(time.time() - heartbeat().stat().st_mtime))
    except OSError:
        return None


def _database() -> str:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "gone"
    return "ok" if _shipped() <= applied else "pending"


@functools.cache
def _shipped() -> frozenset[tuple[str, str]]:
    """Every migration this version comes with."""
    loader = MigrationLoader(None)
    return frozenset(loader.disk_migrations)


def _free() -> int | None:
    try:
        return shutil.disk_usage(settings.HOME).free >> 20
    except OSError:
        return None
