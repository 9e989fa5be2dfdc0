"""指南要素的办理环节: which act leads from which state to which, and who may do it.

One table, checked when this module is loaded; `particulars_actions` obeys it, the pages read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import events
from gongkai.web.organs.models import Particulars
from gongkai.web.organs.separation import Step
from gongkai.web.shell.access import Role

State = Particulars.State
OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.REVIEWED, State.RETURNED})
CLOSED = frozenset({State.APPROVED, State.WITHDRAWN})
OFFICERS = frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER})


class Act(StrEnum):
    """办理动作: what an officer does to a version of the particulars."""

    DRAFT = "draft"  # 起草
    EDIT = "edit"  # 修改
    SUBMIT = "submit"  # 提交审核
    RECALL = "recall"  # 取回修改: not yet reviewed, back into the drafter's hands
    WITHDRAW = "withdraw"  # 撤回: given up; a new version starts from the one in force
    REVIEW = "review"  # 审核通过
    APPROVE = "approve"  # 批准
    RETURN = "return"  # 退回
    RECORD = "record"  # 登记纸质签批
    OVERSEE = "oversee"  # 监督退回: by a supervisor above, not by an officer of the organ


LABELS: dict[Act, Promise] = {
    Act.DRAFT: _("起草新版"),
    Act.EDIT: _("修改"),
    Act.SUBMIT: _("提交审核"),
    Act.RECALL: _("取回修改"),
    Act.WITHDRAW: _("撤回"),
    Act.REVIEW: _("审核通过"),
    Act.APPROVE: _("批准"),
    Act.RETURN: _("退回"),
    Act.RECORD: _("登记纸质签批"),
    Act.OVERSEE: _("监督退回"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """一步: in ``state`` (None = no open version) somebody in one of ``roles`` does ``act``."""

    state: State | None
    act: Act
    roles: frozenset[Role]
    to: State
    event: str
    step: Step | None = None  # set where the act is somebody's decision, with a signature


_HANDLER = frozenset({Role.HANDLER})
_REVIEWER = frozenset({Role.REVIEWER})
_APPROVER = frozenset({Role.APPROVER})
_SUPERVISOR = frozenset({Role.SUPERVISOR})

TABLE: tuple[Transition, ...] = (
    Transition(None, Act.DRAFT, _HANDLER, State.DRAFT, "particulars.drafted"),
    Transition(State.DRAFT, Act.EDIT, _HANDLER, State.DRAFT, "particulars.changed"),
    Transition(State.DRAFT, Act.SUBMIT, _HANDLER, State.SUBMITTED, "particulars.submitted"),
    Transition(State.DRAFT, Act.WITHDRAW, _HANDLER, State.WITHDRAWN, "particulars.withdrawn"),
    Transition(State.SUBMITTED, Act.RECALL, _HANDLER, State.DRAFT, "particulars.recalled"),
    Transition(
        State.SUBMITTED,
        Act.REVIEW,
        _REVIEWER,
        State.REVIEWED,
        "particulars.reviewed",
        Step.REVIEW,
    ),
    Transition(
        State.SUBMITTED,
        Act.RETURN,
        _REVIEWER,
        State.RETURNED,
        "particulars.returned",
        Step.REVIEW,
    ),
    Transition(
        State.SUBMITTED, Act.RECORD, OFFICERS, State.REVIEWED, "particulars.reviewed", Step.REVIEW
    ),
    Transition(State.SUBMITTED, Act.OVERSEE, _SUPERVISOR, State.RETURNED, "particulars.returned"),
    Transition(
        State.REVIEWED,
        Act.APPROVE,
        _APPROVER,
        State.APPROVED,
        "particulars.approved",
        Step.APPROVE,
    ),
    Transition(
        State.REVIEWED,
        Act.RETURN,
        _APPROVER,
        State.RETURNED,
        "particulars.returned",
        Step.APPROVE,
    ),
    Transition(
        State.REVIEWED, Act.RECORD, OFFICERS, State.APPROVED, "particulars.approved", Step.APPROVE
    ),
    Transition(State.REVIEWED, Act.OVERSEE, _SUPERVISOR, State.RETURNED, "particulars.returned"),
    Transition(State.RETURNED, Act.EDIT, _HANDLER, State.RETURNED, "particulars.changed"),
    Transition(State.RETURNED, Act.SUBMIT, _HANDLER, State.SUBMITTED, "particulars.submitted"),
    Transition(State.RETURNED, Act.WITHDRAW, _HANDLER, State.WITHDRAWN, "particulars.withdrawn"),
)


def find(state: str | None, act: Act) -> Transition | None:
    """The step an act is in a state; None where it cannot be done there."""
    return next((t for t in TABLE if t.state == state and t.act is act), None)


def acts_in(state: str | None) -> list[Transition]:
    """What can be done in a state, by whomever."""
    return [t for t in TABLE if t.state == state]


def _check(table: Iterable[Transition]) -> None:
    """Raises ValueError for a table that contradicts itself or has no way out."""
    rows = list(table)
    if len({(t.state, t.act) for t in rows}) != len(rows):
        raise ValueError("an act has two meanings in one state")
    if unknown := {t.event for t in rows} - set(events.KINDS):
        raise ValueError(f"events without a sentence: {unknown}")
    if any(t.state in CLOSED for t in rows):
        raise ValueError("a closed version is never changed")
    if {t.to for t in rows} != OPEN | CLOSED:
        raise ValueError("a state that nothing leads to")
    for state in OPEN:
        if not _reaches(rows, state, State.APPROVED) or not _reaches(rows, state, State.WITHDRAWN):
            raise ValueError(f"no way out of {state}")


def _reaches(rows: list[Transition], start: State, end: State) -> bool:
    seen = {start}
    while True:
        fresh = {t.to for t in rows if t.state in seen} - seen
        if not fresh:
            return end in seen
        seen |= fresh


_check(TABLE)
