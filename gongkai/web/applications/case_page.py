"""案件页的内容: what is asked, the clock, what can be done and is awaited, the file, events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.statute import cases, event_data
from gongkai.statute.case_events import EVENTS, OPINIONS, WAYS, Opinion, Way
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import NEEDS, STATES
from gongkai.statute.clock_events import WHOM, Channel, Whom
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.transitions import Duty
from gongkai.web.applications import (
    case_acts,
    case_clock,
    case_letters,
    channels,
    helps,
    hints,
    intake_page,
    life,
    queries,
    recording,
    repeats,
    words,
)
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import Matter, Party
from gongkai.web.ledger import calendars, events, vault
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Event
from gongkai.web.organs import reminder_page
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell import masking
from gongkai.web.shell.access import Role
from gongkai.web.shell.look import Act, Entry, Fact

MORE: list[Callable[[HttpRequest, Matter, Case], SafeString]] = []
"""What apps above show on the page (remedies): each gives HTML; they add themselves when ready."""

HISTORY = 200


def crumbs(matter: Matter, *, here: bool = False) -> list[tuple[str, str]]:
    """From the list down to the page above this one."""
    found = intake_page.crumbs()
    if not here:
        found.append((words.number(matter), reverse("applications:case", args=[matter.pk])))
    return found


def context(request: HttpRequest, matter: Matter, by: Doer, today: date) -> dict[str, Any]:
    """Everything the page shows."""
    calendar = calendars.current()
    told = queries.told(matter)
    own = life.own(matter, told)
    case = life.case_of(matter, as_of=today, calendar=calendar, told=own)
    siblings = list(matter.request.matters.select_related("request").order_by("part"))
    matter.request.parts = siblings  # type: ignore[attr-defined]
    capacity = by.capacity
    assert capacity is not None
    can, cannot = case_acts.of(matter, case, by, today)
    officer = capacity.role is not Role.SUPERVISOR
    known = hints.of_request(capacity, matter, today)
    asked = any(case.consultations())
    parties = list(matter.parties.select_related("name", "contact").order_by("pk")) if asked else []
    return {
        "matter": matter,
        "text": matter.text if officer else masking.text(matter.text),
        "first_text": matter.first_text if officer else masking.text(matter.first_text),
        "number": words.number(matter),
        "crumbs": crumbs(matter, here=True),
        "state": said(STATES[case.state]) if case.state else "",
        "state_tone": words.tone(matter),
        "outcome": words.outcome(matter),
        "clock": case_clock.context(case, today, calendar),
        "facts": list(_facts(matter, told, officer)),
        "applicants": [
            intake_page.applicant_facts(one) for one in queries.applicants(matter.request)
        ],
        "reveals": officer,
        "can": can,
        "cannot": cannot,
        "undo": case_acts.undo(matter, case, by, own[-1] if own else None, today),
        "awaited": [_awaited(one, parties) for one in cases.awaited(case)],
        "parties": list(_parties(case, parties)),
        "files": _files(matter),
        "adds": recording.may_do(by, matter, Duty.HANDLE),
        "siblings": _siblings(matter, siblings),
        "links": [
            (one.get_kind_display(), one.other, words.number(one.other))
            for one in matter.links.select_related("other__request")
        ],
        "known": known,
        "alike": [
            one
            for one in repeats.alike(queries.visible_matters(capacity), matter)
            if one.matter.pk not in {other.matter.pk for other in known.earlier}
        ],
        "history": history(told, parties, capacity),
        "menu": list(_menu(matter, case, by)),
        "reminder": reminder_page.of_matter(life.address(matter), capacity, today),
        "more": [made(request, matter, case) for made in MORE],
        **case_letters.part(matter, case, by),
    }


def _facts(matter: Matter, told: list[Event], officer: bool) -> Iterator[Fact]:
    request = matter.request
    yield Fact(
        _("登记号"),
        number_of(request),
        href=reverse("applications:request", args=[request.pk]),
    )
    if request.kind == request.Kind.CORRECTION:
        yield Fact(_("事项"), request.get_kind_display())
    yield Fact(_("渠道"), channels.said(request.channel, request.via))
    yield Fact(_("到达日期"), request.arrived_on.isoformat())
    yield Fact(_("经办人"), matter.handler.name if matter.handler else _("未交办"))
    yield Fact(_("机关"), matter.organ.name)
    yield Fact(_("获取方式"), request.wanted_form)
    helped = helps.of_request(request, told)
    if helped is not None:
        yield intake_page.help_fact(request, helped, officer)
    if matter.merged_into_id:
        into = matter.merged_into
        assert into is not None
        yield Fact(_("并入"), into.title, href=reverse("applications:case", args=[into.pk]))


def called(parties: list[Party], key: str) -> str:
    """A party by its key and its name, a person's masked."""
    one = next((party for party in parties if party.key == key), None)
    if one is None:
        return key
    name = one.organisation or (vault.shown(one.name) if one.name else "")
    return _("%(key)s（%(name)s）") % {"key": key, "name": name} if name else key


def _awaited(one: cases.Awaited, parties: list[Party]) -> tuple[str, date, date | None]:
    told = str(said(one.text))
    if one.party:
        told = told.replace(one.party, called(parties, one.party))
    return told, one.since, one.until


