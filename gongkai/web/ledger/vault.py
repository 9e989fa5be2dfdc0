"""个人信息保管: telephone numbers, addresses and the like, sealed one by one; others hold a key.

AES-256-GCM, or SM4-GCM (国密) where GONGKAI_VAULT_ALGORITHM says so. What a value is and whose it
is goes into the seal: put into another row it does not open. People see values masked; who opens
one says for what, and that is an event.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.ledger import events, keys
from gongkai.web.ledger.models import Secret
from gongkai.web.shell import masking
from gongkai.web.shell.refusals import Refusal

ALGORITHMS: Final = {"aes-256-gcm": (algorithms.AES, 32), "sm4-gcm": (algorithms.SM4, 16)}
SHORTEST = 4  # characters of a purpose or a reason
LOCK = 0x60_6E_67_76  # of PostgreSQL's advisory locks, ours: shared to seal, alone to drop a key
_NONCE, _TAG = 12, 16
_MASKS = {
    "phone": masking.phone,
    "email": masking.email,
    "identity_number": masking.identity,
    "name": masking.name,
    "address": masking.address,
}
LABELS: dict[str, Promise] = {
    "phone": _("电话"),
    "email": _("电子邮箱"),
    "identity_number": _("证件号码"),
    "name": _("姓名"),
    "address": _("地址"),
    "letter": _("文书内容"),  # composed and not yet set
}
KINDS: dict[str, Promise] = {
    "secret.unmasked": _("查看%(secret_label)s，事由：%(purpose)s"),
    "secret.erased": _("删除%(secret_label)s，理由：%(reason)s"),
}
GROUPS: dict[str, Promise] = {"secret": _("个人信息")}


class NoPurpose(Refusal):
    """未写事由: personal data is opened for a purpose, and erased for a reason."""


class Erased(Refusal):
    """已删除: nothing is left to open."""


def register() -> None:
    """Tells the ledger of its own kinds, when the app is ready."""
    events.register(KINDS, GROUPS, words={"secret_label": LABELS})


# -- putting


@transaction.atomic
def put(*, organ: Model | None, subject: str, label: str, value: str, at: datetime) -> Secret:
    """Seals a value in the caller's transaction. Raises `keys.Unreadable`, ValueError."""
    (made,) = put_many([(subject, label, value)], organ=organ, at=at)
    return made


@transaction.atomic
def put_many(
    values: Iterable[tuple[str, str, str]], *, organ: Model | None, at: datetime
) -> list[Secret]:
    """Seals many (subject, label, value), in their order. Raises as `put`."""
    hold()
    held = _keys()
    found = []
    for subject, label, value in values:
        if label not in LABELS:
            raise ValueError(f"{label} is no label of the vault")
        made = Secret(
            key=uuid.uuid4(),
            organ_id=organ.pk if organ else None,
            subject=subject,
            label=label,
            mark=mark(value, label, held),
            made_at=at,
        )
        seal(made, value, held, settings.VAULT_ALGORITHM)
        found.append(made)
    return Secret.objects.bulk_create(found, batch_size=500)


