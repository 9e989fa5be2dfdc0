"""Where nothing may skip, a missing program is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import skips
from tests.command import ROOT

TESTS = """
import pytest

def test_needs_a_browser():
    pytest.skip("no Chromium on this machine")

@pytest.mark.skipif(True, reason="LibreOffice is not here")
def test_needs_an_office():
    raise AssertionError

def test_needs_another_user():
    pytest.skip("root reads it all")

@pytest.mark.xfail(strict=True)
def test_is_known_to_fail():
    raise AssertionError
"""


def run(*command: str, demanded: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, skips.SETTING: demanded},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_skip_for_want_of_a_program_fails_where_nothing_may_skip(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    own = ("-m", "pytest", "-p", "tests.skips", "-c", os.devnull, "--rootdir", str(tmp_path))
    code, said = run(*own, str(tmp_path), demanded="1")
    assert code == 1 and "1 failed, 1 skipped, 1 xfailed, 1 error" in said
    assert "no Chromium on this machine" in said and "LibreOffice is not here" in said
    code, said = run(*own, str(tmp_path), demanded="")
    assert code == 0 and "3 skipped, 1 xfailed" in said


NO_SERVER = """
import sys
from tests import postgres
postgres.found = lambda: None
sys.exit(postgres.main(["true"]))
"""


@pytest.mark.parametrize(("demanded", "code"), [("1", 1), ("", 0)])
def test_a_missing_postgresql_fails_where_nothing_may_skip(demanded: str, code: int) -> None:
    found, said = run("-c", NO_SERVER, demanded=demanded)
    assert found == code and "No PostgreSQL here" in said


def test_continuous_integration_lets_nothing_skip() -> None:
    told = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"export {skips.SETTING}=1" in told
    assert told.index(skips.SETTING + "=1") < told.index("make test")


@pytest.mark.parametrize("missing", ["no Chromium on this machine", "no Chinese font", "[ocr]"])
def test_no_missing_program_is_meant(missing: str) -> None:
    assert not skips.is_meant(missing)
