"""提醒的用语: what a reminder says of itself on the pages of supervisors and officers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.web.organs import event_kinds, reminder_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Reminder
from gongkai.web.shell.look import Act


@dataclass(frozen=True, slots=True)
class Shown:
    """一条提醒: as a notice or a task."""

    title: str
    words: str
    tone: str  # bad once it is overdue
    href: str
    state: str
    acts: list[Act]


def shown(one: Reminder, capacity: Capacity | None, today: date) -> Shown:
    """A reminder as this person sees it."""
    late = one.due_on is not None and one.due_on < today
    acts = []
    if reminder_queries.may_withdraw(capacity, one):
        acts = [Act(_("撤回提醒"), href=reverse("organs:reminder_withdraw", args=[one.pk]))]
    state = _("逾期未办") if late else one.get_kind_display()
    return Shown(told(one, today), one.words, "bad" if late else "warn", link(one), state, acts)


def of_matter(subject: str, capacity: Capacity | None, today: date) -> Shown | None:
    """The open reminder of a matter."""
    found = reminder_queries.open_of(subject)
    return shown(found, capacity, today) if found else None


def told(one: Reminder, today: date) -> str:
    """Who, when, and by when."""
    said = (
        _("%(organ)s监督员%(name)s于 %(day)s 退回，要求更正")
        if one.kind == Reminder.Kind.RETURN
        else _("%(organ)s监督员%(name)s于 %(day)s 提醒")
    ) % {
        "organ": one.given_for.short_name or one.given_for.name,
        "name": one.by.name,
        "day": timezone.localdate(one.at).isoformat(),
    }
    if one.due_on is None:
        return said
    due = (
        _("%(said)s，应于 %(day)s 前办理，已逾期")
        if one.due_on < today
        else _("%(said)s，请于 %(day)s 前办理")
    )
    return due % {"said": said, "day": one.due_on.isoformat()}


def matter(one: Reminder) -> str:
    """What it is about."""
    return str(event_kinds.MATTERS[one.subject.partition("/")[0]])


def link(one: Reminder) -> str:
    """Where it is seen to."""
    return LINKS[one.subject.partition("/")[0]](one)


LINKS: dict[str, Callable[[Reminder], str]] = {
    "particulars": lambda one: reverse("organs:particulars_of", args=[one.organ.code])
}
"""Where each kind of matter is seen to; an app adds its own when it is ready."""
