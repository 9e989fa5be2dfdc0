"""对比: two years of one organ, or two organs, side by side: figures and reused wording.

Whether two figures mean the same is read from the form data; where they do not, no difference is
given. A percentage of 0, or of what is no number, does not exist and is never printed as 0.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from gongkai.statute import counterparts, forms, notes, wording
from gongkai.statute.report import AnnualReport, Kind, Note, State, Value
from gongkai.statute.rollup_choice import listed
from gongkai.statute.texts import Text

_LEAST = 4
"""Characters of wording below which a sentence says too little to be anyone's."""

STATES = {
    State.BLANK: Text("空白", "blank"),
    State.DASH: Text("短横", "a dash"),
    State.NOT_APPLICABLE: Text("不适用", "not applicable"),
    State.UNREADABLE: Text("无法识读", "unreadable"),
    State.ABSENT: Text("缺失", "absent"),
}
"""How a cell without a number is called in a sentence."""


class Reuse(StrEnum):
    """沿用程度: how a sentence of the one report stands in the other."""

    VERBATIM = "verbatim"  # 一字不差（空格不计）
    FIGURES = "figures"  # 只差数字、年份或机关名称
    NEW = "new"  # 对方没有


@dataclass(frozen=True, slots=True)
class Change:
    """一格的变化: what stands in both reports, and the difference where there can be one.

    ``a`` and ``b`` are None where there is no number (``a_state``, ``b_state`` say what there is,
    None where the form has no such cell); ``change`` is b − a; ``percent`` the change per hundred
    of a, with one decimal; ``why`` says why there is no difference, or None.
    """

    address: str
    a: Value | None
    b: Value | None
    a_state: State | None
    b_state: State | None
    change: Value | None
    percent: str | None
    comparable: bool
    why: Text | None


@dataclass(frozen=True, slots=True)
class Marked:
    """一句的沿用: ``text[start:end]`` of a passage of b; ``section`` and ``original`` are where it
    stands in a, and how, or None."""

    start: int
    end: int
    reuse: Reuse
    section: str | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """一个部分的沿用: one printing of a section of b, its sentences marked.

    ``length`` counts characters without white space, in sentences long enough to tell;
    ``verbatim`` and ``figures`` those of them that stand in a.
    """

    no: str
    title: str
    text: str
    marks: tuple[Marked, ...]
    length: int
    verbatim: int
    figures: int

    @property
    def share(self) -> str | None:
        """Per cent of the text that stands in a, figures apart; None without text."""
        return share(self.verbatim + self.figures, self.length)


@dataclass(frozen=True, slots=True)
class Comparison:
    """对比结果: figures in the form's order, wording by section, and what one should know."""

    a: AnnualReport
    b: AnnualReport
    changes: tuple[Change, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]

    @property
    def length(self) -> int:
        """Characters of b's text that were compared."""
        return sum(s.length for s in self.sections)

    @property
    def verbatim(self) -> int:
        """Those that stand in a word for word."""
        return sum(s.verbatim for s in self.sections)

    @property
    def figures(self) -> int:
        """Those that stand in a but for figures, years and names."""
        return sum(s.figures for s in self.sections)


def compare(a: AnnualReport, b: AnnualReport) -> Comparison:
    """两份报告对比: ``a`` the earlier or the other organ's, ``b`` the one looked at.

    Changes follow b's form; cells that only a's form has come behind those of the same table.
    """
    return Comparison(a, b, tuple(_changes(a, b)), tuple(_sections(a, b)), tuple(_notes(a, b)))


def share(part: int, whole: int) -> str | None:
    """Per cent with one decimal, None of nothing."""
    return None if whole == 0 else _percent(Decimal(part) / Decimal(whole))


# -- figures


def _changes(a: AnnualReport, b: AnnualReport) -> Iterator[Change]:
    for address, ours, theirs, why in _plan(_edition(a), _edition(b)):
        old = counterparts.value(a, ours) if ours else (None, None)
        new = counterparts.value(b, theirs) if theirs else (None, None)
        yield _change(address, old, new, why)


def _edition(report: AnnualReport) -> str:
    return report.edition or report.edition_due or forms.editions()[-1]


_Row = tuple[str, tuple[str, ...], tuple[str, ...], Text | None]


@functools.cache
def _plan(a: str, b: str) -> tuple[_Row, ...]:
    """For every address: the cells of a and of b behind it, and why they cannot be compared."""
    of_a, of_b = forms.form(a), forms.form(b)
    rows: list[_Row] = []
    for table in of_b.tables:
        for address in of_b.specs:
            if of_b.specs[address].table == table:
                found = counterparts.find(address, b, a)
                old = found.addresses or ((address,) if address in of_a.specs else ())
                rows.append((address, old, (address,), found.why))
        for address in of_a.specs:
            if of_a.specs[address].table == table and address not in of_b.specs:
                found = counterparts.find(address, a, b)
                rows.append((address, (address,), found.addresses, found.why))
    return tuple(rows)


