"""gongkai rollup, gongkai compare: their options. What they do is imported when they run."""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.cli_options import (
    Debug,
    Files,
    Jobs,
    Language,
    Out,
    manner,
    processes,
    refuse_stdin_twice,
    said,
    told,
)


@told(
    "把各单位的年度报告汇总成一份：每一格的合计、几个单位中几个有数、每个数来自谁、谁缺什么。\n\n"
    "缺的不按 0 计：应报单位没有全部给出数的，合计留空；要只加有数的，用 --partial。"
    "本地区汇总的报告已含所属单位的数，不与它们相加。\n\n"
    "退出码：0 齐全；1 不齐全，或者不能相加；3 有文件未能读取。\n\n"
    "示例：gongkai rollup 年报文件夹 --organ 青石区人民政府 --units 应报单位.xlsx\n"
    "示例：gongkai rollup 年报.jsonl --organ 青石区人民政府 --year 2024 -o 汇总.xlsx\n"
    "示例：gongkai rollup *.docx --organ 青石区人民政府 --mixed --edition 2021 --partial",
    "Add up the annual reports of many units: for every cell the total, how many of the units "
    "gave a number, who gave what, and who lacks what.\n\n"
    "What is missing is not taken as 0: a total stays empty unless every unit expected gave a "
    "number; --partial adds what there is. A whole-region report already holds its members and "
    "is not added to them.\n\n"
    "Exit codes: 0 complete; 1 incomplete, or not to be added up; 3 a file could not be read.\n\n"
    "Example: gongkai rollup reports/ --organ 青石区人民政府 --units units.xlsx\n"
    "Example: gongkai rollup reports.jsonl --organ 青石区人民政府 --year 2024 -o rollup.xlsx\n"
    "Example: gongkai rollup *.docx --organ 青石区人民政府 --mixed --edition 2021 --partial",
)
def rollup(
    context: typer.Context,
    files: Files,
    organ: Annotated[
        str,
        typer.Option(
            metavar=said("名称", "NAME"),
            help=said("汇总成谁的报告，例如 青石区人民政府", "whose report the total is"),
        ),
    ],
    units: Annotated[
        str | None,
        typer.Option(
            metavar=said("名单", "LIST"),
            help=said(
                "应报单位：文本（每行一个）、表格，或用逗号隔开的名称；不写就看不出谁没报",
                "units expected: a text file (one a line), a sheet, or names with commas; "
                "without it nobody can tell who is missing",
            ),
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar=said("年度", "YEAR"),
            help=said("只汇总这个年度的报告", "add up the reports of this year only"),
        ),
    ] = None,
    mixed: Annotated[
        bool,
        typer.Option(
            "--mixed",
            help=said(
                "两版格式的报告合在一起：含义相同的格才相加",
                "add up reports on different forms: only cells that mean the same",
            ),
        ),
    ] = False,
    edition: Annotated[
        str | None,
        typer.Option(
            metavar="2019|2021",
            help=said("合计用哪一版格式", "the form the total follows"),
        ),
    ] = None,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial",
            help=said(
                "不齐全时只加有数的，并注明", "add what there is where units lack, and say so"
            ),
        ),
    ] = False,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="organ|region|both",
            help=said(
                "加哪种口径的报告：organ 本机关，region 本地区汇总，both 两种（互不包含时）",
                "reports of which scope: organ (own figures), region (whole region), both "
                "(where none contains another)",
            ),
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=said("输出一行 JSON", "one line of JSON"))
    ] = False,
    out: Out = None,
    jobs: Jobs = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_rollup

    answering = manner(as_json, lang, debug or bool(context.obj))
    refuse_stdin_twice(files)
    wanted = cli_rollup.Wanted(organ, units, year, edition, mixed, partial, kind, out)
    return cli_rollup.run(answering, files, wanted, processes(jobs))


@told(
    "对比两份年度报告：同一机关的两年，或两个单位。逐格列出增减和百分比，逐部分标出沿用的文字。\n\n"
    "两版格式含义不同的格不比；基数为 0 或不是数的没有百分比。有差别不是错，退出码为 0。\n\n"
    "示例：gongkai compare 2023年报.pdf 2024年报.docx\n"
    "示例：gongkai compare 2023年报.pdf 2024年报.docx -o 对比.html\n"
    "示例：gongkai compare 林业局.docx 水务局.docx --json",
    "Compare two annual reports: two years of one organ, or two organs. Every cell with its "
    "change and percentage, every section with the wording taken over.\n\n"
    "Cells that mean different things in two forms are not compared; there is no percentage of 0 "
    "or of what is no number. A difference is no fault: the exit code is 0.\n\n"
    "Example: gongkai compare report-2023.pdf report-2024.docx\n"
    "Example: gongkai compare report-2023.pdf report-2024.docx -o changes.html\n"
    "Example: gongkai compare forestry.docx water.docx --json",
)
def compare(
    context: typer.Context,
    a: Annotated[
        str,
        typer.Argument(
            metavar=said("甲", "A"),
            help=said("早的一年，或另一个单位的报告", "the earlier year's, or the other organ's"),
        ),
    ],
    b: Annotated[
        str,
        typer.Argument(
            metavar=said("乙", "B"),
            help=said("要看的报告：增减和沿用都是乙相对于甲", "the report looked at, against A"),
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help=said("输出一行 JSON", "one line of JSON"))
    ] = False,
    out: Out = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_compare

    answering = manner(as_json, lang, debug or bool(context.obj))
    refuse_stdin_twice([a, b])
    return cli_compare.run(answering, a, b, out)
