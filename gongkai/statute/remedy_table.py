"""复议、诉讼环节表: the states of a reconsideration and of a suit, and which act leads where.

docs/cases.md is printed from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from gongkai.statute.remedy_events import EVENTS, Act
from gongkai.statute.remedy_results import Kind
from gongkai.statute.texts import Text
from gongkai.statute.transitions import Duty, Row, Table, Turn


class State(StrEnum):
    """救济的状态."""

    FILED = "filed"  # 待受理、立案
    CORRECTING = "correcting"  # 待申请人补正
    ADMITTED = "admitted"  # 待答复、答辩
    ANSWERED = "answered"  # 审理中
    STAYED = "stayed"  # 已中止
    JUDGED = "judged"  # 一审已裁判
    APPEALED = "appealed"  # 二审中
    CONCLUDED = "concluded"  # 已审结
    ARCHIVED = "archived"  # 已归档


STATES: Mapping[State, Text] = {
    State.FILED: Text("待受理", "to be admitted"),
    State.CORRECTING: Text("待申请人补正", "applicant to correct"),
    State.ADMITTED: Text("待答复", "to be answered"),
    State.ANSWERED: Text("审理中", "being heard"),
    State.STAYED: Text("已中止", "stayed"),
    State.JUDGED: Text("一审已裁判", "judged in first instance"),
    State.APPEALED: Text("二审中", "on appeal"),
    State.CONCLUDED: Text("已审结", "concluded"),
    State.ARCHIVED: Text("已归档", "archived"),
}

_REVIEW_ACTS: Mapping[Act, Text] = {
    Act.FILE: Text("登记复议申请", "record the application"),
    Act.ASK_CORRECTION: Text("复议机关通知补正", "record the request to correct"),
    Act.CORRECTION: Text("申请人已补正", "record the correction"),
    Act.ADMIT: Text("复议机关受理", "record the admission"),
    Act.COPY: Text("收到复议申请书副本", "record receipt of the copy"),
    Act.EVIDENCE: Text("提交证据", "file evidence"),
    Act.ANSWER: Text("提出书面答复", "file the answer"),
    Act.TO_ORDINARY: Text("转为普通程序", "record the ordinary procedure"),
    Act.PROLONG: Text("复议机关延长期限", "record the prolonging"),
    Act.STAY: Text("中止", "record the stay"),
    Act.GO_ON: Text("恢复审理", "record its end"),
    Act.CONCLUDE: Text("收到复议决定", "record the decision"),
    Act.PERFORM: Text("履行复议决定", "record performance"),
    Act.OPINION_LETTER: Text("收到行政复议意见书", "record a letter of opinion"),
    Act.REPORT_BACK: Text("报送纠正情况", "report what was put right"),
    Act.ARCHIVE: Text("归档", "archive"),
    Act.RETRACT: Text("撤回登记", "take a step back"),
}
_SUIT_ACTS: Mapping[Act, Text] = {
    Act.FILE: Text("登记起诉", "record the suit"),
    Act.ADMIT: Text("法院立案", "record the admission"),
    Act.COPY: Text("收到起诉状副本", "record receipt of the complaint"),
    Act.EVIDENCE: Text("提交证据", "file evidence"),
    Act.ANSWER: Text("提出答辩状", "file the defence"),
    Act.TO_ORDINARY: Text("转为普通程序", "record the ordinary procedure"),
    Act.STAY: Text("中止", "record the stay"),
    Act.GO_ON: Text("恢复审理", "record its end"),
    Act.CONCLUDE: Text("不予立案、撤诉或者终结", "record an end without judgment"),
    Act.JUDGE: Text("收到一审裁判", "record the first judgment"),
    Act.APPEAL: Text("上诉", "record the appeal"),
    Act.REMAND: Text("发回重审", "record the remand"),
    Act.DROP_APPEAL: Text("撤回上诉", "record the appeal's withdrawal"),
    Act.FINAL_JUDGMENT: Text("收到二审裁判", "record the final judgment"),
    Act.BECOME_FINAL: Text("一审裁判生效", "record the judgment as final"),
    Act.PERFORM: Text("履行裁判", "record performance"),
    Act.ARCHIVE: Text("归档", "archive"),
    Act.RETRACT: Text("撤回登记", "take a step back"),
}

NEEDS: Mapping[str, Text] = {
    "kind": Text("救济种类", "the kind"),
    "body": Text("复议机关或者法院", "the reconsideration organ or court"),
    "of": Text("撤回的步骤", "the step taken back"),
    "items": Text("证据目录", "the list of evidence"),
    "reason": Text("原因", "the reason"),
    "result": Text("处理结果", "the result"),
    "number": Text("文号或者案号", "the document or case number"),
}

_A, _N, _C = State.ADMITTED, State.ANSWERED, State.CONCLUDED
_OPEN = (State.FILED, State.CORRECTING, _A, _N, State.STAYED)
_ENDED = ("result", "number")
_TAKEN_BACK = ("of", "reason")  # to where it stood before that step, which a table cannot tell

RECONSIDERATION: Table[State, Act] = Table(
    name=Text("行政复议", "reconsideration"),
    states={s: t for s, t in STATES.items() if s not in (State.JUDGED, State.APPEALED)},
    acts=_REVIEW_ACTS,
    events={act: EVENTS[act] for act in _REVIEW_ACTS},
    needs=NEEDS,
    ends=frozenset({State.ARCHIVED}),
    rows=(
        Row(Act.FILE, (None,), State.FILED, source="review.20", needs=("kind", "body")),
        Row(Act.ASK_CORRECTION, (State.FILED,), State.CORRECTING, source="review.31"),
        Row(Act.CORRECTION, (State.CORRECTING,), State.FILED, source="review.31"),
        Row(Act.ADMIT, (State.FILED,), _A, source="review.30"),
        Row(Act.COPY, (_A,), Turn.STAY, source="review.48", late=True),
        Row(Act.EVIDENCE, (_A, _N), Turn.STAY, source="review.48", needs=("items",)),
        Row(Act.ANSWER, (_A,), _N, Duty.APPROVE, "review.48"),
        Row(Act.TO_ORDINARY, (_A, _N), Turn.STAY, source="review.55"),
        Row(Act.PROLONG, (_A, _N), Turn.STAY, source="review.62"),
        Row(Act.STAY, (_A, _N), State.STAYED, source="review.39", needs=("reason",)),
        Row(Act.GO_ON, (State.STAYED,), Turn.BACK, source="review.39"),
        Row(Act.CONCLUDE, _OPEN, _C, source="review.62", needs=_ENDED),
        Row(Act.PERFORM, (_C,), Turn.STAY, source="review.66"),
        Row(Act.OPINION_LETTER, (_A, _N, _C), Turn.STAY, source="review.76"),
        Row(Act.REPORT_BACK, (_A, _N, _C), Turn.STAY, Duty.APPROVE, "review.76"),
        Row(Act.ARCHIVE, (_C,), State.ARCHIVED),
        Row(
            Act.RETRACT, (*_OPEN, _C, State.ARCHIVED), Turn.STAY, Duty.APPROVE,
            needs=_TAKEN_BACK, late=True,
        ),
    ),
)  # fmt: skip
SUIT: Table[State, Act] = Table(
    name=Text("行政诉讼", "litigation"),
    states={
        **{s: t for s, t in STATES.items() if s is not State.CORRECTING},
        State.FILED: Text("待立案", "to be admitted"),
        State.ADMITTED: Text("待答辩", "to be defended"),
        State.ANSWERED: Text("一审中", "in first instance"),
    },
    acts=_SUIT_ACTS,
    events={act: EVENTS[act] for act in _SUIT_ACTS},
    needs=NEEDS,
    ends=frozenset({State.ARCHIVED}),
    rows=(
        Row(Act.FILE, (None,), State.FILED, source="litigation.46", needs=("kind", "body")),
        Row(Act.ADMIT, (State.FILED,), _A, source="litigation.81"),
        Row(Act.COPY, (_A,), Turn.STAY, source="litigation.67", late=True),
        Row(
            Act.EVIDENCE, (_A, _N, State.APPEALED), Turn.STAY, source="litigation.67",
            needs=("items",),
        ),
        Row(Act.ANSWER, (_A,), _N, Duty.APPROVE, "litigation.67"),
        Row(Act.TO_ORDINARY, (_A, _N), Turn.STAY, source="litigation.83"),
        Row(Act.STAY, (_A, _N, State.APPEALED), State.STAYED, needs=("reason",)),
        Row(Act.GO_ON, (State.STAYED,), Turn.BACK),
        Row(
            Act.CONCLUDE, (State.FILED, _A, _N, State.STAYED), _C, source="litigation.62",
            needs=_ENDED,
        ),
        Row(Act.JUDGE, (_A, _N), State.JUDGED, source="litigation.81", needs=_ENDED),
        Row(Act.APPEAL, (State.JUDGED,), State.APPEALED, source="litigation.85"),
        Row(Act.REMAND, (State.APPEALED,), _N, source="litigation.88", needs=("number",)),
        Row(Act.DROP_APPEAL, (State.APPEALED,), _C),
        Row(
            Act.FINAL_JUDGMENT, (State.APPEALED,), _C, source="litigation.88", needs=("number",)
        ),
        Row(Act.BECOME_FINAL, (State.JUDGED,), _C, source="litigation.85"),
        Row(Act.PERFORM, (_C,), Turn.STAY),
        Row(Act.ARCHIVE, (_C,), State.ARCHIVED),
        Row(
            Act.RETRACT,
            (State.FILED, _A, _N, State.STAYED, State.JUDGED, State.APPEALED, _C, State.ARCHIVED),
            Turn.STAY, Duty.APPROVE, needs=_TAKEN_BACK, late=True,
        ),
    ),
)  # fmt: skip


def table_of(kind: Kind) -> Table[State, Act]:
    """The table a remedy of this kind obeys."""
    return RECONSIDERATION if kind is Kind.RECONSIDERATION else SUIT
