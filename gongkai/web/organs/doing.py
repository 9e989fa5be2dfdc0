"""办理人的取得: who acts in a request, for the actions of this app."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from gongkai.web.organs.actions import Doer


def doer(request: HttpRequest) -> Doer:
    """The signed-in person, now, in the capacity in hand."""
    capacity = getattr(request, "capacity", None)
    return Doer(request.user, timezone.now(), capacity or None)  # type: ignore[arg-type]


def exported(request: HttpRequest, listing: str, kind: str, count: int) -> None:
    """Keeps that somebody took a list along."""
    by = doer(request)
    by.tell(
        "export.made",
        by.capacity.organ if by.capacity else None,
        f"list/{listing}",
        new={"listing": listing, "rows": count, "file": kind},
    )
