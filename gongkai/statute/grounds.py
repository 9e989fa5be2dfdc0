"""办理结果的理由: every ground an application can end on, its provision and its row of table 3.

Two grounds may stand in one row (does not exist, not this organ's); a row that a later edition
splits up (其他处理) is one row in the earlier: which it is for a year is read from the forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.statute import articles, forms
from gongkai.statute.texts import Text
from gongkai.statute.transitions import OURS

TABLE = "applications"
LATEST = "2021"  # the edition whose row ids `Reason.row` uses; others are found from the forms


class Ground(StrEnum):
    """理由: why an application ended as it did."""

    PUBLISHED = "published"  # 已经主动公开
    DISCLOSED = "disclosed"  # 予以公开
    PUBLIC_INTEREST = "public_interest"  # 第三方不同意，因公共利益公开
    PARTLY = "partly"  # 区分处理
    STATE_SECRET = "state_secret"  # 国家秘密
    OTHER_LAW = "other_law"  # 法律、行政法规禁止公开
    SAFETY_STABILITY = "safety_stability"  # 三安全一稳定
    THIRD_PARTY = "third_party"  # 第三方合法权益
    INTERNAL_AFFAIRS = "internal_affairs"  # 内部事务信息
    PROCESS = "process"  # 过程性信息
    ENFORCEMENT_FILE = "enforcement_file"  # 行政执法案卷
    INQUIRY = "inquiry"  # 行政查询事项
    NOT_FOUND = "not_found"  # 不存在
    NOT_OURS = "not_ours"  # 非本机关负责公开
    NEEDS_CREATION = "needs_creation"  # 需要加工、分析
    STILL_UNCLEAR = "still_unclear"  # 补正后仍不明确
    PETITION = "petition"  # 信访、投诉、举报
    REPEATED = "repeated"  # 重复申请
    PUBLICATION = "publication"  # 公开出版物
    EXCESSIVE = "excessive"  # 无正当理由大量反复申请
    CONFIRMATION = "confirmation"  # 确认或者重新出具
    NOT_CLARIFIED = "not_clarified"  # 逾期不补正
    UNPAID = "unpaid"  # 逾期不缴费
    WITHDRAWN = "withdrawn"  # 撤回申请
    ENDED = "ended"  # 其他原因终止


@dataclass(frozen=True, slots=True)
class Reason:
    """一条理由: ``item`` is the 项 or 款; ``needs`` what a decision on it must say besides reasons.

    ``letter`` False: the case ends without an answer. ``caution``: what to look at before using it.
    """

    ground: Ground
    name: Text
    row: str
    source: str
    item: Text | None = None
    needs: tuple[str, ...] = ()
    letter: bool = True
    caution: Text | None = None

    @property
    def cite(self) -> Text:
        """《条例》第三十六条第（四）项; our convention where no provision carries it."""
        if not self.source:
            return OURS
        brief = articles.provision(self.source).brief
        if self.item is None:
            return brief
        return Text(f"{brief.zh}{self.item.zh}", f"{brief.en}{self.item.en}")

    def row_in(self, year: int) -> str:
        """The row of the form due for a year. Raises `forms.NoForm` before the first."""
        edition = forms.due(year).edition
        if f"{TABLE}.{self.row}.total" in forms.form(edition).specs:
            return self.row
        found = forms.compare_cell(f"{TABLE}.{self.row}.total", LATEST, edition)
        (address,) = found.addresses
        return address.split(".")[1]


def _item(number: str, latin: int) -> Text:
    return Text(f"第（{number}）项", f"({latin})")


def _paragraph(number: str, latin: int) -> Text:
    return Text(f"第{number}款", f" para {latin}")


_FIRST, _SECOND = _paragraph("一", 1), _paragraph("二", 2)
_EXPECT_ORDER = Text(
    "法律、法规、规章规定应当公开的，从其规定，不适用本理由。",
    "Where a law, regulation or rule orders disclosure, that prevails.",
)

_ALL = (
    Reason(
        Ground.PUBLISHED, Text("已经主动公开，告知获取方式和途径", "already published"),
        "granted", "ogi.36", _item("一", 1), ("where",),
    ),
    Reason(
        Ground.DISCLOSED, Text("可以公开，予以提供", "can be disclosed"),
        "granted", "ogi.36", _item("二", 2),
    ),
    Reason(
        Ground.PUBLIC_INTEREST,
        Text("第三方不同意，但不公开会对公共利益造成重大影响", "disclosed for the public interest"),
        "granted", "ogi.15",
        caution=Text(
            "应当将决定公开的内容和理由书面告知第三方（《条例》第三十二条）。",
            "The third party is told in writing what is disclosed and why (Art 32).",
        ),
    ),
    Reason(
        Ground.PARTLY, Text("部分可以公开，区分处理", "partly disclosed"),
        "partly_granted", "ogi.37", needs=("withheld",),
    ),
    Reason(
        Ground.STATE_SECRET, Text("属于国家秘密", "state secret"),
        "refused_state_secret", "ogi.14",
        caution=Text(
            "须有密级标识和保密期限；不能确定的，先报有关主管部门或者保密行政管理部门确定。",
            "It must bear its grade and term; in doubt ask the secrecy administration first.",
        ),
    ),
    Reason(
        Ground.OTHER_LAW,
        Text("法律、行政法规禁止公开", "release forbidden by law or administrative regulation"),
        "refused_other_law", "ogi.14",
        caution=Text(
            "只能是法律、行政法规；地方性法规、规章不能作为依据。请写明名称和条款。",
            "Only laws and administrative regulations count, not local ones or rules. Name it.",
        ),
    ),
    Reason(
        Ground.SAFETY_STABILITY,
        Text("公开后可能危及国家安全、公共安全、经济安全、社会稳定", "endangers stability"),
        "refused_safety_stability", "ogi.14",
        caution=Text("须有可能造成危害的证据。", "There must be evidence of the harm."),
    ),
    Reason(
        Ground.THIRD_PARTY,
        Text("涉及商业秘密、个人隐私等，公开会损害第三方合法权益", "harms a third party"),
        "refused_third_party", "ogi.15",
        caution=Text(
            "应当书面征求第三方意见（《条例》第三十二条）；第三方逾期未答复的，不等于不同意。",
            "The third party is asked in writing (Art 32); its silence is no objection.",
        ),
    ),
    Reason(
        Ground.INTERNAL_AFFAIRS,
        Text("人事管理、后勤管理、内部工作流程等内部事务信息", "internal affairs"),
        "refused_internal_affairs", "ogi.16", _FIRST,
    ),
    Reason(
        Ground.PROCESS,
        Text("讨论记录、过程稿、磋商信函、请示报告等过程性信息", "deliberative records"),
        "refused_process", "ogi.16", _SECOND, caution=_EXPECT_ORDER,
    ),
    Reason(
        Ground.ENFORCEMENT_FILE, Text("行政执法案卷信息", "enforcement file"),
        "refused_enforcement_file", "ogi.16", _SECOND, caution=_EXPECT_ORDER,
    ),
    Reason(
        Ground.INQUIRY,
        Text("工商、不动产登记资料等，查询另有专门规定", "registers with their own access law"),
        "refused_inquiry", "ogi.36", _item("七", 7), ("where",),
    ),
    Reason(
        Ground.NOT_FOUND, Text("经检索，所申请的信息不存在", "does not exist after a search"),
        "unavailable_not_held", "ogi.36", _item("四", 4), ("search",),
    ),
    Reason(
        Ground.NOT_OURS, Text("不属于本机关负责公开", "not this organ's to disclose"),
        "unavailable_not_held", "ogi.36", _item("五", 5),
        caution=Text(
            "能够确定负责公开的机关的，应当告知其名称和联系方式。",
            "Name the right organ and its contact where it can be determined.",
        ),
    ),
    Reason(
        Ground.NEEDS_CREATION,
        Text("没有现成信息，需要加工、分析", "needs processing or analysis"),
        "unavailable_needs_creation", "ogi.38",
    ),
    Reason(
        Ground.STILL_UNCLEAR, Text("补正后申请内容仍不明确", "still unclear after correction"),
        "unavailable_still_unclear", "ogi.30",
    ),
    Reason(
        Ground.PETITION, Text("以申请形式进行信访、投诉、举报", "petition, complaint or report"),
        "unprocessed_petition", "ogi.39", _FIRST,
    ),
    Reason(
        Ground.REPEATED,
        Text("已就相同内容答复过同一申请人", "already answered to the same applicant"),
        "unprocessed_repeated", "ogi.36", _item("六", 6),
    ),
    Reason(
        Ground.PUBLICATION, Text("要求提供公报、报刊、书籍等公开出版物", "public publication"),
        "unprocessed_publication", "ogi.39", _SECOND,
    ),
    Reason(
        Ground.EXCESSIVE,
        Text("申请数量、频次明显超过合理范围，理由不合理", "excessive without good reason"),
        "unprocessed_excessive", "ogi.35",
    ),
    Reason(
        Ground.CONFIRMATION,
        Text("要求确认或者重新出具已经获取的信息", "confirmation or reissue of what one has"),
        "unprocessed_confirmation", "", needs=("basis",),
        caution=Text(
            "《条例》没有直接对应的条文，引用什么依据有争议，请写明所依据的规定。",
            "No article of the Regulations covers this and the basis is disputed: state it.",
        ),
    ),
    Reason(
        Ground.NOT_CLARIFIED, Text("无正当理由逾期不补正，视为放弃申请", "not corrected in time"),
        "other_not_clarified", "ogi.30", letter=False,
    ),
    Reason(
        Ground.UNPAID, Text("逾期未缴纳信息处理费，视为放弃申请", "fee not paid in time"),
        "other_unpaid", "fee.payment", letter=False,
    ),
    Reason(
        Ground.WITHDRAWN, Text("申请人撤回申请", "withdrawn by the applicant"),
        "other_misc", "", letter=False,
    ),
    Reason(
        Ground.ENDED, Text("因其他原因终止办理", "ended for another reason"),
        "other_misc", "", letter=False,
    ),
)  # fmt: skip

REASONS: Mapping[Ground, Reason] = {one.ground: one for one in _ALL}

REFUSALS: tuple[Ground, ...] = (
    Ground.STATE_SECRET,
    Ground.OTHER_LAW,
    Ground.SAFETY_STABILITY,
    Ground.THIRD_PARTY,
    Ground.INTERNAL_AFFAIRS,
    Ground.PROCESS,
    Ground.ENFORCEMENT_FILE,
)
"""第十四至十六条: what may be withheld, whole or in part."""


def _check() -> None:
    """Every ground has its reason, every row is one of the form, every row has a ground."""
    if set(REASONS) != set(Ground) or len(_ALL) != len(Ground):
        raise ValueError("a ground without its reason")
    for one in _ALL:
        if one.source:
            articles.provision(one.source)
    for edition in forms.editions():
        form = forms.form(edition)
        rows = {one.row_in(form.first_year) for one in _ALL}
        if rows != set(form.concluded_parts):
            raise ValueError(f"rows of {edition} without a ground: {rows}")


_check()
