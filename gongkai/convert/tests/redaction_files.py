"""遮盖用的样例: small files that hide a word in every way a PDF knows, each a few lines.

`HIDING` maps a way of hiding to what writes it and to the ids by which the proof names it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

from gongkai.convert.tests import hostile

SECRET = "Zhangsample"  # 陈示例
NUMBER = "11010519491231002X"  # the example of GB 11643
PLAIN = "Nothing here may be kept back."
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def stream(content: bytes, about: bytes = b"", *, pack: bool = False) -> bytes:
    """A stream, packed if asked."""
    if pack:
        content, about = zlib.compress(content), about + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(content), content)


def shown(*lines: str, size: float = 12, mode: int = 0, x: float = 72, y: float = 700) -> bytes:
    """Operators that show lines of text."""
    told = b"".join(b"(%s) Tj T* " % line.encode("latin-1") for line in lines)
    return b"BT /F %g Tf %d Tr %g TL %g %g Td %sET\n" % (size, mode, 1.5 * size, x, y, told)


def file(
    content: bytes,
    *others: bytes,
    page: bytes = b"",
    catalog: bytes = b"",
    resources: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF of one page; ``others`` are objects from number 6 on."""
    return hostile.pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>%s>>%s>>" % (resources, page),
            stream(content, pack=True),
            _FONT,
            *others,
        ],
        trailer=trailer,
    )


def text() -> bytes:
    """The word and the number, plain to see, beside what may be read."""
    return file(shown(PLAIN, f"Name: {SECRET}, identity number {NUMBER}.", PLAIN))


def white_box() -> bytes:
    return file(shown(PLAIN, SECRET) + b"1 g 60 660 300 30 re f\n")


def white_ink() -> bytes:
    return file(shown(PLAIN) + b"1 g " + shown(SECRET, y=600))


def mode_3() -> bytes:
    return file(shown(PLAIN) + shown(SECRET, mode=3, y=600))


def comment() -> bytes:
    """A note that is not drawn, and a text box that is."""
    drawn = stream(b"BT /F 12 Tf 5 5 Td (%s) Tj ET" % SECRET.encode(), _FORM)
    return file(
        shown(PLAIN),
        b"<</Type/Annot/Subtype/Text/Rect[400 700 420 720]/Contents(%s)>>" % SECRET.encode(),
        b"<</Type/Annot/Subtype/FreeText/Rect[72 500 272 520]/Contents(%s)/DA(/F 12 Tf)"
        b"/AP<</N 8 0 R>>>>" % SECRET.encode(),
        drawn,
        page=b"/Annots[6 0 R 7 0 R]",
    )


_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F 5 0 R>>>>"


def field() -> bytes:
    drawn = stream(b"/Tx BMC BT /F 12 Tf 5 5 Td (%s) Tj ET EMC" % SECRET.encode(), _FORM)
    return file(
        shown(PLAIN),
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(%s)/Rect[72 500 272 520]/DA(/F 12 Tf 0 g)"
        b"/F 4/AP<</N 7 0 R>>>>" % SECRET.encode(),
        drawn,
        page=b"/Annots[6 0 R]",
        catalog=b"/AcroForm<</Fields[6 0 R]/DA(/F 12 Tf 0 g)/DR<</Font<</F 5 0 R>>>>>>",
    )


def attachment() -> bytes:
    return file(
        shown(PLAIN),
        b"<</Type/Filespec/F(list.txt)/EF<</F 7 0 R>>>>",
        stream(SECRET.encode(), b"/Type/EmbeddedFile", pack=True),
        catalog=b"/Names<</EmbeddedFiles<</Names[(list.txt) 6 0 R]>>>>",
    )


def about() -> bytes:
    """The document information, in two encodings."""
    wide = (b"\xfe\xff" + SECRET.encode("utf-16-be")).hex().encode()
    return file(
        shown(PLAIN),
        b"<</Title(%s)/Author<%s>>>" % (SECRET.encode(), wide),
        trailer=b"/Info 6 0 R",
    )


def xmp() -> bytes:
    told = f'<?xpacket begin="" id=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>'
    return file(
        shown(PLAIN),
        stream(told.encode(), b"/Type/Metadata/Subtype/XML"),
        catalog=b"/Metadata 6 0 R",
    )


def layer() -> bytes:
    """A layer that is switched off."""
    return file(
        shown(PLAIN) + b"/OC /L BDC " + shown(SECRET, y=600) + b"EMC\n",
        b"<</Type/OCG/Name(draft)>>",
        resources=b"/Properties<</L 6 0 R>>",
        catalog=b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/Order[6 0 R]>>>>",
    )


def revision() -> bytes:
    """A first version with the word, a second without, appended as editors do."""
    first = file(shown(PLAIN, SECRET))
    begin = first.rindex(b"startxref\n") + 10
    last = int(first[begin : first.index(b"\n", begin)])
    at = len(first)
    body = b"4 0 obj\n%s\nendobj\n" % stream(shown(PLAIN))
    return (
        first
        + body
        + (
            b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n"
            b"%%%%EOF\n" % (at, last, at + len(body))
        )
    )


def script() -> bytes:
    return file(
        shown(PLAIN),
        b"<</S/JavaScript/JS(app.alert\\('%s'\\))>>" % SECRET.encode(),
        catalog=b"/OpenAction 6 0 R",
    )


