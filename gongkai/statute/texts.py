"""双语文字: one sentence in Chinese and in English, chosen where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages. Values are language-free; whoever prints picks one."""

    zh: str
    en: str

    def within(self, **values: object) -> Text:
        """The same sentence with its ``{names}`` filled; a value that is a Text fills each side."""
        return Text(
            self.zh.format_map(_side(values, "zh")),
            self.en.format_map(_side(values, "en")),
        )

    def say(self, lang: Lang) -> str:
        """The sentence in one language."""
        return self.zh if lang == "zh" else self.en


def same(text: str) -> Text:
    """A text that is one and the same in both languages, as what came out of a file."""
    return Text(text, text)


def _side(values: Mapping[str, object], lang: Lang) -> dict[str, object]:
    return {k: v.say(lang) if isinstance(v, Text) else v for k, v in values.items()}
