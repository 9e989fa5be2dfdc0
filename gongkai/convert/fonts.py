"""公文字体: where this machine keeps the families official documents are set in.

方正小标宋, 仿宋, 楷体 and 黑体 come with Windows, with office suites and with 统信 and 麒麟, never
with this program: their makers do not allow it. A PDF is set in them where they are installed
(``gongkai.statute.writers.pdf`` takes the folders), in the fonts shipped here where they are not.
"""

from __future__ import annotations

import itertools
import mmap
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.statute.writers import sfnt
from gongkai.statute.writers.pdf_fonts import OFFICIAL

VARIABLE = "GONGKAI_FONTS"
"""环境变量: folders to look in before all others, parted as in PATH."""

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
FILES = 20_000  # opened; a folder with more is no folder of fonts
WORDS = ("fang", "kai", "hei", "song", "仿", "楷", "黑", "宋", "gb2312", "fz", "sim", "st")
"""Official fonts have one of these in their files' names; in a system's folders no other file is
opened: there may be thousands."""


@dataclass(frozen=True, slots=True)
class Found:
    """找到的字体: an official family, the role it plays (``pdf_fonts.OFFICIAL``) and its file."""

    role: str
    family: str
    file: Path


def folders(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    home: Path | None = None,
) -> tuple[Path, ...]:
    """The folders fonts are kept in here, those of GONGKAI_FONTS first; only those that exist."""
    known = dict.fromkeys([*named(environ), *_usual(environ, platform, home or Path.home())])
    return tuple(folder for folder in known if folder.is_dir())


def named(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """The folders of GONGKAI_FONTS."""
    return tuple(Path(p) for p in environ.get(VARIABLE, "").split(os.pathsep) if p)


def _usual(environ: Mapping[str, str], platform: str, home: Path) -> Iterator[Path]:
    if platform == "win32":
        yield Path(environ.get("WINDIR", r"C:\Windows"), "Fonts")
        yield Path(environ.get("LOCALAPPDATA", home), "Microsoft", "Windows", "Fonts")
    elif platform == "darwin":
        yield home / "Library" / "Fonts"
        yield from (Path("/Library/Fonts"), Path("/System/Library/Fonts"))
        yield Path("/Applications/Microsoft Word.app/Contents/Resources/DFonts")
    else:  # Linux, also 统信 UOS and 麒麟, whose office suites bring fonts of their own
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
        yield from (data / "fonts", home / ".fonts")
        yield from (Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))
        yield from (Path("/opt/kingsoft/wps-office/office6/fonts"), Path("/usr/share/X11/fonts"))
        yield Path("/opt/apps/cn.wps.wps-office-pro/files/kingsoft/wps-office/office6/fonts")


def official(within: Iterable[Path] | None = None) -> tuple[Found, ...]:
    """The official families in some folders (else in this machine's), the best of each role.

    A file that is no readable font is passed over.
    """
    files = _files(within) if within is not None else _on_this_machine()
    best: dict[str, tuple[int, Found]] = {}
    for file in itertools.islice(files, FILES):
        for family in _families(file):
            for role, names in OFFICIAL.items():
                rank = names.index(family) if family in names else len(names)
                if rank < (best[role][0] if role in best else len(names)):
                    best[role] = (rank, Found(role, family, file))
    return tuple(found for _, (_, found) in sorted(best.items()))


def _on_this_machine() -> Iterator[Path]:
    yield from _files(named())
    for file in _files(folders()):
        if any(word in file.name.lower() for word in WORDS):
            yield file


def for_pdf(within: Iterable[Path] | None = None) -> tuple[str, ...]:
    """What ``writers.pdf.write`` takes as ``fonts``: the folders that hold official families.

    Only these, so that the engine does not load a whole system's fonts for nothing.
    """
    return tuple(dict.fromkeys(str(found.file.parent) for found in official(within)))


def _files(within: Iterable[Path]) -> Iterator[Path]:
    for folder in within:
        for top, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                if name.lower().endswith(SUFFIXES):
                    yield Path(top, name)


def _families(file: Path) -> tuple[str, ...]:
    """The names only: fonts are large, and mapped files are read where they are touched."""
    try:
        with (
            file.open("rb") as opened,
            mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            memoryview(mapped) as view,
        ):
            return sfnt.families(view)
    except (OSError, ValueError):
        return ()
