"""文书的内容: what a letter is given: from the case, from its organ, as typed; who it is to, opened
from the vault only while it is made.

What a person typed is kept (`Letter.values`, plain JSON); everything else is looked up again each
time, so that a draft follows its case. A numbered letter is its files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.statute import dated, fees, letter_kinds, letters
from gongkai.statute.case_state import Case, Consultation
from gongkai.statute.clock_events import Channel, Whom
from gongkai.statute.grounds import REASONS
from gongkai.statute.letter_kinds import Kind
from gongkai.statute.letter_numbers import official_day
from gongkai.statute.letter_templates import Template, TemplateError
from gongkai.web.applications import correction_actions, life, tracking_address, words
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.intake import number_of
from gongkai.web.applications.models import (
    Applicant,
    Correction,
    Holder,
    Letter,
    LetterTemplate,
    Link,
    Matter,
    Party,
)
from gongkai.web.ledger import keys, vault
from gongkai.web.ledger.models import Secret
from gongkai.web.organs import particulars_queries, preferences, tree
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.models import Organ
from gongkai.web.shell.refusals import Refusal

BY: Mapping[Channel, str] = {
    Channel.IN_PERSON: "当面",
    Channel.SIGNED_MAIL: "邮寄",
    Channel.PLAIN_MAIL: "平常信函",
    Channel.ONLINE: "互联网",
    Channel.FAX: "传真",
}
"""How a letter says it came: 你通过…提交."""
REMEMBERED = ("courts", "reconsideration_online", "pay_way", "proper_way")
"""What an organ types once: taken over from its last letter that had it."""
_LOOKED_AT = 30  # last letters of the organ


class NotFit(Refusal):
    """内容有误: what was typed makes no letter; the statute says why."""


class NoName(Refusal):
    """姓名打不开: the vault has lost its key, or the name was erased."""


# -- kept values


def read(stored: Mapping[str, Any]) -> dict[str, Any]:
    """As the statute takes them."""
    known = letter_kinds.variables()
    return {id: _READ.get(known[id].type, _same)(v) for id, v in stored.items() if id in known}


def write(values: Mapping[str, Any]) -> dict[str, Any]:
    """As they are kept; what is empty is left out."""
    return {id: _plain(value) for id, value in values.items() if value not in (None, "", [], False)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, fees.Charge):
        return {
            "basis": value.basis.value,
            "units": value.units,
            "before": value.before,
            "on": value.on.isoformat(),
        }
    if isinstance(value, Decimal):
        return int(value)
    return list(value) if isinstance(value, tuple) else value


def _charge(kept: Mapping[str, Any]) -> fees.Charge:
    on = date.fromisoformat(kept["on"])
    if kept["basis"] == fees.Basis.PAGES:
        return fees.by_pages(kept["units"], on)
    return fees.by_items(kept["units"], on, before=kept["before"])


def _same(value: Any) -> Any:
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {"day": date.fromisoformat, "charge": _charge}


# -- from the case


def of_case(matter: Matter, kind: Kind, case: Case, on: date) -> dict[str, Any]:
    """What the events of the matter say."""
    found: dict[str, Any] = {
        "case_number": words.number(matter),
        "channel": BY[Channel(matter.request.channel)],
        "request": matter.text.rstrip("。"),
        "received_on": case.receipt.day if case.receipt else matter.request.arrived_on,
    }
    if not case.rounds:
        return found
    now = case.round
    found["due_on"] = case.due
    found["corrected_on"] = _last(one.corrected for one in now.clarifications)
    found["consulted"] = _consulted(now.consultations)
    found["paid_on"] = case.charged.paid if case.charged else None
    if any(one.notified for one in now.extensions):
        found["extended_to"] = case.due
    if now.remedy and len(case.rounds) > 1:
        before = case.rounds[-2].draft
        found["renewed_by"] = now.remedy
        found["replaced_number"] = before.number if before else ""
    found |= _of_kind(matter, kind, case, on)
    return found


def _of_kind(matter: Matter, kind: Kind, case: Case, on: date) -> dict[str, Any]:
    now, draft = case.round, case.round.draft
    match kind.id:
        case "extension":
            days = now.pending.days if now.pending else None
            told = [one for one in now.extensions if one.notified]
            if told and not now.pending:
                days = told[-1].days
            return {"extension_days": days or dated.period("extension").on(on).value}
        case "consultation_notice":
            return {"consulted_on": _last(one.sent for one in now.consultations)}
        case "reasons_request":
            return {"reasons_until": now.reasons.until if now.reasons else None}
        case "delayed_answer":
            return {"delayed_to": now.deferred}
        case "withdrawal":
            return {"withdrawn_on": draft.on if draft else None}
        case "other_not_clarified":
            return {"notified_on": _last(one.notified for one in now.clarifications)}
        case "other_unpaid":
            return {"notified_on": case.charged.notified if case.charged else None}
        case "unprocessed_repeated":
            return _earlier(matter)
        case "partly_granted" if draft is not None:
            withheld = draft.conclusion.withheld
            return {"grounds": [REASONS[ground].row for ground in withheld]}
    return {}


def _last(days: Iterator[date | None] | Any) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _consulted(asked: tuple[Consultation, ...]) -> str:
    """本机关于…至…征求第三方意见: for each sort of party, over all its parties."""
    parts = []
    for whom, name in ((Whom.THIRD_PARTY, "第三方"), (Whom.JOINT_MAKER, "共同制作机关")):
        done = [one for one in asked if one.whom is whom and one.called_off is None]
        ends = [one.answered or one.silent for one in done]
        if not done or None in ends:
            continue
        first = official_day(min(one.sent for one in done))
        last = official_day(max(day for day in ends if day is not None))
        parts.append(f"于{first}至{last}征求{name}意见")
    return f"本机关{'，'.join(parts)}" if parts else ""


def _earlier(matter: Matter) -> dict[str, Any]:
    """此前的答复: of the matter that a person found the same."""
    link = matter.links.filter(kind=Link.Kind.REPEAT).select_related("other").first()
    if link is None:
        return {}
    answer = link.other.letters.exclude(number="").exclude(state=Letter.State.VOID).last()
    if answer is not None:
        return {"earlier_on": answer.dated, "earlier_number": answer.number}
    case = life.case_of(link.other)  # of an old ledger: what it says of its answer
    if case.concluded_on is None or not case.round.taken_over:
        return {}
    assert case.round.draft is not None
    return {"earlier_on": case.concluded_on, "earlier_number": case.round.draft.number}


# -- from a request for correction


def of_correction(correction: Correction, kind: Kind) -> dict[str, Any]:
    """What its events say: the record, the evidence, how it was settled (Art 41)."""
    request, now = correction.request, correction_actions.standing(correction)
    settled = now.settled
    found = {
        "case_number": number_of(request),
        "channel": BY[Channel(request.channel)],
        "request": correction.record.rstrip("。"),
        "received_on": request.arrived_on,
        "evidence": "；".join(one.rstrip("。；") for one in now.evidence),
        "other_organ": settled.organ if settled else "",
        "reasons": settled.reason.rstrip("。") if settled else "",
    }
    if kind.to == "organ":
        found["addressee"] = found["other_organ"]
    return found


# -- from the organ


def issuer(of: Holder, on: date) -> Organ:
    """Who writes on that day: the organ, or the one that took over its open work."""
    return organ_queries.handler_of(of.organ, on)


def of_organ(organ: Organ, on: date) -> dict[str, Any]:
    """Name of the day, contact as published, who hears reconsideration."""
    named = organ_queries.name_on(organ, on)
    body = organ_queries.reconsideration_on(organ, on)
    guide = particulars_queries.in_force(organ, on)
    contact = ""
    if guide is not None:
        told = (
            guide.office,
            f"电话{guide.phone}" if guide.phone else "",
            guide.address,
            f"邮编{guide.postcode}" if guide.postcode else "",
        )
        contact = "，".join(one for one in told if one)
    return {
        "organ": named.name if named else organ.name,
        "letterhead": str(preferences.value_of(organ, "paper.letterhead")),
        "contact": contact,
        "reconsideration_organs": [body.body_name] if body else [],
    }


def remembered(organ: Organ) -> dict[str, Any]:
    """What the organ typed in its last letters: its court, how fees are paid."""
    rows = Letter.objects.filter(organ=organ).order_by("-pk")
    found: dict[str, Any] = {}
    for values in rows.values_list("values", flat=True)[:_LOOKED_AT]:
        for id in REMEMBERED:
            if id not in found and values.get(id):
                found[id] = values[id]
    return found


def conventions(organ: Organ) -> letters.Conventions:
    """告知口径: by the organ's settings."""
    return preferences.notice_conventions(organ)