def _parties(case: Case, parties: list[Party]) -> Iterator[dict[str, Any]]:
    for one in case.consultations():
        held = next((party for party in parties if party.key == one.party), None)
        if one.opinion is not None:
            stand = str(said(OPINIONS[one.opinion]))
        elif one.silent is not None:
            stand = _("逾期未提出意见")
        else:
            stand = _("已撤回") if one.called_off else _("等待意见")
        yield {
            "name": called(parties, one.party),
            "whom": said(WHOM[one.whom]),
            "contact": vault.shown(held.contact) if held and held.contact else "",
            "sent": one.sent,
            "served": one.served,
            "answered": one.answered or one.silent,
            "stand": stand,
            "tone": "warn" if one.open else "",
        }


def _files(matter: Matter) -> list[tuple[str, str, Any, str]]:
    return [
        (
            one.name,
            reverse("applications:file", args=[matter.pk, one.pk]),
            one.at,
            one.by.name if one.by else "",
        )
        for one in ledger.files_of(f"request/{matter.request_id}", life.address(matter))
    ]


def _siblings(matter: Matter, parts: list[Matter]) -> list[tuple[str, str, str, str]]:
    return [
        (
            one.title,
            number_of(matter.request, one, len(parts)),
            words.outcome(one) or words.state(one),
            reverse("applications:case", args=[one.pk]),
        )
        for one in parts
        if one.pk != matter.pk
    ]


def _menu(matter: Matter, case: Case, by: Doer) -> Iterator[Act]:
    """What is done beside the acts of the law."""
    assert by.capacity is not None

    def to(route: str) -> str:
        return reverse(f"applications:{route}", args=[matter.pk])

    if by.capacity.role is Role.SUPERVISOR:
        if matter.is_open:
            yield Act(_("提醒"), href=to("remind"))
        label = _("不再列为重点件") if matter.is_key else _("列为重点件")
        fields = {"version": matter.version, "key": "no" if matter.is_key else "yes"}
        yield Act(label, post=to("key"), fields=fields)
        return
    more = [Act(_("交给其他经办人"), href=to("give"))]
    if recording.may_do(by, matter, Duty.HANDLE):
        if matter.is_open:
            more.append(Act(_("拆分"), href=to("split")))
        more.append(Act(_("改变申请人类别"), href=to("applicant_kind")))
        more.append(Act(_("标记为相同申请"), href=to("link")))
    if recording.may_do(by, matter, Duty.APPROVE) and matter.is_open:
        more.append(Act(_("并入其他事项"), href=to("merge")))
    if recording.may_do(by, matter, Duty.HANDLE) or len(more) > 1:
        yield Act(_("更多"), more=more)


# -- what happened


_FIELDS = {
    "late_reason": gettext_lazy("逾期的原因"),
    "days": gettext_lazy("延长几个工作日"),
    "until": gettext_lazy("期限"),
    "other_organ": gettext_lazy("负责公开的机关"),
    "confirmed": gettext_lazy("与申请人确认之日"),
    "via": gettext_lazy("具体渠道"),
}
_LISTED: dict[str, Callable[[Any], Any]] = {
    "opinion": lambda value: said(OPINIONS[Opinion(value)]),
    "way": lambda value: said(WAYS[Way(value)]),
    "whom": lambda value: said(WHOM[Whom(value)]),
    "ground": lambda value: said(REASONS[Ground(value)].name),
    "channel": lambda value: channels.said(Channel(value)),
    "reasonable": lambda value: _("是") if value else _("否"),
}


def history(told: list[Event], parties: list[Party], capacity: Capacity) -> list[Entry]:
    """经过: of the matter and of its request, newest first."""
    supervisor = capacity.role is Role.SUPERVISOR
    found = []
    for one in told[::-1][:HISTORY]:
        note = _note(one.new, parties) if "event" in one.new else ""
        if supervisor:
            note = masking.text(note)
        text = events.sentence(one)
        if one.kind == "deadline.moved" and not one.new.get("due_on"):
            text = _("答复期限暂停计算，原为 %(day)s") % {"day": one.old.get("due_on_before", "")}
        elif one.kind == "deadline.moved" and not one.old.get("due_on_before"):
            text = _("答复期限继续计算，至 %(day)s") % {"day": one.new["due_on"]}
        found.append(Entry(one.at, text, events.who(one), note))
    return found


def _note(new: dict[str, Any], parties: list[Party]) -> str:
    told = dict(new["event"])
    event = event_data.from_data(told, EVENTS)
    said_all = [event.on.isoformat()]
    for name, value in told.items():
        if name in ("act", "on") or value in ("", False, None, []):
            continue
        if name == "party":
            said_all.append(called(parties, str(value)))
        elif name in _LISTED:
            said_all.append(_pair(name, _LISTED[name](value)))
        elif isinstance(value, list):
            shown = [str(_LISTED["ground"](v)) if name == "withheld" else str(v) for v in value]
            said_all.append(_pair(name, _("、").join(shown)))
        elif not isinstance(value, bool):
            said_all.append(_pair(name, value))
    return " · ".join(said_all)


def _pair(name: str, value: object) -> str:
    return _("%(label)s：%(value)s") % {"label": _called(name), "value": value}


def _called(name: str) -> str:
    if name in _FIELDS:
        return str(_FIELDS[name])
    return str(said(NEEDS[name])) if name in NEEDS else name
