"""网页 (.html, also saved under .doc): the report inside its page, as a browser shows it.

Blocks split paragraphs, ``<br>`` splits lines, tables become grids by the HTML standard's own
rule for spans (section 4.9.12, "forming a table"), layout tables become their contents. What the
page carries besides the report (navigation, footer) is told by where the sections and tables of
the report stand, and is left out with a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.statute import notes, script
from gongkai.statute.readers import encodings, headings, labels
from gongkai.statute.readers.blocks import Block, Document, Grid, Paragraph
from gongkai.statute.readers.docx_numbering import numeral
from gongkai.statute.readers.layout import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_SPAN,
    Box,
    Container,
    Drawing,
    Item,
    Linked,
    Page,
    Table,
)
from gongkai.statute.report import Note

MAX_BYTES = 20 << 20
_MAX_TAGS = 500_000
_MAX_NESTING = 3000
_MAX_FORMATTING = 250  # open <b>, <font>, …: a parser opens them anew in each paragraph
_MAX_DEPTH = 150  # deeper elements count as one run of text
_MAX_SLOTS = 2_000_000

_NOT_SHOWN = frozenset(
    ("script", "style", "template", "noscript", "head", "iframe", "object", "embed", "svg", "math",
     "canvas", "audio", "video", "select", "option", "button", "textarea", "rt", "rp", "map",
     "datalist", "colgroup", "col", "-comment")
)  # fmt: skip
_FURNITURE = frozenset(("nav", "footer", "aside"))
_CONTAINERS = frozenset(
    ("div", "section", "article", "main", "body", "center", "form", "fieldset", "blockquote", "ul",
     "ol", "dl", "header", "figure", "details")
)  # fmt: skip
_BLOCKS = _CONTAINERS | frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "hr", "address", "summary",
     "figcaption", "legend", "tr", "td", "th", "caption", "thead", "tbody", "tfoot", "pre", "xmp",
     "option", "menu")
)  # fmt: skip
_STRUCK = frozenset(("del", "s", "strike"))
_FORMATTING = frozenset(
    (
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    )
)
_FLAT = frozenset(
    ("p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "br", "hr", "img", "input", "meta",
     "link", "col", "base", "area", "dt", "dd", "option", "html", "head", "body", "param", "wbr",
     "embed", "source")
)  # fmt: skip
# Whose hidden text a person may have meant; hidden <div>s are the page's own machinery.
_TEXTUAL = frozenset(
    ("span", "p", "font", "td", "th", "tr", "b", "i", "u", "strong", "em", "table")
)

_WIDE_CHAR = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE_CHAR}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE_CHAR}])")
_SPACES = re.compile("[ \t\r\n\f]+")
_UNEVEN = re.compile("[\t\r\n\f]|  ")
_NOTABLE = re.compile(r"none|hid|collapse|line-through|pre|break-spaces|list-style")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.I
)
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.I)
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.I)
_LENGTH = re.compile(r"\s*([\d.]+)\s*(px|pt|cm|in|mm|%|)")
_CSS_SIZE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([^;]+)", re.I)
_LEADING_INT = re.compile(r"\s*\+?(\d{1,9})")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_OPEN_FORMATTING = re.compile(rf"<(?:{'|'.join(sorted(_FORMATTING))})[\s>/]", re.I)

_POINTS = {"px": 0.75, "pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "": 0.75}
_WIDE, _HIGH = 180.0, 50.0
_ICON = re.compile(r"icon|logo|filetype|qrcode|erweima|spacer|blank\.gif|^data:image/gif", re.I)

_LIST_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "decimal": "decimal", "decimal-leading-zero": "decimalZero", "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman", "upper-roman": "upperRoman", "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting", "trad-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital", "simp-chinese-formal": "chineseLegalSimplified",
    "cjk-heavenly-stem": "ideographTraditional", "cjk-earthly-branch": "ideographZodiac",
}  # fmt: skip
_IDEOGRAPHIC = frozenset(
    ("chineseCounting", "ideographDigital", "chineseLegalSimplified", "ideographTraditional",
     "ideographZodiac")
)  # fmt: skip

_TITLE = re.compile(r"年度?报告|年报|工作(?:总结|报告)|年度?報告|年報")
# What stands below an article on government sites, never in one.
_TAIL = re.compile(
    r"[\s【\[（(|]*(?:打印|关 ?闭|返回(?:顶部|首页|列表)|分享|收藏本页|扫一扫|[上下]一[篇条页则]"
    r"|相关(?:文章|链接|信息|新闻|阅读)|[主承]办(?:单位)?[：:]|版权所有|网站标识码|网站地图|关于我们"
    r"|联系我们|技术支持[：:]|浏览次数|点击(?:数|率|次数)|您的位置|当前位置|友情链接)"
    r"|.{0,4}ICP备|.{0,6}公网安备"
)


def blocks(data: bytes) -> Document:
    """The report of a web page in reading order.

    ``Place.line`` is the running number of the block, page furniture counted too.
    Raises CannotRead: ``error.too_large``, ``error.damaged``.
    """
    if len(data) > MAX_BYTES:
        raise notes.error("error.too_large", what=f"> {MAX_BYTES >> 20} MB")
    said: list[Note] = []
    text, encoding = encodings.decode(data)
    if not encoding.startswith("utf-8"):
        said.append(notes.note("read.encoding", encoding=encoding))
    _check_nesting(text)
    tree = LexborHTMLParser(text)
    walker = _Walker()
    if tree.body is not None:
        walker.walk(tree.body, 0)
        walker.flush()
    page = Page()
    page.add(walker.found)
    kept, dropped = _report_only(page, walker, tree)
    said += page.notes
    said += walker.said()
    if dropped:
        said.append(notes.note("read.page_furniture", count=dropped))
    return Document(tuple(kept), "html", tuple(said))


def _check_nesting(text: str) -> None:
    """Refuse markup that takes a parser time or memory out of all proportion to its length."""
    count = text.count("<")
    if count > _MAX_TAGS:
        raise notes.error("error.too_large", what=f"> {_MAX_TAGS} tags")
    if count < 1000 or count < 4000 and len(_OPEN_FORMATTING.findall(text)) <= _MAX_FORMATTING:
        return
    depth = formatting = 0
    for found in _TAG.finditer(text):
        name = found[2].lower()
        if name in _FLAT:
            continue
        step = -1 if found[1] else 1
        depth = max(depth + step, 0)
        if name in _FORMATTING:
            formatting = max(formatting + step, 0)
        if depth > _MAX_NESTING or formatting > _MAX_FORMATTING:
            raise notes.error("error.too_large", what=f"{depth} open tags")


class _Walker:
    """Walks the shown part of a page once, gathering items."""

    def __init__(self) -> None:
        self.found: list[Item] = []
        self.furniture = 0
        self._pieces: list[str] = []
        self._marker = ""  # the number or bullet of a list item, until its first text
        self._pre = 0
        self._raised = False  # whether within <sup>
        self._plain = False  # whether the line being gathered has text outside links
        self._links = 0
        self._hidden: list[str] = []
        self._struck: list[str] = []
        self._slots = 0
        self._numbers: dict[int, tuple[int, str]] = {}  # of the items of ordered lists

    def said(self) -> Iterator[Note]:
        """Notes on text that was left out."""
        for id, texts in (("read.hidden_text", self._hidden), ("read.struck_text", self._struck)):
            text = "；".join(texts)
            if text:
                yield notes.note(id, text=text if len(text) <= 200 else text[:200] + "…")

    def walk(self, parent: LexborNode, depth: int) -> None:
        """The children of an element, in order."""
        node = parent.first_child
        while node is not None:
            tag = node.tag
            if tag == "-text":
                self._text(node.text_content or "")
            elif tag == "br":
                self.flush()
            elif tag is not None and tag not in _NOT_SHOWN:
                self._element(node, tag, depth + 1)
            node = node.next

    def flush(self) -> None:
        """End the line being gathered."""
        pieces, self._pieces = self._pieces, []
        plain, self._plain = self._plain, False
        if not pieces:
            return
        text = "".join(pieces) if len(pieces) > 1 else pieces[0]
        if not self._pre and _UNEVEN.search(text):
            text = _SPACES.sub(" ", _WIDE_BREAK.sub("", text))
        text = text.replace("\xa0", " ")
        text = text.rstrip() if self._pre else text.strip()
        if text.strip():
            if self._marker:
                text, self._marker = self._marker + text, ""
            if not plain:
                self.found.append(Linked())
            self.found.append(text)

    def _text(self, text: str) -> None:
        if not self._links and not text.isspace():
            self._plain = True
        if self._raised:
            text = text.translate(script.SUPERSCRIPT)
        if not self._pre:
            self._pieces.append(text)
            return
        first, *rest = text.split("\n")
        self._pieces.append(first)
        for line in rest:
            self.flush()
            self._plain = not self._links
            self._pieces.append(line)

    def _element(self, node: LexborNode, tag: str, depth: int) -> None:
        attributes = node.attributes
        style = _notable(attributes)
        if "hidden" in attributes or (style and _HIDDEN.search(style)):
            self._leave_out(node, tag, self._hidden)
        elif tag in _STRUCK or (style and _LINE_THROUGH.search(style)):
            self._leave_out(node, tag, self._struck)
        elif tag in _FURNITURE:
            self.furniture += bool(node.text(strip=True))
        elif tag == "table":
            self._table(node, depth)
        elif tag == "img":
            self._image(attributes)
        elif tag == "input":
            if (attributes.get("type") or "text") in ("text", "number"):
                self._text(attributes.get("value") or "")
        elif tag == "sup" and not self._raised:
            self._raised = True
            self._element(node, tag, depth)
            self._raised = False
        elif depth > _MAX_DEPTH:
            self._text(node.text())
        elif tag in _BLOCKS:
            self._block(node, tag, attributes, style, depth)
        else:
            link = tag == "a" and "href" in attributes
            pre = bool(style and _PRE.search(style))
            self._links += link
            self._pre += pre
            self.walk(node, depth)
            self._pre -= pre
            self._links -= link

    def _block(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], style: str, depth: int
    ) -> None:
        self.flush()
        pre = tag in ("pre", "xmp") or bool(style and _PRE.search(style))
        self._pre += pre
        container = tag in _CONTAINERS
        if container:
            self.found.append(Container(opens=True))
        if tag == "ol":
            self._numbers.update(_numbers(node, attributes))
        elif tag == "li":
            self._marker = self._item_marker(node, attributes, style)
        self.walk(node, depth)
        self.flush()
        if tag == "li":
            self._marker = ""
        if container:
            self.found.append(Container(opens=False))
        self._pre -= pre

    def _item_marker(self, node: LexborNode, attributes: dict[str, str | None], style: str) -> str:
        """The number a browser shows before a list item; bullets are not text."""
        number, kind = self._numbers.get(node.mem_id, (0, "none"))
        named = _LIST_STYLE.search(style)
        kind = named[1].lower() if named else attributes.get("type") or kind
        format = _LIST_FORMATS.get(kind)
        if format is None or node.mem_id not in self._numbers:
            return ""
        return numeral(number, format) + ("、" if format in _IDEOGRAPHIC else ". ")

    def _leave_out(self, node: LexborNode, tag: str, texts: list[str]) -> None:
        if tag in _TEXTUAL or tag in _STRUCK:
            text = _SPACES.sub(" ", node.text().replace("\xa0", " ")).strip()
            if text:
                texts.append(text)

    def _image(self, attributes: dict[str, str | None]) -> None:
        sizes = {k: attributes.get(k) or "" for k in ("width", "height")}
        sizes.update({k.lower(): v for k, v in _CSS_SIZE.findall(attributes.get("style") or "")})
        if _points(sizes["width"], _WIDE) < _WIDE or _points(sizes["height"], _HIGH) < _HIGH:
            return
        if _ICON.search(attributes.get("src") or ""):
            return
        self.flush()
        self.found.append(Drawing((attributes.get("alt") or attributes.get("title") or "").strip()))

    # 表格
    def _table(self, node: LexborNode, depth: int) -> None:
        self.flush()
        groups: list[list[LexborNode]] = []
        feet: list[list[LexborNode]] = []
        loose: list[LexborNode] = []
        for child in node.iter():
            if child.tag == "caption":
                self._element(child, "caption", depth + 1)
            elif child.tag == "tr":
                loose.append(child)
            elif child.tag in ("tbody", "thead", "tfoot") and not _is_hidden(child.attributes):
                rows = [row for row in child.iter() if row.tag == "tr"]
                (feet if child.tag == "tfoot" else groups).append(rows)
        table = self._laid([*([loose] if loose else []), *groups, *feet], depth)
        if table.boxes:
            self.found.append(table)

    def _laid(self, groups: list[list[LexborNode]], depth: int) -> Table:
        """Cells at their rows and columns, as the HTML standard forms a table."""
        boxes: list[Box] = []
        taken: dict[int, int] = {}  # column -> first row that is free again
        row = columns = 0
        for group in groups:
            shown = [tr for tr in group if not self._hides(tr, tr.attributes)]
            end = row + len(shown)
            for tr in shown:
                column = 0
                for cell in tr.iter():
                    if cell.tag not in ("td", "th"):
                        continue
                    attributes = cell.attributes
                    if self._hides(cell, attributes):
                        continue
                    while taken and taken.get(column, 0) > row:
                        column += 1
                    across = min(max(_span(attributes, "colspan"), 1), MAX_SPAN)
                    down = _span(attributes, "rowspan")
                    down = end - row if down == 0 else min(down, end - row)
                    self._bound(column + across, len(boxes), across if down > 1 else 0)
                    width = across
                    if down > 1:
                        taken.update(dict.fromkeys(range(column, column + across), row + down))
                    elif across > 1:
                        width = _free(taken, row, column, across)
                    boxes.append(Box(row, column, down, width, self._inside(cell, depth)))
                    column += across
                    columns = max(columns, column)
                row += 1
        return Table(boxes, row, columns)

    def _inside(self, cell: LexborNode, depth: int) -> list[Item]:
        """What stands in a cell, gathered apart."""
        outer, self.found = self.found, []
        marker, self._marker = self._marker, ""
        if depth > _MAX_DEPTH:
            self._text(cell.text())
        else:
            self.walk(cell, depth + 3)
        self.flush()
        inside, self.found = self.found, outer
        self._marker = marker
        return inside

    def _hides(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        if not _is_hidden(attributes):
            return False
        self._leave_out(node, node.tag or "", self._hidden)
        return True

    def _bound(self, columns: int, cells: int, slots: int) -> None:
        self._slots += slots
        if columns > MAX_COLUMNS or cells > MAX_CELLS or self._slots > _MAX_SLOTS:
            raise notes.error("error.too_large", what=f"{cells} x {columns} cells in a table")


def _notable(attributes: dict[str, str | None]) -> str:
    """An element's style where it may hide, strike or number something; nothing otherwise."""
    style = attributes.get("style")
    return style.lower() if style and _NOTABLE.search(style.lower()) else ""


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = _notable(attributes)
    return "hidden" in attributes or bool(style and _HIDDEN.search(style))


