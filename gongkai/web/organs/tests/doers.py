"""办理人: who does it, for tests that call actions themselves."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from gongkai.web.organs import capacity
from gongkai.web.organs.actions import Doer
from gongkai.web.tests.cast import Cast


def doer(cast: Cast, who: str = "administrator", *, at: datetime | None = None) -> Doer:
    """Somebody of the cast, in the capacity that is theirs first."""
    now = at or timezone.now()
    account = cast.accounts[who]
    held = capacity.of_account(account, timezone.localdate(now))
    return Doer(account, now, held[0] if held else None)


def today() -> date:
    return timezone.localdate()
