"""复合文档: the streams at the root of an OLE2 file, not those of objects put into it."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest

from gongkai.statute.readers import ole, sniff
from gongkai.statute.report import CannotRead

NONE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LENGTH = 4096  # of every stream: eight sectors


def compound(
    own: Mapping[str, bytes], inner: Mapping[str, bytes] | None = None, *, tree: bool = True
) -> bytes:
    """An OLE2 file with ``own`` streams at its root and ``inner`` ones in a storage (an object
    put into the document); ``tree`` False leaves the links between the entries out."""
    inner = inner or {}
    streams = [*own.values(), *inner.values()]
    directory = (3 + len(streams) + 3) // 4
    links = [FAT, *range(2, directory + 1), END]
    for _ in streams:
        start = len(links)
        links += [*range(start + 1, start + 8), END]
    fat = struct.pack(f"<{len(links)}I", *links).ljust(512, b"\xff")
    header = ole.MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, LENGTH, END, 0, END, 0)
    header += struct.pack("<I", 0) + b"\xff" * (4 * 108)

    def entry(name: str, kind: int, right: int, child: int, first: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        linked = (NONE, right, child) if tree else (NONE, NONE, NONE)
        size = LENGTH if kind == 2 else 0
        made = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, *linked)
        return made + bytes(36) + struct.pack("<IIxxxx", first, size)

    # Entry 0 is the root, 1 the storage, then the streams; each links to the next beside it.
    last_own = 1 + len(own)
    entries = entry("Root Entry", 5, NONE, 1, END)
    entries += entry("MBD00A1", 1, 2 if own else NONE, last_own + 1 if inner else NONE, 0)
    for number, name in enumerate([*own, *inner]):
        at = 2 + number
        right = NONE if at in (last_own, 1 + len(streams)) else at + 1
        entries += entry(name, 2, right, NONE, 1 + directory + 8 * number)
    body = b"".join(content.ljust(LENGTH, b"\0") for content in streams)
    return header + fat + entries.ljust(512 * directory, b"\0") + body


def test_the_workbook_is_not_that_of_an_object_in_it() -> None:
    held = ole.Container(compound({"Workbook": b"outer"}, {"Workbook": b"inner", "CONTENTS": b""}))
    assert set(held.streams) == {"Workbook"}
    assert held.read("Workbook").rstrip(b"\0") == b"outer"


def test_a_workbook_with_a_word_file_in_it_is_a_workbook() -> None:
    assert sniff.carrier(compound({"Workbook": b"x"}, {"WordDocument": b"y"})) == "xls"
    assert sniff.carrier(compound({"WordDocument": b"y"}, {"Workbook": b"x"})) == "doc"


def test_without_its_tree_the_first_of_a_name_holds() -> None:
    data = compound({"Workbook": b"outer"}, {"Workbook": b"inner"}, tree=False)
    assert ole.Container(data).read("Workbook").rstrip(b"\0") == b"outer"


def test_a_tree_that_runs_in_a_circle_ends() -> None:
    data = bytearray(compound({"Workbook": b"x", "Other": b"y"}))
    other = data.index("Other".encode("utf-16-le"))
    struct.pack_into("<I", data, other + 72, 2)  # back to the one before
    assert set(ole.Container(bytes(data)).streams) == {"Workbook", "Other"}


def test_other_flags_of_a_word_file_are_no_password() -> None:
    assert sniff.carrier(compound({"WordDocument": bytes(11) + b"\x12"})) == "doc"


@pytest.mark.parametrize(
    "streams",
    [{"WordDocument": bytes(11) + b"\x01"}, {"\tDRMContent": b"x", "WordDocument": b"y"}],
)
def test_a_word_file_with_a_password(streams: dict[str, bytes]) -> None:
    with pytest.raises(CannotRead) as caught:
        sniff.carrier(compound(streams))
    assert caught.value.id == "error.encrypted"
