"""文件包: one part of a Word package exchanged, everything else byte for byte as it was.

A template (.dotx) and a document with macros (.docm) come out as a document: its kind is changed
where the package states it, and macros are left out.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile

from lxml import etree

from gongkai.statute.readers import archive

_MAIN = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.template"
    rb"|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"
)
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = re.compile(r"(?i)^/?word/(?:vba|_rels/vba)[^/]*$")
_MACRO_TYPE = re.compile(rb'<Override\b[^>]*PartName="/word/vba[^>]*/>')
_MACRO_RELATION = re.compile(rb'<Relationship\b[^>]*Target="[^"]*vba(?:Project|Data)[^"]*"[^>]*/>')
_RUNNING = re.compile(r"word/(?:header|footer)\d*\.xml|docProps/core\.xml")


def exchanged(data: bytes, part: str, content: bytes) -> tuple[bytes, int]:
    """The package with another content of one part, and how many parts of macros were left out."""
    source = archive.open_zip(data)
    buffer = io.BytesIO()
    left_out = 0
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for info in source.infolist():
            name = info.filename.replace("\\", "/").lstrip("/")
            if _MACROS.match(name):
                left_out += 1
                continue
            told = archive.read(source, info.filename, archive.MAX_TOTAL)
            if name == part:
                told = content
            elif name == "[Content_Types].xml":
                told = _MACRO_TYPE.sub(b"", _MAIN.sub(_DOCUMENT, told))
            elif name.endswith(".rels"):
                told = _MACRO_RELATION.sub(b"", told)
            package.writestr(copy.copy(info), told)
    return buffer.getvalue(), left_out


def running_text(data: bytes) -> str:
    """页眉页脚: the text of headers, footers and properties, for what may be out of date."""
    source = archive.open_zip(data)
    found = []
    for info in source.infolist():
        if _RUNNING.fullmatch(info.filename):
            root = archive.parse(archive.read(source, info.filename), info.filename)
            found.append("".join(str(t) for t in etree.XPath("//text()")(root)))
    return "\n".join(found)