def _change(
    address: str,
    old: tuple[Value | None, State | None],
    new: tuple[Value | None, State | None],
    why: Text | None,
) -> Change:
    comparable = why is None
    change = percent = None
    if comparable and old[0] is not None and new[0] is not None:
        change = new[0] - old[0]
        percent = _percent(Decimal(change) / Decimal(old[0])) if old[0] > 0 else None
    elif comparable:
        why = _no_number(old[1], new[1])
    return Change(address, old[0], new[0], old[1], new[1], change, percent, comparable, why)


def _percent(ratio: Decimal) -> str:
    rounded = (ratio * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(rounded if rounded else Decimal("0.0"))  # never -0.0


def _no_number(old: State | None, new: State | None) -> Text:
    said = [
        Text(f"{side.zh}{STATES[state].zh}", f"{side.en} is {STATES[state].en}")
        for side, state in zip(_SIDES, (old, new), strict=True)
        if state is not None and state is not State.NUMBER
    ]
    return Text(
        "，".join(s.zh for s in said) + "，没有数可比。",
        " and ".join(s.en for s in said) + ": no number to compare.",
    )


# -- wording


def _sections(a: AnnualReport, b: AnnualReport) -> Iterator[Section]:
    ours = wording.names_of(b.organ, *b.organ_names)
    same, alike = _standing(a)
    for no, passages in b.sections.items():
        for passage in passages:
            marks = tuple(_marks(passage.text, ours, same, alike))
            counts = dict.fromkeys(Reuse, 0)
            for mark in marks:
                counts[mark.reuse] += _length(passage.text[mark.start : mark.end])
            yield Section(
                no,
                passage.title,
                passage.text,
                marks,
                sum(counts.values()),
                counts[Reuse.VERBATIM],
                counts[Reuse.FIGURES],
            )


def _standing(a: AnnualReport) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """What stands in a: sentences as printed -> section; wording -> section and sentence."""
    names = wording.names_of(a.organ, *a.organ_names)
    same: dict[str, str] = {}
    alike: dict[str, tuple[str, str]] = {}
    for no, passages in a.sections.items():
        for passage in passages:
            for one in wording.sentences(passage.text, names):
                if _tells(one):
                    same.setdefault(_plain(one.text), no)
                    alike.setdefault(one.key, (no, one.text))
    return same, alike


def _marks(
    text: str,
    names: tuple[str, ...],
    same: Mapping[str, str],
    alike: Mapping[str, tuple[str, str]],
) -> Iterator[Marked]:
    for one in wording.sentences(text, names):
        if not _tells(one):
            continue
        section = same.get(_plain(one.text))
        if section is not None:
            yield Marked(one.start, one.end, Reuse.VERBATIM, section, one.text)
        elif one.key in alike:
            yield Marked(one.start, one.end, Reuse.FIGURES, *alike[one.key])
        else:
            yield Marked(one.start, one.end, Reuse.NEW)


def _tells(one: wording.Sentence) -> bool:
    """Whether a sentence is the writer's own: not too short, no date, no sub-topic the form asks
    everyone to write about."""
    return one.weight >= _LEAST and not _DAY.fullmatch(one.key) and one.key not in _official()


_DAY = re.compile(r"#?年#?月#?日")


@functools.cache
def _official() -> frozenset[str]:
    topics = {t for e in forms.editions() for s in forms.form(e).sections for t in s.topics}
    return frozenset(
        wording.key(topic + rest) for topic in topics for rest in ("", "情况", "工作", "工作情况")
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _length(text: str) -> int:
    return len("".join(text.split()))


# -- what one should know


def _notes(a: AnnualReport, b: AnnualReport) -> Iterable[Note]:
    if _is_identical(a, b):
        yield notes.note("compare.identical")
    if a.year is not None and b.year is not None and a.year > b.year:
        yield notes.note("compare.order", a=a.year, b=b.year)
    if a.kind is not b.kind and Kind.UNKNOWN not in (a.kind, b.kind):
        yield notes.note("compare.kinds")
    if a.edition is not None and b.edition is not None and a.edition != b.edition:
        yield notes.note("compare.editions", a=a.edition, b=b.edition)
    for side, report in zip(_SIDES, (a, b), strict=True):
        if report.edition is None:
            yield notes.note("compare.no_tables", side=side)
        else:
            specs = forms.form(report.edition).specs
            doubtful = [specs[at].label for at, c in report.cells.items() if c.doubt is not None]
            if doubtful:
                count, cells = len(doubtful), listed(doubtful)
                yield notes.note("compare.doubtful", side=side, count=count, cells=cells)


_SIDES = (Text("甲", "A"), Text("乙", "B"))


def _is_identical(a: AnnualReport, b: AnnualReport) -> bool:
    """Whether both hold the same cells and the same prose, white space apart, wherever they were
    read from."""

    def told(report: AnnualReport) -> tuple[object, ...]:
        prose = {n: [_plain(p.title + p.text) for p in ps] for n, ps in report.sections.items()}
        cells = {at: (cell.state, cell.value) for at, cell in report.cells.items()}
        return report.organ, report.year, report.edition, prose, cells

    return told(a) == told(b)
