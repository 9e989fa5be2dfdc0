"""页面公共内容: how much lies unread, for the bar of every page; asked only where it is shown."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gongkai.web.accounts.models import Account
from gongkai.web.workbench import inbox


def waiting(request: HttpRequest) -> dict[str, Any]:
    """``unread``: "" for none, else as it stands beside the name."""
    return {"unread": SimpleLazyObject(lambda: _unread(request))}


def _unread(request: HttpRequest) -> str:
    account = getattr(request, "user", None)
    if not isinstance(account, Account):
        return ""
    try:
        capacity = request.capacity or None  # type: ignore[attr-defined]
        return inbox.counted(inbox.count(account, capacity))
    except DatabaseError:  # the page that tells of it is shown all the same
        return ""
