"""敌意文件: small programs that write files meant to break a reader, each a few lines.

`FILES` maps a file's name to what writes it and to what the command must say of it: the id of an
error, or "" where the file must be read all the same.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

EXAMPLES = Path(__file__).parents[3] / "examples"
SOUND = EXAMPLES / "07_water_bureau_2023.docx"
BOOK = EXAMPLES / "09_transport_2023.xlsx"
PAGE = EXAMPLES / "08_archives_2019.html"
PRINT = EXAMPLES / "06_city_2024.pdf"
PLAIN = EXAMPLES / "01_housing_levy_2020.txt"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def repacked(source: Path, changed: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """A sound file with some of its members changed."""
    with zipfile.ZipFile(source) as file:
        members = {name: file.read(name) for name in file.namelist()}
    return packed({name: changed.get(name, bytes)(data) for name, data in members.items()})


def docx(body: str) -> bytes:
    """A Word file with this body."""
    return packed(
        {
            "[Content_Types].xml": _TYPES,
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        }
    )


def xlsx(cells: str, strings: str = "", after: str = "") -> bytes:
    """A workbook of one sheet with these rows."""

    def sheet(old: bytes) -> bytes:
        head, _, rest = old.partition(b"<sheetData>")
        return (
            head
            + b"<sheetData>"
            + cells.encode()
            + b"</sheetData>"
            + after.encode()
            + (b"</worksheet>")
        )

    def shared(old: bytes) -> bytes:
        return strings.encode() if strings else old

    return repacked(BOOK, {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared})


def ods(table: str) -> bytes:
    """An OpenDocument spreadsheet with this in its one table."""
    content = (
        f"<office:document-content {_ODS}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content})


def bomb(name: str, head: bytes, piece: bytes, times: int, tail: bytes) -> bytes:
    """A zip with one member of gigabytes, written without ever holding it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = piece * 4096
    total, check = 0, 0
    parts: list[bytes] = []
    for content in _pieces(head, block, piece, times, tail):
        parts.append(deflate.compress(content))
        check = zlib.crc32(content, check)
        total += len(content)
    parts.append(deflate.flush())
    return raw_zip([(name, b"".join(parts), 8, check, total)])


def _pieces(head: bytes, block: bytes, piece: bytes, times: int, tail: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(times // 4096):
        yield block
    yield piece * (times % 4096)
    yield tail


def raw_zip(members: Sequence[tuple[str, bytes, int, int, int]], lie: int | None = None) -> bytes:
    """A zip from packed members: name, bytes, method, checksum, size (or one that lies)."""
    made = bytearray()
    central = bytearray()
    for name, data, method, check, size in members:
        said = size if lie is None else lie
        at = len(made)
        head = struct.pack(
            "<HHHHHIIIHH", 20, 0, method, 0, 33, check, len(data), said, len(name), 0
        )
        made += b"PK\x03\x04" + head + name.encode() + data
        central += b"PK\x01\x02" + struct.pack("<H", 20) + head
        central += struct.pack("<HHHII", 0, 0, 0, 0, at) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(central), len(made), 0)
    return bytes(made + central + b"PK\x05\x06" + end)


def overlapping(times: int) -> bytes:
    """A zip whose many entries share the same packed bytes."""
    content = b"<p>" * 300_000
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush()
    check = zlib.crc32(content)
    name = "a.html"
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, check, len(data), len(content), len(name), 0)
    made = b"PK\x03\x04" + head + name.encode() + data
    central = b""
    for number in range(times):
        own = f"{number:05}.html"
        entry = struct.pack(
            "<HHHHHIIIHH", 20, 0, 8, 0, 33, check, len(data), len(content), len(own), 0
        )
        central += b"PK\x01\x02" + struct.pack("<H", 20) + entry
        central += struct.pack("<HHHII", 0, 0, 0, 0, 0) + own.encode()
    end = struct.pack("<HHHHIIH", 0, 0, times, times, len(central), len(made), 0)
    return made + central + b"PK\x05\x06" + end


def nested(depth: int) -> bytes:
    """Archives in archives, the innermost a sound report."""
    data = SOUND.read_bytes()
    for level in range(depth):
        data = packed({f"{level}.zip" if level else "a.docx": data})
    return data


