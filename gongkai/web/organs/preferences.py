"""机关设置: values an organ sets for itself and all below it, and where a value comes from.

Resolution: the organ's own value, else its nearest superior's, else the default. Each key says what
it bears on and on what it rests; keys of `clocks` carry the names and defaults of
`gongkai.statute.clock_events.Conventions`. A key that is ``own`` (a letterhead) is not handed down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.statute import letter_remedies
from gongkai.statute.case_events import AnswerDay, CaseConventions
from gongkai.statute.clock_events import Conventions
from gongkai.statute.remedy_counts import CountConventions
from gongkai.web.ledger import alerts
from gongkai.web.organs import tree
from gongkai.web.organs.models import Organ, OrganSetting
from gongkai.web.organs.preference_kinds import (
    Channels,
    Choice,
    Days,
    Group,
    Key,
    Line,
    Site,
    Value,
    Whole,
)
from gongkai.web.shell import requests

GROUPS: dict[Group, tuple[Promise, Promise]] = {
    Group.INTAKE: (
        _("申请登记"),
        _("影响此后登记的申请；已登记的不变。"),
    ),
    Group.CLOCK: (
        _("期限计算"),
        _("影响此后计算的办理期限；在办事项的到期日随之重算，已作出的答复不受影响。"),
    ),
    Group.COUNT: (
        _("统计口径"),
        _("影响此后生成的年度报告统计数和收费计件；已发布的报告不变。"),
    ),
    Group.REMEDY: (
        _("救济告知"),
        _("影响此后生成的告知书；已送达的不变。"),
    ),
    Group.PAPER: (
        _("公文与印章"),
        _("影响此后生成的公文；已印制的不变。"),
    ),
    Group.REMIND: (
        _("提醒"),
        _("影响工作台和列表中的提醒，不影响法定期限。"),
    ),
}


def _yes_no(yes: Promise, no: Promise) -> tuple[tuple[Value, Promise], ...]:
    return ((True, yes), (False, no))


_DEFAULT = Conventions()
_CASES = CaseConventions()
_COUNTS = CountConventions()
_NOTICE = letter_remedies.Conventions()
_ALL: tuple[Key, ...] = (
    Channels(
        "intake.channels",
        Group.INTAKE,
        _("申请渠道的名称"),
        _(
            "登记申请时，在五种法定渠道之外列出本机关自己的叫法。写成“种类=名称”，如："
            "互联网渠道=政务服务网，传真=值班室传真。种类决定哪一天是收到申请之日。"
        ),
        "",
        "ogi.31",
        most=300,
        blank=_("未设"),
    ),
    Choice(
        "clock.receipt_is_day_zero",
        Group.CLOCK,
        _("期限的第一日"),
        _("条例没有写明收到之日是否计入。通行做法是收到之日不计，次日为第一日。"),
        _DEFAULT.receipt_is_day_zero,
        "civil.201",
        options=_yes_no(_("收到次日起算"), _("收到当日起算")),
    ),
    Whole(
        "clock.clarification_days",
        Group.CLOCK,
        _("申请人补正期限"),
        _("补正告知书没有另定期限时，给申请人多少个工作日。条例只说“合理的补正期限”。"),
        _DEFAULT.clarification_days,
        "",
        least=1,
        most=60,
        unit=_("个工作日"),
    ),
    Choice(
        "clock.clarifications",
        Group.CLOCK,
        _("可以要求补正几次"),
        _(
            "条例要求一次性告知；第二次补正有争议，默认不允许。补正后仍不明确的，"
            "按“补正后申请内容仍不明确”答复（计入年度报告表三第 3.4.3 项）。"
        ),
        _DEFAULT.clarifications,
        "ogi.30",
        options=((1, _("一次")), (2, _("两次"))),
    ),
    Choice(
        "clock.online_receipt_on_submission",
        Group.CLOCK,
        _("网上申请的收到之日"),
        _("条例以双方确认之日为准。系统即时出具回执的，可视为提交时即已确认。"),
        _DEFAULT.online_receipt_on_submission,
        "ogi.31",
        options=_yes_no(_("系统出具回执之时"), _("经办人与申请人确认之日")),
    ),
    Choice(
        "clock.dispatch_day_counts",
        Group.CLOCK,
        _("征求意见发出当日"),
        _("征求意见的时间不计入办理期限；发出的那一天是否仍计入，条例没有写明。"),
        _DEFAULT.dispatch_day_counts,
        "",
        options=_yes_no(_("计入办理期限"), _("不计入办理期限")),
    ),
    Choice(
        "clock.reply_day_counts",
        Group.CLOCK,
        _("收到意见当日"),
        _("收到第三方意见的那一天是否恢复计入办理期限，条例没有写明。"),
        _DEFAULT.reply_day_counts,
        "",
        options=_yes_no(_("计入办理期限"), _("不计入办理期限")),
    ),
    Choice(
        "clock.extension_must_reach_applicant",
        Group.CLOCK,
        _("延期告知的时限"),
        _("延期应当告知申请人。告知是否必须在前 20 个工作日内送达，条例没有写明。"),
        _DEFAULT.extension_must_reach_applicant,
        "",
        options=_yes_no(_("须在原期限届满前送达申请人"), _("原期限届满前作出决定即可")),
    ),
    Choice(
        "clock.mail_answer_day",
        Group.CLOCK,
        _("邮寄答复的答复日"),
        _("邮寄送达的，以交邮之日还是对方签收之日为答复日。"),
        "posted",
        "delivery2016.time",
        options=(("posted", _("交邮之日")), ("received", _("申请人签收之日"))),
    ),
    Choice(
        "clock.late_clarification",
        Group.CLOCK,
        _("逾期要求补正"),
        _("收到申请七个工作日之后才要求补正的，是否允许。允许的须写明逾期的原因。"),
        _CASES.late_clarification,
        "ogi.30",
        options=_yes_no(_("写明原因后允许"), _("不允许")),
    ),
    Whole(
        "clock.reasons_days",
        Group.CLOCK,
        _("申请人说明理由的期限"),
        _("要求说明理由的通知没有另定期限时，给申请人多少个工作日。条例没有写明。"),
        _CASES.reasons_days,
        "",
        least=1,
        most=60,
        unit=_("个工作日"),
    ),
    Choice(
        "clock.waived_fee_restarts",
        Group.CLOCK,
        _("免收费用后的期限"),
        _("收费通知送达后又免收的，办理期限是重新起算，还是视为从未因收费停过，没有写明。"),
        _CASES.waived_fee_restarts,
        "",
        options=_yes_no(_("自免收之日重新起算"), _("视为没有停过")),
    ),
    Choice(
        "clock.reopened_may_extend",
        Group.CLOCK,
        _("重新答复能否延期"),
        _("复议、诉讼后重新答复的，能否再按条例第三十三条延长期限，没有写明。"),
        _CASES.reopened_may_extend,
        "",
        options=_yes_no(_("可以延期一次"), _("不可以延期")),
    ),
    Choice(
        "count.application_unit",
        Group.COUNT,
        _("申请件数怎么计"),
        _("一份申请拆成几件办理的，年度报告表三按拆分后的件数还是按申请书份数统计。"),
        "matter",
        "",
        options=(
            ("matter", _("按拆分后的件数")),
            ("paper", _("按申请书份数")),
        ),
    ),
    Choice(
        "count.remedy_year",
        Group.COUNT,
        _("跨年的复议、诉讼"),
        _("当年提起、次年审结的案件，表四怎么计。"),
        "both",
        "",
        options=(
            ("both", _("当年计入“尚未审结”，审结年度再计结果")),
            ("once", _("只在审结年度计结果")),
        ),
    ),
    Choice(
        "count.sole_defendant",
        Group.COUNT,
        _("复议机关单独作被告的诉讼"),
        _("复议改变原答复后，只告复议机关的，复议机关的表四是否计入。规定只说共同被告。"),
        _COUNTS.sole_defendant_counts,
        "",
        options=_yes_no(_("计入"), _("不计入")),
    ),
    Choice(
        "count.fee_month",
        Group.COUNT,
        _("按件收费的月份"),
        _("同一申请人一个月内的件数，按收到之日还是办理之日归月。"),
        "receipt",
        "fee.4",
        options=(("receipt", _("收到申请之日")), ("handling", _("办理之日"))),
    ),
    Choice(
        "count.fees_in_table_two",
        Group.COUNT,
        _("信息处理费是否计入表二"),
        _("信息处理费属行政事业性收费，是否计入表二“行政事业性收费”没有明文。"),
        True,
        "",
        options=_yes_no(_("按收取年度计入"), _("不计入")),
    ),
    Whole(
        "count.money_decimals",
        Group.COUNT,
        _("金额最多几位小数"),
        _("以万元计的金额超过这一位数时提示核对；仍按填写的数打印。"),
        4,
        "",
        least=0,
        most=6,
        unit=_("位"),
    ),
    Choice(
        "remedy.partial_needs_reconsideration",
        Group.REMEDY,
        _("部分公开是否复议前置"),
        _("部分公开中依第十四至十六条不予公开的部分，是否告知须先申请行政复议。"),
        True,
        "review.23",
        options=_yes_no(_("告知先申请行政复议"), _("告知可以复议，也可以直接起诉")),
    ),
    Choice(
        "remedy.silence_needs_reconsideration",
        Group.REMEDY,
        _("逾期不答复是否复议前置"),
        _("逾期没有答复的，申请人是否须先申请行政复议。两个规定不一致，默认两条路都可以走。"),
        _NOTICE.silence_needs_reconsideration,
        "review.23",
        options=_yes_no(_("先申请行政复议"), _("可以复议，也可以直接起诉")),
    ),
    Line(
        "paper.letterhead",
        Group.PAPER,
        _("文头"),
        _("印在公文首页上方的发文机关标志，如：临溪区教育局文件。只用于本机关，下级不沿用。"),
        "",
        "",
        own=True,
        most=40,
        blank=_("用机关名称"),
    ),
    Line(
        "paper.number_prefix",
        Group.PAPER,
        _("机关代字"),
        _("发文字号中年份之前的部分，如：临教公开告。只用于本机关，下级不沿用。"),
        "",
        "",
        own=True,
        most=20,
        blank=_("未设"),
    ),
    Site(
        "paper.public_address",
        Group.PAPER,
        _("公众访问的网址"),
        _(
            "公众从互联网打开本系统的网址。填写后，登记回执和发给申请人的文书印上查询办理进度的网址和"
            "二维码，二维码里只有网址；没有填写的，什么都不印。"
        ),
        "",
        "",
        most=120,
        blank=_("未设，不印"),
    ),
    Whole(
        "paper.seal_width",
        Group.PAPER,
        _("印章宽度"),
        _("印章图样在公文上的宽度。县级机关的印章通常为 42 毫米。"),
        42,
        "",
        least=30,
        most=60,
        unit=_("毫米"),
    ),
    Whole(
        "particulars.stale_days",
        Group.REMIND,
        _("指南要素多久应复核"),
        _("生效版本超过这么多天没有更新的，提示复核。条例要求及时更新，没有定天数。"),
        365,
        "ogi.12",
        least=30,
        most=3650,
        unit=_("天"),
    ),
    Whole(
        "remind.days",
        Group.REMIND,
        _("提醒默认的办理期限"),
        _("监督员发出的提醒，默认请对方在这么多个工作日内办理。"),
        3,
        "",
        least=1,
        most=20,
        unit=_("个工作日"),
    ),
    Days(
        "alert.days",
        Group.REMIND,
        _("到期前几天预警"),
        _("期限届满前还有这么多个工作日时，各预警一次，0 是到期当天；逾期后每周一次，共四次。"),
        "5,2,0",
        "",
        most=5,
        furthest=alerts.LATEST,
    ),
    Whole(
        "digest.hour",
        Group.REMIND,
        _("每日提要几点发送"),
        _("工作日发送，列出未读的预警和将到期的事项；本人可以在“我的账号”里停收。"),
        8,
        "",
        least=0,
        most=23,
        unit=_("时"),
    ),
)
KEYS: dict[str, Key] = {key.id: key for key in _ALL}
_CLOCK = "clock."


def told(event: Mapping[str, object]) -> dict[str, str]:
    """The words of an event about a setting, which keeps the key and the value as stored."""
    key = KEYS.get(str(event.get("setting", "")))
    if key is None:
        return {}
    stored = str(event.get("value", ""))
    value = key.valid(stored)
    return {"label": str(key.label), "value": stored if value is None else key.said(value)}


def days(value: str) -> tuple[int, ...]:
    """The numbers of a `Days` value."""
    return tuple(int(n) for n in value.split(","))


# -- the value in force


@dataclass(frozen=True, slots=True)
class InForce:
    """生效的值: and whose it is; ``origin`` None is the default."""

    key: Key
    value: Value
    origin: Organ | None
    own: bool
    inherited: Value  # what holds where the organ has no value of its own
    inherited_from: Organ | None

    @property
    def said(self) -> str:
        return self.key.said(self.value)

    @property
    def inherited_said(self) -> str:
        return self.key.said(self.inherited)


def all_of(organ: Organ) -> dict[str, InForce]:
    """Every key's value for an organ; one query."""
    return _resolved(organ, KEYS)


