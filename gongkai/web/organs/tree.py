"""机关树: the path of an organ: four digits for each step down, so that a subtree is a range.

Digits only, because every database's collation orders digits alike.
"""

from __future__ import annotations

from gongkai.web.organs.models import Organ

STEP = 4
MOST = 10**STEP - 2  # the last is left free: the end of a subtree is the next path


def end(path: str) -> str:
    """The first path behind the subtree of ``path``: ``path <= x < end(path)``."""
    return f"{int(path) + 1:0{len(path)}d}"


def ancestors(path: str) -> list[str]:
    """The paths from the root down to and including ``path``."""
    return [path[:at] for at in range(STEP, len(path) + 1, STEP)]


def depth(path: str) -> int:
    """1 for a root."""
    return len(path) // STEP


def within(path: str, top: str) -> bool:
    """Whether ``path`` lies in the subtree of ``top``, itself included."""
    return path.startswith(top)


DEEPEST = 16  # steps that a path can hold


class Full(Exception):
    """下级已满: an organ has 9,998 direct subordinates at most, a tree 16 steps."""


def next_path(parent: Organ | None, *, below: int = 0) -> str:
    """A path for a new last child with so many steps ``below`` it; raises Full without a place."""
    above = parent.path if parent else ""
    if depth(above) + 1 + below > DEEPEST:
        raise Full
    last = (
        Organ.objects.filter(parent=parent).order_by("-path").values_list("path", flat=True).first()
    )
    step = int(last[-STEP:]) + 1 if last else 1
    if step > MOST:
        raise Full
    return f"{above}{step:0{STEP}d}"
