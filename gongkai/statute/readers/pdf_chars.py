"""PDF 字符: from the code a font gives to the character a reader sees, and how wide it stands."""

from __future__ import annotations

import unicodedata

UNKNOWN = "\ufffd"  # a glyph stands here, and the file does not say which
GAP = 0.18  # in ems: digits further apart than this are visibly apart
SPACES = frozenset({9, 10, 13, 32, 0xA0, 0x2002, 0x2003, 0x2009, 0x200B, 0x202F, 0x3000, 0xFEFF})
CONTROLS = frozenset({9, 10, 13, 32})  # never a glyph, whatever the font says

# Fonts often map a character to the radical of the same shape. What a reader sees is the
# character, and no label could be found otherwise.
_SUPPLEMENT = {
    0x2E81: "厂", 0x2E84: "乙", 0x2E85: "亻", 0x2E88: "刀", 0x2E8B: "卩", 0x2E8C: "小",
    0x2E95: "彐", 0x2E96: "忄", 0x2E97: "心", 0x2E98: "扌", 0x2E9D: "月", 0x2E9F: "母",
    0x2EA0: "民", 0x2EA1: "氵", 0x2EA2: "水", 0x2EA3: "灬", 0x2EA9: "王", 0x2EAA: "疋",
    0x2EAB: "目", 0x2EAC: "示", 0x2EAD: "礻", 0x2EAF: "糸", 0x2EB0: "纟", 0x2EB6: "羊",
    0x2EB8: "羊", 0x2EBC: "肉", 0x2EC1: "虎", 0x2EC2: "衣", 0x2EC4: "西", 0x2EC5: "见",
    0x2EC6: "角", 0x2EC8: "讠", 0x2EC9: "贝", 0x2ECB: "车", 0x2ECC: "辶", 0x2ECD: "辶",
    0x2ED0: "钅", 0x2ED1: "長", 0x2ED3: "长", 0x2ED4: "门", 0x2ED6: "阝", 0x2ED8: "青",
    0x2ED9: "韦", 0x2EDA: "页", 0x2EDB: "风", 0x2EDC: "飞", 0x2EDD: "食", 0x2EDF: "食",
    0x2EE0: "饣", 0x2EE2: "马", 0x2EE3: "骨", 0x2EE4: "鬼", 0x2EE5: "鱼", 0x2EE6: "鸟",
    0x2EE7: "卤", 0x2EE8: "麦", 0x2EE9: "黄", 0x2EEA: "黾", 0x2EEC: "齐", 0x2EEE: "齿",
    0x2EF0: "龙", 0x2EF3: "龟",
}  # fmt: skip
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
} | _SUPPLEMENT


def char(code: int) -> str:
    """The character of a code; ``UNKNOWN`` where the font gives a number of its own."""
    if code == 2:
        return "-"  # pdfium's mark for a hyphen at the end of a line
    if code < 32 or code in (0xFFFD, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
        return UNKNOWN
    return _RADICALS.get(code) or chr(code)


def paired(codes: list[int]) -> list[int]:
    """The codes with surrogate pairs put together, -1 in the place of each second half."""
    for index in range(1, len(codes)):
        high, low = codes[index - 1], codes[index]
        if 0xD800 <= high < 0xDC00 <= low < 0xE000:
            codes[index - 1] = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
            codes[index] = -1
    return codes


def is_lost(c: str) -> bool:
    """Whether a font keeps the meaning of a character to itself; Word's bullets are no such."""
    return c == UNKNOWN or ("\ue000" <= c <= "\uf8ff" and not "\uf020" <= c <= "\uf0ff")


def is_wide(c: str) -> bool:
    """Whether a character fills a square: Chinese, its punctuation, full-width forms."""
    return c >= "\u2e80" or c in "“”‘’…—①②③④⑤⑥⑦⑧⑨⑩"


def em(c: str, width: float, height: float) -> float:
    """The size of the type, told from one glyph: a square's width, twice a digit's."""
    high = 0.85 * height
    if is_wide(c) and width > 0.4 * high:
        return width
    if c.isdigit() and 0.3 * high < width < high:
        return min(2 * width, high)
    return high or 10.0
