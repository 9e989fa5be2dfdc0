"""公文样式: page, type and styles after GB/T 9704-2012, and the parts of a .docx that never change.

A4; type area 156 × 225 mm of 22 lines with 28 characters; body 3 号仿宋, headings 黑体 and 楷体,
title 2 号小标宋. Digits and Latin letters are set in Times New Roman: the standard names no face
for them, most organs' rules do name this one, and every system has a face of its widths, so that
lines break alike everywhere. Elements stand in the order ECMA-376 part 1 prescribes.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# 版心, in twentieths of a point (1 mm = 56.69).
PAGE = (11906, 16838)  # A4
TOP, LEFT, BOTTOM, RIGHT = 2098, 1588, 1984, 1474  # 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm
TEXT_WIDTH = PAGE[0] - LEFT - RIGHT
LINES = 22
LINE = (PAGE[1] - TOP - BOTTOM) // LINES  # 行距: 22 lines fill the type area
FOOTER = 1247  # 版心下边缘到页码上边缘 7 mm: 35 mm less 7 mm less the line of the number itself
SIZE = 32  # 3 号, in half points
LETTER = -5  # 28 characters of 16 pt want 448 pt, the type area has 442: a quarter point less each
CHARACTER = SIZE * 10  # one character, in twentieths of a point
TITLE_SIZE = 44  # 2 号
TITLE_LINE = 720
TABLE_SIZE, SMALL_SIZE = 21, 18  # 五号, 小五

_TITLE_BREAK = re.compile(
    r"(?P<organ>.{4,}(?:政府|办公室|委员会|办事处|中心|[局厅委办部处院站所队镇乡馆]))"
    r"(?P<rest>\d{4}年.{6,})"
)


def title_lines(title: str, room: float) -> tuple[str, ...]:
    """标题断行: a title too long for a line of so many characters goes on after the organ, so that
    no word is broken."""
    if width_of(title) <= room:
        return (title,)
    found = _TITLE_BREAK.fullmatch(title)
    return (found["organ"], found["rest"]) if found else (title,)


def width_of(text: str) -> float:
    """字宽: the width of a text in characters; digits and Latin letters are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


SONG, HEI, KAI, FANG, TITLE = "宋体", "黑体", "楷体_GB2312", "仿宋_GB2312", "方正小标宋简体"
LATIN = "Times New Roman"


@dataclass(frozen=True)
class _Font:
    """字体: a face, other names it goes by or what may stand in for it, and its kind."""

    name: str
    alternatives: str
    panose: str
    family: str
    charset: str = "86"
    pitch: str = "fixed"


_FONTS = (
    _Font(
        FANG,
        "仿宋,FangSong,华文仿宋,STFangsong,Noto Serif CJK SC",
        "02010609030101010101",
        "modern",
    ),
    _Font(
        KAI, "楷体,KaiTi,华文楷体,STKaiti,霞鹜文楷,LXGW WenKai", "02010609030101010101", "modern"
    ),
    _Font(HEI, "SimHei,华文黑体,STHeiti,Noto Sans CJK SC", "02010609060101010101", "swiss"),
    _Font(
        TITLE,
        "小标宋,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,Noto Serif CJK SC",
        "02000000000000000000",
        "roman",
        pitch="variable",
    ),
    _Font(
        SONG,
        "SimSun,华文宋体,STSong,Noto Serif CJK SC",
        "02010600030101010101",
        "roman",
        pitch="variable",
    ),
    _Font(LATIN, "Liberation Serif,Tinos", "02020603050405020304", "roman", "00", "variable"),
)


