"""Word 文档 (.docx): a report in the official layout, page and type after GB/T 9704-2012.

The XML is made of strings, the parts that never change are prepared once (writers.docx_styles);
the same report gives the same bytes. A template is filled by writers.docx_template.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Lang
from gongkai.statute.writers import Written, docx_styles, paper, unsaid
from gongkai.statute.writers.docx_styles import CHARACTER, TEXT_WIDTH, title_lines, width_of
from gongkai.statute.writers.paper import Paragraph, Role, Square, Style, Table


def write(
    report: AnnualReport,
    *,
    lang: Lang = "zh",
    findings: Sequence[Finding] = (),
    template: bytes | None = None,
) -> Written:
    """写成 Word 文档: the report in the official layout, or in the places of a ``template``.

    ``findings`` have no place in a report and are not printed. Raises CannotRead
    (``error.template`` and what reading a file may raise) for a template that cannot be filled.
    """
    if template is not None:
        from gongkai.statute.writers import docx_template  # only this needs the readers

        return docx_template.fill(report, template)
    laid = paper.lay_out(report)
    parts = {
        **docx_styles.parts(),
        "docProps/core.xml": docx_styles.properties(laid.name, report.organ),
        "word/document.xml": _document(laid).encode(),
    }
    return Written(zipped(parts), unsaid.of(report))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as one package; no clock is asked, so equal parts give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)  # of 1980-01-01
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            package.writestr(info, content)
    return buffer.getvalue()


# -- prose


def _document(laid: paper.Paper) -> str:
    body: list[str] = []
    room = TEXT_WIDTH / (docx_styles.TITLE_SIZE * 10)
    before: paper.Piece | None = None
    signed = _signature_indents(laid.pieces)
    for piece, after in zip(laid.pieces, (*laid.pieces, None)[1:], strict=True):
        if isinstance(before, Table):
            body.append(_AFTER_TABLE)
        if isinstance(piece, Table):
            body.append(_table(piece, breaks=not isinstance(before, paper.Heading)))
        elif isinstance(piece, paper.Title):
            body.append(_paragraph("Title", run("\n".join(title_lines(piece.text, room)))))
        elif isinstance(piece, paper.Heading):
            own = "<w:pageBreakBefore/>" if _is_long(after) else ""
            body.append(_paragraph("Heading1", run(piece.text), own))
        else:
            body.append(_prose(piece, after, signed))
        before = piece
    if isinstance(before, Table):  # a body ends with a paragraph
        body.append(_AFTER_TABLE)
    return (
        f'{docx_styles.HEAD}<w:document xmlns:w="{docx_styles.W}" xmlns:r="{docx_styles.R}">'
        f"<w:body>{''.join(body)}{docx_styles.SECTION}</w:body></w:document>"
    )


_AFTER_TABLE = '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'


_STYLES = {
    Style.BODY: "BodyText",
    Style.SUBHEADING: "Heading2",
    Style.SIGNATURE: "Signature",
    Style.SIGNED_ON: "Date",
}


def _prose(piece: Paragraph, after: paper.Piece | None, signed: Mapping[Style, float]) -> str:
    own = ""
    if piece.style is Style.BODY and _is_signature(after):
        own = "<w:keepNext/>"  # no signature alone on a page
    if piece.style in signed:
        hundredths = round(signed[piece.style] * 100)
        own = f'<w:ind w:right="{hundredths * CHARACTER // 100}" w:rightChars="{hundredths}"/>'
    lead = run(piece.text[: piece.lead], "Lead") if piece.lead else ""
    return _paragraph(_STYLES[piece.style], lead + run(piece.text[piece.lead :]), own)


def _is_signature(piece: paper.Piece | None) -> bool:
    return isinstance(piece, Paragraph) and piece.style in (Style.SIGNATURE, Style.SIGNED_ON)


def _paragraph(style: str, content: str, own: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>{content}</w:p>'


_SIGN = re.compile("[\t\n\r]+|[^\t\n\r]+")


def run(text: str, style: str = "", size: int = 0) -> str:
    """文字: one run; marks that both scripts use (“” … ·) are told to be Chinese."""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    sized = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    return f'<w:r><w:rPr>{named}<w:rFonts w:hint="eastAsia"/>{sized}</w:rPr>{_signs(text)}</w:r>'


def _signs(text: str) -> str:
    """The text of a run; tabs and line ends are elements of their own."""
    if not any(sign in text for sign in "\t\n\r"):
        return f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    return "".join(
        piece.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\n", "<w:br/>")
        .replace("\t", "<w:tab/>")
        if piece[0] in "\t\n\r"
        else f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in _SIGN.findall(text)
    )


def _signature_indents(pieces: Sequence[paper.Piece]) -> dict[Style, float]:
    """署名、成文日期: characters kept free to the right.

    The date has four and the organ stands centred over it; an organ too long for that has two,
    and the date stands centred under it.
    """
    last = {p.style: p.text for p in pieces if isinstance(p, Paragraph)}
    organ, day = last.get(Style.SIGNATURE), last.get(Style.SIGNED_ON)
    if organ is None or day is None:
        return {Style.SIGNATURE: 2.0, Style.SIGNED_ON: 4.0}
    over = (width_of(organ) - width_of(day)) / 2
    if 4 - over >= 2:
        return {Style.SIGNATURE: 4 - over, Style.SIGNED_ON: 4.0}
    return {Style.SIGNATURE: 2.0, Style.SIGNED_ON: 2 + over}


# -- tables

_CROWDED = 12  # columns; more are set in 小五, with narrow margins
_LONG = 20  # rows; more are set in 小五 and begin a page with their heading, to stand on it whole
_HEIGHTS = {False: 369, True: 340}  # of a row at least
_MARGINS = {False: 57, True: 28}  # left and right in a cell
_BORDER = 'w:val="single" w:sz="4" w:space="0" w:color="auto"'  # 0.5 pt
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS = "".join(f"<w:{side} {_BORDER}/>" for side in _SIDES)
_TEXT_STYLES = {Role.HEADER: "TableHead", Role.LABEL: "TableLabel", Role.FIGURE: "TableFigure"}


def _is_long(piece: paper.Piece | None) -> bool:
    return isinstance(piece, Table) and piece.height > _LONG


def _table(table: Table, *, breaks: bool = False) -> str:
    """``breaks``: where its heading does not stand right before it, a long table begins a page
    itself."""
    crowded = len(table.widths) > _CROWDED or _is_long(table)
    widths = _twips(table.widths)
    margin = _MARGINS[crowded]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
        f'</w:tblCellMar>{_look(table)}<w:tblCaption w:val="{_quoted(table.title)}"/>'
        f'<w:tblDescription w:val="{_quoted(_description(table))}"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        + "</w:tblGrid>"
        + "".join(_rows(table, widths, crowded, breaks and _is_long(table)))
        + "</w:tbl>"
    )


def _look(table: Table) -> str:
    """Whether its first row and first column are headings, as screen readers ask."""
    labelled = any(square.role is Role.LABEL for square in table.squares)
    return (
        f'<w:tblLook w:val="{"00A0" if labelled else "0020"}" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="{int(labelled)}" w:lastColumn="0" w:noHBand="0" w:noVBand="0"/>'
    )


def _twips(widths: Sequence[float]) -> list[int]:
    """Relative widths as widths that fill the type area exactly."""
    total = sum(widths)
    ends = [round(sum(widths[: k + 1]) / total * TEXT_WIDTH) for k in range(len(widths))]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def _description(table: Table) -> str:
    heads = f"，前 {table.header_rows} 行是表头" if table.header_rows else ""
    return f"{table.title}，共 {table.height} 行 {len(table.widths)} 列{heads}。"


def _rows(table: Table, widths: Sequence[int], crowded: bool, breaks: bool) -> Iterator[str]:
    below: dict[int, list[Square]] = {}  # row -> squares from above that reach into it
    for number, row in enumerate(table.by_row()):
        for square in row:
            for further in range(square.row + 1, square.row + square.rows):
                below.setdefault(further, []).append(square)
        squares = sorted((*row, *below.pop(number, ())), key=lambda square: square.column)
        # A header stays with the row under it, and a short table whole: Word keeps its rows
        # together, LibreOffice takes what is said of the first row to mean the whole table.
        leads = not _is_long(table) or (number and any(s.role is Role.HEADER for s in row))
        own = "<w:keepNext/>" if leads else ""
        own += "<w:pageBreakBefore/>" if breaks and number == 0 else ""
        repeats = "<w:tblHeader/>" if number < table.header_rows else ""
        yield (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_HEIGHTS[_is_long(table)]}" '
            f'w:hRule="atLeast"/>{repeats}'
            "</w:trPr>"
            + "".join(_square(s, number, widths, crowded, own) for s in squares)
            + "</w:tr>"
        )


def _square(square: Square, row: int, widths: Sequence[int], crowded: bool, own: str) -> str:
    width = sum(widths[square.column : square.column + square.columns])
    span = f'<w:gridSpan w:val="{square.columns}"/>' if square.columns > 1 else ""
    begins = square.row == row
    merge = ""
    if square.rows > 1:
        merge = '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    style = _TEXT_STYLES[square.role] + ("Small" if crowded else "")
    content = _content(square, width, crowded) if begins and square.text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>'
        f"{content}</w:p></w:tc>"
    )


_LEAST = 13  # 小六, in half points


def _content(square: Square, width: int, crowded: bool) -> str:
    """What stands in a square; a figure too long for one line is set smaller, down to 小六."""
    if square.role is not Role.FIGURE or len(square.text) < 3:
        return run(square.text)
    size = docx_styles.SMALL_SIZE if crowded else docx_styles.TABLE_SIZE
    room = (width - 2 * _MARGINS[crowded]) / 10  # half points
    fits = int(room / (width_of(square.text) * 1.08))  # faces differ a little
    return run(square.text, size=max(fits, _LEAST) if fits < size else 0)


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
