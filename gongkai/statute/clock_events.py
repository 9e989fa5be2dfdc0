"""办理中的事实: what happens to an application while its clock runs; conventions of counting.

Events are facts with dates, nothing more; `gongkai.statute.clocks` says what they do to the clock.
The day of receipt itself (条例第三十一条) is decided here, by the channel the application came by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.statute import dated, workdays
from gongkai.statute.texts import Text


class ClockError(ValueError):
    """顺序或日期有误: these facts cannot have happened in this order. ``text`` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Conventions:
    """计算口径: what the Regulations leave open, with our defaults; an organ may set its own.

    receipt_is_day_zero: the day a period starts is not counted (民法典第二百零一条).
    clarification_days: the applicant's 补正期限 in working days where the letter states none.
    clarifications: how often 补正 may be asked for (Art 30: 一次性告知).
    online_receipt_on_submission: an automatic receipt of the organ's own system confirms receipt.
    dispatch_day_counts: the day a consultation is sent still counts.
    reply_day_counts: the day the opinion arrives counts again.
    extension_must_reach_applicant: the notice itself must arrive before the first period ends;
    else it is enough that the decision was taken by then.
    """

    receipt_is_day_zero: bool = True
    clarification_days: int = 15
    clarifications: int = 1
    online_receipt_on_submission: bool = True
    dispatch_day_counts: bool = True
    reply_day_counts: bool = False
    extension_must_reach_applicant: bool = True


DEFAULT = Conventions()


class Whom(StrEnum):
    """征求谁的意见: whose silence means what (Art 32, Art 34)."""

    THIRD_PARTY = "third_party"  # 第三方: after silence the organ decides by the Regulations
    JOINT_MAKER = "joint_maker"  # 共同制作机关: silence is consent


WHOM = {
    Whom.THIRD_PARTY: Text("第三方", "third party"),
    Whom.JOINT_MAKER: Text("共同制作机关", "co-producing organ"),
}


@dataclass(frozen=True, slots=True)
class Clarify:
    """补正: asked for on ``notified``; ``corrected`` = the day the organ received it.

    ``until``: the last day the letter gave the applicant, None = counted by the convention.
    """

    notified: date
    corrected: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Consult:
    """征求意见: sent on ``dispatched``, received by the party on ``served``, in on ``replied``."""

    dispatched: date
    replied: date | None = None
    served: date | None = None
    whom: Whom = Whom.THIRD_PARTY
    name: str = ""

    @property
    def party(self) -> Text:
        """Who was asked, by name where one is given."""
        kind = WHOM[self.whom]
        if not self.name:
            return kind
        return Text(f"{kind.zh}（{self.name}）", f"{kind.en} ({self.name})")


@dataclass(frozen=True, slots=True)
class Extend:
    """延期: ``notified`` = the day the notice reached the applicant, None = taken as in time.

    ``days`` None = as long as the law allows; ``decided`` = the day the head consented.
    """

    notified: date | None = None
    days: int | None = None
    decided: date | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """收费: the applicant received the notice on ``notified`` and paid on ``paid``."""

    notified: date
    paid: date | None = None


Event = Clarify | Consult | Extend | Fee


class Channel(StrEnum):
    """提交方式: how the application came, as far as the day of receipt depends on it (Art 31)."""

    IN_PERSON = "in_person"  # 当面提交
    SIGNED_MAIL = "signed_mail"  # 邮寄，签收
    PLAIN_MAIL = "plain_mail"  # 平常信函等无需签收的邮寄
    ONLINE = "online"  # 互联网渠道
    FAX = "fax"  # 传真


CHANNELS = {
    Channel.IN_PERSON: Text("当面提交", "handed in"),
    Channel.SIGNED_MAIL: Text("邮寄（签收）", "mail, signed for"),
    Channel.PLAIN_MAIL: Text("平常信函（无需签收）", "mail, not signed for"),
    Channel.ONLINE: Text("互联网渠道", "internet"),
    Channel.FAX: Text("传真", "fax"),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """收到申请之日: the day, why it is that day, and what was irregular, if anything."""

    day: date
    reason: Text
    source: str = "ogi.31"
    irregular: Text | None = None


def received_on(
    channel: Channel,
    arrived: date,
    *,
    confirmed: date | None = None,
    automatic: bool = False,
    conventions: Conventions = DEFAULT,
) -> Receipt:
    """The day of receipt under Art 31.

    ``arrived``: handed in, signed for, or come to the 工作机构; ``confirmed``: the day it was
    confirmed with the applicant; ``automatic``: the organ's own system issued a receipt at once.
    Raises `dated.NotKnown` where the day depends on a confirmation that has not happened.
    """
    if confirmed is not None and confirmed < arrived:
        raise ClockError(
            Text(
                "确认日期{confirmed}早于申请到达日期{arrived}，请核对。",
                "Confirmed on {confirmed}, before the application came on {arrived}: check both.",
            ).within(confirmed=confirmed, arrived=arrived)
        )
    if channel is Channel.IN_PERSON:
        return Receipt(arrived, Text("当面提交，以提交之日为准", "handed in: that day counts"))
    if channel is Channel.SIGNED_MAIL:
        return Receipt(arrived, Text("邮寄，以签收之日为准", "mail: the day of signing counts"))
    if channel is not Channel.PLAIN_MAIL and automatic and conventions.online_receipt_on_submission:
        reason = Text("系统即时出具回执，以提交之日为准", "receipt issued at once: that day counts")
        return Receipt(arrived, reason)
    if confirmed is None:
        raise dated.NotKnown(
            Text(
                "以{channel}提交的申请，以双方确认之日为收到之日，目前尚未确认。"
                "请当日联系申请人确认，并登记确认日期。",
                "An application by {channel} is received on the day it is confirmed with the"
                " applicant, which has not happened. Contact the applicant today and record it.",
            ).within(channel=CHANNELS[channel])
        )
    reason = Text("{channel}，以与申请人确认之日为准", "{channel}: the day of confirmation counts")
    return Receipt(
        confirmed,
        reason.within(channel=CHANNELS[channel]),
        irregular=_late_confirmation(channel, arrived, confirmed),
    )


def _late_confirmation(channel: Channel, arrived: date, confirmed: date) -> Text | None:
    if channel is not Channel.PLAIN_MAIL or confirmed == arrived:
        return None
    return Text(
        "平常信函应当在收到当日与申请人确认；{arrived}收到，{confirmed}才确认，请在案卷中说明原因。",
        "Mail not signed for is to be confirmed with the applicant on the day it comes; it came on"
        " {arrived} and was confirmed on {confirmed}. Record the reason in the file.",
    ).within(arrived=workdays.in_words(arrived), confirmed=workdays.in_words(confirmed))
