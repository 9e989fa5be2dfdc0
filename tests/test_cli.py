"""命令 gongkai: real processes: what goes to which stream, and the exit code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from gongkai import cli, cli_commands, cli_files
from gongkai.convert import ocr
from gongkai.statute import forms, read
from gongkai.statute.writers import json as json_writer
from tests.command import EXAMPLES, ROOT, environment, gongkai, objects, silent

FILES = sorted(str(f) for f in EXAMPLES.iterdir() if cli_files.may_be_report(f.name))
TEXT = next(f for f in FILES if f.endswith(".txt"))
HTML = next(f for f in FILES if f.endswith(".html"))
COMMANDS = cli_commands.names()


# -- help and wrong usage


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_an_example_in_the_language_asked_for(command: str) -> None:
    arguments = [command] if command else []
    chinese = gongkai(*arguments, "--help", env={"LANG": "zh_CN.UTF-8"})
    english = gongkai(*arguments, "--help", "--lang", "en")
    assert chinese.returncode == english.returncode == 0
    zh, en = chinese.stdout.decode(), english.stdout.decode()
    assert zh.startswith("用法  gongkai") and en.startswith("Usage gongkai")
    for page, title in ((zh, "\n例子\n"), (en, "\nExamples\n")):
        examples = page.partition(title)[2].splitlines()
        assert examples[0].strip().startswith(("gongkai", "cat"))
        assert all(cell_len(line) <= 100 for line in page.splitlines() if "gongkai" not in line)
    assert "选项" in zh and "Options" not in zh
    assert "Options" in en and "选项" not in en


def test_help_loads_nothing_heavy() -> None:
    heavy = "('rich.console', 'rich.table', 'lxml', 'pypdfium2', 'selectolax', 'hypothesis')"
    script = (
        "import sys; from gongkai import cli; cli.run(['--help']);"
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr);"
        "print('gongkai.statute.readers' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, env=environment(), check=True
    )
    assert done.stderr.decode().split("\n") == ["[]", "False", ""]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek", "x"], "没有“chek”这个命令；可用：check。"),
        (["read"], "没有写要读的文件。"),
        (["read", TEXT, "--jsn"], "没有 --jsn 这个选项"),
        (["read", TEXT, "-j", "0"], "-j 至少为 1。"),
        (["read", TEXT, "-j", "two"], "--jobs 要写一个整数。"),
        (["read", TEXT, "-j"], "-j 后面要写一个值。"),
        (["read", "-", "-"], "标准输入（-）只能用一次。"),
        (["read", TEXT, "--lang", "fr"], "没有“fr”这种语言"),
        (["check", TEXT, "--children"], "--children 后面要写一个值。"),
        (["check", TEXT, "--published", "2025年1月"], "--published：“2025年1月”不是日期"),
        (["check", TEXT, "--kind", "county"], "--kind 只能写 organ"),
        (["check", "--children", TEXT], "没有写要检查的报告：--children 把后面的文件都算了进去。"),
        (["check", TEXT, "--sibling", "--json"], "--sibling 后面要写一个值。"),
        (["fee", "a", "b"], "多写了 a b。"),
    ],
)
def test_wrong_usage_is_one_sentence_and_the_way_to_the_help(
    arguments: list[str], said: str
) -> None:
    done = gongkai(*arguments)
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert lines[0].startswith(said)
    assert len(lines) == 2 and lines[1].endswith("--help")


def test_without_a_command_it_shows_its_help() -> None:
    done = gongkai()
    assert done.returncode == 2
    assert "gongkai demo" in done.stdout.decode()


def test_version() -> None:
    done = gongkai("--version")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("gongkai 0.")


# -- reading


def test_every_example_as_json_has_every_cell_of_its_form() -> None:
    done = gongkai("read", *FILES, "--json")
    assert done.returncode == 0, done.stderr.decode()
    found = objects(done)
    assert [o["file"] for o in found] == FILES
    for one in found:
        assert one["schema"] == "gongkai.report/1"
        assert list(one["cells"]) == list(forms.form(one["edition"]).addresses)


def test_json_read_again_is_the_same_bytes() -> None:
    first = gongkai("read", *FILES, "--json")
    second = gongkai("read", "-", "--json", stdin=first.stdout, env={"LANG": "en_US.UTF-8"})
    assert second.returncode == 0
    assert second.stdout == first.stdout


def test_what_cannot_be_read_is_said_and_stops_nothing(tmp_path: Path) -> None:
    empty, other = tmp_path / "空.txt", tmp_path / "会议纪要.txt"
    empty.write_bytes(b"")
    other.write_text("今天开会，讨论食堂。", encoding="utf-8")
    done = gongkai("read", str(empty), "没有.docx", str(other), TEXT, "--json")
    assert done.returncode == 3
    errors = [o["error"]["id"] for o in objects(done) if o["schema"] == "gongkai.error/1"]
    assert errors == ["error.empty", "error.missing", "error.not_a_report"]
    assert objects(done)[-1]["schema"] == "gongkai.report/1"
    said = done.stderr.decode().splitlines()
    assert said[0] == f"{empty}：文件是空的，或者没有任何文字。"
    assert said[1].startswith("没有.docx：") and said[2].startswith(f"{other}：")
    assert silent(done)


def test_a_page_without_json_says_the_error_on_stderr_only() -> None:
    done = gongkai("read", "没有.docx")
    assert done.returncode == 3
    assert done.stdout == b""
    assert done.stderr.decode() == "没有.docx：没有这个文件。\n"


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    report = Path(TEXT).read_bytes()
    for name in ("b/2.txt", "a.txt", "b/1.TXT", ".hidden.txt", ".git/x.txt", "~$lock.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(report)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "README.md").write_text("各单位年报")
    done = gongkai("read", str(tmp_path), "--json")
    names = [os.path.relpath(o["file"], tmp_path) for o in objects(done)]
    assert names == ["a.txt", os.path.join("b", "1.TXT"), os.path.join("b", "2.txt")]
    assert done.returncode == 0
    said = done.stderr.decode()
    pictures, others = said.splitlines()
    assert "图片没有读取（1 个）" in pictures and "logo.png" in pictures
    assert "文件没有读取（1 个" in others and "README.md" in others


def test_an_empty_folder_is_an_error_not_a_silence(tmp_path: Path) -> None:
    done = gongkai("read", str(tmp_path), "--json")
    assert done.returncode == 3
    assert objects(done)[0]["error"]["id"] == "error.empty_folder"


def test_standard_input_is_a_file_like_any_other() -> None:
    done = gongkai("read", "-", "--json", stdin=Path(HTML).read_bytes())
    assert done.returncode == 0
    (one,) = objects(done)
    (same,) = read(Path(HTML).read_bytes(), name="-")
    assert one == json.loads(json_writer.dump_line(same, "zh"))


def test_several_processes_say_the_same_in_the_same_order() -> None:
    files = [*FILES, "没有.docx", "-", *FILES]
    data = Path(HTML).read_bytes()
    one = gongkai("check", *files, "--json", "-j", "1", stdin=data)
    two = gongkai("check", *files, "--json", "-j", "2", stdin=data)
    assert two.stdout == one.stdout and two.stderr == one.stderr
    assert one.returncode == two.returncode == 3


def test_json_is_utf8_in_every_locale() -> None:
    done = gongkai("read", TEXT, "--json", env={"PYTHONIOENCODING": "gbk"})
    assert objects(done)[0]["organ"]


def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xc4\xea\xb1\xa8.txt"
    Path(os.fsdecode(path)).write_bytes(Path(TEXT).read_bytes())
    done = gongkai("read", os.fsdecode(path), "--json")
    assert done.returncode == 0 and silent(done)
    assert objects(done)[0]["file"].endswith(".txt")


def test_a_reader_who_goes_away_is_no_fault() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "gongkai.cli", "read", *FILES, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(60) == cli.PIPE_CLOSED


# -- pages


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("command", ["read", "check", "demo"])
def test_pages_keep_to_the_width_and_carry_no_codes(command: str, lang: str, columns: int) -> None:
    done = gongkai(command, *FILES, "--lang", lang, env={"COLUMNS": str(columns)})
    assert done.returncode in (0, 1) and silent(done)
    page = done.stdout.decode()
    assert "\x1b" not in page
    wide = [ln for ln in page.splitlines() if cell_len(ln) > columns and "gongkai" not in ln]
    assert wide == []
    assert sum(page.count(one.title or "") for f in FILES for one in read_file(f)) >= len(FILES)


def read_file(file: str) -> list[Any]:
    return list(read(Path(file).read_bytes(), name=file))


def test_on_a_terminal_there_is_colour_and_a_bar() -> None:
    """Both streams on one terminal: the pages come whole, the bar is gone at the end."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai.cli", "read", *FILES],
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm-256color"),
        cwd=ROOT,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # Linux says EIO when the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert process.wait(60) == 0
    text = seen.decode()
    assert "\x1b[1m" in text
    assert f"/{len(FILES)}" in text and "剩余" in text
    assert "读取说明" in text


