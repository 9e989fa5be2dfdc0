"""旧台账入库: the rows of an old ledger compared with what is registered, and written.

Written in parts, each with few statements; on SQLite nobody else writes meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import islice

from django.db import connection
from django.utils import timezone

from gongkai.statute import applicant_kinds, event_data
from gongkai.statute.case_events import Act, TakenOver
from gongkai.statute.texts import Text
from gongkai.web.applications import intake, life, queries, recording
from gongkai.web.applications.models import Applicant, Matter, OldLedger, Request
from gongkai.web.applications.old_ledger_rows import HEADINGS, Found, Old, Problem
from gongkai.web.ledger import events, numbers, vault
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Organ

NUMBERS = "application"  # the kind of number that registering draws
_PART = 500
_SECRETS = ("name", "identity_number", "phone", "email", "address")
_MORNING = time(9)


def hold(organ: Organ) -> None:
    """Two ledgers of one organ are taken in one after the other."""
    if connection.vendor == "postgresql":
        Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)


# -- comparing


def compare(organ: Organ, found: Found) -> None:
    """Tells which rows are registered already: by number, and where there is none by day, applicant
    and wording; and which of the latter stand in the file twice, which may be so."""
    taken = _taken(organ, found.rows)
    alike = _alike(organ, [one for one in found.rows if one.number is None])
    seen: dict[tuple[object, ...], Old] = {}
    for one in found.rows:
        if one.number is None:
            likeness = _likeness(one)
            number, first = alike.get(likeness), seen.setdefault(likeness, one)
            if number:
                _tell(found, one, "text", *_words(number))
            elif first is not one:
                _tell(found, one, "text", *_twice(first), warning=True)
        elif one.number in taken:
            _tell(found, one, "number", *_words("{}-{}".format(*one.number)))


def _words(number: str) -> tuple[str, str]:
    zh = f"台账里已有这件申请（{number}）。请删去这一行。"
    return zh, f"This application is registered already ({number}): delete the row."


def _twice(first: Old) -> tuple[str, str]:
    where = f"{first.sheet}!{first.row}"
    zh = f"与 {where} 的收到日期、申请人和内容都相同；重复登记的请删去一行，否则计为两件。"
    return zh, f"Day, applicant and wording are those of {where}: delete one, or both count."


def _tell(found: Found, one: Old, column: str, zh: str, en: str, *, warning: bool = False) -> None:
    found.add(Problem(one.sheet, one.row, HEADINGS[column][0], Text(zh, en), warning))


def _taken(organ: Organ, rows: Sequence[Old]) -> set[tuple[int, int]]:
    years = {one.number[0] for one in rows if one.number}
    held = Request.objects.filter(organ=organ, year__in=years)
    return set(held.values_list("year", "number"))


def _alike(organ: Organ, rows: Sequence[Old]) -> dict[tuple[object, ...], str]:
    """By likeness: the number of what is registered."""
    if not rows:
        return {}
    vault.ready()  # names are compared by their marks
    days = [one.paper.arrived_on for one in rows]
    held = Matter.objects.filter(
        organ=organ, request__arrived_on__gte=min(days), request__arrived_on__lte=max(days)
    )
    of = ("request__arrived_on", "text", "request__year", "request__number")
    who = ("request__applicants__organisation", "request__applicants__name__mark")
    return {
        (day, organisation or mark or "", text): f"{year}-{number}"
        for day, text, year, number, organisation, mark in held.values_list(*of, *who)
    }


def _likeness(one: Old) -> tuple[object, ...]:
    asker = one.paper.askers[0]
    called = asker.organisation or vault.mark(asker.name, "name")
    return one.paper.arrived_on, called, one.paper.asked[0].text.strip()


# -- writing


def write(run: OldLedger, found: Found, *, by: Doer, progress: Callable[[int], None]) -> None:
    """Everything that was found, in the caller's transaction."""
    done = 0
    for rows in _parts(_numbered(run.organ, found.rows)):
        requests = _requests(run, rows, by)
        _applicants(run.organ, requests, [old for old, _ in rows], by)
        matters = []
        for request, (old, _number) in zip(requests, rows, strict=True):
            matter = _matter(request, old, by)
            if old.case is not None:
                life.project(matter, old.case)
            matters.append(matter)
        Matter.objects.bulk_create(matters)
        _say(run, requests, matters, [old for old, _ in rows], by)
        for matter, (old, _number) in zip(matters, rows, strict=True):
            if not isinstance(old.event, TakenOver):
                recording.record(by, matter, old.event)
        done += len(rows)
        progress(done)
    summary = found.summary()
    by.tell(
        "oldledger.taken_in",
        run.organ,
        f"oldledger/{run.pk}",
        new={"file": run.file_name, "count": summary["rows"], "closed": summary["closed"]},
    )


