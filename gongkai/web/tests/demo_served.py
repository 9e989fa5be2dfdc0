"""演示区的页面: the demonstration district behind a service of its own, for pictures of full lists.

serve(home, build="gongkai.web.tests.demo_served")
"""

from __future__ import annotations

import json
import sys

# Pages that look as in daily use only with a whole district behind them: the route, the code of an
# organ where it takes one, and who opens it.
PAGES: dict[str, tuple[str, str, str | None]] = {
    "accounts:sign_in": ("accounts:sign_in", "", None),
    "home": ("home", "", "admin"),
    "home_handler": ("home", "", "handler"),
    "home_supervisor": ("home", "", "supervisor"),
    "organs:list": ("organs:list", "", "admin"),
    "organs:tree": ("organs:tree", "", "admin"),
    "organs:organ": ("organs:organ", "SF-NY", "admin"),
    "organs:people": ("organs:people", "", "admin"),
    "organs:particulars": ("organs:particulars", "", "admin"),
    "organs:particulars_of": ("organs:particulars_of", "SF-ST", "seven"),
    "organs:delegations": ("organs:delegations", "", "admin"),
    "organs:capacities": ("organs:capacities", "", "deputy"),
    "organs:imports": ("organs:imports", "", "admin"),
    "organs:events": ("organs:events", "", "auditor"),
}


def main() -> None:
    """Migrates, builds the district, signs in who opens a page, and prints what a browser needs."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from gongkai.web.accounts.models import Account
    from gongkai.web.organs import demo
    from gongkai.web.tests.cast import BACKEND

    call_command("migrate", verbosity=0)
    demo.build()
    sessions = {}
    for who in sorted({who for _, _, who in PAGES.values() if who}):
        client = Client()
        client.force_login(Account.objects.get(username=who), backend=BACKEND)
        sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    pages = {
        name: [reverse(route, kwargs={"code": code} if code else {}), who, 200]
        for name, (route, code, who) in PAGES.items()
    }
    sys.stdout.write(json.dumps({"sessions": sessions, "pages": pages}) + "\n")


if __name__ == "__main__":
    main()
