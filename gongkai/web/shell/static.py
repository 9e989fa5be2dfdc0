"""静态文件: their addresses carry a hash of the content, so browsers may keep them for ever.

No collecting step: the files are served from the package, and a wheel works as it is.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class Hashed(StaticFilesStorage):
    """``/static/app.css?v=1f3870be`` for ``app.css``."""

    def url(self, name: str | None) -> str:
        plain = super().url(name)
        version = "" if name is None or settings.DEBUG else _version(name)
        return f"{plain}?v={version}" if version else plain


@functools.cache
def _version(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]
