"""申请样例: invented applications of the cast's district, made by the service's own actions."""

from __future__ import annotations

from datetime import date

from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.clock_events import Channel
from gongkai.web.applications import intake
from gongkai.web.applications.intake import Asked, Asker, Paper
from gongkai.web.applications.models import Matter
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

PERSON = Asker(
    ApplicantKind.NATURAL_PERSON,
    name="陈示例",
    identity="11010519491231002X",
    phone="0000-00001234",
    address="临溪区示例路 8 号",
    postcode="215000",
)


def paper(
    *,
    arrived: date,
    channel: Channel = Channel.IN_PERSON,
    asked: tuple[Asked, ...] = (Asked("校车安排", "2025 年秋季学期校车线路和经费安排。"),),
    askers: tuple[Asker, ...] = (PERSON,),
    confirmed: date | None = None,
) -> Paper:
    """A paper as an officer would type it."""
    return Paper(channel, arrived, askers, asked, confirmed_on=confirmed)


def registered(cast: Cast, given: Paper, *, code: str = "LX-JY", by: str = "handler") -> Matter:
    """The first matter of it."""
    request = intake.register(
        by=acting(cast, by, code, role=Role.HANDLER), organ=cast.organs[code], paper=given
    )
    return request.matters.get(part=1)
