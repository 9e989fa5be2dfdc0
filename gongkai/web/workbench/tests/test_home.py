"""首页: what waits for whom, in this capacity and in others; what is watched; empty states."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.organs.models import ImportRun
from gongkai.web.shell.access import Role
from gongkai.web.tests import particulars as samples
from gongkai.web.tests.cast import Cast
from gongkai.web.workbench import home

ClientAs = Callable[..., Client]
HOME = reverse("home")
PAGE = reverse("organs:particulars_of", args=["LX-JY"])


def shown(client: Client) -> str:
    return client.get(HOME).content.decode()


def test_what_waits_is_led_to_and_gone_when_done(cast: Cast, client_as: ClientAs) -> None:
    one = samples.submitted(cast)
    tasks = client_as("reviewer").get(HOME).context["tasks"]
    assert [(t.title, t.href, t.to_do) for t in tasks] == [("指南要素第 1 版", PAGE, "审核")]
    assert client_as("approver").get(HOME).context["tasks"] == []
    address = reverse("organs:particulars_review", args=["LX-JY"])
    client_as("reviewer").post(address, {"version": one.version})
    assert client_as("reviewer").get(HOME).context["tasks"] == []
    assert [t.to_do for t in client_as("delegate").get(HOME).context["tasks"]] == ["批准"]


def test_an_own_draft_does_not_wait_for_its_author(cast: Cast, client_as: ClientAs) -> None:
    samples.given(cast, "handler", Role.APPROVER)
    samples.reviewed(cast)
    assert client_as("handler", acting_at="LX-JY").get(HOME).context["tasks"] == []
    drafted = client_as("handler").get(HOME).context["drafted"]
    assert [(d.title, d.state) for d in drafted] == [("指南要素第 1 版", "待批准")]


def test_what_waits_in_another_capacity_is_told_with_the_way_to_it(
    cast: Cast, client_as: ClientAs
) -> None:
    samples.submitted(cast)
    client = client_as("two_posts", acting_at="LX-CG")
    page = client.get(HOME)
    assert page.context["tasks"] == []
    (told, act) = page.context["elsewhere"][0]
    assert "临溪区教育局 · 审核人：1 件" in told
    client.post(act.post, act.fields)
    assert [t.to_do for t in client.get(HOME).context["tasks"]] == ["审核"]


def test_supervisors_and_administrators_see_whose_particulars_are_missing_or_old(
    cast: Cast, client_as: ClientAs
) -> None:
    by = cast.accounts["handler"]
    samples.in_force(cast.organs["LX-JY"], by, days=10)
    samples.in_force(cast.organs["LX-CG"], by, days=400)
    for who in ("supervisor", "administrator"):
        client = client_as(who)
        missing, stale = client.get(HOME).context["watched"]
        assert [name for name, _ in missing.some] == ["临溪区政府", "区政府办", "溪口执法站"]
        assert (missing.count, stale.count) == ("3 个", "1 个")
        assert [name for name, _ in stale.some] == ["区城管局"]
        listed = client.get(stale.href).context["listing"].objects
        assert [o.code for o in listed] == ["LX-CG"]
    for who in ("handler", "auditor", "no_role"):
        assert client_as(who).get(HOME).context["watched"] == []


def test_where_only_the_first_organs_are_named_the_number_of_all_is_told(
    cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_SHOWN", 2)
    page = client_as("supervisor").get(HOME)
    missing = page.context["watched"][0]
    assert len(missing.some) == 2 and missing.more == f"等 {missing.count}"
    assert f">{missing.more}</a>" in page.content.decode()
    monkeypatch.setattr(home, "_SHOWN", 8)
    assert client_as("supervisor").get(HOME).context["watched"][0].more == ""


def test_an_import_that_was_checked_waits_for_its_administrators(
    cast: Cast, client_as: ClientAs
) -> None:
    run = ImportRun.objects.create(
        organ=cast.organs["LX"],
        file="imports/none.xlsx",
        file_name="机关.xlsx",
        sha256="0" * 64,
        state=ImportRun.State.CHECKED,
        by=cast.accounts["administrator"],
        started_at=timezone.now(),
    )
    (task,) = client_as("administrator").get(HOME).context["tasks"]
    assert (task.title, task.href) == (
        "导入 机关.xlsx",
        reverse("organs:import_run", args=[run.pk]),
    )
    assert client_as("outside_administrator").get(HOME).context["tasks"] == []
    assert client_as("supervisor").get(HOME).context["tasks"] == []


def test_delegations_of_today_are_told_to_both(cast: Cast, client_as: ClientAs) -> None:
    assert "丁代理 代您行使临溪区教育局批准人职责" in shown(client_as("approver"))
    assert "您代 丙批准 行使临溪区教育局批准人职责" in shown(client_as("delegate"))
    assert client_as("reviewer").get(HOME).context["delegations"] == []
    cast.delegation.revoked_at = timezone.now()
    cast.delegation.save()
    assert client_as("approver").get(HOME).context["delegations"] == []


def test_every_quick_link_opens(client_as: ClientAs) -> None:
    for role in Role:
        client = client_as(role.value)
        quick = client.get(HOME).context["quick"]
        assert quick
        for label, href in quick:
            assert client.get(href, follow=True).status_code == 200, (role, label)


def test_an_empty_page_says_what_will_be_there(client_as: ClientAs) -> None:
    assert "经办人提交审核的事项会列在这里。" in shown(client_as("reviewer"))
    assert "审计员查看全部事件，不办理事项。" in shown(client_as("auditor"))
    assert "您尚无任职" in shown(client_as("no_role"))
    assert "您尚无任职" in shown(client_as("operator"))
