"""格式用语: how tables, rows, columns and states are called on pages, in both languages.

Chinese is the form's own label, without its long remarks; English is made of the ids, which are
the glossary's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gongkai.statute import forms
from gongkai.statute.report import Kind, Value
from gongkai.statute.rollups import Lack
from gongkai.statute.texts import Lang, Text

TABLES: Mapping[str, Text] = {
    "proactive": Text("表二  主动公开政府信息情况", "Table 2  Proactive disclosure"),
    "applications": Text(
        "表三  收到和处理政府信息公开申请情况", "Table 3  Applications received and handled"
    ),
    "remedies": Text(
        "表四  政府信息公开行政复议、行政诉讼情况", "Table 4  Reconsideration and litigation"
    ),
}
KINDS: Mapping[Kind, Text] = {
    Kind.ORGAN: Text("本机关", "own figures"),
    Kind.REGION: Text("本地区汇总", "whole region"),
    Kind.UNKNOWN: Text("未注明", "not stated"),
}
LACKS: Mapping[Lack, Text] = {
    Lack.BLANK: Text("空白", "blank"),
    Lack.DASH: Text("短横", "dash"),
    Lack.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Lack.UNREADABLE: Text("无法识读", "unreadable"),
    Lack.ABSENT: Text("缺失", "absent"),
    Lack.MISSING_REPORT: Text("没有报告", "no report"),
    Lack.NOT_COMPARABLE: Text("两版不可比", "not comparable"),
}


def row_name(row: forms.Row, lang: Lang) -> str:
    """A row's label; in English its number and its id."""
    if lang == "zh":
        return row.label.partition("（区分")[0]  # its long remark is the form's, not the report's
    return (f"{row.no} " if row.no else "") + words(row.id.removesuffix("_heading"))


def path_name(row: forms.Row, block: forms.Block, lang: Lang) -> str:
    """A row's label out of its table: with the heading it stands under (（五）不予处理·2.重复申请)
    where that stands under another; in English its number says it."""
    name = row_name(row, lang)
    above = next((one for one in block.rows if one.id == row.parent), None)
    if lang == "en" or above is None or above.parent is None:
        return name
    return f"{row_name(above, lang)}·{name}"


def column_name(column: forms.Column, lang: Lang) -> str:
    """A column's label, money with its unit; 其他 with the group it stands in."""
    if lang == "en":
        return words(column.id) + (" (CNY 10,000)" if column.type == "decimal" else "")
    label = column.label.partition("（")[0]
    if column.type == "decimal":
        return f"{label}（万元）"
    return f"{column.group[-1]}·{label}" if label == "其他" and column.group else label


def head_name(column: forms.Column, lang: Lang) -> str:
    """The same over a column, where the columns beside it say which 其他 it is."""
    return column.label if lang == "zh" and column.label == "其他" else column_name(column, lang)


def narrow_name(column: forms.Column, lang: Lang) -> str:
    """A column's label over as many lines as keep it narrow."""
    if lang == "en":
        return words(column.id).replace(" ", "\n")
    label = column.label
    half = (len(label) + 1) // 2
    return label if len(label) <= 3 else f"{label[:half]}\n{label[half:]}"


def block_name(block: forms.Block, lang: Lang) -> str:
    """A block's heading: the item of Article 20 it belongs to."""
    if lang == "zh":
        return block.heading or ""
    return f"Art 20({block.id.removeprefix('a20_')})" if block.heading else ""


def cell_name(spec: forms.Spec, lang: Lang) -> str:
    """A cell by its row and column."""
    return f"{path_name(spec.row, spec.block, lang)} / {column_name(spec.column, lang)}"


def words(id: str) -> str:
    """An id as words."""
    return id.replace("_", " ")


def figure(value: Value) -> str:
    """A figure as one writes it, without exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def signed(value: Value) -> str:
    """A difference with its sign; 0 has none."""
    return ("+" if value > 0 else "−" if value < 0 else "") + figure(
        value if value >= 0 else -value
    )
