"""随附字体: makes the font subsets in gongkai/statute/data/fonts anew from the system's fonts.

Four families under names of their own (the Open Font Licence reserves the originals' names), cut
down to what reports need: the serif holds the Chinese characters GB18030-2022 demands at its
second level (the unified characters, extension A and 通用规范汉字表; five of the newest, U+9FEB to
U+9FEF, are not in its source), the other three GB2312 and 通用规范汉字表; what they lack is set in
the serif. Layout tables go: no ligature, no kerning, so
that every character of a PDF is one glyph and reads back as itself.

    apt-get install fonts-noto-cjk fonts-lxgw-wenkai unicode-data && pip install fonttools
    python tools/make_fonts.py [--fonts FOLDER] [--unihan FILE]

Equal sources and an equal fontTools give equal bytes; fonts.json records both.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fontTools
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FOLDER = Path(__file__).parent.parent / "gongkai" / "statute" / "data" / "fonts"
SYSTEM = Path("/usr/share/fonts")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
LICENCES = Path("/usr/share/doc")
LIMIT = 25_000_000  # bytes of all fonts together (issue 3)


@dataclass(frozen=True)
class Source:
    """字体来源: which face of which file becomes which of our families."""

    file: str
    face: str
    weight: str
    family: str
    made: str
    role: str
    whole: bool  # every character of GB18030-2022 level 2, or the standard characters only
    package: str


SOURCES = (
    Source(
        "NotoSerifCJK-Regular.ttc",
        "Noto Serif CJK SC",
        "Regular",
        "Gongkai Serif",
        "serif.otf",
        "仿宋（正文）",
        True,
        "fonts-noto-cjk",
    ),
    Source(
        "NotoSerifCJK-Bold.ttc",
        "Noto Serif CJK SC",
        "Bold",
        "Gongkai Title",
        "title.otf",
        "小标宋（标题）",
        False,
        "fonts-noto-cjk",
    ),
    Source(
        "NotoSansCJK-Regular.ttc",
        "Noto Sans CJK SC",
        "Regular",
        "Gongkai Sans",
        "sans.otf",
        "黑体（一级标题、表头）",
        False,
        "fonts-noto-cjk",
    ),
    Source(
        "LXGWWenKai-Regular.ttf",
        "LXGW WenKai",
        "Regular",
        "Gongkai Kai",
        "kai.ttf",
        "楷体（二级标题）",
        False,
        "fonts-lxgw-wenkai",
    ),
)


def main() -> None:
    """Make all, write the record and the licences, say how large it came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, default=SYSTEM, help="where the sources lie")
    parser.add_argument("--unihan", type=Path, default=UNIHAN, help="Unihan_OtherMappings.txt.bz2")
    asked = parser.parse_args()
    standard = standard_characters(asked.unihan)
    FOLDER.mkdir(parents=True, exist_ok=True)
    records = [make(source, found(asked.fonts, source.file), standard) for source in SOURCES]
    book = {"made_with": f"fontTools {fontTools.version}", "fonts": records}
    text = json.dumps(book, ensure_ascii=False, indent=1) + "\n"
    (FOLDER / "fonts.json").write_text(text, encoding="utf-8")
    (FOLDER / "OFL.txt").write_text(licence(records), encoding="utf-8")
    total = sum(record["bytes"] for record in records)
    for record in records:
        print(f"{record['file']:10} {record['bytes'] / 1e6:6.2f} MB {record['characters']:6}")
    print(f"{'together':10} {total / 1e6:6.2f} MB")
    if total > LIMIT:
        raise SystemExit(f"more than {LIMIT / 1e6:.0f} MB")


def found(folder: Path, name: str) -> Path:
    """The source file of a name, wherever it lies under a folder."""
    files = sorted(folder.rglob(name))
    if not files:
        raise SystemExit(f"{name} is not under {folder}: see the head of this file")
    return files[0]


# -- characters


def standard_characters(unihan: Path) -> frozenset[int]:
    """通用规范汉字表 (8105), by Unihan's kTGH."""
    if not unihan.exists():
        raise SystemExit(f"no {unihan}: see the head of this file")
    lines = bz2.decompress(unihan.read_bytes()).decode("utf-8")
    points = re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", lines, re.M)
    if len(points) != 8105:
        raise SystemExit(f"{len(points)} characters in kTGH, 8105 expected")
    return frozenset(int(point, 16) for point in points)


def wanted(whole: bool, standard: frozenset[int]) -> set[int]:
    """The characters a family is to hold, as far as its source has them."""
    points = {*standard, *signs(), *chinese("gb2312", range(0xB0, 0xF8))}
    if whole:
        points |= {*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0), *range(0xFA0E, 0xFA2A)}
    return points


