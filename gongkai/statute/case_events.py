"""申请办理的事件: what happens to one application (one matter), each a frozen value with its day.

An event says that something happened and when; `gongkai.statute.case_table` says when it may, and
`gongkai.statute.cases` what it makes of the case. No name, address or number of a person stands in
an event: parties are named as the file names them, personal data belong to the vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from gongkai.statute import clock_events, dated
from gongkai.statute.clock_events import Channel, Conventions, Receipt, Whom
from gongkai.statute.fees import Basis
from gongkai.statute.grounds import Ground
from gongkai.statute.texts import Text


class AnswerDay(StrEnum):
    """邮寄答复的答复日: which day a mailed answer counts on (facts 10.5)."""

    POSTED = "posted"  # 交邮之日
    RECEIVED = "received"  # 申请人签收之日


@dataclass(frozen=True, slots=True)
class CaseConventions(Conventions):
    """办理口径: those of the clock, and what else the law leaves open; with our defaults.

    mail_answer_day: which day a mailed answer counts on (国办公开办函〔2016〕235号: posting).
    late_clarification: 补正 asked for after the 7 working days is taken, with a reason on record;
    else it cannot be asked for any more.
    reasons_days: working days to give reasons (Art 35) where the letter states no day.
    waived_fee_restarts: a fee waived after its notice starts the period anew, as payment does; else
    the notice is taken never to have stopped it.
    reopened_may_extend: a case reopened by a remedy may be extended under Art 33.
    """

    mail_answer_day: AnswerDay = AnswerDay.POSTED
    late_clarification: bool = False
    reasons_days: int = 7
    waived_fee_restarts: bool = False
    reopened_may_extend: bool = False


DEFAULT = CaseConventions()


class Act(StrEnum):
    """办理动作: what is done to an application, or recorded of it."""

    LOG = "log"  # 登记，待确认收到
    RECEIVE = "receive"  # 登记收到
    TAKE_OVER = "take_over"  # 按旧台账录入
    CONFIRM = "confirm"  # 与申请人确认收到
    ACCEPT = "accept"  # 受理
    CLARIFY = "clarify"  # 告知补正
    CORRECT = "correct"  # 收到补正
    LAPSE = "lapse"  # 逾期不补正，不再处理
    CONSULT = "consult"  # 征求意见
    SERVE = "serve"  # 对方收到征求意见书
    OPINION = "opinion"  # 收到意见
    SILENCE = "silence"  # 逾期未提出意见
    CALL_OFF = "call_off"  # 撤回征求意见
    ASK_REASONS = "ask_reasons"  # 要求说明理由
    GIVE_REASONS = "give_reasons"  # 收到理由
    DEFER = "defer"  # 确定延迟答复的期限
    EXTEND = "extend"  # 同意延期
    TELL_EXTENSION = "tell_extension"  # 告知延期
    CHARGE = "charge"  # 收费通知
    PAY = "pay"  # 缴费
    UNPAID = "unpaid"  # 逾期不缴费，不再处理
    WAIVE = "waive"  # 免收费用
    REFUND = "refund"  # 退费
    WITHDRAW = "withdraw"  # 申请人撤回
    END = "end"  # 其他原因终止
    DECIDE = "decide"  # 拟定答复
    RECALL = "recall"  # 取回修改
    REVIEW = "review"  # 审核通过
    RETURN = "return"  # 退回修改
    APPROVE = "approve"  # 批准
    SIGN = "sign"  # 签发编号
    TELL_PARTY = "tell_party"  # 告知第三方将公开
    SEND = "send"  # 发出
    MISS = "miss"  # 未能送达
    DELIVER = "deliver"  # 送达
    RECLASSIFY = "reclassify"  # 更正办结情况
    RESUME = "resume"  # 恢复办理
    REOPEN = "reopen"  # 经复议、诉讼重新办理
    ARCHIVE = "archive"  # 归档


class Opinion(StrEnum):
    """意见: what a party that was asked said."""

    CONSENT = "consent"  # 同意公开
    OBJECTION = "objection"  # 不同意公开


class Way(StrEnum):
    """送达方式."""

    IN_PERSON = "in_person"  # 直接送达
    ENTRUSTED = "entrusted"  # 委托其他行政机关送达
    MAIL = "mail"  # 邮寄送达
    ELECTRONIC = "electronic"  # 电子送达


WAYS: Mapping[Way, Text] = {
    Way.IN_PERSON: Text("直接送达", "delivered in person"),
    Way.ENTRUSTED: Text("委托送达", "delivered by another organ"),
    Way.MAIL: Text("邮寄送达", "mailed"),
    Way.ELECTRONIC: Text("电子送达", "sent electronically"),
}
OPINIONS: Mapping[Opinion, Text] = {
    Opinion.CONSENT: Text("同意公开", "consents"),
    Opinion.OBJECTION: Text("不同意公开", "objects"),
}


# -- the day of receipt


@dataclass(frozen=True, slots=True)
class Arrival:
    """到达的事实: what the day of receipt depends on (Art 31), besides the channel.

    ``misdirected``: sent to another unit or person; ``arrived`` is the day the 工作机构 got it.
    """

    arrived: date
    confirmed: date | None = None
    automatic: bool = False
    misdirected: bool = False


def receipt_day(
    channel: Channel, arrival: Arrival, conventions: Conventions = clock_events.DEFAULT
) -> Receipt:
    """收到申请之日 and why it is that day. Raises `dated.NotKnown` while confirmation is open."""
    if not arrival.misdirected:
        return clock_events.received_on(
            channel,
            arrival.arrived,
            confirmed=arrival.confirmed,
            automatic=arrival.automatic,
            conventions=conventions,
        )
    if arrival.confirmed is None:
        raise dated.NotKnown(_MISDIRECTED)
    found = clock_events.received_on(
        Channel.PLAIN_MAIL, arrival.arrived, confirmed=arrival.confirmed, conventions=conventions
    )
    reason = Text(
        "寄给其他机构或者个人，以工作机构实际收到并与申请人确认之日为准",
        "sent to another unit or person: the day the working body had it and confirmed counts",
    )
    return Receipt(found.day, reason, "period2015.receipt", found.irregular)


_MISDIRECTED = Text(
    "寄给其他机构或者个人的申请，自工作机构实际收到并与申请人确认之日起算，目前尚未确认。"
    "请联系申请人并登记确认日期；联系不上的，恢复联络后登记。",
    "An application sent to another unit or person counts from the day the working body has it and"
    " confirms. Contact the applicant and record the day; without contact, when it is restored.",
)


# -- the events


@dataclass(frozen=True, slots=True)
class Event:
    """事件: ``on`` = the day it happened, not the day it was entered."""

    on: date
    act: ClassVar[Act]


@dataclass(frozen=True, slots=True)
class Logged(Event):
    """登记，待确认: come on ``on``; the day of receipt waits for the confirmation."""

    act = Act.LOG
    channel: Channel
    via: str = ""  # the organ's own name of the channel
    misdirected: bool = False


@dataclass(frozen=True, slots=True)
class Received(Event):
    """登记收到: come on ``on``, with all that Art 31 asks for."""

    act = Act.RECEIVE
    channel: Channel
    confirmed: date | None = None
    automatic: bool = False
    misdirected: bool = False
    via: str = ""


@dataclass(frozen=True, slots=True)
class TakenOver(Event):
    """按旧台账录入: closed before this program kept the ledger; ``on`` the day of the answer.

    Only what an old ledger tells: whether it was extended, when the correction came, the day due
    where it says one. Review, approval and delivery are not made up.
    """

    act = Act.TAKE_OVER
    received: date
    channel: Channel
    ground: Ground
    number: str = ""
    extended: bool = False
    corrected: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Confirmed(Event):
    """与申请人确认收到."""

    act = Act.CONFIRM


@dataclass(frozen=True, slots=True)
class Accepted(Event):
    """受理: complete and clear enough to be handled."""

    act = Act.ACCEPT


@dataclass(frozen=True, slots=True)
class ClarificationAsked(Event):
    """告知补正: all ``points`` at once; ``until`` the last day the letter gives."""

    act = Act.CLARIFY
    points: str
    until: date | None = None
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Corrected(Event):
    """收到补正: after the time given only with good reason."""

    act = Act.CORRECT
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Lapsed(Event):
    """逾期不补正，视为放弃."""

    act = Act.LAPSE


@dataclass(frozen=True, slots=True)
class ConsultationSent(Event):
    """征求意见: one party; several may be asked at once, each with its own days."""

    act = Act.CONSULT
    party: str
    whom: Whom = Whom.THIRD_PARTY


@dataclass(frozen=True, slots=True)
class ConsultationServed(Event):
    """对方收到征求意见书: its 15 working days start."""

    act = Act.SERVE
    party: str


@dataclass(frozen=True, slots=True)
class OpinionReceived(Event):
    """收到意见."""

    act = Act.OPINION
    party: str
    opinion: Opinion
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PartySilent(Event):
    """逾期未提出意见: a joint maker consents by it, a third party does not."""

    act = Act.SILENCE
    party: str


@dataclass(frozen=True, slots=True)
class CalledOff(Event):
    """撤回征求意见: the opinion is not needed any more."""

    act = Act.CALL_OFF
    party: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReasonsAsked(Event):
    """要求说明理由 (Art 35): ``until`` the day the letter gives."""

    act = Act.ASK_REASONS
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ReasonsGiven(Event):
    """收到理由: and whether the organ finds them reasonable."""

    act = Act.GIVE_REASONS
    reasonable: bool


@dataclass(frozen=True, slots=True)
class Deferred(Event):
    """延迟答复: good reasons, not to be done in time; the applicant was told of ``until``."""

    act = Act.DEFER
    until: date


@dataclass(frozen=True, slots=True)
class ExtensionApproved(Event):
    """同意延期: by the head of the 工作机构; ``days`` None = as long as the law allows."""

    act = Act.EXTEND
    days: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionTold(Event):
    """告知延期: the day the notice reached the applicant."""

    act = Act.TELL_EXTENSION


@dataclass(frozen=True, slots=True)
class FeeNotified(Event):
    """收费通知: the applicant has it on ``on``; ``amount`` in yuan."""

    act = Act.CHARGE
    amount: Decimal
    basis: Basis = Basis.ITEMS


@dataclass(frozen=True, slots=True)
class FeePaid(Event):
    """缴费."""

    act = Act.PAY


@dataclass(frozen=True, slots=True)
class FeeUnpaid(Event):
    """逾期不缴费，视为放弃."""

    act = Act.UNPAID


@dataclass(frozen=True, slots=True)
class FeeWaived(Event):
    """免收费用: the whole sum."""

    act = Act.WAIVE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeeRefunded(Event):
    """退费: yuan given back of what was paid."""

    act = Act.REFUND
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """申请人撤回申请."""

    act = Act.WITHDRAW


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """因其他原因终止: the applicant died, is gone, and the like."""

    act = Act.END
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decided(Event):
    """拟定答复: the ground; what is withheld in part, and why; whose objection is overridden.

    ``search``: the record of the search for what does not exist. ``basis``: the rule relied on
    where the Regulations have none. ``other_organ``: whom to ask instead, with its contact.
    """

    act = Act.DECIDE
    ground: Ground
    withheld: tuple[Ground, ...] = ()
    overrides: tuple[str, ...] = ()
    where: str = ""
    search: str = ""
    basis: str = ""
    other_organ: str = ""


@dataclass(frozen=True, slots=True)
class Recalled(Event):
    """取回修改: by who drafted it, before it is reviewed."""

    act = Act.RECALL


@dataclass(frozen=True, slots=True)
class Reviewed(Event):
    """审核通过."""

    act = Act.REVIEW


@dataclass(frozen=True, slots=True)
class Returned(Event):
    """退回修改."""

    act = Act.RETURN
    reason: str


@dataclass(frozen=True, slots=True)
class Approved(Event):
    """批准."""

    act = Act.APPROVE


@dataclass(frozen=True, slots=True)
class Signed(Event):
    """签发: numbered and sealed."""

    act = Act.SIGN
    number: str


@dataclass(frozen=True, slots=True)
class PartyTold(Event):
    """书面告知第三方: what will be disclosed against its objection, and why (Art 32)."""

    act = Act.TELL_PARTY
    party: str


@dataclass(frozen=True, slots=True)
class Sent(Event):
    """发出."""

    act = Act.SEND
    way: Way


@dataclass(frozen=True, slots=True)
class Missed(Event):
    """未能送达: come back, refused, not transmitted; it has to be sent again."""

    act = Act.MISS
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivered(Event):
    """送达: signed for, or transmitted."""

    act = Act.DELIVER


@dataclass(frozen=True, slots=True)
class Reclassified(Event):
    """更正办结情况: the answer stands, the row it was counted in was wrong."""

    act = Act.RECLASSIFY
    ground: Ground
    reason: str
    withheld: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """恢复办理: closed by mistake; back to where it stood."""

    act = Act.RESUME
    reason: str


@dataclass(frozen=True, slots=True)
class Reopened(Event):
    """重新办理: ordered by a remedy received on ``on``; ``until`` where the order sets the day."""

    act = Act.REOPEN
    remedy: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Archived(Event):
    """归档."""

    act = Act.ARCHIVE


def _classes() -> dict[Act, type[Any]]:
    found = {kind.act: kind for kind in Event.__subclasses__() if hasattr(kind, "act")}
    if set(found) != set(Act):
        raise ValueError(f"acts without an event: {set(Act) - set(found)}")
    return found


EVENTS: Mapping[Act, type[Any]] = _classes()
