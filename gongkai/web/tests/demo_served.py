"""演示区的页面: the demonstration district behind a service of its own, for pictures of full lists.

serve(home, build="gongkai.web.tests.demo_served")
"""

from __future__ import annotations

import json
import sys

# Pages that look as in daily use only with a whole district behind them: address, and who opens it.
PAGES: dict[str, tuple[str, str | None]] = {
    "accounts:sign_in": ("/account/sign-in/", None),
    "home": ("/", "admin"),
    "home_handler": ("/", "handler"),
    "home_supervisor": ("/", "supervisor"),
    "organs:list": ("/organs/", "admin"),
    "organs:tree": ("/organs/tree/", "admin"),
    "organs:organ": ("/organs/SF-NY/", "admin"),
    "organs:people": ("/organs/people/", "admin"),
    "organs:particulars": ("/organs/particulars/", "admin"),
    "organs:particulars_of": ("/organs/SF-ST/particulars/", "seven"),
    "organs:delegations": ("/organs/delegations/", "admin"),
    "organs:capacities": ("/organs/capacities/", "deputy"),
    "organs:imports": ("/organs/imports/", "admin"),
    "organs:events": ("/organs/events/", "auditor"),
}


def main() -> None:
    """Migrates, builds the district, signs in who opens a page, and prints what a browser needs."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from gongkai.web.accounts.models import Account
    from gongkai.web.organs import demo
    from gongkai.web.tests.cast import BACKEND

    call_command("migrate", verbosity=0)
    demo.build()
    sessions = {}
    for who in sorted({who for _, who in PAGES.values() if who}):
        client = Client()
        client.force_login(Account.objects.get(username=who), backend=BACKEND)
        sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    pages = {name: [address, who, 200] for name, (address, who) in PAGES.items()}
    sys.stdout.write(json.dumps({"sessions": sessions, "pages": pages}) + "\n")


if __name__ == "__main__":
    main()
