"""各命令: the commands of `gongkai` and their options. What they do is imported when they run.

Help texts speak the language settled before this module is imported (see `gongkai.cli`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai import __version__, cli_clock, cli_dates, cli_ledger, cli_sums
from gongkai.cli_help import Command, Group
from gongkai.cli_language import UsageError, language
from gongkai.cli_options import READS as READS
from gongkai.cli_options import (
    AsJson,
    Debug,
    Files,
    Jobs,
    Language,
    manner,
    processes,
    refuse_stdin_twice,
    said,
    told,
)
from gongkai.statute.texts import Text

if TYPE_CHECKING:
    from gongkai import cli_run
    from gongkai.statute.report import AnnualReport, Kind


app = typer.Typer(
    cls=Group,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=said(
        "政府信息公开工作年度报告：读取、检查、写出、汇总、对比；申请答复期限与信息处理费的计算。\n\n"
        "退出码：0 正常；1 有发现；2 用法有误；3 有文件未能读取。\n\n"
        "示例：gongkai demo\n"
        "示例：gongkai read 2024年报.docx\n"
        "示例：gongkai check 2024年报.docx --previous 2023年报.pdf\n"
        "示例：gongkai convert 2024年报.pdf -o 2024年报.docx",
        "Annual reports on open government information: read, check, write, add up and compare "
        "them; compute the deadline and the fee of an application.\n\n"
        "Exit codes: 0 fine; 1 something found; 2 wrong usage; 3 a file could not be read.\n\n"
        "Example: gongkai demo\n"
        "Example: gongkai read report-2024.docx\n"
        "Example: gongkai check report-2024.docx --previous report-2023.pdf\n"
        "Example: gongkai convert report-2024.pdf -o report-2024.docx",
    ),
)


def names() -> list[str]:
    """Every command by name, in the order of the help."""
    return [str(info.name) for info in app.registered_commands]


@app.callback(invoke_without_command=True)
def gongkai(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help=said("显示版本", "show the version"))
    ] = False,
    lang: Language = None,
    debug: Debug = False,
) -> None:
    """Options before the command."""
    language(lang)
    context.obj = debug
    if version:
        print(f"gongkai {__version__}")
        raise typer.Exit(0)
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


@app.command("read", cls=Command)
@told(
    "读取年度报告：标题、机关、六个部分、三张表的每一格，以及存疑和未归位的内容。\n\n"
    "印的是 0、空白、短横、无法识读，各是各的，不互相代替；读不准的不猜，放不下的列出。\n\n"
    "示例：gongkai read 2024年报.docx\n"
    "示例：gongkai read 年报文件夹 --json -j 2 > 年报.jsonl\n"
    "示例：cat 2024年报.txt | gongkai read - --json",
    "Read annual reports: title, organ, the six sections, every cell of the three tables, and "
    "whatever is doubtful or could not be placed.\n\n"
    "A printed 0, a blank, a dash and an unreadable cell stay four different facts; nothing is "
    "guessed and nothing is dropped.\n\n"
    "Example: gongkai read report-2024.docx\n"
    "Example: gongkai read reports/ --json -j 2 > reports.jsonl\n"
    "Example: cat report-2024.txt | gongkai read - --json",
)
def read(
    context: typer.Context,
    files: Files,
    as_json: AsJson = False,
    jobs: Jobs = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_files, cli_jobs, cli_run

    refuse_stdin_twice(files)
    job = cli_jobs.Read(manner(as_json, lang, debug or bool(context.obj)))
    return cli_run.run(job, cli_files.collect(files), processes(jobs))


@app.command("check", cls=Command)
@told(
    "检查年度报告：逐条说明哪里不对、写的是什么、应为什么、依据哪条、怎么办。\n\n"
    "每条规则有三种结论：成立、不成立、无法判断；检查只指出，不改数。"
    "“通过 102 项”中，一条规则用于一列、一格算一项。\n\n"
    "退出码：0 没有错误；1 有错误；3 有文件未能读取。\n\n"
    "示例：gongkai check 2024年报.docx\n"
    "示例：gongkai check 2024年报.docx --previous 2023年报.pdf --published 2025-01-28\n"
    "示例：gongkai check 全区2024年报.docx --kind region --children 林业局.docx 水务局.docx\n"
    "示例：gongkai check 年报文件夹 --strict --json > 检查结果.jsonl",
    "Check annual reports: what stands where, what was expected, by which provision, and what to "
    "do.\n\n"
    "Every rule holds, is broken, or cannot tell; a check points things out and changes "
    "nothing. “102 passed” counts each application of a rule, to a column or a cell.\n\n"
    "Exit codes: 0 no error; 1 errors found; 3 a file could not be read.\n\n"
    "Example: gongkai check report-2024.docx\n"
    "Example: gongkai check report-2024.docx --previous report-2023.pdf --published 2025-01-28\n"
    "Example: gongkai check district.docx --kind region --children forestry.docx water.docx\n"
    "Example: gongkai check reports/ --strict --json > findings.jsonl",
)
def check(
    context: typer.Context,
    files: Files,
    as_json: AsJson = False,
    previous: Annotated[
        list[str] | None,
        typer.Option(
            metavar=said("文件", "FILE"),
            help=said(
                "本机关上一年度的报告，可重复；多份时按机关和年度对应",
                "the organ's report of the year before; repeatable, matched by organ and year",
            ),
        ),
    ] = None,
    children: Annotated[
        list[str] | None,
        typer.Option(
            metavar=said("文件...", "FILE..."),
            help=said(
                "下级单位的报告，本报告应为其合计；其后直到下一个选项都算",
                "reports of the units this one adds up; all up to the next option",
            ),
        ),
    ] = None,
    sibling: Annotated[
        list[str] | None,
        typer.Option(
            metavar=said("文件...", "FILE..."),
            help=said(
                "同级单位的报告，用来看文字是否照抄；其后直到下一个选项都算",
                "reports of other units, to see copied wording; all up to the next option",
            ),
        ),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(
            metavar=said("日期", "DATE"),
            help=said("报告公布之日，例如 2025-01-28", "day it was published, as 2025-01-28"),
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="organ|region",
            help=said(
                "口径：organ 本机关，region 本地区汇总；不写时以报告自己写明的为准",
                "whose figures: the organ's own or the whole region's; else what the report says",
            ),
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=said("警告和无法判断也算有错误", "warnings and “cannot tell” count as errors"),
        ),
    ] = False,
    jobs: Jobs = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_check, cli_files, cli_jobs, cli_run

    answering = manner(as_json, lang, debug or bool(context.obj))
    refuse_stdin_twice([*files, *(previous or ()), *(children or ()), *(sibling or ())])
    known, day, workers = _kind(kind), _date(published), processes(jobs)
    compared: list[tuple[AnnualReport, ...]] = []
    failed: list[tuple[str, ...]] = []
    for group in (previous, children, sibling):
        reports, unread = _reports(answering, group or ())
        compared.append(reports)
        failed.append(unread)
    code = cli_run.UNREADABLE if any(failed) else 0
    against = cli_check.Against(compared[0], compared[1], compared[2], day, known, failed[1])
    job = cli_jobs.Check(answering, against, strict)
    return max(code, cli_run.run(job, cli_files.collect(files), workers))


To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="docx|pdf|html|xlsx|csv|json",
        help=said("写成什么；不写时看 -o 的后缀", "what to write; else the suffix of -o tells"),
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar=said("文件或文件夹", "FILE|FOLDER"),
        help=said(
            "写到哪里；文件夹以 / 结尾；- 表示标准输出；原件不会被覆盖",
            "where to; a folder ends in /; - is standard output; what is read is never overwritten",
        ),
    ),
]
Correct = Annotated[
    bool,
    typer.Option(
        "--correct",
        help=said(
            "写出更正稿：标题、合计等能由规则确定的照改，并逐处说明",
            "write a corrected copy: titles and totals the rules settle, every change told",
        ),
    ),
]
Template = Annotated[
    str | None,
    typer.Option(
        metavar=said("文件", "FILE"),
        help=said(
            "docx：把内容填入这份表样或去年的报告，保留其样式",
            "docx: fill this form, or last year's report, in place and keep its styles",
        ),
    ),
]
Fonts = Annotated[
    list[str] | None,
    typer.Option(
        metavar=said("文件夹", "FOLDER"),
        help=said(
            "pdf：先在这里找字体，可重复；不写时用系统中的公文字体，没有就用自带的",
            "pdf: look for fonts here first, repeatable; else official fonts found on the "
            "system, else those that come with Gongkai",
        ),
    ),
]


@app.command("write", cls=Command)
@told(
    "把读出的报告写成 Word、PDF、网页、Excel、CSV 或 JSON，按官方格式排版。\n\n"
    "印的是 0、空白、短横，照原样写；格式中没有位置的内容逐项说明，不会悄悄丢掉。\n\n"
    "示例：gongkai write 2024年报.json --to docx -o 2024年报.docx\n"
    "示例：gongkai write 2024年报.json --template 空白表样.docx -o 2024年报.docx\n"
    "示例：gongkai write 全区年报.jsonl --to pdf -o 全区年报/",
    "Write a report that was read as Word, PDF, a web page, Excel, CSV or JSON, in the official "
    "layout.\n\n"
    "A printed 0, a blank and a dash are written as they were; whatever the form has no room for "
    "is told, item by item.\n\n"
    "Example: gongkai write report-2024.json --to docx -o report-2024.docx\n"
    "Example: gongkai write report-2024.json --template blank-form.docx -o report-2024.docx\n"
    "Example: gongkai write reports.jsonl --to pdf -o reports/",
)
def write(
    context: typer.Context,
    files: Files,
    output: Output,
    to: To = None,
    correct: Correct = False,
    template: Template = None,
    fonts: Fonts = None,
    jobs: Jobs = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    answering = manner(False, lang, debug or bool(context.obj))
    return _write(answering, files, output, to, correct, template, fonts, jobs)


@app.command("convert", cls=Command)
@told(
    "转换报告的文件类型：读一种，写成 -o 的后缀所说的一种。\n\n"
    "示例：gongkai convert 2024年报.pdf -o 2024年报.docx\n"
    "示例：gongkai convert 2024年报.docx --correct -o 更正稿.docx\n"
    "示例：gongkai convert 年报文件夹 --to xlsx -o 转换结果/",
    "Turn a report into another kind of file: read one, write what the suffix of -o says.\n\n"
    "Example: gongkai convert report-2024.pdf -o report-2024.docx\n"
    "Example: gongkai convert report-2024.docx --correct -o corrected.docx\n"
    "Example: gongkai convert reports/ --to xlsx -o converted/",
)
def convert(
    context: typer.Context,
    files: Files,
    output: Output,
    to: To = None,
    correct: Correct = False,
    template: Template = None,
    fonts: Fonts = None,
    jobs: Jobs = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    answering = manner(False, lang, debug or bool(context.obj))
    return _write(answering, files, output, to, correct, template, fonts, jobs)


def _write(
    manner: cli_run.Manner,
    files: Sequence[str],
    output: str,
    to: str | None,
    correct: bool,
    template: str | None,
    fonts: Sequence[str] | None,
    jobs: int | None,
) -> int:
    from gongkai import cli_files, cli_run, cli_write

    refuse_stdin_twice(files)
    carrier = cli_write.carrier(to, output, template)
    options = cli_write.options(carrier, template, fonts or ())
    found = cli_files.collect(files)
    targets = cli_write.targets(found, carrier, output)
    job = cli_write.Write(manner, carrier, targets, correct, options, template or "")
    return cli_run.run(job, found, processes(jobs))


@app.command("demo", cls=Command)
@told(
    "演示：读取并检查自带的例子（或您指定的报告），并说明接下来可以试什么。\n\n"
    "示例：gongkai demo\n"
    "示例：gongkai demo --out 演示\n"
    "示例：gongkai demo 2024年报.docx 2023年报.pdf",
    "See what it does on our examples or on reports of yours, and what to try next.\n\n"
    "Example: gongkai demo\n"
    "Example: gongkai demo --out demo\n"
    "Example: gongkai demo report-2024.docx report-2023.pdf",
)
def demo(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=said("文件...", "FILE..."),
            help=said("您自己的报告；不写就用自带的例子", "reports of yours; else our examples"),
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar=said("文件夹", "FOLDER"),
            help=said(
                "把自带例子的更正稿（各种文件）和汇总也写到这里",
                "also write a corrected copy of an example, in every kind of file, and a roll-up",
            ),
        ),
    ] = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_demo

    if files and out is not None:
        raise UsageError(
            Text(
                "--out 只用于自带的例子；写您自己的报告请用 gongkai convert。",
                "--out is for our examples; to write reports of yours use gongkai convert.",
            )
        )
    return cli_demo.run(manner(False, lang, debug or bool(context.obj)), files or [], out)


app.command("rollup", cls=Command)(cli_sums.rollup)
app.command("compare", cls=Command)(cli_sums.compare)
app.command("deadline", cls=Command)(cli_clock.deadline)
app.command("fee", cls=Command)(cli_clock.fee)


@app.command("serve", cls=Command)
@told(
    "启动服务：网页和后台任务一起运行，直到按 Ctrl-C 或收到结束信号。\n\n"
    "启动前检查设置（docs/operations.md），有误的逐条说明，不启动；数据库自动建立、升级。"
    "其中一个进程意外退出，会自动重新启动。\n\n"
    "示例：gongkai serve --demo\n"
    "示例：gongkai serve --port 8080 --workers 4",
    "Start the service: web and background jobs together, until Ctrl-C or a signal ends it.\n\n"
    "Settings are checked first (docs/operations.md): whatever is wrong is said and nothing "
    "starts. The database is made and upgraded by itself. A process that ends unexpectedly is "
    "started again.\n\n"
    "Example: gongkai serve --demo\n"
    "Example: gongkai serve --port 8080 --workers 4",
)
def serve(
    host: Annotated[
        str,
        typer.Option(
            metavar=said("地址", "ADDRESS"),
            help=said(
                "在哪个地址上提供服务；不写时为 127.0.0.1，只限本机",
                "the address to answer on; 127.0.0.1 without it, for this machine only",
            ),
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(metavar="N", help=said("端口；不写时为 8000", "the port; 8000 without it")),
    ] = 8000,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=said(
                "网页进程数；不写时看 GONGKAI_WORKERS",
                "processes that answer the web; else GONGKAI_WORKERS",
            ),
        ),
    ] = None,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help=said(
                "演示：空数据库填入虚构的区县，登录页列出账号；只限本机",
                "a demonstration: an invented district in an empty database, accounts listed on "
                "the sign-in page; this machine only",
            ),
        ),
    ] = False,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_serve

    return cli_serve.serve(cli_serve.Wish(host, port, workers, demo), language(lang))


@app.command(
    "manage",
    cls=Command,
    context_settings={"allow_interspersed_args": False, "ignore_unknown_options": True},
)
@told(
    "管理命令：以服务的设置运行 Django 的命令。新装的服务由 first_administrator 开始：设立"
    "最上级机关和首名系统管理员。\n\n"
    "示例：gongkai manage first_administrator --organ-code SF --organ-name 松风区人民政府 "
    "--username wangli --name 王立\n"
    "示例：gongkai manage migrate --plan\n"
    "示例：gongkai manage help",
    "Django's own commands, with the settings of the service. A new installation begins with "
    "first_administrator: the topmost organ and who administers it.\n\n"
    "Example: gongkai manage first_administrator --organ-code SF --organ-name 松风区人民政府 "
    "--username wangli --name 王立\n"
    "Example: gongkai manage migrate --plan\n"
    "Example: gongkai manage help",
)
def manage(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=said("命令...", "COMMAND..."),
            help=said(
                "Django 的命令和它的选项；不写就列出有哪些",
                "Django's command with its options; without it they are listed",
            ),
        ),
    ] = None,
    lang: Language = None,
    debug: Debug = False,
) -> int:
    from gongkai import cli_serve

    return cli_serve.manage(arguments or ["help"], language(lang))


app.command("audit", cls=Command)(cli_ledger.audit)
app.command("vault", cls=Command)(cli_ledger.vault)


def _reports(
    manner: cli_run.Manner, files: Sequence[str]
) -> tuple[tuple[AnnualReport, ...], tuple[str, ...]]:
    """The reports to check against, and the names of the files that could not be read."""
    from gongkai import cli_files, cli_jobs, cli_run
    from gongkai.convert.worker import Killed

    reports: list[AnnualReport] = []
    failed: list[str] = []
    sources = cli_files.collect(files).sources
    workers = cli_files.processes(None, len(sources))
    for given in cli_files.each(cli_jobs.Keep(manner), sources, workers) if sources else ():
        if isinstance(given, Killed):
            given = cli_run.unreadable(manner, given.item.name, given.cause), []
        answer, kept = given
        sys.stdout.write(answer.out)
        sys.stderr.write(answer.err)
        reports += kept
        failed += answer.failed
    return tuple(reports), tuple(failed)


def _kind(name: str | None) -> Kind:
    from gongkai.statute.report import Kind

    if name is None:
        return Kind.UNKNOWN
    if name in (Kind.ORGAN, Kind.REGION):
        return Kind(name)
    raise UsageError(
        Text(
            "--kind 只能写 organ（本机关）或 region（本地区汇总）。",
            "--kind is organ (the organ's own figures) or region (the whole region's).",
        )
    )


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return cli_dates.read(text)
    except UsageError as cause:
        raise UsageError(
            Text("--published：{said}", "--published: {said}").within(said=cause.text)
        ) from None
