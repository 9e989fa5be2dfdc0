"""表四的口径: who is the defendant, whose suit it is in table 4, and in which year it counts.

国办公开办函〔2016〕201号: with the reconsideration organ as co-defendant only the organ that did
the act counts the suit. What the ruling leaves open is a convention with our default.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.statute.remedies import Proceeding
from gongkai.statute.remedy_results import Column, Kind, Result, finding
from gongkai.statute.texts import Text


@dataclass(frozen=True, slots=True)
class CountConventions:
    """统计口径: both with our defaults.

    both_years: a remedy open at the end of a year counts as 尚未审结 there, and by its result in
    the year it is concluded; else only in the latter.
    sole_defendant_counts: a reconsideration organ that changed the act, and so is sued alone,
    counts the suit (the ruling speaks of co-defendants only).
    """

    both_years: bool = True
    sole_defendant_counts: bool = True


DEFAULT = CountConventions()


class Seat(StrEnum):
    """本机关的地位: in a remedy."""

    ACTING = "acting"  # 作出答复的机关
    RECONSIDERING = "reconsidering"  # 复议机关


@dataclass(frozen=True, slots=True)
class Defendants:
    """被告: who is sued (行政诉讼法第二十六条)."""

    acting: bool
    reconsidering: bool
    why: Text
    source: str = "litigation.26"


def defendants(kind: Kind, reconsidered: Result | None = None) -> Defendants:
    """Who is the defendant; ``reconsidered``: what the reconsideration before the suit ended in.

    Where it ended without a decision on the merits the suit is taken to be against the answer; one
    against the refusal to admit has the reconsideration organ as its defendant.
    """
    if kind is Kind.RECONSIDERATION:
        why = Text("复议没有被告，被申请人是作出答复的机关", "no suit: the acting organ answers")
        return Defendants(False, False, why, "review.48")
    found = None if reconsidered is None else finding(Kind.RECONSIDERATION, reconsidered)
    if kind is Kind.SUIT_AFTER and found is not None and found.column is Column.UPHELD:
        why = Text("复议维持，两机关为共同被告", "upheld: both organs are co-defendants")
        return Defendants(True, True, why)
    if kind is Kind.SUIT_AFTER and found is not None and found.column is Column.CORRECTED:
        why = Text("复议改变原行为，复议机关为被告", "changed: the reconsideration organ alone")
        return Defendants(False, True, why)
    why = Text("作出答复的机关为被告", "the acting organ is the defendant")
    return Defendants(True, False, why)


def counts_here(
    kind: Kind,
    seat: Seat,
    reconsidered: Result | None = None,
    conventions: CountConventions = DEFAULT,
) -> bool:
    """Whether this organ counts the remedy in its own table 4."""
    if kind is Kind.RECONSIDERATION:
        return seat is Seat.ACTING
    sued = defendants(kind, reconsidered)
    if seat is Seat.ACTING:
        return sued.acting
    return sued.reconsidering and not sued.acting and conventions.sole_defendant_counts


def column_in(
    remedy: Proceeding, year: int, conventions: CountConventions = DEFAULT
) -> Column | None:
    """Its column of table 4 in the report of ``year``; None where it does not count there.

    One case with two instances counts once, by the latest result: until that is final it is open.
    """
    if remedy.filed is None or remedy.filed.year > year:
        return None
    concluded = remedy.concluded_on if remedy.concluded else None
    if concluded is not None and concluded.year < year:
        return None
    if concluded is not None and concluded.year == year:
        return remedy.column
    return Column.PENDING if conventions.both_years else None
