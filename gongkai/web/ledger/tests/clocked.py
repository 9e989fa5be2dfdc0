"""期限测试的公共部分: a notice of a year to come, clocks, and who acts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from gongkai.statute import notices
from gongkai.web.ledger import deadlines, events
from gongkai.web.ledger.models import Deadline
from gongkai.web.tests.cast import Cast

# Written for these tests: nobody has announced it.
NOTICE = """关于2027年部分节假日安排的通知
元旦：1月1日至3日放假，共3天。
春节：2月5日至11日放假调休，共7天。1月31日、2月14日上班。
清明节：4月3日至5日放假，共3天。
劳动节：5月1日至5日放假调休，共5天。4月25日、5月8日上班。
端午节：6月9日放假1天。
中秋节：9月15日放假1天。
国庆节：10月1日至7日放假调休，共7天。9月26日、10月9日上班。
"""
TODAY = date(2026, 12, 1)


def moment(day: date, hour: int = 9) -> datetime:
    """An hour of a day here."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def act(cast: Cast, day: date = TODAY, who: str = "supervisor") -> events.Act:
    return events.Act(cast.accounts[who], moment(day), "supervisor")


def reading(text: str = NOTICE) -> notices.Reading:
    return notices.read_text(text)


def clock(cast: Cast, start: date, days: int = 20, *, n: int = 1, code: str = "LX-JY") -> Deadline:
    """Working days from a day on, of an invented matter."""
    basis: dict[str, Any] = {"from": start.isoformat(), "days": days}
    return deadlines.open_(
        organ=cast.organs[code],
        subject=f"matter/{n}",
        kind="working_days",
        basis=basis,
        at=moment(start),
    )


def days_of(*days: int) -> Any:
    """The same thresholds for every organ."""

    def thresholds(organs: Collection[int]) -> Mapping[int, Sequence[int]]:
        return dict.fromkeys(organs, days)

    return thresholds
