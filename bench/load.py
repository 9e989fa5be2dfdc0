"""负荷: asks one address over and over from a few connections, and says how fast it answered."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

Form = tuple[str, str]
"""A form to be sent once: its address and its body."""


@dataclass(frozen=True)
class Load:
    """一次负荷: requests a second, and how long half and all but a hundredth took (ms)."""

    rate: float
    p50: float
    p99: float


def run(
    port: int,
    path: str,
    cookie: str,
    *,
    seconds: float = 4.0,
    connections: int = 4,
    forms: Callable[[], Form | None] | None = None,
) -> Load:
    """Closed loop; raises SystemExit where an answer is not 200.

    ``forms`` gives one form after another to be sent instead, None when there are no more; each
    must be answered with the way to its result.
    """
    end = [0.0]
    lock = threading.Lock()
    wrong: list[str] = []

    def ask() -> float | None:
        """How long one request took."""
        form = None
        if forms is not None:
            with lock:
                form = forms()
            if form is None:
                return None
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        start = time.perf_counter()
        problem = _asked(connection, path, cookie, form)
        took = time.perf_counter() - start
        connection.close()
        if problem:
            wrong.append(problem)
            return None
        return took

    def worker() -> None:
        while time.perf_counter() < end[0]:
            took = ask()
            if took is None:
                return
            times.append(took)

    times: list[float] = []
    # Every worker has made its connection and its templates; of forms there may be few.
    for _ in range(20 if forms is None else 4):
        ask()
    threads = [threading.Thread(target=worker) for _ in range(connections)]
    begin = time.perf_counter()
    end[0] = begin + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    if wrong or len(times) < 2:
        raise SystemExit(f"{path}: {wrong[:1] or 'no answer'}")
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / took, cuts[49] * 1000, cuts[98] * 1000)


def _asked(
    connection: http.client.HTTPConnection, path: str, cookie: str, form: Form | None
) -> str:
    """What was wrong with the answer; nothing where it is as it should be."""
    headers = {"Cookie": cookie, "Host": "localhost"}
    if form is None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        return "" if answer.status == 200 else f"{answer.status} {body[:300]!r}"
    address, sent = form
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST", address, body=sent, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    to = answer.headers.get("Location", "")
    home = address.split("/")[1]
    if answer.status == 302 and to.startswith(f"/{home}/"):
        return ""
    return f"{address}: {answer.status} {to} {body[:2000]!r}"