def pdf(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first its catalogue."""
    made = bytearray(b"%PDF-1.7\n")
    starts = []
    for number, content in enumerate(objects, 1):
        starts.append(len(made))
        made += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % at for at in starts)
    made += b"trailer <</Size %d /Root 1 0 R %s>>\n" % (len(objects) + 1, trailer)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(content: bytes, more: bytes = b"/Filter/FlateDecode") -> bytes:
    """A stream object, packed."""
    data = zlib.compress(content, 9) if b"Flate" in more else content
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(data), data)


def pages(count: int, content: bytes = b"") -> bytes:
    """A PDF of so many pages, all with the same content."""
    own = [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>" for _ in range(count)
    ]
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(count))
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, stream(content), *own])


def boxes() -> bytes:
    """A PDF whose font has no mapping: what a reader sees as text is boxes to a program."""
    widths = b" ".join([b"1000"])
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Song/Encoding/Identity-H"
        b"/DescendantFonts[6 0 R]>>"
    )
    inner = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Song/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R/DW 1000/W[0[%s]]>>" % widths
    )
    about = (
        b"<</Type/FontDescriptor/FontName/AAAAAA+Song/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 80>>"
    )
    lines = b"".join(
        b"BT /F 12 Tf 72 %d Td <%s> Tj ET\n"
        % (780 - 20 * row, b"".join(b"%04x" % (300 + 37 * row + n) for n in range(20)))
        for row in range(30)
    )
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>"
    )
    tree = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, page, stream(lines), font, inner, about])


def object_stream_bomb() -> bytes:
    """Object streams that unpack to hundreds of megabytes, a stream packed several times over."""
    zeros = zlib.compress(zlib.compress(bytes(400 << 20), 9), 9)
    often = b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % (
        len(zeros)
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    tree = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    body = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (
        len(zeros),
        zeros,
    )
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    return pdf([catalogue, tree, page, body, often + zeros + b"\nendstream"])


def compound(streams: Sequence[str]) -> bytes:
    """An OLE2 container with empty streams of these names."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<109I", head, 76, 0, *([0xFFFFFFFF] * 108))
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *([0xFFFFFFFF] * 126))
    entries = b""
    for index, name in enumerate(["Root Entry", *streams]):
        raw = name.encode("utf-16-le") + b"\0\0"
        entry = bytearray(128)
        entry[: len(raw)] = raw
        struct.pack_into("<HBBIII", entry, 64, len(raw), 2 if index else 5, 1, *[0xFFFFFFFF] * 3)
        struct.pack_into("<I", entry, 116, 0xFFFFFFFE)
        if not index:
            struct.pack_into("<I", entry, 76, 1)
        elif index < len(streams):
            struct.pack_into("<I", entry, 72, index + 1)
        entries += bytes(entry)
    return bytes(head) + fat + entries.ljust(512, b"\0")


def noise(size: int, seed: int) -> bytes:
    """Random bytes, the same each time."""
    return random.Random(seed).randbytes(size)


def html(body: str) -> bytes:
    """A web page."""
    return f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{body}</body>".encode()


_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "哈" * 10}">' for n in range(12))
_LAUGHS = f"<!DOCTYPE w:document [{_ENTITIES}]>"
_OUTSIDE = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_TITLE = "<w:p><w:r><w:t>云水市青石区2024年政府信息公开工作年度报告</w:t></w:r></w:p>"


def _document(before: str, body: str) -> bytes:
    xml = f"{before}<w:document {_W}><w:body>{body}</w:body></w:document>"
    return packed({"[Content_Types].xml": _TYPES, "word/document.xml": xml})


def _row(cells: int, span: int) -> str:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p>'
    return "<w:tr>" + (cell + "</w:tc>") * cells + "</w:tr>"


LARGE, DAMAGED, NOT, LOCKED = (
    "error.too_large",
    "error.damaged",
    "error.not_a_report",
    "error.encrypted",
)
STOPPED = "error.crashed error.too_much_memory error.too_slow"
Made = Callable[[], bytes]

