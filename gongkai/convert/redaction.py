"""遮盖 (脱敏处理): what must not be released is blackened, and really gone.

A PDF becomes a new one of pictures of its pages, a picture a new PNG, marks burnt in: text under a
mark, hidden text, metadata, comments, form values, attached files, layers, scripts, thumbnails and
earlier revisions cannot be in it, because nothing but pixels is carried over. It is verified all
the same before it is handed out, and on any doubt nothing is. The original is never touched.

No text layer is kept, not even of what may be read: whether a word in a PDF is visible (under a
white shape, behind a picture, in a glyph that shows another) cannot be told for certain. Who needs
the text gets it from a document made for release.

Work on files of others belongs into a process with limits: `apart`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeVar

from gongkai.convert import limits, redaction_paper, redaction_proof, redaction_words
from gongkai.convert.redaction_marks import (
    BadMark,
    Found,
    Kind,
    Left,
    Mark,
    NotClean,
    PageSize,
    meet,
    refuse_bad,
)
from gongkai.convert.redaction_pages import Drawn, Glyph, Opened, Words, opened
from gongkai.convert.worker import Killed, Workers
from gongkai.statute.report import BBox, CannotRead
from gongkai.statute.texts import Text

__all__ = [
    "BadMark",
    "Found",
    "Kind",
    "Left",
    "Mark",
    "NotClean",
    "PageSize",
    "Redacted",
    "apart",
    "find",
    "pages",
    "preview",
    "redact",
    "verify",
]

DOTS = 200  # dots to the inch of a page of PDF
PATTERNS = tuple(redaction_words.PATTERNS)
SECONDS, MEMORY = 60.0, 2 << 30  # for each page, in a worker process, at most
_TOUCH, _PART = 0.3, 0.05  # points, of its side: less of a glyph under a mark hides nothing of it
_LARGE = 50.0  # points: a watermark's letters; a mark does not grow to these
_APART = 2.0  # ems: what stands further from the last character gets a box of its own

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Redacted:
    """遮盖后的文件: its bytes, and the marks as they were burnt in (see `redact`)."""

    data: bytes
    kind: Literal["pdf", "png"]
    pages: int
    marks: tuple[Mark, ...]


def pages(data: bytes) -> list[PageSize]:
    """Every page of a PDF, or the one of a picture, as a reader sees it.

    Raises CannotRead: ``error.encrypted``, ``error.damaged``, ``error.too_large``.
    """
    with opened(data) as file:
        return list(file.sizes)


def preview(data: bytes, number: int, *, dots: int = 100) -> bytes:
    """A page as PNG, to draw marks on: what `redact` will make of it, smaller. Raises IndexError
    for a page that is not there, CannotRead as `pages`."""
    with opened(data) as file:
        if not 1 <= number <= len(file.sizes):
            raise IndexError(number)
        return redaction_paper.png(file.draw(number, *file.pixels(number, dots)))


# -- finding --------------------------------------------------------------------------------


def find(data: bytes, terms: Sequence[str], *, patterns: Sequence[str] = PATTERNS) -> Found:
    """Marks for every place of these words, and of numbers that have the form of a person's.

    Found across spaces, hyphens and line breaks, in the order in which the file holds its text;
    hidden text too. What is only a picture is not searched: its pages are named.
    Raises ValueError for a term without a letter or a digit, KeyError for an unknown pattern,
    CannotRead as `pages`.
    """
    with opened(data) as file:
        marks: list[Mark] = []
        unsearched: list[int] = []
        for size in file.sizes:
            limits.more(seconds=SECONDS, memory=MEMORY)
            words = file.words(size.number)
            marks += _found(words, size, terms, patterns)
            if words.blind:
                unsearched.append(size.number)
        return Found(tuple(marks), tuple(unsearched))


def _found(
    words: Words, size: PageSize, terms: Sequence[str], patterns: Sequence[str]
) -> Iterator[Mark]:
    parts: list[str] = []
    owners: list[int] = []
    for at, glyph in enumerate(words.glyphs):
        part = redaction_words.folded(glyph.char) or " "
        parts.append(part)
        owners += [at] * len(part)
    for hit in redaction_words.hits("".join(parts), terms, patterns):
        glyphs = words.glyphs[owners[hit.start] : owners[hit.stop - 1] + 1]
        text = "".join(glyph.char for glyph in glyphs)
        for box in _boxes([glyph.box for glyph in glyphs if glyph.box]):
            mark = Mark(size.number, *box, hit.reason, " ".join(text.split()), hit.sure)
            if meet(box, (0, 0, size.width, size.height)):  # beyond the edge nothing is drawn
                yield mark


def _boxes(boxes: Sequence[BBox]) -> list[BBox]:
    """Characters in their order as boxes, one for each line or part of a line."""
    joined: list[BBox] = []
    for box in boxes:
        if joined and _beside(joined[-1], box):
            joined[-1] = _around(joined[-1], box)
        else:
            joined.append(box)
    return joined


def _beside(line: BBox, box: BBox) -> bool:
    """Whether a character goes on a line of text, upright or turned."""
    wide = max(line[0], box[0]) - min(line[2], box[2])  # the gap; below 0 they overlap
    high = max(line[1], box[1]) - min(line[3], box[3])
    em = max(box[2] - box[0], box[3] - box[1])
    level = -high > 0.5 * min(line[3] - line[1], box[3] - box[1]) and wide < _APART * em
    upright = -wide > 0.5 * min(line[2] - line[0], box[2] - box[0]) and high < _APART * em
    thin = line[2] - line[0] < 1.5 * em or line[3] - line[1] < 1.5 * em
    return level or (upright and thin and high < 0.3 * em)


def _around(one: BBox, other: BBox) -> BBox:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


# -- redaction ------------------------------------------------------------------------------


def redact(data: bytes, marks: Sequence[Mark], *, kind: Kind, dots: int = DOTS) -> Redacted:
    """遮盖: a new file with these marks burnt in, verified; without marks, of the same pages.

    A mark grows to the whole of every character it touches: half a digit can still be read. The
    marks that came of it are in the answer. Equal input gives equal bytes.
    Raises BadMark, CannotRead as `pages`, and NotClean where the result does not pass `verify`.
    """
    with opened(data, kind=kind) as file:
        refuse_bad(marks, file.sizes)
        burnt: list[Mark] = []
        sheets: list[tuple[PageSize, bytes]] = []
        made = b""
        for size in file.sizes:
            limits.more(seconds=SECONDS, memory=MEMORY)
            grown = _grown(file, size, marks)
            drawn = file.draw(size.number, *file.pixels(size.number, dots))
            covered = redaction_paper.burnt(drawn, size, grown)
            burnt += grown
            if kind == "pdf":
                sheets.append((size, redaction_paper.packed(redaction_paper.levelled(covered))))
            else:
                made = redaction_paper.png(covered)
    if kind == "pdf":
        made = redaction_paper.pdf(sheets)
    verify(data, made, marks, dots=dots)
    return Redacted(made, "pdf" if kind == "pdf" else "png", len(file.sizes), tuple(burnt))


def _grown(file: Opened, size: PageSize, marks: Sequence[Mark]) -> list[Mark]:
    """The marks of a page, each with the characters it touches."""
    own = [mark for mark in marks if mark.page == size.number]
    if not own or file.kind != "pdf":
        return own
    glyphs = file.words(size.number).glyphs
    return [_whole(mark, glyphs) for mark in own]


def _whole(mark: Mark, glyphs: Sequence[Glyph]) -> Mark:
    box = mark.box
    for ink in _touched(mark, glyphs):
        if max(ink[2] - ink[0], ink[3] - ink[1]) <= _LARGE:
            box = _around(box, ink)
    return replace(mark, left=box[0], top=box[1], right=box[2], bottom=box[3])


def _touched(mark: Mark, glyphs: Sequence[Glyph]) -> Iterator[BBox]:
    return (g.ink for g in glyphs if g.ink and _touches(mark.box, g.ink))


def _touches(box: BBox, ink: BBox) -> bool:
    """Whether a mark covers a part of a glyph worth speaking of; neighbours in large type overlap
    a little, and a found word must not take the next one with it."""
    for low, high in ((0, 2), (1, 3)):
        side = ink[high] - ink[low]
        least = min(max(_TOUCH, _PART * side), side / 2)
        if min(box[high], ink[high]) - max(box[low], ink[low]) <= least:
            return False
    return True


# -- verification ---------------------------------------------------------------------------


def verify(before: bytes, after: bytes, marks: Sequence[Mark], *, dots: int = DOTS) -> None:
    """核验: whether a redacted file holds nothing but the original's pages with their marks black.

    Fails closed: raises NotClean with all that is wrong. ``marks`` are those given to `redact`.
    Raises CannotRead where the original cannot be opened.
    """
    left: list[Left] = []
    with opened(before) as file:
        refuse_bad(marks, file.sizes)
        words = [mark.text for mark in marks if mark.reason != "hand"] + _under(file, marks)
        left += redaction_proof.words_left(after, words)
        is_pdf = file.kind == "pdf"
        left += redaction_proof.pdf_left(after) if is_pdf else redaction_proof.png_left(after)
        left += _pictures_left(file, after, marks, dots)
    if left:
        raise NotClean(list(dict.fromkeys(left)))


def _under(file: Opened, marks: Sequence[Mark]) -> list[str]:
    """The words under the marks of a PDF, each run of characters by itself."""
    under: list[str] = []
    for number in sorted({mark.page for mark in marks}):
        glyphs = file.words(number).glyphs
        for mark in marks:
            if mark.page == number:
                told = "".join(
                    g.char if g.char == " " or (g.ink and _touches(mark.box, g.ink)) else "\n"
                    for g in glyphs
                )
                under += (run.strip() for run in told.split("\n"))
    return [run for run in under if len(run) > 1]


def _pictures_left(file: Opened, after: bytes, marks: Sequence[Mark], dots: int) -> Iterator[Left]:
    """Marks that are not black, pages that are not those of the original."""
    try:
        with opened(after) as result:
            if len(result.sizes) != len(file.sizes):
                yield Left("pages", Text("页数不同", "the number of pages differs"))
                return
            for size in file.sizes:
                limits.more(seconds=SECONDS, memory=MEMORY)
                yield from _page_left(file, result, size, marks, dots)
    except CannotRead as cause:
        said = Text("成品打不开：{why}", "the result does not open: {why}").within(why=cause.text)
        yield Left("shape", said)


def _page_left(
    file: Opened, result: Opened, size: PageSize, marks: Sequence[Mark], dots: int
) -> Iterator[Left]:
    number = size.number
    other = result.sizes[number - 1]
    if max(abs(other.width - size.width), abs(other.height - size.height)) > 0.01:
        yield Left("pages", Text(f"第 {number} 页大小不同", f"page {number} has another size"))
        return
    pixels = file.pixels(number, dots)
    own = [mark for mark in marks if mark.page == number]
    # Drawn, a picture may be shifted by part of a pixel: less than a mark is larger than its box.
    shown = result.draw(number, *pixels)
    if not all(_is_black(shown, mark, size) for mark in own):
        yield Left(
            "marks", Text(f"第 {number} 页有框未涂黑", f"a mark on page {number} is not black")
        )
    plain = file.draw(number, *pixels)
    if file.kind == "pdf":
        plain = redaction_paper.levelled(plain)
    held = result.picture(number)
    if held != redaction_paper.burnt(plain, size, _grown(file, size, marks)):
        yield Left(
            "pixels",
            Text(
                f"第 {number} 页框外的内容与原件不同",
                f"page {number} differs from the original outside its marks",
            ),
        )


def _is_black(drawn: Drawn, mark: Mark, size: PageSize) -> bool:
    """Whether every pixel that a mark touches is black; told without the code that made it so."""
    across, down = drawn.width / size.width, drawn.height / size.height
    left, right = max(0, int(mark.left * across)), min(drawn.width, int(mark.right * across) + 1)
    top, bottom = max(0, int(mark.top * down)), min(drawn.height, int(mark.bottom * down) + 1)
    row = 3 * drawn.width
    lines = (drawn.pixels[y * row + 3 * left : y * row + 3 * right] for y in range(top, bottom))
    return not any(any(line) for line in lines)


# -- in a process of its own ----------------------------------------------------------------


def apart(work: Callable[[bytes], Answer], data: bytes) -> Answer:
    """单独进程: work on a file in a process with limits, as ``apart(partial(redact, marks=marks,
    kind="pdf"), data)``.

    Raises what the work raises; CannotRead (``error.too_slow``, ``error.too_much_memory``,
    ``error.crashed``) where the process was ended.
    """
    # What a process that is killed leaves behind lies in the folder, and goes with it.
    with tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True) as folder:
        job = partial(_work, work, folder)
        with Workers(job, seconds=SECONDS, memory=MEMORY) as workers:
            (answer,) = workers.map([data])
    if isinstance(answer, Killed):
        raise answer.cause
    return answer


def _work(work: Callable[[bytes], Answer], folder: str, data: bytes) -> Answer:
    tempfile.tempdir = folder
    return work(data)
