"""文字表述的数量: every count the prose of an annual report states, as claims to be checked.

`find` reads paragraphs and returns `report.Claim` values: what is counted (`SUBJECTS`), by which
channel (`CHANNELS`), how many, and the cells it may speak of. It never guesses: a number whose
object is unknown, of another year, planned, compared or a rate is no claim.

Conventions
- ``raw`` is verbatim from the paragraph; a heading or an earlier clause may have named the object.
- ``unit`` is the measure word (件 for 1.2万件); for money it is 万元, as the value.
- 未收到, 无, 没有发生 … are claims of 0 with ``unit`` None.
- ``answered_in_time`` (全部按时答复) and ``answered_all`` (全部办结) have as ``value`` the count
  they cover, which is the last one received or answered in the paragraph; where none is stated,
  100 with ``unit`` "%". Their ``cells`` say what they speak of: applications.received.total and
  applications.carried_out.total where everything received is meant, applications.concluded.total
  where only what was answered. Nothing is claimed where 0 were received.
- ``cumulative`` is True for 截至…, 历年, 自…以来 and for 累计 where the year is not named.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gongkai.statute import claims_grammar, claims_subjects, claims_words
from gongkai.statute.claims_subjects import CHANNELS, SUBJECTS
from gongkai.statute.report import Claim, Place

__all__ = ["CHANNELS", "SUBJECTS", "find"]

_SECTION_TOPIC = {"3": "app"}
_ALL_ANSWERED = {
    "concluded": ("applications.concluded.total",),
    "received": ("applications.received.total", "applications.carried_out.total"),
    "handled": ("applications.received.total", "applications.carried_out.total"),
}


def find(
    paragraphs: Iterable[tuple[str, str, Place]], *, year: int | None, edition: str | None
) -> tuple[Claim, ...]:
    """Every claim of the prose, in order.

    ``paragraphs`` are (section "1" to "6" or "0" for the preamble, text verbatim, place);
    ``year`` is the report's fiscal year (None: no absolute year is told from this one);
    ``edition`` decides the candidate cells (None: 2021).
    """
    claims: list[Claim] = []
    section: str | None = None
    topic: str | None = None
    for number, text, place in paragraphs:
        if number != section:
            section, topic = number, _SECTION_TOPIC.get(number)
        plain = claims_words.flatten(text)
        if not plain.text:
            continue
        if len(plain.text) <= 30:
            words = claims_words.tokens(plain.text)
            announced = claims_grammar.heading(plain.text, words)
            if announced is not None:
                topic = announced or _SECTION_TOPIC.get(number)
        paragraph = claims_grammar.Paragraph(plain.text, section=number, topic=topic, year=year)
        for found in paragraph.read():
            claims.append(_claim(found, plain.quote(found.start, found.end), edition, place))
    return tuple(claims)


def _claim(found: claims_grammar.Found, raw: str, edition: str | None, place: Place) -> Claim:
    cells = claims_subjects.cells(found.subject, edition)
    unit = found.number.unit
    if found.covers is not None:
        cells = _ALL_ANSWERED[found.covers]
    return Claim(
        subject=found.subject,
        value=found.number.value,
        raw=raw,
        channel=found.channel,
        cells=() if found.channel else cells,
        unit="万元" if unit and isinstance(found.number.value, Decimal) else unit,
        exact=found.number.exact,
        cumulative=found.cumulative,
        place=place,
    )