def test_demo_shows_every_example_and_what_to_try_next() -> None:
    done = gongkai("demo")
    assert done.returncode == 0, done.stderr.decode()
    page = done.stdout.decode()
    assert all(Path(file).name in page for file in FILES)
    for title in ("读到", "未归位", "检查", "接下来可以试"):
        assert title in page


def test_demo_takes_files_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "本局.txt").write_bytes(Path(TEXT).read_bytes())
    done = gongkai("demo", str(tmp_path / "本局.txt"), str(tmp_path / "没有.pdf"))
    assert done.returncode == 3
    page = done.stdout.decode()
    assert "本局.txt" in page and "没有这个文件。" in page
    assert "自编的例子" not in page


# -- checking


def test_check_prints_one_object_for_each_report() -> None:
    done = gongkai("check", *FILES, "--json")
    found = objects(done)
    assert [o["file"] for o in found] == FILES
    keys = ["id", "level", "outcome", "cells", "printed", "expected", "message", "hint"]
    for one in found:
        assert list(one) == ["schema", "file", "organ", "year", "doubts", "findings", "held"]
        assert one["held"] > 50
        for finding in one["findings"]:
            assert list(finding) == [*keys, "source", "place"]
            assert finding["outcome"] in ("broken", "cannot_tell")


def errors(one: dict[str, Any]) -> list[str]:
    return [f["id"] for f in one["findings"] if f["outcome"] == "broken" and f["level"] == "error"]


