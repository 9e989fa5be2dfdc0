"""申请办理环节表: the states of an application and which act leads where, by whom, on what ground.

docs/cases.md is printed from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from gongkai.statute.case_events import EVENTS, Act
from gongkai.statute.texts import Text
from gongkai.statute.transitions import Duty, Row, Table, Turn


class State(StrEnum):
    """申请的状态."""

    UNCONFIRMED = "unconfirmed"  # 待确认收到
    RECEIVED = "received"  # 待受理
    HANDLING = "handling"  # 办理中
    AWAITING_CLARIFICATION = "awaiting_clarification"  # 待补正
    AWAITING_PAYMENT = "awaiting_payment"  # 待缴费
    UNDER_REVIEW = "under_review"  # 待审核
    AWAITING_APPROVAL = "awaiting_approval"  # 待批准
    APPROVED = "approved"  # 待签发
    SIGNED = "signed"  # 待发出
    SENT = "sent"  # 待送达
    DELIVERED = "delivered"  # 已答复
    LAPSED = "lapsed"  # 逾期未补正
    UNPAID = "unpaid"  # 逾期未缴费
    WITHDRAWN = "withdrawn"  # 已撤回
    ENDED = "ended"  # 已终止
    ARCHIVED = "archived"  # 已归档


STATES: Mapping[State, Text] = {
    State.UNCONFIRMED: Text("待确认收到", "receipt to be confirmed"),
    State.RECEIVED: Text("待受理", "to be accepted"),
    State.HANDLING: Text("办理中", "being handled"),
    State.AWAITING_CLARIFICATION: Text("待补正", "waiting for clarification"),
    State.AWAITING_PAYMENT: Text("待缴费", "waiting for payment"),
    State.UNDER_REVIEW: Text("待审核", "to be reviewed"),
    State.AWAITING_APPROVAL: Text("待批准", "to be approved"),
    State.APPROVED: Text("待签发", "to be signed"),
    State.SIGNED: Text("待发出", "to be sent"),
    State.SENT: Text("待送达", "on its way"),
    State.DELIVERED: Text("已答复", "answered"),
    State.LAPSED: Text("逾期未补正", "lapsed, not clarified"),
    State.UNPAID: Text("逾期未缴费", "lapsed, not paid"),
    State.WITHDRAWN: Text("已撤回", "withdrawn"),
    State.ENDED: Text("已终止", "ended"),
    State.ARCHIVED: Text("已归档", "archived"),
}

ACTS: Mapping[Act, Text] = {
    Act.LOG: Text("登记，待确认收到", "log, receipt to be confirmed"),
    Act.RECEIVE: Text("登记收到", "register"),
    Act.TAKE_OVER: Text("按旧台账录入", "take over from an old ledger"),
    Act.CONFIRM: Text("确认收到", "confirm receipt"),
    Act.ACCEPT: Text("受理", "accept"),
    Act.CLARIFY: Text("告知补正", "ask for clarification"),
    Act.CORRECT: Text("收到补正", "record the correction"),
    Act.LAPSE: Text("逾期不补正，不再处理", "close: not clarified"),
    Act.CONSULT: Text("征求意见", "ask for an opinion"),
    Act.SERVE: Text("对方收到征求意见书", "record that a party was served"),
    Act.OPINION: Text("收到意见", "record an opinion"),
    Act.SILENCE: Text("对方逾期未提出意见", "record a party's silence"),
    Act.CALL_OFF: Text("撤回征求意见", "call off a consultation"),
    Act.ASK_REASONS: Text("要求说明理由", "ask for reasons"),
    Act.GIVE_REASONS: Text("收到理由", "record the reasons"),
    Act.DEFER: Text("告知延迟答复的期限", "tell a later date"),
    Act.EXTEND: Text("同意延期", "consent to an extension"),
    Act.TELL_EXTENSION: Text("告知延期", "tell of the extension"),
    Act.CHARGE: Text("收费通知", "charge a fee"),
    Act.PAY: Text("缴费", "record payment"),
    Act.UNPAID: Text("逾期不缴费，不再处理", "close: not paid"),
    Act.WAIVE: Text("免收费用", "waive the fee"),
    Act.REFUND: Text("退费", "refund"),
    Act.WITHDRAW: Text("申请人撤回", "record the withdrawal"),
    Act.END: Text("因其他原因终止", "end for another reason"),
    Act.DECIDE: Text("拟定答复", "draft the answer"),
    Act.RECALL: Text("取回修改", "take back the draft"),
    Act.REVIEW: Text("审核通过", "pass the review"),
    Act.RETURN: Text("退回修改", "return the draft"),
    Act.APPROVE: Text("批准", "approve"),
    Act.SIGN: Text("签发编号", "sign and number"),
    Act.TELL_PARTY: Text("告知第三方将公开", "tell the third party of the disclosure"),
    Act.SEND: Text("发出答复", "send the answer"),
    Act.MISS: Text("未能送达", "record failed delivery"),
    Act.DELIVER: Text("送达", "record delivery"),
    Act.RECLASSIFY: Text("更正办结情况", "correct the outcome on record"),
    Act.RESUME: Text("恢复办理", "resume"),
    Act.REOPEN: Text("经复议、诉讼重新办理", "reopen after a remedy"),
    Act.ARCHIVE: Text("归档", "archive"),
}

NEEDS: Mapping[str, Text] = {
    "channel": Text("提交方式", "the channel"),
    "received": Text("收到日期", "the day of receipt"),
    "points": Text("需要补正的事项", "what to correct"),
    "late_reason": Text("逾期的原因", "why it is late"),
    "party": Text("征求对象", "the party"),
    "opinion": Text("意见", "the opinion"),
    "reasonable": Text("理由是否合理", "whether the reasons are good"),
    "until": Text("期限", "the day"),
    "amount": Text("金额", "the sum"),
    "reason": Text("原因", "the reason"),
    "ground": Text("办理结果及理由", "outcome and ground"),
    "withheld": Text("不公开的部分及理由", "what is withheld and why"),
    "where": Text("获取的方式和途径", "where it can be had"),
    "search": Text("检索记录", "the record of the search"),
    "basis": Text("所依据的规定", "the rule relied on"),
    "number": Text("文号", "the document number"),
    "way": Text("送达方式", "the way of delivery"),
    "remedy": Text("复议决定或者裁判", "the decision or judgment"),
}

_DRAFTED = (State.UNDER_REVIEW, State.AWAITING_APPROVAL, State.APPROVED, State.SIGNED)
_WORKING = (State.HANDLING, State.UNDER_REVIEW, State.AWAITING_APPROVAL)
_WAITING = (State.AWAITING_CLARIFICATION, State.AWAITING_PAYMENT)
_UNSENT = (State.RECEIVED, State.HANDLING, *_WAITING, *_DRAFTED)
_CLOSED = (State.LAPSED, State.UNPAID, State.WITHDRAWN, State.ENDED)
_DONE = (State.DELIVERED, *_CLOSED)

CLOSED: frozenset[State] = frozenset((*_DONE, State.ARCHIVED))
"""办结: no clock runs any more."""

_H = State.HANDLING
_JOINT = "ogi.34"  # of a co-producing organ

TABLE: Table[State, Act] = Table(
    name=Text("申请", "application"),
    states=STATES,
    acts=ACTS,
    events=EVENTS,
    needs=NEEDS,
    ends=frozenset({State.ARCHIVED}),
    rows=(
        Row(Act.LOG, (None,), State.UNCONFIRMED, source="ogi.31", needs=("channel",)),
        Row(Act.RECEIVE, (None,), State.RECEIVED, source="ogi.31", needs=("channel",)),
        Row(
            Act.TAKE_OVER, (None,), State.ARCHIVED, needs=("received", "channel", "ground")
        ),
        Row(Act.CONFIRM, (State.UNCONFIRMED,), State.RECEIVED, source="ogi.31"),
        Row(Act.ACCEPT, (State.RECEIVED,), _H, source="ogi.45"),
        Row(
            Act.CLARIFY, (State.RECEIVED, _H), State.AWAITING_CLARIFICATION,
            source="ogi.30", needs=("points",),
        ),
        Row(Act.CORRECT, (State.AWAITING_CLARIFICATION,), _H, source="ogi.30", late=True),
        Row(Act.LAPSE, (State.AWAITING_CLARIFICATION,), State.LAPSED, Duty.REVIEW, "ogi.30"),
        Row(Act.CONSULT, (_H,), Turn.STAY, source="ogi.32", needs=("party",), also=_JOINT),
        Row(Act.SERVE, (_H,), Turn.STAY, source="ogi.32", needs=("party",), late=True, also=_JOINT),
        Row(
            Act.OPINION, (_H,), Turn.STAY, source="ogi.32", needs=("party", "opinion"), late=True,
            also=_JOINT,
        ),
        Row(Act.SILENCE, (_H,), Turn.STAY, source="ogi.32", needs=("party",), also=_JOINT),
        Row(Act.CALL_OFF, (_H,), Turn.STAY, needs=("party", "reason")),
        Row(Act.ASK_REASONS, (_H,), Turn.STAY, source="ogi.35"),
        Row(Act.GIVE_REASONS, (_H,), Turn.STAY, source="ogi.35", needs=("reasonable",), late=True),
        Row(Act.DEFER, (_H,), Turn.STAY, Duty.HEAD, "ogi.35", ("until",)),
        Row(Act.EXTEND, _WORKING, Turn.STAY, Duty.HEAD, "ogi.33"),
        Row(Act.TELL_EXTENSION, _WORKING, Turn.STAY, source="ogi.33", late=True),
        Row(Act.CHARGE, (_H,), State.AWAITING_PAYMENT, source="fee.notice", needs=("amount",)),
        Row(Act.PAY, (State.AWAITING_PAYMENT,), _H, source="fee.restart", late=True),
        Row(Act.UNPAID, (State.AWAITING_PAYMENT,), State.UNPAID, Duty.REVIEW, "fee.payment"),
        Row(Act.WAIVE, (State.AWAITING_PAYMENT,), _H, Duty.APPROVE, needs=("reason",)),
        Row(
            Act.REFUND, (_H, *_DRAFTED, State.SENT, *_DONE, State.ARCHIVED), Turn.STAY,
            Duty.APPROVE, needs=("amount", "reason"), late=True,
        ),
        Row(Act.WITHDRAW, (State.UNCONFIRMED, *_UNSENT), State.WITHDRAWN),
        Row(
            Act.END, (State.UNCONFIRMED, *_UNSENT), State.ENDED, Duty.APPROVE, needs=("reason",)
        ),
        Row(Act.DECIDE, (_H,), State.UNDER_REVIEW, source="ogi.36", needs=("ground",)),
        Row(Act.RECALL, (State.UNDER_REVIEW,), _H),
        Row(Act.REVIEW, (State.UNDER_REVIEW,), State.AWAITING_APPROVAL, Duty.REVIEW, "ogi.17"),
        Row(
            Act.RETURN, (State.UNDER_REVIEW,), _H, Duty.REVIEW, needs=("reason",)
        ),
        Row(
            Act.RETURN, (State.AWAITING_APPROVAL, State.APPROVED), _H, Duty.APPROVE,
            needs=("reason",),
        ),
        Row(Act.APPROVE, (State.AWAITING_APPROVAL,), State.APPROVED, Duty.APPROVE, "ogi.45"),
        Row(Act.SIGN, (State.APPROVED,), State.SIGNED, Duty.SIGN, "ogi.45", ("number",)),
        Row(
            Act.TELL_PARTY, (State.APPROVED, State.SIGNED, State.SENT), Turn.STAY,
            source="ogi.32", needs=("party",), late=True,
        ),
        Row(Act.SEND, (State.SIGNED,), State.SENT, source="delivery2016.time", needs=("way",)),
        Row(Act.MISS, (State.SENT,), State.SIGNED, needs=("reason",)),
        Row(Act.DELIVER, (State.SENT,), State.DELIVERED, source="delivery2016.time"),
        Row(
            Act.RECLASSIFY, (*_DONE, State.ARCHIVED), Turn.STAY, Duty.APPROVE,
            needs=("ground", "reason"),
        ),
        Row(Act.RESUME, _CLOSED, Turn.BACK, Duty.APPROVE, needs=("reason",)),
        Row(
            Act.REOPEN, (State.RECEIVED, _H, *_WAITING, *_DONE, State.ARCHIVED), _H,
            source="ogi.51", needs=("remedy",), late=True,
        ),
        Row(Act.ARCHIVE, _DONE, State.ARCHIVED, source="ogi.45"),
    ),
)  # fmt: skip
