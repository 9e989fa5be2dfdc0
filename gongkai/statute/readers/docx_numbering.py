"""自动编号 (.docx): the list numbers a word processor shows but does not store in the text.

A paragraph names a list (``numId``) and a level, itself or through its style; numbering.xml says
how each level counts and how it is written. ECMA-376 part 1, 17.9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_LEVELS = 9

_CN = "〇一二三四五六七八九"
_CN_UNITS = ("", "十", "百", "千")
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_UNITS = ("", "拾", "佰", "仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_BULLET = "•"


@dataclass(slots=True)
class Level:
    """一级编号: how one level of a list counts and is written."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None  # 1-based level that restarts it; 0 never; None any higher one
    suffix: str = "tab"
    legal: bool = False
    style: str | None = None
    pad: int = 0


@dataclass(slots=True)
class _List:
    """一个编号列表: a ``w:num``: the levels of its definition with its own overrides."""

    definition: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Style:
    based_on: str | None = None
    list: str | None = None
    level: int | None = None


class Numbering:
    """编号: hands out the numbers of a document's paragraphs, asked in reading order."""

    def __init__(self, numbering: etree._Element, styles: etree._Element | None) -> None:
        self._styles, self._default = _read_styles(styles)
        self._lists = self._read_lists(numbering)
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def label(self, list_id: str | None, level: int | None, style: str | None) -> str:
        """The number shown before a paragraph, with what separates it from the text.

        ``list_id`` and ``level`` are the paragraph's own ``numId`` and ``ilvl`` (None where it
        has none), ``style`` its style. An empty string where no number is shown.
        """
        style = style or self._default
        if list_id is None or level is None:
            styled_list, styled_level = self._of_style(style)
            list_id = styled_list if list_id is None else list_id
            level = styled_level if level is None else level
        if list_id is None or list_id == "0" or list_id not in self._lists:
            return ""
        numbered = self._lists[list_id]
        if level is None:
            level = next((n for n, lv in numbered.levels.items() if style and lv.style == style), 0)
        if level not in numbered.levels:
            return ""
        counts = self._count(list_id, numbered, level)
        return _written(numbered.levels, level, counts)

    def _count(self, list_id: str, numbered: _List, level: int) -> list[int | None]:
        counts = self._counts.setdefault(numbered.definition, [None] * _LEVELS)
        if level in numbered.starts and (list_id, level) not in self._started:
            self._started.add((list_id, level))
            counts[level] = None
        for above in range(level):
            if counts[above] is None and above in numbered.levels:
                counts[above] = _start(numbered, above)
        last = counts[level]
        counts[level] = _start(numbered, level) if last is None else last + 1
        for below in range(level + 1, _LEVELS):
            lower = numbered.levels.get(below)
            if lower is None or lower.restart is None or level < lower.restart:
                counts[below] = None
        return counts

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        list_id: str | None = None
        level: int | None = None
        for _ in range(20):  # a chain of styles may be a circle in a damaged file
            found = self._styles.get(style or "")
            if found is None:
                break
            list_id = found.list if list_id is None else list_id
            level = found.level if level is None else level
            style = found.based_on
        return list_id, level

    def _read_lists(self, root: etree._Element) -> dict[str, _List]:
        definitions: dict[str, dict[int, Level]] = {}
        linked: dict[str, str] = {}
        for node in root.iter(W + "abstractNum"):
            id = node.get(W + "abstractNumId") or ""
            definitions[id] = _read_levels(node)
            link = node.find(W + "numStyleLink")
            if link is not None:
                linked[id] = link.get(_VAL) or ""
        lists: dict[str, _List] = {}
        for node in root.iter(W + "num"):
            reference = node.find(W + "abstractNumId")
            id = (reference.get(_VAL) or "") if reference is not None else ""
            numbered = _List(id, dict(definitions.get(id, {})))
            for override in node.iter(W + "lvlOverride"):
                _override(numbered, override)
            lists[node.get(W + "numId") or ""] = numbered
        # A definition may only point to a style, whose list holds the levels.
        for numbered in lists.values():
            target = lists.get(self._of_style(linked.get(numbered.definition))[0] or "")
            if target is not None and not numbered.levels:
                numbered.definition, numbered.levels = target.definition, target.levels
        return lists


def numeral(n: int, format: str) -> str:
    """A number as a ``w:numFmt`` writes it; decimal where the format cannot write it."""
    write = _FORMATS.get(format)
    return write(n) if write is not None and n > 0 else str(n)


def _start(numbered: _List, level: int) -> int:
    return numbered.starts.get(level, numbered.levels[level].start)


