"""证据目录: the list of evidence handed in with an answer or a defence, as it is printed.

What Word and PDF have in common: both print exactly these texts. What each piece proves and its
pages are left to be filled in by hand where nobody typed them.
"""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "证据目录"
HEAD = ("序号", "证据名称", "证明的事项", "页数")
WIDTHS = (14, 0, 46, 16)  # mm; 0: what is left
DAY = "　　　　年　　月　　日"  # signed by hand


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """证据目录: whose it is, ``facts`` of the remedy with their labels, the items in order."""

    organ: str
    facts: tuple[tuple[str, str], ...]
    items: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the document."""
        return f"{TITLE}（{self.organ}）"

    @property
    def lines(self) -> tuple[str, ...]:
        """Above the table."""
        return tuple(f"{label}：{text}" for label, text in self.facts if text)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Of the table."""
        return tuple((str(at), item, "", "") for at, item in enumerate(self.items, 1))

    @property
    def signed(self) -> tuple[str, str]:
        """提交机关和日期: under the table, the seal over both."""
        return f"提交机关（盖章）：{self.organ}", DAY
