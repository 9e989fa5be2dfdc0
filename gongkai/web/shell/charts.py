"""图表: where the marks of a bar or line chart stand, in the units of an SVG view box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise
Number = int | float
Series = Sequence[tuple[Words, Sequence[Number | None]]]

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 48, 632, 22, 222
_WRITTEN = 14  # more marks than this carry no figures of their own; the table has them


@dataclass(frozen=True, slots=True)
class Mark:
    """一柱或一点。"""

    x: float
    y: float
    width: float = 0
    height: float = 0


@dataclass(slots=True)
class Drawn:
    """一个系列: its bars, or its line and points, and the figures beside them."""

    bars: list[Mark] = field(default_factory=list)
    points: list[Mark] = field(default_factory=list)
    path: str = ""
    texts: list[tuple[float, float, str]] = field(default_factory=list)


@dataclass(slots=True)
class Plot:
    """一幅图: rules with their figures, labels along the bottom, and the series."""

    lines: list[tuple[float, str]]
    ticks: list[tuple[float, Words]]
    series: list[Drawn]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def plot(labels: Sequence[Words], series: Series, *, kind: str = "bar") -> Plot:
    """The places of all marks. A missing value (None) leaves a gap; nothing is drawn below zero."""
    step = _step(max((v for _n, values in series for v in values if v is not None), default=0))
    top = step * 4
    room = (RIGHT - LEFT) / max(len(labels), 1)
    middles = [round(LEFT + room * (i + 0.5), 1) for i in range(len(labels))]
    written = len(labels) * len(series) <= _WRITTEN
    draw = _line if kind == "line" else _bars
    drawn = [
        draw(values, middles, room, top, place, len(series), written)
        for place, (_name, values) in enumerate(series)
    ]
    every = max(1, math.ceil(len(labels) / 12))
    return Plot(
        lines=[(_height(step * i, top), _figure(step * i)) for i in range(5)],
        ticks=[(middles[i], labels[i]) for i in range(0, len(labels), every)],
        series=drawn,
    )


def _step(most: Number) -> Number:
    """A round number, four of which reach the highest value."""
    if most <= 4:
        return 1
    size: Number = 10 ** math.floor(math.log10(most / 4))
    return next(n * size for n in (1, 2, 2.5, 5, 10) if n * size * 4 >= most)


def _height(value: Number, top: Number) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * max(value, 0) / top, 1)


def _figure(value: Number) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def _bars(
    values: Sequence[Number | None],
    middles: list[float],
    room: float,
    top: Number,
    place: int,
    many: int,
    written: bool,
) -> Drawn:
    width = round(min(room * 0.62 / many, 44), 1)
    drawn = Drawn()
    for middle, value in zip(middles, values, strict=True):
        if value is None:
            continue
        x = round(middle + width * (place - many / 2), 1)
        y = _height(value, top)
        drawn.bars.append(Mark(x, y, round(width - 1.5, 1), round(BOTTOM - y, 1)))
        if written:
            drawn.texts.append((round(x + width / 2, 1), y, _figure(value)))
    return drawn


def _line(
    values: Sequence[Number | None],
    middles: list[float],
    room: float,
    top: Number,
    place: int,
    many: int,
    written: bool,
) -> Drawn:
    drawn = Drawn()
    pen = "M"
    for x, value in zip(middles, values, strict=True):
        if value is None:
            pen = "M"
            continue
        y = _height(value, top)
        drawn.path += f"{pen}{x} {y}"
        pen = "L"
        drawn.points.append(Mark(x, y))
        if written and many == 1:
            drawn.texts.append((x, y, _figure(value)))
    return drawn
