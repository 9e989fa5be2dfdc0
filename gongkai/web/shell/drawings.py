"""绘图缓存: pictures that take long to make are kept in a folder, the least recently used go first.

A folder may be emptied at any time; that keeping fails changes nothing of the answer.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

log = logging.getLogger("gongkai.drawings")


def kept(folder: Path, name: str) -> bytes | None:
    """What was kept under a name; None where it is not there any more."""
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError:
        return None
    with suppress(OSError):
        os.utime(path)
    return content


def keep(folder: Path, name: str, content: bytes, *, most: int) -> None:
    """Keeps it; all of the folder together stay within ``most`` bytes."""
    part = folder / f"{name}.{os.getpid()}.{threading.get_ident()}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(folder / name)
        _drop_oldest(folder, most)
    except OSError:
        log.exception("a drawing could not be kept")


def _drop_oldest(folder: Path, most: int) -> None:
    held = []
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):
            found = entry.stat()
            held.append((found.st_mtime_ns, found.st_size, entry.path))
    left = sum(size for _time, size, _path in held)
    for _time, size, path in sorted(held):
        if left <= most:
            return
        with suppress(OSError):
            os.unlink(path)
        left -= size
