"""指南要素页的内容: what is in force, what is in hand and its way, who can do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import organ_page, reminder_page, reminder_queries
from gongkai.web.organs import particulars_queries as queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Organ, Particulars, Signature
from gongkai.web.organs.particulars_life import LABELS, Act, State, acts_in
from gongkai.web.organs.particulars_queries import FIELDS, Authors, Decider
from gongkai.web.organs.queries import is_valid
from gongkai.web.organs.separation import OwnWork, Step
from gongkai.web.shell import look
from gongkai.web.shell.access import Role

_HISTORY = 40
TONES: dict[str, str] = {
    State.DRAFT: "quiet",
    State.SUBMITTED: "warn",
    State.REVIEWED: "warn",
    State.RETURNED: "bad",
    State.APPROVED: "ok",
    State.WITHDRAWN: "quiet",
}
_EVENT_TONES = {
    "particulars.approved": "ok",
    "particulars.returned": "bad",
    "particulars.withdrawn": "warn",
    "particulars.sent_back": "bad",
    "organ.reminded": "warn",
}
_ROUTES = {
    Act.EDIT: "particulars_edit",
    Act.SUBMIT: "particulars_submit",
    Act.RECALL: "particulars_recall",
    Act.WITHDRAW: "particulars_withdraw",
    Act.REVIEW: "particulars_review",
    Act.APPROVE: "particulars_approve",
    Act.RETURN: "particulars_return",
    Act.RECORD: "particulars_paper",
    Act.OVERSEE: "particulars_oversee",
}
_TONE_OF = {
    Act.SUBMIT: "primary",
    Act.REVIEW: "primary",
    Act.APPROVE: "primary",
    Act.WITHDRAW: "danger",
    Act.OVERSEE: "danger",
}
# Done at once by their button; the others lead to a form.
_AT_ONCE = frozenset({Act.SUBMIT, Act.RECALL})


def link(organ: Organ, route: str = "particulars_of", *more: object) -> str:
    """A page of an organ's particulars."""
    return reverse(f"organs:{route}", args=[organ.code, *more])


def label(name: str) -> Promise | str:
    """A field's words."""
    return Particulars._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def version_name(number: int | None) -> str:
    """``第 3 版``."""
    return _("第 %(number)s 版") % {"number": number}


def crumbs(organ: Organ, *, below: bool = True) -> list[tuple[str, str]]:
    """The way down; ``below`` = for a page under the organ's page of particulars."""
    if not below:
        return organ_page.crumbs(None)
    return [*organ_page.crumbs(organ, here=_("指南要素")), (_("指南要素"), link(organ))]


def context(organ: Organ, capacity: Capacity, now: datetime) -> dict[str, Any]:
    """Everything the page of an organ's particulars shows."""
    today = timezone.localdate(now)
    being = queries.open_version(organ)
    force = queries.in_force(organ, today)
    versions = list(organ.particulars.select_related("drafted_by").order_by("-number"))
    return {
        "organ": organ,
        "tabs": organ_page.tabs(organ, capacity, "organs:particulars_of"),
        "crumbs": crumbs(organ, below=False),
        "acts": list(_page_acts(organ, capacity, force, versions, being, now)),
        "force": force,
        "force_facts": facts(force) if force else [],
        "stale_days": _days_since(force, now) if force and queries.is_stale(force, now) else None,
        "being": Being.of(being, force, capacity, now) if being else None,
        "versions": [Line.of(v, force) for v in versions],
        "history": history(organ),
        "ended": not is_valid(organ, today),
        "reminder": reminder_page.of_matter(queries.matter(organ), capacity, today),
    }


def _days_since(force: Particulars, now: datetime) -> int:
    return (now - force.approved_at).days if force.approved_at else 0


def _page_acts(
    organ: Organ,
    capacity: Capacity,
    force: Particulars | None,
    versions: list[Particulars],
    being: Particulars | None,
    now: datetime,
) -> Iterator[look.Act]:
    if len(versions) > 1:
        yield look.Act(_("对比版本"), href=link(organ, "particulars_compare"))
    if force is not None:
        words = _("打印生效的版本") if being is not None else _("打印")
        yield look.Act(words, href=link(organ, "particulars_print"))
    drafts = capacity.role is Role.HANDLER and capacity.organ.pk == organ.pk
    if capacity.role is Role.SUPERVISOR and is_valid(organ, timezone.localdate(now)):
        yield from _supervising(organ, force)
    if being is None and drafts and is_valid(organ, timezone.localdate(now)):
        yield look.Act(LABELS[Act.DRAFT], href=link(organ, "particulars_draft"), tone="primary")


def _supervising(organ: Organ, force: Particulars | None) -> Iterator[look.Act]:
    """What a supervisor does here; nothing while a reminder is open, which comes first."""
    if reminder_queries.open_of(queries.matter(organ)) is not None:
        return
    yield look.Act(pgettext("act", "提醒"), href=link(organ, "particulars_remind"))
    if force is not None:
        yield look.Act(_("退回更正"), href=link(organ, "particulars_send_back"))


