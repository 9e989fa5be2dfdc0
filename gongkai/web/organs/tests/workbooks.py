"""测试用的工作簿: made in memory, sheet by sheet, as people would fill them in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from gongkai.web.organs import workbook

Rows = Sequence[Sequence[Any]]


def book(sheets: dict[str, Rows], *, formulas: bool = True) -> bytes:
    """An XLSX of these sheets; the first row of each holds the headings. Dates become date cells,
    numbers number cells, texts that begin with ``=`` formulas unless told not to."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            page = made.add_worksheet(title)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(at, column, value, day)
                    elif isinstance(value, bool):
                        page.write_boolean(at, column, value)
                    elif isinstance(value, str) and value and not (formulas and value[0] == "="):
                        page.write_string(at, column, value)
                    elif value is not None and value != "":
                        page.write(at, column, value)
    return out.getvalue()


def filled(*, formulas: bool = True, **sheets: Sequence[dict[str, Any]]) -> bytes:
    """A workbook by the code's own names: ``filled(organs=[{"code": "LX-01", ...}])``.

    Only the columns that some row names are there.
    """
    made: dict[str, Rows] = {}
    for id, rows in sheets.items():
        spec = workbook.by_id()[id]
        columns = [c for c in spec.columns if any(c.id in row for row in rows)]
        made[spec.title] = [
            [c.label for c in columns],
            *[[row.get(c.id, "") for c in columns] for row in rows],
        ]
    return book(made, formulas=formulas)


def organ(code: str, **said: Any) -> dict[str, Any]:
    """A row of a new department of the cast's district."""
    row = {
        "code": code,
        "name": f"临溪区{code}局",
        "short_name": "",
        "kind": "工作部门",
        "level": "县级",
        "parent": "LX",
        "placed_from": "",
        "credit_code": "",
        "division_code": "",
        "valid_from": "2024-01-01",
        "valid_to": "",
    }
    return row | said


def person(username: str, **said: Any) -> dict[str, Any]:
    return {"username": username, "name": f"示例{username}", "phone": "", "email": ""} | said


def post(username: str, code: str, **said: Any) -> dict[str, Any]:
    row = {"username": username, "code": code, "role": "经办人", "valid_from": "2024-01-01"}
    return row | {"valid_to": ""} | said