def softer(one: dict[str, Any]) -> list[str]:
    return [
        f["id"] for f in one["findings"] if f["outcome"] == "cannot_tell" or f["level"] == "warning"
    ]


def test_exit_codes_say_what_was_found(tmp_path: Path) -> None:
    by_file = {o["file"]: o for o in objects(gongkai("check", *FILES, "--json"))}
    faulty = next(f for f in FILES if errors(by_file[f]))
    doubtful = next(f for f in FILES if not errors(by_file[f]) and softer(by_file[f]))
    clean = next(f for f in FILES if not errors(by_file[f]) and not softer(by_file[f]))
    assert gongkai("check", faulty).returncode == 1
    assert gongkai("check", doubtful).returncode == 0
    assert gongkai("check", doubtful, "--strict").returncode == 1
    assert gongkai("check", clean, "--strict").returncode == 0
    assert gongkai("check", faulty, "没有.docx").returncode == 3


def test_check_reads_our_own_json_with_several_reports() -> None:
    reports = gongkai("read", *FILES, "--json").stdout
    from_json = objects(gongkai("check", "-", "--json", stdin=reports))
    directly = objects(gongkai("check", *FILES, "--json"))
    for one in (*from_json, *directly):  # the JSON keeps no place for each line of a section
        for finding in one["findings"]:
            finding["place"] = None
    assert from_json == directly


