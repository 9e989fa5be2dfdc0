"""导入导出工作簿: its sheets and columns, what each may hold, and what the guide says of it.

The words of the file are Chinese and fixed, in whatever language the pages are shown: a file filled
in today must be readable next year. Columns are found by their headings, in any order.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation

from gongkai.web.organs.models import ROLES, Level, OrganKind

GUIDE = "填写说明"
PROBLEM = "问题"  # the last column of the file of problems; passed over when read
ACTIVE, SUSPENDED = "启用", "停用"


@dataclass(frozen=True, slots=True)
class Column:
    """一列: its heading, what it holds and how the guide explains it.

    ``kind``: code, credit, division, name (of sign-in), text, date, choice, phone, email.
    """

    id: str
    label: str
    kind: str
    needed: bool = False
    longest: int = 0
    width: int = 14
    help: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """一张表: its name, its columns, and what the guide says of it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    help: str

    def column(self, id: str) -> Column:
        return next(c for c in self.columns if c.id == id)


_CODE = "大写字母、数字和短横，2 至 32 个字符；是机关在本系统里的编号，定下后不变。"
_FROM = "从这一天起（含当天）。写成 2024-01-01。"
_TO = "从这一天起不再有效（不含当天）；仍有效的不填。"

ORGANS = SheetSpec(
    "organs",
    "机关",
    (
        Column("code", "单位编号", "code", True, 32, 16, _CODE, "SF-JY"),
        Column("name", "名称", "text", True, 120, 34, "现用全称。", "白鹭市松风区教育局"),
        Column("short_name", "简称", "text", False, 60, 16, "没有的不填。", "区教育局"),
        Column("kind", "性质", "choice", True, 20, 16, "从列表里选。", "工作部门"),
        Column("level", "层级", "choice", True, 20, 8, "所属政府的层级，从列表里选。", "县级"),
        Column("parent", "上级编号", "code", True, 32, 16, "上级机关的单位编号。", "SF"),
        Column(
            "placed_from",
            "隶属起始日期",
            "date",
            False,
            0,
            14,
            "从哪天起隶属于这个上级；自设立之日起的不填。改变上级时必须填。",
            "",
        ),
        Column(
            "credit_code",
            "统一社会信用代码",
            "credit",
            False,
            18,
            22,
            "18 位，单元格格式用“文本”。没有的不填。",
            "",
        ),
        Column(
            "division_code",
            "行政区划代码",
            "division",
            False,
            12,
            16,
            "6、9 或 12 位数字，单元格格式用“文本”。没有的不填。",
            "",
        ),
        Column("valid_from", "设立日期", "date", True, 0, 14, _FROM, "2010-03-01"),
        Column(
            "valid_to",
            "撤销日期",
            "date",
            False,
            0,
            14,
            "从这一天起不再存在；没有撤销的不填。有职责承接的，请在机关页办理合并或分设。",
            "",
        ),
    ),
    "一个机关一行。下级可以写在上级前面，只要上级在本表或系统里。",
)
NAMES = SheetSpec(
    "names",
    "曾用名",
    (
        Column("code", "单位编号", "code", True, 32, 16, "机关的单位编号。", "SF-JY"),
        Column("name", "曾用名称", "text", True, 120, 34, "当时的全称。", "白鹭市松风区教育体育局"),
        Column("short_name", "曾用简称", "text", False, 60, 16, "没有的不填。", "区教体局"),
        Column("valid_from", "启用日期", "date", True, 0, 14, _FROM, "2010-03-01"),
        Column(
            "valid_to",
            "停用日期",
            "date",
            True,
            0,
            14,
            "更名生效之日：从这一天起用下一个名称。",
            "2019-03-20",
        ),
    ),
    "一个用过的名称一行；现名称写在“机关”表。从设立之日到现名称启用，各段首尾相接，不留空、不重叠。"
    "更名时：“机关”表写新名称，本表加一行写原名称和停用日期。",
)
RECONSIDERATIONS = SheetSpec(
    "reconsiderations",
    "复议机关",
    (
        Column("code", "单位编号", "code", True, 32, 16, "被申请机关的单位编号。", "SF-JY"),
        Column(
            "body",
            "复议机关编号",
            "code",
            False,
            32,
            16,
            "复议机关在本系统里的单位编号；不在系统里的不填。",
            "SF",
        ),
        Column(
            "body_name",
            "复议机关名称",
            "text",
            False,
            120,
            34,
            "当时的名称；填了编号的可以不填。",
            "白鹭市松风区人民政府",
        ),
        Column("valid_from", "起始日期", "date", True, 0, 14, _FROM, "2024-01-01"),
        Column("valid_to", "终止日期", "date", False, 0, 14, _TO, ""),
    ),
    "一段时间一行，同一机关的各段不重叠。",
)
PEOPLE = SheetSpec(
    "people",
    "人员",
    (
        Column(
            "username",
            "登录名",
            "name",
            True,
            60,
            18,
            "文字、数字和 . @ - _；一人一个，定下后不变。",
            "jiajingban",
        ),
        Column("name", "姓名", "text", True, 60, 14, "", "甲经办"),
        Column("phone", "电话", "phone", False, 40, 18, "单元格格式用“文本”。", "0000-00000001"),
        Column("email", "电子邮箱", "email", False, 254, 28, "", "jia@example.invalid"),
        Column("state", "状态", "choice", False, 4, 8, "启用或停用；新人不填即启用。", ACTIVE),
    ),
    "一个人一行。密码不在文件里：导入后为新人员发放一次性初始密码。",
)
APPOINTMENTS = SheetSpec(
    "appointments",
    "任职",
    (
        Column("username", "登录名", "name", True, 60, 18, "人员的登录名。", "jiajingban"),
        Column("code", "单位编号", "code", True, 32, 16, "任职机关的单位编号。", "SF-JY"),
        Column("role", "角色", "choice", True, 20, 14, "从列表里选。", "经办人"),
        Column("valid_from", "任职日期", "date", True, 0, 14, _FROM, "2024-01-01"),
        Column("valid_to", "免职日期", "date", False, 0, 14, _TO, ""),
    ),
    "一人在一个机关的一个角色一行；一人可以有多行。",
)
SHEETS = (ORGANS, NAMES, RECONSIDERATIONS, PEOPLE, APPOINTMENTS)

