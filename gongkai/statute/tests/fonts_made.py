"""改名字体: a font under another name, for tests that need an official family on the machine."""

from __future__ import annotations

import struct


def renamed(font: bytes, old: str, new: str, *, embedding: int = 0) -> bytes:
    """A font whose family is called otherwise; the new name may not be longer than the old.

    ``embedding`` is its fsType: 2 closes it to embedding.
    """
    data = bytearray(font)
    was, now = old.encode("utf-16-be"), new.encode("utf-16-be")
    assert len(now) <= len(was)
    tables = {bytes(data[at : at + 4]): at for at in range(12, 12 + 16 * data[5], 16)}
    (name,) = struct.unpack_from(">I", data, tables[b"name"] + 8)
    (weights,) = struct.unpack_from(">I", data, tables[b"OS/2"] + 8)
    struct.pack_into(">H", data, weights + 8, embedding)
    count, strings = struct.unpack_from(">HH", data, name + 2)
    for at in range(name + 6, name + 6 + 12 * count, 12):
        kind, length, offset = struct.unpack_from(">HHH", data, at + 6)
        begin = name + strings + offset
        if kind in (1, 4) and bytes(data[begin : begin + length]) == was:
            data[begin : begin + len(now)] = now
            struct.pack_into(">H", data, at + 8, len(now))
    return bytes(data)
