"""办理中的话: why an act cannot be done now, and what is waited for; in both languages.

Kept apart from the rules so that both can be read, as in `gongkai.statute.clock_remarks`.
"""

from __future__ import annotations

from datetime import date

from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.texts import Text
from gongkai.statute.workdays import in_words


def no_need_to_confirm() -> Text:
    return Text(
        "当面提交和签收的邮件不需要与申请人确认，请直接登记收到。",
        "What is handed in or signed for needs no confirmation: register it as received.",
    )


def clarification_too_late(limit: date) -> Text:
    return Text(
        "告知补正的期限已于{limit}届满（收到申请后7个工作日），不能再要求补正。请按现有内容答复。",
        "The time to ask for clarification ended on {limit} (7 working days after receipt). Answer"
        " the application as it stands.",
    ).within(limit=in_words(limit))


def until_before(on: date, until: date) -> Text:
    return Text(
        "期限{until}不晚于{on}，请核对。", "The limit {until} is not after {on}: check both."
    ).within(on=on, until=until)


def not_lapsed(limit: date) -> Text:
    return Text(
        "期限于{limit}届满，届满后仍未收到的，才可以不再处理。",
        "The time runs to {limit}; only after it can the application be closed.",
    ).within(limit=in_words(limit))


def asked_already(party: str) -> Text:
    return Text(
        "已向“{party}”征求意见，不必再次发出。", "“{party}” has been asked already."
    ).within(party=party)


def no_such_party(party: str, others: bool) -> Text:
    if not others:
        return Text("没有可以登记的征求对象。", "There is no party to record this for.")
    return Text(
        "“{party}”不是可以登记此项的征求对象。",
        "There is nothing of the kind to record for “{party}”.",
    ).within(party=party)


def served_unknown(party: str) -> Text:
    return Text(
        "请先登记“{party}”收到征求意见书的日期：15个工作日从该日起算。",
        "First record the day “{party}” got the request: its 15 working days run from it.",
    ).within(party=party)


def still_may_answer(party: str, limit: date) -> Text:
    return Text(
        "“{party}”的意见期限于{limit}届满，尚不能登记逾期。",
        "“{party}” may answer until {limit}: it is not silent yet.",
    ).within(party=party, limit=in_words(limit))


def opinions_open(parties: list[str]) -> Text:
    return Text(
        "征求意见尚未结束：{zh}。请登记收到的意见；期限届满未提出的，登记逾期；不再需要的，撤回。",
        "Opinions are still open: {en}. Record the opinion, the silence once the time is over, or"
        " call it off.",
    ).within(zh="、".join(parties), en=", ".join(parties))


def reasons_asked_already() -> Text:
    return Text("已要求申请人说明理由。", "Reasons were asked for already.")


def no_reasons_asked() -> Text:
    return Text(
        "没有等待说明的理由。请先要求申请人说明理由。",
        "No reasons are waited for. Ask for them first.",
    )


def reasons_not_good() -> Text:
    return Text(
        "只有申请人说明的理由合理、但不能按期答复的，才可以确定延迟答复的期限。",
        "A later date is for reasons that are good where the answer cannot be done in time.",
    )


def deferred_already() -> Text:
    return Text("已确定延迟答复的期限。", "A later date has been set already.")


def due_unknown() -> Text:
    return Text(
        "答复期限尚不能确定（征求意见未结束），不能确定延迟答复的期限。",
        "The last day to answer is not known while an opinion is open: no later date can be set.",
    )


def deferred_wrongly(due: date) -> Text:
    return Text(
        "延迟答复的期限应当在{due}届满前确定，并晚于该日。",
        "A later date is set before the period ends on {due}, and lies after it.",
    ).within(due=in_words(due))


def consented_already() -> Text:
    return Text(
        "负责人已同意延期，尚未告知申请人。", "Consented to already; the applicant is to be told."
    )


def nothing_to_tell() -> Text:
    return Text(
        "没有待告知的延期。请先由工作机构负责人同意。",
        "There is no extension to tell of. The head consents first.",
    )


