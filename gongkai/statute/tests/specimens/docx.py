"""样本文书: the same report as a DOCX, written by hand so that no library smooths it over."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from random import Random
from xml.sax.saxutils import escape

from gongkai.statute.tests.specimens.draft import Image, Para, Piece
from gongkai.statute.tests.specimens.tables import Box, Drawn

Layout = Callable[[Sequence[Piece], Random], bytes]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
EPOCH = (1980, 1, 1, 0, 0, 0)
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PICTURE = (
    f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing">'
    '<wp:extent cx="5400000" cy="3400000"/><wp:docPr id="1" name="图片 1"/>'
    f'<a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/picture">'
    f'<pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="table.png"/>'
    f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{OFFICE}" '
    'r:embed="rIdPicture"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="5400000" cy="3400000"/></a:xfrm><a:prstGeom prst="rect">'
    "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
    "</w:drawing></w:r></w:p>"
)
NUMBERING = (
    f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def plain(pieces: Sequence[Piece], rng: Random) -> bytes:
    """Paragraphs and tables with gridSpan and vMerge."""
    split = rng.random() < 0.5
    return package("".join(_piece(p, split) for p in pieces), pictures=_count(pieces))


def numbered(pieces: Sequence[Piece], rng: Random) -> bytes:
    """The section headings carry automatic list numbers, which stand in no text."""
    del rng
    body = []
    for piece in pieces:
        if isinstance(piece, Para) and piece.role == "heading":
            item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            body.append(f"<w:p>{item}{_runs(piece.text.split('、', 1)[1])}</w:p>")
        else:
            body.append(_piece(piece, False))
    return package("".join(body), pictures=_count(pieces), numbering=NUMBERING)


def nested(pieces: Sequence[Piece], rng: Random) -> bytes:
    """Everything inside the single cell of a layout table; the tables nest in it."""
    del rng
    body = "".join(_piece(p, False) for p in pieces)
    cell = f"<w:tc><w:tcPr/>{body}<w:p/></w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>"
    return package(table + "<w:p/>", pictures=_count(pieces))


def _count(pieces: Sequence[Piece]) -> int:
    return sum(isinstance(p, Image) for p in pieces)


def _piece(piece: Piece, split: bool) -> str:
    if isinstance(piece, Image):
        return PICTURE
    if isinstance(piece, Drawn):
        return table(piece, split) + "<w:p/>"
    return _paragraphs(piece.text, split, centre=piece.role == "title")


def _paragraphs(text: str, split: bool, *, centre: bool = False) -> str:
    properties = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centre else ""
    if split:
        return "".join(f"<w:p>{properties}{_runs(line)}</w:p>" for line in text.split("\n"))
    return f"<w:p>{properties}{'<w:r><w:br/></w:r>'.join(map(_runs, text.split(chr(10))))}</w:p>"


def _runs(text: str) -> str:
    """The text in two runs where it is long, as editing leaves it."""
    parts = [text[: len(text) // 2], text[len(text) // 2 :]] if len(text) > 3 else [text]
    return "".join(f'<w:r><w:t xml:space="preserve">{escape(p)}</w:t></w:r>' for p in parts if p)


def table(drawn: Drawn, split: bool) -> str:
    """One table: its grid, rows, spans and continued cells."""
    rows = []
    for y, line in enumerate(drawn.spread()):
        cells = [
            _cell(box, begins, split)
            for x, (box, begins) in enumerate(line)
            if box and box.column == x and (begins or box not in drawn.lines[y])
        ]
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid = f'<w:gridCol w:w="{9000 // drawn.width}"/>' * drawn.width
    border = '<w:{0} w:val="single" w:sz="4"/>'
    borders = "".join(
        border.format(side) for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(box: Box, begins: bool, split: bool) -> str:
    properties = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
    if box.rows > 1:
        properties += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    text = _paragraphs(box.text, split) if begins else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>"


def package(body: str, *, pictures: int = 0, numbering: str = "") -> bytes:
    """The parts of a DOCX around its body, zipped with fixed dates."""
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/>'
    )
    related = ""
    if numbering:
        types += (
            '<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats'
            '-officedocument.wordprocessingml.numbering+xml"/>'
        )
        related += f'<Relationship Id="rIdN" Type="{OFFICE}/numbering" Target="numbering.xml"/>'
    if pictures:
        related += f'<Relationship Id="rIdPicture" Type="{OFFICE}/image" Target="media/table.png"/>'
    parts: dict[str, bytes] = {
        "[Content_Types].xml": _xml(types + "</Types>"),
        "_rels/.rels": _xml(
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": _xml(
            f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
        ),
        "word/document.xml": _xml(
            f'<w:document xmlns:w="{WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'
        ),
    }
    if numbering:
        parts["word/numbering.xml"] = _xml(numbering)
    if pictures:
        parts["word/media/table.png"] = png()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def png(width: int = 320, height: int = 200) -> bytes:
    """A plain grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xcc" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


LAYOUTS: Mapping[str, Layout] = {
    "docx": plain,
    "docx_numbered": numbered,
    "docx_nested": nested,
}
