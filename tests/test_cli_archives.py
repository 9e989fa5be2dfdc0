"""An archive on the command line stands for the files in it, each a source of its own."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from gongkai import cli_files
from gongkai.convert.worker import Killed
from gongkai.statute.report import CannotRead
from tests.command import EXAMPLES, gongkai, objects, silent

WATER = EXAMPLES / "07_water_bureau_2023.docx"
CITY = EXAMPLES / "05_housing_fund_2022.txt"


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return path


def reads_or_dies(source: cli_files.Source) -> str:
    if "乙" in source.name:
        os._exit(9)
    return f"{source.name}: {len(cli_files.read(source))}"


def test_a_file_that_kills_its_process_costs_no_other_file_of_its_archive(tmp_path: Path) -> None:
    files = {"甲.docx": WATER.read_bytes(), "乙.docx": b"x", "丙.txt": CITY.read_bytes()}
    path = packed(tmp_path / "年报.zip", **files, **{"说明.exe": b"MZ"})
    found = cli_files.collect([str(path)])
    assert [s.name for s in found.sources] == [f"{path}/{name}" for name in files]
    assert found.passed_over == (f"{path}/说明.exe",)
    answers = list(cli_files.each(reads_or_dies, found.sources, 1))
    assert answers[0] == f"{path}/甲.docx: 1" and answers[2] == f"{path}/丙.txt: 1"
    assert isinstance(answers[1], Killed) and answers[1].item == found.sources[1]


def test_what_is_no_archive_or_does_not_open_is_left_to_reading(tmp_path: Path) -> None:
    named_wrong = tmp_path / "其实是.zip"
    named_wrong.write_bytes(WATER.read_bytes())
    broken = tmp_path / "坏.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    empty = packed(tmp_path / "空.zip", **{"a.exe": b"MZ"})
    paths = [str(named_wrong), str(broken), str(empty), str(tmp_path / "没有.zip")]
    assert [s.name for s in cli_files.collect(paths).sources] == paths
    done = gongkai("read", *paths, "--json")
    assert done.returncode == 3 and silent(done)
    assert [o["schema"] for o in objects(done)] == [
        "gongkai.report/1",
        *["gongkai.error/1"] * 3,
    ]


def test_an_archive_in_an_archive_is_opened_and_one_in_that_is_not(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("里.docx", WATER.read_bytes())
    deeper = io.BytesIO()
    with zipfile.ZipFile(deeper, "w") as package:
        package.writestr("更里.zip", inner.getvalue())
    path = packed(
        tmp_path / "外.zip", **{"一层.zip": inner.getvalue(), "两层.zip": deeper.getvalue()}
    )
    told = objects(gongkai("read", str(path), "--json"))
    assert [(o["file"].removeprefix(f"{path}/"), o["schema"]) for o in told] == [
        ("一层.zip/里.docx", "gongkai.report/1"),
        ("两层.zip/更里.zip", "gongkai.error/1"),
    ]
    assert told[1]["error"]["id"] == "error.nested_archive"


def test_the_files_of_an_archive_are_converted_into_a_folder(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "年报.zip", **{"甲/年报.docx": WATER.read_bytes(), "乙.txt": CITY.read_bytes()}
    )
    done = gongkai("convert", str(path), "--to", "html", "-o", f"{tmp_path}/out/")
    assert done.returncode == 0 and silent(done), done.stderr.decode()
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["乙.html", "年报.html"]


def test_a_file_that_is_no_longer_in_its_archive_is_an_error(tmp_path: Path) -> None:
    path = packed(tmp_path / "年报.zip", **{"甲.docx": WATER.read_bytes()})
    (source,) = cli_files.collect([str(path)]).sources
    packed(path, **{"乙.docx": WATER.read_bytes()})
    with pytest.raises(CannotRead):
        cli_files.read(source)
