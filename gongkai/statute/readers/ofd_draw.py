"""OFD 图元: the text, paths and pictures of a page's layers, as the runs and rules of a `Page`.

The file counts millimetres from the upper left corner. An object has a space of its own: its
matrix (CTM) and the corner of its box (Boundary) carry it to the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.statute import notes
from gongkai.statute.readers import ofd_text, pdf, pdf_drawing
from gongkai.statute.readers.ofd_text import Glyph
from gongkai.statute.readers.pdf_page import FAR, Matrix, Page
from gongkai.statute.report import BBox
from gongkai.statute.texts import Text

Element = Any  # lxml's elements have no types here
POINTS = 72 / 25.4  # in a millimetre
_DEPTH = 8  # of composite objects and blocks inside each other
_CORNERS = 300_000  # of all paths of a page
_PATH = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?|[A-Za-z]")
_ARGUMENTS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def tag(element: Element) -> str:
    """An element's name without its namespace: drafts of the standard had another."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of this name."""
    return (e for e in element if tag(e) == name)


def child(element: Element, name: str) -> Element | None:
    """The first child of this name."""
    return next(children(element, name), None)


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute; empty where it holds anything else or one beyond all sense."""
    if not text:
        return []
    try:
        found = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        return []
    for number in found:
        if not -FAR < number < FAR:  # nor is what is no number at all
            return []
    return found


def _number(text: str | None, otherwise: float) -> float:
    if text is None:
        return otherwise
    found = numbers(text)
    return found[0] if len(found) == 1 else otherwise


@dataclass(slots=True)
class Resources:
    """资源: what objects refer to by number: composite units and drawing parameters."""

    units: dict[str, Element] = field(default_factory=dict)
    params: dict[str, Element] = field(default_factory=dict)

    def add(self, root: Element) -> None:
        """Take up a resource file."""
        for element in root.iter():
            name, id = tag(element), element.get("ID", "")
            if name in ("CompositeGraphicUnit", "VectorG"):
                self.units[id] = element
            elif name == "DrawParam":
                self.params[id] = element

    def copy(self) -> Resources:
        """The same, to be added to for one page."""
        return Resources(dict(self.units), dict(self.params))

    def colour(self, element: Element, name: str) -> Element | None:
        """An object's fill or stroke colour, its own or that of its parameters."""
        seen = 0
        while element is not None and seen < 6:
            found = child(element, name)
            if found is not None:
                return found
            named = element.get("DrawParam") or element.get("Relative") or ""
            element, seen = self.params.get(named), seen + 1
        return None


def page(
    number: int, box: tuple[float, float, float, float], layers: Sequence[Element], held: Resources
) -> tuple[Page, int, bool]:
    """A page of layers from the ground up; how many objects are drawn on it; whether some of
    what it refers to is missing. It is turned so that most of its text stands upright.

    Raises CannotRead (``error.too_large``).
    """
    pen = _Pen(number, box, held, 0)
    pen.draw(layers)
    turns = pen.turns()
    if turns:
        pen = _Pen(number, box, held, turns)
        pen.draw(layers)
    pen.finish()
    return pen.page, pen.drawn, pen.missing


