"""Fills an empty database with organs, reports on their desks and events, signs a supervisor and an
auditor of the root in, and prints a report's key and year, a place in the middle of the list, and
the cookies of both, parted by tabs."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import django

from bench.web_data import cookie

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = ("07_water_bureau_2023.docx", "08_archives_2019.html", "10_subdistrict_2021.docx")
SINCE = date(2020, 1, 1)
YEARS = 10  # of reports for each organ


def main(reports: int, told: int) -> None:
    """Everything in the database of the environment."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from gongkai.web.accounts.models import Account
    from gongkai.web.desk import synthetic
    from gongkai.web.desk.models import Report
    from gongkai.web.organs import synthetic as organs
    from gongkai.web.organs.models import Appointment
    from gongkai.web.shell.access import Role

    call_command("migrate", verbosity=0)
    top = organs.fill(organs=max(1, reports // YEARS), people=100).top
    people = {}
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        people[role] = Account.objects.create_user(f"bench-{role}", None, name="示例")
        Appointment.objects.create(
            account=people[role], organ=top, role=role.value, valid_from=SINCE
        )
    files = [(name, (EXAMPLES / name).read_bytes()) for name in FILES]
    made = synthetic.fill(
        top=top, by=people[Role.SUPERVISOR], reports=reports, told=told, files=files
    )
    with connection.cursor() as cursor_of:
        cursor_of.execute("ANALYZE")  # as the database does by itself, some time after so many rows
    middle = Report.objects.order_by("-changed_at", "-pk")[reports // 2]
    cursor = json.dumps([middle.changed_at.isoformat(), middle.pk], separators=(",", ":"))
    print(
        made.report.pk,
        made.report.year,
        cursor,
        cookie(people[Role.SUPERVISOR]),
        cookie(people[Role.AUDITOR]),
        sep="\t",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
