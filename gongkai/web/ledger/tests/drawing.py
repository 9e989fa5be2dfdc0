"""抽号: a process of its own that draws numbers beside others; some draws it takes back.

Started by the test with the database in its environment; waits for a line, so that all begin at
once, and prints the numbers it kept.
"""

from __future__ import annotations

import json
import random
import sys
import time


class _Undone(Exception):
    pass


def main(organ: int, year: int, count: int, seed: int) -> None:
    import django

    django.setup()
    from django.db import transaction

    from gongkai.web.ledger import numbers
    from gongkai.web.organs.models import Organ

    chance = random.Random(seed)
    mine = Organ.objects.get(pk=organ)
    kept: dict[str, list[int]] = {}
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    # First a row of counters that nobody has begun, then one that both draw from.
    for kind in [*(f"new{n}" for n in range(25)), *["batch"] * (count - 25)]:
        time.sleep(chance.random() / 500)  # SQLite lets who comes again at once come again
        try:
            with transaction.atomic():
                number = numbers.draw(mine, kind, year)
                if chance.random() < 0.2:
                    raise _Undone
        except _Undone:
            continue
        kept.setdefault(kind, []).append(number)
    print(json.dumps(kept))  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
