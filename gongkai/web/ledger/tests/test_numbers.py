"""编号: whoever draws at the same moment, no number is left out and none is given twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction

from gongkai.web.ledger import numbers
from gongkai.web.ledger.models import Counter
from gongkai.web.organs.models import Organ
from gongkai.web.tests import cast as district
from gongkai.web.tests.cast import Cast


@pytest.fixture
def organ(transactional_db: None) -> Organ:
    return district.build().organs["LX-JY"]


def database() -> dict[str, str]:
    """The test's database, for other processes."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return {"DATABASE_URL": f"sqlite:///{name}"}
    given = urlsplit(os.environ["DATABASE_URL"])
    return {"DATABASE_URL": urlunsplit(given._replace(path=f"/{name}"))}


def test_two_processes_draw_two_thousand_numbers(organ: Organ) -> None:
    command = [sys.executable, "-m", f"{__package__}.drawing", str(organ.pk), "2026", "1000"]
    started = [
        subprocess.Popen(
            [*command, str(seed)],
            env=os.environ | database(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2)
    ]
    for process in started:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    kept = [json.loads(process.communicate(timeout=60)[0]) for process in started]
    assert [process.returncode for process in started] == [0, 0]

    undone = 2000 - sum(len(numbers) for one in kept for numbers in one.values())
    assert undone > 200
    for kind in [*(f"new{n}" for n in range(25)), "batch"]:
        drawn = sorted(kept[0].get(kind, []) + kept[1].get(kind, []))
        assert drawn == list(range(1, len(drawn) + 1)), kind
        last = Counter.objects.filter(organ=organ, kind=kind, year=2026).values_list("last")
        assert [row[0] for row in last] == ([len(drawn)] if drawn else [])
    turns = kept[0]["batch"]
    assert turns != list(range(turns[0], turns[0] + len(turns))), "they drew one after the other"


def test_two_are_first_and_one_takes_it_back(organ: Organ) -> None:
    drawn: list[int] = []
    began = threading.Event()

    def second() -> None:
        began.set()
        with transaction.atomic():
            drawn.append(numbers.draw(organ, "batch", 2026))
        connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        assert numbers.draw(organ, "batch", 2026) == 1
        other.start()
        began.wait()
        other.join(0.3)
        assert drawn == []  # it waits for ours
        transaction.set_rollback(True)
    other.join()
    assert drawn == [1]


@pytest.fixture
def pair(cast: Cast) -> Iterator[tuple[Organ, Organ]]:
    yield cast.organs["LX-JY"], cast.organs["WS-JY"]


def test_every_organ_kind_and_year_has_its_own_numbers(pair: tuple[Organ, Organ]) -> None:
    one, other = pair
    drawn = [
        numbers.draw(organ, kind, year)
        for organ, kind, year in [
            (one, "batch", 2026),
            (one, "batch", 2026),
            (one, "batch", 2027),
            (one, "request", 2026),
            (other, "batch", 2026),
            (one, "batch", 2026),
        ]
    ]
    assert drawn == [1, 2, 1, 1, 1, 3]


def test_a_number_is_drawn_inside_a_transaction_or_not_at_all(organ: Organ) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        numbers.draw(organ, "batch", 2026)
    assert not Counter.objects.exists()
