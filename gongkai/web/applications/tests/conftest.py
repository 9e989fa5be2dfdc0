"""A test that lasts one transaction commits nothing: letters are made as soon as they are kept."""

from __future__ import annotations

import pytest

from gongkai.web.applications import letter_rendering
from gongkai.web.applications.models import Letter
from gongkai.web.organs.actions import Doer


@pytest.fixture(autouse=True)
def made_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for tests that do commit."""

    def at_once(*, by: Doer, letter: Letter) -> None:
        letter_rendering.make(pk=letter.pk, by=by.by, at=by.at)
        letter.refresh_from_db()

    if "transactional_db" not in request.fixturenames:
        monkeypatch.setattr(letter_rendering, "after_commit", at_once)
