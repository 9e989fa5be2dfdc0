"""报告 JSON: ``gongkai.report/1`` read back: one object, JSON lines, or a list of objects.

The reader is strict, because a program or a hand has written this carrier on purpose: a key that
is missing, an address that is not the edition's, a value that does not fit its state is an error
that names its path. Only what is derived (``verdict``) is computed anew, and a key we do not
know is named in a note. Sentences come back in the one language they were written in.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from gongkai.statute import forms, notes, report, texts
from gongkai.statute.texts import Text
from gongkai.statute.writers.json import CHECK, COMPARE, ERROR, REPORT

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_REPORT_KEYS = (
    "schema",
    "file",
    "part",
    "organ",
    "organ_names",
    "kind",
    "year",
    "edition",
    "edition_due",
    "title",
    "period",
    "signed_on",
    "contact",
    "preamble",
    "sections",
    "topics",
    "cells",
    "other_edition_cells",
    "claims",
    "verdict",
    "leftovers",
    "notes",
)
_CELL_KEYS = ("state", "value", "raw", "unit", "place", "confidence", "doubt")
_CLAIM_KEYS = (
    "subject",
    "channel",
    "cells",
    "value",
    "unit",
    "exact",
    "cumulative",
    "raw",
    "place",
)
_PLACE_KEYS = ("page", "bbox", "table", "row", "column", "line")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def reports(data: bytes) -> list[report.AnnualReport]:
    """Every report of a JSON file, in order; raises CannotRead (``error.json``) for all else.

    Lines of ``gongkai.error/1`` are no reports: they are passed over, and a note on the first
    report says which files they name.
    """
    held = contents(data)
    found = [one for one in held if isinstance(one, report.AnnualReport)]
    failed = [one.file for one in held if isinstance(one, Failed)]
    if not found:
        _wrong("", "没有报告", "there is no report in it")
    if failed:
        note = notes.note("read.json_errors", count=len(failed), files="、".join(failed))
        found[0] = replace(found[0], notes=(*found[0].notes, note))
    return found


@dataclass(frozen=True, slots=True)
class Failed:
    """未能读取: a line of ``gongkai.error/1``: the file, and why it could not be read then."""

    file: str
    cause: report.CannotRead


def contents(data: bytes) -> list[report.AnnualReport | Failed]:
    """Every report and every error of a JSON file, in order; raises as `reports` does, but a file
    of errors alone is none."""
    text = _decoded(data)
    from gongkai.statute.readers import json_lines  # stands on this module

    quick = json_lines.reports(text.split("\n"))
    if quick is not None:
        return quick
    values = list(_objects(text))
    if not values:
        _wrong("", "没有报告", "there is no report in it")
    return [
        failed(value, at)
        if isinstance(value, dict) and value.get("schema") == ERROR
        else load(value, at)
        for number, value in enumerate(values, 1)
        for at in [f"[{number}]" if len(values) > 1 else ""]
    ]


def failed(value: dict[str, Any], path: str) -> Failed:
    """One ``gongkai.error/1`` object; raises CannotRead where it is none."""
    file = str(value.get("file"))
    cause = _mapping(value.get("error"), f"{path}.error")
    id = _text(cause.get("id"), f"{path}.error.id")
    text = _text(cause.get("text"), f"{path}.error.text")
    return Failed(file, report.CannotRead(id, texts.same(text)))


# -- from bytes to objects


def _decoded(data: bytes) -> str:
    try:
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        _wrong("", "编码不是 UTF-8", "it is not UTF-8")


def _objects(text: str) -> Iterator[Any]:
    """The JSON values of a text, one after another; a list at the top is taken apart."""
    json_decoder = decoder()
    at = _past_space(text, 0)
    while at < len(text):
        try:
            value, end = json_decoder.raw_decode(text, at)
        except json.JSONDecodeError as cause:
            _wrong("", f"第 {cause.lineno} 行不是 JSON", f"line {cause.lineno} is not JSON")
        except RecursionError:
            _wrong("", "嵌套过深", "it is nested too deeply")
        except ValueError:  # an integer of thousands of digits
            _wrong("", "有过长的数字", "a number in it is too long")
        if LONE_SURROGATE.search(text, at, end):
            _refuse_surrogates(value)
        if isinstance(value, list):
            yield from value
        else:
            yield value
        at = _past_space(text, end)


def decoder() -> json.JSONDecoder:
    """A decoder that takes no key twice and no NaN; what it refuses raises CannotRead."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        _wrong(twice, "同一个键出现两次", "the key stands twice")
    return value


