"""链头留存: the ends of all chains as a file, one a day, to hold the chains against later.

They prove something once a copy is where nobody who can write to the database can write, too.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from gongkai.web.ledger.chains import Head, heads

SCHEMA = "gongkai.heads/1"
STAY = timedelta(days=400)


class Unfit(ValueError):
    """不是链头文件: not a file of heads."""


def written(found: Iterable[Head], at: datetime) -> str:
    """As JSON, a line for each chain."""
    lines = ",\n".join(
        json.dumps({"chain": h.chain, "length": h.length, "digest": h.digest}) for h in found
    )
    first = json.dumps({"schema": SCHEMA, "at": at.isoformat(timespec="seconds")})[:-1]
    return f'{first}, "heads": [\n{lines}\n]}}\n'


def parsed(text: str) -> dict[int, Head]:
    """The heads of a file, by their chains; raises Unfit."""
    try:
        said: dict[str, Any] = json.loads(text)
        if said["schema"] != SCHEMA:
            raise Unfit
        rows = said["heads"]
        return {int(r["chain"]): Head(int(r["chain"]), int(r["length"]), r["digest"]) for r in rows}
    except (ValueError, KeyError, TypeError):
        raise Unfit from None


def file(at: datetime) -> Path:
    """The file of a day."""
    folder: Path = settings.HOME / "audit"
    return folder / f"heads-{timezone.localdate(at).isoformat()}.json"


def keep(*, at: datetime) -> Path:
    """Writes today's file, and removes those that have served their time."""
    made, today = file(at), timezone.localdate(at)
    made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = made.with_name(f".{made.name}.{os.getpid()}")
    temporary.write_text(written(heads(), at), encoding="utf-8")
    temporary.chmod(0o600)
    os.replace(temporary, made)
    for old in made.parent.glob("heads-*.json"):
        with contextlib.suppress(ValueError, FileNotFoundError):
            if date.fromisoformat(old.stem.removeprefix("heads-")) < today - STAY:
                old.unlink()
    return made
