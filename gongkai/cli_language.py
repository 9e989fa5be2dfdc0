"""语言: which of the two languages the command speaks, decided once, before anything is said."""

from __future__ import annotations

import os
from collections.abc import Sequence

from gongkai.statute.texts import Lang, Text

VARIABLES = ("GONGKAI_LANG", "LC_ALL", "LANG")


class UsageError(Exception):
    """用法有误: what the user wrote cannot be followed; ``text`` says what to write instead."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def language(lang: str | None) -> Lang:
    """The language of ``--lang``, else of the environment; raises UsageError for another one."""
    if lang is None:
        return from_environment()
    known = _known(lang)
    if known is None:
        raise UsageError(
            Text(
                "没有“{lang}”这种语言，请写 --lang zh 或 --lang en。",
                "There is no language “{lang}”: write --lang zh or --lang en.",
            ).within(lang=lang)
        )
    return known


def from_environment() -> Lang:
    """GONGKAI_LANG, LC_ALL, LANG: the first that is set decides. Where none names a language
    (unset, C, POSIX), Chinese: the report is a Chinese document and so are its readers."""
    for variable in VARIABLES:
        value = os.environ.get(variable, "")
        if value and value.partition(".")[0] not in ("C", "POSIX"):
            return _known(value) or "en"
    return "zh"


def from_arguments(arguments: Sequence[str]) -> Lang:
    """The language of a whole command line, also one that is wrong otherwise."""
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang":
            value = value if equals else "".join(arguments[at + 1 : at + 2])
            return _known(value) or from_environment()
    return from_environment()


def _known(value: str) -> Lang | None:
    name = value.lower()
    return "zh" if name.startswith("zh") else "en" if name.startswith("en") else None