def _span(attributes: dict[str, str | None], name: str) -> int:
    value = attributes.get(name)
    return 1 if value is None or value == "1" else _int(value, 1)


def _free(taken: dict[int, int], row: int, column: int, across: int) -> int:
    """How far a cell reaches before it would overlap one that comes down from above."""
    for step in range(1, across):
        if taken.get(column + step, 0) > row:
            return step
    return across


def _int(value: str | None, otherwise: int) -> int:
    found = _LEADING_INT.match(value or "")
    return int(found[1]) if found else otherwise


def _points(length: str, otherwise: float) -> float:
    """A CSS or attribute length in points; ``otherwise`` where it is relative or unknown."""
    found = _LENGTH.match(length)
    if found is None or found[2] == "%" or found[1].count(".") > 1 or found[1] == ".":
        return otherwise
    return float(found[1]) * _POINTS[found[2]]


def _numbers(node: LexborNode, attributes: dict[str, str | None]) -> dict[int, tuple[int, str]]:
    """The numbers of an ordered list's items and how they are written, by the items' ids."""
    named = _LIST_STYLE.search(attributes.get("style") or "")
    kind = named[1].lower() if named else attributes.get("type") or "1"
    items = [item for item in node.iter() if item.tag == "li"]
    step = -1 if "reversed" in attributes else 1
    number = _int(attributes.get("start"), len(items) if step < 0 else 1)
    found: dict[int, tuple[int, str]] = {}
    for item in items:
        number = _int(item.attributes.get("value"), number)
        found[item.mem_id] = number, kind
        number += step
    return found


