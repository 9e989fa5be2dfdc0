"""What the worker removes by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.test import Client
from django.utils import timezone

from gongkai.web.accounts import jobs
from gongkai.web.accounts.tests.people import SIGN_IN, make, signed_in, typed

pytestmark = pytest.mark.django_db


def test_sign_ins_stay_for_half_a_year_and_failures_while_they_count() -> None:
    account = make()
    signed_in(account)
    signed_in(account)
    Client().post(SIGN_IN, typed(password="falsch"))
    AccessLog.objects.filter(pk=AccessLog.objects.earliest("pk").pk).update(
        attempt_time=timezone.now() - timedelta(days=191)
    )
    assert jobs.cleaned(at=timezone.now()) == {"sign_ins": 1, "failures": 0}
    assert AccessLog.objects.count() == 1
    later = timezone.now() + timedelta(hours=1)
    assert jobs.cleaned(at=later) == {"sign_ins": 0, "failures": 1}
    assert not AccessAttempt.objects.exists()
