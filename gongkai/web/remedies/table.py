"""表四: the remedies of a year as the annual report counts them, each figure with its cases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from gongkai.statute import year_counts
from gongkai.statute.remedy_results import KINDS, Column, Kind
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.lists import FIRST_YEAR
from gongkai.web.organs.capacity import Capacity
from gongkai.web.remedies import lists, queries, words
from gongkai.web.shell.access import Role

FORM_SINCE = 2019


def context(capacity: Capacity, year: int, today: date) -> dict[str, Any]:
    """Rows and columns of the official table, its sums, links to the cases."""
    year = min(max(year, FIRST_YEAR), today.year)
    organ = capacity.organ
    rows_of = queries.own(queries.visible_remedies(capacity), capacity)
    counted = queries.counted_by_own(rows_of, year)
    cells = year_counts.filled_four(counted)
    rows = [
        (
            str(said(KINDS[kind])),
            [(cells[f"remedies.{kind}.{column}"], _href(kind, column, year)) for column in Column],
            cells[f"remedies.{kind}.total"],
        )
        for kind in Kind
    ]
    return {
        "organ": organ,
        "whole": capacity.role is Role.SUPERVISOR,
        "year": year,
        "years": range(today.year, FORM_SINCE - 1, -1),
        "columns": [words.column(column) for column in Column],
        "rows": rows,
    }


def _href(kind: Kind, column: Column, year: int) -> str:
    asked = {"kind": kind.value}
    if column is Column.PENDING:  # at the end of the year, whatever became of it since
        asked |= {"counted": f"{year}-{lists.PENDING}"}
    else:
        asked |= {"column": column.value, "counted": str(year)}
    return f"{reverse('remedies:all')}?{urlencode(asked)}"