def changed(file: str, **fields: Any) -> dict[str, Any]:
    (one,) = read_file(file)
    return dict(json.loads(json_writer.dump_line(one, "zh"))) | fields


def test_last_years_report_is_found_by_organ_and_year(tmp_path: Path) -> None:
    """The year before shows a carry-over that this year's table does not take up."""
    this = changed(TEXT)
    before = changed(TEXT, year=this["year"] - 1)
    carried = dict(before["cells"]["applications.carried_out.natural_person"])
    carried |= {"state": "number", "value": 77, "raw": "77"}
    before["cells"]["applications.carried_out.natural_person"] = carried
    other = changed(HTML, year=this["year"] - 1)
    path = tmp_path / "去年.jsonl"
    path.write_text("".join(json_writer.line(one) for one in (other, before)), encoding="utf-8")
    (alone,) = objects(gongkai("check", TEXT, "--json"))
    (beside,) = objects(gongkai("check", TEXT, "--json", "--previous", str(path)))
    assert "year.carry" not in [f["id"] for f in alone["findings"]]
    assert "year.carry" in [f["id"] for f in beside["findings"]]


def test_what_cannot_be_compared_with_is_said() -> None:
    done = gongkai("check", TEXT, "--json", "--previous", "没有.docx", "--children", "无.pdf", TEXT)
    assert done.returncode == 3
    assert [o["schema"] for o in objects(done)] == [*["gongkai.error/1"] * 2, "gongkai.check/1"]
    assert objects(done)[-1]["file"] == TEXT


@pytest.mark.parametrize(
    ("given", "parsed"),
    [
        (
            ["check", "p", "--children", "a", "b", "--strict"],
            ["check", "p", "--children", "a", "--children", "b", "--strict"],
        ),
        (
            ["check", "--children", "a", "b", "--", "p"],
            ["check", "--children", "a", "--children", "b", "p"],
        ),
        (
            ["check", "p", "--children", "a", "--children", "b"],
            ["check", "p", "--children", "a", "--children", "b"],
        ),
        (
            ["check", "p", "--sibling", "a", "-", "--children", "c"],
            ["check", "p", "--sibling", "a", "--sibling", "-", "--children", "c"],
        ),
        (["check", "p", "--children=a", "b"], ["check", "p", "--children=a", "b"]),
        (["check", "p", "--children"], ["check", "p", "--children"]),
        (["check", "--", "-p"], ["check", "--", "-p"]),
    ],
)
def test_an_option_of_several_files_takes_them_one_after_the_other(
    given: list[str], parsed: list[str]
) -> None:
    assert cli.spread(given) == parsed


def test_english_says_what_is_missing_in_english() -> None:
    done = gongkai("check", "--children", TEXT, "--lang", "en")
    assert done.returncode == 2
    assert done.stderr.decode().startswith("No report is named: --children took all the files")
    assert "COMMAND" not in gongkai("--help").stdout.decode()


# -- every encoding, every carrier of ours


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
@pytest.mark.parametrize("command", ["read", "check", "demo"])
def test_a_page_can_be_written_in_every_encoding(command: str, encoding: str) -> None:
    done = gongkai(command, *FILES, "没有.docx", env={"PYTHONIOENCODING": encoding})
    assert done.returncode == 3 and silent(done)
    page = done.stdout.decode(encoding)
    assert "01_housing_levy_2020.txt" in page and "197" in page
    if encoding == "gbk":
        assert "空白 1" in page and "?" * 4 not in page
        assert "  x " in page if command == "check" else "█" in page


def test_what_could_not_be_read_then_is_said_again(tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "年报.txt").write_bytes(Path(TEXT).read_bytes())
    lines = gongkai("read", str(tmp_path), "--json")
    assert [o["schema"] for o in objects(lines)] == ["gongkai.report/1", "gongkai.error/1"]
    (tmp_path / "全部.jsonl").write_bytes(lines.stdout)
    again = gongkai("check", str(tmp_path / "全部.jsonl"), "--json")
    assert again.returncode == 3
    assert [o["schema"] for o in objects(again)] == ["gongkai.check/1", "gongkai.error/1"]
    assert again.stderr.decode() == f"{tmp_path / '空.txt'}：文件是空的，或者没有任何文字。\n"
    utf16 = gongkai("read", "-", "--json", stdin=lines.stdout.decode().encode("utf-16"))
    assert utf16.returncode == 3 and utf16.stdout == lines.stdout


