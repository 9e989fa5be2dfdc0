"""帮助: the help pages and the sentences about wrong usage, in Chinese or English.

Typer would measure Chinese by its characters and print it in English frames; the layout here
counts columns. The words are the commands' own docstrings and option helps.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Sequence
from typing import Any

import typer
import typer.core
from rich.cells import cell_len

from gongkai.cli_language import UsageError, from_environment
from gongkai.statute.texts import Text

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""The parser's class of everything wrong with a command line; typer does not export it by name."""

_EXAMPLE = re.compile(r"^(?:示例：|Example: )", re.MULTILINE)


class Command(typer.core.TyperCommand):
    """A command whose help is laid out here."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))


class Group(typer.core.TyperGroup):
    """The command ``gongkai`` itself."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx))


def _page(command: Any, ctx: Any) -> str:
    from gongkai import cli_paper

    lang = from_environment()
    page = cli_paper.Page(cli_paper.paper(lang))
    about, examples = _parts(inspect.cleandoc(command.help or ""))
    params = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments = [p for p in params if p.param_type_name == "argument"]
    options = [p for p in params if p.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    usage = " ".join(
        [
            ctx.command_path,
            *(_argument(p) for p in arguments),
            *([Text("命令", "COMMAND").say(lang)] if commands else []),
            Text("[选项]", "[OPTIONS]").say(lang),
        ]
    )
    page.prose(usage, indent=6, label=Text("用法", "Usage").say(lang))
    for paragraph in re.split(r"\n{2,}", about.strip("\n")):
        page.blank()
        if "\n  " in paragraph:  # a list laid out by hand
            for line in paragraph.split("\n"):
                page.line("  " + line)
        else:
            page.prose(_joined(paragraph), indent=2)
    _list(page, Text("命令", "Commands"), [(n, _first(c.help)) for n, c in commands.items()])
    _list(page, Text("参数", "Arguments"), [(_argument(p), _said(p, lang)) for p in arguments])
    _list(page, Text("选项", "Options"), [(_option(p), _said(p, lang)) for p in options])
    if examples:
        page.blank()
        page.line(Text("例子", "Examples").say(lang))
        for example in examples:
            page.line("  " + example)
    if commands:
        page.blank()
        more = Text("各命令的用法：{path} 命令 --help", "Each command: {path} COMMAND --help")
        page.line(more.within(path=ctx.command_path).say(lang))
    return page.text()


def _parts(help: str) -> tuple[str, list[str]]:
    """A docstring's paragraphs, and the commands of its lines of 示例：/Example:."""
    about, *chunks = _EXAMPLE.split(help)
    examples = []
    for chunk in chunks:
        example, _, rest = chunk.partition("\n")
        examples.append(example.strip())
        about += "\n" + rest
    return about, examples


def _list(page: Any, title: Text, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    page.blank()
    page.line(page.say(title))
    widest = max(cell_len(name) for name, _ in rows) + 4
    for name, text in rows:
        if cell_len(name) > 26:  # a name of its own line
            page.line("  " + name)
            page.prose(text, indent=min(widest, 30))
        else:
            page.prose(text, indent=min(widest, 30), label="  " + name)


def _argument(param: Any) -> str:
    name: str = param.metavar or param.name.upper()
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len))
    if param.is_flag:
        return names
    return f"{names} {param.metavar or param.name.upper()}"


def _said(param: Any, lang: str) -> str:
    if param.name == "help":
        return "显示本页" if lang == "zh" else "Show this page"
    return str(param.help or "")


def _first(help: str | None) -> str:
    return _joined(inspect.cleandoc(help or "").partition("\n\n")[0])


def _joined(paragraph: str) -> str:
    """Lines of a docstring as one: no space between Chinese and Chinese."""
    text = paragraph.strip()
    return re.sub(r"(?<=[^\x00-\xff])\n(?=[^\x00-\xff])", "", text).replace("\n", " ")


# -- wrong usage


def wrong_usage(cause: Exception, commands: Sequence[str], took: str = "") -> Text:
    """What the parser, or a command, found wrong with a command line, in both languages.

    ``took`` is an option on it that takes all files that follow.
    """
    if isinstance(cause, UsageError):
        return cause.text
    plain = cause.format_message() if hasattr(cause, "format_message") else str(cause)
    param = getattr(cause, "param", None)
    name = _shown_param(param)
    match type(cause).__name__:
        case "NoSuchOption":
            option = getattr(cause, "option_name", "")
            near = getattr(cause, "possibilities", None) or ()
            return _near(Text(f"没有 {option} 这个选项", f"There is no option {option}"), near)
        case "MissingParameter":
            return _missing(param, name, took)
        case "BadOptionUsage":
            option = getattr(cause, "option_name", "")
            return Text(f"{option} 后面要写一个值。", f"{option} needs a value.")
        case "BadParameter" if param is not None:
            said = str(getattr(cause, "message", plain))
            if "integer" in said:
                return Text(f"{name} 要写一个整数。", f"{name} needs a whole number.")
            return Text(f"{name} 的值不对。", f"{name} has a wrong value: {said}")
    found = re.match(r"No such command '(.*?)'", plain)
    if found:
        near = difflib.get_close_matches(found[1], commands)
        missing = Text(f"没有“{found[1]}”这个命令", f"There is no command “{found[1]}”")
        return _near(missing, near or commands)
    if plain.startswith("Missing command"):
        return Text("请写一个命令。", "Name a command.")
    extra = re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", plain)
    if extra:
        return Text(f"多写了 {extra[1]}。", f"{extra[1]}: not expected here.")
    return Text("用法有误。", plain)


def _missing(param: Any, name: str, took: str) -> Text:
    if getattr(param, "param_type_name", "") != "argument":
        return Text(f"缺少 {name}。", f"{name} is missing.")
    if took:
        return Text(
            f"没有写要检查的报告：{took} 把后面的文件都算了进去。请把报告写在 {took} 前面。",
            f"No report is named: {took} took all the files that follow it. Put the report "
            f"before {took}.",
        )
    if getattr(param, "nargs", 1) == 1 and param.name != "files":
        return Text(f"缺少{name}。", f"{name} is missing.")
    return Text("没有写要读的文件。", "Name the file to read.")


def _near(missing: Text, near: Sequence[str]) -> Text:
    if not near:
        return Text(missing.zh + "。", missing.en + ".")
    names = sorted(near)
    return Text(
        f"{missing.zh}；可用：{'、'.join(names)}。", f"{missing.en}; try {', '.join(names)}."
    )


def _shown_param(param: Any) -> str:
    if param is None:
        return "?"
    if param.param_type_name == "argument":
        return _argument(param)
    return str(max(param.opts, key=len))