def value_of(organ: Organ, key: str) -> Value:
    """One value for an organ; raises KeyError for a key that does not exist."""
    return _resolved(organ, {key: KEYS[key]})[key].value


def of_many(paths: Iterable[str], key: str) -> dict[str, Value]:
    """One value for many organs, by their paths; one query, however many they are."""
    one = KEYS[key]
    rows = OrganSetting.objects.filter(key=key).values_list("organ__path", "value")
    own = {path: value for path, text in rows if (value := one.valid(text)) is not None}
    return {path: _nearest(path, own, one.default) for path in paths}


def _nearest(path: str, own: Mapping[str, Value], default: Value) -> Value:
    return next((own[a] for a in reversed(tree.ancestors(path)) if a in own), default)


def number_of(organ: Organ, key: str) -> int:
    """A whole number for an organ."""
    found = value_of(organ, key)
    if not isinstance(found, int):
        raise TypeError(f"{key} is no whole number")
    return found


def conventions(organ: Organ) -> Conventions:
    """计算口径: what `gongkai.statute.clocks` takes, by this organ's settings."""
    known = {f.name for f in fields(Conventions)}
    keys = {k: v for k, v in KEYS.items() if k.removeprefix(_CLOCK) in known}
    found = _resolved(organ, keys)
    values = {k.removeprefix(_CLOCK): v.value for k, v in found.items()}
    return Conventions(**values)  # type: ignore[arg-type]  # a test holds names and kinds