def signs() -> Iterator[int]:
    """Letters, digits, punctuation and signs: Latin, Greek, Cyrillic, the symbols of GBK."""
    for first, last in (
        (0x20, 0x7E),
        (0xA0, 0x24F),
        (0x370, 0x3FF),
        (0x400, 0x45F),
        (0x1E00, 0x1EFF),
        (0x2010, 0x2027),
        (0x2030, 0x205E),
        (0x20A0, 0x20BF),
        (0x2100, 0x22FF),  # ℃ № Ⅰ → ≤
        (0x2460, 0x27BF),  # ① ⑴ ⒈ │ ■ ★ ✓
        (0x3000, 0x33FF),  # 。〇〔〕 kana, bopomofo, ㈠ ㎡
        (0xFE10, 0xFE6F),
        (0xFF00, 0xFFEF),
    ):
        yield from range(first, last + 1)
    yield from chinese("gbk", range(0xA1, 0xAA))


def chinese(encoding: str, rows: Iterable[int]) -> Iterator[int]:
    """The characters of rows of a two-byte character set, private ones left out."""
    for row in rows:
        for cell in range(0xA1, 0xFF):
            try:
                point = ord(bytes([row, cell]).decode(encoding))
            except (UnicodeDecodeError, TypeError):
                continue
            if not 0xE000 <= point <= 0xF8FF:
                yield point


# -- making


def make(source: Source, path: Path, standard: frozenset[int]) -> dict[str, Any]:
    """One family: cut down, renamed, saved; what is known of it."""
    options = subset.Options()
    options.font_number = face(path, source.face)
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "gasp"]
    font = subset.load_font(str(path), options)
    names = {i: font["name"].getDebugName(i) or "" for i in (0, 5, 7)}
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted(source.whole, standard))
    cutter.subset(font)
    rename(font, source, names)
    made = FOLDER / source.made
    font.recalcTimestamp = False
    subset.save_font(font, str(made), options)
    return {
        "family": source.family,
        "role": source.role,
        "file": source.made,
        "sha256": digest(made),
        "bytes": made.stat().st_size,
        "characters": len(font.getBestCmap()),
        "source": f"{source.face} {source.weight}",
        "source_version": names[5],
        "source_file": source.file,
        "source_sha256": digest(path),
        "package": source.package,
        "copyright": names[0].splitlines(),
        "trademark": names[7],
    }


def face(path: Path, family: str) -> int:
    """The number of a family's face in a collection; -1 for a file of one face."""
    if path.suffix != ".ttc":
        return -1
    names = [font["name"].getDebugName(1) for font in TTCollection(str(path), lazy=True).fonts]
    return names.index(family)


def rename(font: TTFont, source: Source, old: dict[int, str]) -> None:
    """Our name for what is no longer the original: in the name table and inside CFF."""
    plain = source.family.replace(" ", "") + "-Regular"
    table = font["name"]
    table.names = []
    for number, text in {
        0: old[0],
        1: source.family,
        2: "Regular",
        3: f"{plain}; from {source.face} {source.weight}, {old[5]}",
        4: source.family,
        5: old[5].split(";")[0],
        6: plain,
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400  # each family has one face, which must be its regular one
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x21) | 0x40
    font["head"].macStyle = 0
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames[0] = plain
        top = cff.topDictIndex[0]
        top.FullName, top.FamilyName = source.family, source.family
        for at, part in enumerate(getattr(top, "FDArray", ())):
            part.FontName = f"{plain}-{at}"


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def licence(records: list[dict[str, Any]]) -> str:
    """The copyright lines of every family, and the Open Font Licence as Debian prints it."""
    stated = (LICENCES / "fonts-noto-cjk" / "copyright").read_text(encoding="utf-8")
    _, found, rest = stated.partition("License: SIL-1.1\n ---")
    if not found:
        raise SystemExit("the licence text is not where it was")
    body = [re.sub(r"^ \.?", "", line) for line in (" ---" + rest).split("\n\n")[0].split("\n")]
    heads = []
    for record in records:
        lines = [f"{record['family']} ({record['file']}) is a modified version (a subset) of"]
        lines += [f"{record['source']}, {record['source_version']}:", *record["copyright"]]
        reserved = {
            "fonts-noto-cjk": "with Reserved Font Name 'Source'.",
            "fonts-lxgw-wenkai": "with Reserved Font Names '霞鹜' and 'LXGW'.",
        }[record["package"]]
        heads.append("\n".join([*lines, reserved, record["trademark"]]))
    return "\n\n".join([*heads, "\n".join(body).strip()]) + "\n"


if __name__ == "__main__":
    main()
