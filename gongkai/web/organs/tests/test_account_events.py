"""登录与账号: an auditor sees who signed in and what people did with their own accounts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.ledger import events
from gongkai.web.ledger.models import Event
from gongkai.web.organs import people_queries
from gongkai.web.organs.models import Appointment
from gongkai.web.organs.tests.doers import doer, today
from gongkai.web.tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
LIST = "/organs/events/accounts/"
TELEPHONE = "13812341234"


def body(answer: Any) -> str:
    return str(answer.getvalue().decode()) if answer.streaming else str(answer.content.decode())


def try_to_sign_in(username: str, password: str = PASSWORD, address: str = "10.1.2.3") -> None:
    client = Client(REMOTE_ADDR=address)
    client.post(reverse("accounts:sign_in"), {"username": username, "password": password})


def of_telephone(cast: Cast, code: str = "LX-JY") -> Account:
    """Somebody whose login name is a telephone number, as is usual."""
    account = Account.objects.create_user(TELEPHONE, PASSWORD, name="酉号码", phone=TELEPHONE)
    Appointment.objects.create(
        account=account, organ=cast.organs[code], role="handler", valid_from=today()
    )
    return account


def seen(cast: Cast, who: str) -> list[tuple[str, str]]:
    rows = people_queries.visible_account_events(doer(cast, who).capacity)
    return list(rows.order_by("pk").values_list("account__username", "kind"))


def test_an_auditor_sees_who_signed_in_and_who_failed_in_the_own_tree(cast: Cast) -> None:
    try_to_sign_in("handler", "falsch")
    try_to_sign_in("handler")
    try_to_sign_in("outside_handler")
    assert seen(cast, "auditor") == [("handler", "wrong_password"), ("handler", "signed_in")]
    assert seen(cast, "administrator") == seen(cast, "auditor")
    assert seen(cast, "outside_administrator") == [("outside_handler", "signed_in")]
    for who in ("handler", "supervisor", "no_role"):
        assert seen(cast, who) == []
    page = body(cast.client("auditor").get(LIST))
    assert "甲经办" in page and "密码不对" in page and "10.1.2.3" in page
    assert "外经办" not in page


def test_of_people_without_a_post_who_looks_after_the_whole_sees_them(cast: Cast) -> None:
    try_to_sign_in("operator", "falsch")
    assert seen(cast, "auditor") == [("operator", "wrong_password")]
    below = Appointment.objects.create(
        account=cast.accounts["no_role"],
        organ=cast.organs["LX-JY"],
        role="auditor",
        valid_from=today(),
    )
    assert seen(cast, below.account.username) == []


def test_the_list_is_found_in_beside_the_events_and_filtered(cast: Cast) -> None:
    try_to_sign_in("handler", "falsch")
    try_to_sign_in("reviewer", address="10.9.9.9")
    client = cast.client("auditor")
    assert LIST in body(client.get("/organs/events/"))
    only = body(client.get(LIST + "?kind=wrong_password"))
    assert "甲经办" in only and "乙审核" not in only
    for words, meant in (("乙审核", "乙审核"), ("10.9.9.9", "乙审核"), ("甲", "甲经办")):
        found = body(client.get(LIST, {"q": words}))
        assert meant in found and {"甲经办": "乙审核", "乙审核": "甲经办"}[meant] not in found
    day = today().isoformat()
    assert "乙审核" in body(client.get(LIST, {"from": day, "to": day}))
    assert "乙审核" not in body(client.get(LIST, {"to": "2020-01-01"}))


def test_it_is_exported_and_the_export_is_told(cast: Cast) -> None:
    try_to_sign_in("handler")
    answer = cast.client("auditor").get(LIST + "?export=csv")
    assert "甲经办" in body(answer)
    assert Event.objects.get(kind="export.made").new["listing"] == "account_events"


# -- login names that are telephone numbers


@pytest.mark.parametrize("who", ["supervisor", "auditor", "handler"])
def test_nobody_but_administrators_reads_a_telephone_number_from_a_login_name(
    cast: Cast, who: str
) -> None:
    account = of_telephone(cast)
    try_to_sign_in(TELEPHONE)
    told = events.record(
        "person.changed",
        organ=cast.organs["LX-JY"],
        by=None,
        at=timezone.now(),
        subject=f"person/{account.pk}",
        new={"name": account.name},
    )
    client = cast.client(who)
    opened = 0
    for address in (
        "/organs/people/",
        "/organs/people/?export=csv",
        f"/organs/people/{account.pk}/",
        "/organs/events/",
        "/organs/events/?export=csv",
        f"/organs/events/{told.pk}/",
        LIST,
        LIST + "?export=csv",
        "/organs/people/suggest/?q=酉",
        "/organs/people/suggest/?q=138",
        "/organs/delegations/new/",
    ):
        answer = client.get(address)
        opened += answer.status_code == 200
        assert TELEPHONE not in body(answer), address
    assert opened >= 3


def test_parts_of_a_masked_login_name_find_nobody(cast: Cast) -> None:
    of_telephone(cast)
    page = body(cast.client("supervisor").get("/organs/people/?q=81234"))
    assert "酉号码" not in page
    assert "酉号码" in body(cast.client("administrator").get("/organs/people/?q=81234"))


def test_an_administrator_reads_login_names_whole(cast: Cast) -> None:
    account = of_telephone(cast)
    client = cast.client("administrator")
    assert TELEPHONE in body(client.get("/organs/people/?q=酉"))
    assert TELEPHONE in body(client.get(f"/organs/people/{account.pk}/"))


# -- events of no organ


def test_events_of_no_organ_are_seen_by_who_looks_after_a_whole_government(cast: Cast) -> None:
    made = events.record(
        "person.changed",
        organ=None,
        by=None,
        at=timezone.now(),
        subject=f"person/{cast.accounts['no_role'].pk}",
        new={"name": "陈示例"},
    )
    for who in ("auditor", "administrator", "outside_administrator"):
        assert made in people_queries.visible_events(doer(cast, who).capacity), who
    Appointment.objects.create(
        account=cast.accounts["no_role"],
        organ=cast.organs["LX-JY"],
        role="auditor",
        valid_from=today(),
    )
    assert made not in people_queries.visible_events(doer(cast, "no_role").capacity)
    assert cast.client("auditor").get(f"/organs/events/{made.pk}/").status_code == 200


def test_they_are_seen_where_a_government_has_very_many_organs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_queries, "FEW", 1)
    mine = events.record(
        "organ.changed", organ=cast.organs["LX-JY"], by=None, at=timezone.now(), subject="organ/LX"
    )
    none = events.record("organ.changed", organ=None, by=None, at=timezone.now(), subject="x/1")
    other = events.record(
        "organ.changed", organ=cast.organs["WS"], by=None, at=timezone.now(), subject="organ/WS"
    )
    found = set(people_queries.visible_events(doer(cast, "auditor").capacity))
    assert {mine, none} <= found and other not in found
