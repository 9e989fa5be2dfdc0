"""OFD 文字: where each character of a text object stands, and characters put together as runs.

The file gives the place of the first character and the step to each next one. It does not say
how wide a character is: that is told from its kind and from the step that follows.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.statute.readers import pdf_chars
from gongkai.statute.readers.pdf_page import FAR, SCAN, Matrix, Page, Run
from gongkai.statute.report import BBox

TWIN = 1.5  # points between a glyph and its second printing
SLANT = 0.08  # of a quarter turn: text at a larger angle lies across the page
_ASCENT, _DESCENT = 0.88, 0.12  # in ems, of nearly all Chinese type
_MOST = 100_000  # steps in one list
_QUARTER = math.pi / 2


@dataclass(frozen=True, slots=True)
class Type:
    """字样: how a text object sets its characters; sizes in its own space, angles in degrees."""

    size: float
    stretch: float
    reading: int
    turned: int
    owner: int
    ghost: bool
    white: bool


@dataclass(frozen=True, slots=True)
class Glyph:
    """字形: one character on the page, in points; ``angle`` in radians, clockwise."""

    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    em: float
    angle: float
    owner: int
    ghost: bool
    white: bool


class Offsets:
    """偏移: the steps from each character to the next, ``g n v`` standing for n times v."""

    def __init__(self, across: str | None, down: str | None) -> None:
        self.across = _steps(across)
        self.down = _steps(down)

    @property
    def known(self) -> bool:
        return bool(self.across or self.down)

    def step(self, index: int) -> tuple[float, float]:
        """From one character to the next. Where the list is too short its last step goes on."""
        return _at(self.across, index), _at(self.down, index)


def _steps(text: str | None) -> list[float]:
    tokens = iter((text or "").replace(",", " ").split())
    found: list[float] = []
    try:
        for token in tokens:
            if token == "g":
                count, value = int(next(tokens)), float(next(tokens))
                found += [value] * min(max(count, 0), _MOST - len(found))
            else:
                found.append(float(token))
            if len(found) >= _MOST:
                break
    except (ValueError, StopIteration):
        pass  # what was understood so far holds
    return [n for n in found if abs(n) < FAR]


def _at(steps: list[float], index: int) -> float:
    return steps[min(index, len(steps) - 1)] if steps else 0.0


Place = tuple[float, float, float]  # where a character's base line begins, and its width


def set_out(
    text: str, x: float, y: float, offsets: Offsets, type_: Type
) -> tuple[list[str], list[Place]]:
    """The characters of a text code and where each stands in the object's space."""
    chars = _chars(text, offsets)
    places: list[Place] = []
    units = 0  # steps are counted in UTF-16: a rare character takes two
    for index, char in enumerate(chars):
        own = _width(char) * type_.size * type_.stretch
        if not offsets.known:
            places.append((x, y, own))
            dx, dy = _along(own, type_)
        else:
            dx, dy = offsets.step(units)
            units += 1
            if ord(char) > 0xFFFF and len(offsets.across or offsets.down) > len(chars) - 1:
                more = offsets.step(units)
                dx, dy, units = dx + more[0], dy + more[1], units + 1
            last = index == len(chars) - 1
            places.append((x, y, own if last else _shown(char, own, dx, dy, type_.size)))
        x, y = x + dx, y + dy
    return chars, places


def _chars(text: str, offsets: Offsets) -> list[str]:
    """The characters; line breaks round them are those of the XML, not of the text."""
    if text != text.strip("\r\n") or not offsets.known:
        text = text.strip()
    return [" " if c in "\t\r\n" else c for c in text]


def _width(char: str) -> float:
    """In ems, as most type has it."""
    if pdf_chars.is_wide(char):
        return 1.0
    if char in "WMmw@%":
        return 0.85
    return 0.3 if char in "ijlI.,:;'|!()[]" else 0.52


def _along(own: float, type_: Type) -> tuple[float, float]:
    """A step by a character's own width, where the file gives none."""
    if type_.reading == 90:
        return 0.0, type_.size
    if type_.reading == 270:
        return 0.0, -type_.size
    return (-own if type_.reading == 180 else own), 0.0


def _shown(char: str, own: float, dx: float, dy: float, size: float) -> float:
    """How wide a character is, given the step to the next: the step itself, unless it leaves a
    gap that a reader sees."""
    if abs(dy) > 0.2 * size or dx <= 0.1 * size:
        return own
    if pdf_chars.is_wide(char):
        return min(dx, own)
    # Figures are set to one width; letters differ, and are never wider than an em.
    return dx if dx < (0.7 if char.isdigit() else 1.05) * size else own


def glyph(char: str, place: Place, type_: Type, space: Matrix) -> Glyph:
    """A character of the object's space on the page."""
    x, y, width = place
    turn = math.radians(type_.turned)
    right, up = (math.cos(turn), math.sin(turn)), (math.sin(turn), -math.cos(turn))
    over, under = _ASCENT * type_.size, -_DESCENT * type_.size
    corners = [
        space.point(x + right[0] * a + up[0] * h, y + right[1] * a + up[1] * h)
        for a in (0.0, width)
        for h in (over, under)
    ]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    start = space.point(x, y)
    ahead = space.point(x + right[0], y + right[1])
    angle = math.atan2(ahead[1] - start[1], ahead[0] - start[0])
    above = space.point(x + up[0] * type_.size, y + up[1] * type_.size)
    em = math.hypot(above[0] - start[0], above[1] - start[1])
    return Glyph(
        char if char.isspace() else pdf_chars.char(ord(char)),
        min(xs),
        min(ys),
        max(xs),
        max(ys),
        start[1],
        em,
        angle,
        type_.owner,
        type_.ghost,
        type_.white,
    )


