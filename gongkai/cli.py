"""命令 gongkai: its entry point: the language first, then the command, then one exit code.

No traceback ever reaches a person who did not ask for it with --debug.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from gongkai import cli_language, cli_streams
from gongkai.statute.texts import Lang, Text

WRONG_USAGE, UNEXPECTED, INTERRUPTED, PIPE_CLOSED = 2, 3, 130, 141
_SPREADING = ("--children", "--sibling")


def main() -> None:
    """Run the command line of this process and leave it."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    cli_streams.prepare()
    lang = cli_language.from_arguments(arguments)
    # The parser's help texts are made at import, here and in the processes started from here.
    os.environ["GONGKAI_LANG"] = lang
    try:
        code = _command(arguments, lang)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Who reads us has had enough (gongkai … | head). Nothing more can or need be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print(Text("已中断。", "Interrupted.").say(lang), file=sys.stderr)
        return INTERRUPTED
    except Exception as bug:
        if "--debug" in arguments:
            raise
        _say_unexpected(bug, lang)
        return UNEXPECTED


def _command(arguments: Sequence[str], lang: Lang) -> int:
    import typer.main

    from gongkai import cli_commands, cli_help

    command = typer.main.get_command(cli_commands.app)
    try:
        # Not command.main(): it would turn a closed pipe into exit code 1, "something found".
        with command.make_context("gongkai", spread(_help_of(arguments))) as context:
            code = command.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    except (cli_help.USAGE_ERROR, cli_language.UsageError) as cause:
        took = next((o for o in _SPREADING if o in arguments), "")
        said = cli_help.wrong_usage(cause, cli_commands.names(), took)
        named = next((a for a in arguments if a in cli_commands.names()), "")
        more = Text("用法见 {path} --help", "See {path} --help").within(
            path=f"gongkai {named}".strip()
        )
        print(f"{said.say(lang)}\n{more.say(lang)}", file=sys.stderr)
        return WRONG_USAGE
    return code if isinstance(code, int) else 0


def _help_of(arguments: Sequence[str]) -> Sequence[str]:
    """``gongkai help check`` as ``gongkai check --help``."""
    return [*arguments[1:2], "--help"] if list(arguments[:1]) == ["help"] else arguments


def spread(arguments: Sequence[str]) -> list[str]:
    """``--children a b c`` as ``--children a --children b --children c``.

    Everything up to the next option belongs to it; ``--`` ends it too, and files may follow.
    Raises UsageError where another option stands in place of its first file.
    """
    given: list[str] = []
    option: str | None = None
    for at, argument in enumerate(arguments):
        if argument == "--":
            rest = list(arguments[at + 1 :])
            return [*given, *(rest if option is not None else ["--", *rest])]
        if argument in _SPREADING:
            option = argument
            following = arguments[at + 1 : at + 2]
            if not following:
                given.append(argument)  # without a value: the parser says so
            elif following[0].startswith("-") and following[0] != "-":
                raise cli_language.UsageError(
                    Text("{option} 后面要写一个值。", "{option} needs a value.").within(
                        option=option
                    )
                )
        elif option is not None and (argument == "-" or not argument.startswith("-")):
            given += [option, argument]
        else:
            option = None
            given.append(argument)
    return given


def _say_unexpected(bug: Exception, lang: Lang) -> None:
    from gongkai.statute import notes

    reason = f"{type(bug).__name__}: {bug}".strip(": ")
    print(notes.error("error.unexpected", reason=reason).text.say(lang), file=sys.stderr)


if __name__ == "__main__":
    main()
