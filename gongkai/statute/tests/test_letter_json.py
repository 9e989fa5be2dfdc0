"""文书的留存: a letter comes back from JSON as it was, of every kind, and sets the same pages."""

from __future__ import annotations

import json

import pytest

from gongkai.statute import letter_json, letter_samples, letters
from gongkai.statute.writers import letter_docx


@pytest.mark.parametrize("id", letters.kinds())
def test_every_kind_comes_back_as_it_was(id: str) -> None:
    kind = letters.kind(id)
    made = letters.compose(
        kind,
        {**letter_samples.values(kind), "tracking_code": "7K2M-Q4TD"},
        letter_samples.dated(kind),
    )
    back = letter_json.letter_of(json.loads(json.dumps(letter_json.plain(made))))
    assert back == made
    assert letter_docx.write([back]).data == letter_docx.write([made]).data