def _no_constant(name: str) -> NoReturn:
    _wrong("", f"{name} 不是数", f"{name} is no number")


def _refuse_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _wrong("", "有不成对的 \\uD800–\\uDFFF 转义", "a \\uD800–\\uDFFF escape stands alone")


# -- from objects to values; `path` is where in the file, for the message


def load(
    value: Any, path: str = "", ready: dict[str, report.Cell] | None = None
) -> report.AnnualReport:
    """One ``gongkai.report/1`` object as a report; raises CannotRead (``error.json``).

    ``path`` is where in the file, for the message; ``ready`` its cells where they are read already.
    """
    if not isinstance(value, dict) or value.get("schema") != REPORT:
        named = value.get("schema") if isinstance(value, dict) else None
        if named == COMPARE:
            raise notes.error("error.comparison")
        if named == CHECK:
            raise notes.error("error.check_result")
        _wrong(
            path or "schema",
            f"应为 {REPORT}，写的是 {_shown(named)}",
            f"{REPORT} is due, it says {_shown(named)}",
        )
    said: tuple[report.Note, ...] = ()
    if isinstance(value.get("rollup"), dict):  # ours too: the totals of `writers.rollup_json`
        value, said = _totals(value), (notes.note("read.json_rollup"),)
    unknown: list[str] = []
    got = _object({"preamble": "", **value}, _REPORT_KEYS, path, unknown)  # older files have none
    edition = _edition(got["edition"], f"{path}.edition")
    read = report.AnnualReport(
        file=_text(got["file"], f"{path}.file"),
        part=_maybe(got["part"], _integer, f"{path}.part"),
        organ=_maybe(got["organ"], _text, f"{path}.organ"),
        organ_names=_texts(got["organ_names"], f"{path}.organ_names"),
        kind=_enum(report.Kind, got["kind"], f"{path}.kind"),
        year=_maybe(got["year"], _year, f"{path}.year"),
        edition=edition,
        edition_due=_edition(got["edition_due"], f"{path}.edition_due"),
        title=_maybe(got["title"], _text, f"{path}.title"),
        period=_period(got["period"], f"{path}.period"),
        signed_on=_maybe(got["signed_on"], _date, f"{path}.signed_on"),
        contact=_maybe(got["contact"], _text, f"{path}.contact"),
        preamble=_text(got["preamble"], f"{path}.preamble"),
        sections=_sections(got["sections"], f"{path}.sections", unknown),
        topics=_topics(got["topics"], f"{path}.topics"),
        cells=_form_cells(got["cells"], edition, f"{path}.cells", unknown)
        if ready is None
        else ready,
        other_edition_cells=_other_cells(
            got["other_edition_cells"], f"{path}.other_edition_cells", unknown
        ),
        claims=_each(got["claims"], _claim, f"{path}.claims", unknown),
        leftovers=_each(got["leftovers"], _leftover, f"{path}.leftovers", unknown),
        notes=_each(got["notes"], _note, f"{path}.notes", unknown),
    )
    if unknown:
        keys = "、".join(dict.fromkeys(unknown))
        said = (*said, notes.note("read.json_keys", keys=keys))
    return replace(read, notes=(*read.notes, *said)) if said else read


def _totals(value: dict[str, Any]) -> dict[str, Any]:
    """A roll-up's object without what says where its figures are from."""
    rest = {key: held for key, held in value.items() if key != "rollup"}
    if isinstance(rest.get("cells"), dict):
        rest["cells"] = {
            address: {k: v for k, v in cell.items() if k not in ("of", "from", "without")}
            if isinstance(cell, dict)
            else cell
            for address, cell in rest["cells"].items()
        }
    return rest


def _sections(value: Any, path: str, unknown: list[str]) -> dict[str, tuple[report.Passage, ...]]:
    sections = _mapping(value, path)
    return {no: _each(ps, _passage, f"{path}.{no}", unknown) for no, ps in sections.items()}


def _passage(value: Any, path: str, unknown: list[str]) -> report.Passage:
    got = _object(value, ("title", "text", "place"), path, unknown)
    return report.Passage(
        _text(got["title"], f"{path}.title"),
        _text(got["text"], f"{path}.text"),
        _place(got["place"], f"{path}.place", unknown),
    )


def _topics(value: Any, path: str) -> dict[str, str]:
    return {name: _text(text, f"{path}.{name}") for name, text in _mapping(value, path).items()}


