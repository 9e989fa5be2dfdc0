"""时钟的话: every sentence the clock of an application says, in both languages.

Kept apart from the counting so that both can be read: here is what an officer is told, and what
to do next; `gongkai.statute.clocks` decides when it is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gongkai.statute.clock_events import Clarify, Consult, Event, Extend, Fee, Whom
from gongkai.statute.texts import Text
from gongkai.statute.workdays import in_words

PAYMENT = Text("缴费期限届满", "last day to pay")
CORRECTION = Text("补正期限届满", "last day to correct")
CLARIFICATION_NOTICE = Text("告知补正的最后一日", "last day to ask for clarification")
EXTENSION_NOTICE = Text("告知延期的最后一日", "last day to tell of an extension")
FIRST_PERIOD = Text("延期前的期限届满", "end of the period before extension")
LONGEST = Text("若依法延期，最迟答复日", "last day to answer if extended to the full")
DUE = Text("答复期限届满", "last day to answer")


@dataclass(frozen=True, slots=True)
class Remark:
    """提示: what the reader should know. A warning needs a person; ``source`` a provision id."""

    id: str
    level: Literal["warning", "note"]
    text: Text
    source: str | None = None


# What the dates of an event are called.

_DISPATCHED = Text("发出征求意见书", "opinion asked for")
_SERVED = Text("对方收到征求意见书", "request received by the party")
_REPLIED = Text("收到意见", "opinion received")
_ASKED = Text("告知补正", "clarification asked for")
CORRECTED = Text("收到补正后的申请", "corrected application received")
_CONSENTED = Text("负责人同意延期", "extension consented to")
_TOLD = Text("告知延期", "extension told")
_BILLED = Text("收到收费通知", "fee notice received")
PAID = Text("缴费", "fee paid")


def dates_of(event: Event) -> list[tuple[Text, date]]:
    """What is dated in an event, in the order in which it must have happened."""
    match event:
        case Clarify():
            found = [(_ASKED, event.notified), (CORRECTED, event.corrected)]
        case Consult():
            found = [
                (_DISPATCHED, event.dispatched),
                (_SERVED, event.served),
                (_REPLIED, event.replied),
            ]
        case Extend():
            found = [(_CONSENTED, event.decided), (_TOLD, event.notified)]
        case Fee():
            found = [(_BILLED, event.notified), (PAID, event.paid)]
    return [(name, day) for name, day in found if day is not None]


def kind(event: Event) -> Text:
    """What an event is called."""
    match event:
        case Clarify():
            return Text("补正", "clarification")
        case Consult():
            return Text(f"征求{event.party.zh}意见", f"consultation of the {event.party.en}")
        case Extend():
            return Text("延期", "extension")
        case Fee():
            return Text("收费", "fee")


# Why a day counts or not.


def day_zero(event: Event | None) -> Text:
    """The first day of a period, which is not counted."""
    if event is None:
        return Text("收到申请，当日不计", "application received: not counted")
    if isinstance(event, Fee):
        return Text("缴费，期限自次日起重新计算", "fee paid: counted anew from tomorrow")
    return Text("收到补正后的申请，重新起算，当日不计", "corrected: counted anew from tomorrow")


def first_day(event: Event | None) -> Text:
    """The first day of a period where the convention counts it."""
    if event is None:
        return Text("收到申请，按口径当日计入", "application received: counted by convention")
    return Text("收到补正后的申请，重新起算，当日计入", "corrected: counted anew from today")


def extended_day(reason: Text) -> Text:
    """A counted day of the extension."""
    return Text(f"{reason.zh}，延期期间", f"{reason.en}, in the extension")


def day_off(reason: Text) -> Text:
    """A weekend or holiday."""
    return Text(f"{reason.zh}，不计", f"{reason.en}: not counted")


def asking(events: Sequence[Consult]) -> Text:
    """A working day that a consultation, or several, leaves out."""
    parties = list(dict.fromkeys(event.party for event in events))
    return Text(
        f"征求{'、'.join(p.zh for p in parties)}意见，不计",
        f"asking {', '.join(p.en for p in parties)}: not counted",
    )


def waiting(event: Clarify | Fee) -> Text:
    """A working day between a notice and what the applicant does about it."""
    if isinstance(event, Fee):
        return Text("等待缴费，不计", "waiting for payment: not counted")
    return Text("等待补正，不计", "waiting for correction: not counted")


def opinion_limit(event: Consult) -> Text:
    """The name of a party's 15 working days."""
    return Text(f"{event.party.zh}提出意见的最后一日", f"last day for the {event.party.en}")


