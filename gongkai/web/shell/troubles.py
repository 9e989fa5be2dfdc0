"""故障: what is wrong with the machine beneath, told from the exception it raised.

A full disk, an object store that does not answer and a database that is locked, unreachable or
read-only are nobody's mistake and pass; everything else is one of ours and stays an error.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from enum import Enum

from django.db.utils import InterfaceError

from gongkai.web.shell.storage import Unavailable


class Trouble(Enum):
    """故障种类: locked, unreachable, read-only, full; the object store of uploads unreachable."""

    BUSY = "busy"
    GONE = "gone"
    READ_ONLY = "read_only"
    FULL = "full"
    STORE = "store"


_ERRNO = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
}
# https://www.sqlite.org/rescode.html, the primary codes
_SQLITE = {
    5: Trouble.BUSY,  # SQLITE_BUSY
    6: Trouble.BUSY,  # SQLITE_LOCKED
    8: Trouble.READ_ONLY,  # SQLITE_READONLY
    10: Trouble.GONE,  # SQLITE_IOERR
    11: Trouble.GONE,  # SQLITE_CORRUPT
    13: Trouble.FULL,  # SQLITE_FULL
    14: Trouble.GONE,  # SQLITE_CANTOPEN
    26: Trouble.GONE,  # SQLITE_NOTADB
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html, by code and by class
_POSTGRESQL = {
    "53100": Trouble.FULL,  # disk_full
    "25006": Trouble.READ_ONLY,  # read_only_sql_transaction
    "55P03": Trouble.BUSY,  # lock_not_available
    "57014": Trouble.BUSY,  # query_canceled
    "40": Trouble.BUSY,  # serialisation, deadlock
    "53": Trouble.BUSY,  # too many connections, out of memory
    "57": Trouble.GONE,  # shutdown, starting up
    "58": Trouble.GONE,  # system error
    "08": Trouble.GONE,  # connection
}


def trouble_of(cause: BaseException) -> Trouble | None:
    """What is wrong beneath; None where the cause is none of these."""
    return next((found for e in _chain(cause) if (found := _of(e)) is not None), None)


def _chain(cause: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__


def _of(cause: BaseException) -> Trouble | None:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return _SQLITE.get(code & 0xFF) if code is not None else None
    if type(cause).__module__.partition(".")[0] == "psycopg":
        return _of_postgresql(cause)
    if isinstance(cause, Unavailable):
        return Trouble.STORE
    if isinstance(cause, OSError):
        return _ERRNO.get(cause.errno or 0)
    bare = isinstance(cause, InterfaceError) and cause.__cause__ is None
    return Trouble.GONE if bare else None  # Django's own: the connection was closed


def _of_postgresql(cause: BaseException) -> Trouble | None:
    state = getattr(cause, "sqlstate", None)
    if state:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    # Without a state the server never answered: refused, timed out, closed.
    return Trouble.GONE if type(cause).__name__ in ("OperationalError", "InterfaceError") else None
