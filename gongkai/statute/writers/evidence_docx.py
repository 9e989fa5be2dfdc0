"""证据目录的 Word 文档: the texts of `evidence_paper`, as in the PDF, to be filled in by hand."""

from __future__ import annotations

from xml.sax.saxutils import escape

from gongkai.statute.writers import Written, docx_styles, evidence_paper
from gongkai.statute.writers.docx import run, zipped
from gongkai.statute.writers.docx_styles import HEAD, SECTION, TEXT_WIDTH, R, W
from gongkai.statute.writers.evidence_paper import EvidenceList

_TWIPS = 56.69  # in a millimetre
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_ROOM = '<w:ind w:firstLine="0" w:firstLineChars="0"/>'


def write(listed: EvidenceList) -> Written:
    """写成 Word 文档: equal lists give equal bytes."""
    body = [
        _paragraph("Title", evidence_paper.TITLE),
        *(_paragraph("BodyText", line, _ROOM) for line in listed.lines),
        _table(listed),
        *(_paragraph(style, text) for style, text in zip(_SIGNED, listed.signed, strict=True)),
    ]
    document = (
        f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}">'
        f"<w:body>{''.join(body)}{SECTION}</w:body></w:document>"
    )
    parts = {
        **docx_styles.parts(),
        "docProps/core.xml": docx_styles.properties(listed.name, listed.organ),
        "word/document.xml": document.encode(),
    }
    return Written(zipped(parts))


_SIGNED = ("Signature", "Date")


def _paragraph(style: str, text: str, own: str = "") -> str:
    content = run(text) if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>{content}</w:p>'


def _table(listed: EvidenceList) -> str:
    widths = [round(width * _TWIPS) for width in evidence_paper.WIDTHS]
    widths[widths.index(0)] = TEXT_WIDTH - sum(widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _SIDES
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = _row(evidence_paper.HEAD, widths, head=True)
    rows += "".join(_row(row, widths) for row in listed.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCaption w:val="{escape(evidence_paper.TITLE)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(cells: tuple[str, ...], widths: list[int], *, head: bool = False) -> str:
    styles = ("TableHead",) * 4 if head else ("TableFigure", "TableLabel", "TableLabel", "Table")
    own = "<w:tblHeader/>" if head else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="480" w:hRule="atLeast"/>{own}</w:trPr>'
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f"{_paragraph(style, text)}</w:tc>"
            for style, text, width in zip(styles, cells, widths, strict=True)
        )
        + "</w:tr>"
    )