def missing(event: Event) -> Text:
    """What must be known before a due date can be given."""
    match event:
        case Consult():
            return Text(
                "{day}向{party}征求意见，尚无回复，也未登记对方收到征求意见书的日期。"
                "请登记收到意见的日期；未回复的，登记对方收到征求意见书的日期。",
                "The {party} was asked on {day}; neither a reply nor the day the request was"
                " received is on record. Enter the reply, or the day the party received the"
                " request.",
            ).within(day=in_words(event.dispatched), party=event.party)
        case Clarify():
            return Text(
                "{day}已告知补正，尚未收到补正后的申请。收到后请登记日期，期限从该日重新计算。",
                "Clarification was asked for on {day}; nothing has come yet. Enter the day it"
                " comes: the period starts again on it.",
            ).within(day=in_words(event.notified))
        case Fee():
            return Text(
                "申请人{day}收到收费通知，尚未缴费。缴费后请登记日期，期限从次日起重新计算。",
                "The fee notice was received on {day}; payment is not in. Enter the day of"
                " payment: the period is counted anew from the day after.",
            ).within(day=in_words(event.notified))
        case Extend():
            raise ValueError("an extension leaves nothing open")


# Facts that cannot be.


def backwards(event: Event, name: Text, before: date, after: date) -> Text:
    return Text(
        "{kind}：“{name}”的日期{after}早于前一环节的{before}，请核对先后顺序。",
        "In the {kind}, “{name}” is dated {after}, before the step that comes first ({before}):"
        " check the order.",
    ).within(kind=kind(event), name=name, before=before, after=after)


def before_receipt(event: Event, name: Text, day: date, received: date) -> Text:
    return Text(
        "{kind}：“{name}”的日期{day}早于收到申请之日{received}，请核对。",
        "In the {kind}, “{name}” is dated {day}, before the application was received"
        " ({received}): check both.",
    ).within(kind=kind(event), name=name, day=day, received=received)


def in_the_future(event: Event, name: Text, day: date, as_of: date) -> Text:
    return Text(
        "{kind}：“{name}”的日期{day}晚于截至日{as_of}，尚未发生。请删去该日期，或者调整截至日。",
        "In the {kind}, “{name}” is dated {day}, after {as_of}, the day asked about: it has not"
        " happened yet. Leave it out, or ask about a later day.",
    ).within(kind=kind(event), name=name, day=day, as_of=as_of)


def asked_too_early(as_of: date, received: date) -> Text:
    return Text(
        "截至日{as_of}早于收到申请之日{received}，请核对。",
        "The day asked about, {as_of}, is before the application was received ({received}).",
    ).within(as_of=as_of, received=received)


def clarified_again(allowed: int) -> Text:
    return Text(
        "补正只能告知{n}次：《条例》第三十条要求一次性告知。补正后内容仍不明确的，"
        "应当作出答复（年度报告列入“补正后申请内容仍不明确”）。",
        "Clarification may be asked for {n} time(s): Art 30 wants one notice with everything. If"
        " the application is still unclear, answer it so (report row 3.4.3).",
    ).within(n=allowed)


def second_fee() -> Text:
    return Text(
        "同一件申请只能收取一次信息处理费，且按件、按量只能选择一种。请保留一次收费记录。",
        "One application bears one processing fee, by item or by volume. Keep one fee event.",
    )


def still_waiting(first: Event, then: Event) -> Text:
    return Text(
        "{first}尚未结束，答复期限没有运行，其间不能再{then}。请核对日期，或者待{first}结束后再办理。",
        "The {first} was not finished, so the period was not running: a {then} cannot fall into"
        " it. Check the dates, or wait for the {first} to end.",
    ).within(first=kind(first), then=kind(then))


def still_suspended(pause: Event, then: Event) -> Text:
    return Text(
        "{pause}尚未结束，答复期限处于扣除期间，不能因{then}重新起算。"
        "请核对日期：收到意见或者征求意见期限届满后，才能{then}。",
        "The {pause} was still open and the period suspended: a {then} cannot restart it. Check"
        " the dates: first the opinion, or the end of its period, then the {then}.",
    ).within(pause=kind(pause), then=kind(then))


def extended_twice() -> Text:
    return Text(
        "同一期限只能延长一次，最长20个工作日。请只保留一次延期。",
        "A period is extended once, by 20 working days at most. Keep one extension.",
    )


def extended_while_waiting(event: Extend) -> Text:
    if event.notified is None:
        return Text(
            "正在等待补正或者缴费，期限没有运行，不需要也不能延期。请删去延期。",
            "The clock is waiting for the applicant, so there is nothing to extend. Leave the"
            " extension out.",
        )
    return Text(
        "{day}告知延期时，正在等待补正或者缴费，期限没有运行，不能延期。请核对日期。",
        "On {day} the clock was waiting for the applicant: there was nothing to extend. Check"
        " the date.",
    ).within(day=in_words(event.notified))


