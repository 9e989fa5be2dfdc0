"""时限规则: when the report was signed and published (ids ``date.*``). Dates are given, never read
from a clock; 31 January and 31 March are fixed, also where they are days off (条例第四十九条)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gongkai.statute.checks import limits, organs, showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import Kind
from gongkai.statute.texts import Text

_SOURCE = "《政府信息公开条例》第四十九条"

BEFORE_YEAR_END = Rule(
    "date.signed_before_year_end",
    Level.WARNING,
    Text("落款日期不早于报告年度结束。", "The report is not dated before its year is over."),
    f"{_SOURCE}（上一年度）",
    Text("2022 年度报告落款 2022年12月10日。", "The 2022 report is dated 10 December 2022."),
)


def before_year_end(case: Case) -> Iterator[Finding]:
    """Dated before 31 December of its own year: the figures cannot be complete."""
    signed, year = case.report.signed_on, case.report.year
    if signed is None or year is None:
        return
    if signed >= date(year, 12, 31):
        yield BEFORE_YEAR_END.holds()
        return
    yield BEFORE_YEAR_END.broken(
        Text(
            f"落款日期{showing.day(signed).zh}，报告年度 {year} 年还没有结束。",
            f"Dated {signed}, before the year {year} was over.",
        ),
        Text(
            "报告的是全年情况，不可能在年内定稿。多半是年份写错，请更正；确实提前统计的，"
            "补上年底的数据。",
            "It reports the whole year and cannot be final within it. The year of the date is "
            "probably wrong; if not, add the figures up to 31 December.",
        ),
        printed=signed.isoformat(),
        expected=f"{year}-12-31",
    )


PUBLISHED = Rule(
    "date.published",
    Level.ERROR,
    Text(
        "报告在次年 1 月 31 日（部门）或 3 月 31 日（人民政府）前公布。",
        "The report is public by 31 January (departments) or 31 March (governments).",
    ),
    _SOURCE,
    Text(
        "区档案局的报告 2 月 14 日才公布。",
        "A district bureau's report is published on 14 February.",
    ),
)


def published(case: Case) -> Iterator[Finding]:
    """By the date of publication; without it, a signature after the deadline proves as much."""
    year = case.report.year
    deadlines = limits.data()["deadlines"]
    if year is None or year < deadlines["first_year"]:
        return
    if case.published is not None and case.published.year <= year:
        return  # date.published_before_year_end
    day = case.published or case.report.signed_on
    if day is None:
        return
    early = date.fromisoformat(f"{year + 1}-{deadlines['department']}")
    late = date.fromisoformat(f"{year + 1}-{deadlines['government']}")
    nature = _nature(case)
    due = {organs.Nature.DEPARTMENT: early, organs.Nature.GOVERNMENT: late}.get(nature)
    if day <= (due or early):
        if case.published is not None:  # 落款在期限内不等于公布在期限内
            yield PUBLISHED.holds()
        return
    signed = case.published is None
    what = Text("落款日期" if signed else "公布日期", "Dated" if signed else "Published")
    if due is None and day <= late:
        yield showing.at_level(
            PUBLISHED.cannot_tell(
                Text(
                    f"{what.zh}是{showing.day(day).zh}：部门应在{showing.day(early).zh}前公布，"
                    f"人民政府应在{showing.day(late).zh}前公布，不能确定适用哪一个。",
                    f"{what.en} {day}: departments are due by {early}, "
                    f"governments by {late}; which applies cannot be told.",
                ),
                Text(
                    "请注明口径（--kind organ 或 region）后再查。",
                    "Say which it is (--kind organ or region) and check again.",
                ),
            ),
            Level.NOTE,
        )
        return
    due = due or late
    # 只有落款为证时证据较弱：日期可能写错
    yield PUBLISHED.broken(
        Text(
            f"{what.zh}是{showing.day(day).zh}，应在{showing.day(due).zh}前公布，迟了 "
            f"{(day - due).days} 天。",
            f"{what.en} {day}; it was due by {due}, "
            f"{showing.counted((day - due).days, 'day')} late.",
        ),
        Text(
            "期限由条例第四十九条规定，遇休息日不顺延。请尽快公布；落款日期有误的更正，"
            "确已逾期的向主管部门说明。",
            "Article 49 sets this date, days off do not move it. Publish at once; correct a wrong "
            "date, or explain the delay to the competent office.",
        ),
        printed=day.isoformat(),
        expected=due.isoformat(),
        level=Level.WARNING if signed else None,
    )


PUBLISHED_BEFORE_YEAR_END = Rule(
    "date.published_before_year_end",
    Level.ERROR,
    Text(
        "报告在报告年度结束之后公布。",
        "The report is published after its year is over.",
    ),
    f"{_SOURCE}（上一年度）",
    Text(
        "2022 年度报告的公布日期写 2022年1月20日。",
        "The 2022 report is given as published on 20 January 2022.",
    ),
)


def published_before_year_end(case: Case) -> Iterator[Finding]:
    """A report of the past year cannot be public within that year."""
    year, day = case.report.year, case.published
    if year is None or day is None:
        return
    if day.year > year:
        yield PUBLISHED_BEFORE_YEAR_END.holds()
        return
    yield PUBLISHED_BEFORE_YEAR_END.broken(
        Text(
            f"公布日期是{showing.day(day).zh}，报告年度 {year} 年还没有结束。",
            f"Published {day}, before the year {year} was over.",
        ),
        Text(
            "年度报告公布的是上一年度的情况，不可能在当年公布。请核对给出的公布日期和报告年度，"
            "更正有误的一个。",
            "The report is about the past year and cannot be public within it. Verify the date "
            "given and the fiscal year, and correct the wrong one.",
        ),
        printed=day.isoformat(),
        expected=f"{year + 1}-01-01",
    )


AFTER_PUBLICATION = Rule(
    "date.signed_after_published",
    Level.WARNING,
    Text("落款日期不晚于公布日期。", "The report is not dated after its publication."),
    _SOURCE,
    Text("1 月 20 日公布，落款 1 月 28 日。", "Published on 20 January, dated 28 January."),
)


def after_publication(case: Case) -> Iterator[Finding]:
    """A contradiction between two dates."""
    signed = case.report.signed_on
    if signed is None or case.published is None:
        return
    if signed <= case.published:
        yield AFTER_PUBLICATION.holds()
        return
    yield AFTER_PUBLICATION.broken(
        Text(
            f"落款日期{showing.day(signed).zh}晚于公布日期{showing.day(case.published).zh}。",
            f"Dated {signed}, after its publication on {case.published}.",
        ),
        Text(
            "两个日期必有一误，或公布后又换过文件。请核实并更正。",
            "One of the dates is wrong, or the file was exchanged after publication. Correct it.",
        ),
        printed=signed.isoformat(),
        expected=case.published.isoformat(),
    )


def _nature(case: Case) -> organs.Nature:
    """A government by name, whatever the figures; then what was said; then the name."""
    by_name = organs.nature(case.report.organ or "")
    if by_name is organs.Nature.GOVERNMENT:
        return by_name
    kind = case.kind if case.kind is not Kind.UNKNOWN else case.report.kind
    if kind is Kind.REGION:
        return organs.Nature.GOVERNMENT
    return organs.Nature.DEPARTMENT if kind is Kind.ORGAN else by_name


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (BEFORE_YEAR_END, before_year_end),
    (PUBLISHED_BEFORE_YEAR_END, published_before_year_end),
    (PUBLISHED, published),
    (AFTER_PUBLICATION, after_publication),
)
