"""文书的页面内容: a letter as it will be printed, what it lacks, what can be done with it.

On a page the addressee's name is masked; the printed file has it, and taking that is an event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.statute import letter_kinds, letters, side_matters
from gongkai.statute.case_state import Case
from gongkai.statute.letter_remedies import Road
from gongkai.statute.writers import letter_paper
from gongkai.web.applications import (
    correction_actions,
    letter_actions,
    letter_acts,
    letter_content,
)
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.letter_content import Given
from gongkai.web.applications.models import Correction, Holder, Letter
from gongkai.web.organs.actions import Doer
from gongkai.web.shell import masking
from gongkai.web.shell.look import Act
from gongkai.web.shell.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Sheet:
    """版面: lines with their style, what is missing and better said, why the remedy is that one;
    ``refused``: why there is no letter yet."""

    lines: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    better: tuple[str, ...] = ()
    remedy: str = ""
    refused: str = ""


def sheet(given: Given, *, numbered: bool = True) -> Sheet:
    """The letter as it will be printed, the name masked; ``numbered`` False: its number comes."""
    try:
        made = letter_content.composed(given, masked=True)
    except Refusal as refused:
        return Sheet(refused=str(refused.message))
    lacking = [one for one in letters.missing(made) if numbered or one.id != "number"]
    return replace(
        _laid(made),
        lacking=tuple(letter_actions.asked(one, made.on) for one in lacking),
        better=tuple(str(said(one.name)) for one in letters.advisable(made)),
    )


def _laid(made: letters.Letter) -> Sheet:
    headed = made.letterhead != made.organ
    laid = letter_paper.lay_out(made, letterhead=headed)
    lines = tuple((line.style.value, f"{line.label}{line.text}") for line in laid.lines)
    if laid.reply is not None:
        lines += (("title", laid.reply.title), ("body", laid.reply.lead))
        lines += tuple(("body", f"{row.label}　{row.text}") for row in laid.reply.rows)
        lines += (("contact", laid.reply.back),)
    return Sheet(lines, remedy=why_remedy(made))


def why_remedy(made: letters.Letter) -> str:
    """Which road the letter names, and on which ground."""
    remedy = made.remedy
    if remedy.road is Road.NONE:
        return _("程序性告知，不单独告知救济途径。")
    sources = _("、").join(letter_actions.named(id) for id in remedy.sources)
    if remedy.road is Road.FIRST:
        told = _("理由属于条例第十四条至第十六条，应当先申请行政复议（%(sources)s）。")
    else:
        told = _("不属于应当先申请行政复议的情形，可以复议，也可以直接起诉（%(sources)s）。")
    return told % {"sources": sources}


def of_letter(letter: Letter, today: date, case: Case | None = None) -> Sheet:
    """Of a letter that is kept; of a numbered one what it said when it was numbered."""
    issued = letter_actions.issued(letter)
    if issued is not None:
        return _laid(issued)
    given = letter_actions.given(letter, on=letter.dated or today, case=case)
    return sheet(given, numbered=False)


def masked(made: Sheet) -> Sheet:
    """As a supervisor reads it: numbers of people masked in its text, the organ's own are not."""
    lines = tuple((s, t if s == CONTACT else masking.text(t)) for s, t in made.lines)
    return replace(made, lines=lines)


CONTACT = letter_paper.Style.CONTACT.value


# -- on the page of what it is of


def rows(of: Holder) -> list[dict[str, Any]]:
    """The letters of it, newest first."""
    return [
        {
            "name": said(letter_kinds.kind(one.kind).name),
            "number": one.number,
            "state": one.get_state_display(),
            "tone": TONES[one.state],
            "dated": one.dated,
            "unmade": one.unmade,
            "party": one.party.key if one.party else "",
            "href": reverse("applications:letter", args=[one.pk]),
        }
        for one in of.letters.select_related("party").order_by("-pk")
    ]


TONES: dict[str, str] = {
    Letter.State.DRAFT: "warn",
    Letter.State.NUMBERED: "",
    Letter.State.SENT: "ok",
    Letter.State.VOID: "quiet",
}


def acts(letter: Letter, by: Doer) -> list[Act]:
    """What can be done with a letter by this person."""
    found: list[Act] = []

    def to(route: str) -> str:
        return reverse(f"applications:{route}", args=[letter.pk])

    draft = letter.state == Letter.State.DRAFT
    answer = letter_actions.is_answer(letter.kind)
    writes = letter_actions.writes(by, letter.of)
    if writes and draft and not answer:
        found.append(Act(_("编号印制"), href=to("letter_issue"), tone="primary"))
        found.append(Act(_("修改"), href=to("letter_edit")))
    if draft:
        found.append(Act(_("预览 PDF"), post=to("letter_preview")))
    else:
        if writes and letter.unmade:
            found.append(Act(_("重新制作"), post=to("letter_make"), tone="primary"))
        for kind, label in (("pdf", _("下载 PDF")), ("docx", _("下载 Word"))):
            if getattr(letter, f"{kind}_id"):
                address = reverse("applications:letter_file", args=[letter.pk, kind])
                found.append(Act(label, post=address))
    made = not letter.unmade
    if writes and made and letter.state == Letter.State.NUMBERED and not answer:
        fields = {"version": letter.version}
        tells = letter_actions.tells(by, letter)
        label = _("登记发出并告知申请人") if tells else _("登记发出")
        found.append(Act(label, post=to("letter_sent"), fields=fields))
    if writes and (draft or (letter.state == Letter.State.NUMBERED and not answer)):
        found.append(Act(_("作废"), href=to("letter_void")))
    return found


def kinds_for(of: Holder) -> list[tuple[str, list[tuple[str, Any]]]]:
    """文书种类: those that may be written of it beside its acts, by group."""
    groups = {one.id: str(said(one.name)) for one in letter_kinds.groups()}
    found: dict[str, list[tuple[str, Any]]] = {}
    for one in letter_kinds.kinds().values():
        if isinstance(of, Correction):
            fits = one.id in correction_actions.letter_kinds(of)
        else:
            fits = one.group != "answers" and one.id not in WRITTEN_ELSEWHERE
        if fits:
            found.setdefault(groups[one.group], []).append((one.id, said(one.name)))
    return list(found.items())


PARTY_KINDS = frozenset({*letter_acts.CONSULTS.values(), "third_party_decision"})
"""Written with the act alone: they are to a party of it."""
WRITTEN_ELSEWHERE = PARTY_KINDS | {
    *("receipt", "fee"),
    *(kind for kinds in side_matters.LETTERS.values() for kind in kinds),
}
