"""遮盖的页面图: a file's pages as they will be released, to draw marks on; drawn once and kept."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from django.conf import settings

from gongkai.convert import redaction
from gongkai.convert.redaction import Found, PageSize
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Attachment
from gongkai.web.shell import drawings

CACHE_MOST = 128 << 20  # bytes of all that was drawn
VERSION = "1"  # of what is kept: another one is drawn anew
DOTS = 110  # to the inch, on the screen


def cache() -> Path:
    """The folder of drawings; it may be emptied at any time."""
    return Path(settings.HOME) / "cache" / "redaction"


def sizes(original: Attachment) -> list[PageSize]:
    """Every page of a file. Raises CannotRead, attachments.Damaged."""
    name = f"{VERSION}-{original.file.sha256}.json"
    kept = drawings.kept(cache(), name)
    if kept is None:
        found = redaction.apart(redaction.pages, attachments.verified(original))
        told = [[one.number, one.width, one.height, one.unit] for one in found]
        kept = json.dumps(told).encode()
        drawings.keep(cache(), name, kept, most=CACHE_MOST)
    return [PageSize(*one) for one in json.loads(kept)]


def picture(original: Attachment, number: int) -> bytes:
    """One page as PNG. Raises IndexError, CannotRead, attachments.Damaged."""
    name = f"{VERSION}-{original.file.sha256}.{number}.png"
    kept = drawings.kept(cache(), name)
    if kept is None:
        work = partial(redaction.preview, number=number, dots=DOTS)
        kept = redaction.apart(work, attachments.verified(original))
        drawings.keep(cache(), name, kept, most=CACHE_MOST)
    return kept


def find(original: Attachment, terms: list[str], patterns: list[str]) -> Found:
    """What is proposed to be marked. Raises CannotRead, attachments.Damaged."""
    work = partial(redaction.find, terms=terms, patterns=patterns)
    return redaction.apart(work, attachments.verified(original))
