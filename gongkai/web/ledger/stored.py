"""存储核对: what the store and the rows know of each other, held together once a day.

Content that no row tells of was stored in vain: an upload broken off between store and database. It
goes after a day. A row without its content is only told: a backup of the store may still have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import StoredFile
from gongkai.web.shell import storage

STAYS = timedelta(days=1)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Held:
    """核对结果: how many objects were swept, and the hashes whose content is gone."""

    swept: int
    missing: tuple[str, ...]


def sweep(*, at: datetime, beat: Callable[[], object] = lambda: None) -> Held:
    """Removes what no row tells of, a day after it came; names the rows without content.

    ``beat`` is called all the while: a store of millions takes longer than a sign of life lasts.
    """
    there: set[str] = set()
    swept = 0
    for chunk in _chunks(storage.names(attachments.FOLDER)):
        beat()
        told = _told([name for name, _written in chunk])
        there |= told
        old = [n for n, written in chunk if n not in told and written < at - STAYS]
        swept += sum(_removed(name, at) for name in old)
    rows = StoredFile.objects.filter(stored_at__lt=at).values_list("sha256", "size")
    missing = [
        sha256
        for sha256, size in rows.iterator(chunk_size=2000)
        if attachments.address(sha256) not in there
        and not attachments.is_whole(sha256, size)  # it came while we looked
    ]
    return Held(swept, tuple(missing))


def _chunks(
    found: Iterator[tuple[str, datetime]],
) -> Iterator[list[tuple[str, datetime]]]:
    chunk: list[tuple[str, datetime]] = []
    for one in found:
        chunk.append(one)
        if len(chunk) == _BATCH:
            yield chunk
            chunk = []
    yield chunk


def _told(names: list[str]) -> set[str]:
    """Those of the names that a row tells of."""
    hashes = [name.rpartition("/")[2] for name in names]
    rows = StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)
    return {attachments.address(sha256) for sha256 in rows} & set(names)


def _removed(name: str, at: datetime) -> bool:
    """Removes an object, while its row is held against anybody who attaches it just now.

    Whoever attaches writes the content first, then the row; the row waits for ours, and where ours
    has cost the content, it is written again (`attachments.attach_kept`).
    """
    sha256 = name.rpartition("/")[2]
    if len(sha256) != 64:  # never written to its end
        default_storage.delete(name)
        return True
    try:
        with transaction.atomic():
            StoredFile.objects.create(sha256=sha256, size=0, kind="", stored_at=at)
            default_storage.delete(name)
            transaction.set_rollback(True)
    except IntegrityError:  # attached meanwhile
        return False
    return True
