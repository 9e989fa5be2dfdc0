"""查找: words and numbers of persons in a run of characters: identity numbers, telephones, bank
cards, e-mail addresses, and whatever words one names.

What is found is a proposal; a person decides. It is better to propose too much than too little:
spaces, hyphens and line breaks inside a number or a word do not hide it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_S = r"[\s\-]{0,3}"  # what may stand between two digits: a space, a hyphen, the end of a line
_EARLIEST = 1880

# 省级代码: the first two digits of an identity number; 9 begins that of a foreigner's card.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─﹣－\x02\ufffe", "-"))


@dataclass(frozen=True, slots=True)
class Hit:
    """命中: the characters from ``start`` to ``stop``, and why."""

    start: int
    stop: int
    reason: str
    sure: bool = True


def folded(char: str) -> str:
    """A character as it is compared: half-width, small, one kind of hyphen."""
    return unicodedata.normalize("NFKC", char.translate(_DASHES)).translate(_DASHES).casefold()


def hits(text: str, terms: Sequence[str], patterns: Sequence[str]) -> list[Hit]:
    """Everything found in a text of `folded` characters, in its order.

    Raises KeyError for an unknown pattern, ValueError for a term without a letter or a digit.
    """
    found = [hit for name in patterns for hit in _together(PATTERNS[name](text), name)]
    bare, places = _without_gaps(text)
    for term in terms:
        wanted, _ = _without_gaps("".join(map(folded, term)))
        if not wanted:
            raise ValueError(f"no word: {term!r}")
        at = bare.find(wanted)
        while at >= 0:
            found.append(Hit(places[at], places[at + len(wanted) - 1] + 1, "term"))
            at = bare.find(wanted, at + 1)
    return sorted(found, key=lambda hit: (hit.start, hit.stop, hit.reason))


def _without_gaps(text: str) -> tuple[str, list[int]]:
    """The text without white space and hyphens, and where each of its characters stands."""
    places = [at for at, c in enumerate(text) if not (c.isspace() or c == "-")]
    return "".join(text[at] for at in places), places


def _together(found: Iterator[Hit], reason: str) -> list[Hit]:
    """Hits of one pattern that overlap, as one."""
    joined: list[Hit] = []
    for hit in sorted(found, key=lambda hit: hit.start):
        last = joined[-1] if joined else None
        if last and hit.start < last.stop:
            stop, sure = max(last.stop, hit.stop), last.sure or hit.sure
            joined[-1] = Hit(last.start, stop, reason, sure)
        else:
            joined.append(hit)
    return joined


def _every(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[tuple[int, int, str]]:
    """Every match, overlapping ones too: a wrong one must not hide a right one that begins
    inside it. With its letters and digits alone."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.start(1), match.end(1), re.sub(r"[\s\-]", "", match[1])


def _digits(first: str, more: int, last: str = "") -> str:
    """A number of so many digits after the first, whatever stands between them."""
    return first + rf"(?:{_S}\d)" * more + (_S + last if last else "")


def _alone(*numbers: str) -> list[re.Pattern[str]]:
    """Numbers that are no part of a longer one."""
    return [re.compile(rf"(?<!\d)(?=({number})(?!\d))") for number in numbers]


# -- the patterns


_ID_18 = _alone(_digits("[1-9]", 16, "[0-9x]"))
_ID_15 = _alone(_digits("[1-9]", 14))
_MOBILE = _alone(rf"(?:\+?8{_S}6{_S})?" + _digits("1", 0, "[3-9]") + rf"(?:{_S}\d)" * 9)
_AREA = rf"\(?0(?:{_S}\d){{2,3}}{_S}\)?{_S}"
_LANDLINE = _alone(*(_AREA + _digits("[2-9]", more) for more in (6, 7)))
_NAMED = [
    re.compile(rf"(?:电话|座机|传真|tel|phone|fax)[^\d\r\n]{{0,6}}(?=({number})(?!\d))")
    for number in (_digits("[2-9]", 6), _digits("[2-9]", 7))
]
_CARD = _alone(*(_digits("[3-69]", more) for more in range(14, 19)))
_B = r"[\r\n]{0,2}"
_EMAIL = re.compile(
    rf"(?:[a-z0-9._%+\-]{_B}){{1,64}} ?@ ?{_B}(?:[a-z0-9\-]{_B}){{1,63}}"
    rf"(?:\.{_B}(?:[a-z0-9\-]{_B}){{1,63}}){{1,6}}"
)


def _identity(text: str) -> Iterator[Hit]:
    """居民身份证号码, 18 digits (GB 11643) or the 15 of old cards.

    A number with region and birth date in their places is proposed even with a wrong check digit:
    it may be misread or mistyped.
    """
    for start, stop, number in _every(_ID_18, text):
        total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False))
        right = _CHECKS[total % 11] == number[17]
        if _PROVINCE.match(number) and _is_day(number[6:14]):
            yield Hit(start, stop, "id_number", right)
    for start, stop, number in _every(_ID_15, text):
        if _PROVINCE.match(number) and _is_day("19" + number[6:12]):
            yield Hit(start, stop, "id_number")


def _is_day(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    try:
        date(year, month, day)
    except ValueError:
        return False
    return _EARLIEST <= year < 2100


def _mobile(text: str) -> Iterator[Hit]:
    for start, stop, _ in _every(_MOBILE, text):
        yield Hit(start, stop, "mobile")


def _landline(text: str) -> Iterator[Hit]:
    """With the area code, or after a word such as 电话."""
    for start, stop, _ in _every([*_LANDLINE, *_NAMED], text):
        yield Hit(start, stop, "landline")


def _bank_card(text: str) -> Iterator[Hit]:
    for start, stop, number in _every(_CARD, text):
        if luhn(number):
            yield Hit(start, stop, "bank_card")


def luhn(number: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812)."""
    doubled = [int(d) * (2 if at % 2 else 1) for at, d in enumerate(reversed(number))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _email(text: str) -> Iterator[Hit]:
    for match in _EMAIL.finditer(text):
        yield Hit(match.start(), match.start() + len(match[0].rstrip()), "email")


PATTERNS: dict[str, Callable[[str], Iterator[Hit]]] = {
    "id_number": _identity,
    "mobile": _mobile,
    "landline": _landline,
    "bank_card": _bank_card,
    "email": _email,
}
"""查找项: what can be searched for by its form."""
