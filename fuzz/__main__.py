"""模糊测试: run the fuzzer for a while, keep what it found.

    python -m fuzz                 ten minutes
    python -m fuzz --seconds 3600

New files that lead the readers somewhere new are kept in fuzz/corpus/, the smallest of each; what
breaks a reader, or takes more time or memory than a reader may, in fuzz/crashes/ (exit code 1).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fuzz import seeds

HERE = Path(__file__).parent
CORPUS, CRASHES = HERE / "corpus", HERE / "crashes"
MOST = 1_000_000  # bytes of the whole corpus
FEW = 20  # crashes after which to stop and mend
LIMITS = (
    f"-max_len={seeds.LARGEST}",
    "-timeout=10",
    "-rss_limit_mb=768",  # the fuzzer and its instruments among them
    "-malloc_limit_mb=512",
    f"-artifact_prefix={CRASHES}/",
    "-print_final_stats=1",
)


def main() -> None:
    """Fuzz, then keep what is new."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    asked = parser.parse_args()
    CRASHES.mkdir(exist_ok=True)
    CORPUS.mkdir(exist_ok=True)
    before = set(CRASHES.iterdir())
    with tempfile.TemporaryDirectory() as scratch:
        start, found = Path(scratch, "start"), Path(scratch, "found")
        start.mkdir()
        found.mkdir()
        for name, data in seeds.files():
            (start / name).write_bytes(data)
        _fuzz([found, CORPUS, start], asked.seconds, before)
        _keep([CORPUS, start, found])
    new = sorted(set(CRASHES.iterdir()) - before)
    for crash in new:
        print(f"crash: {crash.relative_to(HERE.parent)}")
    size = sum(file.stat().st_size for file in CORPUS.iterdir())
    print(f"corpus: {len(list(CORPUS.iterdir()))} files, {size / 1000:.0f} KB")
    sys.exit(bool(new))


def _fuzz(folders: list[Path], seconds: int, before: set[Path]) -> None:
    """Until the time is up; libFuzzer ends at each crash and is started again."""
    until = time.monotonic() + seconds
    while (left := int(until - time.monotonic())) > 0:
        options = [*LIMITS, f"-max_total_time={left}"]
        done = subprocess.run([*_target(), *options, *map(str, folders)], check=False)
        if done.returncode == 0 or len(set(CRASHES.iterdir()) - before) >= FEW:
            return


def _keep(folders: list[Path]) -> None:
    """The smallest files that together go wherever all of them go, as far as there is room."""
    every = {file.read_bytes(): file for folder in folders for file in sorted(folder.iterdir())}
    files = sorted(every.values(), key=lambda file: (file.stat().st_size, file.name))
    reached = _reached(files)
    kept: dict[str, bytes] = {}
    seen: set[str] = set()
    size = 0
    for at, file in enumerate(files):
        data = file.read_bytes()
        if reached.get(at, set()) <= seen or size + len(data) > MOST:
            continue
        seen |= reached[at]
        size += len(data)
        kept[hashlib.sha1(data).hexdigest()] = data
    shutil.rmtree(CORPUS)
    CORPUS.mkdir()
    for name, data in kept.items():
        (CORPUS / name).write_bytes(data)


def _reached(files: Sequence[Path]) -> dict[int, set[str]]:
    """Of each file, where it leads the readers: the inner half of libFuzzer's merge, whose outer
    half cannot start a Python program anew."""
    with tempfile.TemporaryDirectory() as scratch:
        control = Path(scratch, "control")
        control.write_text("\n".join([str(len(files)), "0", *map(str, files), ""]))
        command = [*_target(), "-merge_inner=1", f"-merge_control_file={control}", *LIMITS]
        begun = -1
        while True:  # it ends at a crash, and goes on behind it when started again
            subprocess.run(
                command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            lines = [line.split() for line in control.read_text().splitlines()[2 + len(files) :]]
            last = max((int(line[1]) for line in lines if line[0] == "STARTED"), default=-1)
            if last == begun or last == len(files) - 1:
                break
            begun = last
        return {int(line[1]): set(line[2:]) for line in lines if line[0] == "COV"}


def _target() -> list[str]:
    return [sys.executable, "-m", "fuzz.target"]


if __name__ == "__main__":
    main()
