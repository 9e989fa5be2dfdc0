"""一件复议、诉讼的页面的内容: what it attacks, the periods that run, what can be done, its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.statute import articles, event_data, remedies, remedy_counts
from gongkai.statute.case_table import ACTS as CASE_ACTS
from gongkai.statute.clock_remarks import Remark
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.remedies import Proceeding
from gongkai.statute.remedy_clocks import UNITS, Deadline
from gongkai.statute.remedy_events import EVENTS, Act
from gongkai.statute.remedy_results import Column, Kind, Result, finding
from gongkai.statute.remedy_table import table_of
from gongkai.statute.transitions import DUTIES, Duty, Offer
from gongkai.web.applications import letter_content
from gongkai.web.applications import recording as application_recording
from gongkai.web.applications import words as application_words
from gongkai.web.applications.case_acts import Off
from gongkai.web.applications.event_kinds import said
from gongkai.web.ledger import calendars, events
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs import reminder_page
from gongkai.web.organs.actions import Doer
from gongkai.web.remedies import life, queries, words
from gongkai.web.remedies.models import Remedy
from gongkai.web.shell.look import Act as Button
from gongkai.web.shell.look import Entry, Fact

HISTORY = 200
# What usually comes next, by state; the button of the page.
NEXT = {
    "filed": (Act.ADMIT,),
    "correcting": (Act.CORRECTION,),
    "admitted": (Act.COPY, Act.ANSWER),
    "answered": (Act.CONCLUDE, Act.JUDGE),
    "stayed": (Act.GO_ON,),
    "judged": (Act.BECOME_FINAL, Act.APPEAL),
    "appealed": (Act.FINAL_JUDGMENT,),
    "concluded": (Act.PERFORM, Act.ARCHIVE),
}
# Asked twice: what much follows from.
SURE = frozenset(
    {
        Act.CONCLUDE,
        Act.JUDGE,
        Act.FINAL_JUDGMENT,
        Act.BECOME_FINAL,
        Act.DROP_APPEAL,
        Act.RETRACT,
    }
)


@dataclass(frozen=True, slots=True)
class Offered:
    """一项可办的: its label, its form, what it rests on."""

    label: str
    href: str
    primary: bool
    rests_on: str


@dataclass(frozen=True, slots=True)
class Running:
    """一个期限: whose it is, its length, first and last day, what it rests on."""

    name: str
    told: str
    tone: str
    ours: bool
    reckoned: str
    source: str


def crumbs(remedy: Remedy, *, here: bool = False) -> list[tuple[str, str]]:
    """From the list down to the page above this one."""
    found = [(_("复议诉讼"), reverse("remedies:list"))]
    if not here:
        found.append((words.title(remedy), reverse("remedies:remedy", args=[remedy.pk])))
    return found


def context(remedy: Remedy, by: Doer, today: date) -> dict[str, Any]:
    """Everything the page shows."""
    calendar = calendars.current()
    found = life.proceeding_of(remedy, calendar=calendar)
    can, cannot = acts(remedy, found, by, today)
    others = list(queries.others(remedy).select_related("matter__request"))
    beside = [life.proceeding_of(one, calendar=calendar) for one in others]
    capacity = by.capacity
    return {
        "remedy": remedy,
        "title": words.title(remedy),
        "crumbs": crumbs(remedy, here=True),
        "state": words.state(remedy),
        "tone": words.tone(remedy),
        "result": words.result(remedy),
        "facts": list(_facts(remedy, found)),
        "running": [_running(one, today, calendar) for one in remedies.deadlines(found)],
        "remarks": [remark(one) for one in _remarks(remedy, found, beside)],
        "can": can,
        "cannot": cannot,
        "counting": counting(remedy),
        "follows": _follows(found),
        "evidence": found.evidence,
        "others": [
            (words.title(one), words.result(one) or words.state(one), _href(one)) for one in others
        ],
        "files": _files(remedy),
        "adds": application_recording.may_do(by, remedy.matter, Duty.HANDLE),
        "history": history(remedy),
        "reminder": reminder_page.of_matter(life.address(remedy), capacity, today),
        "menu": _menu(remedy, by),
        "case_href": reverse("applications:case", args=[remedy.matter_id]),
    }


def _href(remedy: Remedy) -> str:
    return reverse("remedies:remedy", args=[remedy.pk])


def _menu(remedy: Remedy, by: Doer) -> list[Button]:
    if not application_recording.may_do(by, remedy.matter, Duty.HANDLE):
        return []
    return [Button(_("改案号"), href=reverse("remedies:number", args=[remedy.pk]))]


def _facts(remedy: Remedy, found: Proceeding) -> Iterator[Fact]:
    matter = remedy.matter
    yield Fact(
        _("针对的申请"),
        f"{application_words.number(matter)} {matter.title}",
        href=reverse("applications:case", args=[matter.pk]),
    )
    if remedy.against_ground:
        yield Fact(_("针对的答复"), str(said(REASONS[Ground(remedy.against_ground)].name)))
        decided = remedy.against_decided
        yield Fact(_("答复日期"), decided.isoformat() if decided else "")
        yield Fact(_("知道答复之日"), remedy.against_known.isoformat())
    else:
        yield Fact(_("针对的答复"), _("没有答复"))
        yield Fact(_("答复期限的最后一日"), remedy.against_known.isoformat())
    yield Fact(_("由谁提起"), _("第三方") if remedy.third_party else _("申请人"))
    yield Fact(_("复议机关") if not found.suit else _("法院"), remedy.body)
    yield Fact(_("案号"), remedy.case_number or _("还没有"))
    yield Fact(_("提起日期"), remedy.filed_on.isoformat())
    if found.admitted:
        yield Fact(_("受理、立案"), found.admitted.isoformat())
        yield Fact(_("程序"), _("简易程序") if found.simple else _("普通程序"))
    if remedy.after is not None:
        yield Fact(_("在前的复议"), words.title(remedy.after), href=_href(remedy.after))
    yield Fact(_("机关"), remedy.organ.name)


# -- periods


def _running(one: Deadline, today: date, calendar: Any) -> Running:
    told, tone = words.left(one.on, today, calendar)
    if one.provisional:
        told = _("%(told)s（暂定）") % {"told": told}
    reckoned = _("自 %(start)s 起 %(length)d %(unit)s") % {
        "start": one.start.isoformat(),
        "length": one.length,
        "unit": said(UNITS[one.unit]),
    }
    if one.moved:
        reckoned = _("%(reckoned)s，%(day)s 是休息日，顺延") % {
            "reckoned": reckoned,
            "day": one.moved.isoformat(),
        }
    source = str(said(articles.provision(one.source).brief)) if one.source else ""
    return Running(str(said(one.name)), told, tone if one.ours else "", one.ours, reckoned, source)


def _remarks(remedy: Remedy, found: Proceeding, beside: list[Proceeding]) -> tuple[Remark, ...]:
    return remedies.remarks(found, beside, letter_content.conventions(remedy.organ))


def remark(one: Remark) -> tuple[str, str]:
    """Its words and its tone."""
    return str(said(one.text)), "warn" if one.level == "warning" else "info"


# -- what can be done


def acts(
    remedy: Remedy, found: Proceeding, by: Doer, today: date
) -> tuple[list[Offered], list[Off]]:
    """What this person can do now, and what not; the usual next act first."""
    can: list[Offered] = []
    cannot: list[Off] = []
    usual = NEXT.get(remedy.state, ())
    ready = {
        offer.act
        for offer in remedies.acts(found, max(today, found.latest))
        if not why_not(remedy, offer, by)
    }
    first = next((act for act in usual if act in ready), None)
    for offer in remedies.acts(found, max(today, found.latest)):
        if offer.act is Act.FILE:
            continue
        label = str(said(offer.label))
        why = why_not(remedy, offer, by)
        if why:
            if offer.here:
                cannot.append(Off(label, why))
            continue
        rests_on = str(said(offer.rests_on)) if offer.rests_on else ""
        can.append(Offered(label, act_href(remedy, offer.act), offer.act is first, rests_on))
    can.sort(key=lambda one: not one.primary)
    return can, cannot


def act_href(remedy: Remedy, act: Act) -> str:
    """The address of an act's form."""
    return reverse("remedies:do", args=[remedy.pk, act.value.replace("_", "-")])


