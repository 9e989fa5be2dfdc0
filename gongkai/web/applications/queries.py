"""依申请公开的查询: what a person may see of requests and matters.

Every list, page, count, search, export and file of this app starts from a ``visible_…`` function.
Officers see their own organ's and those whose open work it took over, supervisors their subtree;
administrators and auditors see none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from gongkai.web.applications.models import (
    Applicant,
    Checked,
    Correction,
    FileCheck,
    Letter,
    Matter,
    OldLedger,
    Request,
)
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Event
from gongkai.web.organs import people_queries
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import requests
from gongkai.web.shell.access import Role

M = TypeVar("M", bound=Model)
OFFICERS = people_queries.OFFICERS
SEES = people_queries.WORKS_ON_MATTERS


def visible_matters(capacity: Capacity | None) -> QuerySet[Matter]:
    """The matters somebody may open."""
    return people_queries.of_matters(Matter.objects.all(), "organ", capacity)


def visible_requests(capacity: Capacity | None) -> QuerySet[Request]:
    """The requests somebody may open."""
    return people_queries.of_matters(Request.objects.all(), "organ", capacity)


def visible_letters(capacity: Capacity | None) -> QuerySet[Letter]:
    """The letters of the matters and requests for correction somebody may open."""
    return people_queries.of_matters(Letter.objects.all(), "organ", capacity)


def visible_corrections(capacity: Capacity | None) -> QuerySet[Correction]:
    """The requests for correction somebody may open."""
    return people_queries.of_matters(Correction.objects.all(), "organ", capacity)


def sought(title: str, organisations: Iterable[str]) -> str:
    """What the words of a search are looked for in: subject and organisations, in small letters."""
    return "\n".join(filter(None, (title, *organisations))).lower()


def visible_old_ledgers(capacity: Capacity | None) -> QuerySet[OldLedger]:
    """导入旧台账: of one's own organ and of those it took over, for handlers."""
    if capacity is None or capacity.role is not Role.HANDLER:
        return OldLedger.objects.none()
    organs = organ_queries.own_and_predecessors(capacity.organ)
    return OldLedger.objects.filter(organ__in=organs).select_related("organ", "by")


def visible_checks(capacity: Capacity | None) -> QuerySet[FileCheck]:
    """案卷评查: of one's own office and of those below, for supervisors; for officers those that
    are ended and had cases of theirs."""
    if capacity is not None and capacity.role is Role.SUPERVISOR:
        return people_queries.of_subtree(FileCheck.objects.all(), "organ", capacity.organ)
    own = visible_checked(capacity).filter(of=OuterRef("pk"))
    return FileCheck.objects.filter(Exists(own))


def visible_checked(capacity: Capacity | None) -> QuerySet[Checked]:
    """评查的案卷: all of the checks a supervisor sees, as they were drawn, also where an organ has
    moved since: nothing of the case as it goes on. Officers see their own, of ended checks."""
    if capacity is not None and capacity.role is Role.SUPERVISOR:
        return people_queries.of_subtree(Checked.objects.all(), "of__organ", capacity.organ)
    ended = Checked.objects.filter(of__ended_at__isnull=False)
    return people_queries.of_matters(ended, "matter__organ", capacity)


def applicants(request: Request) -> list[Applicant]:
    """Who asks, and the agents, with what the vault has of them."""
    secrets = ("name", "identity", "phone", "email", "address")
    rows = request.applicants.select_related(*secrets)
    return list(requests.asked_once(("applicants", request.pk), lambda: list(rows)))


def told(matter: Matter) -> list[Event]:
    """Everything that is told of a matter and of its request, in order."""
    subjects = (f"matter/{matter.pk}", f"request/{matter.request_id}")
    rows = ledger.events().filter(subject__in=subjects)
    return list(rows.select_related("by").order_by("at", "pk"))


def history(matter: Matter) -> QuerySet[Event]:
    """经过: the matter's events, newest first."""
    return ledger.events_of(f"matter/{matter.pk}")
