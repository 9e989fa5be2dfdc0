"""字体: which families a PDF is set in, and which characters they have.

Each role of GB/T 9704 takes the official family where a folder that was given holds it, then the
family shipped here, then the serif, which has the characters GB18030-2022 demands at its second
level (tools/make_fonts.py). What none of them has cannot be printed.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import typst

from gongkai.statute.writers import sfnt

FOLDER = Path(__file__).parent.parent / "data" / "fonts"
LAST = "Gongkai Serif"

OWN: Mapping[str, str] = MappingProxyType(
    {"title": "Gongkai Title", "body": LAST, "sans": "Gongkai Sans", "kai": "Gongkai Kai"}
)
"""随附字体: role to the family shipped with the library."""

OFFICIAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": (
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05S",
            "方正小标宋_GBK",
            "FZXiaoBiaoSong-B05",
        ),
        "body": (
            "仿宋_GB2312",
            "FangSong_GB2312",
            "仿宋",
            "FangSong",
            "方正仿宋_GBK",
            "FZFangSong-Z02",
            "方正仿宋简体",
            "FZFangSong-Z02S",
            "华文仿宋",
            "STFangsong",
        ),
        "sans": ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "方正黑体简体", "FZHei-B01S"),
        "kai": (
            "楷体_GB2312",
            "KaiTi_GB2312",
            "楷体",
            "KaiTi",
            "方正楷体_GBK",
            "FZKai-Z03",
            "方正楷体简体",
            "FZKai-Z03S",
            "华文楷体",
            "STKaiti",
        ),
    }
)
"""公文字体: role to the official families by their Chinese and Latin names, the best first."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """一套字体: what the engine loads, and per role its families and the characters they have.

    ``same`` maps a character to the one that shares its glyph (① and ➀): in a finished PDF these
    cannot be told apart. ``refused`` are official families found but closed to embedding.
    """

    engine: typst.Fonts
    families: Mapping[str, tuple[str, ...]]
    characters: Mapping[str, frozenset[str]]
    same: Mapping[int, str]
    refused: tuple[str, ...] = ()


@functools.lru_cache(maxsize=8)
def load(folders: tuple[str, ...] = ()) -> Fonts:
    """The families of our own folder and of further folders; one that is not there is passed over.

    Only the official families are taken from a given folder; everything else in it stays unused.
    """
    known = [folder for folder in folders if Path(folder).is_dir()]
    engine = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FOLDER), *known],
    )
    faces: dict[str, sfnt.Face] = {}
    refused = []
    for info in engine.fonts():
        if not _wanted(info.family) or info.family in faces:
            continue
        face = _face(info)
        if face is None or not face.embeddable:
            refused.append(info.family)
        else:
            faces[info.family] = face
    families = {role: _of_role(role, faces) for role in OWN}
    return Fonts(
        engine,
        families,
        {
            role: frozenset(chr(point) for name in names for point in faces[name].glyphs)
            - _unprinted()
            for role, names in families.items()
        },
        _same(faces.values()),
        tuple(refused),
    )


@functools.cache
def _unprinted() -> frozenset[str]:
    """Characters that print nothing though fonts have them: all white space but two, controls."""
    kinds = ("Zs", "Zl", "Zp", "Cf", "Cc")
    marks = (chr(point) for point in range(0x10000) if unicodedata.category(chr(point)) in kinds)
    return frozenset(marks) - {" ", "\u3000"}


def _wanted(family: str) -> bool:
    return family in OWN.values() or any(family in names for names in OFFICIAL.values())


def _face(info: typst.FontInfo) -> sfnt.Face | None:
    try:
        return sfnt.face(Path(info.path).read_bytes(), info.index) if info.path else None
    except (OSError, ValueError):
        return None


def _of_role(role: str, faces: Mapping[str, sfnt.Face]) -> tuple[str, ...]:
    official = [name for name in OFFICIAL[role] if name in faces][:1]
    return tuple(dict.fromkeys([*official, OWN[role], LAST]))


def _same(faces: Iterable[sfnt.Face]) -> dict[int, str]:
    """One character for all that share a glyph in any face."""
    first: dict[int, int] = {}
    for face in faces:
        by_glyph: dict[int, int] = {}
        for point, glyph in face.glyphs.items():
            one, two = _root(first, by_glyph.setdefault(glyph, point)), _root(first, point)
            if one != two:
                first[max(one, two)] = min(one, two)
    return {point: chr(_root(first, point)) for point in first}


def _root(first: Mapping[int, int], point: int) -> int:
    while point in first:
        point = first[point]
    return point
