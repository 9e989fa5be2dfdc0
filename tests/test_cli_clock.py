"""``gongkai deadline`` and ``gongkai fee``: what they print, and how they refuse."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from gongkai import cli_clock, cli_clock_page, cli_language
from gongkai.statute import articles, clock_remarks, clocks

APP = typer.Typer()
APP.command()(cli_clock.deadline)
APP.command()(cli_clock.fee)

ASKED = (
    "deadline", "--received", "2026-12-04", "--event", "joint=2026-12-14..,served=2026-12-15"
)  # fmt: skip
DESIGN = ("deadline", "--received", "2026-03-02", "--event", "consult=2026-03-09..2026-03-20")


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("GONGKAI_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def run(*args: str) -> Result:
    return CliRunner().invoke(APP, list(args))


def data(*args: str) -> dict[str, Any]:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_due_date_comes_first_in_plain_words() -> None:
    result = run(*DESIGN)
    assert result.exit_code == 0
    assert "最迟答复日  2026年4月13日（星期一）" in result.stdout.split("\n\n")[0]
    english = run(*DESIGN, "--event", "extend", "--lang", "en")
    assert "Answer by  Wednesday 13 May 2026" in english.stdout


def test_every_day_has_its_line_and_every_article_its_sentence() -> None:
    out = run(*DESIGN).stdout
    lines = out.splitlines()
    assert max(map(cell_len, lines)) <= cli_clock_page.WIDTH
    days = [line for line in lines if line.startswith("2026-0")]
    assert len(days) == (date(2026, 4, 13) - date(2026, 3, 2)).days + 1
    assert "征求第三方意见，不计" in out and "清明节放假，不计" in out
    assert "国办发明电〔2025〕7号" in out
    for id in ("ogi.30", "ogi.31", "ogi.33", "civil.201"):
        assert articles.provision(id).cite.zh in out


def test_a_page_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in (60, 80, 84, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        for lang in ("zh", "en"):
            for args in (ASKED, DESIGN, ("fee", "--pages", "201")):
                lines = run(*args, "--lang", lang).stdout.splitlines()
                assert max(map(cell_len, lines)) <= columns
                assert not any(line != line.rstrip() or "…" in line for line in lines)
                assert ("", "") not in zip(lines, lines[1:], strict=False)


@pytest.mark.parametrize("columns", [60, 80, 84, 100])
def test_the_key_dates_keep_their_labels(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for lang, head in (("zh", "关键日期"), ("en", "Key dates")):
        page = run(*ASKED, "--lang", lang).stdout
        table = page.split(f"{head}\n")[1].split("\n\n")[0]
        found = data(*ASKED, "--lang", lang)["limits"]
        assert len(found) == 5
        # A label may wrap, at most into three lines; no character of it is lost.
        assert len(table.splitlines()) <= 3 * len(found)
        letters = re.sub(r"\s", "", table)
        for word in re.findall(r"[a-z-]{4,}|[\u4e00-\u9fff]", " ".join(o["name"] for o in found)):
            assert word in letters
        if columns >= 84:
            whole = "告知补正的最后一日" if lang == "zh" else "last day to ask for clarification"
            assert whole in table


def test_the_day_of_receipt_rests_on_the_regulations_even_in_a_holiday() -> None:
    for received in ("2026-10-03", "2026-10-10"):  # a holiday; a Saturday worked
        out = run("deadline", "--received", received).stdout
        (line,) = [line for line in out.splitlines() if line.startswith(received)]
        assert line.endswith("《条例》第三十一条") and "国办发明电" not in line


def test_a_fixed_holiday_of_a_year_without_notice_is_off_by_law() -> None:
    out = run("deadline", "--received", "2026-12-04").stdout
    assert "最迟答复日  2027年1月4日（星期一）  暂定" in out.split("\n\n")[0]
    (line,) = [line for line in out.splitlines() if line.startswith("2027-01-01")]
    assert "不计" in line and line.endswith("《放假办法》")
    assert "《全国年节及纪念日放假办法》" in out and "也可能提前" in out.replace("\n    ", "")
    assert "未公布" not in out


@pytest.mark.parametrize("args", [DESIGN, ("fee", "--pages", "201"), (*DESIGN, "--json")])
def test_a_closed_pipe_is_exit_141(args: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "gongkai.cli", *args]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_provisional_says_so_and_why() -> None:
    out = run("deadline", "--received", "2026-12-04").stdout
    assert "暂定" in out.split("\n\n")[0]
    assert "2027年的放假安排通知未收录" in out
    assert data("deadline", "--received", "2026-12-04")["unknown_years"] == [2027]


def test_a_missing_reply_gives_a_bound_and_says_what_to_enter() -> None:
    out = run("deadline", "--received", "2026-03-02", "-e", "consult=2026-03-09..").stdout
    assert "不早于 2026年3月30日（星期一）" in out
    assert "请登记收到意见的日期" in out.replace("\n    ", "")


def test_json_holds_the_whole_reasoning() -> None:
    found = data(*DESIGN, "--event", "extend=2026-03-27")
    assert found["schema"] == "gongkai.deadline/1"
    assert (found["due"], found["first_due"]) == ("2026-05-13", "2026-04-13")
    assert found["events"][0]["event"] == "consult"
    by_day = {day["date"]: day for day in found["days"]}
    assert by_day["2026-03-10"]["effect"] == "suspended"
    assert by_day["2026-05-09"]["kind"] == "make_up"
    assert by_day["2026-05-09"]["notice"] == "国办发明电〔2025〕7号"
    assert by_day["2026-05-13"]["number"] == 40
    assert {one["id"] for one in found["provisions"]} >= {"ogi.31", "ogi.33"}


@pytest.mark.parametrize(
    ("event", "due"),
    [
        ("consult=2026-03-09..,served=2026-03-10", "2026-04-22"),
        ("consult=2026-03-09..2026-03-20,served=2026-03-10,name=甲公司示例", "2026-04-13"),
        ("征求意见=2026年3月9日至2026年3月20日", "2026-04-13"),
        ("joint=2026/3/9..2026/3/20", "2026-04-13"),
        ("clarify=2026-03-04..2026-03-12", "2026-04-10"),
        ("clarify=2026-03-04..2026-03-12,until=2026-03-20", "2026-04-10"),
        ("fee=20260309..20260320", "2026-04-20"),
        ("extend", "2026-04-28"),
        ("延期=2026-03-27", "2026-04-28"),
        ("extend=2026-03-27,days=5", "2026-04-07"),
        ("征求第三方意见＝2026年3月9日至2026年3月20日，送达：2026年3月10日", "2026-04-13"),
        ("第三方：2026-03-09..2026-03-20，名称：甲公司示例", "2026-04-13"),
        ("征求=2026-03-09..2026-03-20", "2026-04-13"),
        ("缴费=20260309..20260320", "2026-04-20"),
        ("延长＝2026-03-27，天数＝5", "2026-04-07"),
    ],
)
def test_events_as_typed(event: str, due: str) -> None:
    assert data("deadline", "--received", "2026-03-02", "--event", event)["due"] == due


@pytest.mark.parametrize(
    ("channel", "confirmed", "received"),
    [
        ("信函", None, "2026-03-02"),
        ("当面", None, "2026-03-02"),
        ("平信", "2026-03-04", "2026-03-04"),
        ("online", "2026-03-03", "2026-03-03"),
        ("传真", None, "2026-03-02"),
        ("email", "2026-03-03", "2026-03-03"),
        ("电子邮件", "2026-03-03", "2026-03-03"),
    ],
)
def test_the_channel_decides_the_day_of_receipt(
    channel: str, confirmed: str | None, received: str
) -> None:
    more = ("--confirmed", confirmed) if confirmed else ()
    found = data("deadline", "--received", "2026-03-02", "--channel", channel, *more)
    assert found["received"] == received


def test_what_was_assumed_of_a_confirmation_is_said() -> None:
    out = run("deadline", "--received", "2026-03-02", "--channel", "传真").stdout
    assert "未写明 --confirmed" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "缺少收到申请之日"),
        (("--received", "三月二日"), "不是日期"),
        (("--received", "3月2日"), "没有写年份"),
        (("--received", "2026-02-30"), "没有“2026-02-30”这一天"),
        (("--received", "2019-05-14"), "2019-05-15"),
        (("--received", "9999-12-20"), "过于久远"),
        (("--received", "2026-03-02", "--channel", "信鸽"), "信鸽"),
        (("--received", "2026-03-02", "--confirmed", "2026-03-03"), "--channel"),
        (("--received", "2026-03-02", "--as-of", "2026-03-01"), "截至日"),
        (("--received", "2026-03-02", "--lang", "fr"), "fr"),
        (("--received", "2026-03-02", "-e", "拍照"), "看不懂事项"),
        (("--received", "2026-03-02", "-e", "consult"), "看不懂事项"),
        (("--received", "2026-03-02", "-e", ""), "看不懂事项"),
        (("--received", "2026-03-02", "-e", "extend=2026-03-09..2026-03-10"), "看不懂事项"),
        (("--received", "2026-03-02", "-e", "fee=2026-03-09..,colour=red"), "看不懂事项"),
        (("--received", "2026-03-02", "-e", "extend=2026-03-27,days=x"), "整数"),
        (("--received", "2026-03-02", "-e", "extend=2026-03-31"), "逾期"),
        (("--received", "2026-03-02", "-e", "consult=2026-03-09..2026-03-06"), "先后顺序"),
    ],
)
def test_a_wrong_deadline_is_explained_with_an_example(args: tuple[str, ...], said: str) -> None:
    example = cli_clock.EXAMPLE_DEADLINE
    if "-e" in args:
        example = cli_clock._example(args[-1])
        assert (args[-1] in ("拍照", "")) == (example == cli_clock.EXAMPLE_DEADLINE)
    refused(("deadline", *args), said, example)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "选择一种"),
        (("--pages", "3", "--items", "4"), "选择一种"),
        (("--pages", "-1"), "-1"),
        (("--pages", "很多"), "整数"),
        (("--pages", "3", "--before", "4"), "--before"),
        (("--items", "31", "--date", "2020-12-31"), "2021-01-01"),
    ],
)
def test_a_wrong_fee_is_explained_with_an_example(args: tuple[str, ...], said: str) -> None:
    refused(("fee", *args), said, cli_clock.EXAMPLE_FEE)


def refused(args: tuple[str, ...], said: str, example: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert said in result.stderr and example in result.stderr
    if "--lang" not in args:
        english = run(*args, "--lang", "en")
        assert english.exit_code == 2 and f"Example: {example}" in english.stderr


def test_the_examples_work() -> None:
    for example in (cli_clock.EXAMPLE_DEADLINE, cli_clock.EXAMPLE_FEE):
        assert run(*example.split()[1:]).exit_code == 0
    for form in cli_clock.EVENT_FORMS.values():
        assert run("deadline", "--received", "2026-03-02", "--event", form).exit_code == 0, form


def test_the_chinese_names_of_events_are_in_the_help() -> None:
    code = "from gongkai import cli_clock; print(cli_clock.deadline.__doc__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    said = done.stdout.decode()
    for names in cli_clock.EVENT_NAMES.values():
        assert all(name in said for name in names.split())


def test_help_shows_an_example() -> None:
    for command, example in (
        ("deadline", "gongkai deadline --received"),
        ("fee", cli_clock.EXAMPLE_FEE),
    ):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert example in " ".join(result.stdout.split())


def test_what_is_known_by_hearsay_is_said_once() -> None:
    for args in (("fee", "--pages", "31"), (*DESIGN[:3], "-e", "fee=2026-03-09..2026-03-13")):
        out = run(*args).stdout.replace("\n    ", "")
        assert out.count("依据转述，未见原文") == 1 and "待核对" not in out
    assert "依据转述" not in run(*DESIGN).stdout
    fee = run("fee", "--pages", "31").stdout.replace("\n    ", "")
    assert "信息已经公开" in fee and "不按量计收" in fee


def test_the_fee_shows_its_tiers() -> None:
    out = run("fee", "--pages", "201", "--date", "2026-03-01").stdout
    assert "2,740元" in out and "第101-200页" in out
    found = data("fee", "--items", "41", "--date", "2026-03-01")
    assert found["total"] == "4300"
    assert [tier["amount"] for tier in found["tiers"]] == ["0", "2000", "2000", "300"]
    assert data("fee", "--items", "1", "--before", "30", "--date", "2026-03-01")["total"] == "200"
    assert data("fee", "--pages", "31")["date"] == cli_clock.today().isoformat()


@pytest.mark.parametrize(
    ("lang", "own", "system", "spoken"),
    [
        (None, None, "zh_CN.UTF-8", "zh"),
        (None, None, "C.UTF-8", "zh"),
        (None, None, None, "zh"),
        (None, None, "de_DE.UTF-8", "en"),
        (None, "en", "zh_CN.UTF-8", "en"),
        (None, "zh", "en_US.UTF-8", "zh"),
        ("en", "zh", "zh_CN.UTF-8", "en"),
        ("zh-CN", None, "en_US.UTF-8", "zh"),
    ],
)
def test_the_language_is_the_one_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    lang: str | None,
    own: str | None,
    system: str | None,
    spoken: str,
) -> None:
    for name, value in (("GONGKAI_LANG", own), ("LC_ALL", None), ("LANG", system)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert cli_language.language(lang) == spoken


def test_a_line_never_begins_with_a_comma() -> None:
    text = clock_remarks.provisional([2027]).text.zh
    for width in range(20, 60):
        lines = cli_clock_page.wrapped(text, width)
        assert "".join(lines) == text
        assert all(cell_len(line) <= width for line in lines)
        assert not any(line[0] in "，。；：、）”" for line in lines)
    english = "Provisional: the notice is not on record."
    assert " ".join(cli_clock_page.wrapped(english, 20)) == english


def test_every_effect_and_state_has_its_look() -> None:
    assert set(cli_clock_page.STYLES) == set(clocks.Effect)
    assert set(cli_clock_page.STATES) == set(clocks.State)


def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    heavy = "{'rich.table', 'rich.console', 'gongkai.statute.clocks', 'gongkai.statute.articles'}"
    code = f"import sys, gongkai.cli_clock; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