def _form_cells(
    value: Any, edition: str | None, path: str, unknown: list[str]
) -> dict[str, report.Cell]:
    """The cells in the form's order: every address of the edition and no other."""
    cells = _mapping(value, path)
    addresses = forms.form(edition).specs if edition else {}
    for address in cells:
        if address not in addresses:
            _wrong(
                f"{path}.{address}",
                f"{edition} 年版格式没有这个地址" if edition else "没有 edition 就不能有单元格",
                f"the {edition} form has no such address"
                if edition
                else "without an edition there can be no cells",
            )
    for address in addresses:
        if address not in cells:
            _wrong(f"{path}.{address}", "缺少这个地址", "this address is missing")
    return {a: cell(cells[a], a, f"{path}.{a}", unknown) for a in addresses}


def _other_cells(value: Any, path: str, unknown: list[str]) -> dict[str, report.Cell]:
    cells = _mapping(value, path)
    for address in cells:
        if not any(address in forms.form(edition).specs for edition in forms.editions()):
            _wrong(f"{path}.{address}", "各版格式都没有这个地址", "no form has such an address")
    return {a: cell(c, a, f"{path}.{a}", unknown) for a, c in cells.items()}


def cell(value: Any, address: str, path: str, unknown: list[str]) -> report.Cell:
    """One cell from its object; a key that is none of ours goes to ``unknown``."""
    got = _object(value, _CELL_KEYS, path, unknown)
    state = _enum(report.State, got["state"], f"{path}.state")
    number = _maybe(got["value"], _number, f"{path}.value")
    if (number is not None) != (state is report.State.NUMBER):
        _wrong(
            f"{path}.value",
            f"state 为 {state} 时 value 不能是 {_shown(got['value'])}",
            f"a cell in state {state} cannot hold {_shown(got['value'])}",
        )
    if isinstance(number, int) and is_money(address):
        _wrong(
            f"{path}.value",
            f'金额用字符串写，以万元计，例如 "{number}"',
            f'money is a string in 万元, such as "{number}"',
        )
    return report.Cell(
        state=state,
        value=number,
        raw=_text(got["raw"], f"{path}.raw"),
        unit=_maybe(got["unit"], _text, f"{path}.unit"),
        place=_place(got["place"], f"{path}.place", unknown),
        confidence=_confidence(got["confidence"], f"{path}.confidence"),
        doubt=None if got["doubt"] is None else _doubt(got["doubt"], f"{path}.doubt", unknown),
    )


@functools.cache
def is_money(address: str) -> bool:
    """Whether the cell holds an amount, in any edition."""
    return any(
        (spec := forms.form(edition).specs.get(address)) is not None
        and spec.column.type == "decimal"
        for edition in forms.editions()
    )


def _doubt(value: Any, path: str, unknown: list[str]) -> report.Doubt:
    got = _object(value, ("id", "text"), path, unknown)
    return report.Doubt(
        _text(got["id"], f"{path}.id"), texts.same(_text(got["text"], f"{path}.text"))
    )


def _claim(value: Any, path: str, unknown: list[str]) -> report.Claim:
    got = _object(value, _CLAIM_KEYS, path, unknown)
    return report.Claim(
        subject=_text(got["subject"], f"{path}.subject"),
        value=_number(got["value"], f"{path}.value"),
        raw=_text(got["raw"], f"{path}.raw"),
        channel=_maybe(got["channel"], _text, f"{path}.channel"),
        cells=_texts(got["cells"], f"{path}.cells"),
        unit=_maybe(got["unit"], _text, f"{path}.unit"),
        exact=_flag(got["exact"], f"{path}.exact"),
        cumulative=_flag(got["cumulative"], f"{path}.cumulative"),
        place=_place(got["place"], f"{path}.place", unknown),
    )


def _leftover(value: Any, path: str, unknown: list[str]) -> report.Leftover:
    got = _object(value, ("place", "raw", "values", "candidates"), path, unknown)
    return report.Leftover(
        _text(got["raw"], f"{path}.raw"),
        _texts(got["values"], f"{path}.values"),
        _texts(got["candidates"], f"{path}.candidates"),
        _place(got["place"], f"{path}.place", unknown),
    )


def _note(value: Any, path: str, unknown: list[str]) -> report.Note:
    got = _object(value, ("id", "place", "text"), path, unknown)
    return report.Note(
        _text(got["id"], f"{path}.id"),
        texts.same(_text(got["text"], f"{path}.text")),
        _place(got["place"], f"{path}.place", unknown),
    )


def _place(value: Any, path: str, unknown: list[str]) -> report.Place:
    got = _object(value, _PLACE_KEYS, path, unknown)
    page, table, row, column, line = (
        _maybe(got[key], _integer, f"{path}.{key}")
        for key in ("page", "table", "row", "column", "line")
    )
    return report.Place(page, _bbox(got["bbox"], f"{path}.bbox"), table, row, column, line)


