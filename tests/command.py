"""The command `gongkai` as a real process, for the tests of its commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def environment(**changed: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("GONGKAI_LANG", "LC_ALL", "NO_COLOR")}
    return kept | {"LANG": "C.UTF-8", "COLUMNS": "100", "PYTHONWARNINGS": "error"} | changed


def gongkai(
    *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "gongkai.cli", *arguments],
        input=stdin,
        capture_output=True,
        env=environment(**(env or {})),
        cwd=ROOT,
        timeout=120,
    )


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def silent(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Whether nobody was shown a traceback."""
    return b"Traceback" not in done.stdout + done.stderr
