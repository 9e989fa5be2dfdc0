"""被强行结束的服务: what the test of kill -9 starts: the service with one more page, and its view.

python -m … build      migrates, builds the cast, prints sessions
python -m … inspect    prints what the database and the store hold
gunicorn …:service()   the service itself; its extra page hands in a file under a number
"""

from __future__ import annotations

import json
import sys
from typing import Any

URLS = "gongkai.web.ledger.tests.killed_urls"


def service() -> Any:
    """The WSGI application."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from django.conf import settings

    settings.ROOT_URLCONF = URLS
    return application


def build() -> dict[str, str]:
    from django.conf import settings
    from django.core.management import call_command

    from gongkai.web.tests import cast as district

    # Nobody signs in with a password here, and Argon2 takes its time on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    cast = district.build()
    cookie = settings.SESSION_COOKIE_NAME
    return {who: cast.client(who).cookies[cookie].value for who in ("handler", "administrator")}


def inspect() -> dict[str, Any]:
    """Every row of what was handed in, whether its file is whole, and whether the chains hold."""
    import hashlib

    from gongkai.web.ledger import attachments, chains, queries
    from gongkai.web.ledger.models import Attachment, Counter, StoredFile
    from gongkai.web.organs.models import ImportRun

    held = []
    for one in Attachment.objects.select_related("file").order_by("pk"):
        told = [event.new["file"] for event in queries.events_of(one.subject)]
        data = attachments.verified(one)  # raises where it is not whole
        held.append([one.subject, one.name, told, hashlib.sha256(data).hexdigest()])
    imports = []
    for run in ImportRun.objects.order_by("pk"):
        with run.file.open("rb") as file:
            whole = hashlib.sha256(file.read()).hexdigest() == run.sha256
        imports.append([run.file_name, whole])
    return {
        "held": held,
        "imports": imports,
        "contents": StoredFile.objects.count(),
        "last": list(Counter.objects.values_list("last", flat=True)),
        "broken": [str(b) for key in chains.every() if (b := chains.verify(key)) is not None],
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"build": build, "inspect": inspect}[sys.argv[1]]()))  # noqa: T201
