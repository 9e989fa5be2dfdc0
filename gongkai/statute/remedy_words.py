"""复议、诉讼中的话: why an act cannot be done, what a person should know; in both languages."""

from __future__ import annotations

from datetime import date

from gongkai.statute.clock_remarks import Remark
from gongkai.statute.texts import Text
from gongkai.statute.workdays import in_words

PERFORM = Text("履行决定或者裁判", "do what was ordered")


def no_such_act(name: Text) -> Text:
    return Text("{name}没有这一环节。", "There is no such step in {name}.").within(name=name)


def before_the_answer(on: date) -> Text:
    return Text(
        "{on}早于所针对的答复，请核对。", "{on} is before the answer it is against: check both."
    ).within(on=on)


def not_deemed(limit: date | None) -> Text:
    if limit is None:
        return Text("这里没有视为受理。", "Nothing is deemed admitted here.")
    return Text(
        "审查期限至{limit}，届满后复议机关未作决定的，才视为受理。",
        "Only without a decision by {limit} is it deemed admitted.",
    ).within(limit=in_words(limit))


def copy_already() -> Text:
    return Text(
        "副本已登记，或者日期早于申请，请核对。",
        "The copy is on record, or dated before the application: check.",
    )


def copy_first() -> Text:
    return Text(
        "请先登记收到副本的日期：答复期限从该日起算。",
        "First record the day the copy came: the period to answer runs from it.",
    )


def ordinary_already() -> Text:
    return Text("已是普通程序。", "It is in the ordinary procedure already.")


def not_prolonged() -> Text:
    return Text(
        "简易程序不延长；普通程序只延长一次。",
        "The simple procedure is not prolonged, the ordinary one once.",
    )


def prolonging_length(days: int, most: int) -> Text:
    return Text(
        "延长天数应为1至{most}日，现为{days}。", "Prolonging has 1 to {most} days, not {days}."
    ).within(days=days, most=most)


def no_such_result() -> Text:
    return Text(
        "这一阶段没有这种处理结果，请核对。", "There is no such result at this stage: check it."
    )


def that_is_a_judgment() -> Text:
    return Text(
        "该结果以裁判作出，请登记一审裁判。", "That is given by judgment: record the judgment."
    )


def still_appealable(limit: date) -> Text:
    return Text(
        "上诉期限至{limit}，届满后才能登记生效。",
        "An appeal is possible until {limit}; only then is it final.",
    ).within(limit=in_words(limit))


def nothing_to_perform() -> Text:
    return Text(
        "没有需要履行的内容，或者已经登记履行。", "There is nothing to perform, or it was recorded."
    )


def one_opinion_letter() -> Text:
    return Text("意见书已登记。", "The letter of opinion is on record.")


def report_first() -> Text:
    return Text(
        "行政复议意见书的纠正情况还没有报送，报送后再归档。",
        "The report on the letter of opinion is still due: archive after it.",
    )


def nothing_to_report() -> Text:
    return Text("没有待报送纠正情况的意见书。", "There is no letter of opinion to report on.")


def reconsideration_first() -> Remark:
    text = Text(
        "对依第十四条至第十六条不予公开的答复，2024年起应当先申请行政复议，不能直接起诉。"
        "请在答辩中提出，并核对答复书的救济告知。",
        "From 2024 a refusal under Art 14 to 16 goes to reconsideration first and cannot be sued"
        " directly. Raise it in the defence, and check what the answer told.",
    )
    return Remark("remedy.reconsideration_first", "warning", text, "review.23")


def silence() -> Remark:
    text = Text(
        "针对逾期不答复：复议法第二十三条与法释〔2025〕8号第二条规定不一，复议、起诉都可能被受理。",
        "Against silence: Art 23 of the Reconsideration Law and Art 2 of the 2025 interpretation"
        " differ; reconsideration and a suit may both be admitted.",
    )
    return Remark("remedy.silence", "note", text, "interpretation2025.2")


def filed_late(on: date, limit: date) -> Remark:
    text = Text(
        "{on}提出，晚于期限{limit}。是否受理由受理机关决定；请在答复中提出。",
        "Filed on {on}, after {limit}. Whether it is admitted is not ours to say; raise it.",
    )
    return Remark(
        "remedy.filed_late", "warning", text.within(on=in_words(on), limit=in_words(limit))
    )


def still_reconsidered() -> Remark:
    text = Text(
        "同一答复的复议已受理、尚未审结，复议期间不得起诉。请在答辩中提出。",
        "A reconsideration of the same answer was admitted and is pending: no suit may be brought"
        " meanwhile. Raise it.",
    )
    return Remark("remedy.still_reconsidered", "warning", text, "review.29")


def answered_late(on: date, limit: date, suit: bool) -> Remark:
    text = Text(
        "{on}才提出，晚于{limit}：逾期提交的，视为没有相应证据。",
        "Filed on {on}, after {limit}: what comes late counts as no evidence.",
    )
    source = "litigation.67" if suit else "review.70"
    text = text.within(on=in_words(on), limit=in_words(limit))
    return Remark("remedy.answered_late", "warning", text, source)


def ordered_day_over(until: date, on: date, suit: bool) -> Remark:
    text = Text(
        "责令履行的期限{until}，在生效之日{on}之前已过，不再作为到期日；法律没有规定此时的期限。"
        "请核对生效文书，与作出机关确认履行的日期，尽快履行并登记。",
        "The day ordered, {until}, was over before it took effect on {on}, so nothing is late by"
        " it; the law names no other. Check the document, agree on a day with who issued it,"
        " perform soon and record it.",
    )
    source = "" if suit else "review.66"
    text = text.within(until=in_words(until), on=in_words(on))
    return Remark("remedy.ordered_day_over", "warning", text, source)


def filing_stays() -> Text:
    return Text(
        "只有登记提起这一步，没有可以撤回的。案号有误的改案号；本不该登记的，"
        "请按实际结果审结并附卷说明。",
        "Only its filing stands, and that is not taken back. Correct the case number; what should"
        " not be here is concluded as it ended, with a note on file.",
    )


def latest_first(name: Text) -> Text:
    return Text(
        "只能撤回最后一步“{name}”，请从最后一步起依次撤回。",
        "Only the latest step, “{name}”, can be taken back: go back one by one.",
    ).within(name=name)
