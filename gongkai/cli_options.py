"""共用的选项: what several commands of `gongkai` take, and what is made of it.

Help texts speak the language settled before this module is imported (see `gongkai.cli`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gongkai import cli_streams
from gongkai.cli_language import UsageError, from_environment, language
from gongkai.statute.texts import Text

if TYPE_CHECKING:
    from gongkai import cli_run


def said(zh: str, en: str) -> str:
    """A sentence of a help text, in the language of this run."""
    return Text(zh, en).say(from_environment())


READS = ".docx .xlsx .xls .et .ods .pdf .ofd .html .mhtml .txt .md .csv .json .zip"
"""What `sniff.KNOWN` says; the help loads no reader, a test compares them."""


def told(zh: str, en: str) -> Callable[[Any], Any]:
    """Gives a command its help page: sentence, paragraphs, and lines of 示例：/Example:."""

    def give(function: Any) -> Any:
        function.__doc__ = said(zh, en)
        return function

    return give


Files = Annotated[
    list[str],
    typer.Argument(
        metavar=said("文件...", "FILE..."),
        help=said(
            f"报告文件或文件夹，类型按内容判断：{READS}；- 表示标准输入；JSON 中可以有多份报告",
            f"reports or folders, their type told by content: {READS}; - is standard input; a JSON "
            "file may hold several reports",
        ),
    ),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help=said("每份报告输出一行 JSON", "one line of JSON for each report")),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help=said(
            "同时使用 N 个进程；不写时文件少用一个，文件多用全部核心",
            "use N processes; without it one for few files and all cores for many",
        ),
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="zh|en",
        help=said(
            "中文或英文；不写时看 GONGKAI_LANG、LC_ALL、LANG",
            "Chinese or English; without it GONGKAI_LANG, LC_ALL, LANG decide",
        ),
    ),
]
Debug = Annotated[
    bool,
    typer.Option("--debug", help=said("出错时显示出错位置", "show where an error comes from")),
]
Out = Annotated[
    str | None,
    typer.Option(
        "-o",
        metavar=said("文件", "FILE"),
        help=said(
            "另写成文件：.html、.xlsx 或 .json", "also write it as a file: .html, .xlsx or .json"
        ),
    ),
]


def manner(as_json: bool, lang: str | None, debug: bool) -> cli_run.Manner:
    """How this run answers; JSON is written in UTF-8 whatever the locale."""
    from gongkai import cli_paper, cli_run

    if as_json:
        cli_streams.as_utf8()
    return cli_run.Manner(cli_paper.paper(language(lang)), as_json, debug)


def processes(jobs: int | None) -> int | None:
    """``-j``, at least 1."""
    if jobs is not None and jobs < 1:
        raise UsageError(Text("-j 至少为 1。", "-j is at least 1."))
    return jobs


def refuse_stdin_twice(files: Sequence[str]) -> None:
    """Standard input is there once."""
    if list(files).count("-") > 1:
        raise UsageError(
            Text("标准输入（-）只能用一次。", "Standard input (-) can be used only once.")
        )
