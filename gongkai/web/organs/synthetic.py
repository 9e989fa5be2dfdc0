"""大批示例数据: a tree of any size and its people, invented, equal at every run, for benchmarks.

Written straight into the tables, many rows at a time: it stands for years of work, not for an act.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.ledger import events
from gongkai.web.organs import codes, tree
from gongkai.web.organs.models import Appointment, Level, Organ, OrganKind, OrganName, Placement
from gongkai.web.shell.access import Role

T = TypeVar("T")
BATCH = 5000
SPREAD = 25  # direct subordinates of each organ
SINCE = date(2010, 1, 1)
ADMINISTRATOR = "sy000000"
_KINDS = (
    OrganKind.GOVERNMENT,
    OrganKind.GOVERNMENT,
    OrganKind.DEPARTMENT,
    OrganKind.DISPATCHED,
    OrganKind.PUBLIC_SERVICE,
)
_LEVELS = (Level.CITY, Level.COUNTY, Level.COUNTY, Level.TOWNSHIP, Level.TOWNSHIP)
_WORDS = "松柏桐枫榆槐柳杉桦楠"
_MATTERS = ("教育", "档案", "水务", "林业", "审计", "统计", "交通", "民政", "文旅", "卫健")
_ROLES = (Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.HANDLER, Role.SUPERVISOR)
_NAMES = "甲乙丙丁戊己庚辛壬癸"
_POSTS = ("经办", "审核", "批准", "收发", "监督")


@dataclass(frozen=True, slots=True)
class Filled:
    """填好的数据: the organ at the top and the account that administers all of it."""

    top: Organ
    administrator: Account


@transaction.atomic
def fill(*, organs: int, people: int, password: str = "", events: bool = True) -> Filled:
    """Fills an empty database with ``organs`` organs and ``people`` accounts, one post each.

    The first account administers everything; it has a password where one is given.
    """
    if organs < 1 or people < 1:
        raise ValueError("at least one organ and one person")
    rows = _organs(organs)
    first = rows[0]
    _names_and_places(rows)
    if events:
        _events(rows)
    administrator = _people(rows, people, password)
    return Filled(first, administrator)


def _organs(count: int) -> list[Organ]:
    """Breadth first, so that every superior has its key before its subordinates are made."""
    chance = random.Random(20260301)
    made: list[Organ] = []
    start = 0
    while start < count:
        # One level at a time: those of 1, 25, 625, ... organs.
        end = min(count, 1 if start == 0 else start * SPREAD + 1)
        fresh = [_organ(at, made, chance) for at in range(start, end)]
        for part in _portions(fresh):
            made += Organ.objects.bulk_create(part, batch_size=BATCH)
        start = end
    return made


def _organ(at: int, made: list[Organ], chance: random.Random) -> Organ:
    parent = made[(at - 1) // SPREAD] if at else None
    step = (at - 1) % SPREAD + 1 if at else 1
    path = f"{parent.path if parent else ''}{step:0{tree.STEP}d}"
    depth = min(tree.depth(path), len(_KINDS)) - 1
    word = "".join(chance.choices(_WORDS, k=3))
    name = f"{word}{chance.choice(_MATTERS)}局（{at:06d}）" if at else "示例市人民政府"
    short = f"{word}局" if at else "示例市政府"
    first_17 = f"11{chance.randrange(100000, 700000):06d}{at:09d}"
    credit = first_17 + codes.check_sign(first_17)
    organ = Organ(
        code=f"SY-{at:06d}",
        name=name,
        short_name=short,
        kind=_KINDS[depth],
        level=_LEVELS[depth],
        credit_code=credit,
        division_code=f"{chance.randrange(110000, 650000):06d}",
        parent=parent,
        position=step,
        path=path,
        valid_from=SINCE + timedelta(days=chance.randrange(2000) if at > SPREAD else 0),
    )
    if parent is not None and organ.valid_from < parent.valid_from:
        organ.valid_from = parent.valid_from
    organ.known_as = "\n".join([organ.code, name, short, credit, organ.division_code])
    return organ


def _names_and_places(rows: list[Organ]) -> None:
    for part in _portions(rows):
        OrganName.objects.bulk_create(
            [
                OrganName(organ=o, name=o.name, short_name=o.short_name, valid_from=o.valid_from)
                for o in part
            ],
            batch_size=BATCH,
        )
        Placement.objects.bulk_create(
            [Placement(organ=o, parent_id=o.parent_id, valid_from=o.valid_from) for o in part],
            batch_size=BATCH,
        )


def _events(rows: list[Organ]) -> None:
    at = timezone.make_aware(datetime(2026, 1, 5, 9))  # noqa: DTZ001
    for number, part in enumerate(_portions(rows)):
        events.record_many(
            events.Act(None, at + timedelta(seconds=number * BATCH)),
            [
                events.What(
                    "organ.founded",
                    o.pk,
                    f"organ/{o.code}",
                    {},
                    {"name": o.name, "code": o.code},
                )
                for o in part
            ],
        )


def _people(rows: list[Organ], count: int, password: str) -> Account:
    at = timezone.make_aware(datetime(2026, 1, 5, 9))  # noqa: DTZ001
    unusable = make_password(None)
    accounts: list[Account] = []
    for part in _portions(list(range(count))):
        accounts += Account.objects.bulk_create(
            [
                Account(
                    username=f"sy{n:06d}",
                    name=f"{_NAMES[n % 10]}{_POSTS[n % 5]}{n:06d}",
                    phone=f"0000-{n:08d}",
                    email=f"sy{n:06d}@example.invalid",
                    password=unusable,
                    password_changed_at=at,
                    created_at=at,
                )
                for n in part
            ],
            batch_size=BATCH,
        )
    posts = [
        Appointment(
            account=a,
            organ=rows[n % len(rows)],
            role=(_ROLES[n % 5] if n else Role.ADMINISTRATOR).value,
            valid_from=max(SINCE, rows[n % len(rows)].valid_from),
        )
        for n, a in enumerate(accounts)
    ]
    for part_of in _portions(posts):
        Appointment.objects.bulk_create(part_of, batch_size=BATCH)
    administrator = accounts[0]
    if password:
        administrator.set_password(password)
        administrator.save(update_fields=["password"])
    return administrator


def _portions(rows: list[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while part := list(islice(rest, BATCH)):
        yield part
