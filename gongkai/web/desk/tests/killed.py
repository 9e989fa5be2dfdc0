"""实测: a home of its own with papers that wait, for the test that kills the worker.

``python -m gongkai.web.desk.tests.killed build 60`` makes it, ``some`` waits until a few are read,
``all`` until nothing waits, ``state`` prints how far it is, ``late`` lets the time pass after which
what a dead worker had in hand is taken anew.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable


def main() -> None:
    import django

    django.setup()
    answer = {"build": _build, "some": _some, "all": _all, "state": _state, "late": _late}[
        sys.argv[1]
    ]()
    sys.stdout.write(json.dumps(answer) + "\n")


def _build() -> object:
    from django.core.management import call_command

    from gongkai.web.desk import intake
    from gongkai.web.desk.tests import deskwork
    from gongkai.web.organs.tests.doers import doer
    from gongkai.web.tests import cast as district

    call_command("migrate", verbosity=0)
    cast = district.build()
    files = [
        deskwork.file(f"{at}.docx", deskwork.docx(deskwork.report(f"临溪区示例{at}局")))
        for at in range(int(sys.argv[2]))
    ]
    return intake.hand_in(by=doer(cast, "supervisor"), files=files).pk


def _some() -> object:
    """Says that it watches, then when the first are read."""
    from gongkai.web.desk.models import Paper

    sys.stdout.write("watching\n")
    sys.stdout.flush()
    return _when(lambda: Paper.objects.filter(state="read").count() >= 3)


def _all() -> object:
    from gongkai.web.desk.models import Paper

    return _when(lambda: not Paper.objects.filter(state__in=("waiting", "reading")).exists())


def _when(fits: Callable[[], bool]) -> bool:
    until = time.monotonic() + 120
    while not fits() and time.monotonic() < until:
        time.sleep(0.02)
    return fits()


def _state() -> object:
    from django.db.models import Count

    from gongkai.web.desk.models import Paper, Report, Version
    from gongkai.web.ledger import chains
    from gongkai.web.ledger import queries as ledger

    twice = Paper.objects.annotate(n=Count("versions")).filter(n__gt=1).count()
    states = Paper.objects.values_list("state").annotate(n=Count("pk")).order_by()
    return {
        "states": dict(states),
        "twice": twice,
        "versions": Version.objects.count(),
        "reports": Report.objects.count(),
        "events": ledger.events().filter(kind="desk.read").count(),
        "broken": [str(one) for key in chains.every() if (one := chains.verify(key))],
    }


def _late() -> object:
    from django.db.models import F

    from gongkai.web.desk import reading
    from gongkai.web.desk.models import Paper

    rows = Paper.objects.filter(taken_at__isnull=False)
    return rows.update(taken_at=F("taken_at") - 2 * reading.LEASE)


if __name__ == "__main__":
    main()
