"""跳过的测试: with ``TESTS_SKIP_NOTHING=1`` a test that skips for want of a program fails instead.

Elsewhere a browser, LibreOffice, PostgreSQL, a font or the extra [ocr] may be missing, and what
needs them skips. Continuous integration (.ci/run) installs all of them and sets this, so that no
run is green without them. Loaded as a plugin by conftest.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator

import pytest

SETTING = "TESTS_SKIP_NOTHING"  # no GONGKAI_: the service refuses settings it does not know
# Reasons that no installation takes away, each found in what a test says.
MEANT = (
    r"POSIX|Linux's|/dev/f",  # the system is another
    r"\broot\b",  # who runs it may do anything
    r"no PostgreSQL server is given|^PostgreSQL |SQLite ",  # for the run on the other database
    r"samples are not here",  # published reports, too many for this repository
    r"extra \[ocr\] is installed",
    r"clamd is not installed",  # its protocol is spoken to our client by a test of ours
    r"'holidays'",  # a second opinion on holidays, not among our dependencies
)


def demanded() -> bool:
    return os.environ.get(SETTING) == "1"


def is_meant(reason: str) -> bool:
    return any(re.search(one, reason) for one in MEANT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip for want of a program, reported as a failure where nothing may skip."""
    report = yield
    if demanded() and report.skipped and not hasattr(report, "wasxfail"):
        said = report.longrepr
        reason = said[2] if isinstance(said, tuple) else str(said)
        if not is_meant(reason.removeprefix("Skipped: ")):
            report.outcome = "failed"
            report.longrepr = f"{SETTING}=1, but {item.nodeid} skips: {reason}"
    return report
