"""账号事件的记录: written in the transaction of what they tell of, never altered."""

from __future__ import annotations

from datetime import datetime

from gongkai.web.accounts.models import Account, AccountEvent
from gongkai.web.shell import requests


def record(
    kind: AccountEvent.Kind, *, account: Account, at: datetime, address: str | None
) -> AccountEvent:
    """Adds one event of an account."""
    made = requests.current()
    return AccountEvent.objects.create(
        account=account,
        at=at,
        kind=kind,
        address=address,
        request_id=made.replace("-", "", 1) if made != "-" else "",
    )
