"""工作进程: limits are kept, a lost process costs one item, nothing is left behind."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gongkai.convert import limits
from gongkai.convert.worker import Killed, Workers
from gongkai.statute import notes
from gongkai.statute.report import CannotRead

linux = pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")


def work(item: str) -> str:
    """A job that does what its item says."""
    match item.partition(" "):
        case ("sleep", _, seconds):
            time.sleep(float(seconds))
        case ("spin", _, _):
            while True:
                pass
        case ("take", _, megabytes):
            return str(len(bytearray(int(megabytes) << 20)))
        case ("die", _, code):
            os._exit(int(code))
        case ("signal", _, number):
            os.kill(os.getpid(), int(number))
        case ("raise", _, words):
            raise ValueError(words)
        case ("pid", _, _):
            return str(os.getpid())
        case ("start", _, seconds):
            return str(subprocess.Popen(["sleep", seconds]).pid)
        case ("start-and-spin", _, file):
            Path(file).write_text(str(subprocess.Popen(["sleep", "600"]).pid))
            time.sleep(600)
        case ("more", _, seconds):
            limits.more(seconds=30, memory=2 << 30)
            time.sleep(float(seconds))
            return str(len(bytearray(600 << 20)))
        case ("large", _, size):
            return "x" * int(size)
    return item.upper()


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie of another parent does not."""
    try:
        os.kill(pid, 0)
    except OSError as cause:
        return cause.errno != errno.ESRCH
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(pid)