BOMBS: dict[str, tuple[Made, str]] = {
    "paragraphs.docx": (
        lambda: bomb(
            "word/document.xml",
            f"<w:document {_W}><w:body>".encode(),
            b"<w:p/>",
            30_000_000,
            b"</w:body></w:document>",
        ),
        LARGE,
    ),
    "paragraphs-that-lie.docx": (
        lambda: _lying(b"<w:p/>", 30_000_000),
        DAMAGED,
    ),
    "strings.xlsx": (
        lambda: xlsx("", f'<sst xmlns="x">{"<si><t>一</t></si>" * 1_400_000}</sst>'),
        LARGE,
    ),
    "long-strings.xlsx": (
        lambda: xlsx(
            '<row r="1">' + '<c t="s"><v>0</v></c>' * 16_000 + "</row>",
            f'<sst xmlns="x"><si><t>{"一" * 5_000_000}</t></si></sst>',
        ),
        LARGE,
    ),
    "nested-2.zip": (lambda: nested(2), ""),
    "nested-9.zip": (lambda: nested(9), "error.nested_archive"),
    "overlapping.zip": (lambda: overlapping(1_900), "*"),
    "many-members.zip": (
        lambda: packed({f"{n}.txt": b"" for n in range(65_000)}),
        LARGE,
    ),
    "laughs.docx": (lambda: _document(_LAUGHS, "<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>"), "*"),
    "outside.docx": (lambda: _document(_OUTSIDE, "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"), NOT),
    "laughs.xml": (
        lambda: f'<?xml version="1.0"?>{_LAUGHS}<w:document {_W}>&e11;</w:document>'.encode(),
        "*",
    ),
    "objects.pdf": (object_stream_bomb, STOPPED),
}


