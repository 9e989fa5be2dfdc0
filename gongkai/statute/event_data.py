"""事件的存储: an event as plain JSON values and back, whatever its class.

The ledger keeps str, int, bool, None, list and dict; `gongkai.statute.cases` takes frozen values.
Dates are ISO text, sums decimal text, enums their value; an event names its act.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


def as_data(event: Any) -> dict[str, Any]:
    """The event's act and fields; fields at their default are left out."""
    data: dict[str, Any] = {"act": str(event.act)}
    for field in fields(event):
        value = getattr(event, field.name)
        if value != field.default:
            data[field.name] = _plain(value)
    return data


def from_data(data: Mapping[str, Any], classes: Mapping[Any, type[Any]]) -> Any:
    """The event again. Raises ValueError for what is no event of these classes."""
    kinds = {str(act): kind for act, kind in classes.items()}
    kind: Any = kinds.get(data.get("act", ""))
    if kind is None:
        raise ValueError(f"no act {data.get('act')!r}")
    hints = _hints(kind)
    values = {name: value for name, value in data.items() if name != "act"}
    if unknown := set(values) - set(hints):
        raise ValueError(f"{kind.__name__} has no {sorted(unknown)}")
    try:
        return kind(**{name: _value(value, hints[name]) for name, value in values.items()})
    except (ArithmeticError, TypeError) as wrong:
        raise ValueError(f"no {kind.__name__}: {wrong}") from None


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | StrEnum):
        return str(value)
    return value


def _value(value: Any, hint: Any) -> Any:
    """A plain value as the type a field declares."""
    if typing.get_origin(hint) is types.UnionType:
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return tuple(_value(one, typing.get_args(hint)[0]) for one in value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is Decimal or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint(value)
    if not isinstance(value, hint):
        raise ValueError(f"{value!r} is no {hint.__name__}")
    return value
