"""演示区的申请: the old ledger of the education bureau taken in, and some applications in hand, so
that lists, a case page and the figures of five years are there when somebody tries them.

Made by the same actions that people use; everybody in it is invented.
"""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.clock_events import CHANNELS, Channel, Whom
from gongkai.web.accounts.models import Account
from gongkai.web.applications import (
    intake,
    matter_actions,
    old_ledger_actions,
    old_ledger_book,
    recording,
)
from gongkai.web.applications.intake import Asked, Asker, Paper
from gongkai.web.applications.matter_actions import Asks
from gongkai.web.applications.models import Matter, OldLedger
from gongkai.web.ledger import calendars
from gongkai.web.organs import capacity
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.access import Role
from gongkai.web.shell.uploads import Upload

YEARS = 5
ORGAN = "SF-JY"
_ABOUT = (
    "校车线路和经费", "学校食堂采购合同", "民办学校年检结论", "教师招聘成绩汇总",
    "校舍安全检查记录", "校园改扩建批复", "义务教育入学划片依据", "校服采购招标文件",
)  # fmt: skip
_PEOPLE = ("陈示例", "李样本", "王假设", "赵虚构", "孙例子")
_FIRMS = ("示例餐饮有限公司", "样本建设有限公司", "示例律师事务所", "假设教育研究院")
_OUTCOMES = (
    ("予以公开", 46), ("部分公开", 16), ("本机关不掌握相关政府信息", 12), ("信访举报投诉类申请", 7),
    ("重复申请", 4), ("保护第三方合法权益", 4), ("属于三类内部事务信息", 3), ("其他", 8),
)  # fmt: skip


def build(*, at: datetime) -> int:
    """How many applications there are now; 0 where this is no demonstration district, or where
    there are some already."""
    found = Account.objects.filter(username="handler").first()
    by = _doer(found, at) if found else None
    if by is None or Matter.objects.exists():
        return 0
    chance = random.Random(2024)
    _taken_in(by, list(_rows(chance, timezone.localdate(at))))
    _in_hand(by, timezone.localdate(at))
    return Matter.objects.count()


def _doer(account: Account, at: datetime) -> Doer | None:
    for one in capacity.of_account(account, timezone.localdate(at)):
        if one.role is Role.HANDLER and one.organ.code == ORGAN:
            return Doer(account, at, one)
    return None


def _rows(chance: random.Random, today: date) -> Iterator[dict[str, str]]:
    """Closed applications of the years before this one's, as a ledger in Excel has them."""
    words = [word for word, weight in _OUTCOMES for _ in range(weight)]
    for year in range(today.year - YEARS, today.year):
        for number in range(1, chance.randint(26, 34)):
            received = date(year, 1, 4) + timedelta(days=number * 10 + chance.randint(0, 9))
            received = min(received, date(year, 12, 28))
            answered = received + timedelta(days=chance.randint(5, 26))
            if answered >= today:
                continue
            person = chance.random() < 0.6
            yield {
                "number": f"{year}-{number}",
                "received": received.isoformat(),
                "name": chance.choice(_PEOPLE if person else _FIRMS),
                "phone": f"0000-{chance.randint(0, 99999999):08d}" if person else "",
                "text": f"{year - 1}年{chance.choice(_ABOUT)}",
                "channel": CHANNELS[chance.choice((Channel.ONLINE, Channel.IN_PERSON))].zh,
                "answered": answered.isoformat(),
                "ground": chance.choice(words),
                "letter": f"松教公开告〔{answered.year}〕{number}号",
            }


def _taken_in(by: Doer, rows: list[dict[str, str]]) -> OldLedger:
    out = io.BytesIO()
    old_ledger_book.template(out, rows)
    data, name = out.getvalue(), "教育局依申请公开台账.xlsx"
    digest = hashlib.sha256(data).hexdigest()
    run = old_ledger_actions.start(
        by=by, file=ContentFile(data, name), upload=Upload(digest, len(data), "xlsx", name)
    )
    old_ledger_actions.check(run=run, at=by.at)
    if run.problems:
        raise ValueError(f"the ledger of the demonstration is wrong: {run.problems}")
    old_ledger_actions.confirm(by=by, run=run)
    old_ledger_actions.apply(run=run, at=by.at)
    return run


def _in_hand(by: Doer, today: date) -> None:
    """One just come, one waiting for its applicant, one for a third party, one late, one fresh."""
    person = Asker(ApplicantKind.NATURAL_PERSON, name=_PEOPLE[0], phone="0000-00001234")
    firm = Asker(ApplicantKind.BUSINESS, organisation=_FIRMS[0], phone="0000-00004321")
    _registered(by, _back(today, 0), person, "校车线路和经费")
    clear = _registered(by, _back(today, 4), person, "学校的全部材料")
    _does(by, clear, e.ClarificationAsked(_back(today, 2), "请写明是哪所学校、哪一年的哪种材料"))
    third = _registered(by, _back(today, 9), firm, "学校食堂采购合同")
    _does(by, third, e.Accepted(_back(today, 8)))
    third.refresh_from_db()
    matter_actions.consult(
        by=by,
        matter=third,
        version=third.version,
        on=_back(today, 7),
        parties=[Asks(Whom.THIRD_PARTY, _FIRMS[1], contact="松风区示例路 9 号")],
    )
    late = _registered(by, _back(today, 24), person, "校舍安全检查记录")
    _does(by, late, e.Accepted(_back(today, 22)))
    soon = _registered(by, _back(today, 18), firm, "校服采购招标文件")
    _does(by, soon, e.Accepted(_back(today, 17)))


def _back(today: date, days: int) -> date:
    """So many working days ago, by the calendar."""
    calendar, day = calendars.current(), today
    while days:
        day -= timedelta(days=1)
        days -= calendar.is_working_day(day)
    return day


def _registered(by: Doer, on: date, asker: Asker, about: str) -> Matter:
    assert by.capacity is not None
    paper = Paper(Channel.IN_PERSON, on, (asker,), (Asked(about, f"申请公开{about}，纸质一份。"),))
    return intake.register(by=by, organ=by.capacity.organ, paper=paper).matters.get()


def _does(by: Doer, matter: Matter, event: e.Event) -> None:
    matter.refresh_from_db()
    recording.act(by=by, matter=matter, event=event, version=matter.version)
