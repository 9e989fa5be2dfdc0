"""救济告知: which road a decision must name, by its ground and its date, with how long and where.

行政复议法（2023年修订）第二十三条: from 2024-01-01 a refusal under 条例第十四、十五、十六条 goes to
reconsideration first, and the decision must say so; every other decision, and every one before that
day, may be taken to reconsideration or straight to court. Procedural letters name no road.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources

from gongkai.statute import articles, dated
from gongkai.statute.texts import Text

REFUSALS = (
    "refused_state_secret",
    "refused_other_law",
    "refused_safety_stability",
    "refused_third_party",
    "refused_internal_affairs",
    "refused_process",
    "refused_enforcement_file",
)
"""第十四至十六条的理由: rows of table 3. Not refused_inquiry: 第三十六条第七项 is no refusal."""


class Subject(StrEnum):
    """告知事项: what the notice is about."""

    ANSWER = "answer"  # 答复
    PARTLY = "partly"  # 部分公开的答复
    THIRD_PARTY = "third_party"  # 告知第三方决定公开
    CORRECTION = "correction"  # 信息更正的处理
    SILENCE = "silence"  # 逾期未答复
    PROCEDURAL = "procedural"  # 程序性告知


class Road(StrEnum):
    """救济途径."""

    FIRST = "first"  # 先申请行政复议
    EITHER = "either"  # 可以复议，也可以直接起诉
    NONE = "none"  # 不单独告知


@dataclass(frozen=True, slots=True)
class Conventions:
    """告知口径: what the law leaves open, with our defaults; an organ may set its own.

    partial_needs_reconsideration: the part refused under Art 14 to 16 goes to reconsideration first
    though the rest is disclosed (国办函〔2021〕132号 counts 部分不予公开 as 不予公开).
    silence_needs_reconsideration: silence goes to reconsideration first (行政复议法第二十三条第一款
    第三项), where 法释〔2025〕8号第二条 leaves both roads open.
    """

    partial_needs_reconsideration: bool = True
    silence_needs_reconsideration: bool = False


DEFAULT = Conventions()


@dataclass(frozen=True, slots=True)
class Remedy:
    """救济: the road, its periods and the provisions they rest on.

    ``reconsideration`` in days; ``suit`` in days after reconsideration (FIRST), in months from the
    act (EITHER); both None where there is no road.
    """

    subject: Subject
    road: Road
    on: date
    reconsideration: int | None = None
    suit: int | None = None
    sources: tuple[str, ...] = ()


def remedy(
    subject: Subject,
    on: date,
    *,
    grounds: Sequence[str] = (),
    conventions: Conventions = DEFAULT,
) -> Remedy:
    """The remedy against a decision made on ``on``; ``grounds``: rows of table 3 it rests on.

    Raises `dated.NotKnown` where the periods of that day are not on record.
    """
    if subject is Subject.PROCEDURAL:
        return Remedy(subject, Road.NONE, on)
    first = articles.provision("review.23").in_force(on) and _comes_first(
        subject, grounds, conventions
    )
    days = term("reconsideration").on(on)
    if first:
        after = term("suit_after_reconsideration").on(on)
        sources = (days.source, "review.23", after.source, "review.34")
        return Remedy(subject, Road.FIRST, on, days.value, after.value, sources)
    direct = term("suit_against_silence" if subject is Subject.SILENCE else "direct_suit").on(on)
    return Remedy(subject, Road.EITHER, on, days.value, direct.value, (days.source, direct.source))


def _comes_first(subject: Subject, grounds: Sequence[str], conventions: Conventions) -> bool:
    if subject is Subject.SILENCE:
        return conventions.silence_needs_reconsideration
    if not any(ground in REFUSALS for ground in grounds):
        return False
    if subject is Subject.PARTLY:
        return conventions.partial_needs_reconsideration
    return subject is Subject.ANSWER


def notice(
    remedy: Remedy,
    organs: Sequence[str],
    courts: Sequence[str] = (),
    *,
    online: str = "",
    act: str = "本答复",
) -> str:
    """告知文字: what a letter prints, a paragraph a line; empty where there is no road.

    ``organs``: who hears reconsideration (two before 2024, where either could); ``courts``: none
    given, it says 有管辖权的人民法院; ``online``: where to apply by internet; ``act``: what the
    letter calls itself.
    """
    if remedy.road is Road.NONE:
        return ""
    where = "或者".join(organs) or "＿＿＿＿"
    court = "或者".join(courts) or "有管辖权的人民法院"
    sent = f"（互联网申请渠道：{online}）" if online else ""
    begins, about = _begins(remedy, act)
    if remedy.road is Road.FIRST:
        rest = ""
        if remedy.subject is Subject.PARTLY:  # other articles leave the road to court open
            months = term("direct_suit").on(remedy.on).value
            rest = f"对{act}其余部分不服的，也可以在{months}个月内直接向{court}提起行政诉讼。"
        return (
            f"{about}{begins}{remedy.reconsideration}日内向{where}申请行政复议{sent}；"
            f"依照《中华人民共和国行政复议法》第二十三条，应当先申请行政复议，不能直接提起行政诉讼。\n"
            f"对行政复议决定不服，或者复议机关不予受理、驳回申请、逾期不作决定的，可以自收到决定书之日"
            f"或者复议期限届满之日起{remedy.suit}日内向{court}提起行政诉讼。{rest}"
        )
    return (
        f"{about}{begins}{remedy.reconsideration}日内向{where}申请行政复议{sent}，"
        f"也可以{begins.removeprefix('可以')}{remedy.suit}个月内直接向{court}提起行政诉讼。"
    )


def _begins(remedy: Remedy, act: str) -> tuple[str, str]:
    """From which day the periods run, and against what."""
    if remedy.subject is Subject.SILENCE:
        return "可以自答复期限届满之日起", "逾期未答复的，"
    if remedy.subject is Subject.PARTLY and remedy.road is Road.FIRST:
        return f"可以自知道或者应当知道{act}之日起", f"对{act}中不予公开的部分不服的，"
    return f"可以自知道或者应当知道{act}之日起", f"对{act}不服的，"


def term(id: str) -> dated.Dated[int]:
    """救济期限: a period of a remedy over time, by id; its unit is in its name."""
    return terms()[id]


@functools.cache
def terms() -> Mapping[str, dated.Dated[int]]:
    """Every period of a remedy, from the data."""
    text = resources.files("gongkai.statute").joinpath("data/letters.json").read_text("utf-8")
    return {
        one["id"]: dated.Dated(
            Text(one["zh"], one["en"]),
            tuple(dated.span_of(span, int(span["value"])) for span in one["spans"]),
        )
        for one in json.loads(text)["terms"]
    }
