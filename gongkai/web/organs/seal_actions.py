"""印章图样的变更: a new picture from a day on, and the end of one without another."""

from __future__ import annotations

import secrets
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.web.organs import seal_pictures
from gongkai.web.organs.actions import Doer, WrongDay, address
from gongkai.web.organs.models import Organ, Seal
from gongkai.web.shell import uploads
from gongkai.web.shell.languages import lang
from gongkai.web.shell.refusals import Refusal


class UnfitPicture(Refusal):
    """图样不合用: no PNG, too large, without transparent ground, not red."""


class NoSeal(Refusal):
    """没有在用的印章图样。"""

    def __init__(self) -> None:
        super().__init__(_("本机关没有在用的印章图样，无须停用。"))


@transaction.atomic
def add_seal(*, by: Doer, organ: Organ, picture: UploadedFile | None, valid_from: date) -> Seal:
    """更换印章图样: from a day on; the former one stays for what was printed before.

    Raises NotAllowed, UnfitPicture, WrongDay.
    """
    organ = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    by.may_administer(organ)
    if valid_from < organ.valid_from or (organ.valid_to and valid_from >= organ.valid_to):
        raise WrongDay(_("启用日期应在机关存续期内。"), field="valid_from")
    last = organ.seals.order_by("-valid_from").first()
    if last is not None and valid_from <= last.valid_from:
        raise WrongDay(
            _now("应晚于上一枚图样的启用日期 %(day)s。") % {"day": last.valid_from.isoformat()},
            field="valid_from",
        )
    if last is not None and last.valid_to is not None and valid_from < last.valid_to:
        raise WrongDay(
            _now("应不早于上一枚图样的停用日期 %(day)s。") % {"day": last.valid_to.isoformat()},
            field="valid_from",
        )
    sha256, file = _accepted(picture)
    organ.seals.filter(valid_to__isnull=True).update(valid_to=valid_from)
    made = Seal.objects.create(
        organ=organ,
        picture=file,
        sha256=sha256,
        valid_from=valid_from,
        added_by=by.by,
        added_at=by.at,
    )
    _event("organ.seal", by, organ, made, last)
    return made


@transaction.atomic
def end_seal(*, by: Doer, organ: Organ, on: date) -> Seal:
    """停用印章图样: from a day on nothing is printed. Raises NotAllowed, NoSeal, WrongDay."""
    organ = Organ.objects.select_for_update(no_key=True).get(pk=organ.pk)
    by.may_administer(organ)
    present = organ.seals.filter(valid_to__isnull=True).first()
    if present is None:
        raise NoSeal
    if on <= present.valid_from:
        raise WrongDay(
            _now("应晚于启用日期 %(day)s。") % {"day": present.valid_from.isoformat()}, field="on"
        )
    present.valid_to = on
    present.save()
    _event("organ.seal_ended", by, organ, None, present, on=on)
    return present


def _accepted(picture: UploadedFile | None) -> tuple[str, UploadedFile]:
    if picture is None:
        raise UnfitPicture(_("请选择印章图样（PNG）。"), field="picture")
    try:
        upload = uploads.accept(picture, kinds=("png",), most=seal_pictures.MOST)
    except uploads.Refused as refused:
        said = refused.text.say(lang())
        raise UnfitPicture(said, field="picture") from None
    try:
        seal_pictures.look_at(picture.read())
    except seal_pictures.Unfit as unfit:
        raise UnfitPicture(unfit.message, field="picture") from None
    picture.seek(0)
    picture.name = f"{secrets.token_hex(16)}.png"
    return upload.sha256, picture


def _event(
    kind: str,
    by: Doer,
    organ: Organ,
    new: Seal | None,
    old: Seal | None,
    *,
    on: date | None = None,
) -> None:
    day = on or (new.valid_from if new else None)
    by.tell(
        kind,
        organ,
        address(organ),
        old={"sha256_before": old.sha256} if old else {},
        new={
            **({"sha256": new.sha256, "seal": new.pk} if new else {}),
            **({"on": day.isoformat()} if day else {}),
        },
    )
