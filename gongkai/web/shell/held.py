"""暂存的文件: what was chosen in a form that asks once more before it acts, until it is confirmed.

A browser sends a chosen file once and cannot be handed it back. So the file waits in the store, and
the form carries a signed word for it in fields ``_held``: for the same person and the same page,
for a day. `files` puts those together with what was sent now; `sweep` is for the daily job.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from gongkai.web.shell import storage

FIELD = "_held"
FOLDER = "held"  # of the store
STAYS = timedelta(hours=24)
_SALT = "gongkai.held"


@dataclass(frozen=True, slots=True)
class Held:
    """一个暂存的文件: ``word`` is what the form carries."""

    word: str
    field: str
    name: str
    media: str
    key: str

    @property
    def place(self) -> str:
        """Where the store holds it."""
        return f"{FOLDER}/{self.key}"


def hold(request: HttpRequest) -> list[Held]:
    """Puts the files sent now into the store; with those held before, for the next form."""
    return [
        *held(request),
        *(_put(request, name, one) for name in request.FILES for one in _sent(request, name)),
    ]


def _sent(request: HttpRequest, name: str) -> list[UploadedFile]:
    return [one for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)]


def _put(request: HttpRequest, field: str, file: UploadedFile) -> Held:
    key = secrets.token_urlsafe(24)
    name, media = file.name or "", file.content_type or ""
    told = [_whose(request), request.path, field, name, media, key]
    one = Held(signing.dumps(told, salt=_SALT), field, name, media, key)
    storage.put(one.place, file)
    return one


def held(request: HttpRequest) -> list[Held]:
    """What this form carries, of this person and this page, whether it is still there or not."""
    found = (_read(word) for word in request.POST.getlist(FIELD))
    mine = [_whose(request), request.path]
    return [one for whose, one in (pair for pair in found if pair) if whose == mine]


def names(request: HttpRequest) -> list[str]:
    """Of the files a form carries, whoever sends it: for whoever has to choose them again."""
    return [pair[1].name for pair in map(_read, request.POST.getlist(FIELD)) if pair]


def _read(word: str) -> tuple[list[Any], Held] | None:
    try:
        told = signing.loads(word, salt=_SALT)
    except signing.BadSignature:
        return None
    return told[:2], Held(word, *told[2:])


def _whose(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None


def files(request: HttpRequest) -> tuple[MultiValueDict[str, UploadedFile], list[str]]:
    """What was chosen: held first, then what is sent now; and the names of what is gone."""
    found: MultiValueDict[str, UploadedFile] = MultiValueDict()
    gone = []
    for one in held(request):
        try:
            with default_storage.open(one.place, "rb") as stream:
                data = stream.read()
        except FileNotFoundError:
            gone.append(one.name)
            continue
        found.appendlist(one.field, SimpleUploadedFile(one.name, data, one.media))
    for name in request.FILES:
        for file in _sent(request, name):
            found.appendlist(name, file)
    return found, gone


def forget(request: HttpRequest) -> None:
    """Once the form has done its work."""
    with contextlib.suppress(OSError):  # the act is done; what is left is swept
        for one in held(request):
            default_storage.delete(one.place)


def sweep(*, at: datetime) -> int:
    """Removes what nobody confirmed within a day; returns how many."""
    old = list(_old(at))
    for name in old:
        default_storage.delete(name)
    return len(old)


def _old(at: datetime) -> Iterator[str]:
    for name, written in storage.names(FOLDER):
        if written < at - STAYS:
            yield name