def why_not(remedy: Remedy, offer: Offer[Act], by: Doer) -> str:
    """Why this person cannot do it now; nothing where they can."""
    if not offer.may:
        return str(said(offer.why_not)) if offer.why_not else _("现在不能办理。")
    duty = offer.duty or Duty.HANDLE
    if not application_recording.may_do(by, remedy.matter, duty):
        return _("由本机关履行“%(duty)s”职责的人办理。") % {"duty": said(DUTIES[duty])}
    return ""


# -- what it counts for, what follows


def counting(remedy: Remedy) -> tuple[str, str]:
    """Where it stands in table 4, and who is sued: the rule of co-defendants."""
    kind = Kind(remedy.kind)
    before = remedy.after
    result = Result(before.result) if before is not None and before.result else None
    sued = remedy_counts.defendants(kind, result)
    cell = _("%(row)s · %(column)s") % {
        "row": words.kind(remedy),
        "column": words.column(Column(remedy.column)),
    }
    told = cell if remedy.counts else _("不计入本机关的表四")
    brief = said(articles.provision(sued.source).brief)
    return told, _("%(why)s（%(source)s）") % {"why": said(sued.why), "source": brief}


def _follows(found: Proceeding) -> str:
    reopened = remedies.reopening(found)
    if reopened is None:
        return ""
    act = said(CASE_ACTS[reopened.act])
    if reopened.until is None:
        return _("本机关须重新答复：%(act)s。") % {"act": act}
    told = {"act": act, "day": reopened.until.isoformat()}
    return _("本机关须在 %(day)s 前重新答复：%(act)s。") % told