def no_extension_after_remedy() -> Text:
    return Text(
        "复议决定或者裁判要求重新办理的，不适用第三十三条的延期（本系统约定，可以设置）。",
        "A case reopened by a remedy is not extended under Art 33 (our convention, a setting).",
    )


def one_fee_only() -> Text:
    return Text("同一件申请只能收取一次信息处理费。", "One application bears one processing fee.")


def no_sum() -> Text:
    return Text("金额应大于零。", "The sum must be above zero.")


def paid_too_late(limit: date) -> Text:
    return Text(
        "缴费期限已于{limit}届满，逾期缴纳不能恢复办理。请退还所缴款项，按逾期不缴费办结。",
        "The fee was due by {limit}; a late payment does not restore the application. Give it back"
        " and close the case as not paid.",
    ).within(limit=in_words(limit))


def nothing_to_refund() -> Text:
    return Text(
        "没有可以退还的费用，或者退还的金额超过已缴金额。",
        "There is nothing to refund, or the refund exceeds what was paid.",
    )


def no_letter(ground: Ground) -> Text:
    return Text(
        "“{ground}”不以答复书办结，请用相应的办理动作。",
        "“{ground}” ends a case without a letter: use the act of that name.",
    ).within(ground=REASONS[ground].name)


def needs_letter(ground: Ground) -> Text:
    return Text(
        "本件没有作出答复，不能更正为“{ground}”。", "No answer was given: it cannot be “{ground}”."
    ).within(ground=REASONS[ground].name)


def not_withholding() -> Text:
    return Text(
        "只有部分公开才填写不公开的部分，其理由限于第十四条至第十六条。",
        "What is withheld belongs to partial disclosure, on grounds of Art 14 to 16.",
    )


def never_clarified() -> Text:
    return Text(
        "没有收到过补正，不能以“补正后申请内容仍不明确”答复。",
        "No correction came, so it cannot be “still unclear after correction”.",
    )


def reasons_first() -> Text:
    return Text(
        "以“无正当理由大量反复申请”不予处理的，应当先要求说明理由，并且理由不合理或者逾期未说明。",
        "To leave it unprocessed as excessive, reasons are asked for first and are not good, or"
        " none came in time.",
    )


def objections(parties: tuple[str, ...]) -> Text:
    return Text(
        "第三方不同意公开：{zh}。决定公开的，理由应为公共利益，并列明全部不同意的第三方。",
        "Third parties object: {en}. To disclose, the ground is the public interest, and all who"
        " object are named.",
    ).within(zh="、".join(parties), en=", ".join(parties))


def no_objection() -> Text:
    return Text(
        "所列第三方没有提出不同意见，不存在不采纳的问题。",
        "No such third party objects: there is nothing to override.",
    )


def party_untold(parties: list[str]) -> Text:
    return Text(
        "发出前应当将决定公开的内容和理由书面告知第三方：{zh}。",
        "Before it is sent the third party is told in writing what is disclosed and why: {en}.",
    ).within(zh="、".join(parties), en=", ".join(parties))


# What is waited for.


def confirmation() -> Text:
    return Text("与申请人确认收到", "confirmation with the applicant")


def correction() -> Text:
    return Text("申请人补正", "the applicant's correction")


def payment() -> Text:
    return Text("申请人缴费", "the applicant's payment")


def opinion(party: str) -> Text:
    return Text(f"“{party}”的意见", f"the opinion of “{party}”")


def reasons() -> Text:
    return Text("申请人说明理由", "the applicant's reasons")


def extension_notice() -> Text:
    return Text("告知申请人延期", "telling the applicant of the extension")


def party_notice(party: str) -> Text:
    return Text(f"书面告知“{party}”", f"telling “{party}” in writing")


def delivery() -> Text:
    return Text("送达", "delivery")


# -- 旧台账


def old_ledger() -> Text:
    return Text("按旧台账登记的收到日期", "the day of receipt in the old ledger")


def answered_before(on: date, since: date) -> Text:
    return Text(
        "{on}早于{since}，旧台账的日期有误。请核对收到、补正和答复日期。",
        "{on} is before {since}: the old ledger's days cannot be. Check receipt and answer.",
    ).within(on=on.isoformat(), since=since.isoformat())
