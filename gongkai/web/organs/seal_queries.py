"""印章的查询: which picture is printed on a day, and who may see it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from gongkai.web.organs import queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ, Seal


def visible_seals(capacity: Capacity | None) -> QuerySet[Seal]:
    """The pictures somebody may see: those of the organs they may open."""
    return Seal.objects.filter(organ__in=queries.visible_organs(capacity))


def seal_on(organ: Organ, on: date) -> Seal | None:
    """The picture in use on a day; None where there is none."""
    return organ.seals.filter(queries.valid_on(on)).first()


def seal(pk: int) -> Seal | None:
    """The picture of a key, for what was to be printed with it."""
    return Seal.objects.filter(pk=pk).first()
