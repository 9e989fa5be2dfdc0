"""部分标题: which of the six sections a line opens, and where each section begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.statute.readers import labels

if TYPE_CHECKING:
    from gongkai.statute.readers.lines import Line

_OFFICIAL = {
    1: "总体情况",
    2: "主动公开政府信息情况",
    3: "收到和处理政府信息公开申请情况",
    4: "政府信息公开行政复议行政诉讼情况",
    5: "存在的主要问题及改进情况",
    6: "其他需要报告的事项",
}
_LOOSE = {
    1: re.compile(r"^(?:工作)?(?:总体|基本|整体)(?:情况|概况)(?:概述)?$|^概述$|^概况$"),
    2: re.compile(r"^.{0,8}主动公开(?:政府)?信息.{0,6}$"),
    3: re.compile(r"^.{0,8}(?:收到和?(?:及|与)?处理|依申请公开).{0,20}(?:情况)?$"),
    4: re.compile(r"^.{0,24}行政?复议.{0,12}诉讼.{0,8}$"),
    5: re.compile(r"^.{0,14}(?:存在|主要).{0,8}(?:问题|不足|困难).{0,16}$"),
    6: re.compile(r"^.{0,6}(?:其他|其它|需要).{0,10}(?:事项|情况|报告)$"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """标题行: line ``index`` opens section ``no``; ``rest`` is text on the same line after it."""

    index: int
    no: int
    title: str
    rest: str = ""


def section_of(text: str) -> tuple[int, str] | None:
    """(section, how surely: "cn" numbered as the form, "bare" unnumbered, "other"), or None."""
    if len(text) > 90:
        return None
    squeezed = labels.squeeze(text)
    if not 3 <= len(squeezed) <= 42 or squeezed[-1] in "。;；,，":
        return None
    core = labels.core_of(squeezed)
    mark = labels.mark(squeezed)
    for no, official in _OFFICIAL.items():
        if core == official:
            kind = "cn" if mark and mark[0] == "cn" else "bare" if mark is None else "other"
            return no, kind
    if mark and mark[0] == "cn" and core not in labels.signs():
        numbered = mark[1]
        for no in (numbered, *_OFFICIAL):
            if no in _LOOSE and _LOOSE[no].match(core):
                return no, "cn"
    return None


def find(lines: Sequence[Line]) -> list[Heading]:
    """The section headings among the lines, in order; the weaker signs only where needed."""
    surely: list[Heading] = []
    perhaps: list[tuple[Heading, str]] = []
    for index, line in enumerate(lines):
        text = heading_text(line)
        if text is None:
            continue
        found = section_of(text)
        rest = ""
        if found is None:
            found, text, rest = _run_in(text)
        if found is None:
            continue
        heading = Heading(index, found[0], text.strip(), rest)
        if found[1] == "cn":
            if surely and surely[-1].no == heading.no and _is_sub_heading(text):
                continue
            surely.append(heading)
        else:
            perhaps.append((heading, found[1]))
    known = {h.no for h in surely}
    for heading, kind in perhaps:
        if heading.no not in known and (kind == "bare" or not surely):
            surely.append(heading)
    rightly = {h.no for h in surely if _number(h.title) == h.no}
    surely = [h for h in surely if not (h.no in rightly and _is_other_number(h))]
    return sorted(surely, key=lambda h: h.index)


def _is_other_number(heading: Heading) -> bool:
    """Numbered as another section (numbers beyond six run on in a second printing)."""
    number = _number(heading.title)
    return number is not None and number != heading.no and number <= len(_OFFICIAL)


def _number(title: str) -> int | None:
    mark = labels.mark(labels.squeeze(title))
    return mark[1] if mark and mark[0] == "cn" else None


def _is_sub_heading(text: str) -> bool:
    """一、存在的主要问题 inside section five: numbered, but not as the section it resembles."""
    squeezed = labels.squeeze(text)
    mark = labels.mark(squeezed)
    core = labels.core_of(squeezed)
    return mark is not None and all(
        core != official or mark[1] != no for no, official in _OFFICIAL.items()
    )


def heading_text(line: Line) -> str | None:
    """The text of a line that may be a heading: prose, or a row with one filled cell."""
    if not line.is_row:
        return line.text
    filled = [t for t in line.tokens if not t.blank and not t.inherited]
    return filled[0].cell.text if len(filled) == 1 else None


_RUN_IN = re.compile(r"^\s*[一二三四五六][、.．]\s*[^。：:；\s]{4,30}?(?=[。：:\s])")


def _run_in(text: str) -> tuple[tuple[int, str] | None, str, str]:
    """A heading with its text on the same line: 一、总体情况。2024年…"""
    if found := _RUN_IN.match(text):
        head = found[0]
        section = section_of(head)
        if section and section[1] == "cn":
            return section, head, text[found.end() :].lstrip("。：: \u3000\xa0")
    return None, text, ""