# -- who it is to


def _name(secret: Secret | None, masked: bool) -> str:
    if secret is None:
        return ""
    if masked:
        return vault.shown(secret)
    try:
        return vault.open_(secret)
    except (vault.Erased, keys.Unreadable):
        raise NoName(
            _("收件人的姓名打不开（已删除，或者缺密钥），不能制作文书。请联系系统管理员。")
        ) from None


def name_of(secret: Secret | None) -> str:
    """What the vault holds, opened to be printed. Raises NoName."""
    return _name(secret, masked=False)


def principals(of: Holder) -> list[Applicant]:
    """Who asks, in order; agents left out."""
    rows = of.request.applicants.filter(is_agent=False).select_related("name")
    return list(rows.order_by("position"))


def of_people(
    of: Holder, kind: Kind, party: Party | None, *, masked: bool = False
) -> dict[str, Any]:
    """The addressee's name, opened. Raises NoName."""
    asks = principals(of)
    applicant = "、".join(one.organisation or _name(one.name, masked) for one in asks)
    found: dict[str, Any] = {}
    if kind.to == "applicant":
        one_body = len(asks) == 1 and bool(asks[0].organisation)
        found = {"addressee": applicant, "organisation": one_body}
    elif party is not None:
        name = party.organisation or _name(party.name, masked)
        found = {"addressee": name, "organisation": bool(party.organisation)}
    if "applicant" in kind.template.variables:
        found["applicant"] = applicant
    return found


