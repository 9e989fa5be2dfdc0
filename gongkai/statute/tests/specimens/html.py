"""样本网页: the same report as a page of an organ's website, in the mark-up one meets there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from random import Random

from gongkai.statute.tests.specimens.draft import Image, Piece
from gongkai.statute.tests.specimens.tables import Box, Drawn

Layout = Callable[[Sequence[Piece], Random], str]
Inner = Callable[[str], str]

STYLE = (
    "<style>td{border:1px solid #000} .nav a{color:#06c}</style><script>var hits=13579;</script>"
)
NAVIGATION = '<div class="nav"><a href="/">首页</a> <a href="/gk/">政务公开</a></div>'


def plain(pieces: Sequence[Piece], rng: Random) -> str:
    """Headings, paragraphs and tables with rowspan and colspan."""
    tag = rng.choice(("td", "td", "th"))
    return _page("".join(_piece(p, _text, tag) for p in pieces))


def layout(pieces: Sequence[Piece], rng: Random) -> str:
    """The whole page inside one layout table, navigation beside it."""
    del rng
    body = "".join(_piece(p, _text, "td") for p in pieces)
    return _page(
        f'<table width="100%"><tr><td colspan="2">{NAVIGATION}</td></tr>'
        f"<tr><td><ul><li>政策</li><li>解读</li></ul></td><td>{body}</td></tr></table>"
    )


def nested(pieces: Sequence[Piece], rng: Random) -> str:
    """Every block in a row of a layout table of its own, tables nested two deep."""
    del rng
    rows = "".join(f"<tr><td>{_piece(p, _text, 'td')}</td></tr>" for p in pieces)
    inner = f"<table cellpadding=0><tbody>{rows}</tbody></table>"
    return _page(f"<div><table><tr><td>{inner}</td></tr></table></div>")


def word(pieces: Sequence[Piece], rng: Random) -> str:
    """What Word saves as a web page: upper case, mso attributes, o:p, empty cells as nbsp."""
    del rng
    body = "".join(_piece(p, _mso, "TD") for p in pieces)
    xml = "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml>"
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        f'<meta charset="{{charset}}">{xml}<![endif]--></head>'
        f"<body lang=ZH-CN><div class=WordSection1>{body}</div></body></html>"
    )


def _page(body: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="{{charset}}">{STYLE}</head>'
        f'<body>{body}<div class="foot">主办：某单位 访问量</div></body></html>'
    )


def _piece(piece: Piece, inner: Inner, tag: str) -> str:
    if isinstance(piece, Image):
        return f'<p><img src="{piece.id}.png" width="600" height="400"></p>'
    if isinstance(piece, Drawn):
        return f"<table border=1>{''.join(_row(line, inner, tag) for line in piece.lines)}</table>"
    if piece.role == "title":
        return f"<h1>{escape(piece.text, quote=False)}</h1>"
    return f"<p>{inner(piece.text)}</p>"


def _row(line: Sequence[Box], inner: Inner, tag: str) -> str:
    return f"<tr>{''.join(_cell(box, inner, tag) for box in line)}</tr>"


def _cell(box: Box, inner: Inner, tag: str) -> str:
    spans = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    spans += f" colspan={box.columns}" if box.columns > 1 else ""
    return f"<{tag}{spans}>{inner(box.text)}</{tag}>"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>").replace("\xa0", "&nbsp;")


def _mso(text: str) -> str:
    runs = "</span><br><span>".join(escape(t, quote=False) for t in text.split("\n")) or "&nbsp;"
    return (
        "<p class=MsoNormal align=center style='text-align:center'>"
        f"<span style='font-family:宋体'>{runs}</span><span lang=EN-US><o:p></o:p></span></p>"
    )


LAYOUTS: Mapping[str, Layout] = {
    "html": plain,
    "html_layout": layout,
    "html_nested": nested,
    "html_word": word,
}


def encode(page: str, encoding: str | None = None) -> bytes:
    """The page as bytes; the encoding is declared in it, as servers forget to do."""
    encoding = encoding or "utf-8"
    return page.replace("{charset}", encoding).encode(encoding, "xmlcharrefreplace")
