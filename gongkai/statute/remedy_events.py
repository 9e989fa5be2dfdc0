"""复议、诉讼的事件: what happens in one reconsideration or suit against an answer or a silence.

Each is a frozen value with the day it happened, as the organ sued or complained of knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from gongkai.statute.remedy_results import Kind, Result


class Act(StrEnum):
    """救济动作: what is done in a remedy, or recorded of it."""

    FILE = "file"  # 申请复议、起诉
    ASK_CORRECTION = "ask_correction"  # 复议机关通知补正
    CORRECTION = "correction"  # 申请人补正
    ADMIT = "admit"  # 受理、立案
    COPY = "copy"  # 收到申请书、起诉状副本
    EVIDENCE = "evidence"  # 提交证据
    ANSWER = "answer"  # 提出书面答复、答辩
    TO_ORDINARY = "to_ordinary"  # 转为普通程序
    PROLONG = "prolong"  # 延长复议期限
    STAY = "stay"  # 中止
    GO_ON = "go_on"  # 恢复
    CONCLUDE = "conclude"  # 作出决定、终结
    JUDGE = "judge"  # 一审裁判
    APPEAL = "appeal"  # 上诉
    REMAND = "remand"  # 发回重审
    DROP_APPEAL = "drop_appeal"  # 撤回上诉
    FINAL_JUDGMENT = "final_judgment"  # 二审裁判
    BECOME_FINAL = "become_final"  # 一审裁判生效
    PERFORM = "perform"  # 履行
    OPINION_LETTER = "opinion_letter"  # 收到意见书
    REPORT_BACK = "report_back"  # 报送纠正情况
    ARCHIVE = "archive"  # 归档
    RETRACT = "retract"  # 撤回登记


@dataclass(frozen=True, slots=True)
class Event:
    """事件: ``on`` = the day it happened."""

    on: date
    act: ClassVar[Act]


@dataclass(frozen=True, slots=True)
class Filed(Event):
    """申请复议或者起诉: with whom; ``number`` the 案号 once there is one."""

    act = Act.FILE
    kind: Kind
    body: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionAsked(Event):
    """复议机关通知申请人补正."""

    act = Act.ASK_CORRECTION


@dataclass(frozen=True, slots=True)
class CorrectionCame(Event):
    """申请人补正."""

    act = Act.CORRECTION


@dataclass(frozen=True, slots=True)
class Admitted(Event):
    """受理或者立案: ``deemed``: the reconsideration organ said nothing within its days."""

    act = Act.ADMIT
    simple: bool = False
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class CopyReceived(Event):
    """收到副本: the organ's own period starts."""

    act = Act.COPY


@dataclass(frozen=True, slots=True)
class EvidenceFiled(Event):
    """提交证据: ``items`` as the list of evidence names them."""

    act = Act.EVIDENCE
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerFiled(Event):
    """提出书面答复或者答辩状."""

    act = Act.ANSWER


@dataclass(frozen=True, slots=True)
class TurnedOrdinary(Event):
    """转为普通程序."""

    act = Act.TO_ORDINARY


@dataclass(frozen=True, slots=True)
class Prolonged(Event):
    """延长复议期限."""

    act = Act.PROLONG
    days: int = 30


@dataclass(frozen=True, slots=True)
class Stayed(Event):
    """中止."""

    act = Act.STAY
    reason: str


@dataclass(frozen=True, slots=True)
class WentOn(Event):
    """恢复."""

    act = Act.GO_ON


@dataclass(frozen=True, slots=True)
class Concluded(Event):
    """复议决定; in a suit the end without a judgment: 不予立案, 准许撤诉, 终结.

    ``on``: the day the organ received it. ``until``: the day by which it must do what is ordered.
    """

    act = Act.CONCLUDE
    result: Result
    number: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Judged(Event):
    """一审裁判: served on ``on``; ``ruling``: 裁定, with a shorter time to appeal."""

    act = Act.JUDGE
    result: Result
    number: str
    ruling: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Appealed(Event):
    """上诉: ``ours``: by the organ."""

    act = Act.APPEAL
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Remanded(Event):
    """发回重审."""

    act = Act.REMAND
    number: str


@dataclass(frozen=True, slots=True)
class AppealDropped(Event):
    """撤回上诉: the first judgment stands."""

    act = Act.DROP_APPEAL


@dataclass(frozen=True, slots=True)
class FinalJudged(Event):
    """二审裁判: ``result`` None = 维持原判."""

    act = Act.FINAL_JUDGMENT
    number: str
    result: Result | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class BecameFinal(Event):
    """一审裁判生效: the time to appeal has passed."""

    act = Act.BECOME_FINAL


@dataclass(frozen=True, slots=True)
class Performed(Event):
    """履行: the organ did what was ordered."""

    act = Act.PERFORM


@dataclass(frozen=True, slots=True)
class OpinionLetterCame(Event):
    """收到行政复议意见书."""

    act = Act.OPINION_LETTER


@dataclass(frozen=True, slots=True)
class ReportedBack(Event):
    """报送纠正情况."""

    act = Act.REPORT_BACK


@dataclass(frozen=True, slots=True)
class RemedyArchived(Event):
    """归档."""

    act = Act.ARCHIVE


@dataclass(frozen=True, slots=True)
class Retracted(Event):
    """撤回登记: the latest step that stands, ``of``, was recorded by mistake; both are kept.

    ``on``: the day it is taken back; nothing is reckoned from it.
    """

    act = Act.RETRACT
    of: Act
    reason: str


def _classes() -> dict[Act, type[Any]]:
    found = {kind.act: kind for kind in Event.__subclasses__() if hasattr(kind, "act")}
    if set(found) != set(Act):
        raise ValueError(f"acts without an event: {set(Act) - set(found)}")
    return found


EVENTS: Mapping[Act, type[Any]] = _classes()
