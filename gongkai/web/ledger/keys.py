"""密钥: the keys of the vault, in a file of their own that is backed up apart from the database.

``GONGKAI_HOME/vault.keys``, or where GONGKAI_VAULT_KEYS says: JSON with the keys by their names,
which of them seals new values (``current``), and the key of the marks (``mark``), which stays the
same for ever. Made the first time a value is sealed, and never again while a row needs one.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gongkai.web.shell.refusals import Refusal

_LENGTH: Final = 32  # bytes of a key; what an algorithm needs is derived from it


class Unreadable(Refusal):
    """密钥不可用: the file of keys is not there, damaged, or lacks a key that a row needs."""

    def __init__(self, why: str) -> None:
        super().__init__(
            _(
                "个人信息的密钥不可用（%(why)s）：内容还在，但打不开。请运行维护人员从备份恢复"
                "密钥文件 %(file)s，再试一次。"
            )
            % {"why": why, "file": file()}
        )
        self.why = why


@dataclass(frozen=True, slots=True)
class Keys:
    """一组密钥: as the file holds them."""

    current: str
    by_id: Mapping[str, bytes]
    mark: bytes

    def of(self, key_id: str, algorithm: str, length: int) -> bytes:
        """The key of a row, for its algorithm; raises Unreadable where it is not here."""
        try:
            master = self.by_id[key_id]
        except KeyError:
            raise Unreadable(f"{_('缺密钥')} {key_id}") from None
        return hmac.digest(master, f"gongkai vault {algorithm}".encode(), hashlib.sha256)[:length]

    def with_new(self) -> Keys:
        """With a new key that seals from now on, beside those there are."""
        made = secrets.token_hex(6)
        return replace(self, current=made, by_id={**self.by_id, made: _key()})

    def without(self, dropped: set[str]) -> Keys:
        """Without keys that nothing needs; never without the current one."""
        left = {k: v for k, v in self.by_id.items() if k not in dropped or k == self.current}
        return replace(self, by_id=left)


def file() -> Path:
    """Where the keys are kept."""
    found: Path = settings.VAULT_KEYS
    return found


def there() -> bool:
    """Whether there is a file of keys at all."""
    return file().exists()


_READ: dict[Path, tuple[tuple[int, int, int], Keys]] = {}  # by the file's inode, time and size


def read() -> Keys:
    """The keys as the file has them now: another process may have rotated. Raises Unreadable."""
    path = file()
    try:
        found = path.stat()
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        known = _READ.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        keys = _parsed(path.read_bytes())
    except FileNotFoundError:
        raise Unreadable(str(_("没有密钥文件"))) from None
    except OSError as cause:
        raise Unreadable(cause.strerror or str(cause)) from None
    _READ[path] = (stamp, keys)
    return keys


def complete(needed: Iterable[str]) -> None:
    """Raises Unreadable unless every key that rows need is there."""
    wanted = set(needed)
    if not wanted and not there():
        return
    missing = sorted(wanted - set(read().by_id))
    if missing:
        raise Unreadable(f"{_('缺密钥')} {', '.join(missing)}")


def make() -> Keys:
    """The first keys, unless another process has just made them."""
    first = Keys("", {}, _key()).with_new()
    path = file()
    temporary = _written(path, first)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # whole or not at all, and never over another
            _lasting(path.parent)
    except OSError as cause:
        raise Unreadable(cause.strerror or str(cause)) from None
    finally:
        temporary.unlink(missing_ok=True)
    return read()


def write(keys: Keys) -> None:
    """Replaces the file, whole or not at all."""
    path = file()
    temporary = _written(path, keys)
    os.replace(temporary, path)
    _lasting(path.parent)


def _key() -> bytes:
    return secrets.token_bytes(_LENGTH)


def _written(path: Path, keys: Keys) -> Path:
    said = {
        "current": keys.current,
        "keys": {key: _coded(value) for key, value in keys.by_id.items()},
        "mark": _coded(keys.mark),
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        out = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(out, "w", encoding="ascii") as made:
            json.dump(said, made, indent=1)
            made.write("\n")
            made.flush()
            os.fsync(made.fileno())
    except OSError as cause:
        raise Unreadable(cause.strerror or str(cause)) from None
    return temporary


def _lasting(folder: Path) -> None:
    """The name in its folder outlives a loss of power, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _coded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _parsed(data: bytes) -> Keys:
    try:
        said = json.loads(data)
        keys = {str(k): base64.b64decode(v, validate=True) for k, v in said["keys"].items()}
        found = Keys(said["current"], keys, base64.b64decode(said["mark"], validate=True))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise Unreadable(str(_("密钥文件已损坏"))) from None
    sizes = {len(value) for value in (*keys.values(), found.mark)}
    if sizes != {_LENGTH} or found.current not in keys:
        raise Unreadable(str(_("密钥文件已损坏")))
    return found
