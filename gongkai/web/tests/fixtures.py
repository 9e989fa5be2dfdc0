"""测试夹具: fixtures of every test of the service, wherever it stands (loaded by conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from django.test import Client

    from gongkai.web.tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The small district of `gongkai.web.tests.cast`."""
    from gongkai.web.tests import cast as district

    return district.build()


@pytest.fixture
def client_as(cast: Cast) -> Callable[..., Client]:
    """``client_as("handler")``: a browser signed in as one of the cast."""
    return cast.client


@pytest.fixture
def argon2(settings: Any) -> None:
    """Passwords are hashed as in service, for tests of just that."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]


@pytest.fixture(autouse=True)
def _one_language() -> Any:
    """A test that chose a language leaves it to no other."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _emptied_between_tests() -> Any:
    """Tests that commit empty the database after them, also what is only ever added to."""
    from django.test import TransactionTestCase

    case: Any = TransactionTestCase
    from gongkai.web.shell import append_only

    before = case._fixture_teardown

    def teardown(self: Any) -> None:
        with append_only.lifted():
            before(self)

    case._fixture_teardown = teardown
    yield
    case._fixture_teardown = before