# -- the glyphs of a page -------------------------------------------------------------------


@dataclass(slots=True)
class _Held:
    """A run being put together, with the text object of each of its characters."""

    run: Run
    owners: list[int]
    white: bool


def take(glyphs: Sequence[Glyph], page: Page, grounds: Sequence[BBox]) -> None:
    """Fill ``page.runs``; ``grounds`` are the areas on which white text can be read."""
    held = list(_runs(glyphs, page))
    page.unmapped = sum(pdf_chars.is_lost(c) for h in held for c in h.run.chars)
    total = sum(len(h.run.chars) for h in held)
    for one in held:
        run = one.run
        middle = (run.x0 + run.x1) / 2
        on = any(b[0] <= middle <= b[2] and b[1] <= run.middle <= b[3] for b in grounds)
        run.ghost = run.ghost or (one.white and not on)
    ghosts = sum(len(h.run.chars) for h in held if h.run.ghost)
    page.ocr = ghosts > 0.5 * total and any(
        (b[2] - b[0]) * (b[3] - b[1]) > SCAN * page.width * page.height for b in page.pictures
    )
    for one in held:
        for run in _parted(one, page):
            page.add(run)


def _runs(glyphs: Sequence[Glyph], page: Page) -> Iterator[_Held]:
    """Glyphs in the file's order taken together while they stand side by side."""
    now: _Held | None = None
    last: Glyph | None = None
    spaced = False
    printed: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for order, glyph in enumerate(glyphs):
        if glyph.char.isspace() or ord(glyph.char) in pdf_chars.SPACES:
            spaced = True
            continue
        if not (abs(glyph.x0) < FAR and abs(glyph.y0) < FAR and glyph.em < FAR):
            page.hidden.append(glyph.char)
            continue
        if _is_twin(printed, glyph):
            continue
        if now is not None and last is not None and not spaced and _follows(glyph, last):
            now.run.chars.append(glyph.char)
            now.run.spans.append((glyph.x0, glyph.x1))
            now.run.x1 = max(now.run.x1, glyph.x1)
            now.owners.append(glyph.owner)
        else:
            if now is not None:
                yield now
            now = _Held(_run(glyph, order, spaced), [glyph.owner], glyph.white)
        last, spaced = glyph, False
    if now is not None:
        yield now


def _run(glyph: Glyph, order: int, spaced: bool) -> Run:
    quarters = glyph.angle / _QUARTER
    upright = round(quarters) % 4 == 0
    return Run(
        [glyph.char],
        [(glyph.x0, glyph.x1)],
        glyph.x0,
        glyph.y0,
        glyph.x1,
        glyph.y1,
        order,
        base=glyph.base if upright else (glyph.y0 + glyph.y1) / 2,
        middle=glyph.base - 0.36 * glyph.em if upright else (glyph.y0 + glyph.y1) / 2,
        em=glyph.em or 10.0,
        spaced=spaced,
        upright=upright,
        ghost=glyph.ghost,
        slanted=abs(quarters - round(quarters)) > SLANT,
    )


def _follows(glyph: Glyph, last: Glyph) -> bool:
    """Whether a glyph goes on the run of the one before."""
    reach = pdf_chars.GAP * min(glyph.em, last.em)
    return (
        -0.3 * last.em < glyph.x0 - last.x1 < reach
        and abs(glyph.base - last.base) < 0.6
        and abs(glyph.em - last.em) < 0.1 * last.em
        and abs(glyph.angle) < 0.01
        and abs(last.angle) < 0.01
        and glyph.ghost == last.ghost
        and glyph.white == last.white
    )


def _is_twin(printed: dict[tuple[str, int, int], list[Glyph]], glyph: Glyph) -> bool:
    """Whether the glyph is printed a second time, a hair beside the first: a way to make bold."""
    row, column = int(glyph.base // 8), int(glyph.x0 // 8)
    for band in ((row + y, column + x) for y in (-1, 0, 1) for x in (-1, 0, 1)):
        for other in printed.get((glyph.char, *band), ()):
            if abs(other.x0 - glyph.x0) < TWIN and abs(other.base - glyph.base) < TWIN:
                return True
    printed[glyph.char, row, column].append(glyph)
    return False


def _parted(held: _Held, page: Page) -> list[Run]:
    """A run over an upright line parted where another text object begins: two cells' figures may
    stand so near that they look like one, and a figure may be too wide for its cell."""
    run, owners = held.run, held.owners
    walls = sorted(r.at for r in page.upright if r.start <= run.middle <= r.end)
    over = walls[bisect_right(walls, run.x0 + 1) : bisect_left(walls, run.x1 - 1)]
    cuts = [k for k in range(1, len(owners)) if owners[k] != owners[k - 1]]
    if not over or len(owners) == 1:
        return [run]
    if cuts and len(cuts) == len(owners) - 1:  # each character an object of its own
        run.whole = all(
            any(x0 + 0.2 * (x1 - x0) < at < x1 - 0.2 * (x1 - x0) for x0, x1 in run.spans)
            for at in over
        )
        return [run]
    parts = [run.cut(start, stop) for start, stop in pairwise([0, *cuts, len(owners)])]
    for part in parts:
        part.whole, part.slanted = True, run.slanted
    return parts
