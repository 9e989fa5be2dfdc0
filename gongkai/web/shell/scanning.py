"""病毒检查: every upload goes past ClamAV where GONGKAI_CLAMD says where it listens.

The client is our own: the whole protocol is a word, pieces with their lengths before them, an empty
piece, and a line that answers (clamd(8), INSTREAM). A library would be longer than that.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import struct

from django.conf import settings

log = logging.getLogger("gongkai.uploads")
NAME = "clamd"
PATIENCE = 30  # seconds for each answer of the socket
_PIECE = 1 << 16
_LINE = 4096  # bytes: no answer is longer
_FOUND = re.compile(r"stream: (.+) FOUND")


class Infected(Exception):
    """有病毒: the scanner knows it; ``virus`` is what it calls it."""

    def __init__(self, virus: str) -> None:
        super().__init__(virus)
        self.virus = virus


class Unavailable(Exception):
    """不能检查: no scanner answers, or not with what it found."""


def scan(data: bytes) -> str:
    """The scanner that found nothing; empty where none is set. Raises Infected, Unavailable."""
    address = settings.CLAMD
    if not address:
        return ""
    try:
        with _connected(address) as connection:
            answer = _asked(connection, data)
    except OSError as fault:
        log.error("clamd at %s does not answer: %s", address, fault)
        raise Unavailable(str(fault)) from None
    if answer == "stream: OK":
        return NAME
    if found := _FOUND.fullmatch(answer):
        raise Infected(found[1])
    log.error("clamd at %s says: %s (StreamMaxLength below GONGKAI_UPLOAD_MB?)", address, answer)
    raise Unavailable(answer)


def _connected(address: str) -> socket.socket:
    """Of ``unix:/path`` or ``host:port``."""
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(PATIENCE)
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), PATIENCE)


def _asked(connection: socket.socket, data: bytes) -> str:
    """What it says of the data. One that has had enough answers before it has heard all."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(b"zINSTREAM\0")
        for at in range(0, len(data), _PIECE):
            piece = data[at : at + _PIECE]
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LINE:
        more = connection.recv(_LINE)
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
