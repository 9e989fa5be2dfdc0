"""法律规则: what other law says of figures that are possible by arithmetic (ids ``law.*``)."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.statute.checks import limits, organs, showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.texts import Text

_DIRECT = "remedies.direct_suit.total"

DIRECT_SUIT = Rule(
    "law.direct_suit",
    Level.NOTE,
    Text(
        "2024 年度起，依条例第十四至十六条不予公开的决定须先复议，不能直接起诉。",
        "From 2024 a refusal under Articles 14 to 16 goes to reconsideration before any suit.",
    ),
    "《行政复议法》第二十三条第一款第四项；法释〔2025〕8号第一条",
    Text(
        "2024 年度：未经复议直接起诉 26 件，同时有不予公开 73 件"
        "（结论是无法判断：表中看不出起诉针对哪些决定）。",
        "2024: 26 direct suits beside 73 refusals (cannot tell: the tables do not say which "
        "decisions the suits attack).",
    ),
)


def direct_suit(case: Case) -> Iterator[Finding]:
    """Cannot tell: the tables do not say which decision a suit attacks (facts.md 2.5)."""
    report = case.report
    data = limits.data()["direct_suit"]
    if report.year is None or report.year < data["first_year"]:
        return
    suits = report.cell(_DIRECT).value
    if suits is None:
        return
    refused = [f"applications.{row}.total" for row in data["rows"]]
    found = [a for a in refused if (report.cell(a).value or 0) > 0]
    if suits <= 0 or not found:
        yield DIRECT_SUIT.holds(_DIRECT)
        return
    count = sum(report.cell(a).value or 0 for a in found)
    yield DIRECT_SUIT.cannot_tell(
        Text(
            f"未经复议直接起诉 {suits} 件，同年依第十四至十六条不予公开 {count} 件；"
            "这些起诉针对哪些决定，表中看不出来。",
            f"Direct suits: {suits}; refusals under Articles 14 to 16: {count}; the tables do not "
            "say which decisions the suits attack.",
        ),
        Text(
            "针对不予公开决定的直接起诉，自 2024 年起应先复议；针对无法提供、"
            "不予处理的仍可直接起诉。"
            "请逐案核对：决定书是否告知了先复议，案件是否填对了栏目。",
            "Since 2024 suits against refusals need reconsideration first; those against "
            "无法提供 or "
            "不予处理 do not. Go through the cases: did the decision name reconsideration first, "
            "and "
            "does the case stand in the right column?",
        ),
        cells=(_DIRECT, *found),
        place=showing.place(report, _DIRECT),
    )


REGULATIONS = Rule(
    "law.regulations",
    Level.WARNING,
    Text(
        "没有规章制定权的机关，“规章”一行填 0。",
        "An organ that cannot make 规章 reports 0 in that row.",
    ),
    "《立法法》（2023年修正）第九十一条、第九十三条；武政办发〔2025〕54号（其他机关填0）",
    Text("街道办事处“规章”本年制发 3 件。", "A street office reports 3 规章 made."),
)


def regulations(case: Case) -> Iterator[Finding]:
    """Only where the organ's name leaves no doubt: townships, counties and districts, bureaus."""
    report = case.report
    if not organs.makes_no_regulations("".join((report.organ or "").split())):
        return
    form = showing.form_of(report)
    row = [a for a in showing.addresses(form.edition, "proactive") if ".regulations." in a]
    found = [a for a in row if (report.cell(a).value or 0) > 0]
    if not found:
        yield REGULATIONS.holds(*row)
        return
    told = showing.listing([f"{showing.column(form, a)} {report.cell(a).value}" for a in found])
    yield REGULATIONS.broken(
        Text(
            f"“规章”一行填了{told.zh}，而“{report.organ}”没有规章制定权。",
            f"The row “规章” says {told.en}, but “{report.organ}” cannot make 规章.",
        ),
        Text(
            "规章只能由国务院部门、省级和设区的市（自治州）人民政府制定。"
            "本机关的制度属于规范性文件或内部制度，"
            "请改填到相应一行，此处填 0。",
            "Only departments of the State Council and governments of provinces and of cities with "
            "districts make them. Move these to the row of normative documents if they are such, "
            "and write 0 here.",
        ),
        cells=tuple(found),
        printed=report.cell(found[0]).value,
        expected=0,
        place=showing.place(report, found[0]),
    )


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (DIRECT_SUIT, direct_suit),
    (REGULATIONS, regulations),
)
