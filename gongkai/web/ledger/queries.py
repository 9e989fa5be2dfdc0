"""台账的查询: rows for the apps above, which cut them to what a person may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from gongkai.web.ledger.models import Attachment, Event, Message
from gongkai.web.shell import requests


def events() -> QuerySet[Event]:
    """Every event. Whoever shows some starts from a ``visible_…`` query of the app above."""
    return Event.objects.all()


def events_of(subject: str) -> QuerySet[Event]:
    """经过: the events of a matter, newest first."""
    return Event.objects.filter(subject=subject).select_related("by").order_by("-at", "-pk")


def attachments_of(subject: str) -> QuerySet[Attachment]:
    """The files attached to a matter and not removed, in the order they came."""
    found = Attachment.objects.filter(subject=subject, removed_at__isnull=True)
    return found.select_related("file", "by").order_by("pk")


def files_of(*subjects: str) -> list[Attachment]:
    """The files of several matters, of the first one first."""
    found = Attachment.objects.filter(subject__in=subjects, removed_at__isnull=True)
    rows = requests.asked_once(
        ("files", subjects), lambda: list(found.select_related("file", "by").order_by("pk"))
    )
    return sorted(rows, key=lambda one: subjects.index(one.subject))


def messages() -> QuerySet[Message]:
    """待发消息: every one. Whoever shows some cuts them to the organs a person may open."""
    return Message.objects.all()


def given_up(organs: QuerySet[Any]) -> QuerySet[Message]:
    """The messages of these organs that could not be sent, newest first."""
    found = Message.objects.filter(state=Message.State.GIVEN_UP, organ__in=organs)
    return found.select_related("organ").order_by("-made_at", "-pk")


def put_before(keys: Collection[str]) -> set[str]:
    """Which of these messages were written already, by their keys."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
