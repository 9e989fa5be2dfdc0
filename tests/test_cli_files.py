"""文件与进程: a file that cannot be read, or kills its process, never stops the others."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gongkai import cli_check, cli_files, cli_jobs, cli_language, cli_run
from gongkai.cli_files import Source
from gongkai.cli_paper import Paper
from gongkai.convert import reading
from gongkai.convert.worker import Killed
from gongkai.statute.readers import sniff
from gongkai.statute.report import AnnualReport

MANNER = cli_run.Manner(Paper("zh", 80, False), as_json=True)


def shout(source: Source) -> str:
    """A job that dies with some files."""
    if "die" in source.name:
        os._exit(9)
    return source.name.upper()


class Dying:
    """A job no file survives."""

    manner = MANNER

    def __call__(self, source: Source) -> cli_run.Answer:
        os._exit(9)


@pytest.mark.parametrize("dying", [[7], [0, 9, 19]])
def test_a_file_that_kills_its_process_costs_only_itself(dying: list[int]) -> None:
    names = [f"die{n}" if n in dying else f"f{n}" for n in range(20)]
    found = list(cli_files.each(shout, [Source(name) for name in names], 2))
    lost = [isinstance(given, Killed) and given.why == "error.crashed" for given in found]
    assert lost == ["die" in name for name in names]
    kept = [given.item.name if isinstance(given, Killed) else given.lower() for given in found]
    assert kept == names


def never(source: Source) -> str:
    """A job that does not end with some files."""
    while "slow" in source.name:
        pass
    return source.name


def test_a_single_file_too_is_read_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_files, "SECONDS", 0.5)
    (given,) = cli_files.each(never, [Source("slow")], 1)
    assert given == Killed(Source("slow"), "error.too_slow", 0.5)
    assert list(cli_files.each(never, [Source("a")], 1)) == ["a"]


def name_and_bytes(source: Source) -> tuple[str, str, int]:
    """A job that says what it was given."""
    return source.name, source.was, len(source.data or b"")


def test_what_only_looks_like_an_office_file_is_left_as_it_is(tmp_path: Path) -> None:
    """Web pages named .doc are everyday: gathered for LibreOffice by name, known by content."""
    sources = []
    for name in ("a.doc", "b.txt", "c.doc", "d.wps", "e.docx"):
        (tmp_path / name).write_bytes(b"<html><body><table><tr><td>1</table>")
        sources.append(Source(name, str(tmp_path / name)))
    found = list(cli_files.each(name_and_bytes, sources, 1))
    assert found == [(source.name, "", 0) for source in sources]


def test_a_crash_is_said_like_any_other_error(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli_run.run(Dying(), cli_files.Found((Source("坏.pdf"),)), None)
    out, err = capsys.readouterr()
    assert code == 3
    assert '"error.crashed"' in out and "坏.pdf：" in err


def broken_reader(data: bytes, **known: object) -> list[AnnualReport]:
    raise KeyError("第八行")


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_ours_is_one_line_and_a_traceback_only_for_debug(
    debug: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    monkeypatch.setattr(reading, "read", broken_reader)
    manner = cli_run.Manner(MANNER.paper, as_json=True, debug=debug)
    given = cli_jobs.Read(manner)(Source(str(file), str(file)))
    assert given.code == 3
    assert "error.unexpected" in given.out and "KeyError" in given.out
    assert ("Traceback" in given.err) is debug
    assert given.err.splitlines()[-1].startswith(f"{file}：程序出错（KeyError")


@pytest.mark.parametrize(
    ("asked", "files", "workers"),
    [(None, 5, 1), (3, 2, 2), (1, 500, 1), (4, 500, 4), (2, 0, 1)],
)
def test_how_many_processes(asked: int | None, files: int, workers: int) -> None:
    assert cli_files.processes(asked, files) == workers


def test_many_files_use_every_core_unless_told() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert cli_files.processes(None, 3500) == cores


def test_what_a_folder_is_searched_for_covers_what_the_readers_name() -> None:
    assert all(cli_files.may_be_report(f"a{suffix}") for suffix in sniff.KNOWN.split())


def test_a_file_too_large_is_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("年报" * 100)
    monkeypatch.setattr(cli_files, "LARGEST", 100)
    given = cli_jobs.Read(MANNER)(Source("a.txt", str(file)))
    assert "error.too_large" in given.out and given.code == 3


def test_a_name_with_a_null_is_an_error_of_that_file() -> None:
    given = cli_jobs.Read(MANNER)(Source("a\0b", "a\0b"))
    assert "error.system" in given.out and given.code == 3


# -- what a report is checked against


def report(organ: str, year: int | None, *others: str) -> AnnualReport:
    return AnnualReport(file=f"{organ}{year}", organ=organ, organ_names=(organ, *others), year=year)


THIS = report("云水市林业局", 2024)


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([], None),
        ([report("赤岭县水务局", 2019)], 0),  # the only one given is taken at its word
        ([report("云水市林业局", 2023), report("赤岭县水务局", 2023)], 0),
        ([report("云水市林业局", 2022), report("市林业局", 2023, "云水市林业局")], 1),
        ([report("云水市林业局", 2022), report("赤岭县水务局", 2023)], None),
        ([report("云水市林业局", None), report("云水市林业局", 2024)], None),
    ],
)
def test_which_report_is_last_years(candidates: list[AnnualReport], chosen: int | None) -> None:
    found = cli_check.year_before(THIS, candidates)
    assert found is (None if chosen is None else candidates[chosen])


# -- the language


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GB18030"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "GONGKAI_LANG": "en"}, "en"),
        ({"LANG": "zh_TW.UTF-8", "LC_ALL": "C"}, "zh"),
    ],
)
def test_the_environment_names_the_language(
    variables: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in cli_language.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli_language.from_environment() == lang


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        (["read", "x", "--lang", "en"], "en"),
        (["read", "x", "--lang=en"], "en"),
        (["--lang", "en", "read", "x"], "en"),
        (["read", "--lang", "fr"], "zh"),
        (["read", "--lang"], "zh"),
        (["read", "--", "--lang", "en"], "zh"),
    ],
)
def test_the_command_line_names_the_language(
    arguments: list[str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    assert cli_language.from_arguments(arguments) == lang


def test_a_link_that_is_written_to_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_bytes(b"old")
    link.symlink_to(target)
    cli_files.put(str(link), b"new")
    assert link.is_symlink() and target.read_bytes() == b"new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.json", "real.json"]


def test_what_is_no_plain_file_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        cli_files.put(str(pipe), b"bytes")
        assert os.read(reader, 100) == b"bytes"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
