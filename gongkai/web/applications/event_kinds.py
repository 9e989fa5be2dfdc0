"""事件的种类: what the events of applications say; their words are those of the statute's table."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from gongkai.statute import letter_kinds
from gongkai.statute.applicant_kinds import KINDS as APPLICANTS
from gongkai.statute.case_table import ACTS
from gongkai.statute.side_matters import NEEDS
from gongkai.statute.side_matters import TABLE as CORRECTION
from gongkai.statute.texts import Text
from gongkai.web.ledger import alerts, events
from gongkai.web.organs import event_kinds as organs
from gongkai.web.organs import reminder_page
from gongkai.web.shell.languages import lang


def _say(text: Text) -> str:
    return text.say(lang()).replace("%", "%%")


_said = lazy(_say, str)


def said(text: Text) -> Promise:
    """Words of the statute in the language of the request, as Django's lazy texts."""
    return _said(text)  # type: ignore[return-value]


KINDS: dict[str, Promise] = {
    **{f"application.{act.value}": said(text) for act, text in ACTS.items()},
    "request.registered": _("登记申请 %(number)s"),
    "request.helped": _("协助申请人：%(need)s"),
    "request.receipt_mailed": _("登记回执发往申请人的电子邮箱"),
    "request.taken_over": _("按旧台账录入 %(number)s（%(file)s %(where)s）"),
    "oldledger.taken_in": _("导入旧台账 %(file)s：%(count)s 件，其中已办结 %(closed)s 件"),
    "request.split": _("拆分为 %(count)s 个事项"),
    "request.merged": _("并入事项 %(number)s"),
    "request.kind_changed": _("申请人类别改为%(applicant_kind)s，理由：%(reason)s"),
    "matter.given": _("交由 %(name)s 办理"),
    "matter.key": _("列为重点件"),
    "matter.no_longer_key": _("不再列为重点件"),
    "matter.file": _("附卷：%(file)s"),
    "matter.reworded": _("按补正后的申请更改所需政府信息"),
    "matter.linked": _("标记为与 %(number)s 相同"),
    **{f"correction.{act.value}": said(text) for act, text in CORRECTION.acts.items()},
    "filecheck.drawn": _("抽取案卷 %(count)s 件评查"),
    "filecheck.scored": _("评查案卷 %(number)s，%(points)s 分"),
    "filecheck.ended": _("结束案卷评查"),
    "letter.drafted": _("起草%(letter)s"),
    "letter.changed": _("修改%(letter)s"),
    "letter.numbered": _("编号%(letter)s %(number)s"),
    "letter.sent": _("发出%(letter)s %(number)s"),
    "letter.merged": _("导出邮寄名单，共 %(count)s 件，事由：%(purpose)s"),
    "letter.voided": _("作废%(letter)s"),
    "letter.printed": _("下载%(letter)s"),
    "letter.template": _("修改%(letter)s的模板"),
}
GROUPS: dict[str, Promise] = {
    "application": _("办理申请"),
    "request": _("登记申请"),
    "matter": _("申请事项"),
    "letter": _("文书"),
    "filecheck": _("案卷评查"),
    "correction": _("更正申请"),
    "oldledger": _("导入旧台账"),
}
ALERTS: dict[str, Promise] = {
    "filecheck.ended": _("案卷评查已结束，抽查了本机关 %(count)s 件，请看结果"),
    "filecheck.answer": _(
        "案卷评查已结束，抽查了本机关 %(count)s 件，请看结果和意见，并于 %(answer_by)s 前回复"
    ),
}


def register() -> None:
    """Tells the ledger of them, and supervisors' reminders of matters, when the app is ready."""
    organs.MATTERS["matter"] = _("公开申请")
    organs.LISTINGS["applications"] = _("公开申请")
    organs.LISTINGS["letters"] = _("文书")
    organs.LISTINGS["checks"] = _("案卷评查")
    organs.MATTERS["correction"] = _("更正申请")
    organs.LISTINGS["corrections"] = _("更正申请")
    organs.MATTERS["filecheck"] = _("案卷评查")
    alerts.register(ALERTS)
    events.register(
        KINDS,
        GROUPS,
        words={
            "matter": organs.MATTERS,
            "listing": organs.LISTINGS,
            "letter": {one.id: said(one.name) for one in letter_kinds.kinds().values()},
            "need": {need.value: said(text) for need, text in NEEDS.items()},
            "applicant_kind": {kind.value: said(text) for kind, text in APPLICANTS.items()},
        },
    )
    reminder_page.LINKS["correction"] = lambda one: reverse(
        "applications:correction", args=[int(one.subject.partition("/")[2])]
    )
    reminder_page.LINKS["matter"] = lambda one: reverse(
        "applications:case", args=[int(one.subject.partition("/")[2])]
    )
