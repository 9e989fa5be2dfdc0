"""文字自身: rules on the prose alone: its sums, its repetitions, the year of its plans.

Parts of ``text.*``; `gongkai.statute.checks.text` lists them with the others.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from gongkai.statute import claims_subjects
from gongkai.statute.checks import showing, text_weigh
from gongkai.statute.checks.text_weigh import Weight
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import Claim
from gongkai.statute.texts import Text

REMEDIES = ("reconsideration", "suit", "direct_suit", "suit_after_reconsideration")
_OUTCOMES = ("upheld", "corrected", "other", "pending")
_RESULTS = ("granted", "partly_granted", "refused", "unavailable", "unprocessed", "other")

CHANNEL_SUM = Rule(
    "text.channel_sum",
    Level.WARNING,
    Text(
        "文字按渠道或申请人分列的数量，合起来等于所写的总数。",
        "Numbers the text splits by channel or applicant add up to the total it states.",
    ),
    "数量关系；中华人民共和国政府信息公开条例第五十条",
    Text(
        "共 427 条，其中网站 96 条、微博 341 条，合计 437 条。",
        "427 in all, of these website 96 and Weibo 341: together 437.",
    ),
)
PART_SUM = Rule(
    "text.part_sum",
    Level.WARNING,
    Text(
        "文字分列的办理结果、复议诉讼结果，合起来等于所写的总数。",
        "The outcomes the text lists add up to the total it states.",
    ),
    "数量关系；中华人民共和国政府信息公开条例第五十条",
    Text(
        "行政复议 8 件，其中维持 3、纠正 2、其他 2、未审结 2，合计 9。",
        "8 reconsiderations, of these 3 upheld, 2 corrected, 2 other, 2 pending: together 9.",
    ),
)
DISAGREE = Rule(
    "text.disagree",
    Level.WARNING,
    Text(
        "同一件事在文字中前后数量一致。",
        "The text gives one number for one thing wherever it names it.",
    ),
    "数量关系；中华人民共和国政府信息公开条例第五十条",
    Text(
        "报告印了两遍，一处写网站公开 96 条，一处写 69 条。",
        "The report is printed twice: 96 items on the website here, 69 there.",
    ),
)
PLAN_YEAR = Rule(
    "text.plan_year",
    Level.WARNING,
    Text(
        "改进措施写的是以后年度，不是本报告年度或更早的年度。",
        "What is to be improved is dated in a later year, not in the year reported or before.",
    ),
    "国办公开办函〔2019〕60号、〔2021〕30号，第五部分存在的主要问题及改进情况",
    Text(
        "2020 年度报告写“2020年，我区将继续……”。",
        "The report of 2020 says “in 2020 we shall continue to …”.",
    ),
)


_CHANNELS = Text(
    "每一件、每一条只从一个渠道来或去的，各部分之和应等于总数。请核实哪一个数有误；"
    "经多个渠道发布、重复计算的，请说明。",
    "Where each is counted by one channel, the parts add up to the total. Establish which number "
    "is wrong, or say that what went out by several channels is counted more than once.",
)
_PARTS = Text(
    "每一件只有一种结果，各种结果之和应等于总数。请对照台账核实哪一个数有误。",
    "Each case has one outcome, so the outcomes add up to the total. Establish from the record "
    "which number is wrong.",
)
_UNSAID = Text(
    "如果还有其他部分没有列出，请补上“其他”一项；没有的，请核实哪一个数有误。",
    "Where there are parts not listed, add them; otherwise establish which number is wrong.",
)


def _channel_sum(case: Case) -> Iterator[Finding]:
    """分渠道、分申请人之和: a total and the parts that follow it."""
    for total, parts in _lists(case.report.claims):
        if len(parts) < 2:
            continue
        whole = any(p.channel == "other" for p in parts) or total.subject == "received"
        yield from _summed(CHANNEL_SUM, _CHANNELS, total, parts, whole)


def _lists(claims: Sequence[Claim]) -> Iterator[tuple[Claim, list[Claim]]]:
    """Each total of received or published, with the parts right after it, one kind at a time."""
    for i, total in enumerate(claims):
        if total.subject not in ("received", "published") or total.channel is not None:
            continue
        after: list[Claim] = []
        for claim in claims[i + 1 :]:
            if claim.place != total.place or not _is_part(claim, total):
                break
            after.append(claim)
        yield total, [c for c in after if c.channel is not None]
        yield total, [c for c in after if c.channel is None and c.subject != "published_part"]


def _is_part(claim: Claim, total: Claim) -> bool:
    if claim.subject == total.subject:
        return claim.channel is not None and claim.cumulative == total.cumulative
    return claim.subject.startswith(f"{total.subject}_") and claim.subject != "received_part"


def _summed(
    rule: Rule, hint: Text, total: Claim, parts: Sequence[Claim], whole: bool
) -> Iterator[Finding]:
    """Compare parts with their total; ``whole`` says that the parts should be all of it."""
    if not total.exact or not all(p.exact for p in parts):
        return
    found = sum(int(p.value) for p in parts)
    if found == total.value:
        yield rule.holds(*total.cells)
        return
    more = found > total.value
    listed = showing.listing([showing.quoted(p.raw, 24) for p in parts])
    said = showing.quoted(total.raw)
    yield rule.broken(
        Text(
            f"文字写{said}，分列的{listed.zh}合计 {found}，与总数相差 "
            f"{showing.apart(found, total.value)}。",
            f"The text says {said}, but the parts {listed.en} add up to {found}, a difference of "
            f"{showing.apart(found, total.value)}.",
        ),
        hint if more or whole else _UNSAID,
        cells=total.cells,
        printed=total.value,
        expected=found,
        place=total.place,
        level=None if more or whole else Level.NOTE,
    )


def _part_sum(case: Case) -> Iterator[Finding]:
    """各种结果之和: the total of answers, or of remedies, and the outcomes that follow it."""
    claims = case.report.claims
    for i, total in enumerate(claims):
        names = _parts_of(total.subject)
        if not names or total.channel is not None:
            continue
        parts: dict[str, Claim] = {}
        for claim in claims[i + 1 :]:
            if claim.place != total.place or claim.subject == total.subject:
                break
            if claim.subject in names:
                parts.setdefault(claim.subject, claim)
        tops = [c for s, c in parts.items() if names[s] is None or names[s] not in parts]
        every = total.subject in REMEDIES and len(tops) == len(_OUTCOMES)
        if len(tops) > 1 and (every or sum(int(c.value) for c in tops) >= total.value):
            yield from _summed(PART_SUM, _PARTS, total, tops, True)


@functools.cache
def _parts_of(subject: str) -> Mapping[str, str | None]:
    """The subjects that are parts of one, each with the part it is itself a part of."""
    if subject in REMEDIES:
        return dict.fromkeys(f"{subject}_{o}" for o in _OUTCOMES)
    if subject != "concluded":
        return {}
    parts: dict[str, str | None] = dict.fromkeys(_RESULTS)
    for id in claims_subjects.SUBJECTS:
        head = id.split("_")[0]
        if head in _RESULTS and id not in parts:
            parts[id] = head
    return parts


def _disagree(case: Case) -> Iterator[Finding]:
    """前后不一: the same words, or the same subject without a cell to settle it, twice."""
    report = case.report
    first: dict[tuple[str, ...], Claim] = {}
    for claim in report.claims:
        if not claim.exact or claim.cumulative or claim.subject in _REPEATABLE:
            continue
        key: tuple[str, ...] = (claim.subject, claim.channel or "", _wording(claim.raw))
        if claim.subject in _SINGLE and text_weigh.weigh(report, claim).weight in (
            Weight.OPEN,
            Weight.FREE,
        ):
            key = (claim.subject, claim.channel or "")
        before = first.setdefault(key, claim)
        if before is claim:
            continue
        if before.value == claim.value:
            yield DISAGREE.holds(*claim.cells)
            continue
        if text_weigh.weigh(report, claim).weight is Weight.CONTRADICTS:
            continue  # already said, against the table
        a, b = showing.quoted(before.raw), showing.quoted(claim.raw)
        yield DISAGREE.broken(
            Text(
                f"文字前面写{a}，后面写{b}，数量不同。",
                f"The text says {a} in one place and {b} in another.",
            ),
            Text(
                "同一件事只有一个数。请核实后统一；说的不是同一件事的，请写清楚。",
                "One thing has one number. Verify it and write it throughout; where these are "
                "different things, say so.",
            ),
            cells=claim.cells,
            printed=claim.value,
            place=claim.place,
        )


_REPEATABLE = frozenset(("received_part", "published_part", "answered_in_time", "answered_all"))
# One number a year, whatever the words; others (培训3次, 发布30条) may well be told in portions.
_SINGLE = frozenset(("received", "carried_in", "carried_out", "concluded", *REMEDIES))
_FIGURES = re.compile(r"[\d０-９零〇一二两三四五六七八九十百千万亿,，.\s]+")


def _wording(raw: str) -> str:
    """The words of a claim without its numbers."""
    return _FIGURES.sub("", raw)


_PLAN = re.compile(
    r"(?P<year>20\d\d)\s*年度?[，,]?\s*(?P<who>[^，。；,;：:\d]{0,14}?)(?:将|拟|打算|准备|计划)"
    r"(?=进一步|继续|认真|着力|重点|不断|加大|加强|切实|深入|持续|严格|积极|全面|坚持|紧紧|紧扣|围绕|按照|"
    r"努力|做好|开展|组织|从|在|以|聚焦|推进|完善|采取|抓好|突出|强化|健全|扎实|主要|针对|结合|优化|落实)"
)


def _plan_year(case: Case) -> Iterator[Finding]:
    """改进措施的年份: plans of section 5 dated in the year reported, or before it."""
    report = case.report
    year = report.year
    if year is None:
        return
    for passage in report.sections.get("5", ()):
        for found in _PLAN.finditer(passage.text):
            planned = int(found["year"])
            if planned > year:
                yield PLAN_YEAR.holds()
                continue
            end = passage.text.find("，", found.end())
            said = showing.quoted(passage.text[found.start() : end if end > 0 else None])
            yield PLAN_YEAR.broken(
                Text(
                    f"第五部分写{said}，是今后的打算，年份却是 {planned}；本报告是 {year} 年度的。",
                    f"Section 5 says {said}: a plan, yet dated {planned} in the report of {year}.",
                ),
                Text(
                    f"多半是沿用了上一年的文字，应为 {year + 1} 年。"
                    "请核对这一部分是否按本年情况写成。",
                    f"Probably carried over from the last report; {year + 1} would be due. See "
                    "whether this section was written for the year at all.",
                ),
                printed=planned,
                expected=year + 1,
                place=passage.place_at(found.start()),
            )


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (CHANNEL_SUM, _channel_sum),
    (PART_SUM, _part_sum),
    (DISAGREE, _disagree),
    (PLAN_YEAR, _plan_year),
)
