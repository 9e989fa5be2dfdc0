"""未能写入: what a report holds and the printed form has no room for, as notes.

The carriers that print the form (docx, pdf, html) say these; those that list what a report holds
(xlsx, csv, json) need only `control`. Nothing is left out in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from gongkai.statute import forms, notes
from gongkai.statute.report import AnnualReport, Cell, Note, State
from gongkai.statute.texts import Text
from gongkai.statute.writers import paper

LONGEST = 200  # characters of what is quoted in one note


def of(report: AnnualReport) -> tuple[Note, ...]:
    """The notes on one report printed as its form (``write.*``), in the order of the report."""
    return (
        *control(report),
        *_edition(report),
        *_unprinted(report),
        *_leftovers(report),
        *_other_edition(report),
        *_cells(report),
    )


def control(report: AnnualReport) -> tuple[Note, ...]:
    """控制字符: said where texts hold characters that no carrier can hold, which are left out."""
    count = sum(len(text) - len(paper.clean(text)) for text in _texts(report))
    return (notes.note("write.control", count=count),) if count else ()


def _prose(report: AnnualReport) -> Iterator[str]:
    yield from (report.title or "", report.preamble)
    for passages in report.sections.values():
        for passage in passages:
            yield from (passage.title, passage.text)


def _texts(report: AnnualReport) -> Iterator[str]:
    yield from _prose(report)
    yield report.organ or ""
    for cell in report.cells.values():
        yield cell.raw


def _edition(report: AnnualReport) -> Iterator[Note]:
    if report.edition is None:
        yield notes.note("write.no_edition")


def _unprinted(report: AnnualReport) -> Iterator[Note]:
    """机关名称、联系方式、统计期限: printed only where title and prose say them."""
    printed = re.sub(r"\s", "", "".join(_prose(report)))

    def missing(said: str | None) -> bool:
        return bool(said) and re.sub(r"\s", "", said or "") not in printed

    if missing(report.organ) and not report.signed_on:
        yield notes.note("write.unprinted", what=_ORGAN, text=short(report.organ or ""))
    if missing(report.contact):
        yield notes.note("write.unprinted", what=_CONTACT, text=short(report.contact or ""))
    if report.period and report.year:
        begin, end = report.period
        whole = (date(report.year, 1, 1), date(report.year, 12, 31))
        if report.period != whole and missing(f"{begin.year}年{begin.month}月{begin.day}日"):
            yield notes.note("write.unprinted", what=_PERIOD, text=f"{begin} – {end}")


_ORGAN = Text("机关名称", "the name of the organ")
_CONTACT = Text("联系方式", "the contact")
_PERIOD = Text("统计期限", "the period")


def _leftovers(report: AnnualReport) -> Iterator[Note]:
    for leftover in report.leftovers:
        yield notes.note("write.leftover", leftover.place, raw=short(leftover.raw))


def _other_edition(report: AnnualReport) -> Iterator[Note]:
    if cells := report.other_edition_cells:
        held = (f"{label(a)}：{paper.printed(cell)}" for a, cell in cells.items())
        yield notes.note("write.other_edition", count=len(cells), cells=short("；".join(held)))


def _cells(report: AnnualReport) -> Iterator[Note]:
    absent = [a for a, cell in report.cells.items() if cell.state is State.ABSENT]
    doubtful = [a for a, cell in report.cells.items() if cell.doubt is not None]
    for address, cell in report.cells.items():
        if says_more(cell):
            yield notes.note(
                "write.raw",
                cell.place,
                cell=label(address),
                raw=short(cell.raw.strip()),
                printed=paper.printed(cell),
            )
    if absent:
        yield notes.note("write.absent", count=len(absent), cells=_listed(absent))
    if doubtful:
        yield notes.note("write.doubt", count=len(doubtful), cells=_listed(doubtful))


_BARE = re.compile(rf"{paper.COUNTED}(?:\((?:人民币|[百千万亿]?元)\))?|{paper.SPELLED}")


def says_more(cell: Cell) -> bool:
    """Whether a number's own text says more than its value: 22（其中修订16件）."""
    if cell.value is None or not cell.raw or cell.raw.isdecimal():
        return False
    if any(unicodedata.category(sign) == "No" for sign in cell.raw):  # a footnote mark, 5² or 5①
        return True
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell.raw))
    return _BARE.fullmatch(bare) is None


def label(address: str) -> str:
    """Row and column of an address as printed, under whichever edition has it."""
    for edition in reversed(forms.editions()):
        if spec := forms.form(edition).specs.get(address):
            return spec.label
    return address


def _listed(addresses: Iterable[str]) -> str:
    return short("；".join(label(address) for address in addresses))


def short(text: str) -> str:
    """A text as it is quoted in a note: its beginning, if it is long."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