def _lying(piece: bytes, times: int) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(deflate.compress(piece * 10_000) for _ in range(times // 10_000))
    return raw_zip([("word/document.xml", data + deflate.flush(), 8, 0, 0)], lie=1_000)


WIDE: dict[str, tuple[Made, str]] = {
    "span.docx": (lambda: docx(_TITLE + f"<w:tbl>{_row(3, 1_000_000)}</w:tbl>"), LARGE),
    "spans.docx": (lambda: docx(_TITLE + f"<w:tbl>{_row(60, 60) * 3_000}</w:tbl>"), LARGE),
    "cells.docx": (lambda: docx(_TITLE + f"<w:tbl>{_row(100_000, 1)}</w:tbl>"), LARGE),
    "span.html": (
        lambda: html('<table><tr><td colspan="1000000" rowspan="1000000">1</table>' * 50),
        NOT,
    ),
    "spans.html": (
        lambda: html(
            "<table>" + '<tr><td colspan="1000" rowspan="65534">1<td>2</tr>' * 9_000 + "</table>"
        ),
        LARGE,
    ),
    "columns.html": (lambda: html("<table><tr>" + "<td>1" * 1_000_000 + "</table>"), LARGE),
    "merged.xlsx": (
        lambda: xlsx(
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        ),
        NOT,
    ),
    "corner.xlsx": (
        lambda: xlsx(
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        LARGE,
    ),
    "many-merged.xlsx": (
        lambda: xlsx(
            '<row r="1"><c r="A1"><v>1</v></c><c r="ZZ9999"><v>1</v></c></row>',
            after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 50_000 + "</mergeCells>",
        ),
        LARGE,
    ),
    "columns.ods": (
        lambda: ods(
            "<table:table-row>"
            '<table:table-cell table:number-columns-repeated="1000000"><text:p>1</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        LARGE,
    ),
    "rows.ods": (
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell>'
            "<text:p>1</text:p></table:table-cell></table:table-row>"
        ),
        LARGE,
    ),
    "blank.ods": (
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="1048576"/></table:table-row>'
        ),
        NOT,
    ),
    "columns.csv": (lambda: b",".join([b"1"] * 1_000_000) + b"\n", LARGE),
    "columns-of-many-rows.csv": (lambda: (b"1," * 20_000 + b"\n") * 100, f"{LARGE} {STOPPED}"),
    "line.txt": (lambda: "年度报告".encode() * 4_000_000, LARGE),
    "lines.txt": (lambda: b"1\n" * 10_000_000, LARGE),
}

DEEP: dict[str, tuple[Made, str]] = {
    "divs.html": (lambda: html("<div>" * 100_000 + "1"), LARGE),
    "bold.html": (lambda: html("<b>" * 5_000 + "<p>" * 5_000), LARGE),
    "tables.html": (lambda: html("<table><tr><td>" * 3_000 + "1"), "*"),
    "declarations.xml": (  # found by the fuzzer: told apart in as many ways as there are atoms
        lambda: b'<?xml version="1.0"?>' * 40,
        "error.unknown_type",
    ),
    "unclosed.html": (lambda: html("<p " * 200_000), "*"),
    "comments.html": (lambda: html("<!--" * 200_000), "*"),
    "tables.docx": (
        lambda: docx("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80),
        "*",
    ),
    "too-many-tables.docx": (
        lambda: docx("<w:tbl><w:tr><w:tc>" * 9_000 + "</w:tc></w:tr></w:tbl>" * 9_000),
        DAMAGED,
    ),
    "controls.docx": (
        lambda: docx("<w:sdt><w:sdtContent>" * 120 + "</w:sdtContent></w:sdt>" * 120),
        "*",
    ),
    "list.json": (lambda: b"[" * 100_000, "error.json"),
    "object.json": (lambda: b'{"a":' * 100_000, "error.json"),
    "number.json": (lambda: b'{"schema": "gongkai.report/1", "year": ' + b"9" * 5_000_000, "*"),
    "exponent.json": (lambda: b'{"schema": "gongkai.report/1", "year": 1e999999999}', "*"),
    "tree.pdf": (
        lambda: pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count 1/Kids[2 0 R]>>",
            ]
        ),
        "*",
    ),
    "brackets.pdf": (lambda: pdf([b"[" * 200_000, b"<<" * 200_000]), DAMAGED),
    "pages.pdf": (lambda: pages(100_000), LARGE),
    "operators.pdf": (lambda: pages(40, b"q " * 3_000_000), STOPPED),
    "forms.pdf": (lambda: pages(1, b"0 0 1 1 re f " * 400_000), "*"),
    "quotes.md": (lambda: b"> " * 500_000, "*"),
    "pipes.md": (lambda: b"|" * 200_000 + b"\n" + b"|-" * 100_000, "*"),
    "mime.mht": (
        lambda: b"Content-Type: multipart/related; boundary=a\n\n" + b"--a\n" * 300_000,
        "*",
    ),
    "header.mht": (lambda: b"Content-Type: multipart/related;\n" + b" a=b;\n" * 300_000, "*"),
}

NAMES: dict[str, tuple[Made, str]] = {
    "word.pdf": (lambda: SOUND.read_bytes(), ""),
    "print.docx": (lambda: PRINT.read_bytes(), ""),
    "page.xlsx": (lambda: PAGE.read_bytes(), ""),
    "book.html": (lambda: BOOK.read_bytes(), ""),
    "text.docx": (lambda: PLAIN.read_bytes(), ""),
    "gzip.html": (lambda: zlib.compress(PAGE.read_bytes(), wbits=31), "*"),
    "gzip-bomb.html": (lambda: zlib.compress(bytes(300 << 20), wbits=31), "*"),
    "paths.zip": (
        lambda: packed(
            {
                "../../../etc/passwd.docx": SOUND.read_bytes(),
                "/etc/shadow.docx": SOUND.read_bytes(),
                "C:\\Windows\\a.docx": SOUND.read_bytes(),
                "a\\..\\..\\b.docx": SOUND.read_bytes(),
                "\u202exslx.docx": SOUND.read_bytes(),
            }
        ),
        "",
    ),
    "empty.docx": (bytes, "error.empty"),
    "zeros.pdf": (lambda: bytes(5_000_000), "error.empty"),
    "spaces.txt": (lambda: b" \n" * 2_000_000, "error.empty"),
    "noise.docx": (lambda: noise(1_000_000, 1), "error.unknown_type"),
    "noise.pdf": (lambda: b"%PDF-1.4\n" + noise(1_000_000, 2), DAMAGED),
    "noise.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(1_000_000, 3), DAMAGED),
    "noise.xlsx": (lambda: b"PK\x03\x04" + noise(1_000_000, 4), DAMAGED),
    "noise.html": (lambda: b"<html><body><table>" + noise(1_000_000, 5), "*"),
    "noise.txt": (lambda: noise(250_000, 6).hex().encode(), NOT),
    "encrypted.docx": (lambda: compound(["EncryptedPackage", "EncryptionInfo"]), LOCKED),
    "encrypted.xlsx": (lambda: compound(["EncryptionInfo", "EncryptedPackage"]), LOCKED),
    "encrypted.zip": (lambda: _flagged(SOUND.read_bytes()), LOCKED),
    "boxes.pdf": (boxes, "error.no_mapping"),
}


def _flagged(data: bytes) -> bytes:
    """A zip that says its members are encrypted."""
    made = bytearray(data)
    at = made.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 8] |= 1
        at = made.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def truncated(source: Path, points: int) -> dict[str, bytes]:
    """A sound file cut off at so many places."""
    data = source.read_bytes()
    return {
        f"cut-{number:02}{source.suffix}": data[: len(data) * number // points]
        for number in range(1, points)
    }
