"""gongkai write, gongkai convert: real processes: what is written where, and what is told."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from gongkai.statute import read, writers
from gongkai.statute.report import AnnualReport, State
from tests.command import EXAMPLES, gongkai, silent

WRONG_TOTAL = str(EXAMPLES / "09_transport_2023.xlsx")


def report(path: Path | str) -> AnnualReport:
    (found,) = read(Path(path).read_bytes(), name=str(path))
    return found


def states(one: AnnualReport) -> dict[str, tuple[State, object]]:
    blank = State.BLANK  # what is absent is written as an empty cell
    return {
        a: (blank if c.state is State.ABSENT else c.state, c.value) for a, c in one.cells.items()
    }


@pytest.mark.parametrize("carrier", writers.CARRIERS)
def test_convert_writes_every_carrier_and_reads_it_back(carrier: str, tmp_path: Path) -> None:
    out = tmp_path / f"报告.{carrier}"
    done = gongkai("convert", WRONG_TOTAL, "-o", str(out))
    assert done.returncode == 0 and silent(done), done.stderr.decode()
    assert f"→ {out}" in done.stdout.decode()
    assert states(report(out)) == states(report(WRONG_TOTAL))
    assert report(out).organ == report(WRONG_TOTAL).organ


def test_a_corrected_copy_tells_each_change(tmp_path: Path) -> None:
    out = tmp_path / "corrected.json"
    done = gongkai("convert", WRONG_TOTAL, "--correct", "-o", str(out))
    assert done.returncode == 0
    assert "原为“6”，更正为“5”" in done.stderr.decode()
    assert report(WRONG_TOTAL).cell("remedies.reconsideration.total").number == 6
    assert report(out).cell("remedies.reconsideration.total").number == 5
    assert [n.id for n in report(out).notes][-1] == "correct.changed"


def test_a_corrected_copy_tells_what_it_left(tmp_path: Path) -> None:
    done = gongkai(
        "convert",
        str(EXAMPLES / "08_archives_2019.html"),
        "--correct",
        "-o",
        str(tmp_path / "x.json"),
    )
    assert done.returncode == 0
    assert "更正 0 处；仍有错误 2 处、警告 0 处" in done.stderr.decode()


def test_a_file_that_was_there_is_replaced_and_that_is_said(tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    first = gongkai("convert", WRONG_TOTAL, "-o", str(out))
    again = gongkai("convert", WRONG_TOTAL, "-o", str(out))
    assert "替换" not in first.stdout.decode() and "替换了原有的文件" in again.stdout.decode()


def test_a_template_that_is_none_is_blamed_itself(tmp_path: Path) -> None:
    template = str(EXAMPLES / "10_subdistrict_2021.docx")
    out = tmp_path / "x.docx"
    done = gongkai("convert", WRONG_TOTAL, "--template", template, "-o", str(out))
    assert done.returncode == 3 and not out.exists()
    assert done.stderr.decode().startswith(f"{template}：")


def test_equal_notes_are_said_once(tmp_path: Path) -> None:
    seven = str(EXAMPLES / "03_relocation_centre_2020.txt")
    done = gongkai("convert", seven, "-o", str(tmp_path / "x.docx"))
    lines = done.stderr.decode().splitlines()
    assert len(lines) == len(set(lines)) and any(line.endswith("× 6") for line in lines), lines


def test_write_takes_json_from_standard_input_and_writes_to_standard_output() -> None:
    line = gongkai("read", WRONG_TOTAL, "--json").stdout
    done = gongkai("write", "-", "--to", "html", "-o", "-", stdin=line)
    assert done.returncode == 0 and silent(done)
    assert done.stdout.lstrip().startswith(b"<!DOCTYPE html>")
    (back,) = read(done.stdout, name="-")
    assert states(back) == states(report(WRONG_TOTAL))


def test_a_folder_becomes_a_folder_and_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    source = tmp_path / "年报"
    source.mkdir()
    shutil.copy(WRONG_TOTAL, source / "a.xlsx")
    shutil.copy(EXAMPLES / "08_archives_2019.html", source / "b.html")
    (source / "c.docx").write_bytes(b"PK\x03\x04 broken")
    done = gongkai("convert", str(source), "--to", "json", "-o", f"{tmp_path}/out/")
    assert done.returncode == 3 and silent(done)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.json", "b.json"]
    assert "c.docx" in done.stderr.decode()


def test_equal_names_from_several_folders_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        shutil.copy(WRONG_TOTAL, tmp_path / name / "年报.xlsx")
    out = tmp_path / "out"
    done = gongkai(
        "convert", str(tmp_path / "甲"), str(tmp_path / "乙"), "--to", "json", "-o", f"{out}/"
    )
    assert done.returncode == 0
    assert {p.name for p in out.iterdir()} == {"甲_年报.json", "乙_年报.json"}


def test_a_number_given_never_meets_a_name_that_has_one(tmp_path: Path) -> None:
    source, out = tmp_path / "年报", tmp_path / "out"
    source.mkdir()
    for name in ("a-2.xlsx", "a.xlsx", "A.xls"):
        shutil.copy(WRONG_TOTAL, source / name)
    shutil.copy(EXAMPLES / "08_archives_2019.html", source / "a.html")
    assert gongkai("convert", str(source), "--to", "json", "-o", f"{out}/").returncode == 0
    written = sorted(p.name for p in out.iterdir())
    assert len({name.casefold() for name in written}) == 4 and "a-2.json" in written
    years = [read(p.read_bytes(), name=p.name)[0].year for p in out.iterdir()]
    assert sorted(filter(None, years)) == [2019, 2023, 2023, 2023]


def test_the_parts_of_a_file_never_meet_another_files_copy(tmp_path: Path) -> None:
    """Equal organ and year, so the parts are numbered: x-1, x-2; x-1 is a file of its own."""
    source = tmp_path / "年报"
    source.mkdir()
    old = str(EXAMPLES / "08_archives_2019.html")
    (source / "x.jsonl").write_bytes(gongkai("read", old, old, "--json").stdout)
    (source / "x-1.json").write_bytes(gongkai("read", old, "--json").stdout)
    files = [f"{source}/x.jsonl", f"{source}/x-1.json"]
    done = gongkai("convert", *files, "--to", "html", "-o", f"{tmp_path}/out/")
    assert done.returncode == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "x-1.html",
        "x-1_.html",
        "x-2.html",
    }
    before = (source / "x-1.json").read_bytes()
    refused = gongkai("convert", *files, "--to", "json", "-o", f"{source}/")
    assert refused.returncode == 2
    assert (source / "x-1.json").read_bytes() == before


def test_several_reports_of_one_file_need_a_folder(tmp_path: Path) -> None:
    lines = tmp_path / "two.jsonl"
    paths = [WRONG_TOTAL, str(EXAMPLES / "08_archives_2019.html")]
    lines.write_bytes(gongkai("read", *paths, "--json").stdout)
    refused = gongkai("write", str(lines), "-o", str(tmp_path / "x.docx"))
    assert refused.returncode == 2 and not (tmp_path / "x.docx").exists()
    assert "2 份报告" in refused.stderr.decode()
    done = gongkai("write", str(lines), "--to", "html", "-o", f"{tmp_path}/out/")
    assert done.returncode == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "two-云水市交通运输局2023.html",
        "two-望山县档案馆2019.html",
    }
    for suffix in ("json", "csv"):
        again = tmp_path / f"again.{suffix}"
        assert gongkai("write", str(lines), "-o", str(again)).returncode == 0
        assert [one.year for one in read(again.read_bytes(), name=again.name)] == [2023, 2019]


def test_what_is_read_is_never_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "own.xlsx"
    shutil.copy(WRONG_TOTAL, own)
    before = own.read_bytes()
    for arguments in (
        ["convert", str(own), "-o", str(own)],
        ["convert", str(own), "--to", "xlsx", "-o", f"{tmp_path}/"],
    ):
        done = gongkai(*arguments)
        assert done.returncode == 2 and silent(done)
        assert own.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x"], "--to"),
        (["-o", "x.doc"], "写不了 .doc"),
        (["-o", "x.pdf", "--to", "docx"], "不一致"),
        (["-o", "x.docx", "--to", "word"], "docx"),
        (["-o", "x.pdf", "--template", "t.docx"], "--template"),
        (["-o", "x.docx", "--template", "there-is-none.docx"], "there-is-none.docx"),
        ([], "--output"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    done = gongkai("convert", WRONG_TOTAL, *arguments)
    assert done.returncode == 2 and silent(done)
    assert said in done.stderr.decode()
    assert not (Path.cwd() / "x").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_is_an_error_of_one_line(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = gongkai("convert", WRONG_TOTAL, "-o", str(closed / "x.json"))
    assert done.returncode == 3 and silent(done)
    assert len(done.stderr.decode().splitlines()) == 1


def test_a_folder_in_the_way_is_an_error_of_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"")
    done = gongkai("convert", WRONG_TOTAL, "-o", str(tmp_path / "x.json" / "y.json"))
    assert done.returncode == 3 and silent(done)
    assert [p.name for p in tmp_path.iterdir()] == ["x.json"]


def test_the_demonstration_writes_a_corrected_copy_and_a_rollup_and_says_where(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    done = gongkai("demo", "--out", str(out))
    assert done.returncode == 0 and silent(done), done.stderr.decode()
    said = done.stdout.decode().replace("\n", "")
    files = sorted(p for p in out.rglob("*") if p.is_file())
    assert [p for p in files if str(p) not in said] == []
    corrected = [p for p in files if p.parent.name == "corrected"]
    assert {p.suffix[1:] for p in corrected} == set(writers.CARRIERS)
    for path in corrected:
        assert report(path).cell("remedies.reconsideration.total").number == 5
    rolled = json.loads((out / "rollup" / "qingshi_2023.json").read_text())
    cell = rolled["cells"]["applications.received.total"]
    assert (cell["value"], cell["of"], len(cell["from"])) == (None, 5, 4)
    part = json.loads((out / "rollup" / "qingshi_2023_partial.json").read_text())
    assert part["cells"]["applications.received.total"]["value"] == 28
    assert "云水市青石区体育局" in said


def test_the_demonstration_writes_only_our_examples(tmp_path: Path) -> None:
    done = gongkai("demo", WRONG_TOTAL, "--out", str(tmp_path))
    assert done.returncode == 2 and "gongkai convert" in done.stderr.decode()


def test_a_demonstration_that_cannot_write_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    done = gongkai("demo", "--out", str(tmp_path / "file"))
    assert done.returncode == 3 and silent(done)
    assert "不能写入" in done.stdout.decode()
