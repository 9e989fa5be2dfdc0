"""遮盖框: the values of redaction: a page's size, a box to be blackened, what is left behind.

All places are counted from the upper left corner of a page as a reader sees it (turned by its
/Rotate, cut by its CropBox): in points for a PDF, in pixels for a picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gongkai.statute.report import BBox
from gongkai.statute.texts import Text

Kind = Literal["pdf", "png", "jpg"]


@dataclass(frozen=True, slots=True)
class PageSize:
    """页面大小: ``number`` counts from 1; ``unit`` is ``pt`` or ``px``."""

    number: int
    width: float
    height: float
    unit: Literal["pt", "px"] = "pt"


@dataclass(frozen=True, slots=True)
class Mark:
    """遮盖框: what is to be blackened on a page.

    ``reason`` is ``hand``, ``term`` or a pattern's name (`redaction_words.PATTERNS`), ``text``
    what was found there. ``sure`` is False where a person should look: a number with the form of
    an identity number whose check digit is wrong.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float
    reason: str = "hand"
    text: str = ""
    sure: bool = True

    @property
    def box(self) -> BBox:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom


@dataclass(frozen=True, slots=True)
class Found:
    """查找结果: the marks proposed, and the pages on which something cannot be searched.

    ``unsearched`` are pages with pictures, curves or glyphs whose meaning the file does not tell:
    a person must look at them.
    """

    marks: tuple[Mark, ...]
    unsearched: tuple[int, ...]


class BadMark(Exception):
    """框不成立: a mark that lies on no page of the file, or is no box. Nothing was done."""

    def __init__(self, mark: Mark, text: Text) -> None:
        super().__init__(text.en)
        self.mark = mark
        self.text = text

    def __reduce__(self) -> tuple[type[BadMark], tuple[Mark, Text]]:
        return type(self), (self.mark, self.text)


@dataclass(frozen=True, slots=True)
class Left:
    """残留: one thing that must not be in what is released. ``id`` means one thing for ever."""

    id: str
    text: Text


class NotClean(Exception):
    """没有清除干净: what is still in the file. Nothing is handed out."""

    def __init__(self, left: Sequence[Left]) -> None:
        super().__init__("; ".join(one.text.en for one in left))
        self.left = tuple(left)

    def __reduce__(self) -> tuple[type[NotClean], tuple[tuple[Left, ...]]]:
        return type(self), (self.left,)

    @property
    def text(self) -> Text:
        """All of it as one sentence."""
        return Text(
            "没有清除干净，未生成文件：" + "；".join(one.text.zh for one in self.left),
            "Not clean, nothing was written: " + "; ".join(one.text.en for one in self.left),
        )


def refuse_bad(marks: Sequence[Mark], pages: Sequence[PageSize]) -> None:
    """Raise `BadMark` for a mark that would blacken nothing: its author meant something."""
    sizes = {page.number: page for page in pages}
    for mark in marks:
        page = sizes.get(mark.page)
        if page is None:
            said = Text(
                f"文件共 {len(pages)} 页，没有第 {mark.page} 页。",
                f"The file has {len(pages)} pages, none is number {mark.page}.",
            )
        elif not all(math.isfinite(edge) for edge in mark.box):
            said = Text("框的坐标不是数字。", "An edge of the box is no number.")
        elif mark.left >= mark.right or mark.top >= mark.bottom:
            said = Text(
                f"第 {mark.page} 页的框没有面积：左应小于右，上应小于下。",
                f"The box on page {mark.page} has no area: left is less than right, top less than "
                "bottom.",
            )
        elif not _on(mark, page):
            said = Text(
                f"框不在第 {mark.page} 页之内。",
                f"The box lies outside page {mark.page}.",
            )
        else:
            continue
        raise BadMark(mark, said)


def _on(mark: Mark, page: PageSize) -> bool:
    return mark.right > 0 and mark.bottom > 0 and mark.left < page.width and mark.top < page.height


def meet(one: BBox, other: BBox) -> bool:
    """Whether two boxes have more in common than an edge."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0.01 and high > 0.01