def test_a_check_result_is_no_report_and_says_so(tmp_path: Path) -> None:
    checked = gongkai("check", HTML, "--json").stdout
    for command in ("read", "check"):
        done = gongkai(command, "-", "--json", stdin=checked)
        assert done.returncode == 3
        assert objects(done)[0]["error"]["id"] == "error.check_result"
        assert "gongkai read --json" in done.stderr.decode()


def test_pictures_archives_and_broken_files_say_what_to_do(tmp_path: Path) -> None:
    names = ("a.png", "b.rar", "c.docx")
    picture, archive, broken = (tmp_path / name for name in names)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    archive.write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(90))
    broken.write_bytes(b"PK\x03\x04" + bytes(60))
    done = gongkai("read", str(picture), str(archive), str(broken))
    assert done.returncode == 3 and silent(done)
    said = [line.partition("：")[2] for line in done.stderr.decode().splitlines()]
    assert ocr.available() or "make install-ocr" in said[0]
    assert "解压" in said[1]
    assert said[2] == "文件已损坏或不完整，请重新取得原件。"


@pytest.mark.parametrize("given", [["--debug", "check", TEXT], ["check", TEXT, "--debug"]])
def test_debug_goes_before_or_after_the_command(given: list[str]) -> None:
    assert gongkai(*given).returncode == 0


@pytest.mark.parametrize("day", ["2021年1月28日", "2021/1/28", "2021.1.28", "20210128"])
def test_a_day_is_read_as_for_a_deadline(day: str) -> None:
    plain = gongkai("check", TEXT, "--json", "--published", "2021-01-28")
    other = gongkai("check", TEXT, "--json", "--published", day)
    assert other.returncode == 0 and other.stdout == plain.stdout
    late = gongkai("check", TEXT, "--json", "--published", day.replace("2021", "2022"))
    assert late.stdout != plain.stdout


# -- many files


def test_the_examples_folder_holds_ten_reports_and_four_of_one_district() -> None:
    done = gongkai("check", "examples", "--json")
    assert len(objects(done)) == 14 and done.returncode == 1
    every = gongkai("read", *sorted(str(f) for f in EXAMPLES.iterdir()), "--json")
    assert every.returncode == 0 and len(objects(every)) == 14
    assert "README.md" in every.stderr.decode()


def test_several_checked_end_with_a_table_and_the_files_with_errors_named() -> None:
    done = gongkai("check", *FILES)
    table = done.stdout.decode().rpartition("年度  格数")[2].splitlines()[1:]
    assert [line.split()[0] for line in table if line.strip()] == [Path(f).name for f in FILES]
    named = done.stderr.decode().rpartition("有错误的：")[2].strip().split("、")
    wrong = [o["file"] for o in objects(gongkai("check", *FILES, "--json")) if errors(o)]
    assert named == wrong


def test_files_passed_over_are_named_up_to_five(tmp_path: Path) -> None:
    (tmp_path / "年报.txt").write_bytes(Path(TEXT).read_bytes())
    for number in range(7):
        (tmp_path / f"图{number}.png").write_bytes(b"x")
    said = gongkai("read", str(tmp_path)).stderr.decode()
    assert "图片没有读取（7 个）" in said
    assert "图4.png 等" in said and "图5.png" not in said


def test_the_page_says_whose_figures_and_which_units_are_missing() -> None:
    done = gongkai("check", TEXT, "--kind", "region", "--children", HTML, "没有.docx")
    assert done.returncode == 3
    page = done.stdout.decode()
    assert "口径 本地区汇总（--kind）" in page
    assert "2 份中读到 1 份" in page and "未读到：没有.docx" in page
