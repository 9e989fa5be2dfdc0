"""交来: files handed in at once become a batch of papers, each of which is then read by the queue.

Each file is taken for itself: one that is refused, or that is here already, is told of and stops no
other; what was taken before the process died is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.statute.texts import Text
from gongkai.web.desk import intake_words, jobs, queries
from gongkai.web.desk.models import Batch, Paper
from gongkai.web.ledger import attachments, numbers
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell import uploads
from gongkai.web.shell.refusals import Refusal

MOST = 2000  # files of a batch
_AT_ONCE = 20  # files stored, then written down, together

Stored = attachments.Kept | tuple[str, Text]  # in the store, or its name and why it was refused


class Nothing(Refusal):
    """没有文件: nothing was chosen."""

    def __init__(self) -> None:
        super().__init__(_("没有选择文件。"), field="files")


class TooMany(Refusal):
    """文件过多: more than a batch holds."""

    def __init__(self) -> None:
        super().__init__(
            _("一次最多交 %(most)s 个文件，请分批或打成压缩包。") % {"most": MOST}, field="files"
        )


def hand_in(*, by: Doer, files: Sequence[UploadedFile]) -> Batch:
    """交来一批: every file a paper, read in the background from now on.

    One transaction for the batch, then one for every few files. Raises NotAllowed, Nothing,
    TooMany.
    """
    check(files)
    batch = begin(by=by, count=len(files))
    take_rest(by=by, batch=batch, files=files)
    return batch


def check(files: Sequence[UploadedFile]) -> None:
    """Raises Nothing, TooMany."""
    if not files:
        raise Nothing
    if len(files) > MOST:
        raise TooMany


def take_rest(*, by: Doer, batch: Batch, files: Sequence[UploadedFile]) -> None:
    """Those of a batch's files that are not yet taken, in their order: the same files sent again,
    while the first sending is at it or after it broke off, are taken once. Raises NotAllowed."""
    for at in range(0, len(files), _AT_ONCE):
        if batch.papers.count() <= at:
            take_all(by=by, batch=batch, files=files[at : at + _AT_ONCE], at=at)
    end(batch=batch)


@transaction.atomic
def begin(*, by: Doer, count: int) -> Batch:
    """A new batch with its number and its event, as yet without papers. Raises NotAllowed."""
    held = by.capacity
    if held is None or held.role not in queries.WORKS:
        raise NotAllowed
    year = timezone.localdate(by.at).year
    batch = Batch.objects.create(
        organ=held.organ,
        acting_as=by.acting_as,
        acting_for=by.acting_for,
        year=year,
        number=numbers.draw(held.organ, "desk", year),
        by=by.by,
        at=by.at,
    )
    told = {"batch": intake_words.number_of(batch), "files": count}
    by.tell("desk.handed_in", held.organ, queries.batch_address(batch), new=told)
    return batch


def take(*, by: Doer, batch: Batch, file: UploadedFile) -> Paper:
    """One more file of a batch: waiting to be read; or failed, where it was refused or is here
    already, with what to do in its errors. Raises NotAllowed."""
    return take_all(by=by, batch=batch, files=[file])[0]


def take_all(
    *,
    by: Doer,
    batch: Batch,
    files: Sequence[UploadedFile],
    at: int | None = None,
) -> list[Paper]:
    """Several, in one transaction once they are stored; where ``at`` is given, only as those that
    follow so many papers. Raises NotAllowed."""
    return written(by=by, batch=batch, files=stored(by=by, batch=batch, files=files), at=at)


def stored(*, by: Doer, batch: Batch, files: Sequence[UploadedFile]) -> list[Stored]:
    """What is in the store of files that `written` then tells of. Raises NotAllowed."""
    _may(by, batch)
    return [_stored(file) for file in files]


def _may(by: Doer, batch: Batch) -> None:
    if batch.by_id != by.by.pk or by.capacity is None or by.capacity.organ.pk != batch.organ_id:
        raise NotAllowed


def written(
    *, by: Doer, batch: Batch, files: Sequence[Stored], at: int | None = None
) -> list[Paper]:
    """A paper for each stored file, in one transaction. Raises NotAllowed."""
    _may(by, batch)
    # The first one wakes the queue, which then goes on until nothing waits; `end` does it again.
    idle = not batch.papers.filter(state__in=queries.OPEN).exists()
    with transaction.atomic():
        if at is not None:
            Batch.objects.select_for_update().get(pk=batch.pk)
            if batch.papers.count() != at:
                return []
        papers = [_paper(by, batch, one) for one in files]
        if idle and any(paper.state == Paper.State.WAITING for paper in papers):
            jobs.wake()
    return papers


def _stored(file: UploadedFile) -> Stored:
    try:
        return attachments.keep(file, kinds=uploads.DOCUMENTS, macros=True)
    except uploads.Refused as refused:
        return uploads.clean_name(file.name or ""), refused.text


def _paper(by: Doer, batch: Batch, stored: Stored) -> Paper:
    if isinstance(stored, tuple):
        name, why = stored
        return _failed(by, batch, name, intake_words.REFUSED, why)
    attachment = attachments.attach_kept(
        stored, organ=batch.organ, subject=queries.batch_address(batch), by=by.by, at=by.at
    )
    paper = Paper(batch=batch, attachment=attachment, name=attachment.name)
    earlier = queries.same_file(paper)
    if earlier is not None:
        paper.state, paper.ended_at = Paper.State.FAILED, by.at
        paper.errors = [intake_words.same_file(earlier)]
    paper.save()
    return paper


def end(*, batch: Batch) -> None:
    """Nothing more comes: a batch without a paper to be read has ended."""
    if queries.is_ready(batch):
        Batch.objects.filter(pk=batch.pk, ended_at__isnull=True).update(ended_at=batch.at)
        batch.refresh_from_db(fields=["ended_at"])
    jobs.wake()


def _failed(by: Doer, batch: Batch, name: str, id: str, why: Text) -> Paper:
    return Paper.objects.create(
        batch=batch,
        name=name,
        state=Paper.State.FAILED,
        errors=[{"id": id, "zh": why.zh, "en": why.en}],
        ended_at=by.at,
    )