def not_undone(found: Proceeding) -> str:
    """What taking back the latest step leaves as it is, and who puts that right."""
    if remedies.reopening(found) is None or found.standing[-1].act is Act.ARCHIVE:
        return ""
    return _(
        "这件申请已经或者可能因该结果重新办理，撤回登记不会恢复它：不应重新办理的，"
        "请批准人在申请的页面“因其他原因终止”并写明原因。"
    )


# -- file and history


def _files(remedy: Remedy) -> list[tuple[str, str, Any, str]]:
    return [
        (
            one.name,
            reverse("remedies:file", args=[remedy.pk, one.pk]),
            one.at,
            one.by.name if one.by else "",
        )
        for one in ledger.attachments_of(life.address(remedy))
    ]


def history(remedy: Remedy) -> list[Entry]:
    """经过, newest first."""
    rows = ledger.events_of(life.address(remedy))[:HISTORY]
    return [
        Entry(one.at, events.sentence(one), events.who(one), _note(remedy, one.new)) for one in rows
    ]


def _note(remedy: Remedy, new: dict[str, Any]) -> str:
    if "event" not in new:
        return ""
    event = event_data.from_data(new["event"], EVENTS)
    told = [event.on.isoformat()]
    for name in ("body", "number", "reason"):
        if getattr(event, name, ""):
            told.append(str(getattr(event, name)))
    if event.act is Act.RETRACT:
        words_of = table_of(Kind(remedy.kind)).acts
        told.insert(1, str(said(words_of[event.of])))
    result = getattr(event, "result", None)
    found = finding(Kind(remedy.kind), result) if result else None
    if found:
        told.append(str(said(found.name)))
    if getattr(event, "items", ()):
        told.append(_("%(count)d 份证据") % {"count": len(event.items)})
    if getattr(event, "until", None):
        told.append(_("期限 %(day)s") % {"day": event.until.isoformat()})
    return _("，").join(told)
