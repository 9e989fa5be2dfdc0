"""图像框线: a page's picture made even and level, and the ruling lines in it.

Pixels from the upper left corner throughout; ``unit`` is the pixels of one point (1/72 inch).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from gongkai.statute.readers.pdf_page import Rule

Picture = Any  # a numpy array: grey (h, w), bytes

_LEVEL, _UPRIGHT = 24.0, 13.0  # points: shorter strokes are parts of characters
_SURE = 45.0  # points: no stroke of a character is as long
_NEAR = 2.1  # points: rules this near each other meet; a character keeps more from its cell's
_THICK = 5.0  # points: what is thicker is a bar or a filled field
_STEEPEST = 5.0  # degrees a page may be askew
_DARK = (45, 20)  # of 255: strokes at least so dark are looked at, first these, then those
_WASH = 0.5  # of the paper's brightness: darker ground than this is no shadow


@dataclass(frozen=True, slots=True)
class Ruled:
    """框线: level and upright rules in points, and the pixels they cover."""

    level: list[Rule]
    upright: list[Rule]
    mask: Picture


def even(grey: Picture, unit: float) -> Picture:
    """The picture as if evenly lit: each place divided by the paper's brightness about it."""
    height, width = grey.shape
    small = cv2.resize(
        grey, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA
    )
    size = max(3, round(7 * unit / 4)) | 1
    ground = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    ground = cv2.medianBlur(ground, max(3, min(255, 2 * size + 1)) | 1)
    ground = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    # Where all is dark for longer than a character (a filled field) the paper is not seen.
    paper = max(1.0, float(np.percentile(ground, 90)))
    ground = np.maximum(ground.astype(np.float32), _WASH * paper)
    scaled: Picture = np.clip(grey.astype(np.float32) * (255.0 / ground), 0, 255).astype(np.uint8)
    return scaled


def slant(grey: Picture) -> float:
    """How many degrees a page is turned counter-clockwise, at most five; 0 where nothing tells."""
    height, width = grey.shape
    scale = min(1.0, 1000 / max(height, width))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = 255 - small.astype(np.float32)
    dark[dark < 60] = 0
    if not dark.any():
        return 0.0

    def sharp(angle: float) -> float:
        rows = _turned(dark, angle, 0).sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max(np.arange(-_STEEPEST, _STEEPEST + 0.01, 0.5).tolist(), key=sharp)
    for step in (0.1, 0.02):
        near = [best + k * step for k in range(-5, 6)]
        best = max(near, key=sharp)
    return -round(best, 2) if abs(best) < _STEEPEST else 0.0


def level(picture: Picture, angle: float) -> Picture:
    """The picture turned back by the angle it is askew; what comes in at the corners is white."""
    return picture if abs(angle) < 0.03 else _turned(picture, -angle, 255)


def _turned(picture: Picture, angle: float, ground: int) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(ground,) * 3
    )


def rules(lit: Picture, unit: float) -> Ruled:
    """The ruling lines of an evenly lit, level picture."""
    dark = 255 - lit
    level_all = _strokes(dark, unit, _LEVEL)
    upright_all = _strokes(np.ascontiguousarray(dark.T), unit, _UPRIGHT)
    across = _anchored([r for r, _ in level_all], [r for r, _ in upright_all])
    down = _anchored([r for r, _ in upright_all], [r for r, _ in level_all])
    mask = np.zeros_like(dark)
    for rule, (ys, xs) in level_all:
        if rule in across:
            mask[ys, xs] = 255
    for rule, (ys, xs) in upright_all:
        if rule in down:
            mask[xs, ys] = 255
    return Ruled(across, down, mask)


def _anchored(some: list[Rule], crossing: list[Rule]) -> list[Rule]:
    """Long rules, and of the short ones those that run from one crossing rule to another: a
    single stroke of a large character is as long."""

    def meets(rule: Rule, end: float) -> bool:
        return any(
            abs(c.at - end) < _NEAR and c.start - _NEAR < rule.at < c.end + _NEAR for c in crossing
        )

    return [r for r in some if r.end - r.start > _SURE or meets(r, r.start) and meets(r, r.end)]


def _strokes(dark: Picture, unit: float, least: float) -> list[tuple[Rule, Any]]:
    """Dark level strokes at least ``least`` points long and no thicker than a rule, in points,
    and their pixels.

    Dark is first averaged along the stroke, so that noise does not break it, and spread a little
    across, so that it may stand askew by a pixel or two.
    """
    along = cv2.blur(dark, (max(3, round(2 * unit)) | 1, 1))
    spread = cv2.dilate(along, np.ones((3, 1), np.uint8))
    long = cv2.morphologyEx(spread, cv2.MORPH_OPEN, np.ones((1, round(least * unit)), np.uint8))
    thick = cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones((round(_THICK * unit) + 2, 1), np.uint8))
    slim = cv2.subtract(long, thick)
    # The faint ones apart: together with the dark ones they would run into type.
    return [
        measured
        for least_dark in _DARK
        for measured in _measured(slim > least_dark, along, least_dark, unit, least)
    ]


def _measured(
    mask: Picture, along: Picture, dark: int, unit: float, least: float
) -> Iterator[tuple[Rule, Any]]:
    """The strokes of a mask that stand alone, each with its pixels; one that is not straight in
    several pieces."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    for index in range(1, count):
        left, top, wide, high = (int(v) for v in stats[index, :4])
        if wide < 0.8 * least * unit or high > max(2 * _THICK * unit, 0.1 * wide):
            continue
        part = labels[top : top + high, left : left + wide] == index
        pieces = 1 if high < _THICK * unit else max(1, wide // round(60 * unit))
        cuts = [wide * k // pieces for k in range(pieces + 1)]
        for start, end in zip(cuts, cuts[1:], strict=False):
            ys, xs = np.nonzero(part[:, start:end])
            ys, xs = ys + top, xs + left + start
            if len(ys) and _stands_alone(along, ys, xs, dark, unit):
                at = (float(ys.mean()) + 0.5) / unit
                yield Rule(at, (left + start) / unit, (left + end) / unit), (ys, xs)


def _stands_alone(along: Picture, ys: Any, xs: Any, dark: int, unit: float) -> bool:
    """Whether a stroke is dark throughout with even ground beside it. A row of type has strokes
    too, and what stands above and below them is the rest of the characters; a short rule must
    therefore stand out more than a long one."""
    columns, where = np.unique(xs, return_inverse=True)
    upper = np.full(len(columns), 1 << 30)
    lower = np.zeros(len(columns), dtype=int)
    np.minimum.at(upper, where, ys)
    np.maximum.at(lower, where, ys)
    middle = (upper + lower) // 2
    last = along.shape[0] - 1

    def at(rows: Any) -> Any:
        return along[np.clip(rows, 0, last), columns].astype(float)

    line = np.maximum.reduce([at(middle + k) for k in (-1, 0, 1)])
    strong = float(line.mean())
    far = [round(d * unit) + 1 for d in (1.6, 2.4, 3.2)]
    sides = [np.array([at(upper - d) for d in far]), np.array([at(lower + d) for d in far])]
    # Above the ground, which may be shaded a little, not above white.
    grounds = [min(float(np.percentile(side, 20)), 0.3 * strong) for side in sides]
    beside = max(float(s.mean()) - g for s, g in zip(sides, grounds, strict=True))
    if strong < dark:
        return False
    if len(columns) > _SURE * unit:
        return 2.5 * beside < strong and float((line > 0.4 * strong).mean()) > 0.85
    ends = round(1.2 * unit)
    return 6 * beside < strong and float((line[ends:-ends] > 0.5 * strong).mean()) > 0.97