def _parts(
    rows: Iterable[tuple[Old, tuple[int, int]]],
) -> Iterator[list[tuple[Old, tuple[int, int]]]]:
    left = iter(rows)
    while part := list(islice(left, _PART)):
        yield part


def _numbered(organ: Organ, rows: Sequence[Old]) -> Iterator[tuple[Old, tuple[int, int]]]:
    """Each with the number it has, or the next one of its year."""
    last: dict[int, int] = {}
    for one in rows:
        if one.number:
            year, number = one.number
            last[year] = max(last.get(year, 0), number)
    for year, number in last.items():
        numbers.reach(organ, NUMBERS, year, number)
    without = Counter(one.paper.arrived_on.year for one in rows if not one.number)
    drawn = {
        year: iter(numbers.draw_many(organ, NUMBERS, year, count))
        for year, count in without.items()
    }
    for one in rows:
        year = one.paper.arrived_on.year
        yield one, one.number or (year, next(drawn[year]))


def _at(old: Old) -> datetime:
    """The day of the old ledger, so that lists have it where it belongs; events tell the truth."""
    return timezone.make_aware(datetime.combine(old.paper.arrived_on, _MORNING))


def _requests(
    run: OldLedger, rows: Sequence[tuple[Old, tuple[int, int]]], by: Doer
) -> list[Request]:
    made = []
    for old, (year, number) in rows:
        where = f"{run.file_name} {old.sheet}!{old.row}"
        made.append(
            Request(
                organ=run.organ,
                year=year,
                number=number,
                channel=old.paper.channel.value,
                arrived_on=old.paper.arrived_on,
                code=intake.new_code(),
                copied_from=where[-200:],
                by=by.by,
                at=_at(old),
            )
        )
    return Request.objects.bulk_create(made)


def _applicants(organ: Organ, requests: Sequence[Request], rows: Sequence[Old], by: Doer) -> None:
    told, places = [], []
    for request, old in zip(requests, rows, strict=True):
        one = old.paper.askers[0]
        values = (one.name, one.identity, one.phone, one.email, one.address)
        for label, value in zip(_SECRETS, values, strict=True):
            if value:
                told.append((f"request/{request.pk}", label, value))
                places.append((request.pk, label))
    sealed = dict(zip(places, vault.put_many(told, organ=organ, at=by.at), strict=True))
    made = []
    for request, old in zip(requests, rows, strict=True):
        one = old.paper.askers[0]
        assert one.kind is not None
        suggested = applicant_kinds.applicant_kind(one.credit_code, one.organisation).kind
        made.append(
            Applicant(
                request=request,
                position=1,
                kind=one.kind.value,
                suggested=suggested.value,
                kind_reason=one.kind_reason if one.kind is not suggested else "",
                organisation=one.organisation,
                credit_code=one.credit_code,
                name=sealed.get((request.pk, "name")),
                identity=sealed.get((request.pk, "identity_number")),
                phone=sealed.get((request.pk, "phone")),
                email=sealed.get((request.pk, "email")),
                address=sealed.get((request.pk, "address")),
            )
        )
    Applicant.objects.bulk_create(made)


def _matter(request: Request, old: Old, by: Doer) -> Matter:
    kind = old.paper.askers[0].kind
    assert kind is not None
    closed = isinstance(old.event, TakenOver)
    title = old.paper.asked[0].title.strip()
    return Matter(
        request=request,
        organ=request.organ,
        title=title,
        sought=queries.sought(title, [old.paper.askers[0].organisation]),
        text=old.paper.asked[0].text.strip(),
        state="",
        kind=kind.value,
        handler=None if closed else by.by,
        at=request.at,
        is_open=not closed,
    )


def _say(
    run: OldLedger,
    requests: Sequence[Request],
    matters: Sequence[Matter],
    rows: Sequence[Old],
    by: Doer,
) -> None:
    told = []
    for request, matter, old in zip(requests, matters, rows, strict=True):
        where = f"{old.sheet}!{old.row}"
        new = {"number": intake.number_of(request), "file": run.file_name, "where": where}
        told.append(
            events.What("request.taken_over", run.organ_id, f"request/{request.pk}", {}, new)
        )
        if isinstance(old.event, TakenOver):
            kind = f"{life.KIND}{Act.TAKE_OVER.value}"
            held = {"event": event_data.as_data(old.event)}
            told.append(events.What(kind, run.organ_id, life.address(matter), {}, held))
    events.record_many(by.act, told)
