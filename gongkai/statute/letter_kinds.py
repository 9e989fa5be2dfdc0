"""文书种类: every kind of letter, what it must hold and by which provision, from data/letters.json.

Variables have a Chinese name for whoever edits a text and an id for whoever fills it in. An element
(要素) is held where the text prints one of its sets of variables.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from gongkai.statute import articles, letter_templates
from gongkai.statute.letter_remedies import Subject
from gongkai.statute.letter_templates import Template
from gongkai.statute.texts import Text


@dataclass(frozen=True, slots=True)
class Variable:
    """变量: something a letter prints; ``type`` says what value it takes.

    ``frame``: printed by the frame of the letter (number, addressee …), not by its text; ``made``:
    computed from other values; ``common``: of use in every kind.
    """

    id: str
    name: Text
    type: str
    frame: bool = False
    made: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """要素: what a letter holds; ``sources`` the provisions that ask for it, by ids.

    ``by``: sets of variables, one of which must be printed whole; ``compulsory``: a letter without
    it cannot be sent; ``when``: asked only of a letter in which this variable has a value.
    """

    id: str
    name: Text
    by: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    compulsory: bool = True
    when: str | None = None

    def source(self, on: date) -> str | None:
        """The provision that asks for it on ``on``; None where practice does."""
        for id in self.sources:
            if articles.provision(id).in_force(on) is not False:
                return id
        return None

    def asked(self, on: date) -> bool:
        """Whether it is asked for on ``on``: by practice, or by a provision in force."""
        return not self.sources or self.source(on) is not None


@dataclass(frozen=True, slots=True)
class Field:
    """填写项: a label of a reply page and how many lines are left for it."""

    label: str
    lines: int


@dataclass(frozen=True, slots=True)
class ReplyForm:
    """回执: a page that goes with the letter to be filled in and sent back."""

    id: str
    title: str
    lead: Template
    choices: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """文书的分组."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Kind:
    """文书种类: one kind of letter.

    ``outcomes``: rows of table 3 it answers with, over the editions; ``grounds``: the grounds of a
    decision (`gongkai.statute.grounds`) it tells; ``to``: applicant, third_party
    or organ; ``basis``: provisions with their item; ``cites``: whether the text cites them;
    ``period``: the statutory period its reply has; ``caution``: what to know before using it.
    """

    id: str
    name: Text
    title: str
    group: str
    outcomes: tuple[str, ...]
    grounds: tuple[str, ...]
    to: str
    subject: Subject
    basis: tuple[tuple[str, str], ...]
    cites: bool
    decision: str
    numbered: bool
    elements: tuple[Element, ...]
    template: Template
    names: Mapping[str, str]
    reply: ReplyForm | None
    period: str | None
    caution: Text | None

    def in_force(self, on: date) -> bool:
        """Whether every provision it rests on is in force on ``on``."""
        return all(articles.provision(id).in_force(on) for id, _ in self.basis)

    @property
    def start(self) -> date | None:
        """The first day it can be dated."""
        starts = [articles.provision(id).start for id, _ in self.basis]
        return max(day for day in starts if day is not None)

    @property
    def end(self) -> date | None:
        """The last day it can be dated; None: until the law changes."""
        ends = [articles.provision(id).end for id, _ in self.basis]
        return min((day for day in ends if day is not None), default=None)

    def parse(self, source: str) -> Template:
        """An organ's own text for this kind. Raises TemplateError with every fault."""
        return letter_templates.parse(source, self.names)

    def lacking(self, template: Template) -> tuple[Element, ...]:
        """Compulsory elements that the text would not print though they have their values.

        What the frame prints (number, addressee, remedy …) no text needs to hold.
        """
        known = variables()
        return tuple(
            element
            for element in self.elements
            if element.compulsory
            and not any(
                all(
                    known[id].frame or id in template.always((element.when or "",)) for id in choice
                )
                for choice in element.by
            )
        )


class UnknownKind(KeyError):
    """No kind of letter has this id: a mistake in our own code, not in what a user wrote."""


def kind(id: str) -> Kind:
    """The kind with this id. Raises UnknownKind."""
    try:
        return kinds()[id]
    except KeyError:
        raise UnknownKind(id) from None


def for_outcome(row: str) -> tuple[Kind, ...]:
    """The kinds of letter that close a case with this row of table 3."""
    return tuple(one for one in kinds().values() if row in one.outcomes)


