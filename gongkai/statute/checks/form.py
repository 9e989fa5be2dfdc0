"""格式规则: organ, period, edition, residue, sign-off and what is left over (ids ``form.*``).

Rules on the title are in `title`, on the six parts in `sections`, on paragraph numbers in
`numbering`; this module lists them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gongkai.statute import forms
from gongkai.statute.checks import limits, numbering, organs, sections, showing, title
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import NOWHERE, AnnualReport, Passage, Place
from gongkai.statute.texts import Text

_SOURCE = "国办公开办函〔2019〕60号、〔2021〕30号，报告格式"

ORGAN = Rule(
    "form.organ",
    Level.WARNING,
    Text("报告写明是哪个机关的报告。", "The report says whose it is."),
    f"{_SOURCE}，标题",
    Text("标题和落款都没有机关名称。", "Neither title nor signature names the organ."),
)


def organ(case: Case) -> Iterator[Finding]:
    """In the title or the signature."""
    if case.report.organ:
        yield ORGAN.holds()
        return
    yield ORGAN.broken(
        Text("没有找到机关名称。", "No organ is named."),
        Text(
            "看不出是谁的报告，也就无法汇总。请在标题和落款写机关全称。",
            "Nobody can tell whose report it is, nor add it up. Write the full name in title and "
            "signature.",
        ),
        place=_head(case.report),
    )


ORGAN_NAMES = Rule(
    "form.organ_names",
    Level.NOTE,
    Text("机关名称前后一致。", "The organ is called by one name throughout."),
    f"{_SOURCE}，标题；国办公开办函〔2021〕30号（四）明确责任",
    Text(
        "标题写“城市更新办公室”，正文又写“青石区城市更新办公室”“城更办”“区域更办”。",
        "The title, a longer full name, and two different abbreviations.",
    ),
)


def organ_names(case: Case) -> Iterator[Finding]:
    """One name may leave out its beginning, and have one abbreviation; more is confusing."""
    report = case.report
    names = list(dict.fromkeys("".join(n.split()) for n in report.organ_names))
    if report.organ and (own := "".join(report.organ.split())) not in names:
        names.insert(0, own)
    if not names:
        return
    full = max(names, key=len)
    names += [n for n in _abbreviations(full, report.text()) if n not in names]
    strange = [n for n in names if not _shortened(n, full)]
    if not strange and len(names) < 3:
        yield ORGAN_NAMES.holds()
        return
    listed = showing.listing([f"“{n}”" for n in names], 6)
    yield ORGAN_NAMES.broken(
        Text(
            f"机关名称有 {len(names)} 种写法：{listed.zh}。",
            f"The organ is called by {len(names)} names: {listed.en}.",
        ),
        Text(
            "读者分不清是不是同一个机关，汇总时也可能被当作几个单位。请统一用全称，简称只用一个。",
            "Readers cannot tell whether these are one organ, and a roll-up may take them for "
            "several. Use the full name and one abbreviation.",
        ),
        printed="、".join(names),
        expected=full,
        place=showing.said_at(report, *strange) or _head(report),
        level=Level.WARNING if any(len(n) >= 6 for n in strange) else None,
    )


def _shortened(name: str, full: str) -> bool:
    """Its letters stand in the full name in this order, the last of them near its end."""
    if full.removeprefix(name) in ("办公室", "办公厅", "办"):  # 政府的报告由其办公室署名
        return True
    position = -1
    for letter in name:
        position = full.find(letter, position + 1)
        if position < 0:
            return False
    return len(full) - position <= 3


def _abbreviations(full: str, text: str) -> list[str]:
    """城改办 for 城市改造办公室, and misspellings: the same ending, one letter not in the name."""
    ending = next((e for e in ("办", "局", "委", "中心", "处") if e in full[-3:]), None)
    if ending is None:
        return []
    found: dict[str, None] = {}
    start = text.find(ending)
    while start >= 0:
        end = start + len(ending)
        word = _WORD_BEFORE.search(text, max(0, start - 5), start)
        if word and 2 <= len(word[0]) <= 4 and word[0] + ending != full[-len(word[0]) - 1 :]:
            found.setdefault(word[0] + ending)
        start = text.find(ending, end)
    exact = [w for w in found if _shortened(w, full) and w not in full]
    near = [
        w
        for w in found
        if w not in exact
        and any(w[-2:] == e[-2:] for e in exact)
        and sum(letter not in full for letter in w) == 1
    ]
    return [*exact[:1], *near] if near else exact


_WORD_BEFORE = re.compile(r"(?<![一-鿿])[一-鿿]{2,4}\Z|(?<=年)[一-鿿]{2,4}\Z")


PERIOD = Rule(
    "form.period",
    Level.ERROR,
    Text(
        "统计期限是报告年度的 1 月 1 日至 12 月 31 日。",
        "The period covered is 1 January to 31 December of the year.",
    ),
    "《政府信息公开条例》第四十九条（上一年度）；国办公开办函〔2019〕60号、〔2021〕30号",
    Text("统计期限写 2021年1月1日至12月31日，报告是2022年度的。", "A 2022 report covers 2021."),
)


def period(case: Case) -> Iterator[Finding]:
    """Only where the report states a period: the form does not oblige it to."""
    report = case.report
    if report.period is None:
        return
    start, end = report.period
    year = report.year or start.year
    due = (date(year, 1, 1), date(year, 12, 31))
    if (start, end) == due:
        yield PERIOD.holds()
        return
    yield PERIOD.broken(
        Text(
            f"统计期限写{showing.day(start).zh}至{showing.day(end).zh}，"
            f"应为{showing.day(due[0]).zh}至"
            f"{showing.day(due[1]).zh}。",
            f"The period is given as {start} to {end}; it should be {due[0]} to {due[1]}.",
        ),
        Text(
            "年度报告报上一年度全年的情况。若只是日期写错请更正；若数据真是按此期限统计的，"
            "需重新统计。",
            "The annual report covers the whole past year. Correct the dates, or count again if "
            "the "
            "figures were really taken for that period.",
        ),
        printed=f"{start:%Y-%m-%d}/{end:%Y-%m-%d}",
        expected=f"{due[0]:%Y-%m-%d}/{due[1]:%Y-%m-%d}",
        place=showing.said_at(report, "统计期限", "1月1日") or _head(report),
    )


EDITION = Rule(
    "form.edition",
    Level.ERROR,
    Text("使用报告年度适用的格式。", "The report uses the form due for its year."),
    "国办公开办函〔2019〕60号（2019、2020年度）；国办公开办函〔2021〕30号（2021年度起）",
    Text("2021 年度报告仍用 2019 年的试行格式。", "The 2021 report still uses the 2019 form."),
)


def edition(case: Case) -> Iterator[Finding]:
    """Which edition is due is read from the form data."""
    report = case.report
    if report.edition is None or report.edition_due is None:
        return
    if report.edition == report.edition_due:
        yield EDITION.holds()
        return
    used, due = forms.form(report.edition), forms.form(report.edition_due)
    yield EDITION.broken(
        Text(
            f"{report.year} 年度应使用 {due.edition} 年版格式（{due.number}），报告用的是 "
            f"{used.edition} 年版格式（{used.number}）。",
            f"The fiscal year {report.year} calls for the {due.edition} form ({due.number}); the "
            f"report uses that of {used.edition} ({used.number}).",
        ),
        Text(
            "两版表格的行、列和口径不同，数据无法与其他机关汇总比较。请核对年度；年度无误的，"
            "按应用的格式重新填报。",
            "Rows, columns and meanings differ, so the figures cannot be compared with others'. "
            "Verify the year; if it is right, fill in the form that is due.",
        ),
        printed=report.edition,
        expected=report.edition_due,
        place=_head(report),
    )


OTHER_EDITION = Rule(
    "form.other_edition",
    Level.WARNING,
    Text("表格没有混入另一版格式的行或列。", "No rows or columns of another form are mixed in."),
    "国办公开办函〔2019〕60号；国办公开办函〔2021〕30号",
    Text("2021 年格式的表里还留着“政府集中采购”。", "“政府集中采购” is left in a 2021 form."),
)


def other_edition(case: Case) -> Iterator[Finding]:
    """Cells the reader found in rows or columns of another edition."""
    report = case.report
    if not report.other_edition_cells:
        yield OTHER_EDITION.holds()
        return
    rows: dict[str, None] = {}
    for address in report.other_edition_cells:
        for name in forms.editions():
            spec = forms.form(name).specs.get(address)
            if spec is not None:
                rows.setdefault(f"“{spec.label}”")
                break
        else:
            rows.setdefault(f"“{address}”")
    listed = showing.listing(list(rows))
    yield OTHER_EDITION.broken(
        Text(
            f"表格中有另一版格式的内容：{listed.zh}。",
            f"The tables hold cells of another form: {listed.en}.",
        ),
        Text(
            "多余的行、列不会被汇总，缺少的行、列也没有填。请整表换用当年的格式。",
            "Such cells are added up nowhere, and those of the right form are missing. Use the "
            "year's form for the whole table.",
        ),
        cells=tuple(report.other_edition_cells),
        place=next(iter(report.other_edition_cells.values())).place,
    )


LEFTOVERS = Rule(
    "form.leftovers",
    Level.WARNING,
    Text(
        "表格里的每个数都能归到格式的一个单元格。",
        "Every figure in the tables belongs to a cell of the form.",
    ),
    _SOURCE,
    Text("表四表头 15 格，数据行有 16 个数。", "Table 4 has 15 columns and 16 figures."),
)


def leftovers(case: Case) -> Iterator[Finding]:
    """What was read and could not be placed: with figures a WARNING, without a NOTE."""
    report = case.report
    if not report.leftovers:
        yield LEFTOVERS.holds()
        return
    figures = [left for left in report.leftovers if left.values]
    shown = figures or list(report.leftovers)
    quotes = [
        *dict.fromkeys(showing.quoted(left.raw or "\t".join(left.values), 30) for left in shown)
    ]
    listed = showing.listing(quotes, 3, "种")
    count = len(report.leftovers)
    yield LEFTOVERS.broken(
        Text(
            f"表格中有 {count} 处内容归不到格式的单元格：{listed.zh}。",
            f"What belongs to no cell of the form ({showing.counted(count, 'piece')}): "
            f"{listed.en}.",
        ),
        Text(
            "多半是缺了行、列标签，或者多出一行一列。这些数没有计入任何单元格。"
            "请对照原件补上标签或删去多余的数。",
            "Mostly a row or column label is missing, or a row or column too many. These figures "
            "count nowhere. Restore the labels or delete what is superfluous, by the original.",
        ),
        cells=tuple(dict.fromkeys(c for left in shown for c in left.candidates)),
        printed=shown[0].raw,
        place=shown[0].place,
        level=None if figures else Level.NOTE,
    )


RESIDUE = Rule(
    "form.residue",
    Level.WARNING,
    Text(
        "没有书签、模板说明、占位符、网页标记等残留文字。",
        "No bookmarks, template instructions, placeholders or markup are left in the text.",
    ),
    "《政府信息公开条例》第六条（及时、准确公开）；国办公开办函〔2021〕30号（四）明确责任"
    "（发布内容准确）",
    Text("正文里留着“[bookmark: _GoBack]”或“（文字描述）”。", "“[bookmark: _GoBack]” in the text."),
)


def residue(case: Case) -> Iterator[Finding]:
    """One finding for each kind, from the word lists in the data."""
    report = case.report
    where = [(p, f"{p.title}\n{p.text}") for ps in report.sections.values() for p in ps]
    whole = "\n".join((report.title or "", *(text for _, text in where)))
    clean = True
    for kind in limits.residues():
        if not any(sign in whole for sign in kind.signs):
            continue
        hits = list(dict.fromkeys(m[0].strip() for m in kind.pattern.finditer(whole)))
        if not hits:
            continue
        clean = False
        listed = showing.listing([showing.quoted(h, 30) for h in hits])
        place = _residue_at(where, hits[0])
        yield RESIDUE.broken(
            Text(
                f"正文中有{kind.name.zh}：{listed.zh}。",
                f"The text holds {kind.name.en}: {listed.en}.",
            ),
            Text(
                "这是编辑软件或模板留下的，公开后有损严肃。请删去，或换成应填的内容。",
                "The editor or the template left it behind. Delete it, or write what belongs "
                "there.",
            ),
            printed=hits[0],
            place=place,
        )
    if clean:
        yield RESIDUE.holds()


def _residue_at(where: list[tuple[Passage, str]], hit: str) -> Place:
    for passage, text in where:
        at = passage.text.find(hit)
        if at >= 0:
            return passage.place_at(at)
        if hit in text:
            return passage.place
    return NOWHERE


FEE_STATEMENT = Rule(
    "form.fee_statement",
    Level.NOTE,
    Text(
        "2021 年格式：第六部分报告收取信息处理费的情况。",
        "2021 form: section 6 reports the information processing fee.",
    ),
    "国办公开办函〔2021〕30号，报告格式第六部分；国办函〔2020〕109号",
    Text("第六部分只写“无其他需要报告的事项”。", "Section 6 only says there is nothing to report."),
)


def fee_statement(case: Case) -> Iterator[Finding]:
    """The form of 2021 says so at the head of section 6; anywhere in the report will do."""
    report = case.report
    due = report.edition_due
    if due is None or forms.form(due).first_year < 2021 or not report.sections.get("6"):
        return
    text = report.text()
    if "处理费" in text or "收取费用" in text:
        yield FEE_STATEMENT.holds()
        return
    yield FEE_STATEMENT.broken(
        Text(
            "第六部分没有报告收取信息处理费的情况。",
            "Section 6 does not report the information processing fee.",
        ),
        Text(
            "格式要求在此报告：发出收费通知的件数、金额和实际收取的金额；没有收取的写明未收取。"
            "请补一句。",
            "The form wants it here: notices sent, their sum, and what was collected; or that none "
            "was charged. Add a sentence.",
        ),
        place=showing.section_place(report, 6),
    )


ACCOUNTABILITY = Rule(
    "form.accountability",
    Level.NOTE,
    Text(
        "人民政府的报告写明工作考核、社会评议和责任追究结果。",
        "A government's report gives the results of assessment, public appraisal and "
        "accountability.",
    ),
    "《政府信息公开条例》第五十条第四项；国办公开办函〔2021〕30号（一）总体情况",
    Text("市人民政府的报告没有提到考核、评议和追责。", "A city's report is silent on all three."),
)


def accountability(case: Case) -> Iterator[Finding]:
    """Governments only (by the name of the organ); any of the three words will do."""
    report = case.report
    if organs.nature(report.organ or "") is not organs.Nature.GOVERNMENT:
        return
    text = report.text()
    if not text:
        return
    if any(word in text for word in ("考核", "评议", "责任追究", "追究责任", "追责", "问责")):
        yield ACCOUNTABILITY.holds()
        return
    yield ACCOUNTABILITY.broken(
        Text(
            "报告没有提到工作考核、社会评议和责任追究结果。",
            "The report mentions neither assessment nor public appraisal nor accountability.",
        ),
        Text(
            "条例第五十条第四项要求各级人民政府报告这些结果，一般写在“监督保障”里。请补充，"
            "没有追责的写明没有。",
            "Article 50(4) asks governments for these results, usually under 监督保障. Add them; "
            "where nobody was held to account, say so.",
        ),
        place=showing.section_place(report, 1),
    )


SIGNOFF = Rule(
    "form.signoff",
    Level.NOTE,
    Text("报告末尾有落款日期。", "The report is dated at its end."),
    "《政府信息公开条例》第四十九条（公布时限）",
    Text("末尾只有机关名称，没有日期。", "The organ signs, but without a date."),
)


def signoff(case: Case) -> Iterator[Finding]:
    """The form prints no signature; without a date nobody can tell whether it was in time."""
    report = case.report
    if report.signed_on is not None:
        yield SIGNOFF.holds()
        return
    if _signed(report):
        what = Text(
            "报告末尾有机关名称，没有日期。", "The report ends with the organ's name but no date."
        )
    else:
        what = Text(
            "报告末尾没有机关名称和日期。", "The report ends without the organ's name and a date."
        )
    yield SIGNOFF.broken(
        what,
        Text(
            "没有日期，看不出是否在法定期限内公布。请在末尾写明机关名称和日期。",
            "Without a date nobody can tell whether it was published in time. Put the organ's name "
            "and the date at the end.",
        ),
    )


def _signed(report: AnnualReport) -> bool:
    """The last line of the text is the organ's name, whole or without its beginning."""
    lines = [line for line in report.text().split("\n") if line.strip()]
    last = "".join(lines[-1].split()) if lines else ""
    own = "".join((report.organ or "").split())
    return bool(own and last) and len(last) < 40 and (last.endswith(own) or own.endswith(last))


def _head(report: AnnualReport) -> Place:
    return showing.section_place(report, 1)


CHECKS: tuple[tuple[Rule, Check], ...] = (
    *title.CHECKS,
    (ORGAN, organ),
    (ORGAN_NAMES, organ_names),
    (PERIOD, period),
    (EDITION, edition),
    (OTHER_EDITION, other_edition),
    *sections.CHECKS,
    *numbering.CHECKS,
    (RESIDUE, residue),
    (LEFTOVERS, leftovers),
    (FEE_STATEMENT, fee_statement),
    (ACCOUNTABILITY, accountability),
    (SIGNOFF, signoff),
)
