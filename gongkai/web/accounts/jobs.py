"""账号的后台任务: traces of signing in are kept as long as the law asks, and no longer."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from gongkai.web.accounts import shown_codes
from gongkai.web.accounts.lockout import cool_off

log = logging.getLogger("gongkai.jobs")
# Cybersecurity Law (网络安全法) Art 21: logs of the network stay for six months at least.
SIGN_INS_STAY = timedelta(days=190)


@db_periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]
def clean_sign_ins() -> None:
    """每小时清理"""
    log.info("cleaned: %s", cleaned(at=timezone.now()))


@db_periodic_task(crontab(minute="*/10"))  # type: ignore[untyped-decorator]
def forget_recovery_codes() -> None:
    """每十分钟清理"""
    dropped = shown_codes.forgotten(timezone.now())
    if dropped:
        log.info("recovery codes no longer shown: %d", dropped)


def cleaned(*, at: datetime) -> dict[str, int]:
    """Removes old records of signing in and failures that count no more; says how many."""
    logged, _kinds = AccessLog.objects.filter(attempt_time__lt=at - SIGN_INS_STAY).delete()
    failed, _kinds = AccessAttempt.objects.filter(attempt_time__lt=at - cool_off()).delete()
    return {"sign_ins": logged, "failures": failed}