def hold() -> None:
    """Until the transaction is over no key is dropped: its row may need the one in hand.

    With SQLite the transaction itself holds every other writer off.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def ready() -> None:
    """Makes the first keys, where no row needs others. Raises `keys.Unreadable`."""
    _keys()


def _keys() -> keys.Keys:
    if not keys.there() and not any(needed()):  # never new ones in place of lost ones
        return keys.make()
    return keys.read()


def seal(secret: Secret, value: str, held: keys.Keys, algorithm: str) -> None:
    """Fills a row, with the current key."""
    cipher, length = ALGORITHMS[algorithm]
    secret.algorithm, secret.key_id, secret.nonce = algorithm, held.current, os.urandom(_NONCE)
    key = held.of(held.current, algorithm, length)
    sealing = Cipher(cipher(key), modes.GCM(secret.nonce)).encryptor()
    sealing.authenticate_additional_data(_bound(secret))
    secret.sealed = sealing.update(value.encode()) + sealing.finalize() + sealing.tag


def _bound(secret: Secret) -> bytes:
    said = [str(secret.key), secret.organ_id, secret.subject, secret.label, secret.algorithm]
    return json.dumps(said, ensure_ascii=False).encode()


# -- finding


def mark(value: str, label: str, held: keys.Keys | None = None) -> str:
    """The mark of a value: equal for values that mean the same, and telling nothing of them."""
    said = f"{label}\0{normal(value, label)}"
    return hmac.digest((held or keys.read()).mark, said.encode(), hashlib.sha256).hex()


def normal(value: str, label: str) -> str:
    """A value as it is compared: without what people write now one way, now another."""
    said = " ".join(unicodedata.normalize("NFKC", value).split())
    if label == "phone":
        digits = re.sub(r"^(?:\+|00)86(?=\d{10,})", "", re.sub(r"[^\d+]", "", said))
        return digits or said.casefold()  # words in place of a number are not all the same
    if label == "identity_number":
        return said.replace(" ", "").upper()
    return said.casefold()


def like(value: str, label: str) -> QuerySet[Secret]:
    """The rows that hold this value, whatever they belong to. Raises `keys.Unreadable`."""
    return Secret.objects.filter(mark=mark(value, label), label=label)


def held_of(marks: Sequence[str], label: str) -> bool:
    """Whether any row has one of these marks."""
    return Secret.objects.filter(mark__in=marks, label=label).exists()


# -- opening


def shown(secret: Secret) -> str:
    """The value masked, as people see it."""
    if secret.erased_at is not None:
        return str(_("已删除"))
    try:
        value = open_(secret)
    except keys.Unreadable:
        return str(_("（打不开，缺密钥）"))
    except Erased:
        return str(_("已删除"))
    by_label = _MASKS.get(secret.label)
    return by_label(value) if by_label else masking.STARS


def open_(secret: Secret) -> str:
    """The value, for the service itself. Raises `keys.Unreadable`, Erased."""
    held = keys.read()
    if secret.erased_at is None and secret.key_id not in held.by_id:
        # Rotated since the row was read: the key in it may be gone, the value is not.
        secret.refresh_from_db()
    if secret.erased_at is not None:
        raise Erased(_("这项个人信息已经删除，不能再看。"))
    return opened(secret, held)


def opened(secret: Secret, held: keys.Keys) -> str:
    """The value by the keys in hand. Raises `keys.Unreadable`."""
    if secret.algorithm not in ALGORITHMS:
        raise keys.Unreadable(str(_("不认识的算法 %s")) % secret.algorithm)
    cipher, length = ALGORITHMS[secret.algorithm]
    key = held.of(secret.key_id, secret.algorithm, length)
    sealed = bytes(secret.sealed)
    try:
        mode = modes.GCM(bytes(secret.nonce), sealed[-_TAG:])
        opening = Cipher(cipher(key), mode).decryptor()
        opening.authenticate_additional_data(_bound(secret))
        return (opening.update(sealed[:-_TAG]) + opening.finalize()).decode()
    except (InvalidTag, ValueError):
        raise keys.Unreadable(str(_("密钥与内容不符，或这一行被改动过"))) from None


@transaction.atomic
def unmask(secret: Secret, *, act: events.Act, organ: Model | None, purpose: str) -> str:
    """查看: the value, for a person who says for what; told in the same transaction.

    Who may see it at all is for the caller. Raises NoPurpose, Erased, `keys.Unreadable`.
    """
    purpose = said(purpose, _("请写明查看的事由，至少 %d 个字。"), "purpose")
    value = open_(secret)
    told = {"secret_label": secret.label, "purpose": purpose, "secret": str(secret.key)}
    whose = organ.pk if organ else None
    events.record_many(act, [events.What("secret.unmasked", whose, secret.subject, {}, told)])
    return value


# -- erasing


@transaction.atomic
def erase(secrets: Iterable[Secret], *, act: events.Act, reason: str) -> int:
    """删除: what the rows held is gone for good; the rows and the events that name them stay.

    Returns how many were erased now. Raises NoPurpose.
    """
    reason = said(reason, _("请写明删除的理由，至少 %d 个字。"), "reason")
    keys_ = [one.pk for one in secrets]
    rows = Secret.objects.filter(pk__in=keys_, erased_at__isnull=True)
    found = list(rows.select_for_update().order_by("pk"))
    told = []
    for one in found:
        one.nonce, one.sealed, one.mark, one.key_id, one.erased_at = b"", b"", "", "", act.at
        one.save(update_fields=["nonce", "sealed", "mark", "key_id", "erased_at"])
        new = {"secret_label": one.label, "reason": reason, "secret": str(one.pk)}
        told.append(events.What("secret.erased", one.organ_id, one.subject, {}, new))
    if told:
        events.record_many(act, told)
    return len(found)


def drop(secret: Secret) -> None:
    """Of what stands elsewhere by now: the row is gone; nothing of a person is erased by that."""
    Secret.objects.filter(pk=secret.pk).delete()


def held(subject: str) -> QuerySet[Secret]:
    """What a matter holds that is not erased."""
    return Secret.objects.filter(subject=subject, erased_at__isnull=True)


def said(given: str, words: Promise, field: str) -> str:
    """A purpose or reason, long enough to be one. Raises NoPurpose with ``words``."""
    found = " ".join(given.split())
    if len(found) < SHORTEST:
        raise NoPurpose(words % SHORTEST, field=field)
    return found


# -- which keys rows need


def needed() -> Iterator[str]:
    """The keys that rows need, by steps over the index: quick however many rows there are."""
    last = ""
    while True:
        rows = Secret.objects.filter(key_id__gt=last).order_by("key_id")
        found = rows.values_list("key_id", flat=True).first()
        if found is None:
            return
        yield found
        last = found


def state() -> str:
    """For /healthz: ``ok``, or ``keys missing`` where rows need a key that is not there."""
    try:
        keys.complete(needed())
    except keys.Unreadable:
        return "keys missing"
    return "ok"
