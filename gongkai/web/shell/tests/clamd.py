"""仿 clamd: a socket server that speaks INSTREAM as clamd(8) has it, for where there is none.

It knows one virus: what holds EICAR's test string. It can also be told to answer otherwise.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# In two pieces, so that no scanner takes this file for the test file itself.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Speaking(socketserver.BaseRequestHandler):
    """One conversation."""

    def handle(self) -> None:
        server: Any = self.server
        assert self._exactly(10) == b"zINSTREAM\0"
        held = b""
        while size := struct.unpack("!L", self._exactly(4))[0]:
            held += self._exactly(size)
            if server.most and len(held) > server.most:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.heard.append(held)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in held else b"stream: OK\0"
        self.request.sendall(server.answer or found)

    def _exactly(self, size: int) -> bytes:
        held = b""
        while len(held) < size:
            more = self.request.recv(size - len(held))
            if not more:
                raise ConnectionError("the client has gone")
            held += more
        return held


@contextmanager
def listening(*, most: int = 0, answer: bytes | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Where it listens, and what it has heard so far."""
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Speaking)
    server.most, server.answer, server.heard = most, answer, []
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", server.heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