def _style(
    id: str,
    name: str,
    paragraph: str = "",
    run: str = "",
    *,
    based: str | None = "Normal",
    follows: str = "",
    kind: str = "paragraph",
    more: str = "<w:qFormat/>",
) -> str:
    own = "" if name[0].islower() or name in _BUILT_IN else ' w:customStyle="1"'
    default = ' w:default="1"' if id == "Normal" else ""
    return (
        f'<w:style w:type="{kind}"{default}{own} w:styleId="{id}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + (f'<w:next w:val="{follows}"/>' if follows else "")
        + more
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


_BUILT_IN = ("Normal", "Title", "Body Text", "Signature", "Date")


def _face(east_asian: str) -> str:
    return (
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{east_asian}" w:cs="{LATIN}"/>'
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
_AFTER_A_LINE = _EXACT.replace('w:before="0"', f'w:before="{LINE}"')
_INDENT = f'<w:ind w:firstLine="{CHARACTER * 2}" w:firstLineChars="200"/>'
_SPACED = f'<w:spacing w:val="{LETTER}"/>'
# A table's lines are as high as its type needs; the page's grid would part them.
_IN_TABLE = '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0"/>'


def _heading(id: str, level: int, face: str) -> str:
    outline = f'<w:outlineLvl w:val="{level - 1}"/>'
    return _style(
        id,
        f"heading {level}",
        f"<w:keepNext/>{_EXACT}{_INDENT}{outline}",
        f"{_face(face)}{_SPACED}",
        follows="BodyText",
    )


def _styles() -> str:
    title = (
        f'<w:keepNext/><w:spacing w:before="{LINE // 2}" w:after="{LINE}" w:line="{TITLE_LINE}" '
        'w:lineRule="exact"/><w:jc w:val="center"/>'
    )
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f"{_face(FANG)}{_size(SIZE)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        + _style("Normal", "Normal", '<w:widowControl/><w:jc w:val="both"/>', based=None)
        + _style("BodyText", "Body Text", f"{_EXACT}{_INDENT}", _SPACED)
        + _style("Title", "Title", title, _face(TITLE) + _size(TITLE_SIZE), follows="BodyText")
        + _heading("Heading1", 1, HEI)
        + _heading("Heading2", 2, KAI)
        + _style(
            "Signature", "Signature", f'<w:keepNext/>{_AFTER_A_LINE}<w:jc w:val="right"/>', _SPACED
        )
        + _style("Date", "Date", f'{_EXACT}<w:jc w:val="right"/>', _SPACED)
        + _style(
            "Footer",
            "footer",
            '<w:snapToGrid w:val="0"/>',
            f"{_face_of_page_number()}{_size(28)}",
            more="",
        )
        + _style(
            "AfterTable",
            "表后",
            '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="exact"/>',
            more="",
        )
        + _table_styles("", TABLE_SIZE)
        + _table_styles("Small", SMALL_SIZE)
        + _style("Lead", "随文标题", run=_face(KAI), based=None, kind="character")
        + '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" '
        'w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style></w:styles>"
    )


def _face_of_page_number() -> str:
    return f'<w:rFonts w:ascii="{SONG}" w:hAnsi="{SONG}" w:eastAsia="{SONG}" w:cs="{LATIN}"/>'


def _table_styles(suffix: str, size: int) -> str:
    small = "（小）" if suffix else ""
    base = f"Table{suffix}"
    return (
        _style(
            base,
            f"表内文字{small}",
            f'{_IN_TABLE}<w:jc w:val="center"/>',
            _face(SONG) + _size(size),
            more="",
        )
        + _style(f"TableHead{suffix}", f"表头{small}", run=_face(HEI), based=base, more="")
        + _style(
            f"TableLabel{suffix}", f"表内行标题{small}", '<w:jc w:val="left"/>', based=base, more=""
        )
        + _style(f"TableFigure{suffix}", f"表内数字{small}", based=base, more="")
    )


def _settings() -> str:
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        f'<w:drawingGridVerticalSpacing w:val="{LINE}"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        "<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{f.name}"><w:altName w:val="{f.alternatives}"/>'
        f'<w:panose1 w:val="{f.panose}"/><w:charset w:val="{f.charset}"/>'
        f'<w:family w:val="{f.family}"/><w:pitch w:val="{f.pitch}"/></w:font>'
        for f in _FONTS
    )
    return f'{HEAD}<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'


def _footer(side: str, indent: str) -> str:
    """页码: 4 号半角宋体, a dash on either side; odd pages right, even left, one character in."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    dash = (
        '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    )
    return (
        f'{HEAD}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/>{indent}'
        f'<w:jc w:val="{side}"/></w:pPr>{dash.format("— ")}{field}{dash.format(" —")}</w:p></w:ftr>'
    )


SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
    '<w:footerReference w:type="even" r:id="rId5"/>'
    f'<w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/><w:pgMar w:top="{TOP}" w:right="{RIGHT}" '
    f'w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="851" w:footer="{FOOTER}" w:gutter="0"/>'
    f'<w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
)
"""版面设置: the end of the body."""

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PACKAGE = "application/vnd.openxmlformats-"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _content_types() -> str:
    parts = {
        "word/document.xml": f"{_WORD}document.main+xml",
        "word/styles.xml": f"{_WORD}styles+xml",
        "word/settings.xml": f"{_WORD}settings+xml",
        "word/fontTable.xml": f"{_WORD}fontTable+xml",
        "word/footer1.xml": f"{_WORD}footer+xml",
        "word/footer2.xml": f"{_WORD}footer+xml",
        "docProps/core.xml": f"{_PACKAGE}package.core-properties+xml",
        "docProps/app.xml": f"{_PACKAGE}officedocument.extended-properties+xml",
    }
    return (
        f'{HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" '
        f'ContentType="{_PACKAGE}package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items()
        )
        + "</Types>"
    )


def _relations(*related: tuple[str, str]) -> str:
    return (
        f'{HEAD}<Relationships xmlns="{_RELATIONS}">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(related, 1)
        )
        + "</Relationships>"
    )


@functools.cache
def parts() -> dict[str, bytes]:
    """The parts that are the same in every file, by their names, in the order they are stored."""
    indent = f'w:rightChars="100" w:right="{CHARACTER}"', f'w:leftChars="100" w:left="{CHARACTER}"'
    made = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            (f"{R}/officeDocument", "word/document.xml"),
            (
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                "core-properties",
                "docProps/core.xml",
            ),
            (f"{R}/extended-properties", "docProps/app.xml"),
        ),
        "word/_rels/document.xml.rels": _relations(
            (f"{R}/styles", "styles.xml"),
            (f"{R}/settings", "settings.xml"),
            (f"{R}/fontTable", "fontTable.xml"),
            (f"{R}/footer", "footer1.xml"),
            (f"{R}/footer", "footer2.xml"),
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/footer1.xml": _footer("right", f"<w:ind {indent[0]}/>"),
        "word/footer2.xml": _footer("left", f"<w:ind {indent[1]}/>"),
        "docProps/app.xml": (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            'extended-properties"><Application>Gongkai</Application></Properties>'
        ),
    }
    return {name: content.encode() for name, content in made.items()}


def properties(title: str, organ: str | None) -> bytes:
    """文档属性: title, author, language; no day, so that the same report gives the same bytes."""
    author = f"<dc:creator>{escape(organ)}</dc:creator>" if organ else ""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title>{author}<dc:language>zh-CN</dc:language>"
        "</cp:coreProperties>"
    ).encode()
