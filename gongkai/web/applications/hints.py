"""边填边看: what the rules say of an application as far as it is typed: the day of receipt and why,
the last day to answer, kinds of applicant, mistyped numbers, earlier applications. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.statute import applicant_kinds, articles, case_events, clocks, dated
from gongkai.statute.clock_events import Channel, ClockError, Receipt
from gongkai.statute.texts import Text
from gongkai.web.applications import identity, life, queries, repeats
from gongkai.web.applications.intake import Asker
from gongkai.web.applications.models import Matter
from gongkai.web.applications.repeats import Known
from gongkai.web.ledger import calendars
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ
from gongkai.web.shell.languages import lang


@dataclass(frozen=True, slots=True)
class Days:
    """收到之日和到期日: and why; ``missing`` says what has to be entered first."""

    received: date | None = None
    why: str = ""
    article: str = ""
    irregular: str = ""
    due: date | None = None
    provisional: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """申请人的提示: one applicant's suggested kind and why, and what seems mistyped."""

    number: int
    kind: str = ""
    why: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """提示."""

    days: Days | None  # None: no period runs (Art 41)
    about: tuple[About, ...] = ()
    known: Known = repeats.NOTHING


def _say(text: Text) -> str:
    return text.say(lang())


def days(
    organ: Organ,
    channel: Channel,
    arrived: date,
    *,
    confirmed: date | None = None,
    automatic: bool = False,
    misdirected: bool = False,
) -> Days:
    """The day of receipt under Art 31 and the last day to answer."""
    rules = life.conventions(organ)
    arrival = case_events.Arrival(arrived, confirmed, automatic, misdirected)
    try:
        receipt = case_events.receipt_day(channel, arrival, rules)
        clock = clocks.answer_clock(receipt.day, calendar=calendars.current(), conventions=rules)
    except (dated.NotKnown, ClockError) as wrong:
        return Days(missing=_say(wrong.text))
    return said(receipt, clock.due, clock.provisional)


def said(receipt: Receipt, due: date | None, provisional: bool) -> Days:
    """The days in words."""
    return Days(
        receipt.day,
        _say(receipt.reason),
        _say(articles.provision(receipt.source).brief),
        _say(receipt.irregular) if receipt.irregular else "",
        due,
        provisional,
    )


def about(askers: Sequence[Asker]) -> tuple[About, ...]:
    """Each applicant's, in order; of those nothing can be said of, nothing."""
    found = []
    for number, one in enumerate(askers, 1):
        wrong = identity.doubt(one.identity)
        doubts = [wrong] if wrong else []
        kind = why = ""
        if one.organisation.strip() or one.credit_code.strip():
            suggested = applicant_kinds.applicant_kind(one.credit_code, one.organisation)
            kind, why = _say(applicant_kinds.KINDS[suggested.kind]), _say(suggested.why)
            if suggested.doubt:
                doubts.append(suggested.doubt)
        if kind or doubts:
            found.append(About(number, kind, why, tuple(_say(text) for text in doubts)))
    return tuple(found)


def known(
    capacity: Capacity, askers: Sequence[Asker], texts: Sequence[str], today: date, *, but: int = 0
) -> Known:
    """Earlier matters of the same applicants."""
    principals = [one for one in askers if one.called.strip()]
    ways = repeats.same_applicants(
        names=[one.name for one in principals if not one.organisation],
        identities=[one.identity for one in principals],
        phones=[one.phone for one in principals],
        organisations=[one.organisation for one in principals],
        codes=[one.credit_code for one in principals],
    )
    rows = queries.visible_matters(capacity)
    return repeats.known(rows, ways, texts, today, but=but)


def of_request(capacity: Capacity, matter: Matter, today: date) -> Known:
    """Earlier matters of the applicants of a matter, by the marks that are on record."""
    ways = repeats.like(matter.request)
    rows = queries.visible_matters(capacity)
    return repeats.known(rows, ways, [matter.text], today, but=matter.request_id)
