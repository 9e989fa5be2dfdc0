"""代码: the unified social credit code and the division code, by their check digits and shapes.

统一社会信用代码: 18 signs, the last a check digit (GB 32100-2015). 行政区划代码: 6, 9 or 12 digits.
"""

from __future__ import annotations

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_sign(first_17: str) -> str:
    """The check digit of the first 17 signs; raises ValueError for a sign that does not occur."""
    total = sum(_SIGNS.index(s) * w for s, w in zip(first_17, _WEIGHTS, strict=True))
    return _SIGNS[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Whether a text is a unified social credit code with a right check digit."""
    if len(code) != 18 or any(s not in _SIGNS for s in code):
        return False
    return check_sign(code[:17]) == code[17]


def is_division_code(code: str) -> bool:
    """Whether a text has the shape of a division code: 6 (county), 9 (township), 12 digits."""
    return code.isascii() and code.isdigit() and len(code) in (6, 9, 12) and code[0] in "12345678"
