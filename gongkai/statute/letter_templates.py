"""文书模板: the text of a letter with places to fill, that an organ may edit; no code runs in it.

Three marks and no more. ``{申请人}`` is a variable, by its Chinese name or its id
(``{applicant}``). ``{若 理由}…{否则}…{完}`` (``{if reasons}…{else}…{end}``) keeps the first text
where the variable is filled, else the second. A line is a paragraph; an empty one is dropped.
`parse` finds every fault at once, each with its line and column.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.statute.texts import Text, same

LONGEST = 20_000  # characters; a letter of more pages than that is a slip of the keyboard
DEEPEST = 5  # conditions within conditions

IF, ELSE, END = ("若", "if"), ("否则", "else"), ("完", "end")


@dataclass(frozen=True, slots=True)
class Fault:
    """模板有误: what is wrong and where; ``line`` and ``column`` count from 1."""

    line: int
    column: int
    text: Text

    def say(self) -> Text:
        """The fault with its place in front."""
        return Text(
            "第{line}行第{column}字：{text}", "line {line}, column {column}: {text}"
        ).within(line=self.line, column=self.column, text=self.text)


class TemplateError(ValueError):
    """模板不能使用: every fault of the text, in the order it is read."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.say().en for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Variable:
    """变量: a place of the text, by the id of the variable."""

    id: str


@dataclass(frozen=True, slots=True)
class Choice:
    """条件段落: ``filled`` where the variable has a value, ``empty`` where it has none."""

    id: str
    filled: tuple[Node, ...]
    empty: tuple[Node, ...]


Node = str | Variable | Choice