def extended_too_late(told: date, due: date, provisional: bool) -> Text:
    return Text(
        "延期告知已逾期：原期限于{due}届满{mark}，而{told}才告知申请人，不能延长。"
        "请核对告知日期；确已逾期的，应当尽快答复。",
        "Told too late: the period ended on {due}{mark}, the applicant was told of the extension"
        " on {told}, so it has no effect. Check the date; if it is right, answer at once.",
    ).within(due=in_words(due), told=in_words(told), mark=_mark(provisional))


def extension_length(days: int, most: int) -> Text:
    return Text(
        "延期天数应为1至{most}个工作日，现为{days}。请改正。",
        "An extension has 1 to {most} working days, not {days}. Correct it.",
    ).within(days=days, most=most)


def expired(event: Event, day: date, due: date, provisional: bool) -> Text:
    return Text(
        "答复期限已于{due}届满{mark}，{day}的{kind}不能再改变期限。"
        "请核对日期；确已逾期的，应当尽快答复。",
        "The period had ended on {due}{mark}: a {kind} on {day} cannot change it any more. Check"
        " the date; if it is right, answer at once.",
    ).within(due=in_words(due), day=in_words(day), kind=kind(event), mark=_mark(provisional))


def _mark(provisional: bool) -> Text:
    return Text("（暂定）", " (provisional)") if provisional else Text("", "")


# What the reader should know.


def provisional(years: Sequence[int]) -> Remark:
    return Remark(
        "clock.provisional",
        "warning",
        Text(
            "暂定：{zh}年的放假安排通知未收录。该年度只扣除日期固定的法定节假日（元旦、劳动节、"
            "国庆节）和周末；日期不固定的节假日、调休放假和补假、调休上班日均不掌握，"
            "实际期限可能推后，也可能提前：周末调休上班的计入工作日，期限随之提前，"
            "按暂定日期答复可能已经逾期。收录通知后请重新计算。",
            "Provisional: the holiday notice for {en} is not on record. Only the holidays of a"
            " fixed date (New Year, Labour Day, National Day) and the weekends were left out;"
            " movable holidays, days off in lieu or by arrangement and make-up working days are"
            " not known. The true date may be later or earlier: a make-up Saturday counts, which"
            " brings the date forward, and an answer on the provisional date may then be late."
            " Recompute once the notice is entered.",
        ).within(zh="、".join(map(str, years)), en=" and ".join(map(str, years))),
        "holidays.7",
    )


def may_still_move(year: int) -> Remark:
    text = Text(
        "{next}年的放假安排通知未收录，该通知可能调整{year}年12月末的上班日期，"
        "期限可能推后，也可能提前。收录后请复核。",
        "The notice for {next} is not on record and may move days at the end of December {year}:"
        " the true date may be later or earlier. Check again once the notice is entered.",
    )
    return Remark("clock.year_end", "note", text.within(year=year, next=year + 1), "holidays.7")


def late_clarification(notified: date, limit: date) -> Remark:
    text = Text(
        "告知补正应当不迟于{limit}（收到申请后7个工作日），实际为{day}，已逾期。请在案卷中说明原因。",
        "Clarification was to be asked for by {limit} (7 working days); it was on {day}. Record"
        " the reason in the file.",
    ).within(limit=in_words(limit), day=in_words(notified))
    return Remark("clock.clarification_late", "warning", text, "ogi.30")


def late_correction(corrected: date, limit: date) -> Remark:
    text = Text(
        "补正期限于{limit}届满，{day}才收到补正。有正当理由的可以接受，期限从收到之日重新计算；"
        "无正当理由的，视为放弃申请。",
        "The time to correct ended on {limit}; the correction came on {day}. With good reason it"
        " is taken and the period starts again; without, the application is deemed abandoned.",
    ).within(limit=in_words(limit), day=in_words(corrected))
    return Remark("clock.correction_late", "warning", text, "ogi.30")


def lapsed(event: Event, limit: date) -> Remark:
    if isinstance(event, Fee):
        text = Text(
            "缴费期限于{limit}届满，未按期缴费，视为放弃申请，不再处理（年度报告列入“逾期不缴费”）。",
            "The fee was due by {limit} and not paid in time: the application is deemed abandoned"
            " (report row 3.6.2).",
        )
        return Remark("clock.unpaid", "note", text.within(limit=in_words(limit)), "fee.payment")
    text = Text(
        "补正期限于{limit}届满，未收到补正。无正当理由的，视为放弃申请，不再处理（年度报告列入“逾期不补正”）。",
        "The time to correct ended on {limit} without a correction: without good reason the"
        " application is deemed abandoned (report row 3.6.1).",
    )
    return Remark("clock.uncorrected", "note", text.within(limit=in_words(limit)), "ogi.30")


