"""样例压缩包的来源: zips as programs on Chinese Windows write them: names in GBK, and no flag."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Mapping

UTF8 = 0x800


def zipped(
    files: Mapping[str, bytes], codec: str = "gbk", flags: int = 0, *, pack: bool = False
) -> bytes:
    """A zip with its names in any encoding."""
    body = directory = b""
    for shown, data in files.items():
        name = shown.encode(codec)
        packer = zlib.compressobj(wbits=-15)
        held = packer.compress(data) + packer.flush() if pack else data
        method, crc = (8 if pack else 0), zlib.crc32(data)
        head = struct.pack(
            "<HHHHHIIIHH", 20, flags, method, 0, 0x21, crc, len(held), len(data), len(name), 0
        )
        entry = struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        directory += b"PK\1\2" + struct.pack("<H", 20) + head + entry
        body += b"PK\3\4" + head + name + held
    count, size = len(files), len(directory)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, size, len(body), 0)
    return body + directory + b"PK\5\6" + end


def tarred(files: Mapping[str, bytes], *, gzip: bool = False, encoding: str = "utf-8") -> bytes:
    """A tar, with a link and a folder among its files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz" if gzip else "w", encoding=encoding) as opened:
        for kind, name in ((tarfile.SYMTYPE, "链接.docx"), (tarfile.DIRTYPE, "文件夹.docx")):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, "/etc/passwd"
            opened.addfile(link)
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return out.getvalue()
