"""打包文件: archives of reports (.zip, .tar, .tar.gz): the files inside, one after another.

Names are only shown, never used as paths. What cannot be had of a member is said of that member;
the others are still given.
"""

from __future__ import annotations

import io
import re
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

from gongkai.statute import notes
from gongkai.statute.readers import archive
from gongkai.statute.report import CannotRead

MAX_MEMBER = 64 << 20  # bytes of one file in an archive
_UTF8 = 0x800  # the flag of a zip member whose name is UTF-8
_UNICODE_PATH = 0x7075  # the extra field in which some programs repeat the name as UTF-8
_CP437 = "cp437"  # what zipfile takes a name without the flag for


@dataclass(frozen=True, slots=True)
class Member:
    """成员: a file in an archive: its name as shown, and its bytes or why there are none."""

    name: str
    data: bytes = b""
    wrong: CannotRead | None = None


@dataclass(slots=True)
class Budget:
    """限额: what may still be unpacked of one archive and of those inside it."""

    left: int = archive.MAX_TOTAL

    def take(self, size: int) -> None:
        """Raises CannotRead (``error.too_large``) where nothing is left."""
        self.left -= size
        if self.left < 0:
            what = f"> {archive.MAX_TOTAL >> 20} MB unpacked"
            raise notes.error("error.too_large", what=what)


class Bundle:
    """打包文件: an archive opened: the names of its files in its order, no two the same."""

    def __init__(self, data: bytes) -> None:
        """Raises CannotRead (``error.damaged``, ``error.too_large``) where it does not open."""
        self._held: _Zip | _Tar = _Zip(data) if data.startswith(b"PK") else _Tar(data)
        self.names: tuple[str, ...] = tuple(self._held.names)

    def members(self, wanted: Container[str], budget: Budget) -> Iterator[Member]:
        """The files of these names, in order; each is unpacked when it is asked for."""
        for index, name in enumerate(self.names):
            if name not in wanted:
                continue
            try:
                content = self._held.read(index, min(MAX_MEMBER, max(budget.left, 0)))
                budget.take(len(content))
            except CannotRead as cause:
                yield Member(name, wrong=cause)
            else:
                yield Member(name, content)


class _Zip:
    """A zip of files; a member's name is decoded as the program that packed it meant it."""

    def __init__(self, data: bytes) -> None:
        self._opened = archive.directory(data)
        self._members = [m for m in self._opened.infolist() if not m.filename.endswith("/")]
        self.names = _told([_zip_name(m) for m in self._members])

    def read(self, index: int, limit: int) -> bytes:
        member = self._members[index]
        if member.flag_bits & 0x1:
            raise notes.error("error.encrypted")
        size, packed = member.file_size, max(member.compress_size, 1)
        if size > limit or (size > 1 << 20 and size > archive.MAX_RATIO * packed):
            raise notes.error("error.too_large", what=f"{size >> 20} MB")
        try:
            with self._opened.open(member) as stream:
                content = stream.read(limit + 1)
        except archive.FAULTS as fault:
            raise notes.error("error.damaged", reason=str(fault)) from None
        if len(content) > limit:
            raise notes.error("error.too_large", what=f"> {limit >> 20} MB")
        return content


def _zip_name(member: zipfile.ZipInfo) -> str | bytes:
    """The name, or its bytes where the archive does not say what they mean."""
    if member.flag_bits & _UTF8 or member.orig_filename.isascii():
        return member.orig_filename
    raw = member.orig_filename.encode(_CP437, "replace")
    extra = member.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and length > 5:
            (crc,) = struct.unpack_from("<I", extra, 5)
            if crc == zlib.crc32(raw):
                return extra[9 : 4 + length].decode("utf-8", "replace")
        extra = extra[4 + length :]
    return raw


class _Tar:
    """A tar, packed with gzip or not; links and devices in it are no files."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(b"\x1f\x8b"):
            packed = len(data)
            data = archive.gunzipped(data, archive.MAX_TOTAL + 1)
            if len(data) > archive.MAX_TOTAL or len(data) > archive.MAX_RATIO * packed + (1 << 20):
                raise notes.error(
                    "error.too_large", what=f"> {archive.MAX_TOTAL >> 20} MB unpacked"
                )
        try:
            self._opened = tarfile.TarFile(fileobj=io.BytesIO(data))
            self._members = list(self._files())
        except _TAR_FAULTS as fault:
            raise notes.error("error.damaged", reason=f"tar: {fault}") from None
        self.names = _told([_tar_name(m.name) for m in self._members])

    def _files(self) -> Iterator[tarfile.TarInfo]:
        for count, member in enumerate(self._opened):
            if count >= archive.MAX_MEMBERS:
                raise notes.error("error.too_large", what=f"> {archive.MAX_MEMBERS} files")
            if member.isreg():
                yield member

    def read(self, index: int, limit: int) -> bytes:
        member = self._members[index]
        if member.size > limit:
            raise notes.error("error.too_large", what=f"{member.size >> 20} MB")
        try:
            stream = self._opened.extractfile(member)
            content = stream.read(limit + 1) if stream else b""
        except _TAR_FAULTS as fault:
            raise notes.error("error.damaged", reason=str(fault)) from None
        if len(content) < member.size:
            raise notes.error("error.damaged")
        return content


_TAR_FAULTS = (tarfile.TarError, EOFError, ValueError, OSError, OverflowError)


def _tar_name(name: str) -> str | bytes:
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape")
    return name


def _told(found: list[str | bytes]) -> list[str]:
    """Names that can be shown; undeclared ones of one archive are all in one encoding, UTF-8
    or that of Chinese Windows. No two are the same."""
    undeclared = [name for name in found if isinstance(name, bytes)]
    codec = "utf-8" if all(_is_utf8(name) for name in undeclared) else "gb18030"
    texts = [n if isinstance(n, str) else n.decode(codec, "replace") for n in found]
    used: dict[str, int] = {}
    told = []
    for text in texts:
        name = _tidy(text)
        used[name] = used.get(name, 0) + 1
        told.append(name if used[name] == 1 else f"{name} ({used[name]})")
    return told


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _tidy(name: str) -> str:
    """A name with slashes between its parts, no steps upwards, nothing that does not print."""
    name = name.partition("\0")[0]
    parts = [p for p in re.split(r"[/\\]", name) if p not in ("", ".", "..")]
    shown = "/".join(parts)
    return "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in shown) or "?"