def _written(levels: Mapping[int, Level], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    if own.format == "bullet":
        sign = own.text if own.text and not "\ue000" <= own.text[0] <= "\uf8ff" else _BULLET
        return sign + " "
    text = own.text
    for n in range(_LEVELS):
        if f"%{n + 1}" in text:
            shown = levels.get(n, own)
            value = counts[n]
            format = "decimal" if own.legal else shown.format
            number = "" if value is None or format == "none" else numeral(value, format)
            text = text.replace(f"%{n + 1}", number.rjust(shown.pad, "0") if number else "")
    if not text:
        return ""
    if own.suffix == "nothing" or own.suffix == "tab" and text[-1] in "、，．。）)】〕":
        return text
    return text + " "


def _read_levels(node: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for level in node.findall(W + "lvl"):
        found[_int(level.get(W + "ilvl"), 0)] = _read_level(level)
    return found


def _read_level(node: etree._Element) -> Level:
    level = Level()
    restart: int | None = None
    for child in node.iter(W + "start", W + "lvlText", W + "lvlRestart", W + "suff", W + "pStyle"):
        value = child.get(_VAL) or ""
        name = child.tag[len(W) :]
        if name == "start":
            level.start = _int(value, 1)
        elif name == "lvlText":
            level.text = value
        elif name == "lvlRestart":
            restart = _int(value, 0)
        elif name == "suff":
            level.suffix = value
        else:
            level.style = value
    level.restart = restart
    legal = node.find(W + "isLgl")
    level.legal = legal is not None and legal.get(_VAL, "1") not in ("0", "false", "off")
    # A newer format comes first, with a plain one behind it for older programs.
    for format in node.iter(W + "numFmt"):
        level.format = format.get(_VAL) or "decimal"
        if level.format == "custom":
            sample = (format.get(W + "format") or "").split(",")[0].strip()
            if sample.isascii() and sample.isdigit():
                level.format, level.pad = "decimal", min(len(sample), _LEVELS)
                break
            continue
        break
    return level


def _override(numbered: _List, node: etree._Element) -> None:
    at = _int(node.get(W + "ilvl"), 0)
    level = node.find(W + "lvl")
    if level is not None:
        numbered.levels[at] = _read_level(level)
    start = node.find(W + "startOverride")
    if start is not None:
        numbered.starts[at] = _int(start.get(_VAL), 1)


def _read_styles(root: etree._Element | None) -> tuple[dict[str, _Style], str | None]:
    """Paragraph and list styles that matter for numbering, and the default paragraph style."""
    found: dict[str, _Style] = {}
    default: str | None = None
    if root is None:
        return found, default
    for node in root.iter(W + "style"):
        id = node.get(W + "styleId") or ""
        style = _Style()
        base = node.find(W + "basedOn")
        style.based_on = base.get(_VAL) if base is not None else None
        number = node.find(f"{W}pPr/{W}numPr")
        if number is not None:
            list_id, level = number.find(W + "numId"), number.find(W + "ilvl")
            style.list = list_id.get(_VAL) if list_id is not None else None
            style.level = _int(level.get(_VAL), 0) if level is not None else None
        found[id] = style
        if node.get(W + "default") in ("1", "true") and node.get(W + "type") == "paragraph":
            default = id
    return found, default


def _int(value: str | None, otherwise: int) -> int:
    try:
        return int(value) if value else otherwise
    except ValueError:
        return otherwise


def _counting(n: int, digits: str, units: tuple[str, ...]) -> str:
    """Counting numerals to 9,999: 十一, 二十, 一百零五."""
    if n > 9999:
        return str(n)
    text, gap = "", False
    for place, digit in zip(range(len(str(n)) - 1, -1, -1), map(int, str(n)), strict=True):
        if digit == 0:
            gap = True
            continue
        text += ("零" if gap and text else "") + digits[digit] + units[place]
        gap = False
    return text


def _chinese(n: int) -> str:
    text = _counting(n, _CN, _CN_UNITS)
    return text[1:] if text.startswith("一十") else text


def _roman(n: int) -> str:
    if n > 3999:
        return str(n)
    text = ""
    for value, letters in _ROMAN:
        count, n = divmod(n, value)
        text += letters * count
    return text


def _letters(n: int) -> str:
    """a … z, aa, bb, … as word processors count."""
    repeat, letter = divmod(n - 1, 26)
    return chr(ord("a") + letter) * min(repeat + 1, 100)


def _from(first: str, last: str) -> Callable[[int], str]:
    size = ord(last) - ord(first) + 1
    return lambda n: chr(ord(first) + n - 1) if n <= size else str(n)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if n <= len(signs) else str(n)


def _circled(n: int) -> str:
    for first, last, size in ((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")):
        if first <= n <= last:
            return chr(ord(size) + n - first)
    return str(n)


def _full_width(n: int) -> str:
    return "".join(chr(ord(ch) + 0xFEE0) for ch in str(n))


def _digits(n: int) -> str:
    return "".join(_CN[int(ch)] for ch in str(n))


def _legal(n: int) -> str:
    return _counting(n, _LEGAL, _LEGAL_UNITS)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _from("㊀", "㊉"),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _from("⒈", "⒛"),
    "decimalEnclosedParen": _from("⑴", "⒇"),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "numberInDash": lambda n: f"- {n} -",
}
