"""The command `gongkai` as a real process, for the tests of its commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gongkai import cli

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
Run = Callable[..., tuple[int, str, str]]


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


def in_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int = 100
) -> Run:
    """The command in this process, in Chinese: exit code, standard output, standard error."""
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    monkeypatch.setenv("COLUMNS", str(columns))

    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call
