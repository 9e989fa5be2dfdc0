"""压缩包: zip files opened within limits, for every format that is one (docx, xlsx, ods, ofd).

A few hundred kilobytes can unpack to gigabytes, and the sizes a zip declares may lie: so what is
declared is checked before, and what comes out is counted while reading.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from lxml import etree

from gongkai.statute import notes

MAX_MEMBERS = 2_000
MAX_TOTAL = 200 << 20  # bytes unpacked, all members together
MAX_PART = 20 << 20  # bytes of one XML part
MAX_RATIO = 300  # unpacked to packed, for a member of a megabyte and more
MAX_TAGS = 1_500_000  # of one XML part: a tree takes some hundred bytes for each

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(?=[\w/])")

_OURS = re.compile(rb"gongkai\.([a-z]+)/\d")

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    collect_ids=False,
    remove_comments=True,
    remove_pis=True,
)

# What zipfile raises for bytes that are no sound archive.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


def directory(data: bytes) -> zipfile.ZipFile:
    """The archive, nothing known of it but that its directory is sound and not too long.

    Raises CannotRead: ``error.damaged``, ``error.too_large``.
    """
    if data.count(b"PK\x01\x02") > 10 * MAX_MEMBERS:  # before a minute is spent on listing them
        raise notes.error("error.too_large", what=f"> {MAX_MEMBERS} files")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except FAULTS as fault:
        raise notes.error("error.damaged", reason=f"zip: {fault}") from None
    if len(members) > MAX_MEMBERS:
        raise notes.error("error.too_large", what=f"{len(members)} > {MAX_MEMBERS} files")
    return archive


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive of a document, its directory checked against the limits.

    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    archive = directory(data)
    check(archive)
    return archive


def check(archive: zipfile.ZipFile) -> None:
    """Hold the directory of a document against the limits.

    Raises CannotRead: ``error.encrypted``, ``error.too_large``.
    """
    if any(m.flag_bits & 0x1 for m in archive.infolist()):
        raise notes.error("error.encrypted")
    check_sizes(archive)


def check_sizes(archive: zipfile.ZipFile) -> None:
    """Hold the sizes a directory declares against the limits, whatever the files are.

    Raises CannotRead: ``error.too_large``.
    """
    members = archive.infolist()
    if sum(m.file_size for m in members) > MAX_TOTAL:
        raise notes.error("error.too_large", what=f"> {MAX_TOTAL >> 20} MB unpacked")
    for m in members:
        if m.file_size > 1 << 20 and m.file_size > MAX_RATIO * max(m.compress_size, 1):
            raise notes.error("error.too_large", what=f"{m.filename}: {m.file_size >> 20} MB")


def is_sealed(archive: zipfile.ZipFile) -> bool:
    """Whether an OpenDocument file has a password: its parts are encrypted, the zip is not."""
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in read(archive, manifest)


def mark_of(archive: zipfile.ZipFile) -> str:
    """What a document of our own writing says it is (workbook, rollup, compare), by its custom
    property, which other programs keep; empty for any other document."""
    names = archive.namelist()
    for part in ("docProps/custom.xml", "meta.xml"):
        if part in names and (found := _OURS.search(read(archive, part))):
            return found[1].decode()
    return ""


def gunzipped(data: bytes, limit: int) -> bytes:
    """The first ``limit`` bytes of what gzip packed; empty where it is no sound gzip."""
    try:
        return zlib.decompressobj(31).decompress(data, limit)
    except zlib.error:
        return b""


def read(archive: zipfile.ZipFile, name: str, limit: int = MAX_PART) -> bytes:
    """One member, no more than ``limit`` bytes of it, whatever the directory declares.

    Raises CannotRead: ``error.damaged`` (also where there is no such member),
    ``error.too_large``.
    """
    try:
        if archive.getinfo(name).file_size > limit:
            raise notes.error("error.too_large", what=f"{name} > {limit >> 20} MB")
        with archive.open(name) as stream:
            content = stream.read(limit + 1)
    except FAULTS as fault:
        raise notes.error("error.damaged", reason=f"{name}: {fault}") from None
    if len(content) > limit:
        raise notes.error("error.too_large", what=f"{name} > {limit >> 20} MB")
    return content


def parse(content: bytes, name: str) -> etree._Element:
    """The root element of one XML part; nothing outside it is fetched, no entity is expanded.

    The namespaces of Strict OOXML are read as the Transitional ones.
    Raises CannotRead: ``error.damaged``, ``error.too_large``.
    """
    if content.count(b"<") > MAX_TAGS:
        raise notes.error("error.too_large", what=f"{name}: > {MAX_TAGS} tags")
    if b"//purl.oclc.org/ooxml/" in content:
        content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
    try:
        return etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise notes.error("error.damaged", reason=f"{name}: {fault}") from None
