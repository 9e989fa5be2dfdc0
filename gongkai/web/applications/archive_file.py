"""卷宗: the whole of a closed case as one PDF, in order, with a page of contents in front.

The application as it was registered, the files that came with it, the letters as they were printed,
the files of the case, its remedies, what happened. PDF files and pictures become its pages; what is
neither is named in the contents and kept beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from django.utils import timezone, translation

from gongkai.statute import letter_kinds
from gongkai.statute.applicant_kinds import KINDS, ApplicantKind
from gongkai.statute.case_table import STATES, State
from gongkai.statute.clock_events import CHANNELS, Channel
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.pdfium import LOCK
from gongkai.statute.writers import pdf_fonts, pdf_press
from gongkai.web.applications import (
    helps,
    letter_batch,
    letter_content,
    life,
    queries,
    words,
)
from gongkai.web.applications.models import Letter, Matter
from gongkai.web.ledger import attachments, events, vault
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Attachment
from gongkai.web.shell.look import when

TEMPLATE = Path(__file__).parent / "data" / "case_file.typ"
TITLE = "政府信息公开申请卷宗"
_PICTURES = ("png", "jpg")


@dataclass(frozen=True, slots=True)
class Part:
    """一件材料: its name and day; its pages as PDF, empty where it is kept beside the file."""

    name: str
    on: date | None
    data: bytes = b""


MORE: list[Callable[[Matter, datetime], Iterable[Part]]] = []
"""What other apps have in the file of a case, after its own and before what happened."""


@dataclass(frozen=True, slots=True)
class Page:
    """页: of our own setting: rows of a table, or a picture."""

    title: str = ""
    head: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: bytes | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """卷宗: the PDF, and what it holds: name, day, first page (0: kept beside it)."""

    data: bytes
    contents: tuple[tuple[str, date | None, int], ...] = field(default=())


def made(matter: Matter, at: datetime) -> CaseFile:
    """The file as it stands. Raises letter_content.NoName, attachments.Damaged."""
    parts = list(_parts(matter, at))
    counts = [_count(part.data) for part in parts]
    front = 1
    for _ in range(3):  # the contents say where things are, and take room themselves
        listed = list(_listed(parts, counts, front))
        contents = set_pages(matter, at, [_contents(matter, listed)])
        if _count(contents) == front:
            break
        front = _count(contents)
    data = letter_batch.joined([contents, *(part.data for part in parts if part.data)])
    return CaseFile(data, tuple(listed))


def _listed(
    parts: Sequence[Part], counts: Sequence[int], front: int
) -> Iterator[tuple[str, date | None, int]]:
    page = front + 1
    for part, count in zip(parts, counts, strict=True):
        yield part.name, part.on, page if count else 0
        page += count


def _count(data: bytes) -> int:
    """Pages; 0 for none."""
    if not data:
        return 0
    with LOCK:
        document = pypdfium2.PdfDocument(data)
        found = len(document)
        document.close()
    return found


# -- what is in it, in order


def _parts(matter: Matter, at: datetime) -> Iterator[Part]:
    request = matter.request
    yield Part("申请登记表", request.arrived_on, set_pages(matter, at, [_application(matter)]))
    for one in ledger.attachments_of(f"request/{request.pk}"):
        yield attached(matter, one, at)
    for letter in _letters(matter):
        name = letter_kinds.kind(letter.kind).title
        assert letter.pdf is not None
        data = attachments.verified(letter.pdf)
        yield Part(f"{name}（{letter.number}）" if letter.number else name, letter.dated, data)
    for one in ledger.attachments_of(life.address(matter)):
        yield attached(matter, one, at)
    for more in MORE:
        yield from more(matter, at)
    yield Part("办理经过", timezone.localdate(at), set_pages(matter, at, [_history(matter)]))


def _letters(matter: Matter) -> list[Letter]:
    rows = matter.letters.exclude(pdf=None).exclude(state=Letter.State.VOID)
    return list(rows.select_related("pdf__file").order_by("dated", "pk"))


def attached(matter: Matter, one: Attachment, at: datetime, name: str = "") -> Part:
    """A file that was attached, under its own name where no other is given."""
    called = name or one.name
    on = timezone.localdate(one.at)
    if one.file.kind == "pdf":
        data = attachments.verified(one)
        return Part(called, on, data if _readable(data) else b"")
    if one.file.kind in _PICTURES:
        page = Page(picture=attachments.verified(one), alt=one.name)
        return Part(called, on, set_pages(matter, at, [page]))
    return Part(called, on)


def _readable(data: bytes) -> bool:
    """Whether its pages can be taken over: neither broken nor locked."""
    try:
        return _count(data) > 0
    except pypdfium2.PdfiumError:
        return False


def _application(matter: Matter) -> Page:
    """申请登记表: with the applicants' names, opened for the file alone."""
    request = matter.request
    case = life.case_of(matter)
    rows: list[tuple[str, str]] = [
        ("登记号", words.number(matter)),
        ("受理机关", matter.organ.name),
        ("提交方式", CHANNELS[Channel(request.channel)].zh),
        ("具体渠道", request.via),
        ("到达日期", request.arrived_on.isoformat()),
        ("收到日期", case.receipt.day.isoformat() if case.receipt else ""),
    ]
    for one in request.applicants.select_related("name", "phone", "email", "address", "identity"):
        said = one.organisation or _opened(one.name)
        if one.kind:
            said += f"（{KINDS[ApplicantKind(one.kind)].zh}）"
        rows.append(("代理人" if one.is_agent else "申请人", said))
        for label, secret in (
            ("证件号码", one.identity),
            ("电话", one.phone),
            ("电子邮箱", one.email),
            ("地址", one.address),
        ):
            if secret is not None:
                rows.append((label, _opened(secret)))
    rows += [("申请内容", matter.text), ("获取方式", request.wanted_form)]
    helped = helps.of_request(request)
    if helped is not None:
        rows.append(("协助", helps.printed(helped, request.applicants.count())))
    state = STATES[State(matter.state)].zh
    rows.append(("办理结果", REASONS[Ground(matter.ground)].name.zh if matter.ground else state))
    rows.append(("办结日期", matter.closed_on.isoformat() if matter.closed_on else ""))
    return Page("政府信息公开申请登记表", rows=tuple((a, b) for a, b in rows if b))