def facts(one: Particulars) -> list[look.Fact]:
    """What a version says."""
    return [look.Fact(label(n), getattr(one, n), wide=True) for n in FIELDS]


# -- the version being worked on


@dataclass(frozen=True, slots=True)
class Being:
    """在办版本: where it stands, what is next, what this person can do."""

    one: Particulars
    steps: list[look.Step]
    state: look.Fact
    next: str
    who: str
    nobody: str  # what to do where nobody can take the next step
    why_not: str
    acts: list[look.Act]
    changes: list[Row]
    signatures: list[Signed]
    returned: Signed | None

    @classmethod
    def of(
        cls, one: Particulars, force: Particulars | None, capacity: Capacity, now: datetime
    ) -> Being:
        known = queries.authors(one)
        step = queries.STEP_OF.get(one.state)
        today = timezone.localdate(now)
        able = queries.can_decide(one, step, today) if step else []
        given = queries.signatures(one)
        turned = [s for s in given if not s.agreed]
        return cls(
            one=one,
            steps=stepper(one, queries.round_of(given)),
            state=look.Fact(
                _("状态"), one.get_state_display(), badge=TONES.get(one.state, "quiet")
            ),
            next=_next(one),
            who=_who(one, able),
            nobody=_nobody(step) if step and not able else "",
            why_not=_why_not(one, step, capacity, known),
            acts=list(_acts(one, capacity, known)),
            changes=compare(force, one),
            signatures=[Signed.of(s) for s in given],
            returned=(Signed.of(turned[-1]) if turned and one.state == State.RETURNED else None),
        )


def stepper(one: Particulars, signed: list[Signature]) -> list[look.Step]:
    """起草 → 审核 → 批准 → 生效."""
    places: dict[str, int] = {
        State.DRAFT: 0,
        State.RETURNED: 0,
        State.SUBMITTED: 1,
        State.REVIEWED: 2,
        State.APPROVED: 4,
        State.WITHDRAWN: 0,
    }
    at = places[one.state]
    notes = {s.step: Signed.of(s).brief for s in signed}
    drafted = f"{one.drafted_by.name} {timezone.localdate(one.drafted_at).isoformat()}"
    began = timezone.localdate(one.approved_at).isoformat() if one.approved_at else ""
    words = (
        (pgettext("step", "起草"), drafted),
        (pgettext("step", "审核"), notes.get(Step.REVIEW.value, "")),
        (pgettext("step", "批准"), notes.get(Step.APPROVE.value, "")),
        (_("生效"), began),
    )
    wrong = one.state == State.RETURNED
    return [
        look.Step(
            said,
            "done" if i < at else ("wrong" if wrong else "now") if i == at else "todo",
            note=_("已退回，待修改") if wrong and i == 0 else note,
        )
        for i, (said, note) in enumerate(words)
    ]


def _next(one: Particulars) -> str:
    return {
        State.DRAFT.value: _("起草人核对后提交审核。"),
        State.RETURNED.value: _("起草人按退回理由修改后重新提交。"),
        State.SUBMITTED.value: _("等待审核。"),
        State.REVIEWED.value: _("审核已通过，等待批准；批准后即时生效。"),
    }.get(one.state, "")


def _who(one: Particulars, able: list[Decider]) -> str:
    if one.state not in queries.STEP_OF or not able:
        return ""
    names = _("、").join(
        _("%(name)s（代 %(for)s）") % {"name": d.name, "for": d.for_name} if d.for_name else d.name
        for d in able
    )
    said = (
        _("可以审核的人：%(names)s")
        if one.state == State.SUBMITTED
        else _("可以批准的人：%(names)s")
    )
    return said % {"names": names}


def _nobody(step: Step) -> str:
    if step is Step.REVIEW:
        return _(
            "本机关没有可以审核这一版的人（起草人不能自己审核）。"
            "请系统管理员任命一名审核人，或由起草人以外的人登记纸质签批。"
        )
    return _(
        "本机关没有可以批准这一版的人（起草人、签署和登记过审核的人不能再批准）。"
        "请系统管理员任命一名批准人，或由起草人以外的人登记纸质签批。"
    )


def _why_not(one: Particulars, step: Step | None, capacity: Capacity, known: Authors) -> str:
    """Why this person cannot take the next step; nothing where they can."""
    if capacity.role is Role.SUPERVISOR and step is not None:
        return ""  # may return it
    if capacity.organ.pk != one.organ_id:
        return _("您在查看其他机关的指南要素，不能代为办理。")
    if step is None:
        return "" if capacity.role is Role.HANDLER else _("这一步由经办人办理。")
    if capacity.role is not queries.ROLE_OF[step]:
        return _("您现在的身份是%(role)s，不能办理这一步。") % {"role": capacity.role_label}
    try:
        known.refuse(step, capacity.account.pk, queries.principal_of(capacity))
    except OwnWork as refused:
        return str(refused.message)
    return ""


