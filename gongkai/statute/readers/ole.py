"""复合文档 (OLE2): the names and the bytes of the streams inside .doc, .xls, .wps and .et files."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gongkai.statute import notes

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ENTRY = 128
_STREAM = 2


@dataclass(frozen=True, slots=True)
class Stream:
    """一个流: where a stream of the container begins and how long it is."""

    first: int
    size: int


class Container:
    """复合文档: a small file system in a file; only its root's streams are of interest here."""

    def __init__(self, data: bytes) -> None:
        """Raises CannotRead (``error.damaged``) where the structure does not hold."""
        try:
            self._data = data
            self._sector = 1 << struct.unpack_from("<H", data, 30)[0]
            self._small = 1 << struct.unpack_from("<H", data, 32)[0]
            if self._sector not in (512, 4096) or self._small != 64:
                raise ValueError("sector size")
            directory, self._cutoff, small_fat = struct.unpack_from("<I4xII", data, 48)
            # No table or stream is longer than the file; programs that believe a header that
            # says otherwise reserve memory for it.
            lengths = struct.unpack_from("<II16xI4xI", data, 40)
            if max(lengths) > len(data) // self._sector:
                raise ValueError("table sizes")
            self._fat = self._read_fat()
            entries = self._chain(directory)
            self.streams: Mapping[str, Stream] = dict(self._named(entries))
            if any(size > len(data) for size in self._sizes(entries)):
                raise ValueError("stream sizes")
            root = struct.unpack_from("<I", entries, 116)[0]
            self._small_fat = self._numbers(self._chain(small_fat))
            self._small_data = self._chain(root)
        except (struct.error, ValueError, IndexError) as fault:
            raise notes.error("error.damaged", reason=f"OLE2: {fault}") from None

    def read(self, name: str) -> bytes:
        """The bytes of a stream. Raises CannotRead (``error.damaged``)."""
        stream = self.streams[name]
        try:
            if stream.size >= self._cutoff:
                content = self._chain(stream.first)
            else:
                content = self._small_chain(stream.first)
        except (ValueError, IndexError) as fault:
            raise notes.error("error.damaged", reason=f"OLE2 {name}: {fault}") from None
        if len(content) < stream.size:
            raise notes.error("error.damaged", reason=f"OLE2 {name}: cut off")
        return content[: stream.size]

    def _read_fat(self) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        following, count = struct.unpack_from("<II", self._data, 68)
        held = len(self._data) // self._sector  # the table need not list more than there are
        for _ in range(count):
            if following >= _LAST or len(sectors) * self._sector // 4 >= held + self._sector:
                break
            more = self._numbers(self._at(following))
            sectors += more[:-1]
            following = more[-1]
        fat: list[int] = []
        for sector in sectors:
            if sector < _LAST and len(fat) < held:
                fat += self._numbers(self._at(sector))
        return fat

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        content = self._data[start : start + self._sector]
        if not content:
            raise ValueError("cut off")
        return content.ljust(self._sector, b"\0")

    def _chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < _LAST:
            parts.append(self._at(sector))
            if len(parts) > len(self._fat):
                raise ValueError("endless chain")
            sector = self._fat[sector]
        return b"".join(parts)

    def _small_chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < _LAST:
            parts.append(self._small_data[sector * 64 : sector * 64 + 64])
            if len(parts) > len(self._small_fat):
                raise ValueError("endless chain")
            sector = self._small_fat[sector]
        return b"".join(parts)

    @staticmethod
    def _numbers(content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content))

    def _sizes(self, entries: bytes) -> Iterator[int]:
        # The upper half of a size counts only where sectors are large ([MS-CFB] 2.6.1).
        form = "<I" if self._sector == 512 else "<Q"
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            yield struct.unpack_from(form, entries, at + 120)[0]

    def _named(self, entries: bytes) -> Iterator[tuple[str, Stream]]:
        """The streams at the root; all of them, the first of a name, where its tree is broken: a
        file put into another as an object has streams of the same names."""
        own = list(self._streams(entries, _at_root(entries)))
        every = reversed(range(len(entries) // _ENTRY))
        yield from own or self._streams(entries, every)

    @staticmethod
    def _streams(entries: bytes, indexes: Iterable[int]) -> Iterator[tuple[str, Stream]]:
        for at in (index * _ENTRY for index in indexes):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            if kind != _STREAM or not 2 <= length <= 64:
                continue
            name = entries[at : at + length - 2].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", entries, at + 116)
            yield name, Stream(first, size)


def _at_root(entries: bytes) -> set[int]:
    """The entries of the root storage: a tree of neighbours to the left and to the right."""
    todo = [struct.unpack_from("<I", entries, 76)[0]]
    found: set[int] = set()
    while todo:
        index = todo.pop()
        if index not in found and index < len(entries) // _ENTRY:
            found.add(index)
            todo += struct.unpack_from("<II", entries, index * _ENTRY + 68)
    return found
