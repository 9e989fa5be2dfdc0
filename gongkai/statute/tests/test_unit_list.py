"""单位名单: a list as officials keep it, in any file and encoding."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from gongkai.statute.readers import unit_list
from gongkai.statute.report import CannotRead

NAMES = ["云水市青石区林业局", "云水市青石区审计局", "云水市青石区竹篱街道办事处"]


def book(rows: list[list[str | int]]) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    made.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        "{0}\n{1}\n{2}\n",
        "{0}\r\n\r\n  {1}\r\n{2}",
        "1. {0}\n2、{1}\n（3）{2}\n",
        "一、{0}\n二、{1}\n三、{2}\n",
        "# 2023 年\n应报单位名单\n{0}\n{1}\n{2}\n",
        "{0}，{1}，{2}",
        "{0}、{1}、{2}\n",
        "序号,单位名称,备注\n1,{0},\n2,{1},新设\n3,{2},\n",
        "序号\t单位名称\t联系人\n1\t{0}\t张三示例\n2\t{1}\t李四示例\n3\t{2}\t王五示例\n",
    ],
)
def test_the_names_are_found(text: str, encoding: str) -> None:
    data = text.format(*NAMES).encode(encoding)
    assert unit_list.names(data, "units.txt") == NAMES


@pytest.mark.parametrize(
    "rows",
    [
        [[name] for name in NAMES],
        [["青石区应报单位名单"], ["序号", "单位名称", "联系电话"]]
        + [[at, name, "0000-0000000"] for at, name in enumerate(NAMES, 1)],
        [["单位", "科室"]] + [[name, "办公室示例科"] for name in NAMES],
        [["青石区应报单位名单"], ["序号", "单位名称", "序号", "单位名称"]]
        + [[1, NAMES[0], 3, NAMES[2]], [2, NAMES[1]]],  # 两栏
    ],
)
def test_the_column_of_organs_is_found_on_a_sheet(rows: list[list[str | int]]) -> None:
    assert unit_list.names(book(rows), "units.xlsx") == NAMES


def test_commas_inside_brackets_part_nothing() -> None:
    name = "云水市青石区市场监督管理局（知识产权局、药品监督局）"
    assert unit_list.words(f"{name}，{NAMES[0]}") == [name, NAMES[0]]
    assert unit_list.names(f"{name}\n{NAMES[0]}\n".encode()) == [name, NAMES[0]]


def test_a_name_that_begins_with_a_number_keeps_it() -> None:
    assert unit_list.words("12345热线服务中心") == ["12345热线服务中心"]


def test_each_name_once() -> None:
    assert unit_list.words("、".join([*NAMES, NAMES[0]])) == NAMES


@pytest.mark.parametrize("data", [b"1,2,3\n4,5,6\n", b"%PDF-1.4 nothing", "单位名称\n".encode()])
def test_what_holds_no_names_is_said(data: bytes) -> None:
    with pytest.raises(CannotRead) as cause:
        unit_list.names(data, "units.txt")
    assert cause.value.id == "error.unit_list"
