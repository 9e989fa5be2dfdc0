"""Fills an empty database with organs and people, signs an administrator of the root in, and prints
an organ's code, a person's key, a place in the middle of the list, and the session's cookie."""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from gongkai.web.accounts.models import Account


def main(rows: int) -> None:
    """Everything in the database of the environment."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from gongkai.web.organs import synthetic
    from gongkai.web.organs.models import Appointment, Organ

    call_command("migrate", verbosity=0)
    account = synthetic.fill(organs=rows, people=rows).administrator
    with connection.cursor() as cursor_of:
        cursor_of.execute("ANALYZE")  # as the database does by itself, some time after so many rows
    middle = Organ.objects.order_by("path")[rows // 2]
    person = Appointment.objects.order_by("pk")[rows // 2].account_id
    cursor = json.dumps([middle.path], separators=(",", ":"))
    print(middle.code, person, cursor, cookie(account), sep="\t")


def cookie(account: Account) -> str:
    """Of a session in which the account is signed in."""
    from django.conf import settings

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session["signed_in_at"] = time.time()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