@pytest.fixture(params=["fork", "spawn"])
def threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways to start a process: with another thread about, a fork would not be safe."""
    if request.param == "fork":
        yield
        return
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    yield
    stop.set()
    other.join()


@pytest.mark.usefixtures("threads")
def test_answers_keep_the_order_of_the_items() -> None:
    items = [f"sleep {0.02 * (n % 3)}" for n in range(30)]
    with Workers(work, 3) as workers:
        assert list(workers.map(items)) == [item.upper() for item in items]


@pytest.mark.usefixtures("threads")
def test_every_way_to_fail_costs_one_item() -> None:
    items = ["a", "spin", "b", "die 0", "die 7", "signal 9", "c", "signal 11", "d"]
    with Workers(work, 2, seconds=1) as workers:
        found = list(workers.map(items))
    assert found == [
        "A",
        Killed("spin", "error.too_slow", 1),
        "B",
        Killed("die 0", "error.crashed", 512 << 20),
        Killed("die 7", "error.crashed", 512 << 20),
        Killed("signal 9", "error.crashed", 512 << 20),
        "C",
        Killed("signal 11", "error.crashed", 512 << 20),
        "D",
    ]


@linux
@pytest.mark.usefixtures("threads")
def test_memory_beyond_the_limit_is_refused_and_what_is_below_is_not() -> None:
    with Workers(work, 1, memory=256 << 20) as workers:
        found = list(workers.map(["take 300", "take 100", "take 200", "take 10"]))
    over = [Killed(f"take {n}", "error.too_much_memory", 256 << 20) for n in (300, 200)]
    assert found == [over[0], str(100 << 20), over[1], str(10 << 20)]


@linux
def test_what_a_fork_inherits_is_not_held_against_it() -> None:
    held = bytearray(b"x") * (400 << 20)
    with Workers(work, 1, memory=256 << 20) as workers:
        found = list(workers.map(["pid", "take 100", "pid", "take 300"]))
    assert len(held) == 400 << 20
    assert found[0] == found[2] and found[1] == str(100 << 20)
    assert found[3] == Killed("take 300", "error.too_much_memory", 256 << 20)


def test_a_job_may_ask_for_more_and_only_for_its_item() -> None:
    with Workers(work, 1, seconds=0.5, memory=128 << 20) as workers:
        found = list(workers.map(["more 1.5", "sleep 1.5", "a"]))
    assert found == [str(600 << 20), Killed("sleep 1.5", "error.too_slow", 0.5), "A"]


def test_outside_a_worker_asking_for_more_changes_nothing() -> None:
    limits.more(seconds=0.01, memory=1)
    time.sleep(0.05)
    assert len(bytearray(64 << 20)) == 64 << 20


def test_what_the_job_raises_is_raised_with_where_it_was() -> None:
    with Workers(work, 2) as workers, pytest.raises(ValueError, match="第八行") as raised:
        list(workers.map(["a", "raise 第八行", "b"]))
    assert "in work" in raised.value.__notes__[0]


def test_a_lost_item_says_why_in_both_languages() -> None:
    assert "9 秒" in Killed("", "error.too_slow", 9.0).cause.text.zh
    assert "512 MB" in Killed("", "error.too_much_memory", float(512 << 20)).cause.text.en
    assert Killed("", "error.crashed").cause.id == "error.crashed"


def test_large_items_and_answers_pass_through_small_pipes() -> None:
    items = [f"large {n << 18}" for n in range(12)] + ["x" * (3 << 20)] * 3
    with Workers(work, 2) as workers:
        found = list(workers.map(items))
    assert [len(a) for a in found if isinstance(a, str)] == [n << 18 for n in range(12)] + (
        [3 << 20] * 3
    )


def test_items_are_taken_as_needed_and_answers_given_as_known() -> None:
    taken: list[int] = []

    def endless() -> Iterator[str]:
        for number in range(10**9):
            taken.append(number)
            yield f"item {number}"

    with Workers(work, 2) as workers:
        answers = workers.map(endless())
        assert [next(answers) for _ in range(3)] == ["ITEM 0", "ITEM 1", "ITEM 2"]
        assert len(taken) < 1100


def test_workers_are_kept_between_items_and_between_maps() -> None:
    with Workers(work, 1) as workers:
        pids = {*workers.map(["pid"] * 5), *workers.map(["pid"] * 5)}
        assert len(pids) == 1
        half = workers.map(["pid", "sleep 60", "pid"])
        assert next(half) in pids
        half.close()  # type: ignore[attr-defined]
        assert not {*workers.map(["pid"])} & pids  # not the one that still sleeps


_HOARD: list[bytearray] = []


def grow(megabytes: int) -> int:
    _HOARD.append(bytearray(b"x") * (megabytes << 20))
    return os.getpid()


@linux
@pytest.mark.usefixtures("threads")
def test_a_worker_that_has_grown_is_replaced_before_it_harms_the_next() -> None:
    with Workers(grow, 1, memory=512 << 20) as workers:
        pids = list(workers.map([10, 10, 200, 10, 200, 10]))
    assert pids[0] == pids[1] == pids[2] != pids[3] == pids[4] != pids[5]
    assert os.getpid() not in pids


@pytest.mark.usefixtures("threads")
def test_no_process_is_left_behind() -> None:
    with Workers(work, 2) as workers:
        pids = [int(str(pid)) for pid in workers.map(["pid"] * 4)]
    assert all(gone(pid) for pid in pids)
    with suppress(ChildProcessError):  # no child at all, or none that waits to be buried
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)


def test_what_a_worker_has_started_ends_with_it(tmp_path: Path) -> None:
    with Workers(work, 1, seconds=1) as workers:
        file = tmp_path / "pid"
        assert list(workers.map([f"start-and-spin {file}"])) == [
            Killed(f"start-and-spin {file}", "error.too_slow", 1)
        ]
        assert gone(int(file.read_text()))
        (pid,) = workers.map(["start 600"])
    assert gone(int(str(pid)))


def test_a_worker_whose_parent_is_busy_stops_itself() -> None:
    with Workers(work, 1, seconds=0.2) as workers:
        answers = workers.map(["pid", "pid", "pid", "pid", "spin", "a"])
        pid = {int(str(next(answers))) for _ in range(4)}.pop()
        assert gone(pid)  # while nothing is asked of it here
        assert next(answers) == Killed("spin", "error.too_slow", 0.2)
        assert next(answers) == "A"


SCRIPT = """
import os, sys, time
from gongkai.convert.tests.test_worker import work
from gongkai.convert.worker import Workers
with Workers(work, 2, seconds=60) as workers:
    for answer in workers.map(["pid", "pid", "sleep 0.3", *["spin"] * 4]):
        print(answer, flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="signals are POSIX's")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_ctrl_c_and_even_a_killed_parent_leave_no_worker_for_long(end: signal.Signals) -> None:
    script = SCRIPT.replace("seconds=60", "seconds=1") if end == signal.SIGKILL else SCRIPT
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None and parent.stderr is not None
    pids = {int(parent.stdout.readline()) for _ in range(2)}
    parent.stdout.readline()
    parent.send_signal(end)
    errors = parent.stderr.read()
    parent.wait(30)
    parent.stdout.close()
    parent.stderr.close()
    assert all(gone(pid) for pid in pids)
    assert ("KeyboardInterrupt" in errors) is (end == signal.SIGINT)


def test_an_error_of_a_file_travels_whole() -> None:
    cause = notes.error("error.too_large", what="> 9 MB")
    arrived = pickle.loads(pickle.dumps(cause))
    assert isinstance(arrived, CannotRead)
    assert (arrived.id, arrived.text) == (cause.id, cause.text)
