"""靶: one input of the fuzzer. Anything but a report or CannotRead, in time and memory, is a crash.

python -m fuzz.target CORPUS... [options of libFuzzer]
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["gongkai.statute"], enable_loader_override=False):
    import importlib

    from gongkai.statute import readers
    from gongkai.statute.report import CannotRead

    for _name in {*readers.CARRIERS.values(), "json", "json_lines", "bundle"}:
        importlib.import_module(f"gongkai.statute.readers.{_name}")

from fuzz import mutation
from gongkai.statute.readers import bundle


def one_input(data: bytes) -> None:
    """Read it, as a file and as an archive of files."""
    try:
        readers.read(data)
    except CannotRead as cause:
        if cause.id != "error.archive":
            return
    try:
        archive = bundle.Bundle(data)
        for member in archive.members(frozenset(archive.names), bundle.Budget()):
            readers.read(member.data, name=member.name)
    except CannotRead:
        pass


def change(data: bytes, largest: int, seed: int) -> bytes:
    """Another input."""
    return mutation.mutated(data, largest, seed, atheris.Mutate)


def main() -> None:
    """Hand over to libFuzzer, which ends the process."""
    atheris.Setup(sys.argv, one_input, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
