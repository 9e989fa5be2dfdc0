"""答复和告知文书: a letter composed of a kind, values and a day; what it lacks; its remedy notice.

`compose` gives a frozen `Letter`: everything that is printed, in order, and which variables stand
in it. `missing` lists the compulsory elements that are not there: such a letter cannot be sent. The
texts are data (data/letters.json), in our own words; an organ may use its own (`Kind.parse`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.statute import articles, dated, letter_kinds, letter_remedies, letter_values
from gongkai.statute.letter_kinds import Element, Field, Kind, for_ground, for_outcome, kind, kinds
from gongkai.statute.letter_numbers import official_day
from gongkai.statute.letter_remedies import DEFAULT, Conventions, Remedy, Road
from gongkai.statute.letter_templates import Template
from gongkai.statute.letter_values import LetterError
from gongkai.statute.texts import Text

__all__ = [
    "Conventions",
    "Letter",
    "LetterError",
    "Merged",
    "Reply",
    "advisable",
    "compose",
    "for_ground",
    "for_outcome",
    "kind",
    "kinds",
    "merge",
    "missing",
]


@dataclass(frozen=True, slots=True)
class Reply:
    """回执: the page to be filled in and sent back."""

    title: str
    lead: str
    choices: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """文书: what is printed. ``held``: the variables printed; ``given``: those that had a value.

    ``number`` and ``notice`` may be empty; ``remedy`` says which road the notice names.
    """

    kind: Kind
    on: date
    organ: str
    letterhead: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    remedy: Remedy
    notice: str
    attachments: tuple[str, ...]
    contact: str
    tracking: str
    reply: Reply | None
    held: frozenset[str]
    given: frozenset[str]

    @property
    def dated(self) -> str:
        """成文日期 in its official form."""
        return official_day(self.on)

    @property
    def salutation(self) -> str:
        """The addressee as the first line prints it."""
        return f"{self.addressee}：" if self.addressee else ""


def compose(
    kind: Kind,
    values: Mapping[str, Any],
    on: date,
    *,
    conventions: Conventions = DEFAULT,
    template: Template | None = None,
) -> Letter:
    """A letter of this kind dated ``on``; ``template``: the organ's own text, else ours.

    Raises LetterError with everything wrong about the values, `dated.NotKnown` where the law of
    that day has no such letter.
    """
    if not kind.in_force(on):
        raise dated.NotKnown(_not_in_force(kind, on))
    known = letter_values.texts(kind, values, on)
    remedy = letter_remedies.remedy(
        kind.subject, on, grounds=_grounds(kind, values), conventions=conventions
    )
    filled = (template or kind.template).fill(known)
    frame = {id for id in known if letter_kinds.variables()[id].frame}
    return Letter(
        kind=kind,
        on=on,
        organ=known.get("organ", ""),
        letterhead=known.get("letterhead") or known.get("organ", ""),
        number=known.get("number", "") if kind.numbered else "",
        title=kind.title,
        addressee=known.get("addressee", ""),
        paragraphs=filled.paragraphs,
        remedy=remedy,
        notice=_notice(kind.title, remedy, values, known),
        attachments=_listed(values.get("attachments")),
        contact=known.get("contact", ""),
        tracking=_tracking(known),
        reply=_reply(kind, known),
        held=filled.printed | frozenset(frame),
        given=frozenset(known),
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """批量套打的结果: the letters that came about, and the rows that did not, counted from 1."""

    letters: tuple[Letter, ...]
    refused: tuple[tuple[int, LetterError], ...]


def merge(
    kind: Kind,
    shared: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    on: date,
    *,
    conventions: Conventions = DEFAULT,
    template: Template | None = None,
) -> Merged:
    """批量套打: a letter of each row, its values over the ``shared`` ones; one text for all."""
    made: list[Letter] = []
    refused: list[tuple[int, LetterError]] = []
    for at, row in enumerate(rows, 1):
        values = {**shared, **row}
        try:
            made.append(compose(kind, values, on, conventions=conventions, template=template))
        except LetterError as fault:
            refused.append((at, fault))
    return Merged(tuple(made), tuple(refused))


def missing(letter: Letter) -> tuple[Element, ...]:
    """缺少的要素: compulsory elements the letter does not hold; with any it cannot be sent."""
    return tuple(one for one in _not_held(letter) if one.compulsory)


def advisable(letter: Letter) -> tuple[Element, ...]:
    """建议写明的要素: what it does not hold and might better; it can be sent without."""
    return tuple(one for one in _not_held(letter) if not one.compulsory)


def _not_held(letter: Letter) -> Sequence[Element]:
    return [
        element
        for element in letter.kind.elements
        if element.asked(letter.on)
        and (element.when is None or element.when in letter.given)
        and not any(letter.held.issuperset(choice) for choice in element.by)
    ]


def _not_in_force(kind: Kind, on: date) -> Text:
    laws = [articles.provision(id).brief for id, _ in kind.basis]
    return Text(
        "{on}不适用《{title}》：所依据的{laws}当日没有施行。请核对日期。",
        "There is no such letter ({name}) on {on}: {laws} was not in force. Check the date.",
    ).within(
        on=on.isoformat(),
        title=kind.title,
        name=kind.name,
        laws=Text("、".join(law.zh for law in laws), ", ".join(law.en for law in laws)),
    )


def _grounds(kind: Kind, values: Mapping[str, Any]) -> tuple[str, ...]:
    rows = [letter_kinds.telling(id).outcomes for id in values.get("grounds") or ()]
    return (*kind.outcomes, *(row for found in rows for row in found))


def _notice(title: str, remedy: Remedy, values: Mapping[str, Any], known: Mapping[str, str]) -> str:
    if remedy.road is Road.NONE:
        return ""
    return letter_remedies.notice(
        remedy,
        _listed(values.get("reconsideration_organs")),
        _listed(values.get("courts")),
        online=known.get("reconsideration_online", ""),
        act=_act(title),
    )


def _act(title: str) -> str:
    """What a letter calls itself in its remedy notice."""
    for word in ("答复", "决定"):
        if word in title:
            return f"本{word}"
    return "本告知"


def _listed(value: Sequence[str] | None) -> tuple[str, ...]:
    found = (letter_values.clean(one) for one in value or ())
    return tuple(one for one in found if one)


def _tracking(known: Mapping[str, str]) -> str:
    url, code = known.get("tracking_url"), known.get("tracking_code")
    if not url and not code:
        return ""
    where = f"办理进度可以在{url}查询" if url else "办理进度可以在线查询"
    return f"{where}，查询码：{code}。" if code else f"{where}。"


def _reply(kind: Kind, known: Mapping[str, str]) -> Reply | None:
    form = kind.reply
    if form is None:
        return None
    lead = form.lead.fill({"number": known.get("number", ""), "title": kind.title})
    return Reply(form.title, "".join(lead.paragraphs), form.choices, form.fields)
