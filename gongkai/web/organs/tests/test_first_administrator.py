"""首名系统管理员: how an empty installation gets its first organ and whoever administers it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs.models import Appointment, Organ
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def founded(**more: Any) -> str:
    out = StringIO()
    said = {"organ_code": "SF", "organ_name": "松风区人民政府", "username": "wangli"} | more
    call_command("first_administrator", stdout=out, **said)
    return out.getvalue()


def test_the_first_administrator_signs_in_and_sees_the_organ(client: Client) -> None:
    said = founded(name="王立")
    password = said.strip().splitlines()[-1].partition("：")[2]
    given = {"username": "wangli", "password": password}
    assert client.post(reverse("accounts:sign_in"), given).status_code == 302
    held = Appointment.objects.get()
    assert (held.organ.code, held.role, held.account.name) == ("SF", "administrator", "王立")
    assert held.account.must_change_password and not held.account.is_superuser
    told = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert told == ["organ.founded", "person.added", "role.given"]


def test_where_somebody_administers_already_nothing_is_done(cast: Cast) -> None:
    before = (Organ.objects.count(), Account.objects.count())
    with pytest.raises(CommandError, match="已有系统管理员"):
        founded()
    assert (Organ.objects.count(), Account.objects.count()) == before


@pytest.mark.parametrize(
    "wrong", [{"organ_code": "松风"}, {"organ_code": "S"}, {"username": "王 立"}]
)
def test_what_is_wrong_leaves_nothing_behind(wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        founded(**wrong)
    assert not Organ.objects.exists() and not Account.objects.exists()


def test_it_speaks_english_where_asked() -> None:
    assert "password" in founded(english=True).lower()
