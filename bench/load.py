"""负荷: asks one address over and over from a few connections, and says how fast it answered."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """一次负荷: requests a second, and how long half and all but a hundredth took (ms)."""

    rate: float
    p50: float
    p99: float


def run(port: int, path: str, cookie: str, *, seconds: float = 4.0, connections: int = 4) -> Load:
    """Closed loop; raises SystemExit where an answer is not 200."""
    for _ in range(20):  # every worker has made its connection and its templates
        _once(port, path, cookie)
    times: list[float] = []
    wrong: list[int] = []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_ask, args=(port, path, cookie, end, times, wrong))
        for _ in range(connections)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    if wrong or not times:
        raise SystemExit(f"{path}: {wrong[:3] or 'no answer'}")
    cuts = statistics.quantiles(times, n=100)
    return Load(len(times) / took, cuts[49] * 1000, cuts[98] * 1000)


def _once(port: int, path: str, cookie: str) -> None:
    status, body = _get(http.client.HTTPConnection("127.0.0.1", port, timeout=30), path, cookie)
    if status != 200:
        raise SystemExit(f"{path}: {status} {body[:300]!r}")


def _ask(
    port: int, path: str, cookie: str, end: float, times: list[float], wrong: list[int]
) -> None:
    while time.perf_counter() < end:
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        status, _ = _get(connection, path, cookie)
        connection.close()
        times.append(time.perf_counter() - start)
        if status != 200:
            wrong.append(status)
            return


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[int, bytes]:
    connection.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = connection.getresponse()
    return answer.status, answer.read()
