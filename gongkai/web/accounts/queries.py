"""账号的查询: where an account is signed in, and what was done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongkai.web.accounts import agents, sessions
from gongkai.web.accounts.models import Account, AccountEvent, Session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """登录会话: one place where an account is signed in, as its list tells it."""

    named: str
    browser: str
    system: str
    address: str
    since: datetime
    seen_at: datetime
    is_this: bool


def sessions_of(account: Account, *, this: str | None, at: datetime) -> Sequence[SignedIn]:
    """Where an account is signed in, this session first, then the one used last."""
    rows = Session.objects.filter(sessions.live(at), account=account).order_by("-seen_at")
    found = [
        SignedIn(
            sessions.reference(row),
            agents.browser(row.agent),
            agents.system(row.agent),
            row.address or "",
            row.created_at,
            row.seen_at,
            row.session_key == this,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_this)


def own_events() -> QuerySet[AccountEvent]:
    """账号事件: of all accounts, each with its account; whose may be seen `organs` knows."""
    return AccountEvent.objects.select_related("account")


def wanting_digest() -> QuerySet[Account]:
    """Active accounts with an address that have not declined the daily digest."""
    return (
        Account.objects.filter(is_active=True, wants_digest=True).exclude(email="").order_by("pk")
    )