def thumbnail() -> bytes:
    picture = stream(
        SECRET.encode().ljust(12), b"/Width 12/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    return file(shown(PLAIN), picture, page=b"/Thumb 6 0 R")


def bookmark() -> bytes:
    return file(
        shown(PLAIN),
        b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>",
        b"<</Title(%s)/Parent 6 0 R/Dest[3 0 R/Fit]>>" % SECRET.encode(),
        catalog=b"/Outlines 6 0 R",
    )


def replaced_text() -> bytes:
    """One text to see, another to copy."""
    begin = b"/Span <</ActualText(%s)>> BDC " % SECRET.encode()
    return file(begin + shown(PLAIN) + b"EMC\n")


def object_stream() -> bytes:
    """The word in an object inside a packed stream, which no search of the bytes meets."""
    inner = b"9 0 <</Title(%s)>>" % SECRET.encode()
    about = b"/Type/ObjStm/N 1/First 4"
    return file(shown(PLAIN), stream(inner, about, pack=True))


def runs() -> bytes:
    """A word printed in pieces, kerned, and a number over the end of a line."""
    head, tail = SECRET[:4].encode(), SECRET[4:].encode()
    return file(
        shown(PLAIN)
        + b"BT /F 12 Tf 72 600 Td (%s) Tj ET BT /F 12 Tf %g 600 Td [(%s) -20 (%s)] TJ ET\n"
        % (head, 72 + _width(SECRET[:4]), tail[:3], tail[3:])
        + shown(f"identity number {NUMBER[:9]}", f"{NUMBER[9:]}.", y=500)
    )


def _width(word: str) -> float:
    """Points of a word in Helvetica of 12; only the letters needed."""
    return 12 * sum({"Z": 611, "h": 556, "a": 556, "n": 556}[c] for c in word) / 1000


def turned(turns: int, *, crop: bool = False) -> bytes:
    """A page that the file turns, perhaps with edges cut off: another word lies there."""
    cut = b"/CropBox[50 300 545 760]" if crop else b""
    return file(
        shown(PLAIN, f"Name: {SECRET}.") + shown(SECRET, y=100),
        page=b"/Rotate %d%s" % (90 * turns, cut),
    )


def locked() -> bytes:
    """A file that asks for a password."""
    junk = b"<%s>" % (b"41" * 32)
    return file(
        shown(PLAIN),
        b"<</Filter/Standard/V 1/R 2/O %s/U %s/P -4>>" % (junk, junk),
        trailer=b"/Encrypt 6 0 R/ID[<41><41>]",
    )


def empty() -> bytes:
    """A PDF without a page."""
    return hostile.pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])


def pages(*contents: bytes) -> bytes:
    """A PDF of several pages, of unequal size."""
    count = len(contents)
    made = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * k) for k in range(count)), count),
        _FONT,
    ]
    for k, content in enumerate(contents):
        made += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>>>" % (595 + 10 * k, 5 + 2 * k),
            stream(content, pack=True),
        ]
    return hostile.pdf(made)


def torn() -> bytes:
    """A PDF whose second page is missing."""
    return hostile.pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        ]
    )


HIDING: Mapping[str, tuple[Callable[[], bytes], set[str]]] = {
    "text": (text, {"text", "words", "fonts"}),
    "white box": (white_box, {"text", "words"}),
    "white ink": (white_ink, {"text", "words"}),
    "render mode 3": (mode_3, {"text", "words"}),
    "comment": (comment, {"annotations", "words"}),
    "form field": (field, {"annotations", "forms", "words"}),
    "attached file": (attachment, {"attachments", "names", "words"}),
    "document information": (about, {"info", "words"}),
    "XMP": (xmp, {"xmp", "words"}),
    "layer switched off": (layer, {"layers", "words"}),
    "earlier revision": (revision, {"revisions", "words"}),
    "script": (script, {"scripts", "words"}),
    "thumbnail": (thumbnail, {"thumbnails", "words"}),
    "bookmark": (bookmark, {"names", "words"}),
    "text to copy": (replaced_text, {"structure_text", "words"}),
    "object stream": (object_stream, {"object_streams", "words"}),
    "runs": (runs, {"text"}),
    "turned": (lambda: turned(1), {"text", "words"}),
    "turned and cropped": (lambda: turned(3, crop=True), {"text", "words"}),
}


def jpg_with_tags(picture: bytes) -> bytes:
    """A JPG with what cameras and editors add: place, thumbnail, comment, XMP, and a tail."""
    tiff = b"II*\0" + struct.pack("<I", 8)
    # One tag leads to the place (GPS), one says that the picture is held upright.
    entries = struct.pack("<HHII", 0x0112, 3, 1, 1) + struct.pack("<HHII", 0x8825, 4, 1, 38)
    first = struct.pack("<H", 2) + entries + struct.pack("<I", 0)
    place = struct.pack("<H", 1) + struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<I", 0)
    exif = b"Exif\0\0" + tiff + first + place + SECRET.encode()
    thumbnail = exif + picture[:600]
    told = f"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    parts = ((0xE1, thumbnail), (0xE1, told), (0xFE, SECRET.encode()))
    added = b"".join(struct.pack(">BBH", 0xFF, m, len(b) + 2) + b for m, b in parts)
    return picture[:2] + added + picture[2:] + SECRET.encode()
