"""编号: numbers of an organ's matters by kind and year: 1, 2, 3 …, none left out, none twice.

A number belongs to the transaction that draws it: undone, the number is the next one's. Whoever
draws holds the counter until that is over, so it is drawn late and the transaction kept short.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model

from gongkai.web.ledger.models import Counter

# One statement begins the counter or moves it on, so two who are first cannot both begin it.
_DRAW = """
INSERT INTO {table} (organ_id, kind, year, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (organ_id, kind, year) DO UPDATE SET last = {table}.last + %s
"""


def draw(organ: Model, kind: str, year: int) -> int:
    """The next number, in the caller's transaction; raises RuntimeError where there is none."""
    return draw_many(organ, kind, year, 1)[0]


def draw_many(organ: Model, kind: str, year: int, count: int) -> range:
    """The next ``count`` numbers, in the caller's transaction; raises as `draw`."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is drawn in the transaction of what it numbers")
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_DRAW.format(table=table), [organ.pk, kind, year, count, count])
    mine = Counter.objects.filter(organ_id=organ.pk, kind=kind, year=year)
    last = mine.values_list("last", flat=True).get()
    return range(last - count + 1, last + 1)


def begin(kind: str, last: Mapping[tuple[int, int], int]) -> None:
    """The last number of each organ (pk) and year, of a database that is filled from nothing."""
    rows = [
        Counter(organ_id=organ, kind=kind, year=year, last=number)
        for (organ, year), number in last.items()
    ]
    Counter.objects.bulk_create(rows, batch_size=2000)


def reach(organ: Model, kind: str, year: int, last: int) -> None:
    """Numbers were given elsewhere up to ``last``: the next one drawn comes after it."""
    Counter.objects.get_or_create(organ_id=organ.pk, kind=kind, year=year, defaults={"last": 0})
    rows = Counter.objects.filter(organ_id=organ.pk, kind=kind, year=year, last__lt=last)
    rows.update(last=last)
