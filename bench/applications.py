"""公开申请的速度: lists, a case, registering and acting over many cases, each beside its bare view.

    python -m bench.applications               1,000,000 cases, both databases
    python -m bench.applications --cases 20000 fewer
    python -m bench.applications --readme      write the table into both READMEs

As `bench.web`: two gunicorn workers, four connections (make bench-applications). A bare view that
is sent a form writes the same rows and checks nothing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote, urlencode

from bench.load import Form
from bench.web import DETAIL, LIST, Page, databases, measure, told

CASES = 1_000_000
OUTCOME, WORDS = "petition", "校车线路"
_HOME, _BARE = "/applications/", "/bare/matters/"


def main() -> int:
    """Measure, print, and write where told; 1 where a page misses what it owes."""
    parser = argparse.ArgumentParser(prog="python -m bench.applications", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    data = ["bench.applications_data", str(asked.cases)]
    said: list[str] = []

    def pages(made: Sequence[str]) -> list[Page]:
        known = json.loads(made[0])
        said.append(f"{asked.cases:,} cases of {known['organs']:,} organs, {known['open']:,} open")
        said.append(f"{known['events']:,} events")
        return list(_pages(known))

    rows = [r for one in databases() for r in measure(*one, data, pages, asked.seconds)]
    caption = "; ".join(said[:2])
    return told(rows, caption, "bench-applications" if asked.readme else "")


def _pages(known: dict[str, object]) -> Iterator[Page]:
    """What is measured: of the organ with a tenth of the cases, and of all by a supervisor."""
    handler, supervisor = str(known["handler"]), str(known["supervisor"])
    organ = f"organ={known['organ']}"
    for who, cookie, only in (("organ", handler, f"&{organ}"), ("all", supervisor, "")):
        yield Page(f"{who}: open, first", _HOME, f"{_BARE}?open{only}", LIST, cookie)
        yield Page(
            f"{who}: open, last", f"{_HOME}?at=last", f"{_BARE}?open&last{only}", LIST, cookie
        )
        week, bare = f"{_HOME}?due=week", f"{_BARE}?open&week={known['day']}{only}"
        yield Page(f"{who}: due this week, first", week, bare, LIST, cookie)
        yield Page(f"{who}: due this week, last", f"{week}&at=last", f"{bare}&last", LIST, cookie)
    every = f"{_HOME}all/"
    after = quote(json.dumps(known["cursor"], separators=(",", ":")))
    outcome = f"{_HOME}closed/?outcome={OUTCOME}"
    found = f"{every}?q={quote(WORDS)}"
    yield Page("all: newest", every, _BARE, LIST, supervisor)
    yield Page("all: oldest", f"{every}?at=last", f"{_BARE}?last", LIST, supervisor)
    yield Page("all: from the middle", f"{every}?after={after}", _BARE, LIST, supervisor)
    yield Page("all: by outcome", outcome, f"{_BARE}?ground={OUTCOME}", LIST, supervisor)
    yield Page("all: found by words", found, _BARE, LIST, supervisor)
    yield Page("organ: found by words", found, f"{_BARE}?{organ}", LIST, handler)
    for name in ("handled", "closed"):
        one = f"{known[name]}/"
        yield Page(f"one case, {name}", f"{_HOME}{one}", f"{_BARE}{one}", DETAIL, handler)
    token = secrets.token_hex(16)
    signed = f"{handler}; csrftoken={token}"
    day, received = str(known["day"]), known["received"]
    assert isinstance(received, list)
    half = len(received) // 2
    new, bare = f"{_HOME}new/", f"{_BARE}new/"
    yield Page("registering, the form", new, bare, 0, handler)
    yield Page(
        "registering",
        new,
        bare,
        0,
        signed,
        _registering(token, new, day),
        _registering(token, bare, day),
    )
    yield Page(
        "accepting",
        "…/do/accept/",
        "…/do/",
        0,
        signed,
        _accepting(token, f"{_HOME}%d/do/accept/", day, received[:half]),
        _accepting(token, f"{_BARE}%d/do/", day, received[half:]),
    )


def _registering(token: str, path: str, day: str) -> Callable[[], Form | None]:
    """A paper after another, of people and organisations."""
    numbers = itertools.count(1)

    def form() -> Form:
        n = next(numbers)
        who = (
            {"a0_name": f"示例{n:06d}", "a0_phone": f"0000-{n:08d}"}
            if n % 2
            else {"a0_organisation": f"示例{n:06d}贸易有限公司"}
        )
        typed = {
            "csrfmiddlewaretoken": token,
            "_once": secrets.token_urlsafe(32),
            "channel": "in_person",
            "arrived_on": day,
            "kind": "access",
            "a0_role": "principal",
            "m0_text": f"申请公开示例街道第 {n} 号的校车线路和经费安排。",
            **who,
        }
        return path, urlencode(typed)

    return form


def _accepting(
    token: str, path: str, day: str, matters: Sequence[Sequence[int]]
) -> Callable[[], Form | None]:
    """One matter after another that waits to be accepted."""
    left = iter(matters)

    def form() -> Form | None:
        pk, version = next(left, (0, 0))
        if not pk:
            return None
        typed = {
            "csrfmiddlewaretoken": token,
            "_once": secrets.token_urlsafe(32),
            "on": day,
            "version": version,
        }
        return path % pk, urlencode(typed)

    return form


if __name__ == "__main__":
    sys.exit(main())
