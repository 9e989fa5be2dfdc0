"""文件类型: what a file is, by its content. Its name only settles what the content leaves open.

Web pages named .doc and spreadsheets named .wps are everyday on government sites.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections import Counter

from gongkai.statute import notes
from gongkai.statute.readers import archive, encodings, ole
from gongkai.statute.report import CannotRead

READABLE = ("docx", "xlsx", "xls", "ods", "pdf", "ofd", "html", "mhtml", "csv", "text", "json")
CONVERTIBLE = ("doc", "wps", "rtf", "odt", "fods", "excelml", "xlsb", "uof")
ARCHIVES = ("zip", "tar")  # walked by whoever can read what may be inside
CLOSED = ("rar", "7z", "gzip", "bzip2", "xz")  # archives that are not opened here
OTHER = (*ARCHIVES, *CLOSED, "image")

KNOWN = ".docx .xlsx .xls .et .ods .pdf .ofd .html .mhtml .txt .md .csv .json .zip"

_SAMPLE = 1 << 14

_IMAGES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x00\x0cjP  ",
)

_PACKED = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xfd7zXZ\0", "xz"),
)
_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")
_GZIP = b"\x1f\x8b\x08"

# A stream's name in an OLE2 container -> what the file is.
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("\tDRMContent", "encrypted"),  # rights managed by a server
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WpsContentsDocument", "wps"),
    ("MatOST", "wps"),
    ("CONTENTS", "wps"),
)

# A member's name in a zip -> what the file is.
_MEMBERS = (
    ("OFD.xml", "ofd"),
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
)
_MIMETYPES = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
# A part's declared content type -> what the file is, wherever the part is kept.
_CONTENT_TYPES = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"ms-word.document.macroEnabled.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"ms-excel.sheet.macroEnabled.main+xml", "xlsx"),
    (b"spreadsheetml.template.main+xml", "xlsx"),
    (b"ms-excel.sheet.binary", "xlsb"),
)

_XML = (
    ("<pkg:package", "docx"),  # flat OPC: the parts of a docx in one XML file
    ("wordDocument", "docx"),  # Word 2003 XML
    ("urn:schemas-microsoft-com:office:spreadsheet", "excelml"),
    ('mimetype="application/vnd.oasis.opendocument.spreadsheet', "fods"),
    ("urn:oasis:names:tc:opendocument", "odt"),
    ("uof:UOF", "uof"),
    ("<html", "html"),
)

_TAG = re.compile(
    r"</?(?:table|tbody|tr|td|th|p|div|br|span|h[1-6]|ul|ol|li|font|b|strong)\b[^<>]*>", re.I
)
_OPENING = re.compile(
    r"(?:<!--(?>.*?-->)|<\?(?>.*?\?>)|\s)*+"  # never tried twice: there is no end to the ways
    r"<(?:!doctype\s+html|html|head|body|meta|title|link|style|script|base|center|article|section"
    r"|main|table|div|p|span|font|h[1-6]|ul|ol|br|img|a|pre|b|strong|form)\b",
    re.IGNORECASE | re.DOTALL,
)
_MD_RULE = re.compile(
    r"^[^\S\n]*+\|?[^\S\n]*+:?-{3,}+:?[^\S\n]*+(?:\|[^\S\n]*+:?-{3,}+:?[^\S\n]*+)++\|?[^\S\n]*+$",
    re.MULTILINE,
)
_LONG_FORM = re.compile('"?报告"?[,;\t]"?项目"?[,;\t]"?地址"?[,;\t]')  # writers.csv
_MHTML = re.compile(
    r"(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?content-type:\s*"
    r"(?:multipart/(?:related|alternative|mixed)|message/rfc822|text/html)",
    re.I,
)


def carrier(data: bytes, name: str = "") -> str:
    """What kind of file these bytes are: one of READABLE, CONVERTIBLE or OTHER.

    Raises CannotRead: ``error.empty``, ``error.unknown_type``, ``error.encrypted`` (a protected
    Office file), ``error.damaged`` (a container that does not open), ``error.too_large``.
    """
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise notes.error("error.empty")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(data)
    if data.startswith(ole.MAGIC):
        return _ole(data, suffix)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    for start, found in _PACKED:
        if data.startswith(start):
            return found
    if _BZIP2.match(data):
        return "bzip2"
    if data.startswith(_GZIP):
        return "tar" if archive.gunzipped(data, _SAMPLE)[257:262] == b"ustar" else "gzip"
    if data[257:262] == b"ustar":
        return "tar"
    if data.startswith(_IMAGES) or _is_bmp(data) or data[:4] + data[8:12] == b"RIFFWEBP":
        return "image"
    if data.startswith((b"{\\rtf", b"\xef\xbb\xbf{\\rtf")):
        return "rtf"
    text = encodings.probe(data, _SAMPLE)
    if text is None:
        raise notes.error("error.unknown_type", known=KNOWN)
    return _text(text.lstrip(" \n\t"), suffix, whole=len(data) <= _SAMPLE)


def _zip(data: bytes) -> str:
    with archive.directory(data) as opened:
        found = _document(opened)
        if found != "zip":  # an archive of files may hold an encrypted one among sound ones
            archive.check(opened)
        return found


def _document(opened: zipfile.ZipFile) -> str:
    """Which document an archive is; ``zip`` where it is none."""
    names = {n.replace("\\", "/").lstrip("/") for n in opened.namelist()}
    if "mimetype" in names:
        declared = _read(opened, "mimetype").strip()
        for start, found in _MIMETYPES.items():
            if declared.startswith(start):
                if archive.is_sealed(opened):
                    raise notes.error("error.encrypted")
                return found
    for member, found in _MEMBERS:
        if member in names or any(n.endswith("/" + member) for n in names):
            return found
    if "[Content_Types].xml" in names:
        types = _read(opened, "[Content_Types].xml")
        for declared, found in _CONTENT_TYPES:
            if declared in types:
                return found
    return "zip"


def _read(opened: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(opened, name, 1 << 20)


def _ole(data: bytes, suffix: str) -> str:
    container = ole.Container(data)
    for stream, found in _STREAMS:
        if stream in container.streams:
            if found == "encrypted" or (found == "doc" and _is_sealed(container)):
                raise notes.error("error.encrypted")
            # Kingsoft's .wps and .et are these containers: keep the name its users know.
            return "wps" if found == "doc" and suffix in ("wps", "wpt") else found
    raise notes.error("error.unknown_type", known=KNOWN)


def _is_sealed(container: ole.Container) -> bool:
    """Whether a Word file has a password, by the flag in its head ([MS-DOC] 2.5.2)."""
    try:
        head = container.read("WordDocument")[:12]
    except CannotRead:
        return False  # damaged: for the converter to mend
    return len(head) == 12 and bool(head[11] & 0x01)


def _is_bmp(data: bytes) -> bool:
    return data.startswith(b"BM") and data[6:10] == bytes(4) and len(data) > 54


def _text(text: str, suffix: str, *, whole: bool) -> str:
    if text.startswith("<?xml") or text.startswith("<pkg:"):
        for sign, found in _XML:
            if sign in text[:8192]:
                return found
    if _MHTML.match(text[:4096]):
        return "mhtml"
    if _OPENING.match(text):
        return "html"
    if _LONG_FORM.match(text):
        return "csv"  # whatever markup its texts may hold
    if _is_json(text, suffix):
        return "json"
    if text.startswith("<?xml"):
        raise notes.error("error.unknown_type", known=KNOWN)
    if suffix in ("md", "markdown") or _MD_RULE.search(text):
        return "text"  # Markdown, whose tables hold tags (<br>) too
    if len(_TAG.findall(text)) >= 4 and re.search(r"</(?:td|p|div|span)>|<br\b", text, re.I):
        return "html"
    return "csv" if _is_csv(text, suffix, whole=whole) else "text"


def _is_json(text: str, suffix: str) -> bool:
    if text[:1] not in ("{", "["):
        return False
    if suffix in ("json", "jsonl"):
        return True
    if re.match(r'\{\s*"|\{\s*\}', text):
        return True
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def delimiter(text: str) -> str | None:
    """What separates the fields of a table kept as text: comma, tab or semicolon; None if none.

    The one that gives the most rows of the commonest width wins.
    """
    lines = [ln for ln in text.split("\n") if ln.strip()][:300]
    weighed = [(_even_rows(_widths(lines, sign)), sign) for sign in ",\t;"]
    best, sign = max(weighed, key=lambda item: item[0])
    return sign if best else None


def _widths(lines: list[str], sign: str) -> list[tuple[int, int]]:
    """Of each line: how many fields, and how many of them are filled."""
    if not any(sign in ln for ln in lines):
        return []
    try:
        rows = [row for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return []
    return [(len(row), sum(1 for field in row if field.strip())) for row in rows]


def _even_rows(widths: list[tuple[int, int]]) -> int:
    counts = Counter(width for width, _ in widths if width > 1)
    return max(counts.values(), default=0)


def _is_csv(text: str, suffix: str, *, whole: bool) -> bool:
    """Whether nearly all lines hold the same number of fields, by one delimiter.

    A file named .csv may also mix lines of prose among its rows; one named .txt must be even
    throughout, as text with some tab-separated lines is better read as text.
    """
    sign = delimiter(text)
    if sign is None:
        return False
    lines = [ln for ln in text.split("\n") if ln.strip()][:300]
    widths = _widths(lines if whole else lines[:-1], sign)
    if suffix in ("csv", "tsv"):
        return sum(1 for width, _ in widths if width > 1) * 3 >= len(widths)
    # A tab before each line is how word processors export tables to text: no columns there.
    if sum(1 for _, filled in widths if filled > 1) * 5 < 2 * len(widths):
        return False
    # Two fields to a line by a comma may be a list in prose; a table has more, or more lines.
    common = Counter(width for width, _ in widths).most_common(1)[0][0] if widths else 0
    if len(widths) < (3 if common > 2 or sign == "\t" else 6):
        return False
    share = _even_rows(widths) / len(widths)
    return share >= (1.0 if suffix in ("txt", "text") else 0.9)
