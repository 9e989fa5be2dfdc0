"""终端版面: widths count columns, nothing gets lost, Chinese breaks where Chinese may."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gongkai import cli_paper
from gongkai.statute.report import NOWHERE, Place

WORDS = st.text("政府信息公开（“〔年报）”，。；：2020 -abcXYZ/.\n", max_size=120)


@given(WORDS, st.integers(8, 60))
def test_wrapping_keeps_the_width_and_loses_nothing(text: str, width: int) -> None:
    lines = cli_paper.wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    text = "本机关（办公室）收到申请“三件”，依法答复；没有行政复议（含诉讼）。" * 6
    for width in range(20, 60):
        lines = cli_paper.wrap(text, width)
        assert all(line[0] not in "，。；）”" for line in lines)
        assert all(line[-1] not in "（“" for line in lines)


def test_words_and_numbers_stay_whole() -> None:
    lines = cli_paper.wrap("请在 2025-01-31 前公布 normative_documents 一栏", 20)
    assert any("2025-01-31" in line for line in lines)
    assert any("normative_documents" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "said"),
    [("年报", 6, "年报  "), ("ab", 4, "ab  "), ("年度报告", 6, "年度报告")],
)
def test_padding_counts_columns(text: str, width: int, said: str) -> None:
    assert cli_paper.pad(text, width) == said


@pytest.mark.parametrize(
    ("text", "width", "said"),
    [
        ("年报", 6, "年报"),
        ("政府信息公开年报", 10, "政府信息…"),
        ("一\n二\t三", 20, "一 二 三"),
        ("", 5, ""),
    ],
)
def test_clipping_says_that_it_clipped(text: str, width: int, said: str) -> None:
    assert cli_paper.clip(text, width) == said
    assert cell_len(cli_paper.clip(text, width)) <= width


def test_a_place_in_words() -> None:
    assert cli_paper.where(NOWHERE, "zh") == ""
    assert cli_paper.where(Place(page=3, table=2, row=5, line=80), "zh") == (
        "第 3 页，第 2 个表格，第 5 行"
    )
    assert cli_paper.where(Place(line=80), "en") == "line 80"


def test_figures_stand_under_one_another() -> None:
    page = cli_paper.Page(cli_paper.Paper("zh", 60, False))
    rows = [["一、本年新收", "5", "空白"], ["  （一）予以公开", "12345", "0"]]
    page.columns(rows, header=["", "自然人", "社会公\n益组织"])
    lines = page.text().splitlines()
    assert len({cell_len(line) for line in lines[1:]}) == 1
    assert lines[3].startswith("    （一）")


def test_a_long_label_is_wrapped_not_cut() -> None:
    page = cli_paper.Page(cli_paper.Paper("zh", 40, False))
    label = "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    page.columns([[label, "0", "0"]], header=["", "自然人", "总计"])
    assert all(cell_len(line) <= 40 for line in page.text().splitlines())
    assert "".join(page.text().split()).replace("0", "").endswith(label)


def test_colour_only_adds_to_what_is_said() -> None:
    def page(color: bool) -> str:
        made = cli_paper.Page(cli_paper.Paper("zh", 60, color))
        made.prose("表三自然人一列前后不平。", indent=4, label="  ✗", style="red")
        made.blank()
        made.rule()
        return made.text()

    assert "\x1b[31m" in page(True)
    assert "\x1b" not in page(False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "color"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals(
    stream: io.StringIO, variables: dict[str, str], color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli_paper.paper("zh", stream).color is color


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("300", 110), ("10", 40)])
def test_the_width_is_the_terminals_within_reason(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert cli_paper.paper("zh", io.StringIO()).width == width


@pytest.mark.parametrize(
    ("path", "width", "said"),
    [
        ("examples/06_city_2024.pdf", 40, "examples/06_city_2024.pdf"),
        (
            "/opt/lib/python3.11/gongkai/examples/06_city_2024.pdf",
            32,
            "…/examples/06_city_2024.pdf",
        ),
        ("/a/b/06_city_2024.pdf", 19, "…/06_city_2024.pdf"),
        ("一份名字很长的年度报告.docx", 16, "一份名…告.docx"),
    ],
)
def test_a_path_keeps_the_name_of_its_file(path: str, width: int, said: str) -> None:
    assert cli_paper.clip_path(path, width) == said
    assert cell_len(said) <= width
