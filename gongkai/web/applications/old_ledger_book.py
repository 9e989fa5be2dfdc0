"""旧台账空白表: the empty workbook to copy an old ledger into, with how to fill it in.

The words of the file are Chinese in every language, as the ledger is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Any

import xlsxwriter

from gongkai.statute.applicant_kinds import KINDS
from gongkai.statute.clock_events import CHANNELS, Channel
from gongkai.web.applications.old_ledger_rows import (
    CHOICES,
    GUIDE,
    HEADINGS,
    MOST,
    NEEDED,
    outcomes,
)

SHEET = "台账"
RULES = (
    "每行一件申请；一件申请答复为几件的，分几行填写。",
    "列的次序可以改，不需要的列可以删去；认不出的列不导入。",
    "已办结的填写答复日期和办理结果；尚未办结的，这两列留空，导入后继续办理。",
    "日期写成 2023-03-05。编号写成 2023-15，没有编号的留空，由系统按年份接着编。",
    f"一个文件不超过 {MOST} 行；任何一行有问题，全部都不导入。",
)
_HELP = {
    "number": "年份和号数。",
    "received": "收到申请的日期；当场提交以外的，按条例第三十一条确定。",
    "name": "姓名或者单位名称。",
    "kind": "留空的，按名称和信用代码判断。",
    "code": "单位填写，十八位。",
    "identity": "导入后密存，页面上只显示几位。",
    "phone": "导入后密存。",
    "email": "导入后密存。",
    "address": "导入后密存。",
    "text": "按申请书填写。",
    "channel": "怎样提出的申请。",
    "answered": "作出答复或者办结的日期。",
    "ground": "年度报告表三“本年度办理结果”的最末一级。",
    "letter": "答复书的文号。",
    "extended": "是或者否。",
    "corrected": "收到补正的日期，没有补正的留空。",
    "until": "旧台账写有应当答复的日期的，照抄。",
}
_EXAMPLE = {
    "number": "2023-15", "received": "2023-03-01", "name": "示例贸易有限公司", "kind": "",
    "text": "某某路改造工程的招标文件", "channel": CHANNELS[Channel.SIGNED_MAIL].zh,
    "answered": "2023-03-24", "ground": "予以公开", "letter": "示公开告〔2023〕8号",
    "extended": "否",
}  # fmt: skip
_LAST = 1_048_575


def template(out: IO[bytes], rows: Sequence[Mapping[str, str]] = ()) -> None:
    """The guide, and the sheet with its lists of what may be chosen: empty, or with these rows."""
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    allowed = {
        "kind": [text.zh for text in KINDS.values()],
        "channel": [text.zh for text in CHANNELS.values()],
        "ground": list(outcomes()),
        "extended": ["是", "否"],
    }
    _guide(book, allowed)
    lists = book.add_worksheet(CHOICES)
    for at, (id, words) in enumerate(allowed.items()):
        lists.write_column(0, at, [HEADINGS[id][0], *words])
    page = book.add_worksheet(SHEET)
    text = book.add_format({"num_format": "@"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FDEBC8"})
    free = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4"})
    places = {id: at for at, id in enumerate(allowed)}
    for at, (id, names) in enumerate(HEADINGS.items()):
        page.set_column(at, at, 30 if id == "text" else 14, text)
        page.write_string(0, at, names[0], needed if id in NEEDED else free)
        rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
        if id in allowed:
            column = chr(ord("A") + places[id])
            source = f"={CHOICES}!${column}$2:${column}${len(allowed[id]) + 1}"
            rule = {"validate": "list", "source": source, "ignore_blank": True}
            rule |= {"error_title": "请从列表里选", "error_message": "只能填列表里的值。"}
        rule |= {"input_title": names[0], "input_message": _HELP[id]}
        page.data_validation(1, at, _LAST, at, rule)
        for number, row in enumerate(rows, 1):
            page.write_string(number, at, row.get(id, ""))
    page.freeze_panes(1, 1)
    lists.hide()
    page.activate()
    book.close()


def _guide(book: Any, allowed: dict[str, list[str]]) -> None:
    page = book.add_worksheet(GUIDE)
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4"})
    title = book.add_format({"bold": True, "font_size": 13})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate((18, 8, 50, 60, 26)):
        page.set_column(at, at, width)
    page.write_string(0, 0, "依申请公开旧台账", title)
    row = 2
    for number, rule in enumerate(RULES, 1):
        page.write_string(row, 0, f"{number}. {rule}")
        row += 1
    row += 1
    for at, label in enumerate(("列名", "必填", "怎样填", "可填的值", "例")):
        page.write_string(row, at, label, bold)
    for id, names in HEADINGS.items():
        row += 1
        values = "；".join(allowed.get(id, ()))
        told = (names[0], "必填" if id in NEEDED else "", _HELP[id], values, _EXAMPLE.get(id, ""))
        for at, text in enumerate(told):
            page.write_string(row, at, text, wrap)
