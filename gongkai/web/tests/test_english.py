"""英文用语: the English of the catalogues is set as English is, one word in one part of speech."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from gongkai.web.ledger import events
from gongkai.web.organs import people_forms

WEB = Path(__file__).parents[1]
CATALOGUES = sorted(WEB.glob("**/locale/en/LC_MESSAGES/django.po"))
_MARKUP = re.compile(r"<[^>]*>")


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda f: str(f.relative_to(WEB).parts[0]))
def test_quotes_and_apostrophes_are_curly(file: Path) -> None:
    with file.open("rb") as stream:
        texts = [m.string for m in read_po(stream) if m.id]
    said = [s for t in texts for s in (t if isinstance(t, tuple | list) else (t,))]
    assert said
    assert [s for s in said if re.search("['\"]", _MARKUP.sub("", s or ""))] == []


def test_a_field_for_one_is_labelled_in_the_singular() -> None:
    with translation.override("en"):
        labels = {str(f.label) for f in people_forms.Appoint.base_fields.values()}
        assert "Organ" in labels and not labels & {"Organs", "People"}


def test_an_event_is_told_as_done_and_an_act_as_to_do() -> None:
    with translation.override("en"):
        assert str(events.KINDS["organ.closed"]) == "Organ closed"
        assert translation.gettext("撤销机关") == "Close the organ"
        assert not [k for k, s in events.KINDS.items() if re.search(r"\b(is|are)\b", str(s))]
