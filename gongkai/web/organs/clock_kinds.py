"""机关的期限: the clocks of this app's matters, and the days before which organs are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import clocks
from gongkai.web.organs import preferences
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role

REMINDER = "reminder"
KINDS = {
    # Whoever reminded hears of it too, once nothing has come.
    REMINDER: clocks.Clock(
        _("监督提醒"), clocks.fixed, late_roles=(*clocks.OFFICERS, Role.SUPERVISOR)
    )
}


def register() -> None:
    """Tells the ledger of them, when the app is ready."""
    clocks.register(KINDS)


def thresholds(organs: Collection[int]) -> Mapping[int, Sequence[int]]:
    """到期前几天预警: of each organ (pk), by its own setting or its superiors'; two queries."""
    paths = dict(Organ.objects.filter(pk__in=organs).values_list("pk", "path"))
    said = preferences.of_many(paths.values(), "alert.days")
    return {pk: preferences.days(str(said[path])) for pk, path in paths.items()}
