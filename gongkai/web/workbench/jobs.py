"""工作台的后台任务: the daily digest. May run twice and do no harm."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from gongkai.web.ledger import calendars
from gongkai.web.workbench import digest

log = logging.getLogger("gongkai.jobs")


@db_periodic_task(crontab(minute="*/20"))  # type: ignore[untyped-decorator]
def send_digests() -> None:
    """每日提要: to whom it is due by now; after hours without a worker the same day still."""
    sent = digest.send(at=timezone.now(), calendar=calendars.current(), base=base())
    if sent:
        log.info("digests: %d", sent)


def base() -> str:
    """How mails begin an address: by the first host that is not this machine alone; else bare."""
    local = ("localhost", "127.", "[", "*", ".", "testserver")
    host = next((h for h in settings.ALLOWED_HOSTS if not h.startswith(local)), "")
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{host}" if host else ""
