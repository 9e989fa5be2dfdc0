"""文字的切分与比对: the sentences of a text, each with the key by which two of them are the same.

A key leaves out white space, punctuation, figures, years and the organ's own names, and the mark
a sentence is numbered with: what is left is its wording. Identity only: no guessing at likeness.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_ENDS = "。！？；"
_MARK = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、]|[①-⑳])+"
)
_FIGURES = re.compile(
    r"[\d０-９,，.．%％]+|[一二三四五六七八九十百千〇零两]+(?=[年月日件次条个份期项场])"
)
_SELF = re.compile(
    r"(?:我|本)(?:省|市|区|县|州|盟|旗|乡|镇|街道|局|委|厅|办|院|中心|单位|部门|机关|站|处|所|校|公司)"
)
_JUNK = re.compile(r"[^一-鿿A-Za-z#@]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """句子: where it stands in its text, without its end mark and its number; and its key.

    ``text`` is ``whole[start:end]`` less the mark it is numbered with; ``end`` takes in the end
    mark.
    """

    text: str
    start: int
    end: int
    key: str

    @property
    def weight(self) -> int:
        """How many characters of wording it has, figures and names apart."""
        return len(self.key) - self.key.count("#") - self.key.count("@")


def names_of(*names: str | None) -> tuple[str, ...]:
    """An organ's names as `sentences` wants them: each once, the longest first."""
    return tuple(sorted({n for n in names if n}, key=lambda n: (-len(n), n)))


@functools.lru_cache(maxsize=2048)  # 一批同级单位两两比对时，同一段文字只切一次
def sentences(text: str, names: tuple[str, ...] = ()) -> tuple[Sentence, ...]:
    """The sentences of a text in order; blank ones left out."""
    found = []
    for match in _SENTENCE.finditer(text):
        whole = match[0].rstrip(_ENDS)
        printed = whole.strip()
        if not printed:
            continue
        start = match.start() + len(whole) - len(whole.lstrip())
        bare = _MARK.sub("", printed)
        found.append(Sentence(bare, start, match.end(), key(bare, names)))
    return tuple(found)


def key(printed: str, names: tuple[str, ...] = ()) -> str:
    """What two sentences of the same wording have in common."""
    for name in names:
        printed = printed.replace(name, "@")
    return _JUNK.sub("", _FIGURES.sub("#", _SELF.sub("@", printed)))