RULES = (
    "表名和列名不要改；列的先后可以变，不用的列可以删去：删去的列，已有记录的内容不变。",
    "列还在而单元格留空，表示这一项为空。",
    "文件里没有的机关、人员和任职，导入时不会删除，也不会改动。",
    "不要写公式；编号、代码、电话的单元格格式用“文本”，以免丢失开头的 0。",
    "日期写成 2024-01-01，也可以用日期格式的单元格。",
    "任何一行有问题，全部都不导入；问题逐行列出，可以下载后在原处改正再上传。",
)


@functools.cache
def choices(sheet: str, column: str) -> dict[str, str]:
    """The words a column allows, with the value each stands for; empty for free columns."""
    with translation.override("zh-hans"):
        if (sheet, column) == ("organs", "kind"):
            return {str(label): value for value, label in OrganKind.choices}
        if (sheet, column) == ("organs", "level"):
            return {str(label): value for value, label in Level.choices}
        if (sheet, column) == ("appointments", "role"):
            return {str(label): value for value, label in ROLES}
        if (sheet, column) == ("people", "state"):
            return {ACTIVE: "active", SUSPENDED: "suspended"}
    return {}


@functools.cache
def words(sheet: str, column: str) -> dict[str, str]:
    """The other way round: a value's word in the file."""
    return {value: word for word, value in choices(sheet, column).items()}


@functools.cache
def by_title() -> dict[str, SheetSpec]:
    """The sheets by their names."""
    return {s.title: s for s in SHEETS}


@functools.cache
def by_id() -> dict[str, SheetSpec]:
    """The sheets by what the code calls them."""
    return {s.id: s for s in SHEETS}


_LOOSE = str.maketrans({"(": "（", ")": "）", "*": None, "＊": None, "\u3000": None})


def plain(heading: str) -> str:
    """A heading or word without what people add to it: spaces, stars, brackets of half width."""
    return re.sub(r"\s+", "", heading).translate(_LOOSE)


def heading(sheet: SheetSpec, said: str) -> Column | None:
    """The column a heading names."""
    wanted = plain(said)
    return next((c for c in sheet.columns if c.label == wanted), None)


def letters(column: int) -> str:
    """A column's letters: 0 is A."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def listed(words: Iterable[str]) -> str:
    """Words as a Chinese list."""
    return "、".join(words)
