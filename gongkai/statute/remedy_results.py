"""复议决定与裁判: what each result is called, its column of table 4, whether a new answer is due.

The mapping to 维持, 纠正, 其他 is a proposal: no official key was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.statute import articles, forms
from gongkai.statute.texts import Text
from gongkai.statute.transitions import OURS


class Kind(StrEnum):
    """救济种类: the rows of table 4."""

    RECONSIDERATION = "reconsideration"  # 行政复议
    DIRECT_SUIT = "direct_suit"  # 未经复议直接起诉
    SUIT_AFTER = "suit_after_reconsideration"  # 复议后起诉


KINDS: Mapping[Kind, Text] = {
    Kind.RECONSIDERATION: Text("行政复议", "reconsideration"),
    Kind.DIRECT_SUIT: Text("未经复议直接起诉", "direct suit"),
    Kind.SUIT_AFTER: Text("复议后起诉", "suit after reconsideration"),
}


class Column(StrEnum):
    """结果: the columns of table 4."""

    UPHELD = "upheld"  # 结果维持
    CORRECTED = "corrected"  # 结果纠正
    OTHER = "other"  # 其他结果
    PENDING = "pending"  # 尚未审结


class Result(StrEnum):
    """处理结果: of a reconsideration or a suit."""

    UPHELD = "upheld"  # 维持
    REJECTED = "rejected"  # 驳回复议请求、驳回诉讼请求
    CHANGED = "changed"  # 变更
    QUASHED = "quashed"  # 撤销
    PARTLY_QUASHED = "partly_quashed"  # 部分撤销
    REANSWER = "reanswer"  # 责令重新答复
    DISCLOSE = "disclose"  # 责令公开
    PERFORM = "perform"  # 责令履行
    UNLAWFUL = "unlawful"  # 确认违法
    VOID = "void"  # 确认无效
    NOT_DISCLOSE = "not_disclose"  # 不得公开
    NOT_ADMITTED = "not_admitted"  # 不予受理、不予立案
    DISMISSED = "dismissed"  # 驳回申请、驳回起诉
    MEDIATED = "mediated"  # 调解
    SETTLED = "settled"  # 和解
    WITHDRAWN = "withdrawn"  # 撤回、撤诉
    TERMINATED = "terminated"  # 终止、终结


@dataclass(frozen=True, slots=True)
class Finding:
    """一种结果: ``renews``: the organ has to answer anew, so the case is reopened.

    ``before``: it can come before admission; ``after``: it can come after it.
    """

    result: Result
    name: Text
    column: Column
    source: str
    renews: bool = False
    before: bool = False
    after: bool = True

    @property
    def rests_on(self) -> Text:
        """The provision in short, or that it is our convention."""
        return articles.provision(self.source).brief if self.source else OURS


_UP, _RIGHT, _ELSE = Column.UPHELD, Column.CORRECTED, Column.OTHER

_REVIEW = (
    Finding(Result.UPHELD, Text("维持", "upheld"), _UP, "review.68"),
    Finding(Result.REJECTED, Text("驳回复议请求", "claim rejected"), _UP, "review.69"),
    Finding(Result.CHANGED, Text("变更", "changed"), _RIGHT, "review.63"),
    Finding(Result.QUASHED, Text("撤销", "quashed"), _RIGHT, "review.64", True),
    Finding(Result.PARTLY_QUASHED, Text("部分撤销", "partly quashed"), _RIGHT, "review.64", True),
    Finding(
        Result.REANSWER, Text("责令重新答复", "a new answer ordered"), _RIGHT, "review.64", True
    ),
    Finding(Result.DISCLOSE, Text("责令公开", "disclosure ordered"), _RIGHT, "review.66", True),
    Finding(Result.PERFORM, Text("责令履行", "performance ordered"), _RIGHT, "review.66", True),
    Finding(Result.UNLAWFUL, Text("确认违法", "declared unlawful"), _RIGHT, "review.65"),
    Finding(Result.VOID, Text("确认无效", "declared void"), _RIGHT, "review.67", True),
    Finding(
        Result.NOT_ADMITTED, Text("不予受理", "not admitted"), _ELSE, "review.30",
        before=True, after=False,
    ),
    Finding(Result.DISMISSED, Text("驳回申请", "dismissed"), _ELSE, "review.33"),
    Finding(Result.MEDIATED, Text("调解", "mediated"), _ELSE, "review.73"),
    Finding(Result.SETTLED, Text("和解撤回", "settled"), _ELSE, "review.74"),
    Finding(Result.WITHDRAWN, Text("撤回申请", "withdrawn"), _ELSE, "review.41", before=True),
    Finding(Result.TERMINATED, Text("终止", "terminated"), _ELSE, "review.41", before=True),
)  # fmt: skip
_SUIT = (
    Finding(Result.REJECTED, Text("驳回诉讼请求", "claim dismissed"), _UP, ""),
    Finding(Result.CHANGED, Text("变更", "changed"), _RIGHT, ""),
    Finding(Result.QUASHED, Text("撤销", "quashed"), _RIGHT, "", True),
    Finding(Result.PARTLY_QUASHED, Text("部分撤销", "partly quashed"), _RIGHT, "", True),
    Finding(Result.REANSWER, Text("判令重新答复", "a new answer ordered"), _RIGHT, "", True),
    Finding(Result.DISCLOSE, Text("判令公开", "disclosure ordered"), _RIGHT, "", True),
    Finding(Result.PERFORM, Text("判令履行", "performance ordered"), _RIGHT, "", True),
    Finding(Result.UNLAWFUL, Text("确认违法", "declared unlawful"), _RIGHT, ""),
    Finding(Result.VOID, Text("确认无效", "declared void"), _RIGHT, "", True),
    Finding(Result.NOT_DISCLOSE, Text("判令不得公开", "disclosure forbidden"), _RIGHT, ""),
    Finding(
        Result.NOT_ADMITTED, Text("不予立案", "not admitted"), _ELSE, "", before=True, after=False
    ),
    Finding(Result.DISMISSED, Text("驳回起诉", "suit dismissed"), _ELSE, ""),
    Finding(
        Result.WITHDRAWN, Text("准许撤诉", "suit withdrawn"), _ELSE, "litigation.62", before=True
    ),
    Finding(Result.TERMINATED, Text("终结诉讼", "terminated"), _ELSE, "", before=True),
)  # fmt: skip

FINDINGS: Mapping[bool, Mapping[Result, Finding]] = {
    False: {one.result: one for one in _REVIEW},
    True: {one.result: one for one in _SUIT},
}
"""By whether it is a suit: the results there can be."""


def finding(kind: Kind, result: Result) -> Finding | None:
    """What a result means in a remedy of this kind; None where there is no such result."""
    return FINDINGS[kind is not Kind.RECONSIDERATION].get(result)


def _check() -> None:
    """Rows, columns and their words are those of the form; every result has its place."""
    table = forms.form(forms.editions()[-1]).tables["remedies"]
    rows = {row.id: row.label.split("·")[-1] for block in table.blocks for row in block.rows}
    if rows != {str(kind): words.zh for kind, words in KINDS.items()}:
        raise ValueError("the kinds of remedy are not the rows of table 4")
    for block in table.blocks:
        if {c.id for c in block.columns if not c.is_total} != {str(c) for c in Column}:
            raise ValueError("the columns of table 4 are others")
    known = {result for findings in FINDINGS.values() for result in findings}
    if known != set(Result):
        raise ValueError(f"results without a place: {set(Result) - known}")
    for findings in FINDINGS.values():
        for one in findings.values():
            if one.source:
                articles.provision(one.source)


_check()
