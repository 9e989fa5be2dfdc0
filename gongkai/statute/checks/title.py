"""标题规则: the title's pattern, its year, and other titles inside the text (``form.title*``).

The form's pattern is {机关}{年份}年政府信息公开工作年度报告.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.statute.checks import showing
from gongkai.statute.findings import Case, Check, Finding, Level, Rule
from gongkai.statute.report import AnnualReport, Place
from gongkai.statute.texts import Text

_SOURCE = "国办公开办函〔2019〕60号、〔2021〕30号，报告标题"
_OFFICIAL = "政府信息公开工作年度报告"
_YEAR = re.compile(
    r"(?P<year>20\d\d|二[〇○零０0][一二三四五六七八九〇○零０0]{2})\s*年?(?P<again>度)?"
)
_DIGITS = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "○": 0, "零": 0, "０": 0}

TITLE = Rule(
    "form.title",
    Level.WARNING,
    Text(
        "标题写作“机关名称＋年份＋年政府信息公开工作年度报告”。",
        "The title reads organ, year, 年政府信息公开工作年度报告.",
    ),
    _SOURCE,
    Text(
        "“2020年政务公开工作年度报告”；“2020年度政府信息公开工作报告”。",
        "“政务公开” instead of “政府信息公开”, or “年度报告” cut to “报告”.",
    ),
)
YEAR = Rule(
    "form.year",
    Level.WARNING,
    Text(
        "报告年度写明，且与标题一致。", "The fiscal year is stated, and the title gives the same."
    ),
    _SOURCE,
    Text("标题写 2021 年，统计的是 2022 年。", "The title says 2021, the report covers 2022."),
)
TITLE_REPEATED = Rule(
    "form.title_repeated",
    Level.WARNING,
    Text("正文里没有另一个报告标题。", "No second title of a report stands inside the text."),
    _SOURCE,
    Text(
        "第一部分里又出现一个“2020年度政府信息公开工作年度报告”。",
        "Section 1 holds another “2020年度政府信息公开工作年度报告”.",
    ),
)


def title(case: Case) -> Iterator[Finding]:
    """Words lost or changed are a WARNING; a needless 度, or 工作 left out, a NOTE."""
    report = case.report
    printed = "".join((report.title or "").split())
    if not printed:
        yield TITLE.broken(
            Text("没有找到报告标题。", "No title was found."),
            Text(
                f"请在首行写标题：机关名称、年份、“年{_OFFICIAL}”。",
                f"Put the title first: organ, year, “年{_OFFICIAL}”.",
            ),
        )
        return
    grave, slight = _deviations(printed)
    found = [*grave, *slight]
    if not found:
        yield TITLE.holds()
        return
    year = _YEAR.search(printed)
    name = report.organ or (printed[: year.start()] if year else "")
    expected = f"{name}{report.year or '____'}年{_OFFICIAL}"
    what = showing.joined(found, "，", ", ")
    yield TITLE.broken(
        Text(
            f"标题“{printed}”与格式不同：{what.zh}。",
            f"The title “{printed}” differs from the form's: it {what.en}.",
        ),
        Text(
            f"标题统一才便于公众检索。格式的写法是“{expected}”。",
            f"Uniform titles can be found by the public. The form's wording is “{expected}”.",
        ),
        printed=printed,
        expected=expected,
        level=Level.WARNING if grave else Level.NOTE,
    )


def _deviations(printed: str) -> tuple[list[Text], list[Text]]:
    """What is wrong with a title: what changes its meaning, and what is only unusual."""
    grave: list[Text] = []
    slight: list[Text] = []
    year = _YEAR.search(printed)
    core = max(printed.find("政府信息公开"), printed.find("政务公开"))
    if year is None:
        grave.append(Text("没有年份", "has no year"))
    if "政府信息公开" not in printed:
        if "政务公开" in printed:
            grave.append(
                Text("写成了“政务公开”，应为“政府信息公开”", "says “政务公开” for “政府信息公开”")
            )
        else:
            grave.append(Text("没有“政府信息公开”", "lacks “政府信息公开”"))
    if "年度报告" not in printed:
        if re.search(r"年报(?!告)", printed):
            slight.append(Text("把“年度报告”简写成“年报”", "shortens “年度报告” to “年报”"))
        else:
            grave.append(Text("没有“年度报告”", "lacks “年度报告”"))
    elif year is not None and year.start() > core >= 0:
        slight.append(Text("年份没有写在机关名称之后", "does not put the year after the organ"))
    elif year is not None and year["again"]:
        slight.append(Text("年份后多了一个“度”", "has a needless “度” after the year"))
    if "工作" not in printed:
        slight.append(Text("没有“工作”二字", "lacks “工作”"))
    return grave, slight


def year(case: Case) -> Iterator[Finding]:
    """Without the year neither the form due nor any deadline can be told."""
    report = case.report
    if report.year is None:
        yield YEAR.broken(
            Text("没有找到报告年度。", "The fiscal year was not found."),
            Text(
                "不知道年度，就无法判断应使用哪版格式、何时应当公布，也无法与上年比较。"
                "请在标题写明年份。",
                "Without it neither the form due nor the deadline nor last year's figures can be "
                "told. State the year in the title.",
            ),
        )
        return
    stated = stated_year(report.title or "")
    if stated is None or stated == report.year:
        yield YEAR.holds()
        return
    yield YEAR.broken(
        Text(
            f"标题写 {stated} 年，报告内容是 {report.year} 年度的。",
            f"The title says {stated}; the report is about {report.year}.",
        ),
        Text(
            "多半是沿用了往年的标题。请核实后改正，否则会被当作另一年的报告。",
            "Probably an older title was kept. Correct it, or the report counts for another year.",
        ),
        printed=stated,
        expected=report.year,
    )


def stated_year(text: str) -> int | None:
    """The first year a title states, in digits or Chinese numerals."""
    found = _YEAR.search("".join(text.split()))
    if found is None:
        return None
    return int("".join(str(_DIGITS.get(letter, letter)) for letter in found["year"]))


def title_repeated(case: Case) -> Iterator[Finding]:
    """A line of its own that is again a report's title: two drafts were put together."""
    report = case.report
    second = _second_title(report)
    if second is None:
        yield TITLE_REPEATED.holds()
        return
    yield TITLE_REPEATED.broken(
        Text(
            f"正文里又出现一个标题：“{second[0]}”。",
            f"Another title stands inside: “{second[0]}”.",
        ),
        Text(
            "像是把两份稿子拼在了一起。请核对哪一份是定稿，删去多余的标题和正文。",
            "It looks as if two drafts were put together. Decide which one is final and delete the "
            "rest.",
        ),
        printed=second[0],
        place=second[1],
    )


_TITLE_LINE = re.compile(
    r"^[^。；，：:《》“”]{0,40}20\d\d年度?(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:年度)?报告$"
)


def _second_title(report: AnnualReport) -> tuple[str, Place] | None:
    for passages in report.sections.values():
        for passage in passages:
            if "报告\n" not in passage.text and not passage.text.rstrip().endswith("报告"):
                continue
            start = 0
            for line in passage.text.split("\n"):
                if _TITLE_LINE.match("".join(line.split())):
                    return "".join(line.split()), passage.place_at(start)
                start += len(line) + 1
    return None


CHECKS: tuple[tuple[Rule, Check], ...] = (
    (TITLE, title),
    (YEAR, year),
    (TITLE_REPEATED, title_repeated),
)