def case_conventions(organ: Organ) -> CaseConventions:
    """办理口径: what `gongkai.statute.cases` takes, by this organ's settings."""
    names = [f"{_CLOCK}{field.name}" for field in fields(CaseConventions)]
    found = _resolved(organ, {name: KEYS[name] for name in names})
    values: dict[str, Any] = {name.removeprefix(_CLOCK): found[name].value for name in names}
    values["mail_answer_day"] = AnswerDay(values["mail_answer_day"])
    return CaseConventions(**values)


def notice_conventions(organ: Organ) -> letter_remedies.Conventions:
    """告知口径: what `gongkai.statute.letters` takes, by this organ's settings."""
    names = [f"remedy.{field.name}" for field in fields(letter_remedies.Conventions)]
    found = _resolved(organ, {name: KEYS[name] for name in names})
    return letter_remedies.Conventions(
        **{name.partition(".")[2]: bool(found[name].value) for name in names}
    )


def count_conventions(organ: Organ) -> CountConventions:
    """表四口径: what `gongkai.statute.remedy_counts` takes, by this organ's settings."""
    names = ("count.remedy_year", "count.sole_defendant")
    found = _resolved(organ, {name: KEYS[name] for name in names})
    return CountConventions(
        both_years=found["count.remedy_year"].value == "both",
        sole_defendant_counts=bool(found["count.sole_defendant"].value),
    )


