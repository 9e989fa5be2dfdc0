"""成批文书: several letters in one PDF, and the list of addresses for their envelopes.

The files are those that were kept when the letters were numbered: the batch is never another text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.statute import letter_kinds
from gongkai.statute.pdfium import LOCK
from gongkai.web.applications import letter_actions, letter_content, letter_rendering
from gongkai.web.applications.models import Letter
from gongkai.web.ledger import attachments, vault
from gongkai.web.ledger.models import Secret
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.refusals import Refusal

MOST = 200  # letters in one go


class NothingToPrint(Refusal):
    """没有可以打印的: none of the letters has been numbered."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """信封: one row of the list."""

    number: str
    kind: str
    addressee: str
    address: str
    postcode: str


def printed(letters: Sequence[Letter]) -> list[Letter]:
    """Those that can go out: numbered, and not made void."""
    states = (Letter.State.NUMBERED, Letter.State.SENT)
    return [one for one in letters if one.state in states][:MOST]


@transaction.atomic
def together(*, by: Doer, letters: Sequence[Letter]) -> bytes:
    """合并打印: the kept PDFs one after the other; that each was taken is told.

    Raises NothingToPrint, letter_rendering.NotMade, attachments.Damaged.
    """
    ready = printed(letters)
    for one in ready:
        letter_rendering.there(one)
    if not ready:
        raise NothingToPrint(_("所选的文书都还没有编号印制，或者已经作废。"))
    for one in ready:
        letter_actions.tell(by, "letter.printed", one)
    return joined([attachments.verified(one.pdf) for one in ready if one.pdf is not None])


def joined(files: Sequence[bytes]) -> bytes:
    """PDF files one after the other."""
    with LOCK:
        made = pypdfium2.PdfDocument.new()
        for data in files:
            one = pypdfium2.PdfDocument(data)
            made.import_pages(one)
            one.close()
        out = io.BytesIO()
        made.save(out)
        made.close()
    return out.getvalue()


@transaction.atomic
def envelopes(*, by: Doer, letters: Sequence[Letter], purpose: str) -> list[Envelope]:
    """邮寄名单: names and addresses, opened for a purpose; every opening is told.

    Of the same letters that are printed together: nothing is opened for a draft.
    Raises vault.NoPurpose, keys.Unreadable.
    """
    purpose = vault.said(purpose, _("请写明用途，至少 %d 个字。"), "purpose")
    chosen = printed(letters)
    rows = [row for one in chosen for row in _envelopes(by, one, purpose)]
    for organ in {one.organ for one in chosen}:
        count = sum(one.organ_id == organ.pk for one in chosen)
        new = {"count": count, "purpose": purpose}
        by.tell("letter.merged", organ, f"organ/{organ.code}", new=new)
    return rows


def _envelopes(by: Doer, letter: Letter, purpose: str) -> Iterator[Envelope]:
    kind = letter_kinds.kind(letter.kind)

    def opened(secret: Secret | None) -> str:
        if secret is None or secret.erased_at is not None:
            return ""
        return vault.unmask(secret, act=by.act, organ=letter.organ, purpose=purpose)

    if letter.party is not None:
        party = letter.party
        name = party.organisation or opened(party.name)
        yield Envelope(letter.number, kind.title, name, opened(party.contact), "")
        return
    if kind.to != "applicant":
        name = str(letter_content.read(letter.values).get("addressee", ""))
        yield Envelope(letter.number, kind.title, name, "", "")
        return
    for one in letter_content.principals(letter.of):
        name = one.organisation or opened(one.name)
        yield Envelope(letter.number, kind.title, name, opened(one.address), one.postcode)


HEADINGS = (_("文号"), _("文书"), _("收件人"), _("地址"), _("邮政编码"))


def headings() -> list[str]:
    """Of the list."""
    return [str(one) for one in HEADINGS]


def rows(found: Sequence[Envelope]) -> list[tuple[str, str, str, str, str]]:
    """Of the list."""
    return [(one.number, one.kind, one.addressee, one.address, one.postcode) for one in found]


def name(kind: str) -> str:
    """Of the file."""
    return _now("文书.%(kind)s") % {"kind": kind}
