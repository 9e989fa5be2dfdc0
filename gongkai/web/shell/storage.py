"""存储: where uploads lie: a folder, or an object store that speaks S3 (`store`).

What is written is whole or not there: on disk under another name first, then renamed. `put` writes
under exactly the name given, for content that is named by its hash.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

PARTIAL = ".part"  # the end of a name under which something is being written


class Unavailable(OSError):
    """存储不可用: the object store does not answer, or not as it should."""


class Disk(FileSystemStorage):
    """磁盘: files are written beside their place, flushed, and put there whole."""

    def _save(self, name: str, content: Any) -> str:
        """As the storage above, which writes in place: a fault leaves no half-written file."""
        place = Path(self.path(name))
        self._folder(place.parent)
        while True:
            try:  # the name is taken first, by an empty file: two cannot have it
                os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                break
            except FileExistsError:
                name = self.get_available_name(name)
                place = Path(self.path(name))
        try:
            self._write(place, content)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
        return name.replace("\\", "/")

    def put(self, name: str, content: File[bytes]) -> None:
        """Exactly there, over whatever is."""
        place = Path(self.path(name))
        self._folder(place.parent)
        self._write(place, content)

    def names(self, under: str) -> Iterator[tuple[str, datetime]]:
        """Every file of a folder and those in it, also partial ones, and when it was written."""
        top = Path(self.path(under))
        for file in sorted(top.rglob("*")):
            name = file.relative_to(self.location).as_posix()
            with contextlib.suppress(FileNotFoundError):
                if file.is_file():
                    yield name, self.get_modified_time(name)

    def _folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._folder(folder.parent)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=self.directory_permissions_mode or 0o700)
        _flush(folder.parent)

    def _write(self, place: Path, content: File[bytes]) -> None:
        partial = place.with_name(f"{place.name}.{secrets.token_hex(4)}{PARTIAL}")
        try:
            with partial.open("xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            partial.chmod(self.file_permissions_mode or 0o600)
            partial.replace(place)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        _flush(place.parent)


def _flush(folder: Path) -> None:
    """The names in a folder outlast a power cut too, where the system can say so."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


# -- the store in use


def put(name: str, content: IO[bytes]) -> None:
    """Exactly under this name, from the beginning of ``content``, which then stands there."""
    content.seek(0)
    store: Any = default_storage
    store.put(name, File(content))
    content.seek(0)


def names(under: str) -> Iterator[tuple[str, datetime]]:
    """Everything in a folder of the store and when it was written."""
    store: Any = default_storage
    yield from store.names(under)
