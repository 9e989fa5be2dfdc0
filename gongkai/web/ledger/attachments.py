"""附件: files of matters: content kept once under its hash, the original name beside it.

There is no common address for them: an app finds an attachment through its own ``visible_…`` query
and then calls `serve`, so that a file is seen by whoever sees its matter and by nobody else.

The content is in the store before the row that tells of it is written: what was acknowledged is
there. What was stored in vain is swept after a day (`stored`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.http import FileResponse

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Attachment, StoredFile
from gongkai.web.shell import storage, uploads

FOLDER = "kept"  # of the store


class Damaged(Exception):
    """文件损坏: the store does not hold what was once put there: gone, or other bytes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """已存的内容: an upload that was checked and is in the store; no row tells of it yet."""

    file: UploadedFile
    upload: uploads.Upload


def address(sha256: str) -> str:
    """Where the store holds the content of this hash."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def keep(
    file: UploadedFile, *, kinds: Collection[str], most: int | None = None, macros: bool = False
) -> Kept:
    """Checks an upload and puts it into the store; outside of any transaction, as both take time.

    Raises uploads.Refused, with the file in quarantine.
    """
    upload = uploads.accept(file, kinds=kinds, most=most, macros=macros)
    known = StoredFile.objects.filter(sha256=upload.sha256).exists()
    if not (known and is_whole(upload.sha256, upload.size)):  # gone: this brings it back
        storage.put(address(upload.sha256), file)
    return Kept(file, upload)


@transaction.atomic
def attach_kept(
    kept: Kept, *, organ: Model, subject: str, by: Account | None, at: datetime
) -> Attachment:
    """Attaches to a matter what `keep` put into the store, under its own name."""
    found = _row(kept, at)
    return Attachment.objects.create(
        organ_id=organ.pk, subject=subject, file=found, name=kept.upload.name, by=by, at=at
    )


def attach(
    *,
    organ: Model,
    subject: str,
    file: UploadedFile,
    kinds: Collection[str],
    by: Account | None,
    at: datetime,
    most: int | None = None,
    macros: bool = False,
) -> Attachment:
    """Checks an upload, keeps it and attaches it to a matter, in one.

    ``kinds`` are keys of uploads.KINDS (`uploads.DOCUMENTS`: all that can be read). Where many are
    attached in one transaction, `keep` them before it. Raises uploads.Refused.
    """
    kept = keep(file, kinds=kinds, most=most, macros=macros)
    return attach_kept(kept, organ=organ, subject=subject, by=by, at=at)


def _row(kept: Kept, at: datetime) -> StoredFile:
    """The one row of this content. While it is new nobody sweeps the content away (`stored`)."""
    upload = kept.upload
    found, new = StoredFile.objects.get_or_create(
        sha256=upload.sha256,
        defaults={
            "size": upload.size,
            "kind": upload.kind,
            "stored_at": at,
            "scanned": upload.scanned,
        },
    )
    if new and not is_whole(upload.sha256, upload.size):  # swept just now
        storage.put(address(upload.sha256), kept.file)
    if upload.scanned and found.scanned != upload.scanned:
        StoredFile.objects.filter(pk=found.pk).update(scanned=upload.scanned)
        found.scanned = upload.scanned
    return found


def is_whole(sha256: str, size: int) -> bool:
    """Whether the store holds as many bytes under the name of the content."""
    try:
        return default_storage.size(address(sha256)) == size
    except FileNotFoundError:
        return False


def remove(attachment: Attachment, *, at: datetime) -> None:
    """Takes an attachment off its matter; it and its content stay on record."""
    Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=at)
    attachment.refresh_from_db(fields=["removed_at"])


# -- what is in it


def content(attachment: Attachment) -> IO[bytes]:
    """The bytes, as a stream; raises Damaged where the store has none."""
    try:
        return default_storage.open(address(attachment.file.sha256), "rb")
    except FileNotFoundError:
        raise Damaged(f"attachment {attachment.pk}: not in the store") from None


def verified(attachment: Attachment) -> bytes:
    """The bytes, held against their hash; raises Damaged."""
    with content(attachment) as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != attachment.file.sha256:
        raise Damaged(f"attachment {attachment.pk}: other bytes than were stored")
    return data


def serve(attachment: Attachment) -> FileResponse:
    """A download under the original name, never shown in the page, for who was let see it.

    The caller has found the attachment through a ``visible_…`` query. Raises Damaged.
    """
    return uploads.serve(content(attachment), attachment.name, attachment.file.kind)