def extension_dropped() -> Remark:
    text = Text(
        "期限已重新起算，此前的延期不再适用；如仍需延期，应当重新决定并告知。",
        "The period started again, so the earlier extension no longer applies; a new one needs a"
        " new decision and notice.",
    )
    return Remark("clock.extension_dropped", "note", text, "ogi.33")


def late_opinion(event: Consult, replied: date, limit: date) -> Remark:
    text = Text(
        "{party}的意见于{day}收到，晚于其期限{limit}；超出部分照常计入答复期限。",
        "The opinion of the {party} came on {day}, after its period ended on {limit}; the days"
        " after that count.",
    ).within(party=event.party, day=in_words(replied), limit=in_words(limit))
    return Remark("clock.opinion_late", "warning", text, _opinion_source(event))


def silence(event: Consult, limit: date, over: bool) -> Remark:
    if not over:
        text = Text(
            "{party}尚未回复，按其期限{limit}届满推算；提前回复的，到期日相应提前，请登记回复日期。",
            "No reply of the {party} yet: counted to the end of its period, {limit}. An earlier"
            " reply brings the due date forward: enter it.",
        )
    elif event.whom is Whom.JOINT_MAKER:
        text = Text(
            "{party}至{limit}未提出意见，视为同意公开。",
            "The {party} gave no opinion by {limit}: it is deemed to consent to disclosure.",
        )
    else:
        text = Text(
            "{party}至{limit}未提出意见，由本机关依照《条例》决定是否公开，不视为同意。",
            "The {party} gave no opinion by {limit}: the organ decides by the Regulations; silence"
            " is not consent.",
        )
    text = text.within(party=event.party, limit=in_words(limit))
    return Remark("clock.silence", "note", text, _opinion_source(event))


def served_unknown(event: Consult) -> Remark:
    text = Text(
        "未登记{party}收到征求意见书的日期，无法核对其15个工作日；已全部扣除至收到意见之日。"
        "请补登，超出15个工作日的部分不能扣除。",
        "The day the {party} received the request is not on record, so its 15 working days cannot"
        " be checked; all days to the reply were left out. Enter it: days beyond 15 count.",
    ).within(party=event.party)
    return Remark("clock.served_unknown", "warning", text, _opinion_source(event))


def no_effect(event: Event, due: date) -> Remark:
    text = Text(
        "{kind}在期限最后一日即{due}发出，期限当日届满，没有可以扣除的日子。",
        "The {kind} went out on the last day, {due}: the period ended that day and nothing is left"
        " out.",
    ).within(kind=kind(event), due=in_words(due))
    return Remark("clock.no_effect", "warning", text, "ogi.33")


def assumed_in_time(limit: date) -> Remark:
    text = Text(
        "未登记延期告知的日期，按已在{limit}前告知申请人计算。请补登告知日期。",
        "The day the applicant was told of the extension is not on record; it was taken to be no"
        " later than {limit}. Enter it.",
    ).within(limit=in_words(limit))
    return Remark("clock.extension_undated", "note", text, "ogi.33")


def on_the_last_day(day: date) -> Remark:
    text = Text(
        "延期于原期限最后一日即{day}告知，有效。",
        "The extension was told on the last day of the period, {day}: it is valid.",
    ).within(day=in_words(day))
    return Remark("clock.extension_last_day", "note", text, "ogi.33")


def fee_rules_second_hand() -> Remark:
    text = Text(
        "收费通知、缴费期限以及缴费后期限重新计算的规定，依据转述，未见原文。",
        "The rules on the fee notice, the time to pay and the new count after payment are known"
        " from secondary sources; their text was not seen.",
    )
    return Remark("clock.fee_restart", "note", text, "fee.restart")


def overdue(due: date, as_of: date, days: int) -> Remark:
    text = Text(
        "答复期限已于{due}届满，截至{as_of}已超过{days}个工作日。请尽快答复。",
        "The period ended on {due}, {days} working day(s) before {as_of}. Answer at once.",
    ).within(due=in_words(due), as_of=in_words(as_of), days=days)
    return Remark("clock.overdue", "warning", text, "ogi.33")


def _opinion_source(event: Consult) -> str:
    return "ogi.34" if event.whom is Whom.JOINT_MAKER else "ogi.32"