def _opened(secret: Any) -> str:
    if secret is None:
        return ""
    if secret.erased_at is not None:
        return vault.shown(secret)
    return letter_content.name_of(secret)


def _history(matter: Matter) -> Page:
    with translation.override("zh-hans"):  # a Chinese file, whoever makes it
        rows = tuple(
            (when(one.at), events.sentence(one), events.who(one))
            for one in queries.history(matter).order_by("at", "pk")
        )
    return Page("办理经过", ("时间", "事项", "办理人"), (38, 0, 40), rows)


def _contents(matter: Matter, listed: Sequence[tuple[str, date | None, int]]) -> Page:
    rows = tuple(
        (str(at), name, on.isoformat() if on else "", str(page) if page else "另附")
        for at, (name, on, page) in enumerate(listed, 1)
    )
    title = f"{TITLE}\n{words.number(matter)}　{matter.title}"
    return Page(title, ("序号", "材料", "日期", "页码"), (14, 0, 28, 16), rows)


# -- setting


@functools.lru_cache(maxsize=1)
def _press() -> pdf_press.Press:
    return pdf_press.Press(pdf_fonts.load(()), TEMPLATE, restarts=True)


def set_pages(matter: Matter, at: datetime, pages: Sequence[Page]) -> bytes:
    """Pages of our own setting as PDF."""
    press = _press()
    sheet = pdf_press.Sheet(press.fonts)
    content = {
        "name": sheet.plain(f"{TITLE} {words.number(matter)}"),
        "author": [sheet.plain(matter.organ.name)],
        "made": pdf_press.moment(at),
        "parts": [_laid(page, sheet) for page in pages],
    }
    return press.set(content, sheet)


def _laid(page: Page, sheet: pdf_press.Sheet) -> dict[str, Any]:
    head = [sheet.text(one) for one in page.head]
    if head:
        sheet.repeated.append("".join(head))
    return {
        "title": sheet.text(page.title, "title"),
        "head": head,
        "widths": list(page.widths),
        "rows": [[sheet.text(cell) for cell in row] for row in page.rows],
        "picture": None if page.picture is None else list(page.picture),
        "alt": sheet.plain(page.alt),
    }
