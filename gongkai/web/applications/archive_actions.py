"""归档: the case file is made, kept, and the case archived.

Its file is made once; only where a remedy came to its end after that, it is made anew with the
papers of the remedy, and the one before stays in the store.
"""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongkai.statute.case_events import Act, Archived
from gongkai.web.applications import archive_file, letter_rendering, recording, words
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import attachments
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Attachment
from gongkai.web.organs.actions import Doer
from gongkai.web.shell.refusals import Refusal


class NotWhole(Refusal):
    """卷内文件损坏: a file of the case is gone or damaged, so that its file would lack it."""


def archive(*, by: Doer, matter: Matter, version: int, on: date) -> Matter:
    """归档. The file is set before anything is locked; whoever acted meanwhile makes it Stale.

    Raises what `recording.act` raises, letter_rendering.NotMade, letter_content.NoName, NotWhole.
    """
    recording.check(by, matter, Act.ARCHIVE)
    return _archived(by, matter, version, on, made(by, matter))


def made(by: Doer, matter: Matter) -> attachments.Kept:
    """The file of the case as it stands, in the store; outside of any transaction.

    Raises letter_rendering.NotMade, letter_content.NoName, NotWhole.
    """
    for letter in matter.letters.all():
        letter_rendering.there(letter)
    try:
        data = archive_file.made(matter, by.at).data
    except attachments.Damaged:
        raise NotWhole(
            _("卷内有文件在存储中找不到或已损坏，请联系系统管理员恢复后再归档。")
        ) from None
    name = f"{archive_file.TITLE}（{words.number(matter)}）.pdf"
    return attachments.keep(SimpleUploadedFile(name, data), kinds=("pdf",), most=MOST)


def renew(by: Doer, matter: Matter, kept: attachments.Kept) -> None:
    """Puts a file made anew (`made`) in the place of the one before, which stays in the store."""
    attachments.attach_kept(kept, organ=matter.organ, subject=address(matter), by=by.by, at=by.at)


MOST = 400 << 20  # bytes; the service's own limit of uploads holds besides


@transaction.atomic
def _archived(by: Doer, matter: Matter, version: int, on: date, kept: attachments.Kept) -> Matter:
    after = recording.act(by=by, matter=matter, event=Archived(on), version=version)
    attachments.attach_kept(kept, organ=matter.organ, subject=address(matter), by=by.by, at=by.at)
    return after


def address(matter: Matter) -> str:
    """Of the file: not among the files of the case, as it holds names and numbers."""
    return f"archive/{matter.pk}"


def file_of(matter: Matter) -> Attachment | None:
    """The case file, once it is archived."""
    return ledger.attachments_of(address(matter)).last()