# 报告与页面: which blocks are the report
def _report_only(page: Page, walker: _Walker, tree: LexborHTMLParser) -> tuple[list[Block], int]:
    """The blocks of the report, and how many of the page were left out.

    The report is the smallest container that holds all its section headings and tables.
    """
    found = page.blocks
    signs = [i for i, block in enumerate(found) if i not in page.linked and _is_sign(block)]
    if len(signs) < 2:
        return found, walker.furniture
    first, last = signs[0], signs[-1]
    around = [(s, e) for s, e in page.intervals if s <= first and e > last]
    start, end = min(around, key=lambda i: i[1] - i[0], default=(0, len(found)))
    for index in range(last + 1, end):
        block = found[index]
        if isinstance(block, Paragraph) and _TAIL.match(block.text):
            end = index
            break
    kept = found[start:end]
    dropped = walker.furniture + len(found) - len(kept)
    head = [b for b in found[start:first] if isinstance(b, Paragraph)]
    if not any(_is_title(b.text) for b in head):
        before = [b for i, b in enumerate(found[:start]) if i not in page.linked]
        title = _title(before, tree)
        if title is not None:
            kept = [title, *kept]
    return kept, dropped


def _is_sign(block: Block) -> bool:
    """A heading of one of the six sections, or a table of the form."""
    if isinstance(block, Paragraph):
        return len(block.text) <= 60 and headings.section_of(block.text) is not None
    if isinstance(block, Grid):
        signs = labels.signs()
        return any(len(c.text) < 60 and labels.core(c.text) in signs for c in block.cells)
    return False


def _is_title(text: str) -> bool:
    return len(text) <= 80 and _TITLE.search(text) is not None


def _title(before: list[Block], tree: LexborHTMLParser) -> Paragraph | None:
    """The report's title where it stands outside: above it, else in the page's own record."""
    for block in reversed(before):
        if isinstance(block, Paragraph) and _is_title(block.text):
            return block
    for meta in tree.css("meta"):
        if (meta.attributes.get("name") or "").lower() == "articletitle":
            text = (meta.attributes.get("content") or "").strip()
            if _is_title(text):
                return Paragraph(text)
    node = tree.css_first("title")
    text = re.split(r"[-_|—]", node.text())[0].strip() if node is not None else ""
    return Paragraph(text) if _is_title(text) else None
