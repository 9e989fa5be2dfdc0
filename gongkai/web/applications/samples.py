"""案卷评查: closed cases drawn of a period by a seed; the sheet to score
them on."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.applications import words
from gongkai.web.applications.models import Matter

MOST = 100  # drawn at once


@dataclass(frozen=True, slots=True)
class Item:
    """评查项目: what is looked at, and what it is worth."""

    id: str  # for ever: points are kept by it
    name: Promise
    look: Promise
    points: int


ITEMS = (
    Item("registration", _("登记"), _("到达、收到日期与渠道相符，原件附卷，回执已出具"), 10),
    Item("clarification", _("补正"), _("需要补正的一次性告知，七个工作日内，期限合理"), 10),
    Item("consultation", _("征求意见"), _("应当征求的已征求，送达、答复日期有凭证"), 10),
    Item("time", _("期限"), _("在法定期限内答复；延期经负责人同意并告知"), 20),
    Item("grounds", _("事实和依据"), _("检索记录、理由和所依据的条款齐全、相符"), 20),
    Item("letter", _("答复文书"), _("要素齐全，救济途径、期限和机关正确，用印、文号齐全"), 20),
    Item("delivery", _("送达和归档"), _("送达有凭证，卷宗按顺序归档"), 10),
)


def drawn(rows: QuerySet[Matter], first: date, last: date, count: int, seed: int) -> list[Matter]:
    """``count`` of the matters closed in the period, the same ones for the same seed."""
    closed = rows.filter(is_open=False, closed_on__gte=first, closed_on__lte=last)
    keys = list(closed.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(keys, min(count, MOST, len(keys)))
    found = closed.filter(pk__in=chosen).select_related("request", "organ", "handler")
    return sorted(found, key=lambda one: one.pk)


WHOLE = sum(item.points for item in ITEMS)


@dataclass(frozen=True, slots=True)
class Score:
    """得分: ``points`` out of what the items that apply are worth."""

    points: int
    of: int

    @property
    def rate(self) -> Fraction:
        """得分率, in per cent: what cases with other items that apply are compared by."""
        return Fraction(100 * self.points, self.of)


def score(points: Mapping[str, int], not_applicable: Collection[str] = ()) -> Score | None:
    """合计: None while an item is left open; what does not apply leaves the denominator."""
    applying = [item for item in ITEMS if item.id not in not_applicable]
    if not applying or any(item.id not in points for item in applying):
        return None
    return Score(sum(points[item.id] for item in applying), sum(item.points for item in applying))


def sheet(matters: list[Matter]) -> Iterator[list[object]]:
    """The rows of the score sheet: one for each matter and item, scores left open."""
    for one in matters:
        for item in ITEMS:
            yield [
                words.number(one),
                one.title,
                one.organ.name,
                one.handler.name if one.handler else "",
                one.closed_on,
                str(item.name),
                str(item.look),
                item.points,
                None,
                "",
            ]
