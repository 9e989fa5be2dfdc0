"""政府信息公开工作年度报告: the annual report as a frozen value.

A printed 0, a blank, a dash and an unreadable cell are four facts and stay four facts.
Source of the cells and their addresses: 国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gongkai.statute.texts import Text

Value = int | Decimal
BBox = tuple[float, float, float, float]


class State(StrEnum):
    """单元格状态: what stands in a cell of the form."""

    NUMBER = "number"  # 数字
    BLANK = "blank"  # 空白: the cell is there and empty
    DASH = "dash"  # 短横、斜杠
    NOT_APPLICABLE = "not_applicable"  # 无、不适用、不涉及
    UNREADABLE = "unreadable"  # 无法识读: something stands there that is no certain number
    ABSENT = "absent"  # 缺失: nothing in the file can be assigned to this address


class Kind(StrEnum):
    """报告口径: whose figures the tables hold."""

    ORGAN = "organ"  # 本机关
    REGION = "region"  # 本地区汇总
    UNKNOWN = "unknown"  # 未注明


@dataclass(frozen=True, slots=True)
class Place:
    """位置: where something stands in its file, as far as known.

    ``page``, ``table``, ``row``, ``column`` and ``line`` count from 1 (``table`` over the whole
    file, ``line`` over the text); ``bbox`` is (left, top, right, bottom) in points from the
    page's upper left corner.
    """

    page: int | None = None
    bbox: BBox | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Doubt:
    """存疑: why what was read deserves a second look. A doubt is no state."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """单元格: one cell of the form as it stands in one report.

    ``value`` is an int for counts, a Decimal in 万元 for money, None unless ``state`` is NUMBER.
    ``raw`` is verbatim; ``unit`` is as printed in the cell; ``confidence`` is 0 to 1.
    """

    state: State
    value: Value | None = None
    raw: str = ""
    unit: str | None = None
    place: Place = NOWHERE
    confidence: float = 1.0
    doubt: Doubt | None = None

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state is State.NUMBER):
            raise ValueError(f"a {self.state} cell cannot hold {self.value!r}")

    @property
    def number(self) -> Value | None:
        """The value, or None for every state that is no number (never 0 in its stead)."""
        return self.value


ABSENT = Cell(State.ABSENT, confidence=0.0)


@dataclass(frozen=True, slots=True)
class Passage:
    """段落文字: one printing of a section: its heading and its text (lines joined by newlines).

    ``place`` is the heading's; ``places`` those of the text's lines, as far as known (they are
    the file's own and not part of the report's JSON).
    """

    title: str
    text: str
    place: Place = NOWHERE
    places: tuple[Place, ...] = field(default=(), compare=False)

    def place_at(self, position: int) -> Place:
        """Where a position in ``text`` stands in the file; the heading's place if not known."""
        line = self.text.count("\n", 0, position)
        return self.places[line] if line < len(self.places) else self.place


@dataclass(frozen=True, slots=True)
class Claim:
    """文字表述的数量: a number the prose states, and the cells it may speak of.

    ``subject`` is one of ``claims.SUBJECTS``; ``channel`` one of ``claims.CHANNELS`` or None;
    ``cells`` are all candidate addresses; ``value`` is a count, or money in 万元 (Decimal);
    ``unit`` the measure word (件, 条, 万元, …) or None; ``exact`` is False for 余, 多, 近, 约;
    ``cumulative`` is True where the number adds up several years (截至…累计).
    """

    subject: str
    value: Value
    raw: str
    channel: str | None = None
    cells: tuple[str, ...] = ()
    unit: str | None = None
    exact: bool = True
    cumulative: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Leftover:
    """未能归位: something that was read and could not be placed. Nothing is dropped."""

    raw: str
    values: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Note:
    """说明: what the reader did or saw that its user should know (id ``read.*``)."""

    id: str
    text: Text
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """政府信息公开工作年度报告: one report as read or made.

    ``cells`` holds every address of ``edition`` (none missing, none more);
    ``other_edition_cells`` what was printed in rows or columns of another edition's form.
    ``edition_due`` is the form the year calls for. Unknown is None. ``preamble`` is what stands
    between the title and section one (编报依据、统计期限、联系方式), lines joined by newlines.
    """

    file: str = ""
    part: int | None = None
    organ: str | None = None
    organ_names: tuple[str, ...] = ()
    kind: Kind = Kind.UNKNOWN
    year: int | None = None
    edition: str | None = None
    edition_due: str | None = None
    title: str | None = None
    period: tuple[date, date] | None = None
    signed_on: date | None = None
    contact: str | None = None
    preamble: str = ""
    sections: Mapping[str, tuple[Passage, ...]] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    other_edition_cells: Mapping[str, Cell] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    notes: tuple[Note, ...] = ()

    def cell(self, address: str) -> Cell:
        """The cell at an address; ABSENT where this report's form has no such address."""
        return self.cells.get(address, ABSENT)

    def verdict(self) -> Verdict:
        """How many cells stand in which state, and which are doubtful."""
        counts = Counter(cell.state for cell in self.cells.values())
        return Verdict(
            cells=len(self.cells),
            counts={state: counts.get(state, 0) for state in State},
            doubtful=tuple(a for a, cell in self.cells.items() if cell.doubt is not None),
        )

    def text(self) -> str:
        """All prose of all sections, in order, for searching."""
        return "\n".join(p.text for ps in self.sections.values() for p in ps)


@dataclass(frozen=True, slots=True)
class Verdict:
    """读取结果: counts by state over all cells of the form, and the doubtful addresses."""

    cells: int
    counts: Mapping[State, int]
    doubtful: tuple[str, ...]


class CannotRead(Exception):
    """无法读取: the bytes are no report, or cannot be read here. ``id`` is ``error.*``."""

    def __init__(self, id: str, text: Text) -> None:
        super().__init__(text.en)
        self.id = id
        self.text = text

    def __reduce__(self) -> tuple[type[CannotRead], tuple[str, Text]]:
        """It travels between processes with all it knows."""
        return type(self), (self.id, self.text)
