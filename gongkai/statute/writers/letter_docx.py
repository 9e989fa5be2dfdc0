"""文书的 Word 文档: letters to be finished by hand, page and type after GB/T 9704-2012.

The same lines as in the PDF (`letter_paper`), in named styles, so that an organ may still edit
them. Each letter is a section that numbers its own pages; equal letters give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from gongkai.statute.letters import Letter
from gongkai.statute.writers import Written, docx_styles, letter_paper
from gongkai.statute.writers.docx import run, zipped
from gongkai.statute.writers.docx_styles import CHARACTER, HEAD, LINE, TEXT_WIDTH, R, W, width_of
from gongkai.statute.writers.letter_paper import (
    MOST,
    SEAL_WIDTH,
    Line,
    ReplyPage,
    Sheet,
    Style,
    png_size,
)

CODE_WIDTH = 24.0  # mm, as in the PDF
_TWIPS, _EMU = 56.69, 36_000  # in a millimetre
_RED = "D7000F"


def write(
    letters: Sequence[Letter],
    *,
    letterhead: bool = False,
    seal: bytes | None = None,
    seal_width: float = SEAL_WIDTH,
    codes: Sequence[bytes | None] = (),
) -> Written:
    """写成 Word 文档: the letters one after the other, each a section of its own.

    Arguments as `letter_pdf.write`. Raises ValueError for no letters or more than MOST, and for a
    picture that is no PNG.
    """
    if not 0 < len(letters) <= MOST:
        raise ValueError(f"{len(letters)} letters; from 1 to {MOST} fit one file")
    laid = [letter_paper.lay_out(letter, letterhead=letterhead) for letter in letters]
    package = _Package(letterhead)
    stamp = package.picture(seal, seal_width, "印章") if seal else None
    pictures = [*codes, *[None] * (len(laid) - len(codes))]
    body = []
    for at, (sheet, code) in enumerate(zip(laid, pictures, strict=True)):
        scan = package.picture(code, CODE_WIDTH, "查询办理进度的二维码") if code else None
        section = package.section(sheet)
        last = at == len(laid) - 1
        body.append(_letter(sheet, stamp, scan))
        body.append(section if last else f"<w:p><w:pPr>{_TINY}{section}</w:pPr></w:p>")
    document = (
        f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{_WP}" xmlns:a="{_A}" '
        f'xmlns:pic="{_PIC}"><w:body>{"".join(body)}</w:body></w:document>'
    )
    return Written(zipped(package.parts(document, laid[0])))


# -- the package


class _Package:
    """What the document refers to: pictures, red heads, and their relations."""

    def __init__(self, headed: bool) -> None:
        self.headed = headed
        self.related: list[tuple[str, str]] = []  # kind of relation, target
        self.files: dict[str, bytes] = {}
        self.heads: dict[str, str] = {}
        self.drawn = 0
        if headed:
            self.foot = self._part("footer", "footer3.xml", _FIRST_FOOTER)

    def _part(self, kind: str, name: str, content: str) -> str:
        self.files[f"word/{name}"] = content.encode()
        return self._relation(kind, name)

    def _relation(self, kind: str, target: str) -> str:
        self.related.append((f"{R}/{kind}", target))
        return f"rId{5 + len(self.related)}"  # after those of docx_styles

    def picture(self, png: bytes, width: float, told: str) -> _Picture:
        name = f"media/image{sum('media' in file for file in self.files) + 1}.png"
        high, wide = png_size(png)
        self.files[f"word/{name}"] = png
        return _Picture(self, self._relation("image", name), width, width * high / wide, told)

    def section(self, sheet: Sheet) -> str:
        """版面设置 of one letter: its red head, and page numbers that start anew."""
        own = docx_styles.SECTION.replace("<w:cols ", '<w:pgNumType w:start="1"/><w:cols ')
        if not self.headed:
            return own
        name = next(line.text for line in sheet.lines if line.style is Style.LETTERHEAD)
        if name not in self.heads:
            file = f"header{len(self.heads) + 1}.xml"
            self.heads[name] = self._part("header", file, _header(name))
        first = (
            f'<w:headerReference w:type="first" r:id="{self.heads[name]}"/>'
            f'<w:footerReference w:type="first" r:id="{self.foot}"/>'
        )
        own = own.replace("<w:sectPr>", f"<w:sectPr>{first}")
        own = own.replace('w:header="851"', f'w:header="{round(30 * _TWIPS)}"')
        return own.replace("<w:docGrid", "<w:titlePg/><w:docGrid")

    def parts(self, document: str, sheet: Sheet) -> Mapping[str, bytes]:
        known = dict(docx_styles.parts())
        types = '<Default Extension="png" ContentType="image/png"/>' + "".join(
            f'<Override PartName="/{name}" ContentType="{_WORD}{kind}+xml"/>'
            for name in self.files
            for kind in ("header", "footer")
            if name.startswith(f"word/{kind}")
        )
        relations = "".join(
            f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
            for at, (kind, target) in enumerate(self.related, 6)
        )
        for name, end, more in (
            ("[Content_Types].xml", b"</Types>", types),
            ("word/_rels/document.xml.rels", b"</Relationships>", relations),
            ("word/styles.xml", b"</w:styles>", _STYLES),
        ):
            known[name] = known[name].replace(end, more.encode() + end)
        known["docProps/core.xml"] = docx_styles.properties(sheet.name, sheet.organ)
        known["word/document.xml"] = document.encode()
        return {**known, **self.files}


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_WP, _A, _PIC = f"{_DRAWING}/wordprocessingDrawing", f"{_DRAWING}/main", f"{_DRAWING}/picture"


class _Picture:
    def __init__(
        self, package: _Package, relation: str, width: float, height: float, told: str
    ) -> None:
        self.package, self.relation, self.told = package, relation, told
        self.width, self.height = width, height

    def over(self, left: float, top: float) -> str:
        """Over its paragraph, ``left`` mm from the margin and ``top`` mm from the paragraph."""
        return (
            '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
            'relativeHeight="1" behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1">'
            '<wp:simplePos x="0" y="0"/>'
            f'<wp:positionH relativeFrom="margin"><wp:posOffset>{round(left * _EMU)}'
            "</wp:posOffset></wp:positionH>"
            f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{round(top * _EMU)}'
            "</wp:posOffset></wp:positionV>"
            f'<wp:extent cx="{self._wide}" cy="{self._high}"/><wp:wrapNone/>{self._content()}'
            "</wp:anchor></w:drawing></w:r>"
        )

    @property
    def _wide(self) -> int:
        return round(self.width * _EMU)

    @property
    def _high(self) -> int:
        return round(self.height * _EMU)

    def _content(self) -> str:
        self.package.drawn += 1
        named = f'id="{self.package.drawn}" name="{self.told}" descr="{self.told}"'
        return (
            f'<wp:docPr {named}/><a:graphic><a:graphicData uri="{_PIC}"><pic:pic><pic:nvPicPr>'
            f"<pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
            f'<a:blip r:embed="{self.relation}"/><a:stretch><a:fillRect/></a:stretch>'
            '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{self._wide}" cy="{self._high}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic>"
        )


# -- one letter

_STYLE_IDS = {
    Style.TITLE: "Title",
    Style.NUMBER: "LetterNumber",
    Style.SALUTATION: "Salutation",
    Style.BODY: "BodyText",
    Style.ATTACHMENT: "Attachment",
    Style.SIGNATURE: "Signature",
    Style.SIGNED_ON: "Date",
    Style.CONTACT: "Contact",
    Style.TRACKING: "Contact",
}


def _letter(sheet: Sheet, seal: _Picture | None, code: _Picture | None) -> str:
    lines = [line for line in sheet.lines if line.style is not Style.LETTERHEAD]
    headed = len(lines) < len(sheet.lines)
    beside = letter_paper.is_beside(sheet.organ)
    rights = _rights(lines)
    found = []
    for line, after in zip(lines, (*lines, None)[1:], strict=True):
        own, content = _own(line, after, headed), run(line.text)
        if line.style in rights:
            hundredths = round(rights[line.style] * 100)
            wide = hundredths * CHARACTER // 100
            own += f'<w:ind w:right="{wide}" w:rightChars="{hundredths}"/>'
        if line.style is Style.ATTACHMENT:
            content = (run(line.label) if line.label else "") + content
        if line.style is Style.SIGNED_ON:
            if code is not None and beside:  # on the free left
                content = code.over(2 * CHARACTER / _TWIPS, LINE / _TWIPS - CODE_WIDTH) + content
            if seal is not None:
                content = _sealed(line, rights[line.style], seal) + content
        if after is None and code is not None and not beside:
            own = "<w:keepNext/>" + own
        found.append(_paragraph(_STYLE_IDS[line.style], content, own))
    if code is not None and not beside:
        high = f'<w:spacing w:line="{round((CODE_WIDTH + 4) * _TWIPS)}" w:lineRule="exact"/>'
        found.append(_paragraph("Contact", code.over(2 * CHARACTER / _TWIPS, 2), high))
    if sheet.reply is not None:
        found.append(_reply(sheet.reply))
    return "".join(found)


def _own(line: Line, after: Line | None, headed: bool) -> str:
    """What this paragraph has beside its style, in the order the schema prescribes."""
    if line.style is Style.NUMBER and headed:
        return '<w:spacing w:before="0"/><w:jc w:val="right"/>'
    if line.style is Style.SIGNATURE:
        return f'<w:spacing w:before="{2 * LINE}"/>'
    if line.style is Style.ATTACHMENT:
        space = f'<w:spacing w:before="{LINE}"/>' if line.label else ""
        hang = ' w:hanging="960" w:hangingChars="300"' if line.label else ' w:firstLine="0"'
        return f'<w:keepNext/>{space}<w:ind w:left="1600" w:leftChars="500"{hang}/>'
    last = after is not None and after.style in (Style.SIGNATURE, Style.ATTACHMENT)
    ends = line.style in (Style.SIGNED_ON, Style.CONTACT) and after is not None
    return "<w:keepNext/>" if ends or (line.style is Style.BODY and last) else ""


def _rights(lines: Sequence[Line]) -> Mapping[Style, float]:
    """加盖印章: the date four characters from the right and the organ centred over it."""
    texts = {line.style: line.text for line in lines}
    organ, day = texts.get(Style.SIGNATURE, ""), texts.get(Style.SIGNED_ON, "")
    over = (width_of(organ) - width_of(day)) / 2
    named = max(2.0, 4 - over)
    return {Style.SIGNATURE: named, Style.SIGNED_ON: named + over if organ else 4.0}


def _sealed(line: Line, right: float, seal: _Picture) -> str:
    character, text_width = CHARACTER / _TWIPS, TEXT_WIDTH / _TWIPS
    middle = text_width - (right + width_of(line.text) / 2) * character
    # Its lower edge 2 mm under the date: organ and date lie in its lower half.
    return seal.over(middle - seal.width / 2, LINE / _TWIPS + 2 - seal.height)


def _paragraph(style: str, content: str, own: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>{content}</w:p>'


# -- the reply page

_LABEL = round(46 * _TWIPS)
_ROOM = round(8 * _TWIPS)
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _reply(page: ReplyPage) -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _SIDES
    )
    widths = (_LABEL, TEXT_WIDTH - _LABEL)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_ROOM * row.lines + 240}" '
        'w:hRule="atLeast"/></w:trPr>'
        + _cell(row.label, widths[0], "center")
        + _cell(row.text, widths[1], "left")
        + "</w:tr>"
        for row in page.rows
    )
    return (
        _paragraph("Title", run(page.title), "<w:pageBreakBefore/>")
        + _paragraph("BodyText", run(page.lead))
        + f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCaption w:val="{escape(page.title)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{rows}</w:tbl>"
        + _paragraph("ReplyText", run(page.back), f'<w:spacing w:before="{LINE // 2}"/>')
    )


def _cell(text: str, width: int, side: str) -> str:
    content = run(text) if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        + _paragraph("ReplyText", content, f'<w:jc w:val="{side}"/>')
        + "</w:tc>"
    )


# -- styles, head and foot

_TINY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
_EXACT = f'w:line="{LINE}" w:lineRule="exact"'


def _style(id: str, name: str, paragraph: str, run_: str = "") -> str:
    own = "" if id == "Salutation" else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{run_}</w:rPr></w:style>"
    )


_LETTER_SPACING = f'<w:spacing w:val="{docx_styles.LETTER}"/>'
_STYLES = (
    _style(
        "LetterNumber",
        "发文字号",
        f'<w:spacing w:before="0" w:after="{LINE}" {_EXACT}/><w:jc w:val="center"/>',
        _LETTER_SPACING,
    )
    + _style(
        "Salutation", "Salutation", f'<w:spacing w:before="0" w:after="0" {_EXACT}/>',
        _LETTER_SPACING,
    )
    + _style(
        "Attachment",
        "附件说明",
        f'<w:spacing w:before="0" w:after="0" {_EXACT}/><w:jc w:val="left"/>',
        _LETTER_SPACING,
    )
    + _style(
        "Contact",
        "附注",
        f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="atLeast"/>'
        f'<w:ind w:left="{CHARACTER * 2}" w:leftChars="200"/><w:jc w:val="left"/>',
        _LETTER_SPACING,
    )
    + _style(
        "ReplyText",
        "回执文字",
        '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="400" '
        'w:lineRule="atLeast"/>',
        '<w:sz w:val="28"/><w:szCs w:val="28"/>',
    )
)  # fmt: skip
_WIDER = f'w:left="-{round(8 * _TWIPS)}" w:right="-{round(6 * _TWIPS)}"'  # 170 mm, in the middle


def _header(name: str) -> str:
    """发文机关标志 and the double line under it: thick above thin."""
    size = min(72, int(168 * _TWIPS / 10 / width_of(name)))
    face = f'<w:rFonts w:ascii="{docx_styles.LATIN}" w:hAnsi="{docx_styles.LATIN}"'
    face += f' w:eastAsia="{docx_styles.TITLE}" w:hint="eastAsia"/>'
    line = f'<w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="8" w:color="{_RED}"/>'
    return (
        f'{HEAD}<w:hdr xmlns:w="{W}"><w:p><w:pPr><w:pBdr>{line}</w:pBdr><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0"/><w:ind {_WIDER}/><w:jc w:val="center"/></w:pPr>'
        f'<w:r><w:rPr>{face}<w:color w:val="{_RED}"/><w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(name)}</w:t></w:r>'
        "</w:p></w:hdr>"
    )


_FIRST_FOOTER = (
    f'{HEAD}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pBdr><w:top w:val="thinThickSmallGap" '
    f'w:sz="24" w:space="1" w:color="{_RED}"/></w:pBdr><w:snapToGrid w:val="0"/>'
    f"{_TINY}<w:ind {_WIDER}/></w:pPr></w:p></w:ftr>"
)
