"""敌意文件 met by the command itself: one line for each, in time, within memory, others read."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongkai.convert.tests import hostile

ROOT = Path(__file__).parents[3]
MEMORY = 512  # MB, of the largest process of the command
MOST = 60  # seconds for a group of files: a sanity bound, no measurement

# Runs the command and says what its largest process took.
RUN = """
import subprocess, sys
done = subprocess.run([sys.executable, "-m", "gongkai", *sys.argv[2:]])
if sys.platform != "win32":
    import resource
    with open(sys.argv[1], "w") as file:
        file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(done.returncode)
"""


@dataclass(frozen=True)
class Said:
    """What the command said of each file."""

    code: int
    ids: dict[str, str]  # file -> the error, or "" for a report
    lines: list[str]  # of stderr
    reports: list[dict[str, object]]


def read(folder: Path, names: Sequence[str], *more: str) -> Said:
    """`gongkai read NAMES... --json` in a folder: kept to memory, and no traceback anywhere."""
    peak = folder / ".peak"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(peak), "read", *names, "--json", "--lang", "en", *more],
        cwd=folder,
        # The recognition of pictures has limits of its own, larger ones.
        env={
            **os.environ,
            "GONGKAI_OCR": "0",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        timeout=MOST + 12 * len(names),
    )
    errors = done.stderr.decode()
    assert "Traceback" not in errors and b"error.unexpected" not in done.stdout, errors
    if sys.platform == "linux":
        assert int(peak.read_text()) <= MEMORY * 1024
    objects = [json.loads(line) for line in done.stdout.decode().splitlines()]
    ids = {str(one["file"]): one.get("error", {}).get("id", "") for one in objects}
    reports = [one for one in objects if one["schema"] == "gongkai.report/1"]
    return Said(done.returncode, ids, errors.splitlines(), reports)


@pytest.mark.parametrize("group", ["BOMBS", "WIDE", "DEEP", "NAMES"])
def test_each_is_a_line_and_the_others_are_read(group: str, tmp_path: Path) -> None:
    files: Mapping[str, tuple[hostile.Made, str]] = getattr(hostile, group)
    names: list[str] = []
    for name, (made, _) in files.items():
        (tmp_path / name).write_bytes(made())
        names.append(name)
    sound = ("first.docx", "last.docx")
    for name in sound:
        (tmp_path / name).write_bytes(hostile.SOUND.read_bytes())
    said = read(tmp_path, [sound[0], *names, sound[1]])
    assert said.code == 3
    assert [said.ids[name] for name in sound] == ["", ""]
    for name, (_, want) in files.items():
        inside = {file: id for file, id in said.ids.items() if file.split("/")[0] == name}
        if want == "":
            assert set(inside.values()) == {""}, (name, inside)
            continue
        assert inside and all(inside.values()), (name, inside)
        assert want == "*" or set(inside.values()) <= set(want.split()), (name, inside)
        for file in inside:
            assert sum(line.startswith(f"{file}: ") for line in said.lines) == 1, file
    failed = sum(bool(id) for id in said.ids.values())
    assert len(said.lines) == failed + 1, "one line each, and the sum"


@pytest.mark.parametrize("source", [hostile.SOUND, hostile.BOOK, hostile.PAGE, hostile.PRINT])
def test_a_truncated_file_is_read_as_far_as_it_goes_or_refused(
    source: Path, tmp_path: Path
) -> None:
    cut = hostile.truncated(source, 24)
    for name, data in cut.items():
        (tmp_path / name).write_bytes(data)
    said = read(tmp_path, list(cut))
    assert set(said.ids) == set(cut)
    known = {"", "error.damaged", "error.not_a_report", "error.empty", "error.unknown_type"}
    assert set(said.ids.values()) <= known
    if source.suffix in (".docx", ".xlsx"):
        assert set(said.ids.values()) == {"error.damaged"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX files")
def test_what_is_no_ordinary_file_is_said_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.docx")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "gone.docx").symlink_to("nowhere.docx")
    (tmp_path / "sound.docx").write_bytes(hostile.SOUND.read_bytes())
    said = read(
        tmp_path, ["pipe.docx", "/dev/zero", "/dev/null", "loop", "gone.docx", "sound.docx"]
    )
    assert said.ids == {
        "pipe.docx": "error.not_a_file",
        "/dev/zero": "error.not_a_file",
        "/dev/null": "error.not_a_file",
        "loop": "error.system",
        "gone.docx": "error.missing",
        "sound.docx": "",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX files")
def test_a_folder_that_holds_itself_and_a_pipe_is_walked_once(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "back").symlink_to(tmp_path / "a")
    os.mkfifo(inner / "pipe.pdf")
    (inner / "sound.docx").write_bytes(hostile.SOUND.read_bytes())
    said = read(tmp_path, ["a"])
    assert said.ids == {"a/b/pipe.pdf": "error.not_a_file", "a/b/sound.docx": ""}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads it all")
def test_a_file_without_permission_is_said(tmp_path: Path) -> None:
    closed = tmp_path / "closed.docx"
    closed.write_bytes(hostile.SOUND.read_bytes())
    closed.chmod(stat.S_IWUSR)
    assert read(tmp_path, ["closed.docx"]).ids == {"closed.docx": "error.permission"}


@pytest.mark.parametrize("head", [b"", b"PK\x03\x04", b"%PDF-1.4\n"])
def test_a_file_of_500_mb_is_not_read(head: bytes, tmp_path: Path) -> None:
    with open(tmp_path / "large.docx", "wb") as file:
        file.write(head)
        file.truncate(500 << 20)
    assert read(tmp_path, ["large.docx"]).ids == {"large.docx": "error.too_large"}


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="a shell with <(…)")
def test_what_a_shell_passes_as_a_pipe_is_read(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m gongkai read --json <(cat "{hostile.SOUND}")'],
        cwd=ROOT,
        capture_output=True,
        timeout=MOST,
    )
    assert json.loads(done.stdout)["schema"] == "gongkai.report/1", done.stderr


def cells(report: dict[str, object]) -> dict[str, tuple[str, object]]:
    """State and value of each cell."""
    held = report["cells"]
    assert isinstance(held, dict)
    return {address: (cell["state"], cell["value"]) for address, cell in held.items()}


def figures(text: bytes, sign: str) -> bytes:
    """The text of a part with a sign in front of each figure that stands alone in its tags."""
    made = []
    for piece in text.decode().split("<"):
        tag, closed, shown = piece.partition(">")
        if closed and shown.strip().isdigit():
            shown = sign + shown
        made.append(tag + closed + shown)
    return "<".join(made).encode()


@pytest.mark.parametrize("sign", ["\u200b", "\u200f", "\u2066", "\u00ad", "\ufeff"])
def test_signs_that_take_no_space_change_no_figure(sign: str, tmp_path: Path) -> None:
    part = {"word/document.xml": lambda data: figures(data, sign)}
    (tmp_path / "signs.docx").write_bytes(hostile.repacked(hostile.SOUND, part))
    (tmp_path / "plain.docx").write_bytes(hostile.SOUND.read_bytes())
    signs, plain = read(tmp_path, ["signs.docx", "plain.docx"]).reports
    assert cells(signs) == cells(plain)


def test_a_figure_shown_backwards_is_no_certain_number(tmp_path: Path) -> None:
    part = {"word/document.xml": lambda data: figures(data, "\u202e")}
    (tmp_path / "signs.docx").write_bytes(hostile.repacked(hostile.SOUND, part))
    (tmp_path / "plain.docx").write_bytes(hostile.SOUND.read_bytes())
    signs, plain = (cells(one) for one in read(tmp_path, ["signs.docx", "plain.docx"]).reports)
    several = [a for a, (_, value) in plain.items() if len(str(value or "")) > 1]
    assert several and {signs[address] for address in several} == {("unreadable", None)}
    assert {a: c for a, c in signs.items() if a not in several} == {
        a: c for a, c in plain.items() if a not in several
    }


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "=HYPERLINK(1)"])
def test_a_formula_in_a_cell_of_text_is_only_text(text: str, tmp_path: Path) -> None:
    def typed(data: bytes) -> bytes:
        return data.replace(b">0</w:t>", f">{text}</w:t>".encode(), 1)

    (tmp_path / "formula.docx").write_bytes(
        hostile.repacked(hostile.SOUND, {"word/document.xml": typed})
    )
    (report,) = read(tmp_path, ["formula.docx"]).reports
    held = report["cells"]
    assert isinstance(held, dict)
    (cell,) = [cell for cell in held.values() if cell["raw"] == text]
    assert (cell["state"], cell["value"]) == ("unreadable", None)


def test_a_control_character_in_a_file_name_is_no_command_for_the_terminal(tmp_path: Path) -> None:
    inner = {"a\x1b[31mb\u202e.docx": b"x" * 10, "a\nb.txt": b"x" * 10}
    (tmp_path / "names.zip").write_bytes(hostile.packed(inner))
    said = read(tmp_path, ["names.zip"])
    assert list(said.ids.values()) == ["error.not_a_report"] * 2
    assert len(said.lines) == 2
    assert not any(sign in line for line in said.lines for sign in "\x1b\u202e")
