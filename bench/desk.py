"""报告台的速度: its pages and the events over many rows, each beside its bare view.

    python -m bench.desk                               100,000 reports, 1,000,000 events
    python -m bench.desk --reports 2000 --events 20000 fewer
    python -m bench.desk --readme                      write the table into both READMEs

As `bench.web`: two gunicorn workers, four connections, both databases (make bench-desk).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from urllib.parse import quote

from bench.web import DETAIL, LIST, Page, databases, measure, told

RULE = "t3.balance"


def main() -> int:
    """Measure, print, and write where told; 1 where a page misses what it owes."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    data = ["bench.desk_data", str(asked.reports), str(asked.events)]
    rows = [r for one in databases() for r in measure(*one, data, pages, asked.seconds)]
    caption = f"{asked.reports:,} reports, {asked.events:,} events"
    return told(rows, caption, "bench-desk" if asked.readme else "")


def pages(made: Sequence[str]) -> list[Page]:
    """What is measured."""
    key, year, cursor, supervisor, auditor = made
    after = f"?after={quote(cursor)}"
    one, bare = f"/desk/reports/{key}/", f"/bare/reports/{key}/"
    reports = "/bare/reports/"
    return [
        Page("desk, first page", "/desk/", reports, LIST, supervisor),
        Page("desk, last page", "/desk/?at=last", f"{reports}?last", LIST, supervisor),
        Page("desk, from the middle", f"/desk/{after}", reports, LIST, supervisor),
        Page("desk, one year", f"/desk/?year={year}", f"{reports}?year={year}", LIST, supervisor),
        Page("desk, by finding", f"/desk/?rule={RULE}", f"{reports}?rule={RULE}", LIST, supervisor),
        Page("one report", one, bare, DETAIL, supervisor),
        Page("its history", f"{one}history/", f"{bare}history/", LIST, supervisor),
        Page("events, first page", "/organs/events/", "/bare/events/", LIST, auditor),
        Page("events, last page", "/organs/events/?at=last", "/bare/events/?last", LIST, auditor),
    ]


if __name__ == "__main__":
    sys.exit(main())
