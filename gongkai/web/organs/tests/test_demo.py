"""演示区: built whole from nothing, twice the same, and left alone where there is anything."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.models import Count
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import capacity, codes, demo, queries
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    ImportRun,
    Organ,
    OrganKind,
    Particulars,
    Placement,
    Reconsideration,
    Succession,
)
from gongkai.web.organs.tests.imports import applied, checked, exported, told
from gongkai.web.shell.access import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def accounts(tmp_path: Path) -> list[dict[str, str]]:
    return demo.build(tmp_path, today=TODAY)


def test_there_is_something_of_everything(accounts: list[dict[str, str]]) -> None:
    kinds = {k["kind"] for k in Organ.objects.values("kind")}
    assert kinds == {k.value for k in OrganKind}
    roles = {r["role"] for r in Appointment.objects.values("role")}
    assert roles == {r.value for r in Role}
    assert set(Succession.objects.values_list("kind", flat=True)) == {"merge", "split"}
    assert ImportRun.objects.filter(state="applied").count() == 2
    assert ImportRun.objects.get(state="refused").summary["errors"] == 8
    approved = Particulars.objects.filter(state="approved")
    assert approved.count() == 15
    assert approved.filter(approved_at__date__lt=TODAY - timedelta(days=365)).count() == 1
    waiting = Particulars.objects.filter(state="submitted").values_list("organ__code", flat=True)
    assert set(waiting) == {"SF-ST", "SF-JY"}
    assert not Account.objects.get(username="ren").is_active
    lent = Delegation.objects.get()
    assert lent.valid_from <= TODAY < (lent.valid_to or TODAY)
    held = capacity.of_account(Account.objects.get(username="deputy"), TODAY)
    assert {c.acting_for for c in held} == {"", "丙批准"}
    two = Appointment.objects.values("account").annotate(n=Count("organ", distinct=True))
    assert any(row["n"] > 1 for row in two)


def test_its_history_can_be_asked(accounts: list[dict[str, str]]) -> None:
    by = {o.code: o for o in Organ.objects.all()}
    name = queries.name_on(by["SF-WJ"], date(2018, 5, 1))
    assert name is not None and name.name.endswith("卫生和计划生育局")
    assert queries.handler_of(by["SF-TC"], TODAY) == by["SF-SW"]
    assert queries.reporter_of(by["SF-NLS"], 2024) == by["SF-NY"]
    assert queries.parent_on(by["SF-XX"], date(2024, 9, 1)) == by["SF-BGS"]
    assert queries.parent_on(by["SF-XX"], date(2024, 9, 2)) == by["SF-FGW"]
    before = queries.reconsideration_on(by["SF-JY"], date(2023, 12, 31))
    after = queries.reconsideration_on(by["SF-JY"], date(2024, 1, 1))
    assert before is not None and "或者白鹭市教育局" in before.body_name
    assert after is not None and after.body == by["SF"]
    assert Placement.objects.filter(organ=by["SF-GS"]).count() == 3


def test_every_code_is_right_and_belongs_to_nobody(accounts: list[dict[str, str]]) -> None:
    told_codes = [c for c in Organ.objects.values_list("credit_code", flat=True) if c]
    assert len(told_codes) == len(set(told_codes)) > 25
    assert all(codes.is_credit_code(c) and c[2:4] == "88" for c in told_codes)
    assert all(a.email.endswith("@example.invalid") for a in Account.objects.all())


def test_everybody_listed_signs_in(accounts: list[dict[str, str]], tmp_path: Path) -> None:
    assert {"username", "password", "zh", "en"} == set(accounts[0])
    assert all(one["zh"] and one["en"] for one in accounts)
    file = tmp_path / "demo_accounts.json"
    assert json.loads(file.read_text("utf-8")) == accounts
    assert file.stat().st_mode & 0o777 == 0o600
    assert len({one["password"] for one in accounts}) == 1
    for one in accounts:
        account = Account.objects.get(username=one["username"])
        assert account.is_active and account.check_password(one["password"])
        assert not account.must_change_password


def test_everybody_listed_holds_a_post(accounts: list[dict[str, str]]) -> None:
    people = [Account.objects.get(username=one["username"]) for one in accounts]
    assert [a.username for a in people if not capacity.of_account(a, TODAY)] == []
    assert not Account.objects.filter(is_superuser=True).exists()


def test_nothing_is_done_where_there_is_anything(
    accounts: list[dict[str, str]], tmp_path: Path
) -> None:
    before = Event.objects.count()
    assert demo.build(tmp_path, today=TODAY) == accounts
    assert demo.build(tmp_path / "elsewhere", today=TODAY) == []
    assert Event.objects.count() == before


def test_events_follow_one_another(accounts: list[dict[str, str]]) -> None:
    times = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= timezone.now() + timedelta(days=1)


def test_the_whole_district_is_exported_and_taken_back(accounts: list[dict[str, str]]) -> None:
    top = Organ.objects.get(code="SF")
    admin = Account.objects.get(username="admin")
    by = Doer(admin, timezone.now(), capacity.of_account(admin, TODAY)[0])
    data = exported(top)
    run = checked(by, data)
    assert run.state == "checked", told(run)
    assert run.summary["changes"] == 0
    assert Reconsideration.objects.filter(valid_to__isnull=True).count() > 25
    city = Account.objects.get(username="city-admin")
    by = Doer(city, timezone.now(), capacity.of_account(city, TODAY)[0])
    run = checked(by, exported(Organ.objects.get(code="BL")))
    assert run.state == "checked" and run.summary["changes"] == 0, told(run)


def test_large_data_are_equal_at_every_run_and_take_imports() -> None:
    filled = demo.synthetic(organs=700, people=50, password="Da-Shu-Ju-2026")
    assert Organ.objects.count() == 700 and Account.objects.count() == 50
    assert filled.administrator.check_password("Da-Shu-Ju-2026")
    assert filled.administrator.phone == "0000-00000000"
    one = Organ.objects.get(code="SY-000699")
    assert codes.is_credit_code(one.credit_code)
    assert one.name == Organ.objects.get(path=one.path).name
    assert queries.subtree(filled.top).count() == 700
    held = capacity.of_account(filled.administrator, TODAY)[0]
    by = Doer(filled.administrator, timezone.now(), held)
    run = checked(by, exported(filled.top))
    assert run.state == "checked" and run.summary["changes"] == 0, told(run)
    from gongkai.web.organs.tests.workbooks import filled as book
    from gongkai.web.organs.tests.workbooks import organ

    applied(by, book(organs=[organ("SY-NEW", parent="SY-000699")]))
