"""大批示例申请: applications of any number to the organs of a synthetic tree, for benchmarks; equal
at every run on one day, but for what the vault seals.

Written straight into the tables, in the order of time: what happened to a matter stands among what
happened elsewhere on those days, as in years of work. Each has its whole history, and its row is
what its history replays to; files and letters are left out, and the closed clocks of closed ones.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from django.conf import settings

from gongkai.statute import case_events as e
from gongkai.statute import cases, event_data
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import Event
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import TABLE
from gongkai.statute.clock_events import Channel
from gongkai.statute.grounds import Ground
from gongkai.web.accounts.models import Account
from gongkai.web.applications import life, queries, recording
from gongkai.web.applications.models import NEVER, Applicant, Matter, Request
from gongkai.web.ledger import calendars, chains, keys, numbers, synthetic, vault
from gongkai.web.ledger.models import Deadline, Secret
from gongkai.web.ledger.synthetic import FLUSHED, Events, Table, moments
from gongkai.web.organs.models import Organ
from gongkai.web.shell.access import Role

SINCE = date(2021, 1, 4)  # fees are reckoned since that year
OPEN = 50  # every so many is open
HANDLED = 28  # days that the open ones go back
LARGE = 10  # every so many is the first organ's
_ON = date.min  # in the ways below, for the day it happens
_SIGNS = "ACDEFGHJKLMNPQRTUVWXY34679"
_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_WORDS = "松柏桐枫榆槐柳杉桦楠溪湾岭桥"
_ABOUT = (
    "征地批复和补偿标准", "校车线路和经费安排", "河道整治工程的招标文件", "老旧小区改造预算",
    "公共停车场收费依据", "低保审核结果", "道路施工许可", "环境影响评价批复", "公租房分配名单",
    "财政专项资金使用情况", "食品抽检结果", "规划许可和红线图", "信访事项的办理意见",
    "行政处罚决定", "建设用地审批", "教师招聘成绩", "卫生院药品采购合同", "防汛物资储备",
)  # fmt: skip
_FIRMS = (
    ("贸易有限公司", ApplicantKind.BUSINESS),
    ("律师事务所", ApplicantKind.LEGAL_SERVICE),
    ("环境研究所", ApplicantKind.RESEARCH),
    ("志愿者协会", ApplicantKind.PUBLIC_BENEFIT),
    ("中学", ApplicantKind.OTHER_ORG),
    ("建筑工程有限公司", ApplicantKind.BUSINESS),
)
_CHANNELS = (Channel.IN_PERSON, Channel.SIGNED_MAIL)
_NUMBER = "示公开告〔@号"  # of a letter: “@” stands for the year and the number

Way = tuple[tuple[int, Event], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """填好的数据: how many matters, how many of them are open, how many events tell of them."""

    matters: int
    open: int
    events: int


@dataclass(frozen=True, slots=True)
class Done:
    """一种经过 from one day of arrival: what tells of it, days later; what stands on the row; the
    clock of an open one: its basis, the day it is due, whether that may move."""

    steps: tuple[tuple[int, Callable[..., None], bool], ...]
    row: tuple[Any, ...]
    clock: tuple[str, str | None, bool] | None


def _answer(took: int, ground: Ground, **more: Any) -> Way:
    """From acceptance to the answer, so many days after it came."""
    return (
        (1, e.Accepted(_ON)),
        (took - 3, e.Decided(_ON, ground, **more)),
        (took - 2, e.Reviewed(_ON)),
        (took - 2, e.Approved(_ON)),
        (took - 1, e.Signed(_ON, _NUMBER)),
        (took - 1, e.Sent(_ON, e.Way.MAIL)),
        (took, e.Delivered(_ON)),
    )


_ACCEPTED = (1, e.Accepted(_ON))
_WITHDRAWN = ((3, e.Withdrawn(_ON)),)
CLOSED: tuple[Way, ...] = (
    _answer(12, Ground.DISCLOSED),
    _WITHDRAWN,
    _answer(19, Ground.PARTLY, withheld=(Ground.PROCESS,)),
    ((2, e.ClarificationAsked(_ON, "请写明文件名称或者文号")), (60, e.Lapsed(_ON))),
    _answer(15, Ground.NOT_FOUND, search="已检索档案系统和业务台账，没有"),
    ((1, e.Ended(_ON, "申请人已经取得信息")),),
    (*_answer(20, Ground.DISCLOSED), (30, e.Archived(_ON))),
    _WITHDRAWN,
    _answer(8, Ground.PETITION),
    (_ACCEPTED, (5, e.FeeNotified(_ON, Decimal(100))), (75, e.FeeUnpaid(_ON))),
)
"""How closed ones went: days after their arrival, and what happened then."""

WAITING: tuple[Way, ...] = (
    (),
    (_ACCEPTED,),
    (),
    (_ACCEPTED,),
    ((2, e.ClarificationAsked(_ON, "请写明文件名称或者文号")),),
    _answer(10, Ground.DISCLOSED)[:2],
    (),
    (_ACCEPTED, (2, e.ConsultationSent(_ON, "甲")), (4, e.ConsultationServed(_ON, "甲"))),
    _answer(12, Ground.PARTLY, withheld=(Ground.PROCESS,))[:4],
    (_ACCEPTED, (9, e.ExtensionApproved(_ON)), (10, e.ExtensionTold(_ON))),
)
"""How open ones went, as far as the days since they came reach."""
WAYS = len(CLOSED)
LONGEST = max(after for way in CLOSED for after, _ in way)
assert len(WAITING) == WAYS, "taken in turn"


def fill(
    *, organs: Sequence[Organ], people: Mapping[Role, Account], matters: int, today: date
) -> Filled:
    """So many matters, into a database without any; every ``LARGE``th is the first organ's.

    ``people`` handle, review and approve them. Nothing happens on ``today`` itself.
    """
    vault.ready()
    with synthetic.filling(Request, Applicant, Matter, Deadline):
        return _Filling(organs, people, today - timedelta(days=1)).all(matters)


class _Filling:
    """Fills day by day, up to ``last``."""

    def __init__(self, organs: Sequence[Organ], people: Mapping[Role, Account], last: date) -> None:
        self.organs = [one.pk for one in organs]
        self.people = {role: one.pk for role, one in people.items()}
        self.last = last
        self.calendar = calendars.current()
        self.conventions = life.conventions(organs[0])
        self.chance = Random(20260401)
        self.keys = keys.read()
        self.events = Events()
        self.registered = self._kind("request.registered", Role.HANDLER, {"number": "@"})
        self.later: dict[date, list[tuple[Callable[..., None], int, str, str]]] = defaultdict(list)
        self.numbers: dict[tuple[int, int], int] = defaultdict(int)
        self.requests, self.applicants, self.matters, self.deadlines, self.secrets = _tables()
        self.done = cache(self._done)
        self.count = self.clocks = self.told = 0

    def all(self, matters: int) -> Filled:
        opened = matters // OPEN
        first_open = self.last - timedelta(days=HANDLED)
        last_closed = first_open - timedelta(days=LONGEST + 1)
        arrivals = {
            **_spread(matters - opened, SINCE, last_closed, (0, 2, 4)),
            **_spread(opened, first_open, self.last, range(5)),
        }
        for n in range((self.last - SINCE).days + 1):
            day = SINCE + timedelta(days=n)
            self._day(day, arrivals.get(day, 0), opened=day >= first_open)
        self._flush(1)
        numbers.begin("application", self.numbers)
        return Filled(self.count, opened, self.told)

    def _flush(self, least: int) -> None:
        for table in (
            self.requests, self.applicants, self.matters, self.deadlines, self.secrets, self.events
        ):  # fmt: skip
            table.flush(least)

    def _day(self, day: date, count: int, *, opened: bool) -> None:
        """What comes on a day, then what happens on it to what came before."""
        due = self.later.pop(day, [])
        at = moments(day, count + len(due))
        for _ in range(count):
            self._matter(day, next(at), opened)
        for tell, organ, subject, put in due:
            tell(organ, subject, next(at), put)
        self.told += len(due)
        self._flush(FLUSHED)

    def _matter(self, day: date, at: str, opened: bool) -> None:
        self.count = pk = self.count + 1
        turn, large = divmod(pk, LARGE)
        organ = self.organs[0 if not large else pk % len(self.organs)]
        done = self.done(opened, (pk if large else turn) % WAYS, day)
        self.numbers[organ, day.year] = number = self.numbers[organ, day.year] + 1
        asked, handler = f"request/{pk}", self.people[Role.HANDLER]
        code = "".join(self.chance.choices(_SIGNS, k=10))
        channel = _channel(day).value
        self.requests.add(
            (
                pk, organ, "access", day.year, number, channel, "", day.isoformat(), "", "", code,
                "", handler, at, 1,
            )
        )  # fmt: skip
        kind, named = self._applicant(pk, organ, asked, at)
        place = "".join(self.chance.choices(_WORDS, k=2)) + "街道"
        about = f"{place}{day.year - 1}年{self.chance.choice(_ABOUT)}"
        text = f"申请公开{about}，包括有关的文件、附件和附图，纸质一份。"
        own = f"matter/{pk}"
        self.matters.add(
            (
                pk, pk, organ, 1, about, queries.sought(about, [named]), text, "", kind,
                handler, False, at, len(done.steps) + 1, self._clock(done, organ, own, at),
                *done.row,
            )
        )  # fmt: skip
        self.registered(organ, asked, at, f"{day.year}-{number}")
        self.told += 1
        for after, tell, numbered in done.steps:
            put = f"{day.year}〕{number}" if numbered else ""
            if after:
                self.later[day + timedelta(days=after)].append((tell, organ, own, put))
            else:
                tell(organ, own, at)
                self.told += 1

    def _applicant(self, pk: int, organ: int, asked: str, at: str) -> tuple[str, str]:
        """Two of five are people, some of them with a phone or the number of their document; the
        kind, and what an organisation is called."""
        organisation, code, name, identity, phone = "", "", None, None, None
        if pk % 5 < 2:
            kind = ApplicantKind.NATURAL_PERSON
            family, given = self.chance.choice(_FAMILIES), self.chance.choices(_GIVEN, k=2)
            name = self._secret(organ, asked, at, "name", family + "".join(given))
            if pk % 3 == 0:
                phone = self._secret(organ, asked, at, "phone", f"0000-{pk % 20011:08d}")
            elif pk % 3 == 1:
                number = f"示例{pk % 20021:08d}"
                identity = self._secret(organ, asked, at, "identity_number", number)
        else:
            end, kind = self.chance.choice(_FIRMS)
            organisation = "".join(self.chance.choices(_WORDS, k=3)) + end
            code = f"SL{pk % 20011:016d}" if pk % 2 else ""
        self.applicants.add(
            (
                pk, pk, 1, False, kind.value, kind.value, "", organisation, code, name, identity,
                phone, "",
            )
        )  # fmt: skip
        return kind.value, organisation

    def _secret(self, organ: int, asked: str, at: str, label: str, value: str) -> str:
        key = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        one = Secret(key=key, organ_id=organ, subject=asked, label=label)
        vault.seal(one, value, self.keys, settings.VAULT_ALGORITHM)
        self.secrets.add(
            (
                key.hex, organ, asked, label, one.algorithm, one.key_id, one.nonce, one.sealed,
                vault.mark(value, label, self.keys), at,
            )
        )  # fmt: skip
        return key.hex

    def _clock(self, done: Done, organ: int, own: str, at: str) -> int | None:
        if done.clock is None:
            return None
        self.clocks += 1
        self.deadlines.add((self.clocks, organ, own, life.CLOCK, *done.clock, at))
        return self.clocks

    # -- replayed once for all that came on a day

    def _done(self, opened: bool, turn: int, day: date) -> Done:
        happened: list[tuple[int, Event]] = [(0, e.Received(day, _channel(day)))]
        for after, event in (WAITING if opened else CLOSED)[turn]:
            on = day + timedelta(days=after)
            if on <= self.last:
                happened.append((after, replace(event, on=on)))
        told = [event for _, event in happened]
        case = cases.replay(told, self.conventions, self.calendar, as_of=self.last)
        steps, state = [], None
        for after, event in happened:
            row = TABLE.find(state, event.act)
            assert row is not None
            state = TABLE.target(state, row, None)
            new = {"event": event_data.as_data(event)}
            role = min(recording.DUTIES[row.duty])
            tell = self._kind(f"{life.KIND}{event.act.value}", role, new)
            steps.append((after, tell, isinstance(event, e.Signed)))
        return Done(tuple(steps), *self._stands(case))

    def _kind(self, kind: str, role: Role, new: dict[str, Any]) -> Callable[..., None]:
        return self.events.kind(kind, self.people[role], role.value, chains.encoded(new))

    def _stands(self, case: Case) -> tuple[tuple[Any, ...], tuple[str, str | None, bool] | None]:
        """What is on the row, and its clock."""
        matter = Matter(kind=ApplicantKind.NATURAL_PERSON.value)
        life.project(matter, case)
        clock = None
        if not case.closed:
            basis = life.basis(case)
            due = life.reckon(basis, self.calendar)
            clock = (json.dumps(basis), _text(due.on), due.provisional)
            matter.due_on = due.on or NEVER
        values = (getattr(matter, name) for name in _PROJECTED)
        return tuple(_text(one) if isinstance(one, date) else one for one in values), clock


_PROJECTED = tuple(name for name in life.FIELDS if name != "deadline")


def _tables() -> tuple[Table, Table, Table, Table, Table]:
    return (
        Table(
            Request, "id", "organ", "kind", "year", "number", "channel", "via", "arrived_on",
            "wanted_form", "need", "code", "copied_from", "by", "at", "version",
        ),
        Table(
            Applicant, "id", "request", "position", "is_agent", "kind", "suggested", "kind_reason",
            "organisation", "credit_code", "name", "identity", "phone", "postcode",
        ),
        Table(
            Matter, "id", "request", "organ", "part", "title", "sought", "text", "first_text",
            "kind", "handler",
            "is_key", "at", "version", "deadline", *_PROJECTED,
        ),
        Table(
            Deadline, "id", "organ", "subject", "kind", "basis", "due_on", "provisional",
            "opened_at",
        ),
        Table(
            Secret, "key", "organ", "subject", "label", "algorithm", "key_id", "nonce", "sealed",
            "mark", "made_at",
        ),
    )  # fmt: skip


def _channel(day: date) -> Channel:
    return _CHANNELS[day.toordinal() % len(_CHANNELS)]


def _spread(count: int, first: date, last: date, on: Collection[int]) -> dict[date, int]:
    """So many, evenly over these days of the weeks."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() in on]
    return {
        day: count * (n + 1) // len(days) - count * n // len(days) for n, day in enumerate(days)
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