def of_tracking(of: Holder, kind: Kind, organ: Organ) -> dict[str, Any]:
    """查询办法: for applicants alone; where the page is, only where that is known."""
    if kind.to != "applicant":
        return {}
    return {"tracking_code": of.request.code, "tracking_url": tracking_address.of(organ)}


# -- the letter


def template_of(organ: Organ, kind: str) -> LetterTemplate | None:
    """The text in force: the organ's own, else its nearest superior's; None: the program's."""
    rows = LetterTemplate.objects.filter(organ__path__in=tree.ancestors(organ.path), kind=kind)
    newest = rows.order_by("-organ__path", "-number").first()
    return newest if newest is not None and newest.text else None


def parsed(kind: Kind, template: LetterTemplate | None) -> Template | None:
    """Its text, read; None for the program's own."""
    if template is None:
        return None
    try:
        return kind.parse(template.text)
    except TemplateError:
        raise NotFit(_("本机关的文书模板不能使用，请系统管理员修改后再试。")) from None


@dataclass(frozen=True, slots=True)
class Given:
    """交给文书的一切: what a letter is composed of; ``case`` where it is of a matter."""

    of: Holder
    kind: Kind
    case: Case | None
    on: date
    values: Mapping[str, Any]
    party: Party | None = None
    number: str = ""
    template: LetterTemplate | None = None


def looked_up(given: Given) -> dict[str, Any]:
    """What the organ says, and what happened: nothing typed, nothing of the vault."""
    found = of_organ(issuer(given.of, given.on), given.on)
    if isinstance(given.of, Correction):
        return {**found, **of_correction(given.of, given.kind)}
    assert given.case is not None, "a matter has its case"
    return {**found, **of_case(given.of, given.kind, given.case, given.on)}


def known(given: Given, *, masked: bool = False) -> dict[str, Any]:
    """Every value; what was typed goes before what was looked up."""
    found = {
        **looked_up(given),
        **of_tracking(given.of, given.kind, issuer(given.of, given.on)),
        **read(given.values),
        **of_people(given.of, given.kind, given.party, masked=masked),
        "number": given.number,
    }
    return {id: value for id, value in found.items() if value not in (None, "", [])}


def composed(given: Given, *, masked: bool = False) -> letters.Letter:
    """What will be printed. Raises NotFit, NoName."""
    organ = issuer(given.of, given.on)
    template = given.template or template_of(organ, given.kind.id)
    try:
        return letters.compose(
            given.kind,
            known(given, masked=masked),
            given.on,
            conventions=conventions(organ),
            template=parsed(given.kind, template),
        )
    except letters.LetterError as wrong:
        told = "".join(str(said(text)).replace("%%", "%") for text in wrong.texts)
        raise NotFit(told) from None
    except dated.NotKnown as unknown:
        raise NotFit(said(unknown.text)) from None
