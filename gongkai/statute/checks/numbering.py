"""段落序号: paragraph numbers inside the parts: none missing, one kind at a level.

Only numbers at the beginning of a line are judged; a number that stands inside the text before
(``……措施：1.…``) counts as present.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.statute import forms
from gongkai.statute.checks import showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import Passage, Place
from gongkai.statute.texts import Text

_SOURCE = "党政机关公文格式（GB/T 9704）结构层次序数"
NUMBERING = Rule(
    "form.numbering",
    Level.WARNING,
    Text(
        "各部分内的段落序号连续，不缺不重。", "Paragraph numbers run on, none missing or doubled."
    ),
    _SOURCE,
    Text("序号是 1、2、3、5、6，第 4 项没有序号。", "The numbers are 1, 2, 3, 5, 6."),
)
STYLE = Rule(
    "form.numbering_style",
    Level.NOTE,
    Text("同一层次的序号写法一致。", "Numbers of one level are written alike."),
    _SOURCE,
    Text("（一）（二）（三）（四）之后写“（5）”。", "“（5）” after （一） to （四）."),
)

_CN = "一二三四五六七八九十"
_MARK = re.compile(
    rf"[\s\u3000\xa0]*(?:(?P<hundun>[{_CN}]{{1,3}})\s*[、.．]"
    rf"|[（(]\s*(?P<hanparen>[{_CN}]{{1,3}})\s*[）)](?!\s*[项款目条])"
    r"|(?P<dot>\d{1,2})\s*[.．](?!\d)"
    r"|(?P<dun>\d{1,2})\s*、(?!\s*\d)"
    r"|[（(]\s*(?P<paren>\d{1,2})\s*[）)](?!\s*[项款目条])"
    r"|(?P<circle>[①-⑳]))"
)
_WRITTEN = {
    "hundun": "{}、",
    "hanparen": "（{}）",
    "dot": "{}.",
    "dun": "{}、",
    "paren": "（{}）",
    "circle": "{}",
}
_FIRST = frozenset("一二三四五六七八九十（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳0123456789 \u3000\xa0\t")


@dataclass(slots=True)
class _Level:
    """One open level: how its numbers are written, the last one, and the line it stands on."""

    style: str
    last: int
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """序号问题: ``kind`` gap | repeat | style; what stands there, what was expected, and where.

    ``at`` is the number of the line in the text, from 0; ``unnumbered`` how many items marked by a
    dash or dot stand before the first number.
    """

    kind: str
    printed: str
    expected: str
    line: str
    before: str = ""
    candidate: str = ""
    at: int = 0
    unnumbered: int = 0


def numbering(case: Case) -> Iterator[Finding]:
    """缺号、重号, part by part."""
    yield from _report(case, NUMBERING, ("gap", "repeat"))


def numbering_style(case: Case) -> Iterator[Finding]:
    """混用, part by part."""
    yield from _report(case, STYLE, ("style",))


def _report(case: Case, rule: Rule, kinds: tuple[str, ...]) -> Iterator[Finding]:
    clean = True
    for no, passages in case.report.sections.items():
        for passage in passages:
            for fault in faults(passage, showing.form_of(case.report).edition):
                if fault.kind in kinds:
                    clean = False
                    yield _finding(rule, no, passage, fault)
    if clean:
        yield rule.holds()


def _finding(rule: Rule, no: str, passage: Passage, fault: Fault) -> Finding:
    part, part_en = _part(no)
    line = showing.quoted(fault.line, 24)
    if fault.unnumbered:
        count = fault.unnumbered
        first = "前一项" if count == 1 else f"前{_CN[count - 1] if count <= 10 else f' {count} '}项"
        what = Text(
            f"{part}从“{fault.printed}”才开始编号，{first.replace('二', '两')}没有序号：{line}。",
            f"{part_en} is numbered only from “{fault.printed}” on; the "
            f"{showing.counted(count, 'item')} before {'has' if count == 1 else 'have'} no "
            f"number: {line}.",
        )
        hint = Text(
            "请给前面各项补上序号，或者全部不编号。",
            "Number the items before it too, or none at all.",
        )
    elif fault.kind == "gap":
        what = Text(
            f"{part}缺序号“{fault.expected}”"
            + (f"：“{fault.before}”之后就是{line}。" if fault.before else f"，直接从{line}开始。"),
            f"{part_en} lacks the number “{fault.expected}”: "
            + (
                f"“{fault.before}” is followed by {line}."
                if fault.before
                else f"it begins with {line}."
            ),
        )
        clue = (
            Text(
                f"其间{showing.quoted(fault.candidate, 24)}一行没有序号，很可能就是这一项。",
                f"The line {showing.quoted(fault.candidate, 24)} in between has no number and is "
                "probably the one. ",
            )
            if fault.candidate
            else Text("", "")
        )
        hint = Text(
            f"缺号让人疑心漏了内容。{clue.zh}请补上序号；若本来没有这一项，把后面的序号顺改。",
            f"A missing number looks like missing content. {clue.en}Add the number; if there never "
            "was such an item, renumber what follows.",
        )
    elif fault.kind == "repeat":
        what = Text(
            f"{part}的序号“{fault.printed}”不接上文：{line}，前一项已是“{fault.before}”。",
            f"{part_en}: number “{fault.printed}” does not follow “{fault.before}”: {line}.",
        )
        hint = Text("请把序号顺改。", "Renumber the items.")
    else:
        what = Text(
            f"{part}的序号写法不一致：“{fault.before}”之后写成“{fault.printed}”（{line}）。",
            f"{part_en}: “{fault.before}” is followed by “{fault.printed}” ({line}).",
        )
        hint = Text(
            f"同一层次用同一种序号，这里应写“{fault.expected}”。",
            f"One level, one kind of number: write “{fault.expected}” here.",
        )
    return rule.broken(
        what, hint, printed=fault.printed, expected=fault.expected, place=_place(passage, fault)
    )


def _place(passage: Passage, fault: Fault) -> Place:
    return passage.places[fault.at] if fault.at < len(passage.places) else passage.place


def _part(no: str) -> tuple[str, str]:
    if no in "123456":
        return f"第{_CN[int(no) - 1]}部分", f"Section {no}"
    return "正文", "The text"


@functools.lru_cache(maxsize=64)  # 两条规则先后看同一段文字
def faults(passage: Passage, edition: str) -> tuple[Fault, ...]:
    """What is wrong with the numbers of one printing of a part."""
    labels = _labels(edition)
    lines = passage.text.split("\n")
    stack: list[_Level] = []
    found: list[Fault] = []
    for index, line in enumerate(lines):
        if not line or line[0] not in _FIRST:
            continue
        mark = _MARK.match(line)
        if mark is None or "".join(line.split()) in labels:
            continue
        style = mark.lastgroup or ""
        number = _number(mark[style])
        if number is None:
            continue
        _step(stack, found, lines, index, style, number)
    return tuple(found)


def _step(
    stack: list[_Level], found: list[Fault], lines: list[str], index: int, style: str, number: int
) -> None:
    at = next((i for i in reversed(range(len(stack))) if stack[i].style == style), None)
    if at is not None:
        del stack[at + 1 :]
        level = stack[-1]
    else:
        continued = next((x for x in reversed(stack) if 1 < number == x.last + 1), None)
        if continued is not None:  # “（5）”接在“（四）”之后
            before, expected = (
                _written(continued.style, number - 1),
                _written(continued.style, number),
            )
            printed = _written(style, number)
            found.append(Fault("style", printed, expected, lines[index], before, at=index))
            del stack[stack.index(continued) + 1 :]
            continued.last, continued.line = number, index
            return
        level = _Level(style, 0, -1)
        stack.append(level)
    if number > level.last + 1:
        since = lines[max(level.line, 0) : index]
        missing = [n for n in range(level.last + 1, number) if not _inline(since, style, n)]
        if missing:
            found.append(
                Fault(
                    "gap",
                    _written(style, number),
                    "、".join(_written(style, n).rstrip("、.") for n in missing),
                    lines[index],
                    _written(style, level.last) if level.last else "",
                    _candidate(lines[level.line + 1 : index]) if level.last else "",
                    index,
                    0 if level.last else _bullets(lines[:index]),
                )
            )
    elif 1 < number <= level.last:
        found.append(
            Fault(
                "repeat",
                _written(style, number),
                _written(style, level.last + 1),
                lines[index],
                _written(style, level.last),
                at=index,
            )
        )
    level.last, level.line = number, index


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text) or None
    if text[0] in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return ord(text[0]) - ord("①") + 1
    tens, has_ten, ones = text.partition("十")
    if not has_ten:
        return _CN.index(text) + 1 if len(text) == 1 else None
    try:
        return (_CN.index(tens) + 1 if tens else 1) * 10 + (_CN.index(ones) + 1 if ones else 0)
    except ValueError:
        return None


def _written(style: str, number: int) -> str:
    if style in ("hundun", "hanparen"):
        tens, ones = divmod(number, 10)
        text = (_CN[tens - 1] if tens > 1 else "") + ("十" if tens else "")
        return _WRITTEN[style].format(text + (_CN[ones - 1] if ones else ""))
    if style == "circle":
        return chr(ord("①") + number - 1)
    return _WRITTEN[style].format(number)


def _inline(lines: list[str], style: str, number: int) -> bool:
    """The number stands inside the text, not at the beginning of a line."""
    written = _written(style, number)
    variants = {written, written.replace("（", "(").replace("）", ")"), written.replace(".", "．")}
    text = "".join("".join(lines).split())
    for variant in variants:
        at = text.find(variant)
        while at >= 0:
            if not (at and text[at - 1].isdecimal()):
                return True
            at = text.find(variant, at + 1)
    return False


_BULLET = re.compile(r"[\s\u3000\xa0]*[-－–—•·●○■◆▪*][\s\u3000\xa0]*\S")


def _bullets(lines: list[str]) -> int:
    """How many items with a mark but no number stand right before, blank lines apart."""
    count = 0
    for line in reversed(lines):
        if not line.strip():
            continue
        if not _BULLET.match(line):
            break
        count += 1
    return count


def _candidate(lines: list[str]) -> str:
    """A short line without end mark between two numbers: probably a heading that lost its own."""
    for line in lines:
        text = line.strip()
        if 2 <= len(text) <= 20 and text[-1] not in "。；，：:;,.！？":
            return text
    return ""


@functools.cache
def _labels(edition: str) -> frozenset[str]:
    """Row labels of the tables, in case a table's text stands in the part's prose."""
    specs = forms.form(edition).tables.values()
    return frozenset("".join(row.label.split()) for t in specs for b in t.blocks for row in b.rows)


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (NUMBERING, numbering),
    (STYLE, numbering_style),
)