def _resolved(organ: Organ, keys: Mapping[str, Key]) -> dict[str, InForce]:
    set_on_the_way: dict[str, list[tuple[Value, Organ]]] = {}
    for row in _stored(organ):
        if row.key not in keys:
            continue
        key = keys[row.key]
        if key.own and row.organ_id != organ.pk:
            continue
        value = key.valid(row.value)
        if value is not None:
            set_on_the_way.setdefault(row.key, []).append((value, row.organ))
    return {id: _in_force(key, set_on_the_way.get(id, []), organ) for id, key in keys.items()}


def _stored(organ: Organ) -> list[OrganSetting]:
    """All that was set for an organ and those above it, from the top."""
    rows = OrganSetting.objects.filter(organ__path__in=tree.ancestors(organ.path))
    ordered = rows.select_related("organ").order_by("organ__path")
    return requests.asked_once(("settings", organ.path), lambda: list(ordered))


def _in_force(key: Key, found: list[tuple[Value, Organ]], organ: Organ) -> InForce:
    own = bool(found) and found[-1][1].pk == organ.pk
    above = found[:-1] if own else found
    inherited, origin = above[-1] if above else (key.default, None)
    value = found[-1][0] if own else inherited
    return InForce(key, value, organ if own else origin, own, inherited, origin)
