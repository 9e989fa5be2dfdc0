"""模糊测试的语料 replayed: what once led a reader somewhere new is a report or a plain refusal."""

from __future__ import annotations

from pathlib import Path

from fuzz import seeds
from gongkai.convert.worker import Killed, Workers
from gongkai.statute import readers
from gongkai.statute.report import CannotRead

FOLDER = Path(__file__).parents[1] / "fuzz" / "corpus"
FILES = sorted(FOLDER.iterdir())


def outcome(file: str) -> str:
    """What reading a file comes to: a report, an error's id, or a fault of ours in words."""
    try:
        found = readers.read(Path(file).read_bytes())
    except CannotRead as cause:
        return cause.id
    except MemoryError:
        raise
    except Exception as bug:
        return f"{type(bug).__name__}: {bug}"
    return "report" if found else "nothing"


def test_every_file_of_the_corpus_is_read_or_refused() -> None:
    with Workers(outcome) as workers:
        found = dict(zip(FILES, workers.map(map(str, FILES)), strict=True))
    wrong = {
        file.name: said
        for file, said in found.items()
        if isinstance(said, Killed) or not (said == "report" or said.startswith("error."))
    }
    assert wrong == {}
    assert sum(said == "report" for said in found.values()) > len(found) // 10
    ids = {said for said in found.values() if not isinstance(said, Killed)}
    assert {"report", "error.damaged", "error.not_a_report"} <= ids


def test_the_corpus_stays_small() -> None:
    assert 50 < len(FILES) < 2_000
    assert sum(file.stat().st_size for file in FILES) < 2_000_000
    assert max(file.stat().st_size for file in FILES) <= seeds.LARGEST
