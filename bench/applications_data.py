"""Fills an empty database with organs and applications, signs a handler of the largest organ and a
supervisor of the root in, and prints what `bench.applications` needs, as JSON."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import django

from bench.web_data import cookie

SINCE = date(2018, 1, 1)
ORGANS = 1000


def main(matters: int) -> None:
    """Everything in the database of the environment."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from gongkai.web.accounts.models import Account
    from gongkai.web.applications import synthetic
    from gongkai.web.applications.models import Matter
    from gongkai.web.organs import synthetic as organs
    from gongkai.web.organs.models import Appointment, Organ
    from gongkai.web.shell.access import Role

    call_command("migrate", verbosity=0)
    top = organs.fill(organs=ORGANS, people=100).top
    below = list(Organ.objects.exclude(pk=top.pk).order_by("path"))
    people = {}
    for role in (Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR):
        people[role] = Account.objects.create_user(f"bench-{role}", None, name="示例")
        whose = top if role is Role.SUPERVISOR else below[0]
        Appointment.objects.create(
            account=people[role], organ=whose, role=role.value, valid_from=SINCE
        )
    today = timezone.localdate()
    made = synthetic.fill(organs=below, people=people, matters=matters, today=today)
    with connection.cursor() as cursor_of:
        cursor_of.execute("ANALYZE")  # as the database does by itself, some time after so many rows
    mine = Matter.objects.filter(organ=below[0])
    middle = Matter.objects.order_by("-at", "-pk")[matters // 2]
    received = mine.filter(state="received").order_by("pk")
    told = {
        "organs": len(below),
        "organ": below[0].pk,
        "events": made.events,
        "open": made.open,
        "cursor": [middle.at.isoformat(), middle.pk],
        "handled": _place(mine.filter(state="handling").order_by("pk"), 0),
        "closed": _place(mine.filter(state="archived").order_by("-pk"), 5),
        "received": list(received.values_list("pk", "version")),
        "day": today.isoformat(),
        "handler": cookie(people[Role.HANDLER]),
        "supervisor": cookie(people[Role.SUPERVISOR]),
    }
    print(json.dumps(told))


def _place(rows: Any, at: int) -> int:
    found: int = rows.values_list("pk", flat=True)[at]
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]))
