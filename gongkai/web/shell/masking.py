"""去标识化: personal data as those see them who need not know them.

By key where the name of a value tells what it is, by shape in running text. What is masked here is
never made whole again: an administrator who needs a telephone number opens the person and says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_letters
from typing import Any

STARS = "****"

# Bounded by anything that would make it part of a longer number or code.
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Seventeen digits with a day of birth among them, and a check character: no credit code has one.
_IDENTITY = re.compile(
    _BEFORE
    + r"[1-9]\d{5}[- ]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[- ]?\d{3}[0-9Xx]"
    + _AFTER
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}" + _AFTER)
_LANDLINE = re.compile(_BEFORE + r"0[1-9]\d{1,2}[- ]?\d{7,8}(?:[-转]\d{1,6})?" + _AFTER)
# Digits, letters and signs of a number or an address, as wide as a Chinese character.
_NARROW = {0xFEE0 + ord(c): c for c in "0123456789@.+-_" + ascii_letters}
_EXTENSION = re.compile(r"(.*\d{7,8})[- 转]{1,2}\d{1,6}")


def phone(value: str) -> str:
    """``138****1234``, ``0571-****5678``: where it is, and enough to tell two apart."""
    said = re.sub(r"^(?:\+|00)86[- ]?", "", value.strip())
    extended = _EXTENSION.fullmatch(said)
    said = extended[1] if extended else said
    digits = "".join(char for char in said if char.isdigit())
    if len(digits) < 7:
        return STARS if said else ""
    area = re.match(r"0\d{2,3}[- ]", said)
    head = area[0] if area else digits[:3] if len(digits) >= 10 else ""
    return f"{head}{STARS}{digits[-4:]}"


def email(value: str) -> str:
    """``z***@example.com``."""
    name, at, host = value.strip().rpartition("@")
    if not at:
        return STARS if value.strip() else ""
    return f"{name[:1]}***@{host}"


def identity(value: str) -> str:
    """A number of an identity document: three characters, stars, four."""
    said = value.strip()
    if len(said) < 10:
        return STARS if said else ""
    return f"{said[:3]}{'*' * (len(said) - 7)}{said[-4:]}"


def name(value: str) -> str:
    """``张**``: the family name of somebody outside the administration."""
    said = value.strip()
    return f"{said[0]}**" if said else ""


def address(value: str) -> str:
    """``浙江省杭州市****``: the place, without the house."""
    said = value.strip()
    return f"{said[: min(6, len(said) // 2)]}{STARS}" if said else ""


# What a value is, told by its key. Officers' own names are no secret; applicants' are.
BY_KEY = {
    "phone": phone,
    "telephone": phone,
    "mobile": phone,
    "fax": phone,
    "email": email,
    "id_number": identity,
    "applicant": name,
    "applicant_name": name,
}


def text(value: str) -> str:
    """Running text with every e-mail address, identity number and telephone number masked, also
    where it is written in wide signs."""
    narrow = value.translate(_NARROW)
    masked = _masked(narrow)
    return value if masked == narrow else masked


def _masked(value: str) -> str:
    value = _MAIL.sub(lambda found: email(found[0]), value)
    value = _IDENTITY.sub(lambda found: identity(found[0]), value)
    value = _MOBILE.sub(lambda found: phone(found[0]), value)
    return _LANDLINE.sub(lambda found: phone(found[0]), value)


def value(key: str, given: Any) -> Any:
    """One value of an event, by its key, else by its shape; lists and mappings all the way down."""
    if isinstance(given, str):
        by_key = BY_KEY.get(key)
        return by_key(given) if by_key else text(given)
    if isinstance(given, Mapping):
        return values(given)
    if isinstance(given, list | tuple):
        return [value(key, one) for one in given]
    return given


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """What an event holds, masked."""
    return {key: value(key, one) for key, one in given.items()}