def _acts(one: Particulars, capacity: Capacity, known: Authors) -> Iterator[look.Act]:
    """The acts of this person in this state, those that separation forbids with the reason."""
    if capacity.organ.pk != one.organ_id and capacity.role is not Role.SUPERVISOR:
        return
    behalf = queries.principal_of(capacity)
    for each in acts_in(one.state):
        if capacity.role not in each.roles:
            continue
        if each.act is Act.RECORD:
            if not known.may_record(capacity.account.pk, behalf):
                continue
        elif each.step and not known.admits(each.step, capacity.account.pk, behalf):
            continue
        href = link(one.organ, _ROUTES[each.act])
        tone = _TONE_OF.get(each.act, "")
        if each.act in _AT_ONCE:
            fields = {"version": one.version}
            yield look.Act(LABELS[each.act], post=href, tone=tone, fields=fields)
        else:
            yield look.Act(LABELS[each.act], href=href, tone=tone)
    yield look.Act(_("打印签批单"), href=link(one.organ, "particulars_slip", one.number))


# -- signatures


@dataclass(frozen=True, slots=True)
class Signed:
    """一次签署: as it is told."""

    step: str
    agreed: bool
    who: str
    on: str
    comment: str
    paper: str
    scan: str

    @property
    def brief(self) -> str:
        return f"{self.who} {self.on}"

    @classmethod
    def of(cls, one: Signature) -> Signed:
        who = one.by_name
        if one.delegation is not None:
            who = _("%(name)s（代 %(for)s）") % {
                "name": one.by_name,
                "for": one.delegation.appointment.account.name,
            }
        paper = (
            _("纸质签批（由 %(name)s 录入）") % {"name": one.recorded_by.name} if one.scan else ""
        )
        return cls(
            step=one.get_step_display(),
            agreed=one.agreed,
            who=who,
            on=one.signed_on.isoformat(),
            comment=one.comment,
            paper=paper,
            scan=(
                reverse("organs:particulars_scan", args=[one.particulars.organ.code, one.pk])
                if one.scan
                else ""
            ),
        )


def signing(one: Particulars, signed: list[Signature]) -> list[tuple[str, str, str]]:
    """The lines of the sheet that is signed by hand; what is signed already is filled in."""
    given = {s.step: Signed.of(s) for s in signed}
    lines = [(_("起草人"), one.drafted_by.name, timezone.localdate(one.drafted_at).isoformat())]
    for words, step in ((_("审核人"), Step.REVIEW), (_("批准人"), Step.APPROVE)):
        done = given.get(step.value)
        lines.append((words, done.who if done else "", done.on if done else ""))
    return lines


# -- versions and their comparison


@dataclass(frozen=True, slots=True)
class Line:
    """一个版本: a row of the table of versions."""

    number: int
    href: str
    state: str
    tone: str
    drafter: str
    drafted: datetime
    approved: datetime | None

    @classmethod
    def of(cls, one: Particulars, force: Particulars | None) -> Line:
        former = one.state == State.APPROVED and (force is None or one.pk != force.pk)
        current = force is not None and one.pk == force.pk
        said = _("曾生效") if former else _("生效中") if current else one.get_state_display()
        return cls(
            one.number,
            link(one.organ, "particulars_version", one.number),
            said,
            "quiet" if former else TONES.get(one.state, "quiet"),
            one.drafted_by.name,
            one.drafted_at,
            one.approved_at,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """一项的对比。"""

    label: Promise | str
    old: str
    new: str

    @property
    def changed(self) -> bool:
        return self.old != self.new


def compare(old: Particulars | None, new: Particulars) -> list[Row]:
    """Field by field; against nothing everything is new."""
    return [Row(label(n), getattr(old, n) if old else "", getattr(new, n)) for n in FIELDS]


def history(organ: Organ) -> list[look.Entry]:
    """What happened to all versions, latest first."""
    return [_entry(e) for e in queries.history(organ)[:_HISTORY]]


def _entry(event: Event) -> look.Entry:
    who = events.who(event)
    note = str(event.new.get("comment", ""))
    if event.new.get("paper"):
        note = _("纸质签批（由 %(name)s 录入）：%(signer)s 于 %(day)s 签批") % {
            "name": who,
            "signer": event.new["signed_by"],
            "day": event.new["signed_on"],
        }
        who = ""
    changed = [(label(n), event.old[n], event.new.get(n, "")) for n in FIELDS if n in event.old]
    return look.Entry(
        event.at,
        events.sentence(event),
        who=who,
        note=note,
        tone=_EVENT_TONES.get(event.kind, ""),
        changes=changed,
    )
