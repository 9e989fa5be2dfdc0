"""样例 OFD 的来源: an OFD writer for the tests, after the structure GB/T 33190 gives.

No real report in this format could be had. So the pages are those of a PDF, its characters and
lines written down as the programs known to write OFD do: whole lines with a list of steps, each
character an object of its own in a scaled space, or every object inside a composite unit.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from gongkai.statute.readers import pdf
from gongkai.statute.readers.pdf_page import Page, Run

NAMESPACE = "http://www.ofdspec.org/2016"
MM = 25.4 / 72
STYLES = ("line", "glyph", "unit")


def xml(name: str, inside: str, **attributes: str) -> str:
    """A file of the package."""
    given = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ofd:{name} xmlns:ofd="{NAMESPACE}"{given}>{inside}</ofd:{name}>'
    )


def text(
    content: str,
    x: float,
    y: float,
    *,
    size: float = 4.0,
    delta: str | None = None,
    more: str = "",
    inside: str = "",
) -> str:
    """A text object whose base line begins at a point of the page, in millimetres."""
    steps = f' DeltaX="{delta}"' if delta else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x:.4f} {y - size:.4f} 150 {1.2 * size:.4f}" '
        f'Font="3" Size="{size:g}"{more}>{inside}'
        f'<ofd:TextCode X="0" Y="{size:g}"{steps}>{escape(content)}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """A stroked line, its box and the points counted from the box."""
    return (
        f'<ofd:PathObject ID="9" Boundary="{x0:.4f} {y0:.4f} {x1 - x0:.4f} {y1 - y0:.4f}" '
        'LineWidth="0.25"><ofd:StrokeColor Value="0 0 0"/><ofd:AbbreviatedData>'
        f"M 0 0 L {x1 - x0:.4f} {y1 - y0:.4f}</ofd:AbbreviatedData></ofd:PathObject>"
    )


@dataclass
class Package:
    """An OFD being written: the objects of its pages, and whatever else is to be in it."""

    pages: Sequence[str]
    box: str = "0 0 210 297"
    units: str = ""  # composite units of DocumentRes.xml
    page_head: str = ""  # in front of a page's content: Template, Area
    common: str = ""  # further elements of CommonData
    document: str = ""  # further elements of Document.xml
    body: str = ""  # further elements of DocBody
    files: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()

    def made(self) -> bytes:
        """The file."""
        parts = {
            "OFD.xml": xml(
                "OFD",
                "<ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo>"
                f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{self.body}</ofd:DocBody>",
                Version="1.0",
                DocType="OFD",
            ),
            "Doc_0/Document.xml": xml(
                "Document",
                "<ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID>"
                f"<ofd:PageArea><ofd:PhysicalBox>{self.box}</ofd:PhysicalBox></ofd:PageArea>"
                "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
                "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
                f"{self.common}</ofd:CommonData><ofd:Pages>"
                + "".join(
                    f'<ofd:Page ID="{k + 100}" BaseLoc="Pages/Page_{k}/Content.xml"/>'
                    for k in range(len(self.pages))
                )
                + f"</ofd:Pages>{self.document}",
            ),
            "Doc_0/PublicRes.xml": xml(
                "Res",
                '<ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts>',
                BaseLoc="Res",
            ),
            "Doc_0/DocumentRes.xml": xml(
                "Res",
                f"<ofd:CompositeGraphicUnits>{self.units}</ofd:CompositeGraphicUnits>",
                BaseLoc="Res",
            ),
        }
        for k, objects in enumerate(self.pages):
            parts[f"Doc_0/Pages/Page_{k}/Content.xml"] = xml(
                "Page",
                f'{self.page_head}<ofd:Content><ofd:Layer ID="2" Type="Body">{objects}'
                "</ofd:Layer></ofd:Content>",
            )
        parts.update(self.files)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in parts.items():
                if name not in self.without:
                    opened.writestr(name, content)
        return out.getvalue()


def one(objects: str, box: str = "0 0 210 297") -> bytes:
    """An OFD of one page."""
    return Package([objects], box).made()


# -- the pages of a PDF ---------------------------------------------------------------------


def from_pdf(data: bytes, style: str) -> bytes:
    """The pages of a PDF as an OFD written in one of `STYLES`."""
    pages, _ = pdf.pages_of(data)
    units: list[str] = []
    drawn = [_page(page, style, units) for page in pages]
    box = f"0 0 {pages[0].width * MM:.3f} {pages[0].height * MM:.3f}"
    return Package(drawn, box, "".join(units)).made()


def _page(page: Page, style: str, units: list[str]) -> str:
    rules = [
        *(line(r.start * MM, r.at * MM, r.end * MM, r.at * MM) for r in page.level),
        *(line(r.at * MM, r.start * MM, r.at * MM, r.end * MM) for r in page.upright),
    ]
    objects: list[str] = []
    for run in page.runs:
        if style == "line":
            objects.append(_whole(run))
        else:
            objects += _single(run)
    if style == "unit":
        objects = [_in_unit(o, page, units) for o in objects]
    return "".join([*rules, *objects])


def _size(run: Run) -> float:
    """The size of the type in points: the PDF reader's guess, unless a digit is wider than half."""
    digits = [x1 - x0 for c, (x0, x1) in zip(run.chars, run.spans, strict=True) if c.isdigit()]
    return max([run.em, *(width / 0.62 for width in digits)])


def _whole(run: Run) -> str:
    """A run as one object, equal steps written short."""
    starts = [x0 * MM for x0, _ in run.spans]
    steps = [f"{b - a:.3f}" for a, b in zip(starts, starts[1:], strict=False)]
    short = []
    for value, same in groupby(steps):
        count = len(list(same))
        short += ["g", str(count), value] if count > 2 else [value] * count
    return text(run.text, starts[0], run.base * MM, size=_size(run) * MM, delta=" ".join(short))


def _single(run: Run) -> list[str]:
    """Each character an object in a space of points, with a glyph of its font named."""
    found = []
    size = _size(run)
    for char, (x0, x1) in zip(run.chars, run.spans, strict=True):
        left, top = x0 * MM, (run.base - size) * MM
        # The space is that of the page in points, as converters from PDF leave it.
        found.append(
            f'<ofd:TextObject ID="9" CTM="{MM:.6f} 0 0 {MM:.6f} {-left:.6f} {-top:.6f}" '
            f'Boundary="{left:.6f} {top:.6f} {(x1 - x0) * MM:.6f} {1.2 * size * MM:.6f}" '
            f'Font="3" Size="{size:.4f}" Stroke="false" Fill="true">'
            '<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1">'
            "<ofd:Glyphs>4460</ofd:Glyphs></ofd:CGTransform>"
            f'<ofd:TextCode X="{x0:.4f}" Y="{run.base:.4f}">{escape(char)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )
    return found


def _in_unit(content: str, page: Page, units: list[str]) -> str:
    """An object moved into a composite unit of its own."""
    number = 1000 + len(units)
    units.append(
        f'<ofd:CompositeGraphicUnit ID="{number}" Width="{page.width * MM:.3f}" '
        f'Height="{page.height * MM:.3f}"><ofd:Content>{content}</ofd:Content>'
        "</ofd:CompositeGraphicUnit>"
    )
    return (
        f'<ofd:CompositeObject ID="9" ResourceID="{number}" Boundary="0 0 '
        f'{page.width * MM:.3f} {page.height * MM:.3f}"/>'
    )
