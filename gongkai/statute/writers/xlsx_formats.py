"""工作簿格式: fonts, borders, fills and page set-up of a workbook, each made once when needed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from xlsxwriter.worksheet import Worksheet

SONG, HEI = "宋体", "黑体"
TOTALS = "#FFE3D6"  # 合计与分项不符
UNREADABLE = "#FFD9B3"  # 无法识读
ABSENT = "#E8E8E8"  # 缺失
DOUBT = "#FFF6C2"  # 存疑
LEVELS = {"error": "#B3261E", "warning": "#8A5A00", "note": "#1F4E79"}
"""级别的颜色, dark enough on white to be read by everyone."""

_BASE = {"font_name": SONG, "font_size": 10.5, "valign": "vcenter"}
_BOX = {"border": 1, "border_color": "#595959", "align": "center", "text_wrap": True}

_FIGURE = {"border": 1, "border_color": "#595959", "align": "center", "shrink": True}

_NAMED: dict[str, dict[str, Any]] = {
    "title": {"font_name": HEI, "font_size": 14, "align": "center", "text_wrap": True},
    "hint": {"font_size": 9, "font_color": "#595959", "align": "right"},
    "header": {**_BOX, "font_name": HEI, "bg_color": "#F2F2F0"},
    "corner": {**_BOX, "font_size": 9, "bg_color": "#F2F2F0"},
    "label": _BOX,
    "leaf": {**_BOX, "align": "left", "indent": 0},
    "figure": _FIGURE,
    "total": {**_FIGURE, "bg_color": "#FAFAF7"},
    "unreadable": {**_FIGURE, "bg_color": UNREADABLE},
    "doubt": {**_FIGURE, "bg_color": DOUBT},
    "check_label": {"font_size": 9, "font_color": "#595959", "text_wrap": True},
    "check": {"font_size": 9, "font_color": "#595959", "align": "center", "text_wrap": True},
    "item": {"font_color": "#595959", "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "mark": {"font_size": 8, "font_color": "#8C8C8C"},
    "prose": {
        "font_size": 11, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#D9D9D9",
    },
    "heading": {
        "font_name": HEI, "font_size": 12, "text_wrap": True, "border": 1,
        "border_color": "#D9D9D9",
    },
    "big": {
        "font_name": HEI, "font_size": 14, "text_wrap": True, "border": 1,
        "border_color": "#D9D9D9",
    },
    "columns": {
        "font_name": HEI, "bg_color": "#F2F2F0", "text_wrap": True, "border": 1,
        "border_color": "#BFBFBF",
    },
    "text": {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#D9D9D9"},
    "link": {
        "valign": "top", "text_wrap": True, "border": 1, "border_color": "#D9D9D9",
        "font_color": "#0B57D0", "underline": 1,
    },
    "plain_line": {"valign": "top"},
    "legend_absent": {**_BOX, "bg_color": ABSENT},
    "legend_total": {**_BOX, "bg_color": TOTALS, "font_color": "#9C0006"},
    "part": {"font_name": HEI, "font_size": 12},
    **{
        f"level_{level}": {
            "valign": "top", "border": 1, "border_color": "#D9D9D9", "bold": True,
            "font_color": colour,
        }
        for level, colour in LEVELS.items()
    },
    # for conditions, which lie over a cell's own format
    "if_total": {"bg_color": TOTALS, "font_color": "#9C0006"},
    "if_absent": {"bg_color": ABSENT},
}  # fmt: skip
_CONDITIONAL = ("if_total", "if_absent")


class Formats:
    """格式: a workbook's formats by name, with the number of decimals where one is asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, int | None], Any] = {}

    def __call__(self, name: str, decimals: int | None = None) -> Any:
        """The format of that name; ``decimals`` for a number: 0 shows 5, 2 shows 25.10."""
        key = name, decimals
        if key not in self._made:
            base = {} if name in _CONDITIONAL else _BASE
            shown = {} if decimals is None else {"num_format": _number_format(decimals)}
            self._made[key] = self._book.add_format({**base, **_NAMED[name], **shown})
        return self._made[key]


def _number_format(decimals: int) -> str:
    return "0." + "0" * decimals if decimals else "0"


class Fitting(Worksheet):  # type: ignore[misc]
    """A worksheet whose rows have a height to begin with and still grow with what is written into
    them: XlsxWriter marks every height as the user's own, which a program then leaves alone."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row":
            attributes = [(name, value) for name, value in attributes if name != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


LINE = 14.5  # points of a line of prose
_HIGHEST = 409.0  # points a row may have


def height(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row from its texts, each with the width of its column in characters."""
    lines = max((_lines(text, width) for text, width in texts), default=1)
    return min(lines * LINE + 3, _HIGHEST)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes: a Chinese character is two wide, as it is two bytes of GBK."""
    parts = text.split("\n") if "\n" in text else (text,)
    return sum(math.ceil(len(p.encode("gb18030")) * 1.04 / width) or 1 for p in parts)


def set_page(sheet: Any, *, landscape: bool = False, repeat: tuple[int, int] | None = None) -> None:
    """页面设置: A4, as wide as the page, as many pages as it takes, page numbers at the foot."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.7, right=0.7, top=0.9, bottom=0.9)
    sheet.center_horizontally()
    sheet.set_footer("&C&9第 &P 页，共 &N 页")
    if repeat is not None:
        sheet.repeat_rows(*repeat)