def for_ground(ground: str) -> Kind:
    """The kind of letter that tells a decision on this ground. Raises UnknownKind."""
    for one in kinds().values():
        if ground in one.grounds:
            return one
    raise UnknownKind(ground)


def telling(id: str) -> Kind:
    """The kind of letter for a ground, or the first for a row of table 3. Raises UnknownKind."""
    found = for_outcome(id)
    return found[0] if found else for_ground(id)


@functools.cache
def _data() -> Mapping[str, Any]:
    text = resources.files("gongkai.statute").joinpath("data/letters.json").read_text("utf-8")
    data: Mapping[str, Any] = json.loads(text)
    return data


@functools.cache
def variables() -> Mapping[str, Variable]:
    """Every variable by its id."""
    return {
        one["id"]: Variable(
            one["id"],
            Text(one["zh"], one["en"]),
            one["type"],
            one.get("frame", False),
            one.get("made", False),
            one.get("common", False),
        )
        for one in _data()["variables"]
    }


@functools.cache
def elements() -> Mapping[str, Element]:
    """Every element by its id."""
    return {
        one["id"]: Element(
            one["id"],
            Text(one["zh"], one["en"]),
            tuple(tuple(choice) for choice in one["by"]),
            tuple(one["source"]),
            one.get("must", True),
            one.get("when"),
        )
        for one in _data()["elements"]
    }


@functools.cache
def groups() -> tuple[Group, ...]:
    """The groups in the order they are listed."""
    return tuple(Group(one["id"], Text(one["zh"], one["en"])) for one in _data()["groups"])


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of letter by its id, in the order of the data."""
    return {one["id"]: _kind(one) for one in _data()["kinds"]}


def _kind(one: Mapping[str, Any]) -> Kind:
    asked = _elements(one)
    source = "\n".join(_expanded(line) for line in one["body"])
    own = letter_templates.parse(source, _names(variables()))
    used = {*own.variables, *(id for e in asked for choice in e.by for id in choice)}
    names = _names({id: v for id, v in variables().items() if v.common or v.made or id in used})
    return Kind(
        id=one["id"],
        name=Text(one["zh"], one["en"]),
        title=one["title"],
        group=one["group"],
        outcomes=tuple(one["outcomes"]),
        grounds=tuple(one.get("grounds", ())),
        to=one["to"],
        subject=Subject(one["subject"]),
        basis=tuple((id, item) for id, item in one["basis"]),
        cites=one.get("cites", True),
        decision=one.get("decision", ""),
        numbered=one.get("numbered", True),
        elements=asked,
        template=own,
        names=names,
        reply=_replies()[one["reply"]] if "reply" in one else None,
        period=one.get("period"),
        caution=Text(**one["caution"]) if "caution" in one else None,
    )


def _elements(one: Mapping[str, Any]) -> tuple[Element, ...]:
    """The kind's own elements and those every letter, every answer or every decision has."""
    common = _data()["common"]
    ids: list[str] = [*common["letter"], *(common["numbered"] if one.get("numbered", True) else ())]
    for id in one["elements"]:
        ids += common[id[1:]] if id.startswith("@") else [id]
    if Subject(one["subject"]) is not Subject.PROCEDURAL:
        ids += common["remedied"]
    dropped = {id[1:] for id in ids if id.startswith("-")}
    known = elements()
    return tuple(known[id] for id in dict.fromkeys(ids) if id[0] != "-" and id not in dropped)


def _expanded(line: str) -> str:
    passages: Mapping[str, str] = _data()["passages"]
    return re.sub(r"@([a-z_]+)", lambda found: passages[found[1]], line)


def _names(known: Mapping[str, Variable]) -> Mapping[str, str]:
    """What may stand in braces: the Chinese name and the id."""
    return {name: id for id, one in known.items() for name in (one.name.zh, id)}


@functools.cache
def _replies() -> Mapping[str, ReplyForm]:
    names = {"文号": "number", "number": "number", "标题": "title", "title": "title"}
    return {
        one["id"]: ReplyForm(
            one["id"],
            one["title"],
            letter_templates.parse(one["lead"], names),
            tuple(one["choices"]),
            tuple(Field(field["zh"], field["lines"]) for field in one["fields"]),
        )
        for one in _data()["replies"]
    }


def outcome_rows() -> Sequence[str]:
    """Every row of table 3 that some kind of letter answers with."""
    return tuple(dict.fromkeys(row for one in kinds().values() for row in one.outcomes))
