"""工作簿的名称: what the sheets and rows of a workbook are called; its writer and its reader agree
on them."""

from __future__ import annotations

from gongkai.statute.report import Kind

SCHEMA = "gongkai.workbook/1"
TEXT = "报告"
FINDINGS = "检查结果"
ABOUT = "说明"
TABLES = {
    "proactive": "表二 主动公开",
    "applications": "表三 依申请公开",
    "remedies": "表四 复议诉讼",
}
"""工作表名: the report's text, what was found, what the workbook is; the tables by id."""

UNITS = {
    "proactive": "单位：件、项、万元",
    "applications": "单位：件",
    "remedies": "单位：件",
}
"""单位: the line above a table, which is not part of the report."""
CHECK_ROW = "勾稽检查（不打印，不读取）"
"""勾稽检查: how the row below table 3 begins, which is not part of it either."""

LABELS = {
    "schema": "格式标识",
    "title": "标题",
    "organ": "机关",
    "year": "年度",
    "edition": "格式版本",
    "kind": "口径",
    "period": "统计期限",
    "signed_on": "成文日期",
    "preamble": "前言",
}
"""项目: what stands in the first column of 报告, before the sections."""
KINDS = {Kind.ORGAN: "本机关", Kind.REGION: "本地区汇总", Kind.UNKNOWN: "未注明"}
"""口径, as the row of that name says it."""
CONTINUED = "（接上行）"
"""接上行: a paragraph longer than a cell holds goes on in the next row."""


def section_labels(no: str, printing: int) -> tuple[str, str]:
    """What the rows of a section are called: its heading and its paragraphs."""
    numeral = "一二三四五六七八九"[int(no) - 1] if no in tuple("123456789") else no
    again = "" if printing == 1 else f"（第{printing}遍）"
    return f"第{numeral}部分标题{again}", f"第{numeral}部分正文{again}"