class _Pen:
    """Draws the objects of one page."""

    def __init__(
        self, number: int, box: tuple[float, float, float, float], held: Resources, turns: int
    ) -> None:
        left, top, wide, high = (n * POINTS for n in box)
        self.page = Page(number, *((high, wide) if turns % 2 else (wide, high)))
        self.held = held
        turned = (
            Matrix(),
            Matrix(0, 1, -1, 0, high, 0),
            Matrix(-1, 0, 0, -1, wide, high),
            Matrix(0, -1, 1, 0, 0, wide),
        )[turns]
        self.start = turned.after(Matrix(POINTS, 0, 0, POINTS, -left, -top))
        self.drawn = 0
        self.missing = False
        self.glyphs: list[Glyph] = []
        self.grounds: list[BBox] = []
        self._owner = 0
        self._corners = 0

    def turns(self) -> int:
        """The quarter turns clockwise that would set most of the text upright."""
        votes = [0, 0, 0, 0]
        for glyph in self.glyphs:
            quarters = -glyph.angle / (math.pi / 2)
            votes[round(quarters) % 4] += 1
        return votes.index(max(votes)) if len(self.glyphs) >= 8 else 0

    def draw(self, layers: Sequence[Element]) -> None:
        """Every object of these layers, in order."""
        for layer in layers:
            self._block(layer, self.start, 0)

    def finish(self) -> None:
        """Glyphs to runs, and the rules that stand on no page left out."""
        page = self.page
        page.level = [r for r in page.level if pdf_drawing.is_near(r)]
        page.upright = [r for r in page.upright if pdf_drawing.is_near(r)]
        ofd_text.take(self.glyphs, page, [*self.grounds, *page.pictures])

    def _block(self, holder: Element, space: Matrix, depth: int) -> None:
        for element in holder:
            name = tag(element)
            if not name or element.get("Visible", "true") == "false":
                continue
            self.drawn += 1
            if self.drawn > pdf_drawing.OBJECTS:
                self.page.crowded = True
                return
            if name == "PageBlock" and depth < _DEPTH:
                self._block(element, space, depth + 1)
            elif name == "TextObject":
                self._text(element, self._inner(element, space))
            elif name == "PathObject":
                self._path(element, self._inner(element, space))
            elif name == "ImageObject":
                self._image(element, space)
            elif name == "CompositeObject":
                self._composite(element, space, depth)

    def _composite(self, element: Element, space: Matrix, depth: int) -> None:
        unit = self.held.units.get(element.get("ResourceID", ""))
        if unit is None or depth >= _DEPTH:
            self.missing = True
            return
        for content in children(unit, "Content"):
            self._block(content, self._inner(element, space), depth + 1)

    @staticmethod
    def _inner(element: Element, space: Matrix) -> Matrix:
        """The space of an object, seen from the page."""
        box = numbers(element.get("Boundary"))
        if len(box) == 4:
            space = space.after(Matrix(e=box[0], f=box[1]))
        own = numbers(element.get("CTM"))
        return space.after(Matrix(*own)) if len(own) == 6 else space

    # -- pictures

    def _image(self, element: Element, space: Matrix) -> None:
        box = numbers(element.get("Boundary"))
        if len(box) != 4:
            return
        left, top, wide, high = box
        corners = [space.point(left, top), space.point(left + wide, top + high)]
        x0, y0, x1, y1 = pdf_drawing.bounds(corners)
        page = self.page
        shown = max(x0, 0.0), max(y0, 0.0), min(x1, page.width), min(y1, page.height)
        if shown[0] < shown[2] and shown[1] < shown[3] and not pdf_drawing.strip(shown, page):
            page.pictures.append(shown)

    # -- paths

    def _path(self, element: Element, space: Matrix) -> None:
        """Thin shapes and sides along an axis are rules, as in a PDF."""
        page = self.page
        page.drawings += 1
        stroked = element.get("Stroke", "true") != "false"
        filled = element.get("Fill", "false") == "true"
        data = child(element, "AbbreviatedData")
        if data is None or not (stroked or filled) or element.get("Alpha") == "0":
            return
        parts = [part for part in _parts(data.text or "", space) if part]
        self._corners += sum(map(len, parts))
        if self._corners > _CORNERS:
            page.crowded = True
            return
        if not parts:
            return
        box = pdf_drawing.bounds([point for part in parts for point in part])
        if pdf_drawing.strip(box, page):
            return
        if stroked:
            for part in parts:
                pdf_drawing.sides(part, page)
        elif len(parts) > 1 or len(parts[0]) > 5:
            pdf_drawing.filled([pdf_drawing.bounds(part) for part in parts], page)
        if filled and not _is_white(self.held.colour(element, "FillColor")):
            self.grounds.append(box)

    # -- text

    def _text(self, element: Element, space: Matrix) -> None:
        self._owner += 1
        colour = self.held.colour(element, "FillColor")
        inked = element.get("Fill", "true") != "false" or element.get("Stroke") == "true"
        clear = (colour is not None and colour.get("Alpha") == "0") or element.get("Alpha") == "0"
        pen = ofd_text.Type(
            size=_number(element.get("Size"), 0.0),
            stretch=_number(element.get("HScale"), 1.0),
            reading=int(_number(element.get("ReadDirection"), 0)) % 360,
            turned=int(_number(element.get("CharDirection"), 0)) % 360,
            owner=self._owner,
            ghost=not inked or clear,
            white=_is_white(colour) and colour is not None,
        )
        lost = {
            position
            for given in children(element, "CGTransform")
            for position in _range(given.get("CodePosition"), given.get("CodeCount"))
        }
        x = y = 0.0
        begun = 0
        for code in children(element, "TextCode"):
            x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
            text = code.text or ""
            offsets = ofd_text.Offsets(code.get("DeltaX"), code.get("DeltaY"))
            chars, places = ofd_text.set_out(text, x, y, offsets, pen)
            for index, (char, place) in enumerate(zip(chars, places, strict=True)):
                # A glyph without a code of its own is given this sign for one.
                char = "\ufffd" if char == "\u00a4" and begun + index in lost else char
                self.glyphs.append(ofd_text.glyph(char, place, pen, space))
            begun += len(chars)
        if len(self.glyphs) > pdf.PAGE_GLYPHS:
            what = Text(f"{len(self.glyphs)} 个字符", f"{len(self.glyphs)} characters")
            raise notes.error("error.too_large", what=what)


def _range(start: str | None, count: str | None) -> range:
    first = int(_number(start, 0))
    return range(first, first + min(int(_number(count, 1)), pdf.PAGE_GLYPHS))


def _is_white(colour: Element | None) -> bool:
    """Whether a colour leaves paper as it is: grey, RGB or CMYK, as the number of values says."""
    if colour is None or len(colour):
        return False
    values = numbers(colour.get("Value"))
    if len(values) == 4:
        return max(values) <= 5
    return bool(values) and min(values) >= 250


def _parts(text: str, space: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corner points of each part of a path; where it curves, the part is broken."""
    tokens = _PATH.findall(text)
    part: list[tuple[float, float]] = []
    index = 0
    while index < len(tokens):
        sign = tokens[index]
        index += 1
        count = _ARGUMENTS.get(sign.upper(), -1)
        if count < 0:
            continue
        values = tokens[index : index + count]
        if len(values) < count or any(v.isalpha() for v in values):
            continue
        index += count
        if sign in "Cc":
            if part:
                part.append(part[0])
            continue
        point = space.point(float(values[-2]), float(values[-1]))
        if sign in "Ll":
            part.append(point)
            continue
        if part:
            yield part
        part = [point]
    if part:
        yield part
