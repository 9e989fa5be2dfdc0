"""文书的留存: a composed letter as plain JSON and back, so that it is set later as it was composed.

What the law, a template or a case says by then changes nothing of it. It holds names: whoever keeps
it keeps it as personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.statute import letter_kinds
from gongkai.statute.letter_kinds import Field
from gongkai.statute.letter_remedies import Remedy, Road, Subject
from gongkai.statute.letters import Letter, Reply

_TEXTS = (
    "organ", "letterhead", "number", "title", "addressee", "notice", "contact", "tracking",
)  # fmt: skip
_LISTS = ("paragraphs", "attachments")
_SETS = ("held", "given")


def plain(letter: Letter) -> dict[str, Any]:
    """Of JSON's own types."""
    return {
        "kind": letter.kind.id,
        "on": letter.on.isoformat(),
        **{name: getattr(letter, name) for name in _TEXTS},
        **{name: list(getattr(letter, name)) for name in _LISTS},
        **{name: sorted(getattr(letter, name)) for name in _SETS},
        "remedy": {
            "subject": letter.remedy.subject.value,
            "road": letter.remedy.road.value,
            "on": letter.remedy.on.isoformat(),
            "reconsideration": letter.remedy.reconsideration,
            "suit": letter.remedy.suit,
            "sources": list(letter.remedy.sources),
        },
        "reply": letter.reply and _plain_reply(letter.reply),
    }


def _plain_reply(reply: Reply) -> dict[str, Any]:
    return {
        "title": reply.title,
        "lead": reply.lead,
        "choices": list(reply.choices),
        "fields": [[field.label, field.lines] for field in reply.fields],
    }


def letter_of(kept: Mapping[str, Any]) -> Letter:
    """What `plain` gave. Raises KeyError for a kind that does not exist."""
    remedy, reply = kept["remedy"], kept["reply"]
    same: dict[str, Any] = {name: kept[name] for name in _TEXTS}
    same |= {name: tuple(kept[name]) for name in _LISTS}
    same |= {name: frozenset(kept[name]) for name in _SETS}
    return Letter(
        kind=letter_kinds.kind(kept["kind"]),
        on=date.fromisoformat(kept["on"]),
        **same,
        remedy=Remedy(
            Subject(remedy["subject"]),
            Road(remedy["road"]),
            date.fromisoformat(remedy["on"]),
            remedy["reconsideration"],
            remedy["suit"],
            tuple(remedy["sources"]),
        ),
        reply=reply
        and Reply(
            reply["title"],
            reply["lead"],
            tuple(reply["choices"]),
            tuple(Field(label, lines) for label, lines in reply["fields"]),
        ),
    )
