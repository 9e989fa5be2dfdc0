"""PDF 段落: page furniture taken out, and lines joined into the paragraphs a reader sees."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gongkai.statute.readers import pdf_chars
from gongkai.statute.readers.pdf_page import Run
from gongkai.statute.readers.pdf_table import SECTION
from gongkai.statute.readers.pdf_text import NUMBERED, Line

ZONE = 0.125  # of the page's height, above and below: where heads and page numbers stand
_STROKE = r"[-—–－―·•~～]+"
_OF = r"(?:\s*[,，]?\s*共\s*\d{1,4}\s*页)?"
# Between strokes or spelt out: a page number wherever it stands in a margin.
DRESSED = re.compile(rf"{_STROKE}\s*\d{{1,4}}\s*{_STROKE}|第\s*\d{{1,4}}\s*页{_OF}")
PAGE_NUMBER = re.compile(
    DRESSED.pattern
    + rf"|{_STROKE}\s*第\s*\d{{1,4}}\s*页{_OF}\s*{_STROKE}"
    + r"|(?:Page|P\.?)?\s*\d{1,4}\s*(?:[/／]|of)\s*\d{1,4}\s*页?|Page\s*\d{1,4}"
)
BARE = re.compile(r"\d{1,4}")
ENDED = re.compile(r"[。！？；：:;][”’）)」』]*\s*$")
SIGNED = re.compile(r"[\d〇○零一二三四五六七八九十]{4}\s*年.{1,4}月.{1,5}日")
NO_START = "，。、；：？！）》」』”’】〕〉…%％,.;:?!)]}"  # never first on a line


def without_page_number(runs: Sequence[Run], height: float) -> list[Run]:
    """The runs of a page but for a dressed page number (- 3 -, 第3页) in its margins, also where
    a table runs over it: its parts follow each other in the file and on the page."""
    kept: list[Run] = []
    chain: list[Run] = []
    for run in runs:
        last = chain[-1] if chain else None
        if last and (abs(run.base - last.base) > 1 or not -1 < run.x0 - last.x1 < 2 * run.em):
            kept += [] if _is_dressed(chain, height) else chain
            chain = []
        chain.append(run)
    return kept + ([] if _is_dressed(chain, height) else chain)


def _is_dressed(chain: Sequence[Run], height: float) -> bool:
    if not chain or len(chain) > 12 or not _in_margin(chain[0].middle, height):
        return False
    return DRESSED.fullmatch(" ".join(run.text for run in chain)) is not None


@dataclass(frozen=True, slots=True)
class Furniture:
    """页眉页脚: lines that are no part of the text, by identity, and what to tell of them."""

    lines: frozenset[int]
    told: tuple[tuple[str, int], ...]  # text and page of what was no plain page number


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Furniture:
    """Page numbers and running heads among the lines of each page.

    A number counts as a page number where it is dressed as one (- 3 -, 第3页) or where it
    goes up with the pages; a head where it recurs at one height on several pages.
    """
    gone: set[int] = set()
    told: dict[str, int] = {}
    bare: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    heads: dict[tuple[str, bool, int], list[Line]] = defaultdict(list)
    for index, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in _outer(lines, height):
            text = line.text.strip()
            match = BARE.fullmatch(text)
            if PAGE_NUMBER.fullmatch(text):
                gone.add(id(line))
            elif match:
                bare[int(text) - index].append((index, line))
            elif len(line.segments()) < 4 and not NUMBERED.match(text):
                top = line.middle < height / 2
                place = line.middle if top else height - line.middle
                heads[re.sub(r"\d+", "0", text), top, round(place / 6)].append(line)
    for same in bare.values():
        if len(same) > 1:
            gone |= {id(line) for _, line in same}
    for index, line in (item for same in bare.values() if len(same) == 1 for item in same):
        if _stands_off(line, pages[index]):
            gone.add(id(line))
            told.setdefault(line.text.strip(), line.page)
    enough = min(max(2, len(pages)), max(3, round(0.4 * len(pages))))
    for recurring in heads.values():
        if len({line.page for line in recurring}) >= enough:
            gone |= {id(line) for line in recurring}
            told.setdefault(recurring[0].text.strip(), recurring[0].page)
    return Furniture(frozenset(gone), tuple(told.items()))


def _outer(lines: Sequence[Line], height: float) -> list[Line]:
    """The first and last lines of a page, as far as they stand in its margins."""
    ends = [*lines[:2], *lines[2:][-2:]]
    return [line for line in ends if _in_margin(line.middle, height)]


def _in_margin(middle: float, height: float) -> bool:
    zone = max(ZONE * height, min(75.0, 0.2 * height))
    return not zone < middle < height - zone


def _stands_off(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a lone number keeps more distance from the text than lines keep."""
    others = [abs(o.middle - line.middle) for o in lines if o is not line]
    return not others or min(others) > 2.4 * line.em


