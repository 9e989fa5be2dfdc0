"""密封的填写内容: what was typed and not sent yet may hold anybody's personal data: it lies sealed.

AES-256-GCM with a key made of the service's own (`secret_key`): whoever has the database alone, or
a backup of it, reads none of it. Without that key what was kept is void, as are the sessions.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.utils.encoding import force_bytes

_KEY = "sealed"  # in what the database holds
_NONCE = 12


class Sealed(models.JSONField):
    """密封的 JSON: a mapping, sealed on its way to the database; {} where no key opens it."""

    def deconstruct(self) -> Any:
        """For the database it is JSON like any."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """What the database gets."""
        if isinstance(value, dict):
            value = {_KEY: _sealed(value)}
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """What was sealed."""
        found = super().from_db_value(value, expression, connection)
        return _opened(found.get(_KEY)) if isinstance(found, dict) else found


def _cipher(secret: str | bytes) -> AESGCM:
    return AESGCM(hmac.digest(force_bytes(secret), b"gongkai sealed", hashlib.sha256))


def _sealed(value: dict[str, Any]) -> str:
    nonce = os.urandom(_NONCE)
    said = json.dumps(value).encode()
    sealed = nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, said, None)
    return base64.b64encode(sealed).decode("ascii")


def _opened(sealed: Any) -> dict[str, Any]:
    try:
        data = base64.b64decode(sealed, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return {}
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            found = json.loads(_cipher(secret).decrypt(data[:_NONCE], data[_NONCE:], None))
        except (InvalidTag, ValueError):
            continue
        return found if isinstance(found, dict) else {}
    return {}