def _bbox(value: Any, path: str) -> report.BBox | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4:
        _wrong(path, "应为四个数", "four numbers are due")
    left, top, right, bottom = (_real(n, path) for n in value)
    return left, top, right, bottom


# -- single values


def _edition(value: Any, path: str) -> str | None:
    edition = _maybe(value, _text, path)
    if edition is not None and edition not in forms.editions():
        known = "、".join(forms.editions())
        _wrong(
            path,
            f"没有 {_shown(edition)} 版，现有 {known}",
            f"no form {_shown(edition)}, only {known}",
        )
    return edition


def _enum(kinds: type[E], value: Any, path: str) -> E:
    try:
        return kinds(value)
    except ValueError:
        known = " | ".join(kinds)
        _wrong(
            path,
            f"应为 {known}，写的是 {_shown(value)}",
            f"{known} is due, it says {_shown(value)}",
        )


def _period(value: Any, path: str) -> tuple[date, date] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        _wrong(path, "应为起止两个日期", "two dates are due")
    return _date(value[0], path), _date(value[1], path)


def _date(value: Any, path: str) -> date:
    try:
        return date.fromisoformat(_text(value, path))
    except ValueError:
        _wrong(
            path,
            f"日期应为 年-月-日，写的是 {_shown(value)}",
            f"{_shown(value)} is no date (YYYY-MM-DD)",
        )


def _number(value: Any, path: str) -> report.Value:
    """A JSON integer is a count; a string is an exact decimal; a float is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    _wrong(
        path,
        f"应为整数，或字符串写的小数，写的是 {_shown(value)}",
        f"an integer or a decimal in a string is due, it says {_shown(value)}",
    )


def _confidence(value: Any, path: str) -> float:
    number = _real(value, path)
    if not 0 <= number <= 1:
        _wrong(
            path,
            f"应在 0 和 1 之间，写的是 {_shown(value)}",
            f"{_shown(value)} is not between 0 and 1",
        )
    return number


def _real(value: Any, path: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    _wrong(path, f"应为数字，写的是 {_shown(value)}", f"a number is due, it says {_shown(value)}")


def _integer(value: Any, path: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    _wrong(path, f"应为整数，写的是 {_shown(value)}", f"an integer is due, it says {_shown(value)}")


def _year(value: Any, path: str) -> int:
    year = _integer(value, path)
    if 1949 <= year <= 2999:
        return year
    _wrong(path, f"应为年份，写的是 {_shown(value)}", f"a year is due, it says {_shown(value)}")


def _flag(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    _wrong(
        path,
        f"应为 true 或 false，写的是 {_shown(value)}",
        f"true or false is due, not {_shown(value)}",
    )


def _text(value: Any, path: str) -> str:
    if isinstance(value, str):
        return value
    _wrong(path, f"应为字符串，写的是 {_shown(value)}", f"a string is due, it says {_shown(value)}")


def _texts(value: Any, path: str) -> tuple[str, ...]:
    return tuple(_text(v, f"{path}[{i}]") for i, v in enumerate(_list(value, path)))


def _maybe(value: Any, kind: Callable[[Any, str], T], path: str) -> T | None:
    return None if value is None else kind(value, path)


def _each(
    value: Any, kind: Callable[[Any, str, list[str]], T], path: str, unknown: list[str]
) -> tuple[T, ...]:
    return tuple(kind(v, f"{path}[{i}]", unknown) for i, v in enumerate(_list(value, path)))


def _list(value: Any, path: str) -> list[Any]:
    if isinstance(value, list):
        return value
    _wrong(path, "应为数组", "a list is due")


def _mapping(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    _wrong(path, "应为对象", "an object is due")


def _object(value: Any, keys: tuple[str, ...], path: str, unknown: list[str]) -> dict[str, Any]:
    """The object with all its keys; a key that is none of ours goes to ``unknown``."""
    got = _mapping(value, path)
    for key in keys:
        if key not in got:
            _wrong(f"{path}.{key}", "缺少这个键", "this key is missing")
    if len(got) > len(keys):
        unknown.extend(f"{path}.{key}".lstrip(".") for key in got if key not in keys)
    return got


def _wrong(path: str, zh: str, en: str) -> NoReturn:
    at = path.lstrip(".")
    raise notes.error(
        "error.json",
        reason=Text(f"{at}：{zh}" if at else zh, f"{at}: {en}" if at else en),
    )


def _shown(value: Any) -> str:
    """A value as it stands in the file, shortened: a message is one line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