# -- paragraphs -----------------------------------------------------------------------------


@dataclass(slots=True)
class Margins:
    """版心: the left and right edge of the running text of a page, and its line pitch."""

    left: float
    right: float
    pitch: float


def margins(pages: Sequence[Sequence[Line]]) -> dict[int, Margins]:
    """The margins of each page that has lines; a page with few takes the file's width."""
    lines = [line for page in pages for line in page]
    if not lines:
        return {}
    widths = [line.x1 - line.x0 for line in lines]
    width = _upper(widths)
    steps = [
        b.middle - a.middle
        for page in pages
        for a, b in zip(page, page[1:], strict=False)
        if 0 < b.middle - a.middle < 4 * a.em
    ]
    pitch = median(steps) if steps else 2 * lines[0].em
    commonest = Counter(round(line.x0) for line in lines).most_common(1)[0][0]
    found: dict[int, Margins] = {}
    for page in pages:
        if not page:
            continue
        long = [line for line in page if line.x1 - line.x0 > 0.75 * width]
        if len(long) > 2:
            left = min(line.x0 for line in long)
            right = max(line.x1 for line in long)
        else:
            left = min([line.x0 for line in long] + [float(commonest)])
            right = max([line.x1 for line in long] + [left + width])
        found[page[0].page] = Margins(left, right, pitch)
    return found


def _upper(values: list[float]) -> float:
    """The width nearly all lines keep within: a single stray line does not set it."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]


def goes_on(paragraph: Sequence[Line], line: Line, pages: dict[int, Margins]) -> bool:
    """Whether a line continues the paragraph made so far."""
    last = paragraph[-1]
    here, there = pages[line.page], pages[last.page]
    if not 0.85 < line.em / last.em < 1.18:
        return False
    step = line.middle - last.middle
    if line.page == last.page and not 0 < step < max(1.6 * here.pitch, 1.4 * line.em):
        return False
    if not _is_full(last, line, there):
        return False
    if SECTION.fullmatch(line.text) or (ENDED.search(last.text) and NUMBERED.match(line.text)):
        return False
    indent, before = line.x0 - here.left, last.x0 - there.left
    if len(paragraph) == 1 and len(last.text) < 28 and SECTION.fullmatch(last.text):
        return False  # a heading, and whole
    if indent > 3 * line.em and SIGNED.fullmatch(line.text):
        return False  # 成文日期, two characters further right than the name above it
    if indent < 1.2 * line.em:
        return True
    if len(paragraph) > 1:
        return abs(indent - before) < 0.5 * line.em  # the whole paragraph stands in
    # The first line hangs out; further right than that stands a signature.
    return before > 1.2 * line.em and before + line.em < indent < before + 8 * line.em


def _is_full(last: Line, line: Line, there: Margins) -> bool:
    """Whether the next word would not have fitted on the line before: the break was forced."""
    text = line.words[0].text
    length = 1
    if not pdf_chars.is_wide(text[0]):
        while length < len(text) and not pdf_chars.is_wide(text[length]):
            length += 1
    while length < len(text) and text[length] in NO_START:
        length += 1
    share = length / len(text)
    width = share * (line.words[0].x1 - line.words[0].x0)
    return last.x1 + width + 0.35 * line.em > there.right


def spelt(lines: Sequence[Line]) -> str:
    """The text of a paragraph: Chinese runs on, so does a number; Latin words keep a space."""
    text = ""
    for line in lines:
        if text:
            before, after = text[-1], line.text[:1]
            narrow = not (pdf_chars.is_wide(before) or pdf_chars.is_wide(after))
            words = before.isalnum() and after.isalnum() and not (before + after).isdecimal()
            text += " " if narrow and (words or line.spaced) else ""
        text += line.text
    return text
