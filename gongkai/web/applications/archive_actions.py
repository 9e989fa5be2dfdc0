"""归档: the case file is made, kept, and the case archived; its file is never made twice."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from gongkai.statute.case_events import Act, Archived
from gongkai.web.applications import archive_file, letter_rendering, recording, words
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import attachments
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Attachment
from gongkai.web.organs.actions import Doer


def archive(*, by: Doer, matter: Matter, version: int, on: date) -> Matter:
    """归档. The file is set before anything is locked; whoever acted meanwhile makes it Stale.

    Raises what `recording.act` raises, letter_rendering.NotMade, letter_content.NoName,
    attachments.Damaged.
    """
    recording.check(by, matter, Act.ARCHIVE)
    for letter in matter.letters.all():
        letter_rendering.there(letter)
    made = archive_file.made(matter, by.at)
    name = f"{archive_file.TITLE}（{words.number(matter)}）.pdf"
    kept = attachments.keep(SimpleUploadedFile(name, made.data), kinds=("pdf",), most=MOST)
    return _archived(by, matter, version, on, kept)


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
