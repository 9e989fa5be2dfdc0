"""文书的制作: both files of a numbered letter, made once its number is safe.

The letter is composed in the transaction that draws its number, and kept sealed (`keep`): it holds
names. It is set after that is committed, under no lock; where setting fails, the number stands and
a later try, a person's or the worker's, sets the same text. Once both files are there, what was
kept is gone.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _now

from gongkai.statute import letter_json, letter_kinds, letters
from gongkai.statute.writers import letter_docx, letter_pdf
from gongkai.web.accounts.models import Account
from gongkai.web.applications import tracking_address
from gongkai.web.applications.models import Letter
from gongkai.web.ledger import attachments, vault
from gongkai.web.organs import preferences, seal_queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Organ
from gongkai.web.shell.refusals import Refusal

log = logging.getLogger("gongkai.letters")
KINDS = ("docx", "pdf")
MEANWHILE = timedelta(minutes=2)  # the request that numbered it may still be at it
LONGEST = timedelta(days=1)
AT_ONCE = 50


class NotMade(Refusal):
    """文书还没有制作出来: numbered, and its files are not there; it is made first."""


def keep(*, by: Doer, letter: Letter, made: letters.Letter, organ: Organ) -> None:
    """Seals what is to be set, with how it looks today; within the transaction that numbers it."""
    seal = seal_queries.seal_on(organ, made.on)
    whole = {
        "letter": letter_json.plain(made),
        **_look(organ),
        "seal": seal.pk if seal else None,
        "code": _code(made, organ),
    }
    letter.composed = vault.put(
        organ=letter.organ,
        subject=address(letter),
        label="letter",
        value=json.dumps(whole, ensure_ascii=False),
        at=by.at,
    )


def _look(organ: Organ) -> dict[str, Any]:
    return {
        "letterhead": bool(preferences.value_of(organ, "paper.letterhead")),
        "seal_width": float(preferences.number_of(organ, "paper.seal_width")),
    }


def _code(made: letters.Letter, organ: Organ) -> str:
    """The address that its QR code holds: of a letter that names it."""
    address = tracking_address.of(organ)
    return address if address and address in made.tracking else ""


def after_commit(*, by: Doer, letter: Letter) -> None:
    """Its files are made as soon as what numbers it is committed; nothing is where it is not."""
    transaction.on_commit(partial(attempt, pk=letter.pk, by=by.by, at=by.at))


def attempt(*, pk: int, by: Account | None, at: datetime) -> bool:
    """Whether both files are there now. A failure is logged, without what the letter says."""
    try:
        make(pk=pk, by=by, at=at)
    except Exception as failed:
        log.error("letter %d was not made: %s at %s", pk, type(failed).__name__, _place(failed))
        return False
    return True


def _place(failed: Exception) -> str:
    """Where in the code; what an exception says may hold a name."""
    last = traceback.extract_tb(failed.__traceback__)[-1:]
    return "".join(f"{one.filename}:{one.lineno}" for one in last)


def make(*, pk: int, by: Account | None, at: datetime) -> None:
    """制作: sets what was kept; twice at once comes to the same. Outside of any transaction, as it
    takes long. Raises what setting, the vault and the store raise."""
    one = _held().get(pk=pk)
    if one.composed is None:
        return
    whole = json.loads(vault.open_(one.composed))
    files = printed(letter_json.letter_of(whole["letter"]), _pictured(one, whole))
    kept = {kind: attachments.keep(_file(one, kind, files[kind]), kinds=(kind,)) for kind in KINDS}
    with transaction.atomic():
        held = _held().select_for_update(of=("self",)).get(pk=pk)
        if held.composed is None:  # somebody was quicker
            return
        for kind in KINDS:
            attached = attachments.attach_kept(
                kept[kind], organ=held.organ, subject=address(held), by=by, at=at
            )
            setattr(held, kind, attached)
        secret, held.composed = held.composed, None
        held.save(update_fields=[*KINDS, "composed"])
        vault.drop(secret)


def left_over(*, at: datetime) -> list[int]:
    """What a failure or a restart left unmade of late; after a day a person has to look at it."""
    since, until = at - LONGEST, at - MEANWHILE
    rows = Letter.objects.filter(composed__made_at__gte=since, composed__made_at__lte=until)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _held() -> Any:
    return Letter.objects.select_related("organ", "composed")


def _file(letter: Letter, kind: str, data: bytes) -> SimpleUploadedFile:
    title = letter_kinds.kind(letter.kind).title
    return SimpleUploadedFile(f"{title}（{letter.number or letter.pk}）.{kind}", data)


def _pictured(letter: Letter, whole: dict[str, Any]) -> dict[str, Any]:
    seal = seal_queries.seal(whole["seal"]) if whole["seal"] else None
    return {
        "letterhead": whole["letterhead"],
        "seal": _picture(seal) if seal else None,
        "seal_width": whole["seal_width"],
        "codes": [tracking_address.png(whole["code"])],
    }


def printed(made: letters.Letter, look: dict[str, Any]) -> dict[str, bytes]:
    """Both files."""
    writers: dict[str, Callable[..., Any]] = {"docx": letter_docx.write, "pdf": letter_pdf.write}
    return {kind: writers[kind]([made], **look).data for kind in KINDS}


def preview(made: letters.Letter, organ: Organ) -> bytes:
    """预览: the PDF as it would be today, without a seal."""
    codes = [tracking_address.png(_code(made, organ))]
    return letter_pdf.write([made], **_look(organ), codes=codes).data


def _picture(seal: Any) -> bytes:
    with seal.picture.open("rb") as stream:
        data: bytes = stream.read()
    return data


def address(letter: Letter) -> str:
    """The letter's address for its files."""
    return f"letter/{letter.pk}"


def there(letter: Letter) -> None:
    """Raises NotMade where its files are still to be made: it is not sent or archived so."""
    if letter.unmade:
        raise NotMade(
            _now("文书 %(number)s 还没有制作出来。请打开这件文书，点“重新制作”，再继续。")
            % {"number": letter.number or letter_kinds.kind(letter.kind).title}
        )
