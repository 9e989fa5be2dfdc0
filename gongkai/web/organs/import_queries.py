"""导入的查询: which imports somebody may see."""

from __future__ import annotations

from django.db.models import QuerySet

from gongkai.web.organs import tree
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import ImportRun
from gongkai.web.shell.access import Role


def visible_runs(capacity: Capacity | None) -> QuerySet[ImportRun]:
    """The imports into a subtree, for its administrators."""
    if capacity is None or capacity.role is not Role.ADMINISTRATOR:
        return ImportRun.objects.none()
    top = capacity.organ.path
    rows = ImportRun.objects.filter(organ__path__gte=top, organ__path__lt=tree.end(top))
    return rows.select_related("organ", "by")


def waiting_runs(capacity: Capacity | None) -> QuerySet[ImportRun]:
    """Those that were checked and wait for somebody to confirm them, the oldest first."""
    return visible_runs(capacity).filter(state=ImportRun.State.CHECKED).order_by("started_at")
