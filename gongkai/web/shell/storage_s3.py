"""对象存储: uploads in a bucket that speaks S3; imported only where GONGKAI_STORE names one.

Needs the extra [s3]. A store that does not answer is `storage.Unavailable`, as a full disk or a
database that is gone: the page says so and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from gongkai.web.shell.storage import Unavailable

# Stores other than Amazon's refuse checksums they do not know, so none is sent unasked.
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_ENOUGH = 8 << 20  # bytes of one file held in memory while it is read; a larger one on disk


class S3(S3Storage):  # type: ignore[misc]
    """对象存储: an object is whole or not there, and a name that is taken is never written over."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            client_config=_CONFIG,
            signature_version="s3v4",
            file_overwrite=False,
            default_acl=None,
            max_memory_size=_ENOUGH,
        )

    def put(self, name: str, content: File[bytes]) -> None:
        """Exactly there, over whatever is."""
        self._save(name, content)

    def names(self, under: str) -> Iterator[tuple[str, datetime]]:
        """Every object of a folder and those in it, and when it was written."""
        with _answering():
            for one in self.bucket.objects.filter(Prefix=f"{under.strip('/')}/"):
                yield one.key, one.last_modified

    def _open(self, name: str, mode: str = "rb") -> IO[bytes]:
        with _answering():
            found: Any = super()._open(name, mode)
            if "r" in mode:
                _ = found.file  # fetched now, while a fault can still be told
            return found  # type: ignore[no-any-return]

    def _save(self, name: str, content: File[bytes]) -> str:
        with _answering():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _answering():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _answering():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _answering():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _answering():
            return super().get_modified_time(name)  # type: ignore[no-any-return]


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except ClientError as fault:
        if fault.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
            raise FileNotFoundError(str(fault)) from None
        raise Unavailable(str(fault)) from fault
    except (BotoCoreError, Boto3Error, OSError) as fault:
        raise Unavailable(str(fault)) from fault
