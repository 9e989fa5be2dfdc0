"""申请的数据: every value that the law's tables give fits its column (SQLite would not say)."""

from __future__ import annotations

from enum import Enum

import pytest

from gongkai.statute import letter_kinds
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_table import State
from gongkai.statute.clock_events import Channel
from gongkai.statute.grounds import REASONS, Ground
from gongkai.web.applications.models import Applicant, Letter, LetterTemplate, Matter, Request


@pytest.mark.parametrize(
    ("model", "column", "values"),
    [
        (Matter, "state", State),
        (Matter, "ground", Ground),
        (Matter, "kind", ApplicantKind),
        (Applicant, "kind", ApplicantKind),
        (Applicant, "suggested", ApplicantKind),
        (Request, "channel", Channel),
    ],
)
def test_every_value_fits_its_column(model: type, column: str, values: type[Enum]) -> None:
    most = model._meta.get_field(column).max_length  # type: ignore[attr-defined]
    assert max(len(str(one.value)) for one in values) <= most


def test_rows_and_kinds_of_letters_fit_too() -> None:
    rows = Matter._meta.get_field("row").max_length
    assert rows is not None
    assert max(len(one.row_in(year)) for one in REASONS.values() for year in (2019, 2026)) <= rows
    for model in (Letter, LetterTemplate):
        most = model._meta.get_field("kind").max_length
        assert most is not None
        assert max(map(len, letter_kinds.kinds())) <= most
