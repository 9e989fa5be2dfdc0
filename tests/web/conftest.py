"""测试夹具: the walks ask for hundreds of pages, so the cast is built once for each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gongkai.web.tests.cast import Cast


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    from django.db import transaction

    from gongkai.web.tests import cast, furnish

    with django_db_blocker.unblock(), transaction.atomic():
        yield furnish.furnish(cast.build())
        transaction.set_rollback(True)


@pytest.fixture
def cast(_built: Cast, db: None) -> Cast:
    """The cast of the module; whatever a test does to it is undone."""
    return _built
