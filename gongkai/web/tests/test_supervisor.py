"""看护进程: with children of a few lines; `tests/test_serve.py` has it with the service itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.command import ROOT
from tests.served import alive, heard, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the service runs on POSIX systems")
MAIN = """
    import os, sys
    from gongkai.web import supervisor
    supervisor.LONGEST, supervisor.GRACE = 0.05, 1.0
    python = [sys.executable, "-c"]
    keeper = supervisor.Supervisor(
        children=[supervisor.Child("child", [*python, sys.argv[1]])],
        environ=os.environ,
        say=lambda values: print(values["code"], flush=True),
        ready=lambda: {ready},
    )
    print("started", flush=True)
    sys.exit(keeper.run())
"""


def kept(child: str, *, ready: bool = True, ignoring: bool = False) -> subprocess.Popen[str]:
    """A supervisor in a process of its own, with one child that is a Python program."""
    before = "trap '' HUP; " if ignoring else ""
    script = textwrap.dedent(MAIN).replace("{ready}", str(ready))
    return subprocess.Popen(
        ["sh", "-c", f'{before}exec "$@"', "sh", sys.executable, "-c", script, child],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=heard,
    )


def test_a_child_that_never_comes_to_anything_is_given_up() -> None:
    with kept("raise SystemExit(7)", ready=False) as keeper:
        said, _ = keeper.communicate(timeout=90)
    assert keeper.returncode == 3
    assert said.split() == ["started", *["7"] * 5]


def test_a_child_that_once_worked_is_started_for_ever(tmp_path: Path) -> None:
    with kept(f"print('x', file=open({str(tmp_path / 'starts')!r}, 'a'))") as keeper:
        assert until(lambda: (tmp_path / "starts").read_text().count("x") > 8)
        keeper.terminate()
        assert keeper.wait(60) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_child_that_will_not_end_is_ended_with_its_own_children(
    tmp_path: Path, number: signal.Signals
) -> None:
    child = (
        "import os, signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "below = subprocess.Popen(['sleep', '600']);"
        f"open({str(tmp_path / 'ids')!r}, 'w').write(f'{{os.getpid()}} {{below.pid}}\\n');"
        "time.sleep(600)"
    )
    with kept(child) as keeper:
        assert until(lambda: (tmp_path / "ids").read_text().endswith("\n"))
        began = time.monotonic()
        keeper.send_signal(number)
        assert keeper.wait(60) == 0
        assert time.monotonic() - began < 45
    ids = [int(id) for id in (tmp_path / "ids").read_text().split()]
    assert until(lambda: not any(alive(id) for id in ids), 5)


def test_under_nohup_a_closed_terminal_ends_nothing() -> None:
    with kept("import time; time.sleep(600)", ignoring=True) as keeper:
        assert keeper.stdout is not None and keeper.stdout.readline() == "started\n"
        time.sleep(0.5)
        keeper.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            keeper.wait(1)
        keeper.terminate()
        assert keeper.wait(60) == 0