@dataclass(frozen=True, slots=True)
class Filled:
    """填好的文字: the paragraphs, and the variables whose values stand in them."""

    paragraphs: tuple[str, ...]
    printed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Template:
    """模板: a text that was parsed; ``source`` as it was written."""

    source: str
    nodes: tuple[Node, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable used, in the order of their first use."""
        return tuple(dict.fromkeys(_used(self.nodes)))

    def always(self, given: Collection[str] = ()) -> frozenset[str]:
        """The variables printed whenever they have a value: under no condition but their own.

        ``given``: variables known to have one, so that a condition on them holds.
        """
        return _always(self.nodes, given)

    def fill(self, values: Mapping[str, str]) -> Filled:
        """The text with these values; a variable without one prints nothing."""
        printed: list[str] = []
        text = "".join(_filled(self.nodes, values, printed))
        return Filled(
            tuple(line for line in (part.strip() for part in _joined(text)) if line),
            frozenset(printed),
        )


def parse(source: str, names: Mapping[str, str]) -> Template:
    """The template of a text. ``names``: what may stand in braces to the id of the variable.

    Raises TemplateError with all faults."""
    return _Parser(source, names).parsed()


# -- reading

_MARK = re.compile(r"\{[^{}\n]*\}|[{}｛｝]|[^{}｛｝]+")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]")


class _Parser:
    def __init__(self, source: str, names: Mapping[str, str]) -> None:
        self.source = source.replace("\r\n", "\n").replace("\r", "\n")
        self.names = names
        self.faults: list[Fault] = []
        # Of each open condition: where it began, its variable, its two texts.
        self.open: list[tuple[int, str, list[list[Node]]]] = []
        self.texts: list[list[Node]] = [[]]

    def parsed(self) -> Template:
        if len(self.source) > LONGEST:
            raise TemplateError([Fault(1, 1, _TOO_LONG)])
        if not self.source.strip():
            raise TemplateError([Fault(1, 1, _EMPTY)])
        for hidden in _HIDDEN.finditer(self.source):
            code = same(f"U+{ord(hidden[0]):04X}")
            self._fault(hidden.start(), _HIDDEN_MARK.within(code=code))
        for mark in _MARK.finditer(self.source):
            self._mark(mark.start(), mark[0])
        for start, id, _ in self.open:
            self._fault(start, _NEVER_ENDED.within(name=id))
        if self.faults:
            raise TemplateError(sorted(self.faults, key=lambda f: (f.line, f.column)))
        return Template(self.source, tuple(self.texts[0]))

    def _fault(self, at: int, text: Text) -> None:
        before = self.source[:at]
        line = before.count("\n") + 1
        self.faults.append(Fault(line, at - (before.rfind("\n") + 1) + 1, text))

    def _mark(self, at: int, mark: str) -> None:
        if mark in ("｛", "｝"):
            self._fault(at, _WIDE)
        elif mark in ("{", "}"):
            self._fault(at, _STRAY)
        elif not mark.startswith("{"):
            self.texts[-1].append(mark)
        else:
            self._braces(at, mark[1:-1].split())

    def _braces(self, at: int, words: list[str]) -> None:
        if not words:
            self._fault(at, _NOTHING)
        elif words[0] in IF and len(words) == 2:
            self._begin(at, words[1])
        elif words == [words[0]] and words[0] in ELSE:
            self._otherwise(at)
        elif words == [words[0]] and words[0] in END:
            self._end(at)
        elif words[0] in IF:
            self._fault(at, _BARE_IF)
        elif (id := self._known(at, "".join(words))) is not None:
            self.texts[-1].append(Variable(id))

    def _known(self, at: int, name: str) -> str | None:
        if name in self.names:
            return self.names[name]
        near = difflib.get_close_matches(name, self.names, 1, 0.5)
        hint = _NEAR.within(name=name, near=near[0]) if near else _UNKNOWN.within(name=name)
        self._fault(at, hint)
        return None

    def _begin(self, at: int, name: str) -> None:
        if len(self.open) == DEEPEST:
            self._fault(at, _TOO_DEEP)
        id = self._known(at, name) or ""
        self.open.append((at, id or name, [[]]))
        self.texts.append(self.open[-1][2][0])

    def _otherwise(self, at: int) -> None:
        if not self.open or len(self.open[-1][2]) == 2:
            self._fault(at, _ELSE_ALONE)
            return
        self.open[-1][2].append([])
        self.texts[-1] = self.open[-1][2][1]

    def _end(self, at: int) -> None:
        if not self.open:
            self._fault(at, _END_ALONE)
            return
        _, id, texts = self.open.pop()
        self.texts.pop()
        self.texts[-1].append(Choice(id, tuple(texts[0]), tuple(texts[1] if texts[1:] else ())))


_TOO_LONG = Text(
    f"正文超过{LONGEST}字，请精简。", f"More than {LONGEST} characters: shorten the text."
)
_EMPTY = Text("正文是空的。", "The text is empty.")
_HIDDEN_MARK = Text(
    "含有看不见的字符（{code}），请删除后重新输入。",
    "An invisible character ({code}): delete it and type again.",
)
_NEVER_ENDED = Text(
    "“若 {name}”没有结束，请在该段之后加上{{完}}。",
    "The condition on {name} is never ended: add {{end}} after it.",
)
_WIDE = Text("这是全角花括号，请改用半角的{ }。", "A full-width brace: use the plain ones, { }.")
_STRAY = Text(
    "花括号不成对；变量写成{申请人}，前后括号须在同一行。",
    "A brace without its partner: a variable is written {applicant}, on one line.",
)
_NOTHING = Text("花括号里没有内容。", "Nothing stands between the braces.")
_BARE_IF = Text(
    "条件写成{若 理由}：“若”之后空一格，写一个变量。",
    "A condition is written {if reasons}: one variable after the word.",
)
_UNKNOWN = Text(
    "本文书没有“{name}”这个变量。", "There is no variable “{name}” in this kind of letter."
)
_NEAR = Text(
    "本文书没有“{name}”这个变量，是不是“{near}”？",
    "There is no variable “{name}” in this kind of letter; is it “{near}”?",
)
_TOO_DEEP = Text(
    f"条件套得太深，最多{DEEPEST}层。", f"Conditions may stand in one another {DEEPEST} deep."
)
_ELSE_ALONE = Text("这里的{否则}没有对应的{若 …}。", "This {else} belongs to no {if …}.")
_END_ALONE = Text("这里的{完}没有对应的{若 …}。", "This {end} belongs to no {if …}.")


# -- filling


def _used(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Variable):
            yield node.id
        elif isinstance(node, Choice):
            yield node.id
            yield from _used(node.filled)
            yield from _used(node.empty)


def _always(nodes: Sequence[Node], given: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Variable):
            found.add(node.id)
        elif isinstance(node, Choice):
            filled = _always(node.filled, given)
            if node.id in given:
                found |= filled
            else:
                found |= filled & (_always(node.empty, given) | {node.id})
    return frozenset(found)


def _filled(nodes: Sequence[Node], values: Mapping[str, str], printed: list[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Choice):
            kept = node.filled if values.get(node.id) else node.empty
            yield from _filled(kept, values, printed)
        elif value := values.get(node.id):
            printed.append(node.id)
            yield f"{value}{_SEAM}"


_SEAM = "\x00"  # where a value ended; no text of ours or of a template holds one
_DOUBLED = re.compile(f"[。；，、.;,]?{_SEAM}(?=[。；，、])")


def _joined(text: str) -> list[str]:
    """The paragraphs. A value that brings its own full stop does not print it twice."""
    return _DOUBLED.sub("", text).replace(_SEAM, "").split("\n")
