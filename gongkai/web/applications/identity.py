"""证件号码: an identity number looked at as it is typed: told of where it seems mistyped, never
refused: foreigners, residents of Hong Kong, Macao and Taiwan and soldiers show other documents."""

from __future__ import annotations

import re
from datetime import date

from gongkai.statute.texts import Text

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"\d{17}[\dX]")

_LENGTH = Text(
    "居民身份证号码应为18位，现为{count}位；其他证件不受此限。",
    "The number of a resident identity card has 18 characters, this has {count}; other documents"
    " are not bound by it.",
)
_MISTYPED = Text(
    "证件号码的校验码不符，请与证件核对。",
    "The check digit of the identity number does not fit: compare it with the document.",
)
_BIRTH = Text(
    "证件号码中的出生日期有误，请与证件核对。",
    "The date of birth in the identity number cannot be: compare it with the document.",
)


def doubt(number: str) -> Text | None:
    """What seems wrong with it; None for one that is right, empty or of another document."""
    said = "".join(number.split()).upper()
    if not said or not re.fullmatch(r"\d+X?", said):
        return None
    if len(said) != 18:
        return _LENGTH.within(count=len(said)) if 14 <= len(said) <= 20 else None
    if not _SHAPE.fullmatch(said):
        return None
    try:
        date(int(said[6:10]), int(said[10:12]), int(said[12:14]))
    except ValueError:
        return _BIRTH
    total = sum(int(sign) * weight for sign, weight in zip(said, _WEIGHTS, strict=False))
    return None if _CHECKS[total % 11] == said[17] else _MISTYPED
